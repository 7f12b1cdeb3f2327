"""This module finds percentages that no two amounts can give, and multiples told as increases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from waferline.audit.claims.scene import LEVEL_KINDS, Level, Line, Scene
from waferline.audit.finding import Remark
from waferline.audit.judge import agrees
from waferline.audit.mentions import Mention
from waferline.audit.remarks.remark import remark_at, sentences
from waferline.audit.telling import number_like
from waferline.quantity.relations import relation

# From loss to profit, as words. 减亏 and "narrowed its loss" keep the sign and do have a percentage.
_TURNED = re.compile(
    r"(?:同比|环比|成功|实现|整体)*(?:扭亏(?:为盈)?|(?:由|从)?亏(?:损)?转(?:为)?盈(?:利)?|由亏损?转为?盈利?)"
    r"|(?<![A-Za-z])(?:swung|swinging|turned|turning|returned|returning|moved)\s(?:back\s)?(?:from\s(?:a\s|an\s)?(?:net\s|operating\s)?loss(?:es)?\s)?(?:in)?to\s(?:a\s)?(?:net\s|operating\s)?(?:profit|profitability|the black)",
    re.IGNORECASE,
)
_GROWTH_AFTER = re.compile(
    r"\s?[，,、(（]\s?(?:(?:同比|环比|较上年同期|较去年同期|比上年同期|大幅|净利润|利润)\s?)*(?:增长|增加|上升|提升|增幅(?:为|达到?)?|大增)了?\s?$"
    r"|[,(]?\s?(?:and\s)?(?:which\s(?:is|was)\s)?(?:an?\s)?(?:up|increase of|rise of|growth of|improvement of|rising|increasing|growing)\s(?:by\s)?$",
    re.IGNORECASE,
)
_GROWTH_BEFORE = re.compile(r"(?:增长|增加|上升|提升|大增)了?\s?$")
_PROFIT = re.compile(r"利润|盈利|净利|业绩|profit|income|earnings", re.IGNORECASE)
_OTHER_METRIC = re.compile(
    r"收入|营收|销量|销售|出货|产量|订单|毛利|revenue|sales|shipments|orders|margin", re.IGNORECASE
)
_LOSS_BASE = re.compile(
    r"(?:上年同期|去年同期|上年|去年|上期)(?:同期)?(?:为|则?是)?(?:净|经营)?亏损\s?$|(?:against|compared (?:with|to)|versus)\s(?:a\s)?(?:net\s|operating\s)?loss\sof\s$",
    re.IGNORECASE,
)

_FELL = re.compile(
    r"(?:下降|降低|下滑|减少|下跌|缩减|萎缩|跌|降|骤降|锐减|暴跌)了?(?:约|近|逾|超过|超|达)?\s?$"
    r"|(?<![A-Za-z])(?:fell|dropped|declined|decreased|down|plunged|slumped|shrank|contracted)\s(?:by\s)?(?:about\s|nearly\s|over\s|more than\s)?$"
    r"|(?:decline|decrease|drop|fall)\sof\s(?:about\s|nearly\s|over\s)?$",
    re.IGNORECASE,
)
# Amounts that are never below zero; whatever may be is not accused.
_POSITIVE = re.compile(
    r"营收|营业收入|销售收入|销售额|销量|产量|出货|产能|价格|均价|股价|售价|单价|市值|用户数|订单|出口|进口|客流|访问量|库存|"
    r"(?<![A-Za-z])(?:revenues?|sales|shipments?|prices?|volumes?|output|production|exports?|imports?|deliveries|capacity|inventor(?:y|ies)|orders|traffic)(?![A-Za-z])",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"利润|盈|亏|净|现金流|收益|贡献|顺差|逆差|差额|增速|增量|增长率|余额|毛利|profit|income|loss|earning|EPS|cash flow|net|margin|EBIT|balance|surplus|deficit|contribution|growth|tax|税|原油|油价|电价|期货|crude|oil|electricity|futures",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(?:市占率|市场份额|市场占有率|份额|占比)(?:约|达到?|为|高达|已达|仅为|则为|升至|降至|提升至|超过|已超)*\s?$"
    r"|(?<![A-Za-z])(?:market\s)share\s(?:of|was|is|reached|stood at|rose to|fell to)\s(?:about\s|nearly\s)?$",
    re.IGNORECASE,
)
_NO_PART = re.compile(
    r"利润|盈|亏|净|贡献|负债|债务|杠杆|目标|计划|预算|拨备|覆盖|完成|增量|增长|现金|费用|投入|研发|成本|支出|GDP|profit|loss|debt|target|plan|budget|contribution|growth|increase|relative|net",
    re.IGNORECASE,
)
_MORE = re.compile(r"(?:增长|增加|上涨|提升|提高|扩大|高出?|多)了?$")
_MORE_EN = re.compile(r"\s?(?:times|-fold)?\s?(?:more|higher|greater|larger)\sthan")


def loss_to_profit(scene: Scene) -> Iterator[Remark]:
    """`loss_to_profit`: a percentage growth of a profit whose base is a loss: 扭亏为盈，同比增长150%.

    The percentage must hang on the turn itself or on a base printed as a loss; revenue's growth beside it
    does not count, nor does a loss that narrowed.
    """
    for line in sentences(scene):
        percents = [m for m in _percents(line) if m.signed != "-"]
        turns, losses = (_turns(scene, line), _losses(scene, line)) if percents else ((), ())
        for mention in percents:
            if not (turns or losses) or not _of_a_turn(scene, line, mention, turns, losses):
                continue
            yield remark_at(
                scene, "loss_to_profit", mention.start, mention.end,
                f"由亏转盈没有增速：基期为负，“{mention.text.strip()}”没有意义",
                f"from loss to profit there is no growth rate: the base is negative, “{mention.text.strip()}” means nothing",
            )  # fmt: skip


def _turns(scene: Scene, line: Line) -> Sequence[tuple[int, int]]:
    """Where a sentence says that a loss became a profit."""
    if not scene.says("亏", "profit", "the black"):
        return []
    return [m.span() for m in _TURNED.finditer(scene.text, line.sentence.start, line.sentence.end)]


def _losses(scene: Scene, line: Line) -> Sequence[Level]:
    """The levels that are printed as the loss of before: 净利润1.2亿元，上年同期亏损0.8亿元，同比增长250%."""
    text, start, losses = scene.text, line.sentence.start, scene.says("亏损", "loss")
    return [
        v
        for v in line.levels
        if (losses and _LOSS_BASE.search(text[max(start, v.mention.start - 40) : v.mention.start]))
        or (v.mention.signed == "-" and v.earlier and line.levels[0].mention.signed != "-")
    ]


def _of_a_turn(
    scene: Scene, line: Line, mention: Mention, turns: Sequence[tuple[int, int]], losses: Sequence[Level]
) -> bool:
    text, start = scene.text, line.sentence.start
    for first, last in turns:
        if last <= mention.start and _GROWTH_AFTER.fullmatch(text, last, mention.start):
            return not re.search(r"预计|减亏", text[start:first])
        gap = text[mention.end : first]
        left = text[line.sentence.clause_at(mention.start)[0] : mention.start]
        before = text[max(start, mention.start - 40) : mention.start]
        if (
            mention.end <= first
            and re.fullmatch(r"\s?[，,、]?\s?(?:并|且|从而|and\s)?\s?", gap)
            and _GROWTH_BEFORE.search(left)
        ):
            return bool(_PROFIT.search(before)) and not _OTHER_METRIC.search(before)
    for level in losses:
        own = text[start : level.mention.start]
        if level.mention.end <= mention.start and _GROWTH_AFTER.fullmatch(
            text, level.mention.end, mention.start
        ):
            return bool(_PROFIT.search(own)) and not re.search(
                r"净?亏损[^，,]{0,4}\d[^，,]*[，,][^，,]*亏损", own
            )
    return False


def impossible_percents(scene: Scene) -> Iterator[Remark]:
    """`percent_beyond`: an amount that cannot be below zero fell by more than 100 %, or a share above 100 %.

    Profits, cash flows and balances can fall by more than their size, ratios to another whole can exceed it:
    they are left alone.
    """
    for line in sentences(scene):
        for mention in _percents(line):
            if mention.value <= 1 or mention.qualifier in ("at_most",):
                continue
            begin = line.sentence.clause_at(mention.start)[0]
            left = scene.text[begin : mention.start]
            opening = scene.text[line.sentence.start : mention.start]
            said = mention.text.strip()
            if mention.signed != "-" and _FELL.search(left):
                if _SIGNED.search(opening) or not _POSITIVE.search(opening[-40:]):
                    continue
                zh = f"不会为负的量不可能下降{said}：最多下降100%"
                en = f"what cannot be negative cannot fall by {said}: 100% is the most"
            elif _SHARE.search(left) and not _NO_PART.search(opening[-60:]):
                zh, en = f"份额不可能超过100%：“{said}”", f"a share cannot exceed 100%: “{said}”"
            else:
                continue
            yield remark_at(scene, "percent_beyond", mention.start, mention.end, zh, en)


def times_more(scene: Scene) -> Iterator[Remark]:
    """`times_more`: 增长N倍 where the two printed levels give N as their ratio: the increase is N − 1 times.

    Needs exactly two levels of one measure in the sentence, an old and a new one.
    """
    for line in sentences(scene):
        for mention in line.mentions:
            if mention.measure.kind != "times" or mention.role != "quantity" or mention.qualifier:
                continue
            left = scene.text[max(line.sentence.start, mention.start - 8) : mention.start]
            right = scene.text[mention.end : mention.end + 20]
            if not (_MORE.search(left.rstrip()) or (left.isascii() and _MORE_EN.match(right))):
                continue
            levels = [
                v
                for v in line.levels
                if v.mention.measure.kind in LEVEL_KINDS and not v.change and not v.ranged and not v.expected
            ]
            old = [v.mention for v in levels if v.base or v.earlier]
            new = [v.mention for v in levels if not (v.base or v.earlier)]
            if len(old) != 1 or len(new) != 1 or not new[0].measure.fits(old[0].measure):
                continue
            if not agrees("ratio", mention, (new[0], old[0])) or agrees("growth", mention, (new[0], old[0])):
                continue
            change = relation("growth").value(new[0].value, old[0].value)
            more = number_like(mention, change)
            one, other, said = old[0].text.strip(), new[0].text.strip(), mention.text.strip()
            yield remark_at(
                scene, "times_more", mention.start, mention.end,
                f"{other}是{one}的{said}，即增长{more}，不是增长{said}",
                f"{other} is {said} {one}: an increase of {more}, not of {said}",
            )  # fmt: skip


def _percents(line: Line) -> list[Mention]:
    return [m for m in line.mentions if m.measure.kind == "percent" and m.role == "quantity"]
