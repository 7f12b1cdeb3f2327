"""This module asks the Snapshot for levels, and for the days and periods that have one."""

from __future__ import annotations

from datetime import date

from waferline.errors import BadInput, NotKnown
from waferline.evidence.snapshot import Vintage
from waferline.quantity.period import Period
from waferline.quantity.quantity import Quantity
from waferline.study.values import Scope
from waferline.study.vocabulary.periods import MAX_PERIODS, within


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
    """The value of a series for a period, as known on the day; a row that names no series has none."""
    if not series:
        raise NotKnown(scope.where, "the row names no series")
    if not series:  # a row of an exhibit names none where nothing was published
        raise NotKnown(scope.where, "no series is named")
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
    within(scope, "months", months, 0, MAX_PERIODS)
    within(scope, "weeks", weeks, 0, MAX_PERIODS)
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
