"""This module gives what a model says as a Quantity: with its interval, its inputs and who says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from waferline.errors import BadInput, NotKnown
from waferline.evidence.snapshot import Snapshot
from waferline.models.answers import Answer, Ends, Kept
from waferline.models.assumptions import Assumption
from waferline.models.distributions import Distribution
from waferline.models.model import Input
from waferline.models.registry import model_named
from waferline.models.running import DEFAULT_DRAWS, Run, run
from waferline.models.uncertainty.sensitivity import swung
from waferline.quantity.period import Period
from waferline.quantity.quantity import ModelInput, Modelled, Quantity, modelled
from waferline.quantity.relations.base import Phrase
from waferline.quantity.units import unit

LEVEL = 0.8
_DIGITS = 12


def output_of(known: Snapshot, name: str, output: str, settings: Sequence[str], where: str) -> Quantity:
    """One output of a model on the study's assumptions, as known on the day, with its 80 % interval.

    `settings` are words: `chip=NAME`, `precision=fp8`, `scenario=bull`. A number is an assumption and needs a source, so
    it stands in models/NAME.toml and never in a sentence. Raises NotKnown where a record or input is not known on the day.
    """
    about = model_named(name).output(output)
    if about.many:
        raise BadInput(where, f"{output} of {name} is a list", f"output_at({name!r}, {output!r}, …)")
    return _quantities(known, name, output, settings, where)[0]


def outputs_of(
    known: Snapshot, name: str, output: str, settings: Sequence[str], where: str
) -> list[Quantity]:
    """Every value of an output that is a list, each with its 80 % interval."""
    about = model_named(name).output(output)
    if not about.many:
        raise BadInput(where, f"{output} of {name} is one number", f"output({name!r}, {output!r}, …)")
    return _quantities(known, name, output, settings, where)


def output_in(
    known: Snapshot, name: str, output: str, period: Period, settings: Sequence[str], where: str
) -> Quantity:
    """The value of a list for one calendar year, where the list says which year each value is about.

    Raises NotKnown for a year, or an output, that the model does not give on the day.
    """
    about = model_named(name).output(output)
    if not about.over:
        raise BadInput(where, f"{output} of {name} is not a list over years", f"output({name!r}, …)")
    found = answered(known, name, settings, where).outputs
    years = [int(float(year)) for year, _, _ in found[about.over]][: len(found.get(output, ()))]
    if period.start.year not in years or period.kind != "year":
        raise NotKnown(
            where, f"{name} gives no {output} for {period} on {known.day}", ", ".join(map(str, years)) or None
        )
    listed = _quantities(known, name, output, settings, where)
    return replace(listed[years.index(period.start.year)], period=period)


def swing_of(
    known: Snapshot, name: str, output: str, factor: str, end: str, settings: Sequence[str], where: str
) -> Quantity:
    """An output with one uncertain input (or group) at its 10 % or 90 % point and everything else at its centre.

    `end` is low or high. Raises BadInput for an input that is not uncertain in this run, with the near misses.
    """
    about = model_named(name).output(output)
    if about.many or end not in ("low", "high"):
        raise BadInput(where, "a swing is that of one number", "an output that is one number; low or high")
    key = ("run", name, *settings)
    found = known.kept.get(key)
    if not isinstance(found, Run):
        found = known.kept[key] = _run(known, name, settings, where, draws=0)
    try:
        value, point = swung(found, output, factor, end)
    except BadInput as error:
        raise BadInput(where, error.what, error.expected, error.found) from error
    literal = _literal(value)
    moved = ModelInput(
        f"{factor} ({about.title.en})", f"{point:.0%} point", "the 10 % or 90 % point of the input above"
    )
    inputs = (*_inputs(found), moved)
    observed = dict.fromkeys(q for each in found.assumptions.values() for q in each.quantities)
    return modelled(
        Modelled(name, output, unit(about.unit), literal, literal, literal, inputs, tuple(observed))
    )


def verdict_of(known: Snapshot, name: str, settings: Sequence[str], where: str) -> Phrase:
    """The model's answer in a word or two, for instance the limit that binds."""
    found = answered(known, name, settings, where)
    if found.verdict is None:
        raise BadInput(where, f"the model {name} gives numbers only, no verdict")
    return found.verdict


def end_of(of: Quantity, end: str) -> Quantity:
    """The `low` or `high` end of what a model gave, as a number of its own."""
    trace = of.trace
    if not isinstance(trace, Modelled):
        raise BadInput("low" if end == "low" else "high", "only what a model gave has a stated interval")
    literal = trace.low if end == "low" else trace.high
    return modelled(replace(trace, literal=literal, low=literal, high=literal, end=end), of.period)


def answered(known: Snapshot, name: str, settings: Sequence[str], where: str) -> Answer:
    """The answer behind an output; equal questions on one snapshot are answered once, and kept for the next build."""
    key = ("model", name, *settings)
    found = known.kept.get(key)
    if not isinstance(found, Answer):

        def ask() -> Answer:
            return _answer(_run(known, name, settings, where))

        kept = known.kept.get("answers")
        found = kept.answer(known, name, settings, ask) if isinstance(kept, Kept) else ask()
        known.kept[key] = found
    return found


def _run(known: Snapshot, name: str, settings: Sequence[str], where: str, draws: int = DEFAULT_DRAWS) -> Run:
    model = model_named(name)
    numbers = model.numbers()
    words: dict[str, str] = {}
    for each in settings:
        if not each:
            raise NotKnown(where, f"the row asks nothing of {name}")
        key, equals, value = each.partition("=")
        if not equals:
            raise BadInput(
                where, "not a setting of a model", '"chip=NAME" or "scenario=NAME"', repr(each)[:60]
            )
        if key in numbers:
            raise BadInput(
                where, f"a number for {key} of {name}", f"an assumption with its source in models/{name}.toml",
                value[:60], "a scenario there, and scenario=NAME here",
            )  # fmt: skip
        if key in words:
            raise BadInput(where, f"{key} is said twice", "once", repr(each)[:60])
        words[key] = value
    scenario = words.pop("scenario", None)
    try:
        return run(
            model,
            known.study,
            words,
            scenario=scenario,
            known=lambda: known,
            draws=draws,
            where=f"{where}, ",
        )
    except NotKnown as error:
        raise NotKnown(where, f"{error.where}: {error.what}", error.expected, error.found) from error


def _quantities(
    known: Snapshot, name: str, output: str, settings: Sequence[str], where: str
) -> list[Quantity]:
    found = answered(known, name, settings, where)
    if output not in found.outputs:
        # An optional input that the evidence does not have on the day leaves an output out: a gap, no mistake.
        raise NotKnown(where, f"{name} does not give {output} for these inputs", ", ".join(found.outputs))
    measure = unit(model_named(name).output(output).unit)
    return [
        modelled(Modelled(name, output, measure, value, low, high, found.inputs, found.observed))
        for value, low, high in found.outputs[output]
    ]


def _answer(found: Run) -> Answer:
    outputs: dict[str, tuple[Ends, ...]] = {}
    for output, values in found.point.items():
        low = high = np.atleast_1d(values)
        if output in found.draws:
            ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
            low, high = (np.atleast_1d(end) for end in np.quantile(found.draws[output], ends, axis=0))
        outputs[output] = tuple(map(_ends, np.atleast_1d(values).tolist(), low.tolist(), high.tolist()))
    observed = dict.fromkeys(q for each in found.assumptions.values() for q in each.quantities)
    return Answer(outputs, _inputs(found), tuple(observed), found.verdict)


def _ends(point: float, low: float, high: float) -> Ends:
    """As decimal strings. A skewed model may give a point outside the middle of its draws; the interval holds both."""
    return _literal(point), _literal(min(low, point)), _literal(max(high, point))


def _inputs(found: Run) -> tuple[ModelInput, ...]:
    """What goes on a card: records by name, and every number that the study or the user set."""
    numbers = found.model.numbers()
    rows: dict[str, ModelInput] = {}
    for name, each in found.assumptions.items():
        if "." in name and not _is_spread(each) and each.source == _record_source(found.assumptions, name):
            continue  # a field of a record that stands there by name
        if each.quantities and len(each.quantities) > 1:
            continue  # its observations are listed themselves
        rows[name] = ModelInput(_title(name, numbers), _said(each, numbers.get(name)), each.source, each.url)
    return tuple(rows.values())


def _title(name: str, numbers: Mapping[str, Input]) -> str:
    return name if name not in numbers else f"{name} ({numbers[name].title.en})"


def _record_source(assumptions: Mapping[str, Assumption], name: str) -> str:
    role = assumptions.get(name.split(".")[0])
    return role.source if role else ""


def _is_spread(each: Assumption) -> bool:
    return isinstance(each.value, Distribution) and not each.value.is_point


def _said(each: Assumption, about: Input | None) -> str:
    value = each.value
    measure = f" {about.unit}" if about and about.unit != "x" else ""
    if isinstance(value, str):
        return value
    if not isinstance(value, Distribution):
        return f"{len(value)} values{measure}"
    if value.is_point:
        return f"{value.central:.6g}{measure}"
    ends = (value.low, value.high) if value.shape == "uniform" else (value.low, value.central, value.high)
    return " / ".join(f"{end:.4g}" for end in ends) + measure


def _literal(value: float) -> str:
    """Twelve significant digits without an exponent: what a run gives on every machine."""
    text = format(Decimal(f"{value:.{_DIGITS}g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
