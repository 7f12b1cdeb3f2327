"""This module reads what a user or a file gives for an input: a number with or without a unit, a range, a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from waferline.errors import BadInput
from waferline.models.distributions import Distribution, distribution, point
from waferline.models.model import Array, Input
from waferline.models.spelling import NUMBER as _NUMBER
from waferline.models.spelling import measure, spelled_range
from waferline.quantity.units import convertible, unit

_TEXT = re.compile(rf"\s*({_NUMBER})(?:\s*\.\.\s*({_NUMBER}))?(?:\s*\.\.\s*({_NUMBER}))?\s*([^0-9.].*)?")
MAX_LIST = 100_000
MAX_TEXT = 200
LARGEST = 1e40
"""No input of any model comes near; products of several stay finite."""


def read_setting(about: Input, given: Any, where: str) -> Distribution | Array:
    """What was given for the input, in the input's own unit.

    A number, or a text: `14.8e12`, `14.8 tn tokens`, `14.8T`, `0.3..0.5` or `0.3-0.5` (uniform), `30..38..45 %` (one in ten below, median,
    one in ten above). A table: `value`, or `low`, `central`, `high` (numbers or such texts), with `unit` and `shape`. A list for `many` inputs.
    A bare number is in the input's own unit. Raises BadInput for a unit of another kind and for numbers out of range.
    """
    if about.many:
        return _list(about, given, where)
    if isinstance(given, Mapping):
        found = _table(about, given, where)
    elif isinstance(given, bool) or not isinstance(given, (int, float, str)):
        raise BadInput(where, "not a number", f'{about.name} = "1.5 {about.unit}"', repr(given)[:60])
    elif isinstance(given, str):
        found = _text(about, given, where)
    else:
        found = point(_as_float(given))
    _check(about, found, where)
    return found


def number_in(text: str, where: str) -> float:
    """A decimal number of a file, with or without thousands separators."""
    if len(text) > MAX_TEXT or not re.fullmatch(_NUMBER, text.strip()):
        raise BadInput(where, "not a number", "digits with a point, like 14.8 or 3.5e9", repr(text[:60]))
    return float(re.sub("[,_]", "", text))


def _as_float(number: int | float) -> float:
    """A whole number of a file may have more digits than a float holds: it is then out of every range."""
    try:
        return float(number)
    except OverflowError:
        return float("inf")


def factor(about: Input, named: str, where: str) -> float:
    """How many of the input's unit one of the named unit is, spelled as people spell it."""
    wanted = unit(about.unit)
    found = measure(named, wanted)
    if found is None:
        try:
            found = unit(named)
        except BadInput as error:
            raise BadInput(where, "unknown unit", wanted.name, named[:60], error.fix) from error
    if not convertible(found, wanted):
        raise BadInput(
            where, f"a unit of the wrong kind for {about.name}", f"{wanted.name} or one like it", named
        )
    return float(found.scale / wanted.scale)


def _text(about: Input, text: str, where: str) -> Distribution:
    match = _TEXT.fullmatch(spelled_range(text)) if len(text) <= MAX_TEXT else None
    if not match:
        raise BadInput(
            where, "not a number", f"for instance 14.8, 1e9 {about.unit} or 0.3..0.4..0.5", repr(text[:60])
        )
    numbers = [number_in(each, where) for each in match.groups()[:3] if each]
    scale = factor(about, match[4].strip(), where) if match[4] and match[4].strip() else 1.0
    numbers = [each * scale for each in numbers]
    if len(numbers) == 1:
        return point(numbers[0])
    central = numbers[1] if len(numbers) == 3 else None
    return distribution(where, low=numbers[0], central=central, high=numbers[-1])


_KEYS = ("value", "low", "central", "high", "unit", "shape")


def _table(about: Input, table: Mapping[str, Any], where: str) -> Distribution:
    unknown = sorted(set(table) - set(_KEYS))
    if unknown:
        raise BadInput(where, "unknown key", ", ".join(_KEYS), ", ".join(unknown)[:60])
    scale = factor(about, str(table["unit"]), where) if "unit" in table else 1.0

    def number(key: str) -> float | None:
        if key not in table:
            return None
        given = table[key]
        if isinstance(given, bool) or not isinstance(given, (int, float, str)):
            raise BadInput(where, f"{key} is not a number", found=repr(given)[:60])
        if isinstance(given, str) and "unit" not in table:
            read = _text(about, given, where)
            if not read.is_point:
                raise BadInput(where, f"{key} is one number", found=repr(given)[:60])
            return read.central
        return scale * (number_in(given, where) if isinstance(given, str) else _as_float(given))

    if "value" in table:
        if {"low", "central", "high", "shape"} & set(table):
            raise BadInput(where, "a value has no range", "value, or low, central and high")
        if isinstance(table["value"], str) and "unit" not in table:
            return _text(about, table["value"], where)
        value = number("value")
        return point(0.0 if value is None else value)
    shape = str(table["shape"]) if "shape" in table else None
    return distribution(where, low=number("low"), central=number("central"), high=number("high"), shape=shape)


def _list(about: Input, given: Any, where: str) -> Array:
    scale = 1.0
    if isinstance(given, Mapping):
        scale = factor(about, str(given["unit"]), where) if "unit" in given else 1.0
        given = given.get("values")
    if isinstance(given, str):
        given = _parted(given)
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        given = [given]
    if isinstance(given, np.ndarray):
        given = given.tolist()
    if not isinstance(given, (list, tuple)) or not given or len(given) > MAX_LIST:
        raise BadInput(where, f"{about.name} takes a list", f"1 to {MAX_LIST} numbers", repr(given)[:60])
    values = np.asarray([_member(about, each, scale, where) for each in given], dtype=np.float64)
    for value in values:
        _in_range(about, float(value), where)
    return values


def _parted(text: str) -> list[str]:
    """A list written as text: parted by blanks or semicolons, or by commas that no thousand can be written with."""
    found: list[str] = []
    for part in re.split(r",?[;\s]+", text.strip("[] ")):
        whole = re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", part)
        found += [part] if whole else part.split(",")
    return [part for part in found if part]


def _member(about: Input, given: Any, scale: float, where: str) -> float:
    """A number of a list, in the unit of the list or its own."""
    if (
        isinstance(given, str)
        and not re.fullmatch(_NUMBER, given.strip())
        and re.match(r"\s*[^a-zA-Z]*\d", given)
    ):
        found = _text(about, given, where)
        if found.is_point:
            return found.central
    return scale * number_in(str(given)[: MAX_TEXT + 1], where)


def _check(about: Input, found: Distribution, where: str) -> None:
    _of_this_world(about, found.low, where)
    _of_this_world(about, found.high, where)
    _in_range(about, found.central, where)
    if found.shape in ("uniform", "triangular"):
        _in_range(about, found.low, where)
        _in_range(about, found.high, where)


def _of_this_world(about: Input, value: float, where: str) -> None:
    if not abs(value) <= LARGEST:
        raise BadInput(where, f"{about.name} is out of range", f"at most {LARGEST:g}", f"{value:g}")


def _in_range(about: Input, value: float, where: str) -> None:
    _of_this_world(about, value, where)
    if not about.low <= value <= about.high:
        expected = f"from {about.low:g} to {about.high:g}"
        if np.isinf(about.high):
            expected = f"at least {about.low:g}"
        raise BadInput(
            where, f"{about.name} is out of range", f"{expected} {about.unit}".strip(), f"{value:g}"
        )
    if about.whole and value != round(value):
        raise BadInput(where, f"{about.name} is a whole number", found=f"{value:g}")
