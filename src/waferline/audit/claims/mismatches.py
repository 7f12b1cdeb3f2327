"""This module says which operands of a claim are known to count on different bases, so that nothing is accused for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from waferline.audit.claims.basis import Basis, basis_in, differing
from waferline.audit.claims.claim import Candidate, Claim, Operand
from waferline.audit.claims.scene import Level, Line, Scene
from waferline.audit.mentions import Mention
from waferline.quantity.relations.base import Phrase

_GROWTHS = ("yoy", "qoq", "mom", "growth", "cagr")
_LOSS = re.compile(r"亏损|净亏|(?<![a-z])loss(?:es)?(?! ratio)(?![a-z])", re.IGNORECASE)
_PROFIT = re.compile(r"盈利|利润|(?<![a-z])(?:profit|net income|earnings)(?![a-z])", re.IGNORECASE)
_BY_TIMES = re.compile(r"(?:增长|增加|提高|上升|扩大)了?[^，。；\d]{0,4}$")
_TO_TIMES = re.compile(r"(?:增至|增长至|增长到|升至|提高到|扩大到|达到?|为|是)[^，。；\d]{0,10}$")
_NEAR = 32  # letters before a number in which its clause says loss or profit


def with_bases(scene: Scene, claim: Claim) -> Claim:
    """The claim with what is known of its operands' bases; the very claim where nothing is.

    Only bases that the operands' own clauses or periods tell count. A forecast may well grow from an actual
    number, and a fiscal year is told once for both of its years: neither parts a growth's operands.
    """
    based = [_based(scene, claim, candidate) for candidate in claim.candidates]
    if all(a is b for a, b in zip(based, claim.candidates, strict=True)):
        return claim
    return replace(claim, candidates=based)


def _based(scene: Scene, claim: Claim, candidate: Candidate) -> Candidate:
    if candidate.basis is not None:
        return candidate
    basis = _loss(scene, claim, candidate.operands) or _times(scene, claim) or _clash(scene, claim, candidate)
    return candidate if basis is None else replace(candidate, basis=basis)


def _clash(scene: Scene, claim: Claim, candidate: Candidate) -> Phrase | None:
    if claim.relation not in (*_GROWTHS, "sum", "average"):
        return None
    told = [(o.mention, _basis_of(scene, o.mention)) for o in candidate.operands]
    for (a, one), (b, other) in combinations(told, 2):
        if clash := one.clash(other, skip=("standing", "year")):
            return differing(*clash)
        if claim.relation == "sum" and (fiscal := _fiscal_beside_calendar(scene, a, b)):
            return fiscal
    return None


def _basis_of(scene: Scene, mention: Mention) -> Basis:
    line = _line_of(scene, mention)
    if line is None:
        return Basis({})
    start, end = line.sentence.clause_at(mention.start)
    return basis_in(scene.text, start, min(end, mention.end))


def _fiscal_beside_calendar(scene: Scene, a: Mention, b: Mention) -> Phrase | None:
    """A sum of a fiscal and a calendar year of one number: both are years, and not the same twelve months."""
    one, other = _level_of(scene, a), _level_of(scene, b)
    if one is None or other is None or one.when is None or other.when is None:
        return None
    periods = one.when.period, other.when.period
    if one.when.fiscal == other.when.fiscal or None in periods or periods[0] != periods[1]:
        return None
    return differing(Phrase("财年", "fiscal year"), Phrase("自然年", "calendar year"))


def _loss(scene: Scene, claim: Claim, operands: Sequence[Operand]) -> Phrase | None:
    """A change between a loss and a profit has no percentage."""
    if claim.relation not in _GROWTHS or len(operands) != 2:
        return None
    told = [_before(scene, o.mention) for o in operands]
    lossy = [o.mention.value < 0 or bool(_LOSS.search(said)) for o, said in zip(operands, told, strict=True)]
    if lossy[0] == lossy[1] or not _PROFIT.search(told[lossy.index(False)]):
        return None
    return Phrase(
        "亏损与盈利之间的变动没有百分比可言（口径：亏损与盈利）",
        "a change between a loss and a profit has no percentage (bases: loss and profit)",
    )


def _before(scene: Scene, mention: Mention) -> str:
    """The few words of its clause before a number."""
    line = _line_of(scene, mention)
    start = line.sentence.clause_at(mention.start)[0] if line is not None else mention.start
    return scene.text[max(start, mention.start - _NEAR) : mention.start]


def _times(scene: Scene, claim: Claim) -> Phrase | None:
    """Growth by so many times against growth to so many times: the two differ by one."""
    if claim.stated.measure.kind != "times" or claim.relation not in ("ratio", *_GROWTHS):
        return None
    before = scene.text[max(0, claim.stated.start - 16) : claim.stated.start]
    said_by, said_to = bool(_BY_TIMES.search(before)), bool(_TO_TIMES.search(before))
    if said_by == said_to:
        return None
    for candidate in claim.candidates[:1]:
        new, old = (o.mention.value for o in candidate.operands[:2])
        if not old:
            return None
        other = new / old if said_by else new / old - 1
        if abs(other - claim.stated.value) <= claim.stated.step:
            return differing(
                Phrase("增长若干倍", "growth by so many times"),
                Phrase("增至若干倍", "growth to so many times"),
            )
    return None


def _line_of(scene: Scene, mention: Mention) -> Line | None:
    at = bisect_right(scene.lines, mention.first, key=lambda line: line.sentence.start) - 1
    if at < 0 or scene.lines[at].sentence.end < mention.first:
        return None
    return scene.lines[at]


def _level_of(scene: Scene, mention: Mention) -> Level | None:
    line = _line_of(scene, mention)
    return next((lv for lv in line.levels if lv.mention is mention), None) if line is not None else None
