"""Assumptions, records, scenarios and draws, on a small study written by the test."""

from datetime import date

import numpy as np
import pytest

from waferline.errors import BadInput, NotKnown
from waferline.models.model import Choice, Input, Model, Output, RecordKind
from waferline.models.running import run
from waferline.models.sampling import BLOCK, uniforms
from waferline.quantity.relations.base import Phrase

P = Phrase("数", "a number")
CHIP = RecordKind(
    "chip", "models/chips.csv", P, (Input("memory", "GB", P, low=0, optional=True),), words=("family",)
)


def area(x):
    x.refuse(x["width"] > 1e6, "the width is absurd")
    found = {"area": x["width"] * x["height"]}
    if x.has("chip.memory"):
        found["memory"] = x["chip.memory"] * x["width"]
    return found


AREA = Model(
    "area", P, "test", (Input("width", "x", P, low=0), Input("height", "x", P, low=0, default=1), Choice("kind", ("plain", "odd"), P)),
    (Output("area", "x", P), Output("memory", "GB", P)), area, "width · height", "a test", records={"chip": CHIP},
)  # fmt: skip

TOML = """
[inputs.width]
low = "1"
central = "2"
high = "4"
source = "a survey"
group = "size"

[[inputs.width.when]]
if = { "chip.family" = ["green", "blue"], kind = "odd" }
value = "9"
source = "a measurement"

[inputs.height]
low = "1"
central = "2"
high = "4"
source = "the same survey"
group = "size"

[scenarios.tall]
title = { zh = "高", en = "tall" }
[scenarios.tall.set]
height = "10"
"""


@pytest.fixture
def study(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "area.toml").write_text(TOML)
    (tmp_path / "models" / "chips.csv").write_text(
        "name,aliases,family,memory [TB],public,source\nG-1,gee|g one,green,0.08,2024-05-01,a data sheet\n"
    )
    return tmp_path


class Day:
    day = date(2024, 1, 1)


def test_a_group_moves_together_and_the_point_is_the_centre(study):
    found = run(AREA, study, draws=10_000, seed=1)
    assert found.value("area") == 4
    low, high = found.interval("area")
    # two independent inputs would give a narrower range than 1·1 to 4·4
    assert (low, high) == pytest.approx((1, 16), rel=0.1)


def test_the_user_wins_over_the_scenario_and_that_over_the_study(study):
    assert run(AREA, study, scenario="tall").value("area") == 20
    assert run(AREA, study, {"height": 3}, scenario="tall").value("area") == 6
    assert run(AREA, None, {"width": 5}).value("area") == 5


def test_a_record_is_found_by_alias_and_its_words_choose_an_assumption(study):
    found = run(AREA, study, {"chip": "G ONE", "kind": "odd"})
    assert found.value("memory") == pytest.approx(9 * 80)
    assert found.assumptions["width"].source == "a measurement"
    assert run(AREA, study, {"chip": "gee", "chip.memory": "1 GB", "width": 1}).value("memory") == 1


def test_a_record_is_not_known_before_its_day(study):
    with pytest.raises(NotKnown, match="public from 2024-05-01"):
        run(AREA, study, {"chip": "G-1"}, known=Day)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"widht": 1}, "no such input: expected width"),
        ({"chip": "G2"}, "unknown chip"),
        ({"kind": "even"}, "unknown choice: expected plain, odd, found even"),
        ({"width": 2e6}, "the width is absurd"),
        ({"chip.price": 3}, "no such input"),
    ],
)
def test_bad_settings_are_named(study, settings, says):
    with pytest.raises(BadInput, match=says):
        run(AREA, study, settings)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[inputs.width]\nvalue = '1'\n", "an input has a source"),
        ("[inputs.wide]\nvalue = '1'\nsource = 's'\n", "unknown input"),
        ("[inputs.width]\nvalue = '1 GB'\nsource = 's'\n", "wrong kind"),
        ("[outputs]\n", "unknown table"),
        ("[inputs]\nwidth = 3\n", "an input is a table"),
        ("[[inputs.width.when]]\nvalue = '1'\nsource = 's'\n", "each when says for which words"),
        ("[scenarios.tall]\nset = 1\n", "a title in both languages"),
        (
            "[[inputs.width.when]]\nif = { 'chip.famly' = 'green' }\nvalue = '1'\nsource = 's'\n",
            "unknown word: expected chip.family",
        ),
        (
            "[[inputs.width.when]]\nif = { kind = 'od' }\nvalue = '1'\nsource = 's'\n",
            "unknown choice of kind: expected plain, odd",
        ),
        (
            "[[inputs.width.when]]\nif = { chip = [['G-1']] }\nvalue = '1'\nsource = 's'\n",
            "chip is a word or a list of words",
        ),
        ("[inputs.width]\nvalue = '1'\nsource = 5\n", "source is a text"),
        ("[inputs.width]\nvalue = '1'\nsource = 's'\ngroup = []\n", "group is a text"),
    ],
)
def test_a_fault_in_the_study_names_its_file(study, toml, says):
    (study / "models" / "area.toml").write_text(toml)
    with pytest.raises(BadInput, match=says) as caught:
        run(AREA, study)
    assert str(caught.value).startswith("models/area.toml")


def test_assumptions_that_are_no_file_are_not_taken_for_none(study):
    (study / "models" / "area.toml").unlink()
    (study / "models" / "area.toml").symlink_to(study / "gone.toml")
    with pytest.raises(BadInput, match=r"models/area.toml: the study has no such file"):
        run(AREA, study, {"width": 1})


@pytest.mark.parametrize(
    ("csv", "says"),
    [
        ("name,weight,source\nA,1,s\n", "models/chips.csv:1, column 'weight': unknown column"),
        ("name,memory [W],source\nA,1,s\n", "wrong kind"),
        ("name,memory [GB],source\nA,lots,s\n", "models/chips.csv:2, column memory: not a number"),
        ("name,memory [GB],source\nA,-1,s\n", "out of range"),
        ("name,memory [GB],source\nA,1,\n", "models/chips.csv:2: a row has a source"),
        ("name,source\nA,s\na,s\n", "two rows are called 'a'"),
        ("name,source\nA\n", "another number of cells"),
        ("", "a column is missing"),
        ("name,memory [GB],memory [TB],source\nA,1,1,s\n", "models/chips.csv:1: two columns have one name"),
        (
            "name,memory [GB],source\nA,1e400,s\n",
            "models/chips.csv:2, column memory: the value is out of range",
        ),
        ('name,memory [GB],source\nA,"14,8",s\n', "models/chips.csv:2, column memory: not a number"),
    ],
)
def test_a_fault_in_a_table_names_its_row(study, csv, says):
    (study / "models" / "chips.csv").write_text(csv)
    with pytest.raises(BadInput) as caught:
        run(AREA, study, {"chip": "A", "width": 1})
    assert says in str(caught.value)


def test_a_missing_input_is_asked_for():
    with pytest.raises(BadInput, match=r"needs this input: expected a number in x\. Try: --set width=…"):
        run(AREA, None, {})


def test_draws_are_the_same_for_a_seed_and_do_not_depend_on_how_many_follow():
    few, many = uniforms(1000, 3, 7), uniforms(BLOCK + 5, 3, 7)
    assert np.array_equal(few, many[:1000])
    assert not np.array_equal(few, uniforms(1000, 3, 8))
    assert many.min() > 0 and many.max() < 1


DATED = """
[inputs.width]
value = "2"
source = "a survey"

[[inputs.width.when]]
if = { kind = "odd" }
value = "9"
source = "a measurement"
public = 2024-06-01
"""


def test_an_assumption_is_not_used_before_it_was_public(study):
    (study / "models" / "area.toml").write_text(DATED)
    assert run(AREA, study, {"kind": "odd"}).value("area") == 9
    assert run(AREA, study, {"kind": "odd"}, known=Day).value("area") == 2


def test_the_day_of_an_assumption_is_a_day(study):
    (study / "models" / "area.toml").write_text(DATED.replace("2024-06-01", '"June"'))
    with pytest.raises(BadInput, match="public is a day"):
        run(AREA, study)


def test_what_has_no_finite_value_is_one_line_without_a_warning(recwarn):
    half = Model("half", P, "test", (Input("by", "x", P),), (Output("part", "x", P),), lambda x: {"part": 1 / x["by"]}, "1 / by", "a test")  # fmt: skip
    with pytest.raises(BadInput, match="half: part has no finite value for these inputs"):
        run(half, None, {"by": 0})
    assert not recwarn.list


def test_a_whole_number_stays_whole_over_its_range():
    count = Model("count", P, "test", (Input("n", "x", P, low=1, whole=True),), (Output("twice", "x", P),), lambda x: {"twice": 2 * x["n"]}, "2 · n", "a test")  # fmt: skip
    found = run(count, None, {"n": "1..3"}, draws=1000)
    assert set(found.draws["twice"]) == {2, 4, 6}


def test_an_input_that_is_taken_as_certain_says_so():
    sure = Model("sure", P, "test", (Input("n", "x", P),), (Output("same", "x", P),), lambda x: {"same": np.asarray(x.one("n"))}, "n", "a test")  # fmt: skip
    assert run(sure, None, {"n": 3}).value("same") == 3
    with pytest.raises(BadInput, match="sure: n takes one number here, not a range"):
        run(sure, None, {"n": "1..3"}, draws=8)


def test_draws_that_do_not_fit_in_memory_are_refused_before_they_are_made(monkeypatch):
    names = [f"o{n}" for n in range(50)]
    wide = Model("wide", P, "test", (Input("n", "x", P),), tuple(Output(name, "x", P) for name in names), lambda x: {name: x["n"] * n for n, name in enumerate(names)}, "n · x", "a test")  # fmt: skip
    assert len(run(wide, None, {"n": "1..2"}, draws=70_000).draws["o49"]) == 70_000
    monkeypatch.setattr("waferline.models.running.MAX_BYTES", 1e7)
    with pytest.raises(BadInput, match="--draws: more draws than can be held of the model wide"):
        run(wide, None, {"n": "1..2"}, draws=70_000)
