"""This module measures the audit on labelled documents and on copies with one changed number.

What counts, and it is deliberately strict:

- A label is *found* when one decided finding (consistent or inconsistent) names all its numbers, in any role,
  and at most one input more; a number printed twice may be named at either place.
- A found label is *right* when a wrong one got an "inconsistent", and a right one got none.
- A *false alarm* is an "inconsistent" that touches no number that is wrong on purpose.
- A changed copy is *caught* when an "inconsistent" touches the changed place, or states a number that the change
  broke, and the same was not already flagged in the unchanged document.
- Spans over 40 characters and findings with more than 20 inputs are not counted at all.
"""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.audit.mutate import KINDS, Mutant, Span, mutants, spans

DATA = Path(__file__).parent.parent / "data" / "audit"
LONGEST_SPAN = 40
MOST_INPUTS = 20
DECIDED = ("consistent", "inconsistent")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")

Auditor = Callable[[str], Sequence[Mapping[str, Any]]]
"""Takes a text, gives its findings in the form of `Finding.to_json`."""


@dataclass(frozen=True, slots=True)
class Label:
    """One row of labels.csv with its places."""

    id: str
    doc: str
    relation: str
    lhs: Span
    inputs: tuple[Span, ...]
    right: bool
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Labelled:
    """The documents of a folder and their labels."""

    texts: Mapping[str, str]
    labels: Mapping[str, tuple[Label, ...]]

    def only(self, start: str) -> Labelled:
        """The documents whose name starts so: tune, held, held_en …"""
        texts = {name: text for name, text in self.texts.items() if name.startswith(start)}
        return Labelled(texts, {name: self.labels[name] for name in texts})


def labelled(folder: Path = DATA) -> Labelled:
    """Read docs/*.txt and labels.csv. A document without a row carries no relation."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((folder / "docs").glob("*.txt"))}
    rows: dict[str, list[Label]] = {name: [] for name in texts}
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            place = (int(row["lhs_start"]), int(row["lhs_end"]))
            inputs = tuple(spans(row["input_spans"]))
            right = row["consistent"] == "yes"
            rows[row["doc"]].append(
                Label(row["label_id"], row["doc"], row["relation"], place, inputs, right, row)
            )
    return Labelled(texts, {name: tuple(its) for name, its in rows.items()})


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding as far as it is measured."""

    stated: Span
    inputs: tuple[Span, ...]
    verdict: str
    relation: str
    confidence: float = 1.0

    @property
    def places(self) -> tuple[Span, ...]:
        return (self.stated, *self.inputs)


def seen(findings: Iterable[Mapping[str, Any]]) -> list[Seen]:
    """The findings that count."""
    kept = []
    for finding in findings:
        inputs = tuple((int(each["start"]), int(each["end"])) for each in finding["inputs"])
        stated = (int(finding["start"]), int(finding["end"]))
        sure = float(finding.get("confidence", 1.0))
        one = Seen(stated, inputs, finding["verdict"], finding["relation"], sure)
        if len(inputs) <= MOST_INPUTS and all(end - start <= LONGEST_SPAN for start, end in one.places):
            kept.append(one)
    return kept


# Lower ends of the bins of confidence: no flag is below the first.
BINS = (0.50, 0.90, 0.93, 0.97)


@dataclass(slots=True)
class Bin:
    """The flags whose confidence lies in one bin: how many, how many of them right, and the sum of confidences."""

    flags: int = 0
    right: int = 0
    confidence: float = 0.0


def _touch(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _aliases(text: str, span: Span) -> list[Span]:
    """Every place where the same digits are printed, the given one first."""
    match = NUMBER.search(text, *span)
    if not match:
        return [span]
    digits = match.group().rstrip(",")
    same = re.finditer(rf"(?<![\d.,]){re.escape(digits)}(?!\d|[.,]\d)", text)
    return [span, *(each.span() for each in same)]


def _names_all(places: Sequence[Span], wanted: Sequence[Sequence[Span]]) -> bool:
    return all(any(_touch(place, alias) for place in places for alias in aliases) for aliases in wanted)


@dataclass(slots=True)
class Score:
    """Counts of one group of documents. Rates are None where there is nothing to rate."""

    documents: int = 0
    labelled: int = 0
    found: int = 0
    right: int = 0
    unverifiable: int = 0
    planted: int = 0
    planted_caught: int = 0
    alarms: int = 0
    true_flags: int = 0
    checked: int = 0
    changed: int = 0
    caught: int = 0
    changed_true_flags: int = 0
    changed_alarms: int = 0

    def add(self, other: Score) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def rates(self) -> dict[str, float | None]:
        """found of labelled, right of found, flag precision (unchanged / with copies), alarms a document, recall."""

        def part(a: int, b: int) -> float | None:
            return round(a / b, 4) if b else None

        flags = self.true_flags + self.alarms
        every = flags + self.changed_true_flags + self.changed_alarms
        return {
            "found": part(self.found, self.labelled),
            "decided_right": part(self.right, self.found),
            "planted_caught": part(self.planted_caught, self.planted),
            "flag_precision_unchanged": part(self.true_flags, flags),
            "flag_precision": part(self.true_flags + self.changed_true_flags, every),
            "alarms_per_document": part(self.alarms, self.documents),
            "changed_caught": part(self.caught, self.changed),
        }

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__} | {"rates": self.rates}


@dataclass(slots=True)
class Report:
    """Scores by group ("tune", "held en", "held yoy", "held digit_swap" …) and what to look at."""

    groups: dict[str, Score] = field(default_factory=dict)
    alarms: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    uncaught: list[str] = field(default_factory=list)
    bins: dict[tuple[str, float], Bin] = field(default_factory=dict)  # by half and lower end
    seconds: float = 0.0
    texts: int = 0

    def to(self, groups: Iterable[str], counts: Score) -> None:
        for group in groups:
            self.groups.setdefault(group, Score()).add(counts)

    def flag(self, doc: str, one: Seen, right: bool) -> None:
        """Count a flag in the bin of its confidence."""
        low = max((low for low in BINS if low <= one.confidence), default=BINS[0])
        its = self.bins.setdefault((doc.split("_")[0], low), Bin())
        its.flags += 1
        its.right += right
        its.confidence += one.confidence

    def to_json(self) -> dict[str, Any]:
        return {
            "groups": {name: self.groups[name].to_json() for name in sorted(self.groups)},
            "texts_per_second": round(self.texts / self.seconds, 1) if self.seconds else None,
        }


def _groups(doc: str, *kinds: str) -> list[str]:
    half, lang = doc.split("_")[:2]
    sides = [half, f"{half} {'en' if lang == 'en' else 'zh'}"] + ([f"{half} zh-Hant"] if lang == "tw" else [])
    return sides + [f"{half} {kind}" for kind in kinds]


def _shown(text: str, finding: Seen) -> str:
    numbers = ", ".join(text[slice(*span)] for span in finding.inputs)
    return f"{finding.relation} {text[slice(*finding.stated)]} from {numbers}"


def _document(report: Report, doc: str, text: str, labels: Sequence[Label], found: Sequence[Seen]) -> None:
    counts = Score(documents=1, checked=sum(one.verdict in DECIDED for one in found))
    wrong = [label.lhs for label in labels if not label.right]
    for one in found:
        if one.verdict != "inconsistent":
            continue
        if any(_touch(place, lhs) for place in one.places for lhs in wrong):
            counts.true_flags += 1
            report.flag(doc, one, True)
        else:
            counts.alarms += 1
            report.flag(doc, one, False)
            report.alarms.append(f"{doc}: {_shown(text, one)}")
    report.to(_groups(doc), counts)
    for label in labels:
        wanted = [_aliases(text, span) for span in (label.lhs, *label.inputs)]
        naming = [
            one
            for one in found
            if len(one.inputs) <= len(label.inputs) + 1 and _names_all(one.places, wanted)
        ]
        decided = {one.verdict for one in naming} & set(DECIDED)
        flagged = any(
            one.verdict == "inconsistent" and any(_touch(place, label.lhs) for place in one.places)
            for one in found
        )
        one_label = Score(
            labelled=1,
            found=bool(decided),
            right=bool(decided) and ("inconsistent" in decided) is not label.right,
            unverifiable=not decided and any(one.verdict == "unverifiable" for one in naming),
            planted=not label.right,
            planted_caught=not label.right and flagged,
        )
        report.to(_groups(doc, label.relation), one_label)
        if not decided:
            report.missed.append(f"{doc}: {label.relation} {label.row['lhs']} from {label.row['inputs']}")


def _copy(
    report: Report, mutant: Mutant, labels: Sequence[Label], before: Sequence[Seen], found: Sequence[Seen]
) -> None:
    wrong = [
        (label.lhs[0] + mutant.shift, label.lhs[1] + mutant.shift)
        if label.lhs[0] >= mutant.place[0]
        else label.lhs
        for label in labels
        if not label.right
    ]
    counts = Score(changed=1)
    caught = False
    for one in found:
        if one.verdict != "inconsistent":
            continue
        if any(_touch(place, mutant.place) for place in one.places) or any(
            _touch(one.stated, lhs) for lhs in mutant.lhs
        ):
            caught = True
            counts.changed_true_flags += 1
            report.flag(mutant.doc, one, True)
        elif not any(_touch(place, lhs) for place in one.places for lhs in wrong):
            counts.changed_alarms += 1
            report.flag(mutant.doc, one, False)
    was = (mutant.place[0], mutant.place[0] + max(1, len(mutant.original)))
    touched = [was, *(label.lhs for label in labels if label.id in mutant.broken)]
    already = any(
        one.verdict == "inconsistent" and any(_touch(place, span) for place in one.places for span in touched)
        for one in before
    )
    counts.caught = int(caught and not already)
    report.to(_groups(mutant.doc, mutant.relation, mutant.kind), counts)
    if not counts.caught:
        changed = mutant.text[slice(*mutant.place)]
        report.uncaught.append(
            f"{mutant.doc}: {mutant.kind} {mutant.original} → {changed} ({mutant.relation})"
        )


def measure(data: Labelled, audit: Auditor, *, most: int = 4) -> Report:
    """Audit every document and up to `most` changed copies of it, and count."""
    report = Report()

    def timed(text: str) -> list[Seen]:
        start = time.perf_counter()
        findings = audit(text)
        report.seconds += time.perf_counter() - start
        report.texts += 1
        return seen(findings)

    for doc, text in data.texts.items():
        labels = data.labels[doc]
        before = timed(text)
        _document(report, doc, text, labels, before)
        for mutant in mutants(doc, text, [label.row for label in labels], most=most):
            _copy(report, mutant, labels, before, timed(mutant.text))
    return report


RELATIONS = (
    *("yoy", "qoq", "mom", "cagr", "share", "sum", "difference", "ratio", "product", "average"),
    *("text_vs_table", "unit_change", "direction"),
)


def _cell(part: int, whole: int) -> str:
    return f"{part}/{whole} ({100 * part / whole:.0f} %)" if whole else "–"


def reliability(report: Report, half: str) -> str:
    """How often a flag is right by the confidence it carries, as a Markdown table."""
    lines = ["| confidence | flags | mean confidence | right |", "|---|---|---|---|"]
    for low, high in zip(BINS, (*BINS[1:], 1.0), strict=True):
        its = report.bins.get((half, low), Bin())
        mean = f"{its.confidence / its.flags:.2f}" if its.flags else "–"
        lines.append(f"| {low:.2f} to {high:.2f} | {its.flags} | {mean} | {_cell(its.right, its.flags)} |")
    return "\n".join(lines) + "\n"


def tables(report: Report, half: str) -> str:
    """The scores of one half ("tune" or "held") as Markdown tables."""
    lines = [
        "| | documents | relations found | decided right | wrong ones caught | false alarms | a document | flag precision | changed copies caught |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for title, group in (
        ("all", half),
        ("English", f"{half} en"),
        ("Chinese", f"{half} zh"),
        ("of it traditional", f"{half} zh-Hant"),
    ):
        s = report.groups.get(group, Score())
        flags = s.true_flags + s.changed_true_flags
        lines.append(
            f"| {title} | {s.documents} | {_cell(s.found, s.labelled)} | {_cell(s.right, s.found)} "
            f"| {_cell(s.planted_caught, s.planted)} | {s.alarms} | {s.alarms / max(1, s.documents):.3f} "
            f"| {_cell(flags, flags + s.alarms + s.changed_alarms)} | {_cell(s.caught, s.changed)} |"
        )
    lines += [
        "",
        "| relation | labelled | found | decided right | found but not decided | wrong ones caught | changed copies caught |",
        "|---|---|---|---|---|---|---|",
    ]
    for relation in RELATIONS:
        s = report.groups.get(f"{half} {relation}", Score())
        lines.append(
            f"| `{relation}` | {s.labelled} | {_cell(s.found, s.labelled)} | {_cell(s.right, s.found)} "
            f"| {s.unverifiable} | {_cell(s.planted_caught, s.planted)} | {_cell(s.caught, s.changed)} |"
        )
    lines += ["", "| change | copies caught |", "|---|---|"]
    for kind in KINDS:
        s = report.groups.get(f"{half} {kind}", Score())
        lines.append(f"| {kind.replace('_', ' ')} | {_cell(s.caught, s.changed)} |")
    return "\n".join(lines) + "\n"


def wilson(part: int, whole: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927): sound for few cases and shares near one."""
    share, spread = part / whole, z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = z * ((share * (1 - share) + spread / 4) / whole) ** 0.5 / (1 + spread)
    return middle - half, middle + half


def precision(path: Path = DATA / "precision.csv") -> str:
    """How many of the relations drawn and read are relations of their numbers, as a Markdown table."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lines = ["| draw | from | drawn | are relations | 95 % interval |", "|---|---|---|---|---|"]
    for draw in sorted({row["draw"] for row in rows}):
        mine = [row for row in rows if row["draw"] == draw]
        for source in (*dict.fromkeys(row["source"] for row in mine), "all"):
            its = [row for row in mine if source in (row["source"], "all")]
            right = sum(row["related"] == "yes" for row in its)
            low, high = wilson(right, len(its))
            lines.append(
                f"| {draw} | {source} | {len(its)} | {_cell(right, len(its))} | {100 * low:.1f} to {100 * high:.1f} % |"
            )
    return "\n".join(lines) + "\n"
