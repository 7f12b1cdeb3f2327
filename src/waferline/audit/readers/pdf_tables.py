"""This module finds tables on a PDF page: in grids of rules, and in columns of aligned text without rules."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from waferline.audit.readers.characters import joined
from waferline.audit.readers.pdf_layout import Box, Line, lines_of
from waferline.audit.readers.pdf_page import Page, Piece
from waferline.audit.readers.writing import Field

_NEAR = 2.5  # points: rules as near as this are one
_MAX_RULES = 3000
_DIGIT = re.compile(r"\d")
_FIGURES = re.compile(r"\d|^[—–-]+$")


@dataclass(slots=True)
class Table:
    """A table found: its box, its cells, and the pieces it took."""

    box: Box
    fields: list[Field]
    pieces: list[Piece]
    walls: tuple[float, ...] = ()  # the columns' borders, from the left one


# -------------------------------------------------------------------------------------- ruled grids


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


def _levels(values: Sequence[float]) -> list[float]:
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
    xs = _levels([x for x, _, _ in vertical] + [x for _, x0, x1 in horizontal for x in (x0, x1)])
    ys = _levels([y for y, _, _ in horizontal] + [y for _, y0, y1 in vertical for y in (y0, y1)])
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
    if not _is_table(fields):
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
    for wall in [*_levels(walls), 1e9]:
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
    return _compact(fields)


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


def _compact(fields: list[Field]) -> list[Field]:
    """The grid without rows and columns that hold nothing."""
    used_rows = sorted({f.row for f in fields if f.text.strip()})
    used_columns = sorted({f.column for f in fields if f.text.strip()})
    row_at = {row: number for number, row in enumerate(used_rows)}
    column_at = {column: number for number, column in enumerate(used_columns)}
    result = []
    for f in fields:
        if not f.text.strip():
            continue
        height = sum(1 for r in used_rows if f.row <= r < f.row + f.rows)
        width = sum(1 for c in used_columns if f.column <= c < f.column + f.columns)
        result.append(Field(row_at[f.row], column_at[f.column], f.text, f.header, height, width))
    return result


def _is_table(fields: list[Field]) -> bool:
    columns = len({f.column for f in fields})
    if columns < 2:
        return False
    if len({f.row for f in fields}) < 2 and not (
        all(len(f.text) < 40 for f in fields) and any(_DIGIT.search(f.text) for f in fields)
    ):
        return False
    total = sum(len(f.text) for f in fields)
    # Boxes that lay out paragraphs are not tables.
    return sum(len(f.text) for f in fields if len(f.text) > 150) <= 0.6 * total


def cell_text(lines: Sequence[Line]) -> str:
    """The lines of one cell as one text."""
    text = ""
    for line in lines:
        text = joined(text, line.text) if text else line.text
    return text


# ----------------------------------------------------------------------------------- aligned columns


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
    fields = _compact(fields)
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
    ys = _levels([y for y, a, b in rules if min(b, x1) - max(a, x0) > 0.6 * (x1 - x0)])
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
