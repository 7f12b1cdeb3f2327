from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import level, units

from waferline.errors import BadInput
from waferline.quantity import Quantity, Unit, apply, relation, unit
from waferline.quantity.decimals import decimal_text, rounded
from waferline.quantity.printing import explain, number_text, printed, said
from waferline.quantity.relations.base import GROWS


@pytest.mark.parametrize(
    ("literal", "unit_name", "zh", "en"),
    [
        ("627.6", "USD bn", "6276亿美元", "USD 627.6 bn"), ("80736.353", "TWD mn", "807.36亿新台币", "TWD 80.74 bn"),
        ("1.2", "USD tn", "1.2万亿美元", "USD 1.2 tn"), ("1360.41", "CNY 100m", "1360.41亿元", "CNY 136.04 bn"),
        ("-5.25", "USD bn", "−52.5亿美元", "−USD 5.25 bn"), ("4.54", "USD", "4.54美元", "USD 4.54"),
        ("387842678.1", "USD (2023)", "3.88亿美元(2023年价)", "USD (2023) 387.84 mn"),
        ("765", "million units", "7.65亿台", "765 mn units"), ("1670", "thousand units", "167万台", "1.67 mn units"),
        ("200000", "units", "20万台", "200,000 units"), ("37000", "WPM", "3.7万片/月", "37,000 wafers per month"),
        ("8.85", "million WPM (8-inch equivalent)", "885万片/月(折合8英寸)", "8.85 mn 8-inch equivalent wafers per month"),
        ("19.1", "%", "19.1%", "19.1%"), ("10", "%", "10%", "10%"), ("3.2", "pp", "3.2个百分点", "3.2 pp"),
        ("10.82", "x", "10.82倍", "10.82x"), ("3641.54", "index", "3641.54点", "3,641.54 points"),
        ("12345.6", "index", "12,345.6点", "12,345.6 points"), ("14.8", "tn tokens", "14.8万亿个token", "14.8 tn tokens"),
        ("15120000000000000905969664", "FLOP", "1.51×10^25 FLOP", "1.51×10^25 FLOP"),
        ("312", "TFLOP/s", "312 TFLOP/s", "312 TFLOP/s"), ("0.27", "USD per mn tokens", "0.27美元/百万token",
         "USD 0.27 per mn tokens"), ("2.10", "USD per GPU hour", "2.10美元/GPU小时", "USD 2.10 per GPU hour"),
        ("13", "megapixel", "1300万像素", "13 mn pixels"), ("12", "weeks", "12周", "12 weeks"),
        ("2664", "thousand GPU hours", "266.4万GPU小时", "2.66 mn GPU hours"), ("18", "fabs", "18座", "18 fabs"),
    ],
)  # fmt: skip
def test_readers_of_each_language_see_their_scale_words(
    literal: str, unit_name: str, zh: str, en: str
) -> None:
    q = level(literal, unit_name)

    assert (printed(q, "zh"), printed(q, "en")) == (zh, en)


def test_trailing_zeros_of_a_literal_are_kept() -> None:
    assert printed(level("19.10", "%"), "en") == "19.10%"
    assert printed(level("627.60", "USD bn"), "zh") == "6276.0亿美元"


def test_unit_places_sign_and_measure_word_are_the_callers() -> None:
    q = level("765", "million units")

    assert printed(q, "zh", unit=unit("million units")) == "765百万台"
    assert printed(q, "zh", measure="部") == "7.65亿部"
    assert printed(q, "en", unit=unit("thousand units"), grouping=False) == "765000 thousand units"
    assert printed(level("19.1", "%"), "en", places=2, sign=True) == "+19.10%"
    assert printed(level("-19.1", "%"), "en", places=0, sign=True) == "−19%"
    assert printed(level("0", "%"), "en", sign=True) == "0%"


def test_a_unit_that_is_a_round_number_is_multiplied_in_english() -> None:
    assert printed(level("627.6"), "en", unit=unit("亿美元")) == "USD 6,276 × 100 mn"
    assert printed(level("765", "million units"), "en", unit=unit("万台")) == "76,500 × 10,000 units"


def test_a_unit_of_another_measure_is_refused_naming_both() -> None:
    with pytest.raises(BadInput, match="expected USD bn, found CNY bn"):
        printed(level("5"), "en", unit=unit("CNY bn"))


@given(st.fractions(-1000, 1000, max_denominator=2000), st.integers(0, 4))
def test_rounding_is_half_away_from_zero_on_the_exact_value(value: Fraction, places: int) -> None:
    text = rounded(value, places)
    gap = abs(Fraction(text) - value)

    assert gap <= Fraction(1, 2 * 10**places)
    assert gap < Fraction(1, 2 * 10**places) or abs(Fraction(text)) > abs(value)
    assert Fraction(text) != 0 or not text.startswith("-")


@given(st.fractions(), st.sampled_from([-1, 1]))
def test_file_bounds_are_rounded_outwards(value: Fraction, towards: int) -> None:
    text = Fraction(decimal_text(value, towards))

    assert text <= value if towards < 0 else text >= value
    assert abs(text - value) <= abs(value) / 10**29


@given(units, st.fractions("0.001", 10**9, max_denominator=1000), st.sampled_from(["zh", "en"]))
def test_every_unit_prints_some_number_in_both_languages(measure: Unit, value: Fraction, lang: str) -> None:
    q = level(f"{float(value):.3f}", measure.name)

    assert any(char.isdigit() for char in printed(q, lang))
    assert any(char.isdigit() for char in printed(q, lang, unit=measure, places=1))


def growth(new: str, old: str, **kinds: str) -> Quantity:
    return apply(relation("yoy"), level(new, series="s"), level(old, period="2023", series="s"))


@pytest.mark.parametrize(
    ("q", "zh", "en"),
    [
        (growth("627.6", "526.8"), "增长19.1%", "rose 19.1%"),
        (growth("66.7", "72.68"), "下降8.2%", "fell 8.2%"),
        (growth("100", "100"), "持平", "was flat"),
        (growth("100.01", "100"), "基本持平", "was almost flat"),
        (
            apply(relation("growth"), level("75.37", "index", "2024-01-31"), level("100", "index", "2023-12-29")),
            "下跌24.6%", "fell 24.6%",
        ),
        (apply(relation("difference"), level("19.1", "%"), level("15.9", "%")), "上升3.2个百分点", "rose by 3.2 pp"),
        (apply(relation("difference"), level("15.9", "%"), level("19.1", "%")), "下降3.2个百分点", "fell by 3.2 pp"),
        (apply(relation("difference"), level("630.5"), level("627.6")), "增加29亿美元", "rose by USD 2.9 bn"),
        (apply(relation("cagr"), level("69.5", period="2029"), level("37.8", period="2023")), "年均增长10.7%",
         "rose 10.7% a year"),
    ],
)  # fmt: skip
def test_direction_words_come_from_the_relation(q: Quantity, zh: str, en: str) -> None:
    assert (said(q, "zh"), said(q, "en")) == (zh, en)


def test_relative_returns_outperform_and_contributions_add() -> None:
    days = ("2025-03-19", "2024-01-02")
    own = [level(v, "index", p, series="own") for v, p in zip(("140.21", "100.00"), days, strict=True)]
    benchmark = [
        level(v, "index", p, series="benchmark") for v, p in zip(("118.42", "100.00"), days, strict=True)
    ]
    excess = apply(relation("relative_return"), *own, *benchmark)
    lag = apply(relation("relative_return"), *benchmark, *own)

    assert (said(excess, "zh"), said(excess, "en")) == ("跑赢21.8个百分点", "outperformed by 21.8 pp")
    assert (said(lag, "zh", places=0), said(lag, "en")) == ("跑输22个百分点", "underperformed by 21.8 pp")


def test_a_growth_has_no_more_places_than_its_levels_carry() -> None:
    # 22.6 / 4.28 may be anything from 426.3% to 429.8%: a decimal would be made up.
    levels = [level("22.6", "USD bn", "2024"), level("4.28", "USD bn", "2023")]

    assert said(apply(relation("yoy"), *levels), "zh") == "增长428%"


def test_a_number_without_direction_is_refused_unless_words_are_given() -> None:
    stated = level("-8.2", "%")

    with pytest.raises(BadInput, match="no direction"):
        said(stated, "zh")
    assert said(stated, "zh", direction=GROWS) == "下降8.2%"


def test_formulas_show_literals_in_one_unit() -> None:
    assert explain(growth("627.6", "526.8"), "zh") == "627.6 / 526.8 − 1"
    assert explain(growth("627.60", "526.8"), "en") == "627.60 / 526.8 − 1"
    mixed = apply(relation("total"), level("1.5", series="a"), level("250.123", "USD mn", series="b"))
    assert explain(mixed, "en") == "1.5 + 0.250123"


def test_formulas_write_short_inner_relations_out() -> None:
    a, b = level("12", series="a"), level("30", series="b")
    share = apply(relation("share"), a, apply(relation("total"), a, b))
    gap = apply(relation("difference"), growth("627.6", "526.8"), growth("557.0", "500.0"))

    assert explain(share, "en") == "12 / (12 + 30)"
    assert explain(gap, "en") == "(627.6 / 526.8 − 1) − (557.0 / 500.0 − 1)"


def test_formulas_of_unlike_operands_carry_units() -> None:
    q = apply(relation("product"), level("627.6"), level("26.4", "%", series="b"))

    assert explain(q, "en") == "USD 627.6 bn × 26.4%"
    assert explain(q, "zh") == "627.6十亿美元 × 26.4%"


def test_derived_levels_print_no_more_places_than_their_leaves_support() -> None:
    coarse = apply(relation("total"), level("5", series="a"), level("7", series="b"))
    fine = apply(relation("total"), level("5.00", series="a"), level("7.00", series="b"))

    assert (printed(coarse, "en"), printed(fine, "en")) == ("USD 12 bn", "USD 12.00 bn")


def test_bare_numbers_for_cells() -> None:
    assert number_text(level("80736.353", "TWD mn"), "en", unit=unit("TWD bn"), places=1) == "80.7"
    assert number_text(level("-12345.6", "index"), "zh") == "−12,345.6"


def test_a_number_too_long_for_a_table_cell_is_written_with_a_power_of_ten():
    compute = level("350000000000000.0", "FLOP")

    assert number_text(compute, "zh") == "3.50×10^14"
    assert number_text(compute, "en", places=0) == "350,000,000,000,000"
