"""This module reads an Excel workbook: each sheet's tables as Excel shows them, and the data of its charts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from waferline.audit.document import Document
from waferline.audit.readers.chart_data import chart_fields
from waferline.audit.readers.kinds import kind_of
from waferline.audit.readers.number_format import BUILT_IN, shown
from waferline.audit.readers.package import Package, local
from waferline.audit.readers.writing import Field, Writer
from waferline.errors import BadInput

MAX_CELLS = 2_000_000
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|表|feuille|tabelle)\s*\d*$", re.I)


@dataclass(frozen=True, slots=True)
class _Book:
    package: Package
    strings: list[str]
    formats: list[str]
    date_1904: bool


@dataclass(slots=True)
class _Sheet:
    cells: dict[tuple[int, int], str]
    spans: dict[tuple[int, int], tuple[int, int]]
    drawing: str = ""
    uncached: int = 0


def read_xlsx(package: Package) -> Document:
    """The document in a workbook: a sheet a page, its tables parted at empty rows and columns.

    Numbers stand as their number formats show them and formulas by their stored values. Hidden sheets are read
    and named in the notes. Raises BadInput beyond MAX_CELLS.
    """
    main = (package.related("").get("officeDocument") or ["xl/workbook.xml"])[0]
    if not package.has(main):
        raise BadInput(package.name, "not a workbook of XML parts", fix="save it as xlsx")
    root = package.xml(main)
    related = package.related(main)
    dates = any(
        local(e.tag) == "workbookPr" and e.get("date1904") in ("1", "true")
        for e in root.iter()
        if isinstance(e.tag, str)
    )
    book = _Book(package, _strings(package, related), _formats(package, related), dates)
    writer = Writer(package.name)
    targets = package.targets(main)
    hidden, total, uncached, sheets = [], 0, 0, 0
    for element in root.iter():
        if local(element.tag) != "sheet":
            continue
        sheets += 1
        part, title = targets.get(element.get(f"{_R}id", ""), ""), element.get("name", "")
        if element.get("state", "visible") != "visible":
            hidden.append(title)
        if not package.has(part) or "worksheet" not in part:
            _charts(part, sheets, package, writer)
            continue
        sheet = _sheet(part, book, MAX_CELLS - total)
        total += len(sheet.cells)
        uncached += sheet.uncached
        if sheet.cells and not _DEFAULT_NAME.match(title):
            writer.add("heading", title, sheets)
        _tables(sheet, sheets, writer)
        _charts(part, sheets, package, writer)
    if hidden:
        writer.notes.append(f"hidden sheets are read as well: {', '.join(hidden[:20])}")
    if uncached:
        writer.notes.append(
            f"{uncached} formula cells have no stored value (save the file in Excel); not audited"
        )
    return writer.document(pages=sheets, day=package.day())


def _strings(package: Package, related: Any) -> list[str]:
    result = []
    for part in related.get("sharedStrings", []):
        if package.has(part):
            for item in package.xml(part):
                if local(item.tag) == "si":
                    result.append(_rich(item))
    return result


def _rich(item: Any) -> str:
    """The text of a string with its runs; the reading aid over Japanese words is left out."""
    parts = []
    for child in item:
        tag = local(child.tag)
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "r":
            parts += [t.text or "" for t in child if local(t.tag) == "t"]
    return "".join(parts)


def _formats(package: Package, related: Any) -> list[str]:
    """The number format of each cell style."""
    codes = dict(BUILT_IN)
    result: list[str] = []
    for part in related.get("styles", []):
        if not package.has(part):
            continue
        root = package.xml(part)
        for element in root.iter():
            if local(element.tag) == "numFmt" and (element.get("numFmtId") or "").isdigit():
                codes[int(element.get("numFmtId"))] = element.get("formatCode") or "General"
        for element in root:
            if local(element.tag) == "cellXfs":
                for style in element:
                    key = style.get("numFmtId") or "0"
                    result.append(codes.get(int(key), "General") if key.isdigit() else "General")
    return result


def _sheet(part: str, book: _Book, room: int) -> _Sheet:
    sheet = _Sheet({}, {})
    row_number, next_column = 0, 0
    for element in _walk(book.package.bytes_of(part), f"{book.package.name}:{part}"):
        tag = local(element.tag)
        if tag == "row":
            row_number, next_column = row_number + 1, 0
            element.clear()
        elif tag == "c":
            match = _PLACE.match(element.get("r") or "")
            if match:
                row, column = int(match[2]), _column(match[1])
            else:
                row, column = row_number + 1, next_column
            next_column = column + 1
            text = _value(element, book, sheet)
            if text.strip():
                sheet.cells[row, column] = text
                if len(sheet.cells) > room:
                    raise BadInput(book.package.name, "too many cells", expected=f"at most {MAX_CELLS}")
        elif tag == "mergeCell":
            ends = [_PLACE.match(end) for end in (element.get("ref") or "").split(":")]
            if len(ends) == 2 and ends[0] and ends[1]:
                top, left = int(ends[0][2]), _column(ends[0][1])
                sheet.spans[top, left] = (int(ends[1][2]) - top + 1, _column(ends[1][1]) - left + 1)
    return sheet


def _walk(data: bytes, where: str) -> Iterator[Any]:
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:100_000]:
        raise BadInput(where, "the XML declares a document type, which Office files do not")
    # The parser's own limits hold: no deeper than 256 levels, no text beyond 10 MB in one node.
    events = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for _, element in events:
            yield element
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput(where, "damaged XML, or nested too deeply") from error


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: Any, book: _Book, sheet: _Sheet) -> str:
    kind = cell.get("t", "n")
    stored, formula = None, False
    for child in cell:
        tag = local(child.tag)
        if tag == "v":
            stored = child.text or ""
        elif tag == "is":
            return _rich(child)
        elif tag == "f":
            formula = True
    if not stored and (formula or stored is None):
        sheet.uncached += formula
        return ""
    if kind == "s":
        return book.strings[int(stored)] if stored.isdigit() and int(stored) < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if stored == "1" else "FALSE"
    if kind in ("str", "e", "d"):
        return stored
    style = cell.get("s") or "0"
    code = book.formats[int(style)] if style.isdigit() and int(style) < len(book.formats) else "General"
    return shown(stored, code, date_1904=book.date_1904)


# -------------------------------------------------------------------------------------------- tables


def _tables(sheet: _Sheet, number: int, writer: Writer) -> None:
    covered = set(sheet.cells)
    for (top, left), (height, width) in sheet.spans.items():
        if (top, left) in sheet.cells and height * width <= 10_000:
            covered.update((r, c) for r in range(top, top + height) for c in range(left, left + width))
    for part in _islands(covered):
        _island({at: sheet.cells[at] for at in part if at in sheet.cells}, sheet.spans, number, writer)


def _islands(places: set[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The used places parted at empty rows, then at empty columns, until neither is left."""
    result = []
    todo = [sorted(places)]
    while todo:
        part = todo.pop()
        if not part:
            continue
        by_row = _runs(part, 0)
        pieces = by_row if len(by_row) > 1 else _runs(part, 1)
        if len(pieces) == 1:
            result.append(sorted(part))
        else:
            todo += reversed(pieces)
    return result


def _runs(places: list[tuple[int, int]], axis: int) -> list[list[tuple[int, int]]]:
    result: list[list[tuple[int, int]]] = []
    last = None
    for place in sorted(places, key=lambda p: (p[axis], p[1 - axis])):
        if last is None or place[axis] > last + 1:
            result.append([])
        result[-1].append(place)
        last = place[axis]
    return result


def _island(
    cells: dict[tuple[int, int], str],
    spans: dict[tuple[int, int], tuple[int, int]],
    number: int,
    writer: Writer,
) -> None:
    """One table, with titles and unit lines above it and notes below it as running text."""
    rows: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        rows.setdefault(row, []).append(column)
    order = list(rows)
    first, last = 0, len(order)
    wide = any(len(columns) > 1 for columns in rows.values())
    while wide and first < last and _is_line(cells, order[first], rows):
        first += 1
    while wide and last > first and _is_line(cells, order[last - 1], rows):
        last -= 1
    if not wide and all(not re.search(r"^[\d.,%()+-]+$", text) for text in cells.values()):
        first = last = len(order)
    for row in order[:first]:
        text = cells[row, rows[row][0]]
        writer.add(kind_of(text), text, number)
    inner = set(order[first:last])
    left = min((c for r, c in cells if r in inner), default=0)
    top = order[first] if first < len(order) else 0
    writer.table(
        [
            Field(row - top, column - left, text, False, *spans.get((row, column), (1, 1)))
            for (row, column), text in cells.items()
            if row in inner
        ],
        number,
    )
    for row in order[last:] if first < len(order) else []:
        text = cells[row, rows[row][0]]
        writer.add(kind_of(text), text, number)


def _is_line(cells: dict[tuple[int, int], str], row: int, rows: dict[int, list[int]]) -> bool:
    """Whether a row is a line of text: a title, a unit, a note in its first cell alone."""
    columns = rows[row]
    lefts = min(c for r in rows for c in rows[r])
    return (
        len(columns) == 1
        and columns[0] == lefts
        and not re.fullmatch(r"[\d.,%()+\s-]+", cells[row, columns[0]])
    )


def _charts(part: str, number: int, package: Package, writer: Writer) -> None:
    if not package.has(part):
        return
    for drawing in package.related(part).get("drawing", []):
        for chart in package.related(drawing).get("chart", []) if package.has(drawing) else []:
            if package.has(chart):
                title, fields = chart_fields(package.xml(chart))
                if title:
                    writer.add("caption", title, number)
                writer.table(fields, number, "chart")
