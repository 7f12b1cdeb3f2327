"""The study's table of chips: its peaks are dense, as its fields say."""

import csv
from pathlib import Path

import pytest

CHIPS = Path(__file__).parents[3] / "studies" / "semiconductors" / "models" / "chips.csv"


def rows():
    with CHIPS.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("chip", "sold"),
    [("Jetson Orin Nano", 40), ("Jetson Orin Nano Super", 67), ("Jetson Orin NX", 100), ("Jetson AGX Orin", 275), ("Orin-X", 254)],
)  # fmt: skip
def test_peaks_sold_with_sparsity_are_halved(chip, sold):
    assert float(rows()[chip]["peak_int8 [TOPS]"]) == sold / 2


def test_no_peak_in_8_or_4_bits_is_more_than_twice_one_of_twice_the_bits():
    # Kinds that were built for one width, where the makers' own dense figures differ by more.
    exceptions = {"Trainium 3", "Trainium 1", "MLU370-X8", "Groq LPU", "M4", "B300", "GB300"}
    for name, row in rows().items():
        peak = {key: float(row[f"peak_{key} [{unit}]"] or 0) for key, unit in (("bf16", "TFLOP/s"), ("fp8", "TFLOP/s"), ("fp4", "TFLOP/s"), ("int8", "TOPS"))}  # fmt: skip
        for wide, narrow in (("bf16", "fp8"), ("bf16", "int8"), ("fp8", "fp4")):
            if peak[wide] and peak[narrow] and name not in exceptions:
                assert peak[narrow] <= 2.05 * peak[wide], (name, narrow)
