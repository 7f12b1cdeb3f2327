"""This module reads growth and change columns: which level columns, or which earlier rows, they compare.

A growth column belongs to the level columns on its left, up to the next rate column. Where heads only say
"this period" and "the year before", both must stand in that group; where it holds one level column, its base
is not printed, unless dated heads elsewhere name it (本报告期 | 增减 | 年初至报告期末 | 增减).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from waferline.audit.claims.claim import RelationName
from waferline.audit.claims.grid import (
    BASIS_POINTS,
    GROWTH,
    POINTS,
    SHARE,
    SOFT,
    STEPWISE,
    Grid,
    Number,
    alike,
    label_words,
)
from waferline.audit.claims.readings import Reading, reading
from waferline.audit.claims.table_periods import both_periods, distance, same_period
from waferline.audit.periods import When

_YEARLY = re.compile(
    r"同比|年增|YoY|y/y|y-o-y|上年|去年|year[- ](?:over|on)|vs\.? (?:last|prior) year|yearly|annual|on (?:the |a )?year|a year",
    re.IGNORECASE,
)
_MONTHLY = re.compile(r"月|month|MoM|m/m", re.IGNORECASE)
_CUMULATIVE = re.compile(r"累计|YTD|year[- ]to[- ]date|1\s?[-~至]", re.IGNORECASE)
_SPAN = re.compile(r"CAGR|复合|年均|compound|average annual", re.IGNORECASE)
_CHANGE = re.compile(
    r"增减|变动|变化|差|chang|increase|decrease|variance|difference|Δ|顺差|余额|balance|净|增加|减少|同比|环比|YoY|QoQ|(?<![a-z])move|\+\s?/\s?[-–−]|±",
    re.IGNORECASE,
)
_TIME_WORDS = frozenset(
    (
        "month", "quarter", "period", "ended", "end", "month", "three", "six", "nine", "twelve", "half", "full", "last",
        "current", "prior", "previou", "this", "ago", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
        "sept", "oct", "nov", "dec", "january", "february", "march", "april", "june", "july", "august", "september",
        "october", "november", "december", "first", "second", "third", "fourth", "restated", "audited", "unaudited",
        "amount", "actual", "estimate", "forecast", "change", "growth", "over", "yoy", "qoq", "mom", "chg", "var", "qtr",
        "year-over-year", "quarter-over-quarter", "month-over-month", "quarter-on-quarter", "year-on-year", "sequential",
        "qtr-over-qtr", "percent", "variance", "increase", "decrease", "rate", "金额", "报告", "告期", "累计", "数额",
    )
)  # fmt: skip


@lru_cache(maxsize=4096)
def metric_words(head: str) -> frozenset[str]:
    """The words of a head that say what is measured, not when."""
    return label_words(GROWTH.sub(" ", head)) - _TIME_WORDS


def growth_readings(grid: Grid, column: int) -> Iterator[Reading]:
    """The ways to read a column of percentages as growth."""
    head = grid.heads.get(column, "") or grid.labels.get(column, "")
    if not GROWTH.search(head) or not grid.is_rate(column) or _is_points(head) or _SPAN.search(head):
        return
    if SHARE.search(head):
        return
    kind: RelationName = "growth"
    if STEPWISE.search(head):
        kind = "mom" if _MONTHLY.search(head) else "qoq"
    levels = [c for c in grid.columns if c != column and grid.levels(c)]
    yield from _across(grid, column, head, kind, levels)
    yield from _down(grid, column, head, kind, levels)


def _is_points(head: str) -> bool:
    return bool(POINTS.search(head) or BASIS_POINTS.search(head))


def group(grid: Grid, column: int) -> list[int]:
    """The level columns a rate column belongs to: those on its left up to the next rate column."""
    left = [c for c in grid.columns if c < column]
    while left and grid.is_rate(left[-1]):
        left.pop()
    found: list[int] = []
    while left and not grid.is_rate(left[-1]):
        c = left.pop()
        if grid.levels(c):
            found.insert(0, c)
    return found


def wanted(head: str, months: int | None, new: When | None) -> bool | None:
    """True if two columns stand in the distance that the head names, None where nothing is known of it."""
    if months is None:
        return None
    length = new.period.whole_months if new and new.period else None
    if STEPWISE.search(head):
        # Days stand for their month: a quarter's end may lie three months after the one before.
        quarterly = bool(length == 1 and months == 3 and new and new.period and new.period.end.month % 3 == 0)
        return (
            months in (1, 3)
            if length is None
            else months == length or (quarterly and not _MONTHLY.search(head))
        )
    if _YEARLY.search(head):
        return months == 12
    return months in (12, length, 1)


def _across(
    grid: Grid, column: int, head: str, kind: RelationName, levels: Sequence[int]
) -> Iterator[Reading]:
    """Two level columns and a growth column."""
    own = grid.column_when.get(column)
    named = both_periods(head)
    words = metric_words(head)
    mine = group(grid, column)
    for new in levels:
        for old in levels:
            if new == old:
                continue
            w_new, w_old = grid.column_when.get(new), grid.column_when.get(old)
            relative = any(w is None or w.period is None for w in (w_new, w_old))
            if relative and len(mine) > 1 and not (new in mine and old in mine):
                continue
            heads = grid.heads.get(new, ""), grid.heads.get(old, "")
            if not _same_metric(*heads) or not _of_metric(words, heads[0]):
                continue
            if named:
                if not (w_new and w_old and same_period(w_new, named[0]) and same_period(w_old, named[1])):
                    continue
                plain = 0.88
            else:
                if own and own.period and w_new and w_new.period and not same_period(own, w_new):
                    continue
                fits = wanted(head, distance(w_new, w_old), w_new)
                if fits is False:
                    continue
                if relative and len(mine) == 1 and not (fits and mine[0] in (new, old)):
                    continue  # its base is not printed
                inside = new in mine and old in mine
                if fits:
                    rivals = _rivals(grid, levels, new, old, head, words)
                    plain = 0.85 if not rivals else 0.82 if inside and len(mine) == 2 else 0.5
                elif inside and len(mine) == 2 and new < old:
                    plain = 0.62
                else:
                    plain = 0.3
            cells = [
                (cell, (a, b))
                for row in grid.rows
                if (cell := grid.at(row, column)) and cell.mention.measure.kind == "percent"
                and (a := grid.at(row, new)) and (b := grid.at(row, old)) and _comparable(a, b)
                and not SOFT.search(grid.labels.get(row, "").partition(" ")[2] or "")
            ]  # fmt: skip
            found = reading(kind, cells, plain, bool(SOFT.search(head)))
            if cells:
                yield _without_losses(found)


def _without_losses(found: Reading) -> Reading:
    """The reading without the cells whose new level is a loss and that do not agree: there habits differ."""
    kept = tuple(s for s in found.cells if s.agrees or s.operands[0].value >= 0)
    return Reading(found.relation, kept, found.plain, found.soft)


def _comparable(a: Number, b: Number) -> bool:
    return not a.percent and b.low > 0 and alike(a, b)


def _rivals(grid: Grid, levels: Sequence[int], new: int, old: int, head: str, words: frozenset[str]) -> bool:
    """True if another pair of level columns of that metric stands in the same distance."""
    for a in levels:
        for b in levels:
            if a == b or (a, b) == (new, old):
                continue
            w_a, w_b = grid.column_when.get(a), grid.column_when.get(b)
            if wanted(head, distance(w_a, w_b), w_a) and _of_metric(words, grid.heads.get(a, "")):
                return True
    return False


def _same_metric(a: str, b: str) -> bool:
    one, other = metric_words(a), metric_words(b)
    return not one or not other or bool(one & other)


def _of_metric(words: frozenset[str], head: str) -> bool:
    """False if growth head and level head name different things."""
    other = metric_words(head)
    return not words or not other or bool(words & other)


def _down(grid: Grid, column: int, head: str, kind: RelationName, levels: Sequence[int]) -> Iterator[Reading]:
    """One level column, time down the rows."""
    dated = [r for r in grid.rows if r in grid.row_when]
    if len(dated) < 2:
        return
    mine = group(grid, column)
    words = metric_words(head)
    for level in levels:
        other = grid.heads.get(level, "")
        if not _of_metric(words, other):
            continue
        if bool(_CUMULATIVE.search(head)) != bool(_CUMULATIVE.search(other)):
            continue
        down = []
        for row in dated:
            cell, a = grid.at(row, column), grid.at(row, level)
            if not cell or cell.mention.measure.kind != "percent" or not a or a.percent:
                continue
            bases = [
                (months, b)
                for r in dated
                if r != row
                and (b := grid.at(r, level))
                and _comparable(a, b)
                and (months := _rows_apart(grid, row, r)) is not None
                and wanted(head, months, grid.row_when.get(row))
                and _down_step(grid, head, row, r)
            ]
            least = min((months for months, _ in bases), default=0)
            nearest = [b for months, b in bases if months == least]
            if len(nearest) == 1:
                down.append((cell, (a, nearest[0])))
        if down:
            named = bool(words & metric_words(other))
            near = bool(mine) and level == mine[-1]
            plain = 0.8 if named else 0.78 if len(levels) == 1 else 0.7 if near else 0.3
            yield _without_losses(reading(kind, down, plain, bool(SOFT.search(head))))


def _rows_apart(grid: Grid, row: int, other: int) -> int | None:
    if metric_words(grid.labels.get(row, "")) != metric_words(grid.labels.get(other, "")):
        return None
    return distance(grid.row_when.get(row), grid.row_when.get(other))


def _down_step(grid: Grid, head: str, row: int, other: int) -> bool:
    """For a head that does not say which growth it is, the row before in time decides: only yearly rows are
    surely compared with the year before."""
    when = grid.row_when.get(row)
    if STEPWISE.search(head) or _YEARLY.search(head):
        return True
    return bool(
        when
        and when.period
        and when.period.whole_months == 12
        and distance(when, grid.row_when.get(other)) == 12
    )


def change_readings(grid: Grid, column: int) -> Iterator[Reading]:
    """The ways to read a column as differences of two others: 增减额, Change, 百分点."""
    head = grid.heads.get(column, "") or grid.labels.get(column, "")
    if not _CHANGE.search(head) and not _is_points(head):
        return
    others = [c for c in grid.columns if c != column]
    mine = group(grid, column)
    named = both_periods(head)
    for new in others:
        for old in others:
            if new == old:
                continue
            cells = [
                (cell, (a, b))
                for row in grid.rows
                if (cell := grid.at(row, column)) and (a := grid.at(row, new)) and (b := grid.at(row, old))
                and _differs_like(cell, a, b)
            ]  # fmt: skip
            if not cells:
                continue
            w_new, w_old = grid.column_when.get(new), grid.column_when.get(old)
            months = distance(w_new, w_old)
            relative = any(w is None or w.period is None for w in (w_new, w_old))
            if (
                relative
                and len(mine) > 1
                and not (new in mine and old in mine)
                and not cells[0][1][0].percent
            ):
                continue
            if named:
                exact = w_new and w_old and same_period(w_new, named[0]) and same_period(w_old, named[1])
                plain = 0.85 if exact else 0.2
            else:
                plain = 0.6 if wanted(head, months, w_new) else 0.3
                if plain == 0.6 and (len(others) == 2 or [new, old] == mine or [old, new] == mine):
                    plain = 0.82
            found = reading("difference", cells, plain, bool(SOFT.search(head)))
            # "35.2% | 33.1% | 6.3%" may be the growth of a rate: only a number of points must be a difference.
            sure = tuple(c for c in found.cells if c.agrees or c.cell.mention.measure.kind != "percent")
            found = Reading(found.relation, sure, found.plain, found.soft)
            if sure and (found.votes or plain > 0.8):
                yield found


def _differs_like(cell: Number, a: Number, b: Number) -> bool:
    """True if a cell may be the difference of two: points of two percentages, an amount of two amounts."""
    if a.percent != b.percent or a.mention.measure.kind == "point" or b.mention.measure.kind == "point":
        return False
    if a.percent:
        return cell.percent
    if cell.percent:
        return False
    return cell.mention.measure.fits(a.mention.measure) and a.mention.measure.fits(b.mention.measure)
