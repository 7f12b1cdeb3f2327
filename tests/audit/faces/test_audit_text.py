"""The terminal form: what a reviewer sees, in a pipe, on narrow terminals, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from rich.cells import cell_len
from sample_audit import TEXT, audit, document, promised, span

from waferline.audit.document import Document
from waferline.audit.faces.marking import excerpt
from waferline.audit.faces.text import Paper, render_text
from waferline.audit.faces.wording import title
from waferline.audit.finding import Audit, Finding, Span
from waferline.audit.review import Review, reviewed
from waferline.audit.waivers import Waiver


def test_a_finding_shows_place_sentence_arithmetic_and_remedy():
    shown = render_text(Review(audit()), lines=True)

    assert "harbour.txt:3: page 1, paragraph 1: ≠ inconsistent: direction" in shown
    assert "Lens shipments came to [1,636.3] thousand, [down 37.9%] from [1,186.4] thousand" in shown
    assert "recomputed 37.92%; rounding allows 37.91% to 37.94%; printed down 37.9%" in shown
    assert "would agree with up 37.9%\n    or a base of 2,634.9\n" in shown


def test_consistent_findings_are_counted_and_shown_only_on_request():
    assert "483 / 420 − 1" not in render_text(Review(audit()))
    assert "= internally consistent (sources not verified)" in render_text(Review(audit()), everything=True)


def test_a_table_finding_names_table_and_row():
    assert "page 1, table 1, row 3: ◇ different basis" in render_text(Review(audit()))


def test_without_pages_and_lines_the_place_is_the_paragraph():
    assert "harbour.txt: paragraph 1: ≠" in render_text(Review(audit(paged=False)))


def test_the_summary_counts_and_lists_what_nothing_was_tested_against():
    shown = render_text(Review(audit()))

    assert (
        "12 numbers recognised; 2 relations checked: 1 internally consistent (sources not verified), 1 inconsistent;"
        in shown
    )
    assert (
        "abstained from 2 (1 different basis, 1 cannot be decided); 1 remark on structure and time." in shown
    )
    assert "To be checked by hand (2)" in shown
    assert "page 2: 612, 9" in shown


def test_in_chinese_agreement_is_called_self_consistent_without_checked_sources():
    shown = render_text(Review(audit()), lang="zh")

    assert "1个内部自洽（未核实来源），1个不一致" in shown
    assert "人工核对清单" in shown
    assert "重算 37.92%；舍入允许 37.91% 至 37.94%" in shown


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("findings", [True, False])
def test_no_document_is_called_clean_or_correct(lang, findings):
    one = audit() if findings else Audit(document(), (), (), (span(TEXT, "612"),), mentions=1)

    assert promised(render_text(Review(one), lang=lang, everything=True)) == []


def test_where_nothing_could_be_checked_it_says_so():
    unchecked = Audit(document(), (), (), (span(TEXT, "612"),), mentions=1)
    unread = Audit(document(), (), (), (), mentions=0)

    assert "No relation could be decided" in render_text(Review(unchecked))
    assert "No number was recognised, so nothing could be checked." in render_text(Review(unread))
    assert "could be" not in render_text(Review(audit()))


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_line_is_wider_than_the_terminal(columns, lang):
    shown = render_text(Review(audit()), lang=lang, paper=Paper(columns), everything=True)

    assert max(cell_len(line) for line in shown.split("\n")) <= columns


def test_a_terminal_gets_colours_and_a_pipe_brackets():
    coloured = render_text(Review(audit()), paper=Paper(80, colour=True))

    assert "\x1b[" in coloured and "[down 37.9%]" not in coloured
    assert "\x1b[" not in render_text(Review(audit()))


def test_a_long_sentence_is_an_excerpt_around_its_numbers():
    filler = "The board looked at many things that have no bearing here. " * 40
    text = f"{filler}Sales of 627.6 beat 526.8, up 19.9%, {filler}and the sum of 4,321.75 stood."
    inputs = span(text, "627.6", "new"), span(text, "526.8", "old")
    finding = Finding(span(text, "19.9%"), "yoy", "inconsistent", inputs, "19.1", place=(0, len(text)))
    line = render_text(Review(Audit(document(text), (finding,), (), (), mentions=3))).split("\n")[1]

    assert len(line) < 260
    assert line.strip().startswith("…") and line.endswith("…")
    assert "Sales of [627.6] beat [526.8], up [19.9%]," in line


@pytest.mark.parametrize("around", range(0, 60, 7))
def test_an_excerpt_never_cuts_a_number(around):
    text = "1234567.89 " * 60
    middle = text.index("1234567.89", 300)
    shown = excerpt(text, (0, len(text)), [(middle, middle + 10)], longest=50, around=around)

    assert set(re.findall(r"[\d.]+", " ".join(run.text for run in shown))) == {"1234567.89"}


def test_an_input_elsewhere_is_shown_with_its_own_place():
    far = replace(audit().findings[0], inputs=(span(TEXT, "1,636.3", "new"), span(TEXT, "612", "old")))
    shown = render_text(Review(Audit(document(), (far,), (), (), 3)))

    assert "from page 2, paragraph 1: The plant employs [612] people." in shown


def test_nothing_in_a_document_can_drive_the_terminal():
    text = TEXT.replace(" came to", "\x1b[2J\x07\u202e came\udc80 to")
    shown = render_text(Review(audit(text, name="a\x1b]0;title\x07\nb.txt")), paper=Paper(80))

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", shown)
    assert "a\ufffd]0;title\ufffd b.txt" in shown


def test_words_in_brackets_are_not_taken_for_markup():
    text = TEXT.replace(" came to", " [red]came[/red] to")

    assert "[red]came[/red]" in render_text(Review(audit(text)))


def test_a_chinese_sentence_broken_over_lines_has_no_space_in_the_break():
    text = "公司营收为627.6亿元，同比增\n长19.9%，上年为526.8亿元。\n"
    inputs = span(text, "627.6亿元", "new"), span(text, "526.8亿元", "old")
    finding = Finding(span(text, "19.9%"), "yoy", "inconsistent", inputs, "19.1", place=(0, len(text) - 1))

    assert "同比增长[19.9%]" in render_text(Review(Audit(document(text), (finding,), (), (), 3)))


def test_a_waived_finding_is_silent_but_counted_and_named():
    first = audit().findings[0]
    waiver = Waiver(first.id, "restated later", "R. Okafor", date(2025, 3, 20), "w.toml:1")
    review = reviewed(audit(), waivers={waiver.id: waiver})
    shown = render_text(review)

    assert "Lens shipments" not in shown
    assert "1 inconsistent (1 of them waived)" in shown
    assert f"waived {first.id}: restated later (R. Okafor, 2025-03-20)" in shown
    assert not review.is_contradicted


def test_a_long_hand_check_list_is_shortened_unless_all_is_asked():
    text = " ".join(f"{n}.5" for n in range(100, 300))
    spans = tuple(Span(*m.span(), m.group()) for m in re.finditer(r"\S+", text))
    many = Review(Audit(document(text), (), (), spans, mentions=200))

    assert "To be checked by hand (200)" in render_text(many)
    assert "and 140 more (--all)" in render_text(many)
    assert "299.5" not in render_text(many)
    assert "299.5" in render_text(many, everything=True)


def test_notes_of_the_reader_are_told():
    noted = replace(audit(), document=replace(document(), notes=("page 7 holds a picture only",)))

    assert "page 7 holds a picture only" in render_text(Review(noted))


def test_a_document_without_blocks_is_still_shown():
    text = "Sales of 627.6 beat 526.8, up 19.9%."
    finding = Finding(span(text, "19.9%"), "yoy", "inconsistent", (span(text, "627.6", "new"),))

    assert "[627.6]" in render_text(Review(Audit(Document("x", text, ()), (finding,), (), (), 2)))


@pytest.mark.parametrize(
    "relation",
    ["yoy", "qoq", "mom", "cagr", "share", "sum", "difference", "ratio", "product", "average", "text_vs_table",
     "text_vs_chart", "unit_change", "direction", "restatement", "margin", "growth_from_change"],
)  # fmt: skip
def test_every_relation_has_words_in_both_languages(relation):
    finding = replace(audit().findings[0], relation=relation)

    assert re.search("[一-鿿]", title(finding, "zh"))
    assert "_" not in title(finding, "en") and not re.search("[一-鿿]", title(finding, "en"))
