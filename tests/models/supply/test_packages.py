"""Packages on a wafer, counted whole, and accelerators counted from revenue."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.running import run
from waferline.models.supply.packages import PACKAGES, whole_on_wafer
from waferline.models.supply.revenue_leg import UNITS_FROM_REVENUE


def counted(width, height, wafer=300.0, edge=3.0, scribe=0.1):
    return float(whole_on_wafer(*(np.array(v, dtype=float) for v in (wafer, edge, width, height, scribe))))


@pytest.mark.parametrize(("side", "count"), [(200, 1), (130, 2), (100, 4)])
def test_a_few_large_squares_can_be_counted_by_hand(side, count):
    # two of 130 mm side by side: half diagonal √(130² + 65²) = 145.3 < 147
    assert counted(side, side, scribe=0.0) == count


def test_every_rectangle_counted_fits_and_none_outgrows_the_area():
    for width in (20.0, 35.0, 53.2, 71.0):
        for height in (20.0, 33.0, 48.0):
            assert counted(width, height) <= math.pi * 147**2 / (width * height)


@settings(deadline=None, max_examples=30)
@given(st.floats(20, 80), st.floats(20, 80), st.floats(1, 1.3))
def test_a_larger_interposer_is_never_counted_more_often_by_much(width, height, factor):
    # a grid may gain by chance when it moves, never more than one row
    assert counted(width * factor, height * factor) <= counted(width, height) + 2
    assert (
        counted(width, height) == counted(height, width)
        or abs(counted(width, height) - counted(height, width)) <= 1
    )


def test_a_count_that_the_wafer_does_not_allow_is_named():
    found = run(PACKAGES, None, {"reticles": 3.3, "stated": 29})
    assert found.value("packages") == 16
    assert "more than its area allows (24.0)" in found.remarks[0].en
    assert run(PACKAGES, None, {"reticles": 2, "stated": 29}).remarks == ()


def test_an_interposer_larger_than_the_wafer_is_refused():
    with pytest.raises(BadInput, match="larger than the wafer"):
        run(PACKAGES, None, {"interposer_area": "69000 mm2"} | {"interposer_area": 60000, "edge": 20})


SALES = {
    "revenue": {"values": [2, 1], "unit": "USD bn"},
    "share": [1, 0.5],
    "price_low": [10_000, 20_000],
    "price_high": [10_000, 20_000],
}


def test_units_are_revenue_over_price():
    found = run(UNITS_FROM_REVENUE, None, SALES)
    assert found.value("units") == pytest.approx(200_000 + 25_000)
    assert found.value("mean_price") == pytest.approx(2.5e9 / 225_000)


def test_a_price_world_holds_for_all_quarters_of_a_chip():
    spread = SALES | {"price_low": [10_000, 10_000], "price_high": [40_000, 40_000], "share": [1, 1]}
    low = run(UNITS_FROM_REVENUE, None, spread | {"price_world_1": 1}).value("units")
    high = run(UNITS_FROM_REVENUE, None, spread | {"price_world_1": 0}).value("units")
    drawn = run(UNITS_FROM_REVENUE, None, spread | {"price_world_1": "0..1"}, draws=4000)
    ends = drawn.interval("units", 0.98)
    # were each quarter drawn for itself the ends would lie well inside
    assert ends == pytest.approx((low, high), rel=0.05)


def test_lists_of_different_length_are_refused():
    with pytest.raises(BadInput, match="not of one length"):
        run(UNITS_FROM_REVENUE, None, SALES | {"share": [1]})
