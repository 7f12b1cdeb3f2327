"""This module reads the unit of a case as the people who publish such numbers spell it."""

from __future__ import annotations

from waferline.errors import BadInput
from waferline.models.spelling import measure
from waferline.quantity.units import Unit, unit


def spelled_unit(text: str, where: str, like: Unit | None = None) -> Unit:
    """The unit of that name, or the one that the spelling means of an output in `like`. Raises BadInput if it means nothing known.

    >>> spelled_unit("H800 GPU-hour", "here").name, spelled_unit("token/s per 8-GPU node", "here").name
    ('GPU hours', 'tokens/s')
    """
    found = measure(text, like)
    if found is not None:
        return found
    try:
        return unit(" ".join(text.split()))
    except BadInput as error:
        expected = like.name if like is not None else error.expected
        raise BadInput(where, "unknown unit", expected, repr(text)[:60], error.fix) from error
