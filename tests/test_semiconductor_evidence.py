"""The evidence of the semiconductor study, as it was brought over: what a later edit must not lose."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

EVIDENCE = Path(__file__).parents[1] / "studies" / "semiconductors" / "evidence"
GIVEN = ("compute", "cycle", "devices", "foundry", "market")
# Rows that were added to what was brought over: report facts, company filings, reasoning models and parts of markets, read later.
ADDED = ("lianchu", "filings", "reasoning", "localisation")
DERIVED_HERE = ("capex.amazon.ppe_purchases", "2024-Q4", "27834")

Row = dict[str, str]


def _rows(name: str) -> list[Row]:
    with (EVIDENCE / "observations" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def given() -> list[Row]:
    """The rows brought over, without the one quarter derived here."""
    rows = [row for name in GIVEN for row in _rows(name)]
    return [row for row in rows if not (_key(row) == DERIVED_HERE and row["note"].startswith("derived"))]


def _key(row: Row) -> tuple[str, str, str]:
    return row["series"], row["period"], row["value"]


def test_every_observation_that_was_given_is_there(given: list[Row]) -> None:
    assert len(given) == 31_409


def test_rows_given_without_a_publication_day(given: list[Row]) -> None:
    without = [row for row in given if not row["published"] or "published added" in row["note"]]

    assert len(without) == 4_491


def test_rows_given_with_an_upper_bound_of_their_publication_day(given: list[Row]) -> None:
    bounded = [row for row in given if row["public_by"] and "public_by added" not in row["note"]]

    assert len(bounded) == 553


def test_rows_whose_note_names_a_later_edition_or_restatement(given: list[Row]) -> None:
    named = [
        row["series"] for row in given if re.search("restated|edition|vintage|as printed", row["note"], re.I)
    ]

    assert len(named) == 1_244
    assert sum(series.startswith("wsts.billings.") for series in named) == 925


def test_no_single_month_of_wsts_counts_as_a_first_print(given: list[Row]) -> None:
    prints = Counter(row["print"] for row in given if row["series"].startswith("wsts.billings."))

    assert prints == {"later": 925}


def test_the_58_ties_are_written_down_one_line_each() -> None:
    text = (EVIDENCE.parents[2] / "docs" / "reference" / "sources.md").read_text(encoding="utf-8")
    section = text.split("## Ties and how they were split")[1].split("\n## ")[0]

    assert sum(line.startswith("- `") for line in section.splitlines()) == 58


def test_no_figure_has_two_values_under_one_house_edition_and_day() -> None:
    seen: dict[tuple[str, ...], set[str]] = defaultdict(set)
    key = ("series", "subject", "period", "by", "edition", "published", "public_by", "print", "kind")
    for name in (*GIVEN, *ADDED):
        for row in _rows(name):
            seen[tuple(row[column] for column in key)].add(row["value"])

    assert [figure for figure, values in seen.items() if len(values) > 1] == []


def test_quarterly_capex_of_the_four_adds_to_the_years(given: list[Row]) -> None:
    firms = ("amazon", "alphabet", "meta", "microsoft")
    quarters = {(row["series"].split(".")[1], row["period"], row["published"]): int(row["value"])
                for row in [*given, *[r for r in _rows("compute") if r["note"].startswith("derived: full year 82999")]]
                if re.fullmatch(r"capex\.\w+\.ppe_purchases", row["series"]) and row["edition"] == ""}  # fmt: skip

    def year(number: int, *, meta_before: str) -> int:
        total = 0
        for firm in firms:
            for q in range(1, 5):
                period = f"{number}-Q{q}"
                prints = sorted(
                    (day, value)
                    for (who, when, day), value in quarters.items()
                    if (who, when) == (firm, period)
                )
                known = [value for day, value in prints if firm != "meta" or day < meta_before]
                total += known[-1]
        return total

    assert year(2024, meta_before="2025-03-20") == 228_342
    assert year(2023, meta_before="2024-03-01") == 147_448
    assert year(2023, meta_before="2025-03-20") == 147_227


def test_what_only_the_report_asserts_is_marked_so_and_its_slips_are_left_out() -> None:
    with (EVIDENCE / "segments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pairs = {(row["company"], row["segment"]) for row in rows}

    assert {row["stated_by"] for row in rows if row["basis"] == "reference_report"} == {"Lianchu Securities"}
    slips = {
        ("ASML", "thermal"), ("ASML", "pvd"), ("ASML", "cvd_ald"), ("华峰测控", "track"), ("中微公司", "track"),
        ("北方华创", "lithography"), ("JSR", "track"), ("TOK", "track"), ("陶氏化学", "track"),
    }  # fmt: skip
    assert pairs.isdisjoint(slips)
    assert ("ASML", "lithography") in pairs


def test_gold_growth_rates_are_complete_and_unique() -> None:
    path = Path(__file__).parent / "data" / "gold_growth.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len({row["id"] for row in rows}) == len(rows) == 72
    for row in rows:
        decimals = row["printed"].partition(".")[2]
        assert len(decimals) == int(row["places"]), row["id"]


def _series() -> list[Row]:
    with (EVIDENCE / "series.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_series_says_in_chinese_what_it_measures() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]{2}")

    assert [row["id"] for row in _series() if not chinese.search(row["definition_zh"])] == []


def test_no_name_of_a_series_is_made_of_its_id() -> None:
    # A name such as "TSMC capex split: packaging_masks" was once printed under a figure.
    word_of_an_id = re.compile(r"[a-z0-9]_[a-z0-9]")

    found = [row["id"] for row in _series() if word_of_an_id.search(row["name_zh"] + " " + row["name_en"])]
    assert found == []


def test_what_is_written_for_english_readers_is_english() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")

    found = [
        row["id"]
        for row in _series()
        if chinese.search(row["name_en"] + row["publisher"] + row["definition"])
    ]
    assert found == []


@pytest.mark.parametrize(
    ("ending", "word"),
    [(".yoy", "同比"), (".mom", "环比"), (".qoq", "环比"), (".high", "上"), (".low", "下")],
)
def test_a_rate_and_an_end_of_a_range_are_called_so(ending: str, word: str) -> None:
    named = [
        row
        for row in _series()
        if row["id"].endswith(ending) and not row["id"].startswith(("index.", "lianchu."))
    ]

    assert len(named) > 3
    assert [row["id"] for row in named if word not in row["definition_zh"] + row["name_zh"]] == []


def test_meta_capex_net_and_gross_reconcile() -> None:
    """The two variants of one page: in 2021 the plain row is net; in 2022 it is gross, rounded to 10 mn."""
    rows = {(row["series"], row["period"], row["edition"], row["print"]): int(row["value"])
            for name in ("compute", "filings") for row in _rows(name) if row["series"].startswith("capex.meta.ppe_purchases")
            and row["published"] == ""}  # fmt: skip
    page, second = "capex.meta.ppe_purchases", "second variant of the page"
    net = {key[1]: value for key, value in rows.items() if key[0] == page + "_net"}

    for quarter in ("2021-Q2", "2021-Q3", "2021-Q4"):
        assert rows[page, quarter, "", "later"] == net[quarter]
        assert abs(rows[page, quarter, "", "first"] - net[quarter]) <= 5
        assert rows[page, quarter, second, "first"] - net[quarter] in range(20, 45)  # proceeds of sales
    gross = [rows[page, f"2022-Q{q}", "", "first"] for q in range(1, 5)]
    assert all(gross[q - 1] > net[f"2022-Q{q}"] for q in range(1, 5))
    assert sum(net[f"2022-Q{q}"] for q in range(1, 5)) == net["2022"] == 31_186
    # The page took the three gross quarters off the net year: neither the net fourth quarter nor the gross one.
    assert abs(rows[page, "2022-Q4", second, "first"] - (net["2022"] - sum(gross[:3]))) <= 20
    assert rows[page, "2022-Q4", second, "first"] not in (net["2022-Q4"], gross[3])


def test_the_rounded_figures_of_nvidia_agree_with_its_own() -> None:
    own = {
        row["period"]: int(row["value"])
        for row in _rows("filings")
        if row["series"] == "nvidia.datacenter_revenue"
    }
    rounded = {
        row["period"]: row["value"]
        for row in _rows("compute")
        if row["series"] == "nvidia.datacenter_revenue_rounded"
    }

    assert len(rounded) == 10
    for period, value in rounded.items():
        places = len(value.partition(".")[2])
        assert f"{own[period] / 1000:.{places}f}" == value, period
