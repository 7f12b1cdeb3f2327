"""Periods no calendar has."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("24Q3出货量为30万台，24Q出货量同比增长7.1%。", "24Q"),
        ("2023Q销量下降。", "2023Q"),
        ("2024Q4营收为12亿元，2024Q5营收为13亿元。", "2024Q5"),
        ("24H1产能利用率回升，24H3继续提升。", "24H3"),
        ("4Q24与5Q24均为旺季。", "5Q24"),
        ("2024年第五季度销量回升。", "2024年第五季度"),
        ("2024年13月出口额增长。", "2024年13月"),
        ("13月份出口额增长。", "13月份"),
        ("截至2025年2月30日，余额为3亿元。", "2025年2月30日"),
        ("2023年2月29日公告。", "2023年2月29日"),
        ("公司于4月31日公告。", "4月31日"),
        ("数据截止2024-11-31。", "2024-11-31"),
        ("Orders as of February 30, 2025 were $2 billion.", "February 30, 2025"),
        ("Orders as of 31 September 2024 were $2 billion.", "31 September 2024"),
        ("FA2025资本开支为800亿美元。", "FA2025"),
    ],
)
def test_malformed_period(said, text, marked):
    assert said(text) == [("malformed_period", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "24Q4出货量为30万台，2024Q1为28万台。",
        "新款24Q显示器出货量增长。",  # no quarter is written so in this text
        "奥迪Q5销量增长8%，2024年销量为3万辆。",
        "第13个月起利率为3%。",
        "13个月以来首次回升。",
        "适用于18月龄以上。",
        "2024年2月29日公告。",
        "本次更新为2024.45.32版本。",
        "版本2024.45.32.12已分批推送。",
        "连续第五季度增长。",
        "FA2025 工厂自动化展将在苏州举行。",
        "电话：010-2024-13-45-88。",
        "The index stood at 38\nJune 2024 was calm.",
        "The index stood at 38 June 2024 being calm.",
        "24Q4，8H20服务器出货。",
        "编号：2024-11-31。",
        "2月30日均价为12元。",
        "2025年2月30日均线为12元。",
        "电视剧2024年第9季开播。",
        "FY2025资本开支为800亿美元。",
        "The fifth quarter in a row.",
        "Q1 2024 sales rose 5%.",
    ],
)
def test_proper_period_is_not_malformed(said, text):
    assert said(text) == []
