"""Subsidies: the broker's rule made transparent, and a response by price."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.demand.subsidy_response import NET_PRICE_CUT, SUBSIDY_RESPONSE, net_price_cut
from waferline.models.demand.subsidy_rule import SUBSIDY_RULE
from waferline.models.running import run

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
PHONES = {
    "rate": 0.15, "cap": 500, "ceiling": 6000, "band_prices": [2000, 5000, 8000], "band_weights": [0.5, 0.3, 0.2],
    "natural_growth": 0.04, "elasticity": 0.6, "take_up": 0.5, "pull_forward": 0.4, "later_strength": 0.8, "up_trading": 0.5,
}  # fmt: skip


def test_the_rule_of_the_report_leaves_these_weights():
    found = run(SUBSIDY_RULE, STUDY)
    assert found.value("top_weight_most") == pytest.approx(0.34)  # 6.7 = 0.34 · 10 + 0.66 · 5
    assert found.value("bottom_weight_most") == pytest.approx(0.625)  # 5.5 = 0.625 · 4 + 0.375 · 8
    # the second half year needs an uplift below the smallest that the report names
    assert found.value("later_uplift_high") == pytest.approx(0.032)
    assert found.value("below_smallest") == pytest.approx(0.008)


def test_any_weights_inside_the_bounds_and_none_outside_give_the_growth():
    found = run(SUBSIDY_RULE, STUDY)
    most = found.value("top_weight_most")
    for weight, allowed in ((most - 0.01, True), (most + 0.01, False)):
        lowest = weight * 0.10 + (1 - weight) * 0.05
        assert (lowest <= 0.067) is allowed


def test_a_growth_that_no_weights_give_is_refused():
    with pytest.raises(BadInput, match="no weights of the bands give this growth"):
        run(SUBSIDY_RULE, STUDY, {"growth_high": "17 %"})


@pytest.mark.parametrize(("price", "cut"), [(2000, 0.15), (3500, 500 / 3500), (6000, 500 / 6000), (6001, 0)])
def test_the_cut_is_capped_and_ends_at_the_ceiling(price, cut):
    found = run(NET_PRICE_CUT, None, {"price": price, "rate": "15 %", "cap": 500, "ceiling": 6000})
    assert found.value("cut") == pytest.approx(cut)


def test_without_a_subsidy_units_grow_as_they_would():
    found = run(SUBSIDY_RESPONSE, None, PHONES | {"rate": 0})
    assert found.value("unit_growth") == pytest.approx(0.04)
    assert found.value("value_growth") == pytest.approx(0.04)


@given(st.floats(0.1, 2), st.floats(0.05, 1), st.floats(0, 1))
def test_more_elasticity_or_take_up_lifts_more_and_borrowing_costs_later(elasticity, take_up, borrowed):
    base = run(
        SUBSIDY_RESPONSE,
        None,
        PHONES | {"elasticity": elasticity, "take_up": take_up, "pull_forward": borrowed},
    )
    more = run(
        SUBSIDY_RESPONSE,
        None,
        PHONES | {"elasticity": elasticity + 0.1, "take_up": take_up, "pull_forward": borrowed},
    )
    assert more.value("unit_growth") > base.value("unit_growth") >= 0.04
    assert base.value("lasting_uplift") <= base.value("unit_uplift")
    less = run(
        SUBSIDY_RESPONSE, None, PHONES | {"elasticity": elasticity, "take_up": take_up, "pull_forward": 0}
    )
    assert base.value("later_unit_growth") <= less.value("later_unit_growth")


def test_it_says_that_the_prior_decides():
    assert "prior-dominated" in run(SUBSIDY_RESPONSE, None, PHONES).remarks[0].en


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"band_weights": [0.5, 0.3, 0.3]}, "do not add to one"),
        ({"band_weights": [0.5, 0.5]}, "not of one length"),
        ({"take_up": 1.2}, "take_up is out of range"),
        ({"cap": "500 USD"}, "a unit of the wrong kind for cap"),
    ],
)
def test_what_cannot_be_is_refused(change, says):
    with pytest.raises(BadInput, match=says):
        run(SUBSIDY_RESPONSE, None, PHONES | change)


def test_draws_and_point_run_the_same_code():
    point = run(SUBSIDY_RESPONSE, None, PHONES)
    drawn = run(SUBSIDY_RESPONSE, None, PHONES | {"elasticity": "0.59..0.61"}, draws=2000)
    assert drawn.value("unit_growth") == point.value("unit_growth")
    low, high = drawn.interval("unit_growth")
    assert low < point.value("unit_growth") < high


@given(st.floats(100, 20_000), st.floats(0, 0.5), st.floats(0, 3000))
def test_the_cut_is_never_more_than_the_rate_or_the_cap(price, rate, cap):
    cut = float(net_price_cut(np.array(price), np.array(rate), np.array(cap), np.array(6000.0)))
    assert 0 <= cut <= rate + 1e-12 and cut * price <= cap + 1e-6
