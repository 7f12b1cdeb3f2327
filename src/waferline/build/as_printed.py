"""This module lays a built report out for the audit: one text in reading order, and whose number each stretch prints.

Nothing is read back from a page. The words are those that page and PDF print, so an audit of either sees the same
sentences, captions and tables; the numbers keep the quantity they were printed from.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from waferline.audit.document import Block as Stretch
from waferline.audit.document import BlockKind, Document
from waferline.audit.document import Cell as Field
from waferline.quantity.quantity import Quantity
from waferline.render.wording import column_heads, row_label, rows_of, table_heads, words
from waferline.study.report import (
    Block,
    Bound,
    Bullets,
    Ends,
    Exhibit,
    Heading,
    Paragraph,
    Place,
    Report,
    Run,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The quantity that text[start:end] prints; of a printed range, its ends."""

    start: int
    end: int
    quantity: Quantity
    ends: Ends | None = None


@dataclass(frozen=True, slots=True)
class AsPrinted:
    """A report as the audit reads it, with its bound numbers in text order."""

    document: Document
    shown: tuple[Shown, ...]

    def within(self, start: int, end: int) -> tuple[Shown, ...]:
        """The bound numbers in a stretch."""
        first = bisect_left(self.shown, start, key=lambda one: one.start)
        return self.shown[first : bisect_left(self.shown, end, key=lambda one: one.start)]

    def at(self, start: int, end: int) -> Shown | None:
        """The bound number that the stretch prints, or a part of; None where nothing is bound."""
        number = bisect_right(self.shown, end - 1, key=lambda one: one.start) - 1
        return self.shown[number] if number >= 0 and self.shown[number].end > start else None


def as_printed(report: Report, quantities: Mapping[str, Quantity], ends: Mapping[str, Ends]) -> AsPrinted:
    """The report as one text; `quantities` are what its cards explain, `ends` those of ranges, by the card's id."""
    writer = _Writer(report, quantities, ends)
    writer.cover()
    writer.blocks(report.blocks)
    writer.blocks(report.appendix)
    name = f"report.{report.lang}"
    document = Document(name, "".join(writer.parts), tuple(writer.stretches), day=report.as_of)
    return AsPrinted(document, tuple(writer.shown))


class _Writer:
    """Writes a report front to back, and where each number stands in what it wrote."""

    def __init__(self, report: Report, quantities: Mapping[str, Quantity], ends: Mapping[str, Ends]) -> None:
        self.report, self.lang = report, report.lang
        self.quantities, self.ends = quantities, ends
        self.fixed = words(report.lang)
        self.parts: list[str] = []
        self.length = 0
        self.stretches: list[Stretch] = []
        self.shown: list[Shown] = []

    def put(self, text: str) -> tuple[int, int]:
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start, self.length

    def begin(self) -> int:
        if self.length:
            self.put("\n\n")
        return self.length

    def add(self, kind: BlockKind, text: str) -> None:
        if text.strip():
            self.begin()
            self.stretches.append(Stretch(kind, *self.put(text)))

    def run(self, kind: BlockKind, items: Iterable[Run]) -> None:
        start = self.begin()
        for item in items:
            at, _ = self.put(item.text)
            if isinstance(item, Bound):
                self.bind(at, item.card)
        self.stretches.append(Stretch(kind, start, self.length))

    def bind(self, start: int, card: str) -> None:
        """What was put since `start` prints the number that the card explains; dates and names have no card."""
        if card:
            self.shown.append(Shown(start, self.length, self.quantities[card], self.ends.get(card)))

    def cover(self) -> None:
        cover = self.report.cover
        for title in (cover.kicker, cover.title, cover.subtitle):
            self.add("heading", title)
        self.blocks(cover.points)
        self.add("paragraph", cover.rating)
        for label, value in cover.facts:
            self.add("paragraph", f"{label}{self.fixed['colon']}{value}")
        if cover.exhibit:
            self.exhibit(self.report.exhibits[cover.exhibit])
        for thesis in self.report.theses:
            self.add("heading", thesis.title.of(self.lang))
            cards = (
                thesis.cards if len(thesis.cards) == len(thesis.measures) else ("",) * len(thesis.measures)
            )
            for (measure, said, _), card in zip(thesis.measures, cards, strict=True):
                start = self.begin()
                self.put(measure.of(self.lang) + self.fixed["colon"])
                at, _ = self.put(said.of(self.lang))
                self.bind(at, card)
                self.stretches.append(Stretch("list", start, self.length))
            self.add("list", f"{self.fixed['rule']}{self.fixed['colon']}{thesis.rule.of(self.lang)}")

    def blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            match block:
                case Heading():
                    self.add("heading", f"{block.number} {block.text}".strip())
                case Paragraph():
                    self.run("paragraph", block.runs)
                case Bullets():
                    for item in block.items:
                        self.run("list", item)
                case Place():
                    for row in rows_of(block):
                        for id in row:
                            self.exhibit(self.report.exhibits[id])

    def exhibit(self, exhibit: Exhibit) -> None:
        lang = self.lang
        self.add("caption", f"{exhibit.label(lang)} {exhibit.title.of(lang)}")
        if exhibit.status == "hole":
            self.add("paragraph", exhibit.hole.of(lang) if exhibit.hole else "")
        else:
            for band in exhibit.bands:
                self.add("list", band.label.of(lang))
            heads, unit = (
                table_heads(exhibit, lang)
                if exhibit.chart == "table"
                else (column_heads(exhibit, lang, units=True), "")
            )
            self.add("paragraph", f"{self.fixed['unit']}{self.fixed['colon']}{unit}" if unit else "")
            if exhibit.kind == "table" or not _by_day(exhibit):
                self.table(exhibit, heads)
        self.add("source", exhibit.source_line.of(lang))
        for note in exhibit.notes:
            self.add("source", self.fixed["note"] + note.of(lang))

    def table(self, exhibit: Exhibit, heads: Sequence[str]) -> None:
        start = self.begin()
        cells: list[Field] = []

        def cell(row: int, column: int, text: str) -> tuple[int, int]:
            if column:
                self.put(" | ")
            at, end = self.put(text)
            if text:
                cells.append(Field(row, column, at, end, header=not (row and column)))
            return at, end

        for number, head in enumerate((exhibit.row_header.of(self.lang), *heads)):
            cell(0, number, head)
        for number, row in enumerate(exhibit.rows, 1):
            self.put("\n")
            cell(number, 0, row_label(row, self.lang))
            for column, one in enumerate(row.cells, 1):
                at, end = cell(number, column, one.text.of(self.lang))
                if one.quantity is not None and at < end:
                    self.shown.append(Shown(at, end, one.quantity, one.ends))
        kind: BlockKind = "table" if exhibit.kind == "table" else "chart"
        self.stretches.append(Stretch(kind, start, self.length, cells=tuple(cells)))


def _by_day(exhibit: Exhibit) -> bool:
    """Whether every row is a day: hundreds of closes or launches, of which none is the sum or the growth of others."""
    return all(row.period is not None and row.period.start == row.period.end for row in exhibit.rows)
