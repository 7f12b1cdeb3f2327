"""This module draws as many times as asked in bounded memory: blocks of 2¹⁶, moments, and quantiles from a fixed histogram."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waferline.errors import BadInput
from waferline.models.model import Array
from waferline.models.sampling import BLOCK

CHUNK = 2**13
"""Rows worked on at a time: a column of them stays in the processor's cache."""

BINS = 2**13
_SINGLE = 64
"""The first block's most extreme values on either side have a bin each."""

_BEYOND, _GROWTH = 256, 1.04

Chunk = Callable[[np.random.Generator, int, int], Mapping[str, Array]]
"""From a generator, a number of rows and a seed of their own to the outputs, `(rows,)` or `()` each."""


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
        at, inside = self._bin(q)
        left, right = self.edges[at], self.edges[at + 1]
        return float(np.clip(left + inside * (right - left), self.least, self.greatest))

    def resolution(self, q: float) -> float:
        """The width of the bin that holds the quantile: it is not further off than this."""
        at, _ = self._bin(q)
        return float(self.edges[at + 1] - self.edges[at])

    def _bin(self, q: float) -> tuple[int, float]:
        if not 0 <= q <= 1:
            raise BadInput("quantile", "out of range", "0 to 1", str(q))
        reach = np.concatenate([[0], np.cumsum(self.counts)])
        at = int(np.clip(np.searchsorted(reach, q * self.draws, side="left") - 1, 0, len(self.counts) - 1))
        inside = (q * self.draws - reach[at]) / max(int(self.counts[at]), 1)
        return at, min(max(float(inside), 0.0), 1.0)


def streamed(outputs: Chunk, draws: int, *, seed: int = 0, threads: int = 1) -> dict[str, Summary]:
    """Each output over `draws` pseudo-random draws. Holds a few blocks at a time, however many draws.

    A block of 2¹⁶ has a generator of its own, seeded with `seed` and its number. The histogram has bins as full as each
    other in the first block, and wider ones beyond its ends. Blocks are summed in their order, so that the result does not
    depend on `threads`. Variances are merged as in Chan, Golub and LeVeque (1979).
    """
    if draws < 1:
        raise BadInput("draws", "out of range", "at least 1", str(draws))
    keep_memory()
    sizes = [min(BLOCK, draws - start) for start in range(0, draws, BLOCK)]
    first = _block(outputs, seed, 0, sizes[0])
    totals = {name: _Total.of(np.sort(values)) for name, values in first.items()}
    if not totals:
        return {}

    def reduced(number: int) -> dict[str, _Part]:
        found = first if number == 0 else _block(outputs, seed, number, sizes[number])
        return {name: totals[name].part(values) for name, values in found.items()}

    for parts in _in_order(reduced, len(sizes), threads):
        for name, part in parts.items():
            totals[name].add(part)
    return {name: total.summary() for name, total in totals.items()}


def keep_memory() -> None:
    """Has the C library keep freed memory instead of returning it after every chunk, which takes as long as the work.

    glibc raises its thresholds (mallopt(3), M_MMAP_THRESHOLD) when a block as large as this is freed; elsewhere it does
    nothing.
    """
    np.empty(2**21)


def _block(outputs: Chunk, seed: int, number: int, rows: int) -> dict[str, Array]:
    own = np.random.SeedSequence([seed, number])
    generator = np.random.Generator(np.random.SFC64(own))
    found: dict[str, Array] = {}
    # seeds of their own for models that resample
    seeds = own.generate_state(-(-rows // CHUNK), np.uint32)
    for start, chunk_seed in zip(range(0, rows, CHUNK), seeds, strict=True):
        size = min(CHUNK, rows - start)
        for name, values in outputs(generator, size, int(chunk_seed)).items():
            if name not in found:
                found[name] = np.empty(rows)
            found[name][start : start + size] = values
    for name, values in found.items():
        if not np.isfinite(values).all():
            raise BadInput(
                "draws", f"{name} has no finite value somewhere in the range of the inputs".strip()
            )
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """One block of one output."""

    counts: NDArray[np.int64]
    size: int
    mean: float
    squares: float
    least: float
    greatest: float


@dataclass(slots=True)
class _Total:
    """One output's blocks so far."""

    edges: Array
    counts: NDArray[np.int64]
    size: int = 0
    mean: float = 0.0
    squares: float = 0.0
    least: float = np.inf
    greatest: float = -np.inf

    @classmethod
    def of(cls, values: Array) -> _Total:
        """Laid out for the sorted values of the first block, empty."""
        edges = _edges(values)
        return cls(edges, np.zeros(len(edges) - 1, dtype=np.int64))

    def part(self, values: Array) -> _Part:
        middle = float(values.mean())
        away = values - middle
        squares = float((away * away).sum())
        values = np.sort(values)
        # sorted, the block is searched for the edges instead of the edges for every value
        inner = np.searchsorted(values, self.edges[1:-1], side="right")
        counts = np.diff(inner, prepend=0, append=len(values))
        return _Part(counts, len(values), middle, squares, float(values[0]), float(values[-1]))

    def add(self, part: _Part) -> None:
        self.counts += part.counts
        self.least, self.greatest = min(self.least, part.least), max(self.greatest, part.greatest)
        gap, total = part.mean - self.mean, self.size + part.size
        self.mean += gap * part.size / total
        self.squares += part.squares + gap * gap * self.size * part.size / total
        self.size = total

    def summary(self) -> Summary:
        edges = self.edges.copy()
        edges[0], edges[-1] = min(edges[0], self.least), max(edges[-1], self.greatest)
        return Summary(
            self.size, self.mean, self.squares / self.size, self.least, self.greatest, edges, self.counts
        )


def _edges(values: Array) -> Array:
    """Edges of bins from the sorted values of a block, and beyond its ends with growing steps."""
    last = len(values) - 1
    even = np.linspace(0, last, min(BINS, last + 1)).astype(int)
    ends = np.arange(min(_SINGLE, last + 1))
    inner = np.unique(values[np.union1d(even, np.union1d(ends, last - ends))])
    steps = np.cumsum(_GROWTH ** np.arange(_BEYOND))
    down, up = (
        max(abs(values[i] - values[j]) / _SINGLE, abs(values[i]) * 1e-12, 1e-300)
        for i, j in ((0, ends[-1]), (-1, last - ends[-1]))
    )
    return np.concatenate([(inner[0] - down * steps)[::-1], inner, inner[-1] + up * steps])


def _in_order(
    work: Callable[[int], dict[str, _Part]], count: int, threads: int
) -> Iterator[dict[str, _Part]]:
    """The results of `work` by number, computed a few at a time and handed over in order."""
    if threads == 1:
        yield from map(work, range(count))
        return
    with ThreadPoolExecutor(threads) as pool:
        ahead = 2 * threads
        waiting = [pool.submit(work, number) for number in range(min(ahead, count))]
        for number in range(count):
            yield waiting.pop(0).result()
            if number + ahead < count:
                waiting.append(pool.submit(work, number + ahead))
