"""This module fits how fast the lowest price for one level of quality falls a year, with an interval for the rate."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase
from waferline.quantity.relations.trend import student_quantile

_FEWEST = 4


def _compute(x: Values) -> Mapping[str, Array]:
    years, prices = x["years"], x["prices"]
    x.refuse(len(years) != len(prices), "every price has a year", f"{len(prices)} years", f"{len(years)}")
    x.refuse(prices <= 0, "a logarithm needs positive prices")
    x.refuse(
        len(prices) < _FEWEST or len(set(years.tolist())) < 3, "too few prices for a trend",
        f"{_FEWEST} on three different days", f"{len(prices)}",
    )  # fmt: skip
    slope, error, degrees = _line(years, np.log(prices))
    reach = error * student_quantile(0.5 + float(np.max(x["level"])) / 2, degrees)
    found = {
        "low": np.asarray(np.exp(-slope - reach)),
        "high": np.asarray(np.exp(-slope + reach)),
        "prices_used": np.asarray(float(len(prices))),
    }
    fall = np.asarray(-slope)
    if x.draws is not None:
        generator = np.random.default_rng([x.seed, len(prices)])
        fall = fall + error * generator.standard_t(degrees, x.draws)
    found["fall_per_year"] = np.exp(fall)
    if np.all(fall > 0):
        found["halving_time"] = np.log(2) / fall
    return found


def _line(years: Array, logs: Array) -> tuple[float, float, int]:
    """Slope of ordinary least squares, its classical standard error, and the degrees of freedom.

    Classical because a handful of prices leaves robust errors far too small.
    """
    away = years - years.mean()
    spread = float(away @ away)
    slope = float(away @ logs) / spread
    strays = logs - logs.mean() - slope * away
    degrees = len(years) - 2
    return slope, float(np.sqrt(strays @ strays / degrees / spread)), degrees


PRICE_TREND = Model(
    "price-trend",
    Phrase("同等能力的价格降速", "fall of the price for one level of quality"),
    "inference",
    (
        Input("years", "x", Phrase("发布时间（十进制年份）", "day of each price as a decimal year"), low=1990, high=2100, many=True),
        Input("prices", "USD per mn tokens", Phrase("达到该水平的最低价", "lowest price that reaches the level on that day"), low=0, many=True),
        Input("level", "x", Phrase("置信水平", "confidence of the interval"), low=0.5, high=0.99, default=0.9),
    ),
    (
        Output("fall_per_year", "ratio per year", Phrase("每年降价倍数", "factor a year by which the price falls")),
        Output("low", "ratio per year", Phrase("下限", "low end of the interval")),
        Output("high", "ratio per year", Phrase("上限", "high end of the interval")),
        Output("halving_time", "years", Phrase("减半时间", "time in which it halves")),
        Output("prices_used", "x", Phrase("价格数", "prices used")),
    ),
    _compute,
    formula="ln price = a − ln(fall) · year by least squares; interval by Student's t",
    source="method of Epoch AI, LLM inference prices have fallen rapidly but unequally across tasks (2025-03-12)",
)  # fmt: skip
