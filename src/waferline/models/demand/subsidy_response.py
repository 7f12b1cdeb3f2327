"""This module says what a capped subsidy does to units and value: net price cut × elasticity, up-trading, pull-forward.

There is no control group: the elasticities come from a difference before and after, and a prior dominates them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase


def net_price_cut(price: Array, rate: Array, cap: Array, ceiling: Array) -> Array:
    """The part of the price that the subsidy takes off: min(rate, cap / price), nothing above the ceiling.

    Shapes broadcast; price, cap and ceiling in one currency.

    >>> float(net_price_cut(np.array(4000.0), np.array(0.15), np.array(500.0), np.array(6000.0)))
    0.125
    """
    return np.where(price <= ceiling, np.minimum(rate, cap / price), 0.0)


def implied_elasticity(growth_before: Array, growth_after: Array, cut: Array) -> Array:
    """The elasticity that would make the whole change of growth the work of the price cut.

    ln((1 + after) / (1 + before)) / −ln(1 − cut). An upper reading: seasons, base and weather are in it too.
    """
    result: Array = (np.log1p(growth_after) - np.log1p(growth_before)) / -np.log1p(-cut)
    return result


def _compute(x: Values) -> Mapping[str, Array]:
    """Uplift of a band: (1 − cut · reached)^−elasticity − 1 of its units; then funding, pull-forward and payback.

    `reached` is the part of buyers who get the subsidy: take-up, while the money lasts. What is pulled forward is
    missing later; up-trading raises value beside units.
    """
    prices, weights = x["band_prices"], x["band_weights"]
    x.refuse(len(prices) != len(weights), "band_prices and band_weights are not of one length")
    x.refuse(
        abs(weights.sum() - 1) > 1e-6,
        "the weights of the bands do not add to one",
        "1",
        f"{weights.sum():.4f}",
    )
    cut = net_price_cut(prices, x["rate"][..., None], x["cap"][..., None], x["ceiling"][..., None])
    reached = (x["take_up"] * x["funded"])[..., None]
    lift = np.power(1 - cut * reached, -x["elasticity"][..., None]) - 1
    units = np.sum(weights * lift, axis=-1)
    mean_cut = np.sum(weights * cut, axis=-1) * x["take_up"] * x["funded"]
    money = weights * prices
    value = np.sum(money * (1 + lift), axis=-1) / np.sum(money) * (1 + x["up_trading"] * mean_cut) - 1
    natural = x["natural_growth"]
    borrowed = units * x["pull_forward"]
    return {
        "mean_cut": mean_cut,
        "unit_uplift": units,
        "unit_growth": (1 + natural) * (1 + units) - 1,
        "value_growth": (1 + natural) * (1 + value) - 1,
        "later_unit_growth": (1 + natural) * (1 + units * x["later_strength"] - borrowed) - 1,
        "lasting_uplift": units - borrowed,
        "largest_cut": np.max(cut, axis=-1),
        "smallest_cut": np.min(cut, axis=-1),
    }


def _is_mostly_prior(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    return (
        Phrase(
            "先验主导：没有对照组，家电前后差异不能识别手机的弹性",
            "prior-dominated: there is no control group, and differences of appliances do not identify this elasticity",
        ),
    )


SUBSIDY_RESPONSE = Model(
    "subsidy-response",
    Phrase("补贴拉动（价格弹性）", "A subsidy by price elasticity"),
    "subsidy",
    (
        Input("rate", "x", Phrase("补贴比例", "subsidy as a part of the price"), low=0, high=0.9),
        Input("cap", "CNY", Phrase("单件补贴上限", "largest subsidy an item"), low=0),
        Input("ceiling", "CNY", Phrase("可补贴的最高售价", "highest price that is subsidised"), low=0),
        Input("band_prices", "CNY", Phrase("各价位段代表价", "price that stands for each band"), low=1, many=True),
        Input("band_weights", "x", Phrase("各价位段占比", "share of each band in units"), low=0, high=1, many=True),
        Input("natural_growth", "x", Phrase("自然增速", "growth without the subsidy"), low=-0.9, high=5),
        Input("elasticity", "x", Phrase("价格弹性（绝对值）", "price elasticity, as a positive number"), low=0, high=10),
        Input("take_up", "x", Phrase("领补比例", "part of eligible purchases that use the subsidy"), low=0, high=1),
        Input("funded", "x", Phrase("资金可用时间占比", "part of the period for which the money lasts"), low=0, high=1, default=1),
        Input("pull_forward", "x", Phrase("提前消费占比", "part of the uplift borrowed from the next period"), low=0, high=1),
        Input("later_strength", "x", Phrase("下一期力度", "strength of the subsidy in the next period, 1 as now"), low=0, high=2),
        Input("up_trading", "x", Phrase("升级弹性", "rise of the mean price for each part of price cut"), low=0, high=3),
    ),
    (
        Output("unit_growth", "x", Phrase("销量增速", "growth of units"), shown="%"),
        Output("later_unit_growth", "x", Phrase("下一期销量增速", "growth of units in the next period"), shown="%"),
        Output("value_growth", "x", Phrase("销售额增速", "growth of value"), shown="%"),
        Output("unit_uplift", "x", Phrase("销量增幅", "uplift of units by the subsidy"), shown="%"),
        Output("lasting_uplift", "x", Phrase("扣除提前消费后的增幅", "uplift after what is borrowed from later"), shown="%"),
        Output("mean_cut", "x", Phrase("平均到手降价", "mean cut of the price that is reached"), shown="%"),
        Output("largest_cut", "x", Phrase("最大降价", "largest cut of a band"), shown="%"),
        Output("smallest_cut", "x", Phrase("最小降价", "smallest cut of a band"), shown="%"),
    ),
    _compute,
    formula="cut = min(rate, cap / price) up to the ceiling; uplift = Σ weight · ((1 − cut · take_up · funded)^−elasticity − 1)",
    source="own model: constant elasticity of units, a part of the uplift borrowed from the next period",
    remarks=_is_mostly_prior,
)  # fmt: skip


def _elasticity(x: Values) -> Mapping[str, Array]:
    return {"elasticity": implied_elasticity(x["growth_before"], x["growth_after"], x["cut"])}


IMPLIED_ELASTICITY = Model(
    "implied-elasticity",
    Phrase("前后差异隐含的弹性", "Elasticity implied by before and after"),
    "subsidy",
    (
        Input("growth_before", "x", Phrase("补贴前增速", "growth before the subsidy"), low=-0.99),
        Input("growth_after", "x", Phrase("补贴后增速", "growth with the subsidy"), low=-0.99),
        Input("cut", "x", Phrase("到手降价", "cut of the price"), low=0.001, high=0.9),
    ),
    (Output("elasticity", "x", Phrase("隐含弹性", "elasticity if the cut did all of it")),),
    _elasticity,
    formula="ln((1 + after) / (1 + before)) / −ln(1 − cut)",
    source="constant elasticity; an upper reading, since seasons and the base are in the difference",
)


def _cut(x: Values) -> Mapping[str, Array]:
    return {"cut": net_price_cut(x["price"], x["rate"], x["cap"], x["ceiling"])}


NET_PRICE_CUT = Model(
    "net-price-cut",
    Phrase("补贴后到手降价", "Price cut by a capped subsidy"),
    "subsidy",
    (
        Input("price", "CNY", Phrase("售价", "price"), low=1),
        Input("rate", "x", Phrase("补贴比例", "subsidy as a part of the price"), low=0, high=1),
        Input("cap", "CNY", Phrase("单件补贴上限", "largest subsidy an item"), low=0),
        Input(
            "ceiling",
            "CNY",
            Phrase("可补贴的最高售价", "highest price that is subsidised"),
            low=0,
            default=1e12,
        ),
    ),
    (Output("cut", "x", Phrase("降价幅度", "part of the price taken off"), shown="%"),),
    _cut,
    formula="min(rate, cap / price); nothing above the ceiling",
    source="the text of the programme",
)
