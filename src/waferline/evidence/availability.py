"""This module decides when each observation was known: the five rules, and until when.

1. `published` -> *stated*.
2. else `public_by` -> *by*.
3. else the first print of a realised figure -> period end plus the series' `known_after` days, *assumed*.
4. else a later edition, a restatement or a value read in a later document -> its edition's day, or if that is
   unknown the day it was recorded, *restated*; never period end.
5. else a forecast, guidance or specification -> its edition's day (*stated*) or launch day (*assumed*), or if
   that is unknown the day it was recorded, *undated*; such a row never replaces one with a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from waferline.errors import BadInput
from waferline.evidence.model import FOREVER, UNDATED, Observation, Series
from waferline.quantity.period import Period


def known_from(
    *,
    where: str,
    series: Series,
    period: Period,
    kind: str,
    print_: str,
    edition: str,
    published: date | None,
    public_by: date | None,
    recorded: date | None,
) -> tuple[date, str]:
    """The first day on which the row may be used, and the basis of that day.

    An edition named by a full day, `2026-07-06`, has that day; any other name is a label without a day.
    A launch known to the month counts from the month's last day.
    Refuses a row of rule 4 or 5 that has no day at all.
    """
    if published is not None:
        if series.frequency == "day" and published == period.end:
            # A close dated by its own trading day says the day, not the hour: the declared lag still holds.
            return published + timedelta(days=series.known_after), "stated"
        return published, "stated"
    if public_by is not None:
        return public_by, "by"
    if kind == "realised" and print_ == "first":
        assumed = period.end + timedelta(days=series.known_after)
        # A row in hand is known: the assumption never reaches past the day on which it was written down.
        return (min(assumed, recorded) if recorded else assumed), "assumed"
    edition_day = _day_named(edition)
    if kind == "realised":
        if edition_day is not None:
            return edition_day, "restated"
        return _recorded(where, recorded, "a later print"), "restated"
    if edition_day is not None:
        return edition_day, "stated"
    is_launch = kind == "spec" and print_ == "first" and period.kind in ("day", "month")
    if is_launch and (recorded is None or period.end <= recorded):
        return period.end, "assumed"
    return _recorded(where, recorded, f"a {kind}"), UNDATED


def _recorded(where: str, recorded: date | None, what: str) -> date:
    if recorded is None:
        raise BadInput(
            where=where,
            what=f"{what} without any day",
            expected="one of published, public_by, recorded",
            found="none",
            fix="fill the column recorded with the day on which the row was written down",
        )
    return recorded


def _day_named(edition: str) -> date | None:
    if len(edition) != 10:
        return None
    try:
        return date.fromisoformat(edition)
    except ValueError:
        return None


Chain = tuple[str, str, Period, str]


def chain(row: Observation) -> Chain:
    """The rows that replace one another: one house's figure for one series, subject and period."""
    return row.series, row.subject, row.period, row.by


def order(row: Observation) -> tuple[str, str, Period, str, date, str, int, str, str, str, int]:
    """The order of the store; by content before place, so that no answer depends on the order of the files.

    On one day a more precise literal stands later, and so is the one read.
    """
    return (
        *chain(row),
        row.known_from,
        row.edition,
        len(row.literal),
        row.literal,
        row.source,
        row.file,
        row.line,
    )


def closed(rows: Iterable[Observation]) -> tuple[Observation, ...]:
    """The rows in the order of the store, each with its `known_to`: the day its house's next row was known.

    A row that repeats the former value replaces it too, so a figure amended and later amended back is found.
    Rival houses never replace each other; nor do two editions known on one day. An undated row replaces no
    dated one: the day it was written down does not say that its house spoke later.
    Refuses two values of one house and edition that became known on one day.
    """
    done: list[Observation] = []
    for _, same_house in groupby(sorted(rows, key=order), key=chain):
        history = [list(same_day) for _, same_day in groupby(same_house, key=lambda row: row.known_from)]
        for same_day in history:
            _refuse_tie(same_day)
        dated = [row.known_from for same_day in history for row in same_day if row.basis != UNDATED]
        for same_day in history:
            for row in same_day:
                if row.basis == UNDATED:
                    # Where a dated row stands already, the undated one was never the newest.
                    until = max(min(dated, default=FOREVER), row.known_from)
                else:
                    until = next((day for day in dated if day > row.known_from), FOREVER)
                done.append(replace(row, known_to=until))
    return tuple(done)


def _refuse_tie(same_day: list[Observation]) -> None:
    """Two different values of one edition on one day: nothing says which is the newer."""
    seen: dict[str, Observation] = {}
    for row in same_day:
        former = seen.setdefault(row.edition, row)
        if (former.value, former.unit) != (row.value, row.unit):
            first, second = sorted((former, row), key=lambda r: (r.file, r.line))
            raise BadInput(
                where=f"{first.file}:{first.line}",
                what=f"two values of {row.series} {row.period} by one house known on {row.known_from}",
                expected="one",
                found=f"{first.literal} {first.unit} here, {second.literal} {second.unit} in "
                f"{second.file}:{second.line} ({row.basis})",
                fix="give the rows different `by`, `edition` or publication days",
            )
