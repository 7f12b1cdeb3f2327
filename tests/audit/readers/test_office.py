"""What stands in Office files besides plain paragraphs: charts, merged cells, notes, hidden parts, formats."""

import io
import zipfile

import docx as python_docx
import openpyxl
import pptx as python_pptx
import xlsxwriter
from docx.oxml import parse_xml as docx_xml
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from waferline.audit.document import Block, Document
from waferline.audit.readers import read_bytes

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(thing) -> bytes:
    target = io.BytesIO()
    thing.save(target)
    return target.getvalue()


def blocks(document: Document, kind: str) -> list[Block]:
    return [block for block in document.blocks if block.kind == kind]


def texts(document: Document, kind: str) -> list[str]:
    return [document.piece(block) for block in blocks(document, kind)]


def show_with_chart() -> bytes:
    show = python_pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Sales by year"
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["2023", "2024"]
    data.add_series("Growth", (-0.082, 0.191))
    data.add_series("Share", (0.25, None))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(2), Cm(5), Cm(12), Cm(8), data)
    return saved(show)


def test_a_chart_on_a_slide_is_a_table_as_its_labels_print_it():
    document = read_bytes(show_with_chart(), "a.pptx")

    assert texts(document, "heading") == ["Sales by year"]
    assert texts(document, "chart") == [" | Growth | Share\n2023 | -8.2% | 25.0%\n2024 | 19.1% |"]
    assert document.pages == 1


def test_a_chart_in_a_word_file_is_read_from_its_cache():
    with zipfile.ZipFile(io.BytesIO(show_with_chart())) as show:
        chart = show.read(next(n for n in show.namelist() if n.startswith("ppt/charts/chart")))
    document = python_docx.Document()
    document.add_paragraph("Before").add_run()._r.append(
        docx_xml(
            f'<w:drawing {W}><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId99"/></w:drawing>'
        )
    )
    relation = (
        b'<Relationship Id="rId99" Target="charts/chart1.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"/></Relationships>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/_rels/document.xml.rels":
                data = data.replace(b"</Relationships>", relation)
            new.writestr(name, data)
        new.writestr("word/charts/chart1.xml", chart)

    read = read_bytes(target.getvalue(), "a.docx")

    assert texts(read, "chart") == [" | Growth | Share\n2023 | -8.2% | 25.0%\n2024 | 19.1% |"]


def test_a_workbook_is_read_as_excel_shows_it():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("Sales")
    percent, thousand, day = (book.add_format({"num_format": f}) for f in ("0.0%", "#,##0", "yyyy-mm-dd"))
    sheet.write_row(0, 0, ["Unit: wafers"])
    sheet.write_row(1, 0, ["Fab", "2024", "Growth", "Opened"])
    sheet.write_row(2, 0, ["A"])
    sheet.write_number(2, 1, 1286000, thousand)
    sheet.write_number(2, 2, 0.1284, percent)
    sheet.write_number(2, 3, 45370, day)
    sheet.write_row(3, 0, ["B"])
    sheet.write_formula(3, 1, "=B3/2", thousand, 643000)
    sheet.write_row(5, 0, ["Source: company"])
    hidden = book.add_worksheet("Old")
    hidden.hide()
    hidden.write_row(0, 0, ["x", 5])
    chart = book.add_chart({"type": "column"})
    chart.add_series({"name": "2024", "categories": "=Sales!$A$3:$A$4", "values": "=Sales!$B$3:$B$4"})
    chart.set_title({"name": "Wafers"})
    sheet.insert_chart("G2", chart)
    book.close()

    document = read_bytes(target.getvalue(), "a.xlsx")

    assert document.text.startswith(
        "Sales\n\nUnit: wafers\n\nFab | 2024 | Growth | Opened\nA | 1,286,000 | 12.8% | 2024-03-19\nB | 643,000 |"
    )
    assert texts(document, "source") == ["Source: company"]
    assert document.notes == ("hidden sheets are read as well: Old",)
    assert texts(document, "caption") == ["Wafers"]
    assert len(blocks(document, "chart")) == 1


def test_formulas_without_a_stored_value_are_named():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = "Total", "=1+1"

    assert read_bytes(saved(book), "a.xlsx").notes[0].startswith("1 formula cells have no stored value")


def test_tables_beside_each_other_on_a_sheet_are_two():
    book = openpyxl.Workbook()
    for row in (["a", 1, None, "b", 2], ["c", 3, None, "d", 4]):
        book.active.append(row)

    assert texts(read_bytes(saved(book), "a.xlsx"), "table") == ["a | 1\nc | 3", "b | 2\nd | 4"]


def test_merged_cells_of_word_stand_once_with_their_spans():
    document = python_docx.Document()
    table = document.add_table(3, 3)
    for r in range(3):
        for c in range(3):
            table.cell(r, c).text = f"{r}{c}"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Sales"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Asia"

    read = read_bytes(saved(document), "a.docx")

    cells = {read.piece(c): (c.row, c.column, c.rows, c.columns) for c in blocks(read, "table")[0].cells}
    assert cells["Sales"] == (0, 1, 1, 2)
    assert cells["Asia"] == (1, 0, 2, 1)
    assert cells["22"] == (2, 2, 1, 1)


def test_headings_captions_lists_and_sources_of_word_are_told_apart():
    document = python_docx.Document()
    document.add_heading("行情回顾", 1)
    document.add_paragraph("图 1：全球销售额")
    document.add_paragraph("资料来源：WSTS")
    document.add_paragraph("存储涨价", style="List Bullet")
    document.add_paragraph("正文。")

    kinds = [block.kind for block in read_bytes(saved(document), "a.docx").blocks]

    assert kinds == ["heading", "caption", "source", "list", "paragraph"]


def test_deleted_and_hidden_text_is_left_out_and_raised_digits_stay_raised():
    document = python_docx.Document()
    paragraph = document.add_paragraph("Sales rose 5")
    paragraph.add_run("1").font.superscript = True
    paragraph.add_run(" secret 9%").font.hidden = True
    paragraph._p.append(docx_xml(f"<w:del {W}><w:r><w:delText>7</w:delText><w:t>7</w:t></w:r></w:del>"))
    paragraph._p.append(docx_xml(f"<w:ins {W}><w:r><w:t> percent</w:t></w:r></w:ins>"))

    assert read_bytes(saved(document), "a.docx").text == "Sales rose 5¹ percent"


def test_text_boxes_are_read_once():
    document = python_docx.Document()
    box = f"<w:txbxContent {W}><w:p><w:r><w:t>In a box: 5%</w:t></w:r></w:p></w:txbxContent>"
    document.add_paragraph("Around").add_run()._r.append(
        docx_xml(
            '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>'
        )
    )

    assert read_bytes(saved(document), "a.docx").text == "Around\n\nIn a box: 5%"


def test_the_day_of_a_template_is_not_the_documents():
    assert read_bytes(saved(python_docx.Document()), "a.docx").day is None


def test_a_html_table_keeps_its_heads_and_spans():
    page = """<table><caption>Table 1. Sales</caption><tr><th rowspan=2>Area</th><th colspan=2>Sales</th></tr>
    <tr><th>2024</th><th>2023</th></tr><tr><td>Asia</td><td>5.1<sup>2</sup></td><td>4.0</td></tr></table>"""

    document = read_bytes(page.encode(), "a.html")

    assert document.text == "Table 1. Sales\n\nArea | Sales |\n | 2024 | 2023\nAsia | 5.1² | 4.0"
    cells = {document.piece(c): c for c in document.blocks[1].cells}
    assert (cells["Area"].rows, cells["Sales"].columns, cells["2024"].header) == (2, 2, True)


def test_a_table_that_lays_out_a_page_is_read_as_text():
    page = (
        "<table><tr><td><p>Sales rose 5%.</p><table><tr><td>a</td><td>1</td></tr></table></td></tr></table>"
    )

    assert read_bytes(page.encode(), "a.html").text == "Sales rose 5%.\n\na | 1"


def test_a_csv_file_is_one_table():
    document = read_bytes("地区,2024,2023\n亚洲,5.1,\n".encode(), "a.csv")

    assert document.text == "地区 | 2024 | 2023\n亚洲 | 5.1 |"
