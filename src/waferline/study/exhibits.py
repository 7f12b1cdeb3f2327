"""This module fills an exhibit: the expressions of its columns, evaluated in each of its rows on one snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import exp, log

from waferline.errors import BadInput, NotKnown
from waferline.evidence.model import Observation
from waferline.evidence.snapshot import Snapshot
from waferline.quantity.period import Period
from waferline.quantity.printing import number_text
from waferline.quantity.quantity import Applied, Leaf, Quantity
from waferline.quantity.units import Unit
from waferline.study.evaluation import evaluate, evaluate_condition, evaluate_quantity
from waferline.study.exhibit_files import BandSpec, ColumnSpec, ExhibitSpec, RowsSpec
from waferline.study.report import (
    Axis,
    Band,
    Cell,
    Column,
    Exhibit,
    Fit,
    Row,
    Status,
    Words,
)
from waferline.study.sourcing import Cards, source_line
from waferline.study.values import Named, Printed, Scope, Value

_EMPTY = Words("—", "—")
_SHAPES: dict[str, Words] = {
    "bars+line": Words("柱线图", "Bars and a line"),
    "lines": Words("折线图", "Lines"),
    "stacked": Words("堆叠柱图", "Stacked bars"),
    "stacked100": Words("占比柱图", "Share bars"),
    "grouped": Words("分组柱图", "Grouped bars"),
    "log-scatter": Words("对数散点图", "Scatter on a logarithmic axis"),
    "ranked-dots": Words("排序点图", "Ranked dots"),
    "ranges": Words("区间图", "Ranges"),
    "phases": Words("分阶段折线图", "Lines over shaded phases"),
    "heatmap": Words("热力图", "Heat map"),
    "steps": Words("阶梯图", "Step line"),
    "table": Words("表格", "Table"),
    "chain": Words("链条图", "Chain"),
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A row before its cells are evaluated."""

    label: Words
    variables: tuple[tuple[str, Value], ...]
    period: Period | None = None
    group: str = ""
    note: Words | None = None
    forecast: bool = False


def fill(spec: ExhibitSpec, number: int, known: Snapshot, cards: Cards | None) -> Exhibit:
    """The exhibit as known on the snapshot's day; `cards` gives table cells their cards.

    Its status is computed: shown when every expected cell has a value, partial when at least half have, else hole.
    Raises BadInput where an expression is wrong, never because something is not known.
    """
    rows: list[Row] = []
    found_in: dict[int, tuple[Leaf, ...]] = {}
    for line in _lines(spec, known):
        cells: list[Cell] = []
        used: list[Leaf] = []
        for column in spec.columns:
            cell, found = _cell(column, line, known, cards if spec.chart in ("table", "heatmap") else None)
            cells.append(cell)
            used.extend(found)
        # A realised year beside its old guidance is no forecast year.
        known_cells = [cell for cell in cells if cell.quantity]
        forecast = line.forecast or (bool(known_cells) and all(cell.forecast for cell in known_cells))
        row = Row(line.label, tuple(cells), line.period, forecast, line.group, line.note)
        rows.append(row)
        found_in[id(row)] = tuple(used)
    if spec.rows.order == "largest":
        first = next((i for i, column in enumerate(spec.columns) if column.unit is not None), 0)
        rows.sort(key=lambda row: _descending(row.cells[first]))
    if spec.rows.limit:
        rows = rows[: spec.rows.limit]
    leaves = dict.fromkeys(leaf for row in rows for leaf in found_in[id(row)])
    expected = [
        (row, column, cell)
        for row in rows
        for column, cell in zip(spec.columns, row.cells, strict=True)
        if column.unit is not None and not column.optional
    ]
    missing = [
        Words(f"{row.label.zh} {column.name.zh}", f"{row.label.en} {column.name.en}")
        for row, column, cell in expected
        if cell.quantity is None
    ]
    present = len(expected) - len(missing)
    numeric = any(column.unit is not None for column in spec.columns)
    status = _status(len(expected), present) if numeric else ("shown" if rows else "hole")
    if spec.hole is not None and not spec.columns:
        status = "hole"
    fit = _fit(spec, known)
    leaves.update(dict.fromkeys(fit.quantity.leaves() if fit else ()))
    periods = [row.period for row in rows if row.period and any(cell.quantity for cell in row.cells)]
    exhibit = Exhibit(
        id=spec.id,
        kind="table" if spec.kind == "table" else "figure",
        number=number,
        title=spec.title,
        chart=spec.chart,
        columns=tuple(
            Column(c.key, c.name, c.mark, "right" if c.axis == "right" else "left", c.unit, c.places, c.group)
            for c in spec.columns
        ),
        rows=tuple(rows),
        row_header=spec.row_header,
        left=_axis(spec, "left"),
        right=_axis(spec, "right"),
        source_line=source_line(leaves, known, spec.made_by),
        notes=(*spec.notes, *_computed_notes(leaves)),
        alt=_EMPTY,
        status=status,
        points=present,
        missing=tuple(missing),
        sources=tuple(dict.fromkeys(leaf.source for leaf in leaves)),
        first=min(periods, default=None),
        last=max(periods, default=None),
        bands=tuple(_bands(spec.bands, spec, known)),
        fit=fit,
        hole=spec.hole if status == "hole" else None,
    )
    return replace(exhibit, alt=_alt(exhibit))


def leaves_of(exhibit: Exhibit) -> tuple[Leaf, ...]:
    """The distinct observations an exhibit rests on."""
    found = dict.fromkeys(
        leaf for row in exhibit.rows for cell in row.cells if cell.quantity for leaf in cell.quantity.leaves()
    )
    found.update(dict.fromkeys(exhibit.fit.quantity.leaves() if exhibit.fit else ()))
    return tuple(found)


def _descending(cell: Cell) -> float:
    """Sorts the largest first and gaps last."""
    return -cell.value if cell.value is not None else float("inf")


def _status(expected: int, present: int) -> Status:
    if present and present == expected:
        return "shown"
    return "partial" if present and 2 * present >= expected else "hole"


# ---- rows


def _lines(spec: ExhibitSpec, known: Snapshot) -> list[_Line]:
    rows = spec.rows
    try:
        if rows.periods:
            return _period_lines(rows, known)
        if rows.items:
            return [
                _Line(item.label, item.variables, None, item.group, item.note)
                for item in rows.items
                if not item.when or evaluate_condition(item.when, Scope(known, item.where))
            ]
        if rows.estimates:
            return _estimate_lines(rows, known)
        if rows.subjects:
            return _subject_lines(rows, known)
    except NotKnown:
        return []
    return []


def _period_lines(rows: RowsSpec, known: Snapshot) -> list[_Line]:
    scope = Scope(known, rows.where)
    found = evaluate(rows.periods, scope)
    if not isinstance(found, list):
        raise BadInput(rows.where, "rows.periods gives no list of periods", 'periods("2022-01", latest(…))')
    periods = [entry for entry in found if isinstance(entry, Period)]
    if len(periods) != len(found):
        raise BadInput(rows.where, "rows.periods gives no list of periods", "periods only")
    after = evaluate(rows.forecast_after, scope) if rows.forecast_after else None
    lines = []
    for at in periods:
        forecast = isinstance(after, Period) and at.start > after.end
        mark = "E" if forecast else ""
        lines.append(_Line(Words(at.short() + mark, at.short() + mark), (("p", at),), at, forecast=forecast))
    return lines


def _estimate_lines(rows: RowsSpec, known: Snapshot) -> list[_Line]:
    about = (
        evaluate(rows.period, Scope(known, rows.where)) if "(" in rows.period else Period.parse(rows.period)
    )
    periods = [
        entry for entry in (about if isinstance(about, list) else [about]) if isinstance(entry, Period)
    ]
    if not periods or (isinstance(about, list) and len(periods) != len(about)):
        raise BadInput(rows.where, "rows.period is no period", 'period = "2025"', repr(rows.period))
    lines: list[_Line] = []
    for at in periods:
        found = known.estimates(rows.estimates, at, all_vintages=rows.all_vintages)
        if len(periods) == 1:
            lines.extend(_estimates_of(found, known))
        else:
            lines.extend(
                replace(
                    line,
                    label=Words(f"{at.short()} {line.label.zh}", f"{at.short()} {line.label.en}"),
                    group=at.short(),
                )
                for line in _estimates_of(found, known)
            )
    return lines


def _estimates_of(found: Iterable[Observation], known: Snapshot) -> list[_Line]:
    """A row an estimate, oldest first. The two ends of a printed range (series X.low and X.high) share a row."""
    by_statement: dict[tuple[str, str, str, date, str], dict[str, Observation]] = {}
    for row in found:
        base, end = row.series, ""
        for suffix in ("low", "high"):
            if row.series.endswith(f".{suffix}"):
                base, end = row.series.removesuffix(f".{suffix}"), suffix
        key = (base, row.by, row.edition, row.known_from, row.source)
        by_statement.setdefault(key, {})[end] = row
    # Where a house says two things on one day, the edition tells them apart.
    days = Counter((by, known_from) for _, by, _, known_from, _ in by_statement)
    lines: list[tuple[date, _Line]] = []
    for (_, by, edition, known_from, _), ends in by_statement.items():
        pair = [ends[end] for end in ("low", "high") if end in ends]
        rows = [(row, row, row) for row in ends.values()]
        if len(pair) == 2:
            rows = [(pair[0], pair[0], pair[1]), *((row, row, row) for end, row in ends.items() if not end)]
        for row, low, high in rows:
            day = row.published or row.known_from
            house = row.by or known.series[row.series].publisher
            when = Words(f"{day.year:04d}-{day.month:02d}", f"{day.year:04d}-{day.month:02d}")
            if row.basis == "undated":
                when = Words("日期不详", "undated")
            elif not row.published:
                when = Words(f"{when.zh}*", f"{when.en}*")
            if edition and days[by, known_from] > 1:
                when = Words(f"{when.zh}，{edition}", f"{when.en}, {edition}")
            line = _Line(
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


def _subject_lines(rows: RowsSpec, known: Snapshot) -> list[_Line]:
    start = Period.parse(rows.start).start if rows.start else None
    lines = []
    for subject in known.subjects(rows.subjects):
        for at in known.periods(rows.subjects, subject=subject):
            if start is None or at.start >= start:
                lines.append(_Line(Words(subject, subject), (("subject", subject), ("p", at)), at))
    return sorted(lines, key=lambda line: (line.period or Period.parse("1900"), line.label.en))


# ---- cells


def _cell(
    column: ColumnSpec, line: _Line, known: Snapshot, cards: Cards | None
) -> tuple[Cell, tuple[Leaf, ...]]:
    scope = Scope(known, column.where, line.variables, backfill=column.backfill)
    if column.unit is None:
        return _text_cell(column, scope)
    try:
        value = evaluate(column.expr, scope)
    except NotKnown:
        return Cell(_EMPTY), ()
    quantity = value.quantity if isinstance(value, Printed) else value
    if not isinstance(quantity, Quantity):
        raise BadInput(
            column.where, "a column with a unit holds quantities", "level(…)", type(value).__name__
        )
    try:
        shown = quantity.to(column.unit)
    except BadInput as error:
        raise BadInput(
            column.where, "the column and its values have different units", str(column.unit), str(quantity.unit),
            f'unit = "{quantity.unit}"',
        ) from error  # fmt: skip
    places = column.places if column.places is not None else None
    sign = column.mark == "text"
    text = (
        _without_unit(value.text, column.unit)
        if isinstance(value, Printed)
        else Words(
            number_text(quantity, "zh", unit=column.unit, places=places, sign=sign),
            number_text(quantity, "en", unit=column.unit, places=places, sign=sign),
        )
    )
    leaves = quantity.leaves()
    cell = Cell(
        text=text,
        quantity=quantity,
        value=float(shown.value),
        card=cards.add(quantity, text.of(cards.lang)) if cards else "",
        forecast=quantity.is_forecast,
        backfilled=any(leaf.backfilled for leaf in leaves),
    )
    return cell, leaves


def _without_unit(text: Words, measure: Unit) -> Words:
    """What an expression printed, less the unit that the column's head already gives."""
    return Words(
        text.zh.removesuffix(measure.zh or measure.name).strip(),
        text.en.removesuffix(measure.en or measure.name).strip(),
    )


def _text_cell(column: ColumnSpec, scope: Scope) -> tuple[Cell, tuple[Leaf, ...]]:
    try:
        value = evaluate(column.expr, scope)
    except NotKnown:
        return Cell(_EMPTY), ()
    if isinstance(value, Named):
        return Cell(value.text), ()
    if isinstance(value, Period):
        return Cell(Words(value.words("zh"), value.words("en"))), ()
    if isinstance(value, Printed):
        return Cell(value.text, value.quantity), value.quantity.leaves()
    raise BadInput(column.where, "a column without a unit holds names and dates", found=type(value).__name__)


# ---- the rest of the face


def _axis(spec: ExhibitSpec, side: str) -> Axis | None:
    columns = [column for column in spec.columns if column.axis == side and column.unit is not None]
    if not columns or spec.chart in ("table", "heatmap", "chain"):
        return None
    title = spec.left if side == "left" else spec.right
    measure = columns[0].unit
    assert measure is not None  # filtered above
    for column in columns:
        if column.unit is not None and column.unit.name != measure.name:
            raise BadInput(
                column.where,
                f"the {side} axis has two units",
                measure.name,
                column.unit.name,
                "one unit an axis",
            )
    zh, en = measure.zh or measure.name, measure.en or measure.name
    if title:
        zh, en = f"{title.zh}（{zh}）", f"{title.en} ({en})"
    return Axis(Words(zh, en), log=spec.left_log and side == "left")


def _bands(specs: Iterable[BandSpec], spec: ExhibitSpec, known: Snapshot) -> Iterable[Band]:
    scope = Scope(known, spec.where)
    for band in specs:
        if band.when and not evaluate_condition(band.when, scope):
            continue
        try:
            ends = [
                Period.parse(text) if "(" not in text else evaluate(text, scope)
                for text in (band.start, band.end)
            ]
        except NotKnown:
            continue
        start, end = ends
        if not isinstance(start, Period) or not isinstance(end, Period):
            raise BadInput(spec.where, "a band runs from a day to a day", 'start = "2024-01-02"')
        if start.start > known.day:
            continue
        yield Band(Period(start.start, min(end.end, known.day)), band.label, band.event)


def _fit(spec: ExhibitSpec, known: Snapshot) -> Fit | None:
    if spec.fit is None:
        return None
    column = next((column for column in spec.columns if column.key == spec.fit.column), None)
    if column is None or column.unit is None:
        raise BadInput(spec.where, "the fit names no numeric column", "a key of [[columns]]", spec.fit.column)
    try:
        quantity = evaluate_quantity(spec.fit.expr, Scope(known, spec.where))
    except NotKnown:
        return None
    return Fit(spec.fit.label, fitted_line(quantity, column.unit), quantity)


def fitted_line(trend: Quantity, measure: Unit) -> tuple[tuple[date, float], ...]:
    """The two ends of the line a trend was fitted as, in the unit drawn: through the mean day and the mean log."""
    if not isinstance(trend.trace, Applied) or trend.trace.relation != "trend":
        raise BadInput("fit", "only a trend is drawn as a line", "trend(…)")
    points = [
        (point.period.start.toordinal(), log(float(point.to(measure).value)))
        for point in trend.trace.inputs
        if point.period is not None
    ]
    days = [day for day, _ in points]
    mean_day, mean_log = sum(days) / len(points), sum(height for _, height in points) / len(points)
    slope = log(float(trend.value)) / 365.25
    return tuple(
        (date.fromordinal(day), exp(mean_log + slope * (day - mean_day))) for day in (min(days), max(days))
    )


def _computed_notes(leaves: Iterable[Leaf]) -> list[Words]:
    notes: list[Words] = []
    leaves = tuple(leaves)
    assumed = sum(leaf.basis == "assumed" for leaf in leaves)
    if assumed:
        notes.append(
            Words(
                f"{len(leaves)} 个观测值中 {assumed} 个的可知日为假定",
                f"for {assumed} of {len(leaves)} observations the day they became known is assumed",
            )
        )
    return notes


def _alt(exhibit: Exhibit) -> Words:
    """What the exhibit shows, from its data: shape, title, span, and the newest values."""
    shape = _SHAPES[exhibit.chart]
    if exhibit.status == "hole" and not exhibit.points:
        return Words(
            f"{shape.zh}：{exhibit.title.zh}。暂无数据。", f"{shape.en}: {exhibit.title.en}. No data."
        )
    span_zh = span_en = ""
    if exhibit.first and exhibit.last:
        span_zh = f"，{exhibit.first.short()} 至 {exhibit.last.short()}"
        span_en = f", {exhibit.first.short()} to {exhibit.last.short()}"
    newest = next((row for row in reversed(exhibit.rows) if any(cell.quantity for cell in row.cells)), None)
    zh: list[str] = []
    en: list[str] = []
    for column, cell in zip(exhibit.columns, newest.cells if newest else (), strict=False):
        if cell.quantity and column.unit and len(zh) < 6:
            zh.append(f"{column.name.zh} {cell.text.zh}{column.unit.zh or column.unit.name}")
            en.append(f"{column.name.en} {cell.text.en} {column.unit.en or column.unit.name}")
    tail_zh = f"{newest.label.zh}：{'，'.join(zh)}。" if newest and zh else ""
    tail_en = f"{newest.label.en}: {', '.join(en)}." if newest and en else ""
    return Words(
        f"{shape.zh}：{exhibit.title.zh}{span_zh}，共 {exhibit.points} 个值。{tail_zh}",
        f"{shape.en}: {exhibit.title.en}{span_en}; {exhibit.points} values. {tail_en}".strip(),
    )
