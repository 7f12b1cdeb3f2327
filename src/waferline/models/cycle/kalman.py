"""This module filters a linear Gaussian state: what is known of it after each month, and how likely the data were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from waferline.models.model import Array

_LOG_2PI = float(np.log(2 * np.pi))


@dataclass(frozen=True)
class Dynamics:
    """How the state moves in a step: state = move @ state + drift + noise of covariance `noise`."""

    move: Array
    drift: Array
    noise: Array


@dataclass(frozen=True)
class Seen:
    """One number seen: value = row @ state + noise of that variance."""

    row: Array
    value: float
    variance: float


@dataclass(frozen=True)
class Filtered:
    """The state's mean (steps, n) and covariance (steps, n, n) after the data of each step, and the log-likelihood."""

    means: Array
    covariances: Array
    likelihood: float


def kalman(
    dynamics: Dynamics,
    mean: Array,
    covariance: Array,
    seen: Mapping[int, Sequence[Seen]],
    steps: int,
) -> Filtered:
    """Filters `steps` steps; `mean` and `covariance` hold at step 0 before its data; numbers of a step come one by one.

    Their noises are independent, so one at a time gives the same as all at once, without an inverse.
    Source: Durbin and Koopman, Time Series Analysis by State Space Methods (2012), sections 4.3 and 6.4.
    """
    n = len(mean)
    means, covariances = np.empty((steps, n)), np.empty((steps, n, n))
    a, p, likelihood = mean.copy(), covariance.copy(), 0.0
    for step in range(steps):
        if step:
            a = dynamics.move @ a + dynamics.drift
            p = dynamics.move @ p @ dynamics.move.T + dynamics.noise
        for each in seen.get(step, ()):
            gain = p @ each.row
            spread = float(each.row @ gain) + each.variance
            missed = each.value - float(each.row @ a)
            likelihood -= 0.5 * (_LOG_2PI + np.log(spread) + missed**2 / spread)
            a = a + gain * (missed / spread)
            p = p - gain[:, None] * (gain / spread)
        p = 0.5 * (p + p.T)
        means[step], covariances[step] = a, p
    return Filtered(means, covariances, float(likelihood))
