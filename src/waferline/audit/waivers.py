"""This module reads a waiver file: who said on which day, and why, that a finding may stand."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from waferline.errors import BadInput

FIELDS = ("id", "reason", "person", "day")
MAX_BYTES = 5_000_000
_ID = re.compile(r"[0-9a-f]{12}")
_TABLE = re.compile(r"\s*\[\[\s*\"?waiver\"?\s*\]\]\s*(#.*)?")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One finding or remark, by id, that somebody decided to let stand. `where` is its file and line."""

    id: str
    reason: str
    person: str
    day: date
    where: str

    def to_json(self) -> dict[str, str]:
        return {"id": self.id, "reason": self.reason, "person": self.person, "day": self.day.isoformat()}


def read_waivers(path: Path) -> dict[str, Waiver]:
    """The waivers of a TOML file ([[waiver]] tables) or a CSV file (columns id, reason, person, day), by id.

    Every field is required. Raises BadInput naming file and line for a field that is missing, empty or
    unknown, an id that is none, a day that is none, and an id waived twice.
    """
    if path.suffix.lower() not in (".toml", ".csv"):
        raise BadInput(str(path), "a waiver file is TOML or CSV", "a name that ends in .toml or .csv")
    text = _text(path)
    rows = _from_toml(path, text) if path.suffix.lower() == ".toml" else _from_csv(path, text)
    waivers: dict[str, Waiver] = {}
    for where, row in rows:
        waiver = _waiver(where, row)
        if waiver.id in waivers:
            raise BadInput(
                where, f"{waiver.id} is waived twice", "one waiver a finding", waivers[waiver.id].where
            )
        waivers[waiver.id] = waiver
    return waivers


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(str(path), f"the waiver file cannot be read ({error.strerror})") from error
    if len(data) > MAX_BYTES:
        raise BadInput(
            str(path), "the waiver file is too large", f"at most {MAX_BYTES} bytes", str(len(data))
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            str(path), f"the waiver file is not UTF-8 (byte {error.start})", "UTF-8 text"
        ) from error


def _from_csv(path: Path, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if sorted(header) != sorted(FIELDS):
            raise BadInput(f"{path}:1", "wrong columns", ", ".join(FIELDS), ", ".join(header) or "nothing")
        line = reader.line_num + 1
        for cells in reader:
            where, line = f"{path}:{line}", reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise BadInput(where, "wrong number of cells", str(len(header)), str(len(cells)))
            yield where, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise BadInput(f"{path}:{reader.line_num}", f"not valid CSV ({error})") from error


def _from_toml(path: Path, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = f":{found.group(1)}" if found else ""
        raise BadInput(f"{path}{line}", f"not valid TOML ({str(error).split(' (at')[0]})") from error
    tables = data.pop("waiver", [])
    if data or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadInput(
            str(path), "a waiver file holds waivers only", "[[waiver]] tables", ", ".join(data) or None
        )
    lines = [number for number, line in enumerate(text.split("\n"), 1) if _TABLE.fullmatch(line)]
    for number, table in enumerate(tables):
        # a head inside a multi-line text, or tables written inline, would give a wrong line: then none is named
        where = f"{path}:{lines[number]}" if len(lines) == len(tables) else f"{path} (waiver {number + 1})"
        yield where, table


def _waiver(where: str, row: Mapping[str, Any]) -> Waiver:
    unknown = [name for name in row if name not in FIELDS]
    if unknown:
        raise BadInput(where, "unknown field", ", ".join(FIELDS), ", ".join(unknown))
    for name in FIELDS:
        value = row.get(name, "")
        if not isinstance(value, (str, date)) or not str(value).strip():
            raise BadInput(
                where, f"a waiver needs {name}", ", ".join(FIELDS), "nothing" if value == "" else repr(value)
            )
    id = str(row["id"]).strip()
    if not _ID.fullmatch(id):
        raise BadInput(
            where, "not the id of a finding", "twelve of 0-9 and a-f, as the audit prints it", repr(id)
        )
    return Waiver(id, str(row["reason"]).strip(), str(row["person"]).strip(), _day(where, row["day"]), where)


def _day(where: str, value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = str(value).strip()
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadInput(where, "not a day", "YYYY-MM-DD, for instance 2025-03-20", repr(text))
