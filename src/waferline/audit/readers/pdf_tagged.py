"""This module makes the tables of a PDF page that its tags name.

They hold where no rule is drawn, and a cell of several lines stays one. The tags are the file's word only: what
they call a table must look like one, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from waferline.audit.readers.pdf_layout import lines_of
from waferline.audit.readers.pdf_page import Piece
from waferline.audit.readers.pdf_tables import Table, cell_text, is_table
from waferline.audit.readers.pdf_tags import Place
from waferline.audit.readers.writing import Field


def tagged_tables(places: Sequence[Place], pieces: Sequence[Piece]) -> list[Table]:
    """The tagged tables of a page from those of its pieces that are given.

    A table that goes on in the next column stands where it begins.
    """
    by_table: dict[int, dict[Place, list[Piece]]] = {}
    for piece in pieces:
        if piece.cell >= 0:
            place = places[piece.cell]
            by_table.setdefault(place.table, {}).setdefault(place, []).append(piece)
    result = []
    for cells in by_table.values():
        fields = [
            Field(p.row, p.column, cell_text(lines_of(found, 0)), rows=p.rows, columns=p.columns)
            for p, found in sorted(cells.items(), key=lambda entry: (entry[0].row, entry[0].column))
        ]
        if is_table(fields):
            first, rest = _first_part(cells)
            box = (
                min(p.x0 for p in first), min(p.top for p in first),
                max(p.x1 for p in first), max(p.bottom for p in first),
            )  # fmt: skip
            result.append(Table(box, fields, first, tagged=_extents(cells, first), elsewhere=rest))
    return result


def _first_part(cells: dict[Place, list[Piece]]) -> tuple[list[Piece], list[Piece]]:
    """The pieces of the table's first part, and of those in further columns: there its rows begin at the top again."""
    rows: dict[int, list[Piece]] = {}
    for place, found in cells.items():
        rows.setdefault(place.row, []).extend(found)
    first: list[Piece] = []
    rest: list[Piece] = []
    for _, found in sorted(rows.items()):
        back = first and max(p.baseline for p in found) < min(p.top for p in first) + 1
        aside = first and min(p.x0 for p in found) > max(p.x1 for p in first)
        (rest if rest or back or aside else first).extend(found)
    return first, rest


def _extents(cells: dict[Place, list[Piece]], first: list[Piece]) -> tuple[tuple[float, float], ...]:
    """From where to where each column of the first part is written; (0, 0) where nothing is."""
    own = set(map(id, first))
    ends: dict[int, tuple[float, float]] = {}
    for place, found in cells.items():
        inside = [p for p in found if id(p) in own]
        if inside and place.columns == 1:
            x0, x1 = ends.get(place.column, (1e9, -1e9))
            ends[place.column] = (min(x0, *(p.x0 for p in inside)), max(x1, *(p.x1 for p in inside)))
    return tuple(ends.get(c, (0.0, 0.0)) for c in range(1 + max(place.column for place in cells)))


def repeated_head(table: Table, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces at the top of a page that repeat the head of a table of the page before, if they do.

    To the tags they are no part of it. They are known by their letters: a cell's lines stand in whatever order.
    """
    head = "".join(f.text for f in table.fields if f.row == 0)
    letters = sorted("".join(head.split()))
    found: list[Piece] = []
    count = 0
    for piece in sorted(pieces, key=lambda p: p.baseline):
        if piece.cell >= 0 or count >= len(letters):
            break
        found.append(piece)
        count += len("".join(piece.text.split()))
    return found if letters == sorted("".join("".join(p.text for p in found).split())) else []
