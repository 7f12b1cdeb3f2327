"""This module asks the models of the study: an output with its interval, a list of outputs, the ends of an interval."""

from __future__ import annotations

from math import floor, log10

from waferline.errors import BadInput, NotKnown
from waferline.quantity.period import Period
from waferline.quantity.printing import number_text
from waferline.quantity.quantity import Quantity
from waferline.quantity.units import Unit, unit
from waferline.study.report import Lang, Words
from waferline.study.values import Named, Printed, Scope
from waferline.study.vocabulary.periods import within


def output(scope: Scope, model: str, name: str, *settings: str) -> Quantity:
    """An output of a model on the study's assumptions, with its 80 % interval; settings are words: "chip=H800"."""
    from waferline.models.quantities import output_of

    if not model:
        raise NotKnown(scope.where, "the row names no model")
    return output_of(scope.known, model, name, settings, scope.where)


def outputs(scope: Scope, model: str, name: str, *settings: str) -> list[Quantity]:
    """Every value of an output that is a list, for the rows of an exhibit."""
    from waferline.models.quantities import outputs_of

    return outputs_of(scope.known, model, name, settings, scope.where)


def output_at(scope: Scope, model: str, name: str, index: int, *settings: str) -> Quantity:
    """One value of an output that is a list; `i` in the rows of an exhibit counts from 0."""
    found = outputs(scope, model, name, *settings)
    if not 0 <= index < len(found):
        raise BadInput(
            scope.where, f"{name} of {model} has no such value", f"0 to {len(found) - 1}", str(index)
        )
    return found[index]


def output_in(scope: Scope, model: str, name: str, at: Period, *settings: str) -> Quantity:
    """The value of a model's list for a calendar year."""
    from waferline.models.quantities import output_in as found_in

    if not name:
        raise NotKnown(scope.where, "the row names no output")
    return found_in(scope.known, model, name, at, settings, scope.where)


def swing(scope: Scope, model: str, name: str, factor: str, end: str, *settings: str) -> Quantity:
    """An output with one uncertain input at its 10 % ("low") or 90 % ("high") point, all else at its centre."""
    from waferline.models.quantities import swing_of

    return swing_of(scope.known, model, name, factor, end, settings, scope.where)


def low(scope: Scope, of: Quantity) -> Quantity:
    """The lower end of the interval that a model states."""
    from waferline.models.quantities import end_of

    return end_of(of, "low")


def high(scope: Scope, of: Quantity) -> Quantity:
    """The upper end of the interval that a model states."""
    from waferline.models.quantities import end_of

    return end_of(of, "high")


def with_interval(scope: Scope, of: Quantity, name: str, count: int | None = None) -> Printed:
    """What a model gave with its interval in one cell, in a unit, to three digits or `count` decimals: 4.61 (3.90–5.20) mn units."""
    from waferline.models.quantities import end_of

    to = unit(name)
    if count is None:
        size = abs(float(end_of(of, "high").value * of.unit.scale / to.scale))
        count = max(0, min(6, 2 - floor(log10(size)))) if size > 0 else 0
    within(scope, "count", count, 0, 6)

    def text(lang: Lang) -> str:
        value, below, above = (
            number_text(each, lang, unit=to, places=count)
            for each in (of, end_of(of, "low"), end_of(of, "high"))
        )
        opening, closing = ("（", "）") if lang == "zh" else (" (", ") ")
        ends = f"{opening}{below}–{above}{closing}" if below != above else " "
        return f"{value}{ends}{to.zh if lang == 'zh' else to.en}".strip()

    return Printed(Words(text("zh"), text("en")), of)


def verdict(scope: Scope, model: str, name: str, count: int, *settings: str) -> Printed:
    """A cell of a matrix: an output to `count` decimals, its interval, and the model's verdict in a word: 8 (5–13) power."""
    from waferline.models.quantities import output_of, verdict_of

    central = output_of(scope.known, model, name, settings, scope.where)
    word = verdict_of(scope.known, model, settings, scope.where)
    return _with_interval(scope, central, count, central.unit, Words(word.zh, word.en))


def estimate(scope: Scope, model: str, name: str, count: int, *settings: str) -> Printed:
    """A cell of a table: an output to `count` decimals with its interval, in the unit people read it in: 8 (5–13)."""
    from waferline.models.quantities import output_of
    from waferline.models.registry import model_named

    central = output_of(scope.known, model, name, settings, scope.where)
    shown = model_named(model).output(name).shown
    return _with_interval(scope, central, count, unit(shown) if shown else central.unit, Words("", ""))


def finding(scope: Scope, model: str, *settings: str) -> Named:
    """A model's verdict in words, without a number."""
    from waferline.models.quantities import verdict_of

    word = verdict_of(scope.known, model, settings, scope.where)
    return Named(Words(word.zh, word.en))


def _with_interval(scope: Scope, central: Quantity, count: int, measure: Unit, word: Words) -> Printed:
    from waferline.models.quantities import end_of

    within(scope, "count", count, 0, 6)

    def text(lang: Lang) -> str:
        value, below, above = (
            number_text(each, lang, unit=measure, places=count)
            for each in (central, end_of(central, "low"), end_of(central, "high"))
        )
        opening, closing = ("（", "）") if lang == "zh" else (" (", ") ")
        ends = f"{opening}{below}–{above}{closing}" if below != above else " "
        return f"{value}{ends}{word.zh if lang == 'zh' else word.en}".strip()

    return Printed(Words(text("zh"), text("en")), central)
