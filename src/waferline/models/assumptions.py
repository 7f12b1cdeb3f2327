"""This module puts together what a model is run on: the user's settings, a scenario, the study's assumptions, records."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from waferline.errors import BadInput, NotKnown
from waferline.evidence.files import IDENTIFIER, read_text, read_toml
from waferline.evidence.snapshot import Snapshot
from waferline.models.distributions import Distribution, point
from waferline.models.evidenced import from_evidence
from waferline.models.model import Array, Choice, Input, Model
from waferline.models.records import Record, read_records, record_named
from waferline.models.settings import read_setting
from waferline.quantity.quantity import Quantity
from waferline.quantity.relations.base import Phrase

_ABOUT = ("source", "url", "note", "group", "fitted", "when", "if_known", "public")
Known = Callable[[], Snapshot]


@dataclass(frozen=True)
class Assumption:
    """One input as the run uses it, in the input's unit, and who says so.

    Inputs of one `group` move together: one probability is drawn for all of them. `quantities` are the observations
    behind it, if it was read in the evidence.
    """

    name: str
    value: Distribution | Array | str
    source: str
    url: str = ""
    note: str = ""
    group: str = ""
    quantities: tuple[Quantity, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """Named replacements of inputs, and who says so where it is not the study itself."""

    name: str
    title: Phrase
    settings: Mapping[str, Any]
    source: str = ""


@dataclass(frozen=True)
class Assumptions:
    """What the study says about one model: `models/NAME.toml`, all of it optional."""

    file: str
    records: Mapping[str, str]
    choices: Mapping[str, str]
    inputs: Mapping[str, Mapping[str, Any]]
    scenarios: Mapping[str, Scenario]


NONE = Assumptions("", {}, {}, {}, {})


def read_assumptions(root: Path, model: Model) -> Assumptions:
    """The study's assumptions for a model; none where it has no such file. Raises BadInput at the first fault."""
    file = f"models/{model.name}.toml"
    if not os.path.lexists(root / file):
        return NONE
    table = _table(root, file, read_text(root, file))
    parts = ("records", "choices", "inputs", "scenarios")
    unknown = sorted(set(table) - set(parts))
    if unknown:
        raise BadInput(file, "unknown table", ", ".join(parts), ", ".join(unknown)[:60])
    for part in parts:
        if not isinstance(table.get(part, {}), dict):
            raise BadInput(file, f"{part} is a table", f"[{part}]")
    records, choices, inputs = (table.get(part, {}) for part in parts[:3])
    _only_known(records, model.records, file, "record")
    _only_known(choices, model.choices(), file, "choice")
    _only_known(inputs, model.numbers(), file, "input")
    for name, entry in inputs.items():
        _sourced(file, name, entry)
        for case in entry.get("when", ()):
            _refuse_senseless(model, case["if"], f"{file}, inputs.{name}, if")
    scenarios = {
        name: _scenario(file, model, name, entry) for name, entry in table.get("scenarios", {}).items()
    }
    return Assumptions(
        file,
        {k: str(v) for k, v in records.items()},
        {k: str(v) for k, v in choices.items()},
        inputs,
        scenarios,
    )


def fitted_constants(study: Assumptions) -> tuple[tuple[str, str], ...]:
    """Every assumption that was set on published results, with the rows it was set on: its `fitted` says so."""
    found = []
    for name, entry in study.inputs.items():
        for case in (entry, *entry.get("when", ())):
            if "fitted" in case:
                words = ", ".join(f"{key}={value}" for key, value in case.get("if", {}).items())
                found.append((f"{name} ({words})" if words else name, str(case["fitted"])))
    return tuple(found)


@lru_cache(maxsize=64)
def _table(root: Path, file: str, text: str) -> Mapping[str, Any]:
    """The file parsed once for each text of it; nothing changes the table."""
    return read_toml(root, file)


def resolve(
    model: Model,
    root: Path | None,
    settings: Mapping[str, Any],
    *,
    where: str,
    scenario: str | None = None,
    known: Known | None = None,
    complete: bool = True,
) -> dict[str, Assumption]:
    """Every input of the model with its value and source.

    A setting of the user wins over the scenario, that over the row of a record, that over the study's assumption, that
    over the model's own default. A record is set by its name (`chip=H800`), one field of it by `chip.memory=80 GB`.
    Raises BadInput for unknown names (with the near misses) and, if the run is to be `complete`, for a missing input.
    """
    study = read_assumptions(root, model) if root is not None else NONE
    chosen = dict(_of_scenario(model, study, scenario)) | dict(settings)
    numbers, choices = model.numbers(), model.choices()
    names = (*model.records, *choices, *numbers)
    for name in chosen:
        if name not in names:
            near = get_close_matches(name, names, n=3)
            raise BadInput(
                f"{where}{name}", f"the model {model.name} has no such input",
                ", ".join(near) or ", ".join(names[:12]), fix=f"waferline model show {model.name}",
            )  # fmt: skip
    found: dict[str, Assumption] = {}
    for name, choice in choices.items():
        found[name] = _chosen_word(choice, chosen, study, where)
    words: dict[str, str] = {name: str(each.value) for name, each in found.items()}
    day = known().day if known is not None and model.records else None
    for role, kind in model.records.items():
        named = chosen.get(role, study.records.get(role))
        if named is None:
            continue
        if root is None:
            raise BadInput(
                f"{where}{role}", "there is no study to find it in", fix="--study with a study's folder"
            )
        place = f"{where}{role}" if role in chosen else f"{study.file}, records.{role}"
        record = record_named(read_records(root, kind), str(named), kind, place, day)
        words |= {role: record.name} | {f"{role}.{key}": text for key, text in record.words.items()}
        found |= _of_record(role, record)
    by = f"scenario {scenario}"
    if scenario is not None and study.scenarios[scenario].source:
        by = study.scenarios[scenario].source
    for name, about in numbers.items():
        if name in chosen:
            told = "the user" if name in settings else by
            given = _set(about, name, chosen[name], f"{where}{name}", told, known)
            # What moves with what is the study's view of the world, whatever the scenario makes of the numbers.
            group = "" if name in settings else str(study.inputs.get(name, {}).get("group", ""))
            found[name] = replace(given, group=group)
        elif name not in found:
            assumed = _assumed(about, name, study, words, known)
            if assumed is not None:
                found[name] = assumed
    if complete:
        _complete(model, found, where, () if scenario else tuple(study.scenarios))
    return found


def _set(about: Input, name: str, given: Any, place: str, by: str, known: Known | None) -> Assumption:
    """An input as the user or a scenario sets it; a table with `series` is read in the evidence."""
    if isinstance(given, Mapping) and ("series" in given or "items" in given):
        if known is None:
            raise BadInput(place, "the input is read in the evidence", "a day to read it on")
        value, quantities = from_evidence(about, given, known(), place)
        return Assumption(name, value, "evidence", quantities=quantities)
    return Assumption(name, read_setting(about, given, place), by)


def _complete(
    model: Model, found: Mapping[str, Assumption], where: str, scenarios: tuple[str, ...] = ()
) -> None:
    for each in model.inputs:
        if isinstance(each, Input) and each.name not in found and not each.optional:
            raise BadInput(
                f"{where}{each.name}", f"the model {model.name} needs this input",
                f"{each.title.en} in {each.unit or 'x'}", fix=" or ".join([f"--set {each.name}=…", *(f"scenario {name}" for name in scenarios[:3])]),
            )  # fmt: skip


def _chosen_word(choice: Choice, chosen: Mapping[str, Any], study: Assumptions, where: str) -> Assumption:
    name, given, by = choice.name, choice.options[0], "the model's default"
    if name in chosen:
        told = chosen[name]
        given, by = (("yes" if told else "no") if isinstance(told, bool) else str(told)), "the user"
    elif name in study.choices:
        given, by = study.choices[name], study.file
    meant = choice.meant(given)
    if meant is None:
        place = f"{where}{name}" if name in chosen else f"{study.file}, choices.{name}"
        raise BadInput(place, "unknown choice", ", ".join(choice.options), given[:60])
    return Assumption(name, meant, by)


def _of_record(role: str, record: Record) -> dict[str, Assumption]:
    found = {
        f"{role}.{key}": Assumption(f"{role}.{key}", point(value), record.source, record.url)
        for key, value in record.numbers.items()
    }
    for key, text in record.words.items():
        found[f"{role}.{key}"] = Assumption(f"{role}.{key}", text, record.source, record.url)
    found[role] = Assumption(role, record.name, record.source, record.url)
    return found


def _assumed(
    about: Input, name: str, study: Assumptions, words: Mapping[str, str], known: Known | None
) -> Assumption | None:
    entry = study.inputs.get(name)
    if entry is not None:
        entry = _matching(entry, words, lambda public: _is_public(public, known))
    if entry is None:
        if about.default is None:
            return None
        value = point(about.default)
        return Assumption(name, np.asarray([about.default]) if about.many else value, "the model's default")
    place = f"{study.file}, inputs.{name}"
    source, url, note, group = (str(entry.get(key, "")) for key in ("source", "url", "note", "group"))
    given = {key: value for key, value in entry.items() if key not in _ABOUT}
    if "series" in given or "items" in given:
        if known is None:
            raise BadInput(place, "the input is read in the evidence", "a day to read it on")
        try:
            read, quantities = from_evidence(about, given, known(), place)
        except NotKnown:
            # The study says that the model can do without: an optional input, absent before it was published.
            if about.optional and entry.get("if_known") is True:
                return None
            raise
        return Assumption(name, read, source or "evidence", url, note, group, quantities)
    return Assumption(name, read_setting(about, given, place), source, url, note, group)


def _is_public(public: Any, known: Known | None) -> bool:
    """Whether what an assumption rests on was public on the day; without a day, or a date of its own, it is."""
    return public is None or known is None or bool(public <= known().day)


def _matching(
    entry: Mapping[str, Any], words: Mapping[str, str], is_public: Callable[[Any], bool]
) -> Mapping[str, Any] | None:
    """The first `when` whose words are those of the run, else the entry itself; None if it says nothing in general.

    What rests on something that was not public on the day is passed over: an earlier, wider assumption may follow it.
    """
    common = {key: value for key, value in entry.items() if key != "when"}
    for case in entry.get("when", ()):
        conditions = case["if"]
        if not is_public(case.get("public")):
            continue
        if all(_same(words.get(key), value) for key, value in conditions.items()):
            told = {key: value for key, value in common.items() if key in _ABOUT}
            return told | {key: value for key, value in case.items() if key != "if"}
    has_value = any(key in common for key in ("value", "values", "low", "series", "items"))
    return common if has_value and is_public(common.get("public")) else None


def _same(word: str | None, wanted: Any) -> bool:
    options = wanted if isinstance(wanted, list) else [wanted]
    return word is not None and word in options


def _sourced(file: str, name: str, entry: Any) -> None:
    if not isinstance(entry, dict):
        raise BadInput(
            f"{file}, inputs.{name}", "an input is a table", f'{name} = {{ value = "1", source = "…" }}'
        )
    cases = entry.get("when", [])
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise BadInput(f"{file}, inputs.{name}", "when is a list of tables", f"[[inputs.{name}.when]]")
    for case in cases:
        if not isinstance(case.get("if"), dict) or not case["if"]:
            raise BadInput(
                f"{file}, inputs.{name}", "each when says for which words", 'if = { precision = "fp8" }'
            )
    alone = any(key in entry for key in ("value", "values", "low")) or not cases
    for each in ([entry] if alone else []) + cases:
        if type(each.get("public", date.min)) is not date:
            raise BadInput(
                f"{file}, inputs.{name}",
                "public is a day",
                "public = 2025-05-14, without quotes",
                repr(each["public"])[:60],
            )
        for key in ("source", "url", "note", "group"):
            if not isinstance(each.get(key, ""), str):
                raise BadInput(f"{file}, inputs.{name}", f"{key} is a text", found=repr(each[key])[:60])
        if not (each.get("source") or entry.get("source") or "series" in each):
            raise BadInput(f"{file}, inputs.{name}", "an input has a source", 'source = "who says so"')


def _refuse_senseless(model: Model, conditions: Mapping[str, Any], where: str) -> None:
    """Refuses conditions that could never hold: a misspelt one would be passed over without a word."""
    words: dict[str, tuple[str, ...]] = {name: each.options for name, each in model.choices().items()}
    for role, kind in model.records.items():
        words |= dict.fromkeys((role, *(f"{role}.{word}" for word in kind.words)), ())
    _only_known(conditions, words, where, "word")
    for name, value in conditions.items():
        for each in value if isinstance(value, list) else [value]:
            if not isinstance(each, str):
                raise BadInput(where, f"{name} is a word or a list of words", found=repr(each)[:60])
            if words[name] and each not in words[name]:
                raise BadInput(where, f"unknown choice of {name}", ", ".join(words[name]), each[:60])


def _scenario(file: str, model: Model, name: str, entry: Any) -> Scenario:
    where = f"{file}, scenarios.{name}"
    if not IDENTIFIER.fullmatch(name) or not isinstance(entry, dict):
        raise BadInput(where, "a scenario is a table with an id", "[scenarios.bull]")
    title = entry.get("title")
    if not isinstance(title, dict) or set(title) != {"zh", "en"}:
        raise BadInput(where, "a scenario has a title in both languages", 'title = { zh = "…", en = "…" }')
    settings = entry.get("set", {})
    if not isinstance(settings, dict):
        raise BadInput(where, "set is a table of inputs", f"[scenarios.{name}.set]")
    _only_known(settings, (*model.records, *model.choices(), *model.numbers()), where, "input")
    return Scenario(name, Phrase(str(title["zh"]), str(title["en"])), settings, str(entry.get("source", "")))


def _of_scenario(model: Model, study: Assumptions, scenario: str | None) -> Mapping[str, Any]:
    if scenario is None:
        return {}
    if scenario not in study.scenarios:
        there = ", ".join(study.scenarios) or "none in this study"
        raise BadInput("--scenario", f"the model {model.name} has no such scenario", there, scenario[:60])
    return study.scenarios[scenario].settings


def _only_known(table: Mapping[str, Any], names: Any, where: str, what: str) -> None:
    for name in table:
        if name not in names:
            near = get_close_matches(name, names, n=3)
            raise BadInput(
                where, f"unknown {what}", " or ".join(near) or ", ".join(list(names)[:12]), name[:60]
            )
