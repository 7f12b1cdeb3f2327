"""What a model gave is a quantity like any other: traced, with its interval, the same after a trip through JSON."""

import json
from fractions import Fraction

import pytest

from waferline.errors import BadInput
from waferline.quantity import ModelInput, Modelled, Quantity, apply, modelled, relation, unit
from waferline.quantity.excel import excel_formula
from waferline.quantity.printing import explain, printed, said

HOURS = Modelled(
    "training", "gpu_hours", unit("thousand GPU hours"), "2800", "2500", "3200",
    (ModelInput("tokens", "14.8 tn tokens", "a report", "https://example.org"),),
)  # fmt: skip


def test_it_has_its_value_and_its_stated_interval():
    hours = modelled(HOURS)
    assert hours.value == 2800
    assert (hours.interval.low, hours.interval.high) == (2500, 3200)
    assert (hours.leaves(), hours.is_forecast, hours.qualifier) == ((), False, "")


def test_it_comes_back_from_json_equal():
    hours = modelled(HOURS)
    assert Quantity.from_json(json.loads(json.dumps(hours.to_json()))) == hours


def test_json_that_was_tampered_with_is_refused():
    data = modelled(HOURS).to_json()
    with pytest.raises(BadInput, match="not what its trace gives"):
        Quantity.from_json(data | {"value": "2900"})


def test_a_relation_of_it_moves_it_once():
    hours = modelled(HOURS)
    ratio = apply(relation("ratio"), hours, hours)
    assert (ratio.interval.low, ratio.interval.high) == (1, 1)
    total = apply(
        relation("total"), hours, modelled(Modelled("m", "o", unit("GPU hours"), "1000", "0", "2000", ()))
    )
    assert total.interval.high == Fraction(3_202_000) / total.unit.scale


def test_it_prints_like_any_number_and_has_no_direction():
    hours = modelled(HOURS)
    assert printed(hours, "en") == "2.8 mn GPU hours"
    assert explain(hours, "en")
    with pytest.raises(BadInput, match=r"training\.gpu_hours"):
        said(hours, "en")
    with pytest.raises(BadInput, match="only a derived number"):
        excel_formula(hours)
