"""This module ties a table's cell to the same figure in another table, or in another row of its own.

Two rows with one label may be two companies', or a group's and its parent's: a label ties no numbers. What ties
them is that the tables repeat each other: cells of one label, period and unit that agree vouch for the one that
does not. Where more than one does not, the tables are about different things.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from waferline.audit.claims.basis import basis_in
from waferline.audit.claims.claim import MEDIUM, STRONG, Candidate, Claim, Operand
from waferline.audit.claims.grid import SOFT, Grid, Number, label_words
from waferline.audit.mentions import Mention
from waferline.audit.periods import When
from waferline.quantity.period import Period

_VOUCH = 2  # values that must agree before anything is said, one of them in the accused cell's own row;
_ALONE = 4  # else so many, in three rows
_DIGITS = 3  # of a number that vouches: two-digit numbers agree by chance
_NEAR = 5  # values that differ by less than a fifth are the same number told twice
_MOST = 400  # cells of one table that are compared
_OTHER_TIME = re.compile(
    r"预[测计期]|目标|指引|调整|重述|修订|修正|原先|此前|前次|上次|新版|旧版|[（(][新旧原][)）]|追溯|备考|模拟|母公司|单体|"
    r"(?<!\d)\d{2,4}\s?[EFP](?![A-Za-z])|(?<![a-z])(?:forecasts?|estimates?|guidance|targets?|budget|plan(?:ned)?|restated|"
    r"revised|previous(?:ly)?|prior|original(?:ly)?|old|new|as reported|pro forma|parent|outlook|consensus)(?![a-z])",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[（(][^）)]*[）)]")


@dataclass(frozen=True, slots=True)
class _Key:
    """What a cell is a figure of: the words of its row and column, its period, and what it measures."""

    words: frozenset[str]
    period: Period
    fiscal: bool
    kind: str
    basis: str
    said: tuple[str, ...]  # the basis that caption and head tell


@dataclass(frozen=True, slots=True)
class _Row:
    """The dated cells of one row (or of one column, where the periods stand down the side) by key."""

    grid: int
    label: str
    cells: dict[_Key, Number]


def table_restatement_claims(grids: Sequence[Grid]) -> Iterator[Claim]:
    """The claims that a figure which two rows give for one period is one figure.

    Only a pair of rows with one label is compared; what its table and the other say of all such rows decides
    whether they may accuse.
    """
    rows = [row for number, grid in enumerate(grids) for row in _rows(number, grid)]
    by_label: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        by_label[row.label].append(row)
    pairs: dict[tuple[int, int], list[_Pair]] = defaultdict(list)
    for label, same in by_label.items():
        # the next table with the row only: what stands in five tables is not told ten times
        for one, other in pairwise(same):
            for key in one.cells.keys() & other.cells.keys():
                pairs[one.grid, other.grid].append(_Pair(label, one.cells[key], other.cells[key]))
    for found in pairs.values():
        yield from _claims(sorted(found, key=lambda pair: pair.again.mention.first))


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two cells that should be one figure."""

    label: str
    first: Number
    again: Number

    @property
    def agrees(self) -> bool:
        return self.first.mention.exact.overlaps(self.again.mention.exact)

    @property
    def vouches(self) -> bool:
        return self.agrees and _digits(self.first.mention) >= _DIGITS <= _digits(self.again.mention)


def _claims(pairs: Sequence[_Pair]) -> Iterator[Claim]:
    vouching = {abs(pair.again.mention.value): pair.label for pair in pairs if pair.vouches}
    if len(vouching) < _VOUCH:
        return
    for pair in pairs:
        if pair.agrees:
            yield _claim(pair, STRONG)
    differing = [pair for pair in pairs if not pair.agrees]
    if len(differing) != 1 or _rounds(differing[0].first, differing[0].again):
        return
    own = differing[0].label in vouching.values()
    if own or (len(vouching) >= _ALONE and len(set(vouching.values())) > 2):
        a, b = differing[0].first.mention.value, differing[0].again.mention.value
        yield _claim(differing[0], STRONG if abs(a - b) * _NEAR < max(abs(a), abs(b)) else MEDIUM)


def _claim(pair: _Pair, link: float) -> Claim:
    candidate = Candidate((Operand(pair.first.mention, "value"),), link + 0.005)
    return Claim(pair.again.mention, "restatement", [candidate])


def _digits(mention: Mention) -> int:
    return len(str(abs(mention.value) // mention.step))


def _rounds(a: Number, b: Number) -> bool:
    """True if one may be the other in round numbers."""
    loose = [replace(n.mention, qualifier=n.mention.qualifier or "about").interval for n in (a, b)]
    return loose[0].overlaps(b.mention.interval) or loose[1].overlaps(a.mention.interval)


def _rows(number: int, grid: Grid) -> Iterator[_Row]:
    """The rows of a table whose columns are dated; of the table turned, where its rows are."""
    if len(grid.numbers) > _MOST or _OTHER_TIME.search(grid.caption) or SOFT.search(grid.caption):
        return
    turned = len(_dated(grid.row_when)) > len(_dated(grid.column_when))
    table = grid.turned() if turned else grid
    dated = _dated(table.column_when)
    for row in table.rows:
        label = _plain(table.labels.get(row, ""))
        if not label or _OTHER_TIME.search(label) or SOFT.search(label):
            continue
        cells: dict[_Key, Number] = {}
        twice: set[_Key] = set()
        for column, when in dated.items():
            cell = table.at(row, column)
            if cell is None or cell.mention.value == 0:
                continue
            key = _key(table, column, when, cell)
            if key is not None:
                twice.update({key} & cells.keys())
                cells[key] = cell
        yield _Row(number, label, {key: cell for key, cell in cells.items() if key not in twice})


def _dated(whens: dict[int, When]) -> dict[int, When]:
    return {at: w for at, w in whens.items() if w.sort == "period" and w.period is not None}


def _key(table: Grid, column: int, when: When, cell: Number) -> _Key | None:
    head = table.heads.get(column, "")
    if _OTHER_TIME.search(head) or SOFT.search(head):
        return None
    told = f"{table.caption} {head}"
    basis = basis_in(told, 0, len(told))
    said = (*sorted(name.en for name in basis.said.values()), basis.house)
    assert when.period is not None
    measure = cell.mention.measure
    return _Key(label_words(head), when.period, when.fiscal, measure.kind, measure.basis, said)


def _plain(label: str) -> str:
    """A label as it is compared: without brackets, marks, spaces and case."""
    return re.sub(r"[\s*＊:：·•—–\-]+", "", _BRACKET.sub("", label)).lower()
