"""What a browser prints says the same as the text it was printed from."""

from __future__ import annotations

import base64
from pathlib import Path

from audit import rendering
from audit.readers.reports import TEXTS
from browsing import NEEDS_BROWSER

from waferline.audit import audit_document
from waferline.audit.document import Document
from waferline.audit.readers import read_bytes
from waferline.audit.readers.plain import read_text

pytestmark = NEEDS_BROWSER
ROOT = Path(__file__).parents[2]
FONT = ROOT / "src/waferline/render/assets/fonts/NotoSansSC-Regular.ttf"
SHARE = 0.98  # of the documents, in all layouts, that give the very findings of the text
EVERY = 20  # one in so many documents without a table is printed; those with one all are


def parts_of(document: Document) -> list[rendering.Part]:
    """The paragraphs and tables of a text as it is read."""
    parts: list[rendering.Part] = []
    for block in document.blocks:
        if block.cells:
            rows = [
                [""] * (1 + max(c.column for c in block.cells))
                for _ in range(1 + max(c.row for c in block.cells))
            ]
            for cell in block.cells:
                rows[cell.row][cell.column] = document.piece(cell)
            parts.append(rows)
        else:
            parts += [line.strip() for line in document.piece(block).split("\n") if line.strip()]
    return parts


def found(document: Document) -> list[tuple]:
    return sorted(
        (f.stated.text, tuple(s.text for s in f.inputs), f.verdict) for f in audit_document(document).findings
    )


def test_a_printed_document_gives_the_findings_of_its_text(browser, tmp_path):
    paths = sorted((ROOT / "tests/data/audit/docs").glob("tune_*.txt"))
    texts = {**TEXTS, **{path.stem: path.read_text(encoding="utf-8") for path in paths}}
    read = {name: read_text(text, name) for name, text in texts.items()}
    tabled = [name for name, document in read.items() if any(block.cells for block in document.blocks)]
    chosen = [*tabled, *[name for name in read if name not in tabled][::EVERY]]
    page = tmp_path / "page.html"
    differ = []
    for name in chosen:
        parts = parts_of(read[name])
        for layout in rendering.PRINTED:
            page.write_text(rendering.printed_page(parts, layout, FONT.as_uri()), encoding="utf-8")
            browser.get(page.as_uri())
            browser.execute_async_script(
                "const done = arguments[0]; Promise.all([...document.fonts].map(f => f.load())).then(() => done())"
            )
            printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
            if found(read_bytes(base64.b64decode(printed["data"]), "a.pdf")) != found(read[name]):
                differ.append(f"{name}, {layout}")

    assert len(tabled) > 15 and len(chosen) > 30
    assert len(differ) <= (1 - SHARE) * len(chosen) * len(rendering.PRINTED), differ
