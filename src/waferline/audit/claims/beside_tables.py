"""This module ties sentences to the table they stand beside: a number that repeats a cell, a share of a total
row, a change between two columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from waferline.audit.claims.claim import Candidate, Claim, Operand
from waferline.audit.claims.cues import growing, shares
from waferline.audit.claims.differences import said_difference
from waferline.audit.claims.grid import TOTAL, Grid, Number, label_words
from waferline.audit.claims.growth import resolved
from waferline.audit.claims.scene import Level, Line, Scene, words_in
from waferline.audit.periods import When

_NEAR = 3  # blocks between a table and the prose about it
_POINTS_AT = re.compile(r"table|above|below|following|下表|上表|如表|见表|表中|如下", re.IGNORECASE)
_WHOLE = re.compile(r"total|whole|all|合计|总|group|company|overall|全部", re.IGNORECASE)


def beside_table_claims(scene: Scene, grids: Sequence[Grid], line: Line) -> Iterator[Claim]:
    """The claims of a sentence whose operands stand in a table close by."""
    if not line.levels:
        return
    near = [grid for grid in grids if abs(grid.block - line.block) <= _NEAR]
    for grid in near:
        for level in line.levels:
            yield from _claims(scene, grid, line, level)


def _claims(scene: Scene, grid: Grid, line: Line, level: Level) -> Iterator[Claim]:
    place = (line.sentence.start, line.sentence.end)
    mention = level.mention
    words = words_in(scene.text[line.sentence.start : line.sentence.end])
    relation = None
    sign, soft = 1, False
    if mention.measure.kind == "percent":
        said = growing(scene.text, line, mention)
        if said is not None and said.kind != "cagr":
            relation, sign, soft = said.kind, said.sign, said.soft
            found = list(_growth(scene, grid, line, level, words))
        elif said is None and shares(scene.text, line, mention):
            relation = "share"
            found = list(_share(grid, words))
    elif difference := said_difference(scene, line, mention):
        relation, sign = "difference", difference[0]
        found = list(_changes(grid, words, level))
    if relation is not None:
        found.sort(key=lambda c: -c.link)
        if found:
            yield Claim(mention, relation, found, sign=sign, soft=soft, place=place)
        return
    same = sorted(_same(scene, grid, line, level, words), key=lambda c: -c.link)
    if same:
        yield Claim(mention, "text_vs_table", same, place=place)


def _overlap(grid: Grid, row: int, words: frozenset[str]) -> float:
    """How much of a row's label the sentence says, 0 to 1; the total row answers to words for the whole."""
    label = label_words(grid.labels.get(row, ""))
    return len(label & words) / len(label) if label else 0.0


def _columns(grid: Grid, level: Level) -> list[int]:
    """The columns about the level's period; all of them where periods say nothing."""
    mine = resolved(level)
    if mine is None or not grid.column_when:
        return list(grid.columns)
    return [c for c in grid.columns if (w := grid.column_when.get(c)) is None or w.period in (mine, None)]


def _same(scene: Scene, grid: Grid, line: Line, level: Level, words: frozenset[str]) -> Iterator[Candidate]:
    mention = level.mention
    if (
        mention.measure.kind not in ("money", "count", "percent", "plain")
        or len(str(abs(int(mention.value / mention.step)))) < 3
    ):
        return
    pointed = bool(_POINTS_AT.search(scene.text, line.sentence.start, line.sentence.end))
    columns = _columns(grid, level)
    named = any(w.period == resolved(level) for c in columns if (w := grid.column_when.get(c)))
    for (row, column), number in grid.numbers.items():
        if column not in columns or number.percent != (mention.measure.kind == "percent"):
            continue
        if not number.mention.measure.fits(mention.measure) and number.mention.measure.kind != "plain":
            continue
        overlap = _overlap(grid, row, words)
        if number.mention.measure.kind == "plain" and number.mention.scale == 1 and mention.scale > 1:
            continue
        link = 0.32 + 0.3 * min(overlap * 1.5, 1.0) + 0.12 * pointed + 0.05 * named
        if level.base or level.earlier:
            link -= 0.1
        elif not named and column == _newest(grid):
            link += 0.1
        yield Candidate((Operand(number.mention, "cell"),), min(link, 0.78))


def _newest(grid: Grid) -> int | None:
    """The column of the latest period: what a sentence without a period is about."""
    dated = [(w.period.end, -c) for c, w in grid.column_when.items() if w.period and w.sort == "period"]
    return -max(dated)[1] if dated else None


def _growth(
    scene: Scene, grid: Grid, line: Line, stated: Level, words: frozenset[str]
) -> Iterator[Candidate]:
    bases = [
        v
        for v in line.levels
        if (v.base or v.earlier) and v.mention.measure.kind in ("money", "count", "plain")
    ]
    for row in grid.rows:
        overlap = _overlap(grid, row, words)
        total = bool(TOTAL.search(grid.labels.get(row, ""))) and bool(
            _WHOLE.search(scene.text, line.sentence.start, line.sentence.end)
        )
        for new in grid.columns:
            a = grid.at(row, new)
            if not a or a.percent or a.mention.value <= 0:
                continue
            for base in bases:
                if (
                    any(base.mention.end <= v.mention.start < stated.mention.start for v in line.levels)
                    or base.mention.start > stated.mention.start
                ):
                    continue
                scaled = _on_scale(base, a)
                if scaled is not None and a.mention.value < base.mention.value * 50:
                    yield Candidate(
                        (Operand(scaled[0], "new"), Operand(scaled[1], "old")),
                        0.65 if overlap >= 0.5 or total else 0.38,
                    )
            if bases:
                continue
            for old in grid.columns:
                b = grid.at(row, old)
                if (
                    not b
                    or b.percent
                    or b.mention.value <= 0
                    or not _a_year(grid.column_when.get(new), grid.column_when.get(old))
                ):
                    continue
                yield Candidate(
                    (Operand(a.mention, "new"), Operand(b.mention, "old")), 0.62 if overlap >= 0.5 else 0.36
                )


def _on_scale(base: Level, cell: Number) -> tuple | None:  # type: ignore[type-arg]
    """(cell, base) on one scale: a bare number beside a table counts in the table's unit."""
    from dataclasses import replace

    m, c = base.mention, cell.mention
    if m.measure.kind == "plain" and m.scale == 1 and c.scale != 1:
        m = replace(m, value=m.value * c.scale, step=m.step * c.scale, scale=c.scale, measure=c.measure)
    return (c, m) if c.measure.fits(m.measure) else None


def _a_year(new: When | None, old: When | None) -> bool:
    if new is None or old is None:
        return False
    if old.sort == "year_ago":
        return new.sort != "year_ago"
    return bool(new.period and old.period and new.period.year_ago() == old.period)


def _share(grid: Grid, words: frozenset[str]) -> Iterator[Candidate]:
    totals = [r for r in grid.rows if TOTAL.search(grid.labels.get(r, ""))]
    for row in grid.rows:
        overlap = _overlap(grid, row, words)
        for whole in totals:
            for column in grid.columns:
                a, b = grid.at(row, column), grid.at(whole, column)
                if (
                    row != whole
                    and a
                    and b
                    and not a.percent
                    and not b.percent
                    and 0 < a.mention.value <= b.mention.value
                ):
                    yield Candidate(
                        (Operand(a.mention, "part"), Operand(b.mention, "whole")),
                        0.62 if overlap >= 0.5 else 0.36,
                    )


def _changes(grid: Grid, words: frozenset[str], level: Level) -> Iterator[Candidate]:
    for row in grid.rows:
        overlap = _overlap(grid, row, words)
        for new in grid.columns:
            for old in grid.columns:
                a, b = grid.at(row, new), grid.at(row, old)
                if new == old or not a or not b or a.percent != b.percent:
                    continue
                if a.percent != (level.mention.measure.kind == "point"):
                    continue
                if not a.percent and not a.mention.measure.fits(level.mention.measure):
                    continue
                if not _a_year(grid.column_when.get(new), grid.column_when.get(old)):
                    continue
                yield Candidate(
                    (Operand(a.mention, "minuend"), Operand(b.mention, "subtrahend")),
                    0.66 if overlap > 0.3 else 0.36,
                )
