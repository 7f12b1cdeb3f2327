"""This module is the number that knows where it came from: value, unit, what rounding allows, and trace."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from fractions import Fraction
from typing import Any

from waferline.errors import BadInput
from waferline.quantity.decimals import decimal_text
from waferline.quantity.interval import Interval, N, enclosure
from waferline.quantity.period import Period
from waferline.quantity.qualifier import allowed, turned
from waferline.quantity.relations import Relation
from waferline.quantity.relations import relation as relation_named
from waferline.quantity.units import Unit, convertible, unit

BASES = ("stated", "by", "assumed", "restated", "undated")
KINDS = ("realised", "forecast", "guidance", "spec")
_LITERAL = re.compile(r"[+-]?(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?")


@dataclass(frozen=True, slots=True)
class Leaf:
    """An observation as the algebra sees it: equal to another when every word of it is.

    `literal` is the number as printed, in `unit`; unless `exact`, the true value lies within half a unit of
    its last digit, or where the word printed with it, its `qualifier`, allows. `basis` says how `known_from` was
    found, `kind` what sort of statement it is.
    """

    series: str
    subject: str
    period: Period
    by: str
    edition: str
    literal: str
    unit: Unit
    published: date | None
    known_from: date
    basis: str
    source: str
    kind: str
    exact: bool
    backfilled: bool = False
    qualifier: str = ""

    @property
    def value(self) -> Fraction:
        return Fraction(_literal(self)[0])

    @property
    def last_place(self) -> int:
        """The power of ten of the last printed digit: −1 for 627.6, 0 for 8000."""
        match = _literal(self)
        return int(match[3] or 0) - len(match[2] or "")

    @property
    def interval(self) -> Interval:
        value = self.value
        if self.qualifier:
            return allowed(self.qualifier, value)
        if self.exact:
            return Interval(value, value)
        place = self.last_place
        half = Fraction(10**place, 2) if place >= 0 else Fraction(1, 2 * 10**-place)
        return Interval(value - half, value + half)


def _literal(leaf: Leaf) -> re.Match[str]:
    match = _LITERAL.fullmatch(leaf.literal)
    if not match or abs(int(match[3] or 0)) > 400:
        raise BadInput(
            where=f"{leaf.series} {leaf.period}",
            what="not a decimal number",
            expected="digits with a point, like 627.6",
            found=repr(leaf.literal),
        )
    return match


@dataclass(frozen=True, slots=True)
class Applied:
    """A relation applied to quantities."""

    relation: str
    inputs: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class ModelInput:
    """One input of a model's run as it goes on a card: its name, its value in words, who says so and where."""

    name: str
    value: str
    source: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Modelled:
    """What a model gave: an output with its point estimate and interval, all in `unit`, and the inputs it was run on.

    Numbers are decimal strings. `observed` are the observations among the inputs; their rounding is in the interval.
    Of the lower or upper end of an interval all three numbers are that end, and `end` says which.
    """

    model: str
    output: str
    unit: Unit
    literal: str
    low: str
    high: str
    inputs: tuple[ModelInput, ...]
    observed: tuple[Quantity, ...] = ()
    end: str = ""

    @property
    def interval(self) -> Interval:
        return Interval(Fraction(self.low), Fraction(self.high))


Trace = Leaf | Applied | Modelled


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a unit, what it is about, and the trace that gives it back: an observation, a relation of
    others, or a model.

    `value` is exact and counts in `unit`: 19.1 with unit %. Equal when value, unit, trace and period are,
    also after a trip through JSON or pickle.
    """

    value: Fraction
    unit: Unit
    trace: Trace
    period: Period | None
    _known: list[Interval] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def interval(self) -> Interval:
        """All values that the rounding of the leaves allows, each distinct leaf moving once; in `unit`."""
        if not self._known:
            base = _enclosed(self.trace)
            self._known.append(base if self.unit.scale == 1 else base.scaled(1 / self.unit.scale))
        return self._known[0]

    def leaves(self) -> tuple[Leaf, ...]:
        """The distinct observations it rests on, in order of appearance."""
        return tuple(dict.fromkeys(_leaves(self.trace)))

    @property
    def qualifier(self) -> str:
        """The word that belongs before the number: of an observation its own, of a result what its inputs leave.

        A sum with one part "more than" is itself "more than", a growth over such a base "less than"; where the
        sides mix or are not fixed it is "about". "" when no input has a word, and for a fit, which states its own
        interval.
        """
        if isinstance(self.trace, Leaf):
            return self.trace.qualifier
        if isinstance(self.trace, Modelled):
            return ""
        rule = relation_named(self.trace.relation)
        if rule.states_interval or not any(leaf.qualifier for leaf in _leaves(self.trace)):
            return ""
        inputs = self.trace.inputs
        directions = rule.directions(*(q.interval.scaled(q.unit.scale) for q in inputs))
        if directions is None or not _disjoint(inputs):
            return "about"
        words = {turned(q.qualifier, d) for q, d in zip(inputs, directions, strict=True) if q.qualifier}
        return words.pop() if len(words) == 1 else "about"

    @property
    def is_forecast(self) -> bool:
        """True when anything it rests on is not a realised figure; what goes into a model is an input, and no figure."""
        return any(atom.kind != "realised" for atom in _atoms_all(self.trace) if isinstance(atom, Leaf))

    def to(self, other: Unit) -> Quantity:
        """The same number written in another unit of the same measure; refuses any other and names both."""
        if other == self.unit:
            return self
        if not convertible(self.unit, other):
            raise BadInput(
                where=named(self.trace),
                what="the unit cannot be converted",
                expected=str(self.unit),
                found=str(other),
            )
        return Quantity(self.value * self.unit.scale / other.scale, other, self.trace, self.period)

    def to_json(self) -> dict[str, Any]:
        """As data: decimal strings, the trace with every leaf. The trace is what counts; value and bounds
        follow."""
        bounds = self.interval
        return {
            "value": decimal_text(self.value),
            "unit": self.unit.name,
            "period": str(self.period) if self.period else None,
            "low": decimal_text(bounds.low, towards=-1),
            "high": decimal_text(bounds.high, towards=1),
            "trace": _trace_json(self),
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Quantity:
        """Built again from its trace; refuses data whose value is not what the trace gives."""
        try:
            quantity = _from_trace(data["trace"]).to(unit(data["unit"]))
            stated = data["value"]
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise BadInput(where="quantity", what="not a quantity as JSON", found=repr(error)) from error
        if decimal_text(quantity.value) != stated:
            raise BadInput(
                where=named(quantity.trace),
                what="the value is not what its trace gives",
                expected=decimal_text(quantity.value),
                found=str(stated),
            )
        return quantity


def observed(leaf: Leaf) -> Quantity:
    """The quantity an observation states."""
    return Quantity(leaf.value, leaf.unit, leaf, leaf.period)


def modelled(trace: Modelled, period: Period | None = None) -> Quantity:
    """The quantity a model gave."""
    return Quantity(Fraction(trace.literal), trace.unit, trace, period)


def apply(relation: Relation, *inputs: Quantity) -> Quantity:
    """The relation's result on the inputs; refuses, with one line that names them, what the relation is not
    for."""
    relation.check(inputs)
    periods = [q.period for q in inputs]
    measure = relation.unit(*(q.unit for q in inputs))
    value = relation.value(*(_base(q) for q in inputs), periods=periods)
    return Quantity(value / measure.scale, measure, Applied(relation.name, inputs), relation.period(*periods))


def _base(q: Quantity) -> Fraction:
    return q.value if q.unit.scale == 1 else q.value * q.unit.scale


def named(trace: Trace) -> str:
    """What an error calls a number: its series and period, its relation, or its model and output."""
    if isinstance(trace, Modelled):
        return f"{trace.model}.{trace.output}"
    return f"{trace.series} {trace.period}" if isinstance(trace, Leaf) else trace.relation


def _leaves(trace: Trace) -> Iterator[Leaf]:
    if isinstance(trace, Leaf):
        yield trace
        return
    for q in trace.observed if isinstance(trace, Modelled) else trace.inputs:
        yield from _leaves(q.trace)


def _atoms_all(trace: Trace) -> Iterator[Trace]:
    """The observations and model outputs at the ends of a trace."""
    if not isinstance(trace, Applied):
        yield trace
        return
    for q in trace.inputs:
        yield from _atoms_all(q.trace)


# ---- intervals, in base units


def _enclosed(trace: Trace) -> Interval:
    """What the rounding of the leaves allows. Trap: a leaf that occurs twice moves once, so inputs that share
    a leaf may not be bounded one by one."""
    if not isinstance(trace, Applied):
        own = trace.interval
        return own if trace.unit.scale == 1 else own.scaled(trace.unit.scale)
    rule = relation_named(trace.relation)
    periods = [q.period for q in trace.inputs]
    stated = rule.interval([_base(q) for q in trace.inputs], periods)
    if stated is not None:
        return stated
    ranges = [q.interval.scaled(q.unit.scale) for q in trace.inputs]
    directions = rule.directions(*ranges)
    if directions is not None and _disjoint(trace.inputs):
        low = [r.low if d > 0 else r.high for r, d in zip(ranges, directions, strict=True)]
        high = [r.high if d > 0 else r.low for r, d in zip(ranges, directions, strict=True)]
        if rule.rounds:
            ends = [rule.value(*map(Interval.point, corner), periods=periods) for corner in (low, high)]
            return Interval(ends[0].low, ends[1].high)
        return Interval(rule.value(*low, periods=periods), rule.value(*high, periods=periods))
    atoms = list(dict.fromkeys(_atoms(trace)))
    places = {atom: i for i, atom in enumerate(atoms)}

    def formula(leaves: Sequence[N], /) -> N:
        return _evaluated(trace, {atom: leaves[i] for atom, i in places.items()})

    return enclosure(formula, [_enclosed(atom) for atom in atoms])


def _disjoint(inputs: Sequence[Quantity]) -> bool:
    if len(inputs) == 2 and isinstance(inputs[0].trace, Leaf) and isinstance(inputs[1].trace, Leaf):
        return inputs[0].trace != inputs[1].trace
    seen: set[Trace] = set()
    count = 0
    for q in inputs:
        own = set(_atoms(q.trace))
        count += len(own)
        seen |= own
    return len(seen) == count


def _atoms(trace: Trace) -> Iterator[Trace]:
    """What moves on its own: the leaves, and a fit as a whole, because its interval is stated and not
    propagated."""
    if not isinstance(trace, Applied) or relation_named(trace.relation).states_interval:
        yield trace
        return
    for q in trace.inputs:
        yield from _atoms(q.trace)


def _evaluated(trace: Trace, done: dict[Trace, N]) -> N:
    """The trace over its atoms; equal sub-traces give one object, so that x − x cancels for any x."""
    if trace in done:
        return done[trace]
    assert isinstance(trace, Applied)  # every leaf is in `done`
    xs = [_evaluated(q.trace, done) for q in trace.inputs]
    done[trace] = relation_named(trace.relation).value(*xs, periods=[q.period for q in trace.inputs])
    return done[trace]


# ---- JSON


def _trace_json(q: Quantity) -> dict[str, Any]:
    """A trace as data. `unit` is added where the quantity was written in another unit than its trace
    gives."""
    trace = q.trace
    if isinstance(trace, Leaf):
        found: dict[str, Any] = {
            "observation": {f.name: _plain(getattr(trace, f.name)) for f in fields(Leaf)}
        }
        natural = trace.unit
    elif isinstance(trace, Modelled):
        found, natural = {"model": _model_json(trace)}, trace.unit
    else:
        found = {"relation": trace.relation, "inputs": [_trace_json(each) for each in trace.inputs]}
        natural = relation_named(trace.relation).unit(*(each.unit for each in trace.inputs))
    return found if natural == q.unit else {**found, "unit": q.unit.name}


def _model_json(trace: Modelled) -> dict[str, Any]:
    return {
        "model": trace.model,
        "output": trace.output,
        "unit": trace.unit.name,
        "value": trace.literal,
        "low": trace.low,
        "high": trace.high,
        "end": trace.end,
        "inputs": [{f.name: getattr(each, f.name) for f in fields(ModelInput)} for each in trace.inputs],
        "observed": [_trace_json(each) for each in trace.observed],
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (str, bool)) else str(value)


def _from_trace(data: Mapping[str, Any]) -> Quantity:
    if "observation" in data:
        result = observed(_leaf(data["observation"]))
    elif "model" in data:
        result = modelled(_modelled(data["model"]))
    else:
        result = apply(relation_named(data["relation"]), *(_from_trace(each) for each in data["inputs"]))
    return result.to(unit(data["unit"])) if "unit" in data else result


def _modelled(data: Mapping[str, Any]) -> Modelled:
    return Modelled(
        data["model"], data["output"], unit(data["unit"]), data["value"], data["low"], data["high"],
        tuple(ModelInput(**each) for each in data["inputs"]),
        tuple(_from_trace(each) for each in data["observed"]), data["end"],
    )  # fmt: skip


def _leaf(data: Mapping[str, Any]) -> Leaf:
    known = {f.name for f in fields(Leaf)}
    if set(data) - known or (known - {"backfilled", "qualifier"}) - set(data):
        raise BadInput(
            where="observation",
            what="wrong fields",
            expected=", ".join(sorted(known)),
            found=", ".join(sorted(data)),
        )
    published = data["published"]
    return Leaf(
        **{
            **data,
            "period": Period.parse(data["period"]),
            "unit": unit(data["unit"]),
            "published": date.fromisoformat(published) if published else None,
            "known_from": date.fromisoformat(data["known_from"]),
        }
    )
