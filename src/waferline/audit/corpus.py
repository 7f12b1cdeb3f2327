"""This module audits many files: it finds them, lets workers read, audit and write them, and hands on one outcome a file.

The parent holds outcomes, never documents, so memory does not grow with their number.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from waferline.audit.baseline import FormerAudit
from waferline.audit.document import Document
from waferline.audit.faces.text import Paper
from waferline.audit.readers.reading import MAX_BYTES
from waferline.audit.review import Review, reviewed
from waferline.audit.waivers import Waiver
from waferline.errors import BadInput

if TYPE_CHECKING:
    from waferline.audit.proposals import Program
    from waferline.evidence import Snapshot

Form = Literal["text", "html", "json", "jsonl"]
FORMS: tuple[Form, ...] = get_args(Form)
STANDARD_INPUT = "-"
_SECONDS = 60.0  # for one document, besides what a program may take that proposes links
SUFFIXES = (
    ".csv",
    ".docx",
    ".htm",
    ".html",
    ".markdown",
    ".md",
    ".pdf",
    ".pptx",
    ".text",
    ".tsv",
    ".txt",
    ".xhtml",
    ".xlsx",
)
_ENDINGS: dict[Form, str] = {"text": ".txt", "html": ".html", "json": ".json", "jsonl": ".jsonl"}


@dataclass(frozen=True, slots=True)
class Job:
    """One document to audit: its name as the user gave it, where it lies, and where its results go under a folder.

    `data` are the bytes of standard input, which has no path.
    """

    name: str
    path: Path | None
    target: str
    former: FormerAudit | None = None
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """How every document is shown, and where to: `out` and `emit_text` are folders, None for neither."""

    form: Form = "text"
    lang: str = "en"
    everything: bool = False
    paper: Paper | None = None
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
    against: bool = False  # there is a baseline
    out: Path | None = None
    emit_text: Path | None = None
    evidence: Path | None = None  # a study's folder: stated facts are set beside what it knew
    as_of: date | None = None
    propose: Program | None = None  # a user's program that proposes links


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one document: its shown form (or the file it was written to) and its counts, or an error."""

    name: str
    shown: str = ""
    written: Path | None = None
    is_contradicted: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    waived: frozenset[str] = frozenset()
    error: BadInput | None = None


@dataclass(slots=True)
class Totals:
    """What came of a run so far."""

    documents: int = 0
    contradicted: int = 0
    unchecked: int = 0
    failed: int = 0
    waived: set[str] = field(default_factory=set)

    def add(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.failed += 1
            return
        self.documents += 1
        self.contradicted += outcome.is_contradicted
        self.unchecked += not outcome.counts["checked"]
        self.waived |= outcome.waived

    @property
    def status(self) -> int:
        """The exit status: 2 for a file that could not be read, else 1 for a contradiction, else 0."""
        return 2 if self.failed else 1 if self.contradicted else 0

    def unused(self, waivers: Mapping[str, Waiver]) -> list[Waiver]:
        """Waivers that met no finding of any document."""
        return [waiver for id, waiver in waivers.items() if id not in self.waived]


def find_documents(
    names: Sequence[str], *, suffixes: Sequence[str] = SUFFIXES
) -> tuple[list[Job], list[BadInput]]:
    """The documents behind the names given: files, folders (walked, sorted, links not followed) and "-".

    In a folder only files with one of the suffixes count; hidden ones and lock files are left out. A file given
    by name is taken whatever its suffix. Each file is taken once. What cannot be used is a BadInput of its own.
    """
    found: dict[str, tuple[str, Path]] = {}
    bases: list[str] = []
    errors: list[BadInput] = []
    standard_input = False
    for name in names:
        path = Path(name)
        if name == STANDARD_INPUT:
            standard_input = True
        elif path.is_dir():
            inside = list(_walk(path, suffixes, errors))
            if not inside:
                errors.append(
                    BadInput(
                        name, "the folder holds no document", f"a file that ends in {', '.join(suffixes)}"
                    )
                )
            bases.append(_whole(path))
            for one in inside:
                found.setdefault(_whole(one), (str(one), one))
        elif not path.exists():
            errors.append(BadInput(name, "no such file"))
        elif not path.is_file():
            errors.append(BadInput(name, "not a file", "a document, or a folder of them"))
        else:
            bases.append(_whole(path.parent))
            found.setdefault(_whole(path), (name, path))
    root = os.path.commonpath(bases) if bases else ""
    jobs = [Job(name, path, os.path.relpath(whole, root)) for whole, (name, path) in found.items()]
    if standard_input:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            errors.append(BadInput(STANDARD_INPUT, "too large", f"at most {MAX_BYTES // 10**6} MB"))
        else:
            jobs.append(Job(STANDARD_INPUT, None, "standard-input", data=data))
    return jobs, errors


def _whole(path: Path) -> str:
    """The absolute path with "." and ".." worked out and links kept."""
    return os.path.abspath(path)  # noqa: PTH100 - Path.resolve would follow links


def _walk(folder: Path, suffixes: Sequence[str], errors: list[BadInput]) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        errors.append(BadInput(str(error.filename), f"the folder cannot be read ({error.strerror})"))

    for here, folders, files in os.walk(folder, onerror=refused, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(here, name)
            if (
                name.lower().endswith(tuple(suffixes))
                and not name.startswith((".", "~$"))
                and not path.is_symlink()
            ):
                yield path


def with_baseline(jobs: Sequence[Job], baseline: Mapping[str, FormerAudit]) -> list[Job]:
    """The jobs, each with the former audit of its document, by name; one document against one is compared whatever
    they are called, so that the next version of a report is."""
    if len(jobs) == 1 and len(baseline) == 1:
        return [replace(jobs[0], former=next(iter(baseline.values())))]
    return [replace(job, former=baseline.get(job.name)) for job in jobs]


def not_audited(jobs: Sequence[Job], baseline: Mapping[str, FormerAudit]) -> list[str]:
    """Documents of the baseline that no job was compared with; nothing is said of their findings."""
    compared = {job.former.file for job in jobs if job.former is not None}
    return [name for name in baseline if name not in compared]


def audit_corpus(jobs: Sequence[Job], settings: Settings, *, workers: int = 1) -> Generator[Outcome]:
    """One outcome a job, in the order of the jobs, from so many processes."""
    from waferline.audit.readers.limits import bounded_map

    # also one document goes to a worker: a hostile file must not take the command with it
    outcomes = bounded_map(
        partial(examine, settings=settings), jobs, jobs=min(workers, len(jobs)), name=_name,
        seconds=_SECONDS + (settings.propose.seconds if settings.propose else 0),
    )  # fmt: skip
    try:
        with closing(outcomes):
            for job, result in outcomes:
                yield Outcome(job.name, error=result) if isinstance(result, BadInput) else result
    finally:
        for folder in filter(None, (settings.out, settings.emit_text)):
            _clear_away(folder)


def _clear_away(folder: Path) -> None:
    """Drops what a worker was writing when it was ended: for its memory, its time, or the user's Ctrl-C."""
    for left in folder.rglob(f".*.{os.getpid()}-*.tmp"):
        with suppress(OSError):
            left.unlink()


def _name(job: Job) -> str:
    return job.name


def examine(job: Job, settings: Settings) -> Outcome:
    """Reads, audits, shows and writes one document. A document that cannot be used is an outcome with its error."""
    from waferline.audit.engine import audit_document

    try:
        document = _read(job)
        if settings.emit_text is not None:
            # one sign for one sign: offsets into the text stay what they are
            text = document.text.encode("utf-8", "replace")
            write(settings.emit_text / f"{job.target}.txt", text)
        review = reviewed(
            audit_document(document, _snapshot(settings), settings.propose),
            waivers=settings.waivers,
            baseline=job.former,
            against=settings.against,
        )
        shown = render(review, settings, lines=job.path is None or job.path.suffix.lower() == ".txt")
        written = None
        if settings.out is not None:
            written = settings.out / f"{job.target}{_ENDINGS[settings.form]}"
            write(written, shown.encode("utf-8"))
            shown = ""
    except BadInput as error:
        return Outcome(job.name, error=error)
    return Outcome(
        job.name, shown, written, review.is_contradicted,
        {"mentions": review.audit.mentions, "checked": review.audit.checked, **review.audit.counts},
        frozenset(review.waived),
    )  # fmt: skip


def _snapshot(settings: Settings) -> Snapshot | None:
    if settings.evidence is None:
        return None
    from waferline.audit.against.known import opened

    return opened(settings.evidence, settings.as_of)


def _read(job: Job) -> Document:
    from waferline.audit.readers import read, read_bytes

    if job.path is None:
        return read_bytes(job.data or b"", job.name)
    return replace(read(job.path), name=job.name)


def render(review: Review, settings: Settings, *, lines: bool = False) -> str:
    """The audit in the form asked for, ready to be written; `lines` says that its text is the file itself."""
    if settings.form == "text":
        from waferline.audit.faces.text import render_text

        return render_text(
            review, lang=settings.lang, paper=settings.paper, everything=settings.everything, lines=lines
        )
    if settings.form == "html":
        from waferline.audit.faces.page import render_page

        return render_page(review, lang=settings.lang)
    from waferline.audit.faces.records import render_record

    record = render_record(review, lang=settings.lang)
    return f"[{record}]\n" if settings.form == "json" and settings.out is not None else record + "\n"


def write(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all, with the folders above it. Raises BadInput if it cannot be written."""
    # The parent's number lets it find what a worker left.
    temporary = path.with_name(f".{path.name[:80]}.{os.getppid()}-{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                file.write(data)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise BadInput(
            str(path), f"the file cannot be written ({error.strerror})", "a writable folder"
        ) from error
