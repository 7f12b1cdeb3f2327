"""This module is the command line: it parses, calls one function, prints."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from waferline.errors import BadInput
from waferline.study.report import LANGS

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Rebuild, check and hold to account a semiconductor sector strategy.",
)  # fmt: skip
series_app = typer.Typer(no_args_is_help=True, help="Look into the evidence, one series at a time.")
evidence_app = typer.Typer(no_args_is_help=True, help="Look after the evidence of a study.")
app.add_typer(series_app, name="series")
app.add_typer(evidence_app, name="evidence")

DEFAULT_STUDY = Path("studies/semiconductors")
StudyArgument = Annotated[Path, typer.Argument(metavar="[STUDY]", help="The study's folder.")]
StudyOption = Annotated[Path, typer.Option("--study", help="The study's folder.")]
DayOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Only what was known on this day.")
]
FormatOption = Annotated[str, typer.Option("--format", help="table, csv or json.")]


@app.command()
def build(
    study: StudyArgument = DEFAULT_STUDY,
    as_of: DayOption = None,
    lang: Annotated[str, typer.Option(help="zh, en or both: zh,en.")] = "zh",
    formats: Annotated[str, typer.Option("--format", help="html, pdf or both: html,pdf.")] = "html,pdf",
    out: Annotated[Path, typer.Option(help="The folder to write; only a former build is replaced.")] = Path(
        "out"
    ),
) -> None:
    """Build the report of a study as of a day."""
    from waferline.build.build import FORMATS
    from waferline.build.build import build as run

    langs = _several(lang, LANGS, "--lang")
    kinds = _several(formats, FORMATS, "--format")
    day = _day(as_of)
    console = Console(stderr=True)
    if console.is_terminal:
        with console.status("") as status:
            built = run(study, out, day=day, langs=langs, formats=kinds, progress=status.update)
    else:
        built = run(study, out, day=day, langs=langs, formats=kinds)
    standing = ", ".join(f"{thesis} {status}" for thesis, status in built.theses)
    print(f"As of {built.as_of}: {standing}; rating {built.rating}.")
    print(
        f"{_count(built.holes, 'exhibit')} without data, {_count(built.omitted, 'paragraph')} left out: see build.json."
    )
    for name in built.files:
        print(built.out / name)


@app.command()
def check(
    study: StudyArgument = DEFAULT_STUDY,
    as_of: DayOption = None,
    output: FormatOption = "table",
) -> None:
    """Say which theses hold, weaken or break on a day, and by which rule; exit status 1 if one is broken."""
    from waferline.build.build import check as run

    known, theses = run(study, day=_day(as_of))
    header = ("measure", "value", "weakens", "breaks", "verdict")
    rows = {
        thesis.id: [
            (name.en, value.en, weakens.en, breaks.en, status)
            for (name, value, status), (weakens, breaks) in zip(thesis.measures, thesis.limits, strict=True)
        ]
        for thesis in theses
    }
    if output == "table":
        print(f"Theses as of {known.day}")
        for thesis in theses:
            print()
            _table(header, rows[thesis.id], f"{thesis.id}: {thesis.status}")
    else:
        told = [(thesis.id, thesis.status, *row) for thesis in theses for row in rows[thesis.id]]
        _show(("thesis", "stands", *header), told, output)
    if any(thesis.status == "broken" for thesis in theses):
        raise typer.Exit(1)


@series_app.command("find")
def series_find(
    words: Annotated[list[str], typer.Argument(help="Words of the id or the names, Chinese or English.")],
    study: StudyOption = DEFAULT_STUDY,
    output: FormatOption = "table",
) -> None:
    """Find series by words."""
    evidence = _evidence(study)
    found = evidence.find(" ".join(words))
    if not found:
        raise BadInput(" ".join(words), "no series has these words", fix="fewer or other words")
    rows = [(s.id, s.name_zh, s.name_en, s.unit, s.frequency, s.kind, s.publisher) for s in found]
    _show(("series", "name (zh)", "name (en)", "unit", "frequency", "kind", "publisher"), rows, output)


@series_app.command("show")
def series_show(
    series: str,
    study: StudyOption = DEFAULT_STUDY,
    as_of: DayOption = None,
    relation: Annotated[str | None, typer.Option(help="yoy, qoq or mom beside each level.")] = None,
    by: Annotated[str | None, typer.Option(help="The house, where several give the figure.")] = None,
    output: FormatOption = "table",
) -> None:
    """Show a series as known on a day, newest row last."""
    from waferline.build.build import snapshot
    from waferline.build.tables import series_rows

    known = snapshot(_evidence(study), _day(as_of))
    header, rows = series_rows(known, series, relation, by)
    _show(header, rows, output, f"{series} as of {known.day}")


@series_app.command("revisions")
def series_revisions(
    series: str,
    period: str,
    study: StudyOption = DEFAULT_STUDY,
    subject: Annotated[str, typer.Option(help="The model, chip or company, where a series has them.")] = "",
    output: FormatOption = "table",
) -> None:
    """Show every vintage of one value, with its days and sources."""
    from waferline.build.tables import revision_rows

    header, rows = revision_rows(_evidence(study), series, period, subject)
    _show(header, rows, output, f"{series} {period}")


@evidence_app.command("lint")
def evidence_lint(
    study: StudyArgument = DEFAULT_STUDY,
    output: FormatOption = "table",
) -> None:
    """Count how each row became known, and list ties, rivals and undated rows."""
    report = _evidence(study).lint()
    if output == "table":
        print(report.to_text().rstrip("\n"))
    else:
        rows = [(group, name, str(count)) for group, name, count in report.rows()]
        _show(("group", "what", "count"), rows, output)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command; an error of the user's is one line on standard error and exit status 2."""
    stopped = "waferline: stopped; nothing was written"
    try:
        # Outside standalone mode an Exit raised in a command comes back as a return value; 130 is Ctrl-C.
        status = app(
            args=list(arguments) if arguments is not None else None,
            prog_name="waferline",
            standalone_mode=False,
        )
        if isinstance(status, int) and status:
            if status == 130:
                _fail(stopped)
            sys.exit(status)
    except BadInput as error:
        _fail(str(error))
    except typer.Exit as done:
        sys.exit(done.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _fail(stopped)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # what no part foresaw: a name too long, a full disk behind standard output
        _fail(f"{str(error.filename or 'waferline')[:200]}: {error.strerror or error}")
    except Exception as error:
        # click's own usage errors know how to say themselves in one line
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            _fail(message())
        _fail(f"waferline: {' '.join(message().split()).rstrip('.')}. Try: waferline --help")


def _fail(line: str) -> None:
    print(line, file=sys.stderr)
    sys.exit(2)


def _evidence(study: Path) -> Any:
    from waferline.build.build import open_evidence

    if not (study / "evidence").is_dir():
        raise BadInput(str(study), "no such study", "a folder with evidence/ in it")
    return open_evidence(study)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("--as-of", "not a day", "YYYY-MM-DD, for instance 2025-03-20", repr(text)) from error


def _several(text: str, options: tuple[Any, ...], option: str) -> tuple[Any, ...]:
    chosen = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    wrong = [part for part in chosen if part not in options]
    if wrong or not chosen:
        raise BadInput(option, "unknown choice", ", ".join(options), ", ".join(wrong) or "nothing")
    return chosen


def _show(
    header: Sequence[str], rows: Sequence[Sequence[str]], output: str, title: str | None = None
) -> None:
    writers: dict[str, Callable[[], None]] = {
        "table": lambda: _table(header, rows, title),
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


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], title: str | None) -> None:
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
        table = Table(header_style="bold", show_edge=False)
        for name, cells in columns:
            table.add_column(name, overflow="fold", min_width=_narrowest(name, cells))
        for row in zip(*(cells for _, cells in columns), strict=True):
            table.add_row(*map(Text, row))
        console.print(table)
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


def _narrowest(name: str, cells: Sequence[str]) -> int:
    """The columns a terminal needs for the longest word; Chinese may break anywhere, so twelve do for it."""
    words = [word for text in (name, *cells) for word in text.split()]
    return max((cell_len(word) if word.isascii() else min(cell_len(word), 12) for word in words), default=1)


def _count(number: int, thing: str) -> str:
    """`1 exhibit`, `2 exhibits`."""
    return f"{number} {thing}" + ("" if number == 1 else "s")


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([header, *rows])
    return buffer.getvalue()
