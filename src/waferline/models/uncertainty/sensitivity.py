"""This module says which of a model's uncertain inputs its output hangs on: Sobol indices, tornado and rank correlation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from waferline.errors import BadInput
from waferline.models.assumptions import Known, resolve
from waferline.models.model import Array, Model, Values
from waferline.models.running import Run
from waferline.models.uncertainty.factors import Factors, factors_of
from waferline.models.uncertainty.points import sobol_points
from waferline.models.uncertainty.shapley import shapley
from waferline.models.uncertainty.sobol import Function, Part, evaluated, indices

LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class Factor:
    """One uncertain input, or a group that moves together.

    `at_low` and `at_high`: the output with this one at its 10 % and 90 % point and all others central. `rank`: Spearman's
    correlation with the output. `shapley`: its Shapley effect, a group being one player; they add up to 1. The errors are
    standard errors over randomisations.
    """

    name: str
    first: float
    first_error: float
    total: float
    total_error: float
    at_low: float
    at_high: float
    rank: float
    shapley: float
    shapley_error: float


@dataclass(frozen=True)
class Sensitivity:
    """What an output hangs on, the weightiest first (by total index); `central` is the point estimate.

    The errors are standard errors over randomisations.
    """

    model: Model
    output: str
    central: float
    mean: float
    mean_error: float
    deviation: float
    deviation_error: float
    factors: tuple[Factor, ...]
    evaluations: int


def sensitivity(
    model: Model,
    root: Path | None,
    settings: Mapping[str, Any] | None = None,
    *,
    output: str | None = None,
    scenario: str | None = None,
    known: Known | None = None,
    points: int = 2**13,
    randomisations: int = 8,
    seed: int = 0,
    threads: int = 1,
    where: str = "",
) -> Sensitivity:
    """The sensitivities of one output (the model's first unless named) to the study's uncertain inputs.

    Inputs that the settings fix are not uncertain. Raises BadInput where nothing is, or the output is a list or does not
    vary. Equal inputs and seed give equal bytes, whatever `threads`.
    """
    about = model.output(output or model.outputs[0].name)
    if about.many:
        raise BadInput(
            f"{model.name}.{about.name}", "a list has no single variance", "an output that is one number"
        )
    assumptions = resolve(model, root, settings or {}, where=where, scenario=scenario, known=known)
    factors = factors_of(model, assumptions)
    if not len(factors):
        raise BadInput(
            model.name, "none of its inputs is uncertain here", "an input with a range",
            fix="--set NAME=low..central..high",
        )  # fmt: skip

    function = _OfModel(model, about.name, factors, seed)
    options: _Options = {"points": points, "randomisations": randomisations, "seed": seed, "threads": threads}
    found = indices(function, len(factors), **options)
    shared = shapley(function, len(factors), **options)
    ends = _tornado(factors, function.at)
    ranks = _ranks(function, len(factors), points, seed)
    rows = [
        Factor(
            factors.names[i], float(found.first[i]), float(found.first_error[i]), float(found.total[i]),
            float(found.total_error[i]), *ends[i], float(ranks[i]), float(shared.effect[i]), float(shared.error[i]),
        )
        for i in range(len(factors))
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row.total, row.name))
    return Sensitivity(
        model, about.name, float(function.at(factors.central)), found.mean, found.mean_error,
        float(np.sqrt(found.variance)), found.variance_error / (2 * float(np.sqrt(found.variance))), tuple(rows),
        found.evaluations + shared.evaluations,
    )  # fmt: skip


def swung(found: Run, output: str, factor: str, end: str) -> tuple[float, float]:
    """One number of a run with a factor at its low or high point and all else central, and which point that is.

    Raises BadInput for a factor that is not uncertain in the run, or an output that it does not give.
    """
    factors = factors_of(found.model, found.assumptions)
    if factor not in factors.names:
        near = get_close_matches(factor, factors.names, n=3) or factors.names[:12]
        raise BadInput(found.model.name, f"{factor} is not uncertain here", ", ".join(near), factor[:60])
    if output not in found.point:
        raise BadInput(found.model.name, f"these inputs do not give {output}", ", ".join(found.point))
    index, point = factors.names.index(factor), LOW if end == "low" else HIGH
    u = np.full((1, len(factors)), 0.5)
    u[:, index] = point
    given = found.model.outputs_of(Values(factors.at(u, only=index), where=found.model.name))[output]
    return float(np.broadcast_to(given, (1,))[0]), point


class _Options(TypedDict):
    points: int
    randomisations: int
    seed: int
    threads: int


@dataclass(frozen=True, slots=True)
class _OfModel:
    """One output of a model as a function of its factors."""

    model: Model
    output_name: str
    factors: Factors
    seed: int

    def part(self, dimension: int, u: Array) -> Part:
        """The inputs that a factor sets."""
        return self.factors.of(dimension, u)

    def output(self, parts: Sequence[Part]) -> Array:
        """The output at these inputs."""
        inputs = dict(self.factors.central)
        for part in parts:
            inputs |= part
        return self.at(inputs)

    def at(self, inputs: Mapping[str, Array | str]) -> Array:
        """The output at inputs by name."""
        found = self.model.outputs_of(Values(inputs, where=self.model.name, seed=self.seed))
        if self.output_name not in found:
            raise BadInput(
                f"{self.model.name}.{self.output_name}", "these inputs do not give it", ", ".join(found)
            )
        return np.asarray(found[self.output_name], dtype=np.float64)


def _tornado(factors: Factors, outputs: Any) -> list[tuple[float, float]]:
    found = []
    for i in range(len(factors)):
        u = np.full((2, len(factors)), 0.5)
        u[:, i] = LOW, HIGH
        ends = np.broadcast_to(outputs(factors.at(u, only=i)), (2,))
        found.append((float(ends[0]), float(ends[1])))
    return found


def _ranks(function: Function, dimensions: int, points: int, seed: int) -> Array:
    """Spearman's correlation of each probability with the output; an input and its probability have the same ranks."""
    from scipy.stats import rankdata

    u = sobol_points(points, dimensions, seed, 0).T
    y = rankdata(
        evaluated(function, [function.part(i, np.ascontiguousarray(each)) for i, each in enumerate(u)])
    )
    y = y - y.mean()
    # a scrambled net has one point in each of `points` equal intervals of a dimension
    ranks = np.floor(u * points) - (points - 1) / 2
    scale = np.sqrt((points * points - 1) * points / 12 * (y * y).sum())
    return np.asarray((ranks * y).sum(axis=1) / scale)
