"""This module tells the labels of drawn charts on a PDF page from its text: axis numbers are no table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from waferline.audit.readers.kinds import kind_of
from waferline.audit.readers.pdf_page import Page, Piece

_FIGURE = re.compile(r"(?:图|圖|fig|exhibit|chart)", re.I)
_SPARSE = 120.0  # points between two bars of one chart, at the most
_LONG = 45  # characters: a line as long as this is text, not a label


def chart_labels(page: Page, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that label drawings: short text inside one, and all between a figure's caption and its source."""
    if not page.marks and not page.drawings:
        return []
    found = {id(p): p for p in pieces if _is_inside(p, page.drawings)}
    captions = [p for p in pieces if kind_of(p.text) == "caption"]
    for caption in captions:
        if not _FIGURE.match(caption.text):
            continue
        beside = [
            c.x0 for c in captions if c.x0 > caption.x1 and abs(c.baseline - caption.baseline) < 3 * c.size
        ]
        left, right = caption.x0 - 6, min(beside, default=page.width) - 2
        below = sorted(
            (p for p in pieces if p.baseline > caption.baseline + 2 and left <= p.x0 < right),
            key=lambda p: p.baseline,
        )
        end = next((p for p in below if _ends(p)), None)
        reach = _reach(page, caption, end, left, right) if end is not None else None
        if end is None or reach is None:
            continue
        for piece in below:
            # A caption of two lines goes on in its own size.
            second = (
                abs(piece.size - caption.size) < 0.1 and piece.baseline - caption.baseline < 1.8 * piece.size
            )
            if piece.baseline < end.baseline - 1 and piece.x0 < reach and not second:
                found[id(piece)] = piece
    return list(found.values())


def _ends(piece: Piece) -> bool:
    return len(piece.text) > _LONG or kind_of(piece.text) in ("source", "footnote", "caption")


def _reach(page: Page, caption: Piece, end: Piece, left: float, right: float) -> float | None:
    """How far to the right the drawing between a caption and its source goes; None if nothing is drawn there."""
    marks = sorted(
        (x0, x1)
        for x0, top, x1, bottom in (*page.marks, *page.drawings)
        if caption.baseline < (top + bottom) / 2 < end.baseline and left < (x0 + x1) / 2 < right
    )
    if not marks:
        return None
    axes = [
        (x0, x1)
        for y, x0, x1 in page.horizontal
        if caption.baseline < y < end.baseline and left < x0 and x1 < right
    ]
    reach = max(caption.x1, end.x1)
    for x0, x1 in sorted(marks + axes):
        if x0 <= reach + _SPARSE:
            reach = max(reach, x1)
    return min(reach + 10, right)


def _is_inside(piece: Piece, boxes: Sequence[tuple[float, float, float, float]]) -> bool:
    if len(piece.text) >= 40 or kind_of(piece.text) != "paragraph":
        return False
    middle = piece.baseline - 0.3 * piece.size
    return any(top <= middle <= bottom and piece.x0 < x1 and piece.x1 > x0 for x0, top, x1, bottom in boxes)
