"""The record of a build: what was shown, what was missing, what each number rests on; numbers as decimal strings."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from mini_study import FILES, write_study

from waferline.build.build import build


@pytest.fixture
def record(built):
    return json.loads((built().out / "build.json").read_text("utf-8"))


def floats(value):
    """Every bare float in a JSON value."""
    if isinstance(value, float):
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for child in children for found in floats(child)]


def test_the_record_names_its_schema_day_study_and_languages(record):
    assert (record["schema"], record["as_of"], record["study"], record["languages"]) == (
        2, "2025-03-20", "mini", ["zh", "en"],
    )  # fmt: skip


def test_the_status_of_each_exhibit_is_recorded_with_what_is_missing(record):
    assert [(e["id"], e["status"], e["points"], e["first"], e["last"]) for e in record["exhibits"]] == [
        ("fig01", "shown", 3, "2022", "2024"), ("fig02", "partial", 2, "2024-10", "2024-12"),
        ("fig03", "shown", 2, "2024-11", "2024-12"), ("tab01", "shown", 2, None, None),
    ]  # fmt: skip
    assert record["exhibits"][1]["missing"] == [{"zh": "2024-11 营收", "en": "2024-11 Revenue"}]
    assert record["exhibits"][1]["sources"] == ["tsmc", "blog"]
    assert record["exhibits"][0]["title"] == {"zh": "全球半导体年度销售额", "en": "World semiconductor sales"}


def test_every_bound_number_is_found_in_its_file_and_its_id_is_its_own(record):
    for number in record["numbers"]:
        expression = FILES[number["chapter"]][number["start"] : number["end"]]
        assert expression.startswith("{{") and expression.endswith("}}")
    ids = [number["id"] for number in record["numbers"]]
    assert len(set(ids)) == len(ids) == 8


def test_every_number_is_a_decimal_string_with_its_unit(record):
    assert floats(record) == []
    assert [(Decimal(n["value"]), n["unit"]) for n in record["numbers"][:2]] == [
        (Decimal("19.1343963554"), "%"), (Decimal("627.6"), "USD bn"),
    ]  # fmt: skip


def test_a_trace_holds_each_observation_with_its_literal_and_day(record):
    growth = record["numbers"][0]
    inputs = growth["trace"]["inputs"]

    assert growth["trace"]["relation"] == "yoy"
    assert [i["observation"]["literal"] for i in inputs] == ["627.6", "526.8"]
    assert [i["observation"]["known_from"] for i in inputs] == ["2025-02-10", "2024-02-05"]


@pytest.fixture
def recorded(tmp_path, cache):
    def run(sentence):
        root = write_study(tmp_path / "study", {"chapters/en/method.md": f"# Method\n\n{sentence}\n"})
        done = build(
            root, tmp_path / "out", day=date(2025, 3, 20), langs=("zh", "en"), formats=(), cache=cache
        )
        return json.loads((done.out / "build.json").read_text("utf-8"))

    return run


RANGE = '{{ span("forecast.semi_market.wsts", "sia.sales_year.world", "2024") }}'
OPEN = '{{ span("", "sia.sales_year.world", "2024") }}'


def test_a_range_is_recorded_by_its_two_ends_and_never_by_a_middle(recorded):
    record = recorded(f"From {RANGE}.")
    (number,) = [each for each in record["numbers"] if "low" in each]

    assert number["text"]["en"] == "USD 611.2–627.6 bn"
    assert (number["value"], number["low"]["value"], number["high"]["value"]) == (None, "611.2", "627.6")
    assert number["high"]["trace"]["observation"]["series"] == "sia.sales_year.world"
    assert "midpoint" not in json.dumps(record)


def test_an_open_range_has_no_lower_end(recorded):
    record = recorded(f"It was {OPEN}.")
    (number,) = [each for each in record["numbers"] if "low" in each]

    assert (number["value"], number["low"], number["high"]["value"]) == (None, None, "627.6")


def test_the_thesis_is_recorded_with_its_measures_and_rule(record):
    (thesis,) = record["theses"]

    assert (thesis["id"], thesis["status"], thesis["exhibits"]) == ("cycle", "holds", ["fig01"])
    assert thesis["measures"][0]["value"] == {"zh": "19.1%（2024年）", "en": "19.1% (2024)"}


def test_omitted_paragraphs_are_recorded_in_each_language(record):
    assert [(o["chapter"], o["line"]) for o in record["omitted"]] == [
        ("chapters/zh/market.md", 10), ("chapters/en/market.md", 10),
    ]  # fmt: skip


def test_backfilled_assumed_and_weak_rows_are_recorded(built):
    record = json.loads((built().out / "build.json").read_text("utf-8"))

    assert record["backfilled"] == [
        {"series": "wsts.billings.world", "period": "2024-11", "known_from": "2026-11-23"},
        {"series": "wsts.billings.world", "period": "2024-12", "known_from": "2026-11-23"},
    ]
    assert record["assumed"] == []
    assert record["observations"]["weak"] == 1


def test_nothing_in_the_record_was_known_after_the_day_but_what_is_marked_backfilled(built):
    for day in (date(2024, 6, 30), date(2025, 3, 20), date(2026, 3, 31)):
        text = (built(day=day).out / "build.json").read_text("utf-8")
        for number in json.loads(text)["numbers"]:
            for leaf in observations(number["trace"]):
                assert leaf["known_from"] <= day.isoformat()
                assert leaf["backfilled"] is False


def observations(trace):
    if "observation" in trace:
        return [trace["observation"]]
    return [leaf for each in trace["inputs"] for leaf in observations(each)]


def test_timings_stand_in_a_file_of_their_own(built):
    out = built().out

    assert set(json.loads((out / "timings.json").read_text())) == {"schema", "seconds"}
    assert "seconds" not in (out / "build.json").read_text()
