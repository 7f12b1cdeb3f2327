"""This module reads a PDF's text layer: paragraphs, tables, notes and captions in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pypdfium2

from waferline.audit.document import Document
from waferline.audit.readers.pdf_drawings import chart_labels
from waferline.audit.readers.pdf_flow import Item, healed, items_of, joined_lines, measure
from waferline.audit.readers.pdf_layout import Line, Region, furniture, lines_of, regions
from waferline.audit.readers.pdf_page import Page, Piece, read_page
from waferline.audit.readers.pdf_spans import whole_tables
from waferline.audit.readers.pdf_tables import Table, compact, ruled_tables
from waferline.audit.readers.pdf_tagged import repeated_head, tagged_tables
from waferline.audit.readers.writing import Writer
from waferline.errors import BadInput

MAX_PAGES = 2000
MAX_CHARACTERS = 20_000_000


def read_pdf(data: bytes, name: str) -> Document:
    """The document in a PDF file's bytes.

    Pages without a text layer are named in the notes. Raises BadInput for a file that is encrypted, damaged
    or has more than MAX_PAGES pages.
    """
    with _opened(data, name) as pdf:
        day = _day(pdf)
        pages = list(_pages(pdf, name))
        count = len(pdf)
    writer = Writer(name)
    silent = [page.number for page in pages if not page.pieces]
    if silent:
        writer.notes.append(f"{_named(silent)} no text layer (scanned?); not audited")
    unknown = [page.number for page in pages if any("\ufffd" in piece.text for piece in page.pieces)]
    if unknown:
        writer.notes.append(f"{_named(unknown)} characters that the file gives no text for (shown as \ufffd)")
    _write(pages, writer)
    return writer.document(pages=count, day=day)


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Any]:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise BadInput(name, "the PDF is encrypted", fix="save it without a password") from error
        raise BadInput(name, "not a readable PDF (damaged or cut off)") from error
    try:
        count = len(pdf)
        if count > MAX_PAGES:
            raise BadInput(
                name, "too many pages", expected=f"at most {MAX_PAGES}", found=str(count), fix="split it"
            )
        if count == 0:
            raise BadInput(name, "the PDF has no pages")
        yield pdf
    finally:
        pdf.close()


def _pages(pdf: Any, name: str) -> Iterator[Page]:
    total = 0
    for index in range(len(pdf)):
        try:
            page = pdf[index]
        except pypdfium2.PdfiumError:
            yield Page(index + 1, 0, 0, [])
            continue
        try:
            result = read_page(page, index + 1)
        except pypdfium2.PdfiumError:
            result = Page(index + 1, 0, 0, [])
        finally:
            page.close()
        total += sum(len(piece.text) for piece in result.pieces)
        if total > MAX_CHARACTERS:
            raise BadInput(name, "too much text", expected=f"at most {MAX_CHARACTERS} characters")
        yield result


def _day(pdf: Any) -> date | None:
    match = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", pdf.get_metadata_value("CreationDate") or "")
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _named(pages: list[int]) -> str:
    if len(pages) == 1:
        return f"page {pages[0]} has"
    shown = ", ".join(map(str, pages[:20])) + (", …" if len(pages) > 20 else "")
    return f"pages {shown} have"


def _write(pages: list[Page], writer: Writer) -> None:
    edges = furniture(pages)
    parts: list[tuple[Region, list[Line], list[Table]]] = []
    labels: dict[int, list[Piece]] = {}
    open_table: Table | None = None  # the last tagged table of the page before
    for page in pages:
        taken = set(map(id, edges.get(page.number, [])))
        pieces = [p for p in page.pieces if id(p) not in taken]
        tables = ruled_tables(page, pieces)[:1000]
        gone = {id(p) for table in tables for p in table.pieces}
        if open_table is not None and page.places:
            gone.update(map(id, repeated_head(open_table, pieces)))
        tagged = tagged_tables(page.places, [p for p in pieces if id(p) not in gone])
        open_table = tagged[-1] if tagged else None
        tables = [*tables, *tagged][:1000]
        gone.update(id(p) for table in tagged for p in (*table.pieces, *table.elsewhere))
        # Labels of drawings stand anywhere; columns are looked for in what is left.
        labels[page.number] = chart_labels(page, [p for p in pieces if id(p) not in gone])
        gone.update(map(id, labels[page.number]))
        pieces = [p for p in pieces if id(p) not in gone]
        for region in regions(page, pieces, [(table.box, table.pieces) for table in tables]):
            own = [tables[number] for number in region.tables]
            parts.append((region, lines_of(region.pieces, page.number), own))
    about = measure([(region, lines) for region, lines, _ in parts])
    items = healed(whole_tables([items_of(region, lines, tables, about) for region, lines, tables in parts]))
    furnished = {page.number: _furniture_text(page, edges, labels[page.number]) for page in pages}
    drawn = [number for number, found in labels.items() if found]
    if drawn:
        writer.notes.append(
            f"labels inside drawn charts are read but not audited: page {', '.join(map(str, drawn))}"
        )
    for item in items:
        for number in [n for n in sorted(furnished) if n < item.page]:
            writer.add("furniture", furnished.pop(number), number)
        _put(item, writer)
    for number in sorted(furnished):
        writer.add("furniture", furnished[number], number)


def _put(item: Item, writer: Writer) -> None:
    if item.fields:
        writer.table(compact(item.fields), item.page)
    else:
        writer.add(item.kind, item.text, item.page)


def _furniture_text(page: Page, edges: dict[int, list[Piece]], labels: list[Piece]) -> str:
    running = joined_lines(edges.get(page.number, []), page.number)
    return "\n".join([*joined_lines(labels, page.number), *running, *page.turned])
