"""Tables of PDF pages: how often our rules read every cell, when they should doubt, what pdfplumber adds.

    python benchmarks/pdf_tables.py [--tagged]

With `--tagged` the pages say by tags what their tables are; without, only rules and places do. pdfplumber is no
dependency; without it its columns are left out. The tables are those of the labelled documents, set in every style of
rules, wide and narrow, alone, in prose and in columns of it, with and without a merged head. A table counts as read
when all its cells are, in their places, blanks aside.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import typst

from waferline.audit.document import Document
from waferline.audit.readers import read_bytes
from waferline.audit.readers.plain import read_text

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "tests" / "data" / "audit" / "docs"
FONTS = ROOT / "src" / "waferline" / "render" / "assets" / "fonts"
Rows = list[list[str]]

RULES = ("grid", "level", "three", "shaded", "none")
AROUND = ("prose in two columns", "prose", "nothing")  # pdfplumber's text strategy takes all text for a table
EVERY = 4  # one in so many tables
_PAGE = """
#let data = json("table.json")
#set page(width: 595pt, height: 842pt, margin: 48pt, columns: if data.beside { 2 } else { 1 })
#set text(size: 9.5pt, font: ("Libertinus Serif", "Noto Sans SC"), cjk-latin-spacing: none)
#par(justify: true, data.prose)
#let wide = data.rows.at(0).len()
#let head = if data.merged { (table.cell(rowspan: 2, data.rows.at(0).at(0)), table.cell(colspan: wide - 1, data.over), ..data.rows.at(0).slice(1)) } else { data.rows.at(0) }
#let heads = if data.merged { 2 } else { 1 }
#table(columns: if data.narrow { (44pt,) * wide } else { wide },
  align: (x, y) => horizon + if x == 0 { left } else { right },
  stroke: if data.rules == "grid" { 0.5pt } else if data.rules == "level" { (top: 0.5pt, bottom: 0.5pt) } else { none },
  fill: (x, y) => if data.rules == "shaded" and calc.odd(y) { luma(225) },
  ..if data.rules == "three" { (table.hline(stroke: 1pt), ..head, table.hline(stroke: 0.5pt), ..data.rows.slice(1).flatten(), table.hline(stroke: 1pt)) } else { (..head, ..data.rows.slice(1).flatten()) })
#par(justify: true, data.prose)
"""
_PROSE = {
    "zh": "公司所处行业竞争激烈，客户需求随宏观环境变化。管理层认为，产品结构的调整将在未来若干季度逐步体现，渠道库存处于合理水平，供应链总体稳定。" * 3,
    "en": "Demand from makers of cameras was firm while the order book of the older plants shortened. The board expects a calmer year, and prices that hold. " * 4,
}  # fmt: skip
_NUMBER = re.compile(r"[-−+(]?[$€£¥]?\d[\d,]*(?:\.\d+)?[%)]*")


@dataclass(frozen=True, slots=True)
class Case:
    """One page: its table and how it is set."""

    rows: Rows
    rules: str
    narrow: bool
    around: str
    merged: bool

    @property
    def cells(self) -> Rows:
        over = "以下各列" if _is_chinese(self.rows) else "As reported"
        first = self.rows[0]
        above = [[first[0], over, *[""] * (len(first) - 2)], ["", *first[1:]]] if self.merged else [first]
        return [*above, *self.rows[1:]]

    def made(self, folder: Path, tagged: bool) -> bytes:
        chinese = _is_chinese(self.rows)
        data = {
            "rows": self.rows, "rules": self.rules, "narrow": self.narrow, "merged": self.merged,
            "beside": self.around == AROUND[0],
            "prose": "" if self.around == "nothing" else _PROSE["zh" if chinese else "en"], "over": "以下各列" if chinese else "As reported",
        }  # fmt: skip
        (folder / "table.json").write_text(json.dumps(data), encoding="utf-8")
        (folder / "page.typ").write_text(_PAGE, encoding="utf-8")
        made: bytes = typst.compile(str(folder / "page.typ"), font_paths=[str(FONTS)], pdf_tags=tagged)
        return made


def _is_chinese(rows: Rows) -> bool:
    return any("一" <= char <= "鿿" for row in rows for cell in row for char in cell)


def tables() -> Iterator[Rows]:
    """The tables of the labelled documents that may be looked at."""
    for path in sorted(DOCS.glob("tune_*.txt")):
        for rows in _tables_of(read_text(path.read_text(encoding="utf-8"), path.name)):
            if len(rows) > 2 and len(rows[0]) > 2:
                yield rows


def _tables_of(document: Document) -> list[Rows]:
    found = []
    for block in document.blocks:
        if block.cells:
            rows = [
                [""] * (1 + max(c.column for c in block.cells))
                for _ in range(1 + max(c.row for c in block.cells))
            ]
            for cell in block.cells:
                rows[cell.row][cell.column] = document.piece(cell)
            found.append(rows)
    return found


def _same(found: Rows, wanted: Rows) -> bool:
    def plain(rows: Rows) -> Rows:
        cells = [[re.sub(r"\s+", "", cell or "") for cell in row] for row in rows]
        cells = [row for row in cells if any(row)]
        kept = [
            c for c in range(max(map(len, cells), default=0)) if any(c < len(row) and row[c] for row in cells)
        ]
        return [[row[c] if c < len(row) else "" for c in kept] for row in cells]

    return plain(found) == plain(wanted)


def doubted(document: Document) -> bool:
    """Whether the result itself shows that a table was not understood.

    Rows of figures that stand in no table; two figures in a cell; a column of figures with holes.
    """
    for block in document.blocks:
        if not block.cells:
            loose = sum(_is_row(line) for line in document.piece(block).split("\n"))
            if loose:
                return True
            continue
        rows = 1 + max(cell.row for cell in block.cells)
        figures: Counter[int] = Counter()
        for cell in block.cells:
            text = document.piece(cell)
            if cell.column and len(_NUMBER.findall(text)) > 1 and _NUMBER.sub("", text).strip() == "":
                return True
            figures[cell.column] += bool(_NUMBER.fullmatch(text.strip()))
        if any(0.3 * rows < count < 0.7 * rows for count in figures.values()) and rows > 3:
            return True
    return False


def _is_row(line: str) -> bool:
    """Figures with few letters around them."""
    letters = sum(char.isalpha() for char in _NUMBER.sub("", line))
    return (len(_NUMBER.findall(line)) > 1 and letters < 12) or bool(_NUMBER.fullmatch(line.strip()))


def pdfplumber_ways() -> dict[str, Callable[[bytes], list[Rows]]]:
    """Its two strategies, if it is installed."""
    try:
        import pdfplumber  # type: ignore[import-not-found]
    except ImportError:
        return {}

    def way(strategy: str) -> Callable[[bytes], list[Rows]]:
        settings = {"vertical_strategy": strategy, "horizontal_strategy": strategy}

        def tables(data: bytes) -> list[Rows]:
            with pdfplumber.open(io.BytesIO(data)) as pdf:
                return [table for page in pdf.pages for table in page.extract_tables(settings)]

        return tables

    return {"lines": way("lines"), "text": way("text")}


def main() -> None:
    """Measure and print one line a style, and the sums that decide."""
    cases = [
        Case(rows, *how)
        for rows in list(tables())[::EVERY]
        for how in product(RULES, (False, True), AROUND, (False, True))
        if not (how[1] and len(rows[0]) > 5)
    ]
    tagged = "--tagged" in sys.argv
    ways = {} if tagged else pdfplumber_ways()
    count: Counter[tuple[str, str]] = Counter()
    spent: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            data = case.made(Path(folder), tagged)
            began = time.process_time()
            document = read_bytes(data, "a.pdf")
            spent["ours"] += time.process_time() - began  # type: ignore[assignment]
            right = any(_same(found, case.cells) for found in _tables_of(document))
            doubt = doubted(document)
            styles = (case.rules, "narrow" if case.narrow else "wide", f"around: {case.around}",
                      "merged head" if case.merged else "plain head", "all")  # fmt: skip
            marks = ["pages", *["ours right"] * right, *["doubted"] * doubt, *["doubted, ours wrong"] * (doubt and not right),
                     *["wrong, not doubted"] * (not right and not doubt)]  # fmt: skip
            for name, read in ways.items():
                began = time.process_time()
                also = any(_same(found, case.cells) for found in read(data))
                spent[name] += time.process_time() - began  # type: ignore[assignment]
                marks += [f"{name} right"] * also + [f"{name} right, ours wrong"] * (also and not right)
                marks += [f"{name} right where doubted and ours wrong"] * (also and doubt and not right)
                marks += [f"{name} wrong where doubted and ours right"] * (not also and doubt and right)
            count.update(product(styles, marks))
    show(count, spent, sorted({style for style, _ in count}))


def show(count: Counter[tuple[str, str]], spent: Counter[str], styles: Sequence[str]) -> None:
    marks = sorted({mark for _, mark in count})
    for style in styles:
        told = ", ".join(f"{mark} {count[style, mark]}" for mark in marks if count[style, mark])
        print(f"{style}: {told}")
    pages = count["all", "pages"]
    print("; ".join(f"{name} {1000 * seconds / pages:.0f} ms a page" for name, seconds in spent.items()))


if __name__ == "__main__":
    sys.exit(main())
