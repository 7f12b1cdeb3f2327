"""This module reads columns and rows of quotients: shares of a total, margins, values of price and volume."""

from __future__ import annotations

import re
from collections.abc import Iterator

from waferline.audit.claims.grid import GROWTH, PER_UNIT, RATE, TOTAL, Grid, alike, label_words
from waferline.audit.claims.readings import Reading, bears_out, reading
from waferline.audit.claims.table_growth import group
from waferline.audit.claims.table_totals import adds_to_all, is_share_head

_GROSS = re.compile(r"毛利率|gross (?:profit )?margin|利润率|operating margin", re.IGNORECASE)
_MARGIN = re.compile(r"率|margin|ratio", re.IGNORECASE)
_REVENUE = re.compile(
    r"^(?:[一二三四、.\s]|营业|主营|业务|销售|总)*(?:收入|营收|销售额)(?:合计|净额)?(?:\s?[（(].*)?$|^(?:total |net )*(?:revenues?|sales|turnover)(?:\s?\(.*)?$",
    re.IGNORECASE,
)
_PRICE = re.compile(r"均价|单价|价格|ASP|price|per\s|/", re.IGNORECASE)
_MANY = 40  # rows beyond which no pair of them is looked for


def share_readings(grid: Grid, column: int) -> Iterator[Reading]:
    """A column of shares: of the row that is 100 %, of the total row, else of the largest."""
    head = grid.heads.get(column, "") or grid.labels.get(column, "")
    if not grid.is_rate(column) or not (
        is_share_head(head) or (adds_to_all(grid, column) and not GROWTH.search(head))
    ):
        return
    full = [r for r in grid.rows if (n := grid.at(r, column)) and n.percent and abs(n.value - 1) < 1e-9]
    totals = [r for r in grid.rows if TOTAL.search(grid.labels.get(r, ""))]
    mine = group(grid, column)
    own = grid.column_when.get(column)
    for level in grid.columns:
        if level == column or not grid.levels(level):
            continue
        other = grid.column_when.get(level)
        if own and other and own.period and other.period and own.period != other.period:
            continue
        near = level == column - 1 and (len(mine) == 1 or bool(own and other))
        near = near or bool(own and other and own.period and own.period == other.period and len(mine) <= 1)
        sure = 0.84 if near else 0.5
        for whole_row in (full[:1] if len(full) == 1 else totals) or _largest(grid, level):
            whole = grid.at(whole_row, level)
            if not whole or whole.percent or whole.low <= 0:
                continue
            own_share = grid.at(whole_row, column)
            if own_share and abs(own_share.value - 1) > 0.05:
                continue  # that total is itself a share of something larger
            cells = [
                (cell, (part, whole))
                for row in grid.rows
                if row != whole_row and (cell := grid.at(row, column)) and cell.mention.measure.kind == "percent"
                and (part := grid.at(row, level)) and not part.percent and alike(part, whole)
                and not PER_UNIT.search(grid.labels.get(row, ""))
            ]  # fmt: skip
            if cells:
                yield reading("share", cells, sure if full or totals else 0.3)


def _largest(grid: Grid, column: int) -> list[int]:
    found = [(n.value, n.row) for n in grid.levels(column)]
    return [max(found)[1]] if found else []


def rate_readings(grid: Grid, row: int) -> Iterator[Reading]:
    """A row of ratios of two other rows: 毛利率, 净利润占收入的比重."""
    label = grid.labels.get(row, "") or grid.heads.get(row, "")
    if GROWTH.search(label):
        return
    stated = [
        (c, cell)
        for c in grid.columns
        if (cell := grid.at(row, c)) and cell.mention.measure.kind == "percent"
    ]
    levels = [
        r for r in grid.rows if r != row and any((n := grid.at(r, c)) and not n.percent for c in grid.columns)
    ]
    amounts = sum(not n.percent for c in grid.columns if (n := grid.at(row, c)))
    if not stated or len(levels) > _MANY or not (RATE.search(label) or len(stated) > amounts):
        return
    rate = bool(_MARGIN.search(label))
    words = label_words(label)
    said = {r: bool(words & label_words(grid.labels.get(r, ""))) for r in levels}
    for top in levels:
        for bottom in levels:
            if top == bottom:
                continue
            cells = [
                (cell, (a, b))
                for c, cell in stated
                if (a := grid.at(top, c)) and (b := grid.at(bottom, c))
                and not a.percent and not b.percent and b.low > 0
            ]  # fmt: skip
            if not cells:
                continue
            named = said[top] and (
                said[bottom] or (rate and bool(_REVENUE.search(grid.labels.get(bottom, ""))))
            )
            if sum(bears_out("share", *each) for each in cells[:2]):
                found = reading("share", cells, 0.8 if named else 0.2)
                if found.votes >= (1 if named else 2):
                    yield found
            if _GROSS.search(label) and sum(bears_out("margin", *each) for each in cells[:2]):
                margin = reading("margin", cells, 0.5)
                if margin.votes >= 2:
                    yield margin


def product_readings(grid: Grid, row: int) -> Iterator[Reading]:
    """A row of values that are price times volume, where two columns or more bear it out."""
    stated = [
        (c, cell) for c in grid.columns if (cell := grid.at(row, c)) and cell.mention.measure.kind == "money"
    ]
    prices = [r for r in grid.rows if r != row and _PRICE.search(grid.labels.get(r, ""))]
    if len(stated) < 2 or not prices or len(grid.rows) > _MANY or _PRICE.search(grid.labels.get(row, "")):
        return
    for price in prices:
        for volume in grid.rows:
            if volume in (row, price):
                continue
            cells = [
                (cell, (a, b))
                for c, cell in stated
                if (a := grid.at(volume, c)) and (b := grid.at(price, c)) and not a.percent and not b.percent
            ]  # fmt: skip
            if len(cells) > 1 and sum(bears_out("product", *each) for each in cells[:2]):
                found = reading("product", cells, 0.3)
                if found.votes >= 2 and found.votes >= len(cells) - 1:
                    yield found
