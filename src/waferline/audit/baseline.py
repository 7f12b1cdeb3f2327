"""This module compares an audit with an earlier one: which findings are new, gone, or the same with other numbers.

A finding's id is its content, so a finding that moved is neither new nor gone. Of what is left on both sides,
an old and a new finding are one finding *changed* when they are of one relation with the same operands by role
and stand in the same words (digits aside), or else share at least half of their printed numbers, role by role;
or, whatever the relations, when all numbers are the same, or half of them in the same words. The same content with another
verdict is changed too.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waferline.audit.document import Document
from waferline.audit.finding import CONTEXT, VERDICTS, Audit, Finding, Remark
from waferline.errors import BadInput

_NUMBERS = re.compile(r"\d[\d.,，]*")
_SPACE = re.compile(r"\s+")
_FEW = 4  # letters around a number that make it recognisable by its words


@dataclass(frozen=True, slots=True)
class FormerFinding:
    """A finding as an earlier jsonl file tells it: its texts, not its offsets, which an edit moves."""

    id: str
    relation: str
    verdict: str
    stated: str
    inputs: tuple[tuple[str, str], ...]  # role and printed text
    prefix: str = ""
    suffix: str = ""
    explanation: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class FormerRemark:
    id: str
    kind: str
    text: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class FormerAudit:
    file: str
    findings: tuple[FormerFinding, ...]
    remarks: tuple[FormerRemark, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the earlier audit; findings in neither group stand as they stood."""

    new: tuple[Finding, ...] = ()
    gone: tuple[FormerFinding, ...] = ()
    changed: tuple[tuple[FormerFinding, Finding], ...] = ()
    new_remarks: tuple[Remark, ...] = ()
    gone_remarks: tuple[FormerRemark, ...] = ()

    @property
    def arrived(self) -> tuple[Finding, ...]:
        """New findings and changed ones as they are now."""
        return (*self.new, *(after for _, after in self.changed))

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        return {
            "new": [finding.id for finding in self.new],
            "changed": [{"from": _told(before), "to": after.id} for before, after in self.changed],
            "gone": [_told(finding) for finding in self.gone],
            "new_remarks": [remark.id for remark in self.new_remarks],
            "gone_remarks": [{"id": r.id, "kind": r.kind, "text": r.text} for r in self.gone_remarks],
        }


def read_baseline(path: Path) -> dict[str, FormerAudit]:
    """Earlier audits by the name of their file, from a jsonl file or a folder of them.

    Raises BadInput naming file and line when a line is no audit, or when a document is told twice.
    """
    audits: dict[str, FormerAudit] = {}
    files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise BadInput(
            str(path), "the baseline folder holds no .jsonl file", "what --format jsonl --out wrote"
        )
    for file in files:
        try:
            with file.open(encoding="utf-8", newline="\n") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        audit = _former(f"{file}:{number}", line)
                        if audit.file in audits:
                            raise BadInput(
                                f"{file}:{number}", "the document is in the baseline twice", found=audit.file
                            )
                        audits[audit.file] = audit
        except OSError as error:
            raise BadInput(str(file), f"the baseline cannot be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise BadInput(str(file), "the baseline is not UTF-8", "what --format jsonl wrote") from error
    return audits


def compare(audit: Audit, former: FormerAudit | None) -> Changes:
    """What is new, gone and changed in the audit since the former one; with none, everything is new."""
    if former is None:
        return Changes(new=audit.findings, new_remarks=audit.remarks)
    by_id: dict[str, list[FormerFinding]] = defaultdict(list)
    for finding in former.findings:
        by_id[finding.id].append(finding)
    left: list[Finding] = []
    changed: list[tuple[FormerFinding, Finding]] = []
    for now in audit.findings:
        same = by_id[now.id]
        if not same:
            left.append(now)
            continue
        # the same sentence may stand twice in a document: one verdict of each is taken first
        before = next((f for f in same if f.verdict == now.verdict), same[0])
        same.remove(before)
        if before.verdict != now.verdict:
            changed.append((before, now))
    gone = [finding for finding in former.findings if any(finding is f for f in by_id[finding.id])]
    pairs = _pairs(audit.document, gone, left)
    paired_before, paired_now = {id(b) for b, _ in pairs}, {id(n) for _, n in pairs}
    order = {id(finding): place for place, finding in enumerate(audit.findings)}
    kinds = Counter(remark.id for remark in former.remarks)
    new_remarks = []
    for remark in audit.remarks:
        if kinds[remark.id]:
            kinds[remark.id] -= 1
        else:
            new_remarks.append(remark)
    return Changes(
        new=tuple(finding for finding in left if id(finding) not in paired_now),
        gone=tuple(finding for finding in gone if id(finding) not in paired_before),
        changed=tuple(sorted([*changed, *pairs], key=lambda pair: order[id(pair[1])])),
        new_remarks=tuple(new_remarks),
        gone_remarks=tuple(_taken(former.remarks, kinds)),
    )


def _taken(remarks: Sequence[FormerRemark], counts: Counter[str]) -> list[FormerRemark]:
    taken = []
    for remark in remarks:
        if counts[remark.id]:
            counts[remark.id] -= 1
            taken.append(remark)
    return taken


def _pairs(
    document: Document, gone: Sequence[FormerFinding], left: Sequence[Finding]
) -> list[tuple[FormerFinding, Finding]]:
    """Old and new findings that are one finding changed, by the surest sign first."""
    pairs: list[tuple[FormerFinding, Finding]] = []
    waiting, unmatched = list(gone), list(left)
    for likeness in (_by_words, _by_numbers, _by_both):
        still = []
        for now in unmatched:
            around = context_of(document, now)
            best = max(
                ((likeness(before, now, around), -n) for n, before in enumerate(waiting)), default=(0.0, 0)
            )
            if best[0]:
                pairs.append((waiting.pop(-best[1]), now))
            else:
                still.append(now)
        unmatched = still
    return pairs


def _by_words(before: FormerFinding, now: Finding, around: tuple[str, str]) -> float:
    return float(_same_shape(before, now) and _same_words((before.prefix, before.suffix), around))


def _by_numbers(before: FormerFinding, now: Finding, around: tuple[str, str]) -> float:
    return _shared(before, now) if _same_shape(before, now) else 0.0


def _by_both(before: FormerFinding, now: Finding, around: tuple[str, str]) -> float:
    """A rise printed as a fall is another relation (direction) of the same sentence and the same numbers."""
    share = _shared(before, now)
    return share if share == 1 or _same_words((before.prefix, before.suffix), around) else 0.0


def _shared(before: FormerFinding, now: Finding) -> float:
    """The share of the new finding's numbers that the old one has in the same role; 0 where it is under a half."""
    numbers = Counter([("", now.stated.text), *((span.role, span.text) for span in now.inputs)])
    share = (numbers & Counter([("", before.stated), *before.inputs])).total() / numbers.total()
    return share if 2 * share >= 1 else 0.0


def context_of(document: Document, finding: Finding) -> tuple[str, str]:
    """The characters just before and after the stated number, as `Audit.to_json` writes them."""
    start, end = finding.stated.start, finding.stated.end
    return document.text[max(0, start - CONTEXT) : start], document.text[end : end + CONTEXT]


def _same_shape(before: FormerFinding, now: Finding) -> bool:
    """Whether both are of one relation with the same operands by role."""
    roles = sorted(role for role, _ in before.inputs)
    return before.relation == now.relation and roles == sorted(span.role for span in now.inputs)


def _same_words(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two numbers stand in the same words, digits aside; between bare numbers there are no words.

    The text told around a number is cut after so many characters, so a longer number near by moves its outer
    end: what both sides hold is compared.
    """
    before = sorted((_bare(one[0]), _bare(other[0])), key=len)
    after = sorted((_bare(one[1]), _bare(other[1])), key=len)
    letters = sum(sign.isalpha() for sign in before[0] + after[0])
    return letters >= _FEW and before[1].endswith(before[0]) and after[1].startswith(after[0])


def _bare(text: str) -> str:
    return _SPACE.sub("", _NUMBERS.sub("#", text))


def _told(finding: FormerFinding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "relation": finding.relation,
        "verdict": finding.verdict,
        "stated": finding.stated,
        "inputs": [{"role": role, "text": text} for role, text in finding.inputs],
        "explanation": finding.explanation,
        "page": finding.page,
    }


def _former(where: str, line: str) -> FormerAudit:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(where, "not a line of JSON", "what --format jsonl wrote") from error
    try:
        return FormerAudit(
            file=_string(data["file"]),
            findings=tuple(map(_finding, data["findings"])),
            remarks=tuple(
                FormerRemark(
                    _string(r["id"]), _string(r["kind"]), _string(r["text"]), _string(r["explanation"])
                )
                for r in data.get("remarks", [])
            ),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadInput(where, "not an audit", "what --format jsonl wrote", _found(error)) from error


def _finding(data: Mapping[str, Any]) -> FormerFinding:
    if data["verdict"] not in VERDICTS:
        raise ValueError(f"the verdict {data['verdict']!r}")
    page = data.get("page")
    return FormerFinding(
        id=_string(data["id"]),
        relation=_string(data["relation"]),
        verdict=data["verdict"],
        stated=_string(data["stated"]),
        inputs=tuple((_string(i["role"]), _string(i["text"])) for i in data["inputs"]),
        prefix=_string(data.get("prefix", "")),
        suffix=_string(data.get("suffix", "")),
        explanation=_string(data.get("explanation", "")),
        page=page if isinstance(page, int) else None,
    )


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text where a text belongs")
    return value


def _found(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)[:80]
