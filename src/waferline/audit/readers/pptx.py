"""This module reads a PowerPoint file: the slides' text, tables and native charts, a slide a page."""

from __future__ import annotations

from typing import Any

from waferline.audit.document import BlockKind, Document
from waferline.audit.readers.characters import RAISED, joined
from waferline.audit.readers.chart_data import chart_fields
from waferline.audit.readers.kinds import kind_of, starts_item
from waferline.audit.readers.package import Package, local
from waferline.audit.readers.writing import Field, Writer
from waferline.errors import BadInput

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FURNITURE = {"sldNum", "dt", "ftr", "hdr"}
_TITLES = {"title", "ctrTitle"}
_MAX_SPAN = 1000
_ROW = 180_000  # EMU (half a centimetre): shapes whose tops differ by less stand side by side


def read_pptx(package: Package) -> Document:
    """The document in a PowerPoint file. Hidden slides are read and named in the notes."""
    main = (package.related("").get("officeDocument") or ["ppt/presentation.xml"])[0]
    if not package.has(main):
        raise BadInput(package.name, "the PowerPoint file has no presentation part")
    targets = package.targets(main)
    slides = [
        targets.get(e.get(f"{_R}id", ""), "") for e in package.xml(main).iter() if local(e.tag) == "sldId"
    ]
    writer = Writer(package.name)
    hidden = []
    for number, part in enumerate(slides, start=1):
        if not package.has(part):
            writer.notes.append(f"slide {number} is missing from the file; not audited")
            continue
        root = package.xml(part)
        if root.get("show") in ("0", "false"):
            hidden.append(str(number))
        _slide(root, part, number, package, writer)
    if hidden:
        writer.notes.append(f"hidden slides are read as well: {', '.join(hidden)}")
    return writer.document(pages=len(slides), day=package.day())


def _slide(root: Any, part: str, number: int, package: Package, writer: Writer) -> None:
    targets = package.targets(part)
    shapes: list[tuple[int, int, int, Any]] = []
    for tree in root.iter():
        if local(tree.tag) == "spTree":
            _gather(tree, shapes, 0, 0)
            break
    shapes.sort(key=lambda s: s[:3])
    for *_, shape in shapes:
        _shape(shape, targets, number, package, writer)
    for notes in package.related(part).get("notesSlide", []):
        if package.has(notes):
            for body in package.xml(notes).iter():
                if local(body.tag) == "sp" and _placeholder(body) == "body":
                    _paragraphs(body, number, writer, "paragraph")


def _gather(parent: Any, shapes: list[tuple[int, int, int, Any]], top: int, left: int) -> None:
    """Shapes with their places: titles first, then from top to bottom and left to right, groups together."""
    for child in parent:
        tag = local(child.tag)
        if tag in ("sp", "graphicFrame"):
            y, x = _offset(child)
            if tag == "sp" and _placeholder(child) in _TITLES:
                y = -1
            y, x = (top, left) if (y, x) == (None, None) else (y or 0, x or 0)
            shapes.append((-1 if y < 0 else y // _ROW, x, len(shapes), child))
        elif tag == "grpSp":
            y, x = _offset(child)
            inner: list[tuple[int, int, int, Any]] = []
            _gather(child, inner, 0, 0)
            for *_, shape in sorted(inner, key=lambda s: s[:3]):
                shapes.append(((y or 0) // _ROW, x or 0, len(shapes), shape))
        elif tag in ("AlternateContent", "Choice"):
            _gather(child, shapes, top, left)


def _offset(shape: Any) -> tuple[int | None, int | None]:
    for element in shape.iter():
        if local(element.tag) == "off":
            try:
                return int(element.get("y", "0")), int(element.get("x", "0"))
            except ValueError:
                return None, None
    return None, None


def _placeholder(shape: Any) -> str:
    for element in shape.iter():
        if local(element.tag) == "ph":
            return str(element.get("type", "body"))
    return ""


def _shape(shape: Any, targets: dict[str, str], number: int, package: Package, writer: Writer) -> None:
    if local(shape.tag) == "sp":
        role = _placeholder(shape)
        kind: BlockKind = "furniture" if role in _FURNITURE else "heading" if role in _TITLES else "paragraph"
        _paragraphs(shape, number, writer, kind)
        return
    for element in shape.iter():
        tag = local(element.tag)
        if tag == "tbl":
            writer.table(_table(element), number)
        elif tag == "chart" and element.get(f"{_R}id"):
            part = targets.get(element.get(f"{_R}id", ""), "")
            if package.has(part):
                title, fields = chart_fields(package.xml(part))
                if title:
                    writer.add("caption", title, number)
                writer.table(fields, number, "chart")


def _paragraphs(shape: Any, number: int, writer: Writer, kind: BlockKind) -> None:
    for body in shape:
        if local(body.tag) != "txBody":
            continue
        for paragraph in body:
            if local(paragraph.tag) == "p":
                text = _text(paragraph)
                found = kind
                if kind == "paragraph":
                    found = kind_of(text, "list" if starts_item(text) else "paragraph")
                writer.add(found, text, number)


def _text(paragraph: Any) -> str:
    parts = []
    for child in paragraph:
        tag = local(child.tag)
        if tag in ("r", "fld"):
            raised = any(local(e.tag) == "rPr" and (e.get("baseline") or "0")[:1] not in "-0" for e in child)
            text = "".join(t.text or "" for t in child if local(t.tag) == "t")
            parts.append(text.translate(RAISED) if raised else text)
        elif tag == "br":
            parts.append("\n")
    return "".join(parts)


def _table(table: Any) -> list[Field]:
    fields: list[Field] = []
    head = any(local(e.tag) == "tblPr" and e.get("firstRow") in ("1", "true") for e in table)
    rows = [e for e in table if local(e.tag) == "tr"]
    for number, row in enumerate(rows):
        for column, cell in enumerate(e for e in row if local(e.tag) == "tc"):
            if cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true"):
                continue
            text = ""
            for paragraph in cell.iter():
                if local(paragraph.tag) == "p":
                    text = joined(text, _text(paragraph)) if text else _text(paragraph)
            fields.append(
                Field(
                    number,
                    column,
                    text,
                    head and number == 0,
                    _span(cell, "rowSpan"),
                    _span(cell, "gridSpan"),
                )
            )
    return fields


def _span(cell: Any, name: str) -> int:
    text = cell.get(name, "1")
    return min(max(int(text), 1), _MAX_SPAN) if text.isdigit() and len(text) < 6 else 1
