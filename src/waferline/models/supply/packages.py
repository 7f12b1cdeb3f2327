"""This module counts the packages on a round wafer: rectangles laid on a grid, the grid moved until the most are whole."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

_MOVES = 12  # places of the grid tried each way; more changed no count between one and six reticles
_ROWS = 40  # rows and columns of a grid that no wafer can outgrow at the smallest size allowed


def whole_on_wafer(
    wafer_mm: Array, edge_mm: Array, width_mm: Array, height_mm: Array, scribe_mm: Array
) -> Array:
    """How many rectangles of one grid lie wholly inside a wafer less its edge.

    Shapes broadcast; all in mm. Exact for the grid, unlike area formulas, which are off by a fifth at the size of an
    interposer. The grid may be moved both ways; rows are not shifted against each other, since a saw cuts straight.
    """
    radius = (wafer_mm / 2 - edge_mm)[..., None, None]
    step_x, step_y = (width_mm + scribe_mm)[..., None, None], (height_mm + scribe_mm)[..., None, None]
    moved = np.arange(_MOVES) / _MOVES
    best = np.zeros(np.broadcast_shapes(wafer_mm.shape, width_mm.shape, height_mm.shape))
    rows = np.arange(-_ROWS // 2, _ROWS // 2)[:, None]
    for down in moved:
        low = (rows + down) * step_y
        far = np.maximum(np.abs(low), np.abs(low + height_mm[..., None, None]))
        half = np.sqrt(np.maximum(radius**2 - far**2, 0.0))
        first = np.ceil(-half / step_x - moved)
        last = np.floor((half - width_mm[..., None, None]) / step_x - moved)
        count = np.where(far <= radius, np.maximum(last - first + 1, 0), 0).sum(axis=-2)
        best = np.maximum(best, count.max(axis=-1))
    return best


def _compute(x: Values) -> Mapping[str, Array]:
    area = x["interposer_area"] if x.has("interposer_area") else x["reticles"] * x["reticle_area"]
    width = np.sqrt(area * x["aspect"])
    wafer, edge = np.broadcast_arrays(x["wafer_diameter"] + 0 * area, x["edge"] + 0 * area)
    usable = np.pi * (wafer / 2 - edge) ** 2
    x.refuse(area > usable, "the interposer is larger than the wafer")
    found = {
        "packages": whole_on_wafer(wafer, edge, width, area / width, x["scribe"] + 0 * area),
        "area_limit": usable / area,
    }
    x.refuse(found["packages"] > found["area_limit"], "more packages than the area of the wafer allows")
    if x.has("yield"):
        found["good_packages"] = found["packages"] * x["yield"]
    return found


def _cannot_be(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    """Names a stated count that the area of the wafer does not allow."""
    if not x.has("stated") or x.one("stated") <= float(outputs["area_limit"]):
        return ()
    stated, limit = x.one("stated"), float(outputs["area_limit"])
    return (
        Phrase(
            f"所述每片 {stated:.0f} 个超过晶圆面积上限 {limit:.1f} 个",
            f"the stated {stated:.0f} a wafer is more than its area allows ({limit:.1f})",
        ),
    )


PACKAGES = Model(
    "packages-per-wafer",
    Phrase("每片晶圆的封装数", "Packages on a wafer"),
    "supply",
    (
        Input("interposer_area", "mm2", Phrase("中介层面积", "area of the interposer"), low=100, high=60_000, optional=True),
        Input("reticles", "x reticle", Phrase("光罩面积倍数", "area of the interposer in reticles, where its area is not given"), low=0.1, high=70, optional=True),
        Input("reticle_area", "mm2", Phrase("单个光罩面积", "area of one reticle"), low=100, high=2_000, default=858),
        Input("aspect", "x", Phrase("长宽比", "width over height of the interposer"), low=0.2, high=5, default=1.1),
        Input("wafer_diameter", "mm", Phrase("晶圆直径", "diameter of the wafer"), low=50, high=450, default=300),
        Input("edge", "mm", Phrase("边缘禁区", "edge that cannot be used"), low=0, high=20, default=3),
        Input("scribe", "mm", Phrase("划片道", "width of the saw's street"), low=0, high=2, default=0.1),
        Input("yield", "x", Phrase("封装良率", "packages that work"), low=0, high=1, optional=True),
        Input("stated", "x", Phrase("所述封装数", "packages that somebody states, to be set beside the area"), low=0, optional=True),
    ),
    (
        Output("packages", "x", Phrase("每片封装数", "packages on a wafer, before yield")),
        Output("good_packages", "x", Phrase("每片良品数", "packages that work")),
        Output("area_limit", "x", Phrase("面积上限", "how many the area alone would allow")),
    ),
    _compute,
    formula="rectangles of a grid inside a circle of diameter − 2 · edge, the grid moved until the most are whole",
    source="geometry; 26 × 33 mm is the field of a scanner",
    remarks=_cannot_be,
)  # fmt: skip
