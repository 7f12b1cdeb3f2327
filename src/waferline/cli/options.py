"""This module holds the options that commands share, and reads their words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from waferline.errors import BadInput

DEFAULT_STUDY = Path("studies/semiconductors")
StudyArgument = Annotated[Path, typer.Argument(metavar="[STUDY]", help="The study's folder.")]
StudyOption = Annotated[Path, typer.Option("--study", help="The study's folder.")]
DayOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Only what was known on this day.")
]
FormatOption = Annotated[str, typer.Option("--format", help="table, csv or json.")]


def day_of(text: str | None) -> date | None:
    """The day of `--as-of`; None where it is not given. Raises BadInput for anything but YYYY-MM-DD."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("--as-of", "not a day", "YYYY-MM-DD, for instance 2025-03-20", repr(text)) from error


def one_of(text: str, options: tuple[Any, ...], option: str) -> Any:
    """The one word given, of the options."""
    chosen = several_of(text, options, option)
    if len(chosen) != 1:
        raise BadInput(option, "one choice only", ", ".join(options), text)
    return chosen[0]


def several_of(text: str, options: tuple[Any, ...], option: str) -> tuple[Any, ...]:
    """The words given with commas between, each one of the options."""
    chosen = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    wrong = [part for part in chosen if part not in options]
    if wrong or not chosen:
        raise BadInput(option, "unknown choice", ", ".join(options), ", ".join(wrong) or "nothing")
    return chosen
