"""This module reads totals: labelled ones, subtotals no label calls so, years beside their parts, averages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from waferline.audit.claims.grid import AVERAGE, GROWTH, PARTLY, PER_UNIT, SHARE, TOTAL, Grid, alike
from waferline.audit.claims.readings import Reading, bears_out, reading
from waferline.audit.claims.table_periods import distance
from waferline.audit.periods import NO_YEAR, When
from waferline.quantity.period import months_from

_BACK = 12  # rows above a subtotal that it may add up
_PROFIT = re.compile(
    r"毛利|利润|收益|净额|余额|差额|gross (?:profit|margin)|income|profit|earnings|EBIT|balance|loss|net",
    re.IGNORECASE,
)
# Stocks and shares of the year do not add up over its quarters.
_STOCK = re.compile(
    r"资产|负债|现金(?!流)|库存|存货|期末|余额|人数|股数|股本|在手|产能|天数|市值|权益|股东|股息|分红|"
    r"headcount|employees|shares|inventor|assets|liabilit|cash(?! flow)|debt|backlog|capacity|days|utili[sz]ation|equity|dividend|"
    r"balance|outstanding|(?<![a-z])rates?(?![a-z])|margin|(?<![a-z])ratio|price|loans|deposits|stores|subscribers|users|用户",
    re.IGNORECASE,
)
_BARE_TOTAL = re.compile(
    r"[\s*]*(?:合\s?计|总\s?计|小\s?计|共计|总和|合共|全部|全国|全球|全年|grand total|sub-?total|totals?|sum|overall|total market|world(?:wide)?|(?:full )?year)(?:[（(].*[)）])?[\s*]*",
    re.IGNORECASE,
)
_MIXED = re.compile(r"利润|成本|费用|税|收益|profit|cost|expense|tax|income|loss|margin", re.IGNORECASE)
_TO_DATE = re.compile(r"累计|YTD|year[- ]to[- ]date|cumulative", re.IGNORECASE)
_YEAR = re.compile(
    r"(?:full[- ])?year|全年|年度|FY|(?:FY|CY)?(?:19|20)\d\d年?|全年合计|合计|total", re.IGNORECASE
)
_BARE_PERCENT = re.compile(
    r"(?:^|\s)(?:[%％]|百分比\s?[(（]?[%％]?[)）]?|percent(?:age)?)\s*$", re.IGNORECASE
)
_MEAN = re.compile(r"^\s*\**(?:平均(?:值|数)?|均值|average|mean|avg\.?)\**\s*$", re.IGNORECASE)


def total_readings(grid: Grid, row: int) -> Iterator[Reading]:
    """A total row and the rows it adds up: those above it since the last total, or all below a leading one."""
    if not (TOTAL.search(grid.labels.get(row, "")) or is_all(grid, row)) or AVERAGE.search(
        grid.labels.get(row, "")
    ):
        return
    at = grid.rows.index(row)
    last = at == len(grid.rows) - 1
    fit = [r for r in grid.rows if not _uncounted(grid.labels.get(r, ""))]
    totals = {r for r in fit if TOTAL.search(grid.labels.get(r, ""))}
    before, after = [r for r in fit if r < row], [r for r in fit if r > row]
    above = _until(list(reversed(before)), totals)[::-1]
    below = _until(after, totals)
    earlier = [r for r in before if r in totals]
    sets = [
        (above, 0.8 if last and not after else 0.65),
        (below, 0.8 if at == 0 and not totals - {row} else 0.6),
    ]
    if not _BARE_TOTAL.fullmatch(grid.labels.get(row, "")):
        # "Total revenue" may head an income statement, "Total comprehensive income" end one
        sets = [
            (part, min(plain, 0.5 if any(_MIXED.search(grid.labels.get(r, "")) for r in part) else 0.7))
            for part, plain in sets
        ]
    sets += [(earlier, 0.5), ([r for r in before if r not in totals], 0.5), ([*earlier, *above], 0.4)]
    sets += [([r for r in part if not _partly(grid, r)], min(plain, 0.7)) for part, plain in list(sets)]
    sets += [(above[-k:], 0.3) for k in range(2, len(above))]
    sets += [(below[:k], 0.3) for k in range(2, len(below))]
    seen: set[tuple[int, ...]] = set()
    for parts, plain in sets:
        if len(parts) < 2 or tuple(parts) in seen:
            continue
        seen.add(tuple(parts))
        if any(_partly(grid, r) for r in parts):
            plain = min(plain, 0.4)
        found = _sum(grid, row, parts, plain)
        if found:
            yield found


def _sum(grid: Grid, row: int, parts: Sequence[int], plain: float) -> Reading | None:
    cells = []
    for column in grid.columns:
        whole = grid.at(row, column)
        if not whole or (AVERAGE.search(grid.heads.get(column, "")) and not whole.percent):
            continue
        share = whole.percent and is_share_head(grid.heads.get(column, ""))
        if whole.percent and not share:
            continue
        found = [
            n for r in parts if (n := grid.at(r, column)) and n.percent == whole.percent and alike(n, whole)
        ]
        if len(found) < 2 or (whole.percent and len(found) < len(parts)):
            continue
        short = len(found) == len(parts) and sum(n.value for n in found) < whole.value
        if short and not bears_out("sum", whole, found):
            plain = min(plain, 0.7)  # the table may leave small parts out
        cells.append((whole, found))
    return reading("sum", cells, plain) if cells else None


def is_all(grid: Grid, row: int) -> bool:
    """True if a row is the only one that is 100 % of a column of shares: the whole, whatever its label."""
    for column in grid.columns:
        cell = grid.at(row, column)
        if cell and cell.percent and abs(cell.value - 1) < 1e-9 and adds_to_all(grid, column):
            return True
    return False


def adds_to_all(grid: Grid, column: int) -> bool:
    """True if a column of percentages holds one 100 %, and its other cells add up to it within their rounding."""
    cells = [n for r in grid.rows if (n := grid.at(r, column)) and n.mention.measure.kind == "percent"]
    full = [n for n in cells if abs(n.value - 1) < 1e-9]
    parts = [n for n in cells if n not in full]
    return len(full) == 1 and len(parts) > 1 and bears_out("sum", full[0], parts)


def is_share_head(head: str) -> bool:
    """True if a column's head says its percentages are shares of one whole."""
    return bool(SHARE.search(head) or _BARE_PERCENT.search(head)) and not GROWTH.search(head)


def _until(rows: Sequence[int], totals: set[int]) -> list[int]:
    found = []
    for r in rows:
        if r in totals:
            break
        found.append(r)
    return found


def _partly(grid: Grid, row: int) -> bool:
    return bool(PARTLY.search(grid.labels.get(row, "")))


def _uncounted(label: str) -> bool:
    """True for rows that belong to no sum: per share, averages, rates."""
    return bool(PER_UNIT.search(label) or _MEAN.search(label))


def hidden_readings(grid: Grid, row: int) -> Iterator[Reading]:
    """A subtotal or a profit that no label calls so, where two columns or more bear it out."""
    label = grid.labels.get(row, "")
    if TOTAL.search(label) or _uncounted(label) or AVERAGE.search(label):
        return
    at = grid.rows.index(row)
    above = [
        r
        for r in grid.rows[max(0, at - _BACK) : at]
        if not _uncounted(grid.labels.get(r, "")) and any(grid.at(r, c) for c in grid.columns)
    ]
    columns = [
        c
        for c in grid.columns
        if (n := grid.at(row, c)) and not n.percent and n.value and not AVERAGE.search(grid.heads.get(c, ""))
    ]
    if len(columns) < 2:
        return
    for count in range(2, len(above) + 1):
        found = _borne_out(grid, "sum", row, columns, above[-count:])
        if found:
            yield found
    if _PROFIT.search(label):
        for a in above:
            for b in above:
                if a != b:
                    found = _borne_out(grid, "difference", row, columns, (a, b))
                    if found:
                        yield found


def _borne_out(
    grid: Grid, relation: str, row: int, columns: Sequence[int], parts: Sequence[int]
) -> Reading | None:
    """The reading if at most one column misses it, given up at the second that does."""
    cells, misses = [], 0
    for c in columns:
        whole = grid.at(row, c)
        numbers = [n for r in parts if (n := grid.at(r, c)) and not n.percent]
        if whole is None or len(numbers) < len(parts):
            continue
        misses += not bears_out(relation, whole, numbers)
        if misses > 1:
            return None
        cells.append((whole, numbers))
    if len(cells) < 2 or len(cells) - misses < 2 or not all(alike(n, cells[0][0]) for n in cells[0][1]):
        return None
    return reading("sum" if relation == "sum" else "difference", cells, 0.3)


def part_year_readings(grid: Grid) -> Iterator[Reading]:
    """A longer period's column beside the shorter ones that make it up: a year and its quarters, a half and
    its months, nine months of three quarters."""
    dated = {
        c: w for c, w in grid.column_when.items()
        if w.period is not None and w.sort in ("period", "part") and not grid.is_rate(c)
    }  # fmt: skip
    named = [
        c for c in grid.columns if _YEAR.fullmatch(grid.heads.get(c, "").strip()) and not grid.is_rate(c)
    ]
    if len(named) == 1 and all(w.sort == "part" for c, w in dated.items() if c != named[0]):
        # Q1 … Q4 beside "Year": parts of one year that no head gives
        dated[named[0]] = When(0, 0, "part", months_from(NO_YEAR * 12, 12))
    for column, when in dated.items():
        assert when.period is not None
        whole = when.period
        inside = [
            c for c, w in dated.items()
            if c != column and w.period and whole.contains(w.period) and w.period.whole_months < whole.whole_months
        ]  # fmt: skip
        for parts in _partitions(dated, inside, column):
            cells = []
            for row in grid.rows:
                label = grid.labels.get(row, "")
                cell = grid.at(row, column)
                found = [n for c in parts if (n := grid.at(row, c)) and not n.percent]
                if not cell or cell.percent or len(found) < len(parts):
                    continue
                if AVERAGE.search(label) or _STOCK.search(label) or PER_UNIT.search(label):
                    continue
                cells.append((cell, found))
            if cells:
                yield reading("sum", cells, 0.6)


def _partitions(dated: dict[int, When], columns: Sequence[int], whole: int) -> Iterator[list[int]]:
    """The sets of equally long columns that fill the whole without a gap."""
    total = dated[whole].period
    assert total is not None
    lengths = {p.whole_months for c in columns if (p := dated[c].period)}
    for length in sorted(lengths):
        parts = [c for c in columns if (p := dated[c].period) and p.whole_months == length]
        starts = [p.start for c in parts if (p := dated[c].period)]
        if len(parts) * length == total.whole_months and len(set(starts)) == len(starts) and len(parts) > 1:
            yield parts
    # A year to date and what came after it: nine months and the fourth quarter, two halves of unlike length.
    for a in columns:
        for b in columns:
            p, q = dated[a].period, dated[b].period
            if (
                p
                and q
                and p.whole_months != q.whole_months
                and p.whole_months + q.whole_months == total.whole_months
                and p.start < q.start
                and p.start == total.start
                and q.end == total.end
            ):
                yield [a, b]


def average_readings(grid: Grid, row: int) -> Iterator[Reading]:
    """A row called average, and the rows above it."""
    if not _MEAN.search(grid.labels.get(row, "")):
        return
    at = grid.rows.index(row)
    parts = [
        r
        for r in grid.rows[:at]
        if not TOTAL.search(grid.labels.get(r, "")) and not _MEAN.search(grid.labels.get(r, ""))
    ]
    cells = []
    for c in grid.columns:
        cell = grid.at(row, c)
        found = [n for r in parts if (n := grid.at(r, c)) and cell and n.percent == cell.percent]
        if cell and len(found) == len(parts) > 1:
            cells.append((cell, found))
    if cells:
        yield reading("average", cells, 0.5)


def cumulative_readings(grid: Grid, column: int) -> Iterator[Reading]:
    """A year-to-date column, down the rows: each is the one before and the period's own number."""
    if not _TO_DATE.search(grid.heads.get(column, "")) or grid.is_rate(column):
        return
    dated = [r for r in grid.rows if (w := grid.row_when.get(r)) and w.period and w.sort == "period"]
    for level in grid.columns:
        if level == column or not grid.levels(level) or _TO_DATE.search(grid.heads.get(level, "")):
            continue
        cells = []
        for row in dated:
            for before in dated:
                w, b = grid.row_when[row], grid.row_when[before]
                assert w.period is not None and b.period is not None
                if distance(w, b) != w.period.whole_months or w.period.start.year != b.period.start.year:
                    continue
                whole, so_far, own = grid.at(row, column), grid.at(before, column), grid.at(row, level)
                if whole and so_far and own and not own.percent and alike(own, whole):
                    cells.append((whole, [so_far, own]))
        if cells:
            yield reading("sum", cells, 0.65)
