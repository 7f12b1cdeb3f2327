"""Writes a text with pipe tables as PDF (one and two columns), DOCX, HTML and XLSX, to test the readers against it.

A document is a list of parts: a paragraph is a string, a table a list of rows.
"""

from __future__ import annotations

import html
import io
import json
from collections.abc import Sequence

import typst

Part = str | list[list[str]]

_TYPST = """
#let data = json(sys.inputs.at("file"))
#set page(width: data.width * 1pt, height: data.height * 1pt, margin: (x: 40pt, y: 44pt), columns: data.columns,
  header: if data.furniture [#text(8pt)[Research note · 研究报告 #h(1fr) 2025]],
  footer: if data.furniture [#text(8pt)[#h(1fr) #context counter(page).display()]])
#set text(size: data.size * 1pt, lang: data.lang, font: ("Libertinus Serif", "Noto Sans SC"), cjk-latin-spacing: none, hyphenate: data.justify)
#set par(justify: data.justify, first-line-indent: (amount: data.indent * 1em, all: true), spacing: if data.indent > 0 { 0.65em } else { 1.2em })
#for part in data.parts {
  if type(part) == str [#par(part)] else {
    table(columns: part.at(0).len(), stroke: if data.ruled == "grid" { 0.5pt } else { none }, align: (x, y) => if x == 0 { left } else { right },
      ..if data.ruled == "three" { (table.hline(stroke: 1pt), ..part.at(0), table.hline(stroke: 0.5pt), ..part.slice(1).flatten(), table.hline(stroke: 1pt)) } else { part.flatten() })
  }
}
"""


def parts_of(text: str) -> list[Part]:
    """A plain text's parts: runs of lines with bars are tables, every other line is a paragraph."""
    parts: list[Part] = []
    in_table = False
    for line in text.split("\n"):
        if " | " in line or line.rstrip().endswith(" |"):
            row = [cell.strip() for cell in line.split("|")]
            if not in_table:
                parts.append([])
            rows = parts[-1]
            assert isinstance(rows, list)
            rows.append(row)
            in_table = True
        else:
            in_table = False
            if line.strip():
                parts.append(line.strip())
    return [_even(part) if isinstance(part, list) else part for part in parts]


def _even(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def pdf(
    parts: Sequence[Part],
    *,
    columns: int = 1,
    height: int = 700,
    width: int = 595,
    ruled: str = "grid",
    indent: int = 0,
    justify: bool = True,
    lang: str = "en",
    size: float = 10.5,
    furniture: bool = True,
    font_paths: Sequence[str] = (),
    tmp: str = "",
    tagged: bool = False,
) -> bytes:
    """A PDF by Typst. `ruled` is "grid", "three" (lines only above and below the head and at the end) or "none";
    `tagged` says whether its tags name tables and cells."""
    data = {
        "parts": list(parts),
        "columns": columns,
        "height": height,
        "width": width,
        "ruled": ruled,
        "indent": indent,
        "justify": justify,
        "lang": lang,
        "size": size,
        "furniture": furniture,
    }
    with open(f"{tmp}/parts.json", "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(data, file)
    with open(f"{tmp}/main.typ", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(_TYPST)
    return typst.compile(
        f"{tmp}/main.typ", root=tmp, sys_inputs={"file": "parts.json"}, font_paths=list(font_paths),
        pdf_tags=tagged,
    )  # fmt: skip


# Chrome breaks pages between columns of text; narrow ones put the cells of a table on several lines.
PRINTED = {
    "one column": "size: 595pt 700pt; columns: 1; border: grid",
    "two columns": "size: 595pt 842pt; columns: 2; border: grid",
    "short pages": "size: 595pt 230pt; columns: 1; border: three",
    "short pages of two columns": "size: 595pt 300pt; columns: 2; border: three",
}


def printed_page(parts: Sequence[Part], layout: str, font: str) -> str:
    """A page for a browser to print: an HTML document with the layout's style and its own Chinese font."""
    said = dict(pair.split(": ") for pair in PRINTED[layout].split("; "))
    chinese = any("一" <= char <= "鿿" for char in str(parts))
    borders = {
        "grid": "td,th{border:0.5pt solid #000}",
        "three": "table{border-top:1pt solid;border-bottom:1pt solid}tr:first-child>*{border-bottom:.5pt solid}",
    }
    style = (
        f"@font-face{{font-family:'Own';src:url('{font}')}}"
        f"@page{{size:{said['size']};margin:44pt 40pt}}"
        f"body{{margin:0;font:{9.5 if said['columns'] == '2' else 10.5}pt "
        f"{'Own' if chinese else 'serif'},Own;column-count:{said['columns']};column-gap:18pt;text-align:justify}}"
        "p{margin:.5em 0}table{border-collapse:collapse;margin:.8em 0}"
        "td,th{padding:2pt 6pt;text-align:right;font-weight:normal}tr>:first-child{text-align:left}"
        + borders[said["border"]]
    )
    return html_page(parts).decode().replace("<title>", f"<style>{style}</style><title>")


def docx(parts: Sequence[Part]) -> bytes:
    import docx as python_docx

    document = python_docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
        else:
            table = document.add_table(len(part), len(part[0]))
            for r, row in enumerate(part):
                for c, text in enumerate(row):
                    table.cell(r, c).text = text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def html_page(parts: Sequence[Part]) -> bytes:
    body = []
    for part in parts:
        if isinstance(part, str):
            body.append(f"<p>{html.escape(part)}</p>")
        else:
            rows = "".join(
                "<tr>" + "".join(f"<{tag}>{html.escape(c)}</{tag}>" for c in row) + "</tr>"
                for tag, row in zip(["th", *["td"] * len(part)], part, strict=False)
            )
            body.append(f"<table>{rows}</table>")
    page = f'<!doctype html><html><head><meta charset="utf-8"><title>t</title></head><body>{"".join(body)}</body></html>'
    return page.encode()


def xlsx(tables: Sequence[list[list[str]]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(tables, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for r, row in enumerate(rows, start=1):
            for c, text in enumerate(row, start=1):
                _set(sheet.cell(r, c), text)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _set(cell: object, text: str) -> None:
    """A number as a number with the format that prints it as it stood."""
    bare = text.replace(",", "").rstrip("%")
    try:
        value = float(bare)
    except ValueError:
        cell.value = text  # type: ignore[attr-defined]
        return
    places = len(bare.partition(".")[2])
    mask = ("#,##0" if "," in text else "0") + ("." + "0" * places if places else "")
    if text.endswith("%"):
        value, mask = value / 100, mask + "%"
    cell.value, cell.number_format = value, mask  # type: ignore[attr-defined]


def pptx(parts: Sequence[Part]) -> bytes:
    import pptx as python_pptx
    from pptx.util import Cm

    show = python_pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    for number, part in enumerate(parts):
        if isinstance(part, str):
            box = slide.shapes.add_textbox(Cm(1), Cm(1 + 4 * number), Cm(22), Cm(2))
            box.text_frame.text = part
        else:
            frame = slide.shapes.add_table(len(part), len(part[0]), Cm(1), Cm(1 + 4 * number), Cm(20), Cm(4))
            for r, row in enumerate(part):
                for c, text in enumerate(row):
                    frame.table.cell(r, c).text = text
    target = io.BytesIO()
    show.save(target)
    return target.getvalue()
