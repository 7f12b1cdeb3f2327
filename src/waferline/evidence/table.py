"""This module holds the evidence as one Parquet table and answers "what was known on that day" with DuckDB.

`known_from` and `known_to` are columns, so the answer is one pass with two comparisons, without sorting.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waferline.evidence.model import Observation
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
# Above this size the table is read from the file at every question instead of being held in memory.
_HELD_BYTES = 64 * 1024 * 1024


def arrow_table(rows: Sequence[Observation]) -> pa.Table:
    """The rows as an Arrow table with the declared columns, also for no rows."""
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for name in _TEXT:
        values = (
            [str(row.period) for row in rows] if name == "period" else [getattr(row, name) for row in rows]
        )
        columns[name] = pa.array(values, pa.string())
    for name in _DAYS:
        of = (lambda row, name=name: getattr(row.period, name)) if name in ("start", "end") else None
        days = [of(row) if of else getattr(row, name) for row in rows]
        columns[name] = pa.array(days, pa.date32())
    columns["value"] = pa.array([float(row.literal) for row in rows], pa.float64())
    columns["exact"] = pa.array([row.exact for row in rows], pa.bool_())
    columns["line"] = pa.array([row.line for row in rows], pa.int32())
    columns["place"] = pa.array(range(len(rows)), pa.int64())
    return pa.table(columns)


def write_parquet(table: pa.Table, folder: Path) -> None:
    """Write the table into `folder` as FILE; an OSError when the disk does not take it."""
    import duckdb

    with duckdb.connect() as connection:
        connection.register("handed_over", table)
        try:
            copy_to(connection, "SELECT * FROM handed_over ORDER BY place", folder / FILE)
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

    def __init__(self, content: Path | pa.Table) -> None:
        import duckdb

        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection = duckdb.connect()
        if not isinstance(content, Path):
            self._connection.register("handed_over", content)
            self._connection.execute("CREATE TABLE observations AS SELECT * FROM handed_over")
            self._connection.unregister("handed_over")
            return
        file = content / FILE
        held = "TABLE" if file.stat().st_size <= _HELD_BYTES else "VIEW"
        self._connection.execute(f"CREATE {held} observations AS SELECT * FROM read_parquet({quoted(file)})")

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
