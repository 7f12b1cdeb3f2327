"""This module fits how a new kind of device spreads: logistic shares and Bass sales, with priors, to a few observations.

With so few points the prior speaks loudest. The fit therefore says how many observations and free parameters there are
and how much each parameter's range has shrunk from prior to posterior.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Choice, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

_Z90 = 1.2815515655446004
_SAMPLES = 2**17
ENOUGH_YEARS, ENOUGH_QUARTERS = 8, 12


def logistic_share(t: Array, ceiling: Array, speed: Array, middle: Array) -> Array:
    """The share at time t: ceiling / (1 + e^(−speed·(t − middle))). t and middle in years, speed a year. Broadcasts."""
    result: Array = ceiling / (1 + np.exp(-np.clip(speed * (t - middle), -700, 700)))
    return result


def bass_adopted(t: Array, innovation: Array, imitation: Array) -> Array:
    """The part of the market that has bought by t years after launch, 0 before it.

    F(t) = (1 − e^(−(p+q)t)) / (1 + (q/p)·e^(−(p+q)t)). Source: Bass, Management Science 15 (1969), equation 9.

    >>> round(float(bass_adopted(np.array(5.0), np.array(0.03), np.array(0.38))), 3)
    0.331
    """
    t = np.maximum(t, 0.0)
    decay = np.exp(-np.minimum((innovation + imitation) * t, 700))
    result: Array = (1 - decay) / (1 + imitation / innovation * decay)
    return result


def _compute(x: Values) -> Mapping[str, Array]:
    """Prior samples weighted by how well they give the observations (log-normal errors), then resampled.

    Sampling importance resampling: Rubin (1988). Each prior is given by its 10 %, 50 % and 90 % points; observations are
    independent given the curve.
    """
    kind = x.text("curve")
    years, values, spans = x["years"], x["values"], x["spans"]
    x.refuse(
        len(years) != len(values) or len(years) != len(spans), "years, values and spans are not of one length"
    )
    x.refuse(values <= 0, "an observation is not above zero")
    horizon = x["horizon"]
    names = (
        ("ceiling", "speed", "middle")
        if kind == "logistic"
        else ("ceiling", "innovation", "imitation", "launch")
    )
    generator = np.random.Generator(np.random.Philox(key=x.seed))
    prior = {name: _prior(x, name, generator) for name in names}
    seen = _curve(kind, prior, years[:, None], spans[:, None])
    error = x.one("observation_error")
    with np.errstate(divide="ignore"):
        missed = np.log(values)[:, None] - np.log(seen)
    fit = -0.5 * np.sum((missed / error) ** 2, axis=0)
    fit = np.where(np.isfinite(fit), fit, -np.inf)
    x.refuse(
        not np.any(np.isfinite(fit)), "no curve of the prior comes near the observations", "wider priors"
    )
    weights = np.exp(fit - fit.max())
    weights /= weights.sum()
    effective = 1 / np.sum(weights**2)
    count = x.draws or 4096
    # Systematic resampling: one random start, even steps; it adds the least noise of its own.
    places = (generator.random() + np.arange(count)) / count
    chosen = np.searchsorted(np.cumsum(weights), places).clip(max=_SAMPLES - 1)
    posterior = {name: sample[chosen] for name, sample in prior.items()}
    span = np.full_like(horizon, x.one("horizon_span"))
    path = _curve(kind, posterior, horizon[:, None], span[:, None]).T
    # Each curve gets the error of an observation of its own, so that a fan holds what will be printed, not the mean.
    noise = np.exp(error * generator.standard_normal(path.shape)) if x.text("fan") == "observations" else 1.0
    path = path * noise
    if kind == "logistic":
        path = np.minimum(path, 1.0)  # nothing prints a share above the whole
    shrunk = [1 - _width(posterior[name]) / _width(prior[name]) for name in names]
    found: dict[str, Array] = {
        "horizon_years": horizon,
        "observations": np.asarray(float(len(years))),
        "free_parameters": np.asarray(float(len(names))),
        "effective_samples": np.asarray(effective),
        "largest_shrinkage": np.asarray(max(shrunk)),
        "ceiling_shrinkage": np.asarray(shrunk[0]),
    }
    what = "share" if kind == "logistic" else "sales"
    drawn = {what: path, f"{what}_last": path[:, -1], f"{what}_first": path[:, 0]}
    if x.draws is None:
        return found | {name: np.median(value, axis=0) for name, value in drawn.items()}
    return found | drawn


def _prior(x: Values, name: str, generator: np.random.Generator) -> Array:
    """Samples of a parameter: two-piece normal (times) or log-normal (all else) through its three points."""
    given = x[name]
    x.refuse(
        len(given) != 3, f"the prior of {name} has three points", "its 10 %, 50 % and 90 %", str(len(given))
    )
    x.refuse(not (given[0] < given[1] < given[2]), f"the points of the prior of {name} are not in order")
    timed = name in ("middle", "launch")
    x.refuse(not timed and given[0] <= 0, f"{name} lies above zero")
    share = name == "ceiling" and x.text("curve") == "logistic"
    x.refuse(share and given[0] >= 1, "the prior of ceiling lies above the whole market", "a share below 1")
    low, mid, high = given if timed else np.log(given)
    z = generator.standard_normal(_SAMPLES)
    drawn = mid + z * np.where(z < 0, mid - low, high - mid) / _Z90
    sample: Array = drawn if timed else np.exp(drawn)
    if share:
        sample = np.minimum(sample, 1.0)
    return sample


def _curve(kind: str, of: Mapping[str, Array], at: Array, span: Array) -> Array:
    """The share at the middle of each period, or the sales within it; shape (periods, samples)."""
    if kind == "logistic":
        return logistic_share(at, of["ceiling"], of["speed"], of["middle"])
    start, end = at - span / 2 - of["launch"], at + span / 2 - of["launch"]
    before = bass_adopted(start, of["innovation"], of["imitation"])
    after = bass_adopted(end, of["innovation"], of["imitation"])
    return of["ceiling"] * (after - before)


def _width(sample: Array) -> float:
    low, high = np.quantile(sample, [0.1, 0.9])
    return float(high - low)


def _is_mostly_prior(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    count, spans = len(x["years"]), x["spans"]
    needed = ENOUGH_QUARTERS if np.all(spans < 0.5) else ENOUGH_YEARS
    told = []
    free, shrunk = int(outputs["free_parameters"]), float(outputs["ceiling_shrinkage"])
    if count < needed:
        told.append(
            Phrase(
                f"先验主导：{count}个观测、{free}个自由参数；饱和水平的区间仅收窄{max(shrunk, 0):.0%}，不引用拟合的饱和水平",
                f"prior-dominated: {count} observation{'' if count == 1 else 's'} for {free} free parameters; the range of the ceiling shrank by "
                f"{max(shrunk, 0):.0%}, so no fitted ceiling is quoted",
            )
        )
    if float(outputs["effective_samples"]) < 200:
        told.append(
            Phrase("有效样本不足，区间较粗", "few prior samples fit the observations: the interval is coarse")
        )
    return tuple(told)


def _three(name: str, unit: str, zh: str, en: str) -> Input:
    return Input(name, unit, Phrase(zh, f"{en}: its 10 %, 50 % and 90 % points"), many=True, optional=True)


ADOPTION = Model(
    "adoption",
    Phrase("新设备渗透", "Adoption of a new kind of device"),
    "adoption",
    (
        Choice("curve", ("logistic", "bass"), Phrase("曲线", "logistic for a share, bass for sales")),
        Choice("fan", ("observations", "curve"), Phrase("区间含义", "whether the fan holds what will be printed or the curve")),
        Input("years", "x", Phrase("观测时点（十进制年）", "middle of each observed period, as a decimal year"), many=True),
        Input("values", "x", Phrase("观测值", "observed share (as a part of one), or sales in million units (bass)"), many=True),
        Input("spans", "x", Phrase("观测期长度（年）", "length of each observed period in years"), low=0.001, many=True),
        Input("horizon", "x", Phrase("预测时点（十进制年）", "middle of each period asked for"), many=True),
        Input("horizon_span", "x", Phrase("预测期长度（年）", "length of a period asked for"), low=0.001, default=1),
        Input("observation_error", "x", Phrase("观测误差（对数）", "error of an observation, as a standard deviation of its logarithm"), low=0.001, high=3),
        _three("ceiling", "x", "饱和水平先验", "prior of the ceiling: largest share, or the market in million units (bass)"),
        _three("speed", "x", "增长速度先验", "prior of the speed a year (logistic)"),
        _three("middle", "x", "中点先验", "prior of the year of half the ceiling (logistic)"),
        _three("innovation", "x", "创新系数先验", "prior of Bass's p"),
        _three("imitation", "x", "模仿系数先验", "prior of Bass's q"),
        _three("launch", "x", "上市时点先验", "prior of the launch as a decimal year (bass)"),
    ),
    (
        Output("share_last", "x", Phrase("最后一期占比", "share in the last period asked for"), shown="%"),
        Output("share_first", "x", Phrase("第一期占比", "share in the first period asked for"), shown="%"),
        Output("share", "x", Phrase("逐期占比", "share in each period asked for"), many=True, shown="%"),
        Output("sales_last", "million units", Phrase("最后一期销量", "sales in the last period asked for (bass)")),
        Output("sales_first", "million units", Phrase("第一期销量", "sales in the first period asked for (bass)")),
        Output("sales", "million units", Phrase("逐期销量", "sales in each period asked for (bass)"), many=True),
        Output("horizon_years", "x", Phrase("时点", "the periods asked for"), many=True),
        Output("observations", "x", Phrase("观测数", "observations")),
        Output("free_parameters", "x", Phrase("自由参数数", "free parameters")),
        Output("largest_shrinkage", "x", Phrase("先验到后验最大收窄", "largest shrinkage of a parameter from prior to posterior"), shown="%"),
        Output("ceiling_shrinkage", "x", Phrase("饱和水平收窄", "shrinkage of the ceiling from prior to posterior"), shown="%"),
        Output("effective_samples", "x", Phrase("有效样本数", "effective number of prior samples")),
    ),
    _compute,
    formula="logistic: K / (1 + e^(−r(t − t0))); Bass: m · (F(end) − F(start)), F = (1 − e^(−(p+q)t)) / (1 + (q/p) e^(−(p+q)t)); posterior by importance resampling",
    source="Bass, Management Science 15 (1969); logistic growth; log-normal errors",
    remarks=_is_mostly_prior,
)  # fmt: skip
