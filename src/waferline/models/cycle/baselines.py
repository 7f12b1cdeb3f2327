"""This module makes the plain forecasts that a nowcast has to beat: each from the levels of past months alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from waferline.models.model import Array

_YEAR = 12


@dataclass(frozen=True)
class Forecast:
    """A normal forecast of a logarithm."""

    mean: float
    deviation: float


Baseline = Callable[[Array, int], Forecast]


def seasonal_naive(logs: Array, ahead: int) -> Forecast:
    """The same month of the year before; its deviation is the root mean square of such changes so far."""
    changes = logs[_YEAR:] - logs[:-_YEAR]
    return Forecast(float(logs[ahead - 1 - _YEAR]), float(np.sqrt(np.mean(changes**2))))


def last_growth(logs: Array, ahead: int) -> Forecast:
    """The month of the year before, grown as the last month grew on the year."""
    growth = logs[_YEAR:] - logs[:-_YEAR]
    moved = growth[ahead:] - growth[:-ahead]
    return Forecast(float(logs[ahead - 1 - _YEAR] + growth[-1]), float(np.sqrt(np.mean(moved**2))))


def autoregression(logs: Array, ahead: int) -> Forecast:
    """Growth on the year as a first-order autoregression with a constant, by least squares."""
    growth = logs[_YEAR:] - logs[:-_YEAR]
    x = np.column_stack([np.ones(len(growth) - 1), growth[:-1]])
    (constant, slope), *_ = np.linalg.lstsq(x, growth[1:], rcond=None)
    residual = growth[1:] - x @ np.array([constant, slope])
    deviation = np.sqrt(np.sum(residual**2) / max(len(residual) - 2, 1))
    value, spread = growth[-1], 0.0
    for step in range(ahead):
        value = constant + slope * value
        spread += slope ** (2 * step)
    return Forecast(float(logs[ahead - 1 - _YEAR] + value), float(deviation * np.sqrt(spread)))


def exponential_smoothing(logs: Array, ahead: int) -> Forecast:
    """Additive level, damped trend and months of the year; the weights of least squared error on a grid.

    Source: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), chapter 2 and table 6.1.
    """
    grid = np.array(
        [
            (a, a * b, (1 - a) * g, phi)
            for a, b, g, phi in product(
                (0.2, 0.5, 0.8, 0.95), (0.0, 0.1, 0.3, 0.6), (0.0, 0.2, 0.5), (0.8, 0.9, 0.98)
            )
        ]
    )
    alpha, beta, gamma, damping = grid.T
    first, second = logs[:_YEAR], logs[_YEAR : 2 * _YEAR]
    slope = (second.mean() - first.mean()) / _YEAR
    level = np.full(len(grid), first.mean() - slope * (_YEAR + 1) / 2)
    trend = np.full(len(grid), slope)
    season = np.tile(first - first.mean() - slope * (np.arange(_YEAR) - (_YEAR - 1) / 2), (len(grid), 1))
    squares, counted = np.zeros(len(grid)), 0
    for at, value in enumerate(logs):
        place = at % _YEAR
        ahead_of = level + damping * trend
        error = value - ahead_of - season[:, place]
        if at >= _YEAR:
            squares += error**2
            counted += 1
        level = ahead_of + alpha * error
        trend = damping * trend + beta * error
        season[:, place] += gamma * error
    best = int(np.argmin(squares))
    reach = np.cumsum(damping[best] ** np.arange(1, ahead + 1))
    mean = level[best] + reach[-1] * trend[best] + season[best, (len(logs) + ahead - 1) % _YEAR]
    passed_on = alpha[best] + beta[best] * reach[: ahead - 1]
    variance = squares[best] / max(counted - 4, 1) * (1 + np.sum(passed_on**2))
    return Forecast(float(mean), float(np.sqrt(variance)))


BASELINES: dict[str, Baseline] = {
    "seasonal naive": seasonal_naive,
    "last growth on the year": last_growth,
    "AR(1) of growth": autoregression,
    "ETS, damped": exponential_smoothing,
}


def crps(error: Array, deviation: Array) -> Array:
    """Continuous ranked probability score of normal forecasts, from forecast less actual; lower is better.

    Source: Gneiting and Raftery, Journal of the American Statistical Association 102 (2007), equation 21.

    >>> [round(float(crps(np.array(e), np.array(1.0))), 4) for e in (0.0, 1.0)]
    [0.2337, 0.6024]
    """
    from scipy.special import ndtr

    z = error / deviation
    density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    score: Array = deviation * (z * (2 * ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi))
    return score
