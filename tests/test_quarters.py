"""The study at each quarter end: every sentence is true at its date, and what cannot be said is listed, not blank."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from waferline.evidence.snapshot import Snapshot
from waferline.study.assembly import Assembled, assemble
from waferline.study.chapters import ParagraphSource
from waferline.study.evaluation import evaluate_condition
from waferline.study.report import Block, Bound, Bullets, ExhibitRef, Heading, Paragraph, Place
from waferline.study.study import Study, languages_of, load_study
from waferline.study.values import Scope

QUARTER_ENDS = [
    date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31), date(2025, 3, 31), date(2025, 6, 30),
    date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30),
]  # fmt: skip
DAYS = [*QUARTER_ENDS, date(2025, 3, 20), date(2026, 11, 23)]
SUSPECT = re.compile(
    r"(?<!\d)—(?!\d)|\bNone\b|\bnan\b|\{\{|\}\}|[\ue000-\uf8ff]|Fraction\(|Words\(|\(\)|（）"
)


@pytest.fixture(scope="session", params=("zh", "en"))
def study(request, semiconductors) -> Study:
    assert languages_of(semiconductors) == ("zh", "en")
    return load_study(semiconductors, (request.param,))


@pytest.fixture(scope="session")
def report_of(study: Study, real_on: Callable[..., Snapshot]) -> Callable[[date], Assembled]:
    held: dict[date, Assembled] = {}
    (lang,) = study.chapters

    def of(day: date) -> Assembled:
        if day not in held:
            held[day] = assemble(study, real_on(day.year, day.month, day.day), lang)
        return held[day]

    return of


def blocks_of(done: Assembled) -> tuple[Block, ...]:
    return (*done.report.cover.points, *done.report.blocks, *done.report.appendix)


def sentences(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Paragraph):
            yield "".join(run.text for run in block.runs)
        elif isinstance(block, Bullets):
            yield from ("".join(run.text for run in item) for item in block.items)


def test_the_last_quarter_end_tested_is_the_newest(real_evidence):
    newest = real_evidence.newest_realised_day
    following = date(2026, 12, 31)

    assert QUARTER_ENDS[-1] <= newest < following


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_sentence_is_blank_or_half_filled(report_of, day):
    done = report_of(day)
    prose = (*done.report.cover.points, *done.report.blocks)

    for sentence in sentences(prose):
        assert sentence.strip()
        found = SUSPECT.search(sentence.replace("——", ""))
        assert found is None, sentence


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_number_rests_on_what_was_known(report_of, day):
    done = report_of(day)

    for number in done.numbers:
        for leaf in number.quantity.leaves():
            assert leaf.known_from <= day and not leaf.backfilled, (number.chapter, leaf)
    for leaf in done.leaves:
        assert leaf.known_from <= day or leaf.backfilled, leaf


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_value_drawn_too_early_is_marked_on_its_exhibits_face(report_of, day):
    for exhibit in report_of(day).report.exhibits.values():
        cells = [cell for row in exhibit.rows for cell in row.cells if cell.quantity is not None]
        early = [cell for cell in cells if any(leaf.known_from > day for leaf in cell.quantity.leaves())]
        assert all(cell.backfilled for cell in early), exhibit.id
        assert bool(early) <= ("回填" in exhibit.source_line.zh), exhibit.id


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_paragraph_is_lost_without_being_listed(report_of, study, real_on, day):
    """Each paragraph stands, is listed as omitted, or its condition does not hold on the day."""
    done = report_of(day)
    known = real_on(day.year, day.month, day.day)
    theses = tuple((thesis.id, thesis.status) for thesis in done.report.theses)
    (chapters,) = study.chapters.values()

    expected = 0
    for chapter in chapters:
        for block in chapter.blocks:
            if isinstance(block, ParagraphSource):
                expected += all(
                    evaluate_condition(condition, Scope(known, f"{chapter.file}:{line}", theses=theses))
                    for condition, line in block.conditions
                )
    # The appendix ends with paragraphs of the build's own, from the heading of the availability on.
    appendix = done.report.appendix
    own = next(i for i, b in enumerate(appendix) if isinstance(b, Heading) and b.anchor == "availability")
    written = (*done.report.cover.points, *done.report.blocks, *appendix[:own])
    standing = sum(
        len(block.items) if isinstance(block, Bullets) else isinstance(block, Paragraph) for block in written
    )
    headings = sum(
        1
        for chapter in chapters
        for block in chapter.blocks
        if not isinstance(block, ParagraphSource) and hasattr(block, "level")
    )
    kept_headings = sum(isinstance(block, Heading) for block in written)
    assert standing + kept_headings + len(done.omitted) == expected + headings
    assert all(entry.why.strip() for entry in done.omitted)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_what_the_text_points_to_exists(report_of, day):
    done = report_of(day)
    report = done.report

    for block in blocks_of(done):
        runs = block.runs if isinstance(block, Paragraph) else ()
        runs = [run for item in block.items for run in item] if isinstance(block, Bullets) else runs
        assert {run.card for run in runs if isinstance(run, Bound) and run.card} <= set(report.cards)
        assert {run.exhibit for run in runs if isinstance(run, ExhibitRef)} <= set(report.exhibits)
        if isinstance(block, Place):
            assert set(block.exhibits) <= set(report.exhibits)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_thesis_has_a_standing_and_every_exhibit_a_status(report_of, day):
    report = report_of(day).report

    assert {thesis.status for thesis in report.theses} <= {"holds", "weakening", "broken", "unknown"}
    assert report.cover.rating
    for exhibit in report.exhibits.values():
        assert exhibit.source_line.zh.startswith("资料来源：") and exhibit.source_line.en.startswith(
            "Source: "
        )
        assert exhibit.status != "shown" or not exhibit.missing


def test_most_exhibits_are_drawn_on_the_reference_day(report_of):
    exhibits = report_of(date(2025, 3, 20)).report.exhibits.values()

    assert sum(exhibit.status != "hole" for exhibit in exhibits) * 10 >= len(exhibits) * 8


def test_both_languages_bind_the_same_numbers(semiconductors, real_on):
    """The English and the Chinese text of a day say the same: neither is a gloss of the other."""
    study = load_study(semiconductors, ("zh", "en"))
    known = real_on(2025, 3, 20)
    zh, en = (assemble(study, known, lang) for lang in ("zh", "en"))

    def numbers(done: Assembled, chapter: str) -> set[tuple[str, ...]]:
        return {
            tuple(leaf.literal for leaf in number.quantity.leaves())
            for number in done.numbers
            if number.chapter.endswith(f"/{chapter}.md")
        }

    for chapter in study.chapters["zh"]:
        assert numbers(zh, chapter.id) == numbers(en, chapter.id), chapter.id
