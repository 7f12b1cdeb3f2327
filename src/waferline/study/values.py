"""This module holds what an expression can give besides a Quantity or a Period: printed numbers, names, conditions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from waferline.evidence.snapshot import Snapshot
from waferline.quantity.period import Period
from waferline.quantity.quantity import Quantity
from waferline.study.report import Ends, ThesisStatus, Words


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it will stand in a sentence, with the Quantity it prints.

    Of a range, `ends` are what was printed; its quantity only carries the trace of both, and is no number to read.
    """

    text: Words
    quantity: Quantity
    ends: Ends | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A name the evidence gives: a series, a house, a list of companies, a date in words."""

    text: Words


Value = Quantity | Period | Printed | Named | bool | str | int | list["Value"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may look at: one snapshot, the variables of its row, the theses decided so far.

    `backfill` lets levels known only after the day be drawn, marked; exhibits alone may set it.
    `where` names the file and line for errors.
    """

    known: Snapshot
    where: str
    variables: tuple[tuple[str, Value], ...] = ()
    theses: tuple[tuple[str, ThesisStatus], ...] = ()
    backfill: bool = False
    rating: Words | None = None
    rating_rule: Words | None = None

    @property
    def day(self) -> date:
        return self.known.day

    def variable(self, name: str) -> Value | None:
        return dict(self.variables).get(name)
