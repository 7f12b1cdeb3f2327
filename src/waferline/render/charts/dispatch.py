"""This module sends each chart of the vocabulary to what draws it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from waferline.render.charts.curves import curves
from waferline.render.charts.days import log_scatter, over_days
from waferline.render.charts.periods import over_periods
from waferline.render.charts.rows import heatmap, ranges, ranked_dots
from waferline.render.charts.style import SIZES, Size, SizeName
from waferline.study.report import Chart, Exhibit, Lang

Draw = Callable[[Exhibit, Lang, Size], dict[str, Any]]

DRAWN: dict[Chart, Draw] = {
    "bars+line": over_periods,
    "lines": over_periods,
    "stacked": over_periods,
    "stacked100": over_periods,
    "grouped": over_periods,
    "log-scatter": log_scatter,
    "ranked-dots": ranked_dots,
    "ranges": ranges,
    "phases": over_days,
    "heatmap": heatmap,
    "steps": over_days,
    "curves": curves,
}
TYPESET: tuple[Chart, ...] = ("table", "chain", "lanes")  # set as text by page and PDF, never as a picture


def is_drawn(exhibit: Exhibit) -> bool:
    """Whether there is a picture: a hole has none, tables and chains are text."""
    return exhibit.status != "hole" and exhibit.chart in DRAWN and bool(exhibit.rows)


def vega_lite(exhibit: Exhibit, lang: Lang, size: SizeName) -> dict[str, Any]:
    """The Vega-Lite specification of an exhibit in one language and size; only for those with `is_drawn`."""
    draw = DRAWN[exhibit.chart]
    days = [r.period for r in exhibit.rows if r.period is not None]
    if (
        exhibit.chart == "lines"
        and len(days) == len(exhibit.rows)
        and any(p.kind in ("day", "range") for p in days)
    ):
        draw = over_days
    return draw(exhibit, lang, SIZES[size])
