"""This module writes an audit's arithmetic for people: in the unit and on the scale that the document uses."""

from __future__ import annotations

from fractions import Fraction

from waferline.audit.claims.claim import Candidate, Claim
from waferline.audit.finding import Verdict
from waferline.audit.mentions import Mention
from waferline.quantity.decimals import rounded
from waferline.quantity.interval import Interval
from waferline.quantity.relations.base import Phrase


def number_like(mention: Mention, value: Fraction) -> str:
    """A value printed as the mention is: same scale and unit, at least its places.

    >>> from waferline.audit.mentions import mentions_of
    >>> number_like(mentions_of("USD 627.6 billion")[0], Fraction(631200000000))
    'USD 631.2 billion'
    """
    places = _places(mention)
    scaled = value / mention.scale
    if mention.signed == "-" and not value < 0:
        scaled = abs(scaled)
    grouped = "," in mention.text
    text = rounded(scaled, places)
    if Fraction(text) == 0 and value:
        while places < 8 and Fraction(text) == 0:
            places += 1
            text = rounded(scaled, places)
    if grouped:
        whole, dot, rest = text.partition(".")
        text = f"{int(whole):,}{dot}{rest}"
    head = mention.text[: mention.first - mention.start].lstrip("+-−–")
    tail = mention.text[mention.last - mention.start :]
    return f"{head}{text}{tail}".strip()


def _places(mention: Mention) -> int:
    step = mention.step / mention.scale
    places, top, bottom = 0, step.numerator, step.denominator
    while top < bottom and places < 12:
        top *= 10
        places += 1
    return places


def printed_in(claim: Claim, result: Interval) -> tuple[str, str, str, str]:
    """(unit, low, high, middle) of a result in the stated number's own unit, one place more than printed."""
    stated = claim.stated
    places = _places(stated) + 1
    scale = stated.scale
    tail = stated.text[stated.last - stated.start :].strip()
    head = stated.text[: stated.first - stated.start].strip().lstrip("+-−–")
    middle = (result.low + result.high) / 2
    texts = [rounded(x / scale, places) for x in (result.low, result.high, middle)]
    return " ".join(part for part in (head, tail) if part), texts[0], texts[1], texts[2]


def explained(
    claim: Claim, candidate: Candidate, result: Interval, verdict: Verdict, span: tuple[str, str, str]
) -> Phrase:
    """The arithmetic in one line, in both languages; `span` are the unit and the ends of the result as printed."""
    xs = [o.mention.text.strip() for o in candidate.operands]
    if claim.relation == "direction":
        return _direction(claim, xs[0], verdict)
    formula = _formula(claim, candidate, xs)
    unit, low, high = span
    places = _places(claim.stated)
    mid = _signed_text(claim, (result.low + result.high) / 2, places)
    room = f"[{low}, {high}] {unit}".strip()
    said = claim.stated.text.strip()
    if claim.sign < 0 and claim.stated.signed != "-":
        said = f"−{said}"
    if claim.relation == "restatement" and verdict in ("inconsistent", "unverifiable"):
        loose = verdict == "unverifiable"
        return Phrase(
            f"同一主体、同一期间，文中另一处为“{xs[0]}”，此处为“{said}”"
            + ("；带有约数用语，不能判定" if loose else ""),
            f"for the same subject and period the text says “{xs[0]}” elsewhere and “{said}” here"
            + (": a qualifier leaves room" if loose else ""),
        )
    if verdict == "basis_mismatch" and candidate.basis is not None:
        return Phrase(
            f"{candidate.basis.zh}；{formula} = {mid}，文中为“{said}”，不能相互比较",
            f"{candidate.basis.en}; {formula} = {mid}, the text says “{said}”: they cannot be set against each other",
        )
    if verdict == "consistent":
        return Phrase(f"{formula} = {mid}，与“{said}”相符", f"{formula} = {mid}, agrees with “{said}”")
    if verdict == "unverifiable":
        return Phrase(
            f"{formula} = {mid}（舍入区间{room}），与“{said}”不符；若数字精确则不一致，但带有约数用语，不能判定",
            f"{formula} = {mid} (rounding allows {room}), not “{said}”: would be inconsistent if exact, but a "
            f"qualifier leaves room",
        )
    return Phrase(
        f"{formula} = {mid}（舍入区间{room}），文中为“{said}”",
        f"{formula} = {mid} (rounding allows {room}), but the text says “{said}”",
    )


def _direction(claim: Claim, old: str, verdict: Verdict) -> Phrase:
    new = claim.stated.text.strip()
    up = claim.sign > 0
    if verdict == "consistent":
        return Phrase(
            f"由{old}到{new}，与“{'升' if up else '降'}”相符",
            f"from {old} to {new} is {'up' if up else 'down'}, as said",
        )
    return Phrase(
        f"由{old}到{new}，文中却说“{'升' if up else '降'}”",
        f"from {old} to {new} is not {'up' if up else 'down'}, as the text says",
    )


def _signed_text(claim: Claim, value: Fraction, places: int) -> str:
    stated = claim.stated
    text = rounded(value / stated.scale, places + (1 if places < 2 else 0)).replace("-", "−")
    tail = stated.text[stated.last - stated.start :]
    head = stated.text[: stated.first - stated.start].lstrip("+-−–")
    return f"{head}{text}{tail}".strip()


def _formula(claim: Claim, candidate: Candidate, xs: list[str]) -> str:
    name = claim.relation
    if name in ("yoy", "qoq", "mom", "growth"):
        return f"{xs[0]} / {xs[1]} − 1"
    if name == "cagr":
        return f"({xs[0]} / {xs[1]})^(1/{candidate.years}) − 1"
    if name in ("share", "ratio"):
        return f"{xs[0]} / {xs[1]}"
    if name == "margin":
        return f"({xs[0]} − {xs[1]}) / {xs[0]}"
    if name == "share_of_sum":
        return f"{xs[0]} / ({xs[0]} + {xs[1]})"
    if name == "growth_from_change":
        return f"{xs[1]} / ({xs[0]} − {xs[1]})"
    if name == "product":
        return " × ".join(xs)
    if name == "difference":
        return f"{xs[0]} − {xs[1]}"
    if name == "sum":
        return " + ".join(xs)
    if name == "average":
        return f"({' + '.join(xs)}) / {len(xs)}"
    return xs[0]
