"""Repeated sampling: the vote by brute force, limits that must hold, published figures, and refusals."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.registry import model_named
from waferline.models.running import run
from waferline.models.scaling.benchmark import drawn
from waferline.models.scaling.difficulty import cells, coverage, shape_through, weights
from waferline.models.scaling.selection import best_of, d_prime, vote

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
SAMPLING, COVERAGE, PASS_AT_K = (model_named(name) for name in ("repeated-sampling", "coverage", "pass-at-k"))
P = np.array([0.0, 0.05, 0.3, 0.5, 0.8, 1.0])


def by_counting(p, n, rival, sensitivity, false_alarm):
    """Every outcome of n samples: right, rival or a lone answer, each accepted or not."""
    kinds = {
        "right": p * sensitivity, "rival": (1 - p) * rival * false_alarm, "lone": (1 - p) * (1 - rival) * false_alarm,
        "right, refused": p * (1 - sensitivity), "wrong, refused": (1 - p) * (1 - false_alarm),
    }  # fmt: skip
    total = 0.0
    for outcome in product(kinds, repeat=n):
        chance = np.prod([kinds[each] for each in outcome])
        right, rivals, lone = (outcome.count(each) for each in ("right", "rival", "lone"))
        if right + rivals + lone == 0:
            total += chance * outcome.count("right, refused") / n
            continue
        most = max(right, rivals, min(lone, 1))
        if right == most:
            total += chance / (1 + (rivals == most) + (lone if most == 1 else 0))
    return total


@pytest.mark.parametrize(("sensitivity", "false_alarm"), [(1, 1), (0.7, 0.3), (0.5, 0)])
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_the_vote_is_what_counting_every_outcome_gives(n, sensitivity, false_alarm):
    for p, rival in ((0.3, 0.4), (0.6, 0.0), (0.2, 1.0)):
        found = vote(np.array([p]), n, rival, sensitivity=sensitivity, false_alarm=false_alarm)[0]
        assert found == pytest.approx(by_counting(p, n, rival, sensitivity, false_alarm), abs=1e-9)


def test_many_votes_decide_for_the_more_frequent_answer():
    # the rival gets 0.6 of the wrong: it leads where p < 0.6·(1 − p), that is p < 0.375
    found = vote(np.array([0.3, 0.45]), 2001, 0.6)
    assert found[0] < 1e-3 and found[1] > 0.999


@settings(deadline=None)
@given(n=st.integers(1, 300), rival=st.floats(0, 1))
def test_a_vote_is_a_chance_and_rises_with_p(n, rival):
    found = vote(np.linspace(0, 1, 21), n, rival)
    assert (found >= -1e-9).all() and (found <= 1 + 1e-9).all()
    assert (np.diff(found) >= -1e-9).all()


@settings(deadline=None)
@given(n=st.integers(1, 2000), auc=st.floats(0.5, 0.99))
def test_a_verifier_lies_between_chance_and_an_oracle(n, auc):
    found = best_of(P, n, auc)
    assert (found >= P - 1e-6).all()
    assert (found <= 1 - (1 - P) ** n + 1e-6).all()


def test_a_blind_verifier_picks_at_random_and_its_auc_is_what_it_says():
    assert best_of(P, 64, 0.5) == pytest.approx(P, abs=1e-6)
    # two samples, one right: the right one scores above with the chance AUC
    p = np.array([0.5])
    assert best_of(p, 2, 0.8)[0] == pytest.approx(0.25 + 0.5 * 0.8, abs=1e-6)
    assert d_prime(0.5) == 0


@settings(deadline=None)
@given(mean=st.floats(0.01, 0.95), shape=st.floats(0.05, 5))
def test_the_grid_of_difficulty_keeps_the_mean_and_the_coverage(mean, shape):
    m, a = np.asarray(mean), np.asarray(shape)
    share = weights(m, a)
    assert share.sum() == pytest.approx(1)
    assert share @ cells() == pytest.approx(mean, abs=2e-3)
    assert share @ (1 - (1 - cells()) ** 20) == pytest.approx(
        float(coverage(m, a, np.asarray(20.0))), abs=5e-3
    )


@settings(deadline=None)
@given(mean=st.floats(0.005, 0.7), shape=st.floats(0.02, 20), k=st.integers(2, 5000))
def test_the_shape_through_a_point_goes_through_it(mean, shape, k):
    m, kk = np.asarray(mean), np.asarray(float(k))
    reached = coverage(m, np.asarray(shape), kk)
    assert coverage(m, shape_through(m, kk, reached), kk) == pytest.approx(float(reached), abs=1e-9)


def test_five_samples_foretell_two_hundred_and_fifty():
    settings = {"pass_at_1": 15.9, "known_samples": [5], "known_coverage": [29.62], "samples": 250}
    found = run(COVERAGE, STUDY, settings | {"benchmark": "SWE-bench Lite"}, draws=2000)
    # Large Language Monkeys prints 56.0 %
    assert found.value("coverage") == pytest.approx(56.0, abs=1.5)
    low, high = found.interval("coverage")
    assert low < 56.0 < high and high - low < 8


def test_the_curve_goes_through_two_points_without_pass_at_1():
    settings = {"known_samples": [100, 10000], "known_coverage": [82.9, 98.44]}
    for k, known in ((100, 82.9), (10000, 98.44)):
        assert run(COVERAGE, None, settings | {"samples": k}).value("coverage") == pytest.approx(
            known, abs=1e-6
        )
        law = run(COVERAGE, None, settings | {"samples": k, "form": "power law"})
        assert law.value("coverage") == pytest.approx(known, abs=1e-6)


def test_the_samples_needed_reach_the_target():
    settings = {"pass_at_1": 10, "shape": 0.3, "samples": 1, "target": 60}
    needed = run(COVERAGE, None, settings).value("samples_needed")
    assert run(COVERAGE, None, settings | {"samples": needed}).value("coverage") == pytest.approx(60)


def test_pass_at_k_counts_the_ways_to_miss():
    # 10 samples, 3 right: five tries all miss in C(7,5)/C(10,5) = 21/252 ways
    found = run(PASS_AT_K, None, {"samples": [10], "correct": [3], "k": 5})
    assert found.value("pass_at_k") == pytest.approx(100 * (1 - 21 / 252))
    mean = run(PASS_AT_K, None, {"samples": [10, 4], "correct": [0, 4], "k": 3})
    assert mean.value("pass_at_k") == 50


def test_one_sample_scores_pass_at_1_however_it_is_picked():
    found = run(SAMPLING, STUDY, {"pass_at_1": 37, "samples": 1, "verifier_auc": 0.8})
    for name in ("majority_vote", "weighted_vote", "best_of_n", "coverage"):
        assert found.value(name) == pytest.approx(37, abs=0.1), name


def test_a_hundred_per_cent_stays_and_no_strategy_beats_coverage():
    assert run(SAMPLING, STUDY, {"pass_at_1": 100}).value("majority_vote") == pytest.approx(100, abs=1e-6)
    found = run(SAMPLING, STUDY, {"pass_at_1": 40, "verifier_auc": 0.9, "samples": 16})
    best = max(found.value(name) for name in ("majority_vote", "weighted_vote", "best_of_n"))
    assert best <= found.value("coverage") + 1e-6


def test_a_benchmark_of_few_problems_widens_the_interval():
    widths = []
    for problems in (30, 3000):
        found = run(SAMPLING, STUDY, {"pass_at_1": 55, "benchmark.problems": problems}, draws=1000)
        low, high = found.interval("majority_vote")
        widths.append(high - low)
    assert widths[0] > 1.3 * widths[1]
    again = run(SAMPLING, STUDY, {"pass_at_1": 55, "benchmark.problems": 3000}, draws=1000)
    assert again.interval("majority_vote")[1] - again.interval("majority_vote")[0] == widths[1]


@pytest.mark.parametrize(
    ("model", "settings", "says"),
    [
        (SAMPLING, {"pass_at_1": 130}, "pass_at_1 is out of range: expected from 0 to 100 %, found 130"),
        (SAMPLING, {"pass_at_1": 30, "samples": 2.5}, "samples is a whole number"),
        (SAMPLING, {"pass_at_1": 30, "samples": 1e6}, "samples is out of range"),
        (SAMPLING, {"pass_at_1": 30, "verifier_auc": 0.3}, "verifier_auc is out of range"),
        (COVERAGE, {"samples": 10}, "no point of the curve is known"),
        (COVERAGE, {"samples": 10, "pass_at_1": 30, "known_samples": [5], "known_coverage": [25]}, "coverage rises with samples"),
        (COVERAGE, {"samples": 10, "pass_at_1": 10, "known_samples": [2], "known_coverage": [30]}, "more than independent tries can reach"),
        (COVERAGE, {"samples": 10, "known_samples": [5], "known_coverage": [25]}, "one point with many samples"),
        (COVERAGE, {"samples": 10, "known_samples": [5, 6], "known_coverage": [25]}, "lists of known points differ"),
        (COVERAGE, {"samples": 10, "pass_at_1": 30, "form": "power law"}, "needs two points"),
        (PASS_AT_K, {"samples": [10], "correct": [12], "k": 2}, "more right samples than samples"),
        (PASS_AT_K, {"samples": [10], "correct": [2], "k": 12}, "k is more than the samples taken"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(model, settings, says):
    with pytest.raises(BadInput, match=says):
        run(model, STUDY, settings)


def test_many_draws_have_the_shares_of_each_alone():
    generator = np.random.default_rng(2)
    mean = generator.uniform(0.2, 0.4, 3000)
    shape = np.exp(generator.normal(-1, 0.4, 3000))
    at_once = weights(mean, shape)
    alone = np.stack([weights(np.asarray(m), np.asarray(a)) for m, a in zip(mean, shape, strict=True)])
    assert np.abs(np.cumsum(at_once - alone, axis=1)).max() < 2e-8
    # far apart, the grid of nodes would miss, or cost more: each draw is worked out
    wide = weights(np.linspace(0.001, 0.999, 500), np.geomspace(1e-3, 1e3, 500))
    assert wide[7] == pytest.approx(
        weights(np.asarray(np.linspace(0.001, 0.999, 500)[7]), np.asarray(np.geomspace(1e-3, 1e3, 500)[7])),
        abs=1e-15,
    )


def test_one_search_for_all_draws_finds_what_each_alone_would():
    generator = np.random.default_rng(4)
    shares = generator.dirichlet(np.full(len(cells()), 0.2), 500)
    found = drawn(shares, [cells()], 30, seed=9)
    again = np.random.Generator(np.random.Philox(key=9, counter=[0, 0, 1, 0])).random((500, 30))
    reach = np.cumsum(shares, axis=1)
    for row, u, cell in zip(reach / reach[:, -1:], again, found.cell, strict=True):
        assert np.array_equal(np.searchsorted(row, u), cell)


@pytest.mark.parametrize("n", [1, 2, 3, 40])
def test_no_rival_is_the_limit_of_a_rare_one(n):
    for kept_share in ((1.0, 1.0), (0.7, 0.2)):
        sensitivity, false_alarm = kept_share
        none, rare = (
            vote(P, n, rival, sensitivity=sensitivity, false_alarm=false_alarm) for rival in (0.0, 1e-13)
        )
        assert none == pytest.approx(rare, abs=1e-10)
