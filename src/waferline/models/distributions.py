"""This module holds the distributions an uncertain input may have, each given by numbers a person can defend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from waferline.errors import BadInput
from waferline.models.model import Array

SHAPES = ("point", "uniform", "triangular", "normal", "lognormal")
_Z90 = 1.2815515655446004  # the standard normal's 90th percentile


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is known of a number, in the unit of its input.

    `point`: `central` alone. `uniform`: anywhere from `low` to `high`. `triangular`: from `low` to `high`, most likely
    `central`. `normal` and `lognormal`: the median is `central`, and one in ten lies below `low`, one in ten above `high`;
    the two sides may differ in width (each half is that of a normal of its own).
    """

    shape: str
    low: float
    central: float
    high: float

    @property
    def is_point(self) -> bool:
        """True when there is nothing to draw."""
        return self.shape == "point"

    def at(self, u: Array, low: float = -np.inf, high: float = np.inf) -> Array:
        """The values at the probabilities `u` (0 < u < 1, any shape), cut off at what the input allows.

        Cutting off is conditioning: the share of the distribution outside `low`…`high` is spread over the inside.
        """
        if self.is_point:
            return np.full_like(u, self.central)
        below, above = self._share_below(low), self._share_below(high)
        if below == 0 and above == 1:
            return self._inverse(u)
        return np.clip(self._inverse(below + u * (above - below)), low, high)

    def is_normal(self, low: float = -np.inf, high: float = np.inf) -> bool:
        """True for a normal or lognormal of which what the input allows cuts nothing off."""
        return (
            self.shape in ("normal", "lognormal")
            and self._share_below(low) == 0
            and self._share_below(high) == 1
        )

    def at_normal(self, z: Array) -> Array:
        """The values of a normal or lognormal at standard normal numbers `z`, any shape; `z` is kept."""
        low, central, high = self._scaled()
        down, up = (central - low) / _Z90, (high - central) / _Z90
        value = z * up
        if down != up:
            value += np.minimum(z, 0) * (down - up)
        value += central
        return np.asarray(np.exp(value) if self.shape == "lognormal" else value)

    def _inverse(self, u: Array) -> Array:
        from scipy.special import ndtri

        if self.shape == "uniform":
            return self.low + u * (self.high - self.low)
        if self.shape == "triangular":
            width, up = self.high - self.low, self.central - self.low
            bend = up / width
            left = self.low + np.sqrt(u * width * up)
            right = self.high - np.sqrt((1 - u) * width * (self.high - self.central))
            return np.where(u < bend, left, right)
        return self.at_normal(ndtri(u))

    def _share_below(self, bound: float) -> float:
        from scipy.special import ndtr

        if not np.isfinite(bound):
            return 0.0 if bound < 0 else 1.0
        if self.shape == "uniform":
            return float(np.clip((bound - self.low) / (self.high - self.low), 0, 1))
        if self.shape == "triangular":
            width = self.high - self.low
            if bound <= self.low or bound >= self.high:
                return 0.0 if bound <= self.low else 1.0
            if bound < self.central:
                return (bound - self.low) ** 2 / (width * (self.central - self.low))
            return 1 - (self.high - bound) ** 2 / (width * (self.high - self.central))
        if self.shape == "lognormal":
            if bound <= 0:
                return 0.0
            bound = float(np.log(bound))
        low, central, high = self._scaled()
        side = (central - low) if bound < central else (high - central)
        return float(ndtr((bound - central) / side * _Z90))

    def _scaled(self) -> tuple[float, float, float]:
        if self.shape == "lognormal":
            return float(np.log(self.low)), float(np.log(self.central)), float(np.log(self.high))
        return self.low, self.central, self.high


def point(value: float) -> Distribution:
    """A number without a spread."""
    return Distribution("point", value, value, value)


def distribution(
    where: str, *, low: float | None, central: float | None, high: float | None, shape: str | None = None
) -> Distribution:
    """The distribution that low, central and high describe; the shape follows from them unless it is given.

    Central alone is a point; low and high alone are uniform; all three are lognormal if low is above zero, else normal.
    Raises BadInput where they are not in order, or do not fit the shape.
    """
    given = [each for each in (low, central, high) if each is not None]
    if not given or not np.all(np.isfinite(given)):
        raise BadInput(where, "not a number", "finite numbers", ", ".join(map(str, given)) or "nothing")
    if shape is not None and shape not in SHAPES:
        raise BadInput(where, "unknown shape", ", ".join(SHAPES), shape)
    if low is None and high is None and central is not None:
        if shape not in (None, "point"):
            raise BadInput(where, f"a {shape} distribution has a low and a high end")
        return point(central)
    if low is None or high is None:
        raise BadInput(where, "one end of the range is missing", "low and high", found=str(given))
    if low > high or (central is not None and not low <= central <= high):
        raise BadInput(where, "the ends are not in order", "low ≤ central ≤ high", found=str(given))
    if low == high:
        return point(low)
    if central is None:
        if shape not in (None, "uniform"):
            raise BadInput(where, f"a {shape} distribution has a central value")
        return Distribution("uniform", low, (low + high) / 2, high)
    chosen = shape or ("lognormal" if low > 0 else "normal")
    if chosen == "lognormal" and low <= 0:
        raise BadInput(where, "a lognormal distribution lies above zero", found=str(low))
    if chosen in ("normal", "lognormal") and not low < central < high:
        raise BadInput(
            where, f"the middle of a {chosen} distribution lies between its ends", found=str(given)
        )
    return Distribution(chosen, low, central, high)
