"""This module prints rows as a table that fits the terminal, as CSV or as JSON."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from waferline.errors import BadInput


def show(header: Sequence[str], rows: Sequence[Sequence[str]], output: str, title: str | None = None) -> None:
    """Prints rows as a table, csv or json. Raises BadInput for another form."""
    writers: dict[str, Callable[[], None]] = {
        "table": lambda: table(header, rows, title),
        "csv": lambda: print(_csv(header, rows), end=""),
        "json": lambda: print(
            json.dumps(
                {"schema": 1, "rows": [dict(zip(header, row, strict=True)) for row in rows]},
                ensure_ascii=False,
                indent=1,
            )
        ),
    }
    if output not in writers:
        raise BadInput("--format", "unknown choice", ", ".join(writers), output)
    writers[output]()


def table(header: Sequence[str], rows: Sequence[Sequence[str]], title: str | None) -> None:
    """Prints a table; where the terminal is too narrow for whole words, what repeats is said once or rows are stacked."""
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    columns = [(name, [str(row[n]) for row in rows]) for n, name in enumerate(header)]
    if title:
        console.print(title, markup=False, style="italic")
    if not _fits(columns, console.width) and len(rows) > 1:
        same = [(name, cells[0]) for name, cells in columns if len(set(cells)) == 1]
        columns = [column for column in columns if len(set(column[1])) > 1]
        told = ", ".join(f"{name} {value}" for name, value in same if value)
        if told:
            console.print(told, markup=False)
    if _fits(columns, console.width):
        grid = Table(header_style="bold", show_edge=False)
        for (name, _), width in zip(columns, _widths(columns, console.width), strict=True):
            grid.add_column(name, overflow="fold", width=width)
        for row in zip(*(cells for _, cells in columns), strict=True):
            grid.add_row(*map(Text, row))
        console.print(grid)
        return
    for row in zip(*(cells for _, cells in columns), strict=True):
        stacked = Table.grid(padding=(0, 2))
        stacked.add_column()
        stacked.add_column(overflow="fold")
        for (name, _), cell in zip(columns, row, strict=True):
            if cell:
                stacked.add_row(Text(name, style="bold"), Text(cell))
        console.print(stacked)
        console.print()


def _fits(columns: Sequence[tuple[str, Sequence[str]]], width: int) -> bool:
    return sum(_narrowest(name, cells) + 3 for name, cells in columns) <= width + 1


def _widths(columns: Sequence[tuple[str, Sequence[str]]], width: int) -> list[int]:
    """How wide each column is set: as its longest cell if all fit, else its longest word and a part of what is left.

    Left to itself the table would take one cell too many beside least widths, and cut half a Chinese character off.
    """
    least = [_narrowest(name, cells) for name, cells in columns]
    wanted = [
        max(cell_len(line) for text in (name, *cells) for line in text.split("\n")) for name, cells in columns
    ]
    left = width + 1 - 3 * len(columns) - sum(least)
    missing = [want - have for want, have in zip(wanted, least, strict=True)]
    if sum(missing) <= left:
        return wanted
    given = [
        have + more * max(left, 0) // max(sum(missing), 1) for have, more in zip(least, missing, strict=True)
    ]
    return [min(have, want) for have, want in zip(given, wanted, strict=True)]


def _narrowest(name: str, cells: Sequence[str]) -> int:
    """The columns a terminal needs for the longest word; Chinese may break anywhere, so twelve do for it."""
    words = [word for text in (name, *cells) for word in text.split()]
    return max((cell_len(word) if word.isascii() else min(cell_len(word), 12) for word in words), default=1)


def count(number: int, thing: str) -> str:
    """`1 exhibit`, `2 exhibits`."""
    return f"{number} {thing}" + ("" if number == 1 else "s")


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([header, *rows])
    return buffer.getvalue()
