"""The expression language: calls, names, strings, whole numbers, lists and pipes; everything else is one clear line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.study.language import (
    MAX_DEPTH,
    MAX_LENGTH,
    Call,
    Literal,
    Name,
    Sequence,
    functions_in,
    parse,
)


def refusal(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        parse(text, "chapters/zh/a.md:3")
    return str(caught.value)


def complaint(text: str) -> str:
    """What is wrong with the text, or nothing."""
    try:
        parse(text, "t")
    except BadInput as error:
        return str(error)
    return ""


def test_a_pipe_puts_its_left_side_first():
    assert parse('a("x") | b(2, c="y")', "t") == Call(
        "b", (Call("a", (Literal("x"),)), Literal(2)), (("c", Literal("y")),)
    )


def test_pipes_chain_left_to_right():
    assert parse("a | b | c", "t") == Call("c", (Call("b", (Name("a"),)),))


def test_lists_and_negative_whole_numbers():
    assert parse("[p, -3, 'q']", "t") == Sequence((Name("p"), Literal(-3), Literal("q")))


def test_line_breaks_inside_a_call_are_space():
    assert parse('yoy(\n  "a",\n  "2024",\n)', "t") == parse('yoy("a", "2024")', "t")


def test_functions_are_listed_outermost_first():
    tree = parse('a(b("x"), [c(1)], d=e("y"))', "t")

    assert [call.function for call in functions_in(tree)] == ["a", "b", "c", "e"]


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "yoy(", "yoy)", "yoy(,)", 'yoy("a"', "[1, 2", 'a("x") b', "a |", "a | 3", 'f(x="a", "b")', "f(1=2)",
        "1.5", "19.1", "2e3", "1_000", "0x1f", "２", '"unclosed', '"two\nlines"', "a; b", "a = 1", "f(a = )", "()",
        "(a)", "not a", "a and b", "a + b", "a - 1", "-a", "a ** 9", "a < b", "f(*a)", "f(**a)", "{1}", "{'a': 1}",
        "[x for x in y]", "lambda: 1", "f'x'", "b'x'", "`id`", "f(x)(y)", "a[0]", "a || b", "a\\b", "a # b", "a\0",
        "a.b", "f(x).y", '"".join', "().__class__", 'f("x").__class__.__mro__', "__import__('os').system('ls')",
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused_in_one_line_at_its_place(text):
    line = refusal(text)

    assert line.startswith("chapters/zh/a.md:3: ")
    assert "\n" not in line


def test_nesting_is_refused_beyond_the_limit_and_never_recurses_further():
    assert parse("f(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH, "t")
    assert "nested too deeply" in refusal("f(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1))
    assert "nested too deeply" in refusal("[" * (MAX_LENGTH // 2))
    assert "nested too deeply" in refusal("f(x=" * (MAX_LENGTH // 4))


def test_length_is_refused_before_parsing():
    assert "too long" in refusal("a" * (MAX_LENGTH + 1))
    assert "too long" in refusal("(" * 10_000_000)


def test_a_long_chain_of_pipes_is_read_without_recursion():
    assert parse("a" + "|b" * 1000, "t").function == "b"


def test_a_huge_whole_number_is_refused():
    assert "whole number" in refusal("f(" + "9" * 3000 + ")")


@given(st.text(max_size=200))
def test_any_text_parses_or_is_refused_in_one_line(text):
    assert "\n" not in complaint(text)


@given(st.text(alphabet="ab(),[]|=\"' 1-._", max_size=60))
def test_any_mix_of_the_languages_own_marks_parses_or_is_refused(text):
    assert complaint(text).startswith("t: ") or complaint(text) == ""
