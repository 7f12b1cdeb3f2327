"""Documents written for the tests, and audits of them made by hand: the faces are tested without the engine."""

from __future__ import annotations

import re

from waferline.audit.document import Block, Cell, Document
from waferline.audit.finding import Audit, Finding, Remark, Span
from waferline.quantity.relations.base import Phrase

TEXT = """Harbour Optics: the quarter in numbers

Lens shipments came to 1,636.3 thousand, down 37.9% from 1,186.4 thousand a year before.

Orders rose to about 2,980 from nearly 2,050 lots, a gain of 44.96%.

Product\t2023\t2024\tgrowth
Lenses\t420\t483\t15.0%
Filters\t80\t92\t12.0%

The plant employs 612 people. 24Q4 shipments are told in Figure 9.
"""


def span(text: str, printed: str, role: str = "", *, after: int = 0) -> Span:
    start = text.index(printed, after)
    return Span(start, start + len(printed), printed, role)


def document(text: str = TEXT, name: str = "harbour.txt", *, paged: bool = True) -> Document:
    """The text cut at empty lines; a piece with tabs is a table. The last piece is on page 2."""
    blocks = []
    at = 0
    pieces = text.rstrip("\n").split("\n\n")
    for number, piece in enumerate(pieces):
        start = text.index(piece, at)
        at = start + len(piece)
        page = (2 if number == len(pieces) - 1 else 1) if paged else None
        kind = "heading" if number == 0 else "table" if "\t" in piece else "paragraph"
        cells = []
        if kind == "table":
            line_start = start
            for row, line in enumerate(piece.split("\n")):
                cell_start = line_start
                for column, cell in enumerate(line.split("\t")):
                    cells.append(Cell(row, column, cell_start, cell_start + len(cell), header=row == 0))
                    cell_start += len(cell) + 1
                line_start += len(line) + 1
        blocks.append(Block(kind, start, at, page, tuple(cells)))
    return Document(name, text, tuple(blocks), pages=2 if paged else None)


def sentence(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, text.index("\n", start)


def audit(text: str = TEXT, name: str = "harbour.txt", *, paged: bool = True) -> Audit:
    """One finding of each verdict, one remark, two numbers that nothing was tested against."""
    findings = (
        Finding(
            stated=span(text, "down 37.9%"), relation="direction", verdict="inconsistent",
            inputs=(span(text, "1,636.3", "new"), span(text, "1,186.4", "old")),
            recomputed="37.92", low="37.91", high="37.94", unit="%",
            explanation=Phrase("1636.3 / 1186.4 − 1 = 37.92%，是上升", "1636.3 / 1186.4 − 1 = 37.92%, which is a rise"),
            fixes=(Phrase("上升37.9%", "up 37.9%"), Phrase("基数2,634.9", "a base of 2,634.9")),
            confidence=0.98, place=sentence(text, "Lens shipments"), page=1 if paged else None,
        ),
        Finding(
            stated=span(text, "44.96%"), relation="yoy", verdict="unverifiable",
            inputs=(span(text, "2,980", "new"), span(text, "2,050", "old")),
            recomputed="45.37", low="44.63", high="46.08", unit="%",
            explanation=Phrase("约、近使其无法判定；若为精确值则不一致", "about and nearly leave it open; would be inconsistent if exact"),
            confidence=0.9, place=sentence(text, "Orders rose"), page=1 if paged else None,
        ),
        Finding(
            stated=span(text, "15.0%"), relation="yoy", verdict="consistent",
            inputs=(span(text, "483", "new"), span(text, "420", "old")),
            recomputed="15.0", low="14.7", high="15.3", unit="%",
            explanation=Phrase("483 / 420 − 1", "483 / 420 − 1"), place=sentence(text, "Lenses"), page=1 if paged else None,
        ),
        Finding(
            stated=span(text, "12.0%"), relation="yoy", verdict="basis_mismatch",
            inputs=(span(text, "92", "new"), span(text, "80", "old", after=text.index("Filters"))),
            recomputed="15.0", low="13.7", high="16.4", unit="%",
            explanation=Phrase("2023年为财年", "2023 is a fiscal year here"), place=sentence(text, "Filters"),
            page=1 if paged else None,
        ),
    )  # fmt: skip
    remarks = (
        Remark(
            "malformed_period",
            span(text, "24Q4"),
            Phrase("24Q4应写明年份", "write the year of 24Q4 in full"),
            2 if paged else None,
        ),
    )
    untested = (span(text, "612"), span(text, "9", after=text.index("Figure")))
    return Audit(document(text, name, paged=paged), findings, remarks, untested, mentions=12)


_PROMISES = re.compile(r"\b(?:clean|correct|verified|accurate|true)\b|正确|无误|已核实|准确")
_DENIALS = ("sources not verified", "未核实来源", "不等于无误")


def promised(text: str) -> list[str]:
    """Words that promise more than an audit can; its own denials do not count."""
    for denial in _DENIALS:
        text = text.replace(denial, "")
    return _PROMISES.findall(text)
