"""This module finds what a table states of itself: growth, totals, shares and differences of its cells.

A column may only accuse a cell if its other rows bear the reading out, or if its heads leave no other: the
structure of a table is evidence in itself, and a column in which nothing agrees was read wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from waferline.audit.claims.claim import Candidate, Claim, Operand, RelationName
from waferline.audit.claims.grid import (
    AVERAGE,
    GROWTH,
    PARTLY,
    RATE,
    SHARE,
    STEPWISE,
    TOTAL,
    Grid,
    Number,
    label_words,
)
from waferline.audit.judge import agrees
from waferline.audit.periods import When


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a column: for each of its cells the operands, and how plainly the heads say so."""

    relation: RelationName
    cells: tuple[tuple[Number, tuple[Operand, ...]], ...]
    plain: float  # 0 to 1: how clearly labels and periods alone call for it

    @property
    def votes(self) -> int:
        return sum(agrees(self.relation, cell.mention, [o.mention for o in ops]) for cell, ops in self.cells)


def table_claims(grid: Grid) -> Iterator[Claim]:
    """The claims of one table, read both ways round."""
    done: set[tuple[int, str]] = set()
    for turned in (grid, grid.turned()):
        for reading in _chosen(turned):
            for claim in _claims(grid, reading):
                key = (claim.stated.first, claim.relation)
                if key not in done:
                    done.add(key)
                    yield claim


def _claims(grid: Grid, reading: _Reading) -> Iterator[Claim]:
    votes, count = reading.votes, len(reading.cells)
    misses = count - votes
    if votes >= 2 and misses <= max(1, votes // 2):
        link = 0.92
    elif votes >= 1 and misses <= 1:
        link = max(0.62, reading.plain)
    elif votes == 0 and count == 1:
        link = min(reading.plain, 0.85)
    elif votes == 0 and count == 2:
        link = min(reading.plain, 0.7)
    else:
        link = 0.45
    for cell, operands in reading.cells:
        yield Claim(cell.mention, reading.relation, [Candidate(operands, link)], place=(grid.start, grid.end))


def _chosen(grid: Grid) -> Iterator[_Reading]:
    """For each column that states something, the reading its cells bear out best."""
    for column in grid.columns:
        for readings in (
            list(_growth_readings(grid, column)),
            list(_share_readings(grid, column)),
            list(_difference_readings(grid, column)),
        ):
            if readings:
                yield max(readings, key=lambda r: (min(r.votes, 3) + r.plain * 2, r.votes))
    for row in grid.rows:
        sums = list(_total_readings(grid, row))
        if sums:
            yield max(sums, key=lambda r: (r.votes / max(1, len(r.cells)), r.votes, r.plain))
        else:
            hidden = list(_found_readings(grid, row))
            if hidden:
                yield max(hidden, key=lambda r: (r.votes, -len(r.cells[0][1])))
        rates = list(_rate_readings(grid, row))
        if rates:
            yield max(rates, key=lambda r: (r.votes, r.plain))
    yield from _part_year_readings(grid)


def _distance(new: When | None, old: When | None) -> int | None:
    """Months from the old period to the new one, if both are known and of one length; 12 where heads only say
    this and last year."""
    if new is None or old is None:
        return None
    if old.sort == "year_ago":
        return 12 if new.sort != "year_ago" else None
    if new.period is None or old.period is None or new.period.whole_months != old.period.whole_months:
        return None
    if new.sort != old.sort:
        return None
    return (
        (new.period.start.year - old.period.start.year) * 12 + new.period.start.month - old.period.start.month
    )


def _wanted(head: str, distance: int | None, new: When | None) -> bool | None:
    """True if the distance is that of the growth the head names, None if nothing is known of it."""
    if distance is None:
        return None
    if STEPWISE.search(head):
        return bool(new and new.period and distance == new.period.whole_months)
    return distance == 12


def _growth_readings(grid: Grid, column: int) -> Iterator[_Reading]:
    head = grid.heads.get(column, "") or grid.labels.get(column, "")
    if (
        not GROWTH.search(head)
        or not grid.is_rate(column)
        or re.search(r"百分点|点\b|pp\b|bps|points|pct", head)
    ):
        return
    kind: RelationName = "growth"
    if STEPWISE.search(head):
        kind = "mom" if re.search(r"月|month|MoM|m/m", head, re.IGNORECASE) else "qoq"
    own = grid.column_when.get(column)
    levels = [c for c in grid.columns if c != column and grid.levels(c)]
    # Two level columns and a growth column.
    for new in levels:
        for old in levels:
            if new == old:
                continue
            wanted = _wanted(
                head,
                _distance(grid.column_when.get(new), grid.column_when.get(old)),
                grid.column_when.get(new),
            )
            if wanted is False:
                continue
            if (
                own is not None
                and own.period
                and grid.column_when.get(new)
                and grid.column_when[new].period != own.period
            ):
                continue
            plain = 0.85 if wanted else 0.5 if len(levels) == 2 and new < old < column else 0.3
            if wanted and _others(grid, levels, new, old, head):
                plain = 0.6
            shared = _same_metric(grid.heads.get(new, ""), grid.heads.get(old, ""))
            cells = tuple(
                (cell, (Operand(a.mention, "new"), Operand(b.mention, "old")))
                for row in grid.rows
                if (cell := grid.at(row, column)) and cell.percent
                and (a := grid.at(row, new)) and (b := grid.at(row, old))
                and not a.percent and not b.percent and b.mention.value > 0
            )  # fmt: skip
            if cells and shared:
                yield _Reading(kind, cells, plain)
    # One level column, time down the rows.
    for level in levels:
        down: list[tuple[Number, tuple[Operand, ...]]] = []
        for row in grid.rows:
            cell, a = grid.at(row, column), grid.at(row, level)
            if not cell or not cell.percent or not a or a.percent:
                continue
            for other in grid.rows:
                b = grid.at(other, level)
                distance = _distance(grid.row_when.get(row), grid.row_when.get(other))
                if (
                    other != row
                    and b
                    and not b.percent
                    and b.mention.value > 0
                    and _wanted(head, distance, grid.row_when.get(row))
                ):
                    down.append((cell, (Operand(a.mention, "new"), Operand(b.mention, "old"))))
                    break
        if down:
            named = label_words(GROWTH.sub("", head)) & label_words(grid.heads.get(level, ""))
            plain = 0.8 if named else 0.75 if level == column - 1 or len(levels) == 1 else 0.3
            yield _Reading(kind, tuple(down), plain)


def _others(grid: Grid, levels: Sequence[int], new: int, old: int, head: str) -> bool:
    """True if another pair of level columns stands in the same distance."""
    return any(
        (a, b) != (new, old) and a != b
        and _wanted(head, _distance(grid.column_when.get(a), grid.column_when.get(b)), grid.column_when.get(a))
        for a in levels
        for b in levels
    )  # fmt: skip


def _same_metric(a: str, b: str) -> bool:
    one, other = label_words(a), label_words(b)
    return not one or not other or bool(one & other)


def _difference_readings(grid: Grid, column: int) -> Iterator[_Reading]:
    head = grid.heads.get(column, "") or grid.labels.get(column, "")
    if not re.search(
        r"增减|变动|变化|差|chang|increase|decrease|variance|difference|Δ|顺差|余额|balance|净",
        head,
        re.IGNORECASE,
    ):
        return
    others = [c for c in grid.columns if c != column]
    for new in others:
        for old in others:
            if new == old:
                continue
            cells = []
            for row in grid.rows:
                cell, a, b = grid.at(row, column), grid.at(row, new), grid.at(row, old)
                if not cell or not a or not b or a.percent != b.percent:
                    continue
                point = cell.mention.measure.kind == "point" or (cell.percent and a.percent)
                if a.percent and not point:
                    continue
                if not a.percent and cell.percent:
                    continue
                cells.append((cell, (Operand(a.mention, "minuend"), Operand(b.mention, "subtrahend"))))
            if len(cells) >= 1:
                distance = _distance(grid.column_when.get(new), grid.column_when.get(old))
                plain = 0.5 if distance in (12, 3, 1) else 0.3
                reading = _Reading("difference", tuple(cells), plain)
                if reading.votes:
                    yield reading


def _share_readings(grid: Grid, column: int) -> Iterator[_Reading]:
    head = grid.heads.get(column, "") or grid.labels.get(column, "")
    if not SHARE.search(head) or not grid.is_rate(column) or GROWTH.search(head):
        return
    totals = [r for r in grid.rows if TOTAL.search(grid.labels.get(r, ""))]
    for level in grid.columns:
        if level == column or not grid.levels(level):
            continue
        whens = (grid.column_when.get(column), grid.column_when.get(level))
        if (
            all(whens)
            and whens[0] is not None
            and whens[1] is not None
            and whens[0].period != whens[1].period
        ):
            continue
        for total in totals or _largest(grid, level):
            whole = grid.at(total, level)
            if not whole or whole.percent or whole.mention.value <= 0:
                continue
            cells = tuple(
                (cell, (Operand(part.mention, "part"), Operand(whole.mention, "whole")))
                for row in grid.rows
                if row != total and (cell := grid.at(row, column)) and cell.percent
                and (part := grid.at(row, level)) and not part.percent
            )  # fmt: skip
            if cells:
                near = level == column - 1 or (all(whens))
                yield _Reading("share", cells, (0.82 if near else 0.6) if totals else 0.3)


def _largest(grid: Grid, column: int) -> list[int]:
    found = [(n.mention.value, n.row) for n in grid.levels(column)]
    return [max(found)[1]] if found else []


def _rate_readings(grid: Grid, row: int) -> Iterator[_Reading]:
    """A row of ratios of two other rows: 毛利率, 净利润占收入的比重."""
    label = grid.labels.get(row, "") or grid.heads.get(row, "")
    if not RATE.search(label) or GROWTH.search(label):
        return
    words = label_words(label)
    levels = [
        r for r in grid.rows if r != row and any((n := grid.at(r, c)) and not n.percent for c in grid.columns)
    ]
    if len(levels) > 30:
        return
    for top in levels:
        for bottom in levels:
            if top == bottom:
                continue
            cells = tuple(
                (cell, (Operand(a.mention, "part"), Operand(b.mention, "whole")))
                for c in grid.columns
                if (cell := grid.at(row, c)) and cell.percent
                and (a := grid.at(top, c)) and (b := grid.at(bottom, c))
                and not a.percent and not b.percent and b.mention.value > 0
            )  # fmt: skip
            if not cells:
                continue
            named = bool(words & label_words(grid.labels.get(top, ""))) and bool(
                words & label_words(grid.labels.get(bottom, ""))
            )
            reading = _Reading("share", cells, 0.8 if named else 0.2)
            if reading.votes >= (1 if named else 2):
                yield reading
            if _GROSS.search(label):
                margin = _Reading("margin", cells, 0.5)
                if margin.votes >= 2:
                    yield margin


_GROSS = re.compile(r"毛利率|gross (?:profit )?margin|利润率|operating margin", re.IGNORECASE)
_PROFIT = re.compile(
    r"毛利|利润|收益|净额|余额|差额|gross (?:profit|margin)|income|profit|earnings|EBIT|balance|loss|net",
    re.IGNORECASE,
)


def _found_readings(grid: Grid, row: int) -> Iterator[_Reading]:
    """A subtotal or a profit that no label calls so, where two columns or more bear it out."""
    label = grid.labels.get(row, "")
    if TOTAL.search(label):
        return
    at = grid.rows.index(row)
    above = grid.rows[max(0, at - 8) : at]
    columns = [
        c
        for c in grid.columns
        if (n := grid.at(row, c)) and not n.percent and not AVERAGE.search(grid.heads.get(c, ""))
    ]
    if len(columns) < 2:
        return
    for count in range(2, len(above) + 1):
        parts = above[-count:]
        cells = _cells(grid, row, columns, [(r, "part") for r in parts])
        reading = _Reading("sum", cells, 0.3)
        if len(cells) >= 2 and reading.votes >= max(2, len(cells) - 1):
            yield reading
    if _PROFIT.search(label):
        for a in above:
            for b in above:
                if a != b:
                    cells = _cells(grid, row, columns, [(a, "minuend"), (b, "subtrahend")])
                    reading = _Reading("difference", cells, 0.3)
                    if len(cells) >= 2 and reading.votes >= max(2, len(cells) - 1):
                        yield reading


def _cells(
    grid: Grid, row: int, columns: Sequence[int], parts: Sequence[tuple[int, str]]
) -> tuple[tuple[Number, tuple[Operand, ...]], ...]:
    found = []
    for c in columns:
        whole = grid.at(row, c)
        numbers = [(grid.at(r, c), role) for r, role in parts]
        if whole and all(n and not n.percent for n, _ in numbers):
            found.append((whole, tuple(Operand(n.mention, role) for n, role in numbers if n)))
    return tuple(found)


def _total_readings(grid: Grid, row: int) -> Iterator[_Reading]:
    """A total row and the rows it adds up: those above it since the last total, or all below a leading one."""
    if not TOTAL.search(grid.labels.get(row, "")):
        return
    at = grid.rows.index(row)
    above: list[int] = []
    for r in reversed(grid.rows[:at]):
        if TOTAL.search(grid.labels.get(r, "")):
            break
        above.insert(0, r)
    below = []
    for r in grid.rows[at + 1 :]:
        if TOTAL.search(grid.labels.get(r, "")):
            break
        below.append(r)
    earlier = [r for r in grid.rows[:at] if TOTAL.search(grid.labels.get(r, ""))]
    last = at == len(grid.rows) - 1
    sets = [(above, 0.8 if last else 0.65), (below, 0.6)]
    whole_top = [r for r in grid.rows[:at] if not TOTAL.search(grid.labels.get(r, ""))]
    sets += [(earlier, 0.5), (whole_top, 0.5), ([*earlier, *above], 0.4)]
    sets += [
        ([r for r in part if not PARTLY.search(grid.labels.get(r, ""))], plain) for part, plain in list(sets)
    ]
    sets += [(above[-k:], 0.3) for k in range(2, len(above))]
    seen: set[tuple[int, ...]] = set()
    for parts, plain in sets:
        if len(parts) < 2 or tuple(parts) in seen:
            continue
        seen.add(tuple(parts))
        if any(PARTLY.search(grid.labels.get(r, "")) for r in parts):
            plain = min(plain, 0.4)
        cells = []
        for column in grid.columns:
            whole = grid.at(row, column)
            found = [n for r in parts if (n := grid.at(r, column)) and not n.percent]
            if not whole or whole.percent or len(found) < 2 or AVERAGE.search(grid.heads.get(column, "")):
                continue
            missing = len(found) < len(parts)
            total = sum((n.mention.value for n in found), Fraction(0))
            short = total < whole.mention.value and not missing
            if short and not agrees("sum", whole.mention, [n.mention for n in found]):
                plain = min(plain, 0.7)  # the table may leave small parts out
            cells.append((whole, tuple(Operand(n.mention, "part") for n in found)))
        if cells:
            yield _Reading("sum", tuple(cells), plain)


def _part_year_readings(grid: Grid) -> Iterator[_Reading]:
    """A year's column beside its four quarters or two halves."""
    for column, when in grid.column_when.items():
        if when.period is None or when.sort != "period" or when.period.whole_months != 12 or when.fiscal:
            continue
        for length in (3, 6):
            parts = [
                c for c, w in grid.column_when.items()
                if w.period and w.sort == "period" and w.period.whole_months == length and when.period.contains(w.period)
            ]  # fmt: skip
            if len(parts) != 12 // length:
                continue
            cells = tuple(
                (cell, tuple(Operand(n.mention, "part") for n in found))
                for row in grid.rows
                if (cell := grid.at(row, column)) and not cell.percent
                and len(found := [n for c in parts if (n := grid.at(row, c)) and not n.percent]) == len(parts)
                and not AVERAGE.search(grid.labels.get(row, ""))
            )  # fmt: skip
            if cells:
                yield _Reading("sum", cells, 0.6)
