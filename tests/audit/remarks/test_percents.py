"""Percentages nothing can give, and multiples told as increases."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("公司净利润1.2亿元，扭亏为盈，同比增长150.0%。", "150.0%"),
        ("净利润1.2亿元，由亏转盈，增长210%。", "210%"),
        ("净利润同比增长150%，实现扭亏为盈。", "150%"),
        ("净利润1.2亿元，上年同期亏损0.8亿元，同比增长250%。", "250%"),
        ("净利润1.2亿元，上年同期为-0.8亿元，同比增长250%。", "250%"),
        ("The group swung to a profit, an increase of 150%.", "150%"),
    ],
)
def test_loss_to_profit_has_no_percentage(said, text, marked):
    assert ("loss_to_profit", marked) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "公司营业收入增长20%，净利润扭亏为盈。",
        "净利润1.2亿元，扭亏为盈，营业收入同比增长20%。",
        "净亏损0.3亿元，上年同期亏损0.8亿元，同比减亏62.5%。",
        "净利润1.2亿元，同比增长50%。",
        "净利润-0.3亿元，上年同期为-0.8亿元，同比增长62.5%。",
        "公司扭亏为盈，毛利率为15%。",
        "The group swung to a profit while revenue was up 20%.",
    ],
)
def test_percentages_beside_a_turn_are_not_its_own(said, text):
    assert not [kind for kind, _ in said(text) if kind == "loss_to_profit"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("硅片价格下降120%。", "120%"),
        ("2024年公司营业收入同比下降130.5%。", "130.5%"),
        ("Shipments fell 130% in 2024.", "130%"),
        ("Average prices dropped by 104% in the quarter.", "104%"),
        ("甲厂市场份额达112%。", "112%"),
        ("The maker's market share was 104.2% in 2024.", "104.2%"),
    ],
)
def test_percentage_beyond_the_whole(said, text, marked):
    assert said(text) == [("percent_beyond", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "净利润同比下降312.5%。",
        "经营现金流净额下降140%。",
        "营业收入下降12%，净利润下降130%。",
        "营业收入同比增长130%。",
        "单价从120%的溢价回落。",
        "库存下降100%。",
        "研发投入占比达320%。",
        "WTI原油价格下跌306%。",
        "债务占GDP比重为280%。",
        "净出口对增长的贡献份额达112%。",
        "产能利用率达105%。",
        "Operating income fell 130%.",
        "Revenue rose 130% in 2024.",
        "Net debt to revenue fell to 130%.",
    ],
)
def test_percentages_that_may_pass_the_whole(said, text):
    assert not [kind for kind, _ in said(text) if kind == "percent_beyond"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("月访问量从1100万次增长22.3倍至24530万次。", "22.3倍"),
        ("产量由2.0万片增加了3倍，达到6.0万片。", "3倍"),
    ],
)
def test_multiple_told_as_an_increase(said, text, marked):
    assert ("times_more", marked) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "月访问量从1100万次增长22.3倍至25630万次。",
        "月访问量从1100万次增至22.3倍，达24530万次。",
        "月访问量增长22.3倍。",
        "产量由2.0万片增加了约3倍，达到6.0万片。",
        "产量是上年的3倍，由2.0万片增加到6.0万片。",
    ],
)
def test_multiples_that_are_right_or_open(said, text):
    assert not [kind for kind, _ in said(text) if kind == "times_more"]
