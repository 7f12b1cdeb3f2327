"""This module reads validation cases: JSON Lines, one published number a line with the inputs that should give it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waferline.errors import BadInput
from waferline.models.settings import number_in
from waferline.models.validation.tolerance import Tolerance, read_tolerance

KINDS = ("arithmetic", "prediction", "prior", "input", "keep", "forecast")
_KEYS = (
    "id",
    "quantity",
    "model",
    "output",
    "inputs",
    "expected",
    "unit",
    "tolerance",
    "kind",
    "family",
    "fitted",
    "as_of",
    "source",
    "url",
    "note",
)
_NEEDED = ("id", "model", "expected", "unit", "tolerance", "source")
MAX_BYTES = 5_000_000
MAX_CASES = 10_000


@dataclass(frozen=True, slots=True)
class Case:
    """One published number: the model and output that should give it on these inputs, and what counts as passing.

    `kind` is arithmetic where the answer follows from the printed inputs, prediction where the model could be wrong;
    priors, inputs, forecasts and rows to keep are not scored. `fitted` cases were used to set a constant of the model.
    `problem` says why a value of the case cannot be read: it then fails, and the others are scored.
    """

    id: str
    quantity: str
    model: str
    output: str
    inputs: Mapping[str, Any]
    expected: float
    unit: str
    tolerance: Tolerance
    kind: str
    family: str
    fitted: bool
    as_of: str
    source: str
    url: str
    where: str
    problem: str = ""


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file, or of every .jsonl file of a folder. `model` may be empty for a row that is only kept; `output` may be left out where a model has one.

    Raises BadInput with file and line at the first line that is no case; a case with a value that means nothing keeps it as its `problem`.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    cases = [case for file in files for case in _read_file(file)]
    seen: dict[str, str] = {}
    for case in cases:
        if case.id in seen:
            raise BadInput(case.where, f"two cases are called {case.id!r}", found=seen[case.id])
        seen[case.id] = case.where
    if len(cases) > MAX_CASES:
        raise BadInput(str(path), "too many cases", f"at most {MAX_CASES}", str(len(cases)))
    return tuple(cases)


def _read_file(path: Path) -> list[Case]:
    if not path.is_file():
        raise BadInput(str(path), "no such file", "JSON Lines: one case a line")
    if path.stat().st_size > MAX_BYTES:
        raise BadInput(str(path), "the file is too large", f"at most {MAX_BYTES} bytes")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(str(path), f"the file is not UTF-8 (byte {error.start})") from error
    lines = text.split("\n")
    return [_case(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _case(line: str, where: str) -> Case:
    try:
        table = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(where, "not a line of JSON", '{"id": …, "model": …, "inputs": {…}, …}') from error
    if not isinstance(table, dict):
        raise BadInput(where, "a case is an object", '{"id": …}', type(table).__name__)
    unknown = sorted(set(table) - set(_KEYS))
    if unknown:
        raise BadInput(where, "unknown key", ", ".join(_KEYS), ", ".join(unknown)[:60])
    for key in _NEEDED:
        if key not in table:
            raise BadInput(where, f"the case has no {key}", ", ".join(_NEEDED))
    inputs = table.get("inputs", {})
    if not isinstance(inputs, dict):
        raise BadInput(where, "inputs is a table", '{"tokens": "14.8 tn tokens"}')
    texts = {key: str(table.get(key, "")) for key in _KEYS if key not in ("inputs", "expected", "fitted")}
    expected, tolerance, kind, problem = math.nan, Tolerance(texts["tolerance"], None), "prediction", ""
    try:
        expected = _expected(table["expected"], f"{where}, expected")
        tolerance = read_tolerance(texts["tolerance"], f"{where}, tolerance", str(table["expected"]))
        kind = _kind(texts, tolerance, where)
    except BadInput as error:
        problem = str(error)
    return Case(
        id=texts["id"],
        quantity=texts["quantity"],
        model=texts["model"],
        output=texts["output"],
        inputs=inputs,
        expected=expected,
        unit=texts["unit"],
        tolerance=tolerance,
        kind=kind,
        family=texts["family"],
        fitted=_true_or_false(table.get("fitted", False), f"{where}, fitted"),
        as_of=texts["as_of"],
        source=texts["source"],
        url=texts["url"],
        where=where,
        problem=problem,
    )


def _kind(texts: Mapping[str, str], tolerance: Tolerance, where: str) -> str:
    """As given; else what the tolerance says of an unscored row, and prediction for any other."""
    given = texts["kind"]
    if given and given not in KINDS:
        raise BadInput(f"{where}, kind", "unknown kind", ", ".join(KINDS), given[:60])
    if tolerance.passes is None and given in ("arithmetic", "prediction"):
        raise BadInput(
            f"{where}, kind", f"a case that is {given} is scored", "rel, abs, exact or inside", tolerance.text
        )
    if given:
        return given
    if tolerance.passes is not None:
        return "prediction"
    start = tolerance.text.casefold()
    return (
        "prior"
        if start.startswith("prior")
        else "input"
        if start.startswith("exact input")
        else ("keep" if start.startswith("keep") else "forecast")
    )


def _expected(given: object, where: str) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        raise BadInput(where, "not a number", found=repr(given)[:60])
    if isinstance(given, str):
        return number_in(given, where)
    return float(given)


def _true_or_false(given: object, where: str) -> bool:
    if not isinstance(given, bool):
        raise BadInput(where, "neither true nor false", found=repr(given)[:60])
    return given
