"""This module says how far a score on a few problems strays from the expected one, given what was measured on the same problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True, slots=True)
class Drawn:
    """Problems drawn at random for each of many draws, and what of a score on them is still open.

    `cell` `(draws, problems)`: the cell of difficulty of each; `toss`: its chance number, None where no run is tossed;
    `shares` `(draws, cells)`: how many problems lie in each cell; `known` `(draws, means)`: how far the known means stray
    on these problems, and `explains` its pseudo-inverse; `scale`: fewer problems are drawn than the benchmark has.
    """

    cell: NDArray[np.intp]
    toss: Array | None
    shares: Array
    known: Array
    explains: Array
    scale: float

    def stray(self, success: Array) -> Array:
        """One deviation of the score a draw, `(draws,)`; what the known means explain is taken out by regression.

        `success`: the chance that a problem of the cell is solved, `(cells,)` or `(draws, cells)`.
        """
        if success.ndim == 1:
            chance = success[self.cell]
        else:
            chance = np.take_along_axis(success, self.cell, axis=1)
        expected = np.einsum("...c,...c", self.shares, success)
        solved = chance if self.toss is None else self.toss < chance
        strays = solved.mean(axis=1) - expected
        return np.asarray((strays - self.known @ (self.explains @ strays)) * self.scale)


def drawn(
    shares: Array, measured: Sequence[Array], problems: int, seed: int, *, decided: bool = True
) -> Drawn:
    """`problems` problems a draw, of the cells that `shares` `(draws, cells)` says.

    `measured` `(cells,)`: chances whose mean over the same problems is known, such as p for pass@1. `decided` also tosses
    whether each is solved, as one run of the benchmark does.
    """
    draws, cells = shares.shape
    taken = min(problems, _MOST_DRAWN)
    generator = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 1, 0]))
    reach = np.cumsum(shares, axis=1)
    reach /= reach[:, -1:]
    # one search for all draws: draw i has its cumulated shares between i and i + 1
    row = np.arange(draws)[:, None]
    place = np.searchsorted((reach + row).ravel(), (generator.random((draws, taken)) + row).ravel())
    cell = (place.reshape(draws, taken) - row * cells).clip(0, cells - 1)
    toss = generator.random((draws, taken)) if decided else None
    known = np.stack([each[cell].mean(axis=1) - shares @ each for each in measured], axis=1)
    return Drawn(cell, toss, shares, known, np.linalg.pinv(known), float(np.sqrt(taken / problems)))
