"""This module puts the pieces of a page in reading order: furniture apart, columns, lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from waferline.audit.readers.characters import is_wide
from waferline.audit.readers.kinds import kind_of
from waferline.audit.readers.pdf_page import Page, Piece

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Line:
    """Pieces on one baseline, from left to right."""

    pieces: list[Piece]
    page: int

    @property
    def x0(self) -> float:
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        return max(p.x1 for p in self.pieces)

    @property
    def baseline(self) -> float:
        return self.pieces[0].baseline

    @property
    def size(self) -> float:
        return max(self.pieces, key=lambda p: len(p.text)).size

    @property
    def text(self) -> str:
        result = ""
        for before, piece in zip([None, *self.pieces], self.pieces, strict=False):
            if before is not None:
                gap = piece.x0 - before.x1
                wide = is_wide(before.text[-1]) or is_wide(piece.text[0])
                tight = wide and gap < 0.9 * piece.size
                result += "" if tight else " "
            result += piece.text
        return result


@dataclass(slots=True)
class Region:
    """A part of a page that is read from top to bottom. `key` is the same for like columns of all pages."""

    page: Page
    pieces: list[Piece]
    key: tuple[float, ...] = ()
    tables: list[int] = field(default_factory=list)


def lines_of(pieces: Sequence[Piece], page: int) -> list[Line]:
    """The pieces as lines, from top to bottom."""
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda p: (p.baseline, p.x0)):
        if lines:
            last = lines[-1]
            size = max(piece.size, last.pieces[0].size)
            if piece.baseline - last.pieces[0].baseline < 0.35 * size:
                last.pieces.append(piece)
                continue
        lines.append(Line([piece], page))
    for line in lines:
        line.pieces.sort(key=lambda p: p.x0)
    return lines


# ---------------------------------------------------------------------------------------- furniture

_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—·|]?\s*(?:第\s*|page\s+|p\.\s*)?(\d{1,4})\s*(?:页|頁)?\s*(?:(?:/|of|共|，共|,)\s*(?:共)?\s*\d{1,4}\s*(?:页|頁)?)?\s*[-–—·|]?",
    re.I,
)
_EDGE_LINES = 4


def furniture(pages: Sequence[Page]) -> dict[int, list[Piece]]:
    """The pieces of each page that are running headers, footers and page numbers, by page number.

    A line counts when a line at the same height of another page says the same, but for a number that rises with
    the page; a lone page number at the very edge of a page counts by itself.
    """
    edges: dict[int, list[Line]] = {}
    for page in pages:
        lines = lines_of(page.pieces, page.number)
        if len(lines) > 2 * _EDGE_LINES:
            lines = lines[:_EDGE_LINES] + lines[-_EDGE_LINES:]
        edges[page.number] = [
            line
            for line in lines
            if min(line.baseline, page.height - line.baseline) < max(0.15 * page.height, 50)
        ]
    alike: dict[tuple[int, str], list[tuple[int, Line]]] = defaultdict(list)
    for number, lines in edges.items():
        for line in lines:
            for piece in line.pieces:
                mask = _NUMBER.sub("#", piece.text)
                alike[(round(piece.baseline / 4), mask)].append((number, Line([piece], number)))
    result: dict[int, list[Piece]] = defaultdict(list)
    for (height, mask), found in alike.items():
        near = found + alike.get((height + 1, mask), [])
        numbers = {number for number, _ in near}
        if len(numbers) < 2 or len(numbers) < min(3, len(pages) / 4):
            continue
        if _same_but_for_page(near):
            for number, line in near:
                result[number] += [p for p in line.pieces if p not in result[number]]
    for page in pages if len(pages) == 1 else []:
        result[page.number] += _small_print_at_the_edge(page)
    for page in pages:
        taken = result[page.number]
        rest = [line for line in edges[page.number] if not all(p in taken for p in line.pieces)]
        if taken or len(pages) == 1:
            rest = rest[-1:] if len(lines_of(page.pieces, page.number)) > 1 else []
            for line in rest:
                match = _PAGE_NUMBER.fullmatch(line.text.strip())
                if (
                    match
                    and page.height - line.baseline < max(0.1 * page.height, 40)
                    and int(match[1]) in (page.number, page.number - 1)
                ):
                    taken += line.pieces
    return result


def _small_print_at_the_edge(page: Page) -> list[Piece]:
    """The header of a document of one page: a line in small print over everything else, with space below it."""
    lines = lines_of(page.pieces, page.number)
    if len(lines) < 3:
        return []
    body = Counter(round(p.size * 2) / 2 for p in page.pieces for _ in p.text).most_common(1)[0][0]
    first, second = lines[0], lines[1]
    far = second.baseline - first.baseline > 1.7 * body
    if first.baseline < 60 and first.size < 0.85 * body and far and kind_of(first.text) == "paragraph":
        return first.pieces
    return []


def _same_but_for_page(found: Sequence[tuple[int, Line]]) -> bool:
    rows = [
        (number, [int(n) for n in _NUMBER.findall(line.text)[:20] if len(n) < 16]) for number, line in found
    ]
    if len({len(values) for _, values in rows}) != 1:
        return False
    for place in range(len(rows[0][1])):
        values = [(number, numbers[place]) for number, numbers in rows]
        fixed = len({value for _, value in values}) == 1
        rising = len({value - number for number, value in values}) == 1
        if not (fixed or rising):
            return False
    return True


# ------------------------------------------------------------------------------------------ columns

_TABLE = "\x01"  # begins the text of a piece that stands for a line of a table
_EDGE_SHARE = 0.14  # a gutter does not lie nearer to the sides of the text than this share of its width


def regions(
    page: Page, pieces: Sequence[Piece], tables: Sequence[tuple[Box, Sequence[Piece]]]
) -> list[Region]:
    """The page's parts in reading order. `tables` are boxes already found, each with its pieces; a region names
    those that stand in it by their numbers."""
    stand_ins = [row for number, (box, own) in enumerate(tables) for row in _stand_ins(number, box, own)]
    result = _split(page, [*pieces, *stand_ins], (), 0)
    for region in result:
        found = {int(p.text[1:4]) for p in region.pieces if p.text[0] == _TABLE}
        region.tables = sorted(found)
        region.pieces = [p for p in region.pieces if p.text[0] != _TABLE]
    return result


def _stand_ins(number: int, box: Box, pieces: Sequence[Piece]) -> list[Piece]:
    """For each line of a table a piece as wide as the table, so that columns are looked for around it."""
    text = f"{_TABLE}{number % 1000:03d}{'x' * 30}"
    lines = lines_of(pieces, 0)
    return [
        Piece(text, box[0], box[2], line.baseline, line.size, min(p.order for p in line.pieces))
        for line in lines
    ]


def _split(page: Page, pieces: list[Piece], key: tuple[float, ...], depth: int) -> list[Region]:
    if depth < 3:
        best: tuple[int, float, list[tuple[float, float]]] | None = None
        for gutter in _candidates(pieces, page.width if depth == 0 else 0.0):
            bands = _bands(page, pieces, gutter)
            held = sum(1 for p in pieces if any(a <= p.baseline <= b for a, b in bands))
            if bands and (best is None or held > best[0]):
                best = (held, gutter, bands)
        if best is not None:
            return _cut(page, pieces, best[1], best[2], key, depth)
    return [Region(page, pieces, key)] if pieces else []


def _candidates(pieces: list[Piece], width: float) -> list[float]:
    """Where the right column of two might begin: common left edges in the middle part."""
    if len(pieces) < 3:
        return []
    left, right = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    right = max(right, width - left)  # a right column may hold one short line
    low, high = left + _EDGE_SHARE * (right - left), right - _EDGE_SHARE * (right - left)
    starts = Counter(round(p.x0) for p in pieces if low < p.x0 < high)
    return [x - 2.5 for x, _ in starts.most_common(24)]


def _bands(page: Page, pieces: list[Piece], gutter: float) -> list[tuple[float, float]]:
    """The stretches of the page, top to bottom, in which the gutter parts two columns of text."""
    walls = sorted(
        [(p.top, p.bottom) for p in pieces if p.x0 < gutter - 1 and p.x1 > gutter + 1]
        + [(y, y) for y, x0, x1 in page.horizontal if x0 < gutter - 20 and x1 > gutter + 20]
    )
    rows = _rows_between_rules(page)
    result = []
    low = -1e9
    for top, bottom in [*walls, (1e9, 1e9)]:
        if top > low:
            inside = [p for p in pieces if low <= p.baseline - 0.3 * p.size <= top]
            if not _is_in_row(inside, rows, gutter):
                result += _columns_in(inside, gutter)
        low = max(low, bottom)
    return result


_ROW_HEIGHT = 130.0  # points: rules further apart part sections, not rows


def _rows_between_rules(page: Page) -> list[Box]:
    """The rows of tables without upright rules: what lies between like rules, three or more, one below the other."""
    result = []
    rest = sorted(set(page.horizontal))[:2000]
    while rest:
        first = rest[0]
        like = [r for r in rest if abs(r[1] - first[1]) < 3 and abs(r[2] - first[2]) < 3]
        rest = [r for r in rest if r not in like]
        rows = [(a[1], a[0], a[2], b[0]) for a, b in pairwise(like) if 6 < b[0] - a[0] < _ROW_HEIGHT]
        if len(rows) >= 2:
            result += rows
    return result


def _is_in_row(pieces: list[Piece], rows: list[Box], gutter: float) -> bool:
    if not pieces:
        return False
    top, bottom = _extent(pieces)
    return any(x0 + 20 < gutter < x1 - 20 and y0 - 2 <= top and bottom <= y1 + 2 for x0, y0, x1, y1 in rows)


def _columns_in(pieces: list[Piece], gutter: float) -> list[tuple[float, float]]:
    """The stretch of these pieces that is two columns, or its parts that are."""
    left = [p for p in pieces if p.x0 < gutter]
    right = [p for p in pieces if p.x0 >= gutter]
    if not left or not right:
        return []
    size = sorted(p.size for p in pieces)[len(pieces) // 2]
    if min(p.x0 for p in right) - max(p.x1 for p in left) < 0.45 * size:
        return []
    runs: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.order):
        if runs and (runs[-1][0].x0 >= gutter) == (piece.x0 >= gutter):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    if len(runs) == 2:
        enough = _heights(runs[0]) + _heights(runs[1]) >= (3 if _is_prose(pieces) else 4)
        return [_extent(pieces)] if enough and _side_by_side(*runs) else []
    # A file writes a column to its end before it turns to the next; a table goes to and fro.
    pairs = [
        (a, b)
        for a, b in pairwise(runs)
        if _heights(a) + _heights(b) >= (4 if _is_prose(a + b) else 6)
        and (min(_heights(a), _heights(b)) >= 2 or max(_heights(a), _heights(b)) >= 4)
        and _side_by_side(a, b)
    ]
    if len(pairs) < 3 and pairs:
        result: list[tuple[float, float]] = []
        for a, b in pairs:
            top, bottom = _extent(a + b)
            own = set(map(id, a + b))
            alone = not any(top <= p.baseline <= bottom for p in pieces if id(p) not in own)
            if alone and (not result or top > result[-1][1]):
                result.append((top, bottom))
        if result:
            return result
    heights = [_heights(left), _heights(right)]
    if min(heights) >= 4 and all(_fills(side) for side in (left, right)):
        return [_extent(pieces)]
    return []


def _heights(pieces: list[Piece]) -> int:
    return len({round(p.baseline / 3) for p in pieces})


def _extent(pieces: list[Piece]) -> tuple[float, float]:
    return min(p.top for p in pieces) - 0.1, max(p.bottom for p in pieces) + 0.1


def _side_by_side(a: list[Piece], b: list[Piece]) -> bool:
    """Whether the two stand beside each other and are not the columns of a table written down column by column."""
    (top_a, bottom_a), (top_b, bottom_b) = _extent(a), _extent(b)
    if top_a > bottom_b or top_b > bottom_a:
        return False
    if _writes_rows(a) or _writes_rows(b):
        return True
    return not (_rows_in_common(a, b) and _is_short(a + b))


def _writes_rows(pieces: list[Piece]) -> bool:
    """Whether the file writes cells side by side one after the other: a table of its own stands in the column."""
    ordered = sorted(pieces, key=lambda p: p.order)
    return any(abs(a.baseline - b.baseline) < 1 and b.x0 > a.x1 for a, b in pairwise(ordered))


def _rows_in_common(left: list[Piece], right: list[Piece]) -> bool:
    heights = {round(p.baseline) for p in left}
    common = sum(1 for p in right if {round(p.baseline) + d for d in (-1, 0, 1)} & heights)
    return common >= 0.9 * len(right) and common >= 0.5 * len(left)


def _length(piece: Piece) -> int:
    return sum(2 if is_wide(c) else 1 for c in piece.text)


def _is_prose(pieces: list[Piece]) -> bool:
    """Whether most pieces are long for cells, wide characters counted twice."""
    lengths = sorted(map(_length, pieces))
    return lengths[len(lengths) // 2] >= 24


def _is_short(pieces: list[Piece]) -> bool:
    """Whether hardly any text stands in long pieces: cells, not captions and lines."""
    lengths = list(map(_length, pieces))
    return sum(n for n in lengths if n >= 24) < 0.25 * sum(lengths)


def _fills(pieces: list[Piece]) -> bool:
    """Whether most lines run from side to side: text, not cells."""
    x0, x1 = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    full = sum(1 for p in pieces if p.x1 - p.x0 > 0.8 * (x1 - x0) and len(p.text) > 12)
    return full >= 0.6 * len(pieces)


def _cut(
    page: Page,
    pieces: list[Piece],
    gutter: float,
    bands: list[tuple[float, float]],
    key: tuple[float, ...],
    depth: int,
) -> list[Region]:
    result: list[Region] = []
    low = -1e9
    for top, bottom in [*bands, (1e9, 1e9)]:
        between = [p for p in pieces if low < p.baseline < top]
        if between:
            # Text over or under the columns may have columns of its own, at another gutter.
            result += _split(page, between, key, depth + 1)
        if bottom < 1e9:
            inside = [p for p in pieces if top <= p.baseline <= bottom]
            for side in (-1.0, 1.0):
                own = [p for p in inside if (p.x0 >= gutter) == (side > 0)]
                result += _split(page, own, (*key, round(gutter / 6) * side), depth + 1)
        low = bottom
    return result
