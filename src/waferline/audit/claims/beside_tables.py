"""This module ties sentences to the table they stand beside: a number that repeats a cell, a share of a total
row, a change between two columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from waferline.audit.claims.claim import Candidate, Claim, Operand, RelationName
from waferline.audit.claims.cues import growing, shares
from waferline.audit.claims.differences import said_difference
from waferline.audit.claims.grid import GROWTH, TOTAL, Grid, Number, label_words
from waferline.audit.claims.growth import resolved
from waferline.audit.claims.readings import reading
from waferline.audit.claims.scene import Level, Line, Scene, words_in
from waferline.audit.claims.table_growth import metric_words
from waferline.audit.claims.table_periods import distance
from waferline.audit.mentions import Measure
from waferline.audit.periods import When

_NEAR = 3  # blocks between a table and the prose about it
_WIDE = 6  # the same for numbers that only a table's own rows can explain: points, priced quantities
_POINTS_AT = re.compile(r"table|above|below|following|下表|上表|如表|见表|表中|如下", re.IGNORECASE)
_WHOLE = re.compile(r"total|whole|all|合计|总|group|company|overall|全部", re.IGNORECASE)
_TOGETHER = re.compile(
    r"between them|together|combined|in total|altogether|in all|total|合计|总计|共|全部|全年|明细",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，；。;]|,\s|\s(?:and|while|with)\s")


def beside_table_claims(scene: Scene, grids: Sequence[Grid], line: Line) -> Iterator[Claim]:
    """The claims of a sentence whose operands stand in a table close by."""
    if not line.levels or not grids:
        return
    near = [grid for grid in grids if abs(grid.block - line.block) <= _NEAR]
    wide = [grid for grid in grids if abs(grid.block - line.block) <= _WIDE]
    for level in line.levels:
        if near:
            yield from _claims(scene, near, line, level)
        if wide and level.mention.measure.kind == "point":
            yield from _points(scene, wide, line, level)
        if wide and level.mention.measure.per and level.mention.measure.kind == "money":
            for grid in wide:
                yield from _priced(grid, level)


def _claims(scene: Scene, near: Sequence[Grid], line: Line, level: Level) -> Iterator[Claim]:
    place = (line.sentence.start, line.sentence.end)
    mention = level.mention
    words = words_in(scene.text[line.sentence.start : line.sentence.end])
    clause = _clause(scene, line, level)
    if any(
        _overlap(grid, row, clause) >= 0.5
        for one in near
        for grid in _both_ways(scene, one)
        for row in grid.rows
    ):
        words = clause  # the clause names its row; what the others name is theirs
    relation: RelationName | None = None
    sign, soft = 1, False
    found: list[Candidate] = []
    both = [turned for grid in near for turned in _both_ways(scene, grid)]
    if mention.measure.kind == "percent":
        said = growing(scene.text, line, mention)
        if said is not None and said.kind != "cagr":
            relation, sign, soft = said.kind, said.sign, said.soft
            found = [c for grid in both for c in _growth(scene, grid, line, level, words, said.kind)]
        elif said is None and shares(scene.text, line, mention):
            relation = "share"
            found = [c for grid in both for c in _share(grid, words)]
    elif difference := said_difference(scene, line, mention):
        relation, sign = "difference", difference[0]
        found = [c for grid in both for c in _changes(grid, words, level)]
    if relation is not None:
        if found:
            yield Claim(mention, relation, _sorted(found), sign=sign, soft=soft, place=place)
        return
    same = [c for grid in near for c in _same(scene, grid, line, level, words)]
    if same:
        yield Claim(mention, "text_vs_table", _sorted(same), place=place)
    sums = [c for grid in near for c in _column_sums(scene, grid, line, level)]
    if sums:
        yield Claim(mention, "sum", _sorted(sums), place=place)


def _both_ways(scene: Scene, grid: Grid) -> tuple[Grid, Grid]:
    """A table, and the same with rows and columns exchanged."""
    key = "both ways", grid.start
    if key not in scene.told:
        scene.told[key] = grid, grid.turned()
    told: tuple[Grid, Grid] = scene.told[key]
    return told


def _sorted(found: Iterable[Candidate]) -> list[Candidate]:
    return sorted(found, key=lambda c: -c.link)


def _clause(scene: Scene, line: Line, level: Level) -> frozenset[str]:
    """The words of the clause a number stands in."""
    start = line.sentence.start
    for match in _CLAUSE.finditer(scene.text, line.sentence.start, level.mention.start):
        start = match.end()
    stop = _CLAUSE.search(scene.text, level.mention.end, line.sentence.end)
    return words_in(scene.text[start : stop.start() if stop else line.sentence.end])


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
    """The cells that a sentence's number may repeat, by row words, head words and period."""
    mention = level.mention
    if (
        mention.measure.kind not in ("money", "count", "percent", "plain")
        or len(str(abs(int(mention.value / mention.step)))) < 3
    ):
        return
    pointed = bool(_POINTS_AT.search(scene.text, line.sentence.start, line.sentence.end))
    columns = _columns(grid, level)
    named = any(w.period == resolved(level) for c in columns if (w := grid.column_when.get(c)))
    metrics = {c: metric_words(grid.heads.get(c, "")) for c in columns}
    several = len({m for m in metrics.values() if m}) > 1
    newest = _newest(grid)
    overlaps = {row: _overlap(grid, row, words) for row in grid.rows}
    for (row, column), number in grid.numbers.items():
        if column not in columns or number.percent != (mention.measure.kind == "percent"):
            continue
        if not number.mention.measure.fits(mention.measure) and number.mention.measure.kind != "plain":
            continue
        if number.mention.measure.kind == "plain" and number.mention.scale == 1 and mention.scale > 1:
            continue
        link = 0.32 + 0.3 * min(overlaps[row] * 1.5, 1.0) + 0.12 * pointed + 0.05 * named
        if several and metrics[column] and not metrics[column] & words:
            link -= 0.3  # another column's metric
        if level.base or level.earlier:
            link -= 0.1
        elif not named and column == newest:
            link += 0.1
        yield Candidate((Operand(number.mention, "cell"),), min(link, 0.78))


def _column_sums(scene: Scene, grid: Grid, line: Line, level: Level) -> Iterator[Candidate]:
    """A sentence's number as the sum of a column that prints no total."""
    mention = level.mention
    if mention.measure.kind not in ("money", "count") or level.base or level.earlier or level.change:
        return
    if len(str(abs(int(mention.value / mention.step)))) < 3:
        return
    if any(TOTAL.search(grid.labels.get(row, "")) for row in grid.rows) or not 2 <= len(grid.rows) <= 15:
        return
    together = bool(_TOGETHER.search(scene.text, line.sentence.start, line.sentence.end))
    newest = _newest(grid)
    levels = [c for c in _columns(grid, level) if grid.levels(c)]
    for column in levels:
        parts = grid.levels(column)
        if len(parts) < len(grid.rows) or not all(p.mention.measure.fits(mention.measure) for p in parts):
            continue
        if len({label_words(grid.labels.get(p.row, "")) for p in parts}) < len(parts):
            continue
        first = column == newest or (newest is None and column == levels[0])
        link = (0.62 if together else 0.33) + 0.1 * first
        yield Candidate(tuple(Operand(p.mention, "part") for p in parts), link)


def _points(scene: Scene, wide: Sequence[Grid], line: Line, level: Level) -> Iterator[Claim]:
    """Percentage points between two rates of one column, dated by their rows: growth before and after.

    Which two the words mean is never sure, so these only confirm.
    """
    words = _clause(scene, line, level)
    found: list[Candidate] = []
    for grid in (turned for one in wide for turned in (one, one.turned())):
        for column in grid.columns:
            rates = [
                (w.period.start, n)
                for row in grid.rows
                if (n := grid.at(row, column)) and n.mention.measure.kind == "percent"
                and (w := grid.row_when.get(row)) and w.period and w.sort == "period"
            ]  # fmt: skip
            if not 2 <= len(rates) <= 6:
                continue
            head = label_words(GROWTH.sub("", grid.heads.get(column, "")))
            link = 0.5 if head & words else 0.33
            rates.sort(key=lambda each: each[0])
            for k, (_, old) in enumerate(rates):
                for _, new in rates[k + 1 :]:
                    found.append(
                        Candidate((Operand(new.mention, "minuend"), Operand(old.mention, "subtrahend")), link)
                    )
    if found:
        said = said_difference(scene, line, level.mention)
        place = (line.sentence.start, line.sentence.end)
        yield Claim(level.mention, "difference", _sorted(found), sign=said[0] if said else 1, place=place)


def _priced(grid: Grid, level: Level) -> Iterator[Claim]:
    """Two rows of which one is the other at a price that the prose names: cost = hours × $2 an hour."""
    price = Number.of(0, 0, level.mention, False)
    for turned in (grid, grid.turned()):
        values = [r for r in turned.rows if any(_is(turned.at(r, c), "money") for c in turned.columns)]
        amounts = [r for r in turned.rows if r not in values]
        for value in values[:12]:
            for amount in amounts[:12]:
                cells = [
                    (cell, (a, price))
                    for c in turned.columns
                    if (cell := turned.at(value, c)) and (a := turned.at(amount, c))
                    and _is(cell, "money") and not a.percent
                    and cell.mention.measure.fits(Measure("money", level.mention.measure.basis))
                ]  # fmt: skip
                if len(cells) > 1:
                    found = reading("product", cells, 0.3)
                    if found.votes >= max(2, len(cells) - 1):
                        yield from found.claims(grid)


def _is(number: Number | None, kind: str) -> bool:
    return number is not None and number.mention.measure.kind == kind


def _newest(grid: Grid) -> int | None:
    """The column of the latest period: what a sentence without a period is about."""
    dated = [(w.period.end, -c) for c, w in grid.column_when.items() if w.period and w.sort == "period"]
    return -max(dated)[1] if dated else None


def _growth(
    scene: Scene, grid: Grid, line: Line, stated: Level, words: frozenset[str], kind: str
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
                    or not _apart(kind, grid.column_when.get(new), grid.column_when.get(old))
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


def _apart(kind: str, new: When | None, old: When | None) -> bool:
    """True if two columns stand as far apart as the growth says."""
    if kind not in ("qoq", "mom"):
        return _a_year(new, old)
    months = distance(new, old)
    return months is not None and months == (3 if kind == "qoq" else 1)


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
