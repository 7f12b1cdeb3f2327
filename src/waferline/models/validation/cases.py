"""This module reads validation cases: JSON Lines, one published number a line with the inputs that should give it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from waferline.errors import BadInput
from waferline.models.settings import LARGEST, number_in
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
_TEXTS = tuple(key for key in _KEYS if key not in ("inputs", "expected", "fitted"))
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
    for file in files:
        if path.is_dir() and not file.resolve().is_relative_to(path.resolve()):
            raise BadInput(
                str(file), "the file lies outside the folder", "a file inside it", "a link out of it"
            )
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
    except OSError as error:
        raise BadInput(str(path), f"the file cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadInput(str(path), f"the file is not UTF-8 (byte {error.start})") from error
    lines = text.split("\n")
    return [_case(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _case(line: str, where: str) -> Case:
    try:
        table = json.loads(line, object_pairs_hook=lambda pairs: _once(pairs, where))
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
    texts = {key: _text(table.get(key), f"{where}, {key}") for key in _TEXTS}
    expected, tolerance, kind, problem = math.nan, Tolerance(texts["tolerance"], None), "prediction", ""
    as_of = ""
    try:
        as_of = _day(texts["as_of"], f"{where}, as_of")
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
        as_of=as_of,
        source=texts["source"],
        url=texts["url"],
        where=where,
        problem=problem,
    )


def _once(pairs: list[tuple[str, Any]], where: str) -> dict[str, Any]:
    """An object whose keys stand once: of two, JSON readers keep the last and say nothing."""
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        raise BadInput(where, "a key stands twice", found=next(n for n in names if names.count(n) > 1)[:60])
    return table


def _text(given: object, where: str) -> str:
    """As written; a number as its digits, and null as nothing."""
    if isinstance(given, bool) or not isinstance(given, (str, int, float, type(None))):
        raise BadInput(where, "not a text", found=repr(given)[:60])
    return "" if given is None else str(given)


def _day(given: str, where: str) -> str:
    try:
        return given and date.fromisoformat(given).isoformat()
    except ValueError as error:
        raise BadInput(where, "not a day", "YYYY-MM-DD", repr(given)[:60]) from error


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
    if not abs(given) <= LARGEST:
        raise BadInput(where, "not a number", f"at most {LARGEST:g}", str(given)[:60])
    return float(given)


def _true_or_false(given: object, where: str) -> bool:
    if not isinstance(given, bool):
        raise BadInput(where, "neither true nor false", found=repr(given)[:60])
    return given
