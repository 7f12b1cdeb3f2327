"""This module finds the tables of a PDF page that stand in grids of rules."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from waferline.audit.readers.characters import joined
from waferline.audit.readers.pdf_layout import Box, Line, lines_of
from waferline.audit.readers.pdf_page import Page, Piece
from waferline.audit.readers.writing import Field

_NEAR = 2.5  # points: rules as near as this are one
_MAX_RULES = 3000
_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class Table:
    """A table found: its box, its cells (columns that are empty here counted: they may not be where the table goes
    on), and the pieces it took."""

    box: Box
    fields: list[Field]
    pieces: list[Piece]
    walls: tuple[float, ...] = ()  # the columns' borders, from the left one
    tagged: tuple[tuple[float, float], ...] = ()  # where the columns of a tagged table are written
    elsewhere: list[Piece] = field(default_factory=list)  # pieces it took that do not stand in its box


def ruled_tables(page: Page, pieces: Sequence[Piece]) -> list[Table]:
    """The tables whose rows and columns are drawn."""
    horizontal, vertical = page.horizontal, page.vertical
    if not horizontal or not vertical or len(horizontal) + len(vertical) > _MAX_RULES:
        return []
    result = []
    taken: set[int] = set()
    for group_h, group_v in _connected(horizontal, vertical):
        table = _grid(group_h, group_v, [p for p in pieces if id(p) not in taken])
        if table is not None:
            taken.update(map(id, table.pieces))
            result.append(table)
    return result


def _connected(
    horizontal: list[tuple[float, float, float]], vertical: list[tuple[float, float, float]]
) -> list[tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]]:
    """Rules that touch each other, by group."""
    rules = [(x0, y, x1, y) for y, x0, x1 in horizontal] + [(x, y0, x, y1) for x, y0, y1 in vertical]
    parent = list(range(len(rules)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    order = sorted(range(len(rules)), key=lambda i: rules[i][0])
    active: list[int] = []
    for i in order:
        a = rules[i]
        active = [j for j in active if rules[j][2] >= a[0] - _NEAR]
        for j in active:
            b = rules[j]
            if a[1] <= b[3] + _NEAR and a[3] >= b[1] - _NEAR:
                parent[root(i)] = root(j)
        active.append(i)
    groups: dict[int, tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]] = {}
    for index in range(len(rules)):
        group = groups.setdefault(root(index), ([], []))
        if index < len(horizontal):
            group[0].append(horizontal[index])
        else:
            group[1].append(vertical[index - len(horizontal)])
    return list(groups.values())


def levels_of(values: Sequence[float]) -> list[float]:
    """The places of rules in order, those that nearly coincide taken as one; in points."""
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] > _NEAR:
            result.append(value)
    return result


def _grid(
    horizontal: list[tuple[float, float, float]],
    vertical: list[tuple[float, float, float]],
    pieces: list[Piece],
) -> Table | None:
    if len(horizontal) < 2 or not vertical:
        return None
    xs = levels_of([x for x, _, _ in vertical] + [x for _, x0, x1 in horizontal for x in (x0, x1)])
    ys = levels_of([y for y, _, _ in horizontal] + [y for _, y0, y1 in vertical for y in (y0, y1)])
    if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > 40_000:
        return None
    box = (xs[0], ys[0], xs[-1], ys[-1])
    inside = [
        part
        for p in pieces
        if box[0] - 1 <= (p.x0 + p.x1) / 2 <= box[2] + 1 and box[1] <= p.baseline - 0.3 * p.size <= box[3]
        for part in _cut_at(p, [x for x, y0, y1 in vertical if y0 <= p.baseline - 0.3 * p.size <= y1])
    ]
    used = [
        p
        for p in pieces
        if box[0] - 1 <= (p.x0 + p.x1) / 2 <= box[2] + 1 and box[1] <= p.baseline - 0.3 * p.size <= box[3]
    ]
    if not inside:
        return None
    columns, rows = len(xs) - 1, len(ys) - 1
    wall_v = {
        (r, c)
        for r in range(rows)
        for c in range(1, columns)
        if _covers(vertical, xs[c], (ys[r] + ys[r + 1]) / 2)
    }
    wall_h = {
        (r, c)
        for r in range(1, rows)
        for c in range(columns)
        if _covers(horizontal, ys[r], (xs[c] + xs[c + 1]) / 2)
    }
    owner = _merged(rows, columns, wall_v, wall_h)
    contents: dict[tuple[int, int], list[Piece]] = {}
    for piece in inside:
        row = min(max(bisect_right(ys, piece.baseline - 0.3 * piece.size) - 1, 0), rows - 1)
        column = min(max(bisect_right(xs, (piece.x0 + piece.x1) / 2) - 1, 0), columns - 1)
        contents.setdefault(owner[row, column], []).append(piece)
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for (row, column), (top, left) in owner.items():
        height, width = spans.get((top, left), (1, 1))
        spans[top, left] = max(height, row - top + 1), max(width, column - left + 1)
    fields = _fields(contents, spans)
    if not is_table(fields):
        return None
    return Table(box, fields, used, tuple(x - xs[0] for x in xs))


def _covers(rules: list[tuple[float, float, float]], at: float, point: float) -> bool:
    return any(abs(a - at) <= _NEAR and low - _NEAR <= point <= high + _NEAR for a, low, high in rules)


def _cut_at(piece: Piece, walls: Sequence[float]) -> list[Piece]:
    """The piece cut where a rule crosses it between two characters; text that overruns its cell stays whole."""
    walls = [x for x in walls if piece.x0 + 2 < x < piece.x1 - 2 and _is_gap(piece, x)]
    if not walls:
        return [piece]
    parts, first = [], 0
    for wall in [*levels_of(walls), 1e9]:
        last = first
        while last < len(piece.text) and (piece.lefts[last] + piece.rights[last]) / 2 < wall:
            last += 1
        part = piece.cut(first, last)
        if part is not None:
            parts.append(part)
        first = last
    return parts


def _is_gap(piece: Piece, x: float) -> bool:
    ends, starts = piece.x0, piece.x1
    for left, right, char in zip(piece.lefts, piece.rights, piece.text, strict=True):
        if char == " ":
            continue
        if left < x - 1 and right > x + 1:
            return False
        if right <= x + 1:
            ends = max(ends, right)
        else:
            starts = min(starts, left)
    return starts - ends > 0.15 * piece.size


def _merged(
    rows: int, columns: int, wall_v: set[tuple[int, int]], wall_h: set[tuple[int, int]]
) -> dict[tuple[int, int], tuple[int, int]]:
    """For each place of the grid the upper left place of the cell it belongs to."""
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(rows):
        for column in range(columns):
            if (row, column) in owner:
                continue
            right = column + 1
            while right < columns and (row, right) not in wall_v and (row, right) not in owner:
                right += 1
            bottom = row + 1
            while bottom < rows and all(
                (bottom, c) not in wall_h and (bottom, c) not in owner for c in range(column, right)
            ):
                bottom += 1
            for r in range(row, bottom):
                for c in range(column, right):
                    owner[r, c] = (row, column)
    return owner


def _fields(
    contents: dict[tuple[int, int], list[Piece]], spans: dict[tuple[int, int], tuple[int, int]]
) -> list[Field]:
    """The cells, with a row that holds several lines of all columns (no rules between them) taken apart."""
    fields: list[Field] = []
    shift = 0
    for row in sorted({r for r, _ in contents}):
        cells = {c: lines_of(found, 0) for (r, c), found in contents.items() if r == row}
        count = _inner_rows(cells)
        for column, lines in cells.items():
            height, width = spans[row, column]
            if count > 1:
                for number, line in enumerate(lines):
                    fields.append(Field(row + shift + number, column, line.text, columns=width))
            else:
                fields.append(Field(row + shift, column, cell_text(lines), rows=height, columns=width))
        shift += count - 1
    return compact(fields, columns=False)


def _inner_rows(cells: dict[int, list[Line]]) -> int:
    counts = {len(lines) for lines in cells.values()}
    if len(cells) < 2 or len(counts) != 1:
        return 1
    count = counts.pop()
    if count < 2:
        return 1
    for place in range(count):
        baselines = [lines[place].baseline for lines in cells.values()]
        if max(baselines) - min(baselines) > 3:
            return 1
    later = [line.text for column, lines in cells.items() if column != min(cells) for line in lines]
    return count if sum(bool(_DIGIT.search(text)) for text in later) * 2 > len(later) else 1


def compact(fields: Sequence[Field], *, columns: bool = True) -> list[Field]:
    """The grid without rows, and unless told otherwise columns, that hold nothing."""
    kept = [f for f in fields if f.text.strip()]
    row_at = {row: number for number, row in enumerate(sorted({f.row for f in kept}))}
    used = (
        {f.column for f in kept}
        if columns
        else set(range(max((f.column + f.columns for f in kept), default=0)))
    )
    column_at = {column: number for number, column in enumerate(sorted(used))}
    return [
        replace(
            f,
            row=row_at[f.row],
            column=column_at[f.column],
            rows=sum(1 for r in row_at if f.row <= r < f.row + f.rows),
            columns=sum(1 for c in column_at if f.column <= c < f.column + f.columns),
        )
        for f in kept
    ]


def is_table(fields: Sequence[Field]) -> bool:
    """Whether cells look like a table's: two columns at least, and not boxes that lay out paragraphs."""
    columns = len({f.column for f in fields})
    if columns < 2:
        return False
    if len({f.row for f in fields}) < 2 and not (
        # a head that a column's end parts from its table may have no digit
        all(len(f.text) < 40 for f in fields) and (columns > 2 or any(_DIGIT.search(f.text) for f in fields))
    ):
        return False
    total = sum(len(f.text) for f in fields)
    return sum(len(f.text) for f in fields if len(f.text) > 150) <= 0.6 * total


def cell_text(lines: Sequence[Line]) -> str:
    """The lines of one cell as one text."""
    text = ""
    for line in lines:
        text = joined(text, line.text) if text else line.text
    return text
