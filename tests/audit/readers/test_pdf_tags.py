"""Tables that a PDF's tags name: without rules, with cells of several lines, merged, over columns and pages."""

from __future__ import annotations

import io

import pytest
import typst

from waferline.audit import audit_document
from waferline.audit.document import Document
from waferline.audit.readers import read_bytes

# A narrow table whose cells stand on several lines, centred upright, without a rule: only the tags part its rows.
NARROW = """
#set page(width: {width}pt, height: {height}pt, margin: 30pt, columns: {columns})
#set text(size: 9pt)
Sales by plant in millions of euros.
#table(columns: (34pt, 50pt, 50pt, 40pt), stroke: none, align: (x, y) => horizon + if x == 0 {{ left }} else {{ right }},
  table.header([Plant], [Sales of 2024], [Sales of 2023], [Change]),
  [Works in the north], [41.3], [37.6], [9.8%],
  [Works in the south], [20.4], [21.9], [−6.8%],
  [All works], [61.7], [59.5], [3.7%])
Orders came in late.
"""
ROWS = [
    ["Plant", "Sales of 2024", "Sales of 2023", "Change"],
    ["Works in the north", "41.3", "37.6", "9.8%"],
    ["Works in the south", "20.4", "21.9", "−6.8%"],
    ["All works", "61.7", "59.5", "3.7%"],
]


def made(source: str, tmp_path, tagged: bool = True) -> bytes:
    path = tmp_path / "main.typ"
    path.write_text(source, encoding="utf-8")
    return typst.compile(str(path), pdf_tags=tagged)


def tables(document: Document) -> list[list[list[str]]]:
    result = []
    for block in document.blocks:
        if block.kind == "table":
            wide = 1 + max(cell.column for cell in block.cells)
            rows = [[""] * wide for _ in range(1 + max(cell.row for cell in block.cells))]
            for cell in block.cells:
                rows[cell.row][cell.column] = document.piece(cell)
            result.append(rows)
    return result


@pytest.mark.parametrize(("height", "columns"), [(400, 1), (200, 1), (220, 2)])
def test_a_table_without_rules_is_read_by_its_tags(height, columns, tmp_path):
    data = made(NARROW.format(height=height, columns=columns, width=280 * columns), tmp_path)

    document = read_bytes(data, "a.pdf")

    assert tables(document) == [ROWS]
    assert document.text.endswith("Orders came in late.")
    assert {f.verdict for f in audit_document(document).findings} == {"consistent"}


def test_the_rules_alone_read_it_wrongly(tmp_path):
    """What the tags are for: without them the same page gives no such table."""
    data = made(NARROW.format(height=400, columns=1, width=300), tmp_path, tagged=False)

    assert tables(read_bytes(data, "a.pdf")) != [ROWS]


def test_merged_cells_keep_their_places(tmp_path):
    source = """#set page(width: 400pt, height: 300pt)
#table(columns: 5, stroke: none, table.cell(rowspan: 2)[Item], table.cell(colspan: 2)[2024], table.cell(colspan: 2)[2023],
  [Units], [Sales], [Units], [Sales], [Lens], [120], [41.3], [110], [37.6], [Frame], [80], [20.4], [86], [21.9])"""

    (block,) = [b for b in read_bytes(made(source, tmp_path), "a.pdf").blocks if b.kind == "table"]

    places = {(c.row, c.column): (c.rows, c.columns) for c in block.cells if (c.rows, c.columns) != (1, 1)}
    assert places == {(0, 0): (2, 1), (0, 1): (1, 2), (0, 3): (1, 2)}
    assert {c.column for c in block.cells if c.row == 1} == {1, 2, 3, 4}


def test_an_empty_cell_keeps_its_place(tmp_path):
    source = """#set page(width: 400pt, height: 300pt)
#table(columns: 3, stroke: none, [], [2024], [2023], [Lens], [120], [110], [], [80], [86])"""

    assert tables(read_bytes(made(source, tmp_path), "a.pdf"))[0] == [
        ["", "2024", "2023"],
        ["Lens", "120", "110"],
        ["", "80", "86"],
    ]


def test_two_tables_over_a_page_end_stay_two(tmp_path):
    source = """#set page(width: 300pt, height: 120pt, margin: 30pt)
#table(columns: 3, stroke: none, [Plant], [Sales], [Change], [North], [41.3], [9.8%])
#pagebreak()
#table(columns: 3, stroke: none, [Staff], [Count], [Rate], [North], [413], [1.8%])"""

    found = tables(read_bytes(made(source, tmp_path), "a.pdf"))

    assert [rows[0][0] for rows in found] == ["Plant", "Staff"]


def test_paragraphs_that_tags_call_a_table_stay_paragraphs(tmp_path):
    prose = "The plant ran at a high rate through the year and the order book stayed full of work. " * 3
    source = f"#set page(width: 500pt)\n#table(columns: 2, stroke: none, [{prose}], [{prose}])"

    document = read_bytes(made(source, tmp_path), "a.pdf")

    assert tables(document) == []
    assert document.text.count("order book") == 6


@pytest.mark.parametrize("harm", ["cycle", "deep", "spans", "ids", "no kids"])
def test_tags_that_mean_harm_end_the_reading_of_tags_only(harm, tmp_path):
    pikepdf = pytest.importorskip("pikepdf")
    with pikepdf.open(io.BytesIO(made(NARROW.format(height=400, columns=1, width=300), tmp_path))) as pdf:
        cells = [
            o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") in ("/TD", "/TH")
        ]
        table = next(o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Table")
        if harm == "cycle":
            table.K = pikepdf.Array([*table.K, table])
        if harm == "deep":
            inner = table
            for _ in range(500):
                inner = pdf.make_indirect(
                    pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.TR, P=table, K=inner)
                )
            pdf.Root.StructTreeRoot.K = inner
        for cell in cells:
            if harm == "spans":
                cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, RowSpan=10**9, ColSpan=-5)
            if harm == "ids":
                cell.K = pikepdf.Array([-1, 10**9, 0])
            if harm == "no kids" and "/K" in cell:
                del cell.K
        target = io.BytesIO()
        pdf.save(target)

    document = read_bytes(target.getvalue(), "a.pdf")

    assert "41.3" in document.text and "Orders came in late." in document.text
