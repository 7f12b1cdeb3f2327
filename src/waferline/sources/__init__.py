"""Readers that bring evidence in; each returns rows of the observations schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path


def raw_rows(evidence_dir: Path) -> Iterable[Mapping[str, str]]:
    """The rows of all raw tables under `evidence/raw/`."""
    return ()
