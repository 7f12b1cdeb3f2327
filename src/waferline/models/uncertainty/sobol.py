"""This module says how much of an output's variance each uncertain input explains: Sobol indices, first and total."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from waferline.errors import BadInput
from waferline.models.model import Array
from waferline.models.sampling import BLOCK
from waferline.models.uncertainty.points import sobol_points

T = TypeVar("T")
Part = Mapping[str, Array]
"""The inputs that one factor sets, `(rows,)` each."""


class Function(Protocol):
    """A function of independent factors: what each factor sets, and the output of all of them."""

    def part(self, dimension: int, u: Array) -> Part:
        """What a factor sets at its probabilities `u`, `(rows,)`."""

    def output(self, parts: Sequence[Part]) -> Array:
        """The output, `(rows,)` or `()`, for a part of each factor."""


@dataclass(frozen=True, slots=True)
class Uniform:
    """A function written on probabilities: `compute` takes one array a factor."""

    compute: Callable[[Sequence[Array]], Array]

    def part(self, dimension: int, u: Array) -> Part:
        """The probabilities themselves."""
        return {"u": u}

    def output(self, parts: Sequence[Part]) -> Array:
        """What the function gives."""
        return self.compute([each["u"] for each in parts])


@dataclass(frozen=True, slots=True)
class Indices:
    """Sobol indices by dimension: the mean over randomisations and its standard error, `(dimensions,)` each.

    `first` is the part of the variance that the input explains alone, `total` the part it has a hand in. `mean` and
    `variance` are those of the output, with errors alike; `evaluations` counts the runs of the function.
    """

    first: Array
    first_error: Array
    total: Array
    total_error: Array
    mean: float
    mean_error: float
    variance: float
    variance_error: float
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
    What a factor sets is worked out once for A and once for B; AB_i takes both. Threads share out the
    randomisations, so that the result does not depend on `threads`.
    Raises BadInput where the output does not vary.
    """
    found = over_randomisations(
        lambda number: _once(function, Pairs.of(function, dimensions, points, seed, number)),
        randomisations,
        threads,
    )
    first, total, mean, variance = (_mean(np.stack(each)) for each in zip(*found, strict=True))
    return Indices(
        *first, *total, float(mean[0]), float(mean[1]), float(variance[0]), float(variance[1]),
        randomisations * points * (dimensions + 2),
    )  # fmt: skip


def _mean(values: Array) -> tuple[Array, Array]:
    """The mean over randomisations, on the first axis, and its standard error."""
    return values.mean(axis=0), np.asarray(values.std(axis=0, ddof=1) / np.sqrt(len(values)))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two independent sets of points, as the parts they set: halves of one scrambled Sobol sequence."""

    a: tuple[Part, ...]
    b: tuple[Part, ...]

    @classmethod
    def of(cls, function: Function, dimensions: int, points: int, seed: int, number: int) -> Pairs:
        """Those of one randomisation."""
        u = np.ascontiguousarray(sobol_points(points, 2 * dimensions, seed, number).T)
        halves = u[:dimensions], u[dimensions:]
        a, b = (tuple(function.part(i, column) for i, column in enumerate(half)) for half in halves)
        return cls(a, b)


def over_randomisations(once: Callable[[int], T], randomisations: int, threads: int) -> list[T]:
    """What each randomisation gives, in their order; refuses fewer than two, from which no error can be told."""
    if randomisations < 2:
        raise BadInput("randomisations", "an error needs several", "at least 2", str(randomisations))
    if threads == 1:
        return [once(number) for number in range(randomisations)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(once, range(randomisations)))


def _once(function: Function, pairs: Pairs) -> tuple[Array, Array, Array, Array]:
    at_a, at_b = (evaluated(function, each) for each in (pairs.a, pairs.b))
    mean, variance = spread(np.concatenate([at_a, at_b]))
    centred = at_b - mean

    def moved(i: int) -> tuple[float, float]:
        change = evaluated(function, (*pairs.a[:i], pairs.b[i], *pairs.a[i + 1 :])) - at_a
        return float((centred * change).mean()), float((change * change).mean())

    found = np.array([moved(i) for i in range(len(pairs.a))])
    return found[:, 0] / variance, found[:, 1] / (2 * variance), np.asarray(mean), np.asarray(variance)


def spread(values: Array) -> tuple[float, float]:
    """Mean and variance; refuses values that do not vary."""
    mean, variance = float(values.mean()), float(values.var())
    if not variance > 0 or variance <= (1e-13 * max(abs(mean), 1e-300)) ** 2:
        raise BadInput("sensitivity", "the output does not depend on the uncertain inputs")
    return mean, variance


def evaluated(function: Function, parts: Sequence[Part]) -> Array:
    """The output at every row, worked out a block at a time."""
    rows = max(len(values) for part in parts for values in part.values())
    found = np.empty(rows)
    for start in range(0, rows, BLOCK):
        block = slice(start, start + BLOCK)
        found[block] = function.output([{name: each[block] for name, each in part.items()} for part in parts])
    if not np.isfinite(found).all():
        raise BadInput("sensitivity", "the output has no finite value somewhere in the range of the inputs")
    return found
