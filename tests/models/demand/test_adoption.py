"""Adoption: curves from the papers, fits that recover what made the data, and what is said when the prior decides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.demand.adoption import ADOPTION, bass_adopted, logistic_share
from waferline.models.running import run

SHARE = {
    "curve": "logistic", "spans": [1] * 10, "years": list(range(2014, 2024)), "horizon": [2024, 2027],
    "observation_error": 0.08, "ceiling": [0.4, 0.7, 0.95], "speed": [0.2, 0.5, 1.2], "middle": [2016, 2020, 2026],
}  # fmt: skip


def made(ceiling, speed, middle):
    years = np.array(SHARE["years"], dtype=float)
    return logistic_share(years, np.array(ceiling), np.array(speed), np.array(middle)).tolist()


def test_ten_observations_find_the_curve_that_made_them():
    found = run(ADOPTION, None, SHARE | {"values": made(0.8, 0.6, 2020.0)}, draws=4000)
    truth = logistic_share(np.array([2024.0, 2027.0]), np.array(0.8), np.array(0.6), np.array(2020.0))
    assert found.point["share"] == pytest.approx(truth, rel=0.05)
    low, high = found.interval("share_last")
    assert low < truth[1] < high
    assert found.value("largest_shrinkage") > 0.7
    assert not any("prior-dominated" in each.en for each in found.remarks)


def test_two_observations_are_said_to_be_mostly_prior():
    few = SHARE | {"years": [2022, 2023], "spans": [1, 1], "values": [0.1, 0.2]}
    found = run(ADOPTION, None, few)
    assert "prior-dominated: 2 observations for 3 free parameters" in found.remarks[0].en
    assert found.value("ceiling_shrinkage") < 0.3


def test_the_same_seed_gives_the_same_fan_and_another_seed_nearly_the_same():
    given_ = SHARE | {"values": made(0.8, 0.6, 2020.0)}
    one, two = (run(ADOPTION, None, given_, draws=2000, seed=3) for _ in range(2))
    assert np.array_equal(one.draws["share"], two.draws["share"])
    other = run(ADOPTION, None, given_, draws=2000, seed=4)
    assert other.value("share_last") == pytest.approx(one.value("share_last"), rel=0.03)


def test_bass_sales_add_up_to_the_market():
    found = run(
        ADOPTION, None,
        {"curve": "bass", "fan": "curve", "years": [2011], "values": [4], "spans": [1], "horizon": np.arange(2010.5, 2060),
         "observation_error": 3, "ceiling": [99.99, 100, 100.01], "innovation": [0.0299, 0.03, 0.0301],
         "imitation": [0.379, 0.38, 0.381], "launch": [2009.99, 2010, 2010.01]},
    )  # fmt: skip
    assert found.point["sales"].sum() == pytest.approx(100, rel=0.01)
    assert found.point["sales"].argmax() == pytest.approx(np.log(0.38 / 0.03) / 0.41, abs=1)  # Bass: the peak


@given(st.floats(0.001, 0.1), st.floats(0.05, 1), st.floats(0, 30))
def test_adoption_only_rises_from_nothing_to_all(p, q, t):
    at = bass_adopted(np.array([-1.0, 0.0, t, t + 1, 1000.0]), np.array(p), np.array(q))
    assert at[0] == at[1] == 0
    assert 0 <= at[2] <= at[3] <= 1
    assert at[4] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"values": [0.1]}, "not of one length"),
        ({"values": [0] * 10}, "not above zero"),
        ({"ceiling": [0.9, 0.7, 0.95]}, "not in order"),
        ({"ceiling": [0.7, 0.9]}, "has three points"),
        ({"curve": "gompertz"}, "unknown choice"),
        ({"observation_error": 0}, "out of range"),
    ],
)
def test_what_cannot_be_fitted_is_refused(change, says):
    with pytest.raises(BadInput, match=says):
        run(ADOPTION, None, SHARE | {"values": made(0.8, 0.6, 2020.0)} | change)


def test_no_share_lies_above_the_whole():
    found = run(
        ADOPTION, None, SHARE | {"values": made(0.95, 0.9, 2018.0), "observation_error": 0.3}, draws=2000
    )
    assert found.draws["share"].max() <= 1
