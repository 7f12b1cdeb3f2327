"""This module times one training step of a dense transformer under tensor and pipeline parallelism, and sizes its memory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.compute.records import ARCHITECTURE, CHIP
from waferline.models.compute.step_memory import (
    GIB,
    activation_bytes_of_layer,
    divided_bytes_per_parameter,
    in_flight,
    layer_weights,
    state_bytes,
)
from waferline.models.compute.transformer import embedding_weights, score_flop
from waferline.models.model import Array, Choice, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

_WHOLE = {"low": 1.0, "whole": True, "default": 1.0}


def _input(name: str, unit: str, zh: str, en: str, **more: object) -> Input:
    return Input(name, unit, Phrase(zh, en), **more)  # type: ignore[arg-type]


INPUTS: tuple[Input | Choice, ...] = (
    _input("batch", "x", "全局批大小（序列数）", "sequences of a step, over the whole cluster", low=1.0, whole=True),
    _input("sequence", "tokens", "序列长度", "length of a sequence", low=1.0, default=2048.0),
    _input("microbatch", "x", "微批大小", "sequences that a chip works on at once", **_WHOLE),
    _input("tensor_parallel", "x", "张量并行度", "chips that share every layer", **_WHOLE),
    _input("pipeline_parallel", "x", "流水线并行度", "stages that share the layers", **_WHOLE),
    _input("data_parallel", "x", "数据并行度", "copies of the model (or say how many gpus)", low=1.0, whole=True, optional=True),
    _input("gpus", "GPUs", "卡数", "chips in all: gives the copies", low=1.0, whole=True, optional=True),
    _input("interleaving", "x", "流水线交错数", "pieces of the model on each stage", **_WHOLE),
    Choice("recompute", ("none", "selective", "full"), Phrase("激活重计算", "activations computed again: attention scores, or whole layers")),
    Choice("sequence_parallel", ("no", "yes"), Phrase("序列并行", "norms and dropouts divided along the sequence")),
    Choice("optimizer", ("whole", "shared"), Phrase("优化器分片", "optimizer whole on every copy, or shared among the copies (ZeRO-1)")),
    _input("hardware_throughput", "TFLOP/s per GPU", "已知的单卡硬件吞吐", "FLOP/s a chip with recomputation counted, if known: gives the time", low=0.0, optional=True),
    _input("matrix_efficiency", "x", "矩阵运算效率", "matrix products over the BF16 peak", low=0.01, high=1.0),
    _input("memory_efficiency", "x", "显存带宽效率", "element-wise work over the memory bandwidth", low=0.01, high=1.0),
    _input("link_efficiency", "x", "互连效率", "all-reduce over the link's bandwidth in one direction", low=0.01, high=1.0),
    _input("bytes_per_parameter", "bytes", "每参数字节数", "bytes of weight, gradient and optimizer a parameter", low=1.0, default=18.0),
    _input("tokens", "tokens", "训练token数", "tokens of the whole training, for its days", low=0.0, optional=True),
)  # fmt: skip

OUTPUTS = (
    Output("batch_time", "seconds", Phrase("每步时间", "time of a step")),
    Output("tokens_per_second", "tokens/s", Phrase("集群吞吐", "tokens a second")),
    Output("model_throughput", "TFLOP/s per GPU", Phrase("单卡模型吞吐", "model FLOP/s a chip")),
    Output("machine_throughput", "TFLOP/s per GPU", Phrase("单卡硬件吞吐", "FLOP/s a chip with recomputation")),
    Output("mfu", "x", Phrase("模型利用率", "model FLOP over the BF16 peak")),
    Output("hfu", "x", Phrase("硬件利用率", "hardware FLOP over the BF16 peak")),
    Output("bubble", "x", Phrase("流水线气泡", "idle time of the pipeline over the time of a step")),
    Output("gpus_used", "GPUs", Phrase("用卡数", "chips used")),
    Output("activation_memory", "GiB", Phrase("激活显存", "activations on a chip of the first stage")),
    Output("activation_share", "x", Phrase("激活显存占比", "the same over what no recomputation and no sequence parallelism would keep"), shown="%"),
    Output("state_memory", "GiB", Phrase("参数与优化器显存", "weights, gradients and optimizer of the layers on a chip")),
    Output("memory_total", "GiB", Phrase("总显存", "both, with the embedding")),
    Output("days", "days", Phrase("训练天数", "days of the whole training")),
)  # fmt: skip


def _copies(x: Values) -> Array:
    model_chips = x["tensor_parallel"] * x["pipeline_parallel"]
    copies = x.number("data_parallel", 1)
    if not x.has("data_parallel") and x.has("gpus"):
        copies = x["gpus"] / model_chips
    x.refuse(
        copies != np.round(copies), "the chips do not divide into copies of the model",
        "tensor_parallel · pipeline_parallel · data_parallel", f"{float(np.max(x.number('gpus', 1))):g} chips",
    )  # fmt: skip
    return copies


def _check(x: Values, copies: Array) -> Array:
    """Microbatches of a copy in a step; refuses what cannot be laid out."""
    a = x.of("architecture")
    x.refuse(
        a.has("experts") or a.text("attention") == "mla",
        "a step is timed for dense models only",
        "mha, gqa or mqa without experts",
    )
    pieces = x["pipeline_parallel"] * x["interleaving"]
    x.refuse(
        pieces > a["layers"], "there are more pieces than layers",
        f"pipeline_parallel · interleaving up to {float(np.max(a['layers'])):g}", f"{float(np.max(pieces)):g}",
    )  # fmt: skip
    microbatches = x["batch"] / (copies * x["microbatch"])
    x.refuse(
        microbatches != np.round(microbatches), "the batch does not divide into microbatches",
        f"a multiple of {float(np.max(copies * x['microbatch'])):g}", f"{float(np.max(x['batch'])):g}",
    )  # fmt: skip
    return microbatches


def _own_layers(x: Values) -> Array:
    """Layers of the fullest stage, which sets the pace of the pipeline."""
    pieces = x["pipeline_parallel"] * x["interleaving"]
    return np.ceil(x.of("architecture")["layers"] / pieces) * x["interleaving"]


def _bytes_per_parameter(x: Values, copies: Array) -> Array:
    if x.text("optimizer") == "shared":
        return divided_bytes_per_parameter(x["bytes_per_parameter"], copies)
    return x["bytes_per_parameter"]


def _flop(x: Values) -> tuple[Array, Array, Array]:
    """Forward FLOP of one token in the layers, in the scores among them, and in the output matrix; attention in full."""
    a = x.of("architecture")
    scores = score_flop(a, x["sequence"], 1.0)
    return 2 * a["layers"] * layer_weights(a) + scores, scores, 2 * embedding_weights(a)


def _passes(x: Values, layers: Array, scores: Array, logits: Array) -> tuple[Array, Array]:
    """FLOP a token of forward and backward pass, without and with what is computed again."""
    model = 3 * (layers + logits)
    again = {"none": 0 * layers, "selective": scores, "full": layers}[x.text("recompute")]
    return model, model + again


def _microbatch_seconds(x: Values) -> tuple[Array, Array, Array]:
    """Seconds of one microbatch on one stage: matrix products, element-wise work, and what its chips send each other.

    Element-wise: norms, dropouts and residuals move 22 bytes a hidden value, whole or divided; the activation function
    4 bytes an inner value, the softmax with its dropout 9 bytes a score, divided. All-reduces: two in the forward and two
    in the backward pass of a layer, two more under full recomputation, each 2(t − 1)/t of the activations.
    """
    a, chip = x.of("architecture"), x.of("chip")
    tensor, own_layers = x["tensor_parallel"], _own_layers(x)
    positions = x["sequence"] * x["microbatch"]
    layers, scores, _ = _flop(x)
    again = {"none": 0 * layers, "selective": scores, "full": layers}[x.text("recompute")]
    matrix = positions * (3 * layers + again) / tensor * own_layers / a["layers"]
    matrix_seconds = matrix / (chip["peak_bf16"] * 1e12 * x["matrix_efficiency"])

    whole = 22 * positions * a["hidden"]
    if x.text("sequence_parallel") == "yes":
        whole = whole / tensor
    inner = 4 * positions * a["ffn"] * (a.number("ffn_matrices", 2) - 1) / tensor
    softmax = 9 * a["heads"] * x["sequence"] * positions / tensor
    full = x.text("recompute") == "full"
    passes = 4.0 if full else 3.0
    moved = (
        passes * (whole + inner) + (passes + (1.0 if x.text("recompute") == "selective" else 0.0)) * softmax
    )
    memory_seconds = own_layers * moved / (chip["bandwidth"] * 1e9 * x["memory_efficiency"])

    reduced = (6.0 if full else 4.0) * 2 * (tensor - 1) / tensor * 2 * positions * a["hidden"]
    link = chip["scale_up"] / 2 * 1e9 * x["link_efficiency"] if chip.has("scale_up") else np.asarray(np.inf)
    x.refuse(
        np.any(tensor > 1) and not chip.has("scale_up"),
        "the chip's row has no scale_up link",
        "--set chip.scale_up=600",
    )
    link_seconds = own_layers * reduced / link
    if np.any(x["pipeline_parallel"] > 1) and chip.has("scale_out"):
        # The next stage gets the activations once forward and once backward for every piece, a slice from each chip.
        passed = 2 * x["interleaving"] * 2 * positions * a["hidden"] / tensor
        link_seconds = link_seconds + passed / (chip["scale_out"] * 1e9)
    return matrix_seconds, memory_seconds, link_seconds


def _step_seconds(x: Values, copies: Array, microbatches: Array) -> tuple[Array, Array]:
    """Seconds of a step and those of them the pipeline stands still."""
    chip = x.of("chip")
    tensor, stages = x["tensor_parallel"], x["pipeline_parallel"]
    matrix, memory, link = _microbatch_seconds(x)
    one = matrix + memory + link
    working = microbatches * one
    idle = (stages - 1) / x["interleaving"] * one
    tokens = x["sequence"] * x["microbatch"] * microbatches
    logits = 3 * 2 * embedding_weights(x.of("architecture")) * tokens / tensor
    last = logits / (chip["peak_bf16"] * 1e12 * x["matrix_efficiency"])
    layers, embedding = state_bytes(x.of("architecture"), tensor, stages, np.asarray(1.0))
    # The optimizer reads and writes weight, gradient, master copy and both moments once a step.
    optimizer = (
        2
        * _bytes_per_parameter(x, copies)
        * (layers + embedding)
        / (chip["bandwidth"] * 1e9 * x["memory_efficiency"])
    )
    gradients = np.asarray(0.0)
    if np.any(copies > 1):
        x.refuse(
            not chip.has("scale_out"), "the chip's row has no scale_out network", "--set chip.scale_out=25"
        )
        gradients = 2 * (copies - 1) / copies * 2 * layers / (chip["scale_out"] * 1e9)
    return working + idle + last + optimizer + gradients, idle


def _memory(x: Values, copies: Array) -> dict[str, Array]:
    a = x.of("architecture")
    layer = activation_bytes_of_layer(
        a, x["sequence"], x["microbatch"], x["tensor_parallel"],
        recompute=x.text("recompute"), spread=x.text("sequence_parallel") == "yes",
    )  # fmt: skip
    kept = layer * in_flight(a["layers"], x["pipeline_parallel"], x["interleaving"])
    layers, embedding = state_bytes(
        a, x["tensor_parallel"], x["pipeline_parallel"], _bytes_per_parameter(x, copies)
    )
    whole = activation_bytes_of_layer(
        a, x["sequence"], x["microbatch"], x["tensor_parallel"], recompute="none", spread=False
    )
    return {
        "activation_memory": kept / GIB,
        "activation_share": layer / whole,
        "state_memory": layers / GIB,
        "memory_total": (kept + layers + embedding) / GIB,
    }


def _compute(x: Values) -> Mapping[str, Array]:
    copies = _copies(x)
    microbatches = _check(x, copies)
    gpus = x["tensor_parallel"] * x["pipeline_parallel"] * copies
    found = _memory(x, copies) | {"gpus_used": gpus}
    layers, scores, logits = _flop(x)
    model, machine = _passes(x, layers, scores, logits)
    tokens = x["batch"] * x["sequence"]
    chip = x.of("chip")
    if x.has("hardware_throughput"):
        seconds = tokens * machine / (gpus * x["hardware_throughput"] * 1e12)
    elif chip.has("peak_bf16") and chip.has("bandwidth"):
        seconds, idle = _step_seconds(x, copies, microbatches)
        found["bubble"] = idle / seconds
    else:
        return found
    found |= {
        "batch_time": seconds,
        "tokens_per_second": tokens / seconds,
        "model_throughput": tokens * model / seconds / gpus / 1e12,
        "machine_throughput": tokens * machine / seconds / gpus / 1e12,
    }
    if chip.has("peak_bf16"):
        found["mfu"] = found["model_throughput"] / chip["peak_bf16"]
        found["hfu"] = found["machine_throughput"] / chip["peak_bf16"]
    if x.has("tokens"):
        found["days"] = x["tokens"] / found["tokens_per_second"] / 86400
    return found


def _remarks(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    found = []
    if x.of("chip").has("memory"):
        there, needed = float(x.of("chip")["memory"]) * 1e9 / GIB, float(outputs["memory_total"])
        if needed > there:
            found.append(
                Phrase(
                    f"需要{needed:.4g} GiB显存，芯片只有{there:.4g} GiB：放不下",
                    f"{needed:.4g} GiB are needed and the chip has {there:.4g}: it does not fit",
                )
            )
    if "hfu" in outputs and float(outputs["hfu"]) > 0.9:
        found.append(
            Phrase(
                f"硬件利用率{100 * float(outputs['hfu']):.3g}%：不可能",
                f"a hardware utilisation of {100 * float(outputs['hfu']):.3g} % has not been seen",
            )
        )
    return tuple(found)


TRAINING_STEP = Model(
    "training-step",
    Phrase("训练步：时间与显存", "training step: time and memory"),
    "training",
    INPUTS,
    OUTPUTS,
    _compute,
    formula=(
        "time = (microbatches + (p − 1)/m) · (matrix FLOP/(peak · efficiency) + bytes/bandwidth + all-reduces) + output "
        "matrix + optimizer + gradients; activations = s·b·h·(10 + 24/t + 5as/(ht)) a layer, 34/t with selective "
        "recomputation and sequence parallelism"
    ),
    source="Korthikanti et al., arXiv 2205.05198; Narayanan et al., arXiv 2104.04473",
    records={"architecture": ARCHITECTURE, "chip": CHIP},
    remarks=_remarks,
)
