"""This module fits the parameters of the sales state: the likelihood of what is known, times wide priors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from waferline.models.cycle.sales_state import NAMES, Figure, Fixed, Parameters, history, problem
from waferline.models.model import Array

# Middle and spread of each prior, on the scale on which it is fitted: logarithm, logit or as it stands.
_PRIORS: dict[str, tuple[str, float, float]] = {
    "month_noise": ("log", 0.02, 0.5),
    "level_noise": ("log", 0.01, 0.5),
    "slope_noise": ("log", 0.01, 0.5),
    "momentum": ("logit", 0.9, 0.5),
    "foundry_loading": ("plain", 0.5, 0.5),
    "exports_loading": ("plain", 1.5, 0.7),
    "gap_drift": ("log", 0.05, 0.5),
    "gap_noise": ("log", 0.08, 0.5),
    "revision": ("log", 0.008, 0.2),
}
PRIOR = Parameters(**{name: middle for name, (_, middle, _) in _PRIORS.items()})


def to_free(of: Parameters) -> Array:
    """The parameters in units of their priors: 0 is the middle, 1 a spread above it."""
    return np.array([(_scaled(n, getattr(of, n)) - _scaled(n, _PRIORS[n][1])) / _PRIORS[n][2] for n in NAMES])


def from_free(free: Array) -> Parameters:
    """The inverse of `to_free`."""
    found = {}
    for name, each in zip(NAMES, free, strict=True):
        kind, middle, spread = _PRIORS[name]
        value = _scaled(name, middle) + spread * float(each)
        if kind == "log":
            value = float(np.exp(value))
        elif kind == "logit":
            value = float(1 / (1 + np.exp(-value)))
        found[name] = value
    return Parameters(**found)


def _scaled(name: str, value: float) -> float:
    """The value on the scale on which its prior is normal."""
    kind = _PRIORS[name][0]
    if kind == "log":
        return float(np.log(value))
    return float(np.log(value / (1 - value))) if kind == "logit" else value


def fitted(figures: Sequence[Figure], fixed: Fixed, last: int) -> Parameters:
    """The most probable parameters given the figures (mode of the posterior), by L-BFGS from the middle of the priors."""
    from scipy.optimize import minimize

    asked = problem(figures, fixed, last, history(figures, PRIOR, fixed, last).logs)

    def worse(free: Array) -> float:
        return 0.5 * float(free @ free) - asked.filtered(from_free(free), fixed).likelihood

    found = minimize(
        worse, np.zeros(len(NAMES)), method="L-BFGS-B", bounds=[(-4, 4)] * len(NAMES), options={"maxiter": 40}
    )
    return from_free(found.x)
