"""The mini study, written and opened, for the tests of the study room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from mini_study import write_study

from waferline.evidence import Evidence
from waferline.evidence.snapshot import Snapshot
from waferline.study.assembly import Assembled, assemble
from waferline.study.study import Study, load_study
from waferline.study.values import Scope

REFERENCE_DAY = date(2025, 3, 20)


@pytest.fixture(scope="session")
def mini_evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    folder = tmp_path_factory.mktemp("mini")
    return Evidence.open(write_study(folder / "study"), folder / "cache")


@pytest.fixture(scope="session")
def known(mini_evidence: Evidence) -> Snapshot:
    """The mini study's evidence on the reference day."""
    return mini_evidence.as_of(REFERENCE_DAY)


@pytest.fixture
def scope(known: Snapshot) -> Scope:
    return Scope(known, "chapter.md:7")


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[..., Study]:
    """`loaded({"study.toml": …})` loads the mini study with these files changed."""
    return lambda changes=None, langs=("zh", "en"): load_study(
        write_study(tmp_path / "study", changes), langs
    )


@pytest.fixture
def assembled(loaded: Callable[..., Study], mini_evidence: Evidence) -> Callable[..., Assembled]:
    """`assembled({…}, day=…, lang=…)` fills the mini study with these files changed."""
    return lambda changes=None, *, day=REFERENCE_DAY, lang="zh": assemble(
        loaded(changes), mini_evidence.as_of(day), lang
    )
