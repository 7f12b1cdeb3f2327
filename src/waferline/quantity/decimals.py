"""This module writes exact fractions as decimal text: rounded half up for people, or to many digits for
files."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

_FILE_DIGITS = 30


def rounded(value: Fraction, places: int) -> str:
    """The value to a number of places, half away from zero on the exact value, with an ASCII minus, never -0.

    >>> rounded(Fraction("-0.25"), 1), rounded(Fraction("-0.04"), 1)
    ('-0.3', '0.0')
    """
    scale = 10**places
    # In whole numbers: a report prints thousands, and a Fraction takes a common divisor at every step.
    units = (2 * scale * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(units, scale)
    text = f"{whole}.{rest:0{places}d}" if places else str(whole)
    return f"-{text}" if value < 0 and units else text


def decimal_text(value: Fraction, towards: int = 0) -> str:
    """A decimal string for files: exact if 30 significant digits do, else rounded (down, nearest or up by
    `towards`).

    >>> decimal_text(Fraction(6276, 10)), decimal_text(Fraction(1, 3), towards=1)
    ('627.6', '0.333333333333333333333333333334')
    """
    rounding = {-1: ROUND_FLOOR, 0: ROUND_HALF_EVEN, 1: ROUND_CEILING}[towards]
    number = Context(prec=_FILE_DIGITS, rounding=rounding).divide(
        Decimal(value.numerator), Decimal(value.denominator)
    )
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
