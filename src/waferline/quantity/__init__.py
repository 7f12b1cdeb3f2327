"""Quantities: numbers that keep their unit, their printed precision and where they came from.

The room's one rule: a number is made from other numbers only by a relation, and its trace says which.
"""

from waferline.quantity.interval import Interval
from waferline.quantity.period import Period, fiscal_period
from waferline.quantity.quantity import (
    Applied,
    Leaf,
    ModelInput,
    Modelled,
    Quantity,
    apply,
    modelled,
    observed,
)
from waferline.quantity.relations import RELATIONS, Relation, relation
from waferline.quantity.units import Unit, convertible, unit

__all__ = [
    "RELATIONS",
    "Applied",
    "Interval",
    "Leaf",
    "ModelInput",
    "Modelled",
    "Period",
    "Quantity",
    "Relation",
    "Unit",
    "apply",
    "convertible",
    "fiscal_period",
    "modelled",
    "observed",
    "relation",
    "unit",
]
