from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import month_ranges, months, periods

from waferline.errors import BadInput
from waferline.quantity import Period, fiscal_period
from waferline.quantity.period import joined


@pytest.mark.parametrize(
    ("text", "canonical", "kind"),
    [
        ("2024", "2024", "year"), ("2024-H1", "2024-H1", "half"), ("2024H2", "2024-H2", "half"),
        ("2024-Q1", "2024-Q1", "quarter"), ("2024Q1", "2024-Q1", "quarter"), ("24Q4", "2024-Q4", "quarter"),
        ("2024-02", "2024-02", "month"), ("2024-02-29", "2024-02-29", "day"),
        ("2022-07/2023-06", "2022-07/2023-06", "range"), ("2024/2027", "2024/2027", "range"),
        ("2024-01-02/2025-03-19", "2024-01-02/2025-03-19", "range"), ("2021-01/2023-12", "2021/2023", "range"),
        ("2024-01/2024-12", "2024", "year"), ("2025-01/2025-05", "2025-01/2025-05", "range"),
    ],
)  # fmt: skip
def test_each_form_is_read_and_written_back(text: str, canonical: str, kind: str) -> None:
    period = Period.parse(text)

    assert (str(period), period.kind) == (canonical, kind)


@pytest.mark.parametrize(
    "text", ["", "24", "2024-13", "2024-Q5", "2024-H3", "2023-02-29", "Q1 2024", "2024/", "2024-1", "FY2024", "2024/2023"]
)  # fmt: skip
def test_anything_else_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(BadInput, match="period") as error:
        Period.parse(text)

    assert "\n" not in str(error.value)


@given(periods)
def test_canonical_text_reads_back_as_the_same_period(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(periods.filter(lambda p: p.start.year > 1991 and p.end.year < 2039), st.integers(-3, 3))
def test_shifting_there_and_back_is_no_shift(period: Period, n: int) -> None:
    if period.days < 300 or period.whole_months:
        assert period.shift(n).shift(-n) == period
        assert period.next().previous() == period


@given(months)
def test_a_month_a_year_ago_is_twelve_months_back(month: Period) -> None:
    assert month.year_ago() == month.shift(-12)


@given(month_ranges)
def test_months_of_a_range_join_to_the_range(period: Period) -> None:
    assert joined(reversed(period.months())) == period


def test_a_fiscal_year_keeps_its_length_a_year_ago_and_is_no_calendar_year() -> None:
    fiscal = fiscal_period("FY2023", year_ends=6)

    assert str(fiscal.year_ago()) == "2021-07/2022-06"
    assert fiscal.kind == "range"
    with pytest.raises(BadInput, match="two calendar years"):
        _ = fiscal.year


@pytest.mark.parametrize(
    ("text", "ends", "months_covered"),
    [
        ("FY27Q1", 1, "2026-02/2026-04"), ("FY27", 1, "2026-02/2027-01"), ("FY2025Q1", 8, "2024-09/2024-11"),
        ("FY2025H2", 6, "2025-01/2025-06"), ("FY2024Q4", 12, "2024-10/2024-12"), ("FY24", 12, "2024"),
    ],
)  # fmt: skip
def test_fiscal_periods_cover_these_months(text: str, ends: int, months_covered: str) -> None:
    assert fiscal_period(text, year_ends=ends) == Period.parse(months_covered)


def test_leap_day_a_year_ago_is_the_last_of_february() -> None:
    assert str(Period.parse("2024-02-29").year_ago()) == "2023-02-28"


def test_periods_sort_by_start_then_end() -> None:
    texts = ["2024-Q1", "2024", "2023-12", "2024-01", "2024-01-02"]

    assert [str(p) for p in sorted(map(Period.parse, texts))] == [
        "2023-12", "2024-01", "2024-Q1", "2024", "2024-01-02",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "zh", "en", "short"),
    [
        ("2024", "2024年", "2024", "2024"),
        ("2024-H1", "2024年上半年", "the first half of 2024", "24H1"),
        ("2024-Q4", "2024年四季度", "Q4 2024", "24Q4"),
        ("2024-01", "2024年1月", "January 2024", "2024-01"),
        ("2024-01-02", "2024年1月2日", "2 January 2024", "2024-01-02"),
        ("2025-01/2025-05", "2025年1—5月", "January to May 2025", "2025-01/2025-05"),
        ("2022-07/2023-06", "2022年7月至2023年6月", "July 2022 to June 2023", "2022-07/2023-06"),
        ("2024/2027", "2024—2027年", "2024–2027", "2024/2027"),
        (
            "2024-01-02/2025-03-19", "2024年1月2日至2025年3月19日", "2 January 2024 to 19 March 2025",
            "2024-01-02/2025-03-19",
        ),
    ],
)  # fmt: skip
def test_words_in_both_languages(text: str, zh: str, en: str, short: str) -> None:
    period = Period.parse(text)

    assert (period.words("zh"), period.words("en"), period.short()) == (zh, en, short)


def test_quarters_of_a_year_and_refusal_of_a_fiscal_quarter() -> None:
    assert [str(q) for q in Period.parse("2024").quarters()] == ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]
    with pytest.raises(BadInput, match="whole calendar quarters"):
        Period.parse("2024-02/2024-04").quarters()


def test_end_before_start_is_refused() -> None:
    with pytest.raises(BadInput, match="before the first"):
        Period(date(2024, 2, 1), date(2024, 1, 1))
