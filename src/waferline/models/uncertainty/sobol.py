"""This module says how much of an output's variance each uncertain input explains: Sobol indices, first and total."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from waferline.errors import BadInput
from waferline.models.model import Array
from waferline.models.sampling import BLOCK
from waferline.models.uncertainty.points import sobol_points

Function = Callable[[Array], Array]
"""From probabilities `(rows, dimensions)` to one output a row, `(rows,)`."""


@dataclass(frozen=True, slots=True)
class Indices:
    """Sobol indices by dimension: the mean over randomisations and its standard error, `(dimensions,)` each.

    `first` is the part of the variance that the input explains alone, `total` the part it has a hand in. `mean` and
    `variance` are those of the output; `evaluations` counts the runs of the function.
    """

    first: Array
    first_error: Array
    total: Array
    total_error: Array
    mean: float
    variance: float
    evaluations: int


def indices(
    function: Function,
    dimensions: int,
    *,
    points: int = 2**13,
    randomisations: int = 8,
    seed: int = 0,
    threads: int = 1,
) -> Indices:
    """First and total indices of a function of independent uniform inputs.

    With A and B two sets of points and AB_i equal to A but for column i, taken from B: first = E[f(B)·(f(AB_i) − f(A))]/V
    (Saltelli et al., Computer Physics Communications 181, 2010, table 2 b), total = E[(f(A) − f(AB_i))²]/(2V) (Jansen,
    ibid. 117, 1999; table 2 f). A and B are halves of one scrambled Sobol sequence of twice the dimensions. f is first
    freed of its mean, which the first estimator otherwise turns into noise.
    Work is cut into blocks of 2¹⁶ rows and summed in their order: the result does not depend on `threads`.
    Raises BadInput where the output does not vary.
    """
    if randomisations < 2:
        raise BadInput("randomisations", "an error needs several", "at least 2", str(randomisations))
    found = [
        _once(function, dimensions, sobol_points(points, 2 * dimensions, seed, number), threads)
        for number in range(randomisations)
    ]
    first, total = (np.stack([each[part] for each in found]) for part in (0, 1))
    root = np.sqrt(randomisations)
    return Indices(
        first.mean(axis=0), first.std(axis=0, ddof=1) / root, total.mean(axis=0), total.std(axis=0, ddof=1) / root,
        float(np.mean([each[2] for each in found])), float(np.mean([each[3] for each in found])),
        randomisations * points * (dimensions + 2),
    )  # fmt: skip


def _once(
    function: Function, dimensions: int, pairs: Array, threads: int
) -> tuple[Array, Array, float, float]:
    a, b = pairs[:, :dimensions], pairs[:, dimensions:]
    at_a, at_b = (evaluated(function, each, threads) for each in (a, b))
    both = np.concatenate([at_a, at_b])
    mean, variance = float(both.mean()), float(both.var())
    if not variance > 0 or variance <= (1e-13 * max(abs(mean), 1e-300)) ** 2:
        raise BadInput("sensitivity", "the output does not depend on the uncertain inputs")
    first, total = np.empty(dimensions), np.empty(dimensions)
    centred = at_b - mean
    for i in range(dimensions):
        mixed = a.copy()
        mixed[:, i] = b[:, i]
        change = evaluated(function, mixed, threads) - at_a
        first[i] = (centred * change).mean() / variance
        total[i] = (change * change).mean() / (2 * variance)
    return first, total, mean, variance


def evaluated(function: Function, u: Array, threads: int = 1) -> Array:
    """The function over all rows, in blocks; the blocks are the same whatever the number of threads."""
    blocks = [u[start : start + BLOCK] for start in range(0, len(u), BLOCK)]
    if threads == 1 or len(blocks) == 1:
        return np.concatenate([_checked(function, block) for block in blocks])
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(lambda block: _checked(function, block), blocks)))


def _checked(function: Function, u: Array) -> Array:
    found = np.asarray(function(u), dtype=np.float64)
    if found.shape == ():
        found = np.full(len(u), float(found))
    if not np.isfinite(found).all():
        raise BadInput("sensitivity", "the output has no finite value somewhere in the range of the inputs")
    return found
