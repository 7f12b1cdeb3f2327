"""This module reads a Word file: paragraphs, tables, text boxes, footnotes and the data of native charts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from waferline.audit.document import BlockKind, Document
from waferline.audit.readers.characters import RAISED, joined
from waferline.audit.readers.chart_data import chart_fields
from waferline.audit.readers.kinds import kind_of, starts_item
from waferline.audit.readers.package import Package, local
from waferline.audit.readers.writing import Field, Writer
from waferline.errors import BadInput

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SKIPPED = {"del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sectPr", "tblPr", "fldData", "Fallback"}
_HEADING = re.compile(r"(heading|标题|標題|title|subtitle|副标题)\s*\d?", re.I)
_MAX_SPAN = 1000


@dataclass
class _Reading:
    package: Package
    part: str
    writer: Writer
    styles: dict[str, str]
    targets: dict[str, str] = field(default_factory=dict)


def read_docx(package: Package) -> Document:
    """The document in a Word file. Deleted (tracked) and hidden text is left out; headers are furniture."""
    main = (package.related("").get("officeDocument") or ["word/document.xml"])[0]
    if not package.has(main):
        raise BadInput(package.name, "the Word file has no document part")
    writer = Writer(package.name)
    reading = _Reading(package, main, writer, _style_names(package), package.targets(main))
    for body in package.xml(main):
        if local(body.tag) == "body":
            _blocks(body, reading)
    related = package.related(main)
    for kind in ("footnotes", "endnotes"):
        for part in related.get(kind, []):
            _notes(part, reading)
    seen = set()
    for kind in ("header", "footer"):
        for part in related.get(kind, []):
            if package.has(part):
                text = "\n".join(_text(p)[0] for p in package.xml(part).iter(f"{_W}p"))
                if text.strip() and text not in seen:
                    seen.add(text)
                    writer.add("furniture", text)
    return writer.document(day=package.day())


def _style_names(package: Package) -> dict[str, str]:
    """Style id to the style's name, with the heading level of an outline standing for a name."""
    result: dict[str, str] = {}
    if not package.has("word/styles.xml"):
        return result
    for style in package.xml("word/styles.xml"):
        if local(style.tag) != "style":
            continue
        name = next((e.get(f"{_W}val", "") for e in style if local(e.tag) == "name"), "")
        if any(local(e.tag) == "outlineLvl" and e.get(f"{_W}val", "9") != "9" for e in style.iter()):
            name = f"heading {name}"
        result[style.get(f"{_W}styleId", "")] = name
    return result


def _blocks(parent: Any, reading: _Reading) -> None:
    for element in parent:
        tag = local(element.tag)
        if tag == "p":
            _paragraph(element, reading)
        elif tag == "tbl":
            _table(element, reading)
        elif tag and tag not in _SKIPPED:
            _blocks(element, reading)


def _paragraph(element: Any, reading: _Reading) -> None:
    text, frames = _text(element)
    reading.writer.add(_kind(element, text, reading.styles), text)
    for frame in frames:
        if local(frame.tag) == "chart":
            _chart(frame, reading)
        else:
            _blocks(frame, reading)


def _kind(element: Any, text: str, styles: dict[str, str]) -> BlockKind:
    style, numbered, outlined = "", False, False
    for properties in element:
        if local(properties.tag) == "pPr":
            for item in properties:
                tag = local(item.tag)
                if tag == "pStyle":
                    style = styles.get(item.get(f"{_W}val", ""), item.get(f"{_W}val", ""))
                numbered = numbered or tag == "numPr"
                outlined = outlined or (tag == "outlineLvl" and item.get(f"{_W}val", "9") != "9")
    low = style.lower()
    if low.startswith(("toc", "table of figures")) and "heading" not in low:
        return "contents"
    found = kind_of(text)
    if found != "paragraph":
        return found
    if low.startswith(("caption", "题注")):
        return "caption"
    if (outlined or _HEADING.match(low)) and len(text) < 200:
        return "heading"
    return "list" if numbered or starts_item(text) or low.startswith("list") else "paragraph"


def _text(paragraph: Any) -> tuple[str, list[Any]]:
    """A paragraph's text, and the text boxes and charts anchored in it."""
    parts: list[str] = []
    frames: list[Any] = []
    _collect(paragraph, parts, frames)
    return "".join(parts), frames


def _collect(element: Any, parts: list[str], frames: list[Any]) -> None:
    for child in element:
        tag = local(child.tag)
        if tag == "r":
            _run(child, parts, frames)
        elif tag == "txbxContent" or (tag == "chart" and child.get(f"{_R}id")):
            frames.append(child)
        elif tag and tag not in _SKIPPED:
            _collect(child, parts, frames)


def _run(run: Any, parts: list[str], frames: list[Any]) -> None:
    raised = False
    for child in run:
        tag = local(child.tag)
        if tag == "rPr":
            for item in child:
                name = local(item.tag)
                if name in ("vanish", "webHidden") and item.get(f"{_W}val", "1") not in ("0", "false"):
                    return
                raised = raised or (name == "vertAlign" and item.get(f"{_W}val") == "superscript")
        elif tag == "t":
            parts.append((child.text or "").translate(RAISED) if raised else child.text or "")
        elif tag in ("tab", "ptab"):
            parts.append("\t")
        elif tag in ("br", "cr"):
            parts.append("\n" if child.get(f"{_W}type", "textWrapping") == "textWrapping" else " ")
        elif tag == "noBreakHyphen":
            parts.append("-")
        elif tag in ("footnoteReference", "endnoteReference"):
            parts.append(child.get(f"{_W}id", "").translate(RAISED))
        elif tag == "sym":
            parts.append(_symbol(child.get(f"{_W}char", "")))
        elif tag and tag not in _SKIPPED:
            _collect(child, parts, frames)


def _symbol(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _chart(frame: Any, reading: _Reading) -> None:
    part = reading.targets.get(frame.get(f"{_R}id", ""), "")
    if reading.package.has(part):
        title, fields = chart_fields(reading.package.xml(part))
        if title:
            reading.writer.add("caption", title)
        reading.writer.table(fields, kind="chart")


def _table(table: Any, reading: _Reading) -> None:
    fields: list[Field] = []
    inner: list[Any] = []
    open_merges: dict[int, int] = {}  # column: place in `fields` of the cell that goes on below
    for number, row in enumerate(_children(table, "tr")):
        properties = [e for e in row if local(e.tag) == "trPr"]
        header = any(local(e.tag) == "tblHeader" for p in properties for e in p)
        column = sum(_number(e) for p in properties for e in p if local(e.tag) == "gridBefore")
        for cell in _children(row, "tc"):
            span, merge = 1, ""
            for p in cell:
                if local(p.tag) == "tcPr":
                    for item in p:
                        if local(item.tag) == "gridSpan":
                            span = min(max(_number(item), 1), _MAX_SPAN)
                        elif local(item.tag) == "vMerge":
                            merge = item.get(f"{_W}val", "continue")
            if merge == "continue" and column in open_merges:
                at = open_merges[column]
                above = fields[at]
                fields[at] = Field(
                    above.row, column, above.text, above.header, number - above.row + 1, above.columns
                )
            else:
                text, frames = _cell_text(cell)
                inner += frames
                fields.append(Field(number, column, text, header, 1, span))
                if merge == "restart":
                    open_merges[column] = len(fields) - 1
                else:
                    open_merges.pop(column, None)
            column += span
    if len({f.column for f in fields if f.text.strip()}) < 2 and len(fields) > 0 and _is_layout(fields):
        for f in fields:
            reading.writer.add(kind_of(f.text), f.text)
    else:
        reading.writer.table(fields)
    for frame in inner:
        if local(frame.tag) == "tbl":
            _table(frame, reading)
        elif local(frame.tag) == "chart":
            _chart(frame, reading)
        else:
            _blocks(frame, reading)


def _is_layout(fields: list[Field]) -> bool:
    """A box drawn with a table of one column: its text is running text."""
    return any(len(f.text) > 60 for f in fields) or len(fields) == 1


def _children(element: Any, name: str) -> Iterator[Any]:
    """The children of this name, also those wrapped in content controls."""
    for child in element:
        tag = local(child.tag)
        if tag == name:
            yield child
        elif tag in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _children(child, name)


def _number(element: Any) -> int:
    text = element.get(f"{_W}val", "")
    return int(text) if text.isdigit() and len(text) < 6 else 0


def _cell_text(cell: Any) -> tuple[str, list[Any]]:
    text = ""
    frames: list[Any] = []
    for child in cell:
        tag = local(child.tag)
        if tag == "p":
            more, inner = _text(child)
            frames += inner
            text = joined(text, more) if text else more
        elif tag == "tbl":
            frames.append(child)
        elif tag in ("sdt", "sdtContent", "customXml"):
            more, inner = _cell_text(child)
            frames += inner
            text = joined(text, more) if text else more
    return text, frames


def _notes(part: str, reading: _Reading) -> None:
    if not reading.package.has(part):
        return
    for note in reading.package.xml(part):
        if note.get(f"{_W}type") in ("separator", "continuationSeparator", "continuationNotice"):
            continue
        text = " ".join(_text(p)[0].strip() for p in note.iter(f"{_W}p"))
        mark = note.get(f"{_W}id", "").translate(RAISED)
        if text.strip():
            reading.writer.add("footnote", f"{mark} {text.strip()}")
