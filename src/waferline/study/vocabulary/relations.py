"""This module applies the relations of `quantity.relations` to levels; nothing here does arithmetic."""

from __future__ import annotations

from collections.abc import Callable

from waferline.errors import BadInput, NotKnown
from waferline.evidence.snapshot import Vintage
from waferline.quantity.period import Period
from waferline.quantity.quantity import Quantity, apply
from waferline.quantity.relations import relation
from waferline.study.values import Scope, Value
from waferline.study.vocabulary.levels import close_on, days_known, level
from waferline.study.vocabulary.periods import periods_between, within

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
    within(scope, "count", count, 2, 400)
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


def plain(name: str) -> Callable[..., Quantity]:
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
    """The deepest fall from a high to a later low within the days, on closes; not known if they begin too late."""
    close_on(scope, series, start)
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
    """The largest rise from a low to a later high within the days, on closes; not known if they begin too late."""
    close_on(scope, series, start)
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
