"""The evidence of the study that ships with Waferline, as the store sees it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from waferline.errors import NotKnown
from waferline.evidence import Evidence
from waferline.sources import raw_rows

STUDY = Path(__file__).parents[2] / "studies" / "semiconductors"
REFERENCE_DAY = date(2025, 3, 20)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return Evidence.open(STUDY, tmp_path_factory.mktemp("cache"), extra_rows=raw_rows)


def test_every_row_is_counted_under_the_rule_that_dated_it(evidence):
    report = evidence.lint()

    dated = {"stated": 28617, "by": 856, "assumed": 8732, "restated": 1221, "undated": 141}
    assert dict(report.by_basis) == dated
    assert sum(count for _, count in report.by_basis) == report.observations
    assert (len(report.ties), len(report.rivals)) == (26, 29)


def test_the_reference_day_ends_with_the_close_of_the_day_before(evidence):
    snapshot = evidence.as_of(REFERENCE_DAY)
    closes = [
        name for name, entry in evidence.series.items() if entry.frequency == "day" and entry.known_after
    ]

    assert len(closes) > 10
    assert {name for name in closes if snapshot.periods(name, "day")[-1].end > date(2025, 3, 19)} == set()
    assert str(snapshot.latest("index.csi300.close")) == "2025-03-19"


def test_single_months_of_wsts_are_backfilled_and_not_known_on_the_reference_day(evidence):
    snapshot = evidence.as_of(REFERENCE_DAY)
    months = [name for name in evidence.series if name.startswith("wsts.billings.")]

    assert len(months) == 5
    assert {name: snapshot.periods(name) for name in months} == dict.fromkeys(months, ())
    drawn = snapshot.backfilled("wsts.billings.world", "2024-12")
    assert (drawn.trace.backfilled, drawn.trace.basis) == (True, "restated")
    with pytest.raises(NotKnown):
        snapshot.backfilled("wsts.billings.world", "2025-03")


def test_world_sales_of_2024_are_read_as_printed_then_as_revised(evidence):
    early, late = (evidence.as_of(date(*day)) for day in ((2025, 2, 28), (2026, 6, 30)))

    assert early.observation("sia.sales_year.world", "2024").literal == "627.6"
    assert late.observation("sia.sales_year.world", "2024").literal == "630.5"
    assert late.observation("sia.sales_year.world", "2024", vintage="first").literal == "627.6"


def test_every_known_row_of_the_reference_day_was_published_by_then(evidence):
    table = evidence.as_of_table(REFERENCE_DAY).to_pydict()

    late = [day for day in table["published"] if day is not None and day > REFERENCE_DAY]
    assert late == []
    assert max(table["known_from"]) <= REFERENCE_DAY


def test_a_variant_of_a_page_stands_behind_the_figure_it_disagrees_with(evidence):
    known = evidence.as_of(date(2024, 2, 20))

    assert known.level("capex.meta.ppe_purchases", "2022-Q4").value == 9040
    assert (
        known.level("capex.meta.ppe_purchases", "2022-Q4", edition="second variant of the page").value == 8800
    )
