"""This module says what a reading of a table's column is, and how many of its cells bear the reading out.

Most readings that can be tried are wrong, so the cells are first held against plain floats; only where those
are too close to call does the exact interval of `judge` decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from waferline.audit.claims.claim import Candidate, Claim, Operand, RelationName
from waferline.audit.claims.grid import Grid, Number
from waferline.audit.judge import agrees

_ROLES: dict[str, tuple[str, str]] = {
    "share": ("part", "whole"),
    "margin": ("whole", "cost"),
    "difference": ("minuend", "subtrahend"),
    "ratio": ("numerator", "denominator"),
    "product": ("factor", "factor"),
}
_GROWTHS = ("yoy", "qoq", "mom", "growth")
_CLOSE = 1e-9  # beside this share of the numbers involved, floats are not trusted


@dataclass(frozen=True, slots=True)
class Stated:
    """A cell that states something, its operands, and whether they bear it out."""

    cell: Number
    operands: tuple[Number, ...]
    agrees: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a column: what each of its cells states.

    `plain` (0 to 1) says how clearly heads, labels and periods alone call for it; a `soft` reading is on a
    basis that the table does not print (constant currency), and accuses nobody.
    """

    relation: RelationName
    cells: tuple[Stated, ...]
    plain: float
    soft: bool = False

    @property
    def votes(self) -> int:
        return sum(stated.agrees for stated in self.cells)

    def link(self) -> float:
        """How strongly the table ties its cells to these operands: what its other cells say counts most."""
        votes = self.votes
        misses = len(self.cells) - votes
        if votes >= 3 and misses <= max(1, votes // 2):
            return 0.92
        if votes == 2 and misses <= 1:
            return 0.92 if self.plain >= 0.6 or not misses else 0.7
        if votes == 1 and misses <= 1:
            return max(0.62, self.plain)
        if votes == 0 and misses == 1:
            return min(self.plain, 0.85)
        if votes == 0 and misses == 2:
            return min(self.plain, 0.7)
        return 0.45

    def claims(self, grid: Grid) -> Iterable[Claim]:
        """The claims of the reading's cells."""
        link = self.link()
        if self.plain < 0.6 and self.votes * 2 < len(self.cells):
            return  # what few of its cells bear out by chance is no reading of the column
        for stated in self.cells:
            operands = tuple(
                Operand(number.mention, role)
                for number, role in zip(
                    stated.operands, roles(self.relation, len(stated.operands)), strict=True
                )
            )
            yield Claim(
                stated.cell.mention,
                self.relation,
                [Candidate(operands, link)],
                soft=self.soft,
                place=(grid.start, grid.end),
            )


def reading(
    relation: RelationName, cells: Iterable[tuple[Number, Sequence[Number]]], plain: float, soft: bool = False
) -> Reading:
    """The reading with its votes counted."""
    stated = tuple(Stated(cell, tuple(ops), bears_out(relation, cell, ops)) for cell, ops in cells)
    return Reading(relation, stated, plain, soft)


def roles(relation: str, count: int) -> tuple[str, ...]:
    """The names of a relation's operands."""
    if relation in _GROWTHS:
        return ("new", "old")
    return _ROLES.get(relation, ("part",) * count)


def bears_out(relation: str, cell: Number, operands: Sequence[Number]) -> bool:
    """True if the stated number lies within what its operands' rounding allows."""
    low, high = _span(relation, operands)
    if low > high:
        return False  # a base that may be zero
    size = max(abs(low), abs(high), abs(cell.low), abs(cell.high))
    if relation in ("sum", "difference", "average"):
        size = max(size, *(abs(x.value) for x in operands))
    elif relation != "product":
        size += 1  # a quotient less one
    slack = _CLOSE * size
    if low > cell.high + slack or high < cell.low - slack:
        return False
    if low < cell.high - slack and high > cell.low + slack:
        return True
    return agrees(relation, cell.mention, [x.mention for x in operands])


def _span(relation: str, xs: Sequence[Number]) -> tuple[float, float]:
    """The interval of a relation in floats; an empty one (1, 0) where it has no value."""
    if relation == "sum":
        return sum(x.low for x in xs), sum(x.high for x in xs)
    if relation == "average":
        return sum(x.low for x in xs) / len(xs), sum(x.high for x in xs) / len(xs)
    a, b = xs
    if relation == "difference":
        return a.low - b.high, a.high - b.low
    if relation == "product":
        ends = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
        return min(ends), max(ends)
    if relation == "margin":  # 1 − cost / whole, of (whole, cost)
        if a.low <= 0:
            return 1.0, 0.0
        ends = (b.low / a.low, b.low / a.high, b.high / a.low, b.high / a.high)
        return 1 - max(ends), 1 - min(ends)
    if b.low <= 0 <= b.high or (relation in _GROWTHS and b.low <= 0):
        return 1.0, 0.0
    ends = (a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high)
    shift = 1 if relation in _GROWTHS else 0
    return min(ends) - shift, max(ends) - shift
