"""The HTML page and the notebook: everything is escaped, nothing is loaded, every mark leads to its arithmetic."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from html_reading import Read
from sample_audit import TEXT, audit, document, promised, span

from waferline.audit.document import Block, Cell
from waferline.audit.faces.page import render_page
from waferline.audit.finding import Audit, Remark
from waferline.audit.review import Review
from waferline.quantity.relations.base import Phrase


@pytest.fixture(params=["en", "zh"])
def page(request) -> str:
    return render_page(Review(audit()), lang=request.param)


def test_the_page_is_well_formed_and_every_link_has_its_target(page):
    read = Read(page)
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]

    assert len(ids) == len(set(ids))
    assert {attrs["href"][1:] for tag, attrs in read.tags if tag == "a"} <= set(ids)
    for _, attrs in read.tags:
        assert set((attrs.get("data-cards") or "").split()) <= set(ids)


def test_nothing_is_loaded_and_only_the_hashed_script_and_style_may_run(page):
    read = Read(page)
    policy = next(a["content"] for _, a in read.tags if a.get("http-equiv") == "Content-Security-Policy")

    assert "default-src 'none'" in policy
    for tag in ("script", "style"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    for tag, attrs in read.tags:
        assert tag not in ("link", "img", "iframe")
        assert not any(name.startswith("on") or name in ("src", "style") for name in attrs)


def test_a_number_is_marked_with_its_verdict_and_leads_to_its_finding():
    marks = {
        attrs["data-cards"]: attrs["class"]
        for tag, attrs in Read(render_page(Review(audit()))).tags
        if tag == "a" and "data-cards" in attrs and "stated" in attrs["class"]
    }

    assert marks == {
        "f1": "num inconsistent stated", "f2": "num unverifiable stated", "f3": "num basis_mismatch stated",
        "f4": "num remark stated", "c1": "num consistent stated",
    }  # fmt: skip


def test_the_whole_document_and_the_arithmetic_are_on_the_page():
    text = Read(render_page(Review(audit()))).text

    for words in (
        "Lens shipments came to 1,636.3 thousand,", "1636.3 / 1186.4 − 1 = 37.92%, which is a rise", "37.91% to 37.94%",
        "would agree with up 37.9%", "Product", "Figure 9", "612 9", "numbers recognised",
    ):  # fmt: skip
        assert words in text


def test_a_table_is_a_table_with_merged_and_missing_cells():
    text = "Region 2024 North 7 South"
    cells = (
        Cell(0, 0, 0, 6, header=True), Cell(0, 1, 7, 11, header=True, columns=2), Cell(1, 0, 12, 17, rows=2),
        Cell(1, 2, 18, 19), Cell(2, 1, 20, 25, columns=99),
    )  # fmt: skip
    table = Audit(replace(document(text), blocks=(Block("table", 0, 25, 1, cells),)), (), (), (), 0)
    page = render_page(Review(table))

    assert re.findall(r"<tr>.*?</tr>", page) == [
        '<tr><th>Region</th><th colspan="2">2024</th></tr>',
        '<tr><td rowspan="2">North</td><td></td><td>7</td></tr>',
        '<tr><td colspan="2">South</td></tr>',
    ]


EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'>{{7*7}}"


def test_everything_a_document_says_is_escaped():
    text = TEXT.replace("Harbour Optics", EVIL).replace("24Q4", "<b>24Q4")
    one = audit(text, name=f"{EVIL}.txt")
    evil = Phrase(EVIL, EVIL)
    first = replace(
        one.findings[0], explanation=evil, fixes=(evil,), relation=EVIL, unit=EVIL, recomputed=EVIL
    )
    one = replace(
        one, findings=(first, *one.findings[1:]), remarks=(Remark(EVIL, span(text, "<b>24Q4"), evil),),
        document=replace(one.document, notes=(EVIL,)),
    )  # fmt: skip

    for made in (render_page(Review(one)), one._repr_html_()):
        read = Read(made)
        assert sum(tag == "script" for tag, _ in read.tags) == made.count("<script>") <= 1
        assert not any(tag == "img" for tag, _ in read.tags)
        assert "alert(1)" in read.text and "{{7*7}}" in read.text


def test_controls_and_lone_surrogates_do_not_reach_the_page():
    page = render_page(Review(audit(TEXT.replace(" came to", "\x00\x1b came\u202e\udc80 to"))))

    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\ud800-\udfff]", page)
    page.encode("utf-8")


def test_a_number_in_several_relations_is_one_mark_that_opens_them_all():
    one = audit()
    again = replace(one.findings[0], relation="share", verdict="consistent", place=(0, 0))
    page = render_page(Review(replace(one, findings=(one.findings[0], again))))
    cards = [a["data-cards"] for t, a in Read(page).tags if t == "a" and "stated" in (a.get("class") or "")]

    assert "f1 c1" in cards


def test_overlapping_spans_share_one_mark():
    one = audit()
    inner = replace(one.findings[0], stated=span(TEXT, "37.9%"), relation="yoy")
    page = render_page(Review(replace(one, findings=(one.findings[0], inner), untested=(span(TEXT, "7.9"),))))

    assert Read(page).text.count("down 37.9%") >= 1
    assert page.count('data-cards="f1 f2"') == 3


def test_no_page_calls_a_document_clean_or_a_number_verified(page):
    assert promised(Read(page).text) == []


def test_a_page_on_which_nothing_was_checked_says_so():
    bare = Review(Audit(document(), (), (), (span(TEXT, "612"),), 1))

    assert "No relation could be decided" in Read(render_page(bare)).text
    assert "No relation could be decided" in bare.audit._repr_html_()


def test_a_notebook_shows_summary_and_findings_without_script():
    shown = audit()._repr_html_()
    read = Read(shown)

    assert not any(tag == "script" for tag, _ in read.tags)
    for words in ("1 inconsistent", "37.91% to 37.94%", "To be checked by hand (2)"):
        assert words in read.text


def test_text_outside_every_block_is_on_the_page():
    one = audit()
    fewer = replace(one, document=replace(one.document, blocks=one.document.blocks[1:2]))

    for words in ("Harbour Optics", "Orders rose", "Figure 9"):
        assert words in Read(render_page(Review(fewer))).text


def test_the_same_audit_gives_the_same_page():
    assert render_page(Review(audit())) == render_page(Review(audit()))
