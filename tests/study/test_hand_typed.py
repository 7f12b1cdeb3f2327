"""A number typed by hand is found; a date, a period or a listed name is not one."""

from __future__ import annotations

import pytest

from waferline.study.hand_typed import hand_typed

NAMES = (
    "RTX 4090",
    "5G",
    "DeepSeek-V3",
    "H100",
    "801081",
    "沪深300",
    "12英寸",
    "A股",
    "三大运营商",
    "GPT-4o",
)

FORBIDDEN = [
    # digits, half and full width, with any unit or none
    ("增长19.1%", "19.1%"), ("增长１９．１％", "１９．１％"), ("收入6276亿美元", "6276"), ("共57座新厂", "57"), ("排名第3", "3"),
    ("下降−8.2个百分点", "8.2"), ("价格为3,431.11点", "3,431.11"), ("约1,000家", "1,000"), ("①增长", "①"), ("增长½", "½"),
    ("涨幅达40％", "40％"), ("2024年增长7%", "7%"), ("从2024年的10到2025年的20", "10"), ("毛利率53", "53"), ("x²", "²"),
    ("2024亿美元", "2024"), ("2024%", "2024%"), ("2024万台", "2024"), ("20245", "20245"), ("2024.5", "2024.5"),
    ("1.5倍", "1.5"), ("3nm制程", "3"), ("8英寸", "8"), ("RTX 5090 缺货", "5090"), ("6G 网络", "6"),
    ("RTX 40901", "40901"), ("XRTX 4090", "4090"), ("沪深3000", "3000"), ("13月", "13"),
    # Chinese numerals before a unit or measure word
    ("占三成", "三成"), ("增长两倍", "两倍"), ("增长一倍多", "一倍"), ("三分之一的产能", "三分之"), ("百分之十九", "百分之"),
    ("五十七座晶圆厂", "五十七座"), ("十余家企业", "十余家"), ("六千亿美元", "六千亿美元"), ("几十亿元", "几十亿元"), ("数百家公司", "数百家"),
    ("翻了一番", "翻了一番"), ("翻番", "翻番"), ("翻两倍", "翻两倍"), ("一半来自中国", "一半"), ("四大云厂", "四大"), ("连续三个季度", "三个"),
    ("十二个月", "十二个"), ("半年内", "半年"), ("二十天", "二十天"),
    # English
    ("rose 19.1%", "19.1%"), ("a 40 % share", "40"), ("USD 627.6 bn", "627.6"), ("twelve per cent", "twelve"), ("two-thirds of", "two"),
    ("half of the fabs", "half"), ("three times", "three"), ("Five billion dollars", "Five"), ("twice of", "twice"),
    ("ten-fold", "ten"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "raw"), FORBIDDEN)
def test_a_number_typed_by_hand_is_found_where_it_stands(text, raw):
    found = hand_typed(text, NAMES)

    assert raw in [each.raw for each in found]
    assert all(text[each.start : each.end] == each.raw for each in found)


@pytest.mark.parametrize(
    "text",
    [
        # dates and periods
        "2024年", "2024 年", "2024年1月", "2024年12月31日", "2024年一季度", "2024年四季度", "2024年上半年", "一季度以来", "3月20日",
        "2024-01-02", "2024-01", "2024–2026年", "2024-2026年", "24Q4", "2024Q4", "2024H1", "Q4 2024", "1月", "2024年十二月",
        "January 2024", "2 January 2024", "March 20, 2025", "in 2024", "since 2019, and", "二季度", "２０２４年１月",
        # names
        "RTX 4090 缺货", "采用5G。", "DeepSeek-V3 发布", "买入H100、H100", "申万半导体（801081）", "跑赢沪深300指数", "12英寸晶圆", "GPT-4o",
        "三大运营商",
        # words that hold a numeral and count nothing
        "万一", "一致", "统一", "进一步", "一方面", "第三方", "第一梯队", "十分", "一些", "一直", "百度", "千问", "二级市场", "四川", "三星",
        "零部件", "双十一", "半导体", "一体化", "唯一", "九章", "the second half that follows", "no number at all", "",
    ],
)  # fmt: skip
def test_dates_names_and_plain_words_are_no_numbers(text):
    assert hand_typed(text, NAMES) == ()


def test_several_are_found_in_order_and_a_date_between_them_is_not():
    found = hand_typed("占三成，2024年增长19.1%，共57家", NAMES)

    assert [each.raw for each in found] == ["三成", "19.1%", "57"]


def test_a_name_does_not_cover_the_number_beside_it():
    assert [each.raw for each in hand_typed("5G 基站 5 G", ["5G"])] == ["5"]


def test_a_longer_name_wins_over_a_shorter_one():
    assert hand_typed("RTX 4090 D", ["RTX 4090", "RTX 4090 D"]) == ()
