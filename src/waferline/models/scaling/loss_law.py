"""This module fits L = E + A/N^α + B/D^β to training runs, and refits it to resampled runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from waferline.models.model import Array

REFITS = 256
"""Resamples behind an interval; a run with more draws repeats them."""

_STARTS = tuple(product((4.0, 8.0), (4.0, 8.0), (0.0, 0.6), (0.3, 0.6), (0.3, 0.6)))
_REWEIGHTINGS = 60


@dataclass(frozen=True, slots=True)
class LossLaw:
    """The five constants: arrays of shape `()`, or `(refits,)`. N in parameters, D in tokens, L and E in nats a token."""

    a: Array
    b: Array
    e: Array
    alpha: Array
    beta: Array

    def loss(self, n: Array, d: Array) -> Array:
        """Loss of n parameters trained on d tokens."""
        return self.e + self.a / n**self.alpha + self.b / d**self.beta

    def exponent(self) -> Array:
        """a in N_opt ∝ C^a: β/(α+β)."""
        return self.beta / (self.alpha + self.beta)

    def optimal_parameters(self, compute: Array, flop: Array) -> Array:
        """The N with the least loss for a budget of `compute` FLOP, at `flop` FLOP a parameter and token.

        N_opt = G·(C/flop)^(β/(α+β)) with G = (αA/(βB))^(1/(α+β)). Source: Hoffmann et al. (arXiv 2203.15556), eq. 4.
        """
        g = (self.alpha * self.a / (self.beta * self.b)) ** (1 / (self.alpha + self.beta))
        return np.asarray(g * (compute / flop) ** self.exponent())


def kept(loss: Array, excluded: int) -> Array:
    """Which runs are fitted: those with a loss below the `excluded`-th highest, as in Epoch's notebook (ties go too)."""
    if excluded == 0:
        return np.ones(loss.shape, dtype=bool)
    return np.asarray(loss < np.sort(loss)[-excluded])


def fit(n: Array, d: Array, loss: Array, delta: float) -> LossLaw:
    """The law with the least sum of Huber losses of log L, by L-BFGS from several starts.

    `n`, `d`, `loss` have one entry a run; `delta` is where the Huber loss turns from square to straight.
    Source: Hoffmann et al. (arXiv 2203.15556), section 3.3 and appendix D.4 (log-sum-exp form, δ = 10⁻³).
    """
    return _law(np.array(_fitted(*_frozen(n, d, loss), delta)))


def refits(n: Array, d: Array, loss: Array, delta: float, seed: int) -> LossLaw:
    """The law on `REFITS` resamples of the runs, drawn with replacement, each refitted from the best fit.

    A refit minimises the same objective by iterated reweighting: a square weighted δ/|r| has the slope of the Huber
    loss beyond δ. After 60 rounds the constants stand still to a hundredth of their standard error.
    """
    return _law(_refitted(*_frozen(n, d, loss), delta, seed).copy())


def _law(theta: Array) -> LossLaw:
    a, b, e, alpha, beta = np.moveaxis(theta, -1, 0)
    return LossLaw(np.exp(a), np.exp(b), np.exp(e), alpha, beta)


def _frozen(n: Array, d: Array, loss: Array) -> tuple[bytes, bytes, bytes]:
    # bytes, so that the fit of one set of runs is kept: several outputs and cases ask for it
    return np.log(n).tobytes(), np.log(d).tobytes(), np.log(loss).tobytes()


def _terms(theta: Array, n: Array, d: Array) -> tuple[Array, Array]:
    """log L and the shares of A/N^α, B/D^β and E in L; theta is `(5,)` or `(refits, 5)`, terms are on the first axis."""
    a, b, e, alpha, beta = (each[..., None] for each in np.moveaxis(theta, -1, 0))
    logs = np.stack([a - alpha * n, b - beta * d, np.broadcast_to(e, (a - alpha * n).shape)])
    top = logs.max(axis=0)
    parts = np.exp(logs - top)
    total = parts.sum(axis=0)
    return top + np.log(total), parts / total


@lru_cache(maxsize=16)
def _fitted(n_bytes: bytes, d_bytes: bytes, loss_bytes: bytes, delta: float) -> tuple[float, ...]:
    from scipy.optimize import minimize

    n, d, loss = (np.frombuffer(each) for each in (n_bytes, d_bytes, loss_bytes))

    def objective(theta: Array) -> tuple[float, Array]:
        predicted, shares = _terms(theta, n, d)
        r = predicted - loss
        size = np.abs(r)
        value = np.where(size <= delta, r * r / 2, delta * (size - delta / 2)).sum()
        slopes = np.clip(r, -delta, delta) * shares
        gradient = np.array(
            [
                slopes[0].sum(),
                slopes[1].sum(),
                slopes[2].sum(),
                -(slopes[0] * n).sum(),
                -(slopes[1] * d).sum(),
            ]
        )
        # scaled so that L-BFGS's own tolerances bite: the sum itself is of the order of 10⁻³
        return float(value) * 1e3, gradient * 1e3

    rough = [
        minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 60}) for start in _STARTS
    ]
    rough.sort(key=lambda found: float(found.fun))
    options = {"maxiter": 5000, "maxfun": 10000, "ftol": 1e-14, "gtol": 1e-9}
    best = [minimize(objective, found.x, jac=True, method="L-BFGS-B", options=options) for found in rough[:4]]
    return tuple(float(each) for each in min(best, key=lambda found: float(found.fun)).x)


@lru_cache(maxsize=16)
def _refitted(n_bytes: bytes, d_bytes: bytes, loss_bytes: bytes, delta: float, seed: int) -> Array:
    n, d, loss = (np.frombuffer(each) for each in (n_bytes, d_bytes, loss_bytes))
    generator = np.random.Generator(np.random.Philox(key=seed))
    runs = len(n)
    counts = np.stack([np.bincount(generator.integers(0, runs, runs), minlength=runs) for _ in range(REFITS)])
    theta = np.tile(np.array(_fitted(n_bytes, d_bytes, loss_bytes, delta)), (REFITS, 1))
    for _ in range(_REWEIGHTINGS):
        predicted, shares = _terms(theta, n, d)
        r = predicted - loss
        weight = counts * np.minimum(1.0, delta / np.maximum(np.abs(r), delta))
        slopes = np.stack([shares[0], shares[1], shares[2], -shares[0] * n, -shares[1] * d], axis=-1)
        weighted = slopes * weight[..., None]
        normal = np.swapaxes(weighted, 1, 2) @ slopes
        # a trace of ridge: a resample may hold too few distinct runs to tell five constants apart
        normal += 1e-12 * np.trace(normal, axis1=1, axis2=2)[:, None, None] * np.eye(5)
        step = np.linalg.solve(normal, (weighted * r[..., None]).sum(axis=1)[..., None])[..., 0]
        theta -= np.clip(step, -1.0, 1.0)
    return theta
