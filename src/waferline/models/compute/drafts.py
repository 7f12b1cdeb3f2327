"""This module holds what drafting tokens ahead gains while decoding is bound by memory: MTP, speculative decoding."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.compute.records import ARCHITECTURE
from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase


def tokens_a_step(drafts: Array, acceptance: Array) -> Array:
    """Tokens that one step yields: the model's own, and each draft as long as all before it were right.

    1 + a + a² + … + aⁿ for n drafts, each accepted with probability a.
    """
    most = int(np.max(drafts))
    gained = (np.where(drafts >= n, acceptance**n, 0.0) for n in range(1, most + 1))
    return 1 + sum(gained, np.asarray(0.0))


def _compute(x: Values) -> Mapping[str, Array]:
    drafts = x["draft_tokens"]
    a = x.of("architecture")
    if x.has("draft_cost"):
        cost = x["draft_cost"]
    else:
        x.refuse(
            not a.has("layers"), "what a draft costs is not known", "an architecture, or draft_cost",
            fix="--set draft_cost=0.02",
        )  # fmt: skip
        cost = 1 / a["layers"]
    tokens = tokens_a_step(drafts, x["acceptance"])
    step = 1 + drafts * (cost + x["check_cost"])
    return {"speed_up": tokens / step, "tokens_per_step": tokens, "step_time": step}


DRAFT_TOKENS = Model(
    "draft-tokens",
    Phrase("多token预测的加速", "speed-up by tokens drafted ahead"),
    "inference",
    (
        Input("acceptance", "x", Phrase("草稿接受率", "share of drafts accepted"), 0, 1),
        Input("draft_tokens", "x", Phrase("每步草稿token数", "tokens drafted at each step"), 0, 16, True, 1),
        Input("draft_cost", "x", Phrase("一个草稿的时间占一步的比例", "time of a draft in steps; else one layer's part"), 0, 10, optional=True),
        Input("check_cost", "x", Phrase("多检查一个token的时间", "time of checking one more token in steps; none while memory binds"), 0, 1, default=0),
    ),
    (
        Output("speed_up", "x", Phrase("加速倍数", "speed-up")),
        Output("tokens_per_step", "x", Phrase("每步token数", "tokens of a step")),
        Output("step_time", "x", Phrase("每步时间（无草稿=1）", "time of a step, without drafts 1")),
    ),
    _compute,
    formula="(1 + a + … + a^n) / (1 + n · (draft cost + check cost)); a draft costs one layer of all",
    source="the mean length of a run of accepted drafts; that MTP is one more layer: configuration of DeepSeek-V3",
    records={"architecture": ARCHITECTURE},
)  # fmt: skip
