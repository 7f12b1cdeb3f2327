"""This module parts a block of text into sentences and clauses, by offset."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_END = re.compile(
    r"[。！？]+[”’」』）)]*"
    # Only the first stop of a row starts a match: a million dots are then read once.
    r"|(?<![.!?])[.!?]+[\"”’)\]]*(?=\s+[\"“(\[]?[A-Z0-9\u4e00-\u9fff$€£•]|\s*$)"
    r"|\n\s*(?=[•●■◆▪·*-]\s)|\n\s*\n"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Inc|Ltd|Mr|Ms|Dr|St|No|vs|Corp|Figs?|Co|approx|est|a\.m|p\.m|e\.g|i\.e|U\.S)|(?<![A-Za-z.])[A-Z])$"
)
_CLAUSE = re.compile(
    r"[，；：、]|[;:](?=\s|[\u4e00-\u9fff])|,(?!\d)|[()（）\[\]]|\s[-–—]{1,2}\s|——|/(?=[\u4e00-\u9fff])"
)


# No writer's sentence has as many numbers or signs; what goes on longer is read in pieces, so that work that grows
# with the square of a sentence stays bounded.
MOST_NUMBERS, MOST_SIGNS = 48, 6000


@dataclass(frozen=True, slots=True)
class Sentence:
    """[start, end) of one sentence and the offsets at which its clauses begin."""

    start: int
    end: int
    clauses: tuple[int, ...]

    def clause_at(self, offset: int) -> tuple[int, int]:
        """[start, end) of the clause that holds the offset."""
        start = self.start
        for begin in self.clauses:
            if begin > offset:
                return start, begin
            start = begin
        return start, self.end


def sentences_of(text: str, start: int, end: int) -> Iterator[Sentence]:
    """The sentences of text[start:end] in order; whitespace-only ones are left out."""
    at = start
    while at < end:
        stop = _stop(text, at, end)
        if text[at:stop].strip():
            clauses = tuple(m.end() for m in _CLAUSE.finditer(text, at, stop))
            yield Sentence(at, stop, clauses)
        at = stop


def in_pieces(sentence: Sentence, numbers: Sequence[int]) -> Iterator[Sentence]:
    """The sentence, or pieces of it with at most MOST_NUMBERS of the numbers (by their first digit, in order) and
    MOST_SIGNS signs each: cut where a clause begins if there is one in the second half, else before a number."""
    at, clauses, taken = sentence.start, sentence.clauses, 0
    while at < sentence.end:
        first = bisect_left(numbers, at)
        stop = min(sentence.end, at + MOST_SIGNS)
        if bisect_left(numbers, stop) - first > MOST_NUMBERS:
            stop = numbers[first + MOST_NUMBERS]
        if stop < sentence.end:
            last = bisect_right(clauses, stop) - 1
            if last >= 0 and clauses[last] > (at + stop) // 2:
                stop = clauses[last]
        through = bisect_left(clauses, stop, taken)
        yield (
            Sentence(at, stop, clauses[taken:through])
            if stop - at < sentence.end - sentence.start
            else sentence
        )
        at, taken = stop, bisect_right(clauses, stop, through)


def _stop(text: str, at: int, end: int) -> int:
    """The end of the sentence that starts at `at`."""
    for match in _END.finditer(text, at, end):
        if match.group().startswith(".") and _ABBREVIATION.search(
            text, max(at, match.start() - 8), match.start()
        ):
            continue
        return match.end()
    return end
