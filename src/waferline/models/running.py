"""This module runs a model: once for the point estimate, and over draws of its uncertain inputs for the interval."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from waferline.errors import BadInput
from waferline.models.assumptions import Assumption, Known, resolve
from waferline.models.model import Array, Model, Values
from waferline.models.sampling import BLOCK, uniforms
from waferline.models.uncertainty.factors import Factors, centre, factors_of
from waferline.models.uncertainty.points import sobol_points
from waferline.models.uncertainty.sobol import over_randomisations
from waferline.models.uncertainty.stream import Summary, keep_memory, streamed
from waferline.quantity.relations.base import Phrase

DEFAULT_DRAWS = 4096
HELD_DRAWS = 2**20
"""More draws than this are streamed: summed up block by block, none of them kept."""

MAX_HELD = 10_000_000
MAX_DRAWS = 1_000_000_000
MAX_BYTES = 4e9
"""What draws that are held may take in memory."""


@dataclass(frozen=True)
class Run:
    """What a model gave: the point estimate, and every draw if there were any.

    `point` holds arrays of shape `()`, or of one dimension for an output that is a list; `draws` adds a leading one. Of
    more than `HELD_DRAWS` there are only `summaries`, and none of lists. `randomisations`: how many sets of Sobol points the
    draws are made of, one after the other; 0 where they are pseudo-random.
    """

    model: Model
    assumptions: Mapping[str, Assumption]
    point: Mapping[str, Array]
    draws: Mapping[str, Array]
    remarks: tuple[Phrase, ...]
    verdict: Phrase | None = None
    summaries: Mapping[str, Summary] = field(default_factory=dict)
    randomisations: int = 0

    def value(self, output: str) -> float:
        """The point estimate of one output. Refuses an output that these inputs do not give."""
        return float(self._given(output, self.point))

    def interval(self, output: str, level: float = 0.8) -> tuple[float, float]:
        """The central interval that holds `level` of the draws; the point twice where nothing was drawn."""
        ends = (1 - level) / 2, (1 + level) / 2
        if output in self.summaries:
            return self.summaries[output].quantile(ends[0]), self.summaries[output].quantile(ends[1])
        if output not in self.draws:
            value = self.value(output)
            return value, value
        low, high = np.quantile(self.draws[output], ends)
        return float(low), float(high)

    def interval_errors(self, output: str, level: float = 0.8) -> tuple[float, float]:
        """The standard errors of the interval's two ends over the randomisations; refuses a run that has none."""
        if not self.randomisations:
            raise BadInput(f"{self.model.name}.{output}", "pseudo-random draws show no error of their own")
        if output not in self.draws:
            return 0.0, 0.0
        sets = self.draws[output].reshape(self.randomisations, -1)
        ends = np.quantile(sets, [(1 - level) / 2, (1 + level) / 2], axis=1)
        low, high = ends.std(axis=1, ddof=1) / np.sqrt(self.randomisations)
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
    randomisations: int = 0,
    threads: int = 1,
    where: str = "",
) -> Run:
    """The model on the study's assumptions with the user's settings instead where given.

    `draws` of 0 gives the point estimate only. With `randomisations` the draws are as many sets of scrambled Sobol points,
    whose scatter is the numerical error of the interval. Equal inputs and seed give equal bytes, whatever `threads`, which
    share out streamed blocks and randomisations. `where` comes before the name of an input in errors. Raises BadInput for inputs that are missing, of the wrong kind, or contradict each other.
    """
    assumptions = resolve(model, root, settings or {}, where=where, scenario=scenario, known=known)
    how = _Drawing(draws, seed, randomisations=randomisations, threads=threads)
    return _ran(model, assumptions, how, f"{where}{model.name}" if where else model.name)


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
    how = _Drawing(draws, seed, together=names)
    return tuple(_ran(model, assumptions, how, place) for assumptions in resolved)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """How the uncertain inputs are drawn; `together` names the factors that several runs draw in common."""

    draws: int
    seed: int
    together: tuple[str, ...] | None = None
    randomisations: int = 0
    threads: int = 1

    @property
    def is_streamed(self) -> bool:
        """Nothing asks for the single draws, and there are many."""
        return self.draws > HELD_DRAWS and self.together is None and not self.randomisations

    def refuse_wrong(self) -> None:
        """Raises BadInput for draws that cannot be made."""
        most = MAX_DRAWS if self.together is None and not self.randomisations else MAX_HELD
        if not 0 <= self.draws <= most:
            raise BadInput("--draws", "out of range", f"0 to {most}", str(self.draws))
        if self.randomisations and (self.randomisations < 2 or self.draws % self.randomisations):
            raise BadInput(
                "--randomisations", "each takes the same number of the draws", "2 or more, and draws that they divide",
                f"{self.randomisations} for {self.draws} draws",
            )  # fmt: skip


def _ran(model: Model, assumptions: Mapping[str, Assumption], how: _Drawing, place: str) -> Run:
    how.refuse_wrong()
    central = Values(centre(assumptions), where=place, seed=how.seed)
    point = _finite(model, model.outputs_of(central), place)
    drawn: Mapping[str, Array] = {}
    summaries: Mapping[str, Summary] = {}
    factors = factors_of(model, assumptions)
    if how.draws > BLOCK and not how.is_streamed:
        _refuse_too_many(model, factors, how, place)
    if how.is_streamed:
        summaries = _summed(model, factors, how, place)
    elif how.randomisations:
        drawn = _at_points(model, factors, how, place)
    elif how.draws:
        drawn = _held(model, factors, how, place)
    with np.errstate(all="ignore"):
        verdict = model.verdict(central, point) if model.verdict else None
        remarks = model.remarks(central, point)
    return Run(model, assumptions, point, drawn, remarks, verdict, summaries, how.randomisations)


def _held(model: Model, factors: Factors, how: _Drawing, place: str) -> dict[str, Array]:
    values = Values(_sampled(factors, how), where=place, draws=how.draws, seed=how.seed)
    return _spread(model, _finite(model, model.outputs_of(values), place), how.draws)


def _refuse_too_many(model: Model, factors: Factors, how: _Drawing, place: str) -> None:
    """Refuses more draws than can be held: a model of many outputs takes kilobytes for each. One block is run to see how many."""
    tracemalloc.start()
    try:
        _held(model, factors, replace(how, draws=BLOCK, randomisations=0), place)
        most = int(MAX_BYTES * BLOCK / tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    if how.draws > most:
        summed = how.together is None and not how.randomisations
        raise BadInput(
            "--draws", f"more draws than can be held of the model {model.name}",
            f"at most {most // 10**4 * 10**4}" + (f", or more than {HELD_DRAWS}: these are summed up as they are made" if summed else ""),
            str(how.draws),
        )  # fmt: skip


def _sampled(factors: Factors, how: _Drawing) -> dict[str, Array | str]:
    """The inputs with every uncertain one drawn: arrays of shape `(draws,)`; the certain ones stay as they are.

    Inputs of one group get one probability a draw.
    """
    if not len(factors):
        return dict(factors.central)
    names = how.together or factors.names
    u = uniforms(how.draws, len(names), how.seed)
    return factors.at(u[:, [names.index(name) for name in factors.names]])


def _at_points(model: Model, factors: Factors, how: _Drawing, where: str) -> dict[str, Array]:
    """The outputs at each randomisation's points, one after the other; a model that resamples does so anew in each."""
    points = how.draws // how.randomisations
    keep_memory()

    def once(number: int) -> dict[str, Array]:
        inputs = dict(factors.central)
        if len(factors):
            inputs = factors.at(sobol_points(points, len(factors), how.seed, number))
        seed = int(np.random.SeedSequence([how.seed, number]).generate_state(1, np.uint32)[0])
        values = Values(inputs, where=where, draws=points, seed=seed)
        return _spread(model, _finite(model, model.outputs_of(values), where), points)

    sets = over_randomisations(once, how.randomisations, how.threads)
    return {name: np.concatenate([each[name] for each in sets]) for name in sets[0]}


def _summed(model: Model, factors: Factors, how: _Drawing, where: str) -> dict[str, Summary]:
    def outputs(generator: np.random.Generator, rows: int, seed: int) -> dict[str, Array]:
        values = Values(factors.drawn(generator, rows), where=where, draws=rows, seed=seed)
        found = _spread(model, _finite(model, model.outputs_of(values), where), rows)
        return {name: value for name, value in found.items() if not model.output(name).many}

    return streamed(outputs, how.draws, seed=how.seed, threads=how.threads)


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
