"""The relations: every way Waferline gets a number from numbers, each defined once. Nothing else computes a
growth."""

from __future__ import annotations

from difflib import get_close_matches

from waferline.errors import BadInput
from waferline.quantity.relations.base import Direction, Example, Need, Phrase, Relation
from waferline.quantity.relations.comparisons import ConstantCurrencyGrowth, Contribution, RelativeReturn
from waferline.quantity.relations.growth import (
    Cagr,
    Drawdown,
    Growth,
    MonthOnMonth,
    QuarterOnQuarter,
    Rise,
    YearOnYear,
)
from waferline.quantity.relations.quotients import Converted, Difference, Per, Product, Ratio, Rebased, Share
from waferline.quantity.relations.sums import (
    Average,
    Calendarised,
    JanuaryFebruary,
    Midpoint,
    MovingAverage,
    Total,
    YearToDate,
)
from waferline.quantity.relations.trend import Trend

__all__ = ["RELATIONS", "Direction", "Example", "Need", "Phrase", "Relation", "relation"]

RELATIONS: tuple[Relation, ...] = (
    YearOnYear(),
    QuarterOnQuarter(),
    MonthOnMonth(),
    Growth(),
    Cagr(),
    Share(),
    Total(),
    Difference(),
    Ratio(),
    Per(),
    Product(),
    Average(),
    Rebased(),
    RelativeReturn(),
    Drawdown(),
    Rise(),
    MovingAverage(),
    Calendarised(),
    YearToDate(),
    JanuaryFebruary(),
    Contribution(),
    Converted(),
    ConstantCurrencyGrowth(),
    Midpoint(),
    Trend(),
)
_BY_NAME = {each.name: each for each in RELATIONS}


def relation(name: str) -> Relation:
    """The relation of that name; an unknown one is refused with the near misses.

    >>> relation("yoy").words("en", "627.6", "526.8")
    '627.6 / 526.8 − 1'
    """
    found = _BY_NAME.get(name)
    if found is None:
        raise BadInput(
            where=f"relation {name!r}",
            what="unknown relation",
            expected=", ".join(_BY_NAME),
            found=repr(name),
            fix=" or ".join(get_close_matches(name, _BY_NAME, n=2)) or None,
        )
    return found
