"""This module looks for the one change that would make a contradiction consistent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from waferline.audit.claims.claim import LISTED, MEDIUM, Candidate, Claim
from waferline.audit.mentions import Mention
from waferline.audit.quick import Ends, surely_apart
from waferline.audit.telling import number_like
from waferline.errors import BadInput
from waferline.quantity.interval import Interval
from waferline.quantity.relations.base import Phrase

Evaluate = Callable[[str, Sequence[Interval], int], Interval]
# A slip explains nothing if its reading is so coarse that much would do.
TELLING = Fraction(1, 25)
DIRECTION = 0.75  # from this link on a flipped direction explains without more
# Factors that a slip multiplies a number by, exact and as floats.
_SHIFTS = tuple((f, float(f)) for f in (Fraction(10), Fraction(1, 10)))
_UNITS = tuple((f, float(f)) for f in (Fraction(10) ** n for n in (3, -3, 4, -4, 6, -6, 8, -8)))


def slip_of(
    claim: Claim, candidate: Candidate, evaluate: Evaluate, telling: Fraction = TELLING
) -> Phrase | None:
    """The slip of the pen that explains a contradiction: swapped digits, a shifted decimal point, a wrong
    unit, a flipped sign. None if no single one does."""
    mentions = [claim.stated, *(o.mention for o in candidate.operands)]
    ends = [m.ends for m in mentions]
    turned = claim.sign < 0 and claim.stated.signed != "-"
    for i, mention in enumerate(mentions):
        for near, make in _slips(mention):
            tried = [*ends[:i], near, *ends[i + 1 :]]
            low, high = tried[0]
            if surely_apart(
                claim.relation, tried[1:], (-high, -low) if turned else (low, high), years=candidate.years
            ):
                continue
            changed, what = make()
            trial = list(mentions)
            trial[i] = changed
            try:
                result = evaluate(claim.relation, [m.exact for m in trial[1:]], candidate.years)
            except (BadInput, ZeroDivisionError):
                continue
            stated = -trial[0].exact if turned else trial[0].exact
            size = min(abs(claim.stated.value), abs(trial[0].value))
            if (
                result.overlaps(stated)
                and result.width + stated.width <= size * telling
                and not _drowns(claim.relation, trial)
            ):
                return what
    return _turned(claim, candidate, evaluate, telling)


def copy_of(claim: Claim, candidate: Candidate) -> Phrase | None:
    """The slip of a number copied from its neighbour: one figure in two roles of a relation that contradicts itself.

    Parts of a sum or a mean are often alike, and so are numbers of two digits.
    """
    many = claim.relation in ("sum", "average")
    if candidate.link < (LISTED if claim.relation == "sum" else MEDIUM):
        return None
    mentions = [claim.stated, *(o.mention for o in candidate.operands)]
    for i, mention in enumerate(mentions[:1] if many else mentions):
        digits = _figure(mention)
        if len(digits) >= (3 if many else 2) and any(_figure(m) == digits for m in mentions[i + 1 :]):
            return Phrase(
                f"“{mention.text}”出现两次，其一或为误抄",
                f"“{mention.text}” stands in two places: one may be a copy of the other",
            )
    return None


def _figure(mention: Mention) -> str:
    """The digits of a number as printed, from its first that counts."""
    return str(abs(int(mention.value / mention.step))) if mention.value else ""


def _turned(claim: Claim, candidate: Candidate, evaluate: Evaluate, telling: Fraction) -> Phrase | None:
    """The slip of a flipped direction: the size agrees, the sign does not. On a weaker link the size must be
    telling, and the operands the other way round must not give the very result."""
    if claim.relation not in ("yoy", "qoq", "mom", "growth", "cagr", "difference") or candidate.link < MEDIUM:
        return None
    flipped = claim.stated.exact if claim.sign < 0 else -claim.stated.exact
    xs = [o.mention.exact for o in candidate.operands]
    try:
        result = evaluate(claim.relation, xs, candidate.years)
        if not result.overlaps(flipped):
            return None
        if candidate.link < DIRECTION and (
            claim.relation == "difference"
            or result.width + flipped.width > abs(claim.stated.value) * telling
            or evaluate(claim.relation, xs[::-1], candidate.years).overlaps(-flipped)
        ):
            return None
    except (BadInput, ZeroDivisionError):
        return None
    return Phrase("升降方向相反", "the direction is the other way round")


def _drowns(relation: str, trial: Sequence[Mention]) -> bool:
    """True if a slip explains a sum, a mean or a difference only by making one of its numbers too small to count."""
    return (
        relation in ("sum", "difference", "average") and min(abs(m.value) for m in trial[1:]) < trial[0].step
    )


def _slips(mention: Mention) -> Iterator[tuple[Ends, Callable[[], tuple[Mention, Phrase]]]]:
    """The slips of one number: about what it would be, and how to make that mention and its words."""
    text = str(abs(int(mention.value / mention.step)))
    half = float(mention.step) / 2
    for i in range(len(text) - 1):
        if text[i] != text[i + 1]:
            swapped = text[:i] + text[i + 1] + text[i] + text[i + 2 :]
            middle = float(swapped) * half * (-2 if mention.value < 0 else 2)
            yield (middle - half, middle + half), partial(_swapped, mention, int(swapped))
    low, high = mention.ends
    for factor, times in _SHIFTS:
        yield (low * times, high * times), partial(_shifted, mention, factor)
    if mention.scale > 1 or mention.measure.kind in ("money", "count"):
        for factor, times in _UNITS:
            yield (low * times, high * times), partial(_rescaled, mention, factor)


def _swapped(mention: Mention, digits: int) -> tuple[Mention, Phrase]:
    value = digits * mention.step * (-1 if mention.value < 0 else 1)
    words = number_like(mention, value)
    return replace(mention, value=value), Phrase(
        f"“{mention.text}”两位数字颠倒，应为{words}", f"two digits of “{mention.text}” swapped: {words}"
    )


def _shifted(mention: Mention, factor: Fraction) -> tuple[Mention, Phrase]:
    value = mention.value * factor
    words = number_like(mention, value)
    return replace(mention, value=value, step=mention.step * factor), Phrase(
        f"“{mention.text}”小数点移位，应为{words}", f"the decimal point of “{mention.text}” shifted: {words}"
    )


def _rescaled(mention: Mention, factor: Fraction) -> tuple[Mention, Phrase]:
    power = _power(factor)
    return replace(mention, value=mention.value * factor, step=mention.step * factor), Phrase(
        f"“{mention.text}”的单位差{power}", f"the unit of “{mention.text}” is off by {power}"
    )


def _power(factor: Fraction) -> str:
    big = factor if factor > 1 else 1 / factor
    return f"{int(big):,}×"


def fixes_of(claim: Claim, candidate: Candidate, result: Interval) -> tuple[Phrase, ...]:
    """The single changes that would each make the claim consistent: the stated number, or one operand."""
    if claim.relation == "direction":
        return (Phrase("升降用词应相反", "the direction word the other way round"),)
    stated = claim.stated
    middle = (result.low + result.high) / 2
    wanted = abs(middle) if claim.sign < 0 or middle >= 0 or stated.signed else middle
    fixes = []
    if claim.sign * middle < 0 and not stated.signed and stated.measure.kind in ("percent", "times"):
        words = number_like(stated, abs(middle))
        fixes.append(
            Phrase(
                f"“{stated.text}”应为{'下降' if middle < 0 else '上升'}{words}",
                f"“{stated.text}” → {'down' if middle < 0 else 'up'} {words}",
            )
        )
    else:
        words = number_like(stated, wanted)
        fixes.append(Phrase(f"“{stated.text}” → {words}", f"“{stated.text}” → {words}"))
    for i, needed in enumerate(_needed(claim, candidate)):
        mention = candidate.operands[i].mention
        if needed is not None:
            words = number_like(mention, needed)
            fixes.append(Phrase(f"“{mention.text}” → {words}", f"“{mention.text}” → {words}"))
    if claim.relation == "cagr" and (years := _years_needed(claim, candidate)):
        fixes.append(Phrase(f"年数{candidate.years} → {years}", f"{candidate.years} years → {years}"))
    return tuple(fixes)


def _needed(claim: Claim, candidate: Candidate) -> Iterator[Fraction | None]:
    """For each operand the value that would give the stated result with the others as printed."""
    x = [o.mention.value for o in candidate.operands]
    s = claim.stated.value * (claim.sign if claim.stated.signed != "-" else 1)
    name = claim.relation
    if name in ("yoy", "qoq", "mom", "growth", "cagr"):
        factor = (1 + s) ** (candidate.years or 1)
        yield x[1] * factor if factor > 0 else None
        yield x[0] / factor if factor > 0 else None
    elif name in ("share", "ratio"):
        yield s * x[1]
        yield x[0] / s if s else None
    elif name == "product":
        for i in range(len(x)):
            rest = Fraction(1)
            for j, other in enumerate(x):
                rest *= other if j != i else 1
            yield s / rest if rest else None
    elif name == "difference":
        yield s + x[1]
        yield x[0] - s
    elif name in ("sum", "average"):
        total = s * (len(x) if name == "average" else 1)
        for value in x:
            yield total - (sum(x) - value)
    elif name in ("text_vs_table", "restatement", "unit_change"):
        yield claim.stated.value


def _years_needed(claim: Claim, candidate: Candidate) -> int:
    """The other whole number of years that would give the printed rate, if there is one."""
    new, old = (o.mention.value for o in candidate.operands)
    rate = claim.stated.exact
    for years in range(1, 31):
        if years == candidate.years or old <= 0:
            continue
        low, high = (1 + rate.low) ** years, (1 + rate.high) ** years
        if low <= new / old <= high:
            return years
    return 0
