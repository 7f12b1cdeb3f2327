"""Runs of a model over more draws than are held, and at Sobol points whose scatter is the error of the interval."""

import numpy as np
import pytest

from waferline.errors import BadInput
from waferline.models.model import Input, Model, Output
from waferline.models.running import HELD_DRAWS, run
from waferline.quantity.relations.base import Phrase

P = Phrase("数", "a number")


def _compute(x):
    noise = np.random.default_rng(x.seed).normal(0, 0.01, x.draws) if x.draws else 0.0
    return {
        "area": x["width"] * x["height"] * (1 + noise),
        "width_again": x["width"],
        "height_again": x["height"],
        "fixed": np.asarray(3.0),
        "curve": x["width"][..., None] * np.ones(4) if x["width"].ndim else x["width"] * np.ones(4),
    }


AREA = Model(
    "area", P, "test", (Input("width", "x", P, low=0), Input("height", "x", P, low=0.5, high=2.5)),
    (*(Output(name, "x", P) for name in ("area", "width_again", "height_again", "fixed")), Output("curve", "x", P, many=True)),
    _compute, "w · h", "a test",
)  # fmt: skip
SETTINGS = {"width": "1..2..4", "height": {"low": 1, "central": 1.5, "high": 2, "shape": "normal"}}
MANY = HELD_DRAWS + 2**16 + 5


@pytest.fixture(scope="module")
def streamed():
    return run(AREA, None, SETTINGS, draws=MANY, seed=3, threads=2)


def test_many_draws_have_the_interval_of_few_and_are_not_held(streamed):
    held = run(AREA, None, SETTINGS, draws=200_000, seed=1)
    assert not streamed.draws and set(streamed.summaries) == {"area", "width_again", "height_again"}
    for name in streamed.summaries:
        assert streamed.interval(name) == pytest.approx(held.interval(name), rel=0.01), name
    assert streamed.interval("fixed") == (3, 3)
    assert streamed.summaries["area"].draws == MANY


def test_threads_change_no_bit_of_a_run(streamed):
    again = run(AREA, None, SETTINGS, draws=MANY, seed=3)
    for name, summary in streamed.summaries.items():
        assert (summary.mean, summary.variance) == (
            again.summaries[name].mean,
            again.summaries[name].variance,
        )
        assert summary.counts.tobytes() == again.summaries[name].counts.tobytes()


def test_what_an_input_allows_cuts_off_streamed_draws_too(streamed):
    height = streamed.summaries["height_again"]
    assert height.least >= 0.5 and height.greatest <= 2.5
    width = streamed.summaries["width_again"]
    # one in ten below 1, the median 2, one in ten above 4
    assert [width.quantile(q) for q in (0.1, 0.5, 0.9)] == pytest.approx([1, 2, 4], rel=0.005)


def test_a_group_moves_together_in_a_stream(tmp_path):
    (tmp_path / "models").mkdir()
    entry = 'low = "1"\ncentral = "1.5"\nhigh = "2"\nsource = "s"\ngroup = "size"\n'
    text = f"[inputs.width]\n{entry}[inputs.height]\n{entry}"
    (tmp_path / "models/area.toml").write_text(text)
    found = run(AREA, tmp_path, draws=MANY)
    # the height is cut off at 2.5 and the width is not, but both read one probability: at its nine tenths about 2 · 2
    assert found.interval("area")[1] == pytest.approx(4, rel=0.03)
    (tmp_path / "models/area.toml").write_text(text.replace('group = "size"\n', ""))
    assert run(AREA, tmp_path, draws=MANY).interval("area")[1] < 3.7


def test_the_error_of_an_interval_is_the_scatter_over_randomisations():
    found = run(AREA, None, SETTINGS, draws=8 * 256, randomisations=8, seed=4)
    errors = found.interval_errors("width_again")
    assert found.draws["area"].shape == (8 * 256,)
    for end, error, exact in zip(found.interval("width_again"), errors, (1, 4), strict=True):
        assert 0 < error < 0.05 and abs(end - exact) < 6 * error + 0.01
    assert found.interval_errors("fixed") == (0, 0)
    again = run(AREA, None, SETTINGS, draws=8 * 256, randomisations=8, seed=4, threads=3)
    assert all(found.draws[name].tobytes() == again.draws[name].tobytes() for name in found.draws)


def test_a_model_that_resamples_does_so_anew_in_each_randomisation():
    found = run(AREA, None, SETTINGS, draws=2 * 64, randomisations=2)
    noise = (found.draws["area"] / found.draws["width_again"] / found.draws["height_again"]).reshape(2, -1)
    assert not np.allclose(noise[0], noise[1])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"draws": 1000, "randomisations": 7}, "draws that they divide, found 7 for 1000 draws"),
        ({"draws": 1000, "randomisations": 2}, "a power of two"),
        ({"draws": 1000, "randomisations": 1}, "2 or more"),
        ({"draws": 10**10}, "0 to 1000000000"),
        ({"draws": 2**25, "randomisations": 8}, "0 to 10000000"),
    ],
)
def test_draws_that_cannot_be_made_are_refused(options, says):
    with pytest.raises(BadInput, match=says):
        run(AREA, None, SETTINGS, **options)
    with pytest.raises(BadInput, match="no error of their own"):
        run(AREA, None, SETTINGS, draws=16).interval_errors("area")
