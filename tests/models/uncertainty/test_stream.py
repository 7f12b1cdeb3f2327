"""Draws in blocks: exact moments, quantiles within a bin, the same bytes whatever the threads."""

import numpy as np
import pytest

from waferline.errors import BadInput
from waferline.models.sampling import BLOCK
from waferline.models.uncertainty.stream import CHUNK, streamed

DRAWS = 3 * BLOCK + 1000


def lognormal(generator, rows, seed):
    return {
        "y": np.exp(0.5 * generator.standard_normal(rows)) + generator.random(rows),
        "seed": np.asarray(seed),
    }


def at_once(draws, seed):
    """The same draws without the stream."""
    found = []
    for number in range(-(-draws // BLOCK)):
        generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, number])))
        left = min(BLOCK, draws - number * BLOCK)
        found += [lognormal(generator, min(CHUNK, left - start), 0)["y"] for start in range(0, left, CHUNK)]
    return np.concatenate(found)


def test_moments_and_quantiles_are_those_of_the_same_draws_at_once():
    found = streamed(lognormal, DRAWS, seed=4)["y"]
    values = at_once(DRAWS, 4)
    assert found.mean == pytest.approx(values.mean(), rel=1e-12)
    assert found.variance == pytest.approx(values.var(), rel=1e-12)
    assert (found.least, found.greatest) == (values.min(), values.max())
    for q in (0.00001, 0.001, 0.1, 0.5, 0.9, 0.999, 0.99999):
        exact = np.quantile(values, q, method="inverted_cdf")
        assert found.quantile(q) == pytest.approx(exact, abs=found.resolution(q) * (1 + 1e-9)), q
    assert found.counts.sum() == DRAWS


def test_quantiles_of_a_heavy_tail_are_as_sharp_as_any():
    # the greatest value is millions of medians away: bins of equal width would hold everything in the first one
    found = streamed(lambda g, rows, seed: {"y": np.exp(3 * g.standard_normal(rows))}, 4 * BLOCK)["y"]
    for q, z in ((0.1, -1.2815515655), (0.5, 0.0), (0.9, 1.2815515655)):
        assert found.quantile(q) == pytest.approx(np.exp(3 * z), rel=0.03)
        assert found.resolution(q) < 0.01 * np.exp(3 * z)


def test_threads_change_no_bit_of_a_stream():
    one, three = (streamed(lognormal, DRAWS, seed=4, threads=threads)["y"] for threads in (1, 3))
    assert (one.mean, one.variance) == (three.mean, three.variance)
    assert one.counts.tobytes() == three.counts.tobytes() and one.edges.tobytes() == three.edges.tobytes()


def test_every_chunk_of_a_resampling_model_has_a_seed_of_its_own():
    seeds = set()
    streamed(lambda g, rows, seed: seeds.add(seed) or {"y": g.random(rows)}, 2 * BLOCK)
    assert len(seeds) == 2 * BLOCK // CHUNK


def test_a_constant_and_a_single_draw_have_quantiles():
    constant = streamed(lambda g, rows, seed: {"y": np.asarray(7.0)}, 100)["y"]
    assert (constant.mean, constant.variance, constant.quantile(0.1)) == (7, 0, pytest.approx(7))
    single = streamed(lambda g, rows, seed: {"y": g.random(rows)}, 1)["y"]
    assert single.quantile(0.5) == pytest.approx(single.mean)


def test_what_lies_beyond_the_first_block_is_counted():
    def rare(generator, rows, seed):
        u = generator.random(rows)
        return {"y": np.where(u < 2e-6, 1e6, u)}

    found = streamed(rare, 32 * BLOCK, seed=1)["y"]
    assert found.greatest == 1e6 and found.quantile(1) == 1e6
    assert found.quantile(0.999) == pytest.approx(0.999, abs=1e-3)


def test_bad_draws_are_refused():
    with pytest.raises(BadInput, match="at least 1"):
        streamed(lognormal, 0)
    with pytest.raises(BadInput, match="y has no finite value"):
        streamed(lambda g, rows, seed: {"y": np.where(g.random(rows) < 0.5, np.nan, 1)}, 1000)
