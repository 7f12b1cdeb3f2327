"""The remarks of a text, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from waferline.audit import audit_text
from waferline.audit.finding import Remark


@pytest.fixture
def said() -> Callable[..., list[tuple[str, str]]]:
    """(kind, marked text) of every remark on a text."""

    def told(text: str) -> list[tuple[str, str]]:
        return [(r.kind, r.span.text) for r in audit_text(text).remarks]

    return told


@pytest.fixture
def remarks() -> Callable[[str], tuple[Remark, ...]]:
    return lambda text: audit_text(text).remarks
