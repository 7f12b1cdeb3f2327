"""This module times a training benchmark of fixed work on clusters of different size, and says how well they scale."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.compute.records import ARCHITECTURE, CHIP
from waferline.models.compute.transformer import HALF, training_flop_per_token
from waferline.models.model import Array, Choice, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

_PEAKS = {"fp8": "peak_fp8", "bf16": "peak_bf16", "fp4": "peak_fp4"}


def _peak(x: Values) -> Array | None:
    """FLOP/s of a chip at the benchmark's precision; BF16 where the chip has no such format."""
    chip = x.of("chip")
    for name in (_PEAKS[x.text("precision")], "peak_bf16"):
        if chip.has(name):
            return chip[name] * 1e12
    return None


def _compute(x: Values) -> Mapping[str, Array]:
    found: dict[str, Array] = {}
    peak = _peak(x)
    time = x["time"] * 60 if x.has("time") else None
    per_token = None
    if x.has("architecture.parameters") or x.has("architecture.layers"):
        per_token = training_flop_per_token(x.of("architecture"), x["sequence"], HALF)
    work = per_token * x["tokens"] if per_token is not None and x.has("tokens") else None
    if time is None and work is not None and peak is not None:
        time = work / (x["gpus"] * peak * x["utilisation"]) + x["fixed_time"]
    if per_token is not None and x.has("batch") and peak is not None:
        found["step_time"] = x["batch"] * x["sequence"] * per_token / (x["gpus"] * peak * x["utilisation"])
        if x.has("step"):
            reached = x["batch"] * x["sequence"] * per_token / (x["gpus"] * x["step"])
            found |= {"throughput": reached / 1e12, "utilisation_of_run": reached / peak}
    if time is not None:
        found["time"] = time / 60
        if work is not None and "throughput" not in found:
            reached = work / (x["gpus"] * time)
            found["throughput"] = reached / 1e12
            if peak is not None:
                found["utilisation_of_run"] = reached / peak
        if x.has("reference_time") and x.has("reference_gpus"):
            reference = x["reference_time"] * 60
            found["speed_up"] = reference / time
            found["scaling_efficiency"] = found["speed_up"] * x["reference_gpus"] / x["gpus"]
    x.refuse(
        not found,
        "there is nothing to compute from these inputs",
        "an architecture, tokens, a chip and gpus; or times",
    )
    return found


def _remarks(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    reached = float(outputs.get("utilisation_of_run", np.asarray(0.5)))
    if reached > 1:
        text = f"{100 * reached:.3g} %"
        return (
            Phrase(
                f"利用率{text}超过峰值：时间、规模或精度有误",
                f"a utilisation of {text} is above the peak: time, size or precision are wrong",
            ),
        )
    return ()


TRAINING_BENCHMARK = Model(
    "training-benchmark",
    Phrase("训练基准（MLPerf）", "training benchmark (MLPerf)"),
    "training",
    (
        Input("gpus", "GPUs", Phrase("卡数", "chips"), low=1),
        Input("tokens", "tokens", Phrase("基准的token数", "tokens of the benchmark"), low=0, optional=True),
        Input("sequence", "tokens", Phrase("序列长度", "length of a sequence"), low=1, default=2048),
        Choice("precision", ("fp8", "bf16", "fp4"), Phrase("精度", "precision whose peak is meant"), (("fp16", "bf16"), ("nvfp4", "fp4"))),
        Input("utilisation", "x", Phrase("利用率", "model FLOP over the peak at that precision, on any number of chips"), low=0.01, high=1),
        Input("fixed_time", "seconds", Phrase("固定时间", "time that more chips do not shorten: start, evaluation"), low=0),
        Input("time", "minutes", Phrase("已知时间", "time of the run, if known"), low=0.001, optional=True),
        Input("batch", "x", Phrase("全局批大小（序列数）", "sequences of a step"), low=1, optional=True),
        Input("step", "seconds", Phrase("已知每步时间", "time of a step, if known"), low=0.001, optional=True),
        Input("reference_gpus", "GPUs", Phrase("对照卡数", "chips of a run to compare with"), low=1, optional=True),
        Input("reference_time", "minutes", Phrase("对照时间", "its time"), low=0.001, optional=True),
    ),
    (
        Output("time", "minutes", Phrase("时间", "time")),
        Output("step_time", "seconds", Phrase("每步时间", "time of a step")),
        Output("throughput", "TFLOP/s per GPU", Phrase("单卡吞吐", "model FLOP/s a chip")),
        Output("utilisation_of_run", "x", Phrase("利用率", "model FLOP over the peak at the precision")),
        Output("speed_up", "x", Phrase("加速比", "speed over that of the reference")),
        Output("scaling_efficiency", "x", Phrase("扩展效率", "speed-up over the ratio of chips")),
    ),
    _compute,
    formula="time = tokens · FLOP a token / (chips · peak · utilisation) + fixed time; efficiency = (t₁ · n₁) / (t₂ · n₂)",
    source="MLCommons training results v3.0 to v5.1; fixed time: Amdahl's law",
    records={"architecture": ARCHITECTURE, "chip": CHIP},
    remarks=_remarks,
)  # fmt: skip
