"""This module holds what an audit says: a finding is one relation between printed numbers and its verdict."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from waferline.audit.document import Document
from waferline.quantity.relations.base import Phrase

Verdict = Literal["inconsistent", "basis_mismatch", "unverifiable", "consistent"]
_NOTHING = Phrase("", "")
VERDICTS: tuple[Verdict, ...] = ("inconsistent", "basis_mismatch", "unverifiable", "consistent")
Outcome = Literal["differs", "superseded", "unknown", "agrees"]
OUTCOMES: tuple[Outcome, ...] = ("differs", "superseded", "unknown", "agrees")
CONTEXT = 32  # characters told before and after a stated number, so that a reader finds it after an edit


@dataclass(frozen=True, slots=True)
class Span:
    """A printed number: [start, end) in the document's text, its text, and what it is to the relation."""

    start: int
    end: int
    text: str
    role: str = ""  # the operand's name in the relation: new, old, part, whole, …


@dataclass(frozen=True, slots=True)
class Finding:
    """One relation between printed numbers.

    `stated` is the printed result that was recomputed from `inputs`; `recomputed`, `low` and `high` are what
    the inputs give and the ends that their rounding allows, as decimal strings in `unit`. `explanation` shows
    the arithmetic; `fixes` are the single changes that would each make it consistent. `place` is the sentence
    or table row it stands in, for showing. `confidence` is between 0 and 1: how sure the link between the
    numbers is, not how bad the error is; for an inconsistent one, how often ones like it were right on the labelled
    documents that the confidence was fitted on. `proposed` marks a link that a user's program proposed; `slip` is the
    one slip of the pen that explains an inconsistent one, if any does.
    """

    stated: Span
    relation: str
    verdict: Verdict
    inputs: tuple[Span, ...]
    recomputed: str = ""
    low: str = ""
    high: str = ""
    unit: str = ""
    explanation: Phrase = field(default=_NOTHING)
    fixes: tuple[Phrase, ...] = ()
    confidence: float = 1.0
    place: tuple[int, int] = (0, 0)
    page: int | None = None
    proposed: bool = False
    slip: Phrase | None = None

    @property
    def id(self) -> str:
        """Stable by content: the relation and the printed texts with their roles, not where they stand."""
        parts = [self.relation, self.stated.text, *sorted(f"{s.role}={s.text}" for s in self.inputs)]
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        return {
            "id": self.id,
            "start": self.stated.start,
            "end": self.stated.end,
            "stated": self.stated.text,
            "relation": self.relation,
            "verdict": self.verdict,
            "inputs": [{"start": s.start, "end": s.end, "text": s.text, "role": s.role} for s in self.inputs],
            "recomputed": self.recomputed,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "explanation": self.explanation.of(lang),
            "fixes": [fix.of(lang) for fix in self.fixes],
            "confidence": round(self.confidence, 3),
            "page": self.page,
            **({"proposed": True} if self.proposed else {}),
        }


@dataclass(frozen=True, slots=True)
class Remark:
    """A fault of structure or of time, not of arithmetic: a missing figure, a stale forecast, 24Q出货量.

    `kind` names the rule (caption_differs, figure_missing, stale_forecast, malformed_period, …).
    """

    kind: str
    span: Span
    explanation: Phrase
    page: int | None = None

    @property
    def id(self) -> str:
        return hashlib.sha256(
            f"{self.kind}\x1f{self.span.text}".encode("utf-8", "surrogatepass")
        ).hexdigest()[:12]

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "start": self.span.start,
            "end": self.span.end,
            "text": self.span.text,
            "explanation": self.explanation.of(lang),
            "page": self.page,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """A stated fact beside what a study's evidence knew on a day: no finding, whatever its outcome.

    `outcome` is agrees, superseded (it is an edition that a newer one had replaced by the day), differs or
    unknown. `kind` is fact, change, rise, extreme, streak or since. `series` are the ids compared with, `observed`
    what they give in the document's own unit; `first` is the first print where it was later revised.
    """

    kind: str
    outcome: Outcome
    stated: Span
    series: tuple[str, ...]
    explanation: Phrase
    observed: str = ""
    first: str = ""
    sources: tuple[str, ...] = ()
    place: tuple[int, int] = (0, 0)
    page: int | None = None

    @property
    def id(self) -> str:
        """Stable by content: what is stated and what it was compared with."""
        parts = [self.kind, self.stated.text, *sorted(self.series)]
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "outcome": self.outcome,
            "start": self.stated.start,
            "end": self.stated.end,
            "stated": self.stated.text,
            "series": list(self.series),
            "observed": self.observed,
            "first": self.first,
            "sources": list(self.sources),
            "explanation": self.explanation.of(lang),
            "page": self.page,
        }


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit of one document found.

    `findings` are in text order; `untested` are the numbers that nothing was tested against, in page order;
    `mentions` counts the quantities recognised. Counts never call a document clean: with nothing checked,
    `checked` is 0 and says so. `comparisons` are what a study's evidence says of stated facts, as known on
    `evidence_day` (None: not asked); they are no findings and count as none.
    """

    document: Document
    findings: tuple[Finding, ...]
    remarks: tuple[Remark, ...]
    untested: tuple[Span, ...]
    mentions: int
    comparisons: tuple[Comparison, ...] = ()
    evidence_day: date | None = None

    @property
    def counts(self) -> Mapping[str, int]:
        """Findings by verdict, every verdict named."""
        found = Counter(f.verdict for f in self.findings)
        return {verdict: found[verdict] for verdict in VERDICTS}

    @property
    def checked(self) -> int:
        """Relations that were decided either way."""
        return self.counts["consistent"] + self.counts["inconsistent"]

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Comparisons by outcome, every outcome named."""
        found = Counter(c.outcome for c in self.comparisons)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    def of(self, *verdicts: Verdict) -> Sequence[Finding]:
        return [f for f in self.findings if f.verdict in verdicts]

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """The object of one line of the jsonl form; a finding's `prefix` and `suffix` are the text around it."""
        text = self.document.text
        told: dict[str, Any] = {
            "file": self.document.name,
            "findings": [
                {
                    **f.to_json(lang),
                    "prefix": text[max(0, f.stated.start - CONTEXT) : f.stated.start],
                    "suffix": text[f.stated.end : f.stated.end + CONTEXT],
                }
                for f in self.findings
            ],
            "remarks": [r.to_json(lang) for r in self.remarks],
            "untested": [{"start": s.start, "end": s.end, "text": s.text} for s in self.untested],
            "mentions": self.mentions,
            "counts": dict(self.counts),
            "notes": list(self.document.notes),
        }
        if self.evidence_day is not None:
            told["evidence"] = {
                "as_of": self.evidence_day.isoformat(),
                "counts": dict(self.outcomes),
                "comparisons": [c.to_json(lang) for c in self.comparisons],
            }
        return told

    def _repr_html_(self) -> str:
        """What a notebook shows: the summary and the findings, without scripts."""
        from waferline.audit.faces.notebook import render_notebook

        return render_notebook(self)
