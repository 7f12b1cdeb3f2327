"""This module turns estimates of year-end capacity, a run-rate, into wafers a quarter: the ramp between them is integrated."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Values
from waferline.models.supply.timing import FIRST, QUARTERS

_MONTHS = 3.0
_ENDS = 8  # year-ends of 2021 to 2028


def stated(x: Values, prefix: str) -> Mapping[int, tuple[float, float]]:
    """The year-end figures of one house by year, as low and high; a single figure is both.

    `PREFIX_low`, `PREFIX_high` and `PREFIX_point` are lists, each with `…_year` beside it. A range wins over a single
    figure of the same house and year.
    """
    ends = {part: _by_year(x, f"{prefix}_{part}") for part in ("low", "high", "point")}
    found = {year: (value, value) for year, value in ends["point"].items()}
    for year in ends["low"].keys() & ends["high"].keys():
        low, high = ends["low"][year], ends["high"][year]
        x.refuse(low > high, f"the low of {prefix}'s capacity for {year} lies above its high")
        found[year] = (low, high)
    return found


def _by_year(x: Values, name: str) -> Mapping[int, float]:
    if not x.has(name) or not x.has(f"{name}_year"):
        return {}
    years, values = x[f"{name}_year"], x[name]
    x.refuse(len(years) != len(values), f"{name} and {name}_year are not of one length")
    return {int(year): float(value) for year, value in zip(years, values, strict=True)}


def merged(
    base: Mapping[int, tuple[float, float]], house: Mapping[int, tuple[float, float]]
) -> Mapping[int, tuple[float, float]]:
    """The house's own figures; before the first year it speaks of, those of the base. Two houses are never averaged."""
    if not house:
        return base
    first = min(house)
    return {year: ends for year, ends in base.items() if year < first} | dict(house)


def year_ends(figures: Mapping[int, tuple[float, float]], place: Array, start: Array, growth: Array) -> Array:
    """Capacity at the ends of 2021 to 2028, `(…, 8)`, in the unit of the figures.

    `place` says where between low and high, the same for every year. `start` is the capacity at the end of 2022 where
    nobody states it, and of the years before. Between two stated years the path is geometric; after the last it grows by `growth` a year.
    """
    shape = np.broadcast_shapes(place.shape, start.shape, growth.shape)
    years = np.arange(FIRST - 1, FIRST - 1 + _ENDS)
    known: dict[int, Array] = {
        year: np.broadcast_to(np.log(low) + place * (np.log(high) - np.log(low)), shape)
        for year, (low, high) in figures.items()
        if years[0] <= year <= years[-1]
    }
    for year in (2021, 2022):
        known.setdefault(year, np.broadcast_to(np.log(start), shape))
    ends = np.empty((*shape, _ENDS))
    placed = sorted(known)
    for i, year in enumerate(years.astype(int)):
        before = max(each for each in placed if each <= year)
        after = min((each for each in placed if each >= year), default=None)
        if after is None:
            ends[..., i] = known[before] + (year - before) * np.log1p(growth)
        elif after == before:
            ends[..., i] = known[year]
        else:
            part = (year - before) / (after - before)
            ends[..., i] = known[before] + part * (known[after] - known[before])
    return np.exp(ends)


def wafers(ends: Array) -> Array:
    """Wafers a quarter from capacity a month at year-ends, `(…, 28)`: the integral of a geometric ramp.

    Simpson's rule on the ramp within a quarter, which is off by less than one part in 10⁴ where capacity doubles in a year.
    """
    quarters = np.arange(QUARTERS + 1) / 4
    index = np.minimum(quarters.astype(int), _ENDS - 2)
    part = quarters - index
    logs = np.log(ends)
    at = np.exp(logs[..., index] * (1 - part) + logs[..., index + 1] * part)
    low, high = at[..., :-1], at[..., 1:]
    result: Array = _MONTHS * (low + 4 * np.sqrt(low * high) + high) / 6
    return result
