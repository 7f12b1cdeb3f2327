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
        b = self.blocks
        routed = (b.experts + self.copies) * b.expert / self.stage_chips
        layers = (
            b.layers * b.attention / self.tp
            + b.dense_layers * b.dense_ffn / self.tp
            + b.moe_layers * (routed + (b.shared_experts * b.expert + b.router) / self.tp)
        )
        ends = b.embeddings * b.embedding / self.tp * EMBEDDING_BYTES
        return layers / self.pp * self.weight_bytes + ends

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


def deployed(x: Values) -> Deployment:
    """The instance that the inputs describe. Raises BadInput for layouts and precisions that do not exist."""
    chip, architecture = x.of("chip"), x.of("architecture")
    tp, ep, pp = x["tensor_parallel"], x["expert_parallel"], x["pipeline_parallel"]
    blocks = blocks_of(architecture)
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
    precision = x.text("precision")
    weight, activation, peak = PRECISIONS[precision]
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
        link=_link(x, stage),
        network=(chip["scale_out"] if chip.has("scale_out") else x["network"]) * 1e9,
        memory=chip["memory"] * 1e9,
    )


def _link(x: Values, stage: Array) -> Array:
    """Bytes a second one way to the other chips of the node. Only asked for where chips share a layer."""
    chip = x.of("chip")
    if chip.has("scale_up"):
        return chip["scale_up"] / 2 * 1e9
    x.refuse(
        stage > 1, "the table of chips gives no link between chips", "both directions in GB/s",
        fix="--set chip.scale_up='600 GB/s'",
    )  # fmt: skip
    return np.asarray(np.inf)
