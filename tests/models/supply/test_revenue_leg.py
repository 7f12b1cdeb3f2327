"""Accelerators from revenue between two days."""

from pathlib import Path

import pytest

from waferline.errors import BadInput
from waferline.models.registry import model_named
from waferline.models.running import Run, run

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
TWO = {
    "revenue": [100, 300], "share": [1, 1], "price_low": [1, 1], "price_high": [1, 1], "time": [2024.125, 2024.375],
}  # fmt: skip


def counted(**more: object) -> Run:
    return run(model_named("units-from-revenue"), None, TWO | more)


def test_entries_count_for_the_part_that_lies_between():
    assert counted().value("units") == 400
    assert counted(until=2024.25).value("units") == pytest.approx(100)
    assert counted(since=2024.25).value("units") == pytest.approx(300)
    assert counted(since=2024.125, until=2024.375).value("units") == pytest.approx(50 + 150)
    assert counted(since=2024.25, until=2024.5, span=[0.25, 0.5]).value("units") == pytest.approx(150 + 0)


def test_parts_of_a_stretch_add_up_to_it():
    first, second = counted(until=2024.3).value("units"), counted(since=2024.3).value("units")
    assert first + second == pytest.approx(counted().value("units"))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"until": 2025.5}, "the entries do not reach so far"),
        ({"since": 2024.4, "until": 2024.2}, "since lies after until"),
        ({"until": 2024.2, "time": [2024.1]}, "not of one length"),
    ],
)
def test_days_that_no_entry_reaches_are_refused(more, says):
    with pytest.raises(BadInput, match=says):
        counted(**more)
    with pytest.raises(BadInput, match="need the time of each entry"):
        run(
            model_named("units-from-revenue"),
            None,
            {k: v for k, v in TWO.items() if k != "time"} | {"until": 2024.2},
        )


def test_the_count_of_a_quarter_lies_in_the_published_interval():
    # epoch-research/ai-chip-counts, csv_export/nvidia_cumulative_totals.csv: 3,109,435 to 4,373,077 until June 2024
    found = run(model_named("units-from-revenue"), STUDY, {"until": 2024.5}, scenario="nvidia")
    assert 3_109_435 < found.value("units") < 4_373_077


def test_who_gives_no_lists_is_told_of_the_scenario_that_has_them():
    with pytest.raises(BadInput, match="--set revenue=… or scenario nvidia"):
        run(model_named("units-from-revenue"), STUDY, {"until": 2024.5})
