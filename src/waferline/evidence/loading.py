"""This module reads and checks the CSV files of an evidence folder; complaints name file, line and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from waferline.errors import BadInput
from waferline.evidence import model
from waferline.evidence.availability import known_from
from waferline.evidence.model import FOREVER, Event, Observation, Series, Source
from waferline.evidence.search import near
from waferline.quantity.period import Period
from waferline.quantity.units import convertible, unit

SOURCE_COLUMNS = ("id", "publisher_zh", "publisher_en", "tier", "read_in", "locator", "terms")
SERIES_COLUMNS = (
    "id", "name_zh", "name_en", "unit", "frequency", "kind", "publisher",
    "known_after", "exact", "definition", "definition_zh", "terms",
)  # fmt: skip
OBSERVATION_COLUMNS = (
    "series", "subject", "period", "value", "unit", "by", "edition", "published", "public_by",
    "recorded", "print", "kind", "source", "note",
)  # fmt: skip

EVENT_COLUMNS = ("day", "label_zh", "label_en", "source", "published", "note")

RawRows = Callable[[Path], Iterable[Mapping[str, str]]]
"""Reads raw tables of an evidence folder as rows of the observation columns, with `file` and `line`."""

_DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?")


class Row(NamedTuple):
    """A row as it stands in a file, every cell a string."""

    file: str
    line: int
    cells: Mapping[str, str]

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    def at(self, column: str) -> str:
        return f"{self.file}:{self.line}:{column}"


def read_sources(folder: Path) -> dict[str, Source]:
    """The table `sources.csv`, by id. Refuses an unknown tier and an id given twice."""
    found: dict[str, Source] = {}
    for row in _rows(folder, "sources.csv", SOURCE_COLUMNS):
        _new_id(row, found)
        _one_of(row, "tier", model.TIERS)
        found[row.cells["id"]] = Source(*(row.cells[column] for column in SOURCE_COLUMNS))
    return found


def read_series(folder: Path) -> dict[str, Series]:
    """The table `series.csv`, by id. Refuses unknown units, frequencies and kinds, and an id given twice."""
    found: dict[str, Series] = {}
    for row in _rows(folder, "series.csv", SERIES_COLUMNS):
        cells = row.cells
        _new_id(row, found)
        _one_of(row, "frequency", model.FREQUENCIES)
        _one_of(row, "kind", model.KINDS)
        _check_unit(row)
        if not re.fullmatch(r"[0-9]{1,4}", cells["known_after"]):
            raise BadInput(
                where=row.at("known_after"),
                what="no whole number of days",
                expected="days after the end of the period, 0 or more",
                found=repr(cells["known_after"]),
            )
        found[cells["id"]] = Series(
            id=cells["id"],
            name_zh=cells["name_zh"],
            name_en=cells["name_en"],
            unit=cells["unit"],
            frequency=cells["frequency"],
            kind=cells["kind"],
            publisher=cells["publisher"],
            known_after=int(cells["known_after"]),
            exact=_one_of(row, "exact", ("yes", "no")) == "yes",
            definition=cells["definition"],
            definition_zh=cells["definition_zh"],
            terms=cells["terms"],
        )
    return found


def observation_files(folder: Path) -> tuple[str, ...]:
    """The files of observations, as complaints name them: `observations/*.csv`, but hidden ones."""
    found = (path.name for path in (folder / "observations").glob("*.csv"))
    return tuple(f"observations/{name}" for name in sorted(found) if not name.startswith("."))


def read_events(folder: Path, sources: Mapping[str, Source]) -> tuple[Event, ...]:
    """The table `events.csv`, in the order events became public; none if the file is missing.

    Refuses an unknown source, a missing day or label, and an event public before it happened.
    """
    if not (folder / "events.csv").is_file():
        return ()
    found: list[Event] = []
    for row in _rows(folder, "events.csv", EVENT_COLUMNS):
        if row.cells["source"] not in sources:
            raise _unknown(row, "source", sources, "sources.csv")
        for column in ("day", "label_zh", "label_en", "published"):
            if not row.cells[column]:
                raise BadInput(where=row.at(column), what="an empty cell", expected="a day or a label")
        day, published = _day(row, "day"), _day(row, "published")
        assert day is not None and published is not None  # not empty: checked above
        if published < day:
            raise BadInput(
                where=row.at("published"), what="an event public before it happened", expected=f"{day} or later",
                found=str(published),
            )  # fmt: skip
        labels = row.cells["label_zh"], row.cells["label_en"]
        found.append(Event(day, *labels, row.cells["source"], published, row.cells["note"]))
    return tuple(sorted(found, key=lambda event: (event.published, event.day, event.label_en)))


def read_observations(
    folder: Path, name: str, series: Mapping[str, Series], sources: Collection[str]
) -> list[Observation]:
    """Every row of one file of observations, checked and dated, open-ended."""
    rows = _rows(folder, name, OBSERVATION_COLUMNS, optional=("url",))
    return [_observation(row, series, sources) for row in rows]


def read_raw(
    folder: Path, extra_rows: RawRows, series: Mapping[str, Series], sources: Collection[str]
) -> list[Observation]:
    """The same for all raw tables."""
    return [_observation(_raw(cells), series, sources) for cells in extra_rows(folder)]


def _raw(cells: Mapping[str, str]) -> Row:
    row = Row(cells.get("file", "raw"), int(cells.get("line", "0")), {**cells, "url": cells.get("url", "")})
    missing = [column for column in OBSERVATION_COLUMNS if column not in cells]
    if missing:
        raise BadInput(where=row.where, what="a raw table's row lacks columns", expected=", ".join(missing))
    return row


def _observation(row: Row, series: Mapping[str, Series], sources: Collection[str]) -> Observation:
    cells = row.cells
    about = series.get(cells["series"])
    if about is None:
        raise _unknown(row, "series", series, "series.csv")
    if cells["source"] not in sources:
        raise _unknown(row, "source", sources, "sources.csv")
    period = _period(row)
    if not _DECIMAL.fullmatch(cells["value"]):
        raise BadInput(
            where=row.at("value"),
            what="no decimal number",
            expected="digits as printed, such as 627.6, without thousands separators or qualifiers",
            found=repr(cells["value"]),
            fix="leave the row out where the value is missing" if not cells["value"] else None,
        )
    unit_name = _check_unit(row, about)
    kind = _one_of(row, "kind", model.KINDS) if cells["kind"] else about.kind
    print_ = _one_of(row, "print", model.PRINTS)
    published, public_by, recorded = (_day(row, column) for column in ("published", "public_by", "recorded"))
    for column, day in (("published", published), ("public_by", public_by)):
        if day is not None and recorded is not None and day > recorded:
            raise BadInput(
                where=row.at(column),
                what="a day after the row was recorded",
                expected=f"{recorded} or before",
                found=str(day),
            )
    since, basis = known_from(
        where=row.where,
        series=about,
        period=period,
        kind=kind,
        print_=print_,
        edition=cells["edition"],
        published=published,
        public_by=public_by,
        recorded=recorded,
    )
    return Observation(
        series=about.id,
        subject=cells["subject"],
        period=period,
        literal=cells["value"],
        unit=unit_name,
        by=cells["by"] or about.publisher,
        edition=cells["edition"],
        published=published,
        public_by=public_by,
        recorded=recorded,
        print=print_,
        kind=kind,
        source=cells["source"],
        note=cells["note"],
        url=cells["url"],
        exact=about.exact,
        known_from=since,
        known_to=FOREVER,
        basis=basis,
        file=row.file,
        line=row.line,
    )


def _rows(
    folder: Path, name: str, columns: tuple[str, ...], *, optional: tuple[str, ...] = ()
) -> Iterator[Row]:
    """The rows of one CSV file, with cells for all `columns` and `optional`; blank lines are skipped."""
    try:
        text = (folder / name).read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise BadInput(
            where=name, what="no such file", expected=f"a CSV file with {', '.join(columns)}"
        ) from error
    except OSError as error:
        raise BadInput(where=name, what=f"the file cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadInput(
            where=name, what="not UTF-8", found=f"byte {error.start}", fix="save as UTF-8"
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        _check_header(name, header, columns, optional)
        blank = {name: "" for name in optional if name not in header}
        # A quoted cell may span lines: a row begins on the line after the one before it.
        above = reader.line_num
        for values in reader:
            line, above = above + 1, reader.line_num
            if not values:
                continue
            if len(values) != len(header):
                raise BadInput(
                    where=f"{name}:{reader.line_num}",
                    what="wrong number of cells",
                    expected=str(len(header)),
                    found=str(len(values)),
                    fix='put cells that hold a comma in "quotes"',
                )
            cells = dict(zip(header, values, strict=True))
            yield Row(name, line, cells | blank if blank else cells)
    except csv.Error as error:
        raise BadInput(where=f"{name}:{reader.line_num}", what=f"not CSV ({error})") from error


def _check_header(name: str, header: list[str], columns: tuple[str, ...], optional: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in header]
    if missing:
        raise BadInput(
            where=f"{name}:1",
            what="missing column",
            expected=", ".join(missing),
            found=", ".join(header) if header else "an empty file",
        )
    strange = [column for column in header if column not in columns and column not in optional]
    if strange or len(set(header)) != len(header):
        raise BadInput(
            where=f"{name}:1",
            what="unknown or repeated column",
            expected=", ".join((*columns, *optional)),
            found=", ".join(strange or header),
        )


def _unknown(row: Row, column: str, known: Collection[str], table: str) -> BadInput:
    name = row.cells[column]
    return BadInput(
        where=row.at(column),
        what=f"unknown {column}",
        expected=f"an id of {table}",
        found=repr(name),
        fix=" or ".join(near(name, known)) or None,
    )


def _new_id(row: Row, found: Mapping[str, object]) -> None:
    if not row.cells["id"] or row.cells["id"] in found:
        raise BadInput(
            where=row.at("id"),
            what="an id that is empty or given twice",
            expected="a new id",
            found=repr(row.cells["id"]),
        )


def _one_of(row: Row, column: str, allowed: tuple[str, ...]) -> str:
    value = row.cells[column]
    if value not in allowed:
        raise BadInput(
            where=row.at(column), what="unknown value", expected=" | ".join(allowed), found=repr(value),
            fix=" or ".join(near(value, allowed)) or None,
        )  # fmt: skip
    return value


def _check_unit(row: Row, about: Series | None = None) -> str:
    """The row's unit, or its series' when empty; refuses one of another thing or basis than the series."""
    name = row.cells["unit"] or (about.unit if about else "")
    try:
        measure = unit(name)
    except BadInput as error:
        raise BadInput(
            where=row.at("unit"), what=error.what, expected=error.expected, found=error.found, fix=error.fix
        ) from error
    if about is not None and name != about.unit and not convertible(measure, unit(about.unit)):
        raise BadInput(
            where=row.at("unit"),
            what=f"a unit that {about.id} cannot be told in",
            expected=f"{about.unit} or another scale of it",
            found=name,
        )
    return name


def _period(row: Row) -> Period:
    try:
        return Period.parse(row.cells["period"])
    except BadInput as error:
        raise BadInput(
            where=row.at("period"), what=error.what, expected=error.expected, found=error.found, fix=error.fix
        ) from error


_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


# Thousands of rows share one day: it is read once.
@lru_cache(maxsize=65_536)
def _iso_day(text: str) -> date:
    # fromisoformat alone would also take 20240102 and 2024-W01-1.
    return date.fromisoformat(text if _ISO_DAY.fullmatch(text) else "")


def _day(row: Row, column: str) -> date | None:
    text = row.cells[column]
    if not text:
        return None
    try:
        return _iso_day(text)
    except ValueError as error:
        raise BadInput(
            where=row.at(column), what="no day", expected="such as 2024-01-02", found=repr(text)
        ) from error
