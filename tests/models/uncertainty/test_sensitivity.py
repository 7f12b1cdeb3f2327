"""Sobol indices on functions with known ones, on a model, and the same bytes whatever the threads."""

import numpy as np
import pytest

from waferline.errors import BadInput
from waferline.models.model import Input, Model, Output
from waferline.models.registry import model_named
from waferline.models.running import run
from waferline.models.uncertainty.points import sobol_points
from waferline.models.uncertainty.sensitivity import sensitivity
from waferline.models.uncertainty.shapley import shapley
from waferline.models.uncertainty.sobol import Uniform, indices
from waferline.quantity.relations.base import Phrase

P = Phrase("数", "a number")


def test_ishigami_has_its_analytic_indices():
    found = run(model_named("sensitivity-test"), None, {"function": "ishigami", "points": 8192})
    # worked out from V = 1/2 + a²/8 + b·π⁴/5 + b²·π⁸/18 with a = 7, b = 0.1
    for name, exact in (
        ("first_x1", 0.313905), ("first_x2", 0.442411), ("first_x3", 0), ("total_x1", 0.557589), ("total_x2", 0.442411), ("total_x3", 0.243684),
    ):  # fmt: skip
        assert found.value(name) == pytest.approx(exact, abs=0.002), name
    assert found.value("variance") == pytest.approx(13.844588, rel=1e-3)
    assert found.value("numerical_error") < 0.002


def test_the_g_function_has_its_analytic_indices():
    found = run(model_named("sensitivity-test"), None, {"function": "g", "weights": [0, 1, 4.5, 9]})
    parts = [1 / (3 * (1 + w) ** 2) for w in (0, 1, 4.5, 9)]
    variance = np.prod([1 + part for part in parts]) - 1
    for i, part in enumerate(parts, 1):
        assert found.value(f"first_x{i}") == pytest.approx(part / variance, abs=0.002)
        assert found.value(f"total_x{i}") == pytest.approx(
            part * (variance + 1) / (1 + part) / variance, abs=0.002
        )


def test_the_printed_error_is_the_error():
    exact, misses = 0.313905, []
    for seed in range(12):
        found = indices(_ishigami, 3, points=256, randomisations=4, seed=seed)
        misses.append((found.first[0] - exact) / found.first_error[0])
    # t-distributed with three degrees of freedom: within ±3.2 in 19 of 20
    assert np.mean(np.abs(misses) < 3.2) > 0.8


def _of_columns(u):
    x1, x2, x3 = (np.pi * (2 * each - 1) for each in u)
    return np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


_ishigami = Uniform(_of_columns)


def test_a_constant_added_changes_no_index():
    plain = indices(_ishigami, 3, points=512, randomisations=2)
    lifted = indices(Uniform(lambda u: _of_columns(u) + 1e4), 3, points=512, randomisations=2)
    assert lifted.first == pytest.approx(plain.first, abs=1e-6)


def test_threads_change_no_bit():
    one, four = (
        indices(_ishigami, 3, points=2**17, randomisations=2, seed=5, threads=threads) for threads in (1, 4)
    )
    assert one.first.tobytes() == four.first.tobytes() and one.total.tobytes() == four.total.tobytes()
    assert one.variance == four.variance


def test_shapley_effects_of_ishigami_share_the_interaction_in_halves():
    found = shapley(_ishigami, 3, points=8192, randomisations=8)
    # two factors meet in one interaction: each has its first index and half of what they share
    exact = [(0.313905 + 0.557589) / 2, 0.442411, 0.243684 / 2]
    assert found.effect == pytest.approx(exact, abs=0.004)
    assert found.effect.sum() == pytest.approx(1, abs=0.002)
    assert (np.abs(found.effect - exact) < 4 * found.error + 1e-4).all()
    assert found.evaluations == 8 * 8192 * 4


def test_shapley_effects_of_a_product_are_the_same_for_equal_factors():
    found = shapley(Uniform(lambda u: u[0] * u[1] * u[2] * u[3] + 0 * u[4]), 5, points=4096)
    assert found.effect[:4] == pytest.approx([0.25] * 4, abs=0.02)
    assert (np.abs(found.effect[:4] - 0.25) < 4 * found.error[:4]).all()
    assert found.effect[4] == 0


def test_threads_change_no_bit_of_a_shapley_effect():
    one, three = (shapley(_ishigami, 3, points=512, seed=2, threads=threads) for threads in (1, 3))
    assert one.effect.tobytes() == three.effect.tobytes() and one.error.tobytes() == three.error.tobytes()


def test_points_fill_every_interval_of_a_dimension_once():
    found = sobol_points(64, 5, seed=1, randomisation=0)
    for column in found.T:
        assert sorted((column * 64).astype(int)) == list(range(64))
    assert not np.array_equal(found, sobol_points(64, 5, seed=1, randomisation=1))
    assert np.array_equal(found, sobol_points(64, 5, seed=1, randomisation=0))


def _model(compute):
    inputs = tuple(Input(name, "x", P, low=0) for name in ("width", "height", "idle"))
    return Model(
        "area",
        P,
        "test",
        inputs,
        (Output("area", "x", P), Output("many", "x", P, many=True)),
        compute,
        "w · h",
        "a test",
    )


AREA = _model(lambda x: {"area": x["width"] * x["height"]})
SETTINGS = {"width": "1..3", "height": "1..2", "idle": "0..1"}


def test_a_models_inputs_share_the_variance_of_its_output():
    found = sensitivity(AREA, None, SETTINGS, seed=3)
    # V = E[w²]E[h²] − (E[w]E[h])² with w in 1..3, h in 1..2; V_w = var(w)·E[h]²
    variance = (13 / 3) * (7 / 3) - 9
    assert [each.name for each in found.factors] == ["width", "height", "idle"]
    assert found.factors[0].first == pytest.approx((1 / 3) * 2.25 / variance, abs=1e-3)
    assert found.factors[1].total == pytest.approx((1 / 12) * (13 / 3) / variance, abs=1e-3)
    assert found.factors[2].total == 0 and abs(found.factors[2].rank) < 0.05
    # the interaction, V − V_w − V_h, is shared in halves
    interaction = variance - (1 / 3) * 2.25 - (1 / 12) * 4
    assert found.factors[0].shapley == pytest.approx(((1 / 3) * 2.25 + interaction / 2) / variance, abs=2e-3)
    assert sum(each.shapley for each in found.factors) == pytest.approx(1, abs=2e-3)
    assert 0 < found.mean_error < 1e-3 and abs(found.deviation**2 - variance) < 5 * found.deviation_error
    assert found.central == 3 and found.mean == pytest.approx(3, abs=1e-3)


def test_the_tornado_moves_one_input_and_keeps_the_others_central():
    width = sensitivity(AREA, None, SETTINGS, points=64).factors[0]
    assert (width.at_low, width.at_high) == (pytest.approx(1.2 * 1.5), pytest.approx(2.8 * 1.5))
    assert width.rank > 0.8


def test_a_group_is_one_factor(tmp_path):
    (tmp_path / "models").mkdir()
    entry = 'low = "1"\nhigh = "2"\nsource = "s"\ngroup = "size"\n'
    (tmp_path / "models/area.toml").write_text(f"[inputs.width]\n{entry}[inputs.height]\n{entry}")
    found = sensitivity(AREA, tmp_path, {"idle": 0}, points=64)
    (only,) = found.factors
    assert only.name == "size"
    assert only.first == pytest.approx(1, abs=0.05) and only.total == pytest.approx(1, abs=0.05)
    assert only.at_high == pytest.approx(1.9**2)
    # one player, though two inputs: all of the variance
    assert only.shapley == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("changed", "options", "says"),
    [
        ({"width": 1, "height": 1, "idle": 1}, {}, "none of its inputs is uncertain"),
        ({"width": 1, "height": 1}, {}, "does not depend on the uncertain inputs"),
        ({}, {"points": 1000}, "a power of two: expected 2 to .*, found 1000. Try: 512"),
        ({}, {"output": "many"}, "a list has no single variance"),
        ({}, {"output": "volume"}, "no such output"),
        ({}, {"randomisations": 1}, "an error needs several"),
    ],
)
def test_what_has_no_sensitivity_is_refused(changed, options, says):
    with pytest.raises(BadInput, match=says):
        sensitivity(AREA, None, SETTINGS | changed, **options)


def test_an_output_that_breaks_down_is_named():
    broken = _model(lambda x: {"area": np.where(x["width"] > 2, np.nan, x["width"])})
    with pytest.raises(BadInput, match="no finite value somewhere in the range"):
        sensitivity(broken, None, SETTINGS, points=64)
