"""Streaks and superlatives against lists and tables that print the whole window."""

from __future__ import annotations

import pytest

TABLE = (
    "项目\t2023Q1\t2023Q2\t2023Q3\t2023Q4\t2024Q1\t2024Q2\t2024Q3\t2024Q4\n"
    "设备销售额（亿美元）\t268.1\t258.4\t255.6\t281.8\t264.2\t267.8\t303.7\t{last}\n"
    "材料销售额（亿美元）\t160.2\t161.9\t163.5\t164.1\t165.0\t166.4\t168.2\t170.1\n\n"
)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("1月至5月增速分别为3.1%、2.8%、-0.5%、1.2%和2.0%，连续5个月正增长。", "连续5个月正增长"),
        ("出口连续四个季度同比增长，分别为3.1%、2.8%、-0.5%、1.2%。", "连续四个季度同比增长"),
        ("四个季度同比分别为-3.1%、-2.8%、0.5%、-1.2%，连续四个季度负增长。", "连续四个季度负增长"),
        (
            "Sales rose for four consecutive quarters: 3.1%, 2.8%, -0.5% and 1.2%.",
            "rose for four consecutive quarters",
        ),
    ],
)
def test_streak_with_a_counter_example(said, text, marked):
    assert said(text) == [("streak_broken", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "1月至5月增速分别为3.1%、2.8%、0.5%、1.2%和2.0%，连续5个月正增长。",
        "1月至4月增速分别为3.1%、-2.8%、0.5%、1.2%，连续5个月正增长。",
        "连续3个月下降，降幅分别为3.1%、2.8%、0.5%。",
        "连续3个月下降，分别为3.1%、2.8%、0.5%。",
        "连续5个月正增长，毛利率-0.5%。",
    ],
)
def test_streak_that_holds_or_is_not_printed_whole(said, text):
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (
            TABLE.format(last="310.2")
            + "2024年四季度设备销售额310.2亿美元。\n\n三季度设备销售额303.7亿美元，为全年最高。",
            "全年最高",
        ),
        (TABLE.format(last="255.9") + "四季度设备销售额255.9亿美元，录得近两年最低。", "近两年最低"),
        (TABLE.format(last="299.0") + "四季度设备销售额299.0亿美元，创近8个季度最高。", "近8个季度最高"),
    ],
)
def test_superlative_with_a_counter_example_in_the_table(said, text, marked):
    assert said(text) == [("superlative_refuted", marked)]


@pytest.mark.parametrize(
    "text",
    [
        TABLE.format(last="310.2") + "四季度设备销售额310.2亿美元，录得近两年最高。",
        TABLE.format(last="310.2")
        + "三季度设备销售额303.7亿美元，录得近两年最高。",  # two years to then are not printed
        TABLE.format(last="299.0") + "四季度设备销售额299.0亿美元，创历史新高。",
        TABLE.format(last="255.6")
        + "设备销售额255.6亿美元，为全年最高。",  # which of the two is meant is open
        TABLE.format(last="299.0") + "四季度公司收入12.6亿美元，创近两年最高。",
    ],
)
def test_superlative_that_holds_or_cannot_be_told(said, text):
    assert said(text) == []
