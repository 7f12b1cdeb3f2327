"""This module answers what was known on one day; everything downstream takes a Snapshot and nothing else."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from waferline.errors import BadInput, NotKnown
from waferline.evidence.model import UNDATED, Event, Observation, Series, Source
from waferline.evidence.search import near, unknown_series
from waferline.evidence.segments import Member, Statement, members
from waferline.quantity.period import Period
from waferline.quantity.quantity import Leaf, Quantity

Vintage = Literal["latest", "first"]
Rows = Callable[[str], tuple[Observation, ...]]
_LONG = 30  # days that a figure may be late before its series counts as behind: holidays, a late release


class Snapshot:
    """The evidence as it was known on `day`. Rival houses are never merged; nothing is interpolated.

    A period may be given as a Period or in its written form. Every verb refuses a series that does not exist.
    """

    def __init__(
        self,
        day: date,
        *,
        series: Mapping[str, Series],
        sources: Mapping[str, Source],
        rows: Rows,
        statements: tuple[Statement, ...] = (),
        events: tuple[Event, ...] = (),
        study: Path | None = None,
    ) -> None:
        self.day = day
        self.study = study
        """The study's folder, where the assumptions of models lie; None for evidence without one."""
        self.series = series
        self.sources = sources
        self._all_rows = rows
        self._statements = statements
        self._events = events
        # A report asks thousands of times for rows and periods of few series: each is sorted out once.
        self._known: dict[str, tuple[Observation, ...]] = {}
        self._houses: dict[str, frozenset[str]] = {}
        self._printed: dict[str, dict[tuple[Period, str], list[Observation]]] = {}
        self.kept: dict[Hashable, object] = {}
        """What others worked out on this snapshot and will be asked for again."""
        self._quantities: dict[int, tuple[Observation, Quantity]] = {}
        self._by_period: dict[str, dict[tuple[Period, str], list[Observation]]] = {}
        self._periods: dict[tuple[str, str | None, str | None, bool | None], tuple[Period, ...]] = {}
        self._latest: dict[tuple[str, str | None, str | None, bool | None], Period] = {}

    def level(
        self,
        series: str,
        period: Period | str,
        *,
        subject: str = "",
        by: str | None = None,
        edition: str | None = None,
        vintage: Vintage = "latest",
    ) -> Quantity:
        """The figure of one series for one period, newest first unless `vintage="first"`.

        Raises NotKnown when no such row was known on the day; BadInput when several houses are rival and `by`
        is not given, or two editions of one day and `edition` is not.
        """
        row = self.observation(series, period, subject=subject, by=by, edition=edition, vintage=vintage)
        return self._quantity(row)

    def known(
        self,
        series: str,
        period: Period | str,
        *,
        subject: str = "",
        by: str | None = None,
        edition: str | None = None,
        vintage: Vintage = "latest",
    ) -> Quantity | None:
        """The same as `level`, or None when it was not known."""
        try:
            return self.level(series, period, subject=subject, by=by, edition=edition, vintage=vintage)
        except NotKnown:
            return None

    def observation(
        self,
        series: str,
        period: Period | str,
        *,
        subject: str = "",
        by: str | None = None,
        edition: str | None = None,
        vintage: Vintage = "latest",
    ) -> Observation:
        """The row that `level` reads, with its source, note and address."""
        about = _period(period)
        rows = self._rows_about(series, about, subject)
        rows = self._of_house(series, about, rows, by)
        if edition is not None:
            rows = [row for row in rows if row.edition == edition]
        if not rows:
            raise self._not_known(series, about, subject, by, edition)
        _refuse_rivals(series, about, rows)
        if vintage == "first":
            return self._first(series, about, rows)
        return _chosen(series, about, rows, newest=True)

    def _of_house(
        self, series: str, period: Period, rows: list[Observation], by: str | None
    ) -> list[Observation]:
        if by is None:
            return rows
        if series not in self._houses:
            self._houses[series] = frozenset(row.by for row in self._all_rows(series))
        houses = self._houses[series]
        if by not in houses:
            raise BadInput(
                where=f"{series} {period}",
                what="unknown house",
                expected=", ".join(sorted(houses)) or "a house",
                found=repr(by),
                fix=" or ".join(near(by, houses)) or None,
            )
        return [row for row in rows if row.by == by]

    def _first(self, series: str, period: Period, rows: list[Observation]) -> Observation:
        kind = max(rows, key=lambda row: row.known_from).kind
        printed = [row for row in rows if row.print == "first" and row.kind == kind]
        if not printed:
            raise NotKnown(
                where=f"{series} {period}",
                what="the evidence holds no first print",
                expected=f"one known on {self.day}",
                found="later editions only",
            )
        return _chosen(series, period, printed, newest=False)

    def periods(
        self,
        series: str,
        kind: str | None = None,
        *,
        subject: str | None = None,
        realised: bool | None = None,
    ) -> tuple[Period, ...]:
        """The periods with a known row, in order; only of one kind, subject, or (un)realised if asked."""
        asked = (series, kind, subject, realised)
        if asked not in self._periods:
            found = {
                row.period
                for row in self._rows(series)
                if (kind is None or row.period.kind == kind)
                and (subject is None or row.subject == subject)
                and (realised is None or (row.kind == "realised") == realised)
            }
            self._periods[asked] = tuple(sorted(found, key=lambda period: (period.start, period.end)))
        return self._periods[asked]

    def latest(
        self,
        series: str,
        kind_of_period: str | None = None,
        realised: bool = True,
        *,
        subject: str | None = None,
    ) -> Period:
        """The known period that ends last; of two with one end the shorter. NotKnown when there is none.

        With `realised=False` forecasts, guidance and specifications count too.
        """
        asked = (series, kind_of_period, subject, True if realised else None)
        if asked not in self._latest:
            found = self.periods(series, kind_of_period, subject=subject, realised=asked[3])
            if not found:
                raise NotKnown(
                    where=series, what="no period is known", expected=f"one by {self.day}", found="none"
                )
            self._latest[asked] = max(found, key=lambda period: (period.end, period.start))
        return self._latest[asked]

    def is_behind(self, series: str, kind_of_period: str | None = None) -> bool:
        """Whether the series ends clearly before the day: the period after its latest should be known long since.

        Long since: more than 30 days after the series' own lag. A series without a rhythm (events, irregular, fewer
        than three realised periods) is never behind. NotKnown when no period is known.
        """
        about = self._about(series)
        kind = kind_of_period or (
            about.frequency if self.periods(series, about.frequency, realised=True) else None
        )
        latest = self.latest(series, kind)
        if about.frequency in ("event", "irregular") or len(self.periods(series, kind, realised=True)) < 3:
            return False
        following = latest.end + (latest.end - latest.start) + timedelta(days=1)
        return following + timedelta(days=about.known_after + _LONG) < self.day

    def on_or_before(self, series: str, day: date) -> Period:
        """The last known period that ends on the day or before: of closes, the last trading day."""
        found = self.periods(series, realised=True)
        if found and len(found) == len(self.periods(series, "day", realised=True)):
            found = found[: bisect_right(found, day, key=lambda period: period.end)][-1:]
        else:
            found = tuple(period for period in found if period.end <= day)
        if not found:
            raise NotKnown(
                where=series, what=f"nothing up to {day}", expected=f"a row known on {self.day}", found="none"
            )
        return max(found, key=lambda period: (period.end, period.start))

    def subjects(self, series: str, period: Period | str | None = None) -> tuple[str, ...]:
        """The subjects (models, chips, companies) with a known row, in order."""
        about = None if period is None else _period(period)
        return tuple(
            sorted({row.subject for row in self._rows(series) if about is None or row.period == about})
        )

    def houses(self, series: str, period: Period | str, *, subject: str = "") -> tuple[str, ...]:
        """Who gives this figure, by the day."""
        about = _period(period)
        return tuple(sorted({r.by for r in self._rows(series) if r.period == about and r.subject == subject}))

    def estimates(
        self, series_glob: str, period: Period | str, *, all_vintages: bool = False
    ) -> tuple[Observation, ...]:
        """What every house had said on the day about the period, for all series like `forecast.*.world`.

        The newest row of each series, subject and house; every earlier one too if asked.
        """
        about = _period(period)
        names = sorted(name for name in self.series if fnmatchcase(name, series_glob))
        if not names:
            raise unknown_series(series_glob, self.series)
        return tuple(
            row
            for name in names
            for row in self._rows(name)
            if row.period == about and (all_vintages or row.is_known(self.day))
        )

    def events(self, start: date, end: date) -> tuple[Event, ...]:
        """The dated facts that became public from `start` to `end`, and by the day of the snapshot."""
        return tuple(event for event in self._events if start <= event.published <= min(end, self.day))

    def members(self, segment: str, side: str = "domestic") -> tuple[Member, ...]:
        """The companies somebody had placed in a segment by the day. Refuses a segment nobody ever named."""
        segments = {row.segment for row in self._statements}
        if segment not in segments:
            raise BadInput(
                where="segments.csv",
                what="unknown segment",
                expected=" or ".join(near(segment, segments)) or "a segment of segments.csv",
                found=repr(segment),
            )
        return members(self._statements, segment, side, self.day)

    def backfilled(
        self,
        series: str,
        period: Period | str,
        *,
        subject: str = "",
        by: str | None = None,
        edition: str | None = None,
    ) -> Quantity:
        """The figure if known, else from a later edition known only afterwards (回填, `leaf.backfilled`).

        For exhibits alone, which say so on their face. A first print is never taken from the future, nor a
        period that a first print would not have covered by the day; then NotKnown.
        """
        if found := self.known(series, period, subject=subject, by=by, edition=edition):
            return found
        about = _period(period)
        rows = [row for row in self._backfills(series) if row.period == about and row.subject == subject]
        rows = self._of_house(series, about, rows, by)
        rows = [row for row in rows if edition is None or row.edition == edition]
        if not rows:
            raise self._not_known(series, about, subject, by, edition)
        _refuse_rivals(series, about, rows)
        return _chosen(series, about, rows, newest=False).quantity(backfilled=True)

    def _backfills(self, series: str) -> list[Observation]:
        lag = timedelta(days=self._about(series).known_after)
        return [
            row
            for row in self._all_rows(series)
            if row.known_from > self.day
            and row.print == "later"
            and row.kind == "realised"
            and row.period.end + lag <= self.day
        ]

    def row_of(self, leaf: Leaf) -> Observation:
        """The row behind a leaf of a trace, also a backfilled one. Refuses a leaf of other evidence."""
        self._about(leaf.series)
        about = replace(leaf, backfilled=False)
        if leaf.series not in self._printed:
            found: dict[tuple[Period, str], list[Observation]] = {}
            for row in self._all_rows(leaf.series):
                found.setdefault((row.period, row.literal), []).append(row)
            self._printed[leaf.series] = found
        for row in self._printed[leaf.series].get((leaf.period, leaf.literal), ()):
            if row.leaf() == about:
                return row
        raise BadInput(
            where=f"{leaf.series} {leaf.period}", what="no row of the evidence", found=leaf.literal
        )

    def digest_of(self, series: Iterable[str]) -> str:
        """A hash of all that can be read of these series on the day: a cache key that is never stale."""
        total = hashlib.sha256()
        for name in sorted(set(series)):
            total.update(repr(self._about(name)).encode())
            for row in (*self._rows(name), *self._backfills(name)):
                # Where a row stands, and what replaces it later, changes nothing that can be read today.
                shown = replace(row, known_to=row.known_from, file="", line=0)
                is_backfill = row.known_from > self.day
                total.update(repr((shown, is_backfill, self.sources[row.source])).encode())
        return total.hexdigest()

    def _quantity(self, row: Observation) -> Quantity:
        """The row as a Quantity, made once: its value and interval are asked for again and again."""
        kept = self._quantities.get(id(row))
        if kept is None or kept[0] is not row:
            kept = self._quantities[id(row)] = row, row.quantity()
        return kept[1]

    def _rows(self, series: str) -> tuple[Observation, ...]:
        """The series' rows of all vintages that were known on the day."""
        if series not in self._known:
            self._about(series)
            self._known[series] = tuple(row for row in self._all_rows(series) if row.known_from <= self.day)
        return self._known[series]

    def _rows_about(self, series: str, period: Period, subject: str) -> list[Observation]:
        if series not in self._by_period:
            found: dict[tuple[Period, str], list[Observation]] = {}
            for row in self._rows(series):
                found.setdefault((row.period, row.subject), []).append(row)
            self._by_period[series] = found
        return self._by_period[series].get((period, subject), [])

    def _about(self, series: str) -> Series:
        if series not in self.series:
            raise unknown_series(series, self.series)
        return self.series[series]

    def _not_known(
        self, series: str, period: Period, subject: str, by: str | None, edition: str | None
    ) -> NotKnown:
        details = [("subject", subject), ("by", by), ("edition", edition)]
        asked = "".join(f", {name} {value!r}" for name, value in details if value)
        return NotKnown(where=f"{series} {period}{asked}", what=f"not known on {self.day}")


def _refuse_rivals(series: str, period: Period, rows: list[Observation]) -> None:
    houses = sorted({row.by for row in rows})
    if len(houses) > 1:
        raise BadInput(
            where=f"{series} {period}",
            what="several houses give this figure",
            expected="one of them by name",
            found=", ".join(houses),
            fix=f'by="{houses[0]}"',
        )


def _chosen(series: str, period: Period, rows: list[Observation], *, newest: bool) -> Observation:
    """The row known last (first); of equal values on that day the most precise one. Dated rows go before undated.

    Where editions of one day differ, the row without an edition is the figure and the named ones are its variants.
    """
    rows = [row for row in rows if row.basis != UNDATED] or rows
    day = (max if newest else min)(row.known_from for row in rows)
    same_day = [row for row in rows if row.known_from == day]
    if len({(row.value, row.unit) for row in same_day}) > 1:
        same_day = [row for row in same_day if not row.edition] or same_day
    if len({(row.value, row.unit) for row in same_day}) > 1:
        editions = sorted({row.edition for row in same_day})
        raise BadInput(
            where=f"{series} {period}",
            what=f"several editions became known on {day}",
            expected="one of them by name",
            found=", ".join(repr(name) for name in editions),
            fix=f'edition="{editions[-1]}"',
        )
    return max(same_day, key=lambda row: (len(row.literal), row.edition, row.source))


def _period(period: Period | str) -> Period:
    return Period.parse(period) if isinstance(period, str) else period
