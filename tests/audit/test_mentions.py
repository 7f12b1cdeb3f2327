"""What a number is read as: value, precision, measure, qualifier and role, with its literal text kept."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waferline.audit.mentions import Mention, mentions_of
from waferline.audit.periods import periods_in
from waferline.audit.spelling import spelled


def only(text: str) -> Mention:
    (mention,) = [m for m in mentions_of(spelled(text), text) if m.role == "quantity"]
    return mention


@pytest.mark.parametrize(
    ("text", "value", "step", "kind", "basis"),
    [
        ("USD 627.6 billion", 627_600_000_000, 100_000_000, "money", "USD"),
        ("NT$868.5 billion", 868_500_000_000, 100_000_000, "money", "TWD"),
        ("約新台幣2,633.1億元", 263_310_000_000, 10_000_000, "money", "TWD"),
        ("43.85万亿元", 43_850_000_000_000, 10_000_000_000, "money", "元"),
        ("3兆4,740.51億元", 3_474_051_000_000, 1_000_000, "money", "元"),
        ("90亿2千8百万元", 9_028_000_000, 1_000_000, "money", "元"),
        ("1,789,226 cars", 1_789_226, 1, "count", "car"),
        ("6.09亿千瓦", 609_000_000_000, 1_000_000_000, "count", "瓦"),
        ("19.1%", Fraction("0.191"), Fraction("0.001"), "percent", ""),
        ("18,7 %", Fraction("0.187"), Fraction("0.001"), "percent", ""),
        ("１２．５％", Fraction("0.125"), Fraction("0.001"), "percent", ""),
        ("−1.48‰", Fraction("-0.00148"), Fraction("0.00001"), "percent", ""),
        ("2.3个百分点", Fraction("0.023"), Fraction("0.001"), "point", ""),
        ("110 basis points", Fraction("0.011"), Fraction("0.0001"), "point", ""),
        ("2.99倍", Fraction("2.99"), Fraction("0.01"), "times", ""),
        ("三成", Fraction("0.3"), Fraction("0.1"), "percent", ""),
    ],
)
def test_a_number_is_read_with_its_unit_and_precision(
    text: str, value: object, step: object, kind: str, basis: str
) -> None:
    mention = only(text)

    assert (mention.value, mention.step) == (value, step)
    assert (mention.measure.kind, mention.measure.basis) == (kind, basis)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("2024年", "year"),
        ("24Q4出货", "year"),
        ("3月5日", "date"),
        ("RTX 4090", "name"),
        ("Qwen-14B的得分", "name"),
        ("R1-Distill-Qwen-1.5B scored", "name"),
        ("Llama-3.1-70B", "name"),
        ("图 5", "reference"),
        ("Table 3", "reference"),
        ("第3名", "ordinal"),
        ("in fiscal 2024", "year"),
        ("October 27, 2024", "date"),
    ],
)
def test_what_is_no_quantity_is_told_apart(text: str, role: str) -> None:
    first = mentions_of(spelled(text), text)[0]

    assert first.role == role


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("约2,050亿美元", 204_500_000_000, 205_500_000_000),
        ("近2980亿美元", 297_000_000_000, 298_050_000_000),
        ("超过3200亿美元", 319_950_000_000, 330_000_000_000),
        ("627.6亿元", 62_755_000_000, 62_765_000_000),
    ],
)
def test_a_qualifier_widens_the_interval_as_the_design_says(text: str, low: int, high: int) -> None:
    interval = only(text).interval

    assert (interval.low, interval.high) == (low, high)


def test_over_compares_after_a_percentage_and_qualifies_before_an_amount() -> None:
    growth = "12% over $3.1 million"
    amount = "sales of over $3.1 million"

    assert mentions_of(growth)[1].qualifier == ""
    assert mentions_of(amount)[0].qualifier == "above"


@given(st.text(max_size=300))
def test_any_text_is_read_and_every_literal_is_its_own_text(text: str) -> None:
    clean = spelled(text)

    assert len(clean) == len(text)
    for mention in mentions_of(clean, text):
        assert mention.text == text[mention.start : mention.end]
        assert 0 <= mention.start <= mention.first < mention.last <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年前三季度", "2024-01/2024-09"),
        ("2023年1-8月", "2023-01/2023-08"),
        ("fourth quarter of 2023", "2023-Q4"),
        ("4Q24", "2024-Q4"),
        ("FY2025", "2025"),
        ("March 2024", "2024-03"),
    ],
)
def test_a_period_is_read(text: str, expected: str) -> None:
    (when,) = periods_in(spelled(text))

    assert str(when.period) == expected


@pytest.mark.parametrize(
    ("text", "sort", "months"),
    [
        ("去年同期", "year_ago", 0),
        ("去年同月", "year_ago", 1),
        ("the same quarter of last year", "year_ago", 3),
        ("上月", "before", 1),
        ("the previous quarter", "before", 3),
    ],
)
def test_a_period_told_by_its_distance_is_read(text: str, sort: str, months: int) -> None:
    (when,) = periods_in(spelled(text))

    assert (when.sort, when.months) == (sort, months)
