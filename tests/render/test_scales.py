from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waferline.quantity.period import Period
from waferline.render.charts.scales import aligned, day_ticks, linear, logarithmic, power_label, shown_labels

values = st.lists(st.floats(-1e6, 1e6).filter(lambda v: v == 0 or abs(v) > 1e-3), min_size=1, max_size=8)


def height_of_zero(low: float, high: float) -> float:
    return -low / (high - low)


@given(left=values, right=values)
def test_zeros_of_both_axes_stand_at_the_same_height(left: list[float], right: list[float]) -> None:
    a, b = aligned(left, right)

    assert height_of_zero(a.low, a.high) == pytest.approx(height_of_zero(b.low, b.high), abs=1e-6)


@given(left=values, right=values)
def test_aligned_axes_hold_every_value_and_have_as_many_ticks(left: list[float], right: list[float]) -> None:
    a, b = aligned(left, right)

    assert len(a.ticks) == len(b.ticks)
    for scale, inside in ((a, left), (b, right)):
        slack = (scale.high - scale.low) * 1e-6
        assert scale.low - slack <= min(0.0, *inside) and max(0.0, *inside) <= scale.high + slack


def test_years_on_an_axis_are_not_grouped() -> None:
    assert linear([2024, 2030], zero=False).labels()[0] == "2,024"
    assert replace(linear([2024, 2030], zero=False), grouped=False).labels()[0] == "2024"


def test_levels_get_no_labels_below_zero() -> None:
    levels, growth = aligned([627.6, 526.9], [19.1, -8.2])

    assert levels.labels()[0] == "" and "0" in levels.labels()
    assert growth.labels()[0].startswith("−")


@given(numbers=values)
def test_a_linear_scale_holds_its_values(numbers: list[float]) -> None:
    scale = linear(numbers, zero=False)

    slack = (scale.high - scale.low) * 1e-6
    assert scale.low - slack <= min(numbers) and max(numbers) <= scale.high + slack


def test_bars_begin_at_zero_and_lines_need_not() -> None:
    assert linear([400.0, 420.0], zero=True).low == 0
    assert linear([400.0, 420.0], zero=False).low > 350


def test_a_log_scale_has_whole_decades() -> None:
    scale = logarithmic([3e17, 4e25])

    assert (scale.low <= 3e17) and (scale.high >= 4e25)
    assert len(scale.ticks) <= 7
    assert power_label(scale.high).startswith("10^")


def test_months_keep_januaries_when_labels_are_thinned() -> None:
    months = [Period.parse(f"{y}-{m:02d}") for y in (2023, 2024) for m in range(1, 13)]

    shown = shown_labels(months, [44.0] * 24, room=6.0)

    assert [str(months[i]) for i in shown] == ["2023-01", "2024-01"]


def test_quarters_keep_fourth_quarters_when_labels_are_thinned() -> None:
    quarters = [Period.parse(f"{y}-Q{q}") for y in (2023, 2024) for q in (1, 2, 3, 4)]

    shown = shown_labels(quarters, [30.0] * 8, room=12.0)

    assert [quarters[i].short() for i in shown] == ["23Q4", "24Q4"]


def test_day_ticks_are_month_beginnings() -> None:
    assert day_ticks(date(2024, 1, 2), date(2024, 4, 30), 6) == (
        (date(2024, 2, 1), "2024-02"),
        (date(2024, 3, 1), "2024-03"),
        (date(2024, 4, 1), "2024-04"),
    )
