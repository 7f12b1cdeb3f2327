"""Snapshot of ten million rows to an Arrow table, against pandas on the same Parquet file.

    python -m pip install pandas
    python benchmarks/snapshot.py                 # prints the table; --write puts it into docs/benchmarks.md

20,000 series of 200 months with two or three vintages each. Every run is a process of its own, so that peak memory
is its own; the clock covers reading the file and choosing the rows, not imports, and for pandas not the way to Arrow.
All must give the same rows.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from page import write_section

COLUMNS = ["series", "period", "published", "value", "literal", "url"]
KEY = ["series", "period"]
DAY = date(2021, 6, 30)
NAMES = {
    "waferline": "Waferline `as_of`",
    "last": "pandas `sort_values` + `groupby.last`",
    "last_arrow": "the same with Arrow dtypes",
    "filter": "pandas, filter on the validity columns",
    "filter_arrow": "the same with Arrow dtypes",
}


def generate(file: Path) -> int:
    """Write the store's form of 10 million rows; the number of rows."""
    import duckdb

    from waferline.evidence.table import copy_to

    query = """
        WITH vintage AS (
            SELECT s, p, v, hash(p, s, v) % 1000000 / 1000.0 AS value,
                   make_date(2008 + p // 12, 1 + p % 12, 1) AS month,
                   month + INTERVAL 1 MONTH + (30 * v * v + (hash(s, p, v) % 20)::INT) * INTERVAL 1 DAY AS published
            FROM range(20000) a(s), range(200) b(p), range(3) c(v)
            WHERE v < 2 + hash(s, p) % 2
        )
        SELECT 'house' || s // 100 || '.series.' || lpad(s::VARCHAR, 5, '0') AS series,
               strftime(month, '%Y-%m') AS period, published::DATE AS published, published::DATE AS known_from,
               coalesce(lead(published) OVER (PARTITION BY s, p ORDER BY v), DATE '9999-12-31')::DATE AS known_to,
               value::DOUBLE AS value, value::VARCHAR AS literal,
               'https://example.org/publisher/' || s // 100 || '/release/' || strftime(published, '%Y-%m') AS url
        FROM vintage ORDER BY s, p, v"""
    with duckdb.connect() as connection:
        copy_to(connection, query, file)
        (count,) = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(file)]).fetchone() or (0,)
    return int(count)


def waferline(file: Path) -> Any:
    import duckdb

    from waferline.evidence.table import as_of_query, quoted

    return as_of_query(duckdb.connect(), f"read_parquet({quoted(file)})", DAY, COLUMNS)


def last(file: Path, **options: Any) -> Any:
    import pandas as pd

    rows = pd.read_parquet(file, columns=COLUMNS, **options)
    rows = rows[rows["published"] <= DAY]
    return rows.sort_values("published").groupby(KEY).last().reset_index()


def last_arrow(file: Path) -> Any:
    return last(file, dtype_backend="pyarrow")


def filter(file: Path, **options: Any) -> Any:
    import pandas as pd

    rows = pd.read_parquet(file, columns=[*COLUMNS, "known_from", "known_to"], **options)
    return rows[(rows["known_from"] <= DAY) & (rows["known_to"] > DAY)][COLUMNS]


def filter_arrow(file: Path) -> Any:
    return filter(file, dtype_backend="pyarrow")


WAYS = {
    "waferline": waferline,
    "last": last,
    "last_arrow": last_arrow,
    "filter": filter,
    "filter_arrow": filter_arrow,
}


def measure(way: str, file: Path) -> dict[str, Any]:
    """One run in this process: seconds, peak memory, and a checksum of the rows in any order."""
    import duckdb
    import pyarrow as pa

    if way != "waferline":
        import pandas as pd

        assert pd.__version__
    started = time.perf_counter()
    rows = WAYS[way](file)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = rows if isinstance(rows, pa.Table) else pa.Table.from_pandas(rows, preserve_index=False)
    connection = duckdb.connect()
    connection.register("found", found)
    content = "series, period, published::DATE, value, literal, url"
    query = f"SELECT count(*), bit_xor(hash({content})), sum(hash({content})) FROM found"
    (same,) = connection.sql(query).fetchall()
    return {"seconds": seconds, "peak_mb": peak, "content": [str(number) for number in same]}


def report(runs: dict[str, list[dict[str, Any]]], rows: int, size: int) -> str:
    """The Markdown section."""
    import duckdb
    import pandas as pd
    import pyarrow as pa

    best = {way: statistics.median(run["seconds"] for run in found) for way, found in runs.items()}
    known = int(runs["waferline"][0]["content"][0])
    lines = [
        "## Snapshot",
        "",
        f"What was known on one day, out of {rows:,} rows ({size / 1e6:.0f} MB of Parquet): {known:,} rows.",
        "20,000 series × 200 months × 2–3 vintages; series, period, published, value, literal and url; the same file",
        f"for all, the same rows from all (checked). Median of {len(runs['waferline'])}, each in its own process.",
        "",
        "| way | seconds | Waferline is faster by | peak resident, MB |",
        "| --- | ---: | ---: | ---: |",
    ]
    for way, name in NAMES.items():
        ratio = "" if way == "waferline" else f"{best[way] / best['waferline']:.1f} ×"
        peak = max(run["peak_mb"] for run in runs[way])
        lines.append(f"| {name} | {best[way]:.2f} | {ratio} | {peak:,.0f} |")
    lines += [
        "",
        f"{platform.machine()}, {count_of_cores()} cores, {platform.system()}; Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}, PyArrow {pa.__version__}, pandas {pd.__version__}.",
        f"Load average at the end: {os.getloadavg()[0]:.1f}; above 2 something else was running, and seconds are high.",
        "The clock stops at an Arrow table for Waferline and at a DataFrame for pandas; imports are not counted.",
        "Run it again with `python benchmarks/snapshot.py --write`.",
        "",
    ]
    return "\n".join(lines)


def count_of_cores() -> int:
    return len(os.sched_getaffinity(0))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--write", action="store_true")
    options.add_argument("--measure", choices=["generate", *WAYS], help=argparse.SUPPRESS)
    options.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure == "generate":
        print(generate(given.file))
        return
    if given.measure:
        print(json.dumps(measure(given.measure, given.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "observations.parquet"
        command = [sys.executable, __file__, "--file", str(file), "--measure"]
        # Not here: a process starts with the peak memory of the one that started it.
        rows = int(subprocess.run([*command, "generate"], stdout=subprocess.PIPE, check=True).stdout)
        runs: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        for _ in range(given.repeat):
            for way, found in runs.items():
                out = subprocess.run([*command, way], stdout=subprocess.PIPE, text=True, check=True).stdout
                found.append(json.loads(out))
        section = report(runs, rows, file.stat().st_size)
    contents = {tuple(run["content"]) for found in runs.values() for run in found}
    if len(contents) != 1:
        raise SystemExit(f"the ways do not agree: {contents}")
    print(section)
    if given.write:
        write_section(section)


if __name__ == "__main__":
    main()
