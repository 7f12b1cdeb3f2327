"""This module says what a model is: its inputs and outputs with their units, and the pure function between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waferline.errors import BadInput
from waferline.quantity.relations.base import Phrase

Array = NDArray[np.float64]


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", "", word).casefold()


@dataclass(frozen=True, slots=True)
class Input:
    """A number that a model takes: what it is, the unit it is handed over in, and the range that makes sense.

    `default` is for conventions only (a count of one, no overhead); what somebody has to know has none.
    `many` inputs are lists: arrays of one dimension, the same in every draw. An `optional` one may be absent.
    """

    name: str
    unit: str
    title: Phrase
    low: float = -np.inf
    high: float = np.inf
    whole: bool = False
    default: float | None = None
    optional: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A word that a model takes, one of its `options`; the first of them unless the study or the user says otherwise.

    `also` are other words for an option: (said, option).
    """

    name: str
    options: tuple[str, ...]
    title: Phrase
    also: tuple[tuple[str, str], ...] = ()

    def meant(self, given: str) -> str | None:
        """The option that a word means, whatever its case, hyphens and spaces; None for another word."""
        said = _plain(given)
        words = [(option, option) for option in self.options] + list(self.also)
        return next((option for word, option in words if _plain(word) == said), None)


@dataclass(frozen=True, slots=True)
class Output:
    """A number that a model gives, in `unit`; `many` where it gives a list (a curve, a frontier).

    `shown` is the unit people read it in, where that is another one of the same kind: % for a part of one. `per` is the
    period it is of, if people name it: a day's cost may be said in USD or in USD per day. `over` names the output that
    says what each value of a list is about, calendar years for instance.
    """

    name: str
    unit: str
    title: Phrase
    many: bool = False
    shown: str = ""
    per: str = ""
    over: str = ""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of thing described by a row of a table of the study: an architecture, a chip.

    `fields` are the numbers a row may hold and `words` its texts; an absent cell is an absent value. `variants` are endings
    of a name, in lower case, that change none of the fields: `MODEL-Instruct` is built as `MODEL`.
    """

    name: str
    file: str
    title: Phrase
    fields: tuple[Input, ...]
    words: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()


class Values(Mapping[str, Any]):
    """The inputs as a model sees them: arrays of shape `()` for a point, `(draws,)` where an input is uncertain.

    `draws` is how many are asked for and `seed` where a resampling model starts its own generator; None for a point.
    Asking for an input that is absent raises BadInput and names it.
    """

    def __init__(
        self,
        values: Mapping[str, Array | str],
        *,
        where: str,
        draws: int | None = None,
        seed: int = 0,
        prefix: str = "",
    ) -> None:
        self._values = values
        self.where = where
        self.draws = draws
        self.seed = seed
        self._prefix = prefix

    def __getitem__(self, name: str) -> Array:
        value = self._find(name)
        if isinstance(value, str):
            raise TypeError(f"{name} is a word: read it with text()")
        return value

    def text(self, name: str) -> str:
        """The word of a choice, or a text of a record."""
        value = self._find(name)
        if not isinstance(value, str):
            raise TypeError(f"{name} is a number")
        return value

    def of(self, record: str) -> Values:
        """The fields of one record: `x.of("chip")["memory"]`."""
        return Values(
            self._values,
            where=self.where,
            draws=self.draws,
            seed=self.seed,
            prefix=f"{self._prefix}{record}.",
        )

    def has(self, name: str) -> bool:
        """Whether the input is there."""
        return self._prefix + name in self._values

    def number(self, name: str, default: float) -> Array:
        """The input, or the default where it is absent."""
        return self[name] if self.has(name) else np.asarray(default, dtype=np.float64)

    def one(self, name: str) -> float:
        """The input as a plain number. Raises BadInput where it was given a range: the model takes it as certain."""
        value = self[name]
        self.refuse(value.ndim > 0, f"{name} takes one number here, not a range", fix=f"--set {name}=…")
        return float(value)

    def refuse(
        self,
        wrong: Array | np.bool_ | bool | NDArray[np.bool_],
        what: str,
        expected: str = "",
        found: str = "",
        fix: str = "",
    ) -> None:
        """Raises BadInput if the condition is true anywhere: inputs that contradict each other."""
        if np.any(wrong):
            raise BadInput(self.where, what, expected or None, found or None, fix or None)

    def __iter__(self) -> Iterator[str]:
        return (name[len(self._prefix) :] for name in self._values if name.startswith(self._prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _find(self, name: str) -> Array | str:
        full = self._prefix + name
        if full not in self._values:
            raise BadInput(self.where, f"the input {full} is missing", fix=f"--set {full}=…")
        return self._values[full]


Compute = Callable[[Values], Mapping[str, Array]]
Remarks = Callable[[Values, Mapping[str, Array]], tuple[Phrase, ...]]
Verdict = Callable[[Values, Mapping[str, Array]], Phrase]


def _nothing(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Model:
    """A pure function with declared inputs and outputs.

    `records` maps a role (`chip`) to the kind of record that fills the inputs `chip.…`. `compute` may leave outputs out
    whose inputs are absent. `remarks` names what is possible on paper only, for instance a chip used at 166 %.
    `formula` is shown to users and says what is computed; `source` where it comes from. `verdict` is the answer in a word or
    two, for the cell of a matrix: the limit that binds.
    """

    name: str
    title: Phrase
    family: str
    inputs: tuple[Input | Choice, ...]
    outputs: tuple[Output, ...]
    compute: Compute
    formula: str
    source: str
    records: Mapping[str, RecordKind] = field(default_factory=dict)
    remarks: Remarks = _nothing
    verdict: Verdict | None = None

    def numbers(self) -> dict[str, Input]:
        """Every number it may take, fields of its records included, by full name."""
        found = {each.name: each for each in self.inputs if isinstance(each, Input)}
        for role, kind in self.records.items():
            found.update({f"{role}.{each.name}": each for each in kind.fields})
        return found

    def choices(self) -> dict[str, Choice]:
        """Every word it takes, by name."""
        return {each.name: each for each in self.inputs if isinstance(each, Choice)}

    def outputs_of(self, x: Values) -> Mapping[str, Array]:
        """What `compute` gives, without NumPy's warnings: an output that is not finite is for the caller to refuse by name."""
        with np.errstate(all="ignore"):
            return self.compute(x)

    def output(self, name: str) -> Output:
        """The output of that name; refuses an unknown one with the list."""
        for each in self.outputs:
            if each.name == name:
                return each
        raise BadInput(self.name, "no such output", ", ".join(each.name for each in self.outputs), name)
