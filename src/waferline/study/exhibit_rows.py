"""This module lays out the rows of an exhibit: periods, written items, estimates of several houses, subjects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from waferline.errors import BadInput, NotKnown
from waferline.evidence.model import Observation
from waferline.evidence.snapshot import Snapshot
from waferline.quantity.period import Period
from waferline.quantity.printing import number_text
from waferline.quantity.quantity import Quantity
from waferline.study.evaluation import evaluate, evaluate_condition
from waferline.study.exhibit_files import ExhibitSpec, RowsSpec
from waferline.study.report import LANGS, Words
from waferline.study.values import Scope, Value


@dataclass(frozen=True, slots=True)
class Line:
    """A row before its cells are evaluated."""

    label: Words
    variables: tuple[tuple[str, Value], ...]
    period: Period | None = None
    group: str = ""
    note: Words | None = None
    forecast: bool = False
    x: Quantity | None = None


def lines_of(spec: ExhibitSpec, known: Snapshot) -> list[Line]:
    """The rows of the exhibit on the day; none where not even their ends are known."""
    rows = spec.rows
    try:
        if rows.periods:
            return _period_lines(rows, known)
        if rows.items:
            return [
                Line(item.label, item.variables, None, item.group, item.note)
                for item in rows.items
                if not item.when or evaluate_condition(item.when, Scope(known, item.where))
            ]
        if rows.estimates:
            return _estimate_lines(rows, known)
        if rows.values:
            return _value_lines(rows, known)
        if rows.subjects:
            return _subject_lines(rows, known)
    except NotKnown:
        return []
    return []


def _period_lines(rows: RowsSpec, known: Snapshot) -> list[Line]:
    scope = Scope(known, rows.where)
    found = evaluate(rows.periods, scope)
    if not isinstance(found, list):
        raise BadInput(rows.where, "rows.periods gives no list of periods", 'periods("2022-01", latest(…))')
    periods = [entry for entry in found if isinstance(entry, Period)]
    if len(periods) != len(found):
        raise BadInput(rows.where, "rows.periods gives no list of periods", "periods only")
    after = evaluate(rows.forecast_after, scope) if rows.forecast_after else None
    lines = []
    for index, at in enumerate(periods):
        forecast = isinstance(after, Period) and at.start > after.end
        mark = "E" if forecast else ""
        lines.append(
            Line(
                Words(at.short() + mark, at.short() + mark), (("p", at), ("i", index)), at, forecast=forecast
            )
        )
    return lines


def _estimate_lines(rows: RowsSpec, known: Snapshot) -> list[Line]:
    about = (
        evaluate(rows.period, Scope(known, rows.where)) if "(" in rows.period else Period.parse(rows.period)
    )
    periods = [
        entry for entry in (about if isinstance(about, list) else [about]) if isinstance(entry, Period)
    ]
    if not periods or (isinstance(about, list) and len(periods) != len(about)):
        raise BadInput(rows.where, "rows.period is no period", 'period = "2025"', repr(rows.period))
    lines: list[Line] = []
    for at in periods:
        found = known.estimates(rows.estimates, at, all_vintages=rows.all_vintages)
        if len(periods) == 1:
            lines.extend(_estimates_of(found, known, rows))
        else:
            lines.extend(
                replace(line, label=_of_period(at, line), group=at.short())
                for line in _estimates_of(found, known, rows)
            )
    return lines


def _of_period(at: Period, line: Line) -> Words:
    """The label of an estimate among those of other periods; E marks one made ahead, as on an axis of periods."""
    stated = dict(line.variables)["o"]
    about = at.short() + ("E" if isinstance(stated, Quantity) and stated.is_forecast else "")
    return Words(f"{about} {line.label.zh}", f"{about} {line.label.en}")


def _estimates_of(found: Iterable[Observation], known: Snapshot, rows: RowsSpec) -> list[Line]:
    """A row an estimate, oldest first. The two ends of a printed range (series X.low and X.high) share a row.

    Where a house says several things on one day its edition tells them apart, and a single figure from the range
    beside it.
    """
    named = dict(rows.editions)
    by_statement: dict[tuple[str, str, str, date, str], dict[str, Observation]] = {}
    for row in found:
        base, end = row.series, ""
        for suffix in ("low", "high"):
            if row.series.endswith(f".{suffix}"):
                base, end = row.series.removesuffix(f".{suffix}"), suffix
        key = (base, row.by, row.edition, row.known_from, row.source)
        by_statement.setdefault(key, {})[end] = row
    days = Counter((by, known_from) for _, by, _, known_from, _ in by_statement)
    lines: list[tuple[date, Line]] = []
    for (_, by, edition, known_from, _), ends in by_statement.items():
        pair = [ends[end] for end in ("low", "high") if end in ends]
        told = [(row, row, row) for row in ends.values()]
        if len(pair) == 2:
            told = [(pair[0], pair[0], pair[1]), *((row, row, row) for end, row in ends.items() if not end)]
        for row, low, high in told:
            day = row.published or row.known_from
            house = row.by or known.series[row.series].publisher
            # Two statements of one house in one month are told apart by their days.
            month = {
                other
                for who, other in days
                if who == by and (other.year, other.month) == (day.year, day.month)
            }
            when = Words(*2 * (day.isoformat() if len(month) > 1 else day.isoformat()[:7],))
            if row.basis == "undated":
                when = Words("日期不详", "undated")
            elif not row.published:
                when = Words(f"{when.zh}*", f"{when.en}*")
            if edition and days[by, known_from] > 1:
                variant = named.get(edition, Words(edition, edition))
                when = Words(f"{when.zh}，{variant.zh}", f"{when.en}, {variant.en}")
            if len(pair) == 2 and len(told) > 1 and low is high:
                when = Words(f"{when.zh}，单一值", f"{when.en}, single figure")
            line = Line(
                Words(f"{house}（{when.zh}）", f"{house} ({when.en})"),
                (
                    ("o", row.quantity()), ("low", low.quantity()), ("high", high.quantity()),
                    ("series", row.series), ("p", row.period), ("house", house),
                ),
                Period(day, day),
                group=house,
            )  # fmt: skip
            lines.append((day, line))
    return [line for _, line in sorted(lines, key=lambda entry: (entry[0], entry[1].label.en))]


def _value_lines(rows: RowsSpec, known: Snapshot) -> list[Line]:
    """A row a value of a list, as a model gives it; the value is the row's place on a numeric axis."""
    found = evaluate(rows.values, Scope(known, rows.where))
    if not isinstance(found, list) or not all(isinstance(each, Quantity) for each in found):
        raise BadInput(rows.where, "rows.values gives no list of quantities", 'outputs("MODEL", "OUTPUT")')
    lines = []
    for index, each in enumerate(found):
        if isinstance(each, Quantity):
            year = _calendar_year(each)
            label = (
                Words(*(number_text(each, lang) for lang in LANGS))
                if year is None
                else Words(year.short(), year.short())
            )
            lines.append(Line(label, (("x", each), ("i", index)), year, x=each))
    return lines


def _calendar_year(value: Quantity) -> Period | None:
    """The year that a quantity in calendar years names."""
    return Period.parse(str(round(value.value))) if value.unit.name == "calendar year" else None


def _subject_lines(rows: RowsSpec, known: Snapshot) -> list[Line]:
    start = Period.parse(rows.start).start if rows.start else None
    lines = []
    for subject in known.subjects(rows.subjects):
        for at in known.periods(rows.subjects, subject=subject):
            if start is None or at.start >= start:
                lines.append(Line(Words(subject, subject), (("subject", subject), ("p", at)), at))
    return sorted(lines, key=lambda line: (line.period or Period.parse("1900"), line.label.en))
