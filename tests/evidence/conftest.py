"""A study folder with a few series, written row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from written_evidence import write_study

from waferline.evidence import Evidence

Opened = Callable[..., Evidence]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """`opened({...}, {...})` writes a study of these rows and opens it."""

    def open_rows(*rows: Mapping[str, str]) -> Evidence:
        return Evidence.open(write_study(tmp_path / "study", rows), tmp_path / "cache")

    return open_rows


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """`write({...}, {...})` writes a study of these rows and returns its folder."""
    return lambda *rows: write_study(tmp_path / "study", rows)
