"""This module reads an input in the evidence, as it was known on the day of the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from waferline.errors import BadInput, NotKnown
from waferline.evidence.snapshot import Snapshot
from waferline.models.distributions import Distribution, distribution, point
from waferline.models.model import Array, Input
from waferline.models.settings import factor, read_setting
from waferline.quantity.period import Period
from waferline.quantity.quantity import Quantity, apply
from waferline.quantity.relations import relation
from waferline.quantity.units import unit

_ONE = ("series", "period", "subject", "by", "edition", "exact", "unit", "over")
_MANY = ("series", "take", "start", "end", "paired", "kind", "realised", "by", "edition", "unit")
_DAYS_A_YEAR = 365.25
_FIRST_DAY = 719163  # 1970-01-01 as an ordinal


def from_evidence(
    about: Input, entry: Mapping[str, Any], known: Snapshot, where: str
) -> tuple[Distribution | Array, tuple[Quantity, ...]]:
    """The value of an input in its unit, with the quantities behind it.

    One number: `series`, `period` (or `latest`), `subject`, `by`; what its rounding allows is its range, unless it is
    `exact`, as a rule or a count; `over` names a series whose value for the same period it is divided by.
    A list, for `many` inputs, is written out as `items`, each one such number or a `value`; or it is every subject's value, in the order of subject and period; `take = "year"` gives the middle of its
    period as a decimal year, `take = "span"` its length in years, `take = "half_width"` half of what its rounding allows; `kind` keeps periods of one kind, `realised` leaves
    forecasts out, `by` is the house and `edition` tells two statements of one day apart; `unit`
    takes the number as so many of that unit, for an input that is a bare number; `paired` names other series that must know the subject too, so that lists fit together.
    Raises NotKnown when the evidence has nothing on the day.
    """
    allowed = _MANY if about.many else _ONE
    if about.many and "items" in entry:
        return _items(about, entry, known, where)
    unknown = sorted(set(entry) - set(allowed))
    if unknown:
        raise BadInput(where, "unknown key", ", ".join(allowed), ", ".join(unknown)[:60])
    return _many(about, entry, known, where) if about.many else _one(about, entry, known, where)


def _one(
    about: Input, entry: Mapping[str, Any], known: Snapshot, where: str
) -> tuple[Distribution, tuple[Quantity, ...]]:
    series, period = str(entry["series"]), str(entry.get("period", "latest"))
    subject = str(entry.get("subject", ""))
    chosen = known.latest(series, subject=subject or None, realised=False) if period == "latest" else period
    quantity = known.level(
        series, chosen, subject=subject, by=_text(entry, "by"), edition=_text(entry, "edition")
    )
    part_of: tuple[Quantity, ...] = ()
    if "over" in entry:
        whole = known.level(str(entry["over"]), chosen)
        share = apply(relation("share"), quantity, whole)
        scale, part_of = factor(about, share.unit.name, where), (whole,)
    else:
        share, scale = quantity, _scale(about, entry, quantity, where)
    bounds = share.interval
    low, high = float(bounds.low) * scale, float(bounds.high) * scale
    value = float(share.value) * scale
    if low == high or not np.isfinite(high) or entry.get("exact") is True:
        return point(value), (quantity, *part_of)
    return distribution(where, low=low, central=None, high=high), (quantity, *part_of)


def _items(
    about: Input, entry: Mapping[str, Any], known: Snapshot, where: str
) -> tuple[Array, tuple[Quantity, ...]]:
    """A list written out: each item a number of the evidence, or a `value` of whoever wrote the file."""
    items = entry["items"]
    if set(entry) != {"items"} or not isinstance(items, list) or not items:
        raise BadInput(
            where, "items is a list of tables and stands alone", '[{ series = "…", period = "…" }]'
        )
    one = replace(about, many=False)
    values: list[float] = []
    found: list[Quantity] = []
    for number, item in enumerate(items, start=1):
        place = f"{where}, item {number}"
        if not isinstance(item, Mapping) or ("series" in item) == ("value" in item):
            raise BadInput(place, "an item is a series or a value", '{ series = "…" } or { value = "…" }')
        if "value" in item:
            told = read_setting(one, item, place)
            assert isinstance(told, Distribution)
            values.append(told.central)
            continue
        read, quantities = from_evidence(one, {**item, "exact": True}, known, place)
        assert isinstance(read, Distribution)
        values.append(read.central)
        found += quantities
    return np.array(values), tuple(found)


def _many(
    about: Input, entry: Mapping[str, Any], known: Snapshot, where: str
) -> tuple[Array, tuple[Quantity, ...]]:
    series = str(entry["series"])
    start, end = str(entry.get("start", "0001-01-01")), str(entry.get("end", "9999-12-31"))
    first, last = Period.parse(start).start, Period.parse(end).end
    others = [set(known.subjects(str(each))) for each in entry.get("paired", [])]
    found: list[Quantity] = []
    for subject in known.subjects(series):
        if not all(subject in each for each in others):
            continue
        realised = True if entry.get("realised") is True else None
        for period in known.periods(series, _text(entry, "kind"), subject=subject, realised=realised):
            if first <= period.start and period.end <= last:
                quantity = known.known(
                    series, period, subject=subject, by=_text(entry, "by"), edition=_text(entry, "edition")
                )
                if realised and quantity and quantity.is_forecast:
                    continue
                found += [quantity] if quantity else []
    if not found:
        raise NotKnown(where, f"nothing of {series} is known on {known.day}")
    take = str(entry.get("take", "value"))
    if take == "year":
        return np.array([_year(q.period) for q in found if q.period]), tuple(found)
    if take == "span":
        days = [(q.period.end - q.period.start).days + 1 for q in found if q.period]
        return np.array(days, dtype=np.float64) / _DAYS_A_YEAR, tuple(found)
    if take not in ("value", "half_width"):
        raise BadInput(where, "unknown take", "value, year, span or half_width", take[:60])
    scale = _scale(about, entry, found[0], where)
    if take == "half_width":
        bounds = [q.to(found[0].unit).interval for q in found]
        return np.array([float(b.high - b.low) / 2 * scale for b in bounds]), tuple(found)
    return np.array([float(q.to(found[0].unit).value) * scale for q in found]), tuple(found)


def _scale(about: Input, entry: Mapping[str, Any], quantity: Quantity, where: str) -> float:
    """How the evidence's number is written in the input's unit; with `unit`, how many of that unit it is, as a bare number."""
    if "unit" not in entry:
        return factor(about, quantity.unit.name, where)
    counted = unit(str(entry["unit"]))
    quantity.to(counted)  # refuses a unit of another kind, and names both
    return float(quantity.unit.scale / counted.scale)


def _year(period: Period) -> float:
    middle = (period.start.toordinal() + period.end.toordinal()) / 2
    return 1970 + (middle - _FIRST_DAY) / _DAYS_A_YEAR


def _text(entry: Mapping[str, Any], key: str) -> str | None:
    return str(entry[key]) if key in entry else None
