"""This module audits a document: it lays it out, collects the claims, judges each and counts the rest."""

from __future__ import annotations

from collections.abc import Iterator

from waferline.audit.claims.claim import Claim
from waferline.audit.claims.growth import growth_claims
from waferline.audit.claims.scene import Scene, scene_of
from waferline.audit.document import Document
from waferline.audit.finding import Audit, Finding
from waferline.audit.judge import judged
from waferline.audit.readers.plain import read_text


def audit_document(document: Document) -> Audit:
    """Recompute what the document's printed numbers say of each other."""
    scene = scene_of(document)
    findings: list[Finding] = []
    for claim in _claims(scene):
        finding = judged(claim)
        if finding is not None:
            findings.append(finding)
    findings.sort(key=lambda f: (f.stated.start, f.relation))
    return Audit(document, tuple(findings), (), _untested(scene, findings), _quantities(scene))


def audit_text(text: str, name: str = "text") -> Audit:
    """Audit a plain or Markdown text; offsets in the findings are offsets into it.

    >>> audit = audit_text("2024年销售额627.6亿元，上年为526.8亿元，增长91.1%。")
    >>> [(f.verdict, f.recomputed) for f in audit.findings]
    [('inconsistent', '19.13')]
    """
    return audit_document(read_text(text, name))


def _claims(scene: Scene) -> Iterator[Claim]:
    for line in scene.lines:
        if line.levels:
            yield from growth_claims(scene, line)


def _untested(scene: Scene, findings: list[Finding]) -> tuple[()]:
    return ()


def _quantities(scene: Scene) -> int:
    return sum(m.role == "quantity" for m in scene.mentions)
