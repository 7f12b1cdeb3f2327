"""Cells of tables beside the evidence of the semiconductor study: only what names a series in full is compared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from waferline.audit.against.comparing import comparisons_of
from waferline.audit.against.known import opened
from waferline.audit.readers.plain import read_text

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
DAY = date(2025, 3, 20)


def outcomes(*lines: str, day: date = DAY) -> dict[str, str]:
    found = comparisons_of(read_text("\n".join(lines), "text"), opened(STUDY, day))
    return {one.stated.text: one.outcome for one in found}


def test_a_row_that_names_a_series_in_full():
    assert outcomes(
        "图表1：半导体销售额（亿美元）", "", "项目 | 2022年 | 2023年 | 2024年", "全球半导体销售额 | 5741 | 5268 | 6180",
    ) == {"5741": "agrees", "5268": "agrees", "6180": "differs"}  # fmt: skip


def test_periods_down_the_side_and_a_replaced_edition():
    found = outcomes(
        "Year | Worldwide semiconductor sales (USD billion)", "2022 | 573.5", "2023 | 526.8", "2024 | 672.6"
    )

    assert found == {"573.5": "superseded", "526.8": "agrees", "672.6": "differs"}


def test_a_title_with_regions_down_the_side():
    found = outcomes(
        "Exhibit 3: Semiconductor sales (USD billion)", "", "Region | 2023 | 2024", "World | 526.8 | 618.0",
    )  # fmt: skip

    assert found == {"526.8": "agrees", "618.0": "differs"}


def test_a_company_down_the_side_and_its_measure_above():
    found = outcomes(
        "Revenue (USD billion)", "", "Company | 2022 revenue | 2023 revenue", "SMIC | 7.27 | 6.32", "All | 9.27 | 8.72"
    )  # fmt: skip

    assert found["6.32"] == "agrees"
    assert "differs" not in found.values()


def test_the_growth_of_a_row():
    found = outcomes("项目 | 2023年 | 2024年", "全球半导体销售额同比（%） | -8.2 | 19.1")

    assert found == {"-8.2": "agrees", "19.1": "agrees"}


def test_a_percentage_is_no_level_and_a_level_no_percentage():
    assert outcomes("项目 | 2023年 | 2024年", "全球半导体销售额 | 8.2% | 19.1%") == {}
    assert outcomes("公司 | 2024Q2 | 2024Q3", "中芯国际产能利用率（%） | 85.2 | 90.4")["90.4"] == "agrees"


HEAD = "项目 | 2023年 | 2024年"
SILENT = [
    # a word left over, no region, no unit, another unit, a part
    ("单位：亿美元", HEAD, "全球半导体材料及设备销售额 | 501.2 | 612.2"),
    ("单位：亿美元", HEAD, "公司全球半导体销售额 | 52.1 | 618.0"),
    ("单位：亿美元", HEAD, "半导体销售额 | 5012 | 6122"),
    ("全球半导体销售额", HEAD, "全球半导体销售额 | 5012 | 6122"),
    ("单位：亿欧元", HEAD, "全球半导体销售额 | 5012 | 6122"),
    ("全球半导体销售额（亿美元）", HEAD, "存储 | 501.2 | 612.2"),
    # forecasts, fiscal years, relative periods, another basis
    ("单位：亿美元", "项目 | 2023 | 2024E", "全球半导体销售额 | 5268 | 6122"),
    ("单位：亿美元", "项目 | 2023财年 | 2024财年", "全球半导体销售额 | 5012 | 6122"),
    ("单位：亿美元", "项目 | 上年 | 本年", "全球半导体销售额 | 5012 | 6122"),
    ("预测（单位：亿美元）", HEAD, "全球半导体销售额 | 5012 | 6122"),
    ("Constant currency, USD billion", "Item | 2023 | 2024", "Worldwide semiconductor sales | 501.2 | 612.2"),
    # a maker's own product, a supplier's customers
    ("Sales (USD billion)", "Item | 2023 | 2024", "HBM sales | 2.1 | 9.3"),
    ("Revenue by customer (USD million)", "Customer | 2022 revenue | 2023 revenue", "SMIC | 727 | 841"),
    # a region of a region, two topics
    ("中国半导体销售额（亿美元）", HEAD, "北美 | 501.2 | 612.2"),
    ("单位：亿美元", HEAD, "全球半导体销售额及全球半导体设备销售额 | 5012 | 6122"),
]  # fmt: skip


@pytest.mark.parametrize("lines", SILENT)
def test_what_may_be_another_figure_is_not_said_to_differ(lines):
    assert "differs" not in outcomes(*lines).values()


def test_the_source_line_names_the_house():
    table = ("单位：亿美元", "", HEAD, "全球半导体销售额 | 5268 | 6180", "", "资料来源：{}")

    assert outcomes(*(line.format("SIA") for line in table))["6180"] == "differs"
    assert "differs" not in outcomes(*(line.format("SEMI") for line in table)).values()
