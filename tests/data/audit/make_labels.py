"""This module turns the marked cases into docs/*.txt and labels.csv. Run it after editing a case.

A case file holds documents. `=== NAME` opens one; in its text `{a|19.1%}` prints 19.1% and calls it a; the
lines after the text that begin with `::` are its labels:

    :: yoy c = g a b @ 2024;2023          c is the growth from b to a
    :: yoy c = -g a b                     the words say it fell
    :: share c = share a b ! planted 12%  wrong on purpose

Formulas and their inputs are those of arithmetic.py. A document without labels is a trap: it carries no
relation, and any "inconsistent" in it is a false alarm. Every label is recomputed here; a label that does not
do what it says is an error.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from arithmetic import check  # noqa: E402 - a script beside its module, run from anywhere

MARK = re.compile(r"\{(\w+)\|([^{}]*)\}")
LABEL = re.compile(
    r":: (?P<relation>\w+) (?P<lhs>\w+) = (?P<sign>-?)(?P<formula>\w+) (?P<inputs>[\w ]+?)"
    r"(?: @ (?P<periods>[^!]*?))?(?: (?P<wrong>!)(?P<note>.*)| \? ?(?P<remark>.*))?$"
)
RELATIONS = frozenset(
    [
        "yoy",
        "qoq",
        "mom",
        "cagr",
        "share",
        "sum",
        "difference",
        "ratio",
        "product",
        "average",
        "text_vs_table",
        "unit_change",
        "direction",
    ]
)
COLUMNS = [
    "doc",
    "relation",
    "lhs",
    "inputs",
    "inputs_periods",
    "consistent",
    "note",
    "label_id",
    "formula",
    "sign",
    "lhs_start",
    "lhs_end",
    "input_spans",
]


class CaseError(Exception):
    """A case that does not say what it means: file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Case:
    """One document and its labels as rows of labels.csv (without label_id)."""

    name: str
    text: str
    rows: tuple[dict[str, str], ...]


def _place(text: str, where: str) -> tuple[str, dict[str, tuple[int, int]]]:
    plain, spans, at, length = [], {}, 0, 0
    for match in MARK.finditer(text):
        before = text[at : match.start()]
        length += len(before)
        if match[1] in spans:
            raise CaseError(f"{where}: {match[1]} is marked twice")
        spans[match[1]] = (length, length + len(match[2]))
        plain += [before, match[2]]
        length += len(match[2])
        at = match.end()
    return "".join([*plain, text[at:]]), spans


def _row(line: str, name: str, text: str, spans: dict[str, tuple[int, int]], where: str) -> dict[str, str]:
    match = LABEL.match(line)
    if not match:
        raise CaseError(f"{where}: cannot read the label {line!r}")
    if match["relation"] not in RELATIONS:
        raise CaseError(f"{where}: no relation {match['relation']!r}")
    names = [match["lhs"], *match["inputs"].split()]
    missing = [each for each in names if each not in spans]
    if missing:
        raise CaseError(f"{where}: nothing is marked {missing[0]!r}")
    places = [spans[each] for each in names]
    lhs, *inputs = (text[start:end] for start, end in places)
    sign = -1 if match["sign"] else 1
    try:
        outcome = check(match["formula"], sign, lhs, inputs)
    except (ValueError, ZeroDivisionError) as error:
        raise CaseError(f"{where}: {line!r}: {error}") from error
    wrong = match["wrong"] is not None
    if outcome.meets == wrong:
        raise CaseError(f"{where}: {name}: {lhs} from {inputs}: {outcome}")
    note = f"planted: {match['note'].strip()}".rstrip(": ") if wrong else (match["remark"] or "")
    return {
        "doc": name,
        "relation": match["relation"],
        "lhs": lhs,
        "inputs": ";".join(inputs),
        "inputs_periods": (match["periods"] or "").strip(),
        "consistent": "no" if wrong else "yes",
        "note": note,
        "formula": match["formula"],
        "sign": str(sign),
        "lhs_start": str(places[0][0]),
        "lhs_end": str(places[0][1]),
        "input_spans": ";".join(f"{start}-{end}" for start, end in places[1:]),
    }


def cases(folder: Path = HERE / "cases") -> Iterator[Case]:
    """Every case of the folder, file by file, in order. Raises CaseError naming every label that is wrong."""
    faults: list[str] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*.txt")):
        blocks = re.split(r"^=== *", path.read_text(encoding="utf-8"), flags=re.M)
        line_number = blocks[0].count("\n") + 1
        for block in blocks[1:]:
            name, _, body = block.partition("\n")
            name, where = name.strip(), f"{path.name}:{line_number}"
            line_number += block.count("\n")
            if name in seen or not re.fullmatch(r"(tune|held)_(en|zh|tw)_\w+", name):
                raise CaseError(f"{where}: the name {name!r} is taken or malformed")
            seen.add(name)
            lines = body.rstrip("\n").split("\n")
            labels = [line for line in lines if line.startswith("::")]
            if name.endswith("_trap") == bool(labels):
                raise CaseError(f"{where}: {name}: a trap carries no label, and only a trap may")
            marked = "\n".join(line for line in lines if not line.startswith("::")).strip("\n") + "\n"
            text, spans = _place(marked, where)
            rows = []
            for line in labels:
                try:
                    rows.append(_row(line, name, text, spans, where))
                except CaseError as error:
                    faults.append(str(error))
            yield Case(name, text, tuple(rows))
    if faults:
        raise CaseError("\n".join(faults))


def table(made: list[Case]) -> str:
    """labels.csv of the cases, numbered in order of document name."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    rows = [row for case in sorted(made, key=lambda case: case.name) for row in case.rows]
    writer.writerows({**row, "label_id": str(number)} for number, row in enumerate(rows))
    return out.getvalue()


def main() -> int:
    try:
        made = list(cases())
    except CaseError as error:
        print(error, file=sys.stderr)
        return 1
    docs = HERE / "docs"
    docs.mkdir(exist_ok=True)
    for old in docs.glob("*.txt"):
        old.unlink()
    for case in made:
        (docs / f"{case.name}.txt").write_text(case.text, encoding="utf-8")
    (HERE / "labels.csv").write_text(table(made), encoding="utf-8")
    labels = sum(len(case.rows) for case in made)
    wrong = sum(row["consistent"] == "no" for case in made for row in case.rows)
    traps = sum(not case.rows for case in made)
    print(f"{len(made)} documents ({traps} without a relation), {labels} labels, {wrong} wrong on purpose")
    return 0


if __name__ == "__main__":
    sys.exit(main())
