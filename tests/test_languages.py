"""The study says the same in both languages: the same numbers and exhibits, under the same conditions."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from waferline.study.chapters import Chapter, ExhibitsSource, Filled, HeadingSource, ParagraphSource, Plain
from waferline.study.study import load_study

STUDY = Path(__file__).parents[1] / "studies" / "semiconductors"
# 亿美元 and USD bn: a language may write the same quantity in a unit, and to a place, of its own.
UNIT = re.compile(r"\b(?:as_unit|size)\b(?:\([^()]*\))?")
CHINESE = re.compile("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Chapter, Chapter]]:
    chapters = load_study(STUDY, ("zh", "en")).chapters
    assert [chapter.id for chapter in chapters["zh"]] == [chapter.id for chapter in chapters["en"]]
    return list(zip(chapters["zh"], chapters["en"], strict=True))


def folded(expression: str) -> str:
    return UNIT.sub("sized", " ".join(expression.split()))


def under(block: ParagraphSource | ExhibitsSource) -> tuple[str, ...]:
    return tuple(folded(condition) for condition, _ in block.conditions)


def exhibits(chapter: Chapter) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(block.ids, under(block)) for block in chapter.blocks if isinstance(block, ExhibitsSource)]


def expressions(chapter: Chapter) -> Counter[tuple[tuple[str, ...], str]]:
    """How often each expression stands under each condition."""
    return Counter(
        (() if isinstance(block, HeadingSource) else under(block), folded(piece.slot.expression))
        for block in chapter.blocks
        if not isinstance(block, ExhibitsSource)
        for piece in block.pieces
        if isinstance(piece, Filled)
    )


def outline(chapter: Chapter) -> list[tuple[object, ...]]:
    """Headings by level and stretches of paragraphs of one role under one condition, in order."""
    parts: list[tuple[object, ...]] = []
    for block in chapter.blocks:
        if isinstance(block, HeadingSource):
            parts.append(("heading", block.level))
        elif isinstance(block, ParagraphSource):
            parts.append((block.role, bool(block.bullet), under(block)))
        else:
            parts.append(("exhibits", block.ids, under(block)))
    return [part for part, _ in groupby(parts)]


def test_both_languages_hold_the_same_expressions_under_the_same_conditions(pairs):
    for zh, en in pairs:
        only_zh, only_en = expressions(zh) - expressions(en), expressions(en) - expressions(zh)
        assert not only_zh and not only_en, (zh.id, only_zh, only_en)


def test_both_languages_place_the_same_exhibits_in_the_same_order(pairs):
    for zh, en in pairs:
        assert exhibits(zh) == exhibits(en), zh.id


def test_conditions_and_opinions_stand_in_the_same_order(pairs):
    for zh, en in pairs:
        assert outline(zh) == outline(en), zh.id


def test_a_different_number_or_condition_is_noticed(pairs):
    zh, en = next(pair for pair in pairs if pair[0].id == "market")
    without = Chapter(en.id, en.lang, en.file, en.source, en.blocks[:3] + en.blocks[4:])

    assert expressions(zh) != expressions(without)
    assert outline(zh) != outline(without)
    assert folded('a("x") | as_unit("USD bn", 2)') == folded('a("x")  | as_unit("亿美元", 2)')
    assert folded('yoy("x", "2024") | said') != folded('yoy("x", "2023") | said')


def test_the_english_text_is_english(pairs):
    for _, en in pairs:
        for block in en.blocks:
            if not isinstance(block, ExhibitsSource):
                words = "".join(piece.text for piece in block.pieces if isinstance(piece, Plain))
                assert not CHINESE.search(words), f"{en.file}:{block.line}: {words}"
    for file in [*STUDY.glob("*.toml"), *STUDY.glob("exhibits/*.toml")]:
        for words in re.findall(r'\ben = "([^"]*)"', file.read_text(encoding="utf-8")):
            assert not CHINESE.search(words), f"{file.name}: {words}"
