"""This module ties a percentage that states growth to the two levels it compares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from waferline.audit.claims.claim import (
    WEAK,
    Candidate,
    Claim,
    Operand,
    RelationName,
    least_link,
    room_of,
)
from waferline.audit.claims.cues import Growing, growing, windows
from waferline.audit.claims.scene import LEVEL_KINDS, Level, Line, Scene, words_in
from waferline.audit.mentions import Mention
from waferline.audit.periods import NO_YEAR, in_year
from waferline.audit.quick import Ends
from waferline.quantity.period import Period

_CLAUSE = re.compile(r"[，。；;]|,\s")
_ADJACENT_EN = re.compile(
    r"\s?,?(?:year-over-year|year-on-year|yoy|sequentially|sequential)?\s?(?:more|less|higher|lower|fewer|greater|above|below|up|down|increase|decrease|decline|growth|rise|drop|gain|fall)?"
    r"\s?(?:year[- ]over[- ]year|year[- ]on[- ]year|yoy|y/y)?,?\s?(?:from|than|over|above|below|on|against|compared (?:to|with)|versus|vs\.?|relative to)\s[^,;.]{0,60}$",
    re.IGNORECASE,
)
_ADJACENT_ZH = re.compile(
    r"^[^，。；\d]{0,8}[，、]?(?:相比|同比|环比|大幅|大|显著|小幅|略|微|有所|约|共|合计|则|一年)*(?:增长|下降|增加|减少|上升|提高|提升|下滑|上涨|下跌|回落|衰退|成长|滑落|攀升|扩大|缩减|年增|年减|季增|季减|月增|月减|高|低|多|少|增|减|涨|降)[^，。；\d]{0,6}$"
)
_COMPARED = re.compile(
    r"(?:after|than|against|versus|compared (?:to|with)|following)\s(?:a\s|the\s|an\s)?$|(?:上年同期|去年同期|上月|上季度?)(?:为|的|是)$",
    re.IGNORECASE,
)
_THAN_IN = re.compile(
    r"\s?(?:[a-z-]+\s)?(?:than|from|over|on|versus|compared (?:with|to))\s(?:in\s|the\s|that\sof\s)?",
    re.IGNORECASE,
)
# A base told right after the rate: 增长16.5%（去年同期208.0万辆）.
_NOTE = re.compile(r"\s?[（(，,、](?!\s(?:and|or|but))[^）)\d。；]{0,16}")
# A base that has a rate of its own behind it: 较去年同月的231亿元增加14.7%.
_TO = re.compile(
    r",?\s?(?:(?:year-over-year|year-on-year|sequentially),?\s)?to\s(?:a\s|about\s|record\s)?", re.IGNORECASE
)
_FROM_OLD = re.compile(
    r"\s?,?\s?(?:from|compared (?:to|with)|versus|against|up from|down from)\s(?:[a-z]+\s){0,2}",
    re.IGNORECASE,
)
_OWN_RATE = re.compile(r"\s?[^，。；\d]{0,8}\d[\d.]*\s?%")
_PARTED = re.compile(r"；|;\s")
_YEARS_EN = {
    w: i + 2 for i, w in enumerate(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])
}
_YEARS_ZH = {c: i + 2 for i, c in enumerate("两三四五六七八九十")} | {"二": 2}
_YEARS = re.compile(
    r"(?P<n>\d{1,2}|[二两三四五六七八九十]|two|three|four|five|six|seven|eight|nine|ten)[\s-]?(?:年(?:间|来|的|内|复合|年均|CAGR|，|平均)|years?(?![a-z-]*\sago))",
    re.IGNORECASE,
)


def growth_claims(scene: Scene, line: Line) -> Iterator[Claim]:
    """The claims of growth of one sentence: yoy, qoq, mom, growth without a named base, CAGR."""
    for mention in line.mentions:
        if mention.role != "quantity" or mention.measure.kind not in ("percent", "times"):
            continue
        said = growing(scene.text, line, mention)
        own = next((v for v in line.levels if v.mention is mention), None)
        if own is not None and _COMPARED.search(scene.text[max(0, mention.start - 24) : mention.start]):
            continue  # a surge of 30 % after 21 %: the second is another period's
        if said is None or (mention.measure.kind == "times" and not _grows_by(scene.text, mention)):
            continue
        pairs = list(_pairs(scene, line, mention, said))
        yield from _from_change(scene, line, mention, said)
        if not pairs:
            continue
        pairs.sort(key=lambda c: -c.link)
        yield Claim(
            stated=mention,
            relation=said.kind,
            candidates=pairs,
            sign=said.sign,
            soft=said.soft,
            place=(line.sentence.start, line.sentence.end),
        )


def _from_change(scene: Scene, line: Line, stated: Mention, said: Growing) -> Iterator[Claim]:
    """Growth told by the level reached and the change: sales of $15.7 billion, up $837 million, or 5.7 %."""
    changes = [
        v
        for v in line.levels
        if v.change and v.mention.end <= stated.start and stated.start - v.mention.end <= 24
    ]
    if said.kind == "cagr" or not changes:
        return
    change = changes[-1].mention
    gap = scene.text[change.end : stated.start]
    if any(
        m.measure.kind == "percent" for m in line.mentions if change.end <= m.start < stated.start
    ) or re.search(r"[。；;]", gap):
        return
    found = []
    for v in line.levels:
        if (
            v.change
            or v.ranged
            or v.mention.measure.kind not in LEVEL_KINDS
            or not v.mention.measure.fits(change.measure)
        ):
            continue
        rivals = [u for u in line.levels if not u.change and v.mention.start < u.mention.start < change.start]
        if v.mention.start < change.start and not v.base:
            link = (
                0.85 - 0.2 * len(rivals) - (0.2 if not v.mention.measure.same_thing(change.measure) else 0.0)
            )
            found.append(Candidate((Operand(v.mention, "new"), Operand(change, "change")), link))
        elif v.mention.start > stated.end and v.goal:
            told = bool(
                re.fullmatch(r"\s?[，,]?\s?(?:to|至|到|达)\s?", scene.text[stated.end : v.mention.start])
            )
            found.append(
                Candidate((Operand(v.mention, "new"), Operand(change, "change")), 0.95 if told else 0.85)
            )
    if found:
        found.sort(key=lambda c: -c.link)
        signed = said.sign if not stated.signed else 1
        yield Claim(
            stated, "growth_from_change", found, signed, said.soft, (line.sentence.start, line.sentence.end)
        )


def _grows_by(text: str, mention: Mention) -> bool:
    """增长22.3倍 states growth; 增至22.3倍 and "2.3 times" state a ratio."""
    return bool(
        re.search(
            r"(?:增长|增加|上涨|提升|提高|扩大|多)了?(?:约|近|超|超过|逾)?$",
            text[max(0, mention.start - 6) : mention.start],
        )
    )


@dataclass(frozen=True, slots=True)
class _Tie:
    """Two levels that may be the new and the old one of a growth, with the link that their own words give them;
    `evidence` is how clearly they call the old one a base, `between` the other levels of their measure near by."""

    new: Level
    old: Level
    link: float
    evidence: float
    kin: bool
    between: Sequence[Level]


_ATTACHED = 0.2  # what words that tie a rate to its base add to the link
_YEARS_SAID, _OTHER = 0.3, 0.15  # what else may be added to the link of a CAGR's pair, and of any other


def _pairs(scene: Scene, line: Line, stated: Mention, said: Growing) -> Iterator[Candidate]:
    levels = _near(scene, line)
    own = next((v for v in line.levels if v.mention is stated), None)
    left = windows(scene.text, line, stated)[0]
    subject = words_in(_CLAUSE.split(left)[-1])
    base = (named_base(scene, own) if own else None) or _base_after(scene, line, stated)
    rates = [
        m
        for other in scene.around(line)
        for m in other.mentions
        if m.measure.kind == "percent" and m is not stated and m.start >= line.sentence.start
    ]
    attached = {id(v): _attached(scene.text, stated, v) for v in levels}
    room = room_of(said.kind, stated, said.sign)
    for tie in _ties(scene, line, said.kind):
        if base and resolved(tie.old) != base:
            continue
        yield from _pair(scene, line, stated, said, tie, levels, subject, rates, attached[id(tie.old)], room)


def _near(scene: Scene, line: Line) -> list[Level]:
    """The levels that a growth told in the sentence may compare."""
    if "growth levels" not in line.told:
        line.told["growth levels"] = [
            v
            for other in scene.around(line)
            for v in other.levels
            if v.mention.measure.kind in LEVEL_KINDS
            and not v.change
            and not v.ranged
            and not (v.expected and (v.base or v.sentence != line.index))
        ][-12:]
    told: list[Level] = line.told["growth levels"]
    return told


def _ties(scene: Scene, line: Line, kind: RelationName) -> list[_Tie]:
    """The pairs that may be candidates of some growth of this kind told in the sentence."""
    key = "ties", kind
    if key not in line.told:
        line.told[key] = list(_tied(line.index, _near(scene, line), kind))
    told: list[_Tie] = line.told[key]
    return told


def _tied(here: int, levels: Sequence[Level], kind: RelationName) -> Iterator[_Tie]:
    for new in levels:
        if new.base and not new.goal and new.prior:
            continue
        fitting = [v for v in levels if v is not new and v.mention.measure.fits(new.mention.measure)]
        for old in fitting:
            if new.sentence == old.sentence == here:
                link = 0.45
            elif old.sentence == here or (new.sentence == here and old.sentence == here - 1):
                link = 0.35
            elif new.sentence == old.sentence == here - 1:
                link = 0.3
            else:
                link = 0.1
            evidence = base_evidence(new, old, kind)
            if evidence is None:
                continue
            link += evidence
            if new.base and not new.prior:
                link -= 0.3
            if link + _ATTACHED + (_YEARS_SAID if kind == "cagr" else _OTHER) < WEAK:
                continue
            between = [v for v in fitting if v is not old]
            yield _Tie(new, old, link, evidence, bool(new.words & old.words), between)


def _pair(
    scene: Scene,
    line: Line,
    stated: Mention,
    said: Growing,
    tie: _Tie,
    levels: list[Level],
    subject: frozenset[str],
    rates: list[Mention],
    attached: bool,
    room: Ends | None,
) -> Iterator[Candidate]:
    here = line.index
    new, old, link, evidence, kin, between = tie.new, tie.old, tie.link, tie.evidence, tie.kin, tie.between
    attached = attached or _to_from(scene.text, stated, new.mention, old.mention)
    if attached:
        link += _ATTACHED
    if link + (_YEARS_SAID if said.kind == "cagr" else _OTHER) < WEAK:
        return  # all that may still be added would not make it a candidate
    least = least_link(said.kind, room, new.mention, old.mention) if said.kind != "cagr" else WEAK
    if least > WEAK and link + 0.26 < least:
        return
    spot = stated.start
    if old.mention.start > stated.end and not attached and not new.goal:
        link -= 0.1 if old.prior else 0.2
    if new.mention.start > stated.end and not (new.goal and old.base):
        link -= 0.25
    ends = spot, new.mention.start, old.mention.start
    if _PARTED.search(scene.text, min(ends), max(ends)):
        link -= 0.15
    if kin and evidence >= 0.25 and not old.base:
        link += 0.1
    for v in between:
        if kin and not v.words & old.words:
            continue  # numbers of another metric in between do not part the two
        m = v.mention
        if not v.base and not v.earlier and _between(m, new.mention, spot):
            link -= 0.15
        if (v.base or v.earlier) and not attached and _between(m, old.mention, spot):
            link -= 0.15
        if evidence <= 0.25 and not old.base and _between(m, old.mention, spot):
            link -= 0.1
    if not attached:
        link -= 0.13 * sum(_between(r, old.mention, spot) for r in rates)
    if new.words and old.words and not kin and not (old.base or old.prior):
        link -= 0.15
    if (
        new.mention.measure.basis
        and old.mention.measure.basis
        and new.mention.measure.kind == old.mention.measure.kind
    ):
        link += 0.05
    if not new.mention.measure.same_thing(old.mention.measure):
        link -= 0.12
    if not attached and any(
        not v.base and not v.earlier and _between(v.mention, old.mention, spot) for v in between
    ):
        link -= 0.2  # what stands between is what the base belongs to
    nearest = max((v.mention.end for v in levels if v.mention.end <= spot), default=0)
    paired = new.sentence == old.sentence and old.earlier and new.mention.start < old.mention.start
    if old.mention.end == nearest and not old.base and not old.prior and said.explicit and not paired:
        link -= 0.25  # A，同比增长P: A is what grew
    if new.sentence != here and attached and new.words and not new.words & subject and subject:
        link = min(link - 0.2, 0.58)
    if (
        old.base
        and not old.prior
        and not attached
        and said.kind == "yoy"
        and said.explicit
        and old.when is None
    ):
        link -= 0.15
    if not evidence:
        link = min(link, 0.58)
    if not any(not v.base and not v.earlier and _between(v.mention, new.mention, spot) for v in between):
        link += 0.1
    if said.kind != "cagr":
        if link >= least:
            yield Candidate((Operand(new.mention, "new"), Operand(old.mention, "old")), link)
        return
    operands = (Operand(new.mention, "new"), Operand(old.mention, "old"))
    apart = _years_apart(new, old)
    said_years = _years_said(scene.text, line)
    spanned = _years_spanned(line)
    for years in dict.fromkeys(y for y in (apart, *said_years, spanned) if y and y >= 2):
        extra = (
            0.15
            if years == apart
            else -0.05
            if apart
            else 0.1
            if years == spanned or years in said_years
            else 0.0
        )
        yield Candidate(operands, link + extra, years=years)


def named_base(scene: Scene, level: Level) -> Period | None:
    """The period a stated change is measured from, where its own words name one: 比2022年高出7.6亿美元."""
    when = level.when
    if when is None or when.sort != "period":
        return None
    before = scene.text[max(0, when.start - 8) : when.start]
    after = scene.text[when.end : when.end + 4]
    if re.search(r"(?:比|较|(?:than|from|over|since) (?:in )?)$", before) and not after.startswith("的"):
        return when.period
    return None


def _base_after(scene: Scene, line: Line, stated: Mention) -> Period | None:
    """The period named right after a percentage as its base: 25.9 % fewer than in May 2022."""
    for w in line.whens:
        if w.start >= stated.end and w.sort == "period":
            gap = scene.text[stated.end : w.start]
            return w.period if _THAN_IN.fullmatch(gap) else None
    return None


def base_evidence(new: Level, old: Level, kind: RelationName) -> float | None:
    """How clearly the words call `old` the base of `new` for this kind of growth; None if they deny it."""
    yearly, stepwise = kind == "yoy", kind in ("qoq", "mom")
    about = resolved(new)
    if (
        old.prior
        and old.when
        and old.when.months
        and new.when
        and about
        and about.whole_months not in (0, old.when.months)
    ):
        return None  # a month is no base of a year to date
    if (
        old.prior
        and old.spoken
        and old.spoken.period
        and new.when
        and about
        and new.sentence != old.sentence
        and (about.whole_months != old.spoken.period.whole_months)
    ):
        return None  # the year before a year is no base of a month
    if old.prior == "year_ago":
        return None if stepwise else 0.3
    if old.prior == "before":
        return None if yearly or kind == "cagr" else 0.3
    mine, theirs = resolved(new), resolved(old)
    if mine and theirs and (mine.start.year == NO_YEAR) != (theirs.start.year == NO_YEAR):
        mine = theirs = None  # one of them has no year: nothing can be told
    if mine and theirs and old.when is None and new.when is not None and new.when.sort == "period":
        # The new level has a later period of its own, the old one that of the text before.
        apart = (mine.start.year - theirs.start.year) * 12 + mine.start.month - theirs.start.month
        if apart == 12 and mine.whole_months == theirs.whole_months and not stepwise and kind != "cagr":
            return 0.25
    if new.now >= 0 > old.now and new.when is None and old.when is not None and new.sentence > old.sentence:
        then = resolved(old)
        if then and new.now in (0, then.whole_months):
            return None if stepwise else 0.25  # in 2024 it sold A; this year it sold B
    if mine and theirs and old.when is not None:
        if theirs.start > mine.start:
            return None
        if theirs.start == mine.start:
            if kind == "cagr":
                return 0.25 if new.goal and old.base else 0.0 if new.goal or old.base else None
            return None if not old.base or theirs != mine else 0.1
        months = (mine.start.year - theirs.start.year) * 12 + mine.start.month - theirs.start.month
        same = mine.whole_months == theirs.whole_months
        if kind == "cagr":
            return 0.3 if same and months >= 24 else None
        if not same:
            return None if yearly or stepwise else 0.0
        if yearly and months != 12:
            return None
        if stepwise and months != mine.whole_months:
            return None
        if kind == "growth" and months not in (12, mine.whole_months) and not old.base:
            return 0.05
        return 0.3
    if old.base:
        return 0.25
    if new.goal and kind != "cagr" and old.when is None:
        return 0.0
    return 0.0


def resolved(level: Level) -> Period | None:
    """The period a level is about: written with it, or inherited; parts of a year take the year spoken of."""
    when = level.when
    if when is None:
        return level.spoken.period if level.spoken else None
    if when.sort == "period":
        return when.period
    if when.sort == "part" and when.period:
        return (
            in_year(when.period, level.spoken.period.start.year)
            if level.spoken and level.spoken.period
            else when.period
        )
    return None


def _between(m: Mention, operand: Mention, spot: int) -> bool:
    return operand.start < m.start < spot or spot < m.start < operand.start


def _to_from(text: str, stated: Mention, new: Mention, old: Mention) -> bool:
    """True for "rose 4% to NEW from OLD" and "4%, to NEW compared to OLD"."""
    if not stated.end <= new.start < new.end <= old.start:
        return False
    return bool(_TO.fullmatch(text[stated.end : new.start])) and bool(
        _FROM_OLD.fullmatch(text[new.end : old.start])
    )


def _attached(text: str, stated: Mention, level: Level) -> bool:
    """True if the words tie the percentage directly to its base: 13 % more than the $85.2 billion."""
    old = level.mention
    if (
        old.start - stated.end in range(24)
        and _NOTE.fullmatch(text[stated.end : old.start])
        and not _OWN_RATE.match(text, old.end)
    ):
        return level.prior != "" or (level.base and text[stated.end] in "（(")
    if stated.end <= old.start <= stated.end + 80:
        return bool(_ADJACENT_EN.match(text[stated.end : old.start]))
    if level.base and old.end <= stated.start <= old.end + 24:
        return bool(_ADJACENT_ZH.match(text[old.end : stated.start]))
    return False


def _years_apart(new: Level, old: Level) -> int:
    mine, theirs = resolved(new), resolved(old)
    if not mine or not theirs:
        return 0
    months = (mine.start.year - theirs.start.year) * 12 + mine.start.month - theirs.start.month
    return months // 12 if months % 12 == 0 else 0


def _years_spanned(line: Line) -> int:
    """From the first to the last year the sentence names: 2020—2024年 … 年复合增长率."""
    years = [w.period.start.year for w in line.whens if w.sort == "period" and w.period]
    return max(years) - min(years) if len(years) > 1 else 0


def _years_said(text: str, line: Line) -> list[int]:
    found = []
    for match in _YEARS.finditer(text, line.sentence.start, line.sentence.end):
        word = match["n"].lower()
        found.append(int(word) if word.isdigit() else _YEARS_EN.get(word) or _YEARS_ZH[word])
    return found
