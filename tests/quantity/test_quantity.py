from __future__ import annotations

import json
import pickle
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from strategies import example_inputs, leaf, level, literal_of, places, relations, true_values

from waferline.errors import BadInput
from waferline.quantity import Applied, Interval, Quantity, Relation, apply, observed, relation, unit


@pytest.mark.parametrize(
    ("literal", "low", "high"),
    [
        ("627.6", "627.55", "627.65"), ("8000", "7999.5", "8000.5"), ("0.10", "0.095", "0.105"), ("-8.2", "-8.25", "-8.15"),
        ("1e3", "500", "1500"), ("1.5E-3", "0.00145", "0.00155"), ("100.", "99.5", "100.5"),
    ],
)  # fmt: skip
def test_an_observation_is_known_to_half_a_unit_of_its_last_digit(literal: str, low: str, high: str) -> None:
    assert level(literal).interval == Interval.of(low, high)
    assert level(literal, exact=True).interval.width == 0


@pytest.mark.parametrize("literal", ["", "about 5", "1,000", "1e9999", "nan", "²", "0x1"])
def test_a_literal_that_is_no_decimal_is_refused(literal: str) -> None:
    with pytest.raises(BadInput, match="not a decimal number"):
        level(literal)


@given(relations)
def test_difference_from_itself_is_exactly_zero_also_after_json_and_pickle(rule: Relation) -> None:
    q = apply(rule, *example_inputs(rule))
    twins = (q, Quantity.from_json(json.loads(json.dumps(q.to_json()))), pickle.loads(pickle.dumps(q)))

    for twin in twins:
        gap = apply(relation("difference"), q, twin)
        assert gap.value == 0
        assert gap.interval == Interval.of(0, 0)


@given(relations)
def test_json_and_pickle_give_an_equal_quantity(rule: Relation) -> None:
    q = apply(rule, *example_inputs(rule))
    text = json.dumps(q.to_json(), ensure_ascii=False)

    assert Quantity.from_json(json.loads(text)) == q
    assert pickle.loads(pickle.dumps(q)) == q
    assert hash(pickle.loads(pickle.dumps(q))) == hash(q)
    assert json.dumps(Quantity.from_json(json.loads(text)).to_json(), ensure_ascii=False) == text


def test_json_of_growth_is_decimal_text_with_bounds_rounded_outwards() -> None:
    data = apply(relation("yoy"), level("627.6"), level("526.8", period="2023")).to_json()

    assert data["value"] == "19.1343963553530751708428246014"
    assert (data["low"], data["high"]) == (
        "19.1135996963082471291638986428",
        "19.1551969625059326056003796868",
    )
    assert (data["unit"], data["period"], data["trace"]["relation"]) == ("%", "2024", "yoy")
    assert data["trace"]["inputs"][1]["observation"]["literal"] == "526.8"


def test_json_keeps_the_unit_an_operand_was_written_in() -> None:
    q = apply(relation("total"), level("627.6").to(unit("USD mn")), level("9", "USD mn", series="other"))

    assert q.unit == unit("USD mn")
    assert Quantity.from_json(q.to_json()) == q


def test_json_with_a_value_its_trace_does_not_give_is_refused() -> None:
    data = level("627.6").to_json()

    with pytest.raises(BadInput, match=r"not what its trace gives: expected 627.6, found 630.5"):
        Quantity.from_json({**data, "value": "630.5"})
    with pytest.raises(BadInput, match="not a quantity as JSON"):
        Quantity.from_json({"value": "1"})
    with pytest.raises(BadInput, match="wrong fields"):
        Quantity.from_json({**data, "trace": {"observation": {"series": "x"}}})


def test_leaves_are_distinct_by_content_and_in_order() -> None:
    a, b = level("1", series="a"), level("2", series="b")
    again = level("1", series="a")
    q = apply(relation("total"), apply(relation("total"), b, a), again)

    assert [each.series for each in q.leaves()] == ["b", "a"]


def test_another_vintage_is_another_leaf() -> None:
    first = leaf("627.6", edition="")
    revised = replace(first, literal="630.5", edition="2026-05")

    assert apply(relation("difference"), observed(revised), observed(first)).value == Fraction("2.9")
    assert len(apply(relation("difference"), observed(revised), observed(first)).leaves()) == 2


@pytest.mark.parametrize("kind", ["forecast", "guidance", "spec"])
def test_anything_that_rests_on_more_than_realised_figures_is_a_forecast(kind: str) -> None:
    q = apply(relation("yoy"), level("700", period="2025", kind=kind), level("627.6"))

    assert q.is_forecast
    assert not level("627.6").is_forecast


def test_conversion_keeps_trace_interval_and_refuses_another_basis() -> None:
    q = level("627.6").to(unit("亿美元"))

    assert (q.value, q.interval) == (Fraction(6276), Interval.of("6275.5", "6276.5"))
    assert q.trace == level("627.6").trace
    with pytest.raises(BadInput, match=r"cannot be converted: expected USD bn, found USD \(2023\)"):
        level("627.6").to(unit("USD (2023)"))


@given(true_values, true_values, places)
def test_share_of_a_total_moves_each_leaf_once(part: Fraction, rest: Fraction, n: int) -> None:
    p, r = level(literal_of(part, n), series="part"), level(literal_of(rest, n), series="rest")
    if p.interval.low <= 0 or r.interval.low <= 0:
        return
    q = apply(relation("share"), p, apply(relation("total"), p, r))

    low = p.interval.low / (p.interval.low + r.interval.high) * 100
    high = p.interval.high / (p.interval.high + r.interval.low) * 100
    assert q.interval == Interval(low, high)


def test_growth_of_itself_is_exactly_zero() -> None:
    a = level("627.6")

    assert apply(relation("growth"), a, a).interval == Interval.of(0, 0)
    assert apply(relation("ratio"), a, a).interval == Interval.of(1, 1)


def test_a_trend_inside_a_trace_keeps_its_stated_interval() -> None:
    trend = apply(relation("trend"), *example_inputs(relation("trend")))
    double = apply(relation("product"), trend, level("2", "x", exact=True))

    assert isinstance(double.trace, Applied)
    assert double.interval == Interval(trend.interval.low * 2, trend.interval.high * 2)
    assert len(double.leaves()) == 9
