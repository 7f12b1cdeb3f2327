"""Set the constants of the model `edge` again: least squares on the cases marked fitted, per family of chip and phase.

Run from the repository: PYTHONPATH=src python tools/fit_edge.py [STUDY]. It prints what stands as `central` in
models/edge.toml; the ends there are wider than the scatter printed here, which comes from few rows.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares

from waferline.models.assumptions import resolve
from waferline.models.compute.edge import EDGE
from waferline.models.distributions import Distribution
from waferline.models.model import Array, Values
from waferline.models.validation.cases import Case, read_cases

PHASES = {
    "tokens_per_second": ("bandwidth_efficiency", "layer_time"),
    "time_to_first_token": ("prefill_efficiency", "prefill_layer_time"),
    "prefill_tokens_per_second": ("prefill_efficiency",),
}
START = {
    "bandwidth_efficiency": 0.8,
    "layer_time": 0.2,
    "prefill_efficiency": 0.2,
    "prefill_layer_time": 2.0,
}
CUDA = ("ampere", "ada", "blackwell", "hopper")
ONE_CONSTANT = ("snapdragon-cockpit",)  # two rows each: the time of a layer is that of the phones
PROMPTS_ALIKE = ("snapdragon-8", "snapdragon-x")
Inputs = dict[str, Array | str]


@dataclass(frozen=True)
class Fit:
    """Constants of one family of chips in one phase, how many rows they were set on, and the scatter left."""

    family: str
    output: str
    rows: int
    constants: dict[str, float]
    scatter: float


def fits(study: Path) -> list[Fit]:
    """Every family and phase that has cases marked fitted."""
    groups: dict[tuple[str, str], list[tuple[Inputs, float]]] = {}
    for case in read_cases(study / "models/validation/edge.jsonl"):
        if case.fitted and case.output in PHASES:
            inputs = _inputs(case, study)
            groups.setdefault((_family(inputs, case.output), case.output), []).append((inputs, case.expected))
    return [_fit(family, output, rows) for (family, output), rows in sorted(groups.items())]


def _fit(family: str, output: str, rows: list[tuple[Inputs, float]]) -> Fit:
    names = PHASES[output][: 1 if family in ONE_CONSTANT else None]

    def misses(logs: Array) -> Array:
        constants = {name: np.asarray(value) for name, value in zip(names, np.exp(logs), strict=True)}
        given = [
            EDGE.compute(Values({**inputs, **constants}, where="fit"))[output] / expected
            for inputs, expected in rows
        ]
        return np.log(np.array(given, dtype=np.float64))

    best = least_squares(misses, np.log([START[name] for name in names]))
    found = {name: float(value) for name, value in zip(names, np.exp(best.x), strict=True)}
    return Fit(family, output, len(rows), found, float(np.sqrt(np.mean(best.fun**2))))


def _inputs(case: Case, study: Path) -> Inputs:
    found = resolve(EDGE, study, case.inputs, where=f"{case.where}, ")
    return {
        name: np.asarray(each.value.central) if isinstance(each.value, Distribution) else each.value
        for name, each in found.items()
    }


def _family(inputs: Inputs, output: str) -> str:
    family = str(inputs["chip.family"])
    if family in PROMPTS_ALIKE and output == "time_to_first_token":
        return "snapdragon"
    return f"nvidia-{inputs['chip.device']}" if family in CUDA else family


if __name__ == "__main__":
    for each in fits(Path(sys.argv[1] if len(sys.argv) > 1 else "studies/semiconductors")):
        values = ", ".join(f"{name} {value:.3g}" for name, value in each.constants.items())
        print(f"{each.family:15} {each.output:26} {each.rows:2} rows: {values}; scatter {each.scatter:.1%}")
