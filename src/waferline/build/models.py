"""This module answers the questions about models: what one takes, what it gives, how it stands beside published numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from waferline.build.build import open_evidence, snapshot
from waferline.errors import BadInput
from waferline.evidence.snapshot import Snapshot
from waferline.models.assumptions import Assumption, Known, read_assumptions, resolve
from waferline.models.distributions import Distribution
from waferline.models.model import Model
from waferline.models.registry import model_named
from waferline.models.running import run
from waferline.models.uncertainty.sensitivity import sensitivity
from waferline.models.validation.cases import Case, read_cases
from waferline.models.validation.scoring import LEVEL, Scored, Summary, number_text, score, summaries
from waferline.quantity.units import unit

CASES = "models/validation"
_SHOWN = 5  # significant digits on a terminal; JSON has all

Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Described:
    """A model as shown to a user."""

    name: str
    title: str
    formula: str
    source: str
    inputs: Rows
    outputs: Rows
    scenarios: Rows
    validation: Rows
    input_header: tuple[str, ...] = ("input", "value", "unit", "what", "source")

    def tables(self) -> list[tuple[str, tuple[str, ...], Rows]]:
        """Title, head and rows of each part."""
        return [
            ("Inputs", self.input_header, self.inputs),
            ("Outputs", ("output", "unit", "what"), self.outputs),
            ("Scenarios", ("scenario", "what", "sets"), self.scenarios),
            ("Validation", _VALIDATION_HEADER, self.validation),
        ]

    def record(self) -> dict[str, Any]:
        """As data."""
        listed = {
            title.lower(): [dict(zip(header, row, strict=True)) for row in rows]
            for title, header, rows in self.tables()
        }
        return {
            "schema": 1, "model": self.name, "title": self.title, "formula": self.formula, "source": self.source, **listed,
        }  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """A run as shown to a user."""

    title: str
    header: tuple[str, ...]
    rows: Rows
    input_header: tuple[str, ...]
    inputs: Rows
    remarks: tuple[str, ...]
    data: Mapping[str, Any]

    def record(self) -> dict[str, Any]:
        """As data: every number a decimal string with its unit."""
        return dict(self.data)


@dataclass(frozen=True)
class Validated:
    """A validation as shown to a user."""

    header: tuple[str, ...]
    rows: Rows
    passed: tuple[bool | None, ...]
    summary_header: tuple[str, ...]
    summary: Rows
    errors: tuple[str, ...]
    scored: tuple[Scored, ...]

    def record(self) -> dict[str, Any]:
        """As data."""
        return {
            "schema": 1,
            "cases": [each.record() for each in self.scored],
            "families": [dict(zip(self.summary_header, row, strict=True)) for row in self.summary],
        }


def described(name: str, root: Path, day: date | None) -> Described:
    """What a model takes and gives, with the study's assumptions of the day."""
    model = model_named(name)
    root = _study(root)
    study = read_assumptions(root, model)
    assumed = _assumed_so_far(model, root, knowing(root, day))
    rows: Rows = []
    for choice in model.choices().values():
        value = assumed[choice.name].value if choice.name in assumed else choice.options[0]
        rows.append(
            (choice.name, str(value), " | ".join(choice.options), choice.title.en, _who(assumed, choice.name))
        )
    for role, kind in model.records.items():
        rows.append(
            (
                role,
                str(assumed[role].value) if role in assumed else "",
                "a row",
                f"{kind.title.en}, {kind.file}",
                _who(assumed, role),
            )
        )
    for full, about in model.numbers().items():
        value = assumption_text(assumed[full]) if full in assumed else ""
        rows.append((full, value, about.unit, about.title.en, _who(assumed, full)))
    scenarios: Rows = [
        (each.name, each.title.en, ", ".join(f"{key}={value}" for key, value in each.settings.items()))
        for each in study.scenarios.values()
    ]
    outputs: Rows = [(each.name, each.unit, each.title.en) for each in model.outputs]
    scored = (
        validated(root, None, model=name).scored if any(case.model == name for case in _cases(root)) else ()
    )
    return Described(
        model.name,
        model.title.en,
        model.formula,
        model.source,
        rows,
        outputs,
        scenarios,
        [_scored_row(s) for s in scored],
    )


def answered(
    name: str,
    root: Path,
    day: date | None,
    settings: Mapping[str, Any],
    *,
    scenario: str | None,
    draws: int,
    seed: int,
    randomisations: int = 0,
    threads: int = 1,
) -> Answered:
    """One run with its outputs, intervals and inputs."""
    model = model_named(name)
    found = run(
        model,
        _study(root),
        settings,
        scenario=scenario,
        known=knowing(root, day),
        draws=draws,
        seed=seed,
        randomisations=randomisations,
        threads=threads,
        where="--set ",
    )
    errors = ("± low", "± high") if randomisations and draws else ()
    header = ("output", "value", "low", "high", *errors, "unit", "what")
    rows: Rows = []
    outputs: dict[str, Any] = {}
    for each in model.outputs:
        if each.name not in found.point:
            continue
        measure = each.shown or each.unit
        scale = float(unit(each.unit).scale / unit(measure).scale)
        if each.many:
            values = [number_text(float(value) * scale) for value in found.point[each.name]]
            outputs[each.name] = {"values": values, "unit": measure}
            shown = [number_text(float(value) * scale, _SHOWN) or "" for value in found.point[each.name][:8]]
            rows.append(
                (
                    each.name,
                    ", ".join(shown) + (" …" if len(values) > 8 else ""),
                    "",
                    "",
                    *("" for _ in errors),
                    measure,
                    each.title.en,
                )
            )
            continue
        value = found.value(each.name) * scale
        low, high = (end * scale for end in found.interval(each.name, LEVEL))
        certain = low == high
        ends: tuple[str, ...] = (
            ("", "") if certain else (number_text(low, _SHOWN) or "", number_text(high, _SHOWN) or "")
        )
        outputs[each.name] = {
            "value": number_text(value), "low": number_text(low), "high": number_text(high), "unit": measure,
        }  # fmt: skip
        if errors:
            misses = [abs(scale) * end for end in found.interval_errors(each.name, LEVEL)]
            ends += tuple("" if certain else number_text(miss, 2) or "" for miss in misses)
            outputs[each.name] |= {
                "low_error": number_text(misses[0]), "high_error": number_text(misses[1]),
            }  # fmt: skip
        rows.append((each.name, number_text(value, _SHOWN) or "", *ends, measure, each.title.en))
    own = {each.name for each in model.inputs} | set(model.records)
    used = [
        each
        for key, each in found.assumptions.items()
        if key in own
        or each.source == "the user"
        or (isinstance(each.value, Distribution) and not each.value.is_point)
    ]
    units = {key: about.unit for key, about in model.numbers().items()}
    inputs: Rows = [
        (each.name, assumption_text(each), units.get(each.name, ""), _source(each)) for each in used
    ]
    remarks = tuple(each.en for each in found.remarks)
    data = {
        "schema": 1, "model": model.name, "draws": draws, "randomisations": randomisations, "seed": seed, "level": str(LEVEL), "outputs": outputs,
        "inputs": [
            {"name": each.name, **_value_record(each), "unit": units.get(each.name, ""), "source": each.source, "url": each.url, "group": each.group}
            for each in found.assumptions.values()
        ],
        "remarks": list(remarks),
    }  # fmt: skip
    title = (
        f"{model.name}: {model.title.en}; 80 % interval of {draws} {_drawn(randomisations)}"
        if draws
        else f"{model.name}: {model.title.en}"
    )
    return Answered(title, header, rows, ("input", "value", "unit", "source"), inputs, remarks, data)


def sensed(
    name: str,
    root: Path,
    day: date | None,
    settings: Mapping[str, Any],
    *,
    output: str | None,
    scenario: str | None,
    points: int,
    randomisations: int,
    seed: int,
    threads: int,
) -> Answered:
    """Which uncertain inputs an output hangs on, the weightiest first."""
    model = model_named(name)
    found = sensitivity(
        model, _study(root), settings, output=output, scenario=scenario, known=knowing(root, day), points=points,
        randomisations=randomisations, seed=seed, threads=threads, where="--set ",
    )  # fmt: skip
    measure = model.output(found.output).unit
    header = (
        "input", "first", "±", "total", "±", "Shapley", "±", "at 10 %", "at 90 %", "rank correlation",
    )  # fmt: skip
    rows: Rows = [
        (
            each.name, f"{each.first:.3f}", f"{each.first_error:.1g}", f"{each.total:.3f}", f"{each.total_error:.1g}",
            f"{each.shapley:.3f}", f"{each.shapley_error:.1g}",
            number_text(each.at_low, _SHOWN) or "", number_text(each.at_high, _SHOWN) or "", f"{each.rank:+.2f}",
        )
        for each in found.factors
    ]  # fmt: skip
    told: Rows = [
        ("central", number_text(found.central, _SHOWN) or "", measure, "all inputs central"),
        (
            "mean",
            number_text(found.mean, _SHOWN) or "",
            measure,
            f"± {number_text(found.mean_error, 2)} over {randomisations} randomisations of {points} points",
        ),
        (
            "deviation",
            number_text(found.deviation, _SHOWN) or "",
            measure,
            f"± {number_text(found.deviation_error, 2)}; {found.evaluations} evaluations",
        ),
    ]
    data = {
        "schema": 1, "model": model.name, "output": found.output, "unit": measure, "points": points,
        "randomisations": randomisations, "seed": seed, "evaluations": found.evaluations,
        "central": number_text(found.central), "mean": number_text(found.mean), "mean_error": number_text(found.mean_error),
        "deviation": number_text(found.deviation), "deviation_error": number_text(found.deviation_error),
        "factors": [
            {"name": each.name} | {
                key: number_text(getattr(each, key)) or ""
                for key in (
                    "first", "first_error", "total", "total_error", "shapley", "shapley_error", "at_low", "at_high", "rank",
                )
            }
            for each in found.factors
        ],
    }  # fmt: skip
    title = f"{model.name}.{found.output}: parts of the variance, with the error of the numbers"
    return Answered(title, header, rows, ("of the output", "value", "unit", "basis"), told, (), data)


def _drawn(randomisations: int) -> str:
    return f"Sobol points in {randomisations} randomisations" if randomisations else "draws"


_VALIDATION_HEADER = (
    "id",
    "predicted",
    "low",
    "high",
    "published",
    "unit",
    "error",
    "tolerance",
    "pass",
    "quantity",
)


def validated(root: Path, cases: Path | None, *, model: str | None = None, seed: int = 0) -> Validated:
    """The study's cases, or those of a file, each beside what its model gives."""
    root = _study(root)
    if model is not None:
        model_named(model)
    found = read_cases(cases) if cases else _cases(root)
    chosen = [case for case in found if model is None or case.model == model]
    if not chosen:
        raise BadInput(
            str(cases or root / CASES), "no case to run", f"cases of {model}" if model else "one case a line"
        )
    scored = score(chosen, root, lambda day: knowing(root, day)(), seed=seed)
    header = (
        "family",
        "kind",
        "cases",
        "scored",
        "passed",
        "median error",
        "worst error",
        "worst",
        "in the interval",
    )
    return Validated(
        _VALIDATION_HEADER,
        [_scored_row(each) for each in scored],
        tuple(each.passed for each in scored),
        header,
        [_summary_row(each) for each in summaries(scored)],
        tuple(f"{each.case.id}: {each.error}" for each in scored if each.error),
        tuple(scored),
    )


def _cases(root: Path) -> tuple[Case, ...]:
    return read_cases(root / CASES) if (root / CASES).is_dir() else ()


def knowing(root: Path, day: date | None) -> Known:
    """The study's snapshot of a day, opened when first asked for."""
    return lambda: _snapshot(root, day)


@lru_cache(maxsize=8)
def _snapshot(root: Path, day: date | None) -> Snapshot:
    if not (root / "evidence").is_dir():
        raise BadInput(str(root), "no such study", "a folder with evidence/ in it")
    return snapshot(open_evidence(root), day)


def _study(root: Path) -> Path:
    if not root.is_dir():
        raise BadInput(str(root), "no such study", "a study's folder", fix="--study DIR")
    return root


def _assumed_so_far(model: Model, root: Path, known: Known) -> Mapping[str, Assumption]:
    """The study's assumptions without a user's settings: what is still missing does not matter when a model is shown."""
    return resolve(model, root, {}, where="", known=known, complete=False)


def _who(assumed: Mapping[str, Assumption], name: str) -> str:
    return _source(assumed[name]) if name in assumed else ""


def _source(each: Assumption) -> str:
    if each.quantities:
        leaf = each.quantities[0].leaves()[0]
        return f"{leaf.series} {leaf.period}" + (
            f" and {len(each.quantities) - 1} more" if len(each.quantities) > 1 else ""
        )
    return each.source


def assumption_text(each: Assumption) -> str:
    """What an input is in this run: a number, low..central..high, a word, how many values."""
    value = each.value
    if isinstance(value, str):
        return value
    if not isinstance(value, Distribution):
        return f"{len(value)} values"
    if value.is_point:
        return number_text(value.central, _SHOWN) or ""
    ends = [value.low, value.high] if value.shape == "uniform" else [value.low, value.central, value.high]
    return "..".join(number_text(end, _SHOWN) or "" for end in ends) + (
        "" if value.shape != "normal" else " (normal)"
    )


def _value_record(each: Assumption) -> dict[str, Any]:
    value = each.value
    if isinstance(value, str):
        return {"value": value}
    if not isinstance(value, Distribution):
        return {"values": [number_text(float(v)) for v in value]}
    if value.is_point:
        return {"value": number_text(value.central)}
    ends = {
        "low": number_text(value.low),
        "central": number_text(value.central),
        "high": number_text(value.high),
    }
    return {"shape": value.shape, **ends}


def _scored_row(each: Scored) -> tuple[str, ...]:
    verdict = {True: "yes", False: "NO", None: "–"}[each.passed]
    miss = "" if each.miss is None else f"{each.miss:+.1%}"
    numbers = [number_text(value, _SHOWN) or "" for value in (each.predicted, each.low, each.high)]
    if each.low == each.high:
        numbers[1:] = ["", ""]
    published = number_text(each.case.expected, 8) or ""
    return (
        each.case.id,
        *numbers,
        published,
        each.case.unit,
        miss,
        each.case.tolerance.text,
        verdict,
        each.case.quantity,
    )


def _summary_row(each: Summary) -> tuple[str, ...]:
    def part(value: float | None) -> str:
        return "" if value is None else f"{value:.1%}"

    covered = f"{each.covered} of {each.with_interval}" if each.with_interval else ""
    counts = (str(each.cases), str(each.scored), str(each.passed))
    return (
        each.family,
        each.kind,
        *counts,
        part(each.median_miss),
        part(each.worst_miss),
        each.worst,
        covered,
    )
