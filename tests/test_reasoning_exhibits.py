"""Figures on frontier releases and reasoning models: what stands in them on which day, against the printed tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from waferline.evidence.snapshot import Snapshot
from waferline.study.exhibits import fill
from waferline.study.report import Exhibit
from waferline.study.study import Study, load_study

REPORT_DAY = (2025, 3, 20)


@pytest.fixture(scope="module")
def study(semiconductors: Path) -> Study:
    return load_study(semiconductors, ("en",))


@pytest.fixture(scope="module")
def exhibit(study: Study, real_on: Callable[..., Snapshot]) -> Callable[..., Exhibit]:
    return lambda identifier, *day: fill(study.exhibits[identifier], 1, real_on(*(day or REPORT_DAY)), None)


def printed(exhibit: Exhibit, key: str) -> dict[str, str]:
    place = [column.key for column in exhibit.columns].index(key)
    return {row.label.en: row.cells[place].text.en for row in exhibit.rows}


@pytest.mark.parametrize(
    ("identifier", "status"),
    [("fig06", "shown"), ("fig06-pass", "hole"), ("fig07", "shown"), ("fig08", "hole"), ("fig09", "shown"),
     ("fig10", "shown"), ("fig11", "partial"), ("fig12", "shown"), ("fig13", "partial"), ("fig14", "shown")],
)  # fmt: skip
def test_status_on_the_day_of_the_reference_report(exhibit, identifier, status):
    assert exhibit(identifier).status == status


@pytest.mark.parametrize("identifier", ["fig06", "fig09", "fig10", "fig11", "fig12", "fig13", "fig14"])
def test_nothing_is_shown_before_the_release(exhibit, identifier):
    assert exhibit(identifier, 2024, 12, 31).status == "hole"


def test_the_full_comparison_has_the_columns_of_the_readme_and_not_the_shifted_ones(exhibit):
    table = exhibit("fig11")

    assert printed(table, "r1")["MMLU-Redux"] == "92.9"
    assert printed(table, "mini")["MMLU-Redux"] == "86.7"
    assert printed(table, "o1")["MMLU-Redux"] == "—"
    assert printed(table, "r1")["AIME 2024"] == "79.8"
    assert printed(table, "o1")["AIME 2024"] == "79.2"
    assert printed(table, "v3")["LiveCodeBench"] == "—"
    assert len(table.missing) == 11


def test_majority_votes_stand_apart_from_single_attempts(exhibit):
    zero = printed(exhibit("fig13"), "zero")

    assert (zero["AIME 2024"], zero["AIME 2024 (cons@64)"]) == ("71.0", "86.7")
    assert [word.en for word in exhibit("fig13").missing] == ["AIME 2024 (cons@64) DeepSeek-R1"]


def test_the_routes_end_in_the_scores_of_their_models(exhibit):
    routes = exhibit("fig12")
    ends = {row.group: row for row in routes.rows}
    score = [column.key for column in routes.columns].index("aime")

    assert {group: row.cells[score].text.en for group, row in ends.items()} == {
        "zero": "71.0", "r1": "79.8", "distill": "72.6",
    }  # fmt: skip
    assert printed(routes, "samples")["Second fine-tuning"] == "~800,000"


def test_distilled_models_stand_by_size(exhibit):
    assert list(printed(exhibit("fig14"), "aime").values()) == [
        "28.9",
        "55.5",
        "50.4",
        "69.7",
        "72.6",
        "70.0",
    ]


def test_largest_clusters_rise_and_end_with_the_newest_known(exhibit):
    clusters = exhibit("fig07")
    sizes = [row.cells[0].value for row in clusters.rows]

    assert sizes == sorted(set(sizes))
    assert (clusters.rows[-1].label.en, sizes[-1]) == ("xAI Colossus Memphis Phase 2", 200_000)
    assert exhibit("fig07", 2024, 6, 30).rows[-1].label.en == "Lambda Labs H100/H200"


def test_web_visits_are_the_ten_of_the_ranking_with_their_change(exhibit):
    sites = exhibit("fig09")

    assert printed(sites, "visits")["ChatGPT"] == "3,980"
    assert printed(sites, "change")["DeepSeek"] == "+2,230.9"
    assert printed(sites, "change")["Shop"] == "−19.3"
    assert len(sites.rows) == 10


def test_a_single_day_of_users_makes_no_line(exhibit):
    users = exhibit("fig08")

    assert users.points == 2 and users.hole is not None
    assert date(2025, 1, 31) in {row.period.start for row in users.rows if row.cells[0].value and row.period}
