"""This module says what a mention is: a printed number, what it measures and what its rounding allows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from waferline.audit.finding import Span
from waferline.audit.quick import Ends, ends_of
from waferline.quantity.interval import Interval

Kind = Literal["money", "percent", "point", "times", "count", "plain", "time", "spec"]
Qualifier = Literal["", "about", "nearly", "above", "at_least", "at_most"]
Role = Literal["quantity", "year", "date", "name", "reference", "ordinal", "list"]

# Signs that several currencies share, with those they may stand for beside a full name.
_LOOSE = {"$": ("USD",), "元": ("CNY", "TWD"), "¥": ("CNY", "JPY")}
_NEAR = 1e-9  # floats nearer than this share of their size are not trusted to tell which is more
_FAR = 10**6  # an open end reaches this many times the value: beyond any honest reading of "at least"


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number measures: its kind, and on what basis (a currency, a counted thing, per what)."""

    kind: Kind
    basis: str = ""
    per: str = ""

    def fits(self, other: Measure) -> bool:
        """True when both can be operands of one growth, share or sum: a basis not printed fits any."""
        if self.kind != other.kind:
            return "plain" in (self.kind, other.kind) and {self.kind, other.kind} <= {
                "plain",
                "money",
                "count",
            }
        if self.per != other.per:
            return False
        if not self.basis or not other.basis or self.basis == other.basis:
            return True
        if self.kind == "count" and self.basis.isascii() and other.basis.isascii():
            return True  # English nouns name one thing in many ways; `same_thing` tells how sure that is
        return self.kind == "money" and (
            other.basis in _LOOSE.get(self.basis, ()) or self.basis in _LOOSE.get(other.basis, ())
        )

    def same_thing(self, other: Measure) -> bool:
        """True unless two counted nouns are printed and differ: cars and units may be one, people are not."""
        if self.kind != "count" or not self.basis or not other.basis or self.basis == other.basis:
            return True
        return bool({self.basis, other.basis} & _ANYTHING)


_ANYTHING = frozenset(("unit", "piece", "set", "vehicle", "car", "device", "item", "台", "个"))


@dataclass(frozen=True)
class Mention:
    """A printed number: [start, end) with its sign, currency, scale and unit, in the document's text.

    `value` and `step` (one unit of the last printed digit) are exact, in base units: 627.6 billion is
    627,600,000,000 with step 100,000,000; 19.1 % is 0.191 with step 0.001. `signed` says whether a sign is
    printed. `first`, `last` bound the digits alone.
    """

    start: int
    end: int
    text: str
    first: int
    last: int
    value: Fraction
    step: Fraction
    measure: Measure
    qualifier: Qualifier = ""
    signed: str = ""
    role: Role = "quantity"
    scale: Fraction = Fraction(1)

    @cached_property
    def exact(self) -> Interval:
        """What plain rounding allows: half a unit of the last printed digit to either side."""
        half = self.step / 2
        return Interval(self.value - half, self.value + half)

    @cached_property
    def ends(self) -> Ends:
        """`exact` in floating point, to rule operands out with."""
        return ends_of(self.value, self.step)

    @cached_property
    def size(self) -> float:
        """The value in floating point, for comparing many."""
        low, high = self.ends
        return (low + high) / 2

    def order(self, other: Mention, times: int = 1) -> int:
        """−1, 0 or 1: the value against so many times another's. Exact; fractions are compared only where floats
        are too close to call."""
        gap = self.size - times * other.size
        if abs(gap) <= _NEAR * abs(self.size) or gap != gap:
            exact = self.value - times * other.value
            return (exact > 0) - (exact < 0)
        return 1 if gap > 0 else -1

    @cached_property
    def interval(self) -> Interval:
        """What the printed precision and the qualifier allow (see the widths in the explanation of audits).

        about: half a unit of the last non-zero digit; nearly / above: one such unit below / above; at least
        and at most are open on their far side.
        """
        if not self.qualifier:
            return self.exact
        unit = self._last_nonzero()
        low, high = self.value - self.step / 2, self.value + self.step / 2
        if self.qualifier == "about":
            return Interval(self.value - unit / 2, self.value + unit / 2)
        if self.qualifier == "nearly":
            return Interval(self.value - unit, high)
        if self.qualifier == "above":
            return Interval(low, self.value + unit)
        if self.qualifier == "at_least":
            return Interval(low, max(high, abs(self.value) * _FAR))
        return Interval(min(low, Fraction(0)), high)

    def span(self, role: str = "") -> Span:
        return Span(self.start, self.end, self.text, role)

    def _last_nonzero(self) -> Fraction:
        """The place of the last non-zero digit: 10 for 2,050; the printed step where decimals are printed."""
        unit = self.step
        count = self.value / unit
        while count and count % 10 == 0:
            count /= 10
            unit *= 10
        return unit
