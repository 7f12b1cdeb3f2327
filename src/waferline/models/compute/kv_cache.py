"""This module counts the bytes that attention keeps for every token of a conversation."""

from __future__ import annotations

from collections.abc import Mapping

from waferline.models.compute.records import ARCHITECTURE
from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase


def kv_values_per_token(architecture: Values) -> Array:
    """Numbers kept per token over all layers.

    MHA, GQA and MQA keep a key and a value for every key-value head: 2·layers·kv_heads·head_dim. MLA keeps one compressed
    vector and one key with the position: layers·(kv_lora_rank + qk_rope_dim).
    Source: DeepSeek-V2 Technical Report (arXiv 2405.04434), table 1.
    """
    if architecture.text("attention") == "mla":
        return architecture["layers"] * (architecture["kv_lora_rank"] + architecture["qk_rope_dim"])
    return 2 * architecture["layers"] * architecture["kv_heads"] * architecture["head_dim"]


def _compute(x: Values) -> Mapping[str, Array]:
    per_token = kv_values_per_token(x.of("architecture")) * x["bytes_per_value"]
    return {"kv_per_token": per_token, "kv_per_request": per_token * x["context"] / 1e9}


KV_CACHE = Model(
    "kv-cache",
    Phrase("KV缓存", "KV cache"),
    "inference",
    (
        Input(
            "bytes_per_value",
            "bytes",
            Phrase("每个数的字节数", "bytes of one value"),
            low=0.25,
            high=8,
            default=2,
        ),
        Input("context", "tokens", Phrase("上下文长度", "tokens kept"), low=1, default=1),
    ),
    (
        Output("kv_per_token", "bytes", Phrase("每token的KV缓存", "KV cache per token")),
        Output("kv_per_request", "GB", Phrase("每个请求的KV缓存", "KV cache of a request")),
    ),
    _compute,
    formula="MHA, GQA, MQA: 2 · layers · kv_heads · head_dim · bytes; MLA: layers · (kv_lora_rank + qk_rope_dim) · bytes",
    source="DeepSeek-V2 Technical Report, arXiv 2405.04434, table 1",
    records={"architecture": ARCHITECTURE},
)
