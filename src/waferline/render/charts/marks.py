"""This module holds the marks that several charts share: lines with gaps and forecasts, dots, hover areas, axes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from waferline.render.charts.frame import Layer
from waferline.render.charts.scales import Scale
from waferline.render.charts.style import AXIS, PAPER
from waferline.render.wording import column_heads
from waferline.study.report import Column, Exhibit, Lang, Row

FORECAST_DASH = (4, 3)
_GROUP_DASHES: tuple[tuple[int, ...], ...] = ((), (7, 2), (2, 2), (8, 2, 2, 2))

X = str | int | float  # a label of a band, milliseconds, or a number


@dataclass(frozen=True, slots=True)
class Point:
    """One place on a line; `y` None is a gap."""

    x: X
    y: float | None
    forecast: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of line without a gap, of one kind."""

    points: tuple[Point, ...]
    forecast: bool


def pieces(points: Sequence[Point]) -> tuple[Piece, ...]:
    """Cuts a line at its gaps, and where forecast begins; the forecast piece starts at the last actual point.

    >>> a, b = pieces([Point("23", 1.0), Point("24", 2.0), Point("25E", 3.0, True)])
    >>> [p.x for p in b.points], b.forecast
    (['24', '25E'], True)
    """
    out: list[Piece] = []
    current: list[Point] = []
    for point in (*points, Point("", None)):
        if point.y is None:
            if current:
                out.append(_piece(current))
            current = []
        elif current and point.forecast != current[-1].forecast:
            out.append(_piece(current))
            current = [current[-1], point]
        else:
            current.append(point)
    return tuple(out)


def _piece(points: list[Point]) -> Piece:
    return Piece(tuple(points), points[-1].forecast)


@dataclass(frozen=True, slots=True)
class Line:
    """A column drawn as a line, or as loose points."""

    points: tuple[Point, ...]
    colour: str
    dash: tuple[int, ...] = ()
    joined: bool = True


def dashes(columns: Sequence[Column]) -> tuple[tuple[int, ...], ...]:
    """Columns of one group share a colour and are told apart by their dashes."""
    seen: dict[str, int] = {}
    out: list[tuple[int, ...]] = []
    for column in columns:
        name = column.group or f"\0{column.key}"
        out.append(_GROUP_DASHES[seen.get(name, 0) % len(_GROUP_DASHES)])
        seen[name] = seen.get(name, 0) + 1
    return tuple(out)


def line_layers(
    lines: Iterable[Line], x: dict[str, Any], y: dict[str, Any], *, dots: bool, step: bool = False
) -> list[Layer]:
    """Lines in pieces, dashed where forecast, with dots if asked for and wherever a point stands alone."""
    strokes: dict[tuple[int, ...], list[dict[str, Any]]] = {}
    spots: list[dict[str, Any]] = []
    for number, line in enumerate(lines):
        for index, piece in enumerate(pieces(line.points)):
            dash = FORECAST_DASH if piece.forecast else line.dash
            if line.joined and len(piece.points) > 1:
                strokes.setdefault(dash, []).extend(
                    {"x": p.x, "y": p.y, "c": line.colour, "s": f"{number}.{index}"} for p in piece.points
                )
            if dots or not line.joined or len(piece.points) == 1:
                spots.extend(
                    {"x": p.x, "y": p.y, "c": line.colour, "f": PAPER[0] if p.forecast else line.colour}
                    for p in piece.points
                    if p.forecast == piece.forecast
                )
    layers: list[Layer] = []
    for dash, values in sorted(strokes.items()):
        mark: dict[str, Any] = {"type": "line"}
        if dash:
            mark["strokeDash"] = list(dash)
        if step:
            mark["interpolate"] = "step-after"
        layers.append(
            {
                "data": {"values": values},
                "mark": mark,
                "encoding": {
                    "x": x,
                    "y": y,
                    "stroke": colour("c"),
                    "detail": {"field": "s", "type": "nominal"},
                },
            }
        )
    if spots:
        layers.append(
            {
                "data": {"values": spots},
                "mark": {"type": "point", "size": 20, "strokeWidth": 1.3, "opacity": 1},
                "encoding": {"x": x, "y": y, "stroke": colour("c"), "fill": colour("f")},
            }
        )
    return layers


def colour(field: str) -> dict[str, Any]:
    """An encoding whose data are colours already."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def quantitative(field: str, scale: Scale, *, orient: str = "left", grid: bool = True) -> dict[str, Any]:
    """The y encoding on a scale whose ends and ticks are decided."""
    axis: dict[str, Any] = {"values": list(scale.ticks), "orient": orient, "grid": grid, "title": None}
    domain: dict[str, Any] = {"domain": [scale.low, scale.high], "nice": False}
    if scale.log:
        domain["type"] = "log"
    else:
        domain["zero"] = False
    axis["labelExpr"] = spoken(scale)
    return {"field": field, "type": "quantitative", "scale": domain, "axis": axis}


def spoken(scale: Scale) -> str:
    """A Vega expression that turns each tick into its label."""
    parts = []
    for tick, text in zip(scale.ticks, scale.labels(), strict=True):
        # Not every JSON reader rounds 1e23 alike, so a tick is known by being near.
        near = abs(tick) * 1e-9 if scale.log else (scale.high - scale.low) * 1e-9
        parts.append(f"abs(datum.value - {tick!r}) <= {near:.3g} ? '{text}' :")
    return " ".join([*parts, "''"])


def zero_line(scale: Scale) -> list[Layer]:
    """The rule at zero; without it where the axis has none."""
    if scale.log or not scale.low <= 0 <= scale.high:
        return []
    return [
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "color": AXIS[0], "strokeWidth": 1},
            "encoding": {"y": {"datum": 0, "type": "quantitative"}},
        }
    ]


def tooltip(exhibit: Exhibit, row: Row, lang: Lang, head: str) -> dict[str, str]:
    """What the pointer shows over a row: its label, then each column by name with its printed text."""
    out = {"h": head}
    for number, (_, cell) in enumerate(zip(exhibit.columns, row.cells, strict=True)):
        text = cell.text.of(lang) or "–"
        out[f"t{number}"] = text
    return out


def tooltip_encoding(exhibit: Exhibit, lang: Lang) -> list[dict[str, str]]:
    """The fields of `tooltip` with the names that stand before them."""
    fields = [{"field": "h", "type": "nominal", "title": _title(exhibit.row_header.of(lang))}]
    for number, head in enumerate(column_heads(exhibit, lang, units=True)):
        fields.append({"field": f"t{number}", "type": "nominal", "title": _title(head)})
    return fields


def _title(text: str) -> str:
    """A title as it may stand in a tooltip: Vega-Lite puts it into an expression and escapes the quotes alone."""
    return " ".join(text.replace("\\", "\\\\").split()) or "–"


def hover(
    values: list[dict[str, Any]], x: dict[str, Any], height: int, tips: list[dict[str, str]], **mark: Any
) -> Layer:
    """Unseen areas over the whole height that answer to the pointer; the static picture goes without them."""
    return {
        "name": "hover",
        "data": {"values": values},
        "mark": {"type": "bar", "fillOpacity": 0, "tooltip": True, **mark},
        "encoding": {"x": x, "y": {"value": 0}, "y2": {"value": height}, "tooltip": tips},
    }
