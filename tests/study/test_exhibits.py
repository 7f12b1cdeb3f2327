"""Filling an exhibit: its status is computed, a gap stays a gap, and its face says what it rests on."""

from __future__ import annotations

from datetime import date

import pytest
from mini_study import FILES

from waferline.errors import BadInput
from waferline.evidence.model import Event, Observation
from waferline.evidence.snapshot import Snapshot
from waferline.quantity.period import Period
from waferline.study.exhibit_files import RowsSpec, load_exhibit
from waferline.study.exhibit_rows import _estimates_of
from waferline.study.exhibits import fill, leaves_of
from waferline.study.report import Words
from waferline.study.sourcing import Cards

TAB01 = FILES["exhibits/tab01.toml"]
FIG01, FIG02, FIG03 = (FILES[f"exhibits/fig0{n}.toml"] for n in (1, 2, 3))


@pytest.fixture
def filled(tmp_path, known):
    def run(text, *, on=None, cards=None, identifier="fig01"):
        (tmp_path / "exhibits").mkdir(exist_ok=True)
        (tmp_path / "exhibits" / f"{identifier}.toml").write_text(text, "utf-8")
        return fill(load_exhibit(tmp_path, identifier, ()), 1, on or known, cards)

    return run


def test_an_exhibit_with_every_value_is_shown(filled):
    exhibit = filled(FIG01)

    assert (exhibit.status, exhibit.points, exhibit.missing) == ("shown", 3, ())
    assert [row.cells[0].text.zh for row in exhibit.rows] == ["574.1", "526.8", "627.6"]
    assert (str(exhibit.first), str(exhibit.last)) == ("2022", "2024")


def test_an_optional_absence_is_a_gap_and_no_hole(filled):
    exhibit = filled(FIG01)

    assert [row.cells[1].text.en for row in exhibit.rows] == ["—", "−8.2", "19.1"]
    assert exhibit.rows[0].cells[1].value is None


def test_a_missing_month_stays_a_gap_and_is_listed(filled):
    exhibit = filled(FIG02)

    assert exhibit.status == "partial"
    assert [row.cells[0].value for row in exhibit.rows] == [314.239713, None, 278.163107]
    assert [word.en for word in exhibit.missing] == ["2024-11 Revenue"]


def test_exactly_half_is_partial_and_less_is_a_hole(filled):
    def status(first, last):
        return filled(FIG02.replace('"2024-10", "2024-12"', f'"{first}", "{last}"')).status

    assert status("2024-11", "2024-12") == "partial"
    assert status("2024-11", "2025-01") == "hole"
    assert status("2025-01", "2025-02") == "hole"


def test_rows_that_are_not_known_at_all_are_a_hole(filled, mini_evidence):
    exhibit = filled(
        FIG02.replace('"2024-12")\'', 'latest("tsmc.revenue.monthly"))\''),
        on=mini_evidence.as_of(date(2023, 2, 3)),
    )

    assert (exhibit.status, exhibit.rows, exhibit.points) == ("hole", (), 0)


def test_a_declared_hole_says_why(filled):
    exhibit = filled('title = { zh = "甲", en = "a" }\nchart = "table"\nhole = { zh = "无", en = "none" }\n')

    assert exhibit.status == "hole"
    assert exhibit.hole is not None and exhibit.hole.en == "none"
    assert exhibit.alt.en == "Table: a. No data."


def test_backfilled_values_are_marked_on_the_face_and_only_where_allowed(filled):
    shown = filled(FIG03)
    plain = filled(FIG03.replace("backfill = true\n", ""))

    assert all(row.cells[0].backfilled for row in shown.rows)
    assert "回填" in shown.source_line.zh and "backfilled" in shown.source_line.en
    assert (plain.status, plain.points) == ("hole", 0)
    assert "回填" not in plain.source_line.zh


def test_once_the_edition_is_known_nothing_is_backfilled(filled, mini_evidence):
    exhibit = filled(FIG03, on=mini_evidence.as_of(date(2026, 11, 23)))

    assert not any(row.cells[0].backfilled for row in exhibit.rows)
    assert "回填" not in exhibit.source_line.zh


def test_a_forecast_makes_its_row_a_forecast(filled):
    exhibit = filled(TAB01, identifier="tab01")

    assert [row.forecast for row in exhibit.rows] == [False, True]
    assert [row.cells[0].forecast for row in exhibit.rows] == [False, True]


def test_rows_after_the_given_period_are_forecasts_on_their_face(filled):
    text = FIG01.replace("[rows]\n", "[rows]\nforecast_after = 'latest(\"sia.sales_year.world\")'\n").replace(
        '"2024")\'\n', '"2025")\'\n', 1
    )
    exhibit = filled(text)

    assert [(row.label.zh, row.forecast) for row in exhibit.rows] == [
        ("2022", False), ("2023", False), ("2024", False), ("2025E", True),
    ]  # fmt: skip


def test_the_largest_comes_first_and_a_gap_last(filled):
    text = FIG02.replace("[rows]\n", '[rows]\norder = "largest"\n').replace('"2024-10"', '"2024-11"')
    rows = filled(text.replace('"2024-12"', '"2025-01"').replace('"2024-11"', '"2024-10"')).rows

    assert [row.label.en for row in rows] == ["2024-10", "2024-12", "2024-11", "2025-01"]


def test_what_the_limit_cuts_off_is_not_counted_missing_or_sourced(filled):
    text = FIG02.replace("[rows]\n", '[rows]\norder = "largest"\nlimit = 1\n')

    exhibit = filled(text)

    assert (exhibit.status, exhibit.points, exhibit.missing) == ("shown", 1, ())
    assert exhibit.sources == ("tsmc",)
    assert exhibit.source_line.en == "Source: TSMC"


_ESTIMATE = {
    "subject": "", "period": Period.parse("2025"), "unit": "USD bn", "by": "MoneyDJ", "published": date(2024, 10, 21), "public_by": None,
    "recorded": None, "print": "first", "kind": "forecast", "source": "sia", "note": "", "url": "", "exact": False,
    "known_from": date(2024, 10, 21), "known_to": date(9999, 12, 31), "basis": "stated", "file": "a.csv", "line": 2,
}  # fmt: skip


def labels(rows: RowsSpec, *told: tuple[str, str, str]) -> list[str]:
    """The Chinese labels of estimates told as (series, literal, edition)."""
    found = [Observation(series=s, literal=v, edition=e, **_ESTIMATE) for s, v, e in told]  # type: ignore[arg-type]
    known = Snapshot(date(2025, 3, 20), series={}, sources={}, rows=lambda _: ())
    return [line.label.zh for line in _estimates_of(found, known, rows)]


def test_a_single_figure_beside_a_range_of_one_statement_has_a_label_of_its_own():
    told = labels(RowsSpec(), ("c.low", "32", ""), ("c.high", "35", ""), ("c", "40", ""))

    assert told == ["MoneyDJ（2024-10）", "MoneyDJ（2024-10，单一值）"]


def test_two_statements_of_one_month_are_told_apart_by_their_days():
    first, later = (
        Observation(
            **{**_ESTIMATE, "series": "c", "literal": v, "edition": "", "published": day, "known_from": day}
        )
        for v, day in (("100", date(2025, 11, 17)), ("125", date(2025, 11, 28)))
    )
    known = Snapshot(date(2026, 3, 20), series={}, sources={}, rows=lambda _: ())

    assert [line.label.zh for line in _estimates_of([first, later], known, RowsSpec())] == [
        "MoneyDJ（2025-11-17）",
        "MoneyDJ（2025-11-28）",
    ]


def test_editions_of_one_day_are_named_in_the_language_of_the_report():
    rows = RowsSpec(editions=(("upper case", Words("乐观情形", "upper case")),))

    assert labels(rows, ("c", "100", ""), ("c", "140", "upper case")) == [
        "MoneyDJ（2024-10）",
        "MoneyDJ（2024-10，乐观情形）",
    ]


def test_a_band_names_the_events_that_became_public_in_it_and_the_exhibit_their_sources(
    filled, mini_evidence
):
    text = FIG03.replace('chart = "lines"', 'chart = "phases"').replace("[rows]", "", 1)
    text = text.replace(
        "[[columns]]",
        '[rows]\nperiods = \'days("index.sw_semiconductor.close", "2024-01-02", "2024-01-31")\'\n\n[[columns]]',
        1,
    )
    text = text.replace('periods = \'periods("2024-11", "2024-12")\'\n', "")
    text = text.replace('level("wsts.billings.world", p)', 'level("index.sw_semiconductor.close", p)')
    text = text.replace('unit = "USD bn"', 'unit = "index"')
    text += """
[[bands]]
start = "2024-01-02"
end = "2024-01-31"
label = { zh = "一", en = "one" }
"""
    event = Event(date(2024, 1, 9), "发布新品", "a launch", "blog", date(2024, 1, 10), "")

    def shown(day):
        known = mini_evidence.as_of(day)
        known = Snapshot(
            day, series=known.series, sources=known.sources, rows=mini_evidence._rows, events=(event,)
        )
        return filled(text, on=known)

    after, before = shown(date(2024, 2, 5)), shown(date(2024, 1, 9))

    assert after.bands[0].event == Words("2024年1月9日发布新品", "9 January 2024: a launch")
    assert "blog" in after.sources and "a weblog" in after.source_line.en
    assert before.bands[0].event is None and "blog" not in before.sources


def test_estimates_are_rows_of_their_house_and_day(filled):
    exhibit = filled(
        """
title = { zh = "预测", en = "Forecasts" }
chart = "ranked-dots"
[rows]
estimates = "forecast.semi_market.*"
period = "2025"
[[columns]]
key = "value"
name = { zh = "规模", en = "Size" }
mark = "point"
unit = "USD bn"
expr = "o"
"""
    )

    (row,) = exhibit.rows
    assert (row.label.en, row.cells[0].value, row.forecast) == ("WSTS (2024-06)", 687.4, True)


def test_a_row_under_a_condition_waits_for_its_day(filled, mini_evidence):
    text = TAB01.replace('series = "forecast', 'when = \'since("2025-03-20")\'\nseries = "forecast')

    assert len(filled(text, identifier="tab01").rows) == 2
    assert len(filled(text, identifier="tab01", on=mini_evidence.as_of(date(2025, 3, 19))).rows) == 1


def test_table_cells_carry_cards_and_chart_cells_do_not(filled, known):
    cards = Cards(known, "zh")

    table, chart = filled(TAB01, cards=cards, identifier="tab01"), filled(FIG01, cards=cards)

    assert [row.cells[0].card for row in table.rows] == ["n1", "n2"]
    assert {cell.card for row in chart.rows for cell in row.cells} == {""}


def test_only_printed_rows_of_a_limited_table_have_cards(filled, known):
    cards = Cards(known, "zh")
    text = TAB01.replace("[[rows.items]]", '[rows]\norder = "largest"\nlimit = 1\n\n[[rows.items]]', 1)

    table = filled(text, cards=cards, identifier="tab01")

    assert [[cell.card for cell in row.cells] for row in table.rows] == [["n1", ""]]
    assert [card.text for card in cards.cards.values()] == [table.rows[0].cells[0].text.zh]


RANGE = 'span("forecast.semi_market.wsts", "sia.sales_year.world", "2024")'


def test_a_range_in_a_table_has_ends_and_no_value(filled, known):
    cards = Cards(known, "en")
    table = filled(TAB01.replace('level(series, "2024")', RANGE), cards=cards, identifier="tab01")
    cell = table.rows[0].cells[0]

    assert (cell.text.en, cell.value) == ("USD 611.2–627.6 bn", None)
    assert [str(end.value) for end in cell.ends] == ["3056/5", "3138/5"]
    assert (cards.cards["n1"].title, cards.cards["n1"].formula) == ("Range, 2024", "")


def test_a_range_is_not_drawn_at_its_middle(filled):
    with pytest.raises(BadInput, match="a range has no one value to draw"):
        filled(FIG01.replace('level("sia.sales_year.world", p)', RANGE))


def test_a_band_is_cut_at_the_day_and_one_after_it_left_out(filled):
    text = (
        FIG01.replace('chart = "bars+line"', 'chart = "phases"')
        + """
[[bands]]
start = "2024-01-02"
end = "2026-12-31"
label = { zh = "上行", en = "up" }
[[bands]]
start = "2025-03-21"
end = "2025-12-31"
label = { zh = "其后", en = "later" }
"""
    )
    (band,) = filled(text).bands

    assert (band.period.start, band.period.end) == (date(2024, 1, 2), date(2025, 3, 20))


def test_the_share_of_assumed_days_is_said_in_a_note(filled):
    text = FIG02.replace('"2024-10", "2024-12"', '"2023-10", "2023-12"')

    assert [note.en for note in filled(text).notes] == [
        "for 2 of 3 observations the day they became known is assumed"
    ]


def test_an_axis_is_titled_with_its_unit(filled):
    exhibit = filled(FIG01)

    assert exhibit.left is not None and exhibit.right is not None
    assert (exhibit.left.title.zh, exhibit.right.title.en) == ("销售额（十亿美元）", "Year on year (%)")


def test_the_alternative_text_says_what_is_shown_and_its_newest_values(filled):
    assert (
        "World semiconductor sales, 2022 to 2024; 3 values. 2024: Sales 627.6 USD bn" in filled(FIG01).alt.en
    )


def test_the_leaves_are_the_observations_drawn(filled):
    assert [leaf.literal for leaf in leaves_of(filled(FIG01))] == ["574.1", "526.8", "627.6"]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("periods('2022', '2024')", "asof()", "no list of periods"),
        ("periods('2022', '2024')", "['2022']", "no list of periods"),
        ("periods('2022', '2024')", "periods('2022', '2024-12')", "different kinds"),
        ('"sia.sales_year.world", p', '"sia.sales_yaer.world", p', "unknown series"),
        ('"sia.sales_year.world", p', '"sia.sales_year.world", q', "unknown name"),
        ('level("sia.sales_year.world", p)', "p", "holds quantities"),
        ('level("sia.sales_year.world", p)', "[p]", "holds quantities"),
        ('level("sia.sales_year.world", p)', 'name("sia.sales_year.world")', "holds quantities"),
        ('unit = "USD bn"', 'unit = "TWD bn"', "different units"),
        ('axis = "right"', 'axis = "left"', "two units"),
        ('unit = "USD bn"\n', "", "holds names and dates"),
    ],
)  # fmt: skip
def test_the_wrong_shape_is_one_line_in_the_exhibits_file(filled, old, new, what):
    text = FIG01.replace('periods("2022", "2024")', "periods('2022', '2024')").replace(
        "periods = 'periods('2022', '2024')'", "periods = \"periods('2022', '2024')\""
    )
    assert old in text
    with pytest.raises(BadInput) as caught:
        filled(text.replace(old, new, 1))
    assert str(caught.value).startswith("exhibits/fig01.toml:")
    assert "\n" not in str(caught.value)
    assert what in str(caught.value)


def test_records_keep_only_what_exceeds_all_before(filled):
    exhibit = filled(FIG01.replace("[rows]", '[rows]\norder = "records"'))

    assert [row.cells[0].text.en for row in exhibit.rows] == ["574.1", "627.6"]


LANES = """
title = { zh = "路线", en = "Routes" }
chart = "lanes"

[groups]
a = { zh = "甲", en = "Route A" }

[[rows.items]]
label = { zh = "起点", en = "Start" }
group = "a"
sales = "sia.sales_year.world"

[[rows.items]]
label = { zh = "终点", en = "End" }
group = "a"
sales = ""

[[columns]]
key = "sales"
name = { zh = "销售额", en = "Sales" }
mark = "point"
unit = "USD bn"
places = 1
optional = true
expr = 'level(sales, "2024")'
"""


def test_a_row_that_names_no_series_has_a_gap(filled):
    exhibit = filled(LANES.replace("optional = true\n", ""))

    assert [row.cells[0].text.en for row in exhibit.rows] == ["627.6", "—"]
    assert [word.en for word in exhibit.missing] == ["End Sales"]


def test_boxes_of_which_no_number_is_expected_are_shown_and_their_group_is_named(filled):
    exhibit = filled(LANES)

    assert exhibit.status == "shown"
    assert exhibit.group_name("a", "en") == "Route A"


def test_what_stands_beside_a_dot_has_a_unit_of_its_own(filled):
    beside = """
[[columns]]
key = "yoy"
name = { zh = "同比", en = "Growth" }
mark = "text"
unit = "%"
places = 1
expr = 'yoy("sia.sales_year.world", "2024")'
"""
    exhibit = filled(LANES.replace('"lanes"', '"ranked-dots"') + beside)

    assert exhibit.left is not None and exhibit.left.title.en == "USD bn"
