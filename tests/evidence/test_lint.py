"""The report on the evidence counts every row once and names what splits ties."""

from __future__ import annotations

import re

ROWS = (
    {"published": "2025-02-07"},
    {"period": "2023", "public_by": "2024-03-01", "source": "press"},
    {"period": "2022"},
    {"period": "2021", "print": "later", "edition": "2025"},
    {"period": "2021", "print": "later", "edition": "2026", "value": "555.9"},
    {"value": "626.0", "published": "2025-02-07", "by": "Gartner"},
    {"series": "forecast.semi_market.world", "period": "2025", "value": "697.2"},
)


def test_every_row_is_counted_under_its_rule_and_its_tier(opened):
    report = opened(*ROWS).lint()

    assert dict(report.by_basis) == {"stated": 2, "by": 1, "assumed": 1, "restated": 2, "undated": 1}
    assert [count for _, count in report.by_day] == [5, 1, 2]
    assert dict(report.by_tier) == {"official": 0, "publisher": 6, "press": 1, "weak": 0}
    assert [(row.series, row.literal) for row in report.undated] == [("forecast.semi_market.world", "697.2")]


def test_ties_and_rivals_are_listed_with_what_splits_them(opened):
    report = opened(*ROWS).lint()

    assert [(str(tie.period), tie.split, [r.literal for r in tie.rows]) for tie in report.ties] == [
        ("2021", "edition", ["627.6", "555.9"]),
        ("2024", "by", ["626.0", "627.6"]),
    ]
    assert [(str(rival.period), rival.houses) for rival in report.rivals] == [("2024", ("Gartner", "WSTS"))]


def test_strange_rows_are_listed(opened):
    early = {"published": "2024-11-01"}
    reverse = (
        {"period": "2020", "published": "2021-05-01"},
        {"period": "2020", "published": "2021-02-01", "print": "later"},
    )
    report = opened(early, *reverse, {"period": "2026"}).lint()

    kinds = [(finding.kind, finding.where) for finding in report.findings if finding.where.startswith("obs")]
    assert sorted(kinds) == [
        ("first print after a later one", "observations/a.csv:3"),
        ("realised before its period ended", "observations/a.csv:2"),
        ("recorded before its assumed day", "observations/a.csv:5"),
    ]


def test_the_text_says_each_count_and_on_demand_each_case(opened):
    report = opened(*ROWS).lint()

    assert re.search(r"^known from +2 public by a day +1$", report.to_text(), re.MULTILINE)
    assert "tie, split" not in report.to_text()
    assert (
        "tie, split by by: wsts.sales.world 2024 on 2025-02-07: 626.0 USD bn (Gartner); 627.6 USD bn (WSTS)"
        in report.to_text(details=True)
    )


def test_an_event_may_be_told_within_its_month_but_not_before_it(opened):
    event = {"series": "chip.tdp", "unit": "W", "kind": "realised", "value": "700"}
    told = {**event, "period": "2024-11", "published": "2024-11-03"}
    announced = {**event, "period": "2025-01", "published": "2024-12-30"}
    report = opened(told, announced).lint()

    early = [
        finding.where for finding in report.findings if finding.kind == "realised before its period ended"
    ]
    assert early == ["observations/a.csv:3"]
