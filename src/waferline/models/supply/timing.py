"""This module lays flows on calendar quarters and moves them in time: overlaps, growth after the last figure, lags."""

from __future__ import annotations

import numpy as np

from waferline.models.model import Array

FIRST, QUARTERS = 2022.0, 28
"""The grid starts a year before the years that are shown and ends a year after them, so that lags find their sources."""
SHOWN = slice(4, 24)
YEARS = np.arange(2023.0, 2028.0)
_WIDTH = 0.25
_KNOWN = 0.2  # a third of a quarter is enough to go by
_LONGEST = 12
_SMALLEST = 1e-4


def overlaps(middles: Array) -> Array:
    """The part of each quarter of the grid that each reported quarter covers, `(quarters, entries)`.

    `middles` are the middles of the reported quarters in decimal years; a fiscal quarter that ends in January covers a
    third of the calendar quarter that starts there.
    """
    # Quarters start with a month; in months of equal length a calendar quarter covers itself and nothing else.
    begins = np.round((middles - _WIDTH / 2 - FIRST) * 12)
    starts = 3.0 * np.arange(QUARTERS)[:, None]
    low, high = np.maximum(starts, begins), np.minimum(starts, begins) + 3
    part: Array = np.maximum(high - low, 0.0) / 3
    return part


def on_quarters(middles: Array, values: Array) -> tuple[Array, int, int]:
    """What was reported, a quarter of the grid, with the first and last quarter that is known.

    Amounts are spread evenly over the quarter they were reported for; what a quarter lacks is filled at the rate of its
    known part. Quarters before the first hold its value, those after the last its value too, until `grown` moves them.
    """
    part = overlaps(middles)
    covered = part.sum(axis=1)
    known = np.flatnonzero(covered > _KNOWN)
    if not len(known):
        return np.zeros(QUARTERS), -1, -1
    first, last = int(known[0]), int(known[-1])
    rate = np.divide(part @ values, covered, out=np.zeros(QUARTERS), where=covered > _KNOWN)
    # A quarter that nobody reported lies on the line between its neighbours; the ends are held.
    rate = np.interp(np.arange(QUARTERS), known, rate[known])
    return rate, first, last


def grown(flow: Array, last: int, growth: Array, fade: Array) -> Array:
    """The flow with growth after its last known quarter: `growth` in the first year, `fade` times that in each later one.

    Shapes: flow `(quarters,)`, growth and fade `()` or `(draws,)`; the result broadcasts them over quarters.
    """
    years = np.arange(-(-QUARTERS // 4) + 1)
    yearly = np.log1p(growth[..., None] * fade[..., None] ** years)
    quarters = np.repeat(yearly / 4, 4, axis=-1)[..., : QUARTERS - last - 1]
    after = np.exp(np.cumsum(quarters, axis=-1))
    path = np.ones((*after.shape[:-1], QUARTERS))
    path[..., last + 1 :] = after
    result: Array = flow * path
    return result


def lag_weights(mean: Array) -> Array:
    """How a flow of one quarter is spread over the quarters that follow: Poisson with the mean in quarters.

    Lags of steps in a row add up: Poisson lags of 1 and 0.5 quarters are one of 1.5. Shape `(…, 13)`, summing to one.
    """
    k = np.arange(_LONGEST + 1)
    factorial = np.cumprod(np.concatenate([[1.0], k[1:]]))
    weights = np.exp(-mean[..., None]) * mean[..., None] ** k / factorial
    # A tail of less than one in ten thousand would put chips into years before they were on sale.
    weights = np.where(weights < _SMALLEST, 0.0, weights)
    result: Array = weights / weights.sum(axis=-1, keepdims=True)
    return result


def later(flow: Array, mean: Array) -> Array:
    """The flow as it comes out a mean number of quarters later; the first value of the grid stands for what came before."""
    weights = lag_weights(mean)
    padded = np.concatenate([np.repeat(flow[..., :1], _LONGEST, axis=-1), flow], axis=-1)
    return _moved(padded, weights, ahead=False)


def earlier(flow: Array, mean: Array) -> Array:
    """The flow as it went in a mean number of quarters before; the last value of the grid stands for what comes after."""
    weights = lag_weights(mean)
    padded = np.concatenate([flow, np.repeat(flow[..., -1:], _LONGEST, axis=-1)], axis=-1)
    return _moved(padded, weights, ahead=True)


def _moved(padded: Array, weights: Array, *, ahead: bool) -> Array:
    total = np.zeros((*np.broadcast_shapes(padded.shape[:-1], weights.shape[:-1]), QUARTERS))
    for k in range(_LONGEST + 1):
        start = k if ahead else _LONGEST - k
        if not weights[..., k].any():
            continue
        total += weights[..., k, None] * padded[..., start : start + QUARTERS]
    return total


def by_year(flow: Array) -> Array:
    """Sums over the calendar years shown, `(…, 5)`."""
    shown = flow[..., SHOWN]
    result: Array = shown.reshape(*shown.shape[:-1], len(YEARS), 4).sum(axis=-1)
    return result
