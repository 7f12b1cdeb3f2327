"""This module sets two scenarios of a model side by side: each output under both, and the difference on the same draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from waferline.build.models import assumption_text, knowing
from waferline.errors import BadInput
from waferline.models.model import Array, Output
from waferline.models.registry import model_named
from waferline.models.running import Run, run_together
from waferline.models.validation.scoring import LEVEL, number_text
from waferline.quantity.units import unit

_SHOWN = 5
Row = tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """Two scenarios of a model as shown to a user; `changed` are the inputs that differ."""

    title: str
    header: Row
    rows: list[Row]
    changed_header: Row
    changed: list[Row]
    remarks: tuple[str, ...]
    data: Mapping[str, Any]

    def record(self) -> dict[str, Any]:
        """As data: every number a decimal string with its unit."""
        return dict(self.data)


def compared(
    name: str,
    root: Path,
    day: date | None,
    first: str,
    second: str,
    settings: Mapping[str, Any],
    *,
    only: tuple[str, ...] = (),
    draws: int,
    seed: int,
) -> Compared:
    """Every output under both scenarios with its 80 % interval, and the second less the first, draw by draw.

    `only` names the outputs wanted; lists take a row an entry. An output that one scenario does not give is left out.
    Raises BadInput for unknown scenarios and outputs.
    """
    model = model_named(name)
    for each in only:
        model.output(each)
    if not root.is_dir():
        raise BadInput(str(root), "no such study", "a study's folder", fix="--study DIR")
    runs = run_together(
        model,
        root,
        settings,
        (first, second),
        known=knowing(root, day),
        draws=draws,
        seed=seed,
        where="--set ",
    )
    rows: list[Row] = []
    records: list[dict[str, Any]] = []
    for about in model.outputs:
        wanted = about.name in only if only else not about.many
        if not wanted or not all(about.name in each.point for each in runs):
            continue
        for label, ends in _entries(about, runs):
            measure = about.shown or about.unit
            scale = float(unit(about.unit).scale / unit(measure).scale)
            numbers = [[value * scale for value in each] for each in ends]
            rows.append((label, *(_with_interval(each) for each in numbers), measure, about.title.en))
            keys = (first, second, "difference")
            records.append(
                {"output": label, "unit": measure}
                | {
                    key: dict(zip(("value", "low", "high"), map(number_text, each), strict=True))
                    for key, each in zip(keys, numbers, strict=True)
                }
            )
    changed = _changed(runs)
    remarks = tuple(
        dict.fromkeys(
            f"{who}: {each.en}"
            for who, one in zip((first, second), runs, strict=True)
            for each in one.remarks
        )
    )
    data = {
        "schema": 1, "model": model.name, "scenarios": [first, second], "draws": draws, "seed": seed, "level": str(LEVEL),
        "outputs": records,
        "changed": [dict(zip(("input", first, second), row, strict=True)) for row in changed],
        "remarks": list(remarks),
    }  # fmt: skip
    return Compared(
        f"{model.name}: {first} and {second}; 80 % intervals of {draws} common draws",
        ("output", first, second, f"{second} − {first}", "unit", "what"),
        rows,
        ("input", first, second),
        changed,
        remarks,
        data,
    )


def _entries(about: Output, runs: tuple[Run, ...]) -> list[tuple[str, list[tuple[float, float, float]]]]:
    """Each entry of an output: its label, and for both scenarios and their difference the value, low and high end."""
    points = [np.atleast_1d(each.point[about.name]) for each in runs]
    if len(points[0]) != len(points[1]):
        return []
    found = []
    for i in range(len(points[0])):
        drawn = [_draws(each, about, i) for each in runs]
        values = [float(each[i]) for each in points]
        ends = [_ends(value, draws) for value, draws in zip(values, drawn, strict=True)]
        ends.append(_ends(values[1] - values[0], drawn[1] - drawn[0]))
        found.append((_label(about, runs[0], i), ends))
    return found


def _label(about: Output, of: Run, index: int) -> str:
    if not about.many:
        return about.name
    return f"{about.name} {of.point[about.over][index]:g}" if about.over else f"{about.name}[{index}]"


def _draws(of: Run, about: Output, index: int) -> Array:
    if about.name not in of.draws:
        return np.asarray(np.atleast_1d(of.point[about.name])[index])
    draws: Array = of.draws[about.name][:, index] if about.many else of.draws[about.name]
    return draws


def _ends(value: float, draws: Array) -> tuple[float, float, float]:
    # As for any number of a model: the interval holds the draws' central part and the point, which may lie outside it.
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return value, min(float(low), value), max(float(high), value)


def _with_interval(ends: list[float]) -> str:
    value, low, high = (number_text(each, _SHOWN) or "" for each in ends)
    return value if low == high else f"{value} ({low} to {high})"


def _changed(runs: tuple[Run, ...]) -> list[Row]:
    one, other = (each.assumptions for each in runs)
    rows = []
    for name in dict.fromkeys((*one, *other)):
        texts = [assumption_text(each[name]) if name in each else "" for each in (one, other)]
        if texts[0] != texts[1] or not _same(*(each[name].value for each in (one, other))):
            rows.append((name, *texts))
    return rows


def _same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return one == other
