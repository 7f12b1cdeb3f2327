"""This module finds what a table states of itself: growth, totals, shares and differences of its cells.

A column may only accuse a cell if its other rows bear the reading out, or if its heads leave no other: the
structure of a table is evidence in itself, and a column in which nothing agrees was read wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator

from waferline.audit.claims.claim import Claim
from waferline.audit.claims.grid import Grid
from waferline.audit.claims.readings import Reading
from waferline.audit.claims.table_growth import change_readings, growth_readings
from waferline.audit.claims.table_shares import product_readings, rate_readings, share_readings
from waferline.audit.claims.table_totals import (
    average_readings,
    cumulative_readings,
    hidden_readings,
    part_year_readings,
    total_readings,
)

_MOST = 4000  # cells beyond which a table is a data file, not something a report states
_LONG = 150  # rows or columns beyond which only heads and labels speak, no pair of them is tried


def table_claims(grid: Grid) -> Iterator[Claim]:
    """The claims of one table, read both ways round."""
    if len(grid.numbers) > _MOST:
        return
    done: set[tuple[int, str, frozenset[int]]] = set()
    for turned in (grid, grid.turned()):
        for reading in _chosen(turned):
            for claim in reading.claims(grid):
                operands = frozenset(o.mention.first for o in claim.candidates[0].operands)
                key = (claim.stated.first, claim.relation, operands)
                if key not in done:
                    done.add(key)
                    yield claim


def _chosen(grid: Grid) -> Iterator[Reading]:
    """For each column that states something, the reading its cells bear out best."""
    if len(grid.columns) <= _LONG:
        for column in grid.columns:
            for rule in (growth_readings, share_readings, change_readings, cumulative_readings):
                found = list(rule(grid, column))
                if found:
                    yield max(found, key=lambda r: (min(r.votes, 3) + r.plain * 2, r.votes))
    for row in grid.rows:
        sums = list(total_readings(grid, row))
        if sums:
            yield max(sums, key=lambda r: (r.votes / max(1, len(r.cells)), r.votes, r.plain))
        elif len(grid.rows) <= _LONG:
            hidden = list(hidden_readings(grid, row))
            if hidden:
                yield max(hidden, key=lambda r: (r.votes, -len(r.cells[0].operands)))
        if len(grid.rows) > _LONG:
            continue
        for by_row in (rate_readings, product_readings, average_readings):
            rates = list(by_row(grid, row))
            if rates:
                yield max(rates, key=lambda r: (r.votes, r.plain))
    yield from part_year_readings(grid)
