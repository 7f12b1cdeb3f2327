"""This module runs a model: once for the point estimate, and over draws of its uncertain inputs for the interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from waferline.errors import BadInput
from waferline.models.assumptions import Assumption, Known, resolve
from waferline.models.model import Array, Model, Values
from waferline.models.sampling import uniforms
from waferline.models.uncertainty.factors import centre, factors_of
from waferline.quantity.relations.base import Phrase

DEFAULT_DRAWS = 4096
MAX_DRAWS = 10_000_000


@dataclass(frozen=True)
class Run:
    """What a model gave: the point estimate, and every draw if there were any.

    `point` holds arrays of shape `()`, or of one dimension for an output that is a list; `draws` adds a leading one.
    """

    model: Model
    assumptions: Mapping[str, Assumption]
    point: Mapping[str, Array]
    draws: Mapping[str, Array]
    remarks: tuple[Phrase, ...]
    verdict: Phrase | None = None

    def value(self, output: str) -> float:
        """The point estimate of one output. Refuses an output that these inputs do not give."""
        return float(self._given(output, self.point))

    def interval(self, output: str, level: float = 0.8) -> tuple[float, float]:
        """The central interval that holds `level` of the draws; the point twice where nothing was drawn."""
        if output not in self.draws:
            value = self.value(output)
            return value, value
        low, high = np.quantile(self.draws[output], [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high)

    def _given(self, output: str, outputs: Mapping[str, Array]) -> Array:
        self.model.output(output)
        if output not in outputs:
            raise BadInput(f"{self.model.name}.{output}", "these inputs do not give it", ", ".join(outputs))
        return outputs[output]


def run(
    model: Model,
    root: Path | None,
    settings: Mapping[str, Any] | None = None,
    *,
    scenario: str | None = None,
    known: Known | None = None,
    draws: int = 0,
    seed: int = 0,
    where: str = "",
) -> Run:
    """The model on the study's assumptions with the user's settings instead where given.

    `draws` of 0 gives the point estimate only. Equal inputs and seed give equal bytes. `where` comes before the name of an
    input in errors. Raises BadInput for inputs that are missing, of the wrong kind, or contradict each other.
    """
    assumptions = resolve(model, root, settings or {}, where=where, scenario=scenario, known=known)
    return _ran(model, assumptions, draws, seed, f"{where}{model.name}" if where else model.name, None)


def run_together(
    model: Model,
    root: Path | None,
    settings: Mapping[str, Any] | None,
    scenarios: Sequence[str | None],
    *,
    known: Known | None = None,
    draws: int = 0,
    seed: int = 0,
    where: str = "",
) -> tuple[Run, ...]:
    """The same model under several scenarios on the same draws: what is uncertain in both is drawn once for both.

    So a difference between two runs is what the scenario changes, draw by draw. None is the study without a scenario.
    """
    resolved = [
        resolve(model, root, settings or {}, where=where, scenario=each, known=known) for each in scenarios
    ]
    names = tuple(
        dict.fromkeys(name for assumptions in resolved for name in factors_of(model, assumptions).names)
    )
    place = f"{where}{model.name}" if where else model.name
    return tuple(_ran(model, assumptions, draws, seed, place, names) for assumptions in resolved)


def _ran(
    model: Model,
    assumptions: Mapping[str, Assumption],
    draws: int,
    seed: int,
    place: str,
    names: tuple[str, ...] | None,
) -> Run:
    if not 0 <= draws <= MAX_DRAWS:
        raise BadInput("--draws", "out of range", f"0 to {MAX_DRAWS}", str(draws))
    central = Values(centre(assumptions), where=place, seed=seed)
    point = _finite(model, model.compute(central), place)
    drawn: Mapping[str, Array] = {}
    if draws:
        values = Values(sampled(model, assumptions, draws, seed, names), where=place, draws=draws, seed=seed)
        drawn = _spread(model, _finite(model, model.compute(values), place), draws)
    verdict = model.verdict(central, point) if model.verdict else None
    return Run(model, assumptions, point, drawn, model.remarks(central, point), verdict)


def sampled(
    model: Model,
    assumptions: Mapping[str, Assumption],
    draws: int,
    seed: int,
    names: tuple[str, ...] | None = None,
) -> dict[str, Array | str]:
    """The inputs with every uncertain one drawn: arrays of shape `(draws,)`; the certain ones stay as they are.

    Inputs of one group get one probability a draw. `names` are the factors that several runs draw together, of which this
    one may hold a part.
    """
    factors = factors_of(model, assumptions)
    if not len(factors):
        return dict(factors.central)
    drawn = names or factors.names
    u = uniforms(draws, len(drawn), seed)
    return factors.at(u[:, [drawn.index(name) for name in factors.names]])


def _finite(model: Model, outputs: Mapping[str, Array], where: str) -> dict[str, Array]:
    known = {each.name for each in model.outputs}
    for name, value in outputs.items():
        if name not in known:
            raise KeyError(f"{model.name} gives an output it does not declare: {name}")
        if not np.all(np.isfinite(value)):
            raise BadInput(where, f"{name} has no finite value for these inputs")
    return {name: np.asarray(value, dtype=np.float64) for name, value in outputs.items()}


def _spread(model: Model, outputs: Mapping[str, Array], draws: int) -> dict[str, Array]:
    """Outputs over draws; what depends on no uncertain input is left out: its interval is the point."""
    return {
        name: value
        for name, value in outputs.items()
        if value.ndim and value.shape[0] == draws and (value.ndim == 2 or not model.output(name).many)
    }
