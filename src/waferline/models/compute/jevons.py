"""This module holds what a falling price does to spending: the elasticity at which it breaks even, and cases around it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

_FEWEST = 8
_APART = 0.1


def _compute(x: Values) -> Mapping[str, Array]:
    x.refuse(x["list_fall"] <= 1, "the list price does not fall", "a factor above 1", "")
    # A list price falls by list_fall; of that, on a log scale, passed_on reaches the mean price really paid.
    fall = x["passed_on"] * np.log(x["list_fall"])
    other = np.log(x["other_growth"])
    even = 1 - other / fall
    elasticities = x["elasticities"]
    usage = np.exp(_last(other) + elasticities * _last(fall))
    found = {
        "realised_fall": np.exp(fall),
        "break_even": even,
        "elasticities_shown": elasticities,
        "usage_factor": usage,
        "spend_factor": usage * np.exp(-_last(fall)),
        "usage_at_break_even": np.exp(fall),
    }
    estimate = _estimate(x)
    return found | ({"elasticity": estimate} if estimate is not None else {})


def _last(value: Array) -> Array:
    return value[..., None] if value.ndim else value


def _estimate(x: Values) -> Array | None:
    """The elasticity from realised prices and usage, or None where they do not identify it.

    Two series that each follow a trend agree whatever the elasticity is. What is needed is a price that also moves apart
    from its trend: at least eight dates, and a tenth of the variance of its logarithm.
    """
    if not all(x.has(name) for name in ("years", "prices", "usage")):
        return None
    years, prices, usage = x["years"], x["prices"], x["usage"]
    x.refuse(
        len({len(years), len(prices), len(usage)}) > 1, "years, prices and usage are of one length",
        f"{len(years)} each", f"{len(prices)} and {len(usage)}",
    )  # fmt: skip
    x.refuse(np.any(prices <= 0) or np.any(usage <= 0), "a logarithm needs positive numbers")
    if _why_not(years, prices):
        return None
    known = np.column_stack([np.ones_like(years), years - years.mean(), np.log(prices)])
    return np.asarray(-np.linalg.lstsq(known, np.log(usage), rcond=None)[0][2])


def _why_not(years: Array, prices: Array) -> Phrase | None:
    if len(years) < _FEWEST:
        return Phrase(
            f"未给出弹性点估计：只有{len(years)}个时点，至少需要{_FEWEST}个",
            f"no elasticity is estimated: {len(years)} dates, at least {_FEWEST} are needed",
        )
    away, logs = years - years.mean(), np.log(prices)
    logs = logs - logs.mean()
    slope = (away @ logs) / (away @ away) if away @ away > 0 else 0.0
    apart = float(np.sum((logs - slope * away) ** 2) / np.sum(logs**2)) if np.any(logs) else 0.0
    if apart < _APART:
        return Phrase(
            f"未给出弹性点估计：价格只是时间趋势（偏离趋势的方差{apart:.0%}）",
            f"no elasticity is estimated: the price is a trend over time ({apart:.0%} of its variance lies apart from it)",
        )
    return None


def _remarks(x: Values, found: Mapping[str, Array]) -> tuple[Phrase, ...]:
    if not all(x.has(name) for name in ("years", "prices", "usage")):
        return (
            Phrase(
                "未给出弹性点估计：实付价格与用量未公开",
                "no elasticity is estimated: prices really paid and usage are not public",
            ),
        )
    why = _why_not(x["years"], x["prices"])
    return (why,) if why else ()


JEVONS = Model(
    "jevons",
    Phrase("杰文斯悖论：降价与总支出", "Jevons: falling prices and total spending"),
    "inference",
    (
        Input("list_fall", "x", Phrase("标价降低倍数", "factor by which the list price falls"), low=1),
        Input("passed_on", "x", Phrase("降价传导到实付价的比例（对数）", "part of that fall, on a log scale, that reaches the price really paid"), low=0.01, high=2),
        Input("other_growth", "x", Phrase("与价格无关的用量倍数", "factor by which usage would grow at a constant price"), low=0.001),
        Input("elasticities", "x", Phrase("需求价格弹性情景", "price elasticities of usage to show, as positive numbers"), low=0, high=10, many=True),
        Input("years", "x", Phrase("观测时间（十进制年份）", "days of observations as decimal years"), low=1990, high=2100, many=True, optional=True),
        Input("prices", "USD per mn tokens", Phrase("实付价格", "prices really paid on those days"), low=0, many=True, optional=True),
        Input("usage", "x", Phrase("用量", "usage on those days, in any one unit"), low=0, many=True, optional=True),
    ),
    (
        Output("break_even", "x", Phrase("盈亏平衡弹性", "elasticity below which spending falls")),
        Output("realised_fall", "x", Phrase("实付价格降低倍数", "factor by which the price really paid falls")),
        Output("usage_at_break_even", "x", Phrase("支出不变所需的用量倍数", "factor of usage that keeps spending as it was")),
        Output("elasticities_shown", "x", Phrase("弹性", "elasticity"), True),
        Output("usage_factor", "x", Phrase("用量倍数", "usage over what it was"), True),
        Output("spend_factor", "x", Phrase("支出倍数", "spending over what it was"), True),
        Output("elasticity", "x", Phrase("弹性点估计（仅在可识别时）", "elasticity estimated, only where the data identify it")),
    ),
    _compute,
    formula=(
        "usage = other growth · fall^elasticity; spending = usage / fall; break-even elasticity = 1 − ln(other growth) / "
        "ln(fall); fall = list fall ^ passed on; an estimate: ln usage on ln price and time"
    ),
    source="constant-elasticity demand",
    remarks=_remarks,
)  # fmt: skip
