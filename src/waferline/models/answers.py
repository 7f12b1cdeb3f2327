"""This module keeps what models answered, from one build to the next: a run costs seconds, its answer a few lines.

An answer is kept under all that it depends on: the code, the study's models/ folder, the day, the question, and every
row of the series that the model reads. A kept answer is data, checked when it is read; one that is torn is made anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from waferline.errors import BadInput
from waferline.evidence import cache
from waferline.evidence.snapshot import Snapshot
from waferline.quantity.quantity import ModelInput, Quantity
from waferline.quantity.relations.base import Phrase

_FOLDER = "models"
_FILE = "answers.json"
_KEPT = 12
_SERIES = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")

Ends = tuple[str, str, str]
"""Value, lower and upper end, as decimal strings."""


@dataclass(frozen=True)
class Answer:
    """What a run gave, as a report prints it: every output with its interval, and the inputs with who says so."""

    outputs: Mapping[str, tuple[Ends, ...]]
    inputs: tuple[ModelInput, ...]
    observed: tuple[Quantity, ...]
    verdict: Phrase | None

    def to_json(self) -> dict[str, Any]:
        """As data, whole."""
        return {
            "outputs": {name: [list(ends) for ends in values] for name, values in self.outputs.items()},
            "inputs": [[getattr(each, f.name) for f in fields(ModelInput)] for each in self.inputs],
            "observed": [each.to_json() for each in self.observed],
            "verdict": [self.verdict.zh, self.verdict.en] if self.verdict else None,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Answer:
        """Built again. Raises ValueError, TypeError, KeyError or BadInput for anything else than an answer."""
        return Answer(
            {str(name): tuple(_ends(value) for value in values) for name, values in data["outputs"].items()},
            tuple(ModelInput(*map(str, each)) for each in data["inputs"]),
            tuple(Quantity.from_json(each) for each in data["observed"]),
            Phrase(*map(str, data["verdict"])) if data["verdict"] else None,
        )


def _ends(value: Sequence[Any]) -> Ends:
    low, middle, high = (str(each) for each in value)
    for each in (low, middle, high):
        float(each)
    return low, middle, high


class Kept:
    """The answers below a cache folder; None of it is trusted that does not read back as an answer."""

    def __init__(self, parent: Path, study: Path) -> None:
        self._parent = parent / _FOLDER
        package = Path(__file__).parent.parent
        code = [cache.digest_of_folder(package / room) for room in ("models", "quantity", "evidence")]
        own = cache.digest_of_folder(study / "models") if (study / "models").is_dir() else ""
        self._key = cache.digest_of_text(repr((code, own, np.__version__)))[:40]
        self._study = study
        self._old = self._read()
        self._new: dict[str, dict[str, Any]] = {}
        self._read_by: dict[tuple[int, str], str] = {}

    def answer(
        self, known: Snapshot, name: str, settings: Sequence[str], ask: Callable[[], Answer]
    ) -> Answer:
        """The kept answer, or the one that `ask` gives, which is kept from then on."""
        question = self._question(known, name, settings)
        if question in self._old:
            try:
                return Answer.from_json(self._old[question])
            except (ValueError, TypeError, KeyError, BadInput):
                pass
        found = ask()
        self._new[question] = found.to_json()
        return found

    def save(self) -> None:
        """Writes what is new beside what was there; a cache that cannot be written is no error."""
        if not self._new:
            return
        content = json.dumps(self._old | self._new, ensure_ascii=False, sort_keys=True)

        def write(folder: Path) -> None:
            (folder / _FILE).write_text(content, "utf-8")

        cache.entry(self._parent, f"{self._key}-{cache.digest_of_text(content)[:16]}", write, keep=_KEPT)
        self._old |= self._new
        self._new = {}

    def _read(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for folder in sorted(self._parent.glob(f"{self._key}-*")):
            if cache.is_sound(folder):
                try:
                    data = json.loads((folder / _FILE).read_text("utf-8"))
                except (OSError, ValueError):
                    continue
                found |= data if isinstance(data, dict) else {}
        return found

    def _question(self, known: Snapshot, name: str, settings: Sequence[str]) -> str:
        # Many questions to one model read the same series: their rows are hashed once.
        place = (id(known), name)
        if place not in self._read_by:
            file = self._study / "models" / f"{name}.toml"
            text = file.read_text("utf-8", errors="replace") if file.is_file() else ""
            read = sorted(set(_SERIES.findall(text)) & set(known.series))
            self._read_by[place] = known.digest_of(read) if read else ""
        rows = self._read_by[place]
        return cache.digest_of_text(repr((name, tuple(settings), known.day.isoformat(), rows)))
