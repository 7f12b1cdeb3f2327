"""This module reads CSV and TSV files as one table."""

from __future__ import annotations

import csv
import io

from waferline.audit.document import Document
from waferline.audit.readers.writing import Writer, grid
from waferline.errors import BadInput

MAX_CELLS = 2_000_000


def read_delimited(text: str, name: str, notes: tuple[str, ...] = ()) -> Document:
    """The file's rows as a table block; the separator is the one its first lines use most."""
    head = text[:4000]
    separator = max(",\t;|", key=head.count)
    writer = Writer(name)
    writer.notes += notes
    rows: list[list[str]] = []
    count = 0
    try:
        for row in csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=separator):
            rows.append(row)
            count += len(row)
            if count > MAX_CELLS:
                raise BadInput(name, "too many cells", expected=f"at most {MAX_CELLS}")
    except csv.Error as error:
        raise BadInput(name, "not a readable table", found=str(error)) from error
    writer.table(grid(rows))
    return writer.document()
