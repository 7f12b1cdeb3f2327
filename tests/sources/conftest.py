from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from waferline.sources.raw_table import Listing


@pytest.fixture
def listing(tmp_path: Path) -> Callable[..., Listing]:
    def make(name: str, text: str, *, known_from: str = "") -> Listing:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return Listing(path=path, layout="", source="epoch-ai", recorded="2026-11-23", known_from=known_from)

    return make
