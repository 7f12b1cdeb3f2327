"""This module decides how each thesis of `theses.toml` stands on a day: holds, weakening, broken or unknown.

A thesis has measures; each is an expression with a threshold below (or above) which it weakens and one at which it
breaks. The thesis stands as its worst known measure. A measure never sees a backfilled value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from waferline.errors import BadInput, NotKnown
from waferline.evidence.files import IDENTIFIER, line_of, read_text, read_toml
from waferline.evidence.snapshot import Snapshot
from waferline.quantity.printing import printed
from waferline.quantity.units import Unit, convertible, unit
from waferline.study.data_ends import behind
from waferline.study.evaluation import evaluate_quantity
from waferline.study.hand_typed import hand_typed
from waferline.study.report import Lang, ThesisResult, ThesisStatus, Words
from waferline.study.sourcing import Cards
from waferline.study.values import Scope

_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_ORDER: tuple[ThesisStatus, ...] = ("broken", "weakening", "holds")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level in a unit, as typed: `20 %`."""

    value: Fraction
    unit: Unit
    text: str

    def words(self, lang: Lang) -> str:
        """As the report prints it: −10%, 6 token/秒."""
        number = self.text.partition(" ")[0].replace("-", "−")
        name = (self.unit.zh if lang == "zh" else self.unit.en) or self.unit.name
        close = name == "%" or (lang == "zh" and not name[:1].isascii())
        return number + (name if close else f" {name}")


@dataclass(frozen=True, slots=True)
class Measure:
    name: Words
    expr: str
    falls: bool  # True: worse when lower; False: worse when higher
    weakens: Threshold
    breaks: Threshold
    where: str


@dataclass(frozen=True, slots=True)
class Thesis:
    id: str
    title: Words
    measures: tuple[Measure, ...]
    exhibits: tuple[str, ...]
    rated: bool = (
        True  # False: a claim that the report follows; it stands or breaks without moving the rating
    )


def load_theses(root: Path, names: tuple[str, ...]) -> tuple[Thesis, ...]:
    """The theses of the study. Raises BadInput at theses.toml:line."""
    file = "theses.toml"
    source = read_text(root, file)
    table = read_toml(root, file)

    def at(needle: str) -> str:
        return f"{file}:{line_of(source, needle)}"

    def words(entry: Mapping[str, Any], key: str) -> Words:
        value = entry.get(key)
        if (
            not isinstance(value, dict)
            or set(value) != {"zh", "en"}
            or not all(isinstance(text, str) for text in value.values())
        ):
            raise BadInput(at(key), f"{key} has both languages", f'{key} = {{ zh = "…", en = "…" }}')
        for text in value.values():
            for found in hand_typed(text, names):
                raise BadInput(
                    at(text), "a number typed by hand", "a threshold or an expression", repr(found.raw)
                )
        return Words(value["zh"], value["en"])

    def measure(entry: Mapping[str, Any]) -> Measure:
        expr = entry.get("expr")
        if not isinstance(expr, str) or not expr.strip():
            raise BadInput(file, "a measure has an expression", 'expr = "yoy(…)"')
        where = at(expr.splitlines()[0])
        ends = [key for key in ("weakens_below", "weakens_above") if key in entry]
        if len(ends) != 1:
            raise BadInput(where, "a measure says when it weakens", "weakens_below or weakens_above")
        falls = ends[0] == "weakens_below"
        breaks = "breaks_below" if falls else "breaks_above"
        if breaks not in entry:
            raise BadInput(where, "a measure says when it breaks", breaks)
        weak, broken = threshold(entry[ends[0]], where), threshold(entry[breaks], where)
        if not convertible(weak.unit, broken.unit):
            raise BadInput(where, "the thresholds have two units", weak.text, broken.text)
        gap = weak.value * weak.unit.scale - broken.value * broken.unit.scale
        if gap < 0 if falls else gap > 0:
            raise BadInput(where, "a measure breaks before it weakens", f"beyond {weak.text}", broken.text)
        return Measure(words(entry, "name"), expr, falls, weak, broken, where)

    def threshold(text: Any, where: str) -> Threshold:
        number, _, name = str(text).partition(" ")
        if not _DECIMAL.fullmatch(number):
            raise BadInput(where, "not a threshold", '"20 %"', repr(text))
        try:
            return Threshold(Fraction(number), unit(name or "x"), str(text))
        except BadInput as error:
            raise BadInput(where, error.what, error.expected, error.found, error.fix) from error

    def tables(entry: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            raise BadInput(at(key), f"{key} is a list of tables", f"[[{key}]]", repr(value)[:60])
        return value

    theses: list[Thesis] = []
    for entry in tables(table, "thesis"):
        identifier = str(entry.get("id", ""))
        if not IDENTIFIER.fullmatch(identifier) or identifier in {thesis.id for thesis in theses}:
            raise BadInput(
                at(identifier or "[[thesis]]"), "a thesis has an id of its own", found=repr(identifier)
            )
        measures = tuple(measure(part) for part in tables(entry, "measures"))
        if not measures:
            raise BadInput(at(identifier), "a thesis has measures", "[[thesis.measures]]")
        exhibits = entry.get("exhibits", [])
        if not isinstance(exhibits, list) or not all(isinstance(name, str) for name in exhibits):
            raise BadInput(
                at("exhibits"), "exhibits is a list of ids", 'exhibits = ["fig01"]', repr(exhibits)
            )
        rated = entry.get("rated", True)
        if not isinstance(rated, bool):
            raise BadInput(at("rated"), "rated is true or false", found=repr(rated)[:60])
        theses.append(Thesis(identifier, words(entry, "title"), measures, tuple(exhibits), rated))
    return tuple(theses)


def judge(thesis: Thesis, known: Snapshot, cards: Cards) -> ThesisResult:
    """How the thesis stands on the snapshot's day, with the quantities that say so."""
    rows: list[tuple[Words, Words, ThesisStatus]] = []
    ids: list[str] = []
    for measure in thesis.measures:
        try:
            quantity = evaluate_quantity(measure.expr, Scope(known, measure.where))
        except NotKnown:
            rows.append((measure.name, Words("不详", "not known"), "unknown"))
            continue
        period = quantity.period
        text = Words(printed(quantity, "zh"), printed(quantity, "en"))
        ids.append(cards.add(quantity, text.of(cards.lang)))
        if period is not None:
            zh, en = (
                ("，其后未收录", ", later ones not in the evidence") if behind(quantity, known) else ("", "")
            )
            text = Words(f"{text.zh}（{period.words('zh')}{zh}）", f"{text.en} ({period.words('en')}{en})")
        status: ThesisStatus = "holds"
        for name, limit in (("weakening", measure.weakens), ("broken", measure.breaks)):
            # The middle of a rounding interval decides; the card shows how far rounding reaches.
            try:
                value = quantity.to(limit.unit).value
            except BadInput as error:
                raise BadInput(
                    measure.where, "the measure and its threshold have different units", limit.text,
                    quantity.unit.name,
                ) from error  # fmt: skip
            if value < limit.value if measure.falls else value > limit.value:
                status = "weakening" if name == "weakening" else "broken"
        rows.append((measure.name, text, status))
    known_statuses = [status for _, _, status in rows if status != "unknown"]
    overall: ThesisStatus = min(known_statuses, key=_ORDER.index) if known_statuses else "unknown"
    return ThesisResult(
        thesis.id,
        thesis.title,
        overall,
        tuple(rows),
        _rule(thesis),
        thesis.exhibits,
        tuple(dict.fromkeys(ids)),
        tuple(_limits(measure) for measure in thesis.measures),
        thesis.rated,
    )


def _limits(measure: Measure) -> tuple[Words, Words]:
    """Where the measure weakens and where it breaks."""
    zh, en = ("低于", "below") if measure.falls else ("高于", "above")
    weakens, breaks = (
        Words(zh + limit.words("zh"), f"{en} {limit.words('en')}")
        for limit in (measure.weakens, measure.breaks)
    )
    return weakens, breaks


def _rule(thesis: Thesis) -> Words:
    zh, en = [], []
    for measure in thesis.measures:
        weakens, breaks = _limits(measure)
        zh.append(f"{measure.name.zh}{weakens.zh}为走弱、{breaks.zh}为被推翻")
        en.append(f"{measure.name.en}: weakens {weakens.en}, breaks {breaks.en}")
    if not thesis.rated:
        zh.append("不计入评级")
        en.append("not in the rating")
    return Words("；".join(zh), "; ".join(en))
