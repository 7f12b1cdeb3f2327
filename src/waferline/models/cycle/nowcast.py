"""This module says what the next prints of world sales will be, from the prints so far, foundry revenue and Korean exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from waferline.errors import NotKnown
from waferline.models.cycle.fitting import fitted
from waferline.models.cycle.sales_state import (
    LAGS,
    NAMES,
    Figure,
    Fixed,
    History,
    Parameters,
    history,
    mean_of_three,
)
from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

_Z90 = 1.2815515655446004
_ENOUGH = 12
_YEAR = 12
_SEASON = 0.06


def month_of(years: Array) -> list[int]:
    """The month a decimal year falls in, as year · 12 + month − 1.

    >>> month_of(np.array([2024.04, 2024.96]))
    [24288, 24299]
    """
    return [int(each) for each in np.floor(years * _YEAR + 1e-6)]


def figures_of(x: Values) -> list[Figure]:
    """Everything that was published, as figures about months; a quarter stands only where its last month has no print."""
    for values, times in (
        ("prints", "print_years"), ("quarters", "quarter_years"), ("growths", "growth_years"),
        ("foundry", "foundry_years"), ("exports", "exports_years"), ("months", "months_years"),
    ):  # fmt: skip
        x.refuse(x.has(values) != x.has(times), f"{values} and {times} come together")
        if x.has(values):
            x.refuse(len(x[values]) != len(x[times]), f"{values} and {times} are not of one length")
            x.refuse(len(set(month_of(x[times]))) < len(x[times]), f"two of {values} are about one month")
    found = _prints(x)
    printed = {each.month for each in found}
    found += [
        # A sum of three months printed as their sum says what their mean is.
        Figure(month + 1, "print", float(np.log(value / 3)))
        for month, value in _pairs(x, "quarters", "quarter_years")
        if month + 1 not in printed
    ]
    found += [
        Figure(month, "on_year", float(np.log1p(value)), (width / (1 + value)) ** 2 / 3)
        for (month, value), width in zip(
            _pairs(x, "growths", "growth_years"), _widths(x, "growths", "growth_widths"), strict=True
        )
    ]
    found += [
        Figure(month, "month", float(np.log(value))) for month, value in _pairs(x, "months", "months_years")
    ]
    revenue = dict(_pairs(x, "foundry", "foundry_years"))
    found += [
        Figure(month, "foundry", float(np.log(value / revenue[month - _YEAR])))
        for month, value in revenue.items()
        if month - _YEAR in revenue
    ]
    found += [
        Figure(month, "exports", float(np.log1p(value)))
        for month, value in _pairs(x, "exports", "exports_years")
    ]
    return sorted(found, key=lambda each: each.month)


def _prints(x: Values) -> list[Figure]:
    """A print stands for every number that rounds to it: evenly spread over its width, a variance of width² / 12."""
    return [
        Figure(month, "print", float(np.log(value)), (width / value) ** 2 / 3)
        for (month, value), width in zip(
            _pairs(x, "prints", "print_years"), _widths(x, "prints", "print_widths"), strict=True
        )
    ]


def _pairs(x: Values, values: str, times: str) -> list[tuple[int, float]]:
    if not x.has(values):
        return []
    return list(zip(month_of(x[times]), (float(each) for each in x[values]), strict=True))


def _widths(x: Values, values: str, name: str) -> list[float]:
    """Half the step a figure was rounded to; 0 where nothing is told."""
    if not x.has(values):
        return []
    if not x.has(name):
        return [0.0] * len(x[values])
    x.refuse(len(x[name]) != len(x[values]), f"{name} and {values} are not of one length")
    return [float(each) for each in x[name]]


def _compute(x: Values) -> Mapping[str, Array]:
    for name in ("prints", "quarters", "foundry", "months"):
        x.refuse(x.has(name) and np.any(x[name] <= 0), f"{name} holds a number that is not above zero")
    for name in ("growths", "exports"):
        x.refuse(x.has(name) and np.any(x[name] <= -1), f"{name} falls by the whole or more")
    figures = figures_of(x)
    levels = [each.month for each in figures if each.kind in ("print", "month")]
    if len(levels) < _ENOUGH:
        # The evidence grows: what is too little on one day is enough on a later one.
        raise NotKnown(x.where, "too few levels of sales", f"at least {_ENOUGH} prints", str(len(levels)))
    printed = max(levels)
    newest = max(max(each.month for each in figures), printed)
    ahead = int(x.one("ahead"))
    year = int(x.one("year")) if x.has("year") else (printed + 1) // _YEAR
    end = max(newest, printed + ahead)
    year_end = year * _YEAR + 11
    x.refuse(
        year_end < min(levels) + 11 or year_end > end + 60,
        "the year is not within reach of the figures",
        f"{min(levels) // _YEAR + 1} to {(end + 60) // _YEAR}",
        str(year),
    )
    fixed = Fixed(float(np.log1p(x.one("long_run_growth"))), _SEASON)
    x.refuse(
        x.has("parameters") and len(x["parameters"]) != len(NAMES),
        "parameters has one number for each",
        ", ".join(NAMES),
    )
    of = Parameters(*map(float, x["parameters"])) if x.has("parameters") else fitted(figures, fixed, newest)
    found = history(figures, of, fixed, max(end, year_end))
    coming = tuple(range(printed + 1, printed + ahead + 1))
    return (
        {
            "path_years": np.array([(month + 0.5) / _YEAR for month in coming]),
            "next_time": np.asarray((printed + 1.5) / _YEAR),
            "growth_now": np.asarray(np.expm1(found.growth(newest))),
            "observations": np.asarray(float(len(figures))),
            "free_parameters": np.asarray(0.0 if x.has("parameters") else float(len(NAMES))),
            "fitted": np.array([getattr(of, name) for name in NAMES]),
            "year_asked": np.asarray(float(year)),
            **_filled(found, printed),
        }
        | _ahead(x, found, of, coming, end)
        | _year(x, found, year_end)
    )


def _filled(found: History, printed: int) -> dict[str, Array]:
    """The mean of three of every month from the first print to the last, holes filled by the filter."""
    months = range(found.first, printed + 1)
    logs = [found.logs[month - found.first + LAGS - 3 : month - found.first + LAGS] for month in months]
    return {
        "filled": np.array([np.exp(mean_of_three(each)[0]) for each in logs]),
        "filled_years": np.array([(month + 0.5) / _YEAR for month in months]),
    }


def _ahead(x: Values, found: History, of: Parameters, coming: Sequence[int], end: int) -> dict[str, Array]:
    """The coming prints, and the first coming month alone, from the latest state that still holds their months.

    A print is uncertain by its months and by what it will be restated by; the state after the last figure knows most.
    """
    spread = x.one("spread")
    normal = _normal(x, LAGS + len(coming))
    middles, widths, drawn = [], [], []
    for number, month in enumerate(coming):
        mean, covariance, months = _places(found, month, end)
        middle, slope = mean_of_three(mean[months])
        variance = float(slope @ covariance[months, months] @ slope)
        middles.append(middle)
        widths.append(spread * np.sqrt(variance + of.revision**2))
        if normal is not None:
            logs = (normal[:, :LAGS] @ _root(covariance).T * spread + mean)[:, months]
            restated = spread * of.revision * normal[:, LAGS + number]
            drawn.append(np.exp(logs).mean(axis=1) * np.exp(restated))
    middle_of, width_of = np.array(middles), np.array(widths)
    path = np.exp(middle_of) if normal is None else np.stack(drawn, axis=1)
    low, high = _interval(middle_of, width_of)
    result = {
        "path": path,
        "path_low": low,
        "path_high": high,
        "path_width": width_of,
        "next_print": path[..., 0],
        "next_print_low": low[0],
        "next_print_high": high[0],
    }
    if len(coming) > 1:
        result |= {
            "second_print": path[..., 1],
            "second_print_low": low[1],
            "second_print_high": high[1],
        }
    mean, covariance, months = _places(found, coming[0], end)
    alone, width = mean[months.start], np.asarray(spread * np.sqrt(covariance[months.start, months.start]))
    low, high = _interval(alone, width)
    drawn_alone = np.exp(alone) if normal is None else np.exp(alone + width * normal[:, 0])
    return result | {"next_month": drawn_alone, "next_month_low": low, "next_month_high": high}


def _places(found: History, month: int, end: int) -> tuple[Array, Array, slice]:
    """The latest state that holds the month and the two before it, and where in it they stand."""
    at = min(end, month + LAGS - 3)
    mean, covariance = found.state(at)
    return mean, covariance, slice(at - month, at - month + 3)


def _interval(middle: Array, width: Array) -> tuple[Array, Array]:
    """The 10 % and 90 % points of what has that normal logarithm."""
    return np.exp(middle - _Z90 * width), np.exp(middle + _Z90 * width)


def _year(x: Values, found: History, year_end: int) -> dict[str, Array]:
    """The sum of the twelve months of the year and its growth; the year before from the estimates of its months."""
    mean, covariance = found.state(year_end)
    normal = _normal(x, LAGS)
    logs = mean if normal is None else normal @ _root(covariance).T * x.one("spread") + mean
    total = np.exp(logs[..., :_YEAR]).sum(axis=-1)
    at = year_end - found.first + LAGS - 1
    before = found.logs[max(at - 2 * _YEAR + 1, 0) : at - _YEAR + 1]
    slope = np.exp(mean[:_YEAR]) / np.exp(mean[:_YEAR]).sum()
    width = x.one("spread") * float(np.sqrt(slope @ covariance[:_YEAR, :_YEAR] @ slope))
    low, high = _interval(np.log(np.exp(mean[:_YEAR]).sum()), np.asarray(width))
    result = {
        "year_total": np.asarray(total),
        "year_low": low,
        "year_high": high,
    }
    if len(before) == _YEAR and year_end - 2 * _YEAR + 1 >= found.first - 2:
        result["year_growth"] = np.asarray(total / np.exp(before).sum() - 1)
    return result


def _normal(x: Values, columns: int) -> Array | None:
    if x.draws is None:
        return None
    return np.random.Generator(np.random.Philox(key=x.seed)).standard_normal((x.draws, columns))


def _root(covariance: Array) -> Array:
    """A matrix whose product with its own transpose is the covariance, also where that is singular."""
    values, vectors = np.linalg.eigh(covariance)
    result: Array = vectors * np.sqrt(np.maximum(values, 0))
    return result


def _remarks(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    month = month_of(np.array([float(outputs["next_time"])]))[0]
    name = f"{month // _YEAR}-{month % _YEAR + 1:02d}"
    told = [
        Phrase(
            f"下一期待公布：{name}（三个月移动平均）；证据中的缺月由滤波补齐，不是公布值",
            f"next to be printed: {name}, a mean of three months; months missing in the evidence are filled by the filter, not printed",
        )
    ]
    if not x.has("months"):
        told.append(
            Phrase(
                "该日没有单月数据：三个月平均看不出季内各月的分布，单月区间很宽",
                "no single months are known on the day: means of three do not show how a quarter is spread over its months, so single months are wide",
            )
        )
    return tuple(told)


def _list(name: str, unit: str, zh: str, en: str, *, needed: bool = False) -> Input:
    return Input(name, unit, Phrase(zh, en), many=True, optional=not needed)


NOWCAST = Model(
    "nowcast",
    Phrase("全球半导体月度销售额即时预测", "Nowcast of monthly world semiconductor sales"),
    "cycle",
    (
        _list("prints", "USD bn", "SIA公布的三个月移动平均", "printed means of a month and the two before it", needed=True),
        _list("print_years", "x", "其月份（十进制年）", "their months as decimal years", needed=True),
        _list("print_widths", "USD bn", "公布值的舍入半宽", "half the step each print was rounded to"),
        _list("quarters", "USD bn", "公布的季度合计", "printed sums of a quarter, used where its last month has no print"),
        _list("quarter_years", "x", "其季度（十进制年）", "middles of those quarters as decimal years"),
        _list("growths", "x", "公布的三个月移动平均同比", "printed growth on the year of the means of three"),
        _list("growth_years", "x", "其月份（十进制年）", "their months as decimal years"),
        _list("growth_widths", "x", "同比的舍入半宽", "half the step each growth was rounded to"),
        _list("months", "USD bn", "单月销售额", "sales of single months"),
        _list("months_years", "x", "其月份（十进制年）", "their months as decimal years"),
        _list("foundry", "TWD mn", "晶圆代工月营收", "monthly revenue of a foundry"),
        _list("foundry_years", "x", "其月份（十进制年）", "their months as decimal years"),
        _list("exports", "x", "韩国半导体出口同比", "growth on the year of monthly Korean chip exports"),
        _list("exports_years", "x", "其月份（十进制年）", "their months as decimal years"),
        Input("ahead", "x", Phrase("预测期数（月）", "prints ahead of the last one"), low=1, high=24, whole=True, default=2),
        Input("year", "x", Phrase("求和的年份", "the calendar year to sum; else that of the next print"), low=1990, high=2100, whole=True, optional=True),
        Input("long_run_growth", "x", Phrase("长期增速", "growth on the year in the long run"), low=-0.5, high=0.5, default=0.05),
        Input("spread", "x", Phrase("区间放宽倍数", "how many times the filter's own spread errors have had"), low=0.1, high=10, default=1),
        _list("parameters", "x", "给定参数（不再拟合）", f"the parameters, instead of fitting them: {', '.join(NAMES)}"),
    ),
    (
        Output("next_print", "USD bn", Phrase("下一期公布值", "the next print")),
        Output("next_print_low", "USD bn", Phrase("下一期公布值（10%分位）", "the next print, 10 % point")),
        Output("next_print_high", "USD bn", Phrase("下一期公布值（90%分位）", "the next print, 90 % point")),
        Output("second_print", "USD bn", Phrase("再下一期公布值", "the print after it")),
        Output("second_print_low", "USD bn", Phrase("再下一期公布值（10%分位）", "the print after it, 10 % point")),
        Output("second_print_high", "USD bn", Phrase("再下一期公布值（90%分位）", "the print after it, 90 % point")),
        Output("next_month", "USD bn", Phrase("下一单月销售额", "sales of the next month alone")),
        Output("next_month_low", "USD bn", Phrase("下一单月销售额（10%分位）", "sales of the next month alone, 10 % point")),
        Output("next_month_high", "USD bn", Phrase("下一单月销售额（90%分位）", "sales of the next month alone, 90 % point")),
        Output("next_time", "x", Phrase("下一期的时点（十进制年）", "the month of the next print as a decimal year")),
        Output("growth_now", "x", Phrase("最近一月的三个月平均同比", "growth on the year of the mean of three, in the last month that anything is known of"), shown="%"),
        Output("year_total", "USD bn", Phrase("全年销售额", "sales of the calendar year")),
        Output("year_low", "USD bn", Phrase("全年销售额（10%分位）", "sales of the calendar year, 10 % point")),
        Output("year_high", "USD bn", Phrase("全年销售额（90%分位）", "sales of the calendar year, 90 % point")),
        Output("year_growth", "x", Phrase("全年增速", "growth of the calendar year"), shown="%"),
        Output("year_asked", "x", Phrase("所求年份", "the calendar year summed")),
        Output("observations", "x", Phrase("观测数", "figures used")),
        Output("free_parameters", "x", Phrase("自由参数数", "parameters fitted")),
        Output("path", "USD bn", Phrase("逐期预测", "each print ahead"), many=True),
        Output("path_low", "USD bn", Phrase("逐期预测（10%分位）", "each print ahead, 10 % point"), many=True),
        Output("path_high", "USD bn", Phrase("逐期预测（90%分位）", "each print ahead, 90 % point"), many=True),
        Output("path_width", "x", Phrase("逐期标准差（对数）", "each print ahead, standard deviation of its logarithm"), many=True),
        Output("path_years", "x", Phrase("逐期时点", "their months as decimal years"), many=True),
        Output("filled", "USD bn", Phrase("补齐的三个月移动平均", "means of three of every month so far, holes filled"), many=True),
        Output("filled_years", "x", Phrase("补齐的时点", "their months as decimal years"), many=True),
        Output("fitted", "x", Phrase("参数", f"the parameters: {', '.join(NAMES)}"), many=True),
    ),
    _compute,
    formula="month = month a year before · e^(growth + noise); growth moves with momentum and reverts; print = mean of three months; foundry and export growth = loading · growth + a drifting gap",
    source="Kalman filter: Durbin and Koopman (2012), chapters 4 and 6; parameters at the mode of likelihood times wide priors",
    remarks=_remarks,
)  # fmt: skip
