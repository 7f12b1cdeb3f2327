"""A model's lists over years, and what one input does to one number, as expressions of the study."""

from datetime import date
from pathlib import Path

import pytest

from waferline.build.models import knowing
from waferline.errors import BadInput, NotKnown
from waferline.study.evaluation import evaluate
from waferline.study.values import Scope

STUDY = Path(__file__).parents[2] / "studies" / "semiconductors"


def asked(expression, day="2025-03-20"):
    return evaluate(expression, Scope(knowing(STUDY, date.fromisoformat(day))(), "a test"))


def test_a_value_of_a_list_is_found_by_its_year():
    found = asked('output_in("chain", "capex_by_year", "2024")')
    assert float(found.value) == pytest.approx(228.342)
    assert str(found.period) == "2024"


def test_a_year_that_is_not_reported_in_full_says_nothing_about_capacity():
    assert float(asked('output_in("chain", "capacity_implied", "2024")').value) > 0
    with pytest.raises(NotKnown, match="no capacity_implied for 2025"):
        asked('output_in("chain", "capacity_implied", "2025")')


def test_an_output_that_is_missing_on_the_day_is_not_known():
    with pytest.raises(NotKnown, match="no packaging_leg_by_year"):
        asked('output_in("chain", "packaging_leg_by_year", "2024")', "2024-06-30")


def test_a_list_without_years_is_refused():
    with pytest.raises(BadInput, match="is not a list over years"):
        asked('output_in("chain", "revenue_leg_quarterly", "2024")')


def test_a_swing_moves_one_input_and_leaves_the_centre_alone():
    low, high = (
        float(asked(f'swing("chain", "disagreement", "share_buildings", "{end}")').value)
        for end in ("low", "high")
    )
    centre = float(asked('output("chain", "disagreement")').value)
    assert high < centre < low


def test_a_swing_of_what_is_certain_is_refused():
    with pytest.raises(BadInput, match="growth_fade is not uncertain"):
        asked('swing("chain", "disagreement", "growth_fade", "low")')
