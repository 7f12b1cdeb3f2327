"""The labelled documents are what their cases say, and the arithmetic that judges them is right by hand."""

from __future__ import annotations

import csv

import pytest
from data.audit import arithmetic, make_labels


def test_documents_and_labels_are_made_from_the_cases():
    made = list(make_labels.cases())

    assert (make_labels.HERE / "labels.csv").read_text(encoding="utf-8") == make_labels.table(made)
    kept = {p.stem: p.read_text(encoding="utf-8") for p in (make_labels.HERE / "docs").glob("*.txt")}
    assert kept == {case.name: case.text for case in made}


def test_every_label_points_at_its_numbers():
    with (make_labels.HERE / "labels.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            text = (make_labels.HERE / "docs" / f"{row['doc']}.txt").read_text(encoding="utf-8")
            assert text[int(row["lhs_start"]) : int(row["lhs_end"])] == row["lhs"]
            spans = [tuple(map(int, span.split("-"))) for span in row["input_spans"].split(";")]
            assert ";".join(text[start:end] for start, end in spans) == row["inputs"]


@pytest.mark.parametrize(
    ("token", "value", "half"),
    [
        ("USD 627.6 billion", 627_600_000_000, 50_000_000),
        ("18,7 %", 18.7, 0.05),
        ("1,286,540.33", 1286540.33, 0.005),
        ("(1,234)", -1234, 0.5),
        ("$(163) million", -163_000_000, 500_000),
        ("3,142億4千萬元", 314_240_000_000, 5_000_000),
        ("3 兆 4,740.51 億元", 3_474_051_000_000, 500_000),
        ("25 basis points", 0.25, 0.005),
        ("-1.48‰", -1.48, 0.005),
        ("2.05万亿元", 2_050_000_000_000, 5_000_000_000),
    ],
)
def test_a_printed_number_is_read_with_its_unit_and_precision(token: str, value: float, half: float):
    printed = arithmetic.read(token)

    assert (float(printed.value), float(printed.half)) == (value, half)


@pytest.mark.parametrize(
    ("formula", "sign", "lhs", "inputs", "meets"),
    [
        ("g", 1, "19.1%", ["627.6", "526.8"], True),
        ("g", 1, "19.3%", ["627.6", "526.8"], False),
        ("g", -1, "1.1%", ["1,789,226", "1,808,581"], True),
        ("g", 1, "1.1%", ["1,789,226", "1,808,581"], False),
        ("ginc", 1, "5.7%", ["$15.7 billion", "$837 million"], True),
        ("cagr5", 1, "83.7%", ["9000万", "350万"], False),
        ("cagr5", 1, "91.5%", ["9000万", "350万"], True),
        ("share", 1, "24.6%", ["96.2", "391.0"], True),
        ("margin", 1, "44.6%", ["72.8", "40.3"], True),
        ("diff", -1, "$73.8 billion", ["$265.9 billion", "$339.6 billion"], True),
        ("eqb", 1, "$31.3 billion", ["33.1"], False),
        ("dir", 1, "€7.1 billion", ["€2.6 billion"], True),
        ("dir", -1, "€7.1 billion", ["€2.6 billion"], False),
    ],
)
def test_a_relation_is_recomputed_within_rounding(
    formula: str, sign: int, lhs: str, inputs: list[str], meets: bool
):
    assert arithmetic.check(formula, sign, lhs, inputs).meets is meets


def test_a_label_that_does_not_recompute_is_refused(tmp_path):
    case = "=== tune_en_x\nSales were {a|120}, up {b|30%} from {c|100}.\n:: yoy b = g a c\n"
    (tmp_path / "a.txt").write_text(case, encoding="utf-8")

    with pytest.raises(make_labels.CaseError, match=r"a\.txt:1: tune_en_x: 30% from \['120', '100'\]"):
        list(make_labels.cases(tmp_path))
