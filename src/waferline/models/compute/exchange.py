"""This module holds the bound that sending tokens to their experts sets on the speed of an answer."""

from __future__ import annotations

from collections.abc import Mapping

from waferline.models.compute.records import ARCHITECTURE
from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase


def _compute(x: Values) -> Mapping[str, Array]:
    a = x.of("architecture")
    x.refuse(
        not a.has("experts"), "only a model with experts sends tokens to them", "an architecture with experts"
    )
    copies = a["active_experts"] + a.number("shared_experts", 0)
    token = (x["dispatch_bytes"] + x["combine_bytes"]) * copies * a["hidden"]
    once = token * x["tokens"] / (x["link"] * 1e9)
    layer = x["micro_batches"] * once
    tpot = layer * a["layers"]
    return {
        "exchange_time": once * 1e6,
        "layer_time": layer * 1e6,
        "tpot": tpot * 1e3,
        "user_speed": 1 / tpot,
    }


EXPERT_EXCHANGE = Model(
    "expert-exchange",
    Phrase("专家并行通信给出的速度上限", "speed limit set by the exchange with experts"),
    "inference",
    (
        Input("link", "GB/s", Phrase("每芯片单向带宽", "bandwidth of a chip, one way"), low=0.001),
        Input("tokens", "tokens", Phrase("每芯片每次的token数", "tokens of a chip"), low=1, default=32),
        Input("dispatch_bytes", "bytes", Phrase("发送每个数的字节", "bytes of a number sent"), 0.25, 8, default=1),
        Input("combine_bytes", "bytes", Phrase("返回每个数的字节", "bytes of a number returned"), 0.25, 8, default=2),
        Input("micro_batches", "x", Phrase("交替的微批次数", "micro-batches that take turns"), 1, 64, default=2),
    ),
    (
        Output("user_speed", "tokens/s", Phrase("每用户速度上限", "limit of the speed of one user")),
        Output("tpot", "ms", Phrase("每token时间下限", "least time of an output token")),
        Output("layer_time", "µs", Phrase("每层通信时间", "time of a layer")),
        Output("exchange_time", "µs", Phrase("一次通信时间", "time of one micro-batch's exchange")),
    ),
    _compute,
    formula=(
        "(dispatch + combine bytes) · tokens · (active + shared experts) · hidden / link, for each micro-batch and "
        "layer; all layers count, as in the source, though the first, dense ones send nothing"
    ),
    source="Insights into DeepSeek-V3, arXiv 2505.09343, section 2.3.2",
    records={"architecture": ARCHITECTURE},
)  # fmt: skip
