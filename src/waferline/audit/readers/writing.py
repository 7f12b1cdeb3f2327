"""This module writes a Document: one block after the other, with the offsets kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from waferline.audit.document import Block, BlockKind, Cell, Document
from waferline.audit.readers.characters import clean

_SPACES = re.compile(r"\s*\n\s*|[ \t]+")
_FULL_GRID = 200_000  # places; of a larger grid that is mostly empty only the cells are written


@dataclass(frozen=True, slots=True)
class Field:
    """A cell before it is written: its text and place in the grid, and how much of it a merged cell covers."""

    row: int
    column: int
    text: str
    header: bool = False
    rows: int = 1
    columns: int = 1


@dataclass
class Writer:
    """Collects blocks; `document` gives the whole. Blocks are separated by a blank line."""

    name: str

    def __post_init__(self) -> None:
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0
        self.notes: list[str] = []

    def add(self, kind: BlockKind, text: str, page: int | None = None) -> None:
        """Add a block of running text; text of nothing but spaces is left out."""
        text = "\n".join(line.strip() for line in clean(text).split("\n") if line.strip())
        if not text:
            return
        start = self._begin()
        self._put(text)
        self._blocks.append(Block(kind, start, self._length, page))

    def table(self, fields: Iterable[Field], page: int | None = None, kind: BlockKind = "table") -> None:
        """Add a table: a line a row, its cells joined by " | "; empty cells keep their place in the line."""
        placed = [f for f in ((_tidy(f)) for f in fields) if f.text]
        if not placed:
            return
        by_row: dict[int, dict[int, Field]] = {}
        for field in placed:
            by_row.setdefault(field.row, {})[field.column] = field
        left = min(f.column for f in placed)
        right = max(f.column + f.columns for f in placed)
        sparse = len(by_row) * (right - left) > max(_FULL_GRID, 20 * len(placed))
        start = self._begin()
        cells = []
        for number, row in enumerate(sorted(by_row)):
            if number:
                self._put("\n")
            last = max(by_row[row])
            columns = sorted(by_row[row]) if sparse else range(left, right)
            for place, column in enumerate(columns):
                if place:
                    # An empty tail is given as well, so that every row has the same number of bars.
                    self._put(" | " if column <= last else " |")
                if (found := by_row[row].get(column)) is not None:
                    at = self._length
                    self._put(found.text)
                    cells.append(
                        Cell(number, column - left, at, self._length, found.header, found.rows, found.columns)
                    )
        self._blocks.append(Block(kind, start, self._length, page, tuple(cells)))

    def document(self, *, pages: int | None = None, day: date | None = None) -> Document:
        text = "".join(self._parts)
        return Document(self.name, text, tuple(self._blocks), pages, day, tuple(self.notes))

    def _begin(self) -> int:
        if self._length:
            self._put("\n\n")
        return self._length

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _tidy(field: Field) -> Field:
    text = _SPACES.sub(" ", clean(field.text)).strip().replace(" | ", " ¦ ")
    return Field(field.row, field.column, text, field.header, field.rows, field.columns)


def grid(rows: Sequence[Sequence[str]]) -> list[Field]:
    """The fields of a plain grid of texts, without merged cells."""
    return [Field(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
