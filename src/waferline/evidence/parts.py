"""This module reads each file of observations once: its checked rows are kept under the hash of all that was looked at.

After a change to one file, the rows of the others come from their parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from waferline.evidence import cache, table
from waferline.evidence.loading import RawRows, observation_files, read_observations, read_raw
from waferline.evidence.model import Observation, Series

if TYPE_CHECKING:
    import pyarrow as pa

_KEPT = 64


def parts(
    folder: Path,
    series: Mapping[str, Series],
    sources: Mapping[str, object],
    extra_rows: RawRows | None,
    *,
    code: str,
    kept: Path | None,
) -> Iterator[Path | pa.Table]:
    """The parts of an evidence folder: one a file of observations, one for all raw tables.

    `code` is the hash of the code that reads them; the parts are kept below `kept`, or held in memory where that is
    None or cannot be written. Refuses rows that break a rule, with file and line.
    """
    # What a series is called changes no row. The rows are read by what is hashed, so nothing else can get in.
    plain = {
        name: replace(about, name_zh="", name_en="", definition="", definition_zh="", terms="")
        for name, about in series.items()
    }
    ids = dict.fromkeys(sources)
    rules = cache.digest_of_text(repr((code, plain, ids)))
    for name in observation_files(folder):
        file = folder / name
        # Reading what is no file is refused, so nothing is ever kept under the empty hash.
        key = cache.digest_of_text(f"{rules}\n{name}\n{cache.digest_of_file(file) if file.is_file() else ''}")
        yield _part(kept, key, partial(read_observations, folder, name, plain, ids))
    if extra_rows is not None:
        key = cache.digest_of_text(f"{rules}\n{cache.digest_of_folder(folder, but='observations')}")
        yield _part(kept, key, partial(read_raw, folder, extra_rows, plain, ids))


def _part(kept: Path | None, key: str, read: Callable[[], Sequence[Observation]]) -> Path | pa.Table:
    if kept is None:
        return table.part(read())
    if cache.is_sound(kept / key):
        return kept / key
    rows = table.part(read())
    return cache.entry(kept, key, lambda fresh: table.write_part(rows, fresh), keep=_KEPT) or rows
