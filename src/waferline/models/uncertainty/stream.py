"""This module draws as many times as asked in bounded memory: blocks of 2¹⁶, moments and quantiles from a fixed histogram."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waferline.errors import BadInput
from waferline.models.model import Array
from waferline.models.sampling import BLOCK, uniform_block

BINS = 2**14
_MARGIN = 0.5
Block = Callable[[Array], Array]
"""From probabilities `(rows, dimensions)` to the output, `(rows,)`."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a stream of draws held: its moments, its ends, and a histogram from which quantiles are read.

    `edges` has one entry more than `counts`; what fell outside them is counted in the first and last bin, whose outer
    edges are the least and the greatest value.
    """

    draws: int
    mean: float
    variance: float
    least: float
    greatest: float
    edges: Array
    counts: NDArray[np.int64]

    def quantile(self, q: float) -> float:
        """The value below which the part `q` of the draws lies, read in a straight line within its bin."""
        if not 0 <= q <= 1:
            raise BadInput("quantile", "out of range", "0 to 1", str(q))
        reach = np.concatenate([[0], np.cumsum(self.counts)])
        bin_ = int(np.clip(np.searchsorted(reach, q * self.draws, side="left") - 1, 0, len(self.counts) - 1))
        inside = (q * self.draws - reach[bin_]) / max(int(self.counts[bin_]), 1)
        left, right = self.edges[bin_], self.edges[bin_ + 1]
        return float(np.clip(left + min(max(inside, 0.0), 1.0) * (right - left), self.least, self.greatest))

    @property
    def resolution(self) -> float:
        """The width of an inner bin: no quantile inside the histogram is further off than this."""
        return float(self.edges[2] - self.edges[1])


def streamed(function: Block, dimensions: int, draws: int, *, seed: int = 0, threads: int = 1) -> Summary:
    """The output over `draws` pseudo-random draws. Holds a few blocks at a time, however many draws.

    The histogram is laid over the range of the first block, widened by half of it on either side. Blocks are summed in
    their order, so that the result does not depend on `threads`. Variances are merged as in Chan, Golub and LeVeque (1979).
    """
    if draws < 1:
        raise BadInput("draws", "out of range", "at least 1", str(draws))
    sizes = [min(BLOCK, draws - start) for start in range(0, draws, BLOCK)]

    def values(number: int) -> Array:
        found = np.asarray(function(uniform_block(seed, number, dimensions, sizes[number])), dtype=np.float64)
        if not np.isfinite(found).all():
            raise BadInput("draws", "the output has no finite value somewhere in the range of the inputs")
        return np.broadcast_to(found, (sizes[number],))

    first = values(0)
    low, high = float(first.min()), float(first.max())
    margin = _MARGIN * (high - low) or max(abs(low), 1.0) * 1e-9
    edges = np.linspace(low - margin, high + margin, BINS + 1)
    counts = np.zeros(BINS, dtype=np.int64)
    seen, mean, squares = 0, 0.0, 0.0

    def reduced(number: int) -> tuple[NDArray[np.int64], int, float, float, float, float]:
        block = first if number == 0 else values(number)
        cell = ((block - edges[0]) * (BINS / (edges[-1] - edges[0]))).clip(0, BINS - 1).astype(np.int64)
        middle = float(block.mean())
        spread = float(np.square(block - middle).sum())
        return (
            np.bincount(cell, minlength=BINS), len(block), middle, spread, float(block.min()), float(block.max()),
        )  # fmt: skip

    for part, size, middle, spread, least, greatest in _in_order(reduced, len(sizes), threads):
        counts += part
        low, high = min(low, least), max(high, greatest)
        gap = middle - mean
        total = seen + size
        mean += gap * size / total
        squares += spread + gap * gap * seen * size / total
        seen = total
    edges[0], edges[-1] = min(edges[0], low), max(edges[-1], high)
    return Summary(draws, mean, squares / draws, low, high, edges, counts)


def _in_order(work: Callable[[int], tuple], count: int, threads: int) -> Iterator[tuple]:  # type: ignore[type-arg]
    """The results of `work` by number, computed a few at a time and handed over in order."""
    if threads == 1:
        yield from map(work, range(count))
        return
    with ThreadPoolExecutor(threads) as pool:
        for start in range(0, count, threads):
            yield from pool.map(work, range(start, min(start + threads, count)))
