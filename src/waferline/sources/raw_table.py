"""This module reads one raw CSV table row by row and says what it left out and why."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from waferline.errors import BadInput

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Listing:
    """One line of `raw/tables.csv`: a raw file, its layout, whose figures they are and when they were written down.

    `known_from` is the day of a table whose rows carry no day of their own (Chinchilla's points); else empty.
    """

    path: Path
    layout: str
    source: str
    recorded: str
    known_from: str

    @property
    def file(self) -> str:
        """The file as the evidence names it, `raw/…`."""
        return f"raw/{self.path.name}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cell or row that is not evidence: where, and the reason."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found: rows of the observations schema (with `file` and `line`), and what it left out."""

    rows: tuple[Mapping[str, str], ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a raw table and the series it becomes, with the unit of its numbers as they stand."""

    name: str
    series: str
    unit: str


def lines(path: Path, needed: Iterable[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of a CSV file with the line each begins on; cells are stripped of surrounding blanks.

    Refuses a file that is not there, not UTF-8 or lacks a needed column.
    """
    file = f"raw/{path.name}"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise BadInput(
            where=file, what="no such file", expected="the raw table named in raw/tables.csv"
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput(
            where=file, what="not UTF-8", found=f"byte {error.start}", fix="save as UTF-8"
        ) from error
    reader = csv.DictReader(text.splitlines(keepends=True))
    try:
        header = list(reader.fieldnames or [])
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise BadInput(where=f"{file}:{reader.line_num}", what=f"not CSV ({error})") from error
    missing = [name for name in needed if name not in header]
    if missing:
        raise BadInput(
            where=f"{file}:1", what="missing column", expected=", ".join(missing), found=", ".join(header)
        )
    end = 1
    for last, row in rows:
        start, end = end + 1, last
        yield start, {name: (value or "").strip() for name, value in row.items() if name is not None}


def numbers(
    listing: Listing,
    columns: Sequence[Column],
    *,
    subject: str,
    day: str,
    line: int,
    cells: Mapping[str, str],
    published: str = "",
    note: str = "",
    url: str = "",
) -> Iterator[Mapping[str, str] | LeftOut]:
    """One row of the schema for each column that holds a number; the literal stays as it stands in the file.

    Cells that are empty or hold several numbers are left out; text where a number belongs is refused.
    """
    for column in columns:
        value = cells[column.name]
        if not value:
            yield LeftOut(listing.file, line, f"no value in {column.name!r}")
        elif "," in value and all(_NUMBER.fullmatch(part) for part in value.split(",")):
            yield LeftOut(listing.file, line, f"several values in {column.name!r}")
        elif not _NUMBER.fullmatch(value):
            raise BadInput(
                where=f"{listing.file}:{line}:{column.name}",
                what="no number",
                expected="digits",
                found=repr(value),
            )
        else:
            yield {
                "series": column.series, "subject": subject, "period": day, "value": value, "unit": column.unit,
                "by": "", "edition": "", "published": published, "public_by": "", "recorded": listing.recorded,
                "print": "first", "kind": "", "source": listing.source, "note": note, "url": url,
                "file": listing.file, "line": str(line),
            }  # fmt: skip


def reading(found: Iterable[Mapping[str, str] | LeftOut]) -> Reading:
    """Sorts what a reader yields into rows and left-out cells, in the order of the file."""
    everything = tuple(found)
    return Reading(
        rows=tuple(item for item in everything if not isinstance(item, LeftOut)),
        left_out=tuple(item for item in everything if isinstance(item, LeftOut)),
    )
