"""This module says what a document is to the audit: one text and the blocks it is made of, by offset.

Every reader gives this and nothing else, so that a report says the same whether it came as PDF, DOCX or text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

BlockKind = Literal[
    "heading", "paragraph", "list", "caption", "table", "chart", "source", "footnote", "contents", "furniture"
]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its place in the grid and where its text stands in the document's text.

    `header` marks cells that name rows or columns where the file says so (<th>, a header row); the audit
    also finds headers by itself. A merged cell is given once, with how many rows and columns it covers.
    """

    row: int
    column: int
    start: int
    end: int
    header: bool = False
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A run of the text that belongs together: [start, end), on one page where pages exist.

    `table` and `chart` blocks carry cells (a chart's cells are the data its file keeps: categories down,
    series across). `contents` is a table of contents or a list of figures; `furniture` are running headers,
    footers and page numbers, which are read but not audited. A paragraph may run over several lines, and over
    a page's end (its page is where it starts).
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read: its name, its text and its blocks in reading order, which never overlap.

    `notes` are the reader's own remarks, one line each (a page without text, a part left out). `day` is the
    day the file states for itself (metadata), if any.
    """

    name: str
    text: str
    blocks: tuple[Block, ...]
    pages: int | None = None
    day: date | None = None
    notes: tuple[str, ...] = ()

    def piece(self, part: Block | Cell) -> str:
        return self.text[part.start : part.end]

    def page_of(self, offset: int) -> int | None:
        """The page of the block that holds the offset (1 is the first), if the file has pages."""
        for block in self.blocks:
            if block.start <= offset < block.end:
                return block.page
        return None
