"""The Hypothesis strategies of the whole test suite; every new kind of thing joins them here."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from waferline.quantity import RELATIONS, Leaf, Period, Quantity, Relation, observed, unit
from waferline.quantity.period import months_from
from waferline.quantity.units import UNITS

KNOWN_FROM = date(2025, 3, 20)


def leaf(literal: str, unit_name: str = "USD bn", period: str = "2024", **changed: Any) -> Leaf:
    """An observation with everything a test does not care about filled in; `series` tells leaves apart."""
    fields: dict[str, Any] = {
        "series": "test.series", "subject": "", "by": "", "edition": "", "published": None,
        "known_from": KNOWN_FROM, "basis": "stated", "source": "test", "kind": "realised", "exact": False,
    }  # fmt: skip
    period_of = Period.parse(period)
    return Leaf(literal=literal, unit=unit(unit_name), period=period_of, **{**fields, **changed})


def level(literal: str, unit_name: str = "USD bn", period: str = "2024", **changed: Any) -> Quantity:
    return observed(leaf(literal, unit_name, period, **changed))


def example_inputs(relation: Relation) -> tuple[Quantity, ...]:
    """The operands of a relation's example, each from a series of its own."""
    return tuple(
        level(literal, unit_name, period, series=f"test.operand{i}")
        for i, (literal, unit_name, period) in enumerate(relation.example.inputs)
    )


def literal_of(value: Fraction, places: int) -> str:
    """A figure as an honest author prints it: to a number of places, half up."""
    units = (abs(value) * 10**places * 2 + 1) // 2
    digits = f"{units:0{places + 1}d}"
    text = digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}"
    return f"-{text}" if value < 0 and units else text


days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
months = st.integers(1990 * 12, 2040 * 12).map(lambda first: months_from(first, 1))
quarters = st.integers(1990 * 4, 2040 * 4).map(lambda quarter: months_from(quarter * 3, 3))
years = st.integers(1990, 2040).map(lambda year: months_from(year * 12, 12))
month_ranges = st.builds(months_from, st.integers(1990 * 12, 2040 * 12), st.integers(1, 40))
day_ranges = st.tuples(days, days).map(lambda pair: Period(min(pair), max(pair)))
periods = st.one_of(months, quarters, years, month_ranges, day_ranges, days.map(lambda day: Period(day, day)))

units = st.sampled_from(sorted(UNITS)).map(unit)
relations = st.sampled_from(RELATIONS)
places = st.integers(0, 2)
# True values as the world has them; what is printed of them is `literal_of(value, places)`.
true_values = st.fractions(1, 100_000, max_denominator=10_000)
