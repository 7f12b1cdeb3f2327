"""Measures the audit on the labelled documents and prints it, as tables or JSON.

`--write` puts the tables into docs/reference/audit-accuracy.md. `--show` lists what the audit got wrong, for the
half that may be looked at; the held-back half is only ever counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from audit.accuracy import Report, labelled, measure, precision, reliability, tables  # type: ignore[import-not-found]  # noqa: E402

from waferline.audit import audit_text  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "audit-accuracy.md"
TITLES = {
    "held": "Held back: not to be read by whoever writes rules",
    "tune": "Read while the rules were written",
}

_CONFIDENCE = (
    "Flags by the confidence they carry, in the documents and the copies; *right* is flag precision within the bin. "
    "The confidence of a flag is the share of right ones among readings of that link on the documents read while the rules were written "
    "(isotonic regression over all readings that contradict a number, flagged or not, apart for those that one slip of the pen explains; "
    "`tools/calibrate_audit.py`). On the half held back it promises a little too much from 0.97 on, and clearly too much between 0.93 and 0.97, where no slip explains the flag and the link is middling. "
    "Every copy has an error; where errors are rarer, a flag is right less often. "
)


_PRECISION = (
    "The labels do not name every relation of a document, so a reported one without a label may be right or not. "
    "Relations that the audit decided were therefore drawn at random (fixed seed) and read one by one: are these numbers really part and whole, new and base, sum and parts? "
    "One that only happens to agree is wrong. A doubtful one counts as wrong; one that a label names counts as right. "
    "The tune documents are ours; the releases are a collection of 157 real ones, in other words but with their numbers, of which all prose relations and a sample of those in tables were read; their texts are not part of this repository. "
    "The judgements are in `tests/data/audit/precision.csv`. "
    "Draw 1 is what was found; the classes of its wrong ones were then fixed, and draw 2 was made with another seed from what was left, so it flatters prose: those are the same texts. A few rules changed after it."
)


def findings(text: str) -> Sequence[Mapping[str, Any]]:
    """The audit's findings of one text, in their JSON form."""
    found: Sequence[Mapping[str, Any]] = audit_text(text).to_json()["findings"]
    return found


def page(report: Report) -> str:
    """The reference page: the protocol and both halves."""
    lines = [
        "# How often the audit is right",
        "<!-- Made by tools/measure_audit.py --write. -->",
        "Short documents in Chinese and English, written in the manner of real releases, with the relations between their numbers labelled by hand (`tests/data/audit/`).",
        "They are our own sentences, not a sample of real reports: expect other figures there.",
        "About one label in ten is wrong on purpose; about one document in four carries numbers that look related and are not.",
        "From each document up to four copies are made with one change: two digits swapped, the decimal point moved, the direction turned round, a wrong scale word, a stale value.",
        "",
        "- A relation is *found* when one decided finding names all its numbers and at most one more; *decided right* when a wrong one is flagged and a right one is not.",
        "- A *false alarm* is an `inconsistent` that touches no number that is wrong on purpose. *Flag precision* counts the documents and the copies.",
        "- A copy is *caught* when an `inconsistent` touches the changed place or states a number that the change broke.",
        "- `unit_change`, `direction`, `average` and `product` have few labels: read their counts, not their percentages.",
        "- The classes of what was missed in the held half were told once, in words and with invented examples, to whoever "
        "writes the rules; so its figures flatter wording of those classes.",
        "",
    ]
    for half, title in TITLES.items():
        lines += [f"## {title}", "", tables(report, half)]
        lines += [_CONFIDENCE, "", reliability(report, half)]
    lines += ["## Relations that are none", "", _PRECISION, "", precision()]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print every group's counts and rates as JSON")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    parser.add_argument("--show", action="store_true", help="list alarms, misses and uncaught copies (tune)")
    parser.add_argument("--only", default="", help="documents whose name starts so: tune, held, held_en …")
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("--write needs all documents; leave out --only")
    report = measure(labelled().only(options.only), findings)
    if options.json:
        print(json.dumps(report.to_json(), indent=1))
    else:
        for half in TITLES:
            if half in report.groups:
                print(f"{half}\n\n{tables(report, half)}\n{reliability(report, half)}")
        print(f"{report.texts} texts, {report.texts / report.seconds:.0f} a second")
    if options.show:
        for title, lines in (
            ("False alarms", report.alarms),
            ("Not found", report.missed),
            ("Not caught", report.uncaught),
        ):
            tuned = [line for line in lines if line.startswith("tune_")]
            print(f"\n{title} ({len(tuned)})", *tuned, sep="\n")
    if options.write:
        PAGE.write_text(page(report), encoding="utf-8")


if __name__ == "__main__":
    main()
