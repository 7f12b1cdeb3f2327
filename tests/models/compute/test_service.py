"""A day of a service, falling prices and what they do to spending, and the scenario of compute demand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.compute.compute_demand import COMPUTE_DEMAND
from waferline.models.compute.jevons import JEVONS
from waferline.models.compute.price_trend import PRICE_TREND
from waferline.models.compute.service import SERVICE
from waferline.models.model import Model
from waferline.models.running import Run, run

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
DAY = {
    "nodes": 226.75, "rental": 2, "input_tokens": "608 bn tokens", "hit_tokens": "342 bn tokens",
    "output_tokens": "168 bn tokens", "price_hit": 0.14, "price_miss": 0.55, "price_output": 2.19,
}  # fmt: skip


def of(model: Model, **inputs: object) -> Run:
    return run(model, None, inputs)


def test_a_day_of_deepseek_costs_and_would_earn_what_it_published() -> None:
    found = of(SERVICE, **DAY)

    assert found.value("daily_cost") == 87_072
    assert found.value("list_revenue") == pytest.approx(562_027, rel=5e-4)
    assert found.value("margin_on_cost") == pytest.approx(5.45, abs=0.01)


def test_nodes_follow_from_the_rates_of_a_node() -> None:
    found = of(SERVICE, **DAY | {"prefill_per_node": 73_700, "decode_per_node": 14_800})

    assert found.value("nodes_needed") == pytest.approx(226.75, rel=0.001)
    assert not found.remarks


def test_too_few_nodes_for_the_tokens_are_named() -> None:
    found = of(SERVICE, **DAY | {"prefill_per_node": 50_000, "decode_per_node": 14_800})

    assert "more nodes than there are" in found.remarks[0].en


def test_unpaid_tokens_bring_nothing() -> None:
    half = of(SERVICE, **DAY | {"paid_share": 0.5, "discount": 0.5})

    assert half.value("daily_revenue") == pytest.approx(half.value("list_revenue") / 4)
    assert half.value("daily_cost") == 87_072


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hit_tokens": "700 bn tokens"}, "more tokens hit"),
        ({"output_tokens": -1}, "out of range"),
        ({"price_hit": "0.14 USD"}, "wrong kind"),
    ],
)
def test_impossible_days_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        of(SERVICE, **DAY | change)


def test_a_service_without_nodes_or_rates_is_refused() -> None:
    with pytest.raises(BadInput, match="neither nodes nor"):
        of(SERVICE, **{key: value for key, value in DAY.items() if key != "nodes"})


def test_the_fall_of_prices_is_that_of_epoch_with_its_interval() -> None:
    # lowest_price_models_results.csv: 42.019, 90 % interval 4.398 to 401.44
    found = run(PRICE_TREND, STUDY)

    assert found.value("fall_per_year") == pytest.approx(42.019, rel=0.01)
    assert found.value("low") == pytest.approx(4.398, rel=0.01)
    assert found.value("high") == pytest.approx(401.44, rel=0.01)


@pytest.mark.parametrize(
    ("years", "prices", "words"),
    [
        (["2023", "2024"], ["2", "1"], "too few"),
        (["2023", "2024", "2025", "2026"], ["2", "1", "1"], "every price has a year"),
        (["2023", "2024", "2025", "2026"], ["2", "1", "0", "1"], "positive"),
    ],
)
def test_prices_without_a_trend_are_refused(years: list[str], prices: list[str], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        of(PRICE_TREND, years=years, prices=prices)


@given(fall=st.floats(1.5, 900), passed=st.floats(0.1, 1), other=st.floats(0.5, 5))
def test_spending_stays_the_same_at_the_break_even_elasticity(
    fall: float, passed: float, other: float
) -> None:
    common = {"list_fall": fall, "passed_on": passed, "other_growth": other}
    even = of(JEVONS, **common, elasticities=["1"]).value("break_even")

    if 0 <= even <= 10:
        at = of(JEVONS, **common, elasticities=[f"{even:.12f}"])
        assert at.point["spend_factor"][0] == pytest.approx(1, rel=1e-6)


def test_without_prices_really_paid_no_elasticity_is_given() -> None:
    found = run(JEVONS, STUDY)

    with pytest.raises(BadInput, match="do not give it"):
        found.value("elasticity")
    assert "not public" in found.remarks[0].en


def trends(bends: list[float]) -> Run:
    years = [2020 + n / 2 for n in range(len(bends))]
    prices = [float(np.exp(-n / 2 + bend)) for n, bend in enumerate(bends)]
    usage = [float(np.exp(0.3 * n - 0.8 * np.log(price))) for n, price in enumerate(prices)]
    common = {"list_fall": 10, "passed_on": 1, "other_growth": 1, "elasticities": ["1"]}
    return of(JEVONS, **common, years=years, prices=prices, usage=usage)


def test_two_trends_do_not_identify_an_elasticity() -> None:
    found = trends([0.0] * 10)

    assert "elasticity" not in found.point
    assert "trend over time" in found.remarks[0].en


def test_a_price_that_leaves_its_trend_identifies_one() -> None:
    found = trends([0, 1.5, -1, 0.5, -1.5, 1, 0, -0.5, 1.2, -0.8])

    assert found.value("elasticity") == pytest.approx(0.8)


def test_compute_demand_is_users_times_tokens_times_work() -> None:
    inputs = {
        "start": 2024, "years": 2, "users": 1e6, "users_growth": 2, "chat_tokens": 1000, "chat_tokens_growth": 1,
        "reasoning_tokens": 0, "reasoning_tokens_growth": 1, "agents_tokens": 0, "agents_tokens_growth": 1,
        "work_per_token": 100, "work_per_token_growth": 1, "training": 0, "training_growth": 1, "chip_speed": 1000,
        "chip_speed_growth": 1, "inference_utilisation": 0.1, "training_utilisation": 0.3,
    }  # fmt: skip
    found = of(COMPUTE_DEMAND, **inputs)

    # 1e9 tokens a day · 365.25 · 1e11 FLOP / (1e14 FLOP/s · 3600) = 101,458 hours
    assert found.point["chat_hours"] == pytest.approx([0.10145833, 0.20291667], rel=1e-6)
    assert found.value("growth") == pytest.approx(1)
    assert found.value("inference_share_last") == 1


def test_scenarios_of_compute_demand_are_in_order_and_their_parts_add_up() -> None:
    bear, base, bull = (
        run(COMPUTE_DEMAND, STUDY, scenario=name, draws=256) for name in ("bear", "base", "bull")
    )

    assert bear.value("hours_last") < base.value("hours_last") < bull.value("hours_last")
    parts = ("chat_hours", "reasoning_hours", "agents_hours", "training_hours")
    assert sum(base.point[each] for each in parts) == pytest.approx(base.point["total_hours"])
    assert sum(base.point[each] for each in parts[:3]) == pytest.approx(base.point["inference_hours"])
    assert base.draws["total_hours"].shape == (256, 7)
