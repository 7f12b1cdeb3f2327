"""This module writes a quantity as a live Excel formula over the cells that hold its inputs."""

from __future__ import annotations

from fractions import Fraction

from waferline.errors import BadInput
from waferline.quantity.quantity import Applied, Quantity, named
from waferline.quantity.relations import relation
from waferline.quantity.units import Unit


def excel_formula(q: Quantity, *refs: str) -> str:
    """The formula of a derived quantity; `refs` are the cells of its inputs, in order.

    Sums, means and trends also take one range.

    A cell holds the number in its quantity's unit, except that per cent is Excel's own (0.191 shown as
    19.1%); the result follows the same rule. Units on different scales (bn and mn) get their factor in the
    formula.
    """
    if not isinstance(q.trace, Applied):
        raise BadInput(
            where=named(q.trace),
            what="only a derived number has a formula",
            expected="a relation of other cells",
        )
    inputs = q.trace.inputs
    rule = relation(q.trace.relation)
    periods = [each.period for each in inputs]
    scales = [cell_scale(each.unit) for each in inputs]
    cells = list(refs)
    is_range = len(refs) == 1 and ":" in refs[0] and rule.takes_range and len(set(scales)) == 1
    if len(refs) != len(inputs) and not is_range:
        raise BadInput(
            where=rule.name, what="wrong number of cells", expected=str(len(inputs)), found=str(len(refs))
        )
    factor = 1 / cell_scale(q.unit)
    if len(set(scales)) == 1 and rule.homogeneous is not None:
        factor *= scales[0] ** rule.homogeneous
    else:
        cells = [_times(ref, scale) for ref, scale in zip(cells, scales, strict=True)]
    formula = rule.excel(*cells, periods=periods)
    return formula if factor == 1 else f"=({formula.removeprefix('=')}){_factor(factor)}"


def cell_scale(unit: Unit) -> Fraction:
    """How many base units one in a cell is worth: 1 for per cent, because Excel keeps 19.1% as 0.191."""
    return Fraction(1) if unit.name == "%" else unit.scale


def _times(ref: str, scale: Fraction) -> str:
    return ref if scale == 1 else f"({ref}{_factor(scale)})"


def _factor(factor: Fraction) -> str:
    top = "" if factor.numerator == 1 else f"*{factor.numerator}"
    return top + ("" if factor.denominator == 1 else f"/{factor.denominator}")
