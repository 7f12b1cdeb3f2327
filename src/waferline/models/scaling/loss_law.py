"""This module fits L = E + A/N^α + B/D^β to training runs, and refits it to resampled runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from waferline.models.model import Array
from waferline.models.scaling.huber_fit import Problem, least

REFITS = 256
"""Resamples behind an interval; a run with more draws repeats them."""

_STARTS = tuple(product((4.0, 8.0), (0.3, 0.6), (4.0, 8.0), (0.3, 0.6), (0.0, 0.6)))
"""log A, α, log B, β, log E from which the fit sets out."""


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
    """The law with the least sum of Huber losses of log L, the best of several starts.

    `n`, `d`, `loss` have one entry a run; `delta` is where the Huber loss turns from square to straight.
    Source: Hoffmann et al. (arXiv 2203.15556), section 3.3 and appendix D.4 (log-sum-exp form, δ = 10⁻³).
    """
    return _law(np.array(_fitted(*_frozen(n, d, loss), delta)))


def refits(n: Array, d: Array, loss: Array, delta: float, seed: int) -> LossLaw:
    """The law on `REFITS` resamples of the runs, drawn with replacement, each refitted from the best fit."""
    return _law(_refitted(*_frozen(n, d, loss), delta, seed))


def _law(theta: Array) -> LossLaw:
    a, alpha, b, beta, e = np.moveaxis(theta, -1, 0)
    return LossLaw(np.exp(a), np.exp(b), np.exp(e), alpha.copy(), beta.copy())


def _frozen(n: Array, d: Array, loss: Array) -> tuple[bytes, bytes, bytes]:
    # bytes, so that the fit of one set of runs is kept: several outputs and cases ask for it
    return np.log(n).tobytes(), np.log(d).tobytes(), np.log(loss).tobytes()


@lru_cache(maxsize=16)
def _fitted(n_bytes: bytes, d_bytes: bytes, loss_bytes: bytes, delta: float) -> tuple[float, ...]:
    n, d, loss = (np.frombuffer(each) for each in (n_bytes, d_bytes, loss_bytes))
    found, losses = _least(np.array(_STARTS), n, d, loss, delta, np.ones((1, len(n))))
    return tuple(float(each) for each in found[losses.argmin()])


@lru_cache(maxsize=16)
def _refitted(n_bytes: bytes, d_bytes: bytes, loss_bytes: bytes, delta: float, seed: int) -> Array:
    n, d, loss = (np.frombuffer(each) for each in (n_bytes, d_bytes, loss_bytes))
    generator = np.random.Generator(np.random.Philox(key=seed))
    runs = len(n)
    drawn = generator.integers(0, runs, (REFITS, runs)) + runs * np.arange(REFITS)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=REFITS * runs).reshape(REFITS, runs)
    start = np.tile(np.array(_fitted(n_bytes, d_bytes, loss_bytes, delta)), (REFITS, 1))
    return _least(start, n, d, loss, delta, counts.astype(np.float64))[0]


def _least(theta: Array, n: Array, d: Array, loss: Array, delta: float, counts: Array) -> tuple[Array, Array]:
    """Rows of log A, α, log B, β, log E at rest; the sizes are centred meanwhile: a level and its slope then hardly mix."""
    middle = np.array([n.mean(), d.mean()])
    levels, slopes = theta[:, 0:4:2], theta[:, 1:4:2]
    moved = theta.copy()
    moved[:, 0:4:2] = levels - slopes * middle
    found, losses = least(moved, Problem(middle[0] - n, middle[1] - d, loss, delta, counts))
    found[:, 0:4:2] += found[:, 1:4:2] * middle
    return found, losses
