"""This module frames a chart: legend and axis titles on top, room for labels, and the whole specification.

Nothing is left to automatic layout: widths are measured with the very font, so that pictures of one size have the
same outer size, and two of them stand level in a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from waferline.render import fonts
from waferline.render.charts.scales import Scale
from waferline.render.charts.style import INK, SMALL, SOFT, TEXT, Size, config

Layer = dict[str, Any]
Symbol = Literal["bar", "line", "point", "hollow", "forecast", "dashed"]
_LINE = 17  # height of a legend line
_SYMBOL = 16  # width of a legend symbol with its gap
_BETWEEN = 14


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend."""

    name: str
    colour: str
    symbol: Symbol
    dash: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """Outer size and margins of one chart; the plot is what remains."""

    size: Size
    left: int
    right: int
    top: int
    bottom: int

    @property
    def plot_width(self) -> int:
        return self.size.width - self.left - self.right

    @property
    def plot_height(self) -> int:
        return self.size.height - self.top - self.bottom


def frame(
    size: Size,
    keys: Sequence[Key],
    *,
    left: Scale | None = None,
    right: Scale | None = None,
    titles: tuple[str, str] = ("", ""),
    bottom: int = 24,
    label_room: float = 0.0,
    extra_top: int = 0,
) -> Frame:
    """Measures the margins: tick labels at the sides, legend lines and axis titles on top.

    `label_room` is the width of row labels where the left axis has rows instead of a scale.
    """
    legend = len(_lines(keys, size.width)) * _LINE
    heads = len(_title_lines(titles, size.width)) * 15 if any(titles) else 0
    return Frame(
        size,
        left=round((_widest(left) if left else label_room) + 9),
        right=round(_widest(right) + 9) if right else 10,
        top=legend + heads + (13 if heads else 9) + extra_top,
        bottom=bottom,
    )


def whole(
    inside: Frame,
    layers: Sequence[Layer],
    keys: Sequence[Key],
    *,
    titles: tuple[str, str] = ("", ""),
    independent: bool = False,
    extra_top: int = 0,
) -> dict[str, Any]:
    """The complete specification: plot layers, then legend and axis titles in the margins."""
    top: list[Layer] = [*_legend(inside, keys), *_titles(inside, titles, extra_top)]
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": inside.plot_width,
        "height": inside.plot_height,
        "padding": {"left": inside.left, "right": inside.right, "top": inside.top, "bottom": inside.bottom},
        "autosize": {"type": "none"},
        "background": None,
        "config": config(),
        "layer": [*layers, *top],
    }
    if independent:
        spec["resolve"] = {"scale": {"y": "independent"}}
    return spec


def raw(field: str) -> dict[str, Any]:
    """An encoding whose data are pixels or colours already."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def label(
    x: float, y: float, text: str, *, align: str = "left", colour: str = SOFT[0], size: int = SMALL
) -> Layer:
    """One text at pixels of the plot."""
    return {
        "data": {"values": [{"t": text}]},
        "mark": {"type": "text", "align": align, "baseline": "middle", "fontSize": size, "color": colour},
        "encoding": {"x": {"value": x}, "y": {"value": y}, "text": {"field": "t"}},
    }


def wrapped(text: str, room: float, size: float, *, lines: int = 2) -> list[str]:
    """A text in at most so many lines; breaks at spaces, or between any two Chinese characters; then an ellipsis.

    Lines are about equally long: 中国 / 大陆, not 中国大 / 陆.
    """
    best = _filled(text, room, size, lines)
    if len(best) == 1 or best[-1].endswith("…"):
        return best
    narrow = room
    while (narrow := narrow - size / 4) > room / 2:
        tried = _filled(text, narrow, size, lines)
        if (
            len(tried) > len(best)
            or tried[-1].endswith("…")
            or max(fonts.width(t, size) for t in tried) > narrow
        ):
            break
        best = tried
    return best


def _filled(text: str, room: float, size: float, lines: int) -> list[str]:
    out: list[str] = []
    rest = text.strip()
    while rest:
        if fonts.width(rest, size) <= room:
            out.append(rest)
            break
        cut = _cut(rest, room, size)
        if len(out) == lines - 1:
            while cut > 1 and fonts.width(rest[:cut] + "…", size) > room:
                cut -= 1
            out.append(rest[:cut].rstrip() + "…")
            break
        out.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return out or [""]


def _cut(text: str, room: float, size: float) -> int:
    fits = next((n for n in range(len(text), 0, -1) if fonts.width(text[:n], size) <= room), 1)
    for at in range(fits, 0, -1):
        before, after = text[at - 1], text[at] if at < len(text) else " "
        between = before in " -/·" or after == " " or before >= "\u2e80" or after >= "\u2e80"
        if between and after not in "，。、；：）%" and before not in "（“":
            return at
    return fits


def _widest(scale: Scale | None) -> float:
    return max((fonts.width(t, TEXT) for t in scale.labels()), default=0.0) if scale else 0.0


def _lines(keys: Sequence[Key], width: float) -> list[list[tuple[float, Key]]]:
    """Legend entries with their x, broken into lines of the outer width."""
    lines: list[list[tuple[float, Key]]] = []
    x = width + 1
    for key in keys:
        needs = _SYMBOL + fonts.width(key.name, TEXT)
        if x + needs > width - 2:
            lines.append([])
            x = 2.0
        lines[-1].append((x, key))
        x += needs + _BETWEEN
    return lines


def _legend(inside: Frame, keys: Sequence[Key]) -> list[Layer]:
    rows: list[dict[str, Any]] = []
    for line, entries in enumerate(_lines(keys, inside.size.width)):
        for x, key in entries:
            at, y = x - inside.left, line * _LINE + 9 - inside.top
            rows.append(
                {"x": at, "x2": at + 11, "m": at + 5.5, "y": y, "a": y - 4, "b": y + 4, "tx": at + _SYMBOL,
                 "t": key.name, "c": key.colour, "s": key.symbol, "dash": list(key.dash)}
            )  # fmt: skip
    if not rows:
        return []
    colour = {"field": "c", "type": "nominal", "scale": None, "legend": None}
    layers: list[Layer] = []
    for symbol in ("bar", "forecast"):
        boxes = [r for r in rows if r["s"] == symbol]
        if boxes:
            look: dict[str, Any] = {"type": "rect", "opacity": 1}
            if symbol == "forecast":
                look |= {"fillOpacity": 0.3, "strokeDash": [3, 2], "strokeWidth": 1}
            layers.append(
                {
                    "data": {"values": boxes},
                    "mark": look,
                    "encoding": {
                        "x": raw("x"), "x2": {"field": "x2"}, "y": raw("a"), "y2": {"field": "b"}, "fill": colour,
                        **({"stroke": colour} if symbol == "forecast" else {}),
                    },
                }
            )  # fmt: skip
    for dash in sorted({tuple(r["dash"]) for r in rows if r["s"] in ("line", "dashed")}):
        strokes = [r for r in rows if r["s"] in ("line", "dashed") and tuple(r["dash"]) == dash]
        mark: dict[str, Any] = {"type": "rule", "strokeWidth": 2}
        if dash:
            mark["strokeDash"] = list(dash)
        layers.append(
            {"data": {"values": strokes}, "mark": mark,
             "encoding": {"x": raw("x"), "x2": {"field": "x2"}, "y": raw("y"), "stroke": colour}}
        )  # fmt: skip
    for symbol in ("point", "hollow"):
        dots = [r for r in rows if r["s"] == symbol]
        if dots:
            ring: dict[str, Any] = {"strokeWidth": 1.4} if symbol == "hollow" else {"filled": True}
            layers.append(
                {"data": {"values": dots}, "mark": {"type": "point", "size": 44, "opacity": 1, **ring},
                 "encoding": {"x": raw("m"), "y": raw("y"), "stroke" if symbol == "hollow" else "fill": colour}}
            )  # fmt: skip
    layers.append(
        {"data": {"values": [{"tx": r["tx"], "y": r["y"], "t": r["t"]} for r in rows]},
         "mark": {"type": "text", "align": "left", "baseline": "middle", "color": INK[0]},
         "encoding": {"x": raw("tx"), "y": raw("y"), "text": {"field": "t"}}}
    )  # fmt: skip
    return layers


def _title_lines(titles: tuple[str, str], width: float) -> list[tuple[str, str]]:
    """Both titles on one line if they fit side by side, else the right one below the left one."""
    left, right = titles
    if fonts.width(left, SMALL) + fonts.width(right, SMALL) + 16 <= width:
        return [(left, right)]
    return [(left, ""), ("", right)]


def _titles(inside: Frame, titles: tuple[str, str], extra_top: int) -> list[Layer]:
    if not any(titles):
        return []
    layers = []
    lines = _title_lines(titles, inside.size.width)
    for n, (left, right) in enumerate(lines):
        y = -15 - 15 * (len(lines) - 1 - n) - extra_top
        if left:
            layers.append(label(2 - inside.left, y, left))
        if right:
            layers.append(label(inside.plot_width + inside.right - 2, y, right, align="right"))
    return layers
