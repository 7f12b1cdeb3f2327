"""Growth of frontier training: an exact line is found again, the published interval is met, the frontier is stated."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.compute.training_trend import TRAINING_TREND
from waferline.models.running import Run, run

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"


def trend(draws: int = 0, **inputs: object) -> Run:
    return run(TRAINING_TREND, STUDY, inputs, draws=draws)


@settings(max_examples=20, deadline=None)
@given(factor=st.floats(1.05, 8), scale=st.floats(1e-3, 1e20))
def test_an_exact_line_is_found_again_whatever_the_scale(factor: float, scale: float) -> None:
    years = [2016 + i / 2 for i in range(12)]
    found = trend(years=years, values=[scale * factor ** (year - 2016) for year in years], top=0)
    assert found.value("factor_per_year") == pytest.approx(factor, rel=1e-6)
    assert found.value("high") / found.value("low") == pytest.approx(1, abs=1e-5)


def test_cost_of_frontier_models_grows_within_the_published_interval() -> None:
    # Cottier et al. (arXiv 2405.21015): 2.4 a year since 2016, 90 % interval 2.0 to 2.9
    found = trend(measure="cost", start=2016, end=2024.35)
    assert 2.0 <= found.value("factor_per_year") <= 2.9
    assert found.value("low") == pytest.approx(2.1, abs=0.15)
    assert found.value("high") == pytest.approx(2.96, abs=0.15)


def test_a_narrower_frontier_is_fitted_on_fewer_models() -> None:
    assert trend(measure="compute", top=5).value("models") < trend(measure="compute", top=20).value("models")


def test_draws_spread_as_the_interval_says() -> None:
    found = trend(4000, measure="cost", end=2024.35, level=0.8)
    assert found.interval("factor_per_year")[0] == pytest.approx(found.value("low"), rel=0.02)
    assert found.interval("factor_per_year")[1] == pytest.approx(found.value("high"), rel=0.02)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"years": [2016, 2017], "values": [1, 2, 3], "top": 0}, "every value has a year"),
        ({"years": [2016, 2017, 2018], "values": [1, 2, 3], "top": 0}, "too few models"),
        ({"start": 2024, "end": 2020}, "too few models"),
        ({"start": "2015..2016"}, "single numbers"),
        ({"measure": "weight"}, "unknown choice"),
    ],
)  # fmt: skip
def test_wrong_inputs_get_one_line(inputs: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        run(TRAINING_TREND, STUDY, inputs, draws=10)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
