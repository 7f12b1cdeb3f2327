"""This module splits a compute budget between parameters and tokens under a published law."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, RecordKind, Values
from waferline.models.scaling.loss_law import LossLaw
from waferline.quantity.relations.base import Phrase

LAW = RecordKind(
    "law",
    "models/scaling_laws.csv",
    Phrase("扩展律", "scaling law"),
    (
        Input("e", "nat", Phrase("不可约损失E", "irreducible loss E"), low=0, optional=True),
        Input("a", "x", Phrase("参数项系数A", "coefficient A of parameters"), low=0, optional=True),
        Input("b", "x", Phrase("数据项系数B", "coefficient B of tokens"), low=0, optional=True),
        Input(
            "alpha", "x", Phrase("参数量指数α", "exponent α of parameters"), low=1e-3, high=5, optional=True
        ),
        Input("beta", "x", Phrase("数据量指数β", "exponent β of tokens"), low=1e-3, high=5, optional=True),
        Input("tokens_coefficient", "x", Phrase("最优token系数", "k in D_opt = k·C^p"), low=0, optional=True),
        Input(
            "tokens_exponent",
            "x",
            Phrase("最优token指数", "p in D_opt = k·C^p"),
            low=0,
            high=1,
            optional=True,
        ),
    ),
)
"""A law of the form L = E + A/N^α + B/D^β, or one that gives only the optimal tokens, D_opt = k·C^p."""


def _compute(x: Values) -> Mapping[str, Array]:
    law, budget, flop = x.of("law"), x["budget"], x["flop_per_token"]
    if law.has("tokens_coefficient"):
        tokens = law["tokens_coefficient"] * budget ** law["tokens_exponent"]
        parameters = budget / (flop * tokens)
        exponent = 1 - law["tokens_exponent"]
        return _optimum(parameters, tokens, exponent)
    loss_law = LossLaw(law["a"], law["b"], law["e"], law["alpha"], law["beta"])
    x.refuse(
        (loss_law.a <= 0) | (loss_law.b <= 0),
        "a law without one of its terms has no optimum",
        "A and B above 0",
    )
    parameters = loss_law.optimal_parameters(budget, flop)
    found = _optimum(parameters, budget / (flop * parameters), loss_law.exponent())
    found["optimal_loss"] = loss_law.loss(parameters, found["optimal_tokens"])
    if x.has("parameters") and x.has("tokens"):
        n, d = x["parameters"], x["tokens"]
        found["loss"] = loss_law.loss(n, d)
        spent = flop * n * d
        best = loss_law.optimal_parameters(spent, flop)
        found["excess_loss"] = found["loss"] - loss_law.loss(best, spent / (flop * best))
    return found


def _optimum(parameters: Array, tokens: Array, exponent: Array) -> dict[str, Array]:
    return {
        "optimal_parameters": parameters,
        "optimal_tokens": tokens,
        "tokens_per_parameter": tokens / parameters,
        "optimal_exponent": np.asarray(exponent),
        "optimal_tokens_exponent": np.asarray(1 - exponent),
    }


COMPUTE_OPTIMAL = Model(
    "compute-optimal",
    Phrase("算力预算的最优分配", "compute-optimal parameters and tokens"),
    "scaling",
    (
        Input("budget", "FLOP", Phrase("算力预算", "compute budget"), low=1, high=1e35),
        Input(
            "flop_per_token",
            "x",
            Phrase("每参数每token的FLOP", "FLOP per parameter and token"),
            low=1,
            high=100,
            default=6,
        ),
        Input(
            "parameters",
            "parameters",
            Phrase("实际参数量", "parameters of a model to judge"),
            low=1,
            optional=True,
        ),
        Input("tokens", "tokens", Phrase("实际token数", "tokens of a model to judge"), low=1, optional=True),
    ),
    (
        Output("optimal_parameters", "parameters", Phrase("最优参数量", "optimal parameters")),
        Output("optimal_tokens", "tokens", Phrase("最优token数", "optimal tokens")),
        Output("tokens_per_parameter", "ratio", Phrase("最优每参数token数", "optimal tokens per parameter")),
        Output(
            "optimal_exponent",
            "ratio",
            Phrase("最优参数量对算力的指数", "exponent of the optimal parameters in compute"),
        ),
        Output(
            "optimal_tokens_exponent",
            "ratio",
            Phrase("最优数据量对算力的指数", "exponent of the optimal tokens in compute"),
        ),
        Output("optimal_loss", "nat", Phrase("最优损失", "loss of the optimal model")),
        Output("loss", "nat", Phrase("给定模型的损失", "loss of the given parameters and tokens")),
        Output(
            "excess_loss",
            "nat",
            Phrase("相对同算力最优的多余损失", "loss above the optimum at the same compute"),
        ),
    ),
    _compute,
    formula="N_opt = (αA/(βB))^(1/(α+β)) · (C/6)^(β/(α+β)), D_opt = C/(6·N_opt); or D_opt = k·C^p",
    source="Hoffmann et al., arXiv 2203.15556, equation 4; the law's own source is on its row",
    records={"law": LAW},
)
