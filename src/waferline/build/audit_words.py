"""This module says in words what a build's record holds of its self-audit. It reads the record only, so that a build
known before is told without loading the audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

Outcome = Literal["inconsistent", "basis_mismatch", "refuted"]
OUTCOMES: tuple[Outcome, ...] = ("inconsistent", "basis_mismatch", "refuted")
_SAID: dict[Outcome, str] = {
    "inconsistent": "inconsistent",
    "basis_mismatch": "different basis",
    "refuted": "the audit is wrong, by the traces",
}


def summary(lang: str, found: Mapping[str, Any]) -> str:
    """One line on the audit of one language; agreement is never called more than that."""
    if not found["checked"]:
        return f"Audit of report.{lang}: no relation between its {found['numbers']} numbers could be checked."
    told = [f"{len(found['inconsistent'])} inconsistent"]
    if found["basis_mismatch"]:
        told.append(f"{len(found['basis_mismatch'])} on different bases")
    if found["refuted"]:
        told.append(f"{len(found['refuted'])} refuted by the traces")
    return (
        f"Audit of report.{lang}: {found['checked']} relations checked, {found['consistent']} internally consistent, "
        f"{', '.join(told)}; "
        f"{found['untested']} of {found['numbers']} numbers untested."
    )


def contradictions(audited: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """A line for each contradiction, those of the report first, then the remarks."""
    for outcome in OUTCOMES:
        for lang, found in audited.items():
            for one in found[outcome]:
                why = f": {one['why']}" if "why" in one else ""
                yield (
                    f"report.{lang}: {_SAID[outcome]} ({one['relation']}){why}: {one['explanation']}. In: {one['sentence']}"
                )
    for lang, found in audited.items():
        for one in found["remarks"]:
            yield f"report.{lang}: remark ({one['kind']}): {one['text']}: {one['explanation']}"
