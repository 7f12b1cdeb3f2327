"""This module says how often the right answer is picked from n samples: by vote, by weighted vote, by a verifier's score.

`p` is the chance that a sample is right. Wrong samples agree on one rival answer with the chance `rival`, the others are
all different. A verifier gives a sample a score that is normal with variance 1, and higher by d' if the sample is right.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from waferline.models.model import Array

MAX_VOTES = 4096
_EDGE = 9.0


def d_prime(auc: float) -> float:
    """How far apart right and wrong samples score, from the chance that a right one scores above a wrong one.

    AUC = Φ(d'/√2). Source: Green and Swets, Signal Detection Theory, 1966: the two-interval forced choice.
    """
    from scipy.special import ndtri

    return float(np.sqrt(2) * ndtri(auc))


def vote(p: Array, n: int, rival: float, *, sensitivity: float = 1.0, false_alarm: float = 1.0) -> Array:
    """The chance that the right answer gets the most of the votes that count; ties are drawn by lot.

    A sample's vote counts if a verifier accepts it: right ones with the chance `sensitivity`, wrong ones `false_alarm`
    (both 1: the plain vote). If none is accepted, one sample is taken at random. Exact for any n; p is `(cells,)`.
    """
    from scipy.special import bdtr

    right, wrong = p * sensitivity, (1 - p) * false_alarm
    rest = np.maximum(1 - right, 1e-300)
    # of the samples that are not accepted right ones: votes for the rival, and for answers that stand alone
    j_chance = np.minimum(wrong * rival / rest, 1.0)
    alone = np.minimum(wrong * (1 - rival) / rest, 1.0)
    one_wins = _alone_wins(n - 1, j_chance, alone)
    if rival == 0:
        # without a rival two right votes win
        nothing, one = np.exp(_log_binomial(np.array([[0.0], [1.0]]), n, right))
        wins_all = 1 - nothing - one + one * one_wins
    else:
        i = np.arange(1.0, n + 1)[:, None]
        left = n - i
        behind = np.where(i >= 2, bdtr(np.minimum(i - 1, left), left.astype(np.int64), j_chance), 0.0)
        wins = behind + np.exp(_log_binomial(i, left, j_chance)) / 2
        wins[0] = one_wins
        wins_all = (np.exp(_log_binomial(i, n, right)) * wins).sum(axis=0)
    none = (1 - right - wrong).clip(0) ** n
    missed = p * (1 - sensitivity) + (1 - p) * (1 - false_alarm)
    blind = np.where(missed > 0, p * (1 - sensitivity) / np.where(missed > 0, missed, 1), 0)
    return np.asarray(wins_all + none * blind)


def _alone_wins(others: int, rival: Array, alone: Array) -> Array:
    """The chance to win with one vote: no answer has two, and the lot falls on the right one of those with one.

    E[1/(1+J+O)] over J ≤ 1 rival votes and O lone ones, as ∫ t^(J+O) dt from 0 to 1.
    """
    nodes, shares = _gauss_legendre(min(others // 2 + 2, 128))
    t, share = (nodes + 1) / 2, shares / 2
    mixed = 1 - rival - alone + alone * t[:, None]
    value = mixed ** max(others - 1, 0)
    if others:
        value = value * (mixed + others * rival * t[:, None])
    return np.asarray((share[:, None] * value).sum(axis=0))


@lru_cache(maxsize=8)
def _gauss_legendre(nodes: int) -> tuple[Array, Array]:
    return np.polynomial.legendre.leggauss(nodes)


def _log_binomial(i: Array, n: Array | float, p: Array) -> Array:
    from scipy.special import gammaln, xlog1py, xlogy

    n = np.asarray(n, dtype=np.float64)
    inside = np.where(i <= n, i, 0)
    choose = gammaln(n + 1) - gammaln(inside + 1) - gammaln(n - inside + 1)
    value = choose + xlogy(inside, p) + xlog1py(n - inside, -p)
    return np.asarray(np.where(i <= n, value, -np.inf))


def best_of(p: Array, n: int, auc: float) -> Array:
    """The chance that the sample with the highest score is right: ∫ n·p·φ(s−d')·F(s)^(n−1) ds, F the mixture's cdf."""
    from scipy.special import ndtr

    d = d_prime(auc)
    # equal steps: for a smooth integrand that dies away at both ends the trapezoidal sum has no error left
    s = np.linspace(-_EDGE, _EDGE + d, 401)[:, None]
    step = (2 * _EDGE + d) / 400
    cdf = p * ndtr(s - d) + (1 - p) * ndtr(s)
    density = np.exp(-((s - d) ** 2) / 2) / np.sqrt(2 * np.pi)
    return np.asarray((step * n * p * density * cdf ** (n - 1)).sum(axis=0).clip(0, 1))
