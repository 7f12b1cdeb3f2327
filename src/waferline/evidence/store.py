"""This module opens the evidence of a study: CSV under review, Parquet under its hash, DuckDB to ask."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from waferline.errors import BadInput
from waferline.evidence import cache, table
from waferline.evidence.lint import LintReport, lint
from waferline.evidence.loading import RawRows, read_events, read_series, read_sources
from waferline.evidence.model import Event, Observation, Series, Source
from waferline.evidence.parts import parts
from waferline.evidence.search import find, unknown_series
from waferline.evidence.segments import Statement, read_segments
from waferline.evidence.snapshot import Snapshot
from waferline.quantity.period import Period

if TYPE_CHECKING:
    import pyarrow as pa

_ROOMS = ("quantity", "evidence", "sources")


class Evidence:
    """All observations of a study with their sources and series. Ask through `as_of(day)`.

    `series` and `sources` are read-only mappings by id. `digest` changes with any byte of the evidence folder
    and with the code that reads it. `first_day` is the first day on which anything was known,
    `newest_realised_day` the newest on which a realised row became known; both None when there is no row.
    """

    def __init__(
        self,
        *,
        digest: str,
        series: Mapping[str, Series],
        sources: Mapping[str, Source],
        rows: table.Table,
        statements: tuple[Statement, ...] = (),
        events: tuple[Event, ...] = (),
        study: Path | None = None,
    ) -> None:
        self.digest = digest
        self.study = study
        self.series: Mapping[str, Series] = MappingProxyType(dict(series))
        self.sources: Mapping[str, Source] = MappingProxyType(dict(sources))
        self._table = rows
        self._statements = statements
        self._events = events
        self._held: dict[str, tuple[Observation, ...]] = {}
        self.first_day, self.newest_realised_day = rows.bounds()

    @staticmethod
    def open(
        study_dir: Path, cache_dir: Path | None = None, *, extra_rows: RawRows | None = None
    ) -> Evidence:
        """Open `study_dir/evidence`; the first time, or when it changed, read and check its CSV files.

        The built table is kept below `cache_dir` ($XDG_CACHE_HOME/waferline or ~/.cache/waferline); where
        that cannot be written, it is held in memory for this run. `extra_rows` reads the folder's raw tables.
        Refuses a folder that does not exist and rows that break a rule, with file and line.
        """
        folder = Path(study_dir) / "evidence"
        if not folder.is_dir():
            raise BadInput(
                where=str(study_dir), what="no evidence", expected="a folder evidence/ with CSV files"
            )
        _check_files(folder, Path(study_dir).resolve())
        parent = (default_cache() if cache_dir is None else Path(cache_dir)) / "evidence"
        digest = _digest(folder, extra_rows)
        series, sources = read_series(folder), read_sources(folder)
        statements, events = read_segments(folder, sources), read_events(folder, sources)
        target = parent / digest
        if cache.is_sound(target):
            held = _opened(target)
            if held is not None:
                return Evidence(
                    digest=digest,
                    series=series,
                    sources=sources,
                    rows=held,
                    statements=statements,
                    events=events,
                    study=Path(study_dir),
                )
        read = partial(parts, folder, series, sources, extra_rows, code=_code(extra_rows))
        found = list(read(kept=parent.with_name("observations")))
        if _digest(folder, extra_rows) != digest:
            raise BadInput(
                where=str(folder), what="the evidence changed while it was read", fix="the same command again"
            )
        built = _joined(found) or table.Table.of(list(read(kept=None)))
        cache.entry(parent, digest, built.write)
        return Evidence(
            digest=digest, series=series, sources=sources, rows=built, statements=statements, events=events,
            study=Path(study_dir),
        )  # fmt: skip

    def as_of(self, day: date) -> Snapshot:
        """What was known on the day."""
        return Snapshot(
            day, series=self.series, sources=self.sources, rows=self._rows, statements=self._statements,
            events=self._events, study=self.study,
        )  # fmt: skip

    def as_of_table(self, day: date) -> pa.Table:
        """Every newest row known on the day, as an Arrow table with the columns `table.AS_OF_COLUMNS`.

        `value` is a float for charts and models of many rows; the exact number is `literal`, in `unit`.
        """
        return self._table.as_of(day)

    def revisions(self, series: str, period: Period | str, subject: str = "") -> tuple[Observation, ...]:
        """Every vintage of one figure by every house, in the order they became known.

        Refuses a series that does not exist. For people who look at history; models take a Snapshot.
        """
        if series not in self.series:
            raise unknown_series(series, self.series)
        about = Period.parse(period) if isinstance(period, str) else period
        found = [row for row in self._rows(series) if row.period == about and row.subject == subject]
        return tuple(sorted(found, key=lambda row: (row.known_from, row.by, row.edition)))

    def find(self, words: str) -> tuple[Series, ...]:
        """The series with all the words in id, names, publisher or definition; else those with such ids."""
        return find(words, self.series)

    def prefetch(self, ids: Iterable[str]) -> None:
        """Read the rows of many series in one question; saves about a millisecond for each."""
        wanted = [name for name in dict.fromkeys(ids) if name not in self._held and name in self.series]
        grouped: dict[str, list[Observation]] = {name: [] for name in wanted}
        for row in self._table.rows(wanted):
            grouped[row.series].append(row)
        self._held.update({name: tuple(rows) for name, rows in grouped.items()})

    def lint(self) -> LintReport:
        """How every row came to its day, what ties, who rivals whom, and what looks strange."""
        return lint(self._table.every_row(), self.series, self.sources)

    def _rows(self, series: str) -> tuple[Observation, ...]:
        if series not in self._held:
            self._held[series] = tuple(self._table.rows([series]))
        return self._held[series]


def _check_files(folder: Path, study: Path) -> None:
    """Refuses what would be read but not hashed, or never end: links out of the study, linked folders, pipes, devices."""
    for path in (folder, *(path for path in folder.iterdir() if path.is_dir())):
        if not os.access(path, os.R_OK | os.X_OK):
            raise BadInput(path.name, "the folder cannot be read", "a folder that you may read")
    linked = [path for path in folder.iterdir() if path.is_symlink() and path.is_dir()]
    for path in (folder, *linked, *sorted(cache.files(folder))):
        name = path.relative_to(folder.parent).as_posix()
        if path not in (folder, *linked) and not path.is_file():
            raise BadInput(name, "not a file", "a CSV file")
        if path in linked or not path.resolve().is_relative_to(study):
            raise BadInput(name, "a link out of the study folder", "a file or folder inside the study")
        if not os.access(path, os.R_OK):
            raise BadInput(name, "the file cannot be read", "a file that you may read")


def _digest(folder: Path, extra_rows: RawRows | None) -> str:
    """The hash of the evidence and of the code that reads it."""
    return cache.digest_of_text(f"{_code(extra_rows)}\n{cache.digest_of_folder(folder)}")


def _code(extra_rows: RawRows | None) -> str:
    """The hash of the code that reads evidence; with and without raw tables are two things."""
    package = Path(__file__).parent.parent
    rooms = [cache.digest_of_folder(package / room) for room in _ROOMS]
    reader = f"{extra_rows.__module__}.{extra_rows.__qualname__}" if extra_rows is not None else "none"
    return cache.digest_of_text("\n".join((*rooms, reader)))


def _opened(folder: Path) -> table.Table | None:
    """The table of a sound entry; None when another process dropped it meanwhile."""
    import duckdb

    try:
        return table.Table.stored(folder)
    except (OSError, duckdb.Error):
        return None


def _joined(found: Sequence[Path | pa.Table]) -> table.Table | None:
    """The table of the parts; None when another process dropped one meanwhile."""
    import duckdb

    try:
        return table.Table.of(found)
    except duckdb.Error:
        return None


def default_cache() -> Path:
    """Where derived files are kept: `$XDG_CACHE_HOME/waferline` or `~/.cache/waferline`."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "waferline"
