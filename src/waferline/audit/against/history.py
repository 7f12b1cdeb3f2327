"""This module follows a series over a stretch of time: the changes of a daily price, the growth of each period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from waferline.audit.against.catalogue import Entry
from waferline.audit.against.known import Known
from waferline.errors import BadInput, NotKnown
from waferline.quantity.interval import Interval
from waferline.quantity.period import Period, months_from
from waferline.quantity.relations import relation

_NEAR = 15  # days: the last close before a month begins lies no further back


@dataclass(frozen=True, slots=True)
class Point:
    """What a series gives for one period: a value and what rounding allows, in base units."""

    period: Period
    value: Fraction
    interval: Interval
    series: str


@dataclass(frozen=True, slots=True)
class Move:
    """A move of a price from one day's close to another's."""

    start: date
    end: date
    value: Fraction
    interval: Interval


def move(known: Known, series: str, before: date, end: date) -> Move | None:
    """The change from the last close on or before one day to that on or before another; None where closes are far off."""
    try:
        a = known.snapshot.on_or_before(series, before)
        b = known.snapshot.on_or_before(series, end)
        old, new = known.snapshot.observation(series, a), known.snapshot.observation(series, b)
    except (NotKnown, BadInput):
        return None
    if (before - a.end).days > _NEAR or (end - b.end).days > _NEAR or a.end >= b.end:
        return None
    return _move("growth", a.end, Fraction(old.literal), b.end, Fraction(new.literal))


def _move(name: str, start: date, old: Fraction, end: date, new: Fraction) -> Move:
    rule = relation(name)
    value = rule.value(Interval.point(new), Interval.point(old))
    assert isinstance(value, Interval)
    return Move(start, end, value.low, value)


def monthly_moves(known: Known, series: str) -> list[Point]:
    """The change of a price in each month that has a close at its end and at the end of the month before."""
    days = known.snapshot.periods(series, "day", realised=True)
    if not days:
        return []
    first, last = days[0].end, days[-1].end
    found = []
    for number in range(first.year * 12 + first.month, last.year * 12 + last.month):
        month = months_from(number, 1)
        if month.end > known.snapshot.day:
            break
        moved = move(known, series, month.start - timedelta(1), month.end)
        if moved is not None and moved.start >= month.start - timedelta(_NEAR) and moved.end >= month.start:
            found.append(Point(month, moved.value, moved.interval, series))
    return found


def closes(known: Known, series: str, start: date, end: date) -> list[tuple[date, Fraction]]:
    """The closes from one day to another."""
    return [
        (period.end, Fraction(known.snapshot.observation(series, period).literal))
        for period in known.snapshot.periods(series, "day", realised=True)
        if start <= period.end <= end
    ]


def largest_rise(prices: Sequence[tuple[date, Fraction]]) -> Move | None:
    """The largest rise from a close to a later one."""
    best: Move | None = None
    low: tuple[date, Fraction] | None = None
    for day, price in prices:
        if low is None or price < low[1]:
            low = day, price
        elif best is None or price / low[1] > best.value + 1:
            best = _move("rise", low[0], low[1], day, price)
    return best


def rises(prices: Sequence[tuple[date, Fraction]], within: Interval) -> Iterator[Move]:
    """The rises from a trough to a later peak that lie within an interval, troughs and peaks of ten days either way."""
    for i, (start, low) in enumerate(prices):
        if low > min(p for _, p in prices[max(0, i - 10) : i + 11]):
            continue
        for j in range(i + 1, len(prices)):
            end, high = prices[j]
            if high == max(p for _, p in prices[max(0, j - 10) : j + 11]):
                found = _move("rise", start, low, end, high)
                if found.interval.overlaps(within):
                    yield found


def growth_points(known: Known, entries: Sequence[Entry], kind: str, change: str = "yoy") -> list[Point]:
    """The growth of each period of one kind: as its publisher printed it, else what the known levels give."""
    found: dict[Period, Point] = {}
    for entry in sorted(entries, key=lambda entry: entry.change != change):
        for period in known.periods(entry.series, kind):
            if period in found:
                continue
            try:
                if entry.change == change:
                    figures = [f for f in known.editions(entry.series, period) if not f.forecast]
                    figure = figures[-1] if figures else None
                elif not entry.change:
                    figure = known.growth(entry.series, period, change)
                else:
                    continue
            except BadInput:
                continue
            if figure is not None:
                found[period] = Point(period, figure.value, figure.interval, entry.series)
    return sorted(found.values(), key=lambda point: point.period)


def level_points(known: Known, entries: Sequence[Entry], kind: str) -> list[Point]:
    """The newest known level of each period of one kind, of the first series that has it."""
    found: dict[Period, Point] = {}
    for entry in entries:
        if entry.change:
            continue
        for period in known.periods(entry.series, kind):
            try:
                figures = [f for f in known.editions(entry.series, period) if not f.forecast]
            except BadInput:
                continue
            if figures and period not in found:
                found[period] = Point(period, figures[-1].value, figures[-1].interval, entry.series)
    return sorted(found.values(), key=lambda point: point.period)
