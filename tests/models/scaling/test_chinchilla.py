"""The pre-training law: the published refit, what is optimal under it, and runs that cannot be fitted."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import logsumexp

from waferline.errors import BadInput
from waferline.models.registry import model_named
from waferline.models.running import run
from waferline.models.scaling.huber_fit import Problem, least
from waferline.models.scaling.loss_law import LossLaw, fit, kept, refits

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
CHINCHILLA, OPTIMAL = model_named("chinchilla"), model_named("compute-optimal")


@pytest.fixture(scope="module")
def points():
    with (STUDY / "evidence/raw/chinchilla_points.csv").open() as file:
        rows = list(csv.DictReader(file))
    columns = {"parameters": "Model Size", "training_compute": "Training FLOP", "loss": "loss"}
    return {name: [float(row[column]) for row in rows] for name, column in columns.items()} | {
        "excluded": 5,
        "budget": 5.76e23,
    }


def test_epochs_replication_is_met_within_its_standard_errors(points):
    found = run(CHINCHILLA, None, points)
    assert found.value("runs_fitted") == 240
    for name, published, error in (
        ("alpha", 0.3478, 0.0154), ("beta", 0.3658, 0.0206), ("e", 1.8169, 0.0257), ("a", 482.0, 124.5), ("b", 2085.4, 1293.3),
    ):  # fmt: skip
        assert abs(found.value(name) - published) < 0.1 * error, name


def test_the_spread_of_refits_is_epochs_standard_error(points):
    found = run(CHINCHILLA, None, points, draws=256)
    assert np.std(found.draws["alpha"]) == pytest.approx(0.0154, rel=0.2)
    assert np.std(found.draws["e"]) == pytest.approx(0.0257, rel=0.2)
    again = run(CHINCHILLA, None, points, draws=300)
    assert np.array_equal(found.draws["beta"], again.draws["beta"][:256])


def _by_minimize(n, d, loss, counts, law, delta=1e-3):
    """The same objective, written out again, pushed on by SciPy from where the law stands."""
    n, d, loss = np.log(n), np.log(d), np.log(loss)

    def objective(x):
        r = np.abs(
            logsumexp([x[0] - x[3] * n, x[1] - x[4] * d, np.broadcast_to(x[2], n.shape)], axis=0) - loss
        )
        return 1e3 * (counts * np.where(r <= delta, r * r / 2, delta * (r - delta / 2))).sum()

    start = np.array([np.log(law.a), np.log(law.b), np.log(law.e), law.alpha, law.beta], dtype=float)
    pushed = minimize(
        objective, start, method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-10, "fatol": 1e-14}
    )
    return objective(start), pushed.fun


def test_fit_and_refits_stand_where_nothing_is_lower(points):
    n, flop, loss = (np.array(points[name]) for name in ("parameters", "training_compute", "loss"))
    keep = kept(loss, 5)
    n, d, loss = n[keep], (flop / (6 * n))[keep], loss[keep]
    here, lowest = _by_minimize(n, d, loss, 1, fit(n, d, loss, 1e-3))
    assert lowest > here * (1 - 1e-8)
    many = refits(n, d, loss, 1e-3, seed=0)
    generator = np.random.Generator(np.random.Philox(key=0))
    drawn = [np.bincount(generator.integers(0, 240, 240), minlength=240) for _ in range(256)]
    # the first few, and two that sixty rounds of reweighting left up to 0.4 standard errors off
    for i in (0, 1, 2, 3, 55, 110):
        law = LossLaw(*(each[i] for each in (many.a, many.b, many.e, many.alpha, many.beta)))
        here, lowest = _by_minimize(n, d, loss, drawn[i], law)
        assert lowest > here * (1 - 1e-7), i


def test_starts_far_off_find_the_same_law():
    generator = np.random.default_rng(1)
    n, d = generator.uniform(17, 24, 60), generator.uniform(20, 28, 60)
    loss = np.log(1.5 + np.exp(6 - 0.35 * n) + np.exp(7 - 0.37 * d))
    problem = Problem(n.mean() - n, d.mean() - d, loss, 1e-3, np.ones((1, 60)))
    starts = np.array(
        [[level, slope, level, slope, e] for level in (-2.0, 0.0) for slope in (0.3, 0.6) for e in (0.0, 0.6)]
    )
    found, losses = least(starts, problem)
    right = losses < 1e-18
    assert right.sum() >= 3
    assert found[right][:, [1, 3]] == pytest.approx(np.tile([0.35, 0.37], (right.sum(), 1)))


def test_the_five_left_out_are_those_of_highest_loss():
    loss = np.array([3.0, 5.0, 2.0, 4.0, 4.0, 2.5])
    assert kept(loss, 0).all()
    # both runs at the second highest loss go: Epoch keeps what is strictly below it
    assert kept(loss, 2).tolist() == [True, False, True, False, False, True]


def test_exact_runs_give_the_law_back():
    generator = np.random.default_rng(3)
    n, d = 10 ** generator.uniform(7.5, 10, 60), 10 ** generator.uniform(9, 11.5, 60)
    loss = 1.7 + 400 / n**0.34 + 900 / d**0.32
    found = run(
        CHINCHILLA,
        None,
        {"parameters": n, "training_compute": 6 * n * d, "loss": loss, "excluded": 0, "budget": 1e22},
    )
    assert found.value("alpha") == pytest.approx(0.34, abs=1e-3)
    assert found.value("beta") == pytest.approx(0.32, abs=1e-3)


def test_the_optimum_has_the_least_loss_of_its_budget():
    law = LossLaw(*(np.asarray(each) for each in (482.0, 2085.4, 1.8169, 0.3478, 0.3658)))
    budget = 1e24
    best = float(law.optimal_parameters(np.asarray(budget), np.asarray(6.0)))
    others = best * np.array([0.5, 0.9, 1.1, 2.0])
    least = law.loss(np.asarray(best), np.asarray(budget / (6 * best)))
    assert (law.loss(others, budget / (6 * others)) > least).all()


def test_a_published_law_is_used_by_name_and_a_model_is_judged_by_it():
    found = run(
        OPTIMAL, STUDY, {"law": "Hoffmann", "parameters": "70 bn parameters", "tokens": "1.4 tn tokens"}
    )
    # 1.69 + 406.4/70e9^0.34 + 410.7/1.4e12^0.28, worked by hand
    assert found.value("loss") == pytest.approx(1.9366, abs=2e-4)
    assert found.value("optimal_exponent") == pytest.approx(0.28 / 0.62)
    assert found.value("excess_loss") > 0


def test_a_law_of_tokens_alone_gives_tokens_and_no_loss():
    found = run(OPTIMAL, STUDY, {"law": "Llama 3", "budget": 3.8e25})
    assert found.value("optimal_tokens") == pytest.approx(0.29 * 3.8e25**0.53)
    assert found.value("optimal_tokens") * found.value("optimal_parameters") * 6 == pytest.approx(3.8e25)
    with pytest.raises(BadInput, match="do not give it"):
        found.value("optimal_loss")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"loss": [2.0] * 5}, "lists of runs differ in length: expected .*, found 245, 245 and 5"),
        ({"excluded": 240}, "too few runs for five constants"),
        ({"budget": -1}, "budget is out of range"),
        ({"budget": "5 GB"}, "wrong kind"),
        ({"parameters": [1e9] * 245, "training_compute": [1e20] * 245}, "all runs have one size"),
    ],
)
def test_runs_that_cannot_be_fitted_are_refused(points, changed, says):
    with pytest.raises(BadInput, match=says):
        run(CHINCHILLA, None, points | changed)
