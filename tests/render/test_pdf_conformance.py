"""The PDF keeps what its metadata claim, judged by a second reader; and that reader sees what it should see."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pdf_conformance import elements, findings
from pikepdf import Array, Dictionary, Name, Pdf

from waferline.render.shape import placed
from waferline.study.report import Report


def test_the_document_keeps_both_standards(document: bytes) -> None:
    assert findings(document) == []


def test_every_figure_says_what_the_report_says_of_it(built: Report, document: bytes) -> None:
    with Pdf.open(BytesIO(document)) as pdf:
        said = {str(element.Alt) for kind, element, _ in elements(pdf) if kind == "Figure"}

    drawn = {item.alt.of(built.lang) for item in built.exhibits.values() if item.chart == "lines"}
    assert drawn and drawn <= said


def test_the_reading_order_is_that_of_the_chapters(built: Report, document: bytes) -> None:
    """A figure may stand at the head of another page; it is read where the chapter places it."""
    with Pdf.open(BytesIO(document)) as pdf:
        read = [str(e.Alt) for kind, e, _ in elements(pdf) if kind == "Figure"]
    wanted = [built.exhibits[id].alt.of(built.lang) for id in placed(built)]

    assert [alt for alt in read if alt in wanted] == [alt for alt in wanted if alt in read]
    assert len(set(wanted) & set(read)) > 8


def _first(pdf: Pdf, kind: str) -> Dictionary:
    return next(element for found, element, _ in elements(pdf) if found == kind)


def _font(pdf: Pdf, key: Name) -> Any:
    return next(
        o for o in pdf.objects if isinstance(o, Dictionary) and o.get(Name.Type) == Name.Font and key in o
    )


def _no_alt(pdf: Pdf) -> None:
    del _first(pdf, "Figure")[Name.Alt]


def _no_box(pdf: Pdf) -> None:
    del _first(pdf, "Figure")[Name.A]


def _no_scope(pdf: Pdf) -> None:
    del _first(pdf, "TH")[Name.A]


def _short_row(pdf: Pdf) -> None:
    row = next(e for kind, e, above in elements(pdf) if kind == "TR" and "TBody" in above)
    row.K = Array(list(row.K)[:-1])


def _deep_heading(pdf: Pdf) -> None:
    _first(pdf, "H2").S = Name.H5


def _own_type(pdf: Pdf) -> None:
    _first(pdf, "P").S = Name.Blurb


def _no_language(pdf: Pdf) -> None:
    del pdf.Root[Name.Lang]


def _not_marked(pdf: Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


def _no_intent(pdf: Pdf) -> None:
    del pdf.Root[Name.OutputIntents]


def _script(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="1")


def _mute_font(pdf: Pdf) -> None:
    del _font(pdf, Name.ToUnicode)[Name.ToUnicode]


def _absent_font(pdf: Pdf) -> None:
    described = _font(pdf, Name.FontDescriptor).FontDescriptor
    for key in (Name.FontFile2, Name.FontFile3):
        if key in described:
            del described[key]


def _bare_paint(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(pdf.make_stream(b"0 0 10 10 re f"))


def _lost_content(pdf: Pdf) -> None:
    tree = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
    tree[int(pdf.pages[0].obj.StructParents)] = Array([])


def _lost_link(pdf: Pdf) -> None:
    note = next(a for page in pdf.pages for a in page.obj.get(Name.Annots, Array()))
    del note[Name.StructParent]


def _other_part(pdf: Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["pdfuaid:part"] = "2"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_no_alt, "Figure without alternative text"), (_no_box, "Figure without its box"), (_no_scope, "TH without scope"),
        (_short_row, "a table whose rows have"), (_deep_heading, "H5 after level"), (_own_type, "no standard type"),
        (_no_language, "no language"), (_not_marked, "not marked as tagged"), (_no_intent, "no output intent"),
        (_script, "OpenAction"), (_mute_font, "cannot be read out"), (_absent_font, "not embedded"),
        (_bare_paint, "neither tagged nor artifacts"), (_lost_content, "belongs to no element"),
        (_lost_link, "a link outside the structure"), (_other_part, "pdfuaid:part is '2'"),
    ],
)  # fmt: skip
def test_the_reader_sees_what_is_spoiled(document: bytes, spoil: Callable[[Pdf], None], words: str) -> None:
    spoiled = BytesIO()
    with Pdf.open(BytesIO(document)) as pdf:
        spoil(pdf)
        pdf.save(spoiled)

    assert any(words in finding for finding in findings(spoiled.getvalue())), findings(spoiled.getvalue())
