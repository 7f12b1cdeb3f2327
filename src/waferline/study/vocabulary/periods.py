"""This module makes periods from periods, and bounds the counts that a study may ask for."""

from __future__ import annotations

from datetime import date

from waferline.errors import BadInput
from waferline.quantity.period import Period
from waferline.study.values import Scope

MAX_PERIODS = 5000
MAX_PLACES = 6


def within(scope: Scope, what: str, count: int | None, low: int, high: int) -> None:
    """A count from a study is bounded: it may come from a stranger."""
    if count is not None and not low <= count <= high:
        raise BadInput(scope.where, f"{what} is out of bounds", f"{low} to {high}", str(count))


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
    within(scope, "count", count, -MAX_PERIODS, MAX_PERIODS)
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
