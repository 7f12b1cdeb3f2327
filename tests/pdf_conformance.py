"""An independent reading of a PDF against what ISO 19005-2 (level A) and ISO 14289-1 ask and a program can see.

Typst writes the file and says that it conforms; here qpdf (through pikepdf) reads it and judges again. It is no
certificate: colour spaces, contrast and whether an alternative text is a good one are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

_STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index",
    "NonStruct", "Private", "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody",
    "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Span", "Quote", "Note", "Reference",
    "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP", "Figure",
    "Formula", "Form",
}  # fmt: skip
_INSIDE = {
    "TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"}, "THead": {"Table"}, "TBody": {"Table"},
    "TFoot": {"Table"}, "LI": {"L"}, "LBody": {"LI"}, "TOCI": {"TOC"},
}  # fmt: skip
_PAINTS = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "Tj", "TJ", "'", '"', "INLINE IMAGE"}


def findings(document: bytes) -> list[str]:
    """What breaks one of the two standards, one line each; empty when nothing was found."""
    with Pdf.open(BytesIO(document)) as pdf:
        return [
            *_file(document, pdf),
            *_metadata(pdf),
            *_catalog(pdf),
            *_fonts(pdf),
            *_structure(pdf),
            *_content(pdf),
            *_annotations(pdf),
        ]


def elements(pdf: Pdf) -> Iterator[tuple[str, Dictionary, tuple[str, ...]]]:
    """Every structure element in reading order: its type, itself, the types above it."""

    def walk(node: Any, above: tuple[str, ...]) -> Iterator[tuple[str, Dictionary, tuple[str, ...]]]:
        for kid in _kids(node):
            if isinstance(kid, Dictionary) and Name.S in kid:
                kind = str(kid.S).lstrip("/")
                yield kind, kid, above
                yield from walk(kid, (*above, kind))

    yield from walk(pdf.Root.StructTreeRoot, ())


def _kids(node: Any) -> list[Any]:
    kids = node.get(Name.K)
    return [] if kids is None else list(kids) if isinstance(kids, Array) else [kids]


def _file(document: bytes, pdf: Pdf) -> Iterator[str]:
    lines = document.split(b"\n", 2)
    if not re.fullmatch(rb"%PDF-1\.[0-7]", lines[0].rstrip()):
        yield f"file: version {lines[0]!r}"
    if not (lines[1].startswith(b"%") and sum(byte > 127 for byte in lines[1][1:5]) == 4):
        yield "file: no binary mark in the second line"
    if pdf.is_encrypted:
        yield "file: encrypted"
    if Name.ID not in pdf.trailer:
        yield "file: no ID in the trailer"


def _metadata(pdf: Pdf) -> Iterator[str]:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        wanted = {"pdfaid:part": "2", "pdfaid:conformance": "A", "pdfuaid:part": "1"}
        for key, value in wanted.items():
            if meta.get(key) != value:
                yield f"metadata: {key} is {meta.get(key)!r}"
        title = meta.get("dc:title")
    if not title:
        yield "metadata: no title"
    if Name.Info in pdf.trailer and str(pdf.trailer.Info.get(Name.Title, "")) != title:
        yield "metadata: two titles"
    if Name.Filter in pdf.Root.Metadata:
        yield "metadata: compressed"


def _catalog(pdf: Pdf) -> Iterator[str]:
    root = pdf.Root
    mark = root.get(Name.MarkInfo, Dictionary())
    if mark.get(Name.Marked) is not True or mark.get(Name.Suspects, False) is True:
        yield "catalog: not marked as tagged"
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", str(root.get(Name.Lang, ""))):
        yield "catalog: no language"
    if root.get(Name.ViewerPreferences, Dictionary()).get(Name.DisplayDocTitle) is not True:
        yield "catalog: the title is not shown"
    for forbidden in (Name.AA, Name.OpenAction, Name.AcroForm, Name.NeedsRendering):
        if forbidden in root:
            yield f"catalog: {forbidden}"
    if Name.JavaScript in root.get(Name.Names, Dictionary()):
        yield "catalog: JavaScript"
    intents = [i for i in root.get(Name.OutputIntents, Array()) if i.S == Name.GTS_PDFA1]
    if len(intents) != 1:
        yield "catalog: no output intent"
    for intent in intents:
        profile = intent.DestOutputProfile
        space = profile.read_bytes()[16:20].strip()
        if {b"RGB": 3, b"GRAY": 1, b"CMYK": 4}.get(space) != int(profile.N):
            yield "catalog: the colour profile is not what it says"


def _fonts(pdf: Pdf) -> Iterator[str]:
    for font in {obj.objgen: obj for obj in pdf.objects if _is(obj, "Font")}.values():
        name = str(font.get(Name.BaseFont, "?"))
        if font.Subtype in (Name.CIDFontType0, Name.CIDFontType2):
            described = font.get(Name.FontDescriptor, Dictionary())
            if not {Name.FontFile, Name.FontFile2, Name.FontFile3} & {Name(key) for key in described}:
                yield f"font {name}: not embedded"
            if font.Subtype == Name.CIDFontType2 and Name.CIDToGIDMap not in font:
                yield f"font {name}: no map from characters to glyphs"
            continue
        if font.Subtype != Name.Type3 and Name.ToUnicode not in font:
            yield f"font {name}: its text cannot be read out"
        elif Name.ToUnicode in font and re.search(
            rb"<[0-9a-fA-F]+>\s*<(0000|FEFF|FFFE)>", font.ToUnicode.read_bytes(), re.IGNORECASE
        ):
            yield f"font {name}: a glyph stands for no character"


def _is(obj: Any, kind: str) -> bool:
    return isinstance(obj, Dictionary) and obj.get(Name.Type) == Name("/" + kind) and Name.Subtype in obj


def _structure(pdf: Pdf) -> Iterator[str]:
    if Name.StructTreeRoot not in pdf.Root:
        yield "structure: none"
        return
    roles = {str(k): str(v) for k, v in pdf.Root.StructTreeRoot.get(Name.RoleMap, Dictionary()).items()}
    level, found = 0, list(elements(pdf))
    if not found:
        yield "structure: empty"
    for kind, element, above in found:
        role = roles.get("/" + kind, "/" + kind).lstrip("/")
        if role not in _STANDARD:
            yield f"structure: {kind} is no standard type"
        if kind in _INSIDE and (not above or above[-1] not in _INSIDE[kind]):
            yield f"structure: {kind} stands in {above[-1] if above else 'nothing'}"
        if kind in ("Figure", "Formula") and not str(element.get(Name.Alt, "")).strip():
            yield f"structure: {kind} without alternative text"
        # ISO 32000-1, table 344: asked for where the figure stands on one page whole.
        if kind == "Figure" and "BBox" not in _attributes(element) and len(_pages(element)) < 2:
            yield "structure: Figure without its box"
        if kind == "TH" and "Scope" not in _attributes(element):
            yield "structure: TH without scope"
        if kind == "Table":
            yield from _table(element)
        if re.fullmatch("H[1-6]", kind):
            if int(kind[1]) > level + 1:
                yield f"structure: {kind} after level {level}"
            level = int(kind[1])


def _pages(element: Dictionary) -> set[tuple[int, int]]:
    """The pages on which an element has content."""
    found: set[tuple[int, int]] = set()
    for kid in _kids(element):
        if not isinstance(kid, Dictionary):  # a number of content on the element's own page
            found.add(element.Pg.objgen)
        elif Name.S in kid:
            found |= _pages(kid)
        else:
            found.add(kid.get(Name.Pg, element.get(Name.Pg)).objgen)
    return found


def _attributes(element: Dictionary) -> dict[str, Any]:
    held = element.get(Name.A, Array())
    out: dict[str, Any] = {}
    for each in held if isinstance(held, Array) else [held]:
        if isinstance(each, Dictionary):
            out.update({str(key).lstrip("/"): value for key, value in each.items()})
    return out


def _table(element: Dictionary) -> Iterator[str]:
    """Every row of a table spans the same columns; the first has heads."""
    rows: list[Dictionary] = []
    for kid in _kids(element):
        if isinstance(kid, Dictionary):
            rows.extend(
                [kid] if kid.get(Name.S) == Name.TR else [k for k in _kids(kid) if isinstance(k, Dictionary)]
            )
    widths = {
        sum(int(_attributes(cell).get("ColSpan", 1)) for cell in _kids(row) if isinstance(cell, Dictionary))
        for row in rows
    }
    if len(widths) != 1:
        yield f"structure: a table whose rows have {sorted(widths)} columns"
    if rows and not any(cell.get(Name.S) == Name.TH for cell in _kids(rows[0])):
        yield "structure: a table without heads"


def _content(pdf: Pdf) -> Iterator[str]:
    """What is painted is an artifact or belongs to exactly one structure element."""
    owners = _parents(pdf)
    for number, page in enumerate(pdf.pages, 1):
        seen: set[int] = set()
        bare = 0
        for mark, inside in _painted(page.obj):
            if isinstance(mark, int) and inside == "begin":
                if mark in seen:
                    yield f"page {number}: content {mark} twice"
                seen.add(mark)
            elif inside == "bare":
                bare += 1
        if bare:
            yield f"page {number}: {bare} pieces are neither tagged nor artifacts"
        owned = owners.get(int(page.obj.get(Name.StructParents, -1)), [])
        for mcid in sorted(seen):
            if mcid >= len(owned) or not isinstance(owned[mcid], Dictionary):
                yield f"page {number}: content {mcid} belongs to no element"


def _painted(holder: Any, covered: bool = False) -> Iterator[tuple[int | None, str]]:
    """Marked pieces as they begin, and every painting that no mark covers; forms are looked into."""
    stack: list[bool] = []
    for step in pikepdf.parse_content_stream(holder):
        operator = str(step.operator)
        if operator in ("BDC", "BMC"):
            tag = step.operands[0]
            properties = step.operands[1] if operator == "BDC" else Dictionary()
            if isinstance(properties, Name):
                properties = holder.Resources.Properties[properties]
            mcid = properties.get(Name.MCID)
            if mcid is not None:
                yield int(mcid), "begin"
            stack.append(tag == Name.Artifact or mcid is not None)
        elif operator == "EMC":
            stack.pop()
        elif operator in _PAINTS:
            inside = covered or any(stack)
            if operator == "Do":
                form = holder.Resources.XObject[step.operands[0]]
                if form.Subtype == Name.Form:
                    yield from _painted(form, inside or Name.StructParents in form)
                    continue
            if not inside:
                yield None, "bare"


def _parents(pdf: Pdf) -> dict[int, list[Any]]:
    """The parent tree: for each page (or annotation) the elements that own its content."""
    out: dict[int, list[Any]] = {}
    tree = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
    for key, value in tree.items():
        out[key] = list(value) if isinstance(value, Array) else [value]
    return out


def _annotations(pdf: Pdf) -> Iterator[str]:
    owners = _parents(pdf)
    for number, page in enumerate(pdf.pages, 1):
        notes = list(page.obj.get(Name.Annots, Array()))
        if notes and page.obj.get(Name.Tabs) != Name.S:
            yield f"page {number}: links are not visited in reading order"
        for note in notes:
            if note.Subtype != Name.Link:
                yield f"page {number}: an annotation of kind {note.Subtype}"
            flags = int(note.get(Name.F, 0))
            if not flags & 4 or flags & (1 | 2 | 32):
                yield f"page {number}: a link that is not printed"
            owner = owners.get(int(note.get(Name.StructParent, -1)), [None])[0]
            if not isinstance(owner, Dictionary) or str(owner.S) != "/Link":
                yield f"page {number}: a link outside the structure"
            if not str(note.get(Name.Contents, "")).strip():
                yield f"page {number}: a link that says nothing"
