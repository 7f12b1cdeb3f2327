"""This module finds the tables of a PDF page that have no upright rules: columns of aligned text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from waferline.audit.readers.pdf_layout import Line, lines_of
from waferline.audit.readers.pdf_page import Piece
from waferline.audit.readers.pdf_tables import cell_text, compact, levels_of
from waferline.audit.readers.writing import Field

_DIGIT = re.compile(r"\d")
_FIGURES = re.compile(r"\d|^[—–-]+$")


def aligned_tables(
    lines: Sequence[Line], rules: Sequence[tuple[float, float, float]]
) -> list[tuple[int, int, list[Field]]]:
    """Tables without upright rules: (first line, last line + 1, cells) for runs of lines with common columns.

    `rules` are level rules (y, x0, x1) of the same part of the page; between two of them stands one row.
    """
    result = []
    start = 0
    while start < len(lines):
        if len(lines[start].pieces) < 2:
            start += 1
            continue
        end = _run_end(lines, start)
        # The longest run that makes a table; text that stands too near above or below is left off.
        found = None
        for first, last in _trims(lines, start, end):
            fields = table_of(lines[first:last], rules)
            if fields is not None:
                found = (first, last, fields)
                break
        if found is None:
            start = max(start + 1, end)
        else:
            result.append(found)
            start = found[1]
    return result


def _trims(lines: Sequence[Line], start: int, end: int) -> list[tuple[int, int]]:
    while (
        end > start
        and len(lines[end - 1].pieces) < 2
        and not _is_tail(lines, end - 1)
        and not _is_within(lines[end - 1], lines[start : end - 1])
    ):
        end -= 1
    return [(start + cut, end) for cut in range(min(3, end - start))] + [
        (start, end - cut) for cut in (1, 2) if end - cut > start
    ]


def _is_tail(lines: Sequence[Line], index: int) -> bool:
    """A lone piece under a cell of the line before, closer than a row: the cell's second line."""
    line, before = lines[index], lines[index - 1]
    return (
        len(before.pieces) >= 2
        and line.baseline - before.baseline < 1.45 * line.size
        and any(p.x0 - 2 <= line.x0 and line.x1 <= max(p.x1, p.x0 + 80) + 2 for p in before.pieces)
        and line.x1 < before.x1
        and len(line.text) < 25
    )


def _run_end(lines: Sequence[Line], start: int) -> int:
    """The end of the run of lines that may be one table: at most two lines of one piece between rows."""
    end, lone = start + 1, 0
    pitch = None
    while end < len(lines):
        line, before = lines[end], lines[end - 1]
        gap = line.baseline - before.baseline
        limit = 3.2 * line.size if pitch is None else max(1.9 * pitch, 2.2 * line.size)
        if gap > limit or not 0.75 < line.size / lines[start].size < 1.34:
            break
        if len(line.pieces) < 2 and not _is_within(line, lines[start:end]):
            lone += 1
            whole = max(row.x1 for row in lines[start:end]) - min(row.x0 for row in lines[start:end])
            if lone > 2 or line.x1 - line.x0 > 0.55 * whole:
                break
        else:
            lone = 0
            if len(before.pieces) >= 2:
                pitch = gap if pitch is None else max(pitch, gap)
        end += 1
    return end


def _is_within(line: Line, before: Sequence[Line]) -> bool:
    """Whether the file writes the line before it has finished the lines above: the next line of a cell."""
    return min(p.order for p in line.pieces) < max(
        (p.order for row in before[-8:] for p in row.pieces), default=-1
    )


def _groups_by_order(lines: Sequence[Line]) -> list[list[Line]]:
    """Rows by the file's order: it writes all lines of a cell before the next cell of the row."""
    bound = _same_cell(lines)
    groups: list[list[Line]] = []
    last, reach = -1, -1
    for index, line in enumerate(lines):
        if groups and (index <= reach or min(p.order for p in line.pieces) < last):
            groups[-1].append(line)
        else:
            groups.append([line])
        last = max(last, *(p.order for p in line.pieces))
        reach = max(reach, bound.get(index, -1))
    return groups


def _same_cell(lines: Sequence[Line]) -> dict[int, int]:
    """From lines to later lines that hold the next line of the same cell, while another cell's stands between."""
    placed = sorted(
        ((p, i) for i, line in enumerate(lines) for p in line.pieces), key=lambda entry: entry[0].order
    )
    result: dict[int, int] = {}
    for (a, i), (b, j) in pairwise(placed):
        near = b.baseline - a.baseline < 2 * a.size and a.x0 - 2 <= b.x1 and b.x0 <= a.x1 + 2
        if j > i + 1 and near:
            result[i] = max(j, result.get(i, -1))
    return result


@dataclass(slots=True)
class _Column:
    x0: float
    x1: float
    count: int = 1


def table_of(lines: Sequence[Line], rules: Sequence[tuple[float, float, float]]) -> list[Field] | None:
    """The cells of these lines if they are one table."""
    rows = [line for line in lines if len(line.pieces) >= 2]
    if len(rows) < 2:
        return None
    columns = _find_columns(rows)
    if len(columns) < 2:
        return None
    groups = _row_groups(lines, rules)
    fields: list[Field] = []
    for number, group in enumerate(groups):
        cells: dict[int, list[Piece]] = {}
        widths: dict[int, int] = {}
        for line in group:
            for piece in line.pieces:
                for part in _cut_between(piece, columns):
                    over = [i for i, c in enumerate(columns) if part.x0 < c.x1 - 1 and part.x1 > c.x0 + 1]
                    if not over:
                        middle = (part.x0 + part.x1) / 2
                        over = [
                            min(
                                range(len(columns)),
                                key=lambda i: abs((columns[i].x0 + columns[i].x1) / 2 - middle),
                            )
                        ]
                    cells.setdefault(over[0], []).append(part)
                    widths[over[0]] = max(widths.get(over[0], 1), len(over))
        for column, found in sorted(cells.items()):
            fields.append(Field(number, column, cell_text(lines_of(found, 0)), columns=widths[column]))
    fields = compact(fields)
    return fields if _is_aligned(fields, lines) else None


def _find_columns(rows: Sequence[Line]) -> list[_Column]:
    """Columns as the joined extents of cells; a cell that would bridge two columns spans them."""
    cells = sorted((p for line in rows for p in line.pieces), key=lambda p: p.x1 - p.x0)
    columns: list[_Column] = []
    for piece in cells:
        over = [c for c in columns if piece.x0 < c.x1 and piece.x1 > c.x0]
        if not over:
            columns.append(_Column(piece.x0, piece.x1))
        elif len(over) == 1:
            over[0].x0, over[0].x1 = min(over[0].x0, piece.x0), max(over[0].x1, piece.x1)
            over[0].count += 1
        elif sum(c.count >= 2 for c in over) < 2 and len(rows) > 2:
            columns = [c for c in columns if c not in over]
            columns.append(
                _Column(
                    min(piece.x0, *(c.x0 for c in over)),
                    max(piece.x1, *(c.x1 for c in over)),
                    1 + sum(c.count for c in over),
                )
            )
    return sorted(columns, key=lambda c: c.x0)


def _cut_between(piece: Piece, columns: Sequence[_Column]) -> list[Piece]:
    """The piece cut at blanks that lie between two columns (narrow tables leave little space)."""
    gaps = [(a.x1, b.x0) for a, b in pairwise(columns)]
    cuts = [
        index
        for index, char in enumerate(piece.text)
        if char == " "
        and any(low - 1.5 <= piece.lefts[index] and piece.rights[index] <= high + 1.5 for low, high in gaps)
        and piece.rights[index] - piece.lefts[index] > 0.45 * piece.size
    ]
    if not cuts:
        return [piece]
    parts = [piece.cut(a, b) for a, b in zip([0, *cuts], [*cuts, len(piece.text)], strict=True)]
    return [p for p in parts if p is not None]


def _row_groups(lines: Sequence[Line], rules: Sequence[tuple[float, float, float]]) -> list[list[Line]]:
    """The lines of each row. Rules part rows where every row has one; else the distance of lines does."""
    x0, x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)
    ys = levels_of([y for y, a, b in rules if min(b, x1) - max(a, x0) > 0.6 * (x1 - x0)])
    inner = [y for y in ys if lines[0].baseline < y < lines[-1].baseline]
    if len(inner) >= 2 and len(inner) + 1 >= 0.4 * len(lines):
        groups: dict[int, list[Line]] = {}
        for line in lines:
            groups.setdefault(bisect_right(inner, line.baseline - 0.3 * line.size), []).append(line)
        return [groups[key] for key in sorted(groups)]
    by_order = _groups_by_order(lines)
    if 2 <= len(by_order) < len(lines):
        return by_order
    pitches = [b.baseline - a.baseline for a, b in pairwise(lines)]
    longest = max(pitches)
    full = max(len(line.pieces) for line in lines)
    groups_: list[list[Line]] = [[lines[0]]]
    for line, pitch in zip(lines[1:], pitches, strict=True):
        close = pitch < 0.86 * longest and pitch < 1.5 * line.size
        # A second line of a row has fewer cells than the row, and no row has its first line below it.
        if (
            close
            and len(line.pieces) < full
            and not any(y for y in inner if line.baseline - pitch < y < line.baseline)
        ):
            groups_[-1].append(line)
        else:
            groups_.append([line])
    return groups_


def _is_aligned(fields: list[Field], lines: Sequence[Line]) -> bool:
    by_row: dict[int, list[Field]] = {}
    for f in fields:
        by_row.setdefault(f.row, []).append(f)
    wide_rows = [row for row in by_row.values() if len(row) >= 2]
    if len(by_row) < 2 or len(wide_rows) < 2 or len(wide_rows) < 0.5 * len(by_row):
        return False
    shares = []
    for column in {f.column for f in fields if f.column > 0}:
        texts = [f.text for f in fields if f.column == column]
        shares.append(sum(bool(_FIGURES.search(text)) for text in texts) / len(texts))
    # Some column holds figures, or a dash where one is missing; else it is text that happens to stand in line.
    if max(shares, default=0.0) < 0.5:
        return False
    lengths = sorted(len(p.text) for line in lines for p in line.pieces)
    return lengths[len(lengths) * 3 // 4] <= 40
