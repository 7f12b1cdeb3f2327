"""This module cuts a text into runs, marked and unmarked, and makes it safe and short enough to show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LONGEST_WORD = 40  # a cut is moved out of a word or a number by at most so many characters
_WORD = re.compile(r"[0-9A-Za-z.,%+\-−－．％０-９]")
_WIDE = "[⺀-鿿豈-﫿︰-﹏！-｠]"
_BETWEEN_WIDE = re.compile(rf"(?<={_WIDE})\s*\n\s*(?={_WIDE})")
_SPACE = re.compile(r"\s+")
# Controls drive a terminal, direction overrides let a text look like another one, and lone surrogates cannot be
# written at all; a document of a stranger may hold any of them.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text, [start, end) of the document; `mark` is the number of the mark it belongs to, if any."""

    text: str
    start: int
    end: int
    mark: int | None = None


def clean(text: str) -> str:
    """The text with what could drive a terminal or cannot be written replaced by U+FFFD, on one line."""
    return _SPACE.sub(" ", _BETWEEN_WIDE.sub("", safe(text)))


def safe(text: str) -> str:
    """The text, lines kept, with what could drive a terminal or cannot be written replaced by U+FFFD."""
    return _UNSAFE.sub(
        "\ufffd", text.replace("\r\n", "\n").replace("\f", "\n").replace("\v", "\n").replace("\r", "\n")
    )


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap made one. Empty ones are left out."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if out and start < out[-1][1]:
            out[-1] = out[-1][0], max(out[-1][1], end)
        else:
            out.append((start, end))
    return out


def runs(text: str, start: int, end: int, marks: Sequence[tuple[int, int]]) -> list[Run]:
    """[start, end) of the text cut at the marks, which are in order and do not overlap; a mark counts by its place."""
    out: list[Run] = []
    at = start
    for number, (first, last) in enumerate(marks):
        if last <= start or first >= end:
            continue
        first, last = max(first, start), min(last, end)
        if first > at:
            out.append(Run(text[at:first], at, first))
        out.append(Run(text[first:last], first, last, number))
        at = last
    if at < end:
        out.append(Run(text[at:end], at, end))
    return out


def excerpt(
    text: str,
    place: tuple[int, int],
    marks: Sequence[tuple[int, int]],
    *,
    longest: int = 240,
    around: int = 48,
) -> list[Run]:
    """The place's runs; where it is longer than `longest` characters, only what stands around its marks.

    Left-out text is a run of "…". A cut never stands inside a word or a number.
    """
    start, end = place
    inside = [mark for mark in marks if start <= mark[0] and mark[1] <= end]
    if end - start <= longest or not inside:
        return runs(text, start, min(end, _cut_after(text, start + longest, end)), marks) + (
            [] if end - start <= longest else [Run("…", end, end)]
        )
    windows = [
        (_cut_before(text, max(start, first - around), start), _cut_after(text, min(end, last + around), end))
        for first, last in inside
    ]
    out: list[Run] = []
    at = start
    # a gap shorter than the sign for it is not worth one
    for first, last in merged([(first - 2, last + 2) for first, last in windows]):
        first, last = max(first + 2, start), min(last - 2, end)
        if first > at:
            out.append(Run("…", at, first))
        out.extend(runs(text, first, last, marks))
        at = last
    if at < end:
        out.append(Run("…", at, end))
    return out


def _cut_before(text: str, at: int, least: int) -> int:
    for moved in range(at, max(least, at - _LONGEST_WORD) - 1, -1):
        if moved == least or not (_WORD.match(text[moved - 1]) and _WORD.match(text[moved])):
            return moved
    return at


def _cut_after(text: str, at: int, most: int) -> int:
    for moved in range(at, min(most, at + _LONGEST_WORD) + 1):
        if moved >= most or not (_WORD.match(text[moved - 1]) and _WORD.match(text[moved])):
            return min(moved, most)
    return at
