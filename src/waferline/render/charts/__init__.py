"""Charts: our small vocabulary in, Vega-Lite JSON out. One specification serves page, PDF and pictures.

`vega_lite` says what to draw, `picture` draws it. Nothing here computes a figure: values, texts and forecast
flags come from the exhibit; what is worked out is only where things stand on the paper.
"""

from __future__ import annotations

from waferline.render.charts.dispatch import is_drawn, vega_lite
from waferline.render.charts.pictures import compact, get_ready, pictures
from waferline.render.charts.style import SIZES, SizeName, dark_css

__all__ = ["SIZES", "SizeName", "compact", "dark_css", "get_ready", "is_drawn", "pictures", "vega_lite"]
