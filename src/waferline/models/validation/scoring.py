"""This module runs every case and says how far off the models were, by family."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from waferline.errors import BadInput
from waferline.evidence.snapshot import Snapshot
from waferline.models.assumptions import Known
from waferline.models.registry import model_named
from waferline.models.running import run
from waferline.models.validation.cases import Case
from waferline.models.validation.units import spelled_unit
from waferline.quantity.units import convertible, unit

LEVEL = 0.8
DRAWS = 4096


@dataclass(frozen=True, slots=True)
class Scored:
    """A case beside what its model gave, in the case's unit. `error` says in one line why there is no prediction."""

    case: Case
    family: str
    predicted: float | None
    low: float | None
    high: float | None
    passed: bool | None
    remarks: tuple[str, ...] = ()
    error: str = ""

    @property
    def miss(self) -> float | None:
        """How far off, as a part of the published number; None where that is zero or nothing was predicted."""
        if self.predicted is None or self.case.expected == 0:
            return None
        return self.predicted / self.case.expected - 1

    @property
    def is_covered(self) -> bool | None:
        """Whether the interval holds the published number; None where the model drew nothing."""
        if self.low is None or self.high is None or self.low == self.high:
            return None
        return self.low <= self.case.expected <= self.high

    def record(self) -> dict[str, Any]:
        """As data: numbers as decimal strings, absent ones as null."""
        return {
            "id": self.case.id,
            "family": self.family,
            "kind": self.case.kind,
            "model": self.case.model,
            "output": self.case.output,
            "predicted": number_text(self.predicted),
            "low": number_text(self.low),
            "high": number_text(self.high),
            "expected": number_text(self.case.expected),
            "unit": self.case.unit,
            "miss": number_text(self.miss),
            "fitted": self.case.fitted,
            "pass": self.passed,
            "remarks": list(self.remarks),
            "error": self.error,
        }


def number_text(value: float | None, digits: int = 10) -> str | None:
    """A decimal string of so many significant digits, without an exponent up to a thousand million million."""
    if value is None:
        return None
    text = f"{value:.{digits}g}"
    if "e" in text and abs(value) < 1e15 and abs(value) >= 1e-6:
        text = f"{value:.0f}" if abs(value) >= 10**digits else f"{value:.{digits + 6}f}".rstrip("0")
    return text


def score(cases: Iterable[Case], root: Path, known_on: Any = None, *, seed: int = 0) -> list[Scored]:
    """Every case with its prediction. One that cannot be run has failed, and says why; the others are still run.

    `known_on` gives the snapshot of a day (None for the newest): a forecast sees nothing after its case's `as_of`.
    """
    return [_scored(case, root, known_on, seed) for case in cases]


def _scored(case: Case, root: Path, known_on: Any, seed: int) -> Scored:
    if not case.model and not case.problem:
        return Scored(case, case.family or "none", None, None, None, None)
    try:
        model = model_named(case.model)
    except BadInput as error:
        return _failed(case, case.family or "none", error)
    family = case.family or model.family
    if case.problem:
        return Scored(case, family, None, None, None, False, error=case.problem)
    try:
        output = model.output(case.output or model.outputs[0].name)
        given = unit(output.unit)
        wanted = spelled_unit(case.unit, f"{case.where}, unit", given)
        if wanted.dims == unit("USD (2023)").dims and given.dims == unit("USD").dims:
            wanted = unit(
                "USD"
            )  # a model's dollars are those of its inputs: prices of 2023 give a cost of 2023
        if output.per and convertible(wanted * unit(output.per), given):
            wanted = wanted * unit(output.per)
        if not convertible(wanted, given):
            raise BadInput(f"{case.where}, unit", "a unit of the wrong kind", output.unit, case.unit)
        scale = float(given.scale / wanted.scale)
        inputs = dict(case.inputs)
        scenario = inputs.pop("scenario", None)
        found = run(
            model,
            root,
            inputs,
            scenario=None if scenario is None else str(scenario),
            known=_known(case, known_on),
            draws=DRAWS,
            seed=seed,
            where=f"{case.where}, ",
        )
        predicted = found.value(output.name) * scale
        low, high = (each * scale for each in found.interval(output.name, LEVEL))
    except BadInput as error:
        return _failed(case, family, error)
    passes = case.tolerance.passes
    passed = (
        None
        if passes is None or case.kind not in ("arithmetic", "prediction")
        else passes(predicted, case.expected, bool(found.remarks))
    )
    return Scored(case, family, predicted, low, high, passed, tuple(each.en for each in found.remarks))


def _known(case: Case, known_on: Any) -> Known | None:
    if known_on is None:
        return None
    day = date.fromisoformat(case.as_of) if case.as_of else None

    def snapshot() -> Snapshot:
        found: Snapshot = known_on(day)
        return found

    return snapshot


def _failed(case: Case, family: str, error: BadInput) -> Scored:
    passed = False if case.kind in ("arithmetic", "prediction") else None
    return Scored(case, family, None, None, None, passed, error=str(error))


@dataclass(frozen=True, slots=True)
class Summary:
    """How a family of cases went: counts, the middle and the worst miss of predictions, how often the interval held."""

    family: str
    kind: str
    cases: int
    scored: int
    passed: int
    median_miss: float | None
    worst_miss: float | None
    worst: str
    covered: int
    with_interval: int


def summaries(scored: Sequence[Scored]) -> list[Summary]:
    """One line a family and kind, arithmetic apart from prediction; coverage counts rows not used for fitting."""
    groups = dict.fromkeys((each.family, each.case.kind) for each in scored)
    return [
        _summary(family, kind, [s for s in scored if (s.family, s.case.kind) == (family, kind)])
        for family, kind in sorted(groups)
    ]


def _summary(family: str, kind: str, group: Sequence[Scored]) -> Summary:
    misses = sorted((abs(s.miss), s.case.id) for s in group if s.miss is not None and s.passed is not None)
    covered = [
        s.is_covered for s in group if s.is_covered is not None and not s.case.fitted and s.passed is not None
    ]
    judged = [s.passed for s in group if s.passed is not None]
    return Summary(
        family,
        kind,
        len(group),
        len(judged),
        sum(judged),
        median([miss for miss, _ in misses]) if misses else None,
        misses[-1][0] if misses else None,
        misses[-1][1] if misses else "",
        sum(covered),
        len(covered),
    )
