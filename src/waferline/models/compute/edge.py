"""This module says whether a model runs on a device of one's own, and how fast: a phone, a PC, glasses, a car."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from waferline.models.compute.formats import FORMATS, Format, format_named
from waferline.models.compute.kv_cache import kv_values_per_token
from waferline.models.compute.records import ARCHITECTURE, CHIP
from waferline.models.compute.transformer import is_described, score_flop
from waferline.models.compute.weights import Weights, weights_of
from waferline.models.model import Array, Choice, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

_GB = 1e9
_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class _Load:
    """What one token asks of the device: layers, GB to hold, GB to read, FLOP of a step and of the whole prompt."""

    weights: Weights
    depth: Array
    file: Array
    held: Array
    cache: Array
    read: Array
    step_flop: Array
    prompt_flop: Array


def _load(x: Values) -> _Load:
    architecture, form = x.of("architecture"), format_named(x.text("format"))
    weights = weights_of(architecture)
    prompt, answer = x["prompt_tokens"], x["generated_tokens"]
    kept = x.number("context", 0) if x.has("context") else prompt + answer
    x.refuse(kept < prompt, "the prompt is longer than the context")
    layer_bits, head_bits = x.number("layer_bits", form.layers), x.number("head_bits", form.head)
    per_token = _kept_per_token(architecture) * x["kv_bytes"] / _GB
    inside = weights.layers * layer_bits + weights.head * head_bits
    table = weights.embedding * form.embedding
    read_at = x["context"] if x.has("context") else prompt + answer / 2
    return _Load(
        weights=weights,
        depth=architecture["layers"] if architecture.has("layers") else _usual_depth(weights.total),
        file=(inside + table) / 8 / _GB,
        held=(inside + table * x["embedding_in_memory"]) / 8 / _GB,
        cache=per_token * kept,
        read=(weights.active * layer_bits + weights.head * head_bits) / 8 / _GB + per_token * read_at,
        step_flop=2 * (weights.active + weights.head),
        prompt_flop=_prompt_flop(weights, architecture, prompt),
    )


def _usual_depth(total: Array) -> Array:
    """Layers of a model of which only the size is known: 12·layers·width² weights, 128 times as wide as deep.

    7 bn give 33 (Llama has 32), 70 bn give 71 (80): good for the time of a layer, which is the smaller part.
    """
    depth: Array = np.cbrt(total / (12 * 128**2))
    return depth


def _kept_per_token(architecture: Values) -> Array:
    """Numbers of keys and values a token leaves, or none where only the size of the model is known."""
    return kv_values_per_token(architecture) if is_described(architecture) else np.asarray(0.0)


def _prompt_flop(weights: Weights, architecture: Values, prompt: Array) -> Array:
    """Every layer sees the whole prompt, the head its last token; scores cost more the longer the prompt is."""
    scores = score_flop(architecture, prompt) * prompt if is_described(architecture) else np.asarray(0.0)
    total: Array = 2 * weights.active * prompt + 2 * weights.head + scores
    return total


def _peak(chip: Values, form: Format) -> Array | None:
    """FLOP a second: INT8 where the activations are integers or the chip states nothing else."""
    names = ("peak_int8", "peak_bf16") if form.integer else ("peak_bf16", "peak_int8")
    for name in names:
        if chip.has(name):
            peak: Array = chip[name] * 1e12
            return peak
    return None


def _compute(x: Values) -> Mapping[str, Array]:
    load, chip = _load(x), x.of("chip")
    peak = _peak(chip, format_named(x.text("format")))
    start = load.depth * x["layer_time"] / 1000
    reading = load.read / (x["bandwidth_efficiency"] * chip["bandwidth"])
    step = reading
    found = {
        "weights": load.weights.total,
        "active_weights": load.weights.active + load.weights.head,
        "file_size": load.file,
        "kv_memory": load.cache,
        "memory_needed": load.held + load.cache + x["runtime_memory"],
        "read_per_token": load.read,
        "bandwidth_limit": 1 / reading,
    }
    if peak is not None and x.has("prefill_efficiency"):
        rate = x["prefill_efficiency"] * peak
        step = np.maximum(reading, load.step_flop / rate)
        found["compute_limit"] = rate / load.step_flop
        found |= _prefill(x, load, start, rate)
    fits = np.asarray(1.0)
    if chip.has("memory"):
        found["memory_available"] = x["chips"] * chip["memory"] * x["app_memory_share"]
        found["memory_margin"] = 100 * (found["memory_available"] / found["memory_needed"] - 1)
        fits = found["fits"] = np.where(found["memory_available"] >= found["memory_needed"], 1.0, 0.0)
    found["time_per_token"] = 1000 * (start + step)
    found["tokens_per_second"] = fits / (start + step)
    return found | _power(x, found)


def _prefill(x: Values, load: _Load, start: Array, rate: Array) -> dict[str, Array]:
    begin = start
    if x.has("prefill_layer_time"):
        begin = load.depth * x["prefill_layer_time"] / 1000
    first = begin + load.prompt_flop / rate
    return {"time_to_first_token": 1000 * first, "prefill_tokens_per_second": x["prompt_tokens"] / first}


def _power(x: Values, found: Mapping[str, Array]) -> dict[str, Array]:
    """Energy of a token, and the pace that the device can cool: what it draws while decoding, held down to what it sheds."""
    if x.has("active_power"):
        drawn = x["active_power"]
    elif x.of("chip").has("power"):
        drawn = x.of("chip")["power"] * x["chips"]
    else:
        return {"sustained_tokens_per_second": found["tokens_per_second"]}
    speed = found["tokens_per_second"]
    cooled = np.minimum(x.number("sustained_power", np.inf), drawn)
    result = {
        "energy_per_token": drawn * found["time_per_token"] / 1000,
        "sustained_tokens_per_second": speed * cooled / drawn,
    }
    if x.has("sustained_power"):
        result["power_limit"] = 1000 * x["sustained_power"] / (drawn * found["time_per_token"])
    if x.has("battery"):
        result["battery_minutes"] = 60 * x["battery"] / cooled
    return result


_LIMITS = {
    "memory": Phrase("内存", "memory"),
    "power": Phrase("功耗", "power"),
    "start": Phrase("启动", "layers"),
    "compute": Phrase("算力", "compute"),
    "bandwidth": Phrase("带宽", "bandwidth"),
}


def _limit(o: Mapping[str, Array]) -> str:
    """What binds: first whether it fits, then whether it stays cool, then where the time of a token goes."""
    if "fits" in o and not o["fits"]:
        return "memory"
    if float(o["sustained_tokens_per_second"]) < float(o["tokens_per_second"]) * (1 - _EPSILON):
        return "power"
    reading, computing = (1000 / float(o.get(name, np.inf)) for name in ("bandwidth_limit", "compute_limit"))
    if max(reading, computing) < float(o["time_per_token"]) / 2:
        return "start"
    return "compute" if computing > reading else "bandwidth"


def _verdict(x: Values, outputs: Mapping[str, Array]) -> Phrase:
    return _LIMITS[_limit(outputs)]


def _remarks(x: Values, o: Mapping[str, Array]) -> tuple[Phrase, ...]:
    """The limit that binds, with its number."""
    limit = _limit(o)
    if limit == "memory":
        need, have = float(o["memory_needed"]), float(o["memory_available"])
        return (
            Phrase(
                f"内存是约束：需要{need:.1f} GB，应用可用{have:.1f} GB，放不下",
                f"memory binds: it needs {need:.1f} GB and an app may use {have:.1f} GB, so it does not run",
            ),
        )
    if limit == "power":
        slow = float(o["sustained_tokens_per_second"])
        return (
            Phrase(
                f"功耗是约束：散热只允许持续{slow:.1f} token/秒",
                f"power binds: the device can cool {slow:.1f} tokens/s for long",
            ),
        )
    part = 1000 / float(o["bandwidth_limit"]) / float(o["time_per_token"])
    return (
        {
            "start": Phrase("每层的启动时间是约束", "starting each layer binds, not the reading of weights"),
            "compute": Phrase("算力是约束", "compute binds"),
            "bandwidth": Phrase(
                f"内存带宽是约束：读取权重占每token时间的{part:.0%}",
                f"memory bandwidth binds: reading weights takes {part:.0%} of the time of a token",
            ),
        }[limit],
    )


def _in(name: str, unit: str, zh: str, en: str, **about: object) -> Input:
    return Input(name, unit, Phrase(zh, en), **about)  # type: ignore[arg-type]


def _out(name: str, unit: str, zh: str, en: str) -> Output:
    return Output(name, unit, Phrase(zh, en))


EDGE = Model(
    "edge",
    Phrase("端侧推理：装得下吗，多快", "a model on a device: does it fit, how fast is it"),
    "edge",
    (
        Choice("format", tuple(each.name for each in FORMATS), Phrase("权重格式", "format of the weights"), (("fp16", "f16"), ("float16", "f16"), ("bfloat16", "bf16"), ("fp32", "f32"))),
        _in("prompt_tokens", "tokens", "提示长度", "tokens of the prompt", low=1, high=1e7, default=128),
        _in("generated_tokens", "tokens", "生成长度", "tokens of the answer", low=1, high=1e7, default=128),
        _in("context", "tokens", "上下文长度", "tokens whose keys and values are kept and read; else prompt and answer", low=1, high=1e7, optional=True),
        _in("chips", "x", "芯片数", "chips that share the layers: memory adds up, speed does not", low=1, high=64, whole=True, default=1),
        _in("layer_bits", "x", "层内每权重位数", "bits of a weight in the layers, if not the format's", low=1, high=32, optional=True),
        _in("head_bits", "x", "输出层每权重位数", "bits of a weight of the output head, if not the format's", low=1, high=32, optional=True),
        _in("kv_bytes", "bytes", "KV缓存每个数的字节数", "bytes of a number in the KV cache", low=0.25, high=8, default=2),
        _in("embedding_in_memory", "x", "词嵌入占用的内存份额", "part of the input embedding kept in this memory: 0 where it is read from flash or the host", low=0, high=1, default=1),
        _in("runtime_memory", "GB", "运行时内存", "memory of the runtime and its activations", low=0),
        _in("app_memory_share", "x", "应用可用的内存份额", "part of the memory that an app may use", low=0, high=1),
        _in("bandwidth_efficiency", "x", "带宽利用率", "part of the memory bandwidth reached while decoding", low=0.001, high=1.2),
        _in("layer_time", "ms", "每层固定耗时", "time of a layer that does not depend on its size", low=0),
        _in("prefill_efficiency", "x", "预填充算力利用率", "part of the peak reached on a prompt", low=0.0001, high=1, optional=True),
        _in("prefill_layer_time", "ms", "预填充每层固定耗时", "time of a layer on a prompt, if not layer_time", low=0, optional=True),
        _in("active_power", "W", "推理功耗", "power drawn while decoding; else the chip's", low=0.01, optional=True),
        _in("sustained_power", "W", "可持续功耗", "power that the device can cool for long", low=0.01, optional=True),
        _in("battery", "Wh", "电池", "energy of the battery", low=0.01, optional=True),
    ),
    (
        _out("tokens_per_second", "tokens/s", "生成速度", "speed of decoding; 0 where the model does not fit"),
        _out("sustained_tokens_per_second", "tokens/s", "可持续生成速度", "speed that the device can cool for long"),
        _out("time_per_token", "ms", "每token时间", "time of a token"),
        _out("time_to_first_token", "ms", "首token时间", "time to the first token: the prompt read"),
        _out("prefill_tokens_per_second", "tokens/s", "预填充速度", "speed of reading the prompt"),
        _out("weights", "parameters", "权重总数", "weights, all of them held"),
        _out("active_weights", "parameters", "每token读取的权重数", "weights that a token reads"),
        _out("file_size", "GB", "模型文件大小", "size of the file"),
        _out("kv_memory", "GB", "KV缓存", "memory of the KV cache"),
        _out("memory_needed", "GB", "所需内存", "memory needed: weights, KV cache, runtime"),
        _out("memory_available", "GB", "可用内存", "memory that an app may use"),
        _out("memory_margin", "%", "内存余量", "memory available over memory needed, less one"),
        _out("fits", "x", "装得下", "1 where the model fits in the memory, else 0"),
        _out("read_per_token", "GB", "每token读取量", "weights and KV cache read for a token"),
        _out("bandwidth_limit", "tokens/s", "带宽上限", "speed if the bandwidth were all there is"),
        _out("compute_limit", "tokens/s", "算力上限", "speed if compute were all there is"),
        _out("power_limit", "tokens/s", "功耗上限", "speed if cooling were all there is"),
        _out("energy_per_token", "J", "每token能耗", "energy of a token"),
        _out("battery_minutes", "minutes", "电池可用时间", "time of decoding until the battery is empty"),
    ),
    _compute,
    formula=(
        "memory = weights · bits / 8 + KV cache + runtime ≤ memory · share; "
        "tokens/s = 1 / (layers · layer_time + max(read / (efficiency · bandwidth), FLOP / (efficiency · peak))); "
        "first token = layers · layer_time + FLOP of the prompt / (efficiency · peak); "
        "sustained = tokens/s · min(1, power cooled / power drawn)"
    ),
    source="roofline of batch one with a fixed time a layer; bits of a weight from the formats' block layouts (ggml)",
    records={"architecture": ARCHITECTURE, "chip": CHIP},
    remarks=_remarks,
    verdict=_verdict,
)  # fmt: skip
