"""This module parts a block of text into sentences and clauses, by offset."""

from __future__ import annotations

import re
from collections.abc import Iterator
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


def _stop(text: str, at: int, end: int) -> int:
    """The end of the sentence that starts at `at`."""
    for match in _END.finditer(text, at, end):
        if match.group().startswith(".") and _ABBREVIATION.search(
            text, max(at, match.start() - 8), match.start()
        ):
            continue
        return match.end()
    return end
