"""The chain on inputs small enough to follow by hand, and on the study's own."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waferline.build.models import knowing
from waferline.errors import BadInput
from waferline.models.registry import model_named
from waferline.models.running import run
from waferline.models.supply import timing
from waferline.models.supply.capacity import merged, wafers, year_ends
from waferline.models.supply.reconcile import disagreement, reconciled, weights

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
QUARTER_MIDDLES = [2022.125 + n / 4 for n in range(28)]


def inputs(**more):
    """Everything flat: 100 bn of capex and 10 bn of revenue a quarter, one chip at 25,000 dollars, no lag."""
    found = {
        "revenue": [10] * 28, "revenue_time": QUARTER_MIDDLES, "revenue_growth": 0, "share_time": [2022.125],
        "compute_share": [1], "share_1": [0], "share_2": [1], "share_3": [0], "share_4": [0],
        "price_year": [2022], "chip_restricted": [0, 0, 0, 1], "chip_large": [0, 0, 1, 0],
        "chip_memory": [80, 80, 192, 96], "chip_dies": [1, 1, 2, 1],
        "capex_growth": 0, "leases": 0, "share_buildings": 0.4, "share_network": 0.1, "share_own": 0.1,
        "share_other": 0.15, "outside_four": 0.5, "accelerator_part": 0.8,
        "capacity_start": 10_000, "capacity_point": [2023, 2027], "capacity_growth": 0, "utilisation": 1, "allocation": 0.5,
        "area_small": 1700, "area_large": 2831, "yield": 1, "memory_2023": 1e12, "memory_share": 1,
        "logic_capacity": 1e6, "logic_share": 1, "logic_dies": 60, "logic_yield": 1,
        "lag_wafer": 0, "lag_package": 0, "lag_shipment": 0, "lag_revenue": 0, "lag_capex": 0,
        "cost_packaging": 40_000, "cost_memory": 1e5, "cost_logic": 1e5, "cost_logic_local": 1e5, "memory_per_wafer": 500,
        "materials_packaging": 1000, "materials_memory": 500, "materials_logic": 800, "local_area": 600, "local_yield": 0.5,
        "self_sufficiency": 0.3, "self_sufficiency_advanced": 0.1, "self_sufficiency_materials": 0.2,
    }  # fmt: skip
    found |= {"capacity_point": [10_000, 10_000], "capacity_point_year": [2023.5, 2027.5]}
    for n in range(1, 5):
        found |= {f"capex_{n}": [25] * 28, f"capex_{n}_time": QUARTER_MIDDLES}
        found |= {f"price_low_{n}": [25_000], f"price_high_{n}": [25_000]}
    for year in range(2024, 2028):
        found[f"memory_growth_{year}"] = 0
    return found | more


def ran(**more):
    return run(model_named("chain"), None, inputs(**more))


def test_flat_inputs_give_what_a_pencil_gives():
    found = ran()
    # 40 bn of revenue at 25,000; 400 bn · 0.25 / 0.5 · 0.8 / 25,000; 120,000 wafers · 0.5 · 30 packages
    assert found.value("revenue_leg") == pytest.approx(1_600_000)
    assert found.value("capex_leg") == pytest.approx(6_400_000)
    assert found.value("packaging_leg") == pytest.approx(1_800_000)
    assert found.value("capex") == pytest.approx(400)
    assert found.value("disagreement") == pytest.approx(4)


def test_a_year_end_figure_is_a_run_rate_and_not_the_year():
    doubling = ran(capacity_point=[20_000, 20_000], capacity_point_year=[2024.5, 2027.5], allocation=1)
    # From 10,000 a month at the end of 2023 (held from the start) to 20,000 at the end of 2024.
    assert doubling.value("wafers") == pytest.approx(12 * 10_000 / np.log(2), rel=0.2)
    assert 120_000 < doubling.value("wafers") < 240_000


def test_the_ramp_is_integrated_exactly():
    ends = year_ends(
        {2022: (10_000, 10_000), 2023: (20_000, 20_000)}, np.array(0.5), np.array(10_000.0), np.array(0.0)
    )
    found = wafers(ends)[..., timing.SHOWN][:4].sum()
    assert found == pytest.approx(12 * 10_000 / np.log(2), rel=1e-4)  # ∫ of 10,000·2^t over a year


def test_a_price_world_holds_in_every_quarter():
    lists = {f"price_{end}_2": [price, price * 2] for end, price in (("low", 10_000), ("high", 40_000))}
    found = ran(price_year=[2022, 2025], price_world_2=1, **{**{f"price_{e}_{n}": [25_000, 25_000] for e in ("low", "high") for n in (1, 3, 4)}, **lists})  # fmt: skip
    assert found.point["price_by_year"][[0, 4]] == pytest.approx([40_000, 80_000])


def test_restricted_chips_are_a_pool_of_their_own():
    found = ran(share_2=[0.8], share_4=[0.2])
    assert found.value("restricted") == pytest.approx(320_000)
    assert found.value("revenue_leg") == pytest.approx(1_280_000)
    assert found.value("packaging_leg") == pytest.approx(1_800_000 * 0.8)


def test_memory_caps_packages():
    found = ran(memory_2023=80e6)  # a million chips of 80 GB
    assert found.value("packaging_leg") == pytest.approx(1_000_000)
    assert found.value("limited") == pytest.approx(1_000_000 / 1_800_000)
    assert any("memory" in each.en for each in found.remarks)


def test_logic_caps_packages():
    assert ran(logic_capacity=1000).value("packaging_leg") == pytest.approx(720_000)


def test_guidance_fills_the_rest_of_its_year():
    known = {"capex_1": [25] * 10, "capex_1_time": QUARTER_MIDDLES[:10]}  # to the middle of 2024
    guided = {
        "guided_low_1": [150],
        "guided_low_1_year": [2024.5],
        "guided_high_1": [150],
        "guided_high_1_year": [2024.5],
    }
    assert ran(**known).value("capex") == pytest.approx(400)
    assert ran(**known, **guided).value("capex") == pytest.approx(450)


def test_shares_after_the_last_revenue_are_not_looked_at():
    known = {"revenue": [10] * 12, "revenue_time": QUARTER_MIDDLES[:12]}
    later = {"share_time": [2022.125, 2025.125], "compute_share": [1, 1], "share_1": [0, 0], "share_2": [1, 0.5], "share_3": [0, 0], "share_4": [0, 0.5]}  # fmt: skip
    assert ran(**known, **later, year=2025).value("restricted") == 0
    assert ran(**later, year=2025).value("restricted") > 0


def test_a_house_is_not_mixed_with_the_base_after_its_first_year():
    base = {2023: (1.0, 1.0), 2024: (2.0, 2.0), 2026: (9.0, 9.0)}
    assert merged(base, {2024: (5.0, 5.0)}) == {2023: (1.0, 1.0), 2024: (5.0, 5.0)}
    assert merged(base, {}) == base


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"packages_large": 40}, "more packages than the area of a wafer allows"),
        ({"share_buildings": 0.9}, "the shares of capex beside AI servers add up to 125%"),
        ({"share_3": [0.5]}, "the shares of the chips add up to 150.0%"),
        ({"capacity_start": -5}, "out of range"),
        ({"capacity_point": [-5, 10]}, "out of range"),
        ({"allocation": 1.2}, "out of range"),
        ({"share_later": [0.5, 0.5, 0.5, 0]}, "add up to 150.0%"),
        ({"revenue": [10]}, "not of one length"),
        ({"price_low_2": [30_000]}, "a low price of chip 2 lies above its high"),
    ],
)
def test_what_physics_forbids_is_one_line(given, words):
    with pytest.raises(BadInput) as caught:
        ran(**given)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@given(mean=st.floats(0, 4))
def test_a_lag_loses_nothing_and_has_its_mean(mean):
    found = timing.lag_weights(np.array(mean))
    assert found.sum() == pytest.approx(1)
    assert (found * np.arange(13)).sum() == pytest.approx(mean, abs=0.01)


def test_lags_move_forth_and_back():
    pulse = np.zeros(28)
    pulse[10] = 1
    assert timing.later(pulse, np.array(1.0))[11] == pytest.approx(np.exp(-1), rel=1e-3)
    assert timing.earlier(pulse, np.array(1.0))[9] == pytest.approx(np.exp(-1), rel=1e-3)
    assert timing.later(pulse, np.array(0.0)) == pytest.approx(pulse)


def test_a_fiscal_quarter_is_shared_between_calendar_quarters():
    part = timing.overlaps(np.array([2022.955, 2023.203]))  # November to January, February to April
    assert part[3:6] == pytest.approx(np.array([[2 / 3, 0], [1 / 3, 2 / 3], [0, 1 / 3]]))


def test_the_more_precise_leg_weighs_more():
    draws = np.random.default_rng(0)
    sure, vague = (np.exp(np.log(100) + s * draws.standard_normal((4000, 1))) for s in (0.1, 0.3))
    found = weights((sure, vague), (np.array(0.1), np.array(0.3)), 4000)
    assert found[:, 0] == pytest.approx([0.9, 0.1], abs=0.02)
    assert weights((sure, vague), (np.array(0.1), np.array(0.3)), None)[:, 0] == pytest.approx([0.9, 0.1])
    assert reconciled((np.array([100.0]), np.array([400.0])), np.array([[0.5], [0.5]])) == pytest.approx(
        [200]
    )
    assert disagreement((np.array([100.0]), np.array([400.0]))) == pytest.approx([4])


def test_capacity_moves_the_packaging_leg_alone():
    low, high = ran(), ran(capacity_point=[20_000, 20_000])
    assert high.value("packaging_leg") > low.value("packaging_leg")
    assert high.value("revenue_leg") == low.value("revenue_leg")
    assert high.value("capex_leg") == low.value("capex_leg")


def known(day):
    return knowing(STUDY, date.fromisoformat(day))


def test_the_study_gives_the_sum_of_four_companies():
    found = run(model_named("chain"), STUDY, {"year": 2024}, known=known("2025-03-20"))
    assert found.value("capex") == pytest.approx(82.999 + 55.552 + 52.535 + 37.256)
    assert found.value("reported") == 1


def test_no_capacity_leg_before_the_house_spoke():
    found = run(model_named("chain"), STUDY, {"year": 2024}, known=known("2024-06-30"))
    assert "packaging_leg" not in found.point
    assert any("packaging leg is missing" in each.en for each in found.remarks)
    other = run(
        model_named("chain"), STUDY, {"year": 2024}, scenario="house-smbom", known=known("2024-06-30")
    )
    assert other.value("packaging_leg") > 0


def test_scenarios_keep_their_order():
    found = [
        run(model_named("chain"), STUDY, {"year": 2026}, scenario=name, known=known("2025-03-20")).value(
            "units"
        )
        for name in ("bear", "base", "bull")
    ]
    assert found == sorted(found)


def test_chips_by_family_come_near_the_counts_of_epoch():
    # Median units of 2024 as Epoch AI gives them (2026-04): Hopper without H20, Blackwell, H20.
    counts = {"chip_2": 2_678_614, "chip_3": 200_737, "chip_4": 958_410}
    found = run(model_named("chain"), STUDY, {"year": 2024}, known=known("2025-12-31"))
    for name, units in counts.items():
        assert found.value(name) == pytest.approx(units, rel=0.25)


def test_a_quarter_that_is_missing_lies_between_its_neighbours():
    flow, first, last = timing.on_quarters(np.array([2023.125, 2023.625]), np.array([10.0, 20.0]))
    assert (first, last) == (4, 6)
    assert flow[[4, 5, 6, 7]] == pytest.approx([10, 15, 20, 20])
