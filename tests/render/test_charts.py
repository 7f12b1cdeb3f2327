from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest
from sample_report import Axis, cell, column, exhibit, report, rows_of, words

from waferline.quantity.period import Period
from waferline.render.charts import SIZES, compact, dark_css, is_drawn, pictures, vega_lite
from waferline.render.charts.dispatch import DRAWN, TYPESET
from waferline.render.charts.frame import wrapped
from waferline.render.charts.marks import Point, pieces
from waferline.render.charts.periods import with_gaps
from waferline.render.charts.style import (
    AXIS,
    BAND_A,
    BAND_B,
    GRID,
    INK,
    NO_CELL,
    ON_DARK,
    ON_LIGHT,
    PAPER,
    RAMP,
    RAMP_UP,
    SERIES,
    SOFT,
)
from waferline.study.report import Chart, Exhibit, Lang, Row, Words

EXHIBITS = report("zh").exhibits
DRAWN_ONES = [e.id for e in EXHIBITS.values() if is_drawn(e)]


def layers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in spec["layer"]:
        if "layer" in layer:
            yield from layers(layer)
        else:
            yield layer


def values(spec: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    return [
        v
        for layer in layers(spec)
        if layer["mark"]["type"] == mark and layer.get("name") != "hover"
        for v in layer["data"]["values"]
    ]


def test_every_chart_of_the_vocabulary_is_drawn_or_typeset() -> None:
    assert {*DRAWN, *TYPESET} == set(get_args(Chart))


def test_the_sample_shows_every_chart() -> None:
    assert {e.chart for e in EXHIBITS.values()} == set(get_args(Chart))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", ["half", "full"])
@pytest.mark.parametrize("id", DRAWN_ONES)
def test_every_chart_draws_in_both_sizes_and_languages(id: str, size: str, lang: Lang) -> None:
    spec = vega_lite(EXHIBITS[id], lang, "full" if size == "full" else "half")
    svg = pictures({"x": compact(spec)})["x"]

    width = SIZES["full" if size == "full" else "half"].width
    assert spec["width"] + spec["padding"]["left"] + spec["padding"]["right"] == width
    assert f'width="{width}"' in svg.split(">", 1)[0]
    assert "NaN" not in svg and "undefined" not in svg and "Infinity" not in svg
    words_in = "".join(re.findall(r"<text[^>]*>([^<]*)", svg))
    assert (
        ("销" in words_in or "E：" in words_in or re.search("[一-鿿]", words_in))
        if lang == "zh"
        else not re.search("[一-鿿]", words_in)
    )


def test_the_picture_goes_without_the_areas_that_answer_to_the_pointer() -> None:
    spec = vega_lite(EXHIBITS["sales"], "zh", "half")

    assert any(layer.get("name") == "hover" for layer in layers(spec))
    assert "hover" not in pictures({"x": compact(spec)})["x"]


def test_zeros_of_levels_and_growth_stand_at_the_same_height() -> None:
    spec = vega_lite(EXHIBITS["sales"], "zh", "half")
    domains = {
        layer["encoding"]["y"]["axis"]["orient"]: layer["encoding"]["y"]["scale"]["domain"]
        for layer in layers(spec)
        if isinstance(layer["encoding"].get("y", {}).get("axis"), dict)
    }

    (a, b), (c, d) = domains["left"], domains["right"]
    assert a / b == pytest.approx(c / d)
    assert c < -12.0 and d > 21.6


def test_a_gap_is_never_joined() -> None:
    """2021 is unknown: no piece of line passes it, and the bar says so."""
    spec = vega_lite(EXHIBITS["sales"], "zh", "half")

    by_piece: dict[str, list[str]] = {}
    for point in values(spec, "line"):
        by_piece.setdefault(point["s"], []).append(point["x"])
    assert not any("2020" in xs and "2023" in xs for xs in by_piece.values())
    assert "2021" not in [v["x"] for v in values(spec, "bar")]
    assert {"x": "2021", "y": 0.0, "t": "缺"} in values(spec, "text")


def test_a_column_of_points_is_never_joined() -> None:
    own = next(e for e in EXHIBITS.values() if e.chart == "bars+line")
    loose = replace(
        own,
        columns=tuple(replace(c, mark="point") if c.mark == "line" else c for c in own.columns),
    )

    assert values(vega_lite(own, "zh", "full"), "line")
    spec = vega_lite(loose, "zh", "full")
    assert not values(spec, "line")
    assert len(values(spec, "point")) >= len(values(vega_lite(own, "zh", "full"), "point"))


def test_forecasts_are_dashed_light_and_labelled() -> None:
    spec = vega_lite(EXHIBITS["sales"], "zh", "half")
    bars = [
        layer for layer in layers(spec) if layer["mark"]["type"] == "bar" and layer.get("name") != "hover"
    ]

    actual, forecast = bars
    assert [v["x"] for v in forecast["data"]["values"]] == ["2025E", "2026E"]
    assert forecast["mark"]["strokeDash"] and forecast["mark"]["fillOpacity"] < 0.5
    assert not any(v["x"].endswith("E") for v in actual["data"]["values"])
    assert any(v.get("t") == "E：预测" for v in values(spec, "text"))


def test_the_forecast_piece_starts_at_the_last_actual_point() -> None:
    made = pieces([Point("a", 1.0), Point("b", None), Point("c", 2.0), Point("dE", 3.0, True)])

    assert [([p.x for p in piece.points], piece.forecast) for piece in made] == [
        (["a"], False),
        (["c"], False),
        (["c", "dE"], True),
    ]


def test_a_stack_with_an_unknown_part_is_marked() -> None:
    spec = vega_lite(EXHIBITS["capex"], "zh", "full")

    assert any(v.get("t") == "缺" and v.get("x") == "23Q4" for v in values(spec, "text"))


def test_shares_of_an_unknown_whole_are_not_drawn() -> None:
    levels = exhibit(
        "s", 1, "stacked100", words("份额", "Shares"),
        [column("a", "甲", "A", "bar", group="g"), column("b", "乙", "B", "bar", group="g")],
        rows_of(["2022", "2023"], [[30.0, 10.0], [50.0, None]]), left=Axis(words("%", "%")),
    )  # fmt: skip

    drawn = values(vega_lite(levels, "zh", "half"), "bar")

    assert {(v["x"], v["y"]) for v in drawn} == {("2022", 75.0), ("2022", 100.0)}


def test_a_period_left_out_between_others_becomes_a_gap() -> None:
    rows = rows_of(["2022-Q1", "2022-Q3"], [[1.0], [2.0]])

    assert [r.period.short() for r in with_gaps(rows) if r.period] == ["22Q1", "22Q2", "22Q3"]


def test_far_apart_periods_stay_as_they_are() -> None:
    rows = rows_of(["2010", "2024"], [[1.0], [2.0]])

    assert with_gaps(rows) == rows


def test_ranked_dots_stand_largest_first_with_the_unknown_last() -> None:
    spec = vega_lite(EXHIBITS["dots"], "zh", "half")
    names = [
        v["t"]
        for v in values(spec, "text")
        if "y" in v and v["t"] in {r.label.zh for r in EXHIBITS["dots"].rows}
    ]

    assert names[0] == "寒武纪" and names[-1] == "拓荆科技（688072）"
    assert any(v.get("t") == "缺" for v in values(spec, "text"))


def test_a_text_column_stands_in_brackets_beside_the_dot() -> None:
    columns = [
        column("v", "访问量", "Visits", "point", of="mn"),
        column("c", "环比", "Change", "text", of="%"),
    ]
    rows = [
        Row(words("甲", "A"), (cell(257, places=0), cell(2230.9))),
        Row(words("乙", "B"), (cell(3980, places=0), cell(None))),
    ]
    spec = vega_lite(exhibit("x", 1, "ranked-dots", words("x", "x"), columns, rows), "en", "full")
    printed = [v["t"] for v in values(spec, "text") if "v" in v]

    assert printed == ["3,980", "257 (2,230.9%)"]


def test_an_absent_bar_is_marked_in_its_own_gap() -> None:
    columns = [column("a", "甲", "A", "bar"), column("b", "乙", "B", "bar")]
    rows = [Row(words("一", "one"), (cell(3), cell(None))), Row(words("二", "two"), (cell(3), cell(4)))]
    spec = vega_lite(exhibit("x", 1, "grouped", words("x", "x"), columns, rows), "en", "full")

    marked = [v for v in values(spec, "text") if v.get("t") == "n/a"]
    assert [(v["x"], v["g"]) for v in marked] == [("one", "b")]


def test_where_bars_are_narrow_the_word_for_absent_covers_none_of_them() -> None:
    columns = [column(key, key, key, "bar") for key in "abcd"]
    one = Row(words("一", "one"), (cell(3), cell(3), cell(3), cell(None)))
    rows = [one, *(replace(one, label=words(f"{n}", f"{n}"), cells=(cell(3),) * 4) for n in range(20))]
    spec = vega_lite(exhibit("x", 1, "grouped", words("x", "x"), columns, rows), "en", "half")

    assert [v for v in values(spec, "text") if v.get("t") == "n/a"] == []


def test_a_range_with_one_end_is_a_point_not_a_bar() -> None:
    spec = vega_lite(EXHIBITS["ranges"], "zh", "half")

    assert len([v for v in values(spec, "rect") if "bar" in v]) == 4
    assert any(v["v"] == 160.0 for v in values(spec, "point") if "v" in v)


def test_a_range_given_ahead_is_dashed_and_an_outcome_is_not() -> None:
    ahead = EXHIBITS["ranges"]
    known = tuple(
        replace(row, forecast=False, cells=tuple(replace(c, forecast=False) for c in row.cells))
        for row in ahead.rows[:2]
    )
    mixed = replace(ahead, rows=(*known, *ahead.rows[2:]))

    spec = vega_lite(mixed, "zh", "half")
    bars = [
        layer for layer in layers(spec) if any("bar" in v for v in layer.get("data", {}).get("values", ()))
    ]

    dashed = {v["r"] for b in bars if "strokeDash" in b["mark"] for v in b["data"]["values"]}
    plain = {v["r"] for b in bars if "strokeDash" not in b["mark"] for v in b["data"]["values"]}
    assert (plain, dashed) == ({0, 1}, {2, 3})


def test_a_range_says_its_ends_as_printed() -> None:
    said = {v["t"] for v in values(vega_lite(EXHIBITS["ranges"], "zh", "full"), "text") if "r" in v}

    assert said == {"687.0–730.0", "185.0–210.0", "155.0–178.0", "110.0–128.0", "160.0"}


def test_a_few_bars_on_a_whole_page_are_not_walls() -> None:
    few = replace(EXHIBITS["sales"], rows=EXHIBITS["sales"].rows[:3])
    bars = [
        layer["mark"] for layer in layers(vega_lite(few, "en", "full")) if layer["mark"].get("type") == "bar"
    ]

    assert bars[0]["width"]["band"] < 0.4
    assert all("width" not in layer["mark"] for layer in layers(vega_lite(EXHIBITS["sales"], "en", "half"))
               if layer["mark"].get("type") == "bar" and layer.get("name") != "hover")  # fmt: skip


def test_a_heat_map_says_its_unit_once_where_its_cells_do_not() -> None:
    plain = EXHIBITS["heat"]
    bare = replace(
        plain,
        rows=tuple(
            replace(r, cells=tuple(replace(c, text=words("1.0", "1.0")) for c in r.cells)) for r in plain.rows
        ),
    )

    assert "单位：%" in {v["t"] for v in values(vega_lite(bare, "zh", "half"), "text")}
    assert "单位：%" not in {v["t"] for v in values(vega_lite(plain, "zh", "half"), "text")}


def test_lines_of_a_folded_name_are_about_equally_long() -> None:
    assert wrapped("中国大陆", 32, 10) == ["中国", "大陆"]
    assert wrapped("其他地区", 200, 10) == ["其他地区"]


def test_a_hole_has_no_picture() -> None:
    assert not is_drawn(EXHIBITS["cost"])


def test_columns_of_one_group_share_a_colour_and_differ_in_dashes() -> None:
    rows = tuple(
        Row(Words(str(y), str(y)), (cell(float(y - 2000)), cell(float(y - 1999))), Period.parse(str(y)))
        for y in range(2020, 2025)
    )
    pair = exhibit(
        "p", 1, "lines", words("甲", "A"),
        [column("a", "实际", "Actual", "line", group="g"), column("b", "机构", "House", "line", group="g")],
        rows, left=Axis(words("个", "Units")),
    )  # fmt: skip

    spec = vega_lite(pair, "zh", "half")

    assert {v["c"] for v in values(spec, "line")} == {SERIES[0][0]}
    assert len([layer for layer in layers(spec) if layer["mark"]["type"] == "line"]) == 2


@pytest.mark.parametrize("id", DRAWN_ONES)
def test_an_exhibit_without_any_value_still_draws(id: str) -> None:
    empty = replace(
        EXHIBITS[id],
        rows=tuple(replace(r, cells=tuple(cell(None) for _ in r.cells)) for r in EXHIBITS[id].rows),
        fit=None,
    )

    assert pictures({"x": compact(vega_lite(empty, "zh", "half"))})["x"].startswith("<svg")


@pytest.mark.parametrize("id", DRAWN_ONES)
def test_one_row_is_enough(id: str) -> None:
    one: Exhibit = replace(EXHIBITS[id], rows=EXHIBITS[id].rows[:1])

    assert pictures({"x": compact(vega_lite(one, "zh", "half"))})["x"].startswith("<svg")


def test_specifications_are_plain_json_and_the_same_every_time() -> None:
    once, again = (json.dumps(vega_lite(EXHIBITS["phases"], "zh", "full")) for _ in range(2))

    assert once == again


def test_every_tick_of_a_log_axis_is_labelled() -> None:
    """1e23 is the one: readers of JSON do not agree on its last bit."""
    plain = EXHIBITS["compute"]
    rows = [
        replace(r, cells=(replace(r.cells[0], value=v),))
        for r, v in zip(plain.rows, (2e11, 7e25), strict=False)
    ]
    svg = pictures({"x": compact(vega_lite(replace(plain, rows=tuple(rows), fit=None), "en", "half"))})["x"]

    ticks = [t for t in re.findall(r"<text[^>]*>([^<]*)", svg) if re.fullmatch(r"10\^\d+", t)]
    assert ticks == ["10^11", "10^14", "10^17", "10^20", "10^23", "10^26"]


@pytest.mark.parametrize("id", DRAWN_ONES)
def test_every_colour_has_a_dark_form_or_is_made_for_both(id: str) -> None:
    svg = pictures({"x": compact(vega_lite(EXHIBITS[id], "zh", "half"))})["x"]
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]+)"', svg))

    both = {*RAMP, *RAMP_UP, ON_LIGHT, ON_DARK, NO_CELL}
    assert all(colour in both or f'="{colour}"' in dark_css("") for colour in used)


def test_no_colour_serves_two_purposes() -> None:
    light = [pair[0] for pair in (*SERIES, INK, SOFT, GRID, AXIS, BAND_A, BAND_B, PAPER)]
    assert len(light) == len(set(light))
    assert not set(light) & {*RAMP, *RAMP_UP, ON_LIGHT, ON_DARK, NO_CELL}


@pytest.mark.parametrize(
    "name", ['a\\"b', "\\u00zz", "a\\", "two\nlines", '" + alert(1) + "', "</script>${x}", "'"]
)
def test_a_name_is_only_text_to_the_chart(name: str) -> None:
    for one in report("zh").exhibits.values():
        if is_drawn(one) and one.chart in ("bars+line", "lines"):
            named = replace(
                one, columns=tuple(replace(column, name=Words(name, name)) for column in one.columns)
            )
            assert pictures({"x": compact(vega_lite(named, "zh", "half"))})["x"].startswith("<svg")
            return
    raise AssertionError("no such chart in the sample")
