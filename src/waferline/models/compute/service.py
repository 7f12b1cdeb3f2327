"""This module holds the day of a service: what its chips cost, what its tokens would bring, how many chips they need."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

_SECONDS = 86400.0


def _compute(x: Values) -> Mapping[str, Array]:
    taken, given = x["input_tokens"], x["output_tokens"]
    hits = x["hit_tokens"] if x.has("hit_tokens") else taken * x["cache_hits"]
    x.refuse(hits > taken, "more tokens hit the cache than come in", "hit_tokens up to input_tokens")
    missed = taken - hits
    list_revenue = (hits * x["price_hit"] + missed * x["price_miss"] + given * x["price_output"]) / 1e6
    revenue = list_revenue * x["paid_share"] * (1 - x["discount"])
    needed = _nodes_needed(x, taken, given)
    found = {"list_revenue": list_revenue, "daily_revenue": revenue, "cache_hit_share": hits / taken}
    if needed is not None:
        prefill, decode = needed
        found |= {"nodes_prefill": prefill, "nodes_decode": decode, "nodes_needed": prefill + decode}
    x.refuse(
        not x.has("nodes") and needed is None, "neither nodes nor what a node does is known",
        "nodes, or prefill_per_node and decode_per_node", fix="--set nodes=…",
    )  # fmt: skip
    nodes = x["nodes"] if x.has("nodes") else found["nodes_needed"]
    chips = nodes * x["chips_per_node"]
    cost = chips * x["rental"] * x["hours"]
    found |= {
        "daily_cost": cost,
        "daily_profit": revenue - cost,
        "margin_on_cost": revenue / cost - 1,
        "cost_per_token": cost / (taken + given) * 1e6,
        "cost_per_output": cost / given * 1e6,
        "tokens_per_chip": (taken + given) / chips / x["hours"] / 3600,
    }
    if np.all(revenue > 0):
        found["margin_on_revenue"] = 1 - cost / revenue
    return found


def _nodes_needed(x: Values, taken: Array, given: Array) -> tuple[Array, Array] | None:
    if not (x.has("prefill_per_node") and x.has("decode_per_node")):
        return None
    return taken / _SECONDS / x["prefill_per_node"], given / _SECONDS / x["decode_per_node"]


def _remarks(x: Values, found: Mapping[str, Array]) -> tuple[Phrase, ...]:
    """Names a fleet that could not have served what it is said to have served."""
    if not (x.has("nodes") and "nodes_needed" in found):
        return ()
    short = float(found["nodes_needed"] / x["nodes"]) - 1
    if short <= 0.05:
        return ()
    return (
        Phrase(
            f"按所给吞吐需要的节点比所给节点多{short:.0%}",
            f"at these rates the tokens need {short:.0%} more nodes than there are",
        ),
    )


def _price(name: str, zh: str, en: str) -> Input:
    return Input(name, "USD per mn tokens", Phrase(zh, en), low=0)


SERVICE = Model(
    "service",
    Phrase("推理服务的日成本与收入", "a day of a service: cost and revenue"),
    "inference",
    (
        Input("input_tokens", "tokens", Phrase("一天的输入token", "tokens in, a day"), low=1),
        Input("output_tokens", "tokens", Phrase("一天的输出token", "tokens out, a day"), low=1),
        Input("cache_hits", "x", Phrase("输入命中缓存的比例", "share of input found in a cache"), 0, 1, default=0),
        Input("hit_tokens", "tokens", Phrase("命中缓存的输入token", "tokens in that hit the cache, instead of the share"), low=0, optional=True),
        _price("price_hit", "命中缓存的输入价", "price of input that hits the cache"),
        _price("price_miss", "未命中缓存的输入价", "price of input that misses the cache"),
        _price("price_output", "输出价", "price of output"),
        Input("paid_share", "x", Phrase("付费token比例", "share of tokens that is paid for"), 0, 1, default=1),
        Input("discount", "x", Phrase("平均折扣", "mean discount on list prices"), 0, 1, default=0),
        Input("nodes", "nodes", Phrase("平均节点数", "nodes in use on average; else as many as the tokens need"), low=0.001, optional=True),
        Input("chips_per_node", "x", Phrase("每节点芯片数", "chips of a node"), 1, 4096, True, 8),
        Input("rental", "USD per GPU hour", Phrase("租金", "rental of a chip"), low=0),
        Input("hours", "x", Phrase("每天小时数", "hours a day"), 0.01, 24, default=24),
        Input("prefill_per_node", "tokens/s", Phrase("每节点预填充吞吐（含命中）", "input of a prefill node, cache hits included"), low=0.001, optional=True),
        Input("decode_per_node", "tokens/s", Phrase("每节点解码吞吐", "output of a decode node"), low=0.001, optional=True),
    ),
    (
        Output("daily_cost", "USD", Phrase("日成本", "cost of the day"), per="day"),
        Output("daily_revenue", "USD", Phrase("日收入", "revenue of the day"), per="day"),
        Output("list_revenue", "USD", Phrase("按标价的日收入", "revenue if every token were paid at list price"), per="day"),
        Output("daily_profit", "USD", Phrase("日毛利", "revenue less cost"), per="day"),
        Output("margin_on_cost", "x", Phrase("成本利润率", "profit over cost"), shown="%"),
        Output("margin_on_revenue", "x", Phrase("收入利润率", "profit over revenue"), shown="%"),
        Output("cost_per_token", "USD per mn tokens", Phrase("每百万token成本", "cost of input and output alike")),
        Output("cost_per_output", "USD per mn tokens", Phrase("每百万输出token成本", "cost, all laid on output")),
        Output("nodes_needed", "nodes", Phrase("所需节点", "nodes that the tokens need")),
        Output("nodes_prefill", "nodes", Phrase("预填充节点", "of which for prefill")),
        Output("nodes_decode", "nodes", Phrase("解码节点", "of which for decoding")),
        Output("tokens_per_chip", "tokens/s", Phrase("每芯片token速率", "tokens in and out of a chip")),
        Output("cache_hit_share", "x", Phrase("缓存命中率", "share of input that hits the cache"), shown="%"),
    ),
    _compute,
    formula=(
        "cost = nodes · chips · hours · rental; revenue = (hits · price + misses · price + output · price) · share paid · "
        "(1 − discount); nodes needed = tokens a second / tokens a second of a node, prefill and decode apart"
    ),
    source="DeepSeek open-infra-index, day 6: DeepSeek-V3/R1 Inference System Overview",
    remarks=_remarks,
)  # fmt: skip
