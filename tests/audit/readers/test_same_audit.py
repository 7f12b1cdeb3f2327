"""A report says the same whether it comes as text, PDF, Word, PowerPoint, HTML or (its tables) Excel."""

from pathlib import Path

import pytest
from audit import rendering
from audit.readers.reports import TEXTS

from waferline.audit import audit_document
from waferline.audit.document import Document
from waferline.audit.readers import read_bytes
from waferline.audit.readers.plain import read_text

FONTS = [str(Path(__file__).parents[3] / "src/waferline/render/assets/fonts")]


def found(document: Document) -> list[tuple]:
    return sorted(
        (f.stated.text, tuple(s.text for s in f.inputs), f.verdict) for f in audit_document(document).findings
    )


def lines(document: Document) -> list[str]:
    pieces = [document.piece(block) for block in document.blocks if block.kind != "furniture"]
    return [line.rstrip(" |") for piece in pieces for line in piece.split("\n")]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("columns", "height"), [(1, 700), (1, 150), (1, 190), (2, 170), (2, 230)])
@pytest.mark.parametrize("ruled", ["grid", "three", "none"])
@pytest.mark.parametrize("justify", [True, False])
@pytest.mark.parametrize("tagged", [True, False])
def test_a_pdf_gives_the_text_and_the_findings_of_the_text_file(
    lang, columns, height, ruled, justify, tagged, tmp_path
):
    text = TEXTS[lang]
    data = rendering.pdf(
        rendering.parts_of(text),
        columns=columns,
        height=height,
        ruled=ruled,
        justify=justify,
        indent=2 if lang == "zh" else 0,
        lang=lang,
        furniture=height < 200,  # on one page nothing tells a header from text
        font_paths=FONTS,
        tmp=str(tmp_path),
        tagged=tagged,
    )

    document = read_bytes(data, "a.pdf")

    assert lines(document) == [line.rstrip(" |") for line in text.split("\n")]
    assert found(document) == found(read_text(text, "a.txt"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("name", "write"),
    [("a.docx", rendering.docx), ("a.html", rendering.html_page), ("a.pptx", rendering.pptx)],
)
def test_other_formats_give_the_findings_of_the_text_file(lang, name, write):
    document = read_bytes(write(rendering.parts_of(TEXTS[lang])), name)

    assert found(document) == found(read_text(TEXTS[lang], "a.txt"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_workbook_gives_the_findings_of_its_tables(lang):
    tables = [part for part in rendering.parts_of(TEXTS[lang]) if isinstance(part, list)]
    text = "\n\n".join("\n".join(" | ".join(row) for row in table) for table in tables)

    document = read_bytes(rendering.xlsx(tables), "a.xlsx")

    assert document.text == text
    assert found(document) == found(read_text(text, "a.txt"))
    assert found(document)
