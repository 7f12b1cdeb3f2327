"""This module says how likely a contraction is: two regimes of growth that follow each other, seen through a filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from waferline.errors import NotKnown
from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

_ROUNDS = 200
_ENOUGH, _PLENTY = 18, 36
_SURE = 0.8


@dataclass(frozen=True)
class Regimes:
    """Two normal regimes, the lower first, and how likely each is to stay."""

    means: Array
    deviations: Array
    stay: Array


def filtered(y: Array, of: Regimes) -> tuple[Array, Array, float]:
    """Probability of the lower regime after each period (filtered), given all (smoothed), and the log-likelihood.

    A period that is nan was not observed: it only lets the regimes move on.
    Hamilton's filter (Econometrica 57, 1989) and Kim's smoother (Journal of Econometrics 60, 1994).
    """
    move = _moves(of)
    gap = 2 - of.stay.sum()
    at = np.array([(1 - of.stay[1]) / gap, (1 - of.stay[0]) / gap])
    density = np.exp(-0.5 * ((y[:, None] - of.means) / of.deviations) ** 2) / (
        of.deviations * np.sqrt(2 * np.pi)
    )
    density[np.isnan(y)] = 1.0
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


def _moves(of: Regimes) -> Array:
    return np.array([[of.stay[0], 1 - of.stay[0]], [1 - of.stay[1], of.stay[1]]])


def fitted(y: Array) -> Regimes:
    """The two regimes by expectation–maximisation, from the halves below and above the median.

    The deviations are held above a tenth of that of the whole series, so that no regime shrinks onto one point. Staying
    counts as if ten moves had been seen before, nine of them staying. Source: Hamilton, Journal of Econometrics 45 (1990).
    """
    given = ~np.isnan(y)
    known = y[given]
    middle = np.median(known)
    above = known[known > middle]
    means = np.array([known[known <= middle].mean(), above.mean() if len(above) else known.mean()])
    deviations, stay = np.full(2, max(known.std(), 1e-9)), np.array([0.9, 0.9])
    floor = max(0.1 * known.std(), 1e-9)
    for _ in range(_ROUNDS):
        of = Regimes(means, deviations, stay)
        seen, whole, _ = filtered(y, of)
        weight = np.stack([whole, 1 - whole], axis=1)
        total = np.maximum(weight[given].sum(axis=0), 1e-9)
        new = (weight[given] * known[:, None]).sum(axis=0) / total
        spread = (weight[given] * (known[:, None] - new) ** 2).sum(axis=0) / total
        deviations = np.maximum(np.sqrt(spread), floor)
        stayed = _stayed(np.stack([seen, 1 - seen], axis=1), weight, of)
        stay = np.clip((stayed + 9) / (weight[:-1].sum(axis=0) + 10), 0.05, 0.995)
        if np.allclose(new, means, atol=1e-10):
            means = new
            break
        means = new
    order = np.argsort(means)
    return Regimes(means[order], deviations[order], stay[order])


def _stayed(seen: Array, whole: Array, of: Regimes) -> Array:
    """How many times each regime is expected to have followed itself, given all."""
    ahead = np.maximum(seen[:-1] @ _moves(of), 1e-300)
    result: Array = (seen[:-1] * of.stay * whole[1:] / ahead).sum(axis=0)
    return result


def growth_of(x: Values) -> Array:
    """Growth on the year of every period from the first to the last, nan where neither it nor both its levels are known.

    Printed growth goes before growth from levels: it is of one edition, and levels may be of two.
    """
    per_year = int(x.one("per_year"))
    x.refuse(not x.has("growth") and not x.has("levels"), "neither growth nor levels are given")
    for values, years in (("growth", "growth_years"), ("levels", "level_years")):
        wrong = x.has(years) and (not x.has(values) or len(x[years]) != len(x[values]))
        x.refuse(wrong, f"{years} and {values} are not of one length")
    x.refuse(x.has("levels") and np.any(x["levels"] <= 0), "a level is not above zero")
    x.refuse(
        x.has("growth") and x.has("levels") and not (x.has("growth_years") and x.has("level_years")),
        "growth and levels together need the years of both",
    )
    found: dict[int, float] = {}
    if x.has("levels"):
        levels = dict(zip(_places(x, "levels", "level_years", per_year), x["levels"], strict=True))
        found = {
            at: float(value / levels[at - per_year] - 1)
            for at, value in levels.items()
            if at - per_year in levels
        }
    if x.has("growth"):
        found |= dict(
            zip(_places(x, "growth", "growth_years", per_year), map(float, x["growth"]), strict=True)
        )
    if not found:
        return np.empty(0)
    first = min(found)
    whole = np.full(max(found) - first + 1, np.nan)
    for at, value in found.items():
        whole[at - first] = value
    return whole


def _places(x: Values, values: str, years: str, per_year: int) -> list[int]:
    """The number of each period; one after the other where no years are given."""
    if not x.has(years):
        return list(range(len(x[values])))
    places = [int(each) for each in np.floor(x[years] * per_year + 1e-6)]
    x.refuse(len(set(places)) < len(places), f"two of {values} are about one period")
    return places


def _compute(x: Values) -> Mapping[str, Array]:
    """Everything from data up to the day alone: the last filtered probability saw nothing that came later."""
    from scipy.special import ndtr

    growth = growth_of(x)
    count = int(np.sum(~np.isnan(growth)))
    if count < _ENOUGH:
        # Lists from the evidence grow: what is too short on one day is long enough on a later one.
        raise NotKnown(x.where, "too few observations for two regimes", f"at least {_ENOUGH}", str(count))
    of = fitted(growth)
    seen, whole, _ = filtered(growth, of)
    at = np.array([seen[-1], 1 - seen[-1]]) @ _moves(of)
    return {
        "contraction": np.asarray(seen[-1]),
        "negative_next": np.asarray(at @ ndtr(-of.means / of.deviations)),
        "filtered": seen,
        "smoothed": whole,
        "low_mean": np.asarray(of.means[0]),
        "high_mean": np.asarray(of.means[1]),
        "low_stays": np.asarray(of.stay[0]),
        "high_stays": np.asarray(of.stay[1]),
        "observations": np.asarray(float(count)),
        "periods": np.asarray(float(len(growth))),
        "last_growth": np.asarray(growth[-1]),
    }


def _remarks(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    told = []
    low, high = float(outputs["low_mean"]), float(outputs["high_mean"])
    if not low < 0 < high:
        told.append(
            Phrase(
                f"两个区制的均值同号（{low:.0%}与{high:.0%}）：低增长区制并非收缩，概率只表示“{'较慢' if low >= 0 else '更深的下降'}”",
                f"both regimes have means of one sign ({low:.0%} and {high:.0%}): the lower one is no contraction, the probability only says "
                f"{'slower' if low >= 0 else 'falling faster'}",
            )
        )
    count, periods = int(outputs["observations"]), int(outputs["periods"])
    if count < _PLENTY:
        told.append(
            Phrase(
                f"观测少（{periods}期中{count}期）：至多一个周期，区制的均值不可靠",
                f"few observations ({count} of {periods} periods): one cycle at most, so the means of the regimes are unsure",
            )
        )
    return tuple(told)


def _verdict(x: Values, outputs: Mapping[str, Array]) -> Phrase:
    """The phase in a word or two; where the lower regime is no contraction, the words do not say that it is."""
    lower = float(outputs["contraction"])
    if _SURE > lower > 1 - _SURE:
        return Phrase("两区制之间，未定", "between the regimes")
    if float(outputs["low_mean"]) < 0 < float(outputs["high_mean"]):
        return Phrase("收缩", "contraction") if lower >= _SURE else Phrase("扩张", "expansion")
    return (
        Phrase("较低区制（非收缩）", "lower regime, no contraction")
        if lower >= _SURE
        else Phrase("较高区制", "upper regime")
    )


CONTRACTION = Model(
    "contraction-probability",
    Phrase("收缩概率（实时）", "Probability of a contraction, in real time"),
    "cycle",
    (
        Input("growth", "x", Phrase("同比增速序列", "growth on the year, period by period"), low=-1, many=True, optional=True),
        Input("growth_years", "x", Phrase("其时点（十进制年）", "their periods as decimal years; without them the list has no gaps"), many=True, optional=True),
        Input("levels", "x", Phrase("水平值序列", "levels, from which growth is taken where it is not given"), many=True, optional=True),
        Input("level_years", "x", Phrase("其时点（十进制年）", "their periods as decimal years; without them the list has no gaps"), many=True, optional=True),
        Input("per_year", "x", Phrase("每年期数", "periods a year: 12 for months, 4 for quarters"), low=1, high=53, whole=True, default=12),
    ),
    (
        Output("contraction", "x", Phrase("最近一期的收缩概率", "probability of the lower regime at the last period"), shown="%"),
        Output("negative_next", "x", Phrase("下一期同比为负的概率", "probability that growth is below zero at the next period"), shown="%"),
        Output("low_mean", "x", Phrase("低增长区制均值", "mean growth of the lower regime"), shown="%"),
        Output("high_mean", "x", Phrase("高增长区制均值", "mean growth of the upper regime"), shown="%"),
        Output("low_stays", "x", Phrase("低增长区制延续概率", "how likely the lower regime is to stay"), shown="%"),
        Output("high_stays", "x", Phrase("高增长区制延续概率", "how likely the upper regime is to stay"), shown="%"),
        Output("last_growth", "x", Phrase("最近一期同比", "growth at the last period"), shown="%"),
        Output("observations", "x", Phrase("观测数", "observations")),
        Output("periods", "x", Phrase("期数", "periods from the first to the last, unobserved ones counted")),
        Output("filtered", "x", Phrase("逐期实时概率", "probability as seen at each period"), many=True),
        Output("smoothed", "x", Phrase("逐期事后概率", "probability of each period, given all"), many=True),
    ),
    _compute,
    formula="two normal regimes, Markov; probability of the lower one given growth up to the period",
    source="Hamilton, Econometrica 57 (1989); Kim, Journal of Econometrics 60 (1994); fitted by expectation–maximisation",
    remarks=_remarks,
    verdict=_verdict,
)  # fmt: skip
