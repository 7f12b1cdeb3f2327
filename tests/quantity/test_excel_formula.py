from __future__ import annotations

import math
import re
from fractions import Fraction

import pytest
from strategies import example_inputs, level

from waferline.errors import BadInput
from waferline.quantity import RELATIONS, Quantity, Relation, apply, relation
from waferline.quantity.excel import cell_scale, excel_formula


def evaluated(formula: str, cells: dict[str, Fraction]) -> float:
    """What Excel makes of the few things our formulas use: + − * / ^, SUM and AVERAGE."""
    text = re.sub(r"\b[A-Z]\d+\b", lambda ref: f"({float(cells[ref[0]])!r})", formula.removeprefix("="))
    names = {"SUM": lambda *xs: math.fsum(xs), "AVERAGE": lambda *xs: math.fsum(xs) / len(xs)}
    return float(eval(text.replace("^", "**"), {"__builtins__": {}}, names))


def cells_of(q: Quantity) -> dict[str, Fraction]:
    inputs = q.trace.inputs  # type: ignore[union-attr]
    return {f"B{i}": x.value * x.unit.scale / cell_scale(x.unit) for i, x in enumerate(inputs)}


@pytest.mark.parametrize("rule", [r for r in RELATIONS if r.name != "trend"], ids=lambda rule: rule.name)
def test_formula_gives_the_value_of_the_quantity(rule: Relation) -> None:
    q = apply(rule, *example_inputs(rule))
    cells = cells_of(q)

    result = evaluated(excel_formula(q, *cells), cells)

    assert result == pytest.approx(float(q.value * q.unit.scale / cell_scale(q.unit)), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("yoy", "=B0/B1-1"), ("cagr", "=(B0/B1)^(1/(6))-1"), ("share", "=B0/B1"), ("total", "=SUM(B0,B1,B2)"),
        ("difference", "=(B0-B1)*100"), ("average", "=AVERAGE(B0,B1)"), ("rebased", "=B0/B1*100"),
        ("relative_return", "=((B0/B1-1)-(B2/B3-1))*100"), ("contribution", "=((B0-B1)/B2)*100"),
        ("product", "=((B0*1000000000)*B1)/1000000000"),
    ],
)  # fmt: skip
def test_formulas_are_those_a_person_would_type(name: str, formula: str) -> None:
    q = apply(relation(name), *example_inputs(relation(name)))

    assert excel_formula(q, *cells_of(q)) == formula


def test_operands_on_different_scales_get_their_factor() -> None:
    q = apply(relation("yoy"), level("627600", "USD mn"), level("526.8", period="2023"))

    assert evaluated(excel_formula(q, "B0", "B1"), cells_of(q)) == pytest.approx(0.191343963553530751)


def test_an_observation_and_a_wrong_number_of_cells_are_refused() -> None:
    q = apply(relation("yoy"), level("627.6"), level("526.8", period="2023"))

    with pytest.raises(BadInput, match="only a derived number has a formula"):
        excel_formula(level("1"), "B0")
    with pytest.raises(BadInput, match="wrong number of cells: expected 2, found 1"):
        excel_formula(q, "B0")
    with pytest.raises(BadInput, match="wrong number of cells"):
        excel_formula(q, "B0:B1")


def test_sums_and_means_take_a_range() -> None:
    parts = [level("1.0", series="a"), level("2.0", series="b")]

    assert excel_formula(apply(relation("total"), *parts), "B2:B3") == "=SUM(B2:B3)"
    assert excel_formula(apply(relation("average"), *parts), "B2:B3") == "=AVERAGE(B2:B3)"
