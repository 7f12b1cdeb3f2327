"""Source lines name the publisher and where it was read; a card shows what its number rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from waferline.evidence.model import Source
from waferline.quantity.period import Period
from waferline.study.evaluation import evaluate_quantity
from waferline.study.source_lines import publisher, source_line, source_list
from waferline.study.sourcing import Cards, card
from waferline.study.values import Scope


@pytest.fixture
def asked(known):
    return lambda text, **scope: evaluate_quantity(text, Scope(known, "t", **scope))


def test_a_second_hand_figure_names_its_publisher_and_where_it_was_read(known):
    assert publisher(known.sources["sia-press"], "zh") == "美国半导体行业协会（转引自 design-reuse）"
    assert publisher(known.sources["sia-press"], "en") == "SIA (as quoted in design-reuse)"
    assert publisher(known.sources["tsmc"], "zh") == "台积电"


def test_the_source_line_names_each_publisher_once(known, asked):
    leaves = [
        *asked('yoy("sia.sales_year.world", "2024")').leaves(),
        *asked('level("tsmc.revenue.monthly", "2024-10")').leaves(),
        *asked('level("forecast.semi_market.wsts", "2025")').leaves(),
    ]

    line = source_line(leaves, known, "computed")

    assert line.zh == "资料来源：美国半导体行业协会（转引自 design-reuse），台积电，Waferline 测算"
    assert line.en == "Source: SIA (as quoted in design-reuse); TSMC; Waferline estimate"


def quoted(known, *places):
    """The snapshot with one publisher a place, and leaves that rest on them."""
    (leaf, *_) = known.level("sia.sales_year.world", Period.parse("2024")).leaves()
    sources = {
        f"s{n}": Source(f"s{n}", f"机构{n}", f"House {n}", "press", place, f"https://example.org/{n}", "")
        for n, place in enumerate(places)
    }
    return [replace(leaf, source=id) for id in sources], SimpleNamespace(sources=sources)


def test_houses_read_in_one_place_share_its_name(known):
    leaves, snapshot = quoted(known, "a paper", "a paper", "")

    assert source_line(leaves, snapshot, "").en == "Source: House 0, House 1 (as quoted in a paper); House 2"


def test_a_line_too_long_counts_the_places_and_the_list_names_them(known):
    leaves, snapshot = quoted(known, *(f"a repository with a very long name, part {n}" for n in range(4)))

    line = source_line(leaves, snapshot, "computed")

    assert line.zh == "资料来源：机构0、机构1、机构2、机构3（转引自 4 处，见附录），Waferline 测算"
    assert (
        line.en
        == "Source: House 0, House 1, House 2, House 3 (as quoted in 4 places, see the appendix); Waferline estimate"
    )
    listed = source_list(leaves, snapshot)
    assert [entry.text.en for entry in listed] == [
        f"House {n} (as quoted in a repository with a very long name, part {n})" for n in range(4)
    ]
    assert listed[3].url == "https://example.org/3"


def test_the_list_of_a_report_names_each_publisher_once_with_its_places_and_exhibits(assembled):
    report = assembled(lang="en").report
    entries = ["".join(run.text for run in item) for item in report.appendix[-1].items]

    assert entries == [
        "SIA: as quoted in design-reuse (Figure 1, Table 1)", "TSMC (Figure 2)", "WSTS (Figure 3)",
        "a weblog (Figure 2)",
    ]  # fmt: skip


def test_a_drawing_says_so_and_nothing_rests_on_nothing(known):
    assert source_line((), known, "drawn").zh == "资料来源：Waferline 绘制"
    assert source_line((), known, "").en == "Source: none"


def test_backfill_is_said_in_the_source_line(known, asked):
    leaves = asked('level("wsts.billings.world", "2024-12")', backfill=True).leaves()

    assert (
        source_line(leaves, known, "").zh
        == "资料来源：世界半导体贸易统计组织；含回填数据（报告日之后的版本）"
    )


def test_the_card_of_a_growth_shows_formula_interval_and_both_inputs(known, asked):
    shown = card("n1", asked('yoy("sia.sales_year.world", "2024")'), "19.1%", known, "zh")

    assert shown.formula == "627.6 / 526.8 − 1"
    assert shown.interval == "19.11% 至 19.16%"
    assert [(each.period, each.value) for each in shown.inputs] == [
        ("2024年", "627.6 十亿美元"), ("2023年", "526.8 十亿美元"),
    ]  # fmt: skip
    assert shown.inputs[0].dates == "发布 未注明；自 2025-02-10 可知（不晚于所引文章的日期）"
    assert shown.inputs[1].url == "https://example.org/2023"


def test_the_card_says_which_inputs_are_assumed_first_prints_or_weak(known, asked):
    (assumed,) = card("n1", asked('level("tsmc.revenue.monthly", "2023-11")'), "", known, "en").inputs
    (weak,) = card("n2", asked('level("tsmc.revenue.monthly", "2024-12")'), "", known, "en").inputs
    (forecast,) = card("n3", asked('level("forecast.semi_market.wsts", "2025")'), "", known, "en").inputs

    assert assumed.flags == ("assumed day", "first print")
    assert assumed.dates.startswith("published not stated; known from 2023-12-10")
    assert weak.flags == ("weak source", "first print")
    assert forecast.flags == ("forecast", "first print")


def test_the_card_of_a_backfilled_value_says_so(known, asked):
    (later,) = card(
        "n1", asked('level("wsts.billings.world", "2024-12")', backfill=True), "", known, "zh"
    ).inputs

    assert later.flags == ("回填",)


def test_a_close_is_exact(known, asked):
    shown = card("n1", asked('level("index.sw_semiconductor.close", "2024-01-31")'), "", known, "en")

    assert (shown.interval, shown.formula) == ("exact", "")


def test_one_number_printed_one_way_shares_one_card(known, asked):
    cards = Cards(known, "zh")
    growth = asked('yoy("sia.sales_year.world", "2024")')

    ids = [cards.add(growth, "19.1%"), cards.add(growth, "19.1%"), cards.add(growth, "19.13%")]

    assert ids == ["n1", "n1", "n2"]


def test_a_long_sum_shows_its_first_and_last_inputs(mini_evidence, known, asked):
    quarter = asked('calendarised("tsmc.revenue.monthly", "2023-Q4")')

    assert len(card("n1", quarter, "", known, "zh").inputs) == 3
    assert known.day == date(2025, 3, 20)
