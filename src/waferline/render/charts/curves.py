"""This module draws curves over an axis of numbers, each with the band of its interval and loose points beside it."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

from waferline.render import fonts
from waferline.render.charts.frame import Key, Layer, frame, label, raw, whole
from waferline.render.charts.marks import (
    Line,
    Point,
    colour,
    dashes,
    hover,
    line_layers,
    quantitative,
    spoken,
    tooltip,
    tooltip_encoding,
)
from waferline.render.charts.scales import Scale, linear, logarithmic
from waferline.render.charts.style import SOFT, TEXT, Size, colours
from waferline.study.report import Exhibit, Lang, Row

_DECADES = 30  # from so many times on an axis is logarithmic


def curves(exhibit: Exhibit, lang: Lang, size: Size) -> dict[str, Any]:
    """Lines and points over `row.x`; the low and high columns of a group are the band of its line.

    The axis of numbers is logarithmic where it is positive and spans more than thirty times. Its title, with the unit,
    is the head of the rows.
    """
    rows = [row for row in exhibit.rows if row.x is not None]
    at = [float(row.x.value) for row in rows if row.x is not None]
    log_x = bool(at) and min(at) > 0 and max(at) >= _DECADES * min(at)
    across = replace(_tight(at, log=log_x), grouped=not all(row.period for row in rows))
    drawn = [(n, c) for n, c in enumerate(exhibit.columns) if c.mark in ("line", "point", "bar")]
    paint = colours(exhibit.columns)
    values = [v for row in rows for cell in row.cells if (v := cell.value) is not None]
    log_y = bool(exhibit.left and exhibit.left.log)
    up = logarithmic(values) if log_y else linear(values, zero=False)
    found = dict(zip([n for n, _ in drawn], dashes([c for _, c in drawn]), strict=True))
    keys = [
        Key(c.name.of(lang), paint[n], "point" if c.mark == "point" else "line", found[n]) for n, c in drawn
    ]
    titles = (exhibit.left.title.of(lang) if exhibit.left else "", "")
    inside = frame(size, keys, left=up, titles=titles, bottom=42)
    last = across.labels()[-1]
    inside = replace(inside, right=max(inside.right, round(fonts.width(last, TEXT) / 2) + 3))
    x = _x(across)
    y = quantitative("y", up)
    plot: list[Layer] = [*_bands(exhibit, rows, at, x, y, paint)]
    lines = [
        Line(
            tuple(
                Point(place, row.cells[n].value, row.forecast or row.cells[n].forecast)
                for place, row in zip(at, rows, strict=True)
            ),
            paint[n],
            found[n],
            joined=column.mark != "point",
        )
        for n, column in drawn
    ]
    plot += line_layers(lines, x, y, dots=False)
    plot.append(_areas(exhibit, rows, at, across, lang, inside.plot_width, inside.plot_height))
    plot.append(
        label(
            inside.plot_width / 2,
            inside.plot_height + 32,
            _x_title(exhibit, rows, lang),
            align="center",
            colour=SOFT[0],
        )
    )
    return whole(inside, plot, keys, titles=titles)


def _x_title(exhibit: Exhibit, rows: list[Row], lang: Lang) -> str:
    name = exhibit.row_header.of(lang)
    measure = getattr(rows[0].x.unit, lang) if rows and rows[0].x is not None else ""
    if not measure or measure in ("x", "倍") or measure in name:
        return name
    return f"{name}（{measure}）" if lang == "zh" else f"{name} ({measure})"


def _tight(values: list[float], *, log: bool) -> Scale:
    """An axis that ends with the data; its ticks are round."""
    if not values:
        return linear([0.0, 1.0], zero=False)
    wide = logarithmic(values) if log else linear(values, zero=False)
    low, high = min(values), max(values)
    if low == high:
        return wide
    ticks = tuple(tick for tick in wide.ticks if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9))
    return Scale(low, high, ticks, log=log) if len(ticks) > 1 else wide


def _x(scale: Scale) -> dict[str, Any]:
    domain: dict[str, Any] = {"domain": [scale.low, scale.high], "nice": False}
    domain |= {"type": "log"} if scale.log else {"zero": False}
    axis = {
        "values": list(scale.ticks),
        "labelExpr": spoken(scale),
        "ticks": True,
        "grid": False,
        "title": None,
    }
    return {"field": "x", "type": "quantitative", "scale": domain, "axis": axis}


def _bands(
    exhibit: Exhibit,
    rows: list[Row],
    at: list[float],
    x: dict[str, Any],
    y: dict[str, Any],
    paint: tuple[str, ...],
) -> list[Layer]:
    layers: list[Layer] = []
    for low, column in enumerate(exhibit.columns):
        if column.mark != "low":
            continue
        high = next(
            (n for n, c in enumerate(exhibit.columns) if c.mark == "high" and c.group == column.group), None
        )
        if high is None:
            continue
        values = [
            {"x": place, "y": a, "y2": b, "c": paint[low]}
            for place, row in zip(at, rows, strict=True)
            if (a := row.cells[low].value) is not None and (b := row.cells[high].value) is not None
        ]
        layers.append(
            {
                "data": {"values": values},
                "mark": {"type": "area", "fillOpacity": 0.18, "line": False},
                "encoding": {"x": x, "y": y, "y2": {"field": "y2"}, "fill": colour("c")},
            }
        )
    return layers


def _areas(
    exhibit: Exhibit, rows: list[Row], at: list[float], across: Scale, lang: Lang, width: int, height: int
) -> Layer:
    """One unseen stripe a row that answers to the pointer."""

    def place(value: float) -> float:
        low, high, here = (math.log10(v) if across.log else v for v in (across.low, across.high, value))
        return (here - low) / (high - low) * width

    order = sorted(range(len(rows)), key=lambda n: at[n])
    centres = [place(at[n]) for n in order]
    borders = [0.0, *((a + b) / 2 for a, b in pairwise(centres)), float(width)]
    values = [
        {
            "a": round(borders[k], 1),
            "b": round(borders[k + 1], 1),
            **tooltip(exhibit, rows[n], lang, rows[n].label.of(lang)),
        }
        for k, n in enumerate(order)
    ]
    layer = hover(values, raw("a"), height, tooltip_encoding(exhibit, lang))
    layer["encoding"]["x2"] = {"field": "b"}
    return layer
