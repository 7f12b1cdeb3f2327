"""This module reads the results tables of MLPerf Training and MLPerf Inference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from waferline.sources.raw_table import Column, LeftOut, Listing, Reading, lines, numbers, reading

TRAINING = (
    Column("value", "mlperf.training.minutes", "minutes"),
    Column("scaled_value", "mlperf.training.minutes_scaled", "minutes"),
    Column("accelerators", "mlperf.training.accelerators", "count"),
)
THROUGHPUT = Column("value", "mlperf.inference.throughput", "tokens/s")
ACCELERATORS = Column("total_accelerators", "mlperf.inference.accelerators", "count")


def read_training(listing: Listing) -> Reading:
    """Mean minutes to train (fastest and slowest run dropped), the published normalised score, and accelerators.

    The subject is `v5.1 · llama31_405b · NVIDIA · <system>`; a round's day or month stands in `mlperf_rounds.csv`.
    """

    def found() -> Iterator[Mapping[str, str] | LeftOut]:
        announced = _announced(listing, "training")
        needed = ("round", "submitter", "system_id", "benchmark", *(column.name for column in TRAINING))
        for line, cells in lines(listing.path, needed):
            when = announced.get(cells["round"])
            if when is None:
                yield LeftOut(listing.file, line, f"no day for round {cells['round']}")
                continue
            subject = " · ".join(cells[name] for name in ("round", "benchmark", "submitter", "system_id"))
            yield from numbers(
                listing, TRAINING, subject=subject, day=when, line=line, cells=cells, published=_day(when),
                note=_note(cells), url=cells.get("url", ""),
            )  # fmt: skip

    return reading(found())


def read_inference(listing: Listing) -> Reading:
    """Tokens per second by system, benchmark and scenario, and the accelerators used; other metrics are left out."""

    def found() -> Iterator[Mapping[str, str] | LeftOut]:
        announced = _announced(listing, "inference")
        needed = (
            "round",
            "submitter",
            "platform",
            "benchmark",
            "scenario",
            "metric",
            "value",
            "total_accelerators",
        )
        for line, cells in lines(listing.path, needed):
            when = announced.get(cells["round"])
            if when is None:
                yield LeftOut(listing.file, line, f"no day for round {cells['round']}")
                continue
            if cells["metric"] != "Tokens/s":
                yield LeftOut(listing.file, line, f"metric {cells['metric']!r}")
                continue
            parts = ("round", "benchmark", "scenario", "submitter", "platform")
            yield from numbers(
                listing, (THROUGHPUT, ACCELERATORS), subject=" · ".join(cells[name] for name in parts), day=when,
                line=line, cells=cells, published=_day(when), note=_note(cells), url=cells.get("url", ""),
            )  # fmt: skip

    return reading(found())


def _announced(listing: Listing, suite: str) -> dict[str, str]:
    rounds = lines(listing.path.with_name("mlperf_rounds.csv"), ("suite", "round", "announced"))
    return {cells["round"]: cells["announced"] for _, cells in rounds if cells["suite"] == suite}


def _day(when: str) -> str:
    """A round known to the day was published on it; one known to the month is assumed known at the month's end."""
    return when if len(when) == len("2025-06-04") else ""


def _note(cells: Mapping[str, str]) -> str:
    marks = (cells.get("accelerator", ""), cells.get("division", ""))
    return "; ".join(mark for mark in marks if mark)
