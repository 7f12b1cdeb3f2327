"""This module reads Epoch AI's tables of models, training costs, hardware and GPU clusters.

A model, chip or cluster is taken to be known from its own publication, release or first operational day (*assumed*):
the tables carry that day, not the day on which Epoch first printed the figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from waferline.errors import BadInput
from waferline.sources.raw_table import Column, LeftOut, Listing, Reading, lines, numbers, reading

MODELS = (
    Column("Parameters", "epoch.model.parameters", "parameters"),
    Column("Training compute (FLOP)", "epoch.model.training_compute", "FLOP"),
    Column("Training dataset size (gradients)", "epoch.model.dataset_size", "datapoints"),
    Column("Training time (hours)", "epoch.model.training_time", "hours"),
    Column("Hardware quantity", "epoch.model.hardware_quantity", "units"),
    Column("Training compute cost (2023 USD)", "epoch.model.cost", "USD (2023)"),
    Column("Training power draw (W)", "epoch.model.training_power", "W"),
)
COSTS = (
    Column("Cloud_Cost", "epoch.model.cost_cloud", "USD (2023)"),
    Column("Hardware_Acquisition_Cost", "epoch.model.cost_acquisition", "USD (2023)"),
    Column("Hardware_Capex_Energy_Cost", "epoch.model.cost_hardware_energy", "USD (2023)"),
)
HARDWARE = (
    Column("Tensor-FP16/BF16 performance (FLOP/s)", "epoch.hardware.tensor_fp16", "FLOP/s"),
    Column("FP32 (single precision) performance (FLOP/s)", "epoch.hardware.fp32", "FLOP/s"),
    Column("TDP (W)", "epoch.hardware.tdp", "W"),
    Column("Release price (USD)", "epoch.hardware.price", "USD"),
    Column("Process size (nm)", "epoch.hardware.process", "nm"),
)
CLUSTERS = (
    Column("H100 equivalents", "epoch.cluster.h100_equivalents", "GPUs"),
    Column("Total number of AI chips", "epoch.cluster.chips", "units"),
    Column("Power Capacity (MW)", "epoch.cluster.power", "MW"),
    Column("Hardware Cost", "epoch.cluster.hardware_cost", "USD"),
)
_RUN = (
    "Organization", "Publication date", "Parameters", "Training compute (FLOP)",
    "Training dataset size (gradients)",
)  # fmt: skip
"""What two rows of the table of models must share to be versions of one training run."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def read_models(listing: Listing) -> Reading:
    """Notable models: parameters, training compute, data, time, hardware, cost (USD of 2023) and power draw.

    One training run counts once. A row whose organisation, publication day, parameters, training compute and
    training data all repeat those of an earlier row is a later version of that model, and is left out.
    """

    def found() -> Iterator[Mapping[str, str] | LeftOut]:
        needed = ("Model", "Organization", "Publication date", *_names(MODELS))
        runs: dict[tuple[str, ...], str] = {}
        for line, cells in lines(listing.path, needed):
            day = cells["Publication date"]
            if not _is_day(day, listing, line, "Publication date"):
                yield LeftOut(listing.file, line, "no publication date")
                continue
            run = tuple(cells[name] for name in _RUN)
            # Empty cells do not tell two runs apart, so they never make one of two.
            former = runs.setdefault(run, cells["Model"]) if all(run) else cells["Model"]
            if former != cells["Model"]:
                yield LeftOut(listing.file, line, f"a version of {former!r}, trained once")
                continue
            marks = [cells["Organization"], cells.get("Domain", ""), cells.get("Confidence", "")]
            if cells.get("Frontier model") == "True":
                marks.append("frontier")
            yield from numbers(
                listing, MODELS, subject=cells["Model"], day=day, line=line, cells=cells,
                note="; ".join(mark for mark in marks if mark), url=cells.get("Link", ""),
            )  # fmt: skip

    return reading(found())


def read_costs(listing: Listing) -> Reading:
    """Training costs by method. The table has no days: a model's day comes from the table of models beside it.

    Where the two tables name a model differently, `epoch_model_aliases.csv` beside them says which is meant.
    """

    def found() -> Iterator[Mapping[str, str] | LeftOut]:
        days = _days_of_models(listing.path.with_name("epoch_models.csv"))
        aliases = _aliases(listing.path.with_name("epoch_model_aliases.csv"))
        for line, cells in lines(listing.path, ("Model", *_names(COSTS))):
            day = days.get(aliases.get(cells["Model"], cells["Model"]))
            if day is None:
                yield LeftOut(
                    listing.file, line, f"no day: {cells['Model']!r} is not a name of the table of models"
                )
            else:
                yield from numbers(listing, COSTS, subject=cells["Model"], day=day, line=line, cells=cells)

    return reading(found())


def read_hardware(listing: Listing) -> Reading:
    """Accelerators: peak throughput, power, launch price and process, as specified by their makers."""

    def found() -> Iterator[Mapping[str, str] | LeftOut]:
        for line, cells in lines(listing.path, ("Hardware name", "Release date", *_names(HARDWARE))):
            day = cells["Release date"]
            if not _is_day(day, listing, line, "Release date"):
                yield LeftOut(listing.file, line, "no release date")
                continue
            yield from numbers(
                listing, HARDWARE, subject=cells["Hardware name"], day=day, line=line, cells=cells,
                note=cells.get("Manufacturer", ""), url=cells.get("Link to datasheet", ""),
            )  # fmt: skip

    return reading(found())


def read_clusters(listing: Listing) -> Reading:
    """GPU clusters that exist or existed, from their first operational day; planned and unlikely ones are left out.

    A name that occurs twice (anonymised systems) gets its row number.
    """

    def found() -> Iterator[Mapping[str, str] | LeftOut]:
        seen: set[str] = set()
        for line, cells in lines(
            listing.path, ("Name", "Status", "First Operational Date", *_names(CLUSTERS))
        ):
            if cells["Status"] == "Planned":
                yield LeftOut(listing.file, line, "planned, not realised")
                continue
            if cells.get("Certainty") == "Unlikely":
                yield LeftOut(listing.file, line, "unlikely, says Epoch AI")
                continue
            day = _us_day(cells["First Operational Date"], listing, line)
            if not day:
                yield LeftOut(listing.file, line, "no first operational day")
                continue
            name = cells["Name"]
            subject = f"{name} (row {line})" if name in seen else name
            seen.add(name)
            marks = (
                cells["Status"],
                cells.get("Certainty", ""),
                cells.get("Country", ""),
                cells.get("Owner", ""),
            )
            yield from numbers(
                listing, CLUSTERS, subject=subject, day=day, line=line, cells=cells,
                note="; ".join(mark for mark in marks if mark), url=cells.get("Source 1", ""),
            )  # fmt: skip

    return reading(found())


def _names(columns: tuple[Column, ...]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


def _days_of_models(path: Path) -> dict[str, str]:
    return {
        cells["Model"]: cells["Publication date"] for _, cells in lines(path, ("Model", "Publication date"))
    }


def _aliases(path: Path) -> dict[str, str]:
    columns = ("name_of_costs", "name_of_models")
    return (
        {cells[columns[0]]: cells[columns[1]] for _, cells in lines(path, columns)} if path.is_file() else {}
    )


def _is_day(text: str, listing: Listing, line: int, column: str) -> bool:
    if text and not _DAY.fullmatch(text):
        raise BadInput(
            where=f"{listing.file}:{line}:{column}",
            what="no day",
            expected="such as 2024-01-02",
            found=repr(text),
        )
    return bool(text)


def _us_day(text: str, listing: Listing, line: int) -> str:
    if not text:
        return ""
    parts = _US_DAY.fullmatch(text)
    if parts is None:
        raise BadInput(
            where=f"{listing.file}:{line}:First Operational Date",
            what="no day",
            expected="month/day/year",
            found=repr(text),
        )
    month, day, year = (int(part) for part in parts.groups())
    return f"{year:04d}-{month:02d}-{day:02d}"
