"""This module reads the data that a native Office chart keeps: categories down, series across, as a table."""

from __future__ import annotations

from typing import Any

from waferline.audit.readers.number_format import shown
from waferline.audit.readers.package import local
from waferline.audit.readers.writing import Field

MAX_POINTS = 200_000


def chart_fields(root: Any) -> tuple[str, list[Field]]:
    """A chart part's title and cells: the first row names the series, the first column the categories.

    Numbers stand as the chart's number format prints them. Raises nothing; a chart without data has no cells.
    """
    title = ""
    for element in _children(root, "chart", "title"):
        title = "".join(t.text or "" for t in element.iter() if local(t.tag) == "t").strip()
    series = [element for element in root.iter() if local(element.tag) == "ser"]
    fields: list[Field] = []
    rows: dict[str, int] = {}
    count = 0
    for number, element in enumerate(series, start=1):
        name = _series_name(element)
        categories = _points(element, "cat") or _points(element, "xVal")
        values = _points(element, "val") or _points(element, "yVal")
        if values and len(series) > 0:
            fields.append(Field(0, number, name, header=True))
        for index, value in sorted(values.items()):
            count += 1
            if count > MAX_POINTS:
                return title, fields
            category = categories.get(index, str(index + 1))
            key = f"{index}\x1f{category}"
            if key not in rows:
                rows[key] = len(rows) + 1
                fields.append(Field(rows[key], 0, category, header=True))
            fields.append(Field(rows[key], number, value))
    return title, fields


def _children(root: Any, *path: str) -> list[Any]:
    found = [root]
    for name in path:
        found = [child for element in found for child in element if local(child.tag) == name]
    return found


def _series_name(element: Any) -> str:
    for text in _children(element, "tx"):
        values = [v.text or "" for v in text.iter() if local(v.tag) == "v"]
        if values:
            return " ".join(values)
    return ""


def _points(element: Any, role: str) -> dict[int, str]:
    """The cached points of one role, by index; of several category levels the innermost, with the outer before."""
    for holder in _children(element, role):
        levels = [e for e in holder.iter() if local(e.tag) == "lvl"]
        if levels:
            return _levels(levels)
        for cache in holder.iter():
            if local(cache.tag) in ("numCache", "strCache", "numLit", "strLit"):
                return _cached(cache)
    return {}


def _cached(cache: Any) -> dict[int, str]:
    general = next((e.text or "" for e in cache if local(e.tag) == "formatCode"), "General")
    numeric = local(cache.tag).startswith("num")
    result = {}
    for point in cache:
        if local(point.tag) != "pt" or not (point.get("idx") or "").isdigit():
            continue
        text = next((v.text or "" for v in point if local(v.tag) == "v"), "")
        result[int(point.get("idx"))] = shown(text, point.get("formatCode") or general) if numeric else text
    return result


def _levels(levels: list[Any]) -> dict[int, str]:
    inner = _cached(levels[0])
    for level in levels[1:]:
        outer = sorted(_cached(level).items())
        for index in inner:
            before = [text for start, text in outer if start <= index]
            if before:
                inner[index] = f"{before[-1]} {inner[index]}"
    return inner
