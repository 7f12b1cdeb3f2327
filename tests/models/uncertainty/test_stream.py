"""Draws in blocks: exact moments, quantiles within a bin, the same bytes whatever the threads."""

import numpy as np
import pytest
from scipy.special import ndtri

from waferline.errors import BadInput
from waferline.models.sampling import BLOCK, uniforms
from waferline.models.uncertainty.stream import streamed

DRAWS = 3 * BLOCK + 1000


def lognormal(u):
    return np.exp(0.5 * ndtri(u[:, 0])) + u[:, 1]


def test_moments_and_quantiles_are_those_of_the_same_draws_at_once():
    found = streamed(lognormal, 2, DRAWS, seed=4)
    at_once = lognormal(uniforms(DRAWS, 2, 4))
    assert found.mean == pytest.approx(at_once.mean(), rel=1e-12)
    assert found.variance == pytest.approx(at_once.var(), rel=1e-12)
    assert (found.least, found.greatest) == (at_once.min(), at_once.max())
    for q in (0.001, 0.1, 0.5, 0.9, 0.999):
        assert found.quantile(q) == pytest.approx(
            np.quantile(at_once, q, method="inverted_cdf"), abs=1.01 * found.resolution
        )
    assert found.counts.sum() == DRAWS


def test_threads_change_no_bit_of_a_stream():
    one, three = (streamed(lognormal, 2, DRAWS, seed=4, threads=threads) for threads in (1, 3))
    assert (one.mean, one.variance) == (three.mean, three.variance)
    assert one.counts.tobytes() == three.counts.tobytes() and one.edges.tobytes() == three.edges.tobytes()


def test_a_constant_and_a_single_draw_have_quantiles():
    constant = streamed(lambda u: np.full(len(u), 7.0), 1, 100)
    assert (constant.mean, constant.variance, constant.quantile(0.1)) == (7, 0, 7)
    assert streamed(lambda u: u[:, 0], 1, 1).quantile(0.5) == pytest.approx(float(uniforms(1, 1, 0)[0, 0]))


def test_what_lies_beyond_the_first_block_is_counted():
    found = streamed(lambda u: np.where(u[:, 0] < 2e-6, 1e6, u[:, 0]), 1, 8 * BLOCK, seed=1)
    assert found.greatest == 1e6 and found.quantile(1) == 1e6


def test_bad_draws_are_refused():
    with pytest.raises(BadInput, match="at least 1"):
        streamed(lognormal, 2, 0)
    with pytest.raises(BadInput, match="no finite value"):
        streamed(lambda u: np.where(u[:, 0] < 0.5, np.nan, 1.0), 1, 1000)
