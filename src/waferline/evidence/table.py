"""This module holds the evidence as one Parquet table and answers "what was known on that day" with DuckDB.

`known_from` and `known_to` are columns, so the answer is one pass with two comparisons, without sorting. The
table is joined from parts, one a file, whose rows have their `known_from` and no end yet.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waferline.evidence.availability import refuse_ties
from waferline.evidence.model import FOREVER, UNDATED, Observation
from waferline.quantity.period import Period

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

FILE = "observations.parquet"
_TEXT = (
    "series", "subject", "period", "literal", "unit", "by", "edition", "print", "kind", "source", "note",
    "url", "basis", "file",
)  # fmt: skip
_DAYS = ("start", "end", "published", "public_by", "recorded", "known_from", "known_to")
AS_OF_COLUMNS = (
    "series", "subject", "period", "start", "end", "value", "literal", "unit", "by", "edition", "published",
    "known_from", "basis", "kind", "source", "url",
)  # fmt: skip
_READ = (
    "series", "subject", "start", "end", "literal", "unit", "by", "edition", "published", "public_by",
    "recorded", "print", "kind", "source", "note", "url", "exact", "known_from", "known_to", "basis", "file",
    "line",
)  # fmt: skip
# The rows that replace one another: one house's figure for one series, subject and period.
_CHAIN = 'series, subject, start, "end", "by"'
# The order of the store; by content before place, so that no answer depends on the order of the files.
# On one day a more precise literal stands later, and so is the one read.
_ORDER = f"{_CHAIN}, known_from, edition, length(literal), literal, source, file, line"
# A row that repeats the former value ends it too, so a figure amended and later amended back is found. Rival
# houses never end each other; nor do two editions known on one day. An undated row ends no dated one: the day it was
# written down does not say that its house spoke later; where a dated row stands already, it never was the newest.
_DATED = f"min(known_from) FILTER (WHERE basis <> '{UNDATED}')"
_JOINED = f"""
SELECT * REPLACE (
    CASE WHEN basis = '{UNDATED}'
    THEN greatest(known_from, coalesce({_DATED} OVER (PARTITION BY {_CHAIN}), DATE '{FOREVER}'))
    ELSE coalesce(
        {_DATED} OVER (
            PARTITION BY {_CHAIN} ORDER BY known_from
            RANGE BETWEEN INTERVAL 1 DAY FOLLOWING AND UNBOUNDED FOLLOWING
        ),
        DATE '{FOREVER}'
    )
    END AS known_to,
    row_number() OVER (ORDER BY {_ORDER}) - 1 AS place
)
FROM parts
"""
_ONE_EDITION_ONE_DAY = f"{_CHAIN}, known_from, edition"
# Above this size the table is read from the file at every question instead of being held in memory.
_HELD_BYTES = 64 * 1024 * 1024


def part(rows: Sequence[Observation]) -> pa.Table:
    """The rows of one file as an Arrow table with the declared columns, also for no rows."""
    import pyarrow as pa

    columns: dict[str, Any] = {
        name: pa.array(list(map(attrgetter(name), rows)), pa.string()) for name in _TEXT if name != "period"
    }
    columns["period"] = pa.array([str(row.period) for row in rows], pa.string())
    for name in _DAYS:
        of = attrgetter(f"period.{name}" if name in ("start", "end") else name)
        columns[name] = pa.array(list(map(of, rows)), pa.date32())
    columns["value"] = pa.array([float(row.literal) for row in rows], pa.float64())
    columns["exact"] = pa.array([row.exact for row in rows], pa.bool_())
    columns["line"] = pa.array([row.line for row in rows], pa.int32())
    columns["place"] = pa.array(range(len(rows)), pa.int64())
    return pa.table(columns)


def write_part(rows: pa.Table, folder: Path) -> None:
    """Write a part into `folder` as FILE; an OSError when the disk does not take it."""
    import duckdb

    with duckdb.connect() as connection:
        connection.register("handed_over", rows)
        _write(connection, "handed_over", folder / FILE)


def _write(connection: duckdb.DuckDBPyConnection, relation: str, file: Path) -> None:
    import duckdb

    try:
        copy_to(connection, f"SELECT * FROM {relation} ORDER BY place", file)
    except duckdb.IOException as error:
        raise OSError(str(error)) from error


def copy_to(connection: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    """Write the rows of `query`, in its order, in the form in which a store is read fastest."""
    # Measured with benchmarks/snapshot.py: zstd doubles the time of a snapshot to save a quarter of the space.
    options = "FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 131072"
    connection.execute(f"COPY ({query}) TO {quoted(file)} ({options})")


def quoted(file: Path) -> str:
    """The path as a text of SQL."""
    return "'" + str(file).replace("'", "''") + "'"


class Table:
    """The rows of the store, in memory or in their file; one table serves many threads.

    `rows(ids)` gives observations of some series; `as_of(day)` an Arrow table of all that was known.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._lock = threading.Lock()
        self._connection = connection

    @staticmethod
    def stored(folder: Path) -> Table:
        """The table that was written into `folder`; an OSError when it is not there."""
        import duckdb

        file = folder / FILE
        held = "TABLE" if file.stat().st_size <= _HELD_BYTES else "VIEW"
        connection = duckdb.connect()
        connection.execute(f"CREATE {held} observations AS SELECT * FROM read_parquet({quoted(file)})")
        return Table(connection)

    @staticmethod
    def of(parts: Sequence[Path | pa.Table]) -> Table:
        """The rows of all parts, folders or Arrow tables, in the order of the store, each with its `known_to`.

        That is the day on which the next row of its house was known. Refuses two values of one house and edition
        that became known on one day.
        """
        import duckdb

        connection = duckdb.connect()
        selects = []
        # The empty part gives the columns where there is no other.
        for number, entry in enumerate((*parts, part([]))):
            if isinstance(entry, Path):
                selects.append(f"SELECT * FROM read_parquet({quoted(entry / FILE)})")
            else:
                connection.register(f"part_{number}", entry)
                selects.append(f"SELECT * FROM part_{number}")
        connection.execute(
            f"CREATE TABLE observations AS WITH parts AS ({' UNION ALL BY NAME '.join(selects)}) {_JOINED}"
        )
        table = Table(connection)
        refuse_ties(table._tied())
        return table

    def write(self, folder: Path) -> None:
        """Write all rows into `folder` as FILE; an OSError when the disk does not take it."""
        with self._lock:
            _write(self._connection, "observations", folder / FILE)

    def rows(self, ids: Iterable[str]) -> list[Observation]:
        """The observations of these series in the order of the store."""
        wanted: list[object] = list(ids)
        columns = ", ".join(f'"{name}"' for name in _READ)
        marks = ", ".join("?" for _ in wanted) or "NULL"
        found = self._all(
            f"SELECT {columns} FROM observations WHERE series IN ({marks}) ORDER BY place", wanted
        )
        return [_observation(cells) for cells in found]

    def every_row(self) -> list[Observation]:
        """All observations in the order of the store."""
        columns = ", ".join(f'"{name}"' for name in _READ)
        return [
            _observation(cells)
            for cells in self._all(f"SELECT {columns} FROM observations ORDER BY place", [])
        ]

    def _tied(self) -> list[Observation]:
        """Rows of one house and edition that became known on one day and are not written alike."""
        columns = ", ".join(f'"{name}"' for name in _READ)
        several = f"GROUP BY {_ONE_EDITION_ONE_DAY} HAVING count(DISTINCT (literal, unit)) > 1"
        found = self._all(
            f"SELECT {columns} FROM observations WHERE ({_ONE_EDITION_ONE_DAY}) IN "
            f"(SELECT ({_ONE_EDITION_ONE_DAY}) FROM observations {several}) ORDER BY place",
            [],
        )
        return [_observation(cells) for cells in found]

    def bounds(self) -> tuple[date | None, date | None]:
        """The first day on which anything was known, and the newest on which a realised row became known."""
        (cells,) = self._all(
            "SELECT min(known_from), max(known_from) FILTER (WHERE kind = 'realised') FROM observations", []
        )
        return cells[0], cells[1]

    def as_of(self, day: date) -> pa.Table:
        """Every newest row known on the day, as an Arrow table with the columns AS_OF_COLUMNS."""
        with self._lock:
            return as_of_query(self._connection, "observations", day, AS_OF_COLUMNS)

    def _all(self, query: str, parameters: list[object]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, parameters).fetchall()


def as_of_query(
    connection: duckdb.DuckDBPyConnection, relation: str, day: date, columns: Sequence[str]
) -> pa.Table:
    """The rows of `relation` with known_from <= day < known_to, as an Arrow table."""
    named = ", ".join(f'"{name}"' for name in columns)
    query = f"SELECT {named} FROM {relation} WHERE known_from <= $day AND known_to > $day"
    return connection.sql(query, params={"day": day}).to_arrow_table()


def _observation(cells: tuple[Any, ...]) -> Observation:
    series, subject, start, end, literal, unit, by, edition, *rest = cells
    return Observation(series, subject, Period(start, end), literal, unit, by, edition, *rest)
