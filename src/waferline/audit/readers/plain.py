"""This reader finds the blocks of plain text and Markdown: paragraphs, tables, captions, lists, contents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from waferline.audit.document import Block, BlockKind, Cell, Document
from waferline.audit.readers.spaced_tables import spaced_table, spaced_table_end

_CAPTION = re.compile(
    r"\s*(?:图表?|表格?|圖表?|附[图表]|Fig(?:ure|\.)?|Table|Exhibit|Chart)\s?\d{1,3}(?:[-.]\d{1,2})?(?:[：:.\s、]|(?=[\u4e00-\u9fff]))"
)
_SOURCE = re.compile(r"\s*(?:资料来源|数据来源|资料來源|資料來源|来源|Sources?|注|Notes?)\s?[：:]")
_CONTENTS = re.compile(r".{2,}(?:\.{3,}|…{2,}|\t)\s*\d{1,3}\s*$")
_LIST = re.compile(r"\s*(?:[•●■◆▪·*-]|\d{1,2}[.)、]|[（(]\d{1,2}[）)]|[①-⑳])\s?")
_HEADING = re.compile(r"\s*#{1,6}\s|\s*\d{1,2}(?:\.\d{1,2}){1,3}\s")
_ENDS = re.compile(r"[。！？.!?;；:：”\"）)]\s*$")
_RULE = re.compile(r"^\s*\|?[\s:|+-]*[-=]{2,}[\s:|+-]*$")
_GAP = re.compile(r"\S(?:[^\S\n]{2,})\S")
_WINDOW = 400  # lines a table without column marks may have
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int  # without the newline
    text: str


def read_text(text: str, name: str = "text") -> Document:
    """The document of a plain or Markdown text; its text is the given one, unchanged."""
    return Document(name=name, text=text, blocks=tuple(_blocks(_lines(text))))


def _lines(text: str) -> list[_Line]:
    lines, at = [], 0
    for piece in text.split("\n"):
        body = piece.rstrip("\r")
        lines.append(_Line(at, at + len(body), body))
        at += len(piece) + 1
    return lines


def _blocks(lines: list[_Line]) -> Iterator[Block]:
    i = 0
    while i < len(lines):
        if not lines[i].text.strip():
            i += 1
            continue
        stop = _table_end(lines, i)
        spaced = spaced_table_end([line.text for line in lines[i : i + _WINDOW]], 0)
        if spaced > max(stop - i, 0):
            yield spaced_table([(line.start, line.text) for line in lines[i : i + spaced]])
            i += spaced
        elif stop:
            yield from _table(lines[i:stop])
            i = stop
        else:
            kind, stop = _prose(lines, i)
            yield Block(kind, lines[i].start, lines[stop - 1].end)
            i = stop


def _prose(lines: list[_Line], i: int) -> tuple[BlockKind, int]:
    """The kind of the block that starts at line i, and the line after its last."""
    text = lines[i].text
    if len(text) < 120 and _CONTENTS.match(text):
        return "contents", i + 1
    if _CAPTION.match(text) and len(text) < 90 and not text.rstrip().endswith(("。", ".")):
        return "caption", i + 1
    if _SOURCE.match(text):
        return "source", i + 1
    if _HEADING.match(text) and len(text) < 90 and not _ENDS.search(text):
        return "heading", i + 1
    kind: BlockKind = "list" if _LIST.match(text) else "paragraph"
    stop = i + 1
    while stop < len(lines) and _continues(lines[stop - 1].text, lines, stop):
        stop += 1
    return kind, stop


def _is_wide(line: str) -> bool:
    """True if a line is as wide as forty Latin letters; a Chinese character is as wide as two."""
    return len(line) >= 40 or (len(line) >= 20 and sum(2 if ord(c) > 0x2E7F else 1 for c in line) >= 40)


def _continues(line: str, lines: list[_Line], following: int) -> bool:
    """True if the next line goes on with the sentence: the one before is full and has no end of its own."""
    after = lines[following].text
    if not after.strip() or not _is_wide(line.strip()) or _ENDS.search(line):
        # A wrapped paragraph may end a line at a full stop; the next sentence then is a block of its own,
        # which costs nothing: the rules look back over blocks that touch.
        return False
    return not (
        _LIST.match(after)
        or _CAPTION.match(after)
        or _SOURCE.match(after)
        or _table_end(lines, following)
        or spaced_table_end([line.text for line in lines[following : following + _WINDOW]], 0)
    )


def _separator(text: str) -> str:
    """What parts the cells of a table line: a bar, a tab, wide gaps; empty for prose."""
    if text.count("|") >= 2 or " | " in text:
        return "|"
    if "\t" in text.strip():
        return "\t"
    if len(_GAP.findall(text.strip())) >= 1 and not re.search(r"[。；]", text):
        return " "
    return ""


def _table_end(lines: list[_Line], i: int) -> int:
    """The line after the table that starts at line i, or 0 if none does."""
    mark = _separator(lines[i].text)
    if not mark or (
        mark == "\t"
        and len(lines[i].text) < 120
        and _CONTENTS.match(lines[i].text)
        and _CAPTION.match(lines[i].text)
    ):
        return 0
    stop = i
    while stop < len(lines) and (
        _separator(lines[stop].text) == mark or (stop > i and _RULE.match(lines[stop].text))
    ):
        if (
            mark == "\t"
            and len(lines[stop].text) < 120
            and _CONTENTS.match(lines[stop].text)
            and _CAPTION.match(lines[stop].text)
        ):
            break
        stop += 1
    rows = [line.text for line in lines[i:stop]]
    numeric = sum(bool(_DIGIT.search(row)) for row in rows)
    least = 3 if mark == " " else 2
    if len(rows) < least or (mark == " " and numeric * 2 < len(rows)):
        return 0
    return stop


def _is_entry(text: str) -> bool:
    """True for a line of a list of exhibits: a caption and a page number."""
    return len(text) < 240 and bool(_CAPTION.match(text) and _CONTENTS.match(text))


def _table(lines: list[_Line]) -> Iterator[Block]:
    mark = _separator(lines[0].text)
    cells: list[Cell] = []
    row = 0
    stops = _stops(lines) if mark == " " else []
    # A bar before the first cell and after the last is a frame only if every line has it; else it parts an
    # empty cell from its neighbour.
    told = [line.text.strip() for line in lines if not _RULE.match(line.text)]
    frame = all(t.startswith("|") for t in told), all(t.endswith("|") for t in told)
    for line in lines:
        if _RULE.match(line.text):
            continue
        pieces = list(_split(line.text, mark, frame))
        in_order = mark == " " and len(pieces) == len(stops)
        for column, (start, end) in enumerate(pieces):
            if mark == " " and not in_order:
                column = _nearest(stops, start, end)
            piece = line.text[start:end]
            left = start + len(piece) - len(piece.lstrip())
            right = end - (len(piece) - len(piece.rstrip()))
            if left < right:
                cells.append(Cell(row, column, line.start + left, line.start + right))
        row += 1
    yield Block("table", lines[0].start, lines[-1].end, cells=tuple(cells))


def _split(text: str, mark: str, frame: tuple[bool, bool] = (False, False)) -> Iterator[tuple[int, int]]:
    if mark == " ":
        at = 0
        for gap in re.finditer(r"\s{2,}|$", text):
            if gap.start() > at:
                yield at, gap.start()
            at = gap.end()
        return
    body = text.strip()
    at = text.index(body) if body else 0
    end = at + len(body)
    if mark == "|":
        at += frame[0]
        end -= frame[1]
    else:
        at, end = 0, len(text)
    start = at
    for i in range(at, end):
        if text[i] == mark:
            yield start, i
            start = i + 1
    yield start, end


def _stops(lines: list[_Line]) -> list[tuple[int, int]]:
    """The columns of an aligned table. A head wider than its numbers may close the gap to the next column in all
    lines together; where one line then has two pieces in a column, the lines of most pieces say what the columns
    are."""
    columns = _columns(lines)
    pieces = [list(_split(line.text, " ")) for line in lines if not _RULE.match(line.text)]
    most = max(map(len, pieces), default=0)
    full = [line for line in pieces if len(line) == most]
    if most <= len(columns) or len(full) * 2 < len(pieces):
        return columns
    return [(min(p[k][0] for p in full), max(p[k][1] for p in full)) for k in range(most)]


def _columns(lines: list[_Line]) -> list[tuple[int, int]]:
    """The columns of an aligned table: stretches that some line fills and wide gaps part in all lines."""
    width = max(len(line.text) for line in lines)
    filled = [False] * (width + 2)
    for line in lines:
        if _RULE.match(line.text):
            continue
        for start, end in _split(line.text, " "):
            filled[start:end] = [True] * (end - start)
    columns, start = [], -1
    for i, full in enumerate(filled):
        if full and start < 0:
            start = i
        elif not full and start >= 0:
            columns.append((start, i))
            start = -1
    return columns


def _nearest(columns: list[tuple[int, int]], start: int, end: int) -> int:
    return max(range(len(columns)), key=lambda c: min(end, columns[c][1]) - max(start, columns[c][0]))
