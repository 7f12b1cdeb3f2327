"""No text makes the audit's work grow with the square of its length."""

import sys
from itertools import pairwise

import pytest

from waferline.audit import audit_text
from waferline.audit.claims.scene import scene_of
from waferline.audit.readers.plain import read_text
from waferline.audit.sentences import MOST_NUMBERS, MOST_SIGNS, Sentence, in_pieces, sentences_of

BAITS = {
    "one number after another": "1,",
    "numbers and spaces": "1 ",
    "cells of one row": "1|",
    "tabs": "1\t",
    "numbers with a unit": "1万",
    "levels that never end": "收入100亿元，",
    "growth that never ends": "2024年销售额627.6亿元，上年为526.8亿元，增长19.1%，",
    "English levels": "revenue of $12.5 million and ",
    "brackets": "(1) ",
    "rows": "| a | 1 | 2 |\n",
    "lines": "1\n",
    "prices": "平均每台1元",
    "sentences": "Revenue rose 19.1% to $627.6 billion from $526.8 billion a year ago. ",
}


def _work(text: str) -> int:
    """How many calls the audit of a text makes: the same on every machine."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        audit_text(text)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("bait", BAITS.values(), ids=BAITS.keys())
def test_twice_the_text_is_about_twice_the_work(bait):
    small, large = (_work((bait * n)[:n]) for n in (600, 1200))
    assert large < 2.7 * small


def test_a_sentence_is_read_in_pieces():
    text = "收入100亿元，" * 200
    pieces = [line.sentence for line in scene_of(read_text(text)).lines]
    assert (pieces[0].start, pieces[-1].end) == (0, len(text))
    assert all(a.end == b.start for a, b in pairwise(pieces))
    assert all(text[piece.start : piece.end].count("100") <= MOST_NUMBERS for piece in pieces)
    assert all(text[piece.end - 1] == "，" for piece in pieces)  # cut where a clause ends
    assert all(piece.start < clause <= piece.end for piece in pieces for clause in piece.clauses)


def test_a_long_stretch_without_numbers_is_cut_too():
    pieces = list(in_pieces(Sentence(0, 3 * MOST_SIGNS + 5, ()), ()))
    assert [piece.end for piece in pieces] == [MOST_SIGNS, 2 * MOST_SIGNS, 3 * MOST_SIGNS, 3 * MOST_SIGNS + 5]


def test_a_writers_sentence_stays_whole():
    text = "2024年销售额627.6亿元，上年为526.8亿元，增长19.1%。"
    (sentence,) = sentences_of(text, 0, len(text))
    assert list(in_pieces(sentence, (0, 8, 17, 26))) == [sentence]
