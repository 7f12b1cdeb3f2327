"""This module is the vocabulary of the expression language: what a chapter, exhibit or thesis may ask.

Each function is one question to the Snapshot or one relation of `quantity.relations`; nothing here does arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from waferline.errors import BadInput, NotKnown
from waferline.evidence.snapshot import Vintage
from waferline.quantity.period import Period
from waferline.quantity.printing import printed, said
from waferline.quantity.quantity import Applied, Leaf, Quantity, apply
from waferline.quantity.relations import relation
from waferline.quantity.units import unit
from waferline.study.report import Words
from waferline.study.values import Named, Printed, Scope, Value

MAX_PERIODS = 5000
MAX_PLACES = 6


def _within(scope: Scope, what: str, count: int | None, low: int, high: int) -> None:
    """A count from a study is bounded: it may come from a stranger."""
    if count is not None and not low <= count <= high:
        raise BadInput(scope.where, f"{what} is out of bounds", f"{low} to {high}", str(count))


# ---- levels and their periods


def level(
    scope: Scope,
    series: str,
    period: Period,
    *,
    subject: str = "",
    by: str | None = None,
    edition: str | None = None,
    vintage: Vintage = "latest",
) -> Quantity:
    """The value of a series for a period, as known on the day."""
    try:
        return scope.known.level(series, period, subject=subject, by=by, edition=edition, vintage=vintage)
    except NotKnown:
        if scope.backfill:
            return scope.known.backfilled(series, period, subject=subject, by=by, edition=edition)
        raise


def first_print(scope: Scope, series: str, period: Period, *, by: str | None = None) -> Quantity:
    """The value as it was first printed."""
    return scope.known.level(series, period, by=by, vintage="first")


def latest(scope: Scope, series: str, kind: str = "") -> Period:
    """The newest period of a series with a realised value known on the day."""
    return scope.known.latest(series, kind or None)


def asof(scope: Scope) -> Period:
    """The day of the build."""
    return Period(scope.day, scope.day)


def close_on(scope: Scope, series: str, day: Period) -> Period:
    """The last day with a close on or before the given day."""
    return scope.known.on_or_before(series, day.end)


def year_end_close(scope: Scope, series: str, year: Period) -> Period:
    """The last trading day of the year."""
    return scope.known.on_or_before(series, date(year.end.year, 12, 31))


def back(scope: Scope, day: Period, *, months: int = 0, weeks: int = 0) -> Period:
    """The calendar day some months or weeks earlier (the last of the month where it has no such day)."""
    start = day.end
    _within(scope, "months", months, 0, MAX_PERIODS)
    _within(scope, "weeks", weeks, 0, MAX_PERIODS)
    if weeks:
        start = date.fromordinal(start.toordinal() - 7 * weeks)
    for _ in range(months):
        first = start.replace(day=1)
        before = date.fromordinal(first.toordinal() - 1)
        start = before.replace(day=min(day.end.day, before.day))
    return Period(start, start)


def best_day(scope: Scope, series: str, start: Period, end: Period, *, which: str) -> Period:
    """The day of the highest or lowest close in a stretch of days."""
    if which not in ("highest", "lowest"):
        raise BadInput(scope.where, "unknown choice of day", "highest or lowest", repr(which))
    days = days_known(scope, series, start, end)
    sign = 1 if which == "highest" else -1
    return max(days, key=lambda day: sign * scope.known.level(series, day).value)


def days_known(scope: Scope, series: str, start: Period, end: Period) -> list[Period]:
    """The days with a close in a stretch, both ends included."""
    days = [p for p in scope.known.periods(series) if p.kind == "day" and start.start <= p.start <= end.end]
    if not days:
        raise NotKnown(scope.where, f'no day of "{series}" is known from {start} to {end}')
    return days


# ---- periods


def period(scope: Scope, text: str) -> Period:
    """A period by its name."""
    return Period.parse(text)


def year_ago(scope: Scope, of: Period) -> Period:
    """The period a year earlier."""
    return of.year_ago()


def previous(scope: Scope, of: Period) -> Period:
    """The period before of the same kind."""
    return of.previous()


def shift(scope: Scope, of: Period, count: int) -> Period:
    _within(scope, "count", count, -MAX_PERIODS, MAX_PERIODS)
    """The period some periods of its kind later (earlier when negative)."""
    return of.shift(count)


def year_of(scope: Scope, of: Period) -> Period:
    """The calendar year a period ends in."""
    return Period(date(of.end.year, 1, 1), date(of.end.year, 12, 31))


def month_of(scope: Scope, of: Period) -> Period:
    """The calendar month a period ends in."""
    return Period.parse(f"{of.end.year:04d}-{of.end.month:02d}")


def quarter_of(scope: Scope, of: Period) -> Period:
    """The calendar quarter a period ends in."""
    return Period.parse(f"{of.end.year:04d}-Q{(of.end.month + 2) // 3}")


def periods_between(scope: Scope, start: Period, end: Period) -> list[Period]:
    """All periods of one kind from the first to the last; empty if the last comes first."""
    if start.kind != end.kind:
        raise BadInput(
            scope.where, "the two ends are periods of different kinds", start.kind, f"{end.kind} ({end})"
        )
    found: list[Period] = []
    at = start
    while at <= end:
        found.append(at)
        at = at.next()
        if len(found) > MAX_PERIODS:
            raise BadInput(scope.where, "too many periods", f"at most {MAX_PERIODS}", f"{start} to {end}")
    return found


# ---- relations

Levels = str | Quantity


def _pair(name: str, before: Callable[[Period], Period]) -> Callable[..., Quantity]:
    def compare(
        scope: Scope,
        of: Levels,
        against: Period | Quantity,
        *,
        by: str | None = None,
        vintage: Vintage = "latest",
        subject: str = "",
    ) -> Quantity:
        if isinstance(of, Quantity) and isinstance(against, Quantity):
            return apply(relation(name), of, against)
        if isinstance(of, str) and isinstance(against, Period):
            new = level(scope, of, against, by=by, vintage=vintage, subject=subject)
            old = level(scope, of, before(against), by=by, vintage=vintage, subject=subject)
            return apply(relation(name), new, old)
        raise BadInput(scope.where, f"{name} takes a series and a period, or two quantities")

    compare.__doc__ = f"{name}: of a series for a period, or of two quantities (new, old)."
    return compare


yoy = _pair("yoy", Period.year_ago)
qoq = _pair("qoq", Period.previous)
mom = _pair("mom", Period.previous)


def growth(scope: Scope, new: Quantity, old: Quantity) -> Quantity:
    """Change from one point to another, as a fraction of the base."""
    return apply(relation("growth"), new, old)


def change(scope: Scope, series: str, start: Period, end: Period) -> Quantity:
    """Return of a series from the close of one day to that of another."""
    return apply(relation("growth"), level(scope, series, end), level(scope, series, start))


def excess(scope: Scope, series: str, benchmark: str, start: Period, end: Period) -> Quantity:
    """Return of a series less that of its benchmark over the same days, in percentage points."""
    return apply(
        relation("relative_return"),
        level(scope, series, end),
        level(scope, series, start),
        level(scope, benchmark, end),
        level(scope, benchmark, start),
    )


def cagr(scope: Scope, new: Quantity, old: Quantity) -> Quantity:
    """Compound growth a year; the years come from the two periods."""
    return apply(relation("cagr"), new, old)


def share(scope: Scope, part: Quantity, whole: Quantity) -> Quantity:
    """A part over the whole."""
    return apply(relation("share"), part, whole)


def total(
    scope: Scope, parts: list[Value], of: Period | None = None, *, vintage: Vintage = "latest"
) -> Quantity:
    """The sum of quantities, or of several series for one period."""
    return apply(relation("total"), *_levels(scope, parts, of, vintage))


def average(scope: Scope, parts: list[Value], of: Period | None = None) -> Quantity:
    """The mean of quantities, or of several series for one period."""
    return apply(relation("average"), *_levels(scope, parts, of, "latest"))


def _levels(scope: Scope, parts: list[Value], of: Period | None, vintage: Vintage) -> list[Quantity]:
    found: list[Quantity] = []
    for part in parts:
        if isinstance(part, str) and of is not None:
            found.append(level(scope, part, of, vintage=vintage))
        elif isinstance(part, Quantity):
            found.append(part)
        else:
            raise BadInput(scope.where, "a list of quantities, or of series with a period, is expected")
    return found


def moving_average(scope: Scope, series: str, last: Period, count: int) -> Quantity:
    """Mean of the last `count` periods up to and including the given one."""
    _within(scope, "count", count, 2, 400)
    return apply(
        relation("moving_average"), *(level(scope, series, last.shift(-i)) for i in range(count - 1, -1, -1))
    )


def calendarised(
    scope: Scope, series: str, of: Period, *, edition: str | None = None, vintage: Vintage = "latest"
) -> Quantity:
    """A calendar year or quarter as the sum of the quarters or months that make it up."""
    for parts in (of.quarters() if of.kind == "year" else (), of.months()):
        if parts and all(_is_known(scope, series, part, edition) for part in parts):
            return apply(
                relation("calendarised"),
                *(level(scope, series, part, edition=edition, vintage=vintage) for part in parts),
            )
    raise NotKnown(scope.where, f'not every part of {of} is known for "{series}"')


def _is_known(scope: Scope, series: str, of: Period, edition: str | None) -> bool:
    return scope.known.known(series, of, edition=edition) is not None


def year_to_date(scope: Scope, series: str, month: Period) -> Quantity:
    """Sum from January to the given month."""
    first = Period.parse(f"{month.end.year:04d}-01")
    return apply(
        relation("year_to_date"), *(level(scope, series, p) for p in periods_between(scope, first, month))
    )


def january_february(scope: Scope, series: str, year: Period) -> Quantity:
    """January and February together, so that the Lunar New Year does not move the growth."""
    months = (Period.parse(f"{year.end.year:04d}-{month:02d}") for month in (1, 2))
    return apply(relation("january_february"), *(level(scope, series, p) for p in months))


def _plain(name: str) -> Callable[..., Quantity]:
    def run(scope: Scope, *operands: Quantity) -> Quantity:
        for operand in operands:
            if not isinstance(operand, Quantity):
                raise BadInput(scope.where, f"{name} takes quantities", "level(…)", type(operand).__name__)
        return apply(relation(name), *operands)

    run.__doc__ = f"The relation {name} of its operands."
    return run


def rebased(scope: Scope, series: str, day: Period, base: Period) -> Quantity:
    """The series on a day, with the base day at 100."""
    return apply(relation("rebased"), level(scope, series, day), level(scope, series, base))


def drawdown(scope: Scope, series: str, start: Period, end: Period) -> Quantity:
    """The deepest fall from a high to a later low within the days, on closes."""
    peak_at = trough_at = high = None
    deepest = None
    for day in days_known(scope, series, start, end):
        value = scope.known.level(series, day).value
        if high is None or value > high:
            high, high_at = value, day
        fall = value / high
        if deepest is None or fall < deepest:
            deepest, peak_at, trough_at = fall, high_at, day
    assert peak_at is not None and trough_at is not None  # days_known never returns an empty list
    return apply(relation("drawdown"), level(scope, series, trough_at), level(scope, series, peak_at))


def rise(scope: Scope, series: str, start: Period, end: Period) -> Quantity:
    """The largest rise from a low to a later high within the days, on closes."""
    low = low_at = trough_at = peak_at = None
    largest = None
    for day in days_known(scope, series, start, end):
        value = scope.known.level(series, day).value
        if low is None or value < low:
            low, low_at = value, day
        gain = value / low
        if largest is None or gain > largest:
            largest, trough_at, peak_at = gain, low_at, day
    assert trough_at is not None and peak_at is not None  # days_known never returns an empty list
    return apply(relation("rise"), level(scope, series, peak_at), level(scope, series, trough_at))


def trend(scope: Scope, series: str, start: Period, end: Period) -> Quantity:
    """Annual growth factor of a log-linear line through every subject's value known in the stretch."""
    points = [
        scope.known.level(series, at, subject=subject)
        for subject in scope.known.subjects(series)
        for at in scope.known.periods(series, subject=subject)
        if start.start <= at.start <= end.end
    ]
    if len(points) < 8:
        raise NotKnown(scope.where, f'fewer than 8 points of "{series}" are known from {start} to {end}')
    return apply(relation("trend"), *points)


# ---- names and wording


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
    _within(scope, "places", places, 0, MAX_PLACES)
    return Printed(Words(said(of, "zh", places=places), said(of, "en", places=places)), of)


def places(scope: Scope, of: Quantity, count: int, *, sign: int = 0) -> Printed:
    """Printed with a number of decimal places; sign=1 shows a plus too."""
    _within(scope, "places", count, 0, MAX_PLACES)
    texts = (printed(of, lang, places=count, sign=bool(sign)) for lang in ("zh", "en"))
    return Printed(Words(*texts), of)


def as_unit(scope: Scope, of: Quantity, name: str, count: int | None = None) -> Printed:
    """Printed in another unit of the same kind."""
    _within(scope, "places", count, 0, MAX_PLACES)
    to = unit(name)
    return Printed(
        Words(printed(of, "zh", unit=to, places=count), printed(of, "en", unit=to, places=count)), of
    )


def size(scope: Scope, of: Quantity, count: int | None = None) -> Printed:
    """Printed without its sign, where the sentence gives the direction."""
    _within(scope, "places", count, 0, MAX_PLACES)
    bare = {lang: printed(of, lang, places=count).lstrip("−-") for lang in ("zh", "en")}
    return Printed(Words(bare["zh"], bare["en"]), of)


def span(scope: Scope, low: str, high: str, at: Period, *, by: str | None = None) -> Printed:
    """A range that somebody printed as two series: 50–60%; with only an upper end <15%; with equal ends 10%.

    Its quantity is the middle of the range (of an open one its end), so that the trace holds both ends.
    """
    if not high:
        raise NotKnown(scope.where, "the range has no upper end")
    top = level(scope, high, at, by=by)
    texts = {lang: printed(top, lang) for lang in ("zh", "en")}
    if not low:
        return Printed(Words("<" + texts["zh"], "<" + texts["en"]), top)
    bottom = level(scope, low, at, by=by)
    if bottom.value == top.value:
        return Printed(Words(texts["zh"], texts["en"]), top)
    return Printed(
        Words(*(_joined(printed(bottom, lang), texts[lang]) for lang in ("zh", "en"))),
        apply(relation("midpoint"), bottom, top),
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


# ---- conditions


def since(scope: Scope, day: Period) -> bool:
    """The build's day is on or after the day: a dated fact has happened."""
    return scope.day >= day.start


def before(scope: Scope, day: Period) -> bool:
    """The build's day is before the day."""
    return scope.day < day.start


def _stands(status: str) -> Callable[[Scope, str], bool]:
    def stands(scope: Scope, thesis: str) -> bool:
        known = dict(scope.theses)
        if thesis not in known:
            raise BadInput(
                scope.where, "unknown thesis", ", ".join(known) or "a thesis of theses.toml", thesis
            )
        return known[thesis] == status

    stands.__doc__ = f"The thesis stands as {status} on the day."
    return stands


def positive(scope: Scope, of: Quantity) -> bool:
    """Above zero, whatever the rounding of its inputs."""
    return of.interval.low > 0


def negative(scope: Scope, of: Quantity) -> bool:
    """Below zero, whatever the rounding of its inputs."""
    return of.interval.high < 0


def greater(scope: Scope, one: Quantity, other: Quantity) -> bool:
    """The first is above the second, whatever the rounding of their inputs."""
    gap = apply(relation("difference"), one, other)
    return gap.interval.low > 0


def later(scope: Scope, one: Period, other: Period) -> bool:
    """The first period ends after the second."""
    return one.end > other.end


def negate(scope: Scope, condition: bool) -> bool:
    """The condition does not hold."""
    return not condition


def _conditions(scope: Scope, values: list[Value]) -> list[bool]:
    found = [value for value in values if isinstance(value, bool)]
    if len(found) != len(values):
        raise BadInput(scope.where, "a list of conditions is expected", 'every([since("2025-01-20")])')
    return found


def every(scope: Scope, conditions: list[Value]) -> bool:
    """All conditions hold."""
    return all(_conditions(scope, conditions))


def some(scope: Scope, conditions: list[Value]) -> bool:
    """At least one condition holds."""
    return any(_conditions(scope, conditions))


VOCABULARY: dict[str, Callable[..., Value]] = {
    "level": level, "first_print": first_print, "latest": latest, "asof": asof, "close_on": close_on,
    "year_end_close": year_end_close, "back": back, "best_day": best_day, "days": days_known,  # type: ignore[dict-item]
    "period": period, "year_ago": year_ago, "previous": previous, "shift": shift, "year_of": year_of,
    "month_of": month_of, "quarter_of": quarter_of, "periods": periods_between,  # type: ignore[dict-item]
    "yoy": yoy, "qoq": qoq, "mom": mom, "growth": growth, "change": change, "excess": excess, "cagr": cagr,
    "share": share, "total": total, "average": average, "moving_average": moving_average,
    "calendarised": calendarised, "year_to_date": year_to_date, "january_february": january_february,
    "difference": _plain("difference"), "ratio": _plain("ratio"), "per": _plain("per"), "product": _plain("product"),
    "contribution": _plain("contribution"), "midpoint": _plain("midpoint"), "converted": _plain("converted"),
    "rebased": rebased, "drawdown": drawdown, "rise": rise, "trend": trend,
    "companies": companies, "rating": rating, "rating_rule": rating_rule, "span": span, "same": same,
    "name": name, "date_of": date_of, "period_of": period_of, "operand": operand,
    "said": as_said, "places": places, "as_unit": as_unit, "size": size,
    "since": since, "before": before, "holds": _stands("holds"), "weakening": _stands("weakening"),
    "broken": _stands("broken"), "unknown": _stands("unknown"), "positive": positive, "negative": negative,
    "greater": greater, "later": later, "negate": negate, "every": every, "some": some,
}  # fmt: skip
