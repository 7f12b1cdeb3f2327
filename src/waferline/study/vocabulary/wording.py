"""This module gives names, and says numbers as a sentence needs them."""

from __future__ import annotations

import re

from waferline.errors import BadInput, NotKnown
from waferline.quantity.period import Period
from waferline.quantity.printing import printed, said
from waferline.quantity.quantity import Applied, Leaf, Quantity, apply
from waferline.quantity.relations import relation
from waferline.quantity.units import unit
from waferline.study.report import Words
from waferline.study.values import Named, Printed, Scope
from waferline.study.vocabulary.levels import level
from waferline.study.vocabulary.periods import MAX_PLACES, within


def name(scope: Scope, series: str) -> Named:
    """The name of a series in both languages."""
    found = scope.known.series.get(series)
    if found is None:
        raise BadInput(scope.where, "unknown series", "an id of series.csv", series)
    return Named(Words(found.name_zh, found.name_en))


def companies(scope: Scope, segment: str, *, where: str = "domestic") -> Named:
    """The companies of a segment known on the day, † where only a broker's report places them there."""
    if where not in ("domestic", "foreign"):
        raise BadInput(scope.where, "unknown side", "domestic or foreign", repr(where))
    found = scope.known.members(segment, where)
    if not found:
        raise NotKnown(scope.where, f'no {where} company of "{segment}" is known on {scope.day}')
    # One mark for the whole list when it holds for all of it.
    every_one = all(member.asserted for member in found)
    marks = ["" if every_one or not member.asserted else "†" for member in found]
    zh = "、".join(member.name_zh + mark for member, mark in zip(found, marks, strict=True))
    en = ", ".join(member.name_en + mark for member, mark in zip(found, marks, strict=True))
    head = "†" if every_one else ""
    return Named(Words(head + zh, head + en))


def rating(scope: Scope) -> Named:
    """The industry rating on the day, as the study's rule gives it from the theses."""
    if scope.rating is None:
        raise BadInput(scope.where, "the rating is known in chapters only")
    return Named(scope.rating)


def rating_rule(scope: Scope) -> Named:
    """The study's rating rule in words."""
    if scope.rating_rule is None:
        raise BadInput(scope.where, "the rating rule is known in chapters only")
    return Named(scope.rating_rule)


def date_of(scope: Scope, of: Quantity, *, which: str = "published") -> Period:
    """The day an observation was published or became known."""
    if not isinstance(of.trace, Leaf):
        raise BadInput(scope.where, "only an observation has a publication day", "level(…)")
    day = of.trace.published if which == "published" else of.trace.known_from
    if day is None:
        raise NotKnown(scope.where, f"{of.trace.series} {of.trace.period} has no publication day")
    return Period(day, day)


def period_of(scope: Scope, of: Quantity) -> Period:
    """The period a quantity is about."""
    if of.period is None:
        raise NotKnown(scope.where, "the quantity has no single period")
    return of.period


def operand(scope: Scope, of: Quantity, index: int) -> Quantity:
    """One input of a relation, for instance the peak of a drawdown (0 first)."""
    if not isinstance(of.trace, Applied) or not 0 <= index < len(of.trace.inputs):
        raise BadInput(scope.where, "the quantity has no such input")
    return of.trace.inputs[index]


def as_said(scope: Scope, of: Quantity, *, places: int | None = None) -> Printed:
    """With its direction word: 增长19.1% / rose 19.1%."""
    within(scope, "places", places, 0, MAX_PLACES)
    return Printed(Words(said(of, "zh", places=places), said(of, "en", places=places)), of)


def places(scope: Scope, of: Quantity, count: int, *, sign: int = 0) -> Printed:
    """Printed with a number of decimal places; sign=1 shows a plus too."""
    within(scope, "places", count, 0, MAX_PLACES)
    texts = (printed(of, lang, places=count, sign=bool(sign)) for lang in ("zh", "en"))
    return Printed(Words(*texts), of)


def as_unit(scope: Scope, of: Quantity, name: str, count: int | None = None) -> Printed:
    """Printed in another unit of the same kind."""
    within(scope, "places", count, 0, MAX_PLACES)
    to = unit(name)
    return Printed(
        Words(printed(of, "zh", unit=to, places=count), printed(of, "en", unit=to, places=count)), of
    )


def size(scope: Scope, of: Quantity, count: int | None = None) -> Printed:
    """Printed without its sign, where the sentence gives the direction."""
    within(scope, "places", count, 0, MAX_PLACES)
    bare = {lang: printed(of, lang, places=count).replace("−", "") for lang in ("zh", "en")}
    return Printed(Words(bare["zh"], bare["en"]), of)


def span(scope: Scope, low: str, high: str, at: Period, *, by: str | None = None) -> Printed:
    """A range that somebody printed as two series: 50–60%; with only an upper end <15%; with equal ends 10%.

    It is printed and nothing else: no relation, condition or drawn column takes it for a number.
    """
    if not high:
        raise NotKnown(scope.where, "the range has no upper end")
    top = level(scope, high, at, by=by)
    if not low:
        # The sign says what the word of the literal says.
        text = Words(*("<" + printed(top, lang, qualified=False) for lang in ("zh", "en")))
        return Printed(text, top, (None, top))
    return range_of(scope, level(scope, low, at, by=by), top)


def range_of(scope: Scope, low: Quantity, high: Quantity) -> Printed:
    """A range from two quantities: 50–60%; one number where the ends are equal.

    Printed and nothing else, like `span`.
    """
    ends = {lang: (printed(low, lang), printed(high, lang)) for lang in ("zh", "en")}
    if low.value * low.unit.scale == high.value * high.unit.scale:
        return Printed(Words(ends["zh"][1], ends["en"][1]), high)
    if low.value * low.unit.scale > high.value * high.unit.scale:
        raise BadInput(scope.where, "the range ends below its start", ends["en"][0], ends["en"][1])
    return Printed(
        Words(_joined(*ends["zh"]), _joined(*ends["en"])), apply(relation("midpoint"), low, high), (low, high)
    )


def same(scope: Scope, one: Quantity, other: Quantity) -> Quantity:
    """The first of two equal quantities: a range that is a point. Not known when they differ."""
    if one.unit != other.unit or one.value != other.value:
        raise NotKnown(scope.where, "the two ends of the range differ")
    return one


def _joined(low: str, high: str) -> str:
    """Two printed numbers as a range; the unit stands once where both have the same: 50–60%, USD 1–2 bn."""
    parts = re.compile(r"(\D*)([\d.,]+)(\D*)")
    one, other = parts.fullmatch(low), parts.fullmatch(high)
    if not one or not other or (one[1], one[3]) != (other[1], other[3]):
        return f"{low}–{high}"
    return f"{one[1]}{one[2]}–{other[2]}{one[3]}"
