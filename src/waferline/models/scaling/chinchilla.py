"""This module fits the Chinchilla law to extracted training runs and says what is optimal under it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.models.scaling.loss_law import LossLaw, fit, kept, refits
from waferline.quantity.relations.base import Phrase

_FEWEST = 12


def _compute(x: Values) -> Mapping[str, Array]:
    n, loss, flop = x["parameters"], x["loss"], x.one("flop_per_token")
    x.refuse(
        len(n) != len(loss) or len(n) != len(x["training_compute"]), "the lists of runs differ in length",
        "parameters, training_compute and loss of every run",
        f"{len(n)}, {len(x['training_compute'])} and {len(loss)}",
    )  # fmt: skip
    excluded, delta = int(x.one("excluded")), x.one("huber_delta")
    x.refuse(
        len(n) - excluded < _FEWEST, "too few runs for five constants", f"at least {_FEWEST}",
        f"{len(n)} less {excluded} excluded",
    )  # fmt: skip
    keep = kept(loss, excluded)
    d = x["training_compute"] / (flop * n)
    n, d, loss = n[keep], d[keep], loss[keep]
    x.refuse(len(n) < _FEWEST, "too few runs are left", f"at least {_FEWEST}", str(len(n)))
    x.refuse(
        np.ptp(n) == 0 or np.ptp(d) == 0, "all runs have one size: the exponents cannot be told",
        "runs of different sizes and tokens",
    )  # fmt: skip
    if x.draws is None:
        law = fit(n, d, loss, delta)
    else:
        many = refits(n, d, loss, delta, x.seed)
        pick = np.arange(x.draws) % many.e.shape[0]
        law = LossLaw(many.a[pick], many.b[pick], many.e[pick], many.alpha[pick], many.beta[pick])
    return _outputs(law, x["budget"], flop) | {"runs_fitted": np.asarray(float(len(n)))}


def _outputs(law: LossLaw, budget: Array, flop: float) -> dict[str, Array]:
    best = law.optimal_parameters(budget, np.asarray(flop))
    tokens = budget / (flop * best)
    more = law.optimal_parameters(10 * budget, np.asarray(flop))
    loss, better = law.loss(best, tokens), law.loss(more, 10 * budget / (flop * more))
    return {
        "alpha": law.alpha,
        "beta": law.beta,
        "e": law.e,
        "a": law.a,
        "b": law.b,
        "optimal_exponent": law.exponent(),
        "optimal_tokens_exponent": 1 - law.exponent(),
        "tokens_per_parameter": tokens / best,
        "optimal_parameters": best,
        "optimal_tokens": tokens,
        "optimal_loss": loss,
        "loss_saved_by_tenfold": loss - better,
        "reducible_removed_by_tenfold": 100 * (loss - better) / (loss - law.e),
    }


LAW_OUTPUTS = (
    Output("alpha", "ratio", Phrase("参数量指数α", "exponent α of parameters")),
    Output("beta", "ratio", Phrase("数据量指数β", "exponent β of tokens")),
    Output("e", "nat", Phrase("不可约损失E", "irreducible loss E")),
    Output("a", "ratio", Phrase("参数项系数A", "coefficient A of parameters")),
    Output("b", "ratio", Phrase("数据项系数B", "coefficient B of tokens")),
    Output("optimal_exponent", "ratio", Phrase("最优参数量对算力的指数", "exponent of the optimal parameters in compute")),
    Output("optimal_tokens_exponent", "ratio", Phrase("最优数据量对算力的指数", "exponent of the optimal tokens in compute")),
    Output("tokens_per_parameter", "ratio", Phrase("最优每参数token数", "optimal tokens per parameter at the budget")),
    Output("optimal_parameters", "parameters", Phrase("最优参数量", "optimal parameters at the budget")),
    Output("optimal_tokens", "tokens", Phrase("最优token数", "optimal tokens at the budget")),
    Output("optimal_loss", "nat", Phrase("最优损失", "loss of the optimal model")),
    Output("loss_saved_by_tenfold", "nat", Phrase("算力增至十倍时最优损失的下降", "loss saved by ten times the budget")),
    Output("reducible_removed_by_tenfold", "%", Phrase("算力增至十倍所消除的可约损失", "share of the reducible loss removed by ten times the budget")),
)  # fmt: skip

CHINCHILLA = Model(
    "chinchilla",
    Phrase("预训练扩展律的拟合", "the pre-training scaling law, fitted"),
    "scaling",
    (
        Input(
            "parameters", "parameters", Phrase("各训练点的参数量", "parameters of each run"), low=1, many=True
        ),
        Input(
            "training_compute",
            "FLOP",
            Phrase("各训练点的训练算力", "training compute of each run"),
            low=1,
            many=True,
        ),
        Input("loss", "nat", Phrase("各训练点的损失", "loss of each run, nats a token"), low=1e-6, many=True),
        Input("budget", "FLOP", Phrase("算力预算", "compute budget of the optimum"), low=1, high=1e35),
        Input(
            "excluded",
            "x",
            Phrase("剔除的高损失训练点", "runs of highest loss left out"),
            low=0,
            whole=True,
            default=0,
        ),
        Input(
            "huber_delta",
            "x",
            Phrase("Huber损失的δ", "δ of the Huber loss of log L"),
            low=1e-9,
            high=1,
            default=1e-3,
        ),
        Input(
            "flop_per_token",
            "x",
            Phrase("每参数每token的FLOP", "FLOP per parameter and token"),
            low=1,
            high=100,
            default=6,
        ),
    ),
    (*LAW_OUTPUTS, Output("runs_fitted", "x", Phrase("参与拟合的训练点", "runs fitted"))),
    _compute,
    formula="L = E + A/N^α + B/D^β, D = C/(6·N); least Huber loss (δ = 10⁻³) of log L in log-sum-exp form; interval from refits to resampled runs",
    source="Hoffmann et al., arXiv 2203.15556, section 3.3; outliers as in Epoch AI's replication, github.com/epoch-research/analyzing-chinchilla, data_analysis.ipynb",
)
