"""This module reads which companies make what: `segments.csv`, each row a dated statement by somebody.

A broker's table is a statement, not a fact: a member that only a report asserts says so (`asserted`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from waferline.errors import BadInput
from waferline.evidence.model import Source

SEGMENT_COLUMNS = (
    "company", "ticker", "country", "segment", "side", "basis", "stated_by", "source", "stated_on", "note",
)  # fmt: skip
SIDES = ("domestic", "foreign")
REPORT = "reference_report"
"""The basis of a row that rests on a broker's table alone."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Somebody says that a company belongs to a segment. `stated_on` None: no day is given, so it is never used."""

    company: str
    company_en: str
    ticker: str
    country: str
    segment: str
    side: str
    basis: str
    stated_by: str
    source: str
    stated_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Member:
    """A company of a segment as known on a day. `asserted`: nobody but a broker's report says so."""

    name_zh: str
    name_en: str
    ticker: str
    asserted: bool
    sources: tuple[str, ...]


def read_segments(folder: Path, sources: Mapping[str, Source]) -> tuple[Statement, ...]:
    """The rows of `segments.csv` in an evidence folder; none if the file is missing.

    English names come from `companies.csv` (by ticker) and `company_names.csv` (by name), else the name as stated.
    Refuses a missing column, an unknown side or source, and a bad day, with file and line.
    """
    path = folder / "segments.csv"
    if not path.is_file():
        return ()
    english = _english(folder)
    found: list[Statement] = []
    for line, cells in _rows(path, SEGMENT_COLUMNS):
        where = f"segments.csv:{line}"
        if cells["side"] not in SIDES:
            raise BadInput(f"{where}:side", "unknown side", ", ".join(SIDES), repr(cells["side"]))
        if cells["source"] not in sources:
            raise BadInput(f"{where}:source", "unknown source", "an id of sources.csv", repr(cells["source"]))
        found.append(
            Statement(
                cells["company"],
                english.get(cells["ticker"]) or english.get(cells["company"]) or cells["company"],
                cells["ticker"],
                cells["country"],
                cells["segment"],
                cells["side"],
                cells["basis"],
                cells["stated_by"],
                cells["source"],
                _day(cells["stated_on"], f"{where}:stated_on"),
                cells["note"],
            )
        )
    return tuple(found)


def members(statements: tuple[Statement, ...], segment: str, side: str, day: date) -> tuple[Member, ...]:
    """The companies of a segment that somebody had named by the day, in the order of the file.

    >>> one = Statement("中微公司", "AMEC", "688012.SH", "CN", "etch", "domestic", REPORT, "X", "x", date(2025, 3, 20), "")
    >>> [member.name_en for member in members((one,), "etch", "domestic", date(2025, 3, 20))]
    ['AMEC']
    >>> members((one,), "etch", "domestic", date(2025, 3, 19))
    ()
    """
    by_company: dict[str, list[Statement]] = {}
    for row in statements:
        if row.segment == segment and row.side == side and row.stated_on and row.stated_on <= day:
            by_company.setdefault(row.company, []).append(row)
    return tuple(
        Member(
            rows[0].company,
            rows[0].company_en,
            rows[0].ticker,
            all(row.basis == REPORT for row in rows),
            tuple(dict.fromkeys(row.source for row in rows)),
        )
        for rows in by_company.values()
    )


def _english(folder: Path) -> dict[str, str]:
    """English names, by ticker and by Chinese name."""
    found: dict[str, str] = {}
    for name, key in (("companies.csv", "ticker"), ("company_names.csv", "company")):
        if (folder / name).is_file():
            for _, cells in _rows(folder / name, (key, "name_en")):
                if cells[key] and cells["name_en"]:
                    found[cells[key]] = cells["name_en"]
    return found


def _rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(path.name, "not UTF-8", found=f"byte {error.start}", fix="save as UTF-8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise BadInput(path.name, "a column is missing", ", ".join(missing))
        found: list[tuple[int, dict[str, str]]] = []
        for cells in reader:
            if None in cells or None in cells.values():
                raise BadInput(f"{path.name}:{reader.line_num}", "a row has too many or too few cells")
            found.append((reader.line_num, cells))
    except csv.Error as error:
        raise BadInput(f"{path.name}:{reader.line_num}", f"not CSV ({error})") from error
    return found


def _day(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(where, "not a day", "2025-03-20", repr(text)) from error
