"""Readers that bring evidence in; each returns rows of the observations schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from waferline.errors import BadInput
from waferline.sources import chinchilla, epoch, mlperf
from waferline.sources.raw_table import LeftOut, Listing, Reading, lines

__all__ = ["LAYOUTS", "raw_left_out", "raw_rows"]

LAYOUTS: dict[str, Callable[[Listing], Reading]] = {
    "epoch-models": epoch.read_models,
    "epoch-costs": epoch.read_costs,
    "epoch-hardware": epoch.read_hardware,
    "epoch-clusters": epoch.read_clusters,
    "chinchilla": chinchilla.read_points,
    "mlperf-training": mlperf.read_training,
    "mlperf-inference": mlperf.read_inference,
}
"""The layouts that `raw/tables.csv` may name."""


def raw_rows(evidence_dir: Path) -> Iterable[Mapping[str, str]]:
    """The rows of all raw tables that `raw/tables.csv` lists; none where the folder has no raw tables."""
    for read, listing in _listings(evidence_dir):
        yield from read(listing).rows


def raw_left_out(evidence_dir: Path) -> tuple[LeftOut, ...]:
    """Every cell and row of the raw tables that is not evidence, with the reason."""
    return tuple(item for read, listing in _listings(evidence_dir) for item in read(listing).left_out)


def _listings(evidence_dir: Path) -> Iterator[tuple[Callable[[Listing], Reading], Listing]]:
    tables = evidence_dir / "raw" / "tables.csv"
    if not tables.exists():
        return
    for line, cells in lines(tables, ("file", "layout", "source", "recorded", "known_from")):
        if cells["layout"] not in LAYOUTS:
            raise BadInput(
                where=f"raw/tables.csv:{line}:layout",
                what="unknown layout",
                expected=" | ".join(LAYOUTS),
                found=repr(cells["layout"]),
            )
        # A hidden file is no part of the evidence's hash, so nothing may be read from one.
        if Path(cells["file"]).name != cells["file"] or cells["file"].startswith("."):
            raise BadInput(
                where=f"raw/tables.csv:{line}:file",
                what="not the name of a file in raw/",
                expected="a name without a folder or a leading dot",
                found=repr(cells["file"]),
            )
        listing = Listing(
            path=tables.with_name(cells["file"]),
            layout=cells["layout"],
            source=cells["source"],
            recorded=cells["recorded"],
            known_from=cells["known_from"],
        )
        yield LAYOUTS[cells["layout"]], listing
