"""This module holds the words by which a text says which relation a number states."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from waferline.audit.claims.claim import RelationName
from waferline.audit.claims.scene import Line
from waferline.audit.mentions import Mention

_DOWN_ZH = "下降|减少|下滑|回落|降低|萎缩|下跌|缩减|走低|缩水|衰退|负增长|下调|调降|缩窄|收窄|缩小|下挫|季减|年减|月减|降幅|跌幅|减幅|缩幅|锐减|大减|骤降|收缩|跌|降|减|少"
_UP_ZH = "增长|增加|上升|提高|提升|上涨|攀升|回升|扩大|走高|增幅|扩幅|增速|涨幅|成长|大增|季增|年增|月增|增至|升幅|上扬|上调|反弹|涨|增|升|多"
_DOWN_EN = (
    "fell|falls?|falling|fallen|down|declin(?:e|ed|es|ing)|decreas(?:e|ed|es|ing)|drop(?:ped|s|ping)?|slipp?(?:ed|s)?|shrank|shrunk|shr[iu]nk(?:s|ing)?|"
    "slid|slides?|contract(?:ed|ion|s)|lower|less|below|fewer|reduc(?:ed|tion|es|ing)|lost|los(?:es|ing)|plung(?:ed|es|e)|tumbl(?:ed|es|e)|sank|dipp?(?:ed|s)?|"
    "eased|weaker|slump(?:ed|s)?|retreated|smaller|under|negative growth|slowed"
)
_UP_EN = (
    "rose|ris(?:e|es|en|ing)|gr(?:ew|ow|ows|owth|owing|own)|up|increas(?:e|ed|es|ing)|climb(?:ed|s|ing)?|gain(?:ed|s|ing)?|jump(?:ed|s|ing)?|"
    "surg(?:e|ed|es|ing)|higher|more|above|advanc(?:ed|e|es|ing)|expan(?:ded|sion|ds|d|ding)|added|improv(?:ed|ement|es|ing)|soar(?:ed|s|ing)?|accelerated|over|"
    "greater|uplift|rallied|swelled|bigger|larger|went up|strengthened|doubled|expanded|upturn|positive growth"
)
DIRECTION = re.compile(
    rf"(?P<down>(?:{_DOWN_ZH})|(?<![a-z])(?:{_DOWN_EN})(?![a-z]))|(?P<up>(?:{_UP_ZH})|(?<![a-z])(?:{_UP_EN})(?![a-z]))",
    re.IGNORECASE,
)
_RIGHT_DIRECTION = re.compile(
    r"^\s?(?:year-over-year\s|year-on-year\s|yoy\s|y/y\s|quarter-over-quarter\s|qoq\s|sequential\s|annual\s|rate\sof\s|quarterly\s|net\s)*"
    rf"(?:(?P<down>(?:{_DOWN_EN})(?![a-z])|的(?:降幅|跌幅|下降|下滑))|(?P<up>(?:{_UP_EN})(?![a-z])|的(?:增幅|涨幅|增长|增速|成长)))",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[re.Pattern[str], RelationName], ...] = (
    (
        re.compile(
            r"复合|CAGR|年均(?:增|复|上|下)|年化|compound|annuali[sz]ed|(?:average|per|each|every) (?:annual|year)|average annual|年平均",
            re.IGNORECASE,
        ),
        "cagr",
    ),
    (
        re.compile(
            r"环比|季增|季减|月增|月减|较上[一个]*[季月]|比上[一个]*[季月]|较前一?[季月]|sequential|quarter[- ]over[- ]quarter|quarter[- ]on[- ]quarter|qoq|q/q|"
            r"month[- ]over[- ]month|month[- ]on[- ]month|(?<![a-z])mom(?![a-z])|m/m|(?:prior|previous|preceding|last) (?:quarter|month)|(?:quarter|month) (?:earlier|before|ago)",
            re.IGNORECASE,
        ),
        "qoq",
    ),
    (
        re.compile(
            r"同比|比上年|较上年|年增|年减|较去年|比去年|按年|同期|yoy|y/y|y-o-y|year[- ]over[- ]year|year[- ]on[- ]year|year[- ]ago|a year (?:ago|earlier|before)|"
            r"(?:prior|previous|preceding|last)[- ]year|the year before|annual(?:ly)?(?! report)",
            re.IGNORECASE,
        ),
        "yoy",
    ),
)
_MONTHLY = re.compile(r"月增|月减|上[一个]*月|前一?月|month|m/m|(?<![a-z])mom(?![a-z])", re.IGNORECASE)
_SOFT = re.compile(
    r"constant[- ]currenc|restated (?:base|numbers|figures)|organic|adjusted|non-GAAP|basis|like[- ]for[- ]like|comparable|same[- ]store|local currenc|in real terms|excluding|ex-|adjusted for|underlying|pro forma|"
    r"不变汇率|固定汇率|可比|剔除|不变价|实际增长|扣除价格|内生|不计|不含|currency[- ]neutral|fx[- ]neutral|seasonally",
    re.IGNORECASE,
)
# Words after which a whole sentence may count on a basis of its own.
_BASIS = re.compile(
    r"不变汇率|固定汇率|可比口径|按可比|同口径|不变价|剔除|constant[- ]currenc|organic|like[- ]for[- ]like|same[- ]store|local currenc|currency[- ]neutral|comparable (?:store|basis|sales)|on an adjusted basis|pro forma",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"占(?!用|据)|营益率|营业利润率|渗透率|占比|比重|份额|市占|构成|贡献率|净利率|净利润率|毛利率|毛利润率|利润率|营业利益率|毛利润率|费用率|研发强度|资产负债率|"
    r"account(?:ed|s|ing)?\s(?:for)|represent(?:ed|s|ing)?|(?<!per )(?<!per diluted )(?<!a )\bshare\b(?!holder|\s(?:price|repurchase|buyback))|mak(?:e|es|ing)\sup|made\sup|compris(?:ed|es|ing)|equivalent to|equal to|margin|contribut(?:ed|es|ing)|"
    r"constitut(?:ed|es|ing)|portion|proportion|percentage of|相当于",
    re.IGNORECASE,
)
_SHARE_RIGHT = re.compile(
    r"^,?\s?(?:of\s(?:an?\s|the\s|its\s|our\s|all\s|that\s|this\s|total\s|them|net\s|group\s|global\s|world|overall\s|sales|revenue|industry|consolidated\s|company|"
    r"segment|exports?|imports?|shipments?|output|production|GDP|assets|which|those|it\b)|share|market share|的?(?:份额|比重|占比|市占))",
    re.IGNORECASE,
)


# Words that make a percentage a growth without a direction word.
_BARE = re.compile(
    r"同比|环比|按年|YoY|QoQ|MoM|y/y|q/q|y-o-y|CAGR|复合|年均|compound|over-year|on-year|over-quarter|on-quarter|sequential",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"(?<![a-z])(?:above|below|over|than|under|against|versus)\s(?:the\s|its\s|last year's\s|a\s)*$",
    re.IGNORECASE,
)
_TO_FROM = re.compile(r",?\s?to\s[$€£¥]?[\d.,]+(?:\s[a-z]+){0,2},?\sfrom\s[$€£¥\d]", re.IGNORECASE)
_A_YEAR = re.compile(
    r"\s?(?:(?:a|per|each) year(?!\s?(?:ago|earlier|before|later|over))|annually|per annum|p\.a\.|on average a year)",
    re.IGNORECASE,
)
_EFFECT = re.compile(
    r"volumes?|prices?|pricing|mix|currency|FX|acquisitions?|销量|价格|汇率|结构|并购|拉动|贡献",
    re.IGNORECASE,
)
_OR = re.compile(r"\s*(?:or|即|合)\s(?:by\s|about\s|nearly\s)?", re.IGNORECASE)
_GOAL = re.compile(
    r"(?:(?:提高|提升|上升|下降|回落|降低|增加|增长|扩大|升|降|增|减|扩|收窄|达|增|升)(?:至|到)(?:(?:\d{2,4}年)?[^，。；\d]{0,6}\d{0,2}[^，。；\d]{0,4}的)?|(?:由|从)(?:(?:\d{2,4}年)?[^，。；\d]{0,6}\d{0,2}[^，。；\d]{0,4}的)?|(?<![a-z])(?:to|from|at|between|of between))\s?(?:a\s|about\s|some\s|约|近|around\s)?$",
    re.IGNORECASE,
)


_NUMBER_WORDS = (
    {c: i + 2 for i, c in enumerate("二三四五六七八九十")}
    | {"两": 2, "both": 2}
    | {
        w: i + 2
        for i, w in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
    }
)
_COUNTED = re.compile(
    r"([两二三四五六七八九十])(?:者|类|项|大|家|地|国|种|部分|方面|块|条|座|厂|线|季|月|年|周|个(?:月|季度|厂区|基地|部分|地区|品类|国家)?)(?![前来后])"
    r"|(?<![a-z])(?:(?:the|these|those|its|all|first|last|over|other)\s(two|three|four|five|six|seven|eight|nine|ten)|(both))(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Growing:
    """What the words around a percentage say of growth: its kind, its sign, and a basis of its own."""

    kind: RelationName
    sign: int
    soft: bool
    explicit: bool  # the kind of growth is written (同比, sequentially), not only its direction


def windows(text: str, line: Line, mention: Mention) -> tuple[str, str]:
    """The text before a number back to the number before it, and after it up to the next, in its sentence."""
    starts, ends = _quantities(line)
    left, right = bisect_right(ends, mention.start) - 1, bisect_left(starts, mention.end)
    before = ends[left] if left >= 0 else line.sentence.start
    after = starts[right] if right < len(starts) else line.sentence.end
    return text[max(before, mention.start - 70) : mention.start], text[
        mention.end : min(after, mention.end + 60)
    ]


def _quantities(line: Line) -> tuple[list[int], list[int]]:
    """Where the quantities of a sentence start and end."""
    if "quantities" not in line.told:
        found = [m for m in line.mentions if m.role == "quantity" and m.measure.kind not in ("time", "spec")]
        line.told["quantities"] = [m.start for m in found], [m.end for m in found]
    told: tuple[list[int], list[int]] = line.told["quantities"]
    return told


def growing(text: str, line: Line, mention: Mention) -> Growing | None:
    """What a percentage says of growth, or None if the words do not call it one."""
    key = "growing", mention.start, mention.end
    if key not in line.told:
        line.told[key] = _growing(text, line, mention)
    told: Growing | None = line.told[key]
    return told


def _growing(text: str, line: Line, mention: Mention) -> Growing | None:
    left, right = windows(text, line, mention)
    clause = re.split(r"[，。；、;]|,\s|\)\s|）|\s(?:and|but|while|whereas)\s", left)[-1]
    if _GOAL.search(left):
        return None  # rose to 32 %: a level, not a growth
    if _OBJECT.search(left):
        return None  # below the 55.5 % of last year
    if _OR.fullmatch(clause) and not _SHARE_RIGHT.match(right):
        said = text[max(line.sentence.start, mention.start - 160) : mention.start]
        clause = re.split(r"[;；]|\.\s", said)[-1]  # an increase of $1.2 billion, or 8 %
    tail = re.split(r"[，。；、;(（]|,\s|\.\s", right)[0]
    reach = len(clause) if _OR.search(left[-16:]) and clause is not left else 44
    near = list(DIRECTION.finditer(clause[-reach:]))
    after = _RIGHT_DIRECTION.match(right)
    sign = 0
    if mention.signed:
        sign = 1  # the value carries its sign
    elif after and not (near and near[-1].end() >= len(clause[-reach:]) - 4):
        sign = -1 if after["down"] else 1
    elif near:
        sign = -1 if near[-1]["down"] else 1
    kind: RelationName | None = None
    for pattern, name in _KINDS:
        if pattern.search(clause) or pattern.search(tail):
            kind = name
            break
    if _A_YEAR.match(right):
        kind = "cagr"
    if kind is None:
        for pattern, name in _KINDS[:1]:
            if pattern.search(left[-30:]):
                kind = name
    if (
        kind == "qoq"
        and _MONTHLY.search(clause + tail)
        and "季" not in clause
        and "quarter" not in clause + tail
    ):
        kind = "mom"
    if (
        not sign
        and re.fullmatch(r"\s*(?:by\s|about\s)?", clause)
        and re.match(r"\s?(?:from|over|on|more|less)\s", right)
    ):
        told = list(DIRECTION.finditer(text, line.sentence.start, mention.start))
        sign = (-1 if told[-1]["down"] else 1) if told else 0  # up 17 % from A and 7 % from B
    if not sign and _TO_FROM.match(text, mention.end, line.sentence.end):
        told = list(DIRECTION.finditer(text, line.sentence.start, mention.start))
        sign = (
            (-1 if told[-1]["down"] else 1) if told else 0
        )  # rose 6 % to A from B in phones, 3 % to C from D
    if not sign and kind == "cagr" and _A_YEAR.match(right):
        sign = 1
    if not sign and (kind is None or not _BARE.search(clause[-14:] + tail[:24])):
        return None
    if kind is None and not mention.signed and shares(text, line, mention):
        return None
    if not mention.signed and not near and not after and bracketed(text, line, mention):
        return None
    if mention.signed and kind is None and not near and not re.search(r"[（(]$", left) and not after:
        return None
    if re.search(r"点|points?", right[:12]):
        return None
    soft = bool(
        _SOFT.search(clause)
        or _SOFT.search(tail)
        or (
            _EFFECT.search(clause)
            and not _EFFECT.search(text[line.sentence.start : line.sentence.start + 24])
        )
        or _basis_ends(text, line) <= mention.end + 40
    )
    return Growing(kind or "growth", sign or 1, soft, kind is not None)


def counted_in(text: str) -> int:
    """How many things the last counting words of a stretch speak of (the three seasons, 三者, both); 0 if none do."""
    found = list(_COUNTED.finditer(text))
    return _NUMBER_WORDS[next(g for g in found[-1].groups() if g).lower()] if found else 0


def _basis_ends(text: str, line: Line) -> float:
    """Where the first words of a sentence end that put all its numbers on a basis of their own; nowhere if none do."""
    if "basis" not in line.told:
        found = _BASIS.search(text, line.sentence.start, line.sentence.end)
        line.told["basis"] = found.end() if found else float("inf")
    told: float = line.told["basis"]
    return told


def bracketed(text: str, line: Line, mention: Mention) -> bool:
    """True if a percentage stands alone in brackets, with no word or sign of growth: 931 had bought one (38 %)."""
    alone = text[mention.start - 1 : mention.start] in ("(", "（") and text[
        mention.end : mention.end + 1
    ] in (")", "）")
    return alone and not mention.signed and any(m.end < mention.start for m in line.mentions)


def shares(text: str, line: Line, mention: Mention) -> bool:
    """True if the words call a percentage a share of something."""
    key = "shares", mention.start, mention.end
    if key not in line.told:
        line.told[key] = _shares(text, line, mention)
    told: bool = line.told[key]
    return told


def _shares(text: str, line: Line, mention: Mention) -> bool:
    left, right = windows(text, line, mention)
    if (
        re.fullmatch(r"\s?[^，。；\d]{0,8}的\s?(?:约|近|超过?|逾)?\s?", left)
        and mention.start - len(left) > line.sentence.start
    ):
        before = [m for m in line.mentions if m.end <= mention.start - len(left)]
        return bool(before) and bool(
            re.search(r"占[^，。；\d]{0,10}$", text[max(0, before[-1].start - 14) : before[-1].start])
        )
    clause = re.split(r"[，。；;]|,\s", left)[-1]
    if bracketed(text, line, mention):
        return True
    return bool(_SHARE.search(clause[-40:]) or _SHARE_RIGHT.match(right))
