"""The evidence of the semiconductor study, opened once for every test that reads real figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from waferline.build.build import open_evidence
from waferline.evidence.snapshot import Snapshot
from waferline.evidence.store import Evidence

SEMICONDUCTORS = Path(__file__).parent.parent / "studies" / "semiconductors"


@pytest.fixture(scope="session")
def semiconductors() -> Path:
    """The folder of the study."""
    return SEMICONDUCTORS


@pytest.fixture(scope="session")
def real_evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return open_evidence(SEMICONDUCTORS, tmp_path_factory.mktemp("evidence-cache"))


@pytest.fixture(scope="session")
def real_on(real_evidence: Evidence) -> Callable[..., Snapshot]:
    """`real_on(2025, 3, 20)` is what was known on that day; each day is asked once."""
    held: dict[date, Snapshot] = {}

    def on(*day: int) -> Snapshot:
        at = date(*day)
        if at not in held:
            held[at] = real_evidence.as_of(at)
        return held[at]

    return on
