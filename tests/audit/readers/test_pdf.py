"""What a page does to text, undone: notes, raised marks, hyphens, headers, contents, drawings."""

import pytest
import typst

from waferline.audit.document import Document
from waferline.audit.readers import read_bytes

LOREM = "The plant ran at a high rate through the year and the order book stayed full. "


@pytest.fixture(params=[False, True], ids=["plain", "tagged"])
def typeset(request, tmp_path):
    def make(source: str) -> Document:
        path = tmp_path / "main.typ"
        path.write_text(source, encoding="utf-8")
        return read_bytes(typst.compile(str(path), pdf_tags=request.param), "a.pdf")

    return make


def texts(document: Document, kind: str) -> list[str]:
    return [document.piece(block) for block in document.blocks if block.kind == kind]


def test_a_raised_mark_is_not_part_of_the_number_before_it(typeset):
    document = typeset("#set page(height: 200pt)\nSales were 627.6#super[1] billion.")

    assert document.text == "Sales were 627.6¹ billion."


def test_a_footnote_does_not_cut_the_sentence_that_runs_over_the_page(typeset):
    source = "#set page(height: 150pt, width: 300pt, margin: 30pt)\n#set text(size: 11pt)\n"
    document = typeset(
        source + LOREM * 2 + "Sales#footnote[Without tax of 7 percent.] rose " + "and rose " * 45 + "again."
    )

    assert texts(document, "footnote") == ["¹Without tax of 7 percent."]
    (paragraph,) = texts(document, "paragraph")
    assert paragraph.startswith("The plant") and paragraph.endswith("and rose again.")


def test_running_heads_and_page_numbers_are_furniture(typeset):
    source = (
        "#set page(height: 160pt, width: 300pt, margin: 40pt, header: [Chips 2025 #h(1fr) p. #context counter(page).display()],"
        " footer: [Confidential])\n#set text(size: 11pt)\n"
    )
    document = typeset(source + LOREM * 14)

    assert texts(document, "paragraph") == [(LOREM * 14).strip()]
    assert all(text.split("\n")[-1] == "Confidential" for text in texts(document, "furniture"))


def test_a_number_that_stands_at_the_foot_of_two_pages_is_not_furniture(typeset):
    source = (
        "#set page(height: 120pt, width: 300pt, margin: 30pt)\nSales 2024: 45\n#pagebreak()\nSales 2024: 71"
    )
    document = typeset(source)

    assert texts(document, "furniture") == []


def test_contents_are_told_apart(typeset):
    document = typeset("#set page(height: 300pt)\n#outline()\n= Sales\n" + LOREM + "\n= Costs\n" + LOREM)

    (contents,) = texts(document, "contents")
    assert [line.split(" ")[0] for line in contents.split("\n")] == ["Sales", "Costs"]


def test_labels_of_a_drawn_chart_are_not_a_table(typeset):
    bars = "".join(
        f"#place(dx: {40 * i}pt, dy: {90 - 20 * i}pt, rect(width: 20pt, height: {10 + 20 * i}pt, fill: blue))"
        f"#place(dx: {40 * i}pt, dy: 105pt, [202{i}])#place(dx: -20pt, dy: {100 - 30 * i}pt, [{i * 100}])"
        for i in range(4)
    )
    document = typeset(
        "#set page(height: 400pt)\nFigure 1: Sales by year\n\n#box(width: 200pt, height: 130pt, inset: 20pt)["
        + bars
        + "]\n\nSource: WSTS"
    )

    assert texts(document, "table") == []
    assert texts(document, "caption") == ["Figure 1: Sales by year"]
    assert texts(document, "source") == ["Source: WSTS"]
    assert "drawn charts" in document.notes[0]


def test_a_row_of_several_lines_is_one_row(typeset):
    table = "#table(columns: (70pt, 60pt, 60pt), stroke: none, [Name], [2024], [2023], [Mature nodes and others], [5.1], [4.0], [Leading], [7.2], [6.1])"
    document = typeset("#set page(height: 300pt)\n" + table)

    assert texts(document, "table") == [
        "Name | 2024 | 2023\nMature nodes and others | 5.1 | 4.0\nLeading | 7.2 | 6.1"
    ]


def test_merged_cells_of_a_grid_have_their_spans(typeset):
    table = "#table(columns: 3, table.cell(rowspan: 2)[Area], table.cell(colspan: 2)[Sales], [2024], [2023], [Asia], [5.1], [4.0])"
    document = typeset("#set page(height: 300pt)\n" + table)

    (block,) = [b for b in document.blocks if b.kind == "table"]
    cells = {document.piece(c): (c.row, c.column, c.rows, c.columns) for c in block.cells}
    assert cells["Area"] == (0, 0, 2, 1)
    assert cells["Sales"] == (0, 1, 1, 2)
    assert cells["4.0"] == (2, 2, 1, 1)


def test_a_page_turned_on_its_side_reads_as_usual(typeset):
    import io

    import pikepdf

    path_document = typeset("#set page(height: 300pt)\nSales rose 5% in 2024.")
    assert path_document.text == "Sales rose 5% in 2024."
    data = typst.compile(
        b"#set page(height: 300pt, width: 300pt)\n#place(center + horizon, rotate(90deg, reflow: true)[Sales rose 5% in 2024.])"
    )
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.pages[0].Rotate = 270
        pdf.save(target)

    assert read_bytes(target.getvalue(), "a.pdf").text == "Sales rose 5% in 2024."


def test_letters_that_one_glyph_stands_for_are_all_read(typeset):
    document = typeset("The staff of the office offered 41 units to the waffle flagship.")

    assert document.text == "The staff of the office offered 41 units to the waffle flagship."
