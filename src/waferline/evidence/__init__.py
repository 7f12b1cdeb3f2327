"""Observations with their source and their days; a Snapshot is what was known on a day.

The room's one rule: nothing downstream sees a row before its `known_from`. When that is, is decided once, in
`availability`, when the store is built; every question goes through `Evidence.as_of(day)`.
"""

from __future__ import annotations

from waferline.evidence.lint import LintReport
from waferline.evidence.model import FOREVER, Observation, Series, Source
from waferline.evidence.snapshot import Snapshot
from waferline.evidence.store import Evidence

__all__ = ["FOREVER", "Evidence", "LintReport", "Observation", "Series", "Snapshot", "Source"]
