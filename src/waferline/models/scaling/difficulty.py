"""This module spreads a benchmark's success rate over its problems: some are solved at nearly every try, some hardly ever.

The chance p that one try solves a problem is Beta distributed over the solvable problems: mean m, and `shape` the first
of the two Beta parameters, which sets how the chance of many failures dies away, like k^-shape. Shapes of arrays: `()` or
`(draws,)` for m and shape; `k` broadcasts against them.
"""

from __future__ import annotations

import math

import numpy as np

from waferline.models.model import Array

CELLS = 240
"""Cells of the difficulty grid, narrow at both ends, where a U-shaped Beta has its mass."""

_HALF_WAVE = (1 - np.cos(np.pi * np.arange(CELLS + 1) / CELLS)) / 2
_EDGES = (1 - np.cos(np.pi * _HALF_WAVE)) / 2
SHAPE_MIN, SHAPE_MAX = 1e-4, 1e3
_NODES, _NODES_A_UNIT, _CHEAPER = 6, 4.5, 4
_TRIED, _MISS = 24, 1e-8


def second(mean: Array, shape: Array) -> Array:
    """The second Beta parameter, from the mean and the first."""
    return np.asarray(shape * (1 - mean) / mean)


def coverage(mean: Array, shape: Array, k: Array) -> Array:
    """The share of problems that at least one of k tries solves: 1 − E[(1−p)^k] = 1 − B(a, b+k)/B(a, b).

    Source: the Beta-binomial with no success; the power law of its tail is in Schaeffer et al., arXiv 2502.17578.
    """
    from scipy.special import betaln

    b = second(mean, shape)
    return np.asarray(-np.expm1(betaln(shape, b + k) - betaln(shape, b)))


def shape_through(mean: Array, k: Array, reached: Array) -> Array:
    """The shape under which k tries cover `reached` of the problems, by bisection of its logarithm.

    Coverage at k > 1 rises with the shape: from the mean (every problem always or never solved) to 1 − (1−m)^k (all
    problems alike). `reached` lies between the two, or the result is one of the ends.
    """
    low = np.full(np.broadcast_shapes(mean.shape, k.shape, reached.shape), np.log(SHAPE_MIN))
    high = np.full_like(low, np.log(SHAPE_MAX))
    for _ in range(60):
        middle = (low + high) / 2
        over = coverage(mean, np.exp(middle), k) > reached
        high, low = np.where(over, middle, high), np.where(over, low, middle)
    return np.asarray(np.exp((low + high) / 2))


def cells() -> Array:
    """The middles of the grid's cells."""
    return np.asarray((_EDGES[1:] + _EDGES[:-1]) / 2)


def weights(mean: Array, shape: Array) -> Array:
    """The share of problems in each cell of the grid, cells on the last axis; of many draws to 10⁻⁸ of all problems."""
    if shape.ndim == 1 and mean.shape == shape.shape:
        found = _interpolated(mean, shape)
        if found is not None:
            return found
    return _exact(mean, shape)


def _exact(mean: Array, shape: Array) -> Array:
    from scipy.special import betainc

    a, b = np.asarray(shape)[..., None], second(mean, shape)[..., None]
    return np.asarray(np.diff(betainc(a, b, _EDGES), axis=-1))


def _interpolated(mean: Array, shape: Array) -> Array | None:
    """The shares of many draws by Chebyshev interpolation in the logarithms of mean/(1 − mean) and of shape.

    The incomplete Beta function costs most of a run, and is smooth in both. None where that would not be cheaper, or
    where it misses at one of the rows it is tried on.
    """
    odds, logs = np.log(mean / (1 - mean)), np.log(shape)
    counts = [_NODES + math.ceil(_NODES_A_UNIT * float(np.ptp(each))) for each in (odds, logs)]
    if _CHEAPER * counts[0] * counts[1] > len(mean):
        return None
    (of_odds, odds_nodes), (of_logs, log_nodes) = (
        _chebyshev(each, count) for each, count in zip((odds, logs), counts, strict=True)
    )
    table = _exact(1 / (1 + np.exp(-odds_nodes[:, None])), np.exp(log_nodes))
    both = (of_odds[:, :, None] * of_logs[:, None, :]).reshape(len(mean), -1)
    found = both @ table.reshape(both.shape[1], -1)
    tried = np.linspace(0, len(mean) - 1, _TRIED).astype(int)
    missed = np.abs(np.cumsum(found[tried] - _exact(mean[tried], shape[tried]), axis=1)).max()
    return found.clip(0) if missed < _MISS else None


def _chebyshev(x: Array, count: int) -> tuple[Array, Array]:
    """The parts that values at the nodes have in the value at each x, `(draws, count)`, and the nodes."""
    from numpy.polynomial.chebyshev import chebpts1, chebvander

    middle, half = (x.min() + x.max()) / 2, max(float(np.ptp(x)) / 2, 1e-12)
    nodes = chebpts1(count)
    parts = 2 / count * chebvander(nodes, count - 1)
    parts[:, 0] /= 2
    return chebvander((x - middle) / half, count - 1) @ parts.T, middle + half * nodes
