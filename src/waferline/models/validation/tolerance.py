"""This module reads what counts as passing: `rel 5%`, `abs 0.1`, `exact`, `inside 2.0-2.9`, or that nothing does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from waferline.errors import BadInput
from waferline.models.settings import LARGEST

_NUMBER = r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![0-9]|,[0-9])"
_REL = re.compile(rf"rel(?:ative)?\s*{_NUMBER}\s*%")
_ABS = re.compile(rf"abs(?:olute)?\s*{_NUMBER}")
_RANGE = re.compile(rf"\b(?:inside|range|mid of)\b.*?{_NUMBER}\s*(?:-|–|to|\.\.)\s*{_NUMBER}(?![\d.])")
_LOG = re.compile(rf"log-?abs(?:olute)?\s*{_NUMBER}(?:\s*dex)?")
_WITHIN = re.compile(rf"(?:within|±|\+/-|\+-)\s*{_NUMBER}\s*%")
_EXACT = 1e-9

NOT_SCORED = ("prior", "exact input", "forecast", "source forecast", "keep")
FLAGGED = ("flagged", "must be flagged", "engine must flag")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What passing means; `passes` is None for a row that is not scored: a prior, an input, a forecast, one to keep."""

    text: str
    passes: Callable[[float, float, bool], bool] | None


def read_tolerance(text: str, where: str, expected: str = "") -> Tolerance:
    """The tolerance in words. What stands after the first words (`rel 9% (…)`) is a remark for people.

    `rel p%`: |predicted − expected| ≤ p % of |expected|. `within p%` and `±p%` alike. `abs a`: ≤ a. `log-abs d`: within d powers of ten. `exact`: what rounds to the published digits.
    `inside a-b`: the prediction lies there. `flagged`: the model names the inputs as impossible. Raises BadInput else.
    """
    start = " ".join(text.split()).casefold()
    if start.startswith(FLAGGED):
        return Tolerance(text, lambda predicted, expected, flagged: flagged)
    if start.startswith(NOT_SCORED):
        return Tolerance(text, None)
    if match := _REL.match(start) or _WITHIN.match(start):
        part = _reach(match[1], where) / 100
        return Tolerance(
            text,
            lambda predicted, expected, flagged: (
                abs(predicted - expected) <= part * abs(expected) * (1 + _EXACT)
            ),
        )
    if match := _ABS.match(start):
        reach = _reach(match[1], where)
        return Tolerance(
            text, lambda predicted, expected, flagged: abs(predicted - expected) <= reach * (1 + _EXACT)
        )
    if match := _LOG.match(start):
        factor = 10 ** min(_reach(match[1], where), 300)
        return Tolerance(
            text, lambda predicted, expected, flagged: expected / factor <= predicted <= expected * factor
        )
    if start.startswith("exact"):
        half = _half_a_digit(expected)
        return Tolerance(
            text,
            lambda predicted, expected, flagged: (
                abs(predicted - expected) <= max(half, _EXACT * abs(expected)) * (1 + _EXACT)
            ),
        )
    if start.startswith(("inside", "range", "mid of")) and (match := _RANGE.search(start)):
        low, high = _number(match[1]), _number(match[2])
        if low > high:
            raise BadInput(where, "the ends of the tolerance are not in order", "low-high", text[:60])
        return Tolerance(text, lambda predicted, expected, flagged: low <= predicted <= high)
    raise BadInput(
        where, "tolerance is not understood",
        "rel 5%, abs 0.1, log-abs 0.3, exact, inside 2.0-2.9, flagged, prior, exact input, forecast or keep", repr(text)[:60],
    )  # fmt: skip


def _half_a_digit(literal: str) -> float:
    """Half a unit of the last digit of a published number: what rounding it leaves open."""
    match = re.fullmatch(r"[+-]?\d+(?:\.(\d+))?", literal.strip())
    return 0.5 * 10.0 ** -len(match[1] or "") if match else 0.0


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _reach(text: str, where: str) -> float:
    """How far off a prediction may be: a tolerance that nothing or anything meets is no test."""
    reach = _number(text)
    if not 0 <= reach <= LARGEST:
        raise BadInput(where, "the tolerance is out of range", "zero or above", text[:60])
    return reach
