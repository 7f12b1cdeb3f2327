"""Titles that name one window over data of another."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("回顾近一年行情，自2024年初至2025年3月19日，指数上涨40.2%。", "近一年"),
        ("过去两年（2021年1月至2024年6月）产能翻番。", "过去两年"),
        ("近12个月（2023年1月至2024年6月）销量回升。", "近12个月"),
        ("Over the past year, from January 2024 to June 2025, shares rose 40%.", "past year"),
        ("In the last six months, from January 2024 to December 2024, prices fell 5%.", "last six months"),
    ],
)
def test_window_of_another_length(said, text, marked):
    assert said(text) == [("window_differs", marked)]


def test_title_is_held_against_the_range_told_in_the_text(said):
    text = "近一年走势自2024年初至2025年3月19日上涨。\n\n图1 近一年走势（截至2025年3月19日）\n\n资料来源：交易所\n"

    assert said(text) == [("window_differs", "图1 近一年走势（截至2025年3月19日）")]


@pytest.mark.parametrize(
    "text",
    [
        "近一年（2024年3月20日至2025年3月19日）指数上涨。",
        "近一年（2024年3月至2025年3月）指数上涨。",
        "近五年（2019-2024年）产能翻番。",
        "近三年（2022年至2024年）产能翻番。",
        "近两年半导体行业承压，2024年触底反弹。",
        "近一年来，2019年至2024年新建的产能陆续投产。",  # no range of the window's own
        "近一年指数上涨。\n\n自2020年初至2025年3月19日，指数上涨。",
        "Over the past year, from April 2024 to March 2025, shares rose 40%.",
        "Last year sales rose 5%.",
    ],
)
def test_window_that_fits_or_cannot_be_told(said, text):
    assert said(text) == []
