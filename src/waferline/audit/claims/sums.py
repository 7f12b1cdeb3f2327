"""This module ties a total in a sentence to the parts printed with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from waferline.audit.claims.claim import LISTED, Candidate, Claim, Operand, least_link, room_of
from waferline.audit.claims.cues import counted_in, growing
from waferline.audit.claims.growth import resolved
from waferline.audit.claims.scene import LEVEL_KINDS, Level, Line, Scene
from waferline.quantity.period import joined

_TOTAL_BEFORE = re.compile(
    r"(?:合计|总计|共计|共(?!同)|(?<!利润)总额|总量|总共|(?<!利润)总(?!额|市值|资产|负债|股本|部|经理|体|分|量)|一共|进出口|累计)[^，。；\d]{0,10}$|(?<![a-z])(?:total(?:l?ed|l?ing|s)?|combined|altogether|together|in all|sum of|aggregate)\s[^,.;\d]{0,30}$",
    re.IGNORECASE,
)
_TOTAL_AFTER = re.compile(r"^\s?(?:in total|in all|altogether|combined|in aggregate)", re.IGNORECASE)
_LIST = re.compile(
    r"其中|分别|包括|包含|分[^别]{0,6}看|由|of which|includ|compris|consist|made up of|split|respectively|divided|breakdown|plus|and",
    re.IGNORECASE,
)
# Words under which the parts leave nothing out.
_WHOLE = re.compile(
    r"第三产业|(?:出口.*进口|进口.*出口)|(?:男.*女)|(?:城镇.*(?:乡村|农村))|其余|其他|其它|剩余|余下|尚余|rest(?![a-z])|remain(?:s|ing|der|ed)?(?![a-z])|balance|left|leav(?:es|ing)|all other|other (?:models|products|regions)|"
    r"消费.*餐饮|短期.*(?:中长期|长期)|集中式.*分布式|线上.*线下|直销.*(?:经销|分销)|个人.*企业|货物.*服务|制造业.*非制造业|公募.*私募|费用化.*资本化|直接.*间接|公路.*铁路.*水路|(?:商品零售.*餐饮)|both|consisted of|sum of|(?:内销.*外销|国内.*(?:国外|海外|境外))|\bplus\s[$€£¥\d]|exports?.*imports?|domestic.*(?:overseas|international|foreign)",
    re.IGNORECASE | re.DOTALL,
)


_PARTS = 8  # the nearest so many numbers to either side are tried as parts of a total


def sum_claims(scene: Scene, line: Line) -> Iterator[Claim]:
    """The claims of a sentence that a number is the total of others."""
    near = [*scene.around(line, 2), *_after(scene, line)]
    passage = sorted(
        (v for other in near for v in (*other.levels, *other.ranges)), key=lambda v: v.mention.start
    )
    for total in line.levels:
        left = scene.text[max(line.sentence.start, total.mention.start - 40) : total.mention.start]
        among = passage
        if total.mention.measure.kind == "percent":
            if not _OF_RATES.search(left):
                continue
            # Shares may add up; rates of growth do not.
            among = [
                v
                for v in line.levels
                if v.mention.measure.kind == "percent" and growing(scene.text, line, v.mention) is None
            ]
            if total not in among:
                continue
        elif total.mention.measure.kind not in LEVEL_KINDS:
            continue
        if total.base or total.ranged:
            continue
        candidates = [
            *_parts_after(scene, line, total, among),
            *_parts_before(scene, line, total, among),
            *_parts_of_its_time(total, among),
            *_parts_around(scene, line, total, among),
        ]
        if any(
            v.mention.size > total.mention.size
            for v in among
            if v.mention.measure.fits(total.mention.measure)
        ):
            candidates = [_unless_like(c, total) for c in candidates]
        if candidates:
            candidates.sort(key=lambda c: -c.link)
            yield Claim(total.mention, "sum", candidates, place=(line.sentence.start, line.sentence.end))


def _unless_like(candidate: Candidate, total: Level) -> Candidate:
    """A number that is like one of its parts, beside a larger one, is rather a part of that."""
    if all(o.mention.value != total.mention.value for o in candidate.operands):
        return candidate
    return replace(candidate, link=min(candidate.link, 0.58))


def _after(scene: Scene, line: Line) -> list[Line]:
    following = scene.lines[line.index + 1 : line.index + 4]
    return [other for other in following if other.block == line.block]


def _like(total: Level, passage: Iterable[Level], most: int) -> list[Level]:
    """The first so many levels of the passage that may be parts of the total."""
    mine = resolved(total)
    return list(islice((
        v for v in passage
        if v is not total and v.per_share == total.per_share and v.change == total.change and not v.ranged and v.mention.measure.fits(total.mention.measure)
        and not v.prior and not v.base and v.mention.size > 0
        and (v.when is None or total.when is None or resolved(v) == mine or _within(v, total))
    ), most))  # fmt: skip


def _within(part: Level, total: Level) -> bool:
    """True if the part's own period lies in the total's: quarters of a year."""
    mine, whole = resolved(part), resolved(total)
    return bool(mine and whole and whole.contains(mine) and mine != whole)


def _parts_after(scene: Scene, line: Line, total: Level, passage: list[Level]) -> Iterator[Candidate]:
    following = _like(total, (v for v in passage if v.mention.start > total.mention.end), _PARTS)
    if len(following) < 2:
        return
    left = scene.text[max(line.sentence.start, total.mention.start - 40) : total.mention.start]
    named, mine = bool(_TOTAL_BEFORE.search(left)), resolved(total)
    text, room = scene.text, room_of("sum", total.mention, 1)
    listed = slipped = False
    peers = bool(_PEERS.fullmatch(text, total.mention.end, following[0].mention.start))
    for count in range(2, len(following) + 1):
        parts = following[:count]
        newest = parts if count == 2 else parts[-1:]
        # only a wrong scale makes such a one a part
        slipped = slipped or any(p.mention.order(total.mention, 20) >= 0 for p in newest)
        between = scene.text[total.mention.end : parts[-1].mention.start]
        periods = [p.when.period for p in parts if p.when and p.when.period]
        if len(periods) == len(parts) and mine and any(p != mine for p in periods):
            spans = [resolved(p) for p in parts]
            if joined([s for s in spans if s]) == mine:
                kin = all(not p.words or not total.words or p.words & total.words for p in parts[:1])
                yield Candidate(tuple(Operand(p.mention, "part") for p in parts), 0.85 if kin else 0.45)
            continue
        listed = listed or bool(_LIST.search(between))
        whole = count == len(following) and bool(_WHOLE.search(between))
        same = parts[-1].sentence == line.index
        link = 0.45 + 0.12 * listed + 0.1 * named + 0.22 * whole + 0.03 * same
        if same and count > 2 and _is_list(scene, line, total, parts, ahead=True):
            link = max(link, 0.7 if _COLON.match(text, total.mention.end, parts[0].mention.start) else LISTED)
        if parts[-1].sentence > line.index + 1:
            whole, link = False, min(link, 0.55)
        if slipped:
            whole, link = False, min(link, 0.7)
        if peers:
            whole, link = False, min(link, 0.5)  # 312, 405 and 188: the first is no total of the others
        link = min(link, 0.9 if whole else 0.7)
        if link >= least_link("sum", room, *(p.mention for p in parts)):
            yield Candidate(tuple(Operand(p.mention, "part") for p in parts), link)


def _parts_before(scene: Scene, line: Line, total: Level, passage: list[Level]) -> Iterator[Candidate]:
    nearest = (v for v in reversed(passage) if v.mention.end <= total.mention.start)
    before = _like(total, nearest, _PARTS + 1)[::-1]  # one more: whether a list is longer must be seen
    if len(before) < 2:
        return
    here = [v for v in before if v.sentence == line.index]
    text = scene.text
    left = text[max(line.sentence.start, total.mention.start - 40) : total.mention.start]
    named = bool(_TOTAL_BEFORE.search(left)) or bool(
        _TOTAL_AFTER.match(text[total.mention.end : total.mention.end + 16])
    )
    named = named or (total.mention.measure.kind == "percent" and bool(_OF_RATES.search(left)))
    room = room_of("sum", total.mention, 1)
    wanted = counted_in(re.split(r"[。；;]", left)[-1])
    for parts_from in (here, before):
        for count in range(2, min(len(parts_from), _PARTS) + 1):
            parts = parts_from[-count:]
            link = (
                0.4
                + 0.22 * named
                - (0.1 if parts_from is before and parts[0].sentence != line.index else 0.0)
            )
            if named and wanted:
                link = 0.86 if wanted == count else 0.4
            elif _fill_a_year(parts, total):
                told = named or (total.when and total.when.period) or _YEAR.search(left)
                link = 0.82 if told else 0.4
            elif (
                parts_from is here
                and count == len(here)
                and _RIGHT_BEFORE.search(left)
                and _listed(text, parts)
            ):
                link = 0.82
            elif (
                parts_from is here
                and count == len(here)
                and (count > 2 or named)
                and _is_list(scene, line, total, parts, ahead=False)
            ):
                link = max(link, 0.72 if named else LISTED)
            if link >= least_link("sum", room, *(p.mention for p in parts)):
                yield Candidate(tuple(Operand(p.mention, "part") for p in parts), link)
        if wanted and named and len(parts_from) > wanted:  # the first three together
            first = parts_from[:wanted]
            yield Candidate(tuple(Operand(p.mention, "part") for p in first), 0.6)


def _parts_around(scene: Scene, line: Line, total: Level, passage: Sequence[Level]) -> Iterator[Candidate]:
    """A part of the total, and what is left of it: 58.7 of the 96.4 billion spent; that left 37.7 for the rest."""
    text = scene.text
    before = [v for v in line.levels if v.mention.end <= total.mention.start]
    likely = _like(total, passage, 4 * _PARTS)
    following = [v for v in likely if v.mention.start > total.mention.end and v.sentence == line.index]
    if not before or not following or before[-1] not in (*likely, *_percents(before)):
        return
    part = next((v for v in reversed(before) if v in likely), None)
    rest = following[0]
    if part is None or not _OUT_OF.search(text[part.mention.end : total.mention.start]):
        return
    if _LEFT.search(
        text[total.mention.end : rest.mention.start] + text[rest.mention.end : rest.mention.end + 16]
    ):
        yield Candidate((Operand(part.mention, "part"), Operand(rest.mention, "part")), 0.72)


def _percents(levels: Sequence[Level]) -> list[Level]:
    return [v for v in levels if v.mention.measure.kind == "percent"]


_OUT_OF = re.compile(r"(?<![a-z])of\s(?:the|a|an|its|all|our|their)(?![a-z])[^;.]{0,30}$", re.IGNORECASE)
_LEFT = re.compile(
    r"(?<![a-z])(?:left|leav(?:es|ing)|rest|remain(?:s|ing|der)?|balance|others?)(?![a-z])", re.IGNORECASE
)


def _parts_of_its_time(total: Level, passage: Sequence[Level]) -> Iterator[Candidate]:
    """Neighbours whose own periods make up the total's: a year's last quarter and the nine months before it, told
    further on. Numbers between them and the total are of other things."""
    mine = resolved(total)
    if mine is None or mine.whole_months not in (6, 9, 12) or total.mention.measure.kind == "percent":
        return
    dated = [
        v
        for v in _like(total, passage, 4 * _PARTS)
        if v.when and v.when.period and (span := resolved(v)) and mine.contains(span) and span != mine
    ]
    for count in (2, 3, 4):
        for i in range(len(dated) - count + 1):
            parts = dated[i : i + count]
            spans = [span for p in parts if (span := resolved(p))]
            if parts[0].sentence == parts[-1].sentence and joined(spans) == mine:
                kin = any(2 * len(p.words & total.words) > len(p.words | total.words) for p in parts)
                yield Candidate(tuple(Operand(p.mention, "part") for p in parts), 0.8 if kin else 0.5)


def _is_list(scene: Scene, line: Line, total: Level, parts: list[Level], *, ahead: bool) -> bool:
    """True if the parts are all the sentence's numbers of that measure to one side of the total, none stands to the
    other, and little stands between them."""
    alone = not any(
        v.mention.measure.kind == total.mention.measure.kind
        and v.mention.measure.fits(total.mention.measure)
        and not v.change
        and ((v.mention.start < total.mention.start) if ahead else (v.mention.start > total.mention.start))
        for v in line.levels
    )
    mine = [v for v in line.levels if v in parts]
    return alone and len(mine) == len(parts) and _listed(scene.text, parts)


def _fill_a_year(parts: list[Level], total: Level) -> bool:
    """True if the parts are of the halves or quarters of one year, and the total of that year or of no other time."""
    spans = [p.when.period for p in parts if p.when and p.when.period]
    if len(spans) < len(parts):
        return False
    whole = joined(spans)
    mine = total.when.period if total.when else None
    return whole is not None and whole.whole_months == 12 and mine in (None, whole)


_YEAR = re.compile(r"全年|(?<![a-z])year(?![a-z])", re.IGNORECASE)
_PEERS = re.compile(r"\s?(?:[,，、]\s?(?:and\s)?|and\s|[和及与]\s?)[$€£¥]?")
_COLON = re.compile(r"[^，。；,;.\d]{0,40}[:：]")
_OF_RATES = re.compile(
    r"(?:合计|共计|总计|共)[^，。；,;\d]{0,12}$|(?:together|in all|in total|altogether|combined|thus)[^,;.\d]{0,24}$",
    re.IGNORECASE,
)
_RIGHT_BEFORE = re.compile(
    r"(?:合计|总计|共计|共|总共)(?:为|达|约|有)?\s?$|(?:in total|a total of|altogether|totall?ing|totall?ed|sum of|adding up to|together)\s?(?:of\s|came to\s|,\s)?$",
    re.IGNORECASE,
)


def _listed(text: str, parts: list[Level]) -> bool:
    """True if the parts stand in one list: commas and an "and" between them, and few words."""
    gaps = [text[a.mention.end : b.mention.start] for a, b in pairwise(parts)]
    return all(len(gap) <= 40 and re.search(r"[,，、；;]|和|and|plus|及", gap) for gap in gaps)
