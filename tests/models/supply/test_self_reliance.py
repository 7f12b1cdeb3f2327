"""Revenue pools by type and the reconciliation of shares by type with a printed total."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waferline.errors import BadInput, NotKnown
from waferline.evidence.store import Evidence
from waferline.models.evidenced import from_evidence
from waferline.models.running import run
from waferline.models.supply.self_reliance import SELF_RELIANCE
from waferline.models.supply.self_reliance_total import SELF_RELIANCE_TOTAL

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
ETCH = {
    "purchases": "40 USD bn", "part": "20 %", "mature_low": "50 %", "mature_high": "60 %",
    "advanced_low": 0, "advanced_high": "15 %", "mature_part": "80 %",
}  # fmt: skip
TYPES = {
    "part": [0.5, 0.3], "mature_low": [0.4, 0.1], "mature_high": [0.4, 0.1],
    "advanced_low": [0.1, 0], "advanced_high": [0.1, 0], "mature_part": 1,
}  # fmt: skip
FRACTION = st.floats(0, 1)


def test_a_pool_is_purchases_times_part_times_share():
    found = run(SELF_RELIANCE, None, ETCH)
    assert found.value("segment_market") == pytest.approx(8)
    assert found.value("share") == pytest.approx(0.8 * 0.55 + 0.2 * 0.075)
    assert found.value("pool") == pytest.approx(8 * 0.455)


def test_a_type_with_one_range_has_it_for_all_nodes():
    one = {key: value for key, value in ETCH.items() if not key.startswith("advanced")}
    assert run(SELF_RELIANCE, None, one).value("share") == pytest.approx(0.55)


@given(FRACTION, FRACTION, FRACTION)
def test_the_pool_never_exceeds_what_is_bought(place, mature_part, stockpiled):
    found = run(
        SELF_RELIANCE,
        None,
        ETCH | {"place": place, "mature_part": mature_part, "stockpiled": 0.9 * stockpiled},
    )
    assert 0 <= found.value("pool") <= found.value("segment_market") <= 40


@given(FRACTION, FRACTION)
def test_what_is_taken_out_of_the_market_leaves_the_pool_in_proportion(foreign, stock):
    left = 1 - 0.4 * foreign - 0.4 * stock
    found = run(SELF_RELIANCE, None, ETCH | {"foreign_owned": 0.4 * foreign, "stockpiled": 0.4 * stock})
    assert found.value("pool") == pytest.approx(8 * 0.455 * left)


def test_filings_are_summed_in_dollars_and_refute_only_a_pool_below_them():
    told = ETCH | {"reported": [14.2, 7.1], "reported_dollars": [1], "exchange_rate": 7.1}
    found = run(SELF_RELIANCE, None, told)
    assert found.value("reported") == pytest.approx(4)
    assert found.value("reported_share") == pytest.approx(0.5)
    assert found.verdict.en == "below what makers reported"  # 3.64 < 4
    assert run(SELF_RELIANCE, None, told | {"reported_dollars": [0.5]}).verdict.en.startswith("not below")


def test_a_pool_without_filings_is_called_a_scenario():
    assert run(SELF_RELIANCE, None, ETCH).verdict.zh == "情景，未对账"


def test_the_basis_of_a_share_is_named():
    assert "not stated" in run(SELF_RELIANCE, None, ETCH).remarks[0].en
    assert "counts tenders" in run(SELF_RELIANCE, None, ETCH | {"share_basis": "tenders"}).remarks[0].en
    assert run(SELF_RELIANCE, None, ETCH | {"share_basis": "value"}).remarks == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mature_high": "120 %"}, "mature_high is out of range"),
        ({"mature_low": "70 %"}, "mature_low lies above mature_high"),
        ({"part": 1.2}, "part is out of range"),
        ({"foreign_owned": 0.6, "stockpiled": 0.4}, "leave nothing of the market"),
        ({"share": "20 %"}, "share and mature_high are given both"),
        ({"purchases": "-1 USD bn"}, "purchases is out of range"),
        ({"purchases": "1 wafers"}, "unit of the wrong kind"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(change, message):
    with pytest.raises(BadInput, match=message) as refused:
        run(SELF_RELIANCE, None, ETCH | change)
    assert "\n" not in str(refused.value)


def test_a_missing_share_is_named():
    with pytest.raises(BadInput, match="the domestic share is missing"):
        run(SELF_RELIANCE, None, {"purchases": 1, "part": 0.5})


def test_a_total_is_the_mean_weighed_by_the_types():
    found = run(SELF_RELIANCE_TOTAL, None, TYPES)
    assert found.value("covered") == pytest.approx(0.8)
    assert found.value("mature_total") == pytest.approx((0.5 * 0.4 + 0.3 * 0.1) / 0.8)
    assert found.value("advanced_total") == pytest.approx(0.05 / 0.8)
    assert found.value("total") == found.value("mature_total")


@given(st.floats(0.07, 0.28))
def test_the_part_needed_gives_the_printed_total_back(printed):
    needed = run(SELF_RELIANCE_TOTAL, None, TYPES | {"printed": printed}).value("mature_part_needed")
    given_back = run(SELF_RELIANCE_TOTAL, None, TYPES | {"mature_part": needed})
    assert given_back.value("total") == pytest.approx(printed)


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [("40 %", "more than the types allow"), ("20 %", "compatible"), ("1 %", "less than the types allow")],
)
def test_a_total_that_no_split_of_nodes_gives_is_named(printed, verdict):
    assert verdict in run(SELF_RELIANCE_TOTAL, None, TYPES | {"printed": printed}).verdict.en


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"part": [0.8, 0.3]}, "the types add up to more than the total: expected up to 100 %, found 110.0%"),
        ({"part": [0.5, 0.3, 0.1]}, "not of one length"),
        ({"within": [1]}, "not of one length"),
        ({"mature_high": [0.3, 0.1]}, "a mature share's low lies above its high"),
        ({"mature_high": [1.3, 0.1]}, "mature_high is out of range"),
        ({"part": [0, 0]}, "the types make up nothing of the total"),
    ],
)
def test_types_that_cannot_be_parts_of_the_total_are_refused(change, message):
    with pytest.raises(BadInput, match=message):
        run(SELF_RELIANCE_TOTAL, None, TYPES | change)


@pytest.fixture(scope="module")
def evidence():
    return Evidence.open(STUDY)


def as_of(evidence, day):
    return lambda: evidence.as_of(date.fromisoformat(day))


def pool(evidence, day, segment, market, scenario=None, draws=0):
    chosen = {"segment": segment, "market": market}
    return run(SELF_RELIANCE, STUDY, chosen, scenario=scenario, known=as_of(evidence, day), draws=draws)


def test_the_study_reads_market_part_and_share_in_the_evidence(evidence):
    found = pool(evidence, "2025-03-20", "etch", "equipment 2023")
    # SEMI 36.6 USD bn in 2023, 20 % etch in 2020; 55 % and 7.5 % in the middle of the ranges, three quarters mature
    assert found.value("pool") == pytest.approx(36.6 * 0.20 * (0.75 * 0.55 + 0.25 * 0.075))


def test_hwatsing_alone_sold_more_than_the_cmp_range_allows(evidence):
    found = pool(evidence, "2026-11-25", "cmp", "equipment 2024")
    assert found.value("reported") == pytest.approx(2.987 / 7.15)
    assert found.verdict.en == "below what makers reported"


def test_shares_are_not_known_before_they_were_printed(evidence):
    with pytest.raises(NotKnown):
        pool(evidence, "2024-06-30", "etch", "equipment 2023")
    with pytest.raises(NotKnown):
        pool(evidence, "2025-03-20", "etch", "equipment 2024")


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([], "a list of tables and stands alone"),
        ([{"period": "2023"}], "item 1: an item is a series or a value"),
        ([{"value": "0.2"}, {"value": "120 %"}], "item 2: part is out of range"),
        ([{"series": "semi.equipment.billings.china", "period": "2023", "over": "x"}], "unknown series"),
    ],
)
def test_a_list_that_is_not_well_written_is_refused_with_the_item(evidence, items, message):
    about = SELF_RELIANCE_TOTAL.numbers()["part"]
    with pytest.raises(BadInput, match=message):
        from_evidence(about, {"items": items}, as_of(evidence, "2025-03-20")(), "file.toml, inputs.part")


def test_an_item_over_a_series_is_its_part_of_the_same_period(evidence):
    about = SELF_RELIANCE_TOTAL.numbers()["part"]
    item = {
        "series": "world.equipment.market.cleaning",
        "period": "2023",
        "over": "semi.equipment.billings.total",
    }
    values, behind = from_evidence(
        about, {"items": [{"value": "20 %"}, item]}, as_of(evidence, "2025-03-20")(), ""
    )
    assert values == pytest.approx([0.2, 5.2 / 106.3])
    assert len(behind) == 2


def test_a_segment_does_not_meet_the_market_of_another_kind(evidence):
    with pytest.raises(BadInput, match="the segment is materials and the market is equipment"):
        pool(evidence, "2025-03-20", "silicon_8in", "equipment 2023")


def test_bear_lies_below_base_and_base_below_bull_for_every_type(evidence):
    for segment in ("strip", "cleaning", "etch", "thermal", "pvd", "cvd_ald", "cmp", "track", "lithography"):
        bear, base, bull = (
            pool(evidence, "2025-03-20", segment, "equipment 2023", scenario).value("pool")
            for scenario in ("bear", "base", "bull")
        )
        assert bear < base < bull


def test_ranges_by_type_carry_some_printed_totals_and_not_others(evidence):
    def total(house, day="2026-11-25"):
        return run(SELF_RELIANCE_TOTAL, STUDY, {}, scenario=house, known=as_of(evidence, day))

    techinsights = total("techinsights-2023", "2025-03-20")
    assert techinsights.verdict.en == "compatible with the types"
    assert 0.8 < techinsights.value("mature_part_needed") < 0.95
    assert total("ddaily-2023").verdict.en == "more than the types allow"
    assert total("reportify-2024").verdict.en == "more than the types allow"
    # NAURA, AMEC, Hwatsing, Kingsemi and Skyverse: 298.38 + 90.65 + 34.06 + 17.54 + 13.80 CNY 100m
    assert total("jiemian-2024").value("reported") == pytest.approx(45.443 / 7.15)


def test_both_files_give_a_type_the_same_part_and_shares(evidence):
    order = ("strip", "cleaning", "etch", "thermal", "pvd", "cvd_ald", "cmp", "track", "ion_implant", "lithography", "metrology")  # fmt: skip
    whole = run(SELF_RELIANCE_TOTAL, STUDY, {}, known=as_of(evidence, "2025-03-20")).assumptions
    for place, segment in enumerate(order):
        of_type = pool(evidence, "2025-03-20", segment, "equipment 2023").assumptions
        part = np.prod([of_type[name].value.central for name in ("stage", "part", "within")])
        # a range has its middle, the evidence the number: they differ by what rounding allows
        assert whole["part"].value[place] * whole["within"].value[place] == pytest.approx(part, rel=0.01)
        for end in ("mature_low", "mature_high"):
            assert whole[end].value[place] == pytest.approx(of_type[end].value.central)
