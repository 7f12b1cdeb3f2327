"""Source lines name the publisher and where it was read; a card shows what its number rests on."""

from __future__ import annotations

from datetime import date

import pytest

from waferline.study.evaluation import evaluate_quantity
from waferline.study.sourcing import Cards, card, publisher, source_line
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
