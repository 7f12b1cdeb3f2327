"""The mini study, built without drawing: a report's pages are the render room's to test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from mini_study import write_study

from waferline.build.build import Built, build

REFERENCE_DAY = date(2025, 3, 20)


@pytest.fixture(scope="session")
def mini_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_study(tmp_path_factory.mktemp("mini") / "study")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def built(mini_root: Path, cache: Path, tmp_path: Path) -> Callable[..., Built]:
    """`built()` writes `tmp_path/out`: the record of the mini study on the reference day, in both languages."""

    def run(out: Path | None = None, day: date | None = REFERENCE_DAY, **options: object) -> Built:
        arguments = {"langs": ("zh", "en"), "formats": (), "cache": cache, **options}
        return build(mini_root, out or tmp_path / "out", day=day, **arguments)  # type: ignore[arg-type]

    return run
