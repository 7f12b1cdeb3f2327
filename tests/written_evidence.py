"""Writes an evidence folder with a few series, row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from waferline.evidence.loading import OBSERVATION_COLUMNS, SERIES_COLUMNS, SOURCE_COLUMNS

SERIES = (
    {"id": "wsts.sales.world", "unit": "USD bn", "frequency": "year", "publisher": "WSTS",
     "known_after": "40", "name_zh": "全球半导体销售额", "name_en": "World semiconductor sales"},
    {"id": "wsts.billings.world", "unit": "USD bn", "frequency": "month", "publisher": "WSTS",
     "known_after": "36", "name_zh": "全球单月出货额", "name_en": "World billings, single month"},
    {"id": "tsmc.revenue.monthly", "unit": "TWD mn", "frequency": "month", "publisher": "TSMC",
     "known_after": "10", "name_zh": "台积电月度营收", "name_en": "TSMC monthly revenue"},
    {"id": "index.csi300.close", "unit": "index points", "frequency": "day", "publisher": "CSI",
     "known_after": "1", "exact": "yes", "name_zh": "沪深300收盘", "name_en": "CSI 300 close"},
    {"id": "forecast.semi_market.world", "unit": "USD bn", "frequency": "year", "kind": "forecast",
     "publisher": "WSTS", "name_zh": "全球半导体市场预测", "name_en": "World market forecast"},
    {"id": "chip.tdp", "unit": "W", "kind": "spec", "publisher": "NVIDIA", "name_zh": "芯片功耗",
     "name_en": "Chip power"},
)  # fmt: skip
SOURCES = (
    {"id": "wsts-2025", "publisher_zh": "WSTS", "publisher_en": "WSTS", "tier": "publisher"},
    {
        "id": "press",
        "publisher_zh": "报刊",
        "publisher_en": "a newspaper",
        "tier": "press",
        "read_in": "a newspaper",
    },
)
DEFAULTS = {
    "series": "wsts.sales.world", "period": "2024", "value": "627.6", "unit": "USD bn",
    "recorded": "2026-11-23", "print": "first", "source": "wsts-2025",
}  # fmt: skip


def write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_study(study: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """A study whose observations are DEFAULTS with each row's own cells over them."""
    defaults = {"frequency": "irregular", "kind": "realised", "known_after": "0", "exact": "no"}
    evidence = study / "evidence"
    write_csv(evidence / "series.csv", SERIES_COLUMNS, [defaults | entry for entry in SERIES])
    write_csv(evidence / "sources.csv", SOURCE_COLUMNS, SOURCES)
    columns = (*OBSERVATION_COLUMNS, "url")
    write_csv(evidence / "observations" / "a.csv", columns, [DEFAULTS | dict(row) for row in rows])
    return study
