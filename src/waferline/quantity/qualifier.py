"""This module holds the words a number can be printed with – about, more than, nearly, less than – and what each allows.

A qualifier is part of the literal. It widens what the number may be, and the number is never printed without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor, log10

from waferline.quantity.interval import Interval


@dataclass(frozen=True, slots=True)
class Qualifier:
    """How a qualifier is written: in a sentence, and in the narrow cell of a table.

    `side` is +1 where the true number lies above the printed one, −1 where it lies below, 0 where on either side.
    """

    zh: str
    en: str
    cell_zh: str
    cell_en: str
    side: int

    def of(self, lang: str, *, cell: bool = False) -> str:
        if lang == "zh":
            return self.cell_zh if cell else self.zh
        return self.cell_en if cell else f"{self.en} "


QUALIFIERS = {
    "about": Qualifier("约", "about", "约", "~", 0),
    "above": Qualifier("超过", "more than", ">", ">", 1),
    "nearly": Qualifier("近", "nearly", "近", "~", -1),
    "below": Qualifier("不到", "less than", "<", "<", -1),
}


def allowed(qualifier: str, value: Fraction) -> Interval:
    """What a number printed with the qualifier may be, in its own unit.

    About: half a unit of the last digit that is not zero on either side; nearly and below: from one such unit
    under the number up to it; above: from the number up to one such unit over it.
    """
    step = _last_digit(value)
    side = QUALIFIERS[qualifier].side
    if side == 0:
        return Interval(value - step / 2, value + step / 2)
    return Interval(value, value + step) if side > 0 else Interval(value - step, value)


def turned(qualifier: str, direction: int) -> str:
    """The qualifier of a result that rises (+1) or falls (−1) with the qualified number."""
    side = QUALIFIERS[qualifier].side * direction
    return "about" if side == 0 else "above" if side > 0 else "below"


def _last_digit(value: Fraction) -> Fraction:
    """One unit of the last digit that is not zero: 100 for 1200, 0.1 for 2.5."""
    if value == 0:
        return Fraction(1)
    step = Fraction(10) ** floor(log10(abs(value)))
    while (value / step).denominator != 1:
        step /= 10
    return step
