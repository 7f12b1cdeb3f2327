"""This module reads the tables of things that models are asked about: architectures, chips, devices."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from waferline.errors import BadInput, NotKnown
from waferline.evidence.files import read_text
from waferline.models.model import RecordKind
from waferline.models.settings import LARGEST, factor, number_in

_HEAD = re.compile(r"([a-z][a-z0-9_]*)(?: \[(.+)\])?")
_OWN = ("name", "aliases", "public", "source", "url", "note")


@dataclass(frozen=True, slots=True)
class Record:
    """One row: numbers in the units of its kind, words, and where they were read.

    `public` is the day it became known, None if the table does not say.
    """

    name: str
    aliases: tuple[str, ...]
    numbers: Mapping[str, float]
    words: Mapping[str, str]
    source: str
    url: str
    public: date | None
    where: str


def read_records(root: Path, kind: RecordKind) -> tuple[Record, ...]:
    """The rows of a kind's table under a study's folder.

    The head names each field and its unit, `memory [GB]`; beside them stand name, aliases (parted by |), public, source,
    url, note. Raises BadInput with file, line and column.
    """
    return _parsed(read_text(root, kind.file), kind)


@lru_cache(maxsize=16)
def _parsed(text: str, kind: RecordKind) -> tuple[Record, ...]:
    """The same text gives the same rows: a matrix of models and devices asks for a table hundreds of times."""
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        head = next(rows, [])
        scales = _scales(kind, head)
        found = [_record(kind, head, scales, row, f"{kind.file}:{rows.line_num}") for row in rows if any(row)]
    except csv.Error as error:
        raise BadInput(f"{kind.file}:{rows.line_num}", f"not valid CSV ({error})") from error
    names: dict[str, str] = {}
    for record in found:
        for name in (record.name, *record.aliases):
            if _key(name) in names:
                raise BadInput(record.where, f"two rows are called {name!r}", found=names[_key(name)])
            names[_key(name)] = record.where
        if not record.source:
            raise BadInput(record.where, "a row has a source", "where it was read")
    return tuple(found)


def record_named(
    records: tuple[Record, ...], name: str, kind: RecordKind, where: str, day: date | None
) -> Record:
    """The record of that name or alias, whatever its case and hyphens; refuses an unknown one with the near misses.

    Raises NotKnown where it became public after `day`.
    """
    record = _called(records, name, kind)
    if record is not None:
        if day is not None and record.public is not None and record.public > day:
            raise NotKnown(
                where, f"{record.name} was not known on {day}", found=f"public from {record.public}"
            )
        return record
    keys = {_key(each): record.name for record in records for each in (record.name, *record.aliases)}
    near = dict.fromkeys(keys[key] for key in get_close_matches(_key(name), keys, n=4, cutoff=0.5))
    raise BadInput(
        where, f"unknown {kind.name}", f"a row of {kind.file}", repr(name)[:60], fix=" or ".join(near) or None
    )


def _called(records: tuple[Record, ...], name: str, kind: RecordKind) -> Record | None:
    """The record of that name; else with its maker or an account before it (`NVIDIA H100`, `org/MODEL`), or with a word of
    the kind's `variants` after it."""
    keys = {_key(each): record for record in records for each in (record.name, *record.aliases)}
    makers = {_key(record.words["maker"]) for record in records if "maker" in record.words}
    asked = [_key(name), _key(name.rpartition("/")[2])]
    for key in asked:
        if key in keys:
            return keys[key]
        for maker in makers:
            short = key.removeprefix(maker)
            if short in keys and _key(keys[short].words.get("maker", "")) == maker:
                return keys[short]
    key = asked[-1]
    while shorter := next((key[: -len(end)] for end in kind.variants if key.endswith(end)), ""):
        key = shorter
        if key in keys:
            return keys[key]
    return None


def _key(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()


def _scales(kind: RecordKind, head: list[str]) -> list[float]:
    fields = {each.name: each for each in kind.fields}
    scales = []
    for title in head:
        match = _HEAD.fullmatch(title.strip())
        name = match[1] if match else title
        where = f"{kind.file}:1, column {title!r}"
        if name in fields and match:
            scales.append(factor(fields[name], match[2], where) if match[2] else 1.0)
        elif name in (*_OWN, *kind.words):
            scales.append(1.0)
        else:
            expected = ", ".join((*_OWN[:2], *kind.words, *fields))
            raise BadInput(where, "unknown column", expected)
    twice = [
        name for name, count in Counter(title.split(" [")[0].strip() for title in head).items() if count > 1
    ]
    if twice:
        raise BadInput(f"{kind.file}:1", "two columns have one name", found=twice[0])
    if "name" not in head or "source" not in head:
        raise BadInput(f"{kind.file}:1", "a column is missing", "name and source")
    return scales


def _record(kind: RecordKind, head: list[str], scales: list[float], row: list[str], where: str) -> Record:
    if len(row) != len(head):
        raise BadInput(
            where, "the row has another number of cells than the head", str(len(head)), str(len(row))
        )
    fields = {each.name: each for each in kind.fields}
    numbers: dict[str, float] = {}
    words: dict[str, str] = {}
    for title, scale, cell in zip(head, scales, row, strict=True):
        name = title.split(" [")[0].strip()
        if not cell.strip():
            continue
        if name not in fields:
            words[name] = cell.strip()
            continue
        about = fields[name]
        value = number_in(cell, f"{where}, column {name}") * scale
        if not about.low <= value <= min(about.high, LARGEST) or (about.whole and value != round(value)):
            expected = f"{'a whole number, ' if about.whole else ''}from {about.low:g} to {about.high:g} {about.unit}"
            raise BadInput(f"{where}, column {name}", "the value is out of range", expected, cell)
        numbers[name] = value
    if "name" not in words:
        raise BadInput(where, "the row has no name")
    own = {key: words.pop(key, "") for key in _OWN}
    aliases = tuple(part.strip() for part in own["aliases"].split("|") if part.strip())
    return Record(
        own["name"], aliases, numbers, words, own["source"], own["url"], _day(own["public"], where), where
    )


def _day(text: str, where: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{where}, column public", "not a day", "YYYY-MM-DD", repr(text)) from error
