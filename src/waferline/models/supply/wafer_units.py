"""This module counts accelerators from packaging wafers alone: wafers, a mix of two package sizes, yield."""

from __future__ import annotations

from collections.abc import Mapping

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.models.supply.legs import packages_per_wafer
from waferline.quantity.relations.base import Phrase


def _compute(x: Values) -> Mapping[str, Array]:
    wafers = x["wafers"] if x.has("wafers") else x["capacity"] * x["months"]
    small, large = packages_per_wafer(x, "small"), packages_per_wafer(x, "large")
    share = x["large_wafers"]
    per_wafer = small * (1 - share) + large * share
    units = wafers * x["allocation"] * per_wafer * x["yield"]
    return {
        "units": units,
        "per_wafer": per_wafer,
        "packages_small": small,
        "packages_large": large,
        "dies": wafers
        * x["allocation"]
        * x["yield"]
        * (small * (1 - share) + large * share * x["dies_large"]),
    }


UNITS_FROM_WAFERS = Model(
    "units-from-wafers",
    Phrase("由封装晶圆推算的加速器数量", "Accelerators that packaging wafers make possible"),
    "supply",
    (
        Input("wafers", "wafers", Phrase("封装晶圆片数", "packaging wafers"), low=0, optional=True),
        Input("capacity", "WPM", Phrase("平均月产能", "mean capacity a month, where wafers are not given"), low=0, optional=True),
        Input("months", "x", Phrase("月数", "months that this capacity ran"), low=0, high=120, default=12),
        Input("allocation", "x", Phrase("所得份额", "part of the wafers for the chips in question"), low=0, high=1, default=1),
        Input("area_small", "mm2", Phrase("小尺寸中介层面积", "interposer of the small package"), low=100, high=60_000),
        Input("area_large", "mm2", Phrase("大尺寸中介层面积", "interposer of the large package"), low=100, high=60_000),
        Input("packages_small", "x", Phrase("每片小尺寸封装数", "small packages a wafer, instead of geometry"), low=1, high=1000, optional=True),
        Input("packages_large", "x", Phrase("每片大尺寸封装数", "large packages a wafer, instead of geometry"), low=1, high=1000, optional=True),
        Input("large_wafers", "x", Phrase("大尺寸所占晶圆比例", "part of the wafers that carry large packages"), low=0, high=1),
        Input("dies_large", "x", Phrase("大尺寸封装的芯粒数", "logic dies in a large package"), low=1, high=16, default=2),
        Input("yield", "x", Phrase("封装良率", "packages that work"), low=0, high=1),
    ),
    (
        Output("units", "units", Phrase("加速器数量", "accelerators, one a package")),
        Output("dies", "units", Phrase("逻辑芯粒数", "logic dies in them")),
        Output("per_wafer", "x", Phrase("平均每片封装数", "mean packages a wafer, before yield")),
        Output("packages_small", "x", Phrase("每片小尺寸封装数", "small packages a wafer")),
        Output("packages_large", "x", Phrase("每片大尺寸封装数", "large packages a wafer")),
    ),
    _compute,
    formula="wafers · allocation · (small · (1 − share) + large · share) · yield",
    source="geometry of packages-per-wafer",
)  # fmt: skip
