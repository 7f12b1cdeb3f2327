"""This module words the face of an exhibit: axes, bands, the fitted line, computed notes and the text for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import exp, log

from waferline.errors import BadInput, NotKnown
from waferline.evidence.snapshot import Snapshot
from waferline.quantity.period import Period
from waferline.quantity.quantity import Applied, Leaf, Quantity
from waferline.quantity.units import Unit
from waferline.study.evaluation import evaluate, evaluate_condition, evaluate_quantity
from waferline.study.exhibit_files import BandSpec, ExhibitSpec
from waferline.study.report import (
    Axis,
    Band,
    Exhibit,
    Fit,
    Words,
)
from waferline.study.values import Scope

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
    "curves": Words("曲线图", "Curves"),
    "table": Words("表格", "Table"),
    "chain": Words("链条图", "Chain"),
    "lanes": Words("流程图", "Flow chart"),
}


def axis(spec: ExhibitSpec, side: str) -> Axis | None:
    """The axis on one side, its title ending in the unit. Refuses two units on one axis."""
    columns = [c for c in spec.columns if c.axis == side and c.unit is not None and c.mark != "text"]
    if not columns or spec.chart in ("table", "heatmap", "chain", "lanes"):
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


def bands(
    specs: Iterable[BandSpec], spec: ExhibitSpec, known: Snapshot, last: Period | None
) -> Iterable[Band]:
    """The bands that have begun by the day, each with the events that became public in it.

    On an axis of days none runs on past the last value drawn.
    """
    until = last.end if last and last.kind == "day" else known.day
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
        if start.start > until:
            continue
        events = known.events(start.start, end.end)
        named = Words(
            "；".join(f"{_day(event.day).words('zh')}{event.label_zh}" for event in events),
            "; ".join(f"{_day(event.day).words('en')}: {event.label_en}" for event in events),
        )
        sources = tuple(dict.fromkeys(event.source for event in events))
        yield Band(Period(start.start, min(end.end, until)), band.label, named if events else None, sources)


def _day(day: date) -> Period:
    return Period(day, day)


def fit(spec: ExhibitSpec, known: Snapshot) -> Fit | None:
    """The fitted line, if the exhibit asks for one and enough points are known."""
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


def computed_notes(leaves: Iterable[Leaf]) -> list[Words]:
    """What the data themselves make one say under the exhibit."""
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


def alt(exhibit: Exhibit) -> Words:
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
