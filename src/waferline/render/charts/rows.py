"""This module draws what has one line a row: ranked dots, ranges, and heat maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from waferline.render import fonts
from waferline.render.charts.frame import Key, Layer, frame, label, raw, whole, wrapped
from waferline.render.charts.marks import colour, spoken, tooltip, tooltip_encoding
from waferline.render.charts.scales import Scale, linear, logarithmic
from waferline.render.charts.style import (
    AXIS,
    FORECAST,
    GRID,
    INK,
    NO_CELL,
    NOT_AVAILABLE,
    ON_DARK,
    ON_LIGHT,
    PAPER,
    RAMP,
    RAMP_UP,
    SERIES,
    SMALL,
    SOFT,
    TEXT,
    Size,
    colours,
)
from waferline.render.wording import table_heads, words
from waferline.study.report import Exhibit, Lang, Row

_ROW, _TALL_ROW = 19, 30
_MANY, _LOW_ROW = (
    20,
    15,
)  # from so many rows on they stand closer, so that a long list leaves room on its page


def ranked_dots(exhibit: Exhibit, lang: Lang, size: Size) -> dict[str, Any]:
    """One dot a row and column, the largest first value on top; a row without any value says so.

    Where there is one dot a row its number stands beside it, and in brackets what the text columns say.
    """
    drawn = [(n, c) for n, c in enumerate(exhibit.columns) if c.mark in ("point", "bar", "line")]
    first = drawn[0][0] if drawn else 0

    def rank(row: Row) -> tuple[bool, float]:
        value = row.cells[first].value
        return (value is None, -(value or 0.0))

    rows = sorted(exhibit.rows, key=rank)
    paint = colours(exhibit.columns)
    keys = [Key(c.name.of(lang), paint[n], "point") for n, c in drawn] if len(drawn) > 1 else []
    dots, texts, stems = [], [], []
    for at, row in enumerate(rows):
        known = [(n, v) for n, _ in drawn if (v := row.cells[n].value) is not None]
        for n, value in known:
            hollow = row.forecast or row.cells[n].forecast
            dots.append(
                {"r": at, "v": value, "c": paint[n], "f": PAPER[0] if hollow else paint[n],
                 **tooltip(exhibit, row, lang, row.label.of(lang))}
            )  # fmt: skip
        if len(known) == 1 and len(drawn) == 1:
            texts.append(
                {
                    "r": at,
                    "v": known[0][1],
                    "t": row.cells[known[0][0]].text.of(lang) + _beside(exhibit, row, lang),
                }
            )
        if known:
            values = [v for _, v in known]
            stems.append({"r": at, "a": min(values) if len(drawn) > 1 else None, "b": max(values)})
    return _by_rows(exhibit, lang, size, rows, keys, dots, texts, stems)


def _beside(exhibit: Exhibit, row: Row, lang: Lang) -> str:
    """What the text columns of a row say, in brackets; a per cent sign goes with its number, other units do not."""
    said = []
    for column, cell in zip(exhibit.columns, row.cells, strict=True):
        if column.mark == "text" and cell.text.of(lang).strip("–— "):
            percent = "%" if column.unit is not None and column.unit.name == "%" else ""
            said.append(cell.text.of(lang) + percent)
    joined = "，".join(said) if lang == "zh" else ", ".join(said)
    return "" if not said else f"（{joined}）" if lang == "zh" else f" ({joined})"


def ranges(exhibit: Exhibit, lang: Lang, size: Size) -> dict[str, Any]:
    """A bar from low to high in each row, with a point where there is one."""
    by_mark = {c.mark: n for n, c in enumerate(exhibit.columns)}
    paint = colours(exhibit.columns)
    low, high, point = by_mark.get("low"), by_mark.get("high"), by_mark.get("point")
    dots, stems, texts = [], [], []
    keys: list[Key] = []
    band = SERIES[5][0] if point is not None else paint[low if low is not None else 0]
    ends = [exhibit.columns[n].name.of(lang) for n in (low, high) if n is not None]
    if ends:
        keys.append(Key(" – ".join(ends), band, "bar"))
    if point is not None:
        keys.append(Key(exhibit.columns[point].name.of(lang), INK[0], "point"))
    for at, row in enumerate(exhibit.rows):
        tips = tooltip(exhibit, row, lang, row.label.of(lang))
        a = row.cells[low].value if low is not None else None
        b = row.cells[high].value if high is not None else None
        if a is not None and b is not None:
            ahead = row.forecast or all(row.cells[n].forecast for n in (low, high) if n is not None)
            stems.append({"r": at, "a": a, "b": b, "bar": band, "ahead": ahead, **tips})
        elif a is not None or b is not None:  # one end only: a point, never a range to nowhere
            dots.append({"r": at, "v": a if a is not None else b, "c": band, "f": PAPER[0], **tips})
        middle = row.cells[point].value if point is not None else None
        if middle is not None:
            hollow = row.forecast or (point is not None and row.cells[point].forecast)
            dots.append({"r": at, "v": middle, "c": INK[0], "f": PAPER[0] if hollow else INK[0], **tips})
        printed = [
            (v, row.cells[n].text.of(lang))
            for n in (low, point, high)
            if n is not None and (v := row.cells[n].value) is not None
        ]
        if size.width > 500 and printed:  # half a page has no room for numbers beside the names
            texts.append({"r": at, "v": max(v for v, _ in printed), "t": _ends_text(printed)})
    return _by_rows(exhibit, lang, size, exhibit.rows, keys, dots, texts, stems)


def _ends_text(printed: Sequence[tuple[float, str]]) -> str:
    """The lowest and the highest of a row as printed: 14,500–16,600; one number stands alone."""
    ordered = [text for _, text in sorted(printed, key=lambda each: each[0])]
    return ordered[0] if ordered[0] == ordered[-1] else f"{ordered[0]}–{ordered[-1]}"


def _by_rows(
    exhibit: Exhibit,
    lang: Lang,
    size: Size,
    rows: Sequence[Row],
    keys: list[Key],
    dots: list[dict[str, Any]],
    texts: list[dict[str, Any]],
    stems: list[dict[str, Any]],
) -> dict[str, Any]:
    values = [d["v"] for d in dots] + [v for s in stems for v in (s["a"], s["b"]) if v is not None]
    log = bool(exhibit.left and exhibit.left.log)
    from_zero = exhibit.chart != "ranges"  # a stem is a length; a range is a place
    scale = logarithmic(values) if log else linear(values, zero=from_zero, ticks=4 if size.width < 500 else 6)
    title = exhibit.left.title.of(lang) if exhibit.left else ""
    if any(s.get("ahead") for s in stems):
        keys = [*keys, Key(FORECAST.of(lang), SOFT[0], "forecast")]
    elif any(d["f"] == PAPER[0] for d in dots) and any(
        r.forecast or any(c.forecast for c in r.cells) for r in rows
    ):
        keys = [*keys, Key(FORECAST.of(lang), SOFT[0], "hollow")]
    names = [r.label.of(lang) for r in rows]
    room = min(max((fonts.width(t, TEXT) for t in names), default=0.0), size.width * 0.42)
    inside = frame(size, keys, titles=(title, ""), label_room=room, bottom=24)
    printed = max((fonts.width(t["t"], SMALL) for t in texts), default=0.0) + 8 if texts else 8
    folded = [wrapped(t, room, TEXT) for t in names]
    low = _LOW_ROW if len(rows) > _MANY else _ROW
    tall = _TALL_ROW if any(len(lines) > 1 for lines in folded) else low
    height = inside.top + inside.bottom + max(3, len(rows)) * tall
    inside = replace(
        inside,
        size=Size(size.width, height),
        right=round(max(14.0, printed, fonts.width(scale.labels()[-1], TEXT) / 2 + 3)),
    )
    step = inside.plot_height / max(1, len(rows))
    x = _x(scale)
    for record in (*dots, *texts, *stems):
        record["y"] = round((record["r"] + 0.5) * step, 2)
    start = scale.low if log or scale.high <= 0 else max(scale.low, 0.0)
    plot: list[Layer] = [_row_names(folded, step)]
    lines = [
        {"y": s["y"], "a": s["a"] if s["a"] is not None else start, "b": s["b"]}
        for s in stems
        if "bar" not in s
    ]
    if lines:
        plot.append(
            {
                "data": {"values": lines},
                "mark": {"type": "rule", "color": GRID[0], "strokeWidth": 2},
                "encoding": {"x": {**x, "field": "a"}, "x2": {"field": "b"}, "y": raw("y")},
            }
        )
    tips = tooltip_encoding(exhibit, lang)
    for ahead in (False, True):
        bars = [
            {**s, "top": s["y"] - 5, "end": s["y"] + 5} for s in stems if "bar" in s and s["ahead"] == ahead
        ]
        if not bars:
            continue
        look = {"fillOpacity": 0.3, "strokeWidth": 1, "strokeDash": [3, 2]} if ahead else {}
        edge = {"stroke": colour("edge")} if ahead else {}
        plot.append(
            {
                "data": {"values": [{**b, "edge": SERIES[0][0]} for b in bars] if ahead else bars},
                "mark": {"type": "rect", "opacity": 1, "tooltip": True, **look},
                "encoding": {"x": {**x, "field": "a"}, "x2": {"field": "b"}, "y": raw("top"), "y2": {"field": "end"},
                             "fill": colour("bar"), "tooltip": tips, **edge},
            }
        )  # fmt: skip
    plot.append(
        {
            "data": {"values": dots},
            "mark": {"type": "point", "size": 52, "strokeWidth": 1.4, "opacity": 1, "tooltip": True},
            "encoding": {"x": {**x, "field": "v"}, "y": raw("y"), "fill": colour("f"), "stroke": colour("c"),
                         "tooltip": tips},
        }
    )  # fmt: skip
    if texts:
        plot.append(_text_layer(texts, x))
    seen = {r["r"] for r in (*dots, *stems)}
    gaps = [
        {"y": round((n + 0.5) * step, 2), "t": NOT_AVAILABLE.of(lang)}
        for n in range(len(rows))
        if n not in seen
    ]
    if gaps:
        plot.append(
            {
                "data": {"values": gaps},
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "middle",
                    "fontSize": SMALL,
                    "color": SOFT[0],
                },
                "encoding": {"x": {"value": 4}, "y": raw("y"), "text": {"field": "t"}},
            }
        )
    plot.append(
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "color": AXIS[0]},
            "encoding": {"x": {"datum": start, "type": "quantitative"}},
        }
    )
    return whole(inside, plot, keys, titles=(title, ""))


def _row_names(folded: Sequence[Sequence[str]], step: float) -> Layer:
    """Names to the left of the rows, in one line or two."""
    values = [
        {"y": round((n + 0.5) * step + 13 * (k - (len(lines) - 1) / 2), 2), "t": text}
        for n, lines in enumerate(folded)
        for k, text in enumerate(lines)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "right", "baseline": "middle"},
        "encoding": {"x": {"value": -7}, "y": raw("y"), "text": {"field": "t"}},
    }


def _text_layer(texts: list[dict[str, Any]], x: dict[str, Any]) -> Layer:
    """The printed value to the right of its dot; of a negative one, to the right of zero, clear of the row's name."""
    members = [{**t, "v": max(t["v"], 0.0)} for t in texts]
    return {
        "data": {"values": members},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 7, "fontSize": SMALL},
        "encoding": {"x": {**x, "field": "v"}, "y": raw("y"), "text": {"field": "t"}},
    }


def _x(scale: Scale) -> dict[str, Any]:
    return {
        "field": "v",
        "type": "quantitative",
        "title": None,
        "scale": {
            "domain": [scale.low, scale.high],
            "nice": False,
            **({"type": "log"} if scale.log else {"zero": False}),
        },
        "axis": {"values": list(scale.ticks), "labelExpr": spoken(scale), "grid": True, "domain": False},
    }


def heatmap(exhibit: Exhibit, lang: Lang, size: Size) -> dict[str, Any]:
    """Cells coloured by value with the value printed in them; columns of different units are coloured apart."""
    drawn = [n for n, c in enumerate(exhibit.columns) if c.mark != "text"]
    names = [r.label.of(lang) for r in exhibit.rows]
    room = min(max((fonts.width(t, TEXT) for t in names), default=0.0), size.width * 0.34)
    inside = frame(size, [], label_room=room, bottom=4)
    cell = (size.width - inside.left - 8) / max(1, len(drawn))
    titles, unit = table_heads(exhibit, lang)
    heads = [wrapped(titles[n], cell - 4, SMALL, lines=3) for n in drawn]
    units = {exhibit.columns[n].unit for n in drawn}
    said = f"{words(lang)['unit']}{words(lang)['colon']}{unit}" if unit else ""
    top = (15 if said else 0) + 8 + 13 * max((len(h) for h in heads), default=1)
    height = top + 4 + max(1, len(names)) * 24
    inside = replace(inside, size=Size(size.width, height), top=top, right=8)
    wide, high = inside.plot_width / max(1, len(drawn)), inside.plot_height / max(1, len(names))
    everything = [v for r in exhibit.rows for n in drawn if (v := r.cells[n].value) is not None]
    boxes: list[dict[str, Any]] = []
    for j, n in enumerate(drawn):
        own = [v for r in exhibit.rows if (v := r.cells[n].value) is not None]
        reach = everything if len(units) == 1 else own
        for i, row in enumerate(exhibit.rows):
            value = row.cells[n].value
            fill, ink = _tint(value, reach)
            boxes.append(
                {
                    "x": round(j * wide + 1, 2), "x2": round((j + 1) * wide - 1, 2), "m": round((j + 0.5) * wide, 2),
                    "y": round(i * high + 1, 2), "y2": round((i + 1) * high - 1, 2), "n": round((i + 0.5) * high, 2),
                    "c": fill, "i": ink, "t": row.cells[n].text.of(lang) if value is not None else NOT_AVAILABLE.of(lang),
                    **tooltip(exhibit, row, lang, row.label.of(lang)),
                }
            )  # fmt: skip
    smallest = 9 if any(fonts.width(b["t"], SMALL) > wide - 4 for b in boxes) else SMALL
    folded = [wrapped(t, room, TEXT, lines=1) for t in names]
    columns = [
        {"x": round((j + 0.5) * wide, 2), "y": -7 - 13 * (len(h) - 1 - k), "t": t}
        for j, h in enumerate(heads)
        for k, t in enumerate(h)
    ]
    plot: list[Layer] = [
        {
            "data": {"values": boxes},
            "mark": {"type": "rect", "opacity": 1, "tooltip": True},
            "encoding": {"x": raw("x"), "x2": {"field": "x2"}, "y": raw("y"), "y2": {"field": "y2"},
                         "fill": colour("c"), "tooltip": tooltip_encoding(exhibit, lang)},
        },
        {
            "data": {"values": [{k: b[k] for k in ("m", "n", "t", "i")} for b in boxes]},
            "mark": {"type": "text", "baseline": "middle", "fontSize": smallest},
            "encoding": {"x": raw("m"), "y": raw("n"), "text": {"field": "t"}, "color": colour("i")},
        },
        _row_names(folded, high),
        {
            "data": {"values": columns},
            "mark": {"type": "text", "baseline": "middle", "fontSize": SMALL, "color": SOFT[0]},
            "encoding": {"x": raw("x"), "y": raw("y"), "text": {"field": "t"}},
        },
    ]  # fmt: skip
    if said:
        plot.append(label(2 - inside.left, 8 - top, said))
    return whole(inside, plot, [])


def _tint(value: float | None, reach: Sequence[float]) -> tuple[str, str]:
    """Cell colour and ink: around zero if the values lie on both sides of it, else from the least to the most."""
    if value is None:
        return NO_CELL, ON_LIGHT
    low, high = min(reach), max(reach)
    if low < 0 < high:
        most = max(-low, high)
        step = round((value / most + 1) / 2 * (len(RAMP) - 1))
        return RAMP[step], ON_DARK if step in (0, 7, 8) else ON_LIGHT
    share = (value - low) / (high - low) if high > low else 0.5
    step = round(share * (len(RAMP_UP) - 1))
    return RAMP_UP[step], ON_DARK if step >= 5 else ON_LIGHT
