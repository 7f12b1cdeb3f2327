"""This module finds the least Huber loss of a sum of exponentials' logarithm, for many starts or resamples at once.

The curve is log Σ_t exp(x_t·θ_t): three terms, of which two have a level and a slope and the third a level alone. θ has
the columns level, slope, level, slope, level, in `(rows, 5)`; every row is a problem of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waferline.models.model import Array

_WIDENED = (*(2.0**k for k in range(10, 0, -1)), *(1.0,) * 8)
"""Where square turns straight in each round of reweighting, times δ: wide at first, so that no start is caught far off."""

_NEWTON_STEPS = 60
_STILL = 1e-10
"""A row stands still once its next step would gain less than this part of its loss."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Runs to be met: the two slopes' variables, what is to be met, and where square turns straight; all `(runs,)`.

    `counts` `(rows, runs)` says how often each row's sample holds each run; `(1, runs)` for all rows alike.
    """

    first: Array
    second: Array
    observed: Array
    delta: float
    counts: Array

    def of(self, rows: NDArray[np.intp]) -> Problem:
        """Some of the rows."""
        if len(self.counts) == 1:
            return self
        return Problem(self.first, self.second, self.observed, self.delta, self.counts[rows])


def curve(theta: Array, first: Array, second: Array) -> tuple[Array, Array]:
    """The curve `(rows, runs)`, and the three terms' shares in the sum `(3, rows, runs)`."""
    logs = np.empty((3, len(theta), len(first)))
    np.multiply(theta[:, 1:2], first, out=logs[0])
    np.multiply(theta[:, 3:4], second, out=logs[1])
    for term, level in enumerate((0, 2)):
        logs[term] += theta[:, level : level + 1]
    logs[2] = theta[:, 4:5]
    top = logs.max(axis=0)
    shares = np.exp(logs - top, out=logs)
    total = shares.sum(axis=0)
    shares /= total
    return top + np.log(total), shares


def least(theta: Array, problem: Problem) -> tuple[Array, Array]:
    """Where each row comes to rest from its start, `(rows, 5)`, and its loss there, `(rows,)`.

    First by reweighted squares (a square weighted δ/|r| has the slope of the Huber loss beyond δ) with a narrowing δ, which
    come close from afar; then by Newton's method with the exact second derivatives, damped until the loss falls, which ends
    at the kinks of the loss where reweighting only creeps.
    """
    theta = theta.copy()
    for wide in _WIDENED:
        theta += _reweighted(theta, problem, wide * problem.delta)
    return _newton(theta, problem)


def _slopes(shares: Array, first: Array, second: Array) -> Array:
    """The curve's derivatives, `(rows, 5, runs)`."""
    one, two, rest = shares
    return np.stack([one, one * first, two, two * second, rest], axis=1)


def _reweighted(theta: Array, problem: Problem, delta: float) -> Array:
    value, shares = curve(theta, problem.first, problem.second)
    r = value - problem.observed
    weight = problem.counts * np.minimum(1.0, delta / np.maximum(np.abs(r), delta))
    slopes = _slopes(shares, problem.first, problem.second)
    weighted = slopes * weight[:, None]
    normal = weighted @ np.swapaxes(slopes, 1, 2)
    # a trace of ridge: a resample may hold too few distinct runs to tell five constants apart
    normal += 1e-12 * np.trace(normal, axis1=1, axis2=2)[:, None, None] * np.eye(5)
    step = np.linalg.solve(normal, (weighted @ r[..., None]))[..., 0]
    return np.asarray(-np.clip(step, -1.0, 1.0))


def _loss(r: Array, problem: Problem) -> Array:
    size = np.abs(r)
    inside = np.minimum(size, problem.delta)
    return np.asarray((problem.counts * inside * (size - inside / 2)).sum(axis=1))


def _newton(theta: Array, problem: Problem) -> tuple[Array, Array]:
    value, shares = curve(theta, problem.first, problem.second)
    loss = _loss(value - problem.observed, problem)
    damping = np.full(len(theta), 1e-6)
    left = np.arange(len(theta))
    for _ in range(_NEWTON_STEPS):
        part = problem.of(left)
        r = value - problem.observed
        gradient, bend = _derivatives(r, shares, part)
        curvature, axes = np.linalg.eigh(bend)
        # away from the least the loss may curve downwards: the size of the curvature still says how far to go
        size = np.abs(curvature)
        size += damping[left, None] * size.max(axis=1, keepdims=True) + 1e-300
        along = (gradient[:, None] @ axes)[:, 0]
        step = -(axes @ (along / size)[..., None])[..., 0]
        gain = (along * along / size).sum(axis=1)
        tried = theta[left] + np.clip(step, -1.0, 1.0)
        tried_value, tried_shares = curve(tried, problem.first, problem.second)
        tried_loss = _loss(tried_value - problem.observed, part)
        better = tried_loss < loss[left]
        theta[left[better]], loss[left[better]] = tried[better], tried_loss[better]
        damping[left] = np.where(better, damping[left] / 10, np.maximum(damping[left], 1e-9) * 10)
        going = (gain > _STILL * loss[left]) & (damping[left] < 1e9)
        value = np.where(better[:, None], tried_value, value)[going]
        shares = np.where(better[None, :, None], tried_shares, shares)[:, going]
        left = left[going]
        if not len(left):
            break
    return theta, loss


def _derivatives(r: Array, shares: Array, problem: Problem) -> tuple[Array, Array]:
    """The loss's gradient `(rows, 5)` and second derivatives `(rows, 5, 5)`.

    With ρ the Huber loss and s the shares: Σ ρ'·s_t·x and Σ (ρ'' − ρ')·(s x)(s x)ᵀ + ρ'·s_t·x xᵀ.
    """
    first, second = problem.first, problem.second
    pull = problem.counts * np.clip(r, -problem.delta, problem.delta)
    slopes = _slopes(shares, first, second)
    gradient = (slopes @ pull[..., None])[..., 0]
    square = problem.counts * (np.abs(r) <= problem.delta)
    bend = (slopes * (square - pull)[:, None]) @ np.swapaxes(slopes, 1, 2)
    for at, x in ((0, first), (2, second)):
        bend[:, at, at] += gradient[:, at]
        bend[:, at, at + 1] += gradient[:, at + 1]
        bend[:, at + 1, at] += gradient[:, at + 1]
        bend[:, at + 1, at + 1] += ((slopes[:, at + 1] * x) * pull).sum(axis=1)
    bend[:, 4, 4] += gradient[:, 4]
    return gradient, bend
