"""This module reads the points of Chinchilla's training runs that Epoch AI took from the figure of the paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from waferline.sources.raw_table import Column, LeftOut, Listing, Reading, lines, numbers, reading

POINTS = (
    Column("Model Size", "chinchilla.parameters", "parameters"),
    Column("Training FLOP", "chinchilla.training_compute", "FLOP"),
    Column("loss", "chinchilla.loss", "ratio"),
)


def read_points(listing: Listing) -> Reading:
    """Model size, training compute and loss (nats per token) of each run; the subject is `point 001` and so on.

    All points have the day of the paper, which the listing names: Hoffmann et al., arXiv 2203.15556.
    """

    def found() -> Iterator[Mapping[str, str] | LeftOut]:
        for place, (line, cells) in enumerate(lines(listing.path, (c.name for c in POINTS)), start=1):
            yield from numbers(
                listing, POINTS, subject=f"point {place:03d}", day=listing.known_from, line=line, cells=cells
            )

    return reading(found())
