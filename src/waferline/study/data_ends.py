"""This module says up to when data run, where they end clearly before the day of a report."""

from __future__ import annotations

from collections.abc import Iterable

from waferline.evidence.snapshot import Snapshot
from waferline.quantity.period import Period
from waferline.quantity.quantity import Leaf, Quantity
from waferline.study.exhibit_files import ExhibitSpec
from waferline.study.report import Row, Words

Asked = tuple[str, str | None]
"""A series and the kind of period it is asked for, None where its own rhythm decides."""


def behind(quantity: Quantity, known: Snapshot) -> list[Asked]:
    """The series at the newest end of a quantity that end clearly before the snapshot's day."""
    leaves = [leaf for leaf in quantity.leaves() if _tells(leaf)]
    last = max((leaf.period.end for leaf in leaves), default=None)
    newest = dict.fromkeys(_asked(leaf) for leaf in leaves if leaf.period.end == last)
    return [asked for asked in newest if known.is_behind(*asked)]


def _tells(leaf: Leaf) -> bool:
    """A forecast or a value of a later day says nothing about how far the data of the day run."""
    return leaf.kind == "realised" and not leaf.backfilled


def _asked(leaf: Leaf) -> Asked:
    # A fiscal quarter is a range of months, which no series has as its rhythm.
    return leaf.series, None if leaf.period.kind == "range" else leaf.period.kind


def ends_note(spec: ExhibitSpec, rows: Iterable[Row], known: Snapshot) -> list[Words]:
    """Up to when the data of each column run, where they end clearly before the day; none where nothing does."""
    if not (spec.rows.periods or spec.rows.items):
        return []
    rows = tuple(rows)
    ends: dict[Period, list[Words]] = {}
    drawn = 0
    for n, column in enumerate(spec.columns):
        realised = [
            (max(leaf.period.end for leaf in cell.quantity.leaves()), cell.quantity)
            for row in rows
            if (cell := row.cells[n]).quantity and cell.quantity.leaves() and not cell.forecast
        ]
        if not realised:
            continue
        drawn += 1
        newest = max(realised, key=lambda entry: entry[0])[1]
        ends_with = max(leaf.period.end for leaf in newest.leaves())
        late = [known.latest(*series) for series in behind(newest, known)]
        # A column that stops before its series does was meant to.
        late = [period for period in late if period.end <= ends_with]
        if late:
            ends.setdefault(min(late, key=lambda period: period.end), []).append(column.name)
    if not ends:
        return []
    told = sorted(ends.items(), key=lambda entry: entry[0].end)
    if len(told) == 1 and len(told[0][1]) == drawn:
        zh, en = told[0][0].words("zh"), f"up to {told[0][0].words('en')}"
    else:
        zh = "，".join(f"{at.words('zh')}（{'、'.join(name.zh for name in names)}）" for at, names in told)
        en = ", ".join(
            f"up to {at.words('en')} ({', '.join(name.en for name in names)})" for at, names in told
        )
    return [
        Words(f"证据中的数据止于{zh}，其后各期未收录", f"the evidence runs {en}; later periods are not in it")
    ]


def series_behind(leaves: Iterable[Leaf], known: Snapshot) -> list[tuple[Period, list[str]]]:
    """The series a report rests on that end clearly before the day, by the period they end with, oldest first."""
    ends: dict[Period, dict[str, None]] = {}
    for series, kind in dict.fromkeys(_asked(leaf) for leaf in leaves if _tells(leaf)):
        if kind in (None, known.series[series].frequency) and known.is_behind(series, kind):
            ends.setdefault(known.latest(series, kind), {})[series] = None
    return [(at, sorted(names)) for at, names in sorted(ends.items(), key=lambda entry: entry[0].end)]
