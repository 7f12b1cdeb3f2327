"""This module holds the log-linear trend through many dated values, with robust errors; it needs no numpy."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import atan, cos, exp, lgamma, log, pi, sqrt
from typing import cast

from waferline.errors import BadInput
from waferline.quantity.interval import Interval, N
from waferline.quantity.period import Period
from waferline.quantity.relations.base import (
    Example,
    Need,
    Periods,
    Phrase,
    Relation,
    need_periods,
    same_measure,
    stretch,
)
from waferline.quantity.units import Unit, unit

_LEVEL = 0.90
_DAYS_A_YEAR = 365.25
_DIGITS = 12


class Trend(Relation):
    """The factor a year of a straight line through the logarithms of dated values, by ordinary least squares.

    Each value stands at the middle day of its period; a year is 365.25 days. Its interval is the 90 %
    confidence interval from heteroscedasticity-robust errors (HC1: MacKinnon and White, Journal of
    Econometrics 29, 1985) and Student's t with n − 2 degrees of freedom; the rounding of the single values is
    far smaller and left out. Refuses fewer than 8 values, fewer than 3 different days and values that are not
    positive.
    """

    name = "trend"
    title = Phrase("趋势（每年倍数）", "trend (factor a year)")
    needs = (Need("point", Phrase("数据点", "point"), positive=True, many=True, at_least=8),)
    example = Example(
        tuple((str(2**i), "FLOP", f"{2015 + i}-07-02") for i in range(8)),
        "2.00x a year",
    )
    homogeneous = 0
    states_interval = True
    takes_range = True

    def value(self, *xs: N, periods: Periods = ()) -> N:
        points = [x for x in cast(Sequence[object], xs) if isinstance(x, Fraction)]
        if len(points) < len(xs):
            raise TypeError("a trend is evaluated over exact values only; inside a trace it is an atom")
        factor = _decimal(exp(_fit(points, periods)[0]), ROUND_HALF_EVEN)
        return factor  # type: ignore[return-value]

    def interval(self, xs: Sequence[Fraction], periods: Periods) -> Interval | None:
        slope, error = _fit(xs, periods)
        reach = error * student_quantile(0.5 + _LEVEL / 2, len(xs) - 2)
        return Interval(
            _decimal(exp(slope - reach), ROUND_FLOOR), _decimal(exp(slope + reach), ROUND_CEILING)
        )

    def unit(self, *units: Unit, where: str = "") -> Unit:
        same_measure(where or self.name, *units)
        return unit("ratio per year")

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        if lang == "zh":
            return f"对{len(texts)}个数据点取对数作线性拟合的每年倍数；区间为90%置信区间（HC1稳健标准误）"
        return (
            f"factor a year of a log-linear fit to {len(texts)} points; "
            "interval: 90% confidence, HC1 robust errors"
        )

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        """`refs` are the value cells one by one, or one range (a column)."""
        days = [str(round(2 * day)) for day in _days(need_periods(self.name, periods))]
        if len(refs) == 1 and ":" in refs[0]:
            return f"=LOGEST({refs[0]},{{{';'.join(days)}}}/2)^365.25"
        if len(refs) > 254:
            raise BadInput(
                where=self.name,
                what="too many cells for one formula",
                expected="a range",
                found=str(len(refs)),
            )
        order = ",".join(str(i + 1) for i in range(len(refs)))
        return f"=LOGEST(CHOOSE({{{order}}},{','.join(refs)}),{{{','.join(days)}}}/2)^365.25"

    def period(self, *periods: Period | None) -> Period | None:
        return stretch(*periods)

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        days = set(_days(need_periods(where or self.name, periods)))
        if len(days) < 3:
            raise BadInput(
                where=where or self.name, what="too few different days", expected="3", found=str(len(days))
            )


def _days(periods: Sequence[Period]) -> list[float]:
    return [(p.start.toordinal() + p.end.toordinal()) / 2 for p in periods]


def _fit(xs: Sequence[Fraction], periods: Periods) -> tuple[float, float]:
    """Slope of log value on years, and its HC1 standard error."""
    days = _days(need_periods("trend", periods))
    return log_linear([day / _DAYS_A_YEAR for day in days], [log(x) for x in xs])


def log_linear(years: Sequence[float], logs: Sequence[float]) -> tuple[float, float]:
    """Slope of logarithms on years by least squares, and its HC1 standard error.

    MacKinnon and White, Journal of Econometrics 29 (1985): squared residuals, times n/(n − 2). Needs three points that are
    not all of one day.

    >>> slope, error = log_linear([0, 1, 2, 3], [0, 1, 2, 3])
    >>> round(slope, 9), round(error, 9)
    (1.0, 0.0)
    """
    n = len(logs)
    mean_year, mean_log = sum(years) / n, sum(logs) / n
    from_mean = [year - mean_year for year in years]
    spread = sum(d * d for d in from_mean)
    slope = sum(d * (y - mean_log) for d, y in zip(from_mean, logs, strict=True)) / spread
    residuals = [y - mean_log - slope * d for d, y in zip(from_mean, logs, strict=True)]
    meat = sum((d * e) ** 2 for d, e in zip(from_mean, residuals, strict=True))
    return slope, sqrt(n / (n - 2) * meat) / spread


def _decimal(value: float, rounding: str) -> Fraction:
    """Twelve significant digits: what the fit gives on every machine, and an exact number from there on."""
    return Fraction(Context(prec=_DIGITS, rounding=rounding).create_decimal(Decimal(value)))


def student_quantile(probability: float, degrees: int) -> float:
    """The t below which Student's distribution has the probability (above one half), by bisection.

    >>> round(student_quantile(0.95, 10), 4)
    1.8125
    """
    low, high = 0.0, 1.0
    while _student_below(high, degrees) < probability:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _student_below(middle, degrees) < probability else (low, middle)
    return (low + high) / 2


def _student_below(t: float, degrees: int) -> float:
    """P(T ≤ t) for t ≥ 0, by Simpson's rule on the density with t = √n·tan(angle): the integrand is
    cos^(n−1)."""
    n = degrees
    angle, steps = atan(t / sqrt(n)), 200
    width = angle / steps
    ends = 1 + cos(angle) ** (n - 1)
    inner = sum((4 if i % 2 else 2) * cos(i * width) ** (n - 1) for i in range(1, steps))
    return 0.5 + exp(lgamma((n + 1) / 2) - lgamma(n / 2)) / sqrt(pi) * (ends + inner) * width / 3
