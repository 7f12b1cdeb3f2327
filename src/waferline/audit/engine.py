"""This module audits a document: it lays it out, collects the claims, judges each and counts the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from waferline.audit.claims.beside_tables import beside_table_claims
from waferline.audit.claims.claim import STRONG, Claim
from waferline.audit.claims.differences import difference_claims
from waferline.audit.claims.directions import direction_claims
from waferline.audit.claims.grid import Grid, grids_of
from waferline.audit.claims.growth import growth_claims
from waferline.audit.claims.lists import list_claims
from waferline.audit.claims.mismatches import with_bases
from waferline.audit.claims.quotients import quotient_claims
from waferline.audit.claims.restatements import restatement_claims, unit_change_claims
from waferline.audit.claims.scene import Scene, scene_of
from waferline.audit.claims.shares import share_claims
from waferline.audit.claims.sums import sum_claims
from waferline.audit.claims.table_restatements import table_restatement_claims
from waferline.audit.claims.tables import table_claims
from waferline.audit.confidence import earned
from waferline.audit.document import Document
from waferline.audit.finding import Audit, Finding, Span
from waferline.audit.judge import judged
from waferline.audit.mentions import Mention
from waferline.audit.readers.plain import read_text
from waferline.audit.remarks.rules import remarks_of

if TYPE_CHECKING:
    from waferline.audit.proposals import Proposer
    from waferline.evidence import Snapshot

_RULES = (
    unit_change_claims,
    list_claims,
    direction_claims,
    growth_claims,
    share_claims,
    difference_claims,
    sum_claims,
    quotient_claims,
)


def audit_document(
    document: Document, evidence: Snapshot | None = None, propose: Proposer | None = None
) -> Audit:
    """Recompute what the document's printed numbers say of each other.

    With `evidence`, also set stated facts beside what a study knew on the snapshot's day. With `propose`, links
    that it proposes are recomputed, too: they add findings that agree or cannot be decided, and change no other.
    """
    scene = scene_of(document)
    grids = list(grids_of(scene))
    found = [(claim, _judged(scene, claim)) for claim in claims_of(scene, grids)]
    findings = _settled(found)
    untested = _untested(scene, findings)
    if propose is not None:
        from waferline.audit.proposals import weighed

        findings, line = weighed(scene, grids, findings, propose)
        document = replace(document, notes=(*document.notes, line))
    audit = Audit(document, findings, remarks_of(scene), untested, _quantities(scene))
    if evidence is None:
        return audit
    from waferline.audit.against.comparing import comparisons_of

    return replace(
        audit, comparisons=comparisons_of(document, evidence, scene, grids), evidence_day=evidence.day
    )


def audit_text(text: str, name: str = "text", propose: Proposer | None = None) -> Audit:
    """Audit a plain or Markdown text; offsets in the findings are offsets into it. `propose`: see `audit_document`.

    >>> audit = audit_text("2024年销售额627.6亿元，上年为526.8亿元，增长91.1%。")
    >>> [(f.verdict, f.recomputed) for f in audit.findings]
    [('inconsistent', '19.13')]
    """
    return audit_document(read_text(text, name), propose=propose)


def claims_of(scene: Scene, grids: Sequence[Grid]) -> Iterator[Claim]:
    """What a document's numbers claim of each other, rule by rule, before any arithmetic."""
    for grid in grids:
        yield from table_claims(grid)
    for line in scene.lines:
        if line.levels:
            placed: set[int] = set()
            for rule in _RULES:
                for claim in rule(scene, line):
                    if rule is list_claims:
                        placed.add(claim.stated.first)
                    elif claim.stated.first in placed:
                        continue  # its place in the list says what it belongs to
                    yield claim
            yield from beside_table_claims(scene, grids, line)
    yield from restatement_claims(scene)
    yield from table_restatement_claims(grids)


def _judged(scene: Scene, claim: Claim) -> Finding | None:
    """The finding of a claim; before it accuses, what is known of its operands' bases is looked at."""
    finding = judged(claim)
    if finding is None or finding.verdict == "consistent":
        return finding
    based = with_bases(scene, claim)
    return finding if based is claim else judged(based)


def _settled(found: Sequence[tuple[Claim, Finding | None]]) -> tuple[Finding, ...]:
    """One finding a stated number and set of operands, the surest first; what agrees one way is not accused
    another way on a weaker link."""
    agreed: dict[tuple[int, str], float] = {}
    for claim, finding in found:
        if finding and finding.verdict == "consistent":
            key = (claim.stated.first, claim.relation)
            agreed[key] = max(agreed.get(key, 0.0), finding.confidence)
    parts = {
        (f.relation, s.start)
        for _, f in found
        if f is not None and f.verdict == "consistent"
        for s in f.inputs
    }
    kept: dict[tuple[int, str, frozenset[int]], Finding] = {}
    for claim, finding in found:
        if finding is None:
            continue
        if (
            finding.verdict != "consistent"
            and agreed.get((claim.stated.first, claim.relation), 0.0) > finding.confidence - 0.25
        ):
            continue
        if (
            finding.verdict != "consistent"
            and (finding.relation, finding.stated.start) in parts
            and finding.confidence < STRONG
        ):
            continue  # a part of one sum is no total of its neighbours
        key3 = (finding.stated.start, finding.relation, frozenset(s.start for s in finding.inputs))
        if key3 not in kept or kept[key3].confidence < finding.confidence:
            kept[key3] = finding
    accused = [f for f in kept.values() if f.verdict == "inconsistent" and f.relation == "sum"]
    rated = (_rated(finding) for finding in kept.values() if not any(_is_part(finding, f) for f in accused))
    return tuple(sorted(rated, key=lambda f: (f.stated.start, f.relation)))


def _is_part(finding: Finding, surer: Finding) -> bool:
    """True if the total of one accused sum is a part of another that its text ties better: one of them is misread."""
    return (
        finding.verdict == "inconsistent"
        and finding.relation == "sum"
        and finding.confidence < surer.confidence
        and any(s.start == finding.stated.start for s in surer.inputs)
    )


def _rated(finding: Finding) -> Finding:
    """An accusation with the confidence that ones of its link have earned."""
    if finding.verdict != "inconsistent":
        return finding
    return replace(finding, confidence=earned(finding.confidence, by_slip=finding.slip is not None))


def _untested(scene: Scene, findings: Sequence[Finding]) -> tuple[Span, ...]:
    """The quantities no relation was tested against, in text order."""
    used = {s.start for f in findings for s in (f.stated, *f.inputs)}
    return tuple(
        m.span()
        for m in _audited(scene)
        if m.role == "quantity" and m.measure.kind not in ("time", "spec") and m.start not in used
    )


def _quantities(scene: Scene) -> int:
    return sum(m.role == "quantity" for m in _audited(scene))


def _audited(scene: Scene) -> Iterator[Mention]:
    """The numbers that belong to what the document says: not its list of contents, not running heads."""
    left_out = [b for b in scene.document.blocks if b.kind in ("contents", "furniture")]
    i = 0
    for m in scene.mentions:
        while i < len(left_out) and left_out[i].end <= m.first:
            i += 1
        if i == len(left_out) or m.first < left_out[i].start:
            yield m
