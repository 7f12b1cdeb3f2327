"""What tables state of themselves: growth, totals, shares and differences, and what nobody can check."""

from __future__ import annotations

import pytest

from waferline.audit import audit_text


def _said(text: str) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """The findings by verdict: (stated, operands) in text order."""
    said: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for f in audit_text(text).findings:
        said.setdefault(f.verdict, []).append((f.stated.text, tuple(s.text for s in f.inputs)))
    return said


TWO_GROUPS = """项目\t本报告期\t上年同期\t增减(%)\t年初至报告期末\t上年同期\t增减(%)
营业收入\t2,059.5\t1,514.8\t35.96\t5,507.2\t4,041.3\t36.27
净利润\t396.5\t156.9\t125.7\t912.8\t1,160.1\t-21.32
"""


def test_relative_heads_pair_inside_their_group() -> None:
    said = _said(TWO_GROUPS)
    assert ("36.27", ("5,507.2", "4,041.3")) in said["consistent"]
    assert said["inconsistent"] == [("125.7", ("396.5", "156.9"))]  # 152.7 %


def test_growth_whose_base_is_not_printed_is_left_alone() -> None:
    text = """项目\t本报告期\t本报告期比上年同期增减(%)\t年初至报告期末\t年初至报告期末比上年同期增减(%)
营业收入\t2,059.5\t35.96\t5,507.2\t36.27
净利润\t396.5\t152.63\t912.8\t-21.28
"""
    assert _said(text) == {}


def test_quarters_with_both_growth_columns() -> None:
    text = """Segment | 1Q24 | 2Q24 | 3Q24 | 4Q24 | 1Q25 | QoQ | YoY
Logic | 820 | 861 | 905 | 944 | 972 | 3.0% | 18.5%
Memory | 410 | 455 | 498 | 530 | 561 | 5.8% | 38.6%
Total | 1230 | 1316 | 1403 | 1474 | 1533 | 4.0% | 24.6%
"""
    said = _said(text)
    assert ("3.0%", ("972", "944")) in said["consistent"]
    assert ("24.6%", ("1533", "1230")) in said["consistent"]
    assert ("1474", ("944", "530")) in said["consistent"]
    assert said["inconsistent"] == [("38.6%", ("561", "410"))]


def test_a_year_is_its_quarters_but_not_for_stocks() -> None:
    text = """| USD m | Q1 2024 | Q2 2024 | Q3 2024 | Q4 2024 | FY 2024 |
|---|---|---|---|---|---|
| Revenue | 1,180.1 | 1,243.6 | 1,312.8 | 1,401.9 | 5,138.4 |
| Gross profit | 402.2 | 431.0 | 466.1 | 489.9 | 1,798.2 |
| Inventory | 322.0 | 341.5 | 339.2 | 301.1 | 301.1 |
"""
    said = _said(text)
    assert [stated for stated, _ in said["consistent"]] == ["5,138.4"]
    assert [stated for stated, _ in said["inconsistent"]] == ["1,798.2"]


def test_points_are_differences_of_rates() -> None:
    text = """指标\t2024年\t2023年\t变动(百分点)
毛利率\t35.2%\t33.1%\t2.1
净利率\t12.4%\t13.6%\t-1.4
研发费用率\t18.0%\t17.2%\t0.8
"""
    said = _said(text)
    assert ("2.1", ("35.2%", "33.1%")) in said["consistent"]
    assert said["inconsistent"] == [("-1.4", ("12.4%", "13.6%"))]


def test_a_change_column_that_mixes_rates_and_points() -> None:
    text = """项目\t2024年\t2023年\t同比变动
营业收入(亿元)\t313.5\t289.0\t8.5%
毛利率\t35.2%\t33.1%\t增加2.1个百分点
净利率\t12.4%\t13.6%\t减少1.2个百分点
"""
    said = _said(text)
    assert set(said) == {"consistent"}
    assert ("1.2个百分点", ("12.4%", "13.6%")) in said["consistent"]


def test_of_which_rows_are_not_added_twice() -> None:
    text = """Revenue by region (USD million) | 2024 | 2023
---|---|---
Asia | 1,250 | 1,100
of which China | 800 | 700
Europe | 400 | 380
Americas | 350 | 360
Total | 2,000 | 1,840
"""
    said = _said(text)
    assert said == {"consistent": [("2,000", ("1,250", "400", "350")), ("1,840", ("1,100", "380", "360"))]}


def test_the_note_column_is_no_operand() -> None:
    text = "\tNotes\t2024\t2023\nSales\t4\t9,120\t8,450\nOther income\t5\t310\t280\nTotal income\t\t9,430\t8,730\n"
    assert _said(text)["consistent"] == [("9,430", ("9,120", "310")), ("8,730", ("8,450", "280"))]


def test_constant_currency_is_not_held_against_printed_levels() -> None:
    text = "\t2024\t2023\tChange\tChange at constant currency\nNorth\t520\t480\t8.3%\t9.9%\nSouth\t310\t305\t1.6%\t6.0%\n"
    said = _said(text)
    assert set(said) == {"consistent"}
    assert [stated for stated, _ in said["consistent"]] == ["8.3%", "1.6%"]


def test_growth_in_the_currency_of_both_columns() -> None:
    text = "\t2024 (USD m)\t2024 (RMB m)\t2023 (RMB m)\t增减\nRevenue\t1,000\t7,100\t6,800\t4.4%\nCosts\t700\t4,970\t4,900\t1.4%\n"
    assert _said(text) == {"consistent": [("4.4%", ("7,100", "6,800")), ("1.4%", ("4,970", "4,900"))]}


def test_years_down_the_rows() -> None:
    text = """Year | Revenue (bn) | YoY | Units (m) | YoY
2021 | 59.0 | 26.5% | 340 | 7.6%
2022 | 60.1 | 1.9% | 302 | -11.2%
2023 | 52.7 | -13.4% | 285 | -5.6%
2024 | 62.5 | 18.6% | 311 | 9.1%
"""
    said = _said(text)
    assert ("-5.6%", ("285", "302")) in said["consistent"]
    assert said["inconsistent"] == [("-13.4%", ("52.7", "60.1"))]  # -12.3 %


def test_ranks_are_no_numbers() -> None:
    text = """排名 | 公司 | 2024年收入(亿元) | 2023年收入(亿元) | 同比
--|--|--|--|--
1 | 甲 | 120.5 | 100.2 | 20.3%
2 | 乙 | 98.4 | 101.7 | -3.2%
3 | 丙 | 77.1 | 61.0 | 62.4%
"""
    said = _said(text)
    assert ("20.3%", ("120.5", "100.2")) in said["consistent"]
    assert [stated for stated, _ in said["inconsistent"]] == ["62.4%"]


def test_a_month_in_the_next_row_does_not_make_a_number_a_date() -> None:
    text = "Month | Units\nJanuary | 120\nFebruary | 132\nMarch | 141\nAverage | 131\n"
    assert _said(text) == {"consistent": [("131", ("120", "132", "141"))]}


def test_shares_of_the_row_that_is_the_whole() -> None:
    text = """會計項目\t113年\t%\t112年\t%
營業收入合計\t23,047,473\t100.00\t17,830,192\t100.00
營業成本合計\t18,767,627\t81.43\t14,645,356\t82.14
營業毛利\t4,279,846\t18.57\t3,184,836\t18.76
"""
    said = _said(text)
    assert ("81.43", ("18,767,627", "23,047,473")) in said["consistent"]
    assert ("18.76", ("3,184,836", "17,830,192")) in said["inconsistent"]


def test_price_times_volume() -> None:
    text = "项目\t2023年\t2024年\n销量(万台)\t120\t150\n均价(元/台)\t2500\t2400\n销售额(亿元)\t30.0\t36.0\n"
    assert _said(text) == {"consistent": [("30.0", ("120", "2500")), ("36.0", ("150", "2400"))]}


def test_months_by_date_compare_with_the_month_before() -> None:
    text = "Month | Sales | MoM\n2024-10 | 212.9 | 3.0%\n2024-11 | 200.5 | -5.8%\n2024-12 | 189.7 | -5.4%\n2025-01 | 198.1 | 44%\n"
    said = _said(text)
    assert ("-5.4%", ("189.7", "200.5")) in said["consistent"]
    assert said["inconsistent"] == [("44%", ("198.1", "189.7"))]


def test_brackets_are_minus_in_an_income_statement() -> None:
    text = """ | 2000 | 1999 | 1998 | 1997
Net sales | $592.3 | $553.2 | $486.8 | $420.0
Cost of sales | (430.4) | (397.8) | (352.1) | (289.8)
Gross profit | 161.9 | 135.4 | 134.7 | 130.2
"""
    said = _said(text)
    assert ("161.9", ("$592.3", "430.4")) in said["consistent"]
    assert said["inconsistent"] == [("135.4", ("$553.2", "397.8"))]  # 155.4


def test_a_bar_that_only_some_lines_begin_with_parts_cells() -> None:
    # Real minutes: the first line leaves its corner empty, the others start with a name.
    text = " | First | Third\nRevenue | 84,489 | 135,304\nCost of revenue | 49,083 | 72,004\nGross profit | 35,406 | 63,300\n"
    assert _said(text)["consistent"] == [
        ("35,406", ("84,489", "49,083")),
        ("63,300", ("135,304", "72,004")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Region\tQ3 2024\tQoQ\tYoY\nAsia\t320.1\t4.1%\t12.0%\nEurope\t110.4\t-1.0%\t3.3%\n",
        "指標\t本月\t比去年同月增長(%)\t1-本月\t比去年同期增長(%)\n總額\t1478.53\t0.3\t11864.63\t-10.7\n餐飲\t114.60\t-2.8\t809.25\t-24.8\n",
        "项目 | 2022.10 存量 | 增速(%) | 2022.11 存量 | 增速(%)\n社会融资规模 | 341.42 | 10.3 | 343.19 | 10\n人民币贷款 | 209.84 | 10.9 | 210.99 | 10.8\n",
        "公司|2024年销售额(亿元)|占比|2023年销售额(亿元)|占比\n---|---|---|---|---\n甲|320.5|32.1%|280.4|30.2%\n乙|210.2|21.0%|199.8|21.5%\n",
    ],
)
def test_nothing_to_check(text: str) -> None:
    assert _said(text) == {}


def test_cells_that_single_spaces_part() -> None:
    # Copied from a web page: equipment billings by region.
    text = """Billings rose 7% in the second quarter.

Region 2Q2022 1Q2022 2Q2021 2Q (QoQ) 2Q (YoY)
Taiwan 6.68 4.88  5.04 37% 32%
North America 2.64 2.62  1.68 1% 57%
Rest of World 1.25 1.29  0.84 -3% 15%
Total  10.57  8.79  7.56 20% 40%
"""
    said = _said(text)
    assert ("37%", ("6.68", "4.88")) in said["consistent"]
    assert ("10.57", ("6.68", "2.64", "1.25")) in said["consistent"]
    assert said["inconsistent"] == [("15%", ("1.25", "0.84"))]  # 48.8 %


def test_two_heads_over_single_spaced_columns() -> None:
    text = """單位:新台幣仟元
會計科目名稱 2023年第2季 2022年第2季
金額 百分比% 金額 百分比%
營業收入合計 480,841,254 100.00 534,140,808 100.00
營業成本合計 220,641,407 45.89 218,672,814 40.94
營業毛利(毛損) 260,199,847 54.11 315,467,994 59.60
"""
    said = _said(text)
    assert ("45.89", ("220,641,407", "480,841,254")) in said["consistent"]
    assert ("59.60", ("315,467,994", "534,140,808")) in said["inconsistent"]


def test_cells_of_every_kind_in_one_growth_column() -> None:
    text = """$m | FY25 | FY24 | Move
Sales | 846 | 902 | (6.2)%
EBITA | 91.4 | 88.4 | 3.4%
EBITA to sales | 10.8% | 9.8% | 100bps
Earnings per share | 41.6c | 39.9c | +3.4%
"""
    said = _said(text)
    assert ("6.2", ("846", "902")) in said["consistent"]
    assert ("10.8%", ("91.4", "846")) in said["consistent"]
    assert ("100bps", ("10.8%", "9.8%")) in said["consistent"]
    assert said["inconsistent"] == [("+3.4%", ("41.6", "39.9"))]  # +4.3 %


def test_parts_of_a_year_that_no_head_dates() -> None:
    text = """Loans granted, $ million
	H1	H2	Year
Auto	412	438	580
Home	1,207	1,163	2,370
"""
    said = _said(text)
    assert ("2,370", ("1,207", "1,163")) in said["consistent"]
    assert said["inconsistent"] == [("580", ("412", "438"))]


def test_a_grand_total_adds_up_both_ways() -> None:
    text = """Wafer revenue by quarter
	1Q24	2Q24	2024H1
Advanced	341.6	405.9	747.5
Mature	168.2	179.6	347.8
Total	509.8	585.5	1,095.3
"""
    sums = [operands for stated, operands in _said(text)["consistent"] if stated == "1,095.3"]
    assert sorted(sums) == [("509.8", "585.5"), ("747.5", "347.8")]


def test_gross_margin_is_of_revenue() -> None:
    text = """项目 | 2024年 | 2023年 | 同比增减
营业收入（亿元） | 78.39 | 63.25 | 23.94%
营业成本（亿元） | 51.21 | 42.93 | 19.29%
毛利（亿元） | 27.18 | 20.32 | 33.76%
毛利率 | 34.67% | 32.13% | 2.54个百分点
"""
    assert ("34.67%", ("27.18", "78.39")) in _said(text)["consistent"]


def test_a_unit_in_the_next_line_is_not_the_numbers() -> None:
    text = """各季度研发开支（万元）
 | 一季度 | 二季度 | 全年
材料 | 8,214 | 9,030 | 17,244
人工 | 15,120 | 15,486 | 30,606
"""
    assert [stated for stated, _ in _said(text)["consistent"]] == ["17,244", "30,606"]


def test_growth_of_a_rate_is_not_taken_for_points() -> None:
    text = "项目 | 2024年 | 2023年 | 同比增减\n收入（亿元） | 120.0 | 100.0 | 20.0%\n毛利率 | 35.2% | 33.1% | 6.3%\n"
    assert set(_said(text)) == {"consistent"}


def test_total_revenue_at_the_head_of_an_income_statement_is_no_sum_of_it() -> None:
    text = "USD million | 2024\nTotal revenue | 940\nCost of sales | 610\nOperating expenses | 130\nOther income | 12\nIncome before tax | 212\n"
    assert "inconsistent" not in _said(text)


def test_a_total_that_is_itself_a_share_is_not_the_whole() -> None:
    text = "Item | 2024 | % of sales\nLogic | 141 | 24.2%\nMemory | 62 | 10.6%\nTotal | 203 | 34.8%\n"
    assert "inconsistent" not in _said(text)


def test_a_year_to_date_column_adds_up_down_the_rows() -> None:
    text = """月份 | 当月营收 | 月增率 | 年增率 | 累计营收 | 累计年增率
2025年1月 | 2,932.9 | 5.4% | 35.9% | 2,932.9 | 35.9%
2025年2月 | 2,600.1 | -11.3% | 43.1% | 5,533.0 | 39.2%
2025年3月 | 2,859.6 | 10.0% | 46.5% | 8,392.6 | 41.6%
2025年4月 | 3,495.7 | 22.2% | 48.1% | 18,888.3 | 43.5%
"""
    said = _said(text)
    assert ("5,533.0", ("2,932.9", "2,600.1")) in said["consistent"]
    assert said["inconsistent"] == [("18,888.3", ("8,392.6", "3,495.7"))]  # 11,888.3


def test_a_growth_row_belongs_to_the_row_above_it() -> None:
    # A broker's forecast table: levels and their growth in turn, ratios without a base below.
    text = """指标 | 2021 | 2022 | 2023 | 2024E
营业收入(百万元) | 1,200 | 1,500 | 1,650 | 2,000
增长率(%) | 15.0 | 25.0 | 10.0 | 21.2
归母净利润(百万元) | 120 | 165 | 180 | 240
增长率(%) | 12.0 | 37.5 | 9.1 | 35.0
市盈率(倍) | 40.0 | 28.9 | 26.7 | 20.0
"""
    said = _said(text)
    assert ("37.5", ("165", "120")) in said["consistent"]
    assert said["inconsistent"] == [("35.0", ("240", "180"))]  # 33.3 %


def test_heads_in_two_lines_with_three_and_six_months() -> None:
    text = """| | Three months ended June 30, | | | Six months ended June 30, | | |
|---|---|---|---|---|---|---|
| ($ in millions) | 2024 | 2023 | Change | 2024 | 2023 | Change |
| Net revenue | $ 1,234 | $ 1,100 | 12.2% | $ 2,410 | $ 2,205 | 9.3% |
| Gross profit | 612 | 521 | 17.5% | 1,190 | 1,046 | 18.3% |
"""
    said = _said(text)
    assert ("9.3%", ("$ 2,410", "$ 2,205")) in said["consistent"]
    assert said["inconsistent"] == [("18.3%", ("1,190", "1,046"))]  # 13.8 %


def test_basis_points_of_a_margin_row_in_two_groups() -> None:
    text = """ | Underlying HY 2024 | HY 2023 (restated) | Change | Statutory HY 2024 | HY 2023 (restated) | Change
Operating profit | $1,474m | $1,242m | 18.7% | $1,420m | $1,046m | 35.8%
Operating margin | 7.1% | 6.6% | 50bps | 6.8% | 5.6% | 120bps
"""
    said = _said(text)
    assert ("50bps", ("7.1%", "6.6%")) in said["consistent"]
    assert ("120bps", ("6.8%", "5.6%")) in said["consistent"]
    assert "inconsistent" not in said
