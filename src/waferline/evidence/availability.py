"""This module decides since when each observation was known, by five rules, and refuses what no rule can order.

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
from datetime import date, timedelta

from waferline.errors import BadInput
from waferline.evidence.model import UNDATED, Observation, Series
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


def refuse_ties(rows: Iterable[Observation]) -> None:
    """Refuses two values of one house and edition that became known on one day: nothing says which is the newer.

    One value written twice, 19.1 and 19.10, is no tie.
    """
    seen: dict[tuple[object, ...], Observation] = {}
    for row in rows:
        about = (row.series, row.subject, row.period, row.by, row.known_from, row.edition)
        former = seen.setdefault(about, row)
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
