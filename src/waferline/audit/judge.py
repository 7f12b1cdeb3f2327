"""This module recomputes a claim with the relations of `quantity` and gives the verdict.

The rule: printed numbers are intervals; a relation is inconsistent when no numbers inside the intervals of
its operands give any number inside the interval of the stated result, ends included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from waferline.audit.claims.claim import (
    FAINT,
    MEDIUM,
    STRONG,
    TIE,
    WEAK,
    Candidate,
    Claim,
    accusing_link,
    room_of,
)
from waferline.audit.finding import Finding, Verdict
from waferline.audit.mentions import Mention
from waferline.audit.quick import Ends, surely_apart
from waferline.audit.slips import TELLING, copy_of, fixes_of, slip_of
from waferline.audit.telling import explained, printed_in
from waferline.errors import BadInput
from waferline.quantity.interval import Interval
from waferline.quantity.period import months_from
from waferline.quantity.relations import relation
from waferline.quantity.relations.base import Phrase

# The audit's names for relations that `quantity` knows under another.
_NAMES = {"yoy": "growth", "qoq": "growth", "mom": "growth", "sum": "total", "ratio": "per", "share": "share"}
_GROWTHS = ("yoy", "qoq", "mom", "growth")
_WILD, _TINY = (
    12,
    Fraction(1, 1000),
)  # a result this many times off is a wrong operand, unless one slip explains it
_SAME = ("text_vs_table", "restatement", "unit_change")


def value_of(name: str, xs: Sequence[Interval], years: int = 0) -> Interval:
    """The interval of a relation over the intervals of its operands, in base units.

    Growth, shares, sums and quotients use each operand once, so plain interval arithmetic is exact. Raises
    BadInput where a divisor may be zero.
    """
    periods = (months_from((2000 + years) * 12, 12), months_from(2000 * 12, 12)) if years else ()
    if name in _SAME:
        return xs[0]
    if name == "margin":
        result = -relation("growth").value(xs[1], xs[0])
    elif name == "share_of_sum":
        result = 1 / (1 + relation("per").value(xs[1], xs[0]))
    elif name == "growth_from_change":
        # Over the two leaves: new / (new − change) − 1, each used once in change / (new − change) is not tight,
        # so the quotient is taken as 1 / (new / change − 1).
        result = 1 / (relation("per").value(xs[0], xs[1]) - 1)
    else:
        if name in ("yoy", "qoq", "mom", "growth", "cagr") and xs[1].low <= 0:
            raise BadInput(where=name, what="the base is not surely above zero")
        result = relation(_NAMES.get(name, name)).value(*xs, periods=periods)
    assert isinstance(result, Interval)
    return result


def judged(claim: Claim) -> Finding | None:
    """The finding of a claim: the first candidate that agrees, else the strongest if it may accuse."""
    best: Candidate | None = None
    agreeing = 0.0  # the link of what agrees without proving anything
    stated, room = stated_interval(claim), room_of(claim.relation, claim.stated, claim.sign)
    least = accusing_link(claim.relation)
    for candidate in claim.candidates:
        if candidate.link < WEAK:
            break
        if room and _surely_apart(claim, candidate, room):
            best = best or candidate
            continue
        result = _result(claim, candidate, exact=True)
        if result is None:
            continue
        if (
            claim.stated.qualifier == "above"
            and claim.relation == "sum"
            and _at_most(candidate, claim.stated.value)
        ):
            return _finding(claim, candidate, result, "unverifiable", candidate.link)
        if result.overlaps(stated):
            # Of a claim on a basis of its own a looser link would only be agreement by chance.
            bears_out = candidate.link >= STRONG or (
                not claim.soft and _telling(claim, result, candidate.link)
            )
            if not _matters(claim, candidate):
                continue
            if bears_out:
                return _finding(claim, candidate, result, "consistent", candidate.link)
            agreeing = max(agreeing, candidate.link)
            continue
        best = best or candidate
    if best is None or claim.soft or best.link < least or agreeing > best.link - 0.25:
        return None
    meant = _meant(claim, best)
    if meant is None:
        return None
    candidate, slip = meant
    result = _result(claim, candidate, exact=True)
    if result is None:
        return None
    if candidate.basis is not None:
        return _finding(claim, candidate, result, "basis_mismatch", candidate.link)
    wild = _is_wild(claim, result)
    if candidate.link < STRONG and slip is None:
        return None
    qualified = any(m.qualifier for m in (claim.stated, *(o.mention for o in candidate.operands)))
    if (
        wild
        and (candidate.link < 0.95 or qualified or _is_wild(claim, result, 100))
        and slip_of(claim, candidate, value_of, Fraction(1)) is None
    ):
        return None
    return _finding(claim, candidate, result, _verdict(claim, candidate), candidate.link)


def doubted(claim: Claim) -> Finding | None:
    """The finding that the first candidate of a claim does not give the stated number, where its link may not accuse.

    None where it does give it, where nothing printed can contradict the claim, and where it lies so far off that
    a wrong operand is likelier than a wrong number.
    """
    candidate = claim.candidates[0]
    result = _result(claim, candidate, exact=True)
    if result is None or claim.soft or result.overlaps(stated_interval(claim)) or _is_wild(claim, result):
        return None
    if candidate.basis is not None:
        return _finding(claim, candidate, result, "basis_mismatch", candidate.link)
    found = _finding(claim, candidate, result, "unverifiable", candidate.link)
    return replace(
        found, explanation=explained(claim, candidate, result, "inconsistent", printed_in(claim, result)[:3])
    )


def contradicted(claim: Claim) -> tuple[Candidate, Phrase | None] | None:
    """The strongest reading that contradicts a claim no reading bears out, with the slip that explains it. Unlike
    `judged` it asks of no link how strong it is: the confidence of accusations is fitted on these."""
    stated = stated_interval(claim)
    first = None
    for candidate in claim.candidates:
        if candidate.link < WEAK or claim.soft:
            break
        result = _result(claim, candidate, exact=True)
        if result is None:
            continue
        if result.overlaps(stated):
            return None
        first = first or candidate
    return (first, _slip(claim, first)) if first else None


def _slip(claim: Claim, candidate: Candidate) -> Phrase | None:
    telling = Fraction(1, 12) if claim.relation == "difference" else TELLING  # points are few digits long
    slip = slip_of(claim, candidate, value_of, telling)
    return slip or copy_of(claim, candidate)


def _meant(claim: Claim, best: Candidate) -> tuple[Candidate, Phrase | None] | None:
    """The reading that is accused, with the slip that explains it. Of readings that tie, the one that alone a slip
    explains was meant; None where nobody can say."""
    tied = [
        c
        for c in claim.candidates
        if c is not best
        and c.link > best.link - TIE
        and c.years == best.years
        and _numbers(c) != _numbers(best)
    ]
    if not tied:
        return best, _slip(claim, best) if best.link < STRONG else None
    if best.basis is not None:
        return None
    by_slip = [(c, slip) for c in (best, *tied) if (slip := slip_of(claim, c, value_of, TELLING))]
    return by_slip[0] if len({_numbers(c) for c, _ in by_slip}) == 1 else None


def _at_most(candidate: Candidate, value: Fraction) -> bool:
    """True if parts told as ranges reach a total said to be exceeded only at their very ends."""
    ranged = any(
        o.mention.step > o.mention.value / 50 and o.mention.qualifier == "about" for o in candidate.operands
    )
    return (
        ranged
        and sum(o.mention.exact.high for o in candidate.operands) <= value * (1 + Fraction(1, 100))
        and (sum(o.mention.value for o in candidate.operands) < value)
    )


def _is_wild(claim: Claim, result: Interval, limit: int = _WILD) -> bool:
    """True if the result lies so far off that a wrong operand is likelier than a wrong number."""
    stated, got = abs(claim.stated.value), abs(result.low + result.high) / 2
    if claim.relation in _GROWTHS:
        stated, got = stated + 1, abs(1 + (result.low + result.high) / 2)
    elif claim.relation not in ("ratio", "product"):
        return False
    return not 1 / limit < got / max(stated, _TINY) < limit


def agrees(name: str, stated: Mention, operands: Sequence[Mention]) -> bool:
    """True if a stated number lies within what its operands' rounding allows."""
    try:
        return value_of(name, [m.exact for m in operands]).overlaps(stated.exact)
    except (BadInput, ZeroDivisionError):
        return False


def _numbers(candidate: Candidate) -> tuple[Fraction, ...]:
    return tuple(o.mention.value for o in candidate.operands)


def stated_interval(claim: Claim, exact: bool = True) -> Interval:
    """The interval of the stated number with the sign its words give it, in base units."""
    interval = claim.stated.exact if exact else claim.stated.interval
    if claim.relation == "direction":
        return interval
    return -interval if claim.sign < 0 and claim.stated.signed != "-" else interval


def _surely_apart(claim: Claim, candidate: Candidate, room: Ends) -> bool:
    return surely_apart(
        claim.relation, [o.mention.ends for o in candidate.operands], room, years=candidate.years
    )


def _directed(claim: Claim, candidate: Candidate) -> Interval:
    """All levels on the side of the old one that the direction word names, the old one's rounding included."""
    old = candidate.operands[0].mention.exact
    far = 1 + abs(claim.stated.value) + abs(old.high)
    return Interval(old.low, old.low + far) if claim.sign > 0 else Interval(old.high - far, old.high)


def _result(claim: Claim, candidate: Candidate, exact: bool) -> Interval | None:
    if claim.relation == "direction":
        return _directed(claim, candidate)
    try:
        xs = [(o.mention.exact if exact else o.mention.interval) for o in candidate.operands]
        if claim.relation == "growth_from_change" and claim.sign < 0:
            xs[1] = -xs[1]  # the change of a fall is printed without its sign
        return value_of(claim.relation, xs, candidate.years)
    except (BadInput, ZeroDivisionError, OverflowError):
        return None


def _matters(claim: Claim, candidate: Candidate) -> bool:
    """True if no part of a sum or difference drowns in the rounding of the result."""
    if claim.relation not in ("sum", "difference"):
        return True
    least = min(abs(o.mention.value) for o in candidate.operands)
    return least == 0 or least * 2 >= claim.stated.step


def _telling(claim: Claim, result: Interval, link: float) -> bool:
    """True if agreement says something: both intervals are narrow beside the number itself."""
    stated = stated_interval(claim)
    size = abs(claim.stated.value)
    # A stronger link needs less of the arithmetic: points and small percentages are few digits long. Of the many sets of
    # parts some one adds up to a coarse total by chance.
    if claim.relation == "sum":
        share = Fraction(1, 25)
    else:
        share = Fraction(1, 2) if link >= MEDIUM else Fraction(1, 8)
    printed = share if link >= FAINT else Fraction(1, 50)
    return size > 0 and stated.width <= size * printed and result.width <= size * share


def _verdict(claim: Claim, candidate: Candidate) -> Verdict:
    """Inconsistent, unless a qualifier (about, nearly, more than) leaves room."""
    qualified = [m for m in (claim.stated, *(o.mention for o in candidate.operands)) if m.qualifier]
    if not qualified:
        return "inconsistent"
    wide = _result(claim, candidate, exact=False)
    stated = stated_interval(claim, exact=False)
    if wide is None or wide.overlaps(stated):
        return "unverifiable"
    if any(m.qualifier in ("at_least", "at_most", "above") for m in qualified):
        size = max(abs(stated.low), abs(stated.high))
        gap = max(wide.low - stated.high, stated.low - wide.high)
        return "inconsistent" if size and gap > size else "unverifiable"
    margin = stated.width + wide.width  # "about" is a loose word: what it nearly allows is not accused
    return "inconsistent" if max(wide.low - stated.high, stated.low - wide.high) > margin else "unverifiable"


def _finding(claim: Claim, candidate: Candidate, result: Interval, verdict: Verdict, link: float) -> Finding:
    name: str = claim.relation
    if verdict == "inconsistent" and _only_direction(claim, result):
        name = "direction"
    if name in ("growth", "growth_from_change"):
        name = "yoy"
    if name in ("margin", "share_of_sum"):
        name = "share"
    unit, low, high, mid = printed_in(claim, result)
    return Finding(
        stated=claim.stated.span("stated"),
        relation=name,
        verdict=verdict,
        inputs=tuple(o.mention.span(o.role) for o in candidate.operands),
        recomputed=mid,
        low=low,
        high=high,
        unit=unit,
        explanation=explained(claim, candidate, result, verdict, (unit, low, high)),
        fixes=fixes_of(claim, candidate, result) if verdict in ("inconsistent", "unverifiable") else (),
        confidence=min(0.99, max(0.05, link)),
        place=claim.place,
        slip=_slip(claim, candidate) if verdict == "inconsistent" else None,
    )


def _only_direction(claim: Claim, result: Interval) -> bool:
    """True if the size agrees and only the sign or the direction word does not."""
    return claim.relation in ("yoy", "qoq", "mom", "growth", "cagr", "difference") and (-result).overlaps(
        stated_interval(claim)
    )
