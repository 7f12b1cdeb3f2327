"""Two scenarios side by side, on the same draws."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from waferline.build.scenarios import compared
from waferline.cli import main
from waferline.errors import BadInput
from waferline.models.model import Input, Model, Output
from waferline.models.running import run_together
from waferline.quantity.relations.base import Phrase

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
DAY = date(2025, 3, 20)
P = Phrase("数", "a number")


def pair(first, second, **more):
    return compared("chain", STUDY, DAY, first, second, {}, draws=512, seed=0, **more)


def test_a_scenario_against_itself_differs_by_nothing():
    found = pair("bull", "bull")
    differences = [each["difference"] for each in found.data["outputs"]]
    assert differences
    assert {each[key] for each in differences for key in ("value", "low", "high")} == {"0"}
    assert found.changed == []


def test_what_both_draw_is_drawn_once_although_one_draws_more(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "sum.toml").write_text(
        "[inputs.a]\nlow = '1'\nhigh = '2'\nsource = 's'\n[inputs.b]\nlow = '1'\nhigh = '2'\nsource = 's'\n"
        "[scenarios.sure]\ntitle = { zh = '定', en = 'sure' }\nset = { a = '5' }\n"
    )
    model = Model("sum", P, "test", (Input("a", "x", P), Input("b", "x", P)), (Output("sum", "x", P), Output("b_again", "x", P)),
        lambda x: {"sum": x["a"] + x["b"], "b_again": x["b"] * 1}, "a + b", "a test")  # fmt: skip
    base, sure = run_together(model, tmp_path, {}, (None, "sure"), draws=64)
    assert np.array_equal(base.draws["b_again"], sure.draws["b_again"])
    assert np.allclose(sure.draws["sum"], 5 + sure.draws["b_again"])


def test_bear_lies_below_bull_and_says_what_it_changes():
    found = pair("bear", "bull", only=("units_by_year", "disagreement_by_year"))
    late = {each["output"]: each for each in found.data["outputs"]}["units_by_year 2026"]
    assert float(late["difference"]["value"]) > 0
    assert (
        float(late["difference"]["low"])
        <= float(late["difference"]["value"])
        <= float(late["difference"]["high"])
    )
    assert {"capex_growth", "utilisation"} <= {row[0] for row in found.changed}


def test_houses_are_compared_and_not_averaged():
    found = pair("base", "house-moneydj", only=("year_end_capacity",))
    ends = {each["output"]: each for each in found.data["outputs"]}["year_end_capacity 2025"]
    assert float(ends["house-moneydj"]["value"]) == pytest.approx(80_000)  # MoneyDJ, 2024-10-21, for 2025
    assert float(ends["base"]["value"]) == pytest.approx((65_000 * 75_000) ** 0.5)  # SemiWiki


def test_unknown_scenarios_and_outputs_are_one_line():
    with pytest.raises(BadInput, match="the model chain has no such scenario"):
        pair("base", "boom")
    with pytest.raises(BadInput, match="no such output"):
        pair("base", "bull", only=("profit",))


def test_the_command_prints_both_and_their_difference(capsys):
    arguments = [
        "scenario",
        "compare",
        "base",
        "bear",
        "--model",
        "chain",
        "--study",
        str(STUDY),
        "--as-of",
        "2025-03-20",
    ]
    assert main([*arguments, "--draws", "64", "--set", "year=2026", "--format", "json"]) in (None, 0)
    told = json.loads(capsys.readouterr().out)
    assert told["scenarios"] == ["base", "bear"]
    assert {"disagreement", "units"} <= {each["output"] for each in told["outputs"]}
