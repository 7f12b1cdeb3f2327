"""This module sets shares by type of equipment beside a printed total: what the types add up to, and what the total asks of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.models.supply.self_reliance import reported_revenue
from waferline.quantity.relations.base import Phrase

_ROUNDING = 0.005  # parts are printed to the percent


def _means(x: Values, place: Array) -> tuple[Array, Array, float]:
    """Mean share for mature and for advanced nodes, weighed by the parts, and the part of the market the types make up."""
    mature, advanced = _ends(x, "mature"), _ends(x, "advanced")
    parts = x["part"]
    within = x["within"] if x.has("within") else np.ones_like(parts)
    x.refuse(
        any(len(each) != len(parts) for each in (within, *mature, *advanced)),
        "part, within and the shares are not of one length",
        f"{len(parts)} of each",
    )
    parts = parts * within
    for nodes, (low, high) in (("mature", mature), ("advanced", advanced)):
        x.refuse(low > high, f"a {nodes} share's low lies above its high")
        x.refuse((low < 0) | (high > 1), f"a {nodes} share lies outside 0 to 100 %")
    covered = float(parts.sum())
    x.refuse(
        covered > 1 + _ROUNDING, "the types add up to more than the total", "up to 100 %", f"{covered:.1%}"
    )
    x.refuse(covered <= 0, "the types make up nothing of the total")
    weight = parts / covered

    def mean(ends: tuple[Array, Array]) -> Array:
        low, high = ends
        found: Array = (weight * (low + place[..., None] * (high - low))).sum(axis=-1)
        return found

    return mean(mature), mean(advanced), covered


def _ends(x: Values, nodes: str) -> tuple[Array, Array]:
    return x[f"{nodes}_low"], x[f"{nodes}_high"]


def _compute(x: Values) -> Mapping[str, Array]:
    mature, advanced, covered = _means(x, x["place"])
    total = x["mature_part"] * mature + (1 - x["mature_part"]) * advanced
    found = {
        "total": total,
        "mature_total": mature,
        "advanced_total": advanced,
        "covered": np.asarray(covered),
    }
    if x.has("printed"):
        found["gap"] = x["printed"] - total
        if np.all(mature > advanced):
            found["mature_part_needed"] = (x["printed"] - advanced) / (mature - advanced)
    reported = reported_revenue(x)
    if x.has("purchases"):
        found["pool"] = x["purchases"] * covered * total
        if x.has("printed"):
            found["printed_pool"] = x["purchases"] * x["printed"]
        if reported is not None:
            found["reported_share"] = reported / x["purchases"]
    if reported is not None:
        found["reported"] = reported
    return found


def _verdict(x: Values, outputs: Mapping[str, Array]) -> Phrase:
    """Whether any split between mature and advanced nodes, anywhere in the ranges, gives the printed total."""
    if not x.has("printed"):
        return Phrase("无对照", "nothing printed to compare")
    lowest = float(_means(x, np.asarray(0.0))[1])
    highest = float(_means(x, np.asarray(1.0))[0])
    printed = x.one("printed")
    if printed > highest:
        return Phrase("高于分项所能支持", "more than the types allow")
    if printed < lowest:
        return Phrase("低于分项所能支持", "less than the types allow")
    return Phrase("与分项相容", "compatible with the types")


def _list(name: str, zh: str, en: str, *, optional: bool = False) -> Input:
    return Input(name, "x", Phrase(zh, en), low=0, high=1, many=True, optional=optional)


SELF_RELIANCE_TOTAL = Model(
    "self-reliance-total",
    Phrase("自给率：分项与总数对账", "Self-sufficiency: types against the total"),
    "localisation",
    (
        _list("part", "各类占比", "part of purchases of each type"),
        _list("within", "类中占比", "part of the class that is this type, each", optional=True),
        _list("mature_low", "成熟制程自给率下限", "domestic share at mature nodes, low end, each"),
        _list("mature_high", "成熟制程自给率上限", "domestic share at mature nodes, high end, each"),
        _list("advanced_low", "先进制程自给率下限", "domestic share at advanced nodes, low end, each"),
        _list("advanced_high", "先进制程自给率上限", "domestic share at advanced nodes, high end, each"),
        Input("place", "x", Phrase("区间内位置", "where between their ends all shares lie, at one place"), low=0, high=1, default=0.5),
        Input("mature_part", "x", Phrase("成熟制程采购占比", "part of purchases that is for mature nodes"), low=0, high=1, default=0.75),
        Input("printed", "x", Phrase("公布的总自给率", "self-sufficiency of all equipment that somebody printed"), low=0, high=1, optional=True),
        Input("purchases", "USD bn", Phrase("采购总额", "purchases of all types in the year"), low=0, optional=True),
        Input("reported", "CNY bn", Phrase("上市厂商披露收入", "what listed makers reported, in yuan, each"), low=0, many=True, optional=True),
        Input("reported_dollars", "USD bn", Phrase("以美元披露的收入", "what listed makers reported in dollars, each"), low=0, many=True, optional=True),
        Input("exchange_rate", "CNY per USD", Phrase("汇率", "yuan for a dollar"), low=1, high=20, default=7.1),
    ),
    (
        Output("total", "x", Phrase("分项合成的自给率", "self-sufficiency that the types add up to"), shown="%"),
        Output("mature_total", "x", Phrase("全为成熟制程", "the same if all purchases were for mature nodes"), shown="%"),
        Output("advanced_total", "x", Phrase("全为先进制程", "the same if all were for advanced nodes"), shown="%"),
        Output("covered", "x", Phrase("覆盖的采购", "part of purchases that the types make up"), shown="%"),
        Output("gap", "x", Phrase("公布值减合成值", "printed less what the types add up to"), shown="%"),
        Output("mature_part_needed", "x", Phrase("所需成熟制程占比", "part for mature nodes at which both agree; outside 0 to 100 % they cannot"), shown="%"),
        Output("pool", "USD bn", Phrase("收入池", "what domestic makers can sell of these types")),
        Output("printed_pool", "USD bn", Phrase("公布值对应收入", "what the printed total means in money")),
        Output("reported", "USD bn", Phrase("已披露收入", "what listed makers reported")),
        Output("reported_share", "x", Phrase("已披露收入占比", "what they reported over all purchases"), shown="%"),
    ),
    _compute,
    formula="Σ part · share / Σ part for mature and advanced nodes; total = mature_part · mature + (1 − mature_part) · advanced",
    source="arithmetic of weighted means; the sources of each share are on the input",
    verdict=_verdict,
)  # fmt: skip
