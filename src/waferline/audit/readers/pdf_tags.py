"""This module reads the tables that a PDF names by tags: which marked content is the cell of which row and column.

Browsers and word processors write such tags (ISO 32000-2, 14.8).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

_MOST = 50_000  # elements of a page's tree, and cells of a table
_DEEPEST = 60
_CELLS = ("TD", "TH")


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the page's tagged tables: the table's number, the cell's row and column and what it covers."""

    table: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1


def tagged_cells(raw: Any) -> dict[int, Place]:
    """The cell that each marked content of a page belongs to, by its id; nothing for a page without tagged tables."""
    tree = pdfium.FPDF_StructTree_GetForPage(raw)
    if not tree:
        return {}
    try:
        walk = _Walk()
        tops = (
            pdfium.FPDF_StructTree_GetChildAtIndex(tree, i)
            for i in range(pdfium.FPDF_StructTree_CountChildren(tree))
        )
        tables = [table for top in tops if top for table in walk.named(top, ("Table",), 0)]
        return {
            content: place
            for number, table in enumerate(tables)
            for place, cell in _placed(walk, number, table)
            for content in walk.contents(cell, 0)
        }
    finally:
        pdfium.FPDF_StructTree_Close(tree)


class _Walk:
    """A walk through the elements of a page, which ends when there are too many."""

    def __init__(self) -> None:
        self._left = _MOST

    def _children(self, element: Any, depth: int) -> Iterator[Any]:
        if depth < _DEEPEST:
            for index in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
                self._left -= 1
                if self._left < 0:
                    return
                child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
                if child:
                    yield child

    def named(self, element: Any, names: Sequence[str], depth: int) -> Iterator[Any]:
        """The nearest elements of these types, the element itself included; none inside another."""
        if _type(element) in names:
            yield element
            return
        for child in self._children(element, depth):
            yield from self.named(child, names, depth + 1)

    def cells(self, row: Any) -> Iterator[Any]:
        """The cells of a row; None for one that is empty, of which a page's tree keeps only the place."""
        for index in range(max(0, min(self._left, pdfium.FPDF_StructElement_CountChildren(row)))):
            self._left -= 1
            child = pdfium.FPDF_StructElement_GetChildAtIndex(row, index)
            if not child:
                yield None
            else:
                yield from self.named(child, _CELLS, 1)

    def contents(self, element: Any, depth: int) -> Iterator[int]:
        """The ids of the marked content in the element."""
        for index in range(max(0, pdfium.FPDF_StructElement_GetMarkedContentIdCount(element))):
            content = pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(element, index)
            if content >= 0:
                yield content
        for child in self._children(element, depth):
            yield from self.contents(child, depth + 1)


def _placed(walk: _Walk, number: int, table: Any) -> Iterator[tuple[Place, Any]]:
    """The cells of a table with their places; one that covers several rows or columns takes theirs."""
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(walk.named(table, ("TR",), 0)):
        column = 0
        for cell in walk.cells(line):
            while (row, column) in taken:
                column += 1
            if cell is None:
                taken.add((row, column))
                continue
            height, width = _span(cell, b"RowSpan"), _span(cell, b"ColSpan")
            taken.update((row + r, column + c) for r in range(height) for c in range(width))
            if len(taken) > _MOST:
                return
            yield Place(number, row, column, height, width), cell


def _type(element: Any) -> str:
    buffer = ctypes.create_string_buffer(64)
    length = pdfium.FPDF_StructElement_GetType(element, buffer, 64)
    return buffer.raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")


def _span(cell: Any, name: bytes) -> int:
    value = ctypes.c_float()
    for index in range(max(0, min(8, pdfium.FPDF_StructElement_GetAttributeCount(cell)))):
        attribute = pdfium.FPDF_StructElement_GetAttributeAtIndex(cell, index)
        found = attribute and pdfium.FPDF_StructElement_Attr_GetValue(attribute, name)
        if found and pdfium.FPDF_StructElement_Attr_GetNumberValue(found, ctypes.byref(value)):
            return int(min(max(value.value, 1), 100))
    return 1
