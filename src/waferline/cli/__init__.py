"""This module is the command line: it parses, calls one function, prints."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from waferline.cli.models import model_app, scenario_app, validate
from waferline.cli.options import (
    DEFAULT_STUDY,
    DayOption,
    FormatOption,
    StudyArgument,
    StudyOption,
    day_of,
    one_of,
    several_of,
)
from waferline.cli.printing import count, show, table
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
app.add_typer(model_app, name="model")
app.add_typer(scenario_app, name="scenario")
app.command()(validate)


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
    """Build the report of a study as of a day; exit status 1 if its printed numbers contradict each other."""
    from waferline.build.audit_words import contradictions, summary
    from waferline.build.build import FORMATS
    from waferline.build.build import build as run

    langs = several_of(lang, LANGS, "--lang")
    kinds = several_of(formats, FORMATS, "--format")
    day = day_of(as_of)
    console = Console(stderr=True)
    if console.is_terminal:
        with console.status("") as status:
            built = run(study, out, day=day, langs=langs, formats=kinds, progress=status.update)
    else:
        built = run(study, out, day=day, langs=langs, formats=kinds)
    standing = ", ".join(f"{thesis} {status}" for thesis, status in built.theses)
    print(f"As of {built.as_of}: {standing}; rating {built.rating}.")
    print(
        f"{count(built.holes, 'exhibit')} without data, {count(built.omitted, 'paragraph')} left out: see build.json."
    )
    for lang, found in built.self_audit.items():
        print(summary(lang, found))
    for name in built.files:
        print(built.out / name)
    for line in contradictions(built.self_audit):
        print(line, file=sys.stderr)
    if built.contradicts_itself:
        raise typer.Exit(1)


@app.command()
def check(
    study: StudyArgument = DEFAULT_STUDY,
    as_of: DayOption = None,
    output: FormatOption = "table",
) -> None:
    """Say which theses hold, weaken or break on a day, and by which rule; exit status 1 if one that counts for the rating is broken."""
    from waferline.build.build import check as run

    known, theses = run(study, day=day_of(as_of))
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
            table(header, rows[thesis.id], f"{thesis.id}: {thesis.status}")
    else:
        told = [(thesis.id, thesis.status, *row) for thesis in theses for row in rows[thesis.id]]
        show(("thesis", "stands", *header), told, output)
    if any(thesis.status == "broken" for thesis in theses if thesis.rated):
        raise typer.Exit(1)


@app.command()
def audit(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Documents, folders of them, or - for standard input."),
    ],
    form: Annotated[str, typer.Option("--format", help="text, html, json or jsonl.")] = "text",
    out: Annotated[Path | None, typer.Option(help="Write one file a document into this folder.")] = None,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="How many documents at a time.")] = 1,
    lang: Annotated[str, typer.Option(help="The language of the audit: en or zh.")] = "en",
    everything: Annotated[
        bool,
        typer.Option("--all", help="In text, show what agrees and the whole list to check by hand, too."),
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option(help="An earlier audit as jsonl: show only what is new, gone or changed.")
    ] = None,
    waivers: Annotated[
        Path | None, typer.Option(help="TOML or CSV of findings that may stand: id, reason, person, day.")
    ] = None,
    emit_text: Annotated[
        Path | None, typer.Option(help="Write the text that offsets count in into this folder.")
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(metavar="STUDY", help="Set stated facts beside the evidence of this study, too."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DAY", help="With --evidence: what was known on this day.")
    ] = None,
    propose: Annotated[
        str | None,
        typer.Option(
            metavar="COMMAND", help="A program of yours that proposes which numbers belong together."
        ),
    ] = None,
    propose_seconds: Annotated[
        float, typer.Option(min=1, max=3600, help="With --propose: what it may take for a document.")
    ] = 60,
) -> None:
    """Recompute the numbers in documents and say which contradict each other; exit status 1 if any do."""
    from waferline.audit import corpus
    from waferline.audit.baseline import read_baseline
    from waferline.audit.faces.marking import clean
    from waferline.audit.faces.summary import closing, outcome_line
    from waferline.audit.waivers import read_waivers

    if as_of is not None and evidence is None:
        raise BadInput("--as-of", "there is no evidence to read", fix="--evidence with a study's folder")
    if evidence is not None:
        from waferline.audit.against.known import opened

        opened(evidence, day_of(as_of))  # what is wrong with a study is said once, not for each document
    proposer = None
    if propose is not None:
        from waferline.audit.proposals import Program

        proposer = Program.named(propose, propose_seconds)
    waived = read_waivers(waivers) if waivers else {}
    former = read_baseline(baseline) if baseline else None
    settings = corpus.Settings(
        form=one_of(form, corpus.FORMS, "--format"), lang=one_of(lang, ("en", "zh"), "--lang"), everything=everything,
        paper=_paper(out), waivers=waived, against=former is not None, out=out, emit_text=emit_text,
        evidence=evidence, as_of=day_of(as_of), propose=proposer,
    )  # fmt: skip
    found, errors = corpus.find_documents(files)
    if settings.form == "html" and out is None and len(found) > 1:
        raise BadInput("--format html", "several documents are several pages", fix="--out with a folder")
    for error in errors:
        print(clean(str(error)), file=sys.stderr)
    totals = corpus.Totals(failed=len(errors))
    listed = settings.form == "json" and out is None
    found = corpus.with_baseline(found, former or {})
    shown = len(found) > 1 and not (out is None and sys.stdout.isatty())
    with (
        _progress(shown) as progress,
        contextlib.closing(corpus.audit_corpus(found, settings, workers=jobs)) as outcomes,
    ):
        try:
            for number, outcome in enumerate(outcomes):
                totals.add(outcome)
                progress(f"{number + 1}/{len(found)} {outcome.name}")
                if outcome.error is not None:
                    print(clean(str(outcome.error)), file=sys.stderr)
                    continue
                if listed:
                    print("[" if totals.documents == 1 else ",")
                print(outcome.shown or outcome_line(outcome, settings.lang), end="")
        except KeyboardInterrupt:
            _fail(f"waferline: stopped after {totals.documents + totals.failed} of {len(found)} documents")
    if listed:
        print("]" if totals.documents else "[]")
    elif len(found) > 1 and (settings.form == "text" or out is not None):
        print(closing(totals, settings.lang))
    for name in corpus.not_audited(found, former or {}):
        print(clean(f"{baseline}: {name} was not audited now"), file=sys.stderr)
    for waiver in totals.unused(waived):
        print(clean(f"{waiver.where}: the waiver {waiver.id} meets no finding"), file=sys.stderr)
    if totals.status:
        raise typer.Exit(totals.status)


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
    show(("series", "name (zh)", "name (en)", "unit", "frequency", "kind", "publisher"), rows, output)


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

    known = snapshot(_evidence(study), day_of(as_of))
    header, rows = series_rows(known, series, relation, by)
    show(header, rows, output, f"{series} as of {known.day}")


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
    show(header, rows, output, f"{series} {period}")


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
        show(("group", "what", "count"), rows, output)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command; an error of the user's is one line on standard error and exit status 2."""
    stopped = "waferline: stopped; nothing was written"
    # Before NumPy is loaded: its matrices are small here, and with one thread the last bits do not depend on the machine.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
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
        _leave_quietly()
    except SystemExit as done:
        # click and Rich turn a closed pipe into status 1
        if isinstance(done.__context__, BrokenPipeError):
            _leave_quietly()
        raise
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


def _leave_quietly() -> None:
    """Whoever read the output has gone, as `head` does: no fault, and nothing more to say."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def _fail(line: str) -> None:
    print(line, file=sys.stderr)
    sys.exit(2)


def _evidence(study: Path) -> Any:
    from waferline.build.build import open_evidence

    if not (study / "evidence").is_dir():
        raise BadInput(str(study), "no such study", "a folder with evidence/ in it")
    return open_evidence(study)


def _paper(out: Path | None) -> Any:
    """What the text form is written on: a terminal with its width and colours, or a file or pipe."""
    from waferline.audit.faces.text import Paper

    console = Console()
    if out is not None or not sys.stdout.isatty():
        return Paper()
    return Paper(console.width, colour=console.color_system is not None and not console.no_color)


@contextmanager
def _progress(wanted: bool) -> Iterator[Callable[[str], None]]:
    """A line that tells how far a command is, on a terminal only and not among its output."""
    console = Console(stderr=True)
    if not (wanted and console.is_terminal):
        yield lambda _: None
        return
    with console.status("") as status:
        yield lambda line: status.update(escape(line))
