"""The plain forecasts and the scores, on series and numbers worked by hand."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from waferline.models.cycle.baselines import (
    BASELINES,
    autoregression,
    crps,
    exponential_smoothing,
    last_growth,
    seasonal_naive,
)
from waferline.models.cycle.forecast_errors import FORECAST_ERRORS
from waferline.models.running import run

ROOT = Path(__file__).parents[3]
STEADY = 3 + 0.01 * np.arange(48) + np.tile([0, 0.02, -0.02] * 4, 4)


def test_each_baseline_says_what_it_is():
    assert seasonal_naive(STEADY, 2).mean == STEADY[37]
    assert seasonal_naive(STEADY, 1).deviation == pytest.approx(0.12)
    assert last_growth(STEADY, 1).mean == pytest.approx(STEADY[36] + 0.12)
    assert last_growth(STEADY, 3).deviation == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("ahead", [1, 2, 3])
def test_a_steady_series_with_seasons_is_carried_on_by_smoothing(ahead):
    truth = 3 + 0.01 * (47 + ahead) + [0, 0.02, -0.02][(47 + ahead) % 3]
    assert exponential_smoothing(STEADY, ahead).mean == pytest.approx(truth, abs=0.01)


def test_an_autoregression_finds_its_own_constants():
    growth = [0.3]
    for _ in range(40):
        growth.append(0.02 + 0.8 * growth[-1])
    logs = np.zeros(12 + len(growth))
    for at, each in enumerate(growth):
        logs[12 + at] = logs[at] + each
    expected = 0.02 + 0.8 * (0.02 + 0.8 * growth[-1])
    assert autoregression(logs, 2).mean == pytest.approx(logs[-11] + expected)


@pytest.mark.parametrize("name", BASELINES)
def test_no_baseline_looks_at_anything_but_its_history(name):
    logs = 3 + np.cumsum(np.random.default_rng(5).normal(0.01, 0.03, 60))
    early = BASELINES[name](logs[:40], 2)
    changed = logs.copy()
    changed[40:] = 99
    assert BASELINES[name](changed[:40], 2) == early
    assert early.deviation > 0


def test_crps_is_the_integral_it_stands_for():
    from scipy.special import ndtr

    error, deviation = 0.7, 1.6
    x = np.linspace(-30, 30, 600001)
    steps = (x >= -error).astype(float)  # the forecast stands at 0, what came at minus its error
    whole = np.sum((ndtr(x / deviation) - steps) ** 2) * (x[1] - x[0])
    assert float(crps(np.array(error), np.array(deviation))) == pytest.approx(whole, abs=1e-4)


def test_errors_of_forecasts_beside_the_naive_one():
    found = run(FORECAST_ERRORS, None, {"forecasts": [10, 0, 5], "actuals": [8, 3, 5], "before": 20})
    assert found.value("mean_absolute_error") == pytest.approx(5 / 3)
    assert found.value("bias") == pytest.approx(-1 / 3)
    assert found.value("naive_error") == pytest.approx((12 + 5 + 2) / 3)
    assert found.value("ratio_to_naive") == pytest.approx(5 / 19)


def test_the_page_is_what_the_nowcast_gives_and_the_width_is_what_the_early_prints_ask_for():
    tool = runpy.run_path(str(ROOT / "tools" / "measure_nowcast.py"))
    assert tool["PAGE"].read_text("utf-8") == tool["page"](), "run tools/measure_nowcast.py --write"
    assert round(tool["needed_spread"](), 1) == tool["study_spread"]()
