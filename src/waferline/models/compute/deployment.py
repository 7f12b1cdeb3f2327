"""This module says how a model is laid over chips: who holds which weights, and what room is left for conversations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from waferline.models.compute.blocks import Blocks, blocks_of
from waferline.models.compute.kv_cache import kv_values_per_token
from waferline.models.model import Array, Values

# bytes of a weight, bytes of an activation, and the peak that multiplies them
PRECISIONS: dict[str, tuple[float, float, str]] = {
    "bf16": (2, 2, "peak_bf16"),
    "fp16": (2, 2, "peak_bf16"),
    "fp8": (1, 1, "peak_fp8"),
    "int8": (1, 1, "peak_int8"),
    "fp4": (0.5, 0.5, "peak_fp4"),
    "w8a16": (1, 2, "peak_bf16"),
    "w4a16": (0.5, 2, "peak_bf16"),
    "w4a8": (0.5, 1, "peak_int8"),
}
EMBEDDING_BYTES = 2.0  # embeddings and logits stay in 16 bits in every served model read for this


@dataclass(frozen=True, slots=True)
class Deployment:
    """One instance of a model on `chips` chips, and what its operators run on.

    Attention is split over `tp` chips and repeated over `groups`, each with requests of its own; experts are split over all
    chips of a pipeline stage, `ep` of them if experts are parallel. Rates are peaks, in FLOP/s and bytes/s.
    """

    blocks: Blocks
    is_mla: bool
    tp: Array
    ep: Array
    pp: Array
    groups: Array
    chips: Array
    node: Array
    copies: Array
    weight_bytes: float
    sent_bytes: float
    kv_bytes: Array
    peak: Array
    peak_attention: Array
    bandwidth: Array
    link: Array
    network: Array
    memory: Array

    @property
    def stage_chips(self) -> Array:
        """Chips that share one layer."""
        return self.chips / self.pp

    @property
    def weights_per_chip(self) -> Array:
        """Bytes of weights on one chip."""
        return _weights(self.blocks, self.tp, self.stage_chips, self.pp, self.copies, self.weight_bytes)

    def kv_per_request(self, context: Array, architecture: Values) -> Array:
        """Bytes that one request of so many tokens keeps on each chip of its group.

        Key-value heads are split over tensor-parallel chips as far as there are heads; a latent of MLA is kept on each.
        """
        share = np.asarray(1.0) if self.is_mla else np.maximum(1 / self.tp, 1 / architecture["kv_heads"])
        kept: Array = kv_values_per_token(architecture) * self.kv_bytes * context * share / self.pp
        return kept

    def most_requests(self, context: Array, architecture: Values, share: Array) -> Array:
        """Requests of that mean length for which the instance has room; below 1 where the weights leave none."""
        room = self.memory * share - self.weights_per_chip
        fit: Array = self.groups * room / self.kv_per_request(context, architecture)
        return fit


def _weights(b: Blocks, tp: Array, stage: Array, pp: Array, copies: Array, weight_bytes: float) -> Array:
    routed = (b.experts + copies) * b.expert / stage
    layers = (
        b.layers * b.attention / tp
        + b.dense_layers * b.dense_ffn / tp
        + b.moe_layers * (routed + (b.shared_experts * b.expert + b.router) / tp)
    )
    ends = b.embeddings * b.embedding / tp * EMBEDDING_BYTES
    return layers / pp * weight_bytes + ends


def _tensor_parallel(x: Values, blocks: Blocks, weight_bytes: float) -> Array:
    """As given; else 1, or without expert parallelism the fewest chips, a power of two, that hold the weights and the KV
    cache of the batch; a quarter is left free for that where no batch is given."""
    if x.has("tensor_parallel"):
        return x["tensor_parallel"]
    chips = np.asarray(1.0)
    if np.any(x["expert_parallel"] > 1):
        return chips
    usable = float(np.min(x.of("chip")["memory"] * 1e9 * x["memory_share"]))
    while chips < 1024:
        held = _weights(blocks, chips, chips, x["pipeline_parallel"], x["redundant_experts"], weight_bytes)
        room = usable - _batch_bytes(x, chips) if x.has("batch") else 0.75 * usable
        if float(np.max(held)) <= room:
            break
        chips = chips * 2
    return chips


def _batch_bytes(x: Values, chips: Array) -> float:
    """Bytes that each of so many tensor-parallel chips keeps for the batch, at its longest."""
    architecture = x.of("architecture")
    longest = np.maximum(x["input_tokens"] + x["output_tokens"], x.number("context", 0))
    parted = 1.0 if architecture.text("attention") == "mla" else np.minimum(chips, architecture["kv_heads"])
    kept = kv_values_per_token(architecture) * x["kv_bytes"] * longest * x["batch"] / parted
    return float(np.max(kept / x["pipeline_parallel"]))


def deployed(x: Values) -> Deployment:
    """The instance that the inputs describe. Raises BadInput for layouts and precisions that do not exist."""
    chip, architecture = x.of("chip"), x.of("architecture")
    ep, pp = x["expert_parallel"], x["pipeline_parallel"]
    blocks = blocks_of(architecture)
    precision = x.text("precision")
    weight, activation, peak = PRECISIONS[precision]
    tp = _tensor_parallel(x, blocks, weight)
    wide = ep > 1
    x.refuse(
        wide & (np.maximum(ep, tp) % np.minimum(ep, tp) != 0), "tensor and expert parallelism do not fit",
        "one a multiple of the other", f"{float(np.max(tp)):g} and {float(np.max(ep)):g}",
    )  # fmt: skip
    x.refuse(wide & (blocks.experts == 0), "the model has no experts to spread", "expert_parallel = 1")
    held = blocks.experts + x["redundant_experts"]
    x.refuse(
        wide & (ep > held), "more chips share the experts than there are experts",
        f"at most {float(np.max(held)):g}", f"{float(np.max(ep)):g}",
    )  # fmt: skip
    x.refuse(
        not chip.has(peak), f"the table of chips knows no {peak} of this chip, which {precision} runs on",
        "a precision the chip computes in, such as w8a16 or w4a16",
    )  # fmt: skip
    stage = np.maximum(tp, ep)
    return Deployment(
        blocks=blocks,
        is_mla=architecture.text("attention") == "mla",
        tp=tp,
        ep=ep,
        pp=pp,
        groups=stage / tp,
        chips=stage * pp,
        node=x["chips_per_node"],
        copies=x["redundant_experts"],
        weight_bytes=weight,
        sent_bytes=max(activation, 1.0),
        kv_bytes=x["kv_bytes"],
        peak=chip[peak] * 1e12,
        peak_attention=chip["peak_bf16"] * 1e12,
        bandwidth=chip["bandwidth"] * 1e9,
        link=(chip["scale_up"] if chip.has("scale_up") else x["link"]) / 2 * 1e9,
        network=(chip["scale_out"] if chip.has("scale_out") else x["network"]) * 1e9,
        memory=chip["memory"] * 1e9,
    )
