"""This module says what it takes to train a model: arithmetic, chip-hours by phase, utilisation, energy and three costs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.compute.cluster_cost import energy_kwh, with_network, written_off
from waferline.models.compute.records import ARCHITECTURE, CHIP
from waferline.models.compute.transformer import (
    HALF,
    counted_parameters,
    is_described,
    training_flop_per_token,
)
from waferline.models.model import Array, Choice, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

POSSIBLE = (0.05, 0.75)
"""Share of the peak that training has been seen to reach; what lies outside is named."""

_DEFAULT_SEQUENCE = 4096
_PHASES = ("pretraining", "extension", "post")


def _input(name: str, unit: str, zh: str, en: str, **more: object) -> Input:
    return Input(name, unit, Phrase(zh, en), **({"low": 0, "optional": True} | more))  # type: ignore[arg-type]


INPUTS: tuple[Input | Choice, ...] = (
    _input("tokens", "tokens", "预训练token数", "tokens of pre-training"),
    _input(
        "sequence", "tokens", "训练序列长度",
        "length of a training sequence (4,096, or the model's context if shorter)", low=1,
    ),
    _input("compute", "FLOP", "已知的训练算力", "training compute, if known: instead of counting it"),
    _input("flop_per_token", "FLOP per token", "已知的每token算力", "FLOP a token, if known: instead of counting it"),
    _input("extension_tokens", "tokens", "上下文扩展token数", "tokens of context extension", default=0.0),
    _input("extension_sequence", "tokens", "上下文扩展序列长度", "sequence length of context extension", default=32768.0),
    _input("extension_gpu_hours", "GPU hours", "已知的上下文扩展卡时", "chip-hours of context extension, if known"),
    _input("post_tokens", "tokens", "后训练token数", "tokens of post-training (all passes)", default=0.0),
    _input("post_gpu_hours", "GPU hours", "已知的后训练卡时", "chip-hours of post-training, if known"),
    Choice("precision", ("bf16", "fp8"), Phrase("训练精度", "precision of the matrix products"), (("fp16", "bf16"), ("bfloat16", "bf16"))),
    Choice(
        "mask", ("causal", "full", "none"),
        Phrase("注意力计数口径", "attention scores counted as under the causal mask, in full as the Megatron and PaLM papers do, or not at all"),
    ),
    Choice("prediction_layers", ("left-out", "counted"), Phrase("多token预测层", "layers that predict further tokens")),
    _input(
        "utilisation", "x", "利用率", "model FLOP over the BF16 peak while training runs", low=0.001, high=1,
    ),
    _input("throughput", "TFLOP/s per GPU", "已知的单卡吞吐", "model FLOP/s a chip, if known: instead of the utilisation"),
    _input(
        "hardware_throughput", "TFLOP/s per GPU", "已知的单卡硬件吞吐",
        "FLOP/s a chip with recomputation counted, if known",
    ),
    _input("tokens_per_second", "tokens/s", "已知的集群吞吐", "tokens a second of the whole cluster, if known"),
    _input("recomputed", "x", "重计算比例", "share of the forward pass computed twice (1: full recomputation)", high=1, default=0.0),
    _input("hfu", "x", "已知的硬件利用率", "hardware utilisation, if known: says how much was recomputed", high=2),
    _input("overhead", "x", "开销系数", "chip-hours over those of an undisturbed run: restarts, tests, failed parts; none where throughput or hours are given, else the usual one", low=1),
    _input("usual_overhead", "x", "通常的开销系数", "overhead where nobody says it and hours are predicted from the utilisation", low=1, default=1.0),
    _input("gpu_hours", "GPU hours", "已知的总卡时", "chip-hours in all, if known: gives the utilisation"),
    _input("gpus", "GPUs", "卡数", "chips of the cluster", low=1),
    _input("duration", "hours", "已知的训练时长", "hours the cluster ran, if known"),
    _input("rental", "USD per GPU hour", "租金", "rental (else that of the chip)"),
    _input("hardware_price", "USD per GPU", "每卡购置价（含服务器）", "price a chip with its share of the server"),
    _input("server_factor", "x", "服务器系数", "price with the server over the chip's, where only that is known", low=1, default=1.64),
    _input("age", "years", "训练开始时的机龄", "years from the price to the start of training, if known"),
    _input("start_year", "x", "训练开始（十进制年份）", "start of training as a decimal year: gives the age", low=1990, high=2100),
    _input("price_year", "x", "价格年份（十进制）", "when the price held, as a decimal year", low=1990, high=2100),
    _input("depreciation", "x", "每年贬值（10的幂）", "powers of ten that value falls a year", default=0.14),
    _input("network_share", "x", "网络占集群成本", "network's part of the cost of a cluster", high=0.9, default=0.19),
    _input("server_power", "x", "服务器功率系数", "power of a server over that of its chips", low=1, default=1.8),
    _input("power_share", "x", "平均功率比例", "average power over the maximum", high=1.2, default=0.75),
    _input("pue", "x", "PUE", "power usage effectiveness of the building", low=1, default=1.25),
    _input("electricity", "USD per kWh", "电价", "price of electricity", default=0.08),
    _input("price_level", "x", "物价换算", "money of the result over money of the prices", low=0.01, default=1.0),
)  # fmt: skip

OUTPUTS = (
    Output("gpu_hours_total", "GPU hours", Phrase("总卡时", "chip-hours in all")),
    Output("gpu_hours_pretraining", "GPU hours", Phrase("预训练卡时", "chip-hours of pre-training")),
    Output("gpu_hours_extension", "GPU hours", Phrase("上下文扩展卡时", "chip-hours of context extension")),
    Output("gpu_hours_post", "GPU hours", Phrase("后训练卡时", "chip-hours of post-training")),
    Output(
        "gpu_hours_per_tn_tokens", "GPU hours per tn tokens", Phrase("每万亿token卡时", "chip-hours a tn tokens")
    ),
    Output("training_compute", "FLOP", Phrase("训练算力", "training compute")),
    Output("compute_by_rule", "FLOP", Phrase("按6ND的训练算力", "training compute by the rule 6 × parameters a token uses × tokens")),
    Output("training_flop_per_token", "GFLOP per token", Phrase("每token训练算力", "training FLOP a token")),
    Output("model_throughput", "TFLOP/s per GPU", Phrase("单卡吞吐", "model FLOP/s a chip")),
    Output("machine_throughput", "TFLOP/s per GPU", Phrase("单卡硬件吞吐", "FLOP/s a chip with recomputation")),
    Output("mfu", "x", Phrase("模型利用率", "model FLOP over the BF16 peak")),
    Output("hfu", "x", Phrase("硬件利用率", "hardware FLOP over the BF16 peak")),
    Output(
        "rematerialisation", "pp", Phrase("重计算造成的差", "hardware less model utilisation: what recomputation adds")
    ),
    Output("mfu_of_hours", "x", Phrase("含开销的利用率", "model FLOP over the BF16 peak of all hours")),
    Output("days", "days", Phrase("训练天数", "days on the cluster")),
    Output("parameters_counted", "bn parameters", Phrase("数得的参数量", "parameters counted from the architecture")),
    Output("active_counted", "bn parameters", Phrase("数得的激活参数量", "active parameters counted")),
    Output("energy", "MWh", Phrase("电量", "energy with cooling")),
    Output("cost_rental", "USD", Phrase("租用成本", "cost at the rental")),
    Output("cost_rental_pretraining", "USD", Phrase("预训练租用成本", "pre-training at the rental")),
    Output("cost_rental_extension", "USD", Phrase("上下文扩展租用成本", "context extension at the rental")),
    Output("cost_rental_post", "USD", Phrase("后训练租用成本", "post-training at the rental")),
    Output("cost_amortised", "USD", Phrase("折旧+网络+电费", "hardware written off, network and energy")),
    Output("cost_chips", "USD", Phrase("其中：芯片折旧", "of it: chips written off")),
    Output("cost_servers", "USD", Phrase("其中：服务器其余部件折旧", "of it: the rest of the servers")),
    Output("cost_network", "USD", Phrase("其中：网络折旧", "of it: network")),
    Output("cost_energy", "USD", Phrase("电费", "cost of energy")),
    Output("cost_acquisition", "USD", Phrase("购置成本", "cost of buying the cluster")),
)  # fmt: skip


def _sequence(x: Values, name: str) -> Array:
    if name == "sequence" and not x.has("sequence"):
        context = x.of("architecture").number("context", _DEFAULT_SEQUENCE)
        return np.minimum(context, _DEFAULT_SEQUENCE)
    return x[name]


def _flop_per_token(x: Values, sequence: str) -> Array | None:
    if x.has("flop_per_token"):
        return x["flop_per_token"]
    architecture = x.of("architecture")
    if not (is_described(architecture) or architecture.has("parameters")):
        return None
    share = {"causal": HALF, "full": 1.0, "none": 0.0}[x.text("mask")]
    return training_flop_per_token(
        architecture, _sequence(x, sequence), share, with_prediction=x.text("prediction_layers") == "counted"
    )


def _speed(x: Values, per_token: Array | None) -> Array | None:
    """Model FLOP/s of one chip, in FLOP/s, from whichever of the inputs says it most directly."""
    if x.has("throughput"):
        return x["throughput"] * 1e12
    if x.has("hardware_throughput"):
        return x["hardware_throughput"] * 1e12 / (1 + x["recomputed"] / 3)
    if x.has("tokens_per_second"):
        if per_token is None:
            return None
        return x["tokens_per_second"] * per_token / x["gpus"]
    chip = x.of("chip")
    if x.has("utilisation") and chip.has("peak_bf16"):
        return x["utilisation"] * chip["peak_bf16"] * 1e12
    return None


_STATED = ("throughput", "hardware_throughput", "tokens_per_second", "gpu_hours")


def _overhead(x: Values) -> Array:
    """The overhead as given; where a throughput or hours are given without one, what follows from them alone."""
    if x.has("overhead"):
        return x["overhead"]
    known = any(x.has(each) for each in _STATED) or (x.has("duration") and x.has("gpus"))
    return np.asarray(1.0) if known else x["usual_overhead"]


def _later_flop(x: Values) -> Array:
    """FLOP of context extension and post-training, as far as their tokens are given."""
    total = np.asarray(0.0)
    for phase, sequence in (("extension", "extension_sequence"), ("post", "sequence")):
        per_token = _flop_per_token(x, sequence)
        if np.any(x[f"{phase}_tokens"]) and per_token is not None:
            total = total + x[f"{phase}_tokens"] * per_token
    return total


def _hours(x: Values, speed: Array | None, compute: Array | None) -> dict[str, Array]:
    """Chip-hours by phase. Known hours are taken as they are; counted ones carry the overhead."""
    found: dict[str, Array] = {}
    if compute is not None and speed is not None:
        found["gpu_hours_pretraining"] = compute / speed / 3600 * _overhead(x)
    for phase in ("extension", "post"):
        if x.has(f"{phase}_gpu_hours"):
            found[f"gpu_hours_{phase}"] = x[f"{phase}_gpu_hours"]
            continue
        tokens = x[f"{phase}_tokens"]
        per_token = _flop_per_token(x, "extension_sequence" if phase == "extension" else "sequence")
        if np.any(tokens) and per_token is not None and speed is not None:
            found[f"gpu_hours_{phase}"] = tokens * per_token / speed / 3600 * _overhead(x)
    total = sum(found.values()) if "gpu_hours_pretraining" in found else None
    if x.has("gpu_hours"):
        total = x["gpu_hours"]
    elif x.has("duration") and x.has("gpus"):
        total = x["duration"] * x["gpus"]
    if total is not None:
        found["gpu_hours_total"] = np.asarray(total)
    return found


def _utilisation(x: Values, speed: Array) -> dict[str, Array]:
    found = {"model_throughput": speed / 1e12}
    chip = x.of("chip")
    again = 1 + x["recomputed"] / 3
    if chip.has("peak_bf16"):
        peak = chip["peak_bf16"] * 1e12
        found["mfu"] = speed / peak
        found["hfu"] = x["hfu"] if x.has("hfu") else found["mfu"] * again
        found["rematerialisation"] = 100 * (found["hfu"] - found["mfu"])
        found["machine_throughput"] = found["hfu"] * peak / 1e12
    else:
        found["machine_throughput"] = found["model_throughput"] * again
    return found


def _age(x: Values) -> Array:
    """Years the hardware had lost value for when training began; new where nothing is said."""
    if x.has("age"):
        return x["age"]
    if x.has("start_year") and x.has("price_year"):
        return np.maximum(x["start_year"] - x["price_year"], 0)
    return np.asarray(0.0)


def _costs(x: Values, hours: Array, phases: Mapping[str, Array]) -> dict[str, Array]:
    chip, level = x.of("chip"), x["price_level"]
    found: dict[str, Array] = {}
    rental = x["rental"] if x.has("rental") else chip["rental"] if chip.has("rental") else None
    if rental is not None:
        found["cost_rental"] = hours * rental * level
        found |= {f"cost_rental_{phase}": spent * rental * level for phase, spent in phases.items()}
    if chip.has("power"):
        kwh = energy_kwh(hours, chip["power"], x["server_power"], x["power_share"], x["pue"])
        found["energy"] = kwh / 1000
        found["cost_energy"] = kwh * x["electricity"] * level
    price = (
        x["hardware_price"]
        if x.has("hardware_price")
        else chip["price"] * x["server_factor"]
        if chip.has("price")
        else None
    )
    if price is not None and "cost_energy" in found:
        worn = written_off(hours, price, _age(x), x["depreciation"])
        servers, cluster = worn * level, with_network(worn, x["network_share"]) * level
        found |= {
            "cost_chips": servers / x["server_factor"],
            "cost_servers": servers - servers / x["server_factor"],
            "cost_network": cluster - servers,
            "cost_amortised": cluster + found["cost_energy"],
        }
    if price is not None and x.has("gpus"):
        found["cost_acquisition"] = with_network(x["gpus"] * price, x["network_share"]) * level
    return found


def _compute(x: Values) -> Mapping[str, Array]:
    architecture = x.of("architecture")
    per_token = _flop_per_token(x, "sequence")
    compute = x["compute"] if x.has("compute") else None
    if compute is None and per_token is not None and x.has("tokens"):
        compute = per_token * x["tokens"]
    found: dict[str, Array] = {}
    if is_described(architecture):
        every, active = counted_parameters(architecture)
        found |= {"parameters_counted": every / 1e9, "active_counted": active / 1e9}
    if per_token is not None:
        found["training_flop_per_token"] = per_token / 1e9
    whole = compute if compute is None or x.has("compute") else compute + _later_flop(x)
    if whole is not None:
        found["training_compute"] = whole
    used = next((name for name in ("active_parameters", "parameters") if architecture.has(name)), "")
    if used and x.has("tokens"):
        found["compute_by_rule"] = 6 * architecture[used] * x["tokens"]
    speed = _speed(x, per_token)
    found |= _hours(x, speed, compute)
    hours = found.get("gpu_hours_total")
    if hours is not None and x.has("tokens"):
        pretraining = found.get("gpu_hours_pretraining", hours)
        found["gpu_hours_per_tn_tokens"] = (hours if x.has("gpu_hours") else pretraining) / (
            x["tokens"] / 1e12
        )
    measured = x.has("gpu_hours") or (x.has("duration") and x.has("gpus"))
    done, spent = (whole, hours) if measured else (compute, found.get("gpu_hours_pretraining"))
    if done is not None and spent is not None and x.of("chip").has("peak_bf16"):
        found["mfu_of_hours"] = done / (spent * 3600 * x.of("chip")["peak_bf16"] * 1e12)
    stated = any(x.has(each) for each in ("throughput", "hardware_throughput", "tokens_per_second"))
    if measured and not stated and whole is not None and hours is not None:
        speed = whole / (hours * 3600) * _overhead(x)
    if speed is not None:
        found |= _utilisation(x, speed)
    if hours is not None:
        if x.has("gpus"):
            found["days"] = hours / x["gpus"] / 24
        phases = {each: found[f"gpu_hours_{each}"] for each in _PHASES if f"gpu_hours_{each}" in found}
        found |= _costs(x, hours, phases)
    x.refuse(
        not found,
        "there is nothing to compute from these inputs",
        "an architecture, tokens and a chip, or hours",
    )
    return found


def _remarks(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    found = []
    for name, zh, en in (
        ("mfu", "运行中的利用率", "utilisation while running"),
        ("mfu_of_hours", "按全部卡时计的利用率", "utilisation of all chip-hours"),
    ):
        if name in outputs and not POSSIBLE[0] <= float(outputs[name]) <= POSSIBLE[1]:
            value = f"{100 * float(outputs[name]):.3g} %"
            found.append(
                Phrase(
                    f"{zh}{value}不在可能范围（5%–75%）：卡时、算力或峰值有误，或口径不同（如每万亿token）",
                    f"{en} of {value} is outside what has been seen (5–75 %): hours, FLOP or peak are wrong or on "
                    "another basis (for instance hours per 1e12 tokens)",
                )
            )
    architecture = x.of("architecture")
    if "parameters_counted" in outputs and architecture.has("parameters"):
        counted, published = float(outputs["parameters_counted"]), float(architecture["parameters"]) / 1e9
        if abs(counted / published - 1) > 0.1:
            found.append(
                Phrase(
                    f"按结构数得{counted:.4g}十亿参数，公布为{published:.4g}",
                    f"{counted:.4g} bn parameters are counted from the architecture, {published:.4g} are published",
                )
            )
    return tuple(found)


TRAINING = Model(
    "training",
    Phrase("训练成本", "training: hours, energy and cost"),
    "training",
    INPUTS,
    OUTPUTS,
    _compute,
    formula=(
        "FLOP a token = 3 · (2 · weights it is multiplied with + attention scores); "
        "hours = FLOP · tokens / (utilisation · BF16 peak) · overhead; "
        "amortised cost = (value · 0.14 · ln 10 a year · hours) / (1 − network share) + energy"
    ),
    source=(
        "Megatron-LM, arXiv 2104.04473; PaLM, arXiv 2204.02311, appendix B; DeepSeek-V3, arXiv 2412.19437; "
        "Cottier et al., arXiv 2405.21015, and epoch-research/training-cost-trends"
    ),
    records={"architecture": ARCHITECTURE, "chip": CHIP},
    remarks=_remarks,
)
