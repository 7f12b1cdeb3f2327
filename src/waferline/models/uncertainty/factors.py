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
    _inputs: tuple[tuple[int, Distribution, Input], ...]

    def __len__(self) -> int:
        return len(self.names)

    def at(self, u: Array, only: int | None = None) -> dict[str, Array | str]:
        """The inputs at the probabilities `u` `(draws, factors)`; those of one factor `only`, the others central."""
        found = dict(self.central)
        for dimension, distribution, about in self._inputs:
            if only is None or only == dimension:
                found[about.name] = distribution.at(u[:, dimension], about.low, about.high)
        return found


def factors_of(model: Model, assumptions: Mapping[str, Assumption]) -> Factors:
    """What is uncertain in these assumptions; a group is called by its name, an input by its own."""
    dimensions: dict[tuple[str, str], int] = {}
    inputs: list[tuple[int, Distribution, Input]] = []
    for name, about in model.numbers().items():
        if name not in assumptions:
            continue
        each = assumptions[name]
        if isinstance(each.value, Distribution) and not each.value.is_point:
            key = ("group", each.group) if each.group else ("input", name)
            dimension = dimensions.setdefault(key, len(dimensions))
            inputs.append((dimension, each.value, _named(about, name)))
    return Factors(tuple(name for _, name in dimensions), centre(assumptions), tuple(inputs))


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
