"""The vocabulary of the expression language: what a chapter, exhibit or thesis may ask.

Each function is one question to the Snapshot or one relation; the table below is the whole of it.
"""

from __future__ import annotations

from collections.abc import Callable

from waferline.study.values import Value
from waferline.study.vocabulary import conditions, levels, models, periods, relations, wording

VOCABULARY: dict[str, Callable[..., Value]] = {
    "level": levels.level,
    "first_print": levels.first_print,
    "latest": levels.latest,
    "asof": levels.asof,
    "close_on": levels.close_on,
    "year_end_close": levels.year_end_close,
    "back": levels.back,
    "best_day": levels.best_day,
    "days": levels.days_known,  # type: ignore[dict-item]
    "period": periods.period,
    "year_ago": periods.year_ago,
    "previous": periods.previous,
    "shift": periods.shift,
    "year_of": periods.year_of,
    "month_of": periods.month_of,
    "quarter_of": periods.quarter_of,
    "periods": periods.periods_between,  # type: ignore[dict-item]
    "yoy": relations.yoy,
    "qoq": relations.qoq,
    "mom": relations.mom,
    "growth": relations.growth,
    "change": relations.change,
    "excess": relations.excess,
    "cagr": relations.cagr,
    "share": relations.share,
    "total": relations.total,
    "average": relations.average,
    "moving_average": relations.moving_average,
    "calendarised": relations.calendarised,
    "year_to_date": relations.year_to_date,
    "january_february": relations.january_february,
    "difference": relations.plain("difference"),
    "ratio": relations.plain("ratio"),
    "per": relations.plain("per"),
    "product": relations.plain("product"),
    "contribution": relations.plain("contribution"),
    "midpoint": relations.plain("midpoint"),
    "converted": relations.plain("converted"),
    "rebased": relations.rebased,
    "drawdown": relations.drawdown,
    "rise": relations.rise,
    "trend": relations.trend,
    "output": models.output,
    "outputs": models.outputs,  # type: ignore[dict-item]
    "output_at": models.output_at,
    "low": models.low,
    "high": models.high,
    "companies": wording.companies,
    "rating": wording.rating,
    "rating_rule": wording.rating_rule,
    "span": wording.span,
    "range_of": wording.range_of,
    "same": wording.same,
    "name": wording.name,
    "date_of": wording.date_of,
    "period_of": wording.period_of,
    "operand": wording.operand,
    "said": wording.as_said,
    "places": wording.places,
    "as_unit": wording.as_unit,
    "size": wording.size,
    "since": conditions.since,
    "before": conditions.before,
    "holds": conditions.stands("holds"),
    "weakening": conditions.stands("weakening"),
    "broken": conditions.stands("broken"),
    "unknown": conditions.stands("unknown"),
    "positive": conditions.positive,
    "negative": conditions.negative,
    "greater": conditions.greater,
    "later": conditions.later,
    "behind": conditions.behind,
    "negate": conditions.negate,
    "every": conditions.every,
    "some": conditions.some,
}
