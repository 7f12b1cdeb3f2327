"""This module holds the records of the evidence: sources, series, observations and dated events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from waferline.evidence.qualifiers import qualifier_in
from waferline.quantity.period import Period
from waferline.quantity.quantity import Leaf, Quantity, observed
from waferline.quantity.units import unit

FOREVER = date.max
"""The `known_to` of a row that no later row has replaced."""

TIERS = ("official", "publisher", "press", "weak")
KINDS = ("realised", "forecast", "guidance", "spec")
FREQUENCIES = ("day", "week", "month", "quarter", "half", "year", "event", "irregular")
PRINTS = ("first", "later")
BASES = ("stated", "by", "assumed", "restated", "undated")
UNDATED = "undated"
"""The basis of a row of which only the day it was written down is known: it never counts as the newest beside
a dated one."""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose figure it is and where it was read.

    `read_in` is empty when it was read at its publisher. `locator`: an address or a place in a document.
    """

    id: str
    publisher_zh: str
    publisher_en: str
    tier: str
    read_in: str
    locator: str
    terms: str

    def publisher(self, lang: str) -> str:
        """Whose figure it is, for readers of `zh` or `en`."""
        return self.publisher_zh if lang == "zh" else self.publisher_en

    def quoted_in(self, lang: str) -> str:
        """Where it was read when second-hand, else ''; a cell `zh | en` has a name for each language."""
        zh, bar, en = self.read_in.partition(" | ")
        return en if bar and lang != "zh" else zh


@dataclass(frozen=True, slots=True)
class Event:
    """A dated fact that is no number: it happened on `day` and was public from `published`, a day of the study's market.

    `day` is the date where it happened; an announcement of an American afternoon is public on the next Asian day.
    """

    day: date
    label_zh: str
    label_en: str
    source: str
    published: date
    note: str

    def label(self, lang: str) -> str:
        """What happened, for readers of `zh` or `en`."""
        return self.label_zh if lang == "zh" else self.label_en


@dataclass(frozen=True, slots=True)
class Series:
    """What is measured, in which unit, how often, by whom, and how long after its period it is known.

    `known_after`: days after the last day of the period. `exact` values (closes, counts) are not rounded.
    """

    id: str
    name_zh: str
    name_en: str
    unit: str
    frequency: str
    kind: str
    publisher: str
    known_after: int
    exact: bool
    definition: str
    definition_zh: str
    terms: str

    def name(self, lang: str) -> str:
        """The name for readers of `zh` or `en`."""
        return self.name_zh if lang == "zh" else self.name_en


@dataclass(frozen=True, slots=True)
class Observation:
    """One row of the evidence: a printed value with its period, house and days, and when it was known.

    Known on each day from `known_from` up to, not including, `known_to`. `basis` tells how `known_from` was
    found: stated, by, assumed, restated or undated. `file` and `line` say where the row stands.
    """

    series: str
    subject: str
    period: Period
    literal: str
    unit: str
    by: str
    edition: str
    published: date | None
    public_by: date | None
    recorded: date | None
    print: str
    kind: str
    source: str
    note: str
    url: str
    exact: bool
    known_from: date
    known_to: date
    basis: str
    file: str
    line: int

    @property
    def value(self) -> Decimal:
        """The printed number in the row's own unit."""
        return Decimal(self.literal)

    @property
    def qualifier(self) -> str:
        """The word printed with the number, as its note keeps it: about, above, nearly, below or none."""
        return qualifier_in(self.note, self.literal)

    def is_known(self, day: date) -> bool:
        """Whether this is a newest row of its house on `day`: known, and not yet replaced."""
        return self.known_from <= day < self.known_to

    def leaf(self, *, backfilled: bool = False) -> Leaf:
        """This row as a leaf of a trace."""
        return Leaf(
            series=self.series,
            subject=self.subject,
            period=self.period,
            by=self.by,
            edition=self.edition,
            literal=self.literal,
            unit=unit(self.unit),
            published=self.published,
            known_from=self.known_from,
            basis=self.basis,
            source=self.source,
            kind=self.kind,
            exact=self.exact,
            backfilled=backfilled,
            qualifier=self.qualifier,
        )

    def quantity(self, *, backfilled: bool = False) -> Quantity:
        """This row as a Quantity."""
        return observed(self.leaf(backfilled=backfilled))
