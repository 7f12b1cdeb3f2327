"""This module says where something stands in a document: page 3, paragraph 12; table 2, row 4."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

from waferline.audit.document import Block, Document
from waferline.audit.faces import wording

# one count for what a reader would call a paragraph
_COUNTED_AS = {"list": "paragraph"}


class Places:
    """The blocks of a document by offset, each with its number on its page (in the document where no pages are)."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._blocks = sorted(document.blocks, key=lambda block: block.start)
        self._starts = [block.start for block in self._blocks]
        self._numbers: list[int] = []
        self._lines: list[int] | None = None
        counts: Counter[tuple[int | None, str]] = Counter()
        for block in self._blocks:
            key = block.page, _COUNTED_AS.get(block.kind, block.kind)
            counts[key] += 1
            self._numbers.append(counts[key])

    def block_at(self, offset: int) -> Block | None:
        at = bisect_right(self._starts, offset) - 1
        return self._blocks[at] if at >= 0 and offset < self._blocks[at].end else None

    def page_at(self, offset: int) -> int | None:
        block = self.block_at(offset)
        return block.page if block else None

    def line_at(self, offset: int) -> int:
        """The line of the text, from 1."""
        if self._lines is None:
            text = self.document.text
            self._lines = [0, *(at + 1 for at, sign in enumerate(text) if sign == "\n")]
        return bisect_right(self._lines, offset)

    def name(self, offset: int, lang: str, *, page: int | None = None) -> str:
        """The place in words; `page` where the reader knows it better than the block does. Empty if unknown."""
        at = bisect_right(self._starts, offset) - 1
        block = self.block_at(offset)
        page = page if page is not None else (block.page if block else None)
        parts = [] if page is None else [wording.word("page", lang, page)]
        if block is not None:
            parts.append(wording.kind(_COUNTED_AS.get(block.kind, block.kind), lang, self._numbers[at]))
            row = next((cell.row for cell in block.cells if cell.start <= offset < cell.end), None)
            if row is not None:
                parts.append(wording.kind("row", lang, row + 1))
        return ("，" if lang == "zh" else ", ").join(parts)
