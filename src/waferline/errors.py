"""This module holds the one form in which Waferline tells a user that something is wrong."""

from __future__ import annotations

from dataclasses import asdict, dataclass


# Not frozen: Python itself writes `__traceback__` and `__cause__` on an error that passes a context manager.
@dataclass(unsafe_hash=True)
class BadInput(Exception):
    """Something the user gave cannot be used; the text is one line: where, what, expected, found, fix.

    >>> print(BadInput(where="a.csv:3", what="unknown unit", expected="a unit of the table", found="'furlong'"))
    a.csv:3: unknown unit: expected a unit of the table, found 'furlong'
    """

    where: str
    what: str
    expected: str | None = None
    found: str | None = None
    fix: str | None = None

    def __str__(self) -> str:
        details = [
            f"{word} {value}"
            for word, value in (("expected", self.expected), ("found", self.found))
            if value is not None
        ]
        line = f"{self.where}: {self.what}"
        if details:
            line += ": " + ", ".join(details)
        if self.fix:
            line += f". Try: {self.fix}"
        return " ".join(line.split())

    def fields(self) -> dict[str, str]:
        """The same as data, for JSON and the API; absent fields are left out."""
        return {key: value for key, value in asdict(self).items() if value is not None}


class NotKnown(BadInput):
    """The question is well formed but the evidence has no answer on the day; never a user's mistake.

    A chapter leaves the paragraph out and lists it as omitted; an exhibit shows the gap.
    """
