"""This module says how likely a contraction is: two regimes of growth that follow each other, seen through a filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

_ROUNDS = 200
_ENOUGH = 24


@dataclass(frozen=True)
class Regimes:
    """Two normal regimes, the lower first, and how likely each is to stay."""

    means: Array
    deviations: Array
    stay: Array


def filtered(y: Array, of: Regimes) -> tuple[Array, Array, float]:
    """Probability of the lower regime after each observation (filtered), given all (smoothed), and the log-likelihood.

    Hamilton's filter (Econometrica 57, 1989) and Kim's smoother (Journal of Econometrics 60, 1994).
    """
    move = np.array([[of.stay[0], 1 - of.stay[0]], [1 - of.stay[1], of.stay[1]]])
    gap = 2 - of.stay.sum()
    at = np.array([(1 - of.stay[1]) / gap, (1 - of.stay[0]) / gap])
    density = np.exp(-0.5 * ((y[:, None] - of.means) / of.deviations) ** 2) / (
        of.deviations * np.sqrt(2 * np.pi)
    )
    seen, ahead, likelihood = np.empty((len(y), 2)), np.empty((len(y), 2)), 0.0
    for t, weights in enumerate(density):
        ahead[t] = at
        joint = at * np.maximum(weights, 1e-300)
        total = joint.sum()
        likelihood += float(np.log(total))
        seen[t] = joint / total
        at = seen[t] @ move
    whole = seen.copy()
    for t in range(len(y) - 2, -1, -1):
        whole[t] = seen[t] * (move @ (whole[t + 1] / np.maximum(ahead[t + 1], 1e-300)))
    return seen[:, 0], whole[:, 0], likelihood


def fitted(y: Array) -> Regimes:
    """The two regimes by expectation–maximisation, from the halves below and above the median.

    The deviations are held above a tenth of that of the whole series, so that no regime shrinks onto one point.
    """
    middle = np.median(y)
    means = np.array([y[y <= middle].mean(), y[y > middle].mean() if np.any(y > middle) else y.mean()])
    deviations, stay = np.full(2, max(y.std(), 1e-9)), np.array([0.9, 0.9])
    floor = max(0.1 * y.std(), 1e-9)
    for _ in range(_ROUNDS):
        _, whole, _ = filtered(y, Regimes(means, deviations, stay))
        weight = np.stack([whole, 1 - whole], axis=1)
        total = np.maximum(weight.sum(axis=0), 1e-9)
        new = (weight * y[:, None]).sum(axis=0) / total
        deviations = np.maximum(np.sqrt((weight * (y[:, None] - new) ** 2).sum(axis=0) / total), floor)
        both = weight[:-1] * weight[1:]
        stay = np.clip((both.sum(axis=0) + 9) / (weight[:-1].sum(axis=0) + 10), 0.05, 0.995)
        if np.allclose(new, means, atol=1e-10):
            means = new
            break
        means = new
    order = np.argsort(means)
    return Regimes(means[order], deviations[order], stay[order])


def _compute(x: Values) -> Mapping[str, Array]:
    """Everything from data up to the day alone: the last filtered probability saw nothing that came later."""
    growth = x["growth"]
    x.refuse(
        len(growth) < _ENOUGH, "too few observations for two regimes", f"at least {_ENOUGH}", str(len(growth))
    )
    of = fitted(growth)
    seen, whole, _ = filtered(growth, of)
    return {
        "contraction": np.asarray(seen[-1]),
        "filtered": seen,
        "smoothed": whole,
        "low_mean": np.asarray(of.means[0]),
        "high_mean": np.asarray(of.means[1]),
        "low_stays": np.asarray(of.stay[0]),
        "high_stays": np.asarray(of.stay[1]),
        "observations": np.asarray(float(len(growth))),
    }


def _are_apart(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    if float(outputs["low_mean"]) < 0 < float(outputs["high_mean"]):
        return ()
    return (
        Phrase(
            "两个区制的均值同号：低增长区制并非收缩，概率只表示“较慢”",
            "both regimes have means of one sign: the lower one is no contraction, the probability only says slower",
        ),
    )


CONTRACTION = Model(
    "contraction-probability",
    Phrase("收缩概率（实时）", "Probability of a contraction, in real time"),
    "cycle",
    (Input("growth", "x", Phrase("同比增速序列", "growth on the year, period by period, without gaps"), low=-1, many=True),),
    (
        Output("contraction", "x", Phrase("最近一期的收缩概率", "probability of the lower regime at the last period"), shown="%"),
        Output("low_mean", "x", Phrase("低增长区制均值", "mean growth of the lower regime"), shown="%"),
        Output("high_mean", "x", Phrase("高增长区制均值", "mean growth of the upper regime"), shown="%"),
        Output("low_stays", "x", Phrase("低增长区制延续概率", "how likely the lower regime is to stay"), shown="%"),
        Output("high_stays", "x", Phrase("高增长区制延续概率", "how likely the upper regime is to stay"), shown="%"),
        Output("observations", "x", Phrase("观测数", "observations")),
        Output("filtered", "x", Phrase("逐期实时概率", "probability as seen at each period"), many=True),
        Output("smoothed", "x", Phrase("逐期事后概率", "probability of each period, given all"), many=True),
    ),
    _compute,
    formula="two normal regimes, Markov; probability of the lower one given growth up to the period",
    source="Hamilton, Econometrica 57 (1989); Kim, Journal of Econometrics 60 (1994); fitted by expectation–maximisation",
    remarks=_are_apart,
)  # fmt: skip
