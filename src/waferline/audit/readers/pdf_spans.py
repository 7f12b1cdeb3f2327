"""This module joins the parts of a table that a column's or page's end had cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from waferline.audit.readers.pdf_aligned import table_of
from waferline.audit.readers.pdf_flow import Item
from waferline.audit.readers.pdf_layout import Line
from waferline.audit.readers.writing import Field

_DIGIT = re.compile(r"\d")
_ASIDE = ("footnote", "furniture")


def whole_tables(regions: Sequence[list[Item]]) -> list[list[Item]]:
    """The items of each region, with every table whole in the region where it begins."""
    result: list[list[Item]] = []
    last: Item | None = None  # what ended the region before, if it may be a table's beginning
    for items in regions:
        body = [item for item in items if item.kind not in _ASIDE]
        rest = items
        if last is not None and body and _joined(last, body[0]):
            rest = [item for item in items if item is not body[0]]
            body = body[1:] or [last]
        result.append(rest)
        if body:
            last = body[-1] if body[-1].rows or body[-1].walls or body[-1].tagged else None
    return result


def _joined(first: Item, second: Item) -> bool:
    """Join the second part to the first, if it goes on with it."""
    if first.walls and second.walls:
        if len(first.walls) != len(second.walls) or any(
            abs(a - b) > 3 for a, b in zip(first.walls, second.walls, strict=True)
        ):
            return False
        first.fields = first.fields + _below(first.fields, second.fields)
        return True
    if first.tagged and second.tagged:
        if not _alike(first.tagged, second.tagged) or _begins(first.fields, second.fields):
            return False
        first.fields = first.fields + _below(first.fields, second.fields)
        return True
    if not first.rows or not second.rows:
        return False
    rows = first.rows + _moved(first.rows, second.rows)
    fields = table_of(rows, [])
    if fields is None:
        return False
    widest = max([f.column for f in first.fields + second.fields], default=0)
    if max(f.column for f in fields) < widest:
        return False
    top = _below(first.fields, second.fields) if first.fields and second.fields else None
    if top is not None and len(top) < len(second.fields):
        fields = _without_second_head(fields, first.fields)
    first.kind, first.text, first.fields, first.rows = "table", "", fields, rows
    return True


def _alike(one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> bool:
    """Whether the columns of two tagged tables stand at the same places, of the page or of two columns of text."""
    both = [(a, b) for a, b in zip(one, other, strict=False) if a != (0, 0) and b != (0, 0)]
    return (
        len(one) == len(other)
        and bool(both)
        and any(
            all(a[0] < b[1] + shift and b[0] + shift < a[1] for a, b in both)
            for shift in (0.0, both[0][0][0] - both[0][1][0])
        )
    )


def _begins(upper: Sequence[Field], lower: Sequence[Field]) -> bool:
    """Whether the lower part has a head of its own."""
    head = _row(lower, min(f.row for f in lower))
    own = not any(_DIGIT.search(text) for _, text in head)
    return own and head != _row(upper, min(f.row for f in upper))


def _row(fields: Sequence[Field], row: int) -> list[tuple[int, str]]:
    return [(f.column, f.text) for f in fields if f.row == row]


def _below(upper: Sequence[Field], lower: Sequence[Field]) -> list[Field]:
    """The lower part's cells under the upper part; a head that is printed again is left out."""
    height = max(f.row + f.rows for f in upper)
    again = _row(upper, 0) == _row(lower, 0)
    return [replace(f, row=f.row + height - again) for f in lower if not (again and f.row == 0)]


def _without_second_head(fields: Sequence[Field], first: Sequence[Field]) -> list[Field]:
    height = max(f.row + f.rows for f in first)
    return [replace(f, row=f.row - 1) if f.row > height else f for f in fields if f.row != height]


def _moved(first: Sequence[Line], second: Sequence[Line]) -> list[Line]:
    """The second part's lines as if they stood right under the first part's."""
    right = min(line.x0 for line in first) - min(line.x0 for line in second)
    if abs(right) < 30:
        right = 0.0  # the same column of another page: a first cell may be empty
    steps = [b.baseline - a.baseline for part in (first, second) for a, b in pairwise(part)]
    step = max(steps, default=1.7 * first[-1].size)
    down = first[-1].baseline + step - second[0].baseline
    return [Line([p.moved(right, down) for p in line.pieces], line.page) for line in second]
