"""This module says what one more dollar buys in pre-training, post-training and inference, where the three can be compared."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, RecordKind, Values
from waferline.quantity.relations.base import Phrase

STEP = RecordKind(
    "scaling step",
    "models/scaling_steps.csv",
    Phrase("扩展步骤", "a step along one scaling law"),
    (
        Input("score_before", "%", Phrase("之前的得分", "score before"), low=0, high=100, optional=True),
        Input("score_after", "%", Phrase("之后的得分", "score after"), low=0, high=100, optional=True),
        Input("cost", "USD", Phrase("一次性成本", "cost, paid once"), low=0, optional=True),
        Input(
            "samples_before",
            "x",
            Phrase("之前每题采样数", "samples of a question before"),
            low=1,
            optional=True,
        ),
        Input(
            "samples_after",
            "x",
            Phrase("之后每题采样数", "samples of a question after"),
            low=1,
            optional=True,
        ),
    ),
    words=("law", "benchmark", "base_model"),
)
"""A published change of a score and what it took: money paid once, or more samples for every question."""

LAWS = ("pre_training", "post_training", "inference")
_SAME = ("benchmark", "base_model")


def _compute(x: Values) -> Mapping[str, Array]:
    laws = [law for law in LAWS if x.has(f"{law}.law")]
    x.refuse(len(laws) < 2, "nothing to compare", "steps of at least two laws", ", ".join(laws) or "none")
    for law in laws:
        wanted, found = law.replace("_", "-"), x.of(law).text("law")
        x.refuse(wanted != found, f"the step of {law} is of another law", wanted, found)
    for word in _SAME:
        told = {law: x.of(law).text(word) for law in laws}
        x.refuse(
            len(set(told.values())) > 1,
            f"laws are compared on one {word.replace('_', ' ')}",
            "the same for every step",
            "; ".join(f"{law}: {value}" for law, value in told.items()),
        )
    outputs: dict[str, Array] = {}
    for law in laws:
        step = x.of(law)
        gain = step["score_after"] - step["score_before"]
        cost = _cost(x, law)
        x.refuse(np.any(step["score_before"] >= 100), f"the step of {law} starts at 100 %", "room to gain")
        x.refuse(np.any(cost <= 0), f"the step of {law} costs nothing", "a cost above 0")
        outputs[f"{law}_gain"] = gain
        outputs[f"{law}_cost"] = cost
        outputs[f"{law}_error_removed"] = 100 * gain / (100 - step["score_before"])
        outputs[f"{law}_per_dollar"] = gain / (cost / 1e6)
    if {"post_training", "inference"} <= set(laws):
        # the one is paid once, the other for every question: which is cheaper hangs on how many are asked
        each = _cost(x, "inference") / x["questions"]
        gains = outputs["inference_gain"] / outputs["post_training_gain"]
        outputs["break_even_questions"] = outputs["post_training_cost"] * gains / each
    return outputs


def _cost(x: Values, law: str) -> Array:
    step = x.of(law)
    if step.has("cost"):
        return step["cost"]
    more = step["samples_after"] - step["samples_before"]
    return x["questions"] * more * x["tokens_per_sample"] * x["price"] / 1e6


def _outputs(law: str, zh: str, en: str) -> tuple[Output, ...]:
    return (
        Output(f"{law}_gain", "pp", Phrase(f"{zh}的得分提高", f"points gained by {en}")),
        Output(f"{law}_cost", "USD", Phrase(f"{zh}的花费", f"spent on {en}, for these questions")),
        Output(f"{law}_error_removed", "%", Phrase(f"{zh}消除的错误", f"share of the errors removed by {en}")),
        Output(f"{law}_per_dollar", "pp per USD mn", Phrase(f"{zh}每百万美元的提高", f"points a million dollars by {en}")),
    )  # fmt: skip


SCALING_DOLLAR = Model(
    "scaling-dollar",
    Phrase("再花一美元，三条扩展律各换来多少", "what one more dollar buys in each scaling law"),
    "scaling",
    (
        Input("questions", "questions", Phrase("回答的题数", "questions answered"), low=1, high=1e15),
        Input("tokens_per_sample", "tokens", Phrase("每次作答的token数", "tokens of one sample"), low=1, optional=True),
        Input("price", "USD per mn tokens", Phrase("每百万token价格", "price of a million tokens"), low=0, optional=True),
    ),
    (
        *_outputs("post_training", "后训练", "post-training"),
        *_outputs("inference", "推理", "inference"),
        *_outputs("pre_training", "预训练", "pre-training"),
        Output("break_even_questions", "questions", Phrase("推理与后训练每分成本相等的题数", "questions at which inference and post-training cost the same a point")),
    ),
    _compute,
    formula="points / cost; inference: questions · more samples · tokens · price; only steps on one benchmark and one base model",
    source="arithmetic on the published steps of models/scaling_steps.csv, each with its source",
    records=dict.fromkeys(LAWS, STEP),
)  # fmt: skip
