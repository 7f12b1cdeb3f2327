"""This module is the built report: everything a renderer draws, already worded, in one language.

The exhibits keep their Quantities (trace, formula and forecast flag follow from them); prose is runs of
text and bound numbers. A renderer computes nothing: what it prints stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from waferline.quantity.period import Period
from waferline.quantity.quantity import Quantity
from waferline.quantity.units import Unit

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
Status = Literal["shown", "partial", "hole"]
ThesisStatus = Literal["holds", "weakening", "broken", "unknown"]
Chart = Literal[
    "bars+line",  # levels as bars on the left axis, growth as a line on the right, zeros aligned
    "lines",  # one or more lines over periods; a missing value is a gap
    "stacked",  # stacked bars over periods, optional line on the right axis
    "stacked100",  # stacked shares
    "grouped",  # bars side by side, over periods or categories
    "log-scatter",  # points on a logarithmic left axis over days, with an optional fitted line
    "ranked-dots",  # one dot a row, largest first; several columns are several dots
    "ranges",  # low–high bars with an optional point, one row each
    "phases",  # rebased lines over days with shaded phase bands
    "heatmap",  # rows × columns coloured by value, the value printed in the cell
    "steps",  # step line over days
    "curves",  # lines over an axis of numbers, logarithmic if it spans decades; low and high columns are a band
    "table",
    "chain",  # boxes in columns joined left to right: stages, companies, rates
    "lanes",  # one line of boxes a group, joined left to right: routes and their steps
]
Mark = Literal["bar", "line", "point", "low", "high", "text"]


@dataclass(frozen=True, slots=True)
class Words:
    """A text for people in both languages."""

    zh: str
    en: str

    def of(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


Ends = tuple[
    Quantity | None, Quantity
]  # of a range somebody printed; the lower is None where only an upper was


@dataclass(frozen=True, slots=True)
class Column:
    """One series of values in an exhibit; `unit` is what its cells are drawn in, `axis` where."""

    key: str
    name: Words
    mark: Mark
    axis: Literal["left", "right"]
    unit: Unit | None  # None for text columns
    places: int | None = None
    group: str = ""  # columns of one group stack or share a colour


@dataclass(frozen=True, slots=True)
class Cell:
    """A value or its absence. `text` is what is printed; `card` the id of the card that explains it, '' if none.

    `value` is the number to draw, in the column's unit; None is a gap, never zero. A range has `ends` and no
    value: its quantity holds the trace of both, and nobody printed its middle.
    """

    text: Words
    quantity: Quantity | None = None
    value: float | None = None
    card: str = ""
    forecast: bool = False
    backfilled: bool = False
    ends: Ends | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One period, day or category. `period` is set where the row lies on a time axis."""

    label: Words
    cells: tuple[Cell, ...]  # one a column
    period: Period | None = None
    forecast: bool = False
    group: str = ""  # colour or facet of a scatter point, stage of a chain
    note: Words | None = None
    x: Quantity | None = None  # where the row lies on an axis of numbers


@dataclass(frozen=True, slots=True)
class Band:
    """A shaded stretch of days with its label; `event` names dated facts, never a cause, from `sources`."""

    period: Period
    label: Words
    event: Words | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """Title carries the unit. `log` axes have no zero."""

    title: Words
    log: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted straight line of a log scatter, drawn from `points` (days and values in the column's unit)."""

    label: Words
    points: tuple[tuple[date, float], ...]
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One source in full: whose figure, where it was read, and the address if it has one."""

    text: Words
    url: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A figure or table: data first, drawn later."""

    id: str
    kind: Literal["figure", "table"]
    number: int  # running number of its kind in this report
    title: Words  # without the "图 1" / "Figure 1" label
    chart: Chart
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    row_header: Words
    left: Axis | None
    right: Axis | None
    source_line: Words  # short, with its "资料来源：" / "Source: "; `source_list` has every source in full
    notes: tuple[Words, ...]  # each without its "注：" / "Note: "
    alt: Words  # what a person who cannot see it should know, from the data
    status: Status
    points: int
    missing: tuple[Words, ...]
    sources: tuple[str, ...]
    first: Period | None = None
    last: Period | None = None
    bands: tuple[Band, ...] = ()
    fit: Fit | None = None
    hole: Words | None = None  # why there is nothing to see, for status "hole"
    groups: tuple[
        tuple[str, Words], ...
    ] = ()  # names for people of the rows' groups; absent: the group as it stands
    source_list: tuple[SourceEntry, ...] = ()

    def group_name(self, group: str, lang: Lang) -> str:
        return next((name.of(lang) for known, name in self.groups if known == group), group)

    def label(self, lang: Lang) -> str:
        if lang == "zh":
            return f"{'图' if self.kind == 'figure' else '表'} {self.number}"
        return f"{'Figure' if self.kind == 'figure' else 'Table'} {self.number}"


@dataclass(frozen=True, slots=True)
class CardInput:
    """One observation behind a number, ready to print."""

    name: str  # series (and subject)
    period: str
    value: str
    source: str  # publisher and how it was read
    dates: str  # published, known from, and on which basis
    url: str = ""
    flags: tuple[str, ...] = ()  # assumed day, backfilled, forecast, weak source, first print …


@dataclass(frozen=True, slots=True)
class Card:
    """What opens when a reader touches a number."""

    id: str
    text: str  # the number as printed
    title: str  # what it is: relation and subject
    formula: str  # "627.6 / 526.8 − 1"; '' for a plain observation
    interval: str  # what rounding of the inputs allows
    inputs: tuple[CardInput, ...]


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """A number (or date) in the prose that came out of an expression; `card` is '' for dates and names."""

    text: str
    card: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class ExhibitRef:
    exhibit: str
    text: str


Run = Text | Bound | ExhibitRef


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 1 chapter, 2 section
    number: str  # "4.2", '' if not numbered
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: tuple[Run, ...]
    role: Literal["body", "opinion", "note"] = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where exhibits stand: one across the page, or two side by side at half width."""

    exhibits: tuple[str, ...]


Block = Heading | Paragraph | Bullets | Place


@dataclass(frozen=True, slots=True)
class ThesisResult:
    """How a thesis stands on the day, and the quantities that say so."""

    id: str
    title: Words
    status: ThesisStatus
    measures: tuple[tuple[Words, Words, ThesisStatus], ...]  # what is measured, its value in words, verdict
    rule: Words  # when it weakens, when it breaks
    exhibits: tuple[str, ...]
    cards: tuple[str, ...]
    limits: tuple[tuple[Words, Words], ...] = ()  # of each measure: weakens where, breaks where
    rated: bool = True


@dataclass(frozen=True, slots=True)
class Cover:
    kicker: str  # sector and kind of report
    title: str
    subtitle: str
    rating: str  # rating in words, with its rule in short
    points: tuple[Block, ...]
    exhibit: str  # id of the 12-month chart
    facts: tuple[tuple[str, str], ...]  # label, value pairs of the side panel


@dataclass(frozen=True, slots=True)
class Report:
    """One study, one day, one language."""

    lang: Lang
    study: str
    as_of: date
    cover: Cover
    blocks: tuple[Block, ...]  # body: chapters
    appendix: tuple[Block, ...]  # method, availability, omitted paragraphs, disclaimers
    exhibits: Mapping[str, Exhibit]  # in order of appearance
    cards: Mapping[str, Card]
    theses: tuple[ThesisResult, ...] = field(default=())
