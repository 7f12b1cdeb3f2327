"""Turning points by rule, and the probability of a contraction as it could be known at the time."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.cycle.regimes import CONTRACTION, filtered, fitted
from waferline.models.cycle.turning_points import TURNING_POINTS, turning_points
from waferline.models.running import run

SERIES = st.lists(st.floats(-10, 10), min_size=20, max_size=120).map(np.array)


@settings(deadline=None)
@given(SERIES, st.integers(1, 4), st.integers(1, 5), st.integers(2, 12))
def test_turns_alternate_and_keep_their_distances(y, window, phase, cycle):
    turns = turning_points(y, window=window, phase=phase, cycle=max(cycle, phase))
    for (a, kind), (b, other) in pairwise(turns):
        assert kind == -other and b - a >= phase
        assert kind * y[a] > kind * y[b]  # a peak stands above the trough after it
    for (a, _), (b, _) in zip(turns, turns[2:], strict=False):
        assert b - a >= cycle
    assert all(window <= at < len(y) - window for at, _ in turns)


def test_a_peak_that_no_longer_stands_above_its_trough_is_taken_out():
    y = np.array([0, 0, 0, 0, 0, 1, 1, 0, 0.5, 1, -1, 0, 0, -1, 0, -1, -1, 0, 0, 0.0])
    turns = turning_points(y, window=1, phase=2, cycle=2)
    assert all(kind * y[a] > kind * y[b] for (a, kind), (b, _) in pairwise(turns))


@settings(deadline=None)
@given(SERIES, st.floats(0.1, 10), st.floats(-5, 5))
def test_scale_and_level_do_not_move_a_turn(y, scale, level):
    y = np.round(y, 3)
    assert turning_points(y) == turning_points(np.round(y * 1000) / 1000 * 1.0)
    assert turning_points(-y) == [(at, -kind) for at, kind in turning_points(y)] or len(set(y)) < len(y)


def test_a_sine_turns_where_it_should():
    y = 100 + np.sin(np.arange(60) / 60 * 6 * np.pi)
    peaks = [at for at, kind in turning_points(y) if kind > 0]
    assert peaks == [10 // 2, 25, 45] or np.diff(peaks).tolist() == [20] * (len(peaks) - 1)


def test_a_dip_of_one_quarter_is_no_cycle():
    rising = np.arange(20.0)
    rising[9] += 5
    rising[10] -= 5
    assert turning_points(rising) == []


def test_the_model_names_periods_and_says_that_its_end_is_open():
    y = [1, 2, 3, 5, 4, 3, 2, 1, 2, 4, 6, 8]
    found = run(TURNING_POINTS, None, {"values": y, "years": [2020 + n / 4 for n in range(12)]})
    assert found.point["peak_years"].tolist() == [2020.75]
    assert found.point["trough_years"].tolist() == [2021.75]
    assert (found.value("now"), found.value("since")) == (1, 4)
    assert "no turn can be dated in the last 2 periods" in found.remarks[0].en


def test_a_series_too_short_is_refused():
    with pytest.raises(BadInput, match="too short"):
        run(TURNING_POINTS, None, {"values": [1, 2, 3]})


def made(seed=1, n=240):
    rng = np.random.default_rng(seed)
    state, growth, states = 1, [], []
    for _ in range(n):
        state = state if rng.random() < 0.95 else 1 - state
        states.append(state)
        growth.append(rng.normal(0.15 if state else -0.12, 0.05))
    return np.array(growth), np.array(states)


def test_regimes_are_found_where_they_were_made():
    growth, states = made()
    of = fitted(growth)
    assert of.means == pytest.approx([-0.12, 0.15], abs=0.02)
    seen, whole, _ = filtered(growth, of)
    assert np.mean((seen > 0.5) == (states == 0)) > 0.95
    assert np.mean((whole > 0.5) == (states == 0)) >= np.mean((seen > 0.5) == (states == 0)) - 0.01


def test_what_comes_later_does_not_change_what_was_seen():
    growth, _ = made()
    of = fitted(growth)
    early, _, _ = filtered(growth[:100], of)
    all_of_it, _, _ = filtered(growth, of)
    assert early == pytest.approx(all_of_it[:100])


def test_a_series_that_never_falls_is_said_to_be_slower_only():
    growth, _ = made()
    found = run(CONTRACTION, None, {"growth": (growth + 0.4).tolist()})
    assert "only says slower" in found.remarks[0].en
    assert run(CONTRACTION, None, {"growth": growth.tolist()}).remarks == ()


def test_months_that_were_not_observed_stay_unknown():
    growth, states = made()
    kept = np.sort(np.random.default_rng(2).choice(len(growth), 120, replace=False))
    found = run(
        CONTRACTION,
        None,
        {"growth": growth[kept].tolist(), "growth_years": [2000 + (at + 0.5) / 12 for at in kept]},
    )
    assert found.value("observations") == 120
    assert found.value("periods") == kept[-1] - kept[0] + 1
    assert found.value("low_mean") == pytest.approx(-0.12, abs=0.03)
    right = (found.point["smoothed"] > 0.5) == (states[kept[0] : kept[-1] + 1] == 0)
    assert right.mean() > 0.9


def test_an_unobserved_period_lets_the_regimes_move_on():
    growth, _ = made()
    of = fitted(growth)
    gone = np.append(growth, np.full(400, np.nan))
    seen, _, _ = filtered(gone, of)
    long_run = (1 - of.stay[1]) / (2 - of.stay.sum())
    assert seen[-1] == pytest.approx(long_run, abs=1e-6)


def test_growth_is_taken_from_levels_where_it_was_not_printed():
    levels = 100 * np.exp(np.cumsum(np.random.default_rng(3).normal(0.01, 0.04, 60)))
    years = [2015 + (at + 0.5) / 12 for at in range(60)]
    growth = levels[12:] / levels[:-12] - 1
    by_levels = run(CONTRACTION, None, {"levels": levels.tolist(), "level_years": years})
    by_growth = run(CONTRACTION, None, {"growth": growth.tolist()})
    assert by_levels.value("contraction") == pytest.approx(by_growth.value("contraction"))
    printed = run(
        CONTRACTION,
        None,
        {
            "levels": levels.tolist(),
            "level_years": years,
            "growth": [-0.5],
            "growth_years": [years[-1]],
        },
    )
    assert printed.value("last_growth") == -0.5
    assert printed.value("observations") == 48


def test_how_often_a_regime_stays_is_found():
    growth, states = made(n=2000)
    stays = [np.mean(states[1:][states[:-1] == kind] == kind) for kind in (0, 1)]
    assert fitted(growth).stay == pytest.approx(stays, abs=0.01)


def test_nothing_to_go_by_is_refused():
    with pytest.raises(BadInput, match="neither growth nor levels"):
        run(CONTRACTION, None, {})
    with pytest.raises(BadInput, match="two of growth are about one period"):
        run(CONTRACTION, None, {"growth": [0.1] * 20, "growth_years": [2020.1] * 20})


def test_few_observations_are_refused():
    with pytest.raises(BadInput, match="at least 18"):
        run(CONTRACTION, None, {"growth": [0.1] * 10})


@pytest.mark.parametrize(
    ("last", "lift", "said"),
    [(-0.14, 0, "contraction"), (0.2, 0, "expansion"), (-0.14, 0.4, "lower regime, no contraction")],
)
def test_the_phase_in_a_word_is_a_contraction_only_where_growth_is_negative(last, lift, said):
    growth, _ = made()
    given = np.append(growth, [last] * 3) + lift
    found = run(CONTRACTION, None, {"growth": given.tolist()})
    assert found.verdict is not None
    assert found.verdict.en == said
