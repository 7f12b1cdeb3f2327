"""This module shares an output's variance out among its uncertain inputs so that nothing is left and nothing counted twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waferline.models.model import Array
from waferline.models.uncertainty.sobol import Function, Pairs, Part, evaluated, over_randomisations, spread

_ORDERS = 32
"""Orders in which the factors are let go, in each randomisation."""


@dataclass(frozen=True, slots=True)
class Effects:
    """Shapley effects by factor: the mean over randomisations and its standard error, `(dimensions,)` each."""

    effect: Array
    error: Array
    evaluations: int


def shapley(
    function: Function,
    dimensions: int,
    *,
    points: int = 2**13,
    randomisations: int = 8,
    seed: int = 0,
    threads: int = 1,
) -> Effects:
    """Each factor's part of the variance: the mean, over all orders of the factors, of what its turn adds.

    The players are factors, and a group of inputs that share one probability is one factor, so players are independent of
    each other; what a set of players S explains is E[Var(f | all but S)]. The effects are not negative, add up to 1, and
    lie between the first and the total index.
    A factor's turn takes its values from A to B: with f₀ before all turns and f, f' before and after this one it adds
    E[(f − f')·(f₀ − (f + f')/2)], which is the change of E[(f₀ − f)²]/2.
    Source: the effects are those of Owen (2014); that one walk serves all factors is Goda's idea (arXiv 2009.00874).
    Every randomisation lets the factors go in 32 orders, half of them the others reversed, each on its share of the points.
    """
    found = over_randomisations(
        lambda number: _once(
            function,
            Pairs.of(function, dimensions, points, seed, number),
            _orders(dimensions, points, seed, number),
        ),
        randomisations,
        threads,
    )
    effects = np.stack(found)
    return Effects(
        effects.mean(axis=0), effects.std(axis=0, ddof=1) / np.sqrt(randomisations), randomisations * points * (dimensions + 1)
    )  # fmt: skip


def _orders(dimensions: int, points: int, seed: int, number: int) -> NDArray[np.intp]:
    """Orders of the factors, `(orders, dimensions)`; a power of two of them, so that each gets as many points."""
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, number, 1])))
    half = generator.permuted(np.tile(np.arange(dimensions), (max(1, min(_ORDERS, points) // 2), 1)), axis=1)
    return np.concatenate([half, half[:, ::-1]])


def _once(function: Function, pairs: Pairs, orders: NDArray[np.intp]) -> Array:
    moving: list[Part] = [{name: values.copy() for name, values in part.items()} for part in pairs.a]
    start = evaluated(function, pairs.a)
    _, variance = spread(np.concatenate([start, evaluated(function, pairs.b)]))
    shares = [slice(share[0], share[-1] + 1) for share in np.split(np.arange(len(start)), len(orders))]
    effects = np.zeros(len(pairs.a))
    before = start
    for turn in orders.T:
        for share, factor in zip(shares, turn, strict=True):
            for name, values in moving[factor].items():
                values[share] = pairs.b[factor][name][share]
        after = evaluated(function, moving)
        added = (before - after) * (start - (before + after) / 2)
        np.add.at(effects, turn, added.reshape(len(orders), -1).sum(axis=1))
        before = after
    return effects / (len(start) * variance)
