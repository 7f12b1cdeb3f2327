from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pypdfium2 as pdfium
import pytest
from sample_report import report

from waferline.errors import BadInput
from waferline.render import render_pdf
from waferline.study.report import Block, Bullets, Heading, Paragraph, Place, Report, Text, Words


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="session")
def pages(document: bytes) -> list[str]:
    pdf = pdfium.PdfDocument(document)
    return [page.get_textpage().get_text_range() for page in pdf]


def sentences(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield "".join(run.text for run in block.runs)
        elif isinstance(block, Bullets):
            yield from ("".join(run.text for run in item) for item in block.items)
        elif isinstance(block, Heading):
            yield block.text


def test_same_report_gives_the_same_bytes(built: Report, document: bytes) -> None:
    assert render_pdf(built) == document


def test_a_search_for_a_year_finds_it(built: Report, document: bytes) -> None:
    wanted = "2024年" if built.lang == "zh" else "in 2024"
    first = pdfium.PdfDocument(document)[0].get_textpage()

    assert first.search(wanted).get_next() is not None


def test_extracted_paragraphs_equal_the_source(built: Report, pages: list[str]) -> None:
    everything = squeezed("".join(pages))

    for text in sentences((*built.cover.points, *built.blocks, *built.appendix)):
        assert squeezed(text) in everything


def test_words_of_an_english_paragraph_keep_their_spaces(built: Report, pages: list[str]) -> None:
    if built.lang == "zh":
        pytest.skip("Chinese has no spaces to keep")
    everything = " ".join("".join(pages).split())

    assert "Memory gave most of the increase, while <logic & analogue> still ran down stocks" in everything


def test_document_claims_both_standards_and_says_what_it_is(built: Report, document: bytes) -> None:
    meta = document.decode("latin-1")

    assert "<pdfaid:part>2</pdfaid:part>" in meta and "<pdfaid:conformance>A</pdfaid:conformance>" in meta
    assert "<pdfuaid:part>1</pdfuaid:part>" in meta
    info = pdfium.PdfDocument(document).get_metadata_dict()
    assert info["Title"] == built.cover.title and info["Author"] == "Waferline"
    assert info["CreationDate"].startswith("D:20250320")


def test_only_the_packed_font_is_used(document: bytes) -> None:
    names = set(re.findall(rb"/FontName ?/([A-Z]{6}\+)?([A-Za-z-]+)", document))

    assert {name for _, name in names} == {b"NotoSansSC-Regular", b"NotoSansSC-Bold"}


def test_every_page_says_its_number_and_the_day(built: Report, pages: list[str]) -> None:
    for number, text in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in text
        if number > 1:
            assert "2025-03-20" in text


def test_every_exhibit_is_listed_with_the_page_it_stands_on(built: Report, pages: list[str]) -> None:
    listed = "\n".join(pages[:3])

    for item in built.exhibits.values():
        caption = squeezed(f"{item.label(built.lang)}{item.title.of(built.lang)}")
        spelled = r"\s*".join(map(re.escape, caption))
        entry = re.search(spelled + r"\s*(?:（数据不全）|\(partial\))?[\s.]*\.[\s.]*(\d+)\b", listed)
        assert entry, caption
        assert caption in squeezed(pages[int(entry[1]) - 1])


def test_a_long_table_repeats_its_header(built: Report, pages: list[str]) -> None:
    head = "环节" if built.lang == "zh" else "Statement"
    last = "公司45" if built.lang == "zh" else "Company 45"

    assert next(page for page in pages if last in page).count(head) >= 1


def test_a_place_without_its_exhibit_is_refused() -> None:
    broken = replace(report("zh"), blocks=(Place(("nowhere",)),))

    with pytest.raises(BadInput, match="nowhere"):
        render_pdf(broken)


def test_the_smallest_report_is_a_document() -> None:
    plain = report("en")
    bare = replace(
        plain, cover=replace(plain.cover, exhibit="", rating="", points=(), facts=()), blocks=(), appendix=(),
        exhibits={}, cards={}, theses=(),
    )  # fmt: skip

    assert render_pdf(bare).startswith(b"%PDF-1.7")


def test_text_fills_the_page_that_a_figure_is_too_high_for() -> None:
    """A row of figures that no longer fits goes to the next page; the paragraphs after it stay where there is room."""
    plain = report("en")
    figure = next(id for id, item in plain.exhibits.items() if item.chart == "bars+line")
    filler = tuple(Paragraph((Text(f"Sentence {n} before. " * 12),)) for n in range(24))
    after = Paragraph((Text("This sentence stands after the figure."),))
    built = replace(
        plain, cover=replace(plain.cover, exhibit="", points=(), facts=()), appendix=(), theses=(),
        blocks=(*filler, Place((figure,)), *(after for _ in range(12))),
    )  # fmt: skip
    title = squeezed(built.exhibits[figure].title.en)
    # How far the text before the figure reaches is found by trying, so that the test does not hang on type sizes.
    for cut in range(24):
        shorter = replace(built, blocks=built.blocks[cut:])
        texts = [
            squeezed(page.get_textpage().get_text_range()) for page in pdfium.PdfDocument(render_pdf(shorter))
        ]
        page = max(n for n, text in enumerate(texts) if title in text)
        if page and squeezed("Sentence 23 before.") in texts[page - 1]:
            break
    else:
        pytest.fail("the figure never went over the end of a page")

    assert squeezed("This sentence stands after the figure.") in texts[page - 1]


@pytest.mark.parametrize("lines", range(8, 24, 3))
def test_no_figure_drifts_into_the_next_chapter(lines: int) -> None:
    plain = report("en")
    figure = next(id for id, item in plain.exhibits.items() if item.chart == "bars+line")
    filler = tuple(Paragraph((Text("A sentence before. " * 14),)) for _ in range(lines))
    built = replace(
        plain, cover=replace(plain.cover, exhibit="", points=(), facts=()), appendix=(), theses=(),
        blocks=(*filler, Place((figure,)), Heading(1, "9", "The chapter after", "after"),
                *(Paragraph((Text("A sentence after. " * 14),)) for _ in range(12))),
    )  # fmt: skip
    texts = [squeezed(page.get_textpage().get_text_range()) for page in pdfium.PdfDocument(render_pdf(built))]
    title = squeezed(built.exhibits[figure].title.en)

    drawn = max(n for n, text in enumerate(texts) if title in text)
    begins = max(n for n, text in enumerate(texts) if "Thechapterafter" in text)
    assert drawn <= begins


def test_no_page_ends_with_the_title_of_a_table() -> None:
    """The title and the line of units move on with the head and the first row of a table that goes over pages."""
    plain = report("en")
    short = next(item for item in plain.exhibits.values() if item.id == "returns")
    # The unit stands in a line of its own only where the cells do not print it.
    bare = [
        replace(row, cells=tuple(replace(c, text=Words(c.text.zh.rstrip("%"), c.text.en.rstrip("%"))) for c in row.cells[1:]))
        for row in short.rows
    ]  # fmt: skip
    table = replace(short, columns=short.columns[1:], rows=tuple(bare) * 12)
    title, label = squeezed(table.title.en), squeezed(table.rows[0].label.en)
    parted = 0
    for lines in range(24, 44):
        built = replace(
            plain, cover=replace(plain.cover, exhibit="", points=(), facts=()), appendix=(), theses=(),
            exhibits={table.id: table},
            blocks=(*(Paragraph((Text(f"Line {n}."),)) for n in range(lines)), Place((table.id,))),
        )  # fmt: skip
        texts = [squeezed(p.get_textpage().get_text_range()) for p in pdfium.PdfDocument(render_pdf(built))]
        page = max(n for n, text in enumerate(texts) if title in text)
        assert label in texts[page].rpartition(title)[2], f"{lines} lines before the table"
        parted += f"Line{lines - 1}." not in texts[page]
    assert 0 < parted < 20, "the table never came to the end of a page"
