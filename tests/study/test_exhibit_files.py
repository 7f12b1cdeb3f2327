"""An exhibit's file is checked before any evidence is seen; each fault is one line at its place."""

from __future__ import annotations

import pytest
from mini_study import FILES

from waferline.errors import BadInput
from waferline.study.exhibit_files import load_exhibit

GOOD = FILES["exhibits/fig01.toml"]
SALES = "expr = 'level(\"sia.sales_year.world\", p)'"


def load(root, text, identifier="fig01", names=()):
    (root / "exhibits").mkdir(exist_ok=True)
    (root / "exhibits" / f"{identifier}.toml").write_text(text, "utf-8")
    return load_exhibit(root, identifier, names)


def test_a_good_exhibit_is_read_as_written(tmp_path):
    spec = load(tmp_path, GOOD)

    assert (spec.id, spec.kind, spec.chart) == ("fig01", "figure", "bars+line")
    assert [(c.key, c.mark, c.axis, c.optional, c.backfill) for c in spec.columns] == [
        ("sales", "bar", "left", False, False), ("growth", "line", "right", True, False),
    ]  # fmt: skip
    assert [c.unit.name for c in spec.columns] == ["USD bn", "%"]


def test_an_id_that_begins_with_tab_is_a_table(tmp_path):
    assert load(tmp_path, FILES["exhibits/tab01.toml"], "tab01").kind == "table"


def test_a_column_is_placed_at_its_own_line(tmp_path):
    sales, growth = load(tmp_path, GOOD).columns

    lines = GOOD.split("\n")
    assert [lines[int(c.where.split(":")[1]) - 1].strip() for c in (sales, growth)] == [
        SALES, 'expr = \'yoy("sia.sales_year.world", p)\'',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('title = { zh = "全球半导体年度销售额", en = "World semiconductor sales" }', "", "title has both languages"),
        ('title = { zh = "全球半导体年度销售额", en = "World semiconductor sales" }', 'title = "Sales"', "title has both languages"),
        ('en = "World semiconductor sales"', 'fr = "Ventes"', "title has both languages"),
        (', en = "World semiconductor sales"', "", "title has both languages"),
        ('en = "World semiconductor sales"', "en = 5", "title has both languages"),
        ('zh = "全球半导体年度销售额"', 'zh = "全球半导体销售额增长19.1%"', "typed by hand"),
        ('zh = "全球半导体年度销售额"', 'zh = "三成产能"', "typed by hand"),
        ('en = "World semiconductor sales"', 'en = "57 new fabs"', "typed by hand"),
        ('left = { zh = "销售额", en = "Sales" }', 'left = { zh = "销售额", en = "10 largest" }', "typed by hand"),
        ('name = { zh = "同比", en = "Growth" }', 'name = { zh = "同比", en = "top 5" }', "typed by hand"),
        ('chart = "bars+line"', 'chart = "pie"', "unknown chart"),
        ('chart = "bars+line"', "chart = 3", "unknown chart"),
        ('chart = "bars+line"', 'chart = ["bars+line"]', "unknown chart"),
        ('chart = "bars+line"', 'chart = "bars+line"\ncolour = "red"', "unknown key"),
        ('axis = "right"', 'axes = "right"', "unknown key of columns"),
        ('axis = "right"', 'axis = "top"', "unknown axis"),
        ('mark = "bar"', 'mark = "blob"', "unknown mark"),
        ('unit = "USD bn"', 'unit = "USD furlong"', "unknown unit"),
        ('unit = "USD bn"', "unit = 5", "unit is a string"),
        ('unit = "USD bn"', 'unit = "USD bn"\nplaces = 9', "places is a whole number"),
        ('unit = "USD bn"', 'unit = "USD bn"\nplaces = -1', "places is a whole number"),
        ('unit = "USD bn"', 'unit = "USD bn"\nplaces = "1"', "places is a whole number"),
        ('unit = "USD bn"', 'unit = "USD bn"\nplaces = true', "places is a whole number"),
        ('optional = true', 'optional = "yes"', "optional is true or false"),
        ('optional = true', 'backfill = 1', "backfill is true or false"),
        ('key = "growth"', 'key = "sales"', "two columns have one key"),
        ('key = "growth"', "", "key is missing"),
        ('key = "growth"', 'key = " "', "key is missing"),
        (SALES, "", "expr is missing"),
        (SALES, "expr = 627.6", "expr is missing"),
        ("periods = 'periods(\"2022\", \"2024\")'", "", "rows come from one place"),
        ("periods = 'periods(\"2022\", \"2024\")'", "periods = 'a'\nsubjects = 'b'", "rows come from one place"),
        ("periods = 'periods(\"2022\", \"2024\")'", "period_list = 'a'", "unknown key of rows"),
        ("periods = 'periods(\"2022\", \"2024\")'", "periods = 'a'\nlimit = 'few'", "limit is a whole number"),
        ("periods = 'periods(\"2022\", \"2024\")'", "periods = 'a'\nlimit = -3", "limit is a whole number"),
        ("periods = 'periods(\"2022\", \"2024\")'", "periods = 'a'\norder = 'smallest'", "unknown order"),
        ("periods = 'periods(\"2022\", \"2024\")'", "items = 'a'", "items is a list of tables"),
        ("[rows]", "[row]", "unknown key"),
        ("[[columns]]", "[columns]", "not valid TOML"),
        ('chart = "bars+line"', 'chart = "bars+line"\nnotes = "a"', "notes is a list of tables"),
        ('chart = "bars+line"', 'chart = "bars+line"\nbands = [1]', "bands is a list of tables"),
        ('chart = "bars+line"', 'chart = "bars+line"\nfit = "a"', "expr is missing"),
        ('chart = "bars+line"', 'chart = "bars+line"\nmade_by = "me"', "unknown made_by"),
        ('chart = "bars+line"', 'chart = "bars+line', "not valid TOML"),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_in_its_file(tmp_path, old, new, what):
    assert old in GOOD
    with pytest.raises(BadInput) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert str(caught.value).startswith("exhibits/fig01.toml")
    assert "\n" not in str(caught.value)
    assert what in str(caught.value)


def test_rows_that_are_no_table_are_refused(tmp_path):
    text = GOOD.replace('[rows]\nperiods = \'periods("2022", "2024")\'', "").replace(
        'chart = "bars+line"', 'chart = "bars+line"\nrows = "all"'
    )
    with pytest.raises(BadInput, match="rows is a table"):
        load(tmp_path, text)


def test_an_exhibit_without_columns_says_why_it_is_a_hole(tmp_path):
    with pytest.raises(BadInput, match="no columns"):
        load(tmp_path, 'title = { zh = "甲", en = "a" }\nchart = "table"\n')
    hole = load(
        tmp_path,
        'title = { zh = "甲", en = "a" }\nchart = "table"\nhole = { zh = "无来源", en = "no source" }\n',
    )
    assert hole.hole is not None and hole.hole.en == "no source"


def test_a_listed_name_may_stand_in_a_title(tmp_path):
    text = GOOD.replace("全球半导体年度销售额", "RTX 4090 销售额")

    with pytest.raises(BadInput, match="typed by hand"):
        load(tmp_path, text)
    assert load(tmp_path, text, names=("RTX 4090",)).title.zh == "RTX 4090 销售额"


@pytest.mark.parametrize("identifier", ["../fig01", "Fig01", "", "fig 01", "a/b", "fig01.toml", "a" * 65])
def test_an_id_that_could_leave_the_folder_is_refused(tmp_path, identifier):
    with pytest.raises(BadInput, match="not an exhibit id"):
        load_exhibit(tmp_path, identifier, ())
