"""This module reads the unit of a case as the people who publish such numbers spell it."""

from __future__ import annotations

import re

from waferline.errors import BadInput
from waferline.quantity.units import Unit, unit

# What stands before a unit and says whose it is changes no number: H800 GPU-hour.
_SPELLED: tuple[tuple[str, str], ...] = (
    (r"(?:[A-Za-z]+[0-9]+\w*|GPU|TPU|chip|accelerator)?[ -]*(?:GPU|TPU|chip|accelerator)?[ -]hours? per (?:1e12|trillion) tokens", "GPU hours per tn tokens"),
    (r"(?:[A-Za-z]+[0-9]+\w*|TPU v[0-9]\w*|GPU|TPU|chip|accelerator)[ -]*(?:GPU|TPU|chip|accelerator)?[ -]hours?", "GPU hours"),
    (r"tokens?/s(?:econd)?(?: per .*)?|tokens? per second(?: per .*)?", "tokens/s"),
    (r"s|sec|second", "seconds"),
    (r"min|minute", "minutes"),
    (r"h|hour", "hours"),
    (r"USD 2023|2023 USD|USD \(2023 prices\)", "USD (2023)"),
    (r"bytes?(?: per token)?", "bytes"),
    (r"(?:x|times|ratio|factor) (?:per|a) year|1/year", "ratio per year"),
    (r"-|–|ratio|count|packages?|quarters?|dies?|samples?|parameters per token|tokens per parameter", "x"),
    (r"\S*e|H100-equivalents?", "units"),
    (r"percent|per cent", "%"),
    (r"percentage points?|p\.p\.", "pp"),
)  # fmt: skip


def spelled_unit(text: str, where: str) -> Unit:
    """The unit of that name, or the one that the spelling means. Raises BadInput for one that means nothing known.

    >>> spelled_unit("H800 GPU-hour", "here").name, spelled_unit("token/s per 8-GPU node", "here").name
    ('GPU hours', 'tokens/s')
    """
    asked = " ".join(text.split())
    for pattern, name in _SPELLED:
        if re.fullmatch(pattern, asked):
            return unit(name)
    try:
        return unit(asked)
    except BadInput as error:
        raise BadInput(where, "unknown unit", error.expected, repr(asked)[:60], error.fix) from error
