"""This module holds the look of every chart: colours for light and dark, sizes, type, and words on the paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from waferline.study.report import Column, Words

SizeName = Literal["half", "full"]

# Light and dark form of each colour. The series colours keep apart in luminance as well as hue, so that they
# hold for the common kinds of colour blindness and on a grey printer. A page maps light to dark by CSS, which is
# why every hex here is used for one purpose only.
SERIES: tuple[tuple[str, str], ...] = (
    ("#1f4e79", "#6fa3d6"),
    ("#d0762a", "#eba261"),
    ("#2b8c83", "#5cc4b8"),
    ("#8d99a8", "#a3aebc"),
    ("#96588f", "#c892c1"),
    ("#74abd8", "#b4d8f2"),
    ("#b39a32", "#dcc667"),
    ("#59693b", "#a0b476"),
)
INK = ("#1b2430", "#e6eaf0")
SOFT = ("#5a6675", "#a9b3c0")
GRID = ("#e3e7ec", "#2c3540")
AXIS = ("#7b8794", "#8793a1")
BAND_A = ("#eef3f9", "#1c2836")
BAND_B = ("#f7f1e8", "#2b251c")
PAPER = ("#fffffe", "#131a22")
# Diverging ramp of heat maps and its two inks; the same in the dark, because the ink is chosen for the cell.
RAMP = ("#b65a1a", "#d58b4c", "#ebb98a", "#f6e0cb", "#f4f4f2", "#d3e2ef", "#a3c4e0", "#6497c5", "#2a6099")
RAMP_UP = ("#f4f4f2", "#e4edf5", "#d0e0ee", "#b7d0e6", "#98bbda", "#75a2cb", "#5288ba", "#336da5", "#1d528a")
ON_LIGHT, ON_DARK, NO_CELL = "#17202a", "#fdfdfd", "#e9ebee"

FONT = "Noto Sans SC"
TEXT = 11
SMALL = 10


@dataclass(frozen=True, slots=True)
class Size:
    """Outer width and the usual outer height, in pixels of the specification."""

    width: int
    height: int


SIZES: dict[SizeName, Size] = {"half": Size(360, 236), "full": Size(740, 292)}

RIGHT_AXIS = Words("（右轴）", " (rhs)")
FORECAST = Words("E：预测", "E: forecast")
NOT_AVAILABLE = Words("缺", "n/a")


def colours(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """One colour a column; lines of one group share theirs."""
    seen: list[str] = []
    for column in columns:
        name = column.group or f"\0{column.key}"
        if name not in seen:
            seen.append(name)
    return tuple(SERIES[seen.index(c.group or f"\0{c.key}") % len(SERIES)][0] for c in columns)


def by_column(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """One colour a column, in order."""
    return tuple(SERIES[n % len(SERIES)][0] for n in range(len(columns)))


def config() -> dict[str, Any]:
    """The Vega-Lite config every chart shares."""
    label = {"labelFont": FONT, "labelFontSize": TEXT, "labelColor": SOFT[0]}
    return {
        "font": FONT,
        "aria": False,
        "view": {"stroke": None},
        "axis": {**label, "gridColor": GRID[0], "domain": False, "ticks": False, "labelPadding": 5, "title": None, "tickCount": 200},
        "axisX": {
            "grid": False, "domain": True, "domainColor": AXIS[0], "tickColor": AXIS[0], "tickSize": 4,
            "labelOverlap": False, "labelFlush": False, "labelLimit": 400, "labelAngle": 0,
        },
        "axisY": {"labelLimit": 400, "labelOverlap": False},
        "text": {"font": FONT, "fontSize": TEXT, "color": INK[0]},
        "line": {"strokeWidth": 1.8, "strokeJoin": "round", "strokeCap": "butt"},
    }  # fmt: skip


def dark_css(scope: str) -> str:
    """CSS that turns the light colours of inline SVG into their dark forms under `scope`."""
    pairs = (*SERIES, INK, SOFT, GRID, AXIS, BAND_A, BAND_B, PAPER)
    return "".join(
        f'{scope} svg [fill="{light}"]{{fill:{dark}}}{scope} svg [stroke="{light}"]{{stroke:{dark}}}'
        for light, dark in pairs
    )
