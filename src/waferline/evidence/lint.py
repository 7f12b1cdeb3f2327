"""This module counts how every row came to its day and lists what a person should look at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from waferline.evidence.model import BASES, TIERS, Observation, Series, Source
from waferline.quantity.period import Period

_RULES = {
    "stated": "1 publication day stated",
    "by": "2 public by a day",
    "assumed": "3 first print, period end plus lag (or launch month)",
    "restated": "4 later edition, from its day or the day recorded",
    "undated": "5 forecast, guidance or specification without a day",
}


@dataclass(frozen=True, slots=True)
class Tie:
    """Different values of one figure known from one day, and what tells them apart: by, edition or both."""

    series: str
    subject: str
    period: Period
    known_from: date
    split: str
    rows: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Rival:
    """One figure that several houses give."""

    series: str
    subject: str
    period: Period
    houses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at: which kind, where, and what."""

    kind: str
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class LintReport:
    """The state of an evidence folder.

    `by_day` counts rows by the days they carry, `by_basis` by the rule that dated them, `by_tier` by their source.
    """

    observations: int
    series: int
    sources: int
    by_day: tuple[tuple[str, int], ...]
    by_basis: tuple[tuple[str, int], ...]
    by_tier: tuple[tuple[str, int], ...]
    undated: tuple[Observation, ...]
    ties: tuple[Tie, ...]
    rivals: tuple[Rival, ...]
    findings: tuple[Finding, ...]

    def rows(self) -> tuple[tuple[str, str, int], ...]:
        """The counts as rows (group, name, count), for a table or a file."""
        splits = Counter(tie.split for tie in self.ties)
        kinds = Counter(finding.kind for finding in self.findings)
        return (
            ("size", "observations", self.observations),
            ("size", "series", self.series),
            ("size", "sources", self.sources),
            *(("rows", name, count) for name, count in self.by_day),
            *(("known from", _RULES[basis], count) for basis, count in self.by_basis),
            *(("tier", tier, count) for tier, count in self.by_tier),
            *(("ties split by", split, splits[split]) for split in ("by", "edition", "both")),
            ("rivals", "figures with several houses", len(self.rivals)),
            *(("to look at", kind, kinds[kind]) for kind in sorted(kinds)),
        )

    def to_text(self, *, details: bool = False) -> str:
        """The counts as aligned lines; with `details` also each tie, rival, undated row and finding."""
        rows = self.rows()
        wide, wider = max(len(group) for group, _, _ in rows), max(len(name) for _, name, _ in rows)
        lines = [f"{group:<{wide}}  {name:<{wider}}  {count:>7,}" for group, name, count in rows]
        if details:
            for tie in self.ties:
                told = "; ".join(f"{_told(row)} ({', '.join(filter(None, _split(row)))})" for row in tie.rows)
                lines.append(f"tie, split by {tie.split}: {_figure(tie)} on {tie.known_from}: {told}")
            lines += [f"rivals: {_figure(rival)}: {', '.join(rival.houses)}" for rival in self.rivals]
            for row in self.undated:
                lines.append(f"undated: {row.file}:{row.line}: {row.series} {row.period} {_told(row)}")
            lines += [f"{finding.kind}: {finding.where}: {finding.text}" for finding in self.findings]
        return "\n".join(lines) + "\n"


def lint(
    rows: Sequence[Observation], series: Mapping[str, Series], sources: Mapping[str, Source]
) -> LintReport:
    """The report on rows in the order of the store."""
    bases = Counter(row.basis for row in rows)
    tiers = Counter(sources[row.source].tier for row in rows)
    figures: dict[tuple[str, str, Period], list[Observation]] = defaultdict(list)
    for row in rows:
        figures[row.series, row.subject, row.period].append(row)
    return LintReport(
        observations=len(rows),
        series=len(series),
        sources=len(sources),
        by_day=(
            ("without a publication day", sum(row.published is None for row in rows)),
            ("with the day they were public by", sum(row.public_by is not None for row in rows)),
            (
                "later editions, restated or read in a later document",
                sum(row.print == "later" for row in rows),
            ),
        ),
        by_basis=tuple((basis, bases[basis]) for basis in BASES),
        by_tier=tuple((tier, tiers[tier]) for tier in TIERS),
        undated=tuple(row for row in rows if row.basis == "undated"),
        ties=tuple(tie for figure in figures.values() for tie in _ties(figure)),
        rivals=tuple(
            Rival(*key, houses=tuple(sorted({row.by for row in figure})))
            for key, figure in figures.items()
            if len({row.by for row in figure}) > 1
        ),
        findings=tuple(_findings(rows, figures.values(), series, sources)),
    )


def _ties(figure: list[Observation]) -> Iterable[Tie]:
    days: dict[date, list[Observation]] = defaultdict(list)
    for row in figure:
        days[row.known_from].append(row)
    for day, same_day in sorted(days.items()):
        if len({(row.value, row.unit) for row in same_day}) < 2:
            continue
        within: dict[str, set[object]] = defaultdict(set)
        for row in same_day:
            within[row.by].add((row.value, row.unit))
        by_edition = any(len(values) > 1 for values in within.values())
        split = "both" if by_edition and len(within) > 1 else "edition" if by_edition else "by"
        first = same_day[0]
        yield Tie(first.series, first.subject, first.period, day, split, tuple(same_day))


def _findings(
    rows: Sequence[Observation],
    figures: Iterable[list[Observation]],
    series: Mapping[str, Series],
    sources: Mapping[str, Source],
) -> Iterable[Finding]:
    for row in rows:
        where, what = f"{row.file}:{row.line}", f"{row.series} {row.period}, {row.known_from}"
        # The period of an event or a count of a day only dates it: it may be told before its month is over.
        over = row.period.start if series[row.series].frequency in ("event", "irregular") else row.period.end
        if row.kind == "realised" and row.basis in ("stated", "by") and row.known_from < over:
            yield Finding("realised before its period ended", where, what)
        lag = timedelta(days=series[row.series].known_after)
        if row.kind == "realised" and row.basis == "assumed" and row.known_from < row.period.end + lag:
            yield Finding("recorded before its assumed day", where, what)
    for figure in figures:
        later = {(row.by, row.kind): row.known_from for row in reversed(figure) if row.print == "later"}
        for row in figure:
            if row.print == "first" and later.get((row.by, row.kind), row.known_from) < row.known_from:
                where = f"{row.file}:{row.line}"
                yield Finding("first print after a later one", where, f"{row.series} {row.period}, {row.by}")
    used_series, used_sources = {row.series for row in rows}, {row.source for row in rows}
    for name in sorted(set(series) - used_series):
        yield Finding("series without rows", "series.csv", name)
    for name in sorted(set(sources) - used_sources):
        yield Finding("source without rows", "sources.csv", name)


def _figure(about: Tie | Rival) -> str:
    subject = f" [{about.subject}]" if about.subject else ""
    return f"{about.series} {about.period}{subject}"


def _split(row: Observation) -> tuple[str, str]:
    return row.by, row.edition


def _told(row: Observation) -> str:
    return f"{row.literal} {row.unit}".strip()
