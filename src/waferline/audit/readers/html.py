"""This module reads an HTML page as a reader sees it: scripts, styles and hidden parts are left out."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from waferline.audit.document import BlockKind, Document
from waferline.audit.readers.characters import RAISED
from waferline.audit.readers.kinds import kind_of, starts_item
from waferline.audit.readers.writing import Field, Writer
from waferline.errors import BadInput

MAX_TAGS = 3_000_000
_MAX_DEPTH = 200
_MAX_SPAN = 1000
_MAX_COLUMNS = 2000  # spans end here
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "title",
        "meta",
        "link",
        "svg",
        "canvas",
        "math",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "map",
        "select",
        "option",
        "datalist",
        "button",
        "input",
        "textarea",
        "del",
        "s",
        "strike",
        "rp",
        "rt",
        "dialog",
    ]
)
_BLOCKS = frozenset(
    [
        "html",
        "body",
        "div",
        "p",
        "section",
        "article",
        "main",
        "aside",
        "header",
        "footer",
        "nav",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "figure",
        "figcaption",
        "address",
        "fieldset",
        "form",
        "details",
        "summary",
        "hr",
        "center",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
    ]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def read_html(text: str, name: str, notes: tuple[str, ...] = ()) -> Document:
    """The document in an HTML page: headings, paragraphs, lists, tables and captions in their order."""
    if text.count("<") > MAX_TAGS:
        raise BadInput(name, "too many tags", expected=f"at most {MAX_TAGS}")
    writer = Writer(name)
    writer.notes += notes
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(body.encode("utf-8", "replace"), parser) if body.strip() else None
    except (etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise BadInput(name, "not readable HTML") from error
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise BadInput(name, "the HTML is nested too deeply")
    if root is not None:
        page = _Page(writer)
        page.element(root, 0, "paragraph")
        page.flush("paragraph")
    return writer.document()


class _Page:
    """Walks the tree: inline text gathers until a block begins or ends."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.parts: list[str] = []

    def flush(self, kind: BlockKind) -> None:
        text = "".join(self.parts)
        self.parts = []
        if not text.strip():
            return
        lines = [_SPACE.sub(" ", line).strip() for line in text.split("\v")]
        whole = "\n".join(line for line in lines if line)
        found = kind
        if kind in ("paragraph", "list"):
            found = kind_of(whole, "list" if kind == "list" or starts_item(whole) else "paragraph")
        self.writer.add(found, whole)

    def element(self, element: Any, depth: int, kind: BlockKind) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or _is_hidden(element):
            return
        if depth > _MAX_DEPTH:
            self.parts += [str(piece) for piece in element.itertext()]
            return
        if tag == "br":
            self.parts.append("\v")
        elif tag in ("table",):
            self.flush(kind)
            self.table(element, depth, kind)
        elif tag in _BLOCKS:
            self.flush(kind)
            inner = _kind(element, tag, kind)
            self.inside(element, depth, inner)
            self.flush(inner)
        elif tag == "sup":
            mark = len(self.parts)
            self.inside(element, depth, kind)
            self.parts[mark:] = [part.translate(RAISED) for part in self.parts[mark:]]
        else:
            self.inside(element, depth, kind)

    def inside(self, element: Any, depth: int, kind: BlockKind) -> None:
        keep = element.tag == "pre"
        self._say(element.text, keep)
        for child in element:
            self.element(child, depth + 1, kind)
            self._say(child.tail, keep)

    def _say(self, text: str | None, keep: bool) -> None:
        if text:
            self.parts.append(text.replace("\n", "\v") if keep else text)

    def table(self, table: Any, depth: int, kind: BlockKind) -> None:
        rows = _rows(table)
        for caption in table:
            if caption.tag == "caption":
                self.inside(caption, depth + 1, "caption")
                self.flush("caption")
        if _is_layout(table, rows):
            for row in rows:
                for cell in row:
                    self.inside(cell, depth + 3, kind)
                    self.flush(kind)
            return
        taken: set[tuple[int, int]] = set()
        fields = []
        for number, row in enumerate(rows):
            column = 0
            for cell in row:
                while (number, column) in taken:
                    column += 1
                height, width = _span(cell, "rowspan"), _span(cell, "colspan")
                height = min(height, len(rows) - number)
                width = min(width, max(_MAX_COLUMNS - column, 1))
                if height * width > 1:
                    taken.update((number + r, column + c) for r in range(height) for c in range(width))
                text = self._cell(cell, depth + 3)
                fields.append(Field(number, column, text, cell.tag == "th", height, width))
                column += width
        self.writer.table(fields)

    def _cell(self, cell: Any, depth: int) -> str:
        inner = _Page(Writer(""))
        inner.inside(cell, depth, "paragraph")
        inner.flush("paragraph")
        document = inner.writer.document()
        return " ".join(document.piece(block).replace("\n", " ") for block in document.blocks)


def _kind(element: Any, tag: str, kind: BlockKind) -> BlockKind:
    if kind in ("furniture", "contents"):
        return kind
    if tag == "nav" or element.get("role") in ("navigation", "banner", "contentinfo"):
        return "furniture"
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return "heading"
    if tag in ("figcaption", "caption"):
        return "caption"
    if tag in ("li", "dt", "dd"):
        return "list"
    return kind


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or bool(_HIDDEN.search(element.get("style") or ""))
        or (element.get("aria-hidden") == "true" and element.tag not in ("body", "main"))
    )


def _rows(table: Any) -> list[list[Any]]:
    rows = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows += [row for row in child if row.tag == "tr"]
    return [
        [cell for cell in row if cell.tag in ("td", "th") and not _is_hidden(cell)]
        for row in rows
        if not _is_hidden(row)
    ]


def _is_layout(table: Any, rows: list[list[Any]]) -> bool:
    """Whether a table only places parts of the page: it holds tables, or cells with long running text."""
    if next(table.iterdescendants("table"), None) is not None:
        return True
    if max((len(row) for row in rows), default=0) <= 1:
        return any(len("".join(cell.itertext())) > 60 for row in rows for cell in row)
    cells = [len("".join(cell.itertext())) for row in rows for cell in row]
    return sum(n for n in cells if n > 400) > 0.6 * sum(cells)


def _span(cell: Any, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return min(max(int(text), 1), _MAX_SPAN) if text.isdigit() and len(text) < 6 else 1
