"""A full build of the study by the wall clock of the command: cold, warm, and after one series changed.

    python benchmarks/build.py            # prints the table; --write puts it into docs/benchmarks.md

Cold: an empty cache. Warm: the same build again. Changed: one value of one series is another, in a copy of the study.
Each is checked for what it must give: warm writes the same bytes as cold, changed the new value and the same bytes as
a build from an empty cache.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from page import machine, write_section

ROOT = Path(__file__).parent.parent
DAY = "2025-03-20"
SERIES, PERIOD, OLD, NEW = "tsmc.revenue.monthly", "2025-02", "260008.796", "260108.796"


def run(study: Path, out: Path, cache: Path) -> float:
    """Seconds of one `waferline build`, from start to exit."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "waferline", "build", str(study), "--as-of", DAY, "--out", str(out)],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
    )
    return time.perf_counter() - began


def change(study: Path) -> None:
    """Another value in one row of the copy."""
    file = study / "evidence" / "observations" / "foundry.csv"
    text = file.read_text(encoding="utf-8")
    row = f"{SERIES},,{PERIOD},{OLD},"
    if text.count(row) != 1:
        raise SystemExit(f"the row {row} does not stand once in {file}")
    file.write_text(text.replace(row, row.replace(OLD, NEW)), encoding="utf-8")


def trial() -> dict[str, float]:
    """Cold, warm and changed in a folder of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = shutil.copytree(ROOT / "studies" / "semiconductors", folder / "study")
        cache = folder / "cache"
        seconds = {"cold": run(study, folder / "cold", cache), "warm": run(study, folder / "warm", cache)}
        assert_same(folder / "cold", folder / "warm")
        change(study)
        seconds["changed"] = run(study, folder / "changed", cache)
        record = (folder / "changed" / "build.json").read_text(encoding="utf-8")
        assert NEW in record, "the new value is not in the record"
        assert OLD not in record, "the old value is still in the record"
        assert json.loads(record)["as_of"] == DAY
        run(study, folder / "fresh", folder / "empty")
        assert_same(folder / "changed", folder / "fresh")
        return seconds


def assert_same(one: Path, other: Path) -> None:
    """Both builds wrote the same bytes."""
    for file in ("report.zh.html", "report.zh.pdf", "build.json"):
        assert (one / file).read_bytes() == (other / file).read_bytes(), file


def main() -> None:
    """Three trials, medians, a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    arguments = parser.parse_args()
    trials = [trial() for _ in range(3)]
    median = {name: statistics.median(entry[name] for entry in trials) for name in trials[0]}
    lines = [
        "## Build",
        "",
        f"`waferline build --as-of {DAY}`, Chinese, HTML and PDF: wall clock of the command, median of 3.",
        "",
        "| build | seconds | share of cold | aim, seconds |",
        "| --- | ---: | ---: | ---: |",
        f"| cold (empty cache) | {median['cold']:.1f} | 1.00 | 10 |",
        f"| one series changed | {median['changed']:.1f} | {median['changed'] / median['cold']:.2f} | 2 |",
        f"| nothing changed | {median['warm']:.1f} | {median['warm'] / median['cold']:.2f} | |",
        "",
        *machine("benchmarks/build.py --write"),
    ]
    table = "\n".join(lines)
    print(table)
    if arguments.write:
        write_section(table)


if __name__ == "__main__":
    main()
