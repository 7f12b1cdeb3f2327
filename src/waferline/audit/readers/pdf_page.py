"""This module takes the characters and rules of one PDF page and gives pieces: runs of text with their places.

Coordinates are points, x to the right and y downwards, turned so that most of the page's text runs from left
to right. A piece is what the file writes side by side on one baseline without a wide gap.
"""

from __future__ import annotations

import ctypes
import math
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from waferline.audit.readers.characters import RAISED, is_wide
from waferline.audit.readers.pdf_tags import Place, tagged_cells

_MAX_GLYPHS = 1_000_000  # more than any page has; makes the order of pieces one over the document
_MAX_OBJECTS = 20_000  # a page with more is a drawing; its rules are not looked for
_THIN = 2.5  # points: a filled rectangle as thin as this is a rule
_WIDE_GAP = 0.75  # em without a blank in the file: another cell begins
_WIDE_BLANK = 1.6  # em with a blank in the file: justified text is stretched up to here
_MARKS = frozenset("0123456789")
_NUMBER_ENDS = frozenset("0123456789%)")
_NUMBER_STARTS = frozenset("0123456789-−+($¥")
_FORM_SHARE = 0.6  # a form that covers more of the page is the page, not a drawing


_Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Piece:
    """A run of text: its box, the baseline, the font size in points, and where it stands in the file's order (of all pages).

    `lefts` and `rights` are the horizontal ends of each character of `text` (of blanks too).
    """

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    order: int
    bold: bool = False
    lefts: array[float] = field(default_factory=lambda: array("f"))
    rights: array[float] = field(default_factory=lambda: array("f"))
    cell: int = -1  # where in the page's `places` is the cell that the file's tags put it in

    @property
    def top(self) -> float:
        return self.baseline - 0.8 * self.size

    @property
    def bottom(self) -> float:
        return self.baseline + 0.2 * self.size

    def moved(self, right: float, down: float) -> Piece:
        """The piece at another place."""
        lefts = array("f", (x + right for x in self.lefts))
        rights = array("f", (x + right for x in self.rights))
        baseline = self.baseline + down
        return Piece(
            self.text,
            self.x0 + right,
            self.x1 + right,
            baseline,
            self.size,
            self.order,
            self.bold,
            lefts,
            rights,
            self.cell,
        )

    def cut(self, first: int, last: int) -> Piece | None:
        """The part of the piece from one character to another, without blanks at its ends."""
        while first < last and self.text[first].isspace():
            first += 1
        while last > first and self.text[last - 1].isspace():
            last -= 1
        if first >= last:
            return None
        lefts, rights = self.lefts[first:last], self.rights[first:last]
        text = self.text[first:last]
        return Piece(
            text, lefts[0], rights[-1], self.baseline, self.size, self.order, self.bold, lefts, rights, self.cell
        )  # fmt: skip


@dataclass(slots=True)
class Page:
    """One page: its pieces, its rules (horizontal: y, x0, x1; vertical: x, y0, y1) and boxes of drawings."""

    number: int
    width: float
    height: float
    pieces: list[Piece]
    horizontal: list[tuple[float, float, float]] = field(default_factory=list)
    vertical: list[tuple[float, float, float]] = field(default_factory=list)
    drawings: list[tuple[float, float, float, float]] = field(default_factory=list)
    marks: list[tuple[float, float, float, float]] = field(default_factory=list)  # bars and curves, each
    turned: list[str] = field(default_factory=list)  # text that runs another way than the page's
    places: list[Place] = field(default_factory=list)  # the cells that the file's tags name


@dataclass(slots=True)
class _Glyph:
    text: str
    x: float
    y: float
    x0: float
    x1: float
    size: float
    angle: int
    bold: bool
    blank: bool  # a blank of the file stands before it
    order: int
    cell: int = -1


def read_page(page: Any, number: int) -> Page:
    """The page's pieces and rules. `page` is a pypdfium2 PdfPage."""
    width, height = page.get_width(), page.get_height()
    left, bottom, right, top = page.get_mediabox()
    cells = tagged_cells(page.raw)
    places = list(dict.fromkeys(cells.values()))
    index = {place: number for number, place in enumerate(places)}
    textpage = page.get_textpage()
    try:
        glyphs = _glyphs(textpage.raw, {content: index[place] for content, place in cells.items()})
    finally:
        textpage.close()
    angles = Counter(glyph.angle for glyph in glyphs if glyph.angle >= 0)
    angle = angles.most_common(1)[0][0] if angles else 0
    turn = _turn(angle, left, bottom, right, top)
    upright = [glyph for glyph in glyphs if glyph.angle == angle]
    others = "".join((" " if g.blank else "") + g.text for g in glyphs if g.angle != angle)
    for glyph in upright:
        x, y = turn(glyph.x, glyph.y)
        # The loose box is as wide as the advance; of turned text it is the height that runs along the line.
        glyph.x0, glyph.x1 = x, x + abs(glyph.x1 - glyph.x0)
        glyph.x, glyph.y = x, y
        glyph.order += number * _MAX_GLYPHS
    result = Page(number, width, height, _pieces(upright), turned=[others] if others.strip() else [])
    result.places = places
    _add_rules(page, result, turn)
    result.drawings = [box for box in result.drawings if not _holds_text(result.pieces, box)]
    return result


def _holds_text(pieces: list[Piece], box: _Box) -> bool:
    """Whether running text stands in the box: then it frames a part of the page and draws nothing."""
    lines = [p for p in pieces if box[0] <= p.x0 and p.x1 <= box[2] and box[1] <= p.baseline <= box[3]]
    return sum(1 for p in lines if len(p.text) >= 30) >= 3


def _turn(angle: int, left: float, bottom: float, right: float, top: float) -> Any:
    if angle == 90:
        return lambda x, y: (y - bottom, x - left)
    if angle == 180:
        return lambda x, y: (right - x, y - bottom)
    if angle == 270:
        return lambda x, y: (top - y, right - x)
    return lambda x, y: (x - left, top - y)


def _glyphs(raw: Any, cells: Mapping[int, int]) -> list[_Glyph]:
    """The visible characters in the file's order; blanks that the file has are noted on what follows them.

    `cells` are cells of tables by the marked content that is written into them.
    """
    get_char, get_box = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    get_origin, get_matrix = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetMatrix
    get_size, generated = pdfium.FPDFText_GetFontSize, pdfium.FPDFText_IsGenerated
    get_weight = pdfium.FPDFText_GetFontWeight
    box, matrix, x, y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    at_box, at_matrix, at_x, at_y = map(ctypes.byref, (box, matrix, x, y))
    get_tight, low = pdfium.FPDFText_GetCharBox, ctypes.c_double()
    at_tight = [ctypes.byref(v) for v in (ctypes.c_double(), ctypes.c_double(), low, ctypes.c_double())]
    result: list[_Glyph] = []
    blank, high = False, 0
    line, scale, angle, cell = (-1.0, 0.0), 1.0, 0, -1
    last_spot = (0.0, 0.0, 0.0, 0.0)
    for index in range(pdfium.FPDFText_CountChars(raw)):
        code = get_char(raw, index)
        if code in (32, 0xA0, 0x3000, 9) or 0x2000 <= code <= 0x200A:
            blank = blank or generated(raw, index) != 1
            continue
        if code in (0xFFFE, 2):  # how PDFium gives the hyphen at the end of a line
            code = 0x2D
        if generated(raw, index) == 1:
            continue
        if code == 0:
            code = 0xFFFD  # the file does not say what this glyph is; a gap would join what stands beside it
        if code < 32:
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            if not high:
                continue
            code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
        if not get_box(raw, index, at_box) or not get_origin(raw, index, at_x, at_y):
            continue
        points = get_size(raw, index)
        if (points, y.value) != line:
            # Along one line of one size the matrix stays as it is.
            line = (points, y.value)
            get_matrix(raw, index, at_matrix)
            scale = math.hypot(matrix.c, matrix.d) or 1.0
            degrees = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
            angle = degrees if degrees % 90 == 0 else -1
        size = points * scale
        ends = (box.left, box.right) if angle in (0, 180, -1) else (box.bottom, box.top)
        if not (0.5 < size < 2000 and math.isfinite(x.value) and math.isfinite(y.value)):
            continue
        spot = (x.value, y.value, box.left, box.right)
        if spot == last_spot and _in_one_object(raw, index):
            ends = (ends[1], ends[1])  # ﬀ is one glyph: its second letter takes no room
            x.value, y.value = (ends[1], y.value) if angle in (0, 180, -1) else (x.value, ends[1])
        last_spot = spot
        bold = get_weight(raw, index) >= 600
        text = chr(code)
        if (
            angle == 0
            and text in _MARKS
            and get_tight(raw, index, *at_tight)
            and low.value > y.value + 0.2 * size
        ):
            text = text.translate(
                RAISED
            )  # a font's own superscript, which has the size and baseline of its line
        result.append(_Glyph(text, x.value, y.value, ends[0], ends[1], size, angle, bold, blank, len(result)))
        if cells:
            shown = pdfium.FPDFText_GetTextObject(raw, index)
            if shown:
                cell = cells.get(pdfium.FPDFPageObj_GetMarkedContentID(shown), -1)
            result[-1].cell = cell  # the second letter of a ligature has no object of its own
        blank = False
    return result


def _in_one_object(raw: Any, index: int) -> bool:
    """Whether a character comes from the same text object as the one before: not the same text printed again."""
    mine, other = (pdfium.FPDFText_GetTextObject(raw, i) for i in (index, index - 1))
    return bool(mine) and bool(other) and ctypes.addressof(mine.contents) == ctypes.addressof(other.contents)


class _Run:
    """A piece while it grows."""

    def __init__(self, glyph: _Glyph) -> None:
        self.baseline, self.size, self.order, self.bold = glyph.y, glyph.size, glyph.order, glyph.bold
        self.cell = glyph.cell
        self.chars: list[str] = []
        self.lefts, self.rights = array("f"), array("f")
        self.raised_from = -1
        self.add(glyph.text, glyph.x0, glyph.x1)

    def add(self, text: str, x0: float, x1: float) -> None:
        self.chars.append(text)
        self.lefts.append(x0)
        self.rights.append(x1)

    def piece(self) -> Piece:
        text = "".join(self.chars)
        return Piece(
            text,
            self.lefts[0],
            max(self.rights),
            self.baseline,
            self.size,
            self.order,
            self.bold,
            self.lefts,
            self.rights,
            self.cell,
        )


def _pieces(glyphs: list[_Glyph]) -> list[Piece]:
    has_blanks = sum(g.blank for g in glyphs) * 20 > sum(not is_wide(g.text) for g in glyphs)
    wide_gap = _WIDE_GAP if has_blanks else 1.0
    pieces: list[Piece] = []
    run: _Run | None = None
    last: _Glyph | None = None
    for glyph in glyphs:
        if last is not None and _is_double(glyph, last):
            continue
        if run is None or last is None or not _continues(run, last, glyph, wide_gap):
            if run is not None:
                pieces.append(run.piece())
            run = _Run(glyph)
        else:
            gap = glyph.x0 - run.rights[-1]
            wide = is_wide(last.text) or is_wide(glyph.text)
            small = min(last.size, glyph.size)
            if glyph.blank or (gap > 0.17 * small and not wide):
                run.add(" ", run.rights[-1], glyph.x0)
            text = glyph.text
            if glyph.size < 0.85 * run.size and glyph.y < run.baseline - 0.15 * run.size:
                text = text.translate(RAISED)
            elif glyph.size * 0.85 > run.size and run.baseline < glyph.y - 0.15 * glyph.size:
                # The line began with a raised mark: a footnote's number.
                run.chars = [c.translate(RAISED) for c in run.chars]
                run.baseline, run.size = glyph.y, glyph.size
            run.add(text, glyph.x0, glyph.x1)
            run.bold = run.bold and glyph.bold
        last = glyph
    if run is not None:
        pieces.append(run.piece())
    return [p for p in pieces if p.text.strip()]


def _is_double(glyph: _Glyph, last: _Glyph) -> bool:
    """Bold made by printing a character twice."""
    return (
        glyph.text == last.text
        and abs(glyph.x0 - last.x0) < 0.12 * glyph.size
        and abs(glyph.y - last.y) < 0.12 * glyph.size
    )


def _continues(run: _Run, last: _Glyph, glyph: _Glyph, wide_gap: float) -> bool:
    if run.cell != glyph.cell:
        return False
    size = max(run.size, glyph.size)
    gap = glyph.x0 - run.rights[-1]
    if is_wide(glyph.text) or is_wide(last.text):
        wide_gap = _WIDE_GAP  # no blank is missing in Chinese
    if gap < -0.2 * size and last.text in _NUMBER_ENDS:
        return False  # the text of a cell too narrow for it, overlapped by the next cell's
    if gap < -0.6 * size or gap > (_WIDE_BLANK if glyph.blank else wide_gap) * size:
        return False
    if gap > 0.45 * size and not glyph.blank and last.text in _NUMBER_ENDS and glyph.text in _NUMBER_STARTS:
        return False  # two numbers without a blank between them are two cells
    shift = abs(glyph.y - run.baseline)
    if shift < 0.12 * size:
        return True
    smaller = min(run.size, glyph.size) < 0.85 * size or last.size < 0.85 * size
    return smaller and shift < 0.6 * size and gap < 0.5 * size


def _add_rules(page: Any, into: Page, turn: Any) -> None:
    raw = page.raw
    count = pdfium.FPDFPage_CountObjects(raw)
    if count > _MAX_OBJECTS:
        return
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    at = [ctypes.byref(v) for v in (left, bottom, right, top)]
    curves: list[_Box] = []
    fills: list[_Box] = []
    for index in range(count):
        item = pdfium.FPDFPage_GetObject(raw, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM):
            continue
        if not pdfium.FPDFPageObj_GetBounds(item, *at):
            continue
        (xa, ya), (xb, yb) = turn(left.value, top.value), turn(right.value, bottom.value)
        x0, x1, y0, y1 = min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb)
        if not all(map(math.isfinite, (x0, x1, y0, y1))):
            continue
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            if 900 < (x1 - x0) * (y1 - y0) < _FORM_SHARE * into.width * into.height:
                into.drawings.append((x0, y0, x1, y1))
            continue
        segments = pdfium.FPDFPath_CountSegments(item)
        if y1 - y0 <= _THIN and x1 - x0 > 6:
            into.horizontal.append(((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= _THIN and y1 - y0 > 4:
            into.vertical.append(((x0 + x1) / 2, y0, y1))
        elif segments <= 400:
            _add_path(item, segments, (x0, y0, x1, y1), into, turn, curves, fills)
        else:
            curves.append((x0, y0, x1, y1))
    bars = _bars(fills, into)
    into.marks = [box for box in curves if (box[2] - box[0]) * (box[3] - box[1]) > 4]
    into.marks += [box for box in bars if (box[2] - box[0]) * (box[3] - box[1]) > 60]
    into.drawings.extend(_clusters(curves))
    into.drawings.extend(_bar_charts(bars, into))


def _add_path(
    item: Any,
    segments: int,
    box: tuple[float, float, float, float],
    into: Page,
    turn: Any,
    curves: list[_Box],
    fills: list[_Box],
) -> None:
    """A path of straight, level or upright strokes gives rules; one that has others is part of a drawing."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(mode), ctypes.byref(stroke))
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
    px, py = ctypes.c_float(), ctypes.c_float()
    at, start = (0.0, 0.0), (0.0, 0.0)
    lines: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for index in range(segments):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(px), ctypes.byref(py))
        x = matrix.a * px.value + matrix.c * py.value + matrix.e
        y = matrix.b * px.value + matrix.d * py.value + matrix.f
        point = turn(x, y)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            lines.append((at, point))
        else:
            curves.append(box)
            return
        at = point
        if pdfium.FPDFPathSegment_GetClose(segment) and at != start:
            lines.append((at, start))
            at = start
    if not stroke.value:
        fills.append(box)  # a shaded row, or a bar of a chart
        return
    rules_h, rules_v = [], []
    for (xa, ya), (xb, yb) in lines:
        if abs(ya - yb) < 0.5 and abs(xa - xb) > 4:
            rules_h.append(((ya + yb) / 2, min(xa, xb), max(xa, xb)))
        elif abs(xa - xb) < 0.5 and abs(ya - yb) > 4:
            rules_v.append(((xa + xb) / 2, min(ya, yb), max(ya, yb)))
        elif abs(xa - xb) > 4 and abs(ya - yb) > 4:
            curves.append(box)
            return
    into.horizontal.extend(rules_h)
    into.vertical.extend(rules_v)


def _clusters(boxes: list[tuple[float, float, float, float]]) -> list[tuple[float, float, float, float]]:
    """Boxes of drawings made of curves: overlapping ones together, small ones (bullets, logos) left out."""
    result: list[list[float]] = []
    for box in sorted(boxes)[:3000]:
        for other in result:
            if (
                box[0] < other[2] + 12
                and box[2] > other[0] - 12
                and box[1] < other[3] + 12
                and box[3] > other[1] - 12
            ):
                other[:] = [
                    min(other[0], box[0]),
                    min(other[1], box[1]),
                    max(other[2], box[2]),
                    max(other[3], box[3]),
                ]
                break
        else:
            result.append(list(box))
    return [(a - 20, b - 12, c + 20, d + 16) for a, b, c, d in result if c - a > 70 and d - b > 50]


def _bars(fills: list[_Box], page: Page) -> list[_Box]:
    """Filled areas without text in them: bars of charts, not shaded rows."""
    return [
        box
        for box in fills[:2000]
        if box[2] - box[0] < 0.7 * page.width
        and box[3] - box[1] < 0.5 * page.height
        and not any(
            box[0] <= (p.x0 + p.x1) / 2 <= box[2] and box[1] <= p.baseline - 0.3 * p.size <= box[3]
            for p in page.pieces
        )
    ]


def _bar_charts(bars: list[_Box], page: Page) -> list[_Box]:
    """Boxes of bar charts: bars of unlike sizes that stand near each other."""
    groups: list[list[_Box]] = []
    for bar in sorted(bars):
        for group in groups:
            if any(
                bar[0] < o[2] + 40 and bar[2] > o[0] - 40 and bar[1] < o[3] + 25 and bar[3] > o[1] - 25
                for o in group[-12:]
            ):
                group.append(bar)
                break
        else:
            groups.append([bar])
    result = []
    for group in groups:
        unlike = {(round(b[2] - b[0]), round(b[3] - b[1])) for b in group}
        if len(group) < 3 or len(unlike) < 3:
            continue
        x0, y0 = min(b[0] for b in group), min(b[1] for b in group)
        x1, y1 = max(b[2] for b in group), max(b[3] for b in group)
        grid = [(a, b) for y, a, b in page.horizontal if y0 - 5 <= y <= y1 + 5 and a < x1 and b > x0]
        x0, x1 = min([x0, *(a for a, _ in grid)]), max([x1, *(b for _, b in grid)])
        result.append((x0 - 14, y0 - 14, x1 + 14, y1 + 16))
    return result
