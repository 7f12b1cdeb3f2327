"""Whatever a document is and wherever its findings point, every face shows it whole and well formed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise

from html_reading import Read
from hypothesis import given, settings
from hypothesis import strategies as st

from waferline.audit.document import Block, Cell, Document
from waferline.audit.faces.marking import clean
from waferline.audit.faces.page import render_page
from waferline.audit.faces.records import render_record
from waferline.audit.faces.text import Paper, render_text
from waferline.audit.finding import VERDICTS, Audit, Finding, Remark, Span
from waferline.audit.review import Review
from waferline.quantity.relations.base import Phrase

WORDS = st.text(st.sampled_from("ab 1.5%亿元，\n\t<>&\"'\x00\x1b\u202e\u2028\udc80[]…"), max_size=120)


@st.composite
def audits(draw) -> Audit:
    text = draw(WORDS)
    offset = st.integers(0, len(text))

    def span() -> Span:
        start, end = sorted((draw(offset), draw(offset)))
        return Span(start, end, text[start:end], draw(st.sampled_from(["new", "old", ""])))

    cuts = sorted(draw(st.lists(offset, max_size=6)))
    blocks = []
    for start, end in pairwise(cuts):
        kind = draw(
            st.sampled_from(["heading", "paragraph", "list", "table", "chart", "contents", "furniture"])
        )
        cells = ()
        if kind in ("table", "chart") and draw(st.booleans()):
            cells = tuple(
                Cell(n, draw(st.integers(0, 2)), start, end, rows=draw(st.integers(1, 9)), columns=draw(st.integers(1, 9)))
                for n in range(draw(st.integers(1, 2)))
            )  # fmt: skip
        blocks.append(Block(kind, start, end, draw(st.none() | st.integers(1, 3)), cells))
    phrase = Phrase(draw(WORDS), draw(WORDS))
    findings = tuple(
        Finding(
            span(), draw(st.sampled_from(["yoy", "<x>"])), draw(st.sampled_from(VERDICTS)), (span(), span()),
            recomputed=draw(st.sampled_from(["", "1.5"])), low="1", high="2", unit=draw(st.sampled_from(["", "%", "亿元"])),
            explanation=phrase, fixes=(phrase,), place=draw(st.sampled_from([(0, 0), (0, len(text))])),
        )
        for _ in range(draw(st.integers(0, 4)))
    )  # fmt: skip
    remarks = tuple(Remark("figure_missing", span(), phrase) for _ in range(draw(st.integers(0, 1))))
    untested = tuple(span() for _ in range(draw(st.integers(0, 3))))
    return Audit(
        Document(draw(WORDS), text, tuple(blocks)), findings, remarks, untested, draw(st.integers(0, 9))
    )


@settings(max_examples=300, deadline=None)
@given(audits(), st.sampled_from(["en", "zh"]))
def test_every_face_shows_every_audit(audit, lang):
    review = Review(audit)

    for paper in (Paper(), Paper(60, colour=True)):
        shown = render_text(review, lang=lang, paper=paper, everything=True, lines=True)
        assert "\x00" not in shown and "\u202e" not in shown
        assert shown.count("\x1b") == shown.count("\x1b[")
        shown.encode("utf-8")
    page = Read(render_page(review, lang=lang))
    assert [tag for tag, _ in page.tags].count("script") == 1
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert {attributes["href"][1:] for tag, attributes in page.tags if tag == "a"} <= set(ids)
    Read(audit._repr_html_())
    assert json.loads(render_record(review, lang=lang)) == audit.to_json(lang)


@settings(max_examples=200, deadline=None)
@given(audits())
def test_no_character_of_the_document_is_lost_or_added_on_the_page(audit):
    bare = replace(audit.document, blocks=tuple(replace(b, cells=()) for b in audit.document.blocks))
    article = (
        render_page(Review(replace(audit, document=bare))).split("<article", 1)[1].split("</article>", 1)[0]
    )
    unnumbered = re.sub(r'<sup>.*?</sup>|<p class="pageno".*?</p>', "", article)

    shown = Read(f"<article{unnumbered}</article>").text
    assert "".join(shown.split()) == "".join(clean(audit.document.text).split())
