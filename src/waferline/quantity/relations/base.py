"""This module says what a relation is: one way to get a number from numbers, with all its faces in one
object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from waferline.errors import BadInput
from waferline.quantity.interval import Interval, N
from waferline.quantity.period import Period, joined
from waferline.quantity.units import Unit, convertible, currencies_of

if TYPE_CHECKING:
    from waferline.quantity.quantity import Quantity

Periods = Sequence[Period | None]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text for people in both languages."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Need:
    """One operand: its name in formulas and what it must be. `many` stands last and takes one or more."""

    name: str
    title: Phrase
    positive: bool = False  # its whole interval lies above zero
    many: bool = False
    at_least: int = 1  # how many, where `many`


@dataclass(frozen=True, slots=True)
class Example:
    """Operands as (literal, unit, period) and the result as printed in English; shown in the docs, run by a
    test."""

    inputs: tuple[tuple[str, str, str], ...]
    result: str


@dataclass(frozen=True, slots=True)
class Direction:
    """The words a sentence uses for a number that goes up, goes down or stands still.

    `up` and `down` come before the number, which is printed without its sign; `after` follows it.
    """

    up: Phrase
    down: Phrase
    flat: Phrase = Phrase("持平", "was flat")
    nearly_flat: Phrase = Phrase("基本持平", "was almost flat")
    after: Phrase = Phrase("", "")


GROWS = Direction(Phrase("增长", "rose "), Phrase("下降", "fell "))
GAINS = Direction(Phrase("上涨", "rose "), Phrase("下跌", "fell "))
A_YEAR = Direction(Phrase("年均增长", "rose "), Phrase("年均下降", "fell "), after=Phrase("", " a year"))
POINTS = Direction(Phrase("上升", "rose by "), Phrase("下降", "fell by "))
AMOUNT = Direction(Phrase("增加", "rose by "), Phrase("减少", "fell by "))
BEATS = Direction(
    Phrase("跑赢", "outperformed by "),
    Phrase("跑输", "underperformed by "),
    Phrase("表现持平", "performed in line"),
    Phrase("表现基本持平", "performed almost in line"),
)
ADDS = Direction(
    Phrase("拉动", "added "),
    Phrase("拖累", "took off "),
    Phrase("无拉动", "added nothing"),
    Phrase("几无拉动", "added almost nothing"),
)


class Relation:
    """One way to get a number from numbers. A subclass is written once and used through its single instance.

    `value` runs on exact fractions, intervals and traced enclosures alike; it sees every operand in base
    units (627.6 USD bn is 627,600,000,000; 19.1 % is 0.191) and gives base units. The interval of a result is
    not the relation's business: it follows from `value` over the distinct leaves of the trace.
    """

    name: ClassVar[str]
    title: ClassVar[Phrase]
    needs: ClassVar[tuple[Need, ...]]
    example: ClassVar[Example]
    homogeneous: ClassVar[int | None] = (
        1  # the power of a common scale of all operands that the result carries
    )
    rounds: ClassVar[bool] = (
        False  # True if `value` takes roots, which fractions can only give to many digits
    )
    takes_range: ClassVar[bool] = False  # True if `excel` also takes one range of cells in place of all
    states_interval: ClassVar[bool] = False  # True if `interval` gives one

    def value(self, *xs: N, periods: Periods = ()) -> N:
        raise NotImplementedError

    def unit(self, *units: Unit, where: str = "") -> Unit:
        """The unit of the result; refuses operands that do not go together and names both."""
        raise NotImplementedError

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        """The formula with the operands' texts in place: 627.6 / 526.8 − 1."""
        raise NotImplementedError

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        """The Excel formula of cells that hold the operands on one scale; percentages are Excel's own
        (0.191)."""
        raise NotImplementedError

    def period(self, *periods: Period | None) -> Period | None:
        """What the result is about; by default the period all operands share, else none."""
        first = periods[0]
        return first if all(p == first for p in periods) else None

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        """Refuse operands whose periods do not go together; by default any do."""

    def directions(self, *ranges: Interval) -> tuple[int, ...] | None:
        """For each operand +1 if the result rises with it over these ranges, −1 if it falls; None if not
        fixed."""
        return None

    def interval(self, xs: Sequence[Fraction], periods: Periods) -> Interval | None:
        """A stated interval of its own (of a fit), in base units; None for everything that follows from
        rounding."""
        return None

    def direction(self, *units: Unit) -> Direction | None:
        """The words for up and down; None for a number that has no direction (a level, a share)."""
        return None

    def check(self, inputs: Sequence[Quantity]) -> None:
        """Refuse inputs the relation is not meant for, with one line that names them."""
        where = described(self.name, inputs)
        self._check_count(inputs, where)
        self.unit(*(q.unit for q in inputs), where=where)
        self.check_periods(*(q.period for q in inputs), where=where)
        for i, q in enumerate(inputs):
            need = self.needs[min(i, len(self.needs) - 1)]
            if need.positive and q.interval.low <= 0:
                raise BadInput(
                    where=where,
                    what=f"the {need.title.en} is not surely above zero",
                    expected="an interval above zero",
                    found=f"{float(q.interval.low):g} to {float(q.interval.high):g} {q.unit}",
                )

    def _check_count(self, inputs: Sequence[Quantity], where: str) -> None:
        last = self.needs[-1]
        least = len(self.needs) - 1 + (last.at_least if last.many else 1)
        if len(inputs) < least or (len(inputs) > least and not last.many):
            names = ", ".join(need.title.en for need in self.needs)
            raise BadInput(
                where=where,
                what="wrong number of operands",
                expected=f"{'at least ' if last.many else ''}{least} ({names})",
                found=str(len(inputs)),
            )

    def __repr__(self) -> str:
        return f"<relation {self.name}>"

    def __reduce__(self) -> tuple[Callable[[str], Relation], tuple[str]]:
        from waferline.quantity.relations import relation

        return relation, (self.name,)


def described(name: str, inputs: Sequence[Quantity]) -> str:
    """The relation and its operands for an error line: yoy(wsts.sales.world 2024, wsts.sales.world 2022)."""
    texts = [_operand(q) for q in inputs[:4]] + (["…"] if len(inputs) > 4 else [])
    return f"{name}({', '.join(texts)})"


def _operand(q: Quantity) -> str:
    trace = q.trace
    name = getattr(trace, "series", None) or getattr(trace, "relation", "?")
    subject = getattr(trace, "subject", "")
    return " ".join(str(part) for part in (name, subject, q.period) if part)


def same_measure(where: str, *units: Unit) -> Unit:
    """The first unit, if all are convertible into it; otherwise BadInput that names the two that clash."""
    first = units[0]
    for other in units[1:]:
        if convertible(first, other):
            continue
        money = currencies_of(first) != currencies_of(other) and (
            currencies_of(first) or currencies_of(other)
        )
        raise BadInput(
            where=where,
            what="different currencies or price bases do not mix"
            if money
            else "the operands measure different things",
            expected=str(first),
            found=str(other),
            fix="convert with a rate that is itself evidence: converted(level, rate)" if money else None,
        )
    return first


def need_periods(where: str, periods: Sequence[Period | None]) -> list[Period]:
    """The periods, if every operand has one; otherwise BadInput."""
    if any(p is None for p in periods):
        raise BadInput(
            where=where, what="an operand has no single period", expected="a period for every operand"
        )
    return [p for p in periods if p is not None]


def need_same_period(where: str, *periods: Period | None) -> None:
    """Refuse two known periods that differ; an operand without a period of its own is let through."""
    known = [p for p in periods if p is not None]
    for other in known[1:]:
        if other != known[0]:
            raise BadInput(
                where=where,
                what="the operands are about different periods",
                expected=str(known[0]),
                found=str(other),
            )


def spanning(periods: Sequence[Period | None]) -> Period | None:
    """The one shared period, or the one that the periods cover without gap or overlap; else none."""
    known = [p for p in periods if p is not None]
    if len(known) < len(periods):
        return None
    return known[0] if all(p == known[0] for p in known) else joined(known)


def stretch(*periods: Period | None) -> Period | None:
    """From the first day of the earliest to the last day of the latest period."""
    known = [p for p in periods if p is not None]
    if len(known) < len(periods):
        return None
    return Period(min(p.start for p in known), max(p.end for p in known))


def added(xs: Sequence[N]) -> N:
    """The sum of one or more numbers of one kind."""
    result = xs[0]
    for x in xs[1:]:
        result = result + x
    return result
