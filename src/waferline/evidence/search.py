"""This module finds series by the words of a reader, and the ids that somebody may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from waferline.errors import BadInput
from waferline.evidence.model import Series


def near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three of `known` that look like `name`, the likest first."""
    return tuple(difflib.get_close_matches(name, list(known), n=3, cutoff=0.6))


def find(words: str, series: Mapping[str, Series]) -> tuple[Series, ...]:
    """The series whose id, names or publisher hold all the words, Chinese or English, upper or lower case.

    Those with the words in id or name come before those with a word only in publisher or definition.
    When there is none: the ids that look like the words.
    """
    wanted = words.casefold().split()
    if not wanted:
        return ()
    ranked: list[tuple[int, int, str]] = []
    for entry in series.values():
        title = f"{entry.id} {entry.name_zh} {entry.name_en}".casefold()
        whole = f"{title} {entry.publisher} {entry.definition} {entry.definition_zh}".casefold()
        if all(word in whole for word in wanted):
            in_title = all(word in title for word in wanted)
            ranked.append((0 if in_title else 1, len(entry.id), entry.id))
    if ranked:
        return tuple(series[name] for _, _, name in sorted(ranked))
    return tuple(series[name] for name in near(".".join(wanted), series))


def unknown_series(name: str, known: Iterable[str]) -> BadInput:
    """The error for an id that no series has, with the ids that may be meant."""
    return BadInput(
        where=name,
        what="unknown series",
        expected="an id of series.csv",
        fix=" or ".join(near(name, known)) or f"waferline series find {name.partition('.')[0]}",
    )
