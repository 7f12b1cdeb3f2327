"""One figure in two tables: the tables must repeat each other before one cell of them is accused."""

from __future__ import annotations

import pytest

from waferline.audit import audit_text
from waferline.audit.finding import Finding


def table(caption: str, *rows: str) -> str:
    return "\n".join([caption, *rows])


def restated(*parts: str) -> list[Finding]:
    return [f for f in audit_text("\n\n".join(parts)).findings if f.relation == "restatement"]


def accused(*parts: str) -> list[tuple[str, str]]:
    return [(f.stated.text, f.inputs[0].text) for f in restated(*parts) if f.verdict == "inconsistent"]


KEY = table(
    "主要财务数据（单位：亿元）", "项目 | 2024年 | 2023年", "营业收入 | 480.6 | 412.3", "净利润 | 61.8 | 52.4",
    "研发投入 | 63.9 | 55.1",
)  # fmt: skip
DETAIL = (
    "利润表摘要（单位：百万元）", "项目 | 2023年 | 2024年", "营业收入 | 41,230 | {sales}", "营业成本 | 29,870 | 34,102",
    "净利润 | 5,240 | 6,180",
)  # fmt: skip


def detail(sales: str) -> str:
    return table(*(line.format(sales=sales) for line in DETAIL))


def test_one_cell_that_another_table_gives_otherwise_is_inconsistent():
    assert accused(KEY, "正文一段。", detail("46,080")) == [("46,080", "480.6")]


def test_the_same_within_rounding_agrees():
    found = restated(KEY, detail("48,062"))

    assert {f.verdict for f in found} == {"consistent"} and len(found) == 4


def test_english_tables_with_periods_down_the_side():
    across = table(
        "Shipments by region (million units)", "Region | 2023 | 2024", "China | 271.3 | 285.9", "Europe | 129.6 | 136.2",
        "World | 1,163.5 | 1,238.1",
    )  # fmt: skip
    down = table(
        "Shipments over time (million units)", "Year | China | World", "2022 | 285.8 | 1,205.6", "2023 | 271.3 | 1,163.5",
        "2024 | {china} | 1,238.1",
    )  # fmt: skip

    assert accused(across, down.format(china="258.9")) == [("258.9", "285.9")]
    assert accused(across, down.format(china="285.9")) == []


def test_a_row_printed_twice_in_one_table():
    rows = [
        "Item ($ million) | 1Q24 | 2Q24 | 3Q24 | 4Q24", "Net sales | 341.6 | 405.9 | 473.2 | 552.3",
        "Gross profit | 168.2 | 179.6 | 187.4 | 193.1", "Net sales | 341.6 | 405.9 | 472.3 | 552.3",
    ]  # fmt: skip

    assert accused(table("Quarterly results", *rows)) == [("472.3", "473.2")]


OTHER = "项目 | 2024年 | 2023年"
SILENT = [
    # another company, or the parent's own accounts: nothing agrees
    (KEY, table("乙公司财务数据（单位：亿元）", OTHER, "营业收入 | 486.0 | 402.3", "净利润 | 68.1 | 54.2")),
    (KEY, table("母公司利润表（单位：亿元）", OTHER, "营业收入 | 460.8 | 412.3", "净利润 | 61.8 | 52.4")),
    # more than one cell differs: the tables are about different things
    (KEY, table("摘要（单位：亿元）", OTHER, "营业收入 | 460.8 | 412.3", "净利润 | 61.8 | 54.2", "研发投入 | 63.9 | 55.1")),
    # only the industry's row is shared; whose sales are meant nobody says
    (table("甲（单位：万辆）", OTHER, "行业总销量 | 3,143.6 | 3,009.4", "销量 | 178.4 | 153.1"),
     table("乙（单位：万辆）", "项目 | 2024年 | 2023年", "行业总销量 | 3,143.6 | 3,009.4", "销量 | 187.4 | 143.0")),
    (table("甲（单位：万辆）", OTHER, "行业总销量 | 3,143.6 | 3,009.4", "销量 | 178.4 | —"),
     table("乙（单位：万辆）", "项目 | 2024年 | 2023年", "行业总销量 | 3,143.6 | 3,009.4", "销量 | 187.4 | —")),
    # restated, forecast, another unit, another basis, rounded, relative periods
    (KEY, table("追溯调整后（单位：亿元）", OTHER, "营业收入 | 460.8 | 412.3", "净利润 | 61.8 | 52.4")),
    (KEY, table("摘要（单位：亿元）", "项目 | 2024年（重述） | 2023年", "营业收入 | 460.8 | 412.3", "净利润 | 61.8 | 52.4")),
    (table("新预测（单位：亿元）", "项目 | 2024E | 2023", "营业收入 | 480.6 | 412.3", "净利润 | 61.8 | 52.4"),
     table("旧预测（单位：亿元）", "项目 | 2024E | 2023", "营业收入 | 460.8 | 412.3", "净利润 | 61.8 | 52.4")),
    (KEY, table("摘要（单位：亿元）", OTHER, "营业收入 | 481 | 412.3", "净利润 | 61.8 | 52.4")),
    (KEY, table("摘要（单位：亿美元）", OTHER, "营业收入 | 460.8 | 412.3", "净利润 | 61.8 | 52.4")),
    (KEY, table("调整后口径（单位：亿元）", OTHER, "营业收入 | 460.8 | 412.3", "净利润 | 61.8 | 52.4")),
    (table("甲（单位：亿元）", "项目 | 本期 | 上期", "营业收入 | 480.6 | 412.3", "净利润 | 61.8 | 52.4"),
     table("乙（单位：亿元）", "项目 | 本期 | 上期", "营业收入 | 460.8 | 412.3", "净利润 | 61.8 | 52.4")),
    # small numbers vouch for nothing
    (table("甲（单位：家）", OTHER, "门店 | 12 | 10", "工厂 | 3 | 2"), table("乙（单位：家）", OTHER, "门店 | 21 | 10", "工厂 | 3 | 2")),
    # far off: a wrong cell was found, not a wrong number
    (KEY, table("摘要（单位：亿元）", OTHER, "营业收入 | 215.3 | 412.3", "净利润 | 61.8 | 52.4")),
    # one table of two sections
    (table("分部（单位：亿元）", OTHER, "甲业务 |  | ", "收入 | 48.6 | 41.3", "成本 | 31.2 | 28.4", "乙业务 |  | ", "收入 | 46.8 | 41.9",
           "成本 | 31.9 | 27.5"),),
]  # fmt: skip


@pytest.mark.parametrize("parts", SILENT)
def test_what_may_be_another_figure_is_not_accused(parts):
    assert accused(*parts) == []


def test_fiscal_and_calendar_years_are_not_one_period():
    other = table(
        "摘要（单位：亿元）", "项目 | 2024财年 | 2023年", "营业收入 | 460.8 | 412.3", "净利润 | 61.8 | 52.4"
    )

    assert accused(KEY, other) == []


def test_a_single_period_needs_four_rows_that_agree():
    rows = ["营业收入 | 480.6", "净利润 | 61.8", "研发投入 | 63.9", "资本开支 | 88.2", "总资产 | 1,204.7"]
    first = table("概要（单位：亿元）", "项目 | 2024年", *rows)

    assert accused(first, table("附表（单位：亿元）", "项目 | 2024年", "营业收入 | 460.8", *rows[1:])) == [
        ("460.8", "480.6")
    ]
    assert accused(first, table("附表（单位：亿元）", "项目 | 2024年", "营业收入 | 460.8", *rows[1:4])) == []
