"""This module sizes what domestic makers can sell of one type of equipment or material: purchases × the type's part × their share."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Choice, Input, Model, Output, RecordKind, Values
from waferline.quantity.relations.base import Phrase

SEGMENT = RecordKind(
    "segment",
    "models/segments.csv",
    Phrase("设备或材料类型", "type of equipment or material"),
    (),
    ("of", "counted_in"),
)
MARKET = RecordKind(
    "market",
    "models/markets.csv",
    Phrase("市场", "market"),
    (),
    ("of", "foreign_owned_fabs", "stockpiling"),
)


def printed_share(x: Values) -> Array:
    """What part of the type's purchases domestic makers have, from the ends that somebody printed.

    Either `share` alone, or a range for mature nodes and one for advanced nodes, weighed by the part of purchases that is
    for mature nodes; a type with one range has it for all nodes. `place` says where between the ends the truth lies, at the
    same place in both ranges. Shapes broadcast; a part of one.
    """
    if x.has("share"):
        x.refuse(x.has("mature_high"), "share and mature_high are given both", "one of them")
        return x["share"]
    x.refuse(
        not x.has("mature_high"), "the domestic share is missing", "share, or mature_low and mature_high"
    )
    mature = _between(x, "mature")
    if not x.has("advanced_high"):
        return mature
    return x["mature_part"] * mature + (1 - x["mature_part"]) * _between(x, "advanced")


def reported_revenue(x: Values) -> Array | None:
    """What makers reported, in dollars: the sum of both lists; None where neither is there."""
    if not (x.has("reported") or x.has("reported_dollars")):
        return None
    yuan = x["reported"].sum() / x["exchange_rate"] if x.has("reported") else np.asarray(0.0)
    dollars = x["reported_dollars"].sum() if x.has("reported_dollars") else 0.0
    total: Array = yuan + dollars
    return total


def _between(x: Values, nodes: str) -> Array:
    low, high = x.number(f"{nodes}_low", 0), x[f"{nodes}_high"]
    x.refuse(low > high, f"{nodes}_low lies above {nodes}_high")
    return low + x["place"] * (high - low)


def _compute(x: Values) -> Mapping[str, Array]:
    if x.has("segment.of") and x.has("market.of"):
        segment, market = x.of("segment").text("of"), x.of("market").text("of")
        x.refuse(segment != market, f"the segment is {segment} and the market is {market}", "one kind")
    left = 1 - x["foreign_owned"] - x["stockpiled"]
    x.refuse(left <= 0, "foreign_owned and stockpiled leave nothing of the market", "less than 1 together")
    part = x["stage"] * x["part"] * x["within"]
    share = printed_share(x)
    x.refuse((share < 0) | (share > 1), "a share lies outside 0 to 100 %")
    size = x["purchases"] * left * np.minimum(part * x["mix"], 1.0)
    found = {"segment_market": size, "share": share, "pool": size * share}
    reported = reported_revenue(x)
    if reported is not None:
        found |= {"reported": reported, "reported_share": reported / size}
        if np.all(found["pool"] > 0):
            found["reported_over_pool"] = reported / found["pool"]
    return found


def _verdict(x: Values, outputs: Mapping[str, Array]) -> Phrase:
    """Whether makers' reports bear the pool out. Reports of some makers are a floor: only a pool below them is refuted."""
    if "reported" not in outputs:
        return Phrase("情景，未对账", "scenario, not reconciled")
    if float(outputs["reported"]) > float(outputs["pool"]):
        return Phrase("小于已披露收入", "below what makers reported")
    return Phrase("不小于已披露收入", "not below what makers reported")


_BASES = {
    "unstated": Phrase(
        "自给率未说明按金额、台数还是招标统计，此处按金额用",
        "the share's basis is not stated; it is used as one of value",
    ),
    "units": Phrase(
        "自给率按台数统计，国产设备单价较低时收入池偏大",
        "the share counts units: with cheaper domestic tools the pool is too large",
    ),
    "tenders": Phrase(
        "自给率按招标统计，未公开招标的采购不在其中",
        "the share counts tenders: purchases without one are not in it",
    ),
}


def _remarks(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    found = [_BASES[x.text("share_basis")]] if x.text("share_basis") in _BASES else []
    if x.has("market.of"):
        about = x.of("market")
        fabs, stock = about.text("foreign_owned_fabs"), about.text("stockpiling")
        zh = {"in": "在内", "out": "不在内"}
        found.append(
            Phrase(
                f"市场：外资晶圆厂的采购{zh.get(fabs, fabs)}，提前备货{zh.get(stock, stock)}",
                f"market: purchases of foreign-owned fabs are {fabs}, stockpiling is {stock}",
            )
        )
    return tuple(found)


def _part(name: str, zh: str, en: str, *, default: float | None = None, optional: bool = False) -> Input:
    return Input(name, "x", Phrase(zh, en), low=0, high=1, default=default, optional=optional)


SELF_RELIANCE = Model(
    "self-reliance",
    Phrase("本土厂商收入池", "Revenue pool of domestic makers"),
    "localisation",
    (
        Input("purchases", "USD bn", Phrase("采购总额", "purchases of all types in the year"), low=0),
        _part("stage", "所属环节占比", "part of purchases that the class is counted in, such as front-end tools", default=1),
        _part("part", "该类占比", "part of that stage that the class makes up"),
        _part("within", "类中占比", "part of the class that is this type", default=1),
        Input("mix", "x", Phrase("结构差异", "factor for how the buyers' mix differs from the one counted"), low=0.2, high=5, default=1),
        _part("foreign_owned", "剔除外资厂采购", "part of purchases by foreign-owned fabs that is taken out", default=0),
        _part("stockpiled", "剔除提前备货", "part of purchases for stock that is taken out", default=0),
        _part("share", "自给率", "domestic makers' share, where one number is printed", optional=True),
        _part("mature_low", "成熟制程自给率下限", "domestic share at mature nodes, low end; 0 where none is printed", optional=True),
        _part("mature_high", "成熟制程自给率上限", "domestic share at mature nodes, high end", optional=True),
        _part("advanced_low", "先进制程自给率下限", "domestic share at advanced nodes, low end; 0 where none is printed", optional=True),
        _part("advanced_high", "先进制程自给率上限", "domestic share at advanced nodes, high end", optional=True),
        _part("place", "区间内位置", "where between the printed ends the share lies", default=0.5),
        _part("mature_part", "成熟制程采购占比", "part of purchases that is for mature nodes", default=1),
        Input("reported", "CNY bn", Phrase("上市厂商披露收入", "what listed makers reported, in yuan, each"), low=0, many=True, optional=True),
        Input("reported_dollars", "USD bn", Phrase("以美元披露的收入", "what listed makers reported in dollars, each"), low=0, many=True, optional=True),
        Input("exchange_rate", "CNY per USD", Phrase("汇率", "yuan for a dollar"), low=1, high=20, default=7.1),
        Choice("share_basis", ("unstated", "value", "units", "tenders"), Phrase("自给率口径", "what the share counts")),
    ),
    (
        Output("segment_market", "USD bn", Phrase("该类市场", "purchases of the type")),
        Output("share", "x", Phrase("本土份额", "domestic makers' share"), shown="%"),
        Output("pool", "USD bn", Phrase("收入池", "what domestic makers can sell")),
        Output("reported", "USD bn", Phrase("已披露收入", "what listed makers reported")),
        Output("reported_share", "x", Phrase("已披露收入占比", "what they reported over purchases of the type"), shown="%"),
        Output("reported_over_pool", "x", Phrase("已披露收入比收入池", "what they reported over the pool")),
    ),
    _compute,
    formula="purchases · (1 − foreign_owned − stockpiled) · stage · part · within · mix · (mature_part · mature share + (1 − mature_part) · advanced share)",
    source="arithmetic of parts and shares; the sources of each are on the input",
    records={"segment": SEGMENT, "market": MARKET},
    remarks=_remarks,
    verdict=_verdict,
)  # fmt: skip
