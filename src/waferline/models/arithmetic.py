"""This module holds the models that are one relation: a growth and a compound growth, from printed levels.

They exist so that a case of `waferline validate` can state such a number; the arithmetic is the relation's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations import relation
from waferline.quantity.relations.base import Phrase


def _growth(x: Values) -> Mapping[str, Array]:
    return {"growth": _of("growth", x["new"], x["old"])}


def _compound(x: Values) -> Mapping[str, Array]:
    return {"growth": np.power(x["new"] / x["old"], 1 / x["years"]) - 1}


def _of(name: str, *values: Array) -> Array:
    rule: Any = relation(name)  # written for exact numbers; it divides and subtracts, as arrays do
    result: Array = rule.value(*values)
    return result


def _does_not_fit(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    """Names a stated rate that is further off than the rounding of its last printed digit."""
    if not x.has("stated"):
        return ()
    stated, found = float(x["stated"]), float(outputs["growth"])
    if abs(stated - found) <= 0.0005:
        return ()
    return (
        Phrase(
            f"所述 {stated:.1%} 与重算的 {found:.1%} 不符",
            f"the stated {stated:.1%} is not the recomputed {found:.1%}",
        ),
    )


_LEVELS = (
    Input("new", "x", Phrase("期末值", "the later level"), low=0),
    Input("old", "x", Phrase("期初值", "the earlier level, in the same unit"), low=1e-300),
)
_STATED = Input(
    "stated", "x", Phrase("所述增速", "the rate somebody stated, to be set beside it"), optional=True
)

GROWTH = Model(
    "growth",
    Phrase("增速", "Growth"),
    "arithmetic",
    (*_LEVELS, _STATED),
    (Output("growth", "x", Phrase("增速", "change over the earlier level"), shown="%"),),
    _growth,
    formula="new / old − 1",
    source="the relation growth",
    remarks=_does_not_fit,
)

COMPOUND_GROWTH = Model(
    "compound-growth",
    Phrase("年均复合增速", "Compound growth"),
    "arithmetic",
    (*_LEVELS, Input("years", "x", Phrase("年数", "years between the levels"), low=0.01), _STATED),
    (Output("growth", "x", Phrase("年均复合增速", "growth a year"), shown="%"),),
    _compound,
    formula="(new / old)^(1 / years) − 1",
    source="the relation cagr",
    remarks=_does_not_fit,
)
