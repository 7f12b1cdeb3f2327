"""This module reads the titles of a study's series: whose figure of what, where, and which change of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from waferline.audit.against import words
from waferline.evidence import Series, Source

# Series of single models, boards and benchmarks have a subject a row; a title alone does not name their figure.
_BY_PERIOD = ("day", "month", "quarter", "half", "year", "irregular")
_NOBODY = ("press", "several", "see source", "analysts", "blogs", "market data")
_BRACKET = re.compile(r"[（(][^（()）]*[）)]")
_CODE = re.compile(r"(?:level \d)|[a-z]{0,2}\d{3,}")
_OF_A_REPORT = re.compile(r"报告：|report:")
_PARTS = ("出货量", "激活量", "销量", "shipments", "activations", "share", "market share")
_EDGES = " ,:：-—·"
_MEASURE_OF = {name: measure for measure, names in words.MEASURES.items() for name in names}
_REGION_OF = {name: region for region, names in words.REGIONS.items() for name in names}


def alternation(names: Mapping[str, str]) -> re.Pattern[str]:
    """Any of the names, the longest first; English ones as whole words."""
    told = sorted(names, key=len, reverse=True)
    return re.compile(
        "|".join(rf"(?<![a-z]){re.escape(n)}(?![a-z])" if n[0].isascii() else re.escape(n) for n in told),
        re.IGNORECASE,
    )


MEASURE = alternation(_MEASURE_OF)
REGION = alternation(_REGION_OF)


def measure_of(name: str) -> str:
    """The measure that a word names."""
    return _MEASURE_OF[name.lower()]


def region_of(name: str) -> str:
    """The region that a word names."""
    return _REGION_OF[name.lower()]


@dataclass(frozen=True, slots=True)
class Entry:
    """One series as its title tells it.

    `subject` is squashed; `region` is "" where the title names none; `change` is "" for a level, else yoy, qoq
    or growth; `sort` tells a single month from an average of three; `houses` are names of its publisher.
    """

    series: str
    subject: str
    measure: str
    region: str
    change: str
    sort: str
    houses: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The series of a study by subject and measure."""

    entries: Mapping[tuple[str, str], tuple[Entry, ...]]
    longest: int

    def of(self, subject: str, measure: str) -> tuple[Entry, ...]:
        return self.entries.get((subject, measure), ())


def catalogue_of(series: Mapping[str, Series], sources: Mapping[str, Source]) -> Catalogue:
    """The catalogue of a study. A title that names no measure, half of a range or two subjects is left out."""
    zh_of = {_plain(s.publisher_en): _plain(re.sub(_BRACKET, "", s.publisher_zh)) for s in sources.values()}
    known = {name for pair in zh_of.items() for name in pair if len(name) > 1}
    told = [
        (about, title, frozenset(_houses(about.publisher, zh_of)))
        for about in series.values()
        if about.frequency in _BY_PERIOD
        for title in (about.name_zh, about.name_en)
    ]
    # A house whose own name is all the subject of one of its titles is a company: its name is never dropped.
    companies = {
        house
        for _, title, houses in told
        for house in houses
        if _named(house).search(title.lower())
        and MEASURE.search(title)
        and not _subject(_named(house).sub(" ", title.lower()))
    }
    companies |= {house for _, _, houses in told if houses & companies for house in houses}
    found: dict[tuple[str, str], dict[str, Entry]] = {}
    for about, title, houses in told:
        entry = _entry(about.id, title, houses, houses - companies, known)
        if entry is not None:
            found.setdefault((entry.subject, entry.measure), {}).setdefault(entry.series, entry)
    entries = {key: tuple(by_series.values()) for key, by_series in found.items()}
    return Catalogue(entries, max((len(subject) for subject, _ in entries), default=0))


def _named(house: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){re.escape(house)}(?![a-z])")


def _plain(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip().lower()


def _houses(publisher: str, zh_of: Mapping[str, str]) -> Iterator[str]:
    """The names of a publisher: each part of "SEMI/SEAJ", and the Chinese name the sources give it."""
    for part in re.split(r"[/;,]| via | and |\(|\)", publisher):
        name = _plain(part)
        if len(name) > 2 and name not in _NOBODY:
            yield name
            yield from (other for other in (zh_of.get(name, ""),) if len(other) > 1)


def _subject(text: str) -> str:
    """What is left of a title before its last measure, without regions and spans; "" for none."""
    measures = list(MEASURE.finditer(text))
    if not measures:
        return ""
    left = words.SPANS.sub(" ", REGION.sub(" ", re.sub(_BRACKET, " ", text[: measures[-1].start()])))
    return re.sub(r"(?:'s|’s|的|(?<=[一-鿿])[月季年])\s*$", "", left.strip(_EDGES)).strip(_EDGES)


def _entry(
    series: str, title: str, houses: frozenset[str], dropped: frozenset[str], known: set[str]
) -> Entry | None:
    text = title.lower()
    if words.HALF_OF_A_RANGE.search(text) or _OF_A_REPORT.search(text):
        return None
    inside = re.findall(r"[（(]([^（()）]*)[）)]", text)
    # What a bracket adds narrows the figure; only regions, houses, codes and spans do not.
    for part in re.split(r"[，,]", " , ".join(inside)):
        rest = words.SPANS.sub("", REGION.sub("", part)).strip()
        if rest and rest not in known and not _CODE.fullmatch(rest):
            return None
    average = re.search(r"移动平均|moving average", text)
    sort = "average" if average else "month" if re.search(r"单月|single month", text) else ""
    text, change = _without_change(re.sub(_BRACKET, " ", text).rstrip(" ,"))
    while house := next((h for h in sorted(dropped, key=len, reverse=True) if _named(h).match(text)), ""):
        text = text[len(house) :].lstrip(" /")
    text = re.sub(r"^\s*(?:预测)?\s*[：:]?\s*", "", text)
    regions = {region_of(m.group()) for m in REGION.finditer(f"{text} {' '.join(inside)}")}
    measures = list(MEASURE.finditer(text))
    if len(regions) > 1 or not measures:
        return None
    if words.SPANS.sub("", REGION.sub("", text[measures[-1].end() :])).strip(_EDGES):
        return None  # words after the measure narrow it
    subject = _subject(text)
    # A space inside a Chinese name, or a mark, parts two subjects: the phones of one brand, a class of a market.
    if len(subject) < 2 or re.search(r"[，,:：—·、/]|份额|(?<=[a-z]) share of", subject):
        return None
    measure = measure_of(measures[-1].group())
    if len(measures) > 1 and measure in ("share", "sales") and measures[-2].group() in _PARTS:
        return None
    region = next(iter(regions), "")
    return Entry(series, words.squashed(subject), measure, region, change, sort, houses)


def _without_change(text: str) -> tuple[str, str]:
    """A title without the words that make it a growth rate, and which one it is."""
    kinds = (("yoy", words.YEAR_ON_YEAR), ("qoq", words.QUARTER_ON_QUARTER), ("growth", words.GROWTH))
    for kind, names in kinds:
        for name in names:
            if text.endswith(name):
                return text[: -len(name)].rstrip(" ,"), kind
    return text, ""
