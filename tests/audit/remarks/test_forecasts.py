"""Forecasts of what had passed, and facts from the future, against the document's own day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from waferline.audit import audit_document
from waferline.audit.claims.scene import scene_of
from waferline.audit.readers.plain import read_text
from waferline.audit.remarks.dates import own_day

COVER = "存储行业点评\n\n2025年6月12日\n\n"
COVER_EN = "Memory notes\n\n12 June 2025\n\n"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (COVER + "随着新品上市，2024年固态硬盘出货量有望达到4.1亿块。", "2024年固态硬盘出货量有望达到4.1亿块"),
        (COVER + "我们认为，预计2024年第四季度合约价上涨5%。", "预计2024年第四季度合约价上涨5%"),
        (COVER + "2024 年下半年服务器需求将回升。", "2024 年下半年服务器需求将回升"),
        (COVER + "据某机构预测，2024年存储产值为1600亿美元。", "据某机构预测，2024年存储产值为1600亿美元"),
        ("截至2025年5月30日，板块上涨12.0%。\n\n2024年晶圆产能将增长6.5%。", "2024年晶圆产能将增长6.5%"),
        (COVER_EN + "Shipments are expected to reach 41 million units in 2024.", None),
        (COVER_EN + "DRAM sales will grow 8% in the fourth quarter of 2024.", None),
        ("TAIPEI, June 12, 2025 – A maker reported results.\n\nThe firm forecasts sales of $3.2 billion for 2024.", None),
    ],
)  # fmt: skip
def test_forecast_of_an_ended_period_is_stale(said, text, marked):
    found = [words for kind, words in said(text) if kind == "stale_forecast"]
    assert len(found) == 1
    assert marked is None or found == [marked]


@pytest.mark.parametrize(
    "text",
    [
        COVER + "预计2025年固态硬盘出货量达到4.5亿块。",
        COVER + "此前预计2024年出货量将增长8%，实际下降2%。",
        COVER + "公司曾预测2024年营收将达30亿元。",
        COVER + "预计2025年出货量较2024年将增长9%。",
        COVER + "2024年出货量为4.1亿块，预计2025年将增至4.5亿块。",
        COVER + "预计2024-2029年市场规模年均增长7%。",
        COVER + "2024年3月公司宣布将投资20亿元。",
        COVER + "2024年以来，行业将库存降至正常水平。",
        COVER + "2024年5月机构预测2024年产值将达到1600亿美元。",
        COVER + "某机构2024年3月20日的报告称，2024年份额预计达到60.8%。",
        COVER + "按某机构2023年版预测，2024年份额预计达到60.8%。",
        COVER_EN + "In its March 2024 report the firm forecasts sales of $3.2 billion for 2024.",
        COVER + "2024年年报将于6月披露。",
        COVER + "2024年国产厂商将产品导入客户。",
        COVER + "2024年公司将在建工程转入固定资产12.0亿元。",
        COVER + "2024年公司将有限的资源投向先进封装。",
        COVER + "2024年公司将会计政策作了调整。",
        COVER + "会议审议了《关于预计2024年度日常关联交易的议案》。",
        COVER_EN
        + "The rule will be effective for years beginning after December 15, 2024 and cost $2 million.",
        # Two weeks after the quarter's end its forecast is still news.
        "点评\n\n2025年4月14日\n\n预计2025年第一季度合约价上涨5%。",
        # Without a day of its own nothing can be stale.
        "预计2020年出货量达到4.1亿块。",
        # Another document's date on the cover says nothing.
        "半导体策略\n\n相关报告\n\n存储跟踪\n\n2025.06.12\n\n预计2024年出货量达到4.1亿块。",
        COVER_EN + "Shipments were expected to reach 41 million units in 2024.",
        COVER_EN + "Sales are expected to grow 8% in 2025 from 2024.",
        COVER_EN + "Sales are expected to rise 8% from $3.0 billion in 2024.",
        COVER_EN + "In 2024 sales beat what analysts had forecast by 8%.",
        COVER_EN + "Sales for fiscal 2024 are expected to reach $3.2 billion.",
        COVER_EN + "The annual report for 2024 will be published at a price of $20.",
    ],
)
def test_what_is_no_stale_forecast(said, text):
    assert not [words for kind, words in said(text) if kind == "stale_forecast"]


def test_one_forecast_told_twice_in_a_paragraph_is_one_remark_on_the_number(said):
    text = COVER + "普遍认为2024年将是普及元年，2024年出货量有望达到4.1亿块。"

    assert [w for k, w in said(text) if k == "stale_forecast"] == ["2024年出货量有望达到4.1亿块"]


def test_explanation_says_where_the_day_comes_from(remarks):
    (remark,) = remarks(COVER + "2024年出货量有望达到4.1亿块。")

    assert "2025-06-12" in remark.explanation.zh and "文件自身日期" in remark.explanation.zh
    assert "the document's own date" in remark.explanation.en


@pytest.mark.parametrize(
    ("text", "day", "exact"),
    [
        (COVER + "正文。", date(2025, 6, 12), True),
        ("发布日期：2025-06-12\n\n正文。", date(2025, 6, 12), True),
        ("HSINCHU, Taiwan, Feb. 10, 2025 — The foundry today reported.", date(2025, 2, 10), True),
        ("正文一段。\n\n某某股份有限公司董事会\n2025年4月29日\n", date(2025, 4, 29), True),
        ("行情截至2025年3月19日。\n\n股价截至2025年3月7日。", date(2025, 3, 19), False),
        ("2025年6月12日\n\n一则点评。\n\n2023年2月1日\n\n又一则点评。", None, False),
        ("合同有效期截至2027年12月31日。", None, False),
        ("2024年8月24日，有关部门发布通知。", None, False),
        ("Orders as of March 31, 2025 were $2.1 billion.", date(2025, 3, 31), False),
    ],
)
def test_document_day(text, day, exact):
    own = own_day(scene_of(read_text(text)))

    assert (own.day if own else None, bool(own and own.exact)) == (day, exact)


def test_metadata_counts_only_near_a_printed_day():
    document = read_text("公司于2025年5月20日公告。2024年出货量有望达到4.1亿块。")

    near = audit_document(replace(document, day=date(2025, 6, 1)))
    far = audit_document(replace(document, day=date(2026, 6, 1)))

    assert [r.kind for r in near.remarks] == ["stale_forecast"]
    assert far.remarks == ()


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (COVER + "2025年9月出口额为31.0亿元，同比增长8.2%。", "2025年9月"),
        (COVER + "截至2025年7月31日，账面现金达12.5亿元。", "2025年7月31日"),
        (COVER_EN + "Sales rose 8.2% in September 2025 to $31 million.", "September 2025"),
        (COVER_EN + "On August 3, 2025, shares closed at $31.", "August 3, 2025"),
    ],
)
def test_fact_dated_after_the_document(said, text, marked):
    assert said(text) == [("future_date", marked)]


@pytest.mark.parametrize(
    "text",
    [
        COVER + "预计2025年9月出口额同比增长8.2%。",
        COVER + "条例自2025年9月1日起施行，罚款达5万元。",
        COVER + "2025年5月出口额为31.0亿元，同比增长8.2%。",
        COVER + "甲公司2025年第四季度营收达31.0亿美元。",  # a fiscal quarter may bear a later year
        COVER + "股权登记日为2025年6月20日，每股派息达0.5元。",
        COVER + "债券于2027年3月15日到期，票面利率达3.2%。",
        COVER_EN + "We expect sales of $31 million in September 2025.",
        "截至2025年6月12日，现金达12.5亿元。2025年9月同比增长8.2%。",
    ],
)
def test_what_is_no_future_fact(said, text):
    assert not [words for kind, words in said(text) if kind == "future_date"]
