"""This module makes scrambled Sobol points: more even than random ones, and different in every randomisation."""

from __future__ import annotations

import numpy as np

from waferline.errors import BadInput
from waferline.models.model import Array

MAX_DIMENSIONS = 21_201
MAX_POINTS = 2**22
MAX_NUMBERS = 2**27
"""Points times dimensions held at once: a gigabyte."""


def sobol_points(points: int, dimensions: int, seed: int, randomisation: int) -> Array:
    """`points` of the unit cube, strictly inside it, shape `(points, dimensions)`.

    `points` is a power of two, at which the net is balanced. Each randomisation is scrambled from its own stream, so
    that the scatter of results over randomisations is their numerical error. Source: Owen, Scrambling Sobol' and
    Niederreiter-Xing points, J. Complexity 14, 1998; the generator is SciPy's.
    """
    from scipy.stats import qmc

    if points < 2 or points & (points - 1) or points > MAX_POINTS:
        below = 2 ** (min(max(points, 2), MAX_POINTS).bit_length() - 1)
        raise BadInput(
            "points", "the number of points is a power of two", f"2 to {MAX_POINTS}", str(points), str(below)
        )
    if dimensions > MAX_DIMENSIONS:
        raise BadInput(
            "points", "too many uncertain inputs", f"at most {MAX_DIMENSIONS} dimensions", str(dimensions)
        )
    if points * dimensions > MAX_NUMBERS:
        raise BadInput(
            "points",
            "too many points for so many uncertain inputs",
            f"at most {2 ** ((MAX_NUMBERS // dimensions).bit_length() - 1)} for {dimensions} dimensions",
            str(points),
        )
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, randomisation])))
    engine = qmc.Sobol(dimensions, scramble=True, bits=53, rng=generator)
    found = engine.random(points)
    # a point may fall on 0, at which a normal has no value
    return np.asarray(np.clip(found, 2.0**-54, 1 - 2.0**-53, out=found))
