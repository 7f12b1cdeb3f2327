"""This module times one pass of tokens through a model: every operator by its roofline, then what the chips exchange."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waferline.models.compute.deployment import EMBEDDING_BYTES, Deployment
from waferline.models.model import Array, Values


@dataclass(frozen=True, slots=True)
class Work:
    """What one pass is asked to do.

    `requests` share the instance, each with `tokens` new tokens that attend to `keys` earlier ones on average; `read` tokens
    of each request are loaded from its cache, once. `logits` are computed for so many tokens of a request. `absorbed`:
    MLA attends in its latent space, as decoding does.
    """

    requests: Array
    tokens: Array
    keys: Array
    read: Array
    logits: Array
    absorbed: bool


@dataclass(frozen=True, slots=True)
class Losses:
    """What keeps a real pass from its roofline: shares of the peaks that are reached, and seconds of fixed cost.

    `compute`, `bandwidth` and `link` are shares; `layer` seconds of a layer's launches; `request` seconds that the host
    takes for each request of a pass; `exchange` seconds that one exchange between chips takes however little is sent.
    `overlap` is the share of the shorter of computing and the exchange with experts that hides behind the longer;
    `imbalance` how much more than the mean the busiest chip's experts get; `experts` what their grouped matrices reach
    of `compute`; `unexplained` a factor on all of it.
    """

    compute: Array
    bandwidth: Array
    link: Array
    layer: Array
    request: Array
    exchange: Array
    overlap: Array
    imbalance: Array
    experts: Array
    unexplained: Array


_ONE, _NONE = np.asarray(1.0), np.asarray(0.0)


def ideal(exchange: Array) -> Losses:
    """No loss but the seconds that an exchange takes, which a model split over chips cannot do without."""
    return Losses(_ONE, _ONE, _ONE, _NONE, _NONE, exchange, _ONE, _ONE, _ONE, _ONE)


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of a pass, by what they went to. `computing` and `loading` are parts of `chip`: the operators bound by each."""

    total: Array
    chip: Array
    computing: Array
    loading: Array
    sending: Array
    fixed: Array


def timed(d: Deployment, architecture: Values, work: Work, losses: Losses) -> Timed:
    """The seconds that a pass takes.

    Each operator takes the longer of its FLOP over the peak reached and its bytes over the bandwidth reached; a chip
    runs them one after another. Experts: of E experts, tokens T that each choose k touch 1 − (1 − k/E)^T, and only
    those are read. Shapes: all arrays broadcast.
    """
    b = d.blocks
    requests = np.maximum(work.requests / d.groups / d.pp, np.minimum(work.requests, 1))
    local = requests * work.tokens
    everywhere = local * d.groups
    computing = loading = _NONE
    for flop, moved, times in _operators(d, architecture, work, losses, requests, local, everywhere):
        seconds = np.maximum(flop / losses.compute, moved / d.bandwidth / losses.bandwidth)
        bound = flop / losses.compute >= moved / d.bandwidth / losses.bandwidth
        computing = computing + times * np.where(bound, seconds, 0)
        loading = loading + times * np.where(bound, 0, seconds)
    chip = computing + loading
    sums = _summed(d, architecture, losses, local)
    experts = _to_experts(d, architecture, work, losses, local)
    sending = sums + experts
    fixed = b.layers * losses.layer + requests * losses.request
    # sums stand between two operators of the same tokens; only the exchange with experts has other tokens to hide behind
    hidden = losses.overlap * np.minimum(chip, experts)
    total = (chip + sending - hidden + fixed) * losses.unexplained
    return Timed(total, chip, computing, loading, sending, fixed)


def _operators(
    d: Deployment,
    architecture: Values,
    work: Work,
    losses: Losses,
    requests: Array,
    local: Array,
    everywhere: Array,
) -> list[tuple[Array, Array, Array]]:
    """Per operator: seconds at the peak, bytes moved, how many layers have it; of one chip."""
    b = d.blocks
    weight = d.weight_bytes

    def matrix(parameters: Array, tokens: Array, times: Array) -> tuple[Array, Array, Array]:
        return 2 * parameters * tokens / d.tp / d.peak, parameters * weight / d.tp, times

    found = [matrix(b.attention, local, b.layers), _attention(d, architecture, work, requests, local)]
    if d.is_mla and not work.absorbed:
        # what the cache holds is compressed: keys and values of every earlier token are expanded again
        expansion = (
            architecture["kv_lora_rank"]
            * architecture["heads"]
            * (architecture["qk_nope_dim"] + architecture["v_dim"])
        )
        found.append((2 * expansion * work.read * requests / d.tp / d.peak, np.asarray(0.0), b.layers))
    if np.any(b.dense_layers > 0):
        found.append(matrix(b.dense_ffn, local, b.dense_layers))
    if np.any(b.moe_layers > 0):
        held = b.experts + d.copies
        touched = held * -np.expm1(everywhere * np.log1p(-np.minimum(b.active_experts / held, 1 - 1e-12)))
        flop = (
            2 * b.active_experts * b.expert * everywhere / d.stage_chips * losses.imbalance / losses.experts
        )
        found.append((flop / d.peak, touched * b.expert * weight / d.stage_chips, b.moe_layers))
        found.append(matrix(b.shared_experts * b.expert + b.router, local, b.moe_layers))
    found.append((_NONE, _activations(d, architecture) * local / d.tp, b.layers))
    answers = requests * work.logits
    found.append(
        (
            2 * b.embedding * answers / d.tp / d.peak_attention,
            b.embedding * EMBEDDING_BYTES / d.tp,
            np.asarray(1.0),
        )
    )
    return found


def _activations(d: Deployment, a: Values) -> Array:
    """Bytes that a token's activations move in a layer, in 16 bits, as the kernels between the matrices read and write.

    Eight times the residual stream (norms, residuals, projections), four times the inner width (gate, product, down
    projection); with experts also six copies for each: sorted out, computed, weighed and added up.
    """
    b = d.blocks
    inner = a.number("ffn", 0) * b.dense_layers
    if np.any(b.moe_layers > 0):
        routed = (b.active_experts + b.shared_experts) * a["expert_ffn"]
        inner = inner + b.moe_layers * (routed + 1.5 * b.active_experts * a["hidden"])
    return 2 * (8 * a["hidden"] + 4 * inner / b.layers)


def _attention(
    d: Deployment, a: Values, work: Work, requests: Array, local: Array
) -> tuple[Array, Array, Array]:
    if d.is_mla:
        latent, position = a["kv_lora_rank"], a["qk_rope_dim"]
        if work.absorbed:
            per_key = 2 * a["heads"] * (2 * latent + position)
        else:
            per_key = 2 * a["heads"] * (a["qk_nope_dim"] + position + a["v_dim"])
        kept = latent + position
        share = np.asarray(1.0)
    else:
        per_key = 4 * a["heads"] * a["head_dim"]
        kept = 2 * a["kv_heads"] * a["head_dim"]
        share = np.maximum(1 / d.tp, 1 / a["kv_heads"])
    flop = per_key * work.keys * local / d.tp
    moved = kept * d.kv_bytes * share * (work.read * requests + local)
    return flop / d.peak_attention, moved, d.blocks.layers


def _spread(d: Deployment) -> NDArray[np.bool_]:
    """Whether tokens leave their group for their experts."""
    return np.asarray((d.blocks.moe_layers > 0) & (d.groups > 1))


def _summed(d: Deployment, a: Values, losses: Losses, local: Array) -> Array:
    """Seconds of a pass's sums over tensor-parallel chips and of its hops between stages of a pipeline."""
    b = d.blocks
    seconds = _NONE
    if np.any(d.tp > 1):
        wire = _wire(d, d.tp)
        once = losses.exchange + 2 * (d.tp - 1) / d.tp * local * a["hidden"] * 2 / (wire * losses.link)
        sums = 2 * b.layers - np.where(_spread(d), b.moe_layers, 0)
        seconds = seconds + np.where(d.tp > 1, sums * once, 0)
    if np.any(d.pp > 1):
        hop = losses.exchange + local * a["hidden"] * 2 / (_wire(d, d.chips) * losses.link)
        seconds = seconds + (d.pp - 1) * hop
    return seconds


def _to_experts(d: Deployment, a: Values, work: Work, losses: Losses, local: Array) -> Array:
    """Seconds of a pass's dispatches to experts and combines, none where no token leaves its group.

    A token goes out in the activations' precision and comes back in 16 bits, once for each expert it uses; a prefill
    sends one copy to each node and spreads it there over the faster link (DeepEP's two kinds of kernels).
    """
    if not np.any(_spread(d)):
        return _NONE
    k = d.blocks.active_experts
    nodes = np.maximum(d.stage_chips / d.node, 1)
    away = 1 - 1 / nodes
    across = k if work.absorbed else nodes * (1 - (1 - 1 / nodes) ** k)
    inside = np.where(np.asarray(not work.absorbed), k, k / nodes) * (
        1 - 1 / np.minimum(d.node, d.stage_chips)
    )
    token = a["hidden"] * (d.sent_bytes + 2) * local / d.tp * losses.imbalance
    out = np.where(nodes > 1, across * away * token / d.network, 0)
    up = inside * token / _wire(d, np.minimum(d.node, d.stage_chips))
    layer = np.maximum(out, up) / losses.link + 2 * losses.exchange
    return np.where(_spread(d), d.blocks.moe_layers * layer, 0.0)


def _wire(d: Deployment, chips: Array) -> Array:
    """Bytes a second one way to chips of the node, or of other nodes where the group is larger than one."""
    return np.where(chips > d.node, d.network, d.link)
