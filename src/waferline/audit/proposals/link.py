"""This module says what a proposed link is, what a proposer is told, and which of its answers can be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from waferline.audit.claims.claim import RelationName

# What may be proposed, with the order of its inputs. That two numbers are equal (restatement) or lie in a
# direction is left to our own rules: among many numbers that is had by chance.
ROLES: dict[RelationName, tuple[str, ...]] = {
    "yoy": ("new", "old"), "qoq": ("new", "old"), "mom": ("new", "old"), "cagr": ("new", "old"),
    "share": ("part", "whole"), "difference": ("minuend", "subtrahend"), "ratio": ("numerator", "denominator"),
    "sum": ("part",), "average": ("part",), "product": ("factor",),
}  # fmt: skip
MOST_PROPOSALS = 10_000
MOST_INPUTS = 60

Place = tuple[int, int]
Proposer = Callable[[Mapping[str, Any]], Iterable[object]]
"""Takes what `request_of` gives, answers with objects in the form that `read_links` reads.

It may raise BadInput to say in one line why it has no answer.
"""


@dataclass(frozen=True, slots=True)
class Link:
    """A proposal that has the right form: places of printed numbers, [start, end) in the text."""

    relation: RelationName
    stated: Place
    inputs: tuple[Place, ...]


def request_of(name: str, text: str, numbers: Iterable[Place]) -> dict[str, Any]:
    """What a proposer is told: the text, its numbers as [start, end, text] and the relations it may name."""
    return {
        "version": 1,
        "name": name,
        "text": text,
        "mentions": [[start, end, text[start:end]] for start, end in numbers],
        "relations": {relation: list(roles) for relation, roles in ROLES.items()},
    }


def read_links(answers: Iterable[object], numbers: Mapping[Place, object]) -> tuple[list[Link], Counter[str]]:
    """The links that can be used, each once, and why how many others cannot."""
    links: dict[Link, None] = {}
    left_out: Counter[str] = Counter()
    for count, answer in enumerate(answers):
        if count == MOST_PROPOSALS:
            left_out[f"beyond the first {MOST_PROPOSALS}"] += 1
            break
        link = _link(answer, numbers)
        if isinstance(link, str):
            left_out[link] += 1
        else:
            links[link] = None
    return list(links), left_out


def _link(answer: object, numbers: Mapping[Place, object]) -> Link | str:
    if not isinstance(answer, Mapping):
        return "not an object in JSON"
    relation = answer.get("relation")
    known = next((name for name in ROLES if name == relation), None)
    if known is None:
        return "of no relation that may be proposed"
    stated, given = _place(answer.get("stated")), answer.get("inputs")
    if stated is None or not isinstance(given, Sequence) or isinstance(given, str | bytes):
        return "without stated and inputs"
    if not 2 <= len(given) <= MOST_INPUTS or (
        len(ROLES[known]) == 2 and len(given) != 2 and not (known == "cagr" and len(given) == 3)
    ):
        return "with a wrong count of inputs"
    inputs = tuple(place for one in given if (place := _place(one)) is not None)
    if len(inputs) != len(given) or stated not in numbers or any(place not in numbers for place in inputs):
        return "not at printed numbers"
    if len({stated, *inputs}) != len(inputs) + 1:
        return "with a number twice"
    return Link(known, stated, inputs)


def _place(given: object) -> Place | None:
    if not isinstance(given, Sequence) or isinstance(given, str | bytes) or len(given) != 2:
        return None
    start, end = given
    # True is an int to Python, and no place
    return (start, end) if type(start) is int and type(end) is int else None
