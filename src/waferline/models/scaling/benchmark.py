"""This module says how far a score on a few problems strays from the expected one, given what was measured on the same problems."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from waferline.models.model import Array, Input, RecordKind
from waferline.quantity.relations.base import Phrase

BENCHMARK = RecordKind(
    "benchmark",
    "models/benchmarks.csv",
    Phrase("评测集", "benchmark"),
    (Input("problems", "x", Phrase("题目数", "problems"), low=1, high=1e6, whole=True, optional=True),),
)

_MOST_DRAWN = 400
"""A benchmark of more problems is drawn with so many and its noise scaled: the scatter falls with the root."""


def stray(
    shares: Array,
    success: Array,
    measured: Sequence[Array],
    problems: int,
    seed: int,
    *,
    decided: bool = True,
) -> Array:
    """One deviation of the score a draw, shape `(draws,)`.

    `shares` `(draws, cells)`: how many of the problems lie in each cell of difficulty; `success`: the chance that a
    problem of the cell is solved, `(cells,)` or `(draws, cells)`; `measured` `(cells,)`: chances whose mean over the same
    problems is known, such as p for pass@1. Each draw takes `problems` problems at random; `decided` also tosses whether
    each is solved, as one run of the benchmark does. What the known means explain is taken out by regression over draws.
    """
    draws = shares.shape[0]
    drawn = min(problems, _MOST_DRAWN)
    generator = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 1, 0]))
    reach = np.cumsum(shares, axis=1)
    reach /= reach[:, -1:]
    cell = np.empty((draws, drawn), dtype=np.intp)
    for row, u in enumerate(generator.random((draws, drawn))):
        cell[row] = np.searchsorted(reach[row], u)
    cell = np.minimum(cell, shares.shape[1] - 1)
    chance = np.take_along_axis(np.broadcast_to(success, shares.shape), cell, axis=1)
    solved = generator.random((draws, drawn)) < chance if decided else chance
    strays = solved.mean(axis=1) - (shares * success).sum(axis=1)
    known = np.stack([each[cell].mean(axis=1) - shares @ each for each in measured], axis=1)
    slopes = np.linalg.lstsq(known, strays, rcond=None)[0]
    return np.asarray((strays - known @ slopes) * np.sqrt(drawn / problems))
