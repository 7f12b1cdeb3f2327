"""This module encloses what rounding allows: intervals, and their slopes in each distinct leaf of a trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Protocol, TypeVar

from waferline.errors import BadInput

_DIGITS = 50
_MARGIN = Fraction(
    1, 10**45
)  # far outside the error of a power computed with 50 digits, far inside any figure
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from low to high, both included, as exact fractions.

    >>> share = Interval.of("1.5", "2.5") / Interval.of(10, 10)
    >>> share.low, share.high
    (Fraction(3, 20), Fraction(1, 4))
    """

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.high < self.low:
            raise BadInput(
                where=f"interval [{self.low}, {self.high}]", what="the upper end lies below the lower"
            )

    @staticmethod
    def of(low: str | int | Fraction, high: str | int | Fraction) -> Interval:
        return Interval(Fraction(low), Fraction(high))

    @staticmethod
    def point(value: Fraction) -> Interval:
        return Interval(value, value)

    @property
    def width(self) -> Fraction:
        return self.high - self.low

    def contains(self, value: Fraction) -> bool:
        return self.low <= value <= self.high

    def overlaps(self, other: Interval) -> bool:
        """True when some number lies in both; ends count, so honestly rounded figures always overlap."""
        return self.low <= other.high and other.low <= self.high

    def scaled(self, factor: Fraction) -> Interval:
        ends = (self.low * factor, self.high * factor)
        return Interval(*ends) if factor >= 0 else Interval(ends[1], ends[0])

    def __add__(self, other: Interval | Fraction | int) -> Interval:
        other = _interval(other)
        return Interval(self.low + other.low, self.high + other.high)

    __radd__ = __add__

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval | Fraction | int) -> Interval:
        other = _interval(other)
        return Interval(self.low - other.high, self.high - other.low)

    def __rsub__(self, other: Fraction | int) -> Interval:
        return _interval(other) - self

    def __mul__(self, other: Interval | Fraction | int) -> Interval:
        if not isinstance(other, Interval):
            return self.scaled(Fraction(other))
        if self.low >= 0 and other.low >= 0:
            return Interval(self.low * other.low, self.high * other.high)
        ends = (self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high)
        return Interval(min(ends), max(ends))

    __rmul__ = __mul__

    def __truediv__(self, other: Interval | Fraction | int) -> Interval:
        other = _interval(other)
        if other.low <= 0 <= other.high:
            raise BadInput(
                where="division",
                what="the divisor may be zero, so the result has no bounds",
                expected="a divisor whose interval leaves zero out",
                found=f"{float(other.low):g} to {float(other.high):g}",
            )
        if self.low >= 0 and other.low > 0:
            return Interval(self.low / other.high, self.high / other.low)
        return self * Interval(1 / other.high, 1 / other.low)

    def __rtruediv__(self, other: Fraction | int) -> Interval:
        return _interval(other) / self


def _interval(value: Interval | Fraction | int) -> Interval:
    return value if isinstance(value, Interval) else Interval.point(Fraction(value))


@dataclass(frozen=True, slots=True)
class Traced:
    """A number on its way through a formula, as a function of the leaves of a box (one interval a leaf).

    `range` encloses its value and `slopes` its derivative in each leaf, over the whole box. While the number
    is a plain sum of leaves, `linear` holds the exact coefficients (with `constant`), so that part ÷ (part +
    rest) knows that the part leaves the difference whole − part.
    """

    box: Sequence[Interval]
    range: Interval
    slopes: Mapping[int, Interval]
    linear: Mapping[int, Fraction] | None = None
    constant: Fraction = _ZERO

    @staticmethod
    def leaf(box: Sequence[Interval], i: int) -> Traced:
        return _affine(box, {i: Fraction(1)}, _ZERO)

    def __add__(self, other: Traced | Fraction | int) -> Traced:
        return _sum(self, self._lift(other), 1)

    __radd__ = __add__

    def __sub__(self, other: Traced | Fraction | int) -> Traced:
        return _sum(self, self._lift(other), -1)

    def __rsub__(self, other: Fraction | int) -> Traced:
        return _sum(self._lift(other), self, -1)

    def __mul__(self, other: Traced | Fraction | int) -> Traced:
        if not isinstance(other, Traced):
            return _times(self, Fraction(other))
        for number, factor in ((self, other), (other, self)):
            if factor.linear is not None and not factor.linear:
                return _times(number, factor.constant)
        keys = self.slopes.keys() | other.slopes.keys()
        slopes = {k: _slope(self, k) * other.range + _slope(other, k) * self.range for k in keys}
        return Traced(self.box, self.range * other.range, slopes)

    __rmul__ = __mul__

    def __truediv__(self, other: Traced | Fraction | int) -> Traced:
        other = self._lift(other)
        if other is self and not self.range.contains(_ZERO):
            return _affine(self.box, {}, Fraction(1))
        if other.linear is not None and not other.linear and other.constant:
            return _times(self, 1 / other.constant)
        value = self.range / other.range
        if self.linear is not None and other.linear is not None:
            return Traced(self.box, value, _quotient_slopes(self, other))
        slopes = {
            k: (_slope(self, k) - value * _slope(other, k)) / other.range
            for k in self.slopes.keys() | other.slopes.keys()
        }
        return Traced(self.box, value, slopes)

    def __rtruediv__(self, other: Fraction | int) -> Traced:
        return self._lift(other) / self

    def _lift(self, other: Traced | Fraction | int) -> Traced:
        return other if isinstance(other, Traced) else _affine(self.box, {}, Fraction(other))


def _affine(box: Sequence[Interval], linear: Mapping[int, Fraction], constant: Fraction) -> Traced:
    linear = {k: c for k, c in linear.items() if c}
    slopes = {k: Interval(c, c) for k, c in linear.items()}
    return Traced(box, _affine_range(box, linear, constant), slopes, linear, constant)


def _affine_range(box: Sequence[Interval], linear: Mapping[int, Fraction], constant: Fraction) -> Interval:
    low = high = constant
    for k, c in linear.items():
        leaf = box[k]
        if c == 1:
            low, high = low + leaf.low, high + leaf.high
        elif c > 0:
            low, high = low + c * leaf.low, high + c * leaf.high
        else:
            low, high = low + c * leaf.high, high + c * leaf.low
    return Interval(low, high)


def _quotient_slopes(top: Traced, bottom: Traced) -> dict[int, Interval]:
    """Slopes of a quotient of two sums of leaves: each numerator is such a sum too and cancels exactly."""
    t, b = top.linear or {}, bottom.linear or {}
    keys = t.keys() | b.keys()
    square = bottom.range * bottom.range
    slopes = {}
    for k in keys:
        if top.box[k].low == top.box[k].high:
            continue
        tk, bk = t.get(k, _ZERO), b.get(k, _ZERO)
        if tk and bk:
            both = {j: tk * b.get(j, _ZERO) - bk * t.get(j, _ZERO) for j in keys}
            numerator = _affine_range(
                top.box, {j: c for j, c in both.items() if c}, tk * bottom.constant - bk * top.constant
            )
        else:
            numerator = bottom.range * tk if tk else top.range * -bk
        slopes[k] = numerator / square
    return slopes


def _slope(number: Traced, leaf: int) -> Interval:
    return number.slopes.get(leaf, Interval(_ZERO, _ZERO))


def _sum(a: Traced, b: Traced, sign: int) -> Traced:
    if a.linear is not None and b.linear is not None:
        coefficients = dict(a.linear)
        for k, c in b.linear.items():
            coefficients[k] = coefficients.get(k, _ZERO) + sign * c
        return _affine(a.box, coefficients, a.constant + sign * b.constant)
    if a is b and sign < 0:
        return _affine(a.box, {}, _ZERO)
    slopes = {k: _slope(a, k) + _slope(b, k) * sign for k in a.slopes.keys() | b.slopes.keys()}
    return Traced(a.box, a.range + b.range * sign, slopes)


def _times(a: Traced, factor: Fraction) -> Traced:
    if a.linear is not None:
        return _affine(a.box, {k: c * factor for k, c in a.linear.items()}, a.constant * factor)
    return Traced(a.box, a.range * factor, {k: s * factor for k, s in a.slopes.items()})


N = TypeVar("N", Fraction, Interval, Traced)


class Formula(Protocol):
    """A function of the leaves, written once with operators, for any of the kinds of number."""

    def __call__(self, leaves: Sequence[N], /) -> N:
        """The value for these leaves."""
        ...


def enclosure(formula: Formula, box: Sequence[Interval]) -> Interval:
    """Bounds of `formula` over the box, each leaf taken once.

    A leaf whose slope keeps one sign over the box is set to the end that gives the bound; this is repeated in
    the smaller box, because one leaf settled may settle another. What stays unsettled keeps its natural,
    wider bound: two paths, never 2ⁿ corners. Sound: whatever the values in the box, the result lies within.
    """
    whole = _traced(formula, box)
    return Interval(_bound(formula, box, whole, upper=False), _bound(formula, box, whole, upper=True))


def _traced(formula: Formula, box: Sequence[Interval]) -> Traced:
    return formula([Traced.leaf(box, i) for i in range(len(box))])


def _bound(formula: Formula, box: Sequence[Interval], result: Traced, *, upper: bool) -> Fraction:
    box = list(box)
    best = result.range.high if upper else result.range.low
    while result.range.low < result.range.high:
        settled = False
        for i, leaf in enumerate(box):
            slope = _slope(result, i)
            if leaf.low == leaf.high or slope.low < 0 < slope.high:
                continue
            rising = slope.low >= 0
            box[i] = Interval.point(leaf.high if rising == upper else leaf.low)
            settled = True
        if not settled:
            break
        if all(leaf.low == leaf.high for leaf in box):
            corner = formula(box)
            return min(best, corner.high) if upper else max(best, corner.low)
        result = _traced(formula, list(box))
        best = min(best, result.range.high) if upper else max(best, result.range.low)
    return best


def power(base: N, exponent: Fraction) -> N:
    """A positive number to a fractional power: exact where the root is, else to 45 digits; intervals round
    outward.

    >>> power(Fraction(64), Fraction(1, 6))
    Fraction(2, 1)
    """
    if isinstance(base, Fraction):
        return _nearest_power(base, exponent)
    if isinstance(base, Interval):
        return _interval_power(base, exponent)
    value = _interval_power(base.range, exponent)
    steepness = value / base.range * exponent
    return Traced(base.box, value, {k: s * steepness for k, s in base.slopes.items()})


def _interval_power(base: Interval, exponent: Fraction) -> Interval:
    ends = sorted((_power_ends(base.low, exponent), _power_ends(base.high, exponent)))
    return Interval(ends[0][0], ends[1][1])


def _power_ends(base: Fraction, exponent: Fraction) -> tuple[Fraction, Fraction]:
    exact = _exact_power(base, exponent)
    if exact is not None:
        return exact, exact
    near = _nearest_power(base, exponent)
    return near * (1 - _MARGIN), near * (1 + _MARGIN)


def _nearest_power(base: Fraction, exponent: Fraction) -> Fraction:
    if base <= 0:
        raise BadInput(
            where="root", what="only a positive number has one", expected="> 0", found=f"{float(base):g}"
        )
    exact = _exact_power(base, exponent)
    if exact is not None:
        return exact
    with localcontext(Context(prec=_DIGITS + 10)):
        number = Decimal(base.numerator) / Decimal(base.denominator)
        return Fraction((number.ln() * exponent.numerator / exponent.denominator).exp())


def _exact_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """base to the exponent if that is a fraction and cheap to see; None otherwise."""
    if base <= 0 or abs(exponent.numerator) > 64 or exponent.denominator > 64:
        return None
    n = exponent.denominator
    top, bottom = _integer_root(base.numerator, n), _integer_root(base.denominator, n)
    if top is None or bottom is None:
        return None
    return Fraction(top, bottom) ** exponent.numerator


def _integer_root(number: int, n: int) -> int | None:
    if n == 1 or number == 1:
        return number
    guess = 1 << -(-number.bit_length() // n)
    while True:
        better = ((n - 1) * guess + number // guess ** (n - 1)) // n
        if better >= guess:
            return guess if guess**n == number else None
        guess = better
