"""This module writes monthly sales as a hidden state, and every published figure as something seen of it.

The state is the logarithm of the sales of single months. SIA prints means of three of them, which stay means of three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from waferline.models.cycle.kalman import Dynamics, Filtered, Seen, kalman
from waferline.models.model import Array

LAGS = 15  # a print and the print of a year before it: three months and three more, twelve months apart
_YEAR = 12
_LEVEL, _SLOPE, _SEASON = LAGS, LAGS + 1, LAGS + 2
_FOUNDRY_GAP, _EXPORTS_GAP, _SIZE = _SEASON + _YEAR, _SEASON + _YEAR + 1, _SEASON + _YEAR + 2
# Makers close their quarters after 4, 4 and 5 weeks, so the third month of a quarter starts out as the larger one.
_WEEKS = np.log(np.array([4, 4, 5]) * 3 / 13)
_PASSES = 3


@dataclass(frozen=True)
class Parameters:
    """What is fitted; deviations are of logarithms, in a month."""

    month_noise: float  # of a single month, beside level and season
    level_noise: float  # of the level, beside its slope
    slope_noise: float  # of the slope
    momentum: float  # part of the slope's distance from long-run growth that is left after a month
    foundry_loading: float  # foundry growth on the year per growth of sales
    exports_loading: float  # growth of Korean chip exports on the year per growth of sales
    gap_drift: float  # monthly change of the gap between such growth and its share of sales growth
    gap_noise: float  # of such growth in one month
    revision: float  # later restatement of a printed figure


NAMES = tuple(each.name for each in fields(Parameters))


@dataclass(frozen=True)
class Fixed:
    """What is assumed: growth a year in the long run, and how far a season may lie from `_WEEKS` (both logarithms)."""

    long_run: float
    season: float


@dataclass(frozen=True)
class Figure:
    """A published figure about a month (its index: year · 12 + month − 1), as a logarithm with a variance.

    kind: print (mean of the month and the two before), on_year (the same against a year before), month (a single
    month), foundry or exports (growth on the year).
    """

    month: int
    kind: str
    value: float
    variance: float = 0.0


def dynamics(of: Parameters, fixed: Fixed) -> Dynamics:
    """A month is level + season + noise; the level moves by a slope that is drawn to long-run growth.

    The twelve seasons stay as they are and take turns; the gaps of foundry and exports walk at random.
    """
    move, noise, drift = np.zeros((_SIZE, _SIZE)), np.zeros((_SIZE, _SIZE)), np.zeros(_SIZE)
    move[_SLOPE, _SLOPE] = of.momentum
    move[_LEVEL, _LEVEL], move[_LEVEL, _SLOPE] = 1, of.momentum
    move[_SEASON, _SEASON + _YEAR - 1] = 1
    turns = np.arange(_SEASON + 1, _SEASON + _YEAR)
    move[turns, turns - 1] = 1
    move[0] = move[_LEVEL] + move[_SEASON]
    move[np.arange(1, LAGS), np.arange(LAGS - 1)] = 1
    gaps = np.array([_FOUNDRY_GAP, _EXPORTS_GAP])
    move[gaps, gaps] = 1
    drift[[0, _LEVEL, _SLOPE]] = (1 - of.momentum) * fixed.long_run / _YEAR
    slope, level = np.zeros(_SIZE), np.zeros(_SIZE)
    slope[[0, _LEVEL, _SLOPE]], level[[0, _LEVEL]] = of.slope_noise, of.level_noise
    noise += np.outer(slope, slope) + np.outer(level, level)
    noise[0, 0] += of.month_noise**2
    noise[gaps, gaps] = of.gap_drift**2
    return Dynamics(move, drift, noise)


def _start(level: float, first: int, fixed: Fixed) -> tuple[Array, Array]:
    """The state before any figure: months near `level`, each with a season of its own, and wide gaps.

    The 14 months before stand at the level with their own seasons; what the figures say of them comes later.
    """
    mean, covariance = np.zeros(_SIZE), np.zeros((_SIZE, _SIZE))
    mean[: LAGS + 1] = level
    mean[:LAGS] += _WEEKS[(first - np.arange(LAGS)) % 3]
    mean[_SEASON : _SEASON + _YEAR] = _WEEKS[(first - np.arange(_YEAR)) % 3]
    mean[_SLOPE] = fixed.long_run / _YEAR
    # How far the level of an earlier month may lie from that at the start: further back, further away.
    away = np.minimum.outer(np.arange(LAGS), np.arange(LAGS))
    covariance[:LAGS, :LAGS] += 0.03**2 * away
    covariance[np.arange(LAGS), np.arange(LAGS)] += 0.03**2
    wide = np.zeros(_SIZE)
    wide[: LAGS + 1] = 1
    covariance += 0.2**2 * np.outer(wide, wide)
    for number in range(_YEAR):
        touched = np.zeros(_SIZE)
        touched[_SEASON + number] = 1
        touched[[lag for lag in range(LAGS) if lag % _YEAR == number]] = 1
        covariance += fixed.season**2 * np.outer(touched, touched)
    covariance[_SLOPE, _SLOPE] += 0.02**2
    covariance[_FOUNDRY_GAP, _FOUNDRY_GAP] = covariance[_EXPORTS_GAP, _EXPORTS_GAP] = 0.4**2
    return mean, covariance


def mean_of_three(logs: Array) -> tuple[float, Array]:
    """The logarithm of the mean of what three logarithms stand for, and its slope in each of them.

    >>> value, slope = mean_of_three(np.log(np.array([30.0, 40.0, 50.0])))
    >>> round(float(np.exp(value)), 6), [round(float(each), 3) for each in slope]
    (40.0, [0.25, 0.333, 0.417])
    """
    top = logs.max()
    parts = np.exp(logs - top)
    return float(top + np.log(parts.mean())), parts / parts.sum()


@dataclass(frozen=True)
class Line:
    """A figure as a linear function of the state near one estimate of the months: all of it that no parameter changes."""

    step: int
    kind: str
    sales: Array  # row over the months; of foundry and exports it is still to be loaded
    gap: Array
    value: float
    variance: float


def line_of(figure: Figure, step: int, around: Array) -> Line:
    """The figure near `around`, the month's logarithm and those of the 14 months before it."""
    row, gap, value = np.zeros(_SIZE), np.zeros(_SIZE), figure.value
    if figure.kind in ("print", "on_year"):
        height, slope = mean_of_three(around[:3])
        row[:3] = slope
        value -= height - float(slope @ around[:3])
    if figure.kind == "on_year":
        height, slope = mean_of_three(around[_YEAR:])
        row[_YEAR:LAGS] = -slope
        value += height - float(slope @ around[_YEAR:])
    elif figure.kind == "month":
        row[0] = 1
    elif figure.kind in ("foundry", "exports"):
        row[0], row[_YEAR] = 1, -1
        gap[_FOUNDRY_GAP if figure.kind == "foundry" else _EXPORTS_GAP] = 1
    return Line(step, figure.kind, row, gap, value, figure.variance)


def seen_with(lines: Sequence[Line], of: Parameters) -> dict[int, list[Seen]]:
    """What the lines say of the state with these parameters, by step."""
    loadings = {"foundry": of.foundry_loading, "exports": of.exports_loading}
    found: dict[int, list[Seen]] = {}
    for each in lines:
        loading = loadings.get(each.kind)
        if loading is None:
            seen = Seen(each.sales, each.value, each.variance + of.revision**2)
        else:
            seen = Seen(loading * each.sales + each.gap, each.value, each.variance + of.gap_noise**2)
        found.setdefault(each.step, []).append(seen)
    return found


@dataclass(frozen=True)
class History:
    """The sales from the month `first` on, filtered; `logs` are the best estimates of each month, 14 before it first."""

    first: int
    filtered: Filtered
    logs: Array

    def state(self, month: int) -> tuple[Array, Array]:
        """Mean and covariance of the logarithms of the month and of the 14 before it, after all data up to it."""
        at = month - self.first
        return self.filtered.means[at, :LAGS], self.filtered.covariances[at, :LAGS, :LAGS]

    def growth(self, month: int) -> float:
        """Growth on the year of the mean of three months up to that month, as a logarithm."""
        logs = self.state(month)[0]
        return mean_of_three(logs[:3])[0] - mean_of_three(logs[_YEAR:])[0]


@dataclass(frozen=True)
class Problem:
    """The months to be filtered, from `first` on, and the figures about them as lines near one estimate."""

    first: int
    steps: int
    mean: Array
    covariance: Array
    lines: tuple[Line, ...]

    def filtered(self, of: Parameters, fixed: Fixed) -> Filtered:
        """The state with these parameters; likelihoods on the same lines can be compared."""
        seen = seen_with(self.lines, of)
        return kalman(dynamics(of, fixed), self.mean, self.covariance, seen, self.steps)


def problem(figures: Sequence[Figure], fixed: Fixed, last: int, around: Array | None = None) -> Problem:
    """The figures from the first level of sales to the month `last`, near `around`: the logarithm of every month.

    `around` starts 14 months before the first; without it all months are near the first level.
    """
    first = min(each.month for each in figures if each.kind in ("print", "on_year", "month"))
    steps = last - first + 1
    level = next(each.value for each in figures if each.kind in ("print", "month"))
    near = np.full(steps + LAGS - 1, level) if around is None else around
    lines = tuple(
        line_of(each, each.month - first, near[each.month - first : each.month - first + LAGS][::-1])
        for each in figures
        if first <= each.month <= last
    )
    return Problem(first, steps, *_start(level, first, fixed), lines)


def history(figures: Sequence[Figure], of: Parameters, fixed: Fixed, last: int) -> History:
    """Filters the figures up to the month `last`, three times, each time near the last estimate of every month."""
    around: Array | None = None
    for _ in range(_PASSES):
        asked = problem(figures, fixed, last, around)
        found = asked.filtered(of, fixed)
        around = _estimates(found.means)
    return History(asked.first, found, _estimates(found.means))


def _estimates(means: Array) -> Array:
    """The estimate of every month from the state up to 14 months later, where it stands among the lags."""
    steps = len(means)
    whole = np.empty(steps + LAGS - 1)
    whole[: LAGS - 1] = means[0, 1:LAGS][::-1]
    for at in range(steps):
        whole[at : at + LAGS] = means[at, :LAGS][::-1]
    return whole
