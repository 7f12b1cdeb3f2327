"""This module builds one study as of one day into one folder."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waferline.build import former
from waferline.build.auditor import Auditor
from waferline.build.output import RECORD, check_target, replace_folder
from waferline.build.record import record
from waferline.errors import BadInput
from waferline.evidence.snapshot import Snapshot
from waferline.evidence.store import Evidence, default_cache
from waferline.sources import raw_rows
from waferline.study.assembly import Assembled, assemble
from waferline.study.report import Lang, Report, ThesisResult
from waferline.study.study import Study, load_study, series_named

if TYPE_CHECKING:
    from waferline.build.self_audit import SelfAudit
    from waferline.models.answers import Kept

FORMATS = ("html", "pdf")
Progress = Callable[[str], None]
Step = Callable[[str, str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Built:
    """What a build wrote, and how the theses stand."""

    out: Path
    files: tuple[str, ...]
    as_of: date
    theses: tuple[tuple[str, str], ...]  # id and status
    rating: str
    omitted: int
    holes: int
    timings: dict[str, float] = field(default_factory=dict)
    self_audit: dict[str, dict[str, Any]] = field(default_factory=dict)  # by language, as in the record

    @property
    def contradicts_itself(self) -> bool:
        """Whether the report prints numbers that contradict each other, and no trace says that they do not."""
        return any(found["inconsistent"] for found in self.self_audit.values())


def open_evidence(root: Path, cache: Path | None = None) -> Evidence:
    """The study's evidence, raw tables included."""
    return Evidence.open(root, cache, extra_rows=raw_rows)


def snapshot(evidence: Evidence, day: date | None) -> Snapshot:
    """The snapshot of the day, or of the newest day on which a realised row became known. Refuses a day before all."""
    chosen, first = day or evidence.newest_realised_day, evidence.first_day
    if chosen is None or first is None:
        raise BadInput("evidence", "the study holds no observation", "rows under evidence/observations/")
    if chosen < first:
        raise BadInput(
            "--as-of",
            "the day lies before all evidence",
            f"{first} or later",
            chosen.isoformat(),
        )
    return evidence.as_of(chosen)


def build(
    root: Path,
    out: Path,
    *,
    day: date | None = None,
    langs: tuple[Lang, ...] = ("zh",),
    formats: tuple[str, ...] = FORMATS,
    cache: Path | None = None,
    progress: Progress = lambda step: None,
) -> Built:
    """Builds the study into `out`: a report a language and format, `build.json` and `timings.json`.

    Raises BadInput, with nothing written, when the study, the day or the folder will not do.
    """
    timings: dict[str, float] = {}

    @contextmanager
    def step(name: str, text: str) -> Iterator[None]:
        progress(text)
        began = time.perf_counter()
        yield
        timings[name] = round(time.perf_counter() - began, 3)

    check_target(out)
    place = cache or default_cache()
    with step("former", "looking for the same build"):
        asked = (day, langs, formats)
        names = (*(f"report.{lang}.{kind}" for lang in langs for kind in formats), RECORD)
        key = former.key(root, out, asked)
        files = former.read(place / "reports", key, names)
    if files is None:
        with _no_collection():
            files = _made(root, day, langs, formats, place, step)
        # A study that was changed while it was read is none that can be named.
        former.keep(place / "reports", key if former.key(root, out, asked) == key else None, files)
    timed = (json.dumps({"schema": 1, "seconds": timings}, indent=1) + "\n").encode()
    replace_folder(out, {**files, "timings.json": timed})
    return _told(out, (*files, "timings.json"), files[RECORD], timings)


@contextmanager
def _no_collection() -> Iterator[None]:
    """A build makes many small objects and few cycles: the collector would find nothing and take a tenth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _made(
    root: Path, day: date | None, langs: tuple[Lang, ...], formats: tuple[str, ...], cache: Path, step: Step
) -> dict[str, bytes]:
    """The reports and the record, by name."""
    with step("study", "reading the study"):
        study = load_study(root, langs)
    if formats:
        from waferline.render import charts

        charts.get_ready()
    with step("evidence", "opening the evidence"):
        evidence = open_evidence(root, cache)
        evidence.prefetch(series_named(study, evidence.series))
        known = snapshot(evidence, day)
        kept = _models_kept(root, cache)
        if kept is not None:
            known.kept["answers"] = kept
    # Started only now: the evidence is opened by native code on both cores.
    with closing(Auditor()) as auditor:
        assembled: dict[Lang, Assembled] = {}
        files: dict[str, bytes] = {}
        # Drawing and typesetting are native code for the most part, beside which the audits run.
        with ThreadPoolExecutor(1) as beside:
            audits: dict[Lang, Future[SelfAudit]] = {}
            for lang in langs:
                with step(f"assemble.{lang}", f"filling exhibits and chapters ({lang})"):
                    assembled[lang] = assemble(study, known, lang)
                audits[lang] = beside.submit(_audited, assembled[lang], auditor)
                if formats:
                    files.update(_rendered(assembled[lang].report, formats, cache / "render", step))
            with step("audit", "auditing the report"):
                audited = {lang: audits[lang].result() for lang in langs}
        if kept is not None:
            kept.save()
        with step("record", "writing the record"):
            files[RECORD] = record(assembled, audited, known, study.id, evidence.digest)
        return files


def _models_kept(root: Path, cache: Path) -> Kept | None:
    """What the study's models answered before; None for a study without models, which does without their libraries."""
    if not (root / "models").is_dir():
        return None
    from waferline.models.answers import Kept

    return Kept(cache, root)


def _audited(assembled: Assembled, auditor: Auditor) -> SelfAudit:
    """The audit of the report, whose code is loaded only now, beside the drawing: a build known before needs none."""
    from waferline.build.self_audit import self_audit

    return self_audit(assembled, auditor.audit)


def _told(out: Path, names: tuple[str, ...], recorded: bytes, timings: dict[str, float]) -> Built:
    """What the record of a build says about it."""
    said = json.loads(recorded)
    lang = said["languages"][0]
    return Built(
        out,
        names,
        date.fromisoformat(said["as_of"]),
        tuple((thesis["id"], thesis["status"]) for thesis in said["theses"]),
        said["rating"][lang],
        sum(entry["chapter"].startswith(f"chapters/{lang}/") for entry in said["omitted"]),
        sum(exhibit["status"] == "hole" for exhibit in said["exhibits"]),
        timings,
        said["self_audit"],
    )


def check(
    root: Path, *, day: date | None = None, cache: Path | None = None
) -> tuple[Snapshot, tuple[ThesisResult, ...]]:
    """How the theses of the study stand on the day."""
    from waferline.study.sourcing import Cards
    from waferline.study.study import languages_of
    from waferline.study.theses import judge

    study: Study = load_study(root, languages_of(root)[:1])
    known = snapshot(open_evidence(root, cache), day)
    cards = Cards(known, "en")
    return known, tuple(judge(thesis, known, cards) for thesis in study.theses)


def _rendered(report: Report, formats: tuple[str, ...], cache: Path, step: Step) -> dict[str, bytes]:
    """The reports of one language by name. Their pictures are drawn once; then one is typeset beside the other."""
    from waferline.render import html, pdf
    from waferline.render.drawings import drawings

    wanted = {"html": html.wanted, "pdf": pdf.wanted}
    with step(f"draw.{report.lang}", f"drawing exhibits ({report.lang})"):
        drawn = drawings(report, [one for kind in formats for one in wanted[kind](report)], cache=cache)

    def rendered(kind: str) -> bytes:
        with step(f"{kind}.{report.lang}", f"writing report.{report.lang}.{kind}"):
            if kind == "html":
                return html.render_html(report, cache=cache, drawn=drawn).encode()
            return pdf.render_pdf(report, cache=cache, drawn=drawn)

    with ThreadPoolExecutor(len(formats)) as pool:
        return {
            f"report.{report.lang}.{kind}": made
            for kind, made in zip(formats, pool.map(rendered, formats), strict=True)
        }
