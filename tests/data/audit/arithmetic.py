"""This module recomputes a labelled relation from its printed numbers, apart from the engine on purpose.

The labels judge the audit, so their arithmetic may not be the audit's: exact fractions, every corner of the
rounding box, no import from waferline. A printed number stands for its value ± half a unit of its last digit.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

# Longest first: 万亿 before 万, "billion" before "b".
SCALES: tuple[tuple[str, int], ...] = (
    ("万亿", 10**12),
    ("萬億", 10**12),
    ("千亿", 10**11),
    ("吉瓦", 10**9),
    ("十亿", 10**9),
    ("十億", 10**9),
    ("千万", 10**7),
    ("千萬", 10**7),
    ("百万", 10**6),
    ("百萬", 10**6),
    ("trillion", 10**12),
    ("billion", 10**9),
    ("million", 10**6),
    ("thousand", 10**3),
    ("bln", 10**9),
    ("bn", 10**9),
    ("mn", 10**6),
    ("兆", 10**12),
    ("亿", 10**8),
    ("億", 10**8),
    ("万", 10**4),
    ("萬", 10**4),
    ("千元", 10**3),
    ("仟元", 10**3),
)
# A letter after a formula's name scales its inputs, for a table in one unit and a sentence in another.
INPUT_SCALES = {"k": 10**3, "w": 10**4, "m": 10**6, "y": 10**8, "b": 10**9}
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d{1,2}(?!\d)|\d+(?:\.\d+)?")
BASIS_POINTS = re.compile(r"bps?\b|basis points?|个?基点|個?基點")
PERCENT_FORMULAS = ("g", "gabs", "ginc", "gdec", "share", "ofsum", "margin")
FORMULAS = (
    *PERCENT_FORMULAS,
    *("diff", "diffabs", "ratio", "prod", "avg", "sum", "sumsigned", "gap", "eq", "eqn", "dir"),
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed: its value with the unit's scale, and half a unit of its last digit."""

    value: Fraction
    half: Fraction

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        return self.value - self.half, self.value + self.half


def _decimal(literal: str) -> tuple[Fraction, Fraction]:
    decimal_comma = re.fullmatch(r"\d+,\d{1,2}", literal)
    plain = literal.replace(",", "." if decimal_comma else "")
    places = len(plain.partition(".")[2])
    return Fraction(plain), Fraction(1, 2 * 10**places)


def read(token: str, scaled: bool = True) -> Printed:
    """A printed token such as "USD 627.6 billion", "(1,234)", "18,7 %", "3 兆 4,740.51 億元" or "150 bps".

    Raises ValueError if it holds no number.
    """
    text = unicodedata.normalize("NFKC", token).strip().replace("−", "-")
    value, half, last = Fraction(0), Fraction(1, 2), 0
    found = list(NUMBER.finditer(text))
    if not found:
        raise ValueError(f"no number in {token!r}")
    for match in found:
        number, unit = _decimal(match.group())
        rest = text[match.end() :].lstrip(" -)").lower()
        scale = next((factor for word, factor in SCALES if rest.startswith(word)), 1)
        if scale == 1:
            letter = re.match(r"[kmbt](?![a-z])", rest)
            scale = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}[letter.group()] if letter else 1
        if last and scale >= last:
            raise ValueError(f"two numbers in {token!r}")
        factor = Fraction(scale) if scaled else Fraction(1)
        if BASIS_POINTS.match(rest):
            factor = Fraction(1, 100)
        value, half, last = value + number * factor, unit * factor, scale
    before = text[: found[0].start()]
    if re.search(r"\((?!.*\))|-\s*[A-Z$€£¥]*\s*$|^-", before):
        value = -value
    return Printed(value, half)


def _root(ratio: Fraction, years: int) -> Fraction:
    with localcontext() as context:
        context.prec = 40
        decimal = Decimal(ratio.numerator) / Decimal(ratio.denominator)
        return Fraction((decimal.ln() / years).exp())


def _at(formula: str, at: Sequence[Fraction]) -> Fraction:
    """The relation at one corner of the box."""
    a, b = at[0], at[1] if len(at) > 1 else Fraction(1)
    if formula.startswith("cagr"):
        return (_root(a / b, int(formula[4:])) - 1) * 100
    match formula:
        case "g":
            return (a - b) / abs(b) * 100
        case "gabs":
            return (abs(a) / abs(b) - 1) * 100
        case "ginc":  # current level and the increase
            return b / (a - b) * 100
        case "gdec":  # current level and the decrease
            return b / (a + b) * 100
        case "share":
            return a / b * 100
        case "ofsum":
            return a / sum(at, Fraction(0)) * 100
        case "margin":
            return (a - b) / a * 100
        case "diff" | "gap":
            return a - sum(at[1:], Fraction(0))
        case "diffabs":
            return abs(a) - abs(b)
        case "ratio":
            return a / b
        case "prod":
            return a * b
        case "avg":
            return sum(at, Fraction(0)) / len(at)
        case "sum":
            return sum(map(abs, at), Fraction(0))
        case "sumsigned":
            return sum(at, Fraction(0))
        case "eq" | "eqn":
            return a
    raise ValueError(f"no formula {formula!r}")


def split_formula(formula: str) -> tuple[str, int]:
    """The formula's name and the factor of its inputs: "eqb" is eq over inputs in billions."""
    if formula in FORMULAS or formula.startswith("cagr"):
        return formula, 1
    name, letter = formula[:-1], formula[-1]
    if name in FORMULAS and letter in INPUT_SCALES:
        return name, INPUT_SCALES[letter]
    raise ValueError(f"no formula {formula!r}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the stated box and the recomputed one meet, both boxes, and how far they are apart."""

    meets: bool
    low: Fraction
    high: Fraction
    stated: tuple[Fraction, Fraction]

    @property
    def gap(self) -> Fraction:
        if self.meets:
            return Fraction(0)
        return max(self.low - self.stated[1], self.stated[0] - self.high)

    def __str__(self) -> str:
        low, high = (f"{float(end):.6g}" for end in (self.low, self.high))
        return f"recomputed {low}…{high}, stated {float(self.stated[0]):.6g}…{float(self.stated[1]):.6g}"


def check(formula: str, sign: int, lhs: str, inputs: Sequence[str]) -> Outcome:
    """Recompute `lhs` from `inputs`. `sign` is -1 where the words say fall, deficit or less.

    Raises ValueError for an unknown formula or a token without a number; ZeroDivisionError for a zero base.
    """
    name, factor = split_formula(formula)
    scaled = name != "eqn"
    stated = read(lhs, scaled)
    boxes = [read(token, scaled) for token in inputs]
    ends = [tuple(end * factor for end in box.ends) for box in boxes]
    if name == "dir":  # a later level against an earlier one: only the direction is stated
        later, earlier = stated.value * sign, boxes[0].value * factor * sign
        return Outcome(later > earlier, earlier, earlier, (later, later))
    value = abs(stated.value) * sign if name in PERCENT_FORMULAS or name[:4] == "cagr" else stated.value
    if sign < 0:
        value = -abs(value)
    if name in ("sum",):
        value = abs(value)
    corners = (
        [_at(name, corner) for corner in itertools.product(*ends)]
        if len(ends) <= 6
        else _monotone(name, ends)
    )
    low, high = min(corners), max(corners)
    if name in ("eq", "eqn"):
        low, high = sorted((abs(low), abs(high)))
        value = abs(value)
    box = (value - stated.half, value + stated.half)
    return Outcome(low <= box[1] and high >= box[0], low, high, box)


def _monotone(name: str, ends: Sequence[tuple[Fraction, ...]]) -> list[Fraction]:
    """Sums and averages of many parts need two corners, not 2ⁿ."""
    if name not in ("sum", "sumsigned", "avg"):
        raise ValueError(f"{name} with {len(ends)} inputs")
    return [_at(name, [min(end) for end in ends]), _at(name, [max(end) for end in ends])]
