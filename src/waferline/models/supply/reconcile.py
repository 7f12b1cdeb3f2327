"""This module sets independent counts of one thing beside each other: how far apart they are, and one number by precision."""

from __future__ import annotations

import numpy as np

from waferline.models.model import Array

_LEAST_VARIANCE = 1e-4


def weights(legs: tuple[Array, ...], usual: tuple[Array, ...], draws: int | None) -> Array:
    """The weight of each leg in each year, `(legs, years)`, adding up to one over legs.

    By precision: the inverse of the variance of the logarithm over draws, never less than that of one per cent. Without
    draws there is no variance to go by: `usual` is the standard deviation of each leg's logarithm to use then. Legs that share an input are not as independent as this takes them to be.
    """
    years = legs[0].shape[-1]
    if draws is None:
        spread = [each**2 * np.ones(years) for each in usual]
    else:
        spread = [np.log(each).var(axis=0) if each.ndim == 2 else np.zeros(years) for each in legs]
    precision = 1 / np.maximum(np.stack(spread), _LEAST_VARIANCE)
    result: Array = precision / precision.sum(axis=0)
    return result


def reconciled(legs: tuple[Array, ...], weight: Array) -> Array:
    """The weighted geometric mean of the legs, draw by draw."""
    total = np.zeros(np.broadcast_shapes(*(each.shape for each in legs)))
    for each, part in zip(legs, weight, strict=True):
        total = total + part * np.log(each)
    return np.exp(total)


def disagreement(legs: tuple[Array, ...]) -> Array:
    """The largest leg over the smallest: 1 where they agree, 2 where one says twice as many as another."""
    stacked = np.stack(np.broadcast_arrays(*legs))
    result: Array = stacked.max(axis=0) / stacked.min(axis=0)
    return result
