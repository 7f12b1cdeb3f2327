"""This module rules out, in floating point, operands that cannot give a stated number.

Exact fractions cost a hundred times a float, and most candidates miss by far. A candidate ruled out here is one that
the exact intervals keep apart too: what comes near is left to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

Ends = tuple[float, float]  # the low and the high end of an interval, each within a few parts in 10^15

_MARGIN = 1e-9  # far above the error of a handful of float operations, far below any printed digit
_QUOTIENTS = ("yoy", "qoq", "mom", "growth", "share", "ratio")
_SAME = ("text_vs_table", "restatement", "unit_change")


def ends_of(value: Fraction, step: Fraction) -> Ends:
    """What plain rounding allows around a printed value, as floats; no bounds for what floats cannot hold."""
    try:
        middle, half = float(value), float(step) / 2
    except OverflowError:
        return float("-inf"), float("inf")
    return middle - half, middle + half


def surely_apart(name: str, operands: Sequence[Ends], stated: Ends, *, years: int = 0) -> bool:
    """True only if the relation over the operands' intervals cannot meet the stated interval (`years`: a CAGR's).

    False says nothing: the relation is not known here, a bound is not positive, or the two come near.
    """
    if name in _QUOTIENTS:
        (low, high), (least, most) = operands
        if low < 0 or least <= 0:
            return False
        low, high = low / most, high / least
        size = 1 + high
        if name not in ("share", "ratio"):
            low, high = low - 1, high - 1
    elif name == "difference":
        (low, high), (least, most) = operands
        size = abs(low) + abs(high) + abs(least) + abs(most)
        low, high = low - most, high - least
    elif name in ("sum", "average"):
        low = high = size = 0.0
        for least, most in operands:
            low, high, size = low + least, high + most, size + abs(least) + abs(most)
        if name == "average":
            low, high = low / len(operands), high / len(operands)
    elif name == "product":
        if any(x[0] <= 0 for x in operands):
            return False
        low, high = prod(x[0] for x in operands), prod(x[1] for x in operands)
        size = high
    elif name in _SAME:
        low, high = operands[0]
        size = abs(low) + abs(high)
    elif name == "cagr":
        (low, high), (least, most) = operands
        if low <= 0 or least <= 0 or not years:
            return False
        low, high = (low / most) ** (1 / years) - 1, (high / least) ** (1 / years) - 1
        size = 2 + high
    elif name == "share_of_sum":
        (low, high), (least, most) = operands
        if low <= 0 or least <= 0:
            return False
        low, high, size = low / (low + most), high / (high + least), 1.0
    else:
        return False
    margin = _MARGIN * (size + abs(stated[0]) + abs(stated[1]))
    return low - margin > stated[1] or high + margin < stated[0]
