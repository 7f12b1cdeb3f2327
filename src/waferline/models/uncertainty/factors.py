"""This module names what is uncertain in a run, and gives the inputs at probabilities of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from waferline.models.assumptions import Assumption
from waferline.models.distributions import Distribution
from waferline.models.model import Array, Input, Model


@dataclass(frozen=True)
class Factors:
    """The uncertain inputs of a run: one dimension each, or one for all inputs of a group.

    The order of the model's inputs, not of a file, decides which dimension is whose. `central` holds every input at its
    central value.
    """

    names: tuple[str, ...]
    central: Mapping[str, Array | str]
    _by_factor: tuple[tuple[tuple[Distribution, Input], ...], ...]

    def __len__(self) -> int:
        return len(self.names)

    def at(self, u: Array, only: int | None = None) -> dict[str, Array | str]:
        """The inputs at the probabilities `u` `(draws, factors)`; those of one factor `only`, the others central."""
        found = dict(self.central)
        for dimension in range(len(self)) if only is None else (only,):
            # a column of its own: strided numbers cost more to read than to copy
            found |= self.of(dimension, np.ascontiguousarray(u[:, dimension]))
        return found

    def of(self, dimension: int, u: Array) -> dict[str, Array]:
        """The inputs of one factor at its probabilities `u`, any shape."""
        return {
            about.name: _whole(about, distribution.at(u, about.low, about.high))
            for distribution, about in self._by_factor[dimension]
        }

    def drawn(self, generator: np.random.Generator, rows: int) -> dict[str, Array | str]:
        """The inputs of `rows` draws, factor by factor.

        A factor of normals that nothing cuts off is drawn as a normal number, any other as a probability: the inverse of
        the normal distribution would cost more than all else.
        """
        found = dict(self.central)
        for inputs in self._by_factor:
            if all(distribution.is_normal(about.low, about.high) for distribution, about in inputs):
                z = generator.standard_normal(rows)
                found |= {
                    about.name: _whole(about, distribution.at_normal(z)) for distribution, about in inputs
                }
            else:
                # random() may give 0, at which a normal has no value
                u = np.maximum(generator.random(rows), 2.0**-54)
                found |= {
                    about.name: _whole(about, distribution.at(u, about.low, about.high))
                    for distribution, about in inputs
                }
        return found


def _whole(about: Input, drawn: Array) -> Array:
    return np.rint(drawn) if about.whole else drawn


def factors_of(model: Model, assumptions: Mapping[str, Assumption]) -> Factors:
    """What is uncertain in these assumptions; a group is called by its name, an input by its own."""
    dimensions: dict[tuple[str, str], int] = {}
    inputs: list[list[tuple[Distribution, Input]]] = []
    for name, about in model.numbers().items():
        if name not in assumptions:
            continue
        each = assumptions[name]
        if isinstance(each.value, Distribution) and not each.value.is_point:
            key = ("group", each.group) if each.group else ("input", name)
            if key not in dimensions:
                dimensions[key] = len(dimensions)
                inputs.append([])
            inputs[dimensions[key]].append((each.value, _named(about, name)))
    return Factors(
        tuple(name for _, name in dimensions), centre(assumptions), tuple(tuple(each) for each in inputs)
    )


def centre(assumptions: Mapping[str, Assumption]) -> dict[str, Array | str]:
    """Every input at its central value, shape `()`."""
    return {
        name: np.asarray(each.value.central, dtype=np.float64)
        if isinstance(each.value, Distribution)
        else each.value
        for name, each in assumptions.items()
    }


def _named(about: Input, name: str) -> Input:
    """The input under its full name: a field of a record carries the role."""
    return about if about.name == name else replace(about, name=name)
