"""This module draws what stands over periods or categories: bars, stacks, lines, and lines over bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from waferline.quantity.period import Period
from waferline.render import fonts
from waferline.render.charts.frame import Frame, Key, Layer, frame, whole, wrapped
from waferline.render.charts.marks import (
    Line,
    Point,
    colour,
    dashes,
    hover,
    line_layers,
    quantitative,
    tooltip,
    tooltip_encoding,
    zero_line,
)
from waferline.render.charts.scales import Scale, aligned, linear, logarithmic, shown_labels
from waferline.render.charts.style import (
    FORECAST,
    NOT_AVAILABLE,
    RIGHT_AXIS,
    SOFT,
    TEXT,
    Size,
    by_column,
    colours,
)
from waferline.render.wording import row_label
from waferline.study.report import Cell, Column, Exhibit, Lang, Row, Words

_GAP = 0.28  # between bars, as a share of a place
_WIDEST_BAR = 48  # a few years on a whole page make bars, not walls
_EMPTY = Cell(Words("", ""))


@dataclass(frozen=True, slots=True)
class Box:
    """A bar or a part of a stack."""

    x: str
    group: str
    low: float
    high: float
    colour: str
    forecast: bool


def over_periods(exhibit: Exhibit, lang: Lang, size: Size) -> dict[str, Any]:
    """bars+line, lines, stacked, stacked100 and grouped, over periods or categories."""
    rows = with_gaps(exhibit.rows)
    labels = _labels(rows, lang)
    bars = [(n, c) for n, c in enumerate(exhibit.columns) if c.mark == "bar"]
    lines = [(n, c) for n, c in enumerate(exhibit.columns) if c.mark in ("line", "point")]
    stacking = exhibit.chart in ("stacked", "stacked100")
    paint = colours(exhibit.columns) if not stacking else by_column(exhibit.columns)
    boxes, absent = (_stacked if stacking else _side_by_side)(exhibit, rows, labels, bars, paint)
    left_values = [v for b in boxes for v in (b.low, b.high)] + _values(rows, lines, "left")
    right_values = _values(rows, lines, "right")
    left, right = _scales(exhibit, left_values, right_values, bool(bars))

    titles = (
        exhibit.left.title.of(lang) if exhibit.left else "",
        exhibit.right.title.of(lang) if exhibit.right and right else "",
    )
    forecast = any(r.forecast or any(c.forecast for c in r.cells) for r in rows)
    keys = _keys(exhibit, lang, paint, right is not None, forecast)
    inside = frame(size, keys, left=left, right=right, titles=titles)
    room = inside.plot_width / max(1, len(labels))
    printed = _printed_labels(rows, labels, room)
    bottom = 10 + 14 * max((t.count("\n") + 1 for t in printed.values()), default=1)
    inside = replace(inside, bottom=bottom)

    x = _x(labels, printed, bool(bars))
    y = quantitative("y", left)
    below = [
        *_box_layers(boxes, x, left, room),
        *_absent_layer(absent, list(dict.fromkeys(b.group for b in boxes)), x, left, room, lang),
        *zero_line(left),
    ]
    dots = len(rows) <= 20
    loose = {n for n, c in lines if c.mark == "point"}
    left_lines = [_line(rows, labels, n, paint[n], d, n not in loose) for n, d in _with_dashes(lines, "left")]
    right_lines = [
        _line(rows, labels, n, paint[n], d, n not in loose) for n, d in _with_dashes(lines, "right")
    ]
    plot: list[Layer] = (
        [{"layer": [*below, *line_layers(left_lines, x, y, dots=dots)]}] if boxes or left_lines else []
    )
    if right:
        over = quantitative("y", right, orient="right", grid=not plot)
        plot.append(
            {"layer": line_layers(right_lines, x, over, dots=dots) + (zero_line(right) if not plot else [])}
        )
    tips = [{"x": k, **tooltip(exhibit, r, lang, k)} for k, r in zip(labels, rows, strict=True)]
    plot.append(hover(tips, x, inside.plot_height, tooltip_encoding(exhibit, lang), width={"band": 1}))
    return whole(inside, plot, keys, titles=titles, independent=True)


def with_gaps(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Adds empty rows for periods left out between others of one kind, so that a gap is seen as a gap.

    A list of far-apart periods (more gaps than rows) stays as it is.
    """
    periods = [r.period for r in rows]
    if len(rows) < 2 or any(p is None for p in periods):
        return tuple(rows)
    known = [p for p in periods if p is not None]
    if len({p.kind for p in known}) != 1 or known[0].kind in ("range", "day"):
        return tuple(rows)
    out: list[Row] = []
    for row, period in zip(rows, known, strict=True):
        if out and out[-1].period is not None:
            step: Period = out[-1].period.next()
            while step < period:
                out.append(Row(Words(step.short(), step.short()), tuple(_EMPTY for _ in row.cells), step))
                step = step.next()
                if len(out) > 2 * len(rows):
                    return tuple(rows)
        out.append(row)
    return tuple(out)


def _labels(rows: Sequence[Row], lang: Lang) -> list[str]:
    """Row labels, E on forecasts; made different where two rows read the same."""
    out: list[str] = []
    for row in rows:
        text = row_label(row, lang)
        while text in out:
            text += "\u200b"
        out.append(text)
    return out


def _printed_labels(rows: Sequence[Row], labels: Sequence[str], room: float) -> dict[str, str]:
    """What is printed below the axis: an even selection of periods, or every category, in up to three lines."""
    if all(r.period for r in rows):
        shown = shown_labels([r.period for r in rows], [fonts.width(t, TEXT) for t in labels], room)
        return {labels[i]: labels[i] for i in shown}
    return {t: "\n".join(wrapped(t, room - 4, TEXT, lines=3)) for t in labels}


def _x(labels: Sequence[str], printed: dict[str, str], bars: bool) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "values": list(printed),
        "ticks": len(printed) < len(labels),
        "tickBand": "center",
    }
    if any("\n" in text for text in printed.values()):
        folded = " ".join(f"datum.value == {_quoted(k)} ? {_quoted(t)} :" for k, t in printed.items())
        axis["labelExpr"] = f"split({folded} datum.label, '\\n')"
    inner = _GAP if bars else 0.1
    scale = {"type": "band", "domain": list(labels), "paddingInner": inner, "paddingOuter": inner / 2}
    return {"field": "x", "type": "nominal", "sort": None, "title": None, "scale": scale, "axis": axis}


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"


def _values(rows: Sequence[Row], lines: Sequence[tuple[int, Column]], side: str) -> list[float]:
    found = [r.cells[n].value for r in rows for n, c in lines if c.axis == side]
    return [v for v in found if v is not None]


def _scales(
    exhibit: Exhibit, left: list[float], right: list[float], bars: bool
) -> tuple[Scale, Scale | None]:
    if exhibit.left and exhibit.left.log and not bars:
        return logarithmic(left), linear(right, zero=False) if right else None
    if exhibit.chart == "stacked100" and left and max(left) <= 101:
        hundred = Scale(0.0, 100.0, (0.0, 20.0, 40.0, 60.0, 80.0, 100.0))
        return hundred, linear(right, zero=True) if right else None
    if not right:
        return linear(left, zero=bars), None
    if not left:
        return linear([0.0, 1.0], zero=True), linear(right, zero=False)
    alone = linear(left, zero=bars), linear(right, zero=False)
    if bars or any(s.low <= 0 <= s.high for s in alone):
        return aligned(left, right)
    return alone


def _forecast(row: Row, cell: Cell) -> bool:
    return cell.forecast or row.forecast


def _side_by_side(
    exhibit: Exhibit,
    rows: Sequence[Row],
    labels: Sequence[str],
    bars: Sequence[tuple[int, Column]],
    paint: Sequence[str],
) -> tuple[list[Box], list[tuple[str, str, float]]]:
    boxes: list[Box] = []
    absent: list[tuple[str, str, float]] = []
    for row, x in zip(rows, labels, strict=True):
        for n, column in bars:
            value = row.cells[n].value
            if value is None:
                absent.append((x, column.key, 0.0))
            else:
                boxes.append(Box(x, column.key, 0.0, value, paint[n], _forecast(row, row.cells[n])))
    return boxes, absent


def _stacked(
    exhibit: Exhibit,
    rows: Sequence[Row],
    labels: Sequence[str],
    bars: Sequence[tuple[int, Column]],
    paint: Sequence[str],
) -> tuple[list[Box], list[tuple[str, str, float]]]:
    """Parts upon each other, negatives downwards. A stack with an unknown part is marked, a share of one not drawn."""
    boxes: list[Box] = []
    absent: list[tuple[str, str, float]] = []
    groups = list(dict.fromkeys(c.group for _, c in bars))
    shares = exhibit.chart == "stacked100"
    for row, x in zip(rows, labels, strict=True):
        for group in groups:
            parts = [(n, row.cells[n].value) for n, c in bars if c.group == group]
            known = [(n, v) for n, v in parts if v is not None]
            total = sum(v for _, v in known)
            scale = 1.0
            if shares and not 99 <= total <= 101:
                if len(known) < len(parts) or total <= 0:
                    absent.append((x, group, 0.0))
                    continue
                scale = 100 / total
            up = down = 0.0
            for n, value in known:
                base = up if value >= 0 else down
                boxes.append(
                    Box(
                        x, group, base * scale, (base + value) * scale, paint[n], _forecast(row, row.cells[n])
                    )
                )
                if value >= 0:
                    up += value
                else:
                    down += value
            if len(known) < len(parts) and not (shares and scale == 1.0 and known):
                absent.append((x, group, up * scale))
    return boxes, absent


def _box_layers(boxes: Sequence[Box], x: dict[str, Any], left: Scale, room: float) -> list[Layer]:
    groups = list(dict.fromkeys(b.group for b in boxes))
    wide = room * (1 - _GAP) / max(1, len(groups))
    layers: list[Layer] = []
    for forecast in (False, True):
        values = [
            {"x": b.x, "g": b.group, "y": b.high, "y2": b.low, "c": b.colour}
            for b in boxes
            if b.forecast == forecast
        ]
        if not values:
            continue
        mark: dict[str, Any] = {"type": "bar", "opacity": 1}
        if wide > _WIDEST_BAR:
            mark["width"] = {"band": round(_WIDEST_BAR / wide, 3)}
        encoding: dict[str, Any] = {
            "x": x,
            "y": quantitative("y", left),
            "y2": {"field": "y2"},
            "fill": colour("c"),
        }
        if forecast:
            mark |= {"fillOpacity": 0.3, "strokeWidth": 1, "strokeDash": [3, 2]}
            encoding["stroke"] = colour("c")
        if len(groups) > 1:
            encoding["xOffset"] = _offset(groups)
        layers.append({"data": {"values": values}, "mark": mark, "encoding": encoding})
    return layers


def _offset(groups: Sequence[str]) -> dict[str, Any]:
    return {
        "field": "g",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(groups), "paddingInner": 0.06},
    }


def _absent_layer(
    absent: Sequence[tuple[str, str, float]],
    groups: Sequence[str],
    x: dict[str, Any],
    left: Scale,
    room: float,
    lang: Lang,
) -> list[Layer]:
    """The word for "not there" where a bar should stand, once a place; left out where there is no room for it.

    Among bars that stand side by side it stands in the gap of its own.
    """
    word = NOT_AVAILABLE.of(lang)
    wide = fonts.width(word, 9) + 2
    if not absent or room < wide:
        return []
    if len(groups) > 1 and room * (1 - _GAP) / len(groups) >= wide:
        inside = [(p, g, y) for p, g, y in absent if g in groups]
        beside: Layer = {
            "data": {"values": [{"x": p, "g": g, "y": y, "t": word} for p, g, y in inside]},
            "mark": {"type": "text", "baseline": "bottom", "dy": -2, "fontSize": 9, "color": SOFT[0]},
            "encoding": {
                "x": x,
                "xOffset": _offset(groups),
                "y": quantitative("y", left),
                "text": {"field": "t"},
            },
        }
        return [beside] if inside else []
    if len(groups) > 1:  # too narrow for its own gap: only where no bar stands that the word would cover
        missing = Counter(place for place, group, _ in absent if group in groups)
        absent = [each for each in absent if each[2] or missing[each[0]] == len(groups)]
    tops: dict[str, float] = {}
    for place, _, y in absent:
        tops[place] = max(y, tops.get(place, 0.0))
    return [
        {
            "data": {"values": [{"x": p, "y": y, "t": word} for p, y in tops.items()]},
            "mark": {"type": "text", "baseline": "bottom", "dy": -2, "fontSize": 9, "color": SOFT[0]},
            "encoding": {"x": x, "y": quantitative("y", left), "text": {"field": "t"}},
        }
    ]


def _with_dashes(lines: Sequence[tuple[int, Column]], side: str) -> list[tuple[int, tuple[int, ...]]]:
    found = dashes([c for _, c in lines])
    return [(n, d) for (n, c), d in zip(lines, found, strict=True) if c.axis == side]


def _line(
    rows: Sequence[Row], labels: Sequence[str], n: int, paint: str, dash: tuple[int, ...], joined: bool
) -> Line:
    points = (Point(x, r.cells[n].value, _forecast(r, r.cells[n])) for x, r in zip(labels, rows, strict=True))
    return Line(tuple(points), paint, dash, joined)


def _keys(exhibit: Exhibit, lang: Lang, paint: Sequence[str], two_axes: bool, forecast: bool) -> list[Key]:
    drawn = [(n, c) for n, c in enumerate(exhibit.columns) if c.mark in ("bar", "line", "point")]
    found = dashes([c for _, c in drawn if c.mark != "bar"])
    by_number = dict(zip([n for n, c in drawn if c.mark != "bar"], found, strict=True))
    keys = [
        Key(
            c.name.of(lang) + (RIGHT_AXIS.of(lang) if two_axes and c.axis == "right" else ""),
            paint[n],
            "bar" if c.mark == "bar" else "point" if c.mark == "point" else "line",
            () if c.mark == "point" else by_number.get(n, ()),
        )
        for n, c in drawn
    ]
    if forecast and keys:
        bars = any(k.symbol == "bar" for k in keys)
        keys.append(
            Key(FORECAST.of(lang), SOFT[0], "forecast")
            if bars
            else Key(FORECAST.of(lang), SOFT[0], "dashed", (4, 3))
        )
    return keys


__all__ = ["Frame", "over_periods", "with_gaps"]
