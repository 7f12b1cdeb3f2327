"""This module adds up the memory on accelerators from units and GB, at the time it was bought: before the chips were sold."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.models.supply import timing
from waferline.quantity.relations.base import Phrase


def _compute(x: Values) -> Mapping[str, Array]:
    units, memory, times = x["units"], x["memory"], x["time"]
    x.refuse(
        len(units) != len(memory) or len(units) != len(times), "units, memory and time are not of one length"
    )
    year = x["year"]
    carried = units * memory
    part = timing.overlaps(times)
    x.refuse(~np.any(part > 0), "no quarter of the list lies between 2022 and 2028")
    sold = part @ carried
    bought = timing.earlier(sold, x["lead"]) / x["packaging_yield"][..., None]
    # The grid has no quarter after its last: what is bought for later ones is not in the list and cannot be in the sum.
    index = 4 * int(year - timing.FIRST)
    inside = (times > float(year)) & (times < float(year) + 1)
    return {
        "memory_bought": bought[..., index : index + 4].sum(axis=-1),
        "memory_sold": np.asarray((carried * inside).sum()),
        "units_sold": np.asarray((units * inside).sum()),
    }


MEMORY_ON_ACCELERATORS = Model(
    "memory-on-accelerators",
    Phrase("加速器所用HBM容量", "Memory on accelerators, bottom up"),
    "supply",
    (
        Input("year", "x", Phrase("年份", "the calendar year asked for"), low=2022, high=2027, whole=True),
        Input("units", "units", Phrase("各芯片各季销量", "units sold, an entry a chip and quarter"), low=0, many=True),
        Input("memory", "GB", Phrase("每颗HBM容量", "memory of that chip"), low=1, high=10_000, many=True),
        Input("time", "x", Phrase("季度中点", "when: decimal years, the middle of the quarter"), low=1990, high=2100, many=True),
        Input("lead", "x", Phrase("HBM采购到芯片销售（季）", "memory bought to chip sold, mean in quarters"), low=0, high=4),
        Input("packaging_yield", "x", Phrase("封装良率", "packages that work; memory on the others is lost"), low=0.05, high=1, default=1),
    ),
    (
        Output("memory_bought", "GB", Phrase("当年采购的HBM", "memory bought in the year for chips sold later")),
        Output("memory_sold", "GB", Phrase("当年所售芯片的HBM", "memory on the chips sold in the year")),
        Output("units_sold", "units", Phrase("当年销量", "chips sold in the year")),
    ),
    _compute,
    formula="Σ units · GB / yield, moved back by a Poisson lag",
    source="own; units by chip from public counts",
)  # fmt: skip
