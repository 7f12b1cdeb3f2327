"""This module fits how fast frontier models grow a year: their cost, compute or size, with an interval for the rate."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Choice, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase
from waferline.quantity.relations.trend import log_linear, student_quantile

_FEWEST = 8


def _chosen(x: Values) -> tuple[Array, Array]:
    """Years and values of the models that are fitted: in the window, and among the largest at their release."""
    years, values = x["years"], x["values"]
    x.refuse(len(years) != len(values), "every value has a year", f"{len(values)} years", f"{len(years)}")
    x.refuse(values <= 0, "a logarithm needs positive values")
    x.refuse(
        any(x[name].ndim for name in ("top", "start", "end", "level")),
        "the window and the frontier are single numbers",
        "start = 2015.7, not a range",
    )
    kept = (years >= x["start"]) & (years <= x["end"])
    if x["top"] > 0 and x.has("ranks"):
        x.refuse(
            len(x["ranks"]) != len(values),
            "every value has a rank",
            f"{len(values)} ranks",
            f"{len(x['ranks'])}",
        )
        kept &= x["ranks"] <= x["top"]
    years, values = years[kept], values[kept]
    x.refuse(
        len(values) < _FEWEST or len(set(years.tolist())) < 3, "too few models for a trend",
        f"{_FEWEST} of three different days", f"{len(values)}",
    )  # fmt: skip
    return years, values


def _compute(x: Values) -> Mapping[str, Array]:
    years, values = _chosen(x)
    slope, error = log_linear(years.tolist(), np.log(values).tolist())
    degrees = len(values) - 2
    reach = error * student_quantile(0.5 + x.one("level") / 2, degrees)
    factor = np.asarray(np.exp(slope))
    found = {
        "low": np.asarray(np.exp(slope - reach)),
        "high": np.asarray(np.exp(slope + reach)),
        "models": np.asarray(float(len(values))),
    }
    if x.draws is not None:
        generator = np.random.default_rng([x.seed, len(values)])
        factor = np.exp(slope + error * generator.standard_t(degrees, x.draws))
    growth = np.log(factor)
    # A rate that is zero or falls has no time of doubling.
    return (
        found
        | {"factor_per_year": factor}
        | ({"doubling_time": np.log(2) / growth} if np.all(growth > 0) else {})
    )


TRAINING_TREND = Model(
    "training-trend",
    Phrase("训练规模的年增速", "growth of frontier training"),
    "training",
    (
        Choice("measure", ("cost", "compute", "parameters"), Phrase("增长的量", "what grows: cost in 2023 money, FLOP, or size")),
        Input("years", "x", Phrase("发布时间（十进制年份）", "publication as decimal years"), low=1940, high=2100, many=True),
        Input("values", "x", Phrase("各模型的值", "value of each model"), low=0, many=True),
        Input("ranks", "x", Phrase("发布时的算力名次", "place of each model's compute among all released until then"), low=1, many=True, optional=True),
        Input("top", "x", Phrase("前沿：前几名", "frontier: the first so many at release (0 takes all)"), low=0, whole=True, default=10),
        Input("start", "x", Phrase("起（十进制年份）", "from, as a decimal year"), default=2015.7),
        Input("end", "x", Phrase("止（十进制年份）", "until, as a decimal year"), default=2100),
        Input("level", "x", Phrase("置信水平", "confidence of low and high"), low=0.5, high=0.999, default=0.9),
    ),
    (
        Output("factor_per_year", "ratio per year", Phrase("每年倍数", "factor a year")),
        Output("low", "ratio per year", Phrase("区间下限", "lower end of the interval")),
        Output("high", "ratio per year", Phrase("区间上限", "upper end of the interval")),
        Output("models", "count", Phrase("模型数", "models fitted")),
        Output("doubling_time", "years", Phrase("翻倍时间", "time of doubling")),
    ),
    _compute,
    formula="ln value = a + b · year by least squares over frontier models; factor = exp(b), interval from HC1 errors and Student's t",
    source="Cottier et al., arXiv 2405.21015; errors: MacKinnon and White, Journal of Econometrics 29 (1985)",
)  # fmt: skip
