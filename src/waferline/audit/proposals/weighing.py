"""This module recomputes proposed links and says what may be said of them.

A proposal is a claim with one candidate whose link is WEAK: `judge` lets such a claim agree, if the numbers are
narrow enough for agreement to say something, and never accuse. One that does not agree is a finding that cannot
be decided. What our own rules have found stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from waferline.audit.claims.claim import WEAK, Candidate, Claim, Operand, RelationName
from waferline.audit.claims.cues import DIRECTION, growing
from waferline.audit.claims.grid import Grid
from waferline.audit.claims.growth import resolved
from waferline.audit.claims.mismatches import with_bases
from waferline.audit.claims.scene import LEVEL_KINDS, Level, Line, Scene
from waferline.audit.finding import Finding
from waferline.audit.judge import doubted, judged
from waferline.audit.mentions import Mention
from waferline.audit.proposals.link import ROLES, Link, Place, Proposer, read_links, request_of
from waferline.errors import BadInput
from waferline.quantity.relations.base import Phrase

_LINK = WEAK + 0.005
_GROWTHS = ("yoy", "qoq", "mom", "cagr")
_YEARS = re.compile(r"\s?-?(?:年|years?)")
_MOST_YEARS = 100
_AGREES = Phrase("（关联由外部程序提出）", " (the link was proposed from outside)")
_DOUBTED = Phrase(
    "；关联由外部程序提出，不足以据此指为不一致",
    "; the link was proposed from outside, which is not enough to call it inconsistent",
)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers that may be linked, by place, and what the prose says of those in it."""

    mentions: dict[Place, Mention]
    levels: dict[int, tuple[Level | None, Line]]


def weighed(
    scene: Scene, grids: Iterable[Grid], findings: Sequence[Finding], propose: Proposer
) -> tuple[tuple[Finding, ...], str]:
    """The findings with those that proposals add, in text order, and one line on what was proposed."""
    numbers = _numbers(scene, grids)
    name, text = scene.document.name, scene.document.text
    try:
        links, left_out = read_links(
            propose(request_of(name, text, sorted(numbers.mentions))), numbers.mentions
        )
    except BadInput as error:
        return tuple(findings), f"no link was proposed: {error}"
    told: Counter[str] = Counter()
    added: list[Finding] = []
    for link in links:
        found = _weighed(scene, numbers, link, findings)
        if isinstance(found, str):
            left_out[found] += 1
        elif found is None:
            told["known to the rules"] += 1
        else:
            told["agreeing" if found.verdict == "consistent" else "not agreeing, undecided"] += 1
            added.append(found)
    both = sorted([*findings, *added], key=lambda f: (f.stated.start, f.relation))
    return tuple(both), _line(told, left_out)


def _line(told: Counter[str], left_out: Counter[str]) -> str:
    count = told.total() + left_out.total()
    parts = [f"{what} {n}" for what, n in told.items()]
    if left_out:
        why = ", ".join(f"{n} {what}" for what, n in left_out.most_common())
        parts.append(f"left out {left_out.total()} ({why})")
    return f"links proposed from outside: {count}" + (f"; {'; '.join(parts)}" if parts else "")


def _numbers(scene: Scene, grids: Iterable[Grid]) -> _Numbers:
    in_tables = {n.mention.first: n.mention for grid in grids for n in grid.numbers.values()}
    found = (in_tables.get(m.first, m) for m in scene.mentions)
    mentions = {(m.start, m.end): m for m in found if m.role == "quantity" and m.measure.kind != "spec"}
    levels: dict[int, tuple[Level | None, Line]] = {
        m.first: (None, line) for line in scene.lines for m in line.mentions
    }
    levels |= {level.mention.first: (level, line) for line in scene.lines for level in line.levels}
    return _Numbers(mentions, levels)


def _weighed(
    scene: Scene, numbers: _Numbers, link: Link, findings: Sequence[Finding]
) -> Finding | str | None:
    """The finding of a link; None if our own rules found it, else why it says nothing."""
    inputs = [numbers.mentions[place] for place in link.inputs]
    stated = numbers.mentions[link.stated]
    years = _years(numbers, inputs) if link.relation == "cagr" else 0
    if link.relation == "cagr":
        inputs = inputs[:2]
        if not 2 <= years <= _MOST_YEARS:
            return "without a span of years in the text"
    if not _fit(link.relation, stated, inputs):
        return "of numbers whose units do not fit"
    ours = [f for f in findings if f.stated.start == stated.start and _same(f.relation, link.relation)]
    if any({s.start for s in f.inputs} == {m.start for m in inputs} for f in ours):
        return None
    claim = with_bases(scene, _claim(scene, numbers, link.relation, stated, inputs, years))
    found, note = judged(claim), _AGREES
    if found is None:
        if any(f.verdict == "consistent" for f in ours):
            return "that do not agree, of a number that agrees otherwise"
        found, note = doubted(claim), _DOUBTED
    if found is None:
        return "of numbers too coarse or too far apart to say anything"
    said = Phrase(found.explanation.zh + note.zh, found.explanation.en + note.en)
    return replace(found, explanation=said, proposed=True)


def _same(one: str, other: str) -> bool:
    return one == other or (one in _GROWTHS[:3] and other in _GROWTHS[:3])


def _claim(
    scene: Scene,
    numbers: _Numbers,
    relation: RelationName,
    stated: Mention,
    inputs: list[Mention],
    years: int,
) -> Claim:
    _, line = numbers.levels.get(stated.first, (None, None))
    sign, soft = 1, False
    if relation in _GROWTHS and line is not None:
        said = growing(scene.text, line, stated)
        if said is not None:
            sign, soft = said.sign, said.soft
        elif not stated.signed:
            before = list(DIRECTION.finditer(scene.text, line.sentence.start, stated.start))
            sign = -1 if before and before[-1]["down"] else 1
    if relation == "difference" and stated.signed in ("", "+"):
        # A gap is told by its size: which of two numbers is the larger is for the rule of directions.
        inputs = sorted(inputs, key=lambda m: m.value, reverse=True)
    roles = ROLES[relation]
    operands = tuple(Operand(m, roles[min(i, len(roles) - 1)]) for i, m in enumerate(inputs))
    place = (line.sentence.start, line.sentence.end) if line is not None else (0, 0)
    return Claim(stated, relation, [Candidate(operands, _LINK, years)], sign, soft, place)


def _years(numbers: _Numbers, inputs: Sequence[Mention]) -> int:
    """The years of a compound growth: the span that the third input prints, else from one operand's period to the
    other's; 0 if neither says."""
    if len(inputs) == 3:
        span = inputs[2]
        whole = span.measure.kind == "time" and span.value.denominator == 1
        return int(span.value) if whole and _YEARS.fullmatch(span.text[span.last - span.start :]) else 0
    levels = [numbers.levels.get(m.first, (None, None))[0] for m in inputs]
    new, old = (resolved(level) if level is not None else None for level in levels)
    if new is None or old is None:
        return 0
    months = (new.start.year - old.start.year) * 12 + new.start.month - old.start.month
    return months // 12 if months % 12 == 0 else 0


def _fit(relation: RelationName, stated: Mention, inputs: Sequence[Mention]) -> bool:
    """True if the units allow the relation: a share of one thing, a sum of one thing, money times a count."""
    first, kinds = inputs[0].measure, [m.measure.kind for m in inputs]
    if "time" in (stated.measure.kind, *kinds):
        return False
    alike = all(m.measure.fits(first) for m in inputs[1:])
    if relation in (*_GROWTHS, "share"):
        return alike and stated.measure.kind == "percent" and kinds[0] in LEVEL_KINDS
    if relation == "difference" and kinds == ["percent", "percent"]:
        return stated.measure.kind == "point"
    if relation in ("sum", "difference", "average"):
        return alike and stated.measure.fits(first)
    if relation == "ratio":
        if alike and stated.measure.kind in ("times", "plain", "percent"):
            return True
        return kinds[0] == "money" and kinds[1] in LEVEL_KINDS[1:] and stated.measure.kind == "money"
    return kinds.count("money") == (stated.measure.kind == "money")  # product
