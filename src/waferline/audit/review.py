"""This module is an audit as one reader sees it: without what was waived, and against an earlier audit if there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from waferline.audit.baseline import Changes, FormerAudit, compare
from waferline.audit.finding import Audit, Finding, Remark
from waferline.audit.waivers import Waiver


@dataclass(frozen=True, slots=True)
class Review:
    """An audit, the waivers that meet it (by id) and its changes since a baseline (None: no baseline given)."""

    audit: Audit
    waived: Mapping[str, Waiver] = field(default_factory=dict)
    changes: Changes | None = None

    def entries(self, *, everything: bool = False) -> Sequence[Finding | Remark]:
        """What is to be shown, in text order: no waived ones, no consistent ones unless `everything` is asked.

        Against a baseline only what is new or changed; a change to *consistent* is shown, it answers an old finding.
        """
        findings: Sequence[Finding] = self.audit.findings
        remarks: Sequence[Remark] = self.audit.remarks
        if self.changes is not None:
            after = {id(finding) for _, finding in self.changes.changed}
            findings = [
                f for f in self.changes.arrived if everything or id(f) in after or f.verdict != "consistent"
            ]
            remarks = self.changes.new_remarks
        elif not everything:
            findings = [finding for finding in findings if finding.verdict != "consistent"]
        entries: list[Finding | Remark] = [*findings, *remarks]
        return sorted((entry for entry in entries if entry.id not in self.waived), key=start_of)

    @property
    def is_contradicted(self) -> bool:
        """Whether an inconsistent finding stands: not waived and, against a baseline, new or changed."""
        findings = self.audit.findings if self.changes is None else self.changes.arrived
        return any(f.verdict == "inconsistent" and f.id not in self.waived for f in findings)

    def waived_of(self, verdict: str) -> int:
        """How many findings of the verdict are waived."""
        return sum(f.verdict == verdict and f.id in self.waived for f in self.audit.findings)

    @property
    def waived_count(self) -> int:
        """How many findings and remarks are waived, consistent ones included."""
        findings = sum(finding.id in self.waived for finding in self.audit.findings)
        return findings + sum(remark.id in self.waived for remark in self.audit.remarks)

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """The audit's own object, with `waived` and `baseline` where a waiver file or a baseline was given."""
        data = self.audit.to_json(lang)
        if self.waived:
            data["waived"] = [waiver.to_json() for waiver in self.waived.values()]
        if self.changes is not None:
            data["baseline"] = self.changes.to_json(lang)
        return data


def start_of(entry: Finding | Remark) -> int:
    """Where the finding's or the remark's own number begins in the text."""
    return entry.stated.start if isinstance(entry, Finding) else entry.span.start


def reviewed(
    audit: Audit,
    *,
    waivers: Mapping[str, Waiver] | None = None,
    baseline: FormerAudit | None = None,
    against: bool = False,
) -> Review:
    """The review of an audit. `against` says that there is a baseline, even one that has not seen this document."""
    ids = {finding.id for finding in audit.findings} | {remark.id for remark in audit.remarks}
    return Review(
        audit,
        {id: waiver for id, waiver in (waivers or {}).items() if id in ids},
        compare(audit, baseline) if against else None,
    )
