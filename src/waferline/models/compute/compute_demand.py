"""This module holds how many chip hours a year training and inference would take, by kind of use, year after year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

KINDS = (
    ("chat", "对话", "chat"),
    ("reasoning", "推理模型", "reasoning models"),
    ("agents", "智能体", "agents"),
)
_DAYS = 365.25
_HOURS = 8766.0


def _compute(x: Values) -> Mapping[str, Array]:
    count = int(np.max(x["years"]))
    x.refuse(x["years"].ndim > 0, "the years counted are one number", "years = 6")
    t = np.arange(count, dtype=np.float64)
    users = _path(x, "users", t)
    work = _path(x, "work_per_token", t) * 1e9
    chip = _path(x, "chip_speed", t) * 1e12
    hours: dict[str, Array] = {}
    tokens: Array = np.asarray(0.0)
    for kind, _, _ in KINDS:
        a_day = _path(x, f"{kind}_tokens", t) * users
        tokens = tokens + a_day
        useful = _last(x["inference_utilisation"]) * chip
        hours[kind] = a_day * _DAYS * work / useful / 3600
    hours["training"] = _path(x, "training", t) / (_last(x["training_utilisation"]) * chip) / 3600
    total = sum(hours.values(), np.asarray(0.0))
    served = total - hours["training"]
    shape = np.broadcast_shapes(total.shape, t.shape)
    found = {f"{kind}_hours": np.broadcast_to(value, shape) / 1e6 for kind, value in hours.items()}
    found |= {
        "year": x["start"] + t,
        "tokens_per_day": np.broadcast_to(tokens, shape) / 1e12,
        "inference_hours": np.broadcast_to(served, shape) / 1e6,
        "total_hours": np.broadcast_to(total, shape) / 1e6,
        "inference_share": np.broadcast_to(served / total, shape),
        "chips": np.broadcast_to(total, shape) / _HOURS / 1e3,
        "hours_first": total[..., 0] / 1e6,
        "hours_last": total[..., -1] / 1e6,
        "inference_share_last": (served / total)[..., -1],
        "chips_last": total[..., -1] / _HOURS / 1e3,
    }
    if count > 1:
        found["growth"] = (total[..., -1] / total[..., 0]) ** (1 / (count - 1)) - 1
    return found


def _path(x: Values, name: str, t: Array) -> Array:
    """Value in each year: the first one, grown by a factor a year."""
    path: Array = _last(x[name]) * _last(x[f"{name}_growth"]) ** t
    return path


def _last(value: Array) -> Array:
    return value[..., None]


def _of(name: str, unit: str, zh: str, en: str) -> tuple[Input, Input]:
    return (
        Input(name, unit, Phrase(zh, en), low=0),
        Input(
            f"{name}_growth", "x", Phrase(f"{zh}的年倍数", f"factor a year of it: {en}"), low=0.01, high=100
        ),
    )


COMPUTE_DEMAND = Model(
    "compute-demand",
    Phrase("算力需求情景", "compute demand by scenario"),
    "inference",
    (
        Input("start", "x", Phrase("起始年", "first year"), low=1990, high=2100, whole=True),
        Input("years", "x", Phrase("年数", "years counted"), low=1, high=50, whole=True),
        *_of("users", "count", "用户数", "users"),
        *_of("chat_tokens", "tokens", "每用户每天的对话token", "tokens of chat for a user and day"),
        *_of("reasoning_tokens", "tokens", "每用户每天的推理模型token", "tokens of reasoning models for a user and day"),
        *_of("agents_tokens", "tokens", "每用户每天的智能体token", "tokens of agents for a user and day"),
        *_of("work_per_token", "GFLOP per token", "每token的计算量", "arithmetic of a token, twice the active parameters"),
        *_of("training", "FLOP", "一年的训练计算量", "arithmetic of a year's training and experiments"),
        *_of("chip_speed", "TFLOP/s", "每芯片峰值算力", "peak of a chip in use"),
        Input("inference_utilisation", "x", Phrase("推理的算力利用率（含空闲）", "share of the peak that serving reaches, idle hours included"), low=0.001, high=1),
        Input("training_utilisation", "x", Phrase("训练的算力利用率（含空闲）", "share of the peak that training reaches, idle hours included"), low=0.001, high=1),
    ),
    (
        Output("hours_last", "mn GPU hours", Phrase("末年芯片小时", "chip hours of the last year")),
        Output("hours_first", "mn GPU hours", Phrase("首年芯片小时", "chip hours of the first year")),
        Output("growth", "x", Phrase("年均增速", "growth a year"), shown="%"),
        Output("inference_share_last", "x", Phrase("末年推理占比", "inference's part in the last year"), shown="%"),
        Output("chips_last", "thousand GPUs", Phrase("末年芯片数", "chips that run all year, in the last year")),
        Output("year", "calendar year", Phrase("年份", "year"), True),
        *(Output(f"{kind}_hours", "mn GPU hours", Phrase(f"{zh}芯片小时", f"chip hours of {en}"), True) for kind, zh, en in KINDS),
        Output("training_hours", "mn GPU hours", Phrase("训练芯片小时", "chip hours of training"), True),
        Output("inference_hours", "mn GPU hours", Phrase("推理芯片小时", "chip hours of inference"), True),
        Output("total_hours", "mn GPU hours", Phrase("芯片小时合计", "chip hours in all"), True),
        Output("tokens_per_day", "tn tokens", Phrase("每天token", "tokens a day"), True),
        Output("inference_share", "x", Phrase("推理占比", "inference's part"), True, shown="%"),
        Output("chips", "thousand GPUs", Phrase("全年运行的芯片数", "chips that run all year"), True),
    ),
    _compute,
    formula=(
        "inference = users · tokens a user and day · 365.25 · FLOP a token / (peak · share reached · 3600); training = FLOP / "
        "the same; each input grows by its factor a year"
    ),
    source="arithmetic; FLOP of a token: twice the active parameters (arXiv 2001.08361, section 2.1)",
)  # fmt: skip
