"""The scorer counts what it says it counts, the copies are what they say, and the audit keeps its accuracy."""

from __future__ import annotations

import csv
import runpy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from audit.accuracy import DATA, Labelled, Report, labelled, measure, reliability, wilson
from data.audit.make_labels import cases
from data.audit.mutate import KINDS, mutants, spans

from waferline.audit import audit_text

# What was measured, less a little: raise these when the audit gets better, never lower them for a change.
FLAG_PRECISION = 0.94
ALARMS_PER_DOCUMENT = 0.05
FOUND = 0.87
DECIDED_RIGHT = 0.98
CAUGHT = 0.70

TEXT = "Sales were {a|120} in 2024, up {b|20.0%} from {c|100} in 2023. Costs were {d|50}, up {e|10%} from {f|40}.\n"
CASE = f"=== tune_en_small\n{TEXT}:: yoy b = g a c\n:: yoy e = g d f ! planted: 25%\n"


@pytest.fixture
def small(tmp_path) -> Labelled:
    """One document: a growth that holds and one that is wrong on purpose."""
    (tmp_path / "docs").mkdir()
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "a.txt").write_text(CASE, encoding="utf-8")
    (case,) = cases(folder)
    (tmp_path / "docs" / f"{case.name}.txt").write_text(case.text, encoding="utf-8")
    rows = [{**row, "label_id": str(n)} for n, row in enumerate(case.rows)]
    header = ",".join(rows[0])
    lines = [",".join(row.values()) for row in rows]
    (tmp_path / "labels.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return labelled(tmp_path)


def said(text: str, stated: str, inputs: Sequence[str], verdict: str) -> Mapping[str, Any]:
    """A finding about numbers given by their text, each of which is printed once."""

    def place(number: str) -> dict[str, int]:
        start = text.index(number)
        return {"start": start, "end": start + len(number)}

    return {
        **place(stated),
        "relation": "yoy",
        "verdict": verdict,
        "inputs": [place(number) for number in inputs],
    }


def test_an_auditor_that_says_what_the_labels_say_is_right_about_everything(small: Labelled):
    def oracle(text: str) -> list[Mapping[str, Any]]:
        good = said(text, "20.0%", ["120", "100"], "consistent")
        return [good, said(text, "10%", ["50", "40"], "inconsistent")]

    counts = measure(small, oracle, most=0).groups["tune"]

    assert (counts.labelled, counts.found, counts.right, counts.planted_caught) == (2, 2, 2, 1)
    assert (counts.alarms, counts.true_flags) == (0, 1)


def test_a_flag_on_a_right_number_is_a_false_alarm(small: Labelled):
    def accuser(text: str) -> list[Mapping[str, Any]]:
        return [said(text, "20.0%", ["120", "100"], "inconsistent")]

    report = measure(small, accuser, most=0)

    counts = report.groups["tune"]
    assert (counts.alarms, counts.true_flags, counts.found, counts.right) == (1, 0, 1, 0)
    assert report.alarms == ["tune_en_small: yoy 20.0% from 120, 100"]


@pytest.mark.parametrize(
    "finding",
    [
        {"inputs": ["120"], "verdict": "consistent"},
        {"inputs": ["120", "100"], "verdict": "unverifiable"},
        {"inputs": ["120", "100", "50", "40"], "verdict": "consistent"},
    ],
    ids=["an operand is missing", "undecided", "a list of numbers"],
)
def test_a_relation_is_not_found_by(small: Labelled, finding: Mapping[str, Any]):
    report = measure(small, lambda text: [said(text, "20.0%", **finding)], most=0)

    assert report.groups["tune"].found == 0


def test_a_copy_is_caught_only_by_a_flag_that_the_unchanged_document_did_not_get(small: Labelled):
    def at_first_number(text: str) -> list[Mapping[str, Any]]:
        return [{"start": 0, "end": 40, "relation": "yoy", "verdict": "inconsistent", "inputs": []}]

    counts = measure(small, at_first_number, most=2).groups["tune"]

    assert counts.changed == 2
    assert counts.caught == 0


def test_a_copy_differs_from_its_document_in_one_place_and_breaks_its_label():
    data = labelled()
    made = [
        (data.texts[doc], mutant)
        for doc, labels in data.labels.items()
        for mutant in mutants(doc, data.texts[doc], [label.row for label in labels])
    ]

    assert {mutant.kind for _, mutant in made} == set(KINDS)
    assert len(made) > 500
    for text, mutant in made:
        start, end = mutant.place
        assert mutant.text[:start] + mutant.original + mutant.text[end:] == text
        assert mutant.label in mutant.broken


def test_copies_are_the_same_every_time():
    data = labelled().only("tune_en_ad_company")
    (doc, text), *_ = data.texts.items()
    rows = [label.row for label in data.labels[doc]]

    assert list(mutants(doc, text, rows)) == list(mutants(doc, text, rows))


def test_both_halves_hold_every_relation_and_both_languages():
    data = labelled()
    for half in ("tune", "held"):
        its = data.only(half)
        labels = [label for each in its.labels.values() for label in each]
        assert len({label.relation for label in labels}) == 13
        assert sum(not each for each in its.labels.values()) >= 20, "documents without a relation"
        assert {name.split("_")[1] for name in its.texts} == {"en", "zh", "tw"}
        assert 0.07 < sum(not label.right for label in labels) / len(labels) < 0.13


@pytest.fixture(scope="module")
def measured() -> Report:
    """The audit on every labelled document and its changed copies."""
    return measure(labelled(), lambda text: audit_text(text).to_json()["findings"])


@pytest.mark.parametrize("half", ["tune", "held"])
def test_a_flag_can_be_trusted(measured: Report, half: str):
    counts = measured.groups[half]
    assert counts.rates["flag_precision"] >= FLAG_PRECISION
    assert counts.rates["alarms_per_document"] <= ALARMS_PER_DOCUMENT


@pytest.mark.parametrize("half", ["tune", "held"])
def test_relations_are_found_and_errors_caught(measured: Report, half: str):
    rates = measured.groups[half].rates
    assert rates["found"] >= FOUND
    assert rates["decided_right"] >= DECIDED_RIGHT
    assert rates["changed_caught"] >= CAUGHT


def test_published_accuracy_is_what_is_measured(measured: Report):
    tool = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "measure_audit.py"))

    assert tool["PAGE"].read_text(encoding="utf-8") == tool["page"](measured), (
        "run tools/measure_audit.py --write"
    )


def test_flags_are_counted_by_the_confidence_they_carry(small: Labelled):
    def auditor(text: str) -> list[Mapping[str, Any]]:
        wrong = said(text, "10%", ["50", "40"], "inconsistent") if "10%" in text and "40" in text else None
        false = (
            said(text, "20.0%", ["120", "100"], "inconsistent")
            if text == small.texts["tune_en_small"]
            else None
        )
        return [{**f, "confidence": c} for f, c in ((wrong, 0.98), (false, 0.92)) if f]

    report = measure(small, auditor, most=0)
    told = reliability(report, "tune")
    assert "| 0.97 to 1.00 | 1 | 0.98 | 1/1 (100 %) |" in told
    assert "| 0.90 to 0.93 | 1 | 0.92 | 0/1 (0 %) |" in told
    assert "| 0.50 to 0.90 | 0 | – | – |" in told


def test_the_judged_relations_stand_where_they_say():
    with (DATA / "precision.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts = labelled().only("tune").texts

    for draw in ("1", "2"):
        assert sum(row["draw"] == draw for row in rows) >= 300
    ours = [row for row in rows if row["source"] == "tune documents"]
    assert len(ours) == 300
    for row in ours:
        text = texts[row["doc"]]
        assert text.startswith(row["stated"], int(row["stated_start"]))
        assert [text[slice(*span)] for span in spans(row["input_spans"])] == row["inputs"].split(";")
    assert all(row["note"] for row in rows if row["related"] == "no")


@pytest.mark.parametrize(("part", "whole"), [(81, 263), (15, 148), (120, 120), (1, 29)])
def test_each_end_of_the_interval_lies_just_so_far_from_what_was_found(part: int, whole: int):
    for end in wilson(part, whole):
        assert abs(part / whole - end) == pytest.approx(1.96 * (end * (1 - end) / whole) ** 0.5)
