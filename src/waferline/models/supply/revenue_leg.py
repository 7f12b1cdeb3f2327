"""This module counts accelerators from what was paid for them: revenue by quarter and chip over a price that nobody publishes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase


def _compute(x: Values) -> Mapping[str, Array]:
    """Σ revenue · share / price over the entries; each entry is one chip in one quarter.

    A price lies between its low and its high, at the same place for every entry of a chip: a price world is drawn once and
    holds for all quarters. Between `since` and `until` the part of each entry counts that lies there: a fiscal quarter that
    ends in January gives two thirds of itself to the calendar year before.
    """
    revenue, share = x["revenue"] * _part(x), x["share"]
    low, high = x["price_low"], x["price_high"]
    x.refuse(
        any(len(each) != len(revenue) for each in (share, low, high)),
        "revenue, share, price_low and price_high are not of one length",
    )
    x.refuse(low > high, "a price's low lies above its high")
    chip = x["chip_number"] if x.has("chip_number") else np.ones_like(revenue)
    x.refuse(len(chip) != len(revenue), "chip_number is not of the length of revenue")
    x.refuse((chip < 1) | (chip > 4), "chip_number is 1 to 4")
    worlds = np.stack(np.broadcast_arrays(*(x[f"price_world_{n}"] for n in range(1, 5))), axis=-1)
    place = worlds[..., chip.astype(int) - 1]
    # Between two prices the geometric mean is the middle: prices are guessed by ratios.
    price = low * (high / low) ** place
    units = revenue * share * x["revenue_error"][..., None] / price
    found = {"units": units.sum(axis=-1), "mean_price": (revenue * share).sum() / units.sum(axis=-1)}
    if x.has("performance"):
        x.refuse(len(x["performance"]) != len(revenue), "performance is not of the length of revenue")
        found["equivalents"] = (units * x["performance"]).sum(axis=-1)
    return found


def _part(x: Values) -> Array:
    """The part of each entry that lies between `since` and `until`, at an even pace."""
    if not (x.has("since") or x.has("until")):
        return np.ones_like(x["revenue"])
    x.refuse(not x.has("time"), "since and until need the time of each entry", "time = [2024.2, …]")
    middle = x["time"]
    span = x["span"] if x.has("span") else np.full_like(middle, 0.25)
    x.refuse(
        len(middle) != len(x["revenue"]) or len(span) != len(middle),
        "revenue, time and span are not of one length",
    )
    start, end = middle - span / 2, middle + span / 2
    since, until = x.number("since", float(start.min())), x.number("until", float(end.max()))
    x.refuse(since >= until, "since lies after until", found=f"{float(since):g} and {float(until):g}")
    x.refuse(
        (since < start.min() - _SLACK) | (until > end.max() + _SLACK),
        "the entries do not reach so far", f"{start.min():.2f} to {end.max():.2f}", f"{float(since):g} to {float(until):g}",
    )  # fmt: skip
    part: Array = np.clip(np.minimum(end, until) - np.maximum(start, since), 0, None) / span
    return part


_SLACK = 0.02  # a week: quarters of 13 weeks drift from the calendar
_LISTS = (
    Input("revenue", "USD", Phrase("各季度收入", "revenue of each entry"), low=0, many=True),
    Input("share", "x", Phrase("该芯片占比", "part of it that the chip makes up"), low=0, high=1, many=True),
    Input("price_low", "USD", Phrase("价格下限", "lower price of the entry"), low=1, many=True),
    Input("price_high", "USD", Phrase("价格上限", "upper price of the entry"), low=1, many=True),
    Input("chip_number", "x", Phrase("芯片序号", "which price world the entry belongs to, 1 to 4"), low=1, high=4, whole=True, many=True, optional=True),
    Input("performance", "x", Phrase("相对性能", "performance of one unit, in units of the reference"), low=0, many=True, optional=True),
    Input("time", "x", Phrase("各项时点（十进制年）", "middle of each entry as a decimal year, for since and until"), low=1990, high=2100, many=True, optional=True),
    Input("span", "x", Phrase("各项时长（年）", "length of each entry in years; a quarter if not given"), low=0.01, high=5, many=True, optional=True),
    Input("since", "x", Phrase("起点（十进制年）", "count from here, as a decimal year: 2024 is the start of that year"), low=1990, high=2100, optional=True),
    Input("until", "x", Phrase("终点（十进制年）", "count until here, as a decimal year: 2024.5 is the end of June"), low=1990, high=2100, optional=True),
)  # fmt: skip

UNITS_FROM_REVENUE = Model(
    "units-from-revenue",
    Phrase("由收入推算的加速器数量", "Accelerators counted from revenue"),
    "supply",
    (
        *_LISTS,
        *(
            Input(f"price_world_{n}", "x", Phrase(f"价格情形{n}", f"where between low and high the prices of chip {n} lie, 0 to 1"), low=0, high=1, default=0.5)
            for n in range(1, 5)
        ),
        Input("revenue_error", "x", Phrase("收入口径误差", "factor for what the revenue counts in or out"), low=0.3, high=3, default=1),
    ),
    (
        Output("units", "units", Phrase("加速器数量", "accelerators")),
        Output("equivalents", "units", Phrase("折合参照芯片数量", "accelerators in units of the reference chip")),
        Output("mean_price", "USD per units", Phrase("平均价格", "mean price")),
    ),
    _compute,
    formula="Σ revenue · share / price; price between low and high at one place for each chip, in all quarters",
    source="the revenue method of Epoch AI's chip counts (epoch-research/ai-chip-counts), written anew",
)  # fmt: skip
