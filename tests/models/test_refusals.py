"""Inputs of the study's models that do not fit each other: one line, whatever the model."""

from datetime import date
from pathlib import Path

import pytest

from waferline.build.models import knowing
from waferline.errors import BadInput
from waferline.models.quantities import output_of
from waferline.models.registry import model_named
from waferline.models.running import run

STUDY = Path(__file__).parents[2] / "studies" / "semiconductors"
SERVED = {"architecture": "DeepSeek-V3", "chip": "H800", "input_tokens": 1000, "output_tokens": 1000}


@pytest.mark.parametrize(
    ("model", "settings", "says"),
    [
        ("chain", {"chip_restricted": "0 1"}, "chip_restricted has 4 entries, one a chip: found 2"),
        ("chain", {"chip_memory": "80"}, "chip_memory has 4 entries"),
        ("chain", {"spread_revenue": "0.1..0.2..0.9"}, "spread_revenue takes one number here, not a range"),
        (
            "units-from-revenue",
            {"revenue": "1 1", "share": "1 1", "price_low": "1 1", "price_high": "2 2", "chip_number": "1"},
            "chip_number is not of the length of revenue",
        ),
        (
            "adoption",
            {"scenario": "nev", "horizon": "2030", "ceiling": "1 2 3"},
            "the prior of ceiling lies above the whole market",
        ),
        (
            "training",
            {"architecture": "GPT-2 XL", "architecture.parameters": 0},
            "parameters is out of range",
        ),
        ("training", {"architecture": "DeepSeek-V3", "chip": "H800", "tokens": 0}, "has no finite value"),
    ],
)
def test_lists_and_numbers_that_do_not_fit_are_one_line(model, settings, says):
    settings = dict(settings)
    scenario = settings.pop("scenario", None)
    with pytest.raises(BadInput) as caught:
        run(
            model_named(model),
            STUDY,
            settings,
            scenario=scenario,
            known=knowing(STUDY, date(2025, 3, 20)),
            draws=16,
        )
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_a_range_of_chips_is_drawn_in_whole_chips():
    found = run(model_named("inference"), STUDY, SERVED | {"tensor_parallel": "16..32"}, known=knowing(STUDY, None), draws=64)  # fmt: skip
    assert set(found.draws["chips"] % 1) == {0.0}


def test_a_sentence_that_names_two_scenarios_is_refused():
    known = knowing(STUDY, date(2025, 3, 20))()
    with pytest.raises(BadInput, match=r"edge\.md:9: scenario is said twice"):
        output_of(known, "chain", "units", ["scenario=bear", "scenario=bull"], "edge.md:9")
