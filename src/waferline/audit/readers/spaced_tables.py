"""This module finds tables whose cells single spaces part: names followed by as many numbers in every line.

Text copied from pages and PDF files loses its columns; what stays is the order of the numbers. Three lines in
a row that end in the same count of numbers are a table, and the lines above them that give as many heads, or
heads that cover two or more columns each, are its heads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from waferline.audit.document import Block, Cell

_NUMBER = r"(?:[-+−–($£€¥]{0,3}\d[\d,]*(?:\.\d+)?(?:%|％|pp|bps|[BMKx](?![A-Za-z]))?\)?%?|-{1,2}|[–—]|n/?a|N/A|n\.m\.|nm)"
_BODY = re.compile(
    rf"\s*(?P<label>[^\d\s|][^|\t]{{0,70}}?)\s+(?P<numbers>{_NUMBER}(?:\s+{_NUMBER}){{1,15}})\s*$"
)
_TOKEN = re.compile(r"\S+")
_PROSE = re.compile(r"[。；，,;]\s|[。；，]|[a-z]\.\s|\.\s*$")
_HEAD = re.compile(
    r"\d|%|同比|环比|環比|增减|增減|占比|佔比|金额|金額|YoY|QoQ|MoM|[Cc]hange|[Gg]rowth|[Ss]hare|[Mm]onth|[Yy]ear|[Qq]uarter"
)
_LEAST = 3  # lines that make a table
_HEADS = 3  # lines of heads at most


def spaced_table_end(lines: Sequence[str], i: int) -> int:
    """The line after the table that starts at line i, heads included, or 0 if none does."""
    for heads in range(_HEADS + 1):
        first = i + heads
        count = _numbers(lines, first)
        if not count:
            if first >= len(lines) or not _may_head(lines[first]):
                return 0
            continue
        stop = first
        while _numbers(lines, stop) == count:
            stop += 1
        fits = all(_placed(lines[k], count) for k in range(i, first))
        return stop if stop - first >= _LEAST and fits else 0
    return 0


def _numbers(lines: Sequence[str], i: int) -> int:
    """How many numbers a line ends in, 0 if it is no table line."""
    if i >= len(lines) or len(lines[i]) > 200 or "\t" in lines[i] or "|" in lines[i]:
        return 0
    match = _BODY.match(lines[i])
    if not match or _PROSE.search(match["label"]):
        return 0
    return len(match["numbers"].split())


def _may_head(line: str) -> bool:
    return bool(line.strip()) and len(line) < 140 and not _PROSE.search(line) and bool(_HEAD.search(line))


def _tokens(line: str) -> list[tuple[int, int]]:
    """The words of a head line; a bracket belongs to the word before it, a year to its quarter."""
    found: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(line):
        word = match.group()
        joins = found and (
            word[0] in "(（"
            or line[found[-1][0] : found[-1][1]].count("(") > line[found[-1][0] : found[-1][1]].count(")")
            or (
                re.fullmatch(r"(?:19|20)\d\d", word)
                and re.fullmatch(r"[1-4]?[QH][1-4]?|FY|[A-Z][a-z]{2,8}\.?", line[slice(*found[-1])])
            )
        )
        if joins:
            found[-1] = (found[-1][0], match.end())
        else:
            found.append(match.span())
    return found


def _placed(line: str, count: int) -> list[tuple[int, int, int, int]]:
    """The cells of a head line over `count` columns: (column, columns covered, start, end); none if unclear."""
    tokens = _tokens(line)
    n = len(tokens)
    if n == count + 1:
        return [(c, 1, *span) for c, span in enumerate(tokens)]
    if n == count:
        return [(c + 1, 1, *span) for c, span in enumerate(tokens)]
    if n > 2 and count % (n - 1) == 0:
        wide = count // (n - 1)
        return [(0, 1, *tokens[0])] + [(1 + wide * c, wide, *span) for c, span in enumerate(tokens[1:])]
    if n > 1 and count % n == 0:
        return [(1 + count // n * c, count // n, *span) for c, span in enumerate(tokens)]
    return []


def spaced_table(lines: Sequence[tuple[int, str]]) -> Block:
    """The block of a table's lines, given as (offset, text)."""
    count = _numbers([text for _, text in lines], len(lines) - 1)
    cells = []
    for row, (at, text) in enumerate(lines):
        match = _BODY.match(text)
        if match and len(match["numbers"].split()) == count:
            cells.append(Cell(row, 0, at + match.start("label"), at + match.end("label")))
            for column, token in enumerate(_TOKEN.finditer(text, match.start("numbers"))):
                cells.append(Cell(row, column + 1, at + token.start(), at + token.end()))
        else:
            for column, wide, start, end in _placed(text, count):
                cells.append(Cell(row, column, at + start, at + end, columns=wide))
    return Block("table", lines[0][0], lines[-1][0] + len(lines[-1][1]), cells=tuple(cells))
