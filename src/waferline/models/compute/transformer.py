"""This module counts the weights of a transformer and the arithmetic one token costs, from its architecture alone."""

from __future__ import annotations

import numpy as np

from waferline.models.model import Array, Values

HALF = 0.5
"""Of all pairs of positions, a causal mask leaves one half."""


def is_described(architecture: Values) -> bool:
    """Whether the row says enough to count: closed models give their size at most."""
    return all(architecture.has(name) for name in ("layers", "hidden", "heads", "vocab"))


def attention_weights(architecture: Values) -> Array:
    """Weights of the attention of one layer.

    MHA, GQA and MQA: query and output of hidden · heads · head_dim, key and value of hidden · kv_heads · head_dim. MLA:
    the two compressions, their expansions and the output; without q_lora_rank the query is not compressed.
    Source: DeepSeek-V2 Technical Report (arXiv 2405.04434), section 2.1 and appendix.
    """
    a = architecture
    hidden, heads = a["hidden"], a["heads"]
    if a.text("attention") != "mla":
        return 2 * hidden * heads * a["head_dim"] + 2 * hidden * a["kv_heads"] * a["head_dim"]
    key = a["qk_nope_dim"] + a["qk_rope_dim"]
    query = a["q_lora_rank"] * (hidden + heads * key) if a.has("q_lora_rank") else hidden * heads * key
    compressed = hidden * (a["kv_lora_rank"] + a["qk_rope_dim"])
    expanded = a["kv_lora_rank"] * heads * (a["qk_nope_dim"] + a["v_dim"])
    return query + compressed + expanded + heads * a["v_dim"] * hidden


def matrix_weights(architecture: Values, width: str) -> Array:
    """Weights of one feed-forward block whose inner width is the field `ffn` or `expert_ffn`: 2 matrices, 3 with a gate."""
    return architecture.number("ffn_matrices", 2) * architecture["hidden"] * architecture[width]


def feed_forward_weights(architecture: Values) -> tuple[Array, Array]:
    """Weights of all feed-forward layers: those that exist, and those one token meets (its experts and the router)."""
    a = architecture
    if not a.has("experts"):
        dense = a["layers"] * matrix_weights(a, "ffn")
        return dense, dense
    a.refuse(
        a["active_experts"] > a["experts"],
        "a token cannot use more experts than there are",
        f"at most {int(np.max(a['experts']))} active_experts",
        f"{int(np.max(a['active_experts']))}",
    )
    one = matrix_weights(a, "expert_ffn")
    router = a["hidden"] * a["experts"]
    dense_layers = a.number("dense_layers", 0)
    dense = dense_layers * (matrix_weights(a, "ffn") if a.has("ffn") else 0)
    sparse_layers = a["layers"] - dense_layers
    shared = a.number("shared_experts", 0)
    return (
        dense + sparse_layers * ((a["experts"] + shared) * one + router),
        dense + sparse_layers * ((a["active_experts"] + shared) * one + router),
    )


def embedding_weights(architecture: Values) -> Array:
    """Weights of one embedding matrix; a model has two of them unless input and output are tied."""
    return architecture["vocab"] * architecture["hidden"]


def counted_parameters(architecture: Values) -> tuple[Array, Array]:
    """Parameters in all, and those one token uses, embeddings included as published counts mostly do.

    Biases, norms and learned positions are left out: under 0.3 % of every model in the study's table. Extra layers that
    predict further tokens are not counted (DeepSeek-V3's published 671 bn leave its 14 bn out too).
    """
    a = architecture
    attention = a["layers"] * attention_weights(a)
    every, met = feed_forward_weights(a)
    embeddings = embedding_weights(a) * (2 - a.number("tied", 0))
    return attention + every + embeddings, attention + met + embeddings


def multiplied_weights(architecture: Values) -> Array:
    """Weights that one token is multiplied with: active ones with the output matrix, without the input's table look-up."""
    a = architecture
    _, met = feed_forward_weights(a)
    return a["layers"] * attention_weights(a) + met + embedding_weights(a)


def score_flop(architecture: Values, sequence: Array, share: float = HALF) -> Array:
    """Forward FLOP a token spends on scores and on weighting values, over all layers, for sequences of that length.

    2 · sequence · heads · (key width + value width) a layer where every position looks at every other; `share` of it under
    a mask. Windows are not modelled: a windowed layer counts as a full one.
    Source: Megatron-LM (arXiv 2104.04473), appendix; PaLM (arXiv 2204.02311), appendix B.
    """
    a = architecture
    if a.text("attention") == "mla":
        widths = a["qk_nope_dim"] + a["qk_rope_dim"] + a["v_dim"]
    else:
        widths = 2 * a["head_dim"]
    return share * 2 * sequence * a["layers"] * a["heads"] * widths


def prediction_flop(architecture: Values, sequence: Array, share: float = HALF) -> Array:
    """Forward FLOP a token spends in the layers that predict further tokens; zero where there are none.

    Each is one more layer of the model's usual kind, a projection of two hidden vectors and the output matrix.
    Source: DeepSeek-V3 Technical Report (arXiv 2412.19437), section 2.2.
    """
    a = architecture
    extra = a.number("mtp_layers", 0)
    if not np.any(extra):
        return np.asarray(0.0)
    matrices = a.number("ffn_matrices", 2)
    if a.has("experts"):
        used = a["active_experts"] + a.number("shared_experts", 0)
        inner = matrices * a["hidden"] * a["expert_ffn"] * used + a["hidden"] * a["experts"]
    else:
        inner = matrices * a["hidden"] * a["ffn"]
    weights = attention_weights(a) + inner + 2 * a["hidden"] ** 2 + embedding_weights(a)
    return extra * (2 * weights + score_flop(a, sequence, share) / a["layers"])


def training_flop_per_token(
    architecture: Values, sequence: Array, share: float = HALF, *, with_prediction: bool = False
) -> Array:
    """FLOP of the forward and backward pass for one token: three times the forward pass.

    Falls back to 6 · active parameters (or all of them) where the row has only a size.
    """
    a = architecture
    if not is_described(a):
        known = a["active_parameters"] if a.has("active_parameters") else a["parameters"]
        return 6 * known
    forward = 2 * multiplied_weights(a) + score_flop(a, sequence, share)
    if with_prediction:
        forward = forward + prediction_flop(a, sequence, share)
    return 3 * forward
