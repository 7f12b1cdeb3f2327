"""This module draws the probabilities at which uncertain inputs are read, the same ones for a seed on every machine."""

from __future__ import annotations

import numpy as np

from waferline.models.model import Array

BLOCK = 2**16
"""Draws are made in units of this size, each with a generator of its own, so that any number of workers agree."""


def uniforms(draws: int, dimensions: int, seed: int) -> Array:
    """Pseudo-random numbers strictly between 0 and 1, shape `(draws, dimensions)`.

    Block `b` comes from a Philox generator keyed by the seed with counter `b`; the first n draws do not depend on how
    many follow.
    """
    blocks = [
        uniform_block(seed, number, dimensions, min(BLOCK, draws - number * BLOCK))
        for number in range(-(-draws // BLOCK))
    ]
    return np.concatenate(blocks) if blocks else np.empty((0, dimensions))


def uniform_block(seed: int, number: int, dimensions: int, rows: int) -> Array:
    """Block `number` of the draws of a seed, shape `(rows, dimensions)`."""
    generator = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, number]))
    u = generator.random((rows, dimensions))
    # random() may give 0, at which a normal has no value
    return np.maximum(u, 2.0**-54)
