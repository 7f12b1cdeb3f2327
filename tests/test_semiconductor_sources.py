"""Every source of the semiconductor study is worded in both languages: descriptive English stays out of Chinese lines."""

from __future__ import annotations

import csv
import re
from pathlib import Path

SOURCES = Path(__file__).parent.parent / "studies/semiconductors/evidence/sources.csv"
_DESCRIBES = re.compile(
    r"\b(a|an|the|and|in|on|of|from|copy|repost|report|release|earnings|results|summary|article|post|dump|history|data"
    r"|repo|repos|repository|public|says|date|page|press|note|figures?|others)\b"
)
_PROPER = re.compile(r"[\w.-]+/[\w.-]+|\b[\w-]+\.[a-z]{2,}\b|companyfacts|data\.json")


def test_chinese_source_names_hold_no_descriptive_english():
    with SOURCES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    described = {
        row["id"]: text
        for row in rows
        for text in (row["publisher_zh"], row["read_in"].partition(" | ")[0])
        if _DESCRIBES.search(_PROPER.sub("", text))
    }

    assert described == {}
