"""This module words the record of a build, `build.json`: what was shown, what was missing, what every number rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from waferline.evidence.snapshot import Snapshot
from waferline.quantity.decimals import rounded
from waferline.quantity.quantity import Leaf, Quantity
from waferline.study.assembly import Assembled, BoundNumber
from waferline.study.report import Exhibit, Lang, ThesisResult, Words

if TYPE_CHECKING:
    from waferline.build.self_audit import SelfAudit

SCHEMA = 2


def record(
    assembled: Mapping[Lang, Assembled],
    audited: Mapping[Lang, SelfAudit],
    known: Snapshot,
    study_id: str,
    evidence_digest: str,
) -> bytes:
    """The record as JSON: sorted where order says nothing, the same bytes for the same inputs."""
    first = next(iter(assembled.values()))
    leaves = tuple(dict.fromkeys(leaf for one in assembled.values() for leaf in one.leaves))
    data = {
        "schema": SCHEMA,
        "study": study_id,
        "as_of": known.day.isoformat(),
        "languages": list(assembled),
        "evidence": evidence_digest,
        "exhibits": [_exhibit(exhibit) for exhibit in first.report.exhibits.values()],
        "theses": [_thesis(thesis) for thesis in first.report.theses],
        "rating": {lang: one.report.cover.rating for lang, one in assembled.items()},
        "numbers": [
            {
                "id": number.id,
                "chapter": number.chapter,
                "start": number.start,
                "end": number.end,
                "text": _words(number.text),
                "unit": number.quantity.unit.name,
                **_value(number),
            }
            for one in assembled.values()
            for number in one.numbers
        ],
        "omitted": [
            {"chapter": entry.chapter, "line": entry.line, "why": entry.why}
            for one in assembled.values()
            for entry in one.omitted
        ],
        "observations": {
            "used": len(leaves),
            "assumed": sum(leaf.basis == "assumed" for leaf in leaves),
            "weak": sum(known.sources[leaf.source].tier == "weak" for leaf in leaves),
        },
        "self_audit": {lang: one.to_json() for lang, one in audited.items()},
        "backfilled": [_leaf(leaf) for leaf in leaves if leaf.backfilled],
        "assumed": [_leaf(leaf) for leaf in leaves if leaf.basis == "assumed" and not leaf.backfilled],
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _value(number: BoundNumber) -> dict[str, Any]:
    """A value with its trace; of a range `value` is null, and `low` (null if open) and `high` have one each."""
    if number.ends is None:
        return _traced(number.quantity)
    low, high = number.ends
    return {"value": None, "low": _traced(low) if low else None, "high": _traced(high)}


def _traced(quantity: Quantity) -> dict[str, Any]:
    return {"value": value_text(quantity), "trace": quantity.to_json()["trace"]}


def value_text(quantity: Quantity) -> str:
    """The value as a decimal string: as printed for an observation, else to ten places, without idle zeros."""
    if isinstance(quantity.trace, Leaf) and quantity.unit == quantity.trace.unit:
        return quantity.trace.literal
    text = rounded(quantity.value, 10)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _exhibit(exhibit: Exhibit) -> dict[str, Any]:
    return {
        "id": exhibit.id,
        "title": _words(exhibit.title),
        "status": exhibit.status,
        "points": exhibit.points,
        "first": str(exhibit.first) if exhibit.first else None,
        "last": str(exhibit.last) if exhibit.last else None,
        "missing": [_words(word) for word in exhibit.missing],
        "sources": list(exhibit.sources),
    }


def _thesis(thesis: ThesisResult) -> dict[str, Any]:
    return {
        "id": thesis.id,
        "title": _words(thesis.title),
        "status": thesis.status,
        "measures": [
            {"name": _words(name), "value": _words(value), "status": status}
            for name, value, status in thesis.measures
        ],
        "rule": _words(thesis.rule),
        "exhibits": list(thesis.exhibits),
    }


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _leaf(leaf: Leaf) -> dict[str, str]:
    found = {"series": leaf.series, "period": str(leaf.period), "known_from": leaf.known_from.isoformat()}
    if leaf.subject:
        found["subject"] = leaf.subject
    return found
