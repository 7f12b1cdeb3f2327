"""This module ties a number to its own repetition: in another unit right beside it, or elsewhere in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from waferline.audit.claims.basis import Basis, basis_in, differing
from waferline.audit.claims.claim import MEDIUM, STRONG, Candidate, Claim, Operand
from waferline.audit.claims.scene import LEVEL_KINDS, Level, Line, Scene
from waferline.audit.mentions import Measure, Mention
from waferline.quantity.period import Period

_SAME = re.compile(
    r"\s?[（(]\s?(?:即|合|折合|or|i\.e\.,?|equal to|约合)?\s?|\s?(?:，|,)?\s?(?:即|也就是|i\.e\.,?|that is,?)\s?",
    re.IGNORECASE,
)

_CLAUSE = re.compile(r"[，。；：、！？（）()]|[,;:](?!\d)|\n")
# What stands between a subject and its number and is no part of the subject.
_VERB_ZH = re.compile(
    r"(?:(?:同比|环比)?(?:增长|下降|上升|下滑|提升|增加|减少|回落)[\d.]{1,12}%(?:至|到)|合计|共计|总计|共|已经|已|也|又|则|将|仅有|仅|只有|有|"
    r"达到了|达到|达|为|是|约|至|到|突破|超过|超|逾|近|录得|实现|完成|增至|升至|降至|增长至|下降至|提升至|有望|预计|可|或|了|的|\s)$"
)
_VERB_EN = re.compile(
    r"(?:(?:rose|grew|fell|increased|decreased|declined|climbed|dropped|rising|up|down|advanced|jumped)\s(?:by\s)?[\d.]{1,12}(?:%|\spercent)\sto"
    r"|(?<![a-z])(?:was|were|is|of|at|to|totall?ed|reached|amounted|came|in|about|approximately|nearly|over|a|an|record|rose|grew|fell|increased|decreased|declined|hit|stood|the|will be))$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"^(?:其中|此外|同时|而|但|并且|且|从而|公司|本公司|我们|在|于|截至|年|月|的|\s)+|^(?:(?:in|for|during|the|our|its|their|total|meanwhile|and|while|company's)\s)+",
    re.IGNORECASE,
)
_ONLY_CHANGE = re.compile(
    r"(?:同比|环比|增长|下降|上升|下滑|增加|减少|提升|增速|增幅|降幅|涨幅|跌幅|YoY|QoQ|CAGR|复合|年均|平均|占比|占|份额|比重|比例|净|又|再|分别|grew|rose|up|down|growth|increase|share|\s)*",
    re.IGNORECASE,
)
# A subject must hold a measure: 华虹半导体…为108.3% may be any of its figures.
_MEASURE = re.compile(
    r"额|量|率|价|收入|营收|利润|开支|支出|费用|成本|产能|规模|市值|份额|占比|比重|总值|产值|指数|资产|负债|订单|投资|投入|数量|人数|面积|余额|现金流|毛利|库存|"
    r"(?<![a-z])(?:revenues?|sales|income|profits?|earnings|margin|expenses?|loss|cash flow|shipments|orders|bookings|backlog|capex|spending|expenditures?|assets|debt|"
    r"capacity|output|production|deliveries|exports|imports|price|prices|share|rate|utili[sz]ation|inventor(?:y|ies)|billings|market|investment|users|subscribers|employees|units|costs?|gdp)(?![a-z])",
    re.IGNORECASE,
)
# A short subject (营业收入, 国内销量, net income) may belong to several owners that one report speaks of.
_LONG_ZH, _LONG_EN = 7, 4
_ONE_OF_MANY = re.compile(r"分别|依次|各自|respectively|each|其余|其他|另|另外|other(?![a-z])", re.IGNORECASE)
_REVISED = re.compile(
    r"修订|上修|下修|上调|下调|修正|此前|原先|原预|初值|追溯|重述|revis|restat|previous|earlier|originally|initial|prelimin|up from|down from",
    re.IGNORECASE,
)
_REACH = 120  # letters before a number in which its subject stands
_NEAR = 5  # values that differ by less than a fifth in the same words are the same number told twice
_CROWD = 2  # a subject with more values than this is a pattern of many things, not one


@dataclass(frozen=True, slots=True)
class _Told:
    """A level with the subject its clause names for an explicit period, and the basis its sentence tells."""

    level: Level
    line: Line
    basis: Basis
    bare: bool


def restatement_claims(scene: Scene) -> Iterator[Claim]:
    """The claims that one subject, for one period and on one basis, has one value wherever it is printed.

    Only a subject in the same words ties two numbers. Without its owner named (营收, net income), or far apart,
    only a slip of the pen accuses; agreement is stated either way.
    """
    for told in _by_subject(scene).values():
        distinct = _distinct(told)
        for i, one in enumerate(told[1:], 1):
            first = next((o for o in told[:i] if o.line.index != one.line.index), None)
            if first is None:
                continue
            a, b = first.level.mention, one.level.mention
            overlap = a.exact.overlaps(b.exact)
            if not overlap and (distinct > _CROWD or _is_revised(scene, first, one) or _rounds(a, b)):
                continue
            clash = first.basis.clash(one.basis)
            if overlap:
                if clash is not None:
                    continue  # two houses that agree are not one number told twice
                link = STRONG if not one.bare else MEDIUM
            elif clash is not None:
                link = MEDIUM
            elif not first.basis.same(one.basis):
                continue  # one of them may count on the other's basis: nobody can say
            else:
                near = abs(a.value - b.value) * _NEAR < max(abs(a.value), abs(b.value))
                link = STRONG if near and not one.bare else MEDIUM
            basis = differing(*clash) if clash is not None else None
            place = (one.line.sentence.start, one.line.sentence.end)
            yield Claim(
                b, "restatement", [Candidate((Operand(a, "value"),), link + 0.005, basis=basis)], place=place
            )


_Key = tuple[str, Period, bool, Measure]


def _by_subject(scene: Scene) -> dict[_Key, list[_Told]]:
    found: dict[_Key, list[_Told]] = {}
    for line in scene.lines:
        sentence = scene.text[line.sentence.start : line.sentence.end]
        if len(line.levels) > 12 or _ONE_OF_MANY.search(sentence):
            continue
        before = line.sentence.start
        for level in line.levels:
            start, before = before, level.mention.end
            when = level.when
            if (
                when is None or when.period is None or when.sort != "period" or level.base or level.change
                or level.ranged or level.earlier or level.mention.measure.kind not in (*LEVEL_KINDS[:2], "percent")
            ):  # fmt: skip
                continue
            subject = _subject(scene.text, start, level, when.start, when.end)
            if subject:
                basis = basis_in(scene.text, line.sentence.start, level.mention.end)
                key = (subject, when.period, when.fiscal, level.mention.measure)
                found.setdefault(key, []).append(_Told(level, line, basis, _is_short(subject)))
    return {key: told for key, told in found.items() if len(told) > 1}


def _subject(text: str, start: int, level: Level, when_start: int, when_end: int) -> str:
    """The subject of the number's clause without its period and verb; "" where it names none."""
    end = level.mention.start
    start = max(start, end - _REACH)
    clause = text[start:end]
    if start <= when_start and when_end <= end:
        clause = text[start:when_start] + "\x00" + text[when_end:end]
    clause = _CLAUSE.split(clause)[-1].replace("\x00", "")
    left = _HEAD.sub("", clause.strip())
    chinese = re.search(r"[一-鿿]", left)
    verb = _VERB_ZH if chinese else _VERB_EN
    while (
        shorter := verb.sub("", left).rstrip()
    ) != left:  # one at a time: a repeated group may take for ever
        left = shorter
    if not _MEASURE.search(left):
        return ""
    if re.search(r"\d", left) or _ONLY_CHANGE.fullmatch(left) or re.search(r"(?:比|较|than|from)", left):
        return ""
    if chinese:
        return re.sub(r"\s+", "", left).lower() if 2 <= len(left) <= 24 else ""
    count = len(left.split())
    return left.lower() if 1 <= count <= 6 and len(left) > 3 else ""


def _is_short(subject: str) -> bool:
    chinese = re.search(r"[一-鿿]", subject)
    return len(subject) < _LONG_ZH if chinese else len(subject.split()) < _LONG_EN


def _distinct(told: list[_Told]) -> int:
    """How many values that rounding does not make one."""
    kept: list[_Told] = []
    for one in told:
        if not any(o.level.mention.exact.overlaps(one.level.mention.exact) for o in kept):
            kept.append(one)
    return len(kept)


def _rounds(a: Mention, b: Mention) -> bool:
    """True if one may be the other in round numbers: 6276 and 6300, whether or not it says "about"."""
    loose = [replace(m, qualifier=m.qualifier or "about").interval for m in (a, b)]
    return loose[0].overlaps(b.interval) or loose[1].overlaps(a.interval)


def _is_revised(scene: Scene, *told: _Told) -> bool:
    return any(_REVISED.search(scene.text, t.line.sentence.start, t.line.sentence.end) for t in told)


def unit_change_claims(scene: Scene, line: Line) -> Iterator[Claim]:
    """The claims that a bracket beside a number repeats it in another unit: 1.26万亿元（即12,600亿元）."""
    for one, other in pairwise(line.levels):
        a, b = one.mention, other.mention
        gap = scene.text[a.end : b.start]
        if (
            not _SAME.fullmatch(gap)
            or a.measure.kind not in LEVEL_KINDS
            or b.measure.kind not in (*LEVEL_KINDS, "percent")
        ):
            continue
        said = bool(re.search(r"即|i\.e|that is|equal|折合|或|or", gap))
        closed = scene.text[b.end : b.end + 1] in ("）", ")") or said
        if (
            not closed
            or a.measure.kind != b.measure.kind
            or a.measure.basis != b.measure.basis
            or a.scale == b.scale
        ):
            continue
        other.change = True  # a repetition is no operand of its own
        place = (line.sentence.start, line.sentence.end)
        yield Claim(b, "unit_change", [Candidate((Operand(a, "value"),), 0.85 if said else 0.7)], place=place)
