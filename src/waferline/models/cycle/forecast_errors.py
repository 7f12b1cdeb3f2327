"""This module says how far forecasts of growth were off, beside the naive forecast that things go on as they last were."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase


def _compute(x: Values) -> Mapping[str, Array]:
    forecasts, actuals = x["forecasts"], x["actuals"]
    x.refuse(len(forecasts) != len(actuals), "forecasts and actuals are not of one length")
    missed = forecasts - actuals
    found = {
        "mean_absolute_error": np.asarray(np.abs(missed).mean()),
        "root_mean_square_error": np.asarray(np.sqrt((missed**2).mean())),
        "bias": np.asarray(missed.mean()),
        "forecasts_counted": np.asarray(float(len(missed))),
    }
    if x.has("before"):
        naive = np.abs(np.append(x.one("before"), actuals[:-1]) - actuals).mean()
        found["naive_error"] = np.asarray(naive)
        x.refuse(naive == 0, "the actuals never change: there is nothing to forecast")
        found["ratio_to_naive"] = found["mean_absolute_error"] / naive
    return found


FORECAST_ERRORS = Model(
    "forecast-errors",
    Phrase("增速预测的误差", "How far forecasts of growth were off"),
    "cycle",
    (
        Input("forecasts", "%", Phrase("预测增速", "growth as forecast, period by period"), many=True),
        Input("actuals", "%", Phrase("实际增速", "growth as it came, period by period"), many=True),
        Input("before", "%", Phrase("首期之前的实际增速", "growth of the period before the first, for the naive forecast"), optional=True),
    ),
    (
        Output("mean_absolute_error", "pp", Phrase("平均绝对误差", "mean absolute error")),
        Output("root_mean_square_error", "pp", Phrase("均方根误差", "root of the mean square error")),
        Output("bias", "pp", Phrase("平均偏差", "mean of forecast less actual")),
        Output("naive_error", "pp", Phrase("朴素预测的平均绝对误差", "mean absolute error of the forecast that the last actual comes again")),
        Output("ratio_to_naive", "x", Phrase("相对朴素预测", "mean absolute error as a part of the naive one")),
        Output("forecasts_counted", "x", Phrase("预测个数", "forecasts counted")),
    ),
    _compute,
    formula="mean |forecast − actual|; naive: mean |last actual − actual|",
    source="Hyndman and Koehler, International Journal of Forecasting 22 (2006), section 2",
)  # fmt: skip
