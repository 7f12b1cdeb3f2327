"""This module reads from a snapshot what can stand beside a stated number: its editions, and growth from levels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from waferline.audit.spelling import spelled
from waferline.errors import BadInput
from waferline.evidence import Observation, Snapshot
from waferline.quantity.interval import Interval
from waferline.quantity.period import Period
from waferline.quantity.relations import relation
from waferline.quantity.relations.base import Phrase
from waferline.quantity.units import unit

_SETTLED = timedelta(180)  # after which a figure whose day is assumed was surely public
_TITLE = re.compile(r"《([^》]{8,})》")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the evidence in base units, with the day it became known and the words that tell it."""

    value: Fraction
    interval: Interval
    period: Period
    since: date
    source: str
    told: str
    house: str = ""
    forecast: bool = False
    assumed: bool = False  # its day is assumed, or its levels are of two releases: it says nothing against


class Known:
    """A snapshot without what it holds of the document itself: a report is no evidence for its own numbers."""

    def __init__(self, snapshot: Snapshot, text: str) -> None:
        self.snapshot = snapshot
        opening = re.sub(r"\s+", "", spelled(text[:2000]))
        self._own = {
            name
            for name, source in snapshot.sources.items()
            if any(re.sub(r"\s+", "", spelled(t)) in opening for t in _TITLE.findall(source.locator))
        }

    def editions(self, series: str, period: Period) -> list[Figure]:
        """What was known of one figure on the day, each edition once, in the order they became known."""
        rows = [
            row
            for row in self.snapshot.estimates(series, period, all_vintages=True)
            if row.source not in self._own and not row.subject
        ]
        return [
            self._figure(row) for row in sorted(rows, key=lambda row: (row.known_from, row.print != "first"))
        ]

    def growth(self, series: str, period: Period, kind: str) -> Figure | None:
        """The growth that the newest levels give; None where a level is missing or the houses differ."""
        base = period.year_ago() if kind != "qoq" else period.previous()
        new, old = self.editions(series, period), self.editions(series, base)
        if not new or not old or new[-1].house != old[-1].house or new[-1].forecast or old[-1].forecast:
            return None
        a, b = new[-1], old[-1]
        if b.interval.low <= 0:
            return None
        rule = relation("growth")
        interval = rule.value(a.interval, b.interval)
        assert isinstance(interval, Interval)
        value = rule.value(Interval.point(a.value), Interval.point(b.value))
        assert isinstance(value, Interval)
        return Figure(
            value.low, interval, period, max(a.since, b.since), a.source, f"{a.told} / {b.told}", a.house,
            # the base of another release may be on another footing: such a growth may agree but not accuse
            assumed=a.assumed or b.assumed or a.source != b.source,
        )  # fmt: skip

    def name(self, series: str) -> Phrase:
        """The title of a series in quotation marks, with its house where the title does not name it."""
        about = self.snapshot.series[series]
        zh, en = f"“{about.name_zh}”", f"“{about.name_en}”"
        if about.publisher.split("/")[0].casefold() not in f"{zh} {en}".casefold():
            zh, en = f"{zh}（{about.publisher}）", f"{en} ({about.publisher})"
        return Phrase(zh, en)

    def periods(self, series: str, kind: str) -> Sequence[Period]:
        return self.snapshot.periods(series, kind, realised=True)

    def _figure(self, row: Observation) -> Figure:
        measure = unit(row.unit)
        quantity = row.quantity()
        return Figure(
            Fraction(row.literal) * measure.scale,
            quantity.interval.scaled(measure.scale),
            row.period,
            row.known_from,
            row.source,
            f"{row.literal} {row.unit}" if row.unit != "%" else f"{row.literal}%",
            row.by,
            row.kind in ("forecast", "guidance"),
            row.basis in ("assumed", "undated") and row.known_from + _SETTLED > self.snapshot.day,
        )


@lru_cache(maxsize=2)
def opened(study: Path, day: date | None) -> Snapshot:
    """The evidence of a study as known on the day, else on the newest day anything realised became known.

    Refuses a folder without evidence and a day before all of it.
    """
    from waferline.evidence import Evidence
    from waferline.sources import raw_rows

    evidence = Evidence.open(study, extra_rows=raw_rows)
    chosen, first = day or evidence.newest_realised_day, evidence.first_day
    if chosen is None or first is None:
        raise BadInput(str(study), "the study holds no observation", "rows under evidence/observations/")
    if chosen < first:
        raise BadInput("--as-of", "the day lies before all evidence", f"{first} or later", str(chosen))
    return evidence.as_of(chosen)
