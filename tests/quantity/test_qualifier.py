"""A number is never printed without the word it was printed with, and its word widens what it may be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from strategies import leaf

from waferline.quantity.interval import Interval
from waferline.quantity.printing import printed, said
from waferline.quantity.qualifier import allowed
from waferline.quantity.quantity import Quantity, apply, observed
from waferline.quantity.relations import relation
from waferline.quantity.units import unit


def stated(literal: str, qualifier: str = "", period: str = "2024", unit_name: str = "USD bn") -> Quantity:
    return observed(leaf(literal, unit_name, period, qualifier=qualifier))


@pytest.mark.parametrize(
    ("qualifier", "value", "low", "high"),
    [
        ("about", "1200", "1150", "1250"),
        ("about", "100", "50", "150"),
        ("above", "187", "187", "188"),
        ("nearly", "28", "27", "28"),
        ("below", "1.5", "1.4", "1.5"),
        ("below", "0", "-1", "0"),
    ],
)
def test_a_qualifier_allows_a_unit_of_the_last_digit_that_is_not_zero(qualifier, value, low, high):
    assert allowed(qualifier, Fraction(value)) == Interval(Fraction(low), Fraction(high))


@pytest.mark.parametrize(
    ("qualifier", "zh", "en"),
    [
        ("", "1870亿美元", "USD 187 bn"),
        ("above", "超过1870亿美元", "more than USD 187 bn"),
        ("about", "约1870亿美元", "about USD 187 bn"),
        ("nearly", "近1870亿美元", "nearly USD 187 bn"),
        ("below", "不到1870亿美元", "less than USD 187 bn"),
    ],
)
def test_an_observation_prints_its_word(qualifier, zh, en):
    assert (printed(stated("187", qualifier), "zh"), printed(stated("187", qualifier), "en")) == (zh, en)


def test_a_sum_with_one_part_more_than_is_more_than():
    total = apply(relation("total"), stated("118", "above"), stated("66"))

    assert printed(total, "en", unit=unit("USD bn"), places=0) == "more than USD 184 bn"


def test_a_sum_of_more_than_and_about_is_about():
    total = apply(relation("total"), stated("118", "above"), stated("85", "about"))

    assert printed(total, "en", unit=unit("USD bn"), places=0) == "about USD 203 bn"


def test_growth_over_a_base_that_is_more_than_is_less_than():
    growth = apply(relation("yoy"), stated("298", period="2025"), stated("187", "above"))

    assert said(growth, "zh", places=1) == "增长不到59.4%"
    assert said(growth, "en", places=1) == "rose less than 59.4%"


def test_a_fall_from_a_base_that_is_more_than_is_more_than():
    growth = apply(relation("yoy"), stated("150", period="2025"), stated("187", "above"))

    assert printed(growth, "en", places=1) == "less than −19.8%"
    assert said(growth, "en", places=1) == "fell more than 19.8%"


def test_a_result_is_about_only_where_its_last_digit_is_not_sure():
    share = apply(relation("share"), stated("205", "about"), stated("306", "about"))

    assert printed(share, "en", places=1) == "about 67.0%"
    assert printed(share, "en", places=0) == "67%"


def test_a_word_survives_a_trip_through_json():
    total = apply(relation("total"), stated("118", "above"), stated("66"))

    assert Quantity.from_json(total.to_json()).qualifier == "above"
