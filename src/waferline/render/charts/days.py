"""This module draws what stands on a calendar: lines and steps over days, phase bands, points on a log axis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from waferline.render import fonts
from waferline.render.charts.frame import Frame, Key, Layer, frame, label, raw, whole, wrapped
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
from waferline.render.charts.scales import (
    Scale,
    aligned,
    day_ticks,
    linear,
    logarithmic,
    middle,
    milliseconds,
)
from waferline.render.charts.style import (
    BAND_A,
    BAND_B,
    FORECAST,
    INK,
    PAPER,
    RIGHT_AXIS,
    SERIES,
    SMALL,
    SOFT,
    TEXT,
    Size,
    colours,
)
from waferline.study.report import Cell, Exhibit, Lang, Row

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_SPARSE = {"size": 30, "fillOpacity": 0.75, "strokeWidth": 1}
_DENSE = {"size": 14, "fillOpacity": 0.5, "strokeWidth": 0.7}
_BAND_HEAD = 26  # two lines of band labels above the plot
_MOST_AREAS = 400


def circled(number: int) -> str:
    """①, ② … for bands and events; plain digits past ten.

    >>> circled(2), circled(12)
    ('②', '12')
    """
    return CIRCLED[number - 1] if 1 <= number <= len(CIRCLED) else str(number)


def over_days(exhibit: Exhibit, lang: Lang, size: Size) -> dict[str, Any]:
    """phases, steps, and lines whose rows are days."""
    rows = [r for r in exhibit.rows if r.period]
    lines = [(n, c) for n, c in enumerate(exhibit.columns) if c.mark in ("line", "point", "bar")]
    paint = colours(exhibit.columns)
    by_side = {
        side: [v for r in rows for n, c in lines if c.axis == side and (v := r.cells[n].value) is not None]
        for side in ("left", "right")
    }
    left, right = _scales(exhibit, by_side["left"], by_side["right"])
    titles = (
        exhibit.left.title.of(lang) if exhibit.left else "",
        exhibit.right.title.of(lang) if exhibit.right and right else "",
    )
    found = dict(zip([n for n, _ in lines], dashes([c for _, c in lines]), strict=True))
    keys = [
        Key(
            c.name.of(lang) + (RIGHT_AXIS.of(lang) if right and c.axis == "right" else ""),
            paint[n],
            "line",
            found[n],
        )
        for n, c in lines
    ]
    if any(r.forecast or any(c.forecast for c in r.cells) for r in rows):
        keys.append(Key(FORECAST.of(lang), SOFT[0], "dashed", (4, 3)))
    extra = _BAND_HEAD if exhibit.bands else 0
    inside = frame(size, keys, left=left, right=right, titles=titles, bottom=26, extra_top=extra)

    first, last = _span(rows, exhibit)
    x = _x(first, last, inside, exact=True)
    step = exhibit.chart == "steps"
    plot: list[Layer] = [*_band_layers(exhibit, lang, inside, first, last)]
    for side, scale in (("left", left), ("right", right)):
        members = [(n, c) for n, c in lines if c.axis == side]
        if scale is None or not members:
            continue
        y = quantitative("y", scale, orient=side, grid=side == "left" or not by_side["left"])
        drawn = [_line(rows, n, paint[n], found[n], last if step else None) for n, _ in members]
        plot.append(
            {"layer": [*zero_line(scale), *line_layers(drawn, x, y, dots=len(rows) <= 16, step=step)]}
        )
    plot.append(_areas(exhibit, rows, lang, x, inside))
    return whole(inside, plot, keys, titles=titles, independent=True, extra_top=extra)


def log_scatter(exhibit: Exhibit, lang: Lang, size: Size) -> dict[str, Any]:
    """Points over days, coloured by the row's group (else by column), the axis logarithmic, a fitted line with it."""
    groups = list(dict.fromkeys(r.group for r in exhibit.rows))
    by_group = len(groups) > 1
    columns = [(n, c) for n, c in enumerate(exhibit.columns) if c.mark == "point"]
    points: list[dict[str, Any]] = []
    days: list[date] = []
    for row in exhibit.rows:
        for order, (n, _) in enumerate(columns):
            value = row.cells[n].value
            if row.period is None or value is None or value <= 0:
                continue
            place = groups.index(row.group) if by_group else order
            days.append(middle(row.period))
            points.append(
                {
                    "x": milliseconds(days[-1]), "y": value, "c": SERIES[place % len(SERIES)][0], "n": row.label.of(lang),
                    "f": PAPER[0] if row.forecast or row.cells[n].forecast else SERIES[place % len(SERIES)][0],
                    **tooltip(exhibit, row, lang, row.label.of(lang)),
                }
            )  # fmt: skip
    names = (
        [exhibit.group_name(g, lang) for g in groups] if by_group else [c.name.of(lang) for _, c in columns]
    )
    keys = [Key(name or "–", SERIES[i % len(SERIES)][0], "point") for i, name in enumerate(names)]
    fitted = exhibit.fit.points if exhibit.fit else ()
    values = [p["y"] for p in points] + [v for _, v in fitted]
    log = exhibit.left is None or exhibit.left.log
    scale = logarithmic(values) if log else linear(values, zero=False)
    if exhibit.fit:
        keys.append(Key(exhibit.fit.label.of(lang), INK[0], "dashed", (5, 3)))
    titles = (exhibit.left.title.of(lang) if exhibit.left else "", "")
    inside = frame(size, keys, left=scale, titles=titles, bottom=26)
    days += [day for day, _ in fitted]
    first, last = (min(days), max(days)) if days else (date(2000, 1, 1), date(2001, 1, 1))
    x = _x(first, last, inside, exact=False)
    y = quantitative("y", scale)
    plot: list[Layer] = []
    if fitted:
        plot.append(
            {
                "data": {"values": [{"x": milliseconds(d), "y": v} for d, v in fitted]},
                "mark": {"type": "line", "stroke": INK[0], "strokeDash": [5, 3], "strokeWidth": 1.4},
                "encoding": {"x": x, "y": y},
            }
        )
    plot.append(
        {
            "data": {"values": points},
            "mark": {"type": "point", "tooltip": True, **(_DENSE if len(points) > 150 else _SPARSE)},
            "encoding": {"x": x, "y": y, "fill": colour("f"), "stroke": colour("c"),
                         "tooltip": tooltip_encoding(exhibit, lang)},
        }
    )  # fmt: skip
    plot.append(_names(points, fitted, x, y, scale, inside))
    return whole(inside, plot, keys, titles=titles)


def _scales(exhibit: Exhibit, left: list[float], right: list[float]) -> tuple[Scale, Scale | None]:
    if exhibit.left and exhibit.left.log:
        return logarithmic(left), linear(right, zero=False) if right else None
    one = linear(left or [0.0, 1.0], zero=False)
    if not right:
        return one, None
    two = linear(right, zero=False)
    return aligned(left, right) if any(s.low <= 0 <= s.high for s in (one, two)) else (one, two)


def _span(rows: Sequence[Row], exhibit: Exhibit) -> tuple[date, date]:
    days = [d for r in rows if r.period for d in (r.period.start, middle(r.period))]
    days += [b.period.start for b in exhibit.bands] + [b.period.end for b in exhibit.bands]
    if not days:
        return date(2000, 1, 1), date(2001, 1, 1)
    return min(days), max(days) if max(days) > min(days) else min(days) + timedelta(days=30)


def _x(first: date, last: date, inside: Frame, *, exact: bool) -> dict[str, Any]:
    margin = timedelta(days=0 if exact else max(1, (last - first).days // 30))
    first, last = first - margin, last + margin
    ticks = day_ticks(first, last, max(2, inside.plot_width // 58))
    names = " ".join(f"time(datum.value) == {milliseconds(d)} ? '{text}' :" for d, text in ticks) + " ''"
    return {
        "field": "x",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "domain": [milliseconds(first), milliseconds(last)], "nice": False},
        "axis": {
            "values": [milliseconds(d) for d, _ in ticks],
            "labelExpr": names,
            "ticks": True,
            "grid": False,
        },
    }


def _line(rows: Sequence[Row], n: int, paint: str, dash: tuple[int, ...], until: date | None) -> Line:
    points = []
    for row in rows:
        if row.period is not None:
            cell: Cell = row.cells[n]
            day = row.period.start if row.period.kind == "day" or until else middle(row.period)
            points.append(Point(milliseconds(day), cell.value, cell.forecast or row.forecast))
    if until and points and points[-1].y is not None and points[-1].x != milliseconds(until):
        points.append(replace(points[-1], x=milliseconds(until)))
    return Line(tuple(points), paint, dash)


def _band_layers(exhibit: Exhibit, lang: Lang, inside: Frame, first: date, last: date) -> list[Layer]:
    """Shaded stretches, numbered; the label stands with the number where the band is wide enough for it."""
    if not exhibit.bands:
        return []
    values = []
    heads: list[Layer] = []
    total = max(1, (last - first).days)
    for n, band in enumerate(exhibit.bands):
        start, end = max(band.period.start, first), min(band.period.end, last)
        values.append(
            {
                "a": round((start - first).days / total * inside.plot_width, 1),
                "b": round((end - first).days / total * inside.plot_width, 1),
                "c": (BAND_A, BAND_B)[n % 2][0],
            }
        )
        room = (end - start).days / total * inside.plot_width - 4
        centre = ((start - first).days + (end - start).days / 2) / total * inside.plot_width
        lines = wrapped(band.label.of(lang), room, SMALL)
        fits = room > 16 and not lines[-1].endswith("…") and all(fonts.width(t, SMALL) <= room for t in lines)
        if fits and len(lines) == 1:
            both = f"{circled(n + 1)} {lines[0]}"
            lines = [both] if fonts.width(both, SMALL) <= room else [circled(n + 1), lines[0]]
        elif not fits or len(lines) > 1:
            lines = [circled(n + 1)]
        for k, text in enumerate(lines):
            heads.append(label(centre, -6 - 13 * (len(lines) - 1 - k), text, align="center"))
    shade: Layer = {
        "data": {"values": values},
        "mark": {"type": "rect", "opacity": 1},
        "encoding": {
            "x": raw("a"),
            "x2": {"field": "b"},
            "y": {"value": 0},
            "y2": {"value": inside.plot_height},
            "fill": colour("c"),
        },
    }
    return [{"layer": [shade, *heads]}]


def _areas(exhibit: Exhibit, rows: Sequence[Row], lang: Lang, x: dict[str, Any], inside: Frame) -> Layer:
    """One unseen stripe a row that answers to the pointer; long series answer at every second, third … row."""
    every = max(1, -(-len(rows) // _MOST_AREAS))
    chosen = [r for r in rows[::-1][::every][::-1] if r.period]
    low, high = x["scale"]["domain"]
    centres = [
        (milliseconds(r.period.start) - low) / max(1, high - low) * inside.plot_width
        for r in chosen
        if r.period
    ]
    borders = [0.0, *((a + b) / 2 for a, b in pairwise(centres)), float(inside.plot_width)]
    values = [
        {"a": round(a, 1), "b": round(b, 1), **tooltip(exhibit, r, lang, r.label.of(lang))}
        for r, (a, b) in zip(chosen, pairwise(borders), strict=True)
    ]
    layer = hover(values, raw("a"), inside.plot_height, tooltip_encoding(exhibit, lang))
    layer["encoding"]["x2"] = {"field": "b"}
    return layer


Box = tuple[float, float, float, float]


def _names(
    points: Sequence[dict[str, Any]],
    fitted: Sequence[tuple[date, float]],
    x: dict[str, Any],
    y: dict[str, Any],
    scale: Scale,
    inside: Frame,
) -> Layer:
    """Names beside the highest points, as many as stand clear of every point, of each other and of the line."""

    def across(ms: float) -> float:
        low, high = x["scale"]["domain"]
        return float((ms - low) / (high - low) * inside.plot_width)

    def down(value: float) -> float:
        a, b, v = (math.log10(n) if scale.log else n for n in (scale.low, scale.high, value))
        return (b - v) / (b - a) * inside.plot_height

    spots = [(across(p["x"]), down(p["y"])) for p in points]
    # What is taken, by the bands of the paper it reaches into: a name is compared with its neighbours alone.
    bands: dict[int, list[tuple[int, Box]]] = {}

    def reached(box: Box) -> Iterable[int]:
        return range(int(box[1] // 12), int(box[3] // 12) + 1)

    def take(box: Box, by: int = -1) -> None:
        for band in reached(box):
            bands.setdefault(band, []).append((by, box))

    for i, (a, b) in enumerate(spots):
        take((a - 4, b - 4, a + 4, b + 4), i)
    ends = [(across(milliseconds(day)), down(value)) for day, value in fitted]
    for (a, b), (c, d) in pairwise(ends):
        steps = max(1, int((c - a) // 6))
        for k in range(steps + 1):
            x0, y0 = a + (c - a) * k / steps, b + (d - b) * k / steps
            take((x0, y0, x0, y0))
    chosen: list[dict[str, Any]] = []
    most = 6 if inside.size.width < 500 else 14
    order = sorted(range(len(points)), key=lambda i: (-points[i]["y"], points[i]["x"]))
    for i in order:
        text = str(points[i]["n"])
        wide = fonts.width(text, 9)
        a, b = spots[i]
        for align, left in (("left", a + 6), ("right", a - 6 - wide)):
            box = (left, b - 6, left + wide, b + 6)
            if left < 0 or left + wide > inside.plot_width + inside.right:
                continue
            if any(
                by != i and box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3]
                for band in reached(box)
                for by, t in bands.get(band, ())
            ):
                continue
            take(box)
            chosen.append(
                {"x": points[i]["x"], "y": points[i]["y"], "t": text, "dx": 6 if align == "left" else -6}
            )
            break
        if len(chosen) >= most:
            break
    layers: list[Layer] = []
    for align, dx in (("left", 6), ("right", -6)):
        layers.append(
            {
                "data": {"values": [c for c in chosen if c["dx"] == dx]},
                "mark": {
                    "type": "text",
                    "align": align,
                    "baseline": "middle",
                    "dx": dx,
                    "fontSize": 9,
                    "color": SOFT[0],
                },
                "encoding": {"x": x, "y": y, "text": {"field": "t"}},
            }
        )
    return {"layer": layers}


__all__ = ["TEXT", "circled", "log_scatter", "over_days"]
