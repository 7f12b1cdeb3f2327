"""A chapter as written: every expression found where it stands, every fault at its file and line."""

from __future__ import annotations

import pytest

from waferline.errors import BadInput
from waferline.study.chapters import (
    Chapter,
    ExhibitsSource,
    Filled,
    HeadingSource,
    ParagraphSource,
    Plain,
    parse_chapter,
)
from waferline.study.report import Lang

NAMES = ("RTX 4090", "5G")


def chapter(source: str, lang: Lang = "zh") -> Chapter:
    return parse_chapter("a", lang, "chapters/zh/a.md", source, NAMES)


def refusal(source: str) -> str:
    with pytest.raises(BadInput) as caught:
        chapter(source)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def text_of(block) -> str:
    return "".join(piece.text if isinstance(piece, Plain) else "{}" for piece in block.pieces)


def test_offsets_are_code_points_of_the_file_and_hold_the_whole_expression():
    source = '# 标题\n\n𠮷野家🙂增长{{ yoy("a", "2024") }}，\n而{{b}}**占{{ c(\n "x"\n) }}**。\n'

    read = chapter(source)

    assert [source[slot.start : slot.end] for slot in read.slots()] == [
        '{{ yoy("a", "2024") }}', "{{b}}", '{{ c(\n "x"\n) }}',
    ]  # fmt: skip
    assert [slot.expression for slot in read.slots()] == ['yoy("a", "2024")', "b", 'c(\n "x"\n)']
    assert [slot.where for slot in read.slots()] == [f"chapters/zh/a.md:{line}" for line in (3, 4, 4)]


def test_a_reference_to_an_exhibit_is_told_from_a_number():
    first, second = chapter('见{{ exhibit("fig01") }}与{{ exhibit_of("x") }}。').slots()

    assert (first.exhibit, second.exhibit) == ("fig01", "")


def test_headings_paragraphs_and_lists_become_blocks_with_their_lines():
    blocks = chapter("# 一章\n\n## 一节\n\n甲\n\n- 乙\n- 丙\n\n丁\n\n- 戊\n").blocks

    assert [(type(block).__name__, block.line) for block in blocks] == [
        ("HeadingSource", 1), ("HeadingSource", 3), ("ParagraphSource", 5), ("ParagraphSource", 7),
        ("ParagraphSource", 8), ("ParagraphSource", 10), ("ParagraphSource", 12),
    ]  # fmt: skip
    assert [block.level for block in blocks if isinstance(block, HeadingSource)] == [1, 2]
    assert [b.bullet for b in blocks if isinstance(b, ParagraphSource)] == [0, 1, 1, 0, 2]


def test_strong_words_and_strong_numbers_stay_strong():
    (block,) = chapter("我们**认为{{ a }}上行**。").blocks

    assert [(type(p).__name__, p.strong) for p in block.pieces] == [
        ("Plain", False), ("Plain", True), ("Filled", True), ("Plain", True), ("Plain", False),
    ]  # fmt: skip


def test_a_chinese_line_goes_on_without_a_space_and_a_latin_one_with():
    assert text_of(chapter("芯片\n需求").blocks[0]) == "芯片需求"
    assert text_of(chapter("chip\ndemand").blocks[0]) == "chip demand"


def test_a_latin_line_that_ends_in_a_number_goes_on_with_a_space():
    assert text_of(chapter("sales were {{ a }}\nand rose", "en").blocks[0]) == "sales were {} and rose"
    assert text_of(chapter("the **chips**\nsell", "en").blocks[0]) == "the chips sell"
    assert text_of(chapter("销售额为{{ a }}\n同比上行").blocks[0]) == "销售额为{}同比上行"


def test_an_expression_over_several_lines_stays_in_its_paragraph_and_keeps_the_line_count():
    first, second = chapter('甲{{ a(\n"x",\n"y"\n) }}乙\n\n丙{{ b }}\n').blocks

    assert (text_of(first), first.line) == ("甲{}乙", 1)
    assert (text_of(second), second.line) == ("丙{}", 6)
    assert refusal('甲{{ a(\n"x"\n) }}\n占三成\n').startswith("chapters/zh/a.md:4: ")


def test_strong_words_close_after_chinese_punctuation():
    assert [p.strong for p in chapter("**看好。**理由").blocks[0].pieces] == [True, False]
    assert "not closed" in refusal("甲\n\n**乙\n")


def test_conditions_nest_and_roles_are_kept():
    inner, outer = chapter("::: when a()\n::: opinion\n::: when b()\n甲\n:::\n:::\n乙\n:::\n").blocks

    assert (inner.conditions, inner.role) == ((("a()", 1), ("b()", 3)), "opinion")
    assert (outer.conditions, outer.role) == ((("a()", 1),), "body")


def test_exhibits_stand_alone_or_in_pairs_under_their_conditions():
    one, two = chapter("::: exhibits fig01\n::: when a()\n::: exhibits fig02 fig03\n:::\n").blocks

    assert one == ExhibitsSource(("fig01",), 1, ())
    assert two == ExhibitsSource(("fig02", "fig03"), 3, (("a()", 2),))


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("# 甲\n\n增长19.1%。\n", 3, "typed by hand"),
        ("甲\n乙\n占三成\n", 3, "typed by hand"),
        ("# 增长９％\n", 1, "typed by hand"),
        ("- 甲\n- 共57家\n", 2, "typed by hand"),
        ("**占{{ a }}5成**", 1, "typed by hand"),
        ("约1{{ a }}", 1, "typed by hand"),
        ("甲 \\5 乙", 1, "typed by hand"),
        ("甲&#53;乙", 1, "typed by hand"),
        ("甲\n\n{{ yoy(\n", 3, "not closed"),
        ("甲 }} 乙", 1, "not closed"),
        ("{{ a {{ b }} }}", 1, "not closed"),
        ("甲\n\n[链接](https://example.org)\n", 3, "words, **strong** words and expressions only"),
        ("![图](a.png)", 1, "words, **strong** words and expressions only"),
        ("<https://example.org>", 1, "words, **strong** words and expressions only"),
        ("*斜体*", 1, "words, **strong** words and expressions only"),
        ("`代码`", 1, "words, **strong** words and expressions only"),
        ("甲  \n乙", 1, "words, **strong** words and expressions only"),
        ("甲\n\n```\ncode\n```\n", 3, "headings, paragraphs and bullet lists"),
        ("    code\n", 1, "headings, paragraphs and bullet lists"),
        ("> 引文\n", 1, "headings, paragraphs and bullet lists"),
        ("甲\n\n---\n", 3, "headings, paragraphs and bullet lists"),
        ("甲\n\n1. 乙\n", 3, "headings, paragraphs and bullet lists"),
        ("### 三级\n", 1, "a heading is # or ##"),
        ("::: when a()\n# 标题\n:::\n", 2, "a heading is # or ##"),
        ("甲\n:::\n", 2, "closes nothing"),
        ("甲\n::: when a()\n乙\n", 2, "never closed"),
        ("::: when\n甲\n:::\n", 1, "condition is missing"),
        ("::: warning\n甲\n:::\n", 1, "unknown fence"),
        ("::: opinion strong\n甲\n:::\n", 1, "unknown fence"),
        ("::: exhibits\n", 1, "alone or in pairs"),
        ("::: exhibits a b c\n", 1, "alone or in pairs"),
        ("甲\n乙\ue000\n", 2, "private-use"),
    ],
)
def test_a_fault_is_one_line_at_its_file_and_line(source, line, what):
    said = refusal(source)

    assert said.startswith(f"chapters/zh/a.md:{line}: "), said
    assert what in said


@pytest.mark.parametrize(
    "html", ["<script>alert(1)</script>", "a <b>b</b>", "<!-- c -->", "&lt;b&gt;", "<img src=x>"]
)
def test_raw_html_is_refused_or_stays_plain_text(html):
    try:
        blocks = chapter(html).blocks
    except BadInput:
        return
    assert all(isinstance(piece, Plain) for block in blocks for piece in block.pieces)


def test_deep_nesting_is_refused_or_read_without_a_crash():
    for source in ("- " * 500 + "甲", "*" * 5000 + "甲", "> " * 500 + "甲", "[" * 5000, "**甲" * 2000):
        assert "\n" not in complaint(source)


def complaint(source: str) -> str:
    try:
        chapter(source)
    except BadInput as error:
        return str(error)
    return ""


def test_a_link_reference_definition_does_not_vanish_silently():
    assert "chapters/zh/a.md:" in refusal("[a]: https://example.org 'title'\n\n甲[a]\n")


def test_dates_and_listed_names_are_allowed():
    (block,) = chapter("2024年，RTX 4090 与 5G 上行。").blocks

    assert text_of(block) == "2024年，RTX 4090 与 5G 上行。"
    assert not any(isinstance(piece, Filled) for piece in block.pieces)


def test_the_source_is_kept_as_it_stands():
    assert chapter("甲\r\n\r\n乙\r\n").source == "甲\r\n\r\n乙\r\n"


@pytest.mark.parametrize(
    "source", ["{{" * 500_000, "[" * 1_000_000, "甲" * 30_000, "- " * 100_000, "[\n" * 20_001]
)
def test_a_paragraph_without_end_is_refused_at_once(source):
    assert "chapters/zh/a.md:" in refusal(source)


def test_a_heading_without_words_is_refused():
    assert "chapters/zh/a.md:3: a heading without words" in refusal("甲\n\n#\n\n乙\n")


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0b", "\x85", "\u2028", "\u202e"])
def test_a_sign_that_nobody_sees_is_refused_at_its_line(sign):
    assert "chapters/zh/a.md:3: a control character" in refusal(f"甲\n\n乙{sign}\n")
