"""This module finds round axis steps, aligns the zeros of two axes and thins out labels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from waferline.quantity.period import Period

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where an axis begins and ends, and its ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = False
    labelled_from: float = -math.inf  # ticks below it exist only because another axis needs the room
    grouped: bool = True  # 12,000; not for years

    @property
    def places(self) -> int:
        """Digits after the point that tell the ticks apart."""
        if len(self.ticks) < 2 or self.log:
            return 0
        step = self.ticks[1] - self.ticks[0]
        return next((p for p in range(7) if abs(round(step, p) - step) < step * 1e-6), 6)

    def labels(self) -> tuple[str, ...]:
        """Ticks as printed."""
        if self.log:
            powers = any(t >= 1e6 for t in self.ticks)
            return tuple(power_label(t, from_exponent=4 if powers else 6) for t in self.ticks)
        shown = (number_label(t, self.places) if t >= self.labelled_from else "" for t in self.ticks)
        return tuple(text if self.grouped else text.replace(",", "") for text in shown)


def number_label(value: float, places: int) -> str:
    """A tick: grouped, with a true minus sign.

    >>> number_label(-1200, 0)
    '−1,200'
    """
    text = f"{abs(value):,.{places}f}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def power_label(value: float, *, from_exponent: int = 6) -> str:
    """A tick of a logarithmic axis; from `from_exponent` as a power, written as in the report's numbers.

    >>> power_label(0.1), power_label(1e24)
    ('0.1', '10^24')
    """
    exponent = round(math.log10(value))
    if abs(math.log10(value) - exponent) > 1e-9 or -4 < exponent < from_exponent:
        return f"{value:,.12f}".rstrip("0").rstrip(".")
    return f"10^{exponent}"


def nice_step(least: float) -> float:
    """The smallest round step that is not below `least`.

    >>> nice_step(0.23), nice_step(130)
    (0.25, 200.0)
    """
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * s for s in _STEPS if power * s >= least * (1 - 1e-9))


def linear(values: Sequence[float], *, zero: bool, ticks: int = 5) -> Scale:
    """A scale of about `ticks` steps around the values; with `zero`, or when zero is near, it holds zero."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if zero or (low > 0 and low < 0.35 * high) or (high < 0 and high > 0.35 * low):
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (low - abs(low) / 10, high + abs(high) / 10) if low else (0.0, 1.0)
    step = nice_step((high - low) / ticks)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return _of_steps(step, first, last)


def aligned(left: Sequence[float], right: Sequence[float]) -> tuple[Scale, Scale]:
    """Two scales with zero at the same height and the same number of ticks.

    >>> a, b = aligned([0, 630], [-8.2, 19.1])
    >>> a.low / a.high == b.low / b.high
    True
    """
    sides = [(min(0.0, *v), max(0.0, *v)) if v else (0.0, 1.0) for v in (left, right)]
    sides = [(low, high) if high > low else (0.0, 1.0) for low, high in sides]
    best: tuple[float, Scale, Scale] | None = None
    for below in range(0, 5):
        for above in range(0, 7):
            if not 3 <= below + above <= 7 or (below == 0) != all(low >= 0 for low, _ in sides):
                continue
            if (above == 0) != all(high <= 0 for _, high in sides):
                continue
            scales, waste = [], 0.0
            for low, high in sides:
                needed = max(high / above if above else 0.0, -low / below if below else 0.0)
                step = nice_step(needed)
                scales.append(_of_steps(step, -below, above))
                waste += 1 - (high - low) / (step * (below + above))
            waste += 0.02 * abs(below + above - 5)
            if best is None or waste < best[0] - 1e-9:
                best = (waste, scales[0], scales[1])
    if best is None:  # cannot happen: some split into 3–7 steps always fits
        return linear(left, zero=True), linear(right, zero=True)
    first, second = (
        scale if low < 0 else replace(scale, labelled_from=0.0)
        for scale, (low, _) in zip(best[1:], sides, strict=True)
    )
    return first, second


def logarithmic(values: Sequence[float], *, most: int = 7) -> Scale:
    """Whole decades around the positive values; ticks at every, every second … decade."""
    exponents = [math.log10(v) for v in values if v > 0] or [0.0]
    first, last = math.floor(min(exponents) + 1e-9), math.ceil(max(exponents) - 1e-9)
    last = max(last, first + 1)
    every = math.ceil((last - first + 1) / most)
    first -= (last - first) % every if every > 1 else 0
    return Scale(10.0**first, 10.0**last, tuple(10.0**e for e in range(first, last + 1, every)), log=True)


def _of_steps(step: float, first: int, last: int) -> Scale:
    digits = max(0, 3 - math.floor(math.log10(step)))
    ticks = tuple(round(step * n, digits) for n in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def milliseconds(day: date) -> int:
    """A day as the page's JavaScript counts it: UTC milliseconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def middle(period: Period) -> date:
    """The day a point of this period stands at."""
    return period.start + timedelta(days=(period.end - period.start).days // 2)


def day_ticks(first: date, last: date, most: int) -> tuple[tuple[date, str], ...]:
    """Month or year beginnings between two days, at most `most`, with their labels (2024-01, or 2024)."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    for every in (1, 2, 3, 6, 12, 24, 36, 60, 120, 240):
        if months / every <= most:
            break
    ticks = []
    for month in range(first.year * 12, last.year * 12 + 13):
        day = date(month // 12, month % 12 + 1, 1)
        if first <= day <= last and month % every == 0:
            ticks.append((day, f"{day:%Y-%m}" if every < 12 else f"{day:%Y}"))
    return tuple(ticks)


def shown_labels(periods: Sequence[Period | None], widths: Iterable[float], room: float) -> tuple[int, ...]:
    """Which labels of an axis of `room` a place fit without touching; the rest are left out in an even rhythm.

    Months keep Januaries, quarters fourth quarters, years count back from the last.
    """
    widest = max(widths, default=0.0) + 8
    total = len(periods)
    kinds = {p.kind for p in periods if p}
    rhythm = (1, 2, 3, 6, 12, 24, 36, 60, 120) if kinds == {"month"} else (1, 2, 4, 8, 12, 16, 20, 40)
    if kinds != {"month"} and kinds != {"quarter"}:
        rhythm = (1, 2, 3, 4, 5, 10, 20, 50)
    every = next((n for n in rhythm if n * room >= widest), rhythm[-1])
    if kinds == {"month"} and every > 1:
        return tuple(
            i for i, p in enumerate(periods) if p and (p.start.month - 1 + 12 * p.start.year) % every == 0
        )
    if kinds == {"quarter"} and every > 1:
        return tuple(
            i for i, p in enumerate(periods) if p and (p.end.month // 3 + 4 * p.start.year) % every == 0
        )
    return tuple(i for i in range(total) if (total - 1 - i) % every == 0)
