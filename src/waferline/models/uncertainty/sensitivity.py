"""This module says which of a model's uncertain inputs its output hangs on: Sobol indices, tornado and rank correlation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from waferline.errors import BadInput
from waferline.models.assumptions import Known, resolve
from waferline.models.model import Array, Model, Values
from waferline.models.running import Run
from waferline.models.uncertainty.factors import Factors, factors_of
from waferline.models.uncertainty.points import sobol_points
from waferline.models.uncertainty.sobol import Function, Indices, evaluated, indices

LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class Factor:
    """One uncertain input, or a group that moves together.

    `at_low` and `at_high`: the output with this one at its 10 % and 90 % point and all others central. `rank`: Spearman's
    correlation with the output. The errors are standard errors over randomisations.
    """

    name: str
    first: float
    first_error: float
    total: float
    total_error: float
    at_low: float
    at_high: float
    rank: float


@dataclass(frozen=True)
class Sensitivity:
    """What an output hangs on, the weightiest first (by total index); `central` is the point estimate."""

    model: Model
    output: str
    central: float
    mean: float
    deviation: float
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

    def outputs(inputs: Mapping[str, Array | str]) -> Array:
        found = model.compute(Values(inputs, where=model.name, seed=seed))
        if about.name not in found:
            raise BadInput(f"{model.name}.{about.name}", "these inputs do not give it", ", ".join(found))
        return np.asarray(found[about.name], dtype=np.float64)

    def function(u: Array) -> Array:
        return outputs(factors.at(u))

    found = indices(
        function, len(factors), points=points, randomisations=randomisations, seed=seed, threads=threads
    )
    ends = _tornado(factors, outputs)
    ranks = _ranks(function, len(factors), points, seed, threads)
    rows = [_factor(factors.names[i], found, i, ends[i], float(ranks[i])) for i in range(len(factors))]
    rows.sort(key=lambda row: (-row.total, row.name))
    return Sensitivity(
        model, about.name, float(outputs(factors.central)), found.mean, float(np.sqrt(found.variance)), tuple(rows), found.evaluations
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
    given = found.model.compute(Values(factors.at(u, only=index), where=found.model.name))[output]
    return float(np.broadcast_to(given, (1,))[0]), point


def _factor(name: str, found: Indices, i: int, ends: tuple[float, float], rank: float) -> Factor:
    return Factor(
        name, float(found.first[i]), float(found.first_error[i]), float(found.total[i]), float(found.total_error[i]), *ends, rank
    )  # fmt: skip


def _tornado(factors: Factors, outputs: Any) -> list[tuple[float, float]]:
    found = []
    for i in range(len(factors)):
        u = np.full((2, len(factors)), 0.5)
        u[:, i] = LOW, HIGH
        ends = np.broadcast_to(outputs(factors.at(u, only=i)), (2,))
        found.append((float(ends[0]), float(ends[1])))
    return found


def _ranks(function: Function, dimensions: int, points: int, seed: int, threads: int) -> Array:
    """Spearman's correlation of each probability with the output; an input and its probability have the same ranks."""
    from scipy.stats import rankdata

    u = sobol_points(points, dimensions, seed, 0)
    y = rankdata(evaluated(function, u, threads))
    y = y - y.mean()
    ranks = np.stack([rankdata(column) for column in u.T], axis=1)
    ranks -= ranks.mean(axis=0)
    scale = np.sqrt((ranks * ranks).sum(axis=0) * (y * y).sum())
    return np.asarray((ranks * y[:, None]).sum(axis=0) / scale)
