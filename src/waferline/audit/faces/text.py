"""This module shows an audit in a terminal or a pipe, the way a linter does: place, sentence, arithmetic, remedy."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from waferline.audit.baseline import FormerFinding, FormerRemark
from waferline.audit.faces import evidence, wording
from waferline.audit.faces.marking import Run, clean, excerpt
from waferline.audit.faces.places import Places
from waferline.audit.faces.wording import word
from waferline.audit.finding import Finding, Remark, Span
from waferline.audit.review import Review, start_of

_STYLES = {
    "inconsistent": "bold red",
    "basis_mismatch": "bold yellow",
    "unverifiable": "bold yellow",
    "consistent": "green",
    "remark": "bold magenta",
}
_LISTED = 60  # numbers of the hand-check list that the short form shows


@dataclass(frozen=True, slots=True)
class Paper:
    """What the text is written on: columns (None: lines are not broken), colours, and whether lines are counted.

    `lines` says that offsets are those of the file itself, so that a place can be `report.txt:17`.
    """

    columns: int | None = None
    colour: bool = False


def render_text(
    review: Review,
    *,
    lang: str = "en",
    paper: Paper | None = None,
    everything: bool = False,
    lines: bool = False,
) -> str:
    """The audit for reading. `everything` shows consistent findings and the whole hand-check list too.

    `lines` says that the document's text is the file itself, so that a place is told with its line.
    """
    paper = paper or Paper()
    buffer = io.StringIO()
    console = Console(
        file=buffer, width=paper.columns or 10_000, force_terminal=paper.colour, highlight=False, markup=False,
        emoji=False, color_system="standard" if paper.colour else None, legacy_windows=False, soft_wrap=paper.columns is None,
    )  # fmt: skip
    for indent, line in _lines(review, lang, Places(review.audit.document), paper, everything, lines):
        if paper.columns is None:
            console.print(Text(" " * indent) + line, soft_wrap=True)
        else:
            console.print(Padding(line, (0, 0, 0, indent)), no_wrap=False)
    # padding fills a line to its end; a pipe and a copied line want none of it
    return "\n".join(line.rstrip() for line in buffer.getvalue().split("\n"))


def _lines(
    review: Review, lang: str, places: Places, paper: Paper, everything: bool, counted: bool
) -> Iterator[tuple[int, Text]]:
    before = {id(after): before for before, after in review.changes.changed} if review.changes else {}
    new = (
        {id(entry) for entry in (*review.changes.new, *review.changes.new_remarks)}
        if review.changes
        else set()
    )
    for entry in review.entries(everything=everything):
        change = (
            word("new", lang) if id(entry) in new else word("changed", lang) if id(entry) in before else ""
        )
        yield 0, _head(entry, lang, places, counted, change)
        if isinstance(entry, Finding):
            yield from _finding(entry, lang, places, paper, before.get(id(entry)))
        else:
            sentence = _sentence(
                places, entry.span.start, [entry.span], _around(places, entry.span), paper, "remark"
            )
            yield 2, sentence
            yield 4, Text(clean(entry.explanation.of(lang)))
        yield 0, Text()
    if review.changes:
        gone: list[FormerFinding | FormerRemark] = [*review.changes.gone, *review.changes.gone_remarks]
        for former in gone:
            if isinstance(former, FormerFinding) and former.verdict == "consistent" and not everything:
                continue
            yield from _gone(former, lang, places)
    yield from _summary(review, lang, places, everything)
    if review.audit.evidence_day is not None:
        yield from _evidence(review, lang, places, paper, everything, counted)


def _evidence(
    review: Review, lang: str, places: Places, paper: Paper, everything: bool, counted: bool
) -> Iterator[tuple[int, Text]]:
    """The comparisons, in a part of their own after the summary: they are no findings."""
    audit = review.audit
    yield 0, Text()
    yield 0, Text(evidence.title(lang, audit.evidence_day), style="bold")
    for one in evidence.shown(audit, everything=everything):
        style = {"agrees": "green", "differs": "bold blue"}.get(one.outcome, "bold yellow")
        place = places.name(one.stated.start, lang, page=one.page)
        name = clean(audit.document.name) + (f":{places.line_at(one.stated.start)}" if counted else "")
        head = Text.assemble((": ".join(part for part in (name, place) if part) + ": ", "bold"))
        said = f"{evidence.OUTCOME_SIGNS[one.outcome]} {evidence.OUTCOME_WORDS[one.outcome].of(lang)}"
        head.append(f"{said}{'：' if lang == 'zh' else ': '}{evidence.kind(one, lang)}", style=style)
        head.append(f"  {one.id}", style="dim")
        yield 0, head
        yield 2, _sentence(places, one.stated.start, [one.stated], one.place, paper, "remark")
        yield 4, Text(clean(one.explanation.of(lang)))
    yield 0, Text(evidence.summary(audit, lang))


def _head(entry: Finding | Remark, lang: str, places: Places, counted: bool, change: str) -> Text:
    key = entry.verdict if isinstance(entry, Finding) else "remark"
    at = start_of(entry)
    name = clean(places.document.name) + (f":{places.line_at(at)}" if counted else "")
    place = places.name(at, lang, page=entry.page)
    head = Text.assemble((": ".join(part for part in (name, place) if part) + ": ", "bold"))
    if change:
        head.append(f"[{change}] ")
    said = wording.title(entry, lang)
    if isinstance(entry, Finding):
        said = f"{wording.verdict(entry, lang)}{'：' if lang == 'zh' else ': '}{said}"
    head.append(f"{wording.SIGNS[key]} {said}", style=_STYLES[key])
    head.append(f"  {entry.id}", style="dim")
    return head


def _finding(
    finding: Finding, lang: str, places: Places, paper: Paper, before: FormerFinding | None
) -> Iterator[tuple[int, Text]]:
    spans = [finding.stated, *finding.inputs]
    place = finding.place if finding.place[0] < finding.place[1] else _around(places, finding.stated)
    yield 2, _sentence(places, finding.stated.start, spans, place, paper, finding.verdict)
    elsewhere = [span for span in finding.inputs if not (place[0] <= span.start and span.end <= place[1])]
    for named, group in groupby(elsewhere, key=lambda span: places.name(span.start, lang)):
        far = list(group)
        around = _around(places, far[0], far[-1])
        line = Text.assemble(
            (f"{word('from', lang)} {named}: " if named else f"{word('from', lang)}: ", "dim")
        )
        yield 4, line + _sentence(places, -1, far, around, paper, finding.verdict, longest=120)
    explanation = clean(finding.explanation.of(lang))
    if finding.recomputed and not (
        finding.low and finding.low in explanation and finding.high in explanation
    ):
        line = Text(f"{word('recomputed', lang)} ")
        line.append(wording.amount(finding.recomputed, finding.unit), style="bold")
        if finding.low and finding.high:
            line.append(
                f"{'；' if lang == 'zh' else '; '}{word('allows', lang)} {wording.between(finding, lang)}"
            )
        line.append(f"{'；' if lang == 'zh' else '; '}{word('printed', lang)} {clean(finding.stated.text)}")
        yield 4, line
    if explanation:
        yield 4, Text(explanation)
    for number, fix in enumerate(finding.fixes):
        yield 4, Text.assemble((f"{word('fix' if number == 0 else 'or', lang)} ", "dim"), clean(fix.of(lang)))
    if before is not None:
        inputs = ", ".join(text for _, text in before.inputs)
        was = f"{word('was', lang)} {wording.former_verdict(before.verdict, lang)}: {clean(before.stated)} ← {clean(inputs)}"
        yield 4, Text(was, style="dim")


def _gone(former: FormerFinding | FormerRemark, lang: str, places: Places) -> Iterator[tuple[int, Text]]:
    finding = isinstance(former, FormerFinding)
    said = (
        wording.former_verdict(former.verdict, lang)
        if isinstance(former, FormerFinding)
        else former.kind.replace("_", " ")
    )
    yield 0, Text(f"{clean(places.document.name)}: [{word('gone', lang)}] {said}  {former.id}", style="dim")
    shown = (
        f"{former.prefix}[{former.stated}]{former.suffix}"
        if isinstance(former, FormerFinding)
        else former.text
    )
    yield 2, Text(clean(shown).strip())
    if finding and former.explanation:
        yield 4, Text(clean(former.explanation))
    yield 0, Text()


def _around(places: Places, first: Span, last: Span | None = None) -> tuple[int, int]:
    """The block that holds the spans, or a little text around them where no block does."""
    start, end = first.start, (last or first).end
    block = places.block_at(start)
    if block is not None and end <= block.end:
        return block.start, block.end
    text = places.document.text
    return max(0, start - 48), min(len(text), end + 48)


def _sentence(
    places: Places,
    stated: int,
    spans: Sequence[Span],
    place: tuple[int, int],
    paper: Paper,
    verdict: str,
    *,
    longest: int = 240,
) -> Text:
    """The place with its numbers marked: by colour on a terminal, in [brackets] anywhere else."""
    chosen = _disjoint(spans, stated)
    line = Text()
    for run in excerpt(places.document.text, place, chosen, longest=longest):
        line.append_text(_run(run, stated, paper, verdict))
    return _trimmed(line)


def _run(run: Run, stated: int, paper: Paper, verdict: str) -> Text:
    text = clean(run.text)
    if run.mark is None:
        return Text(text)
    shown = text if paper.colour else f"[{text}]"
    if run.start == stated:
        return Text(shown, style=f"{_STYLES[verdict]} underline" if paper.colour else "")
    return Text(shown, style="bold cyan" if paper.colour else "")


def _trimmed(line: Text) -> Text:
    line.rstrip()
    lead = len(line.plain) - len(line.plain.lstrip())
    return line[lead:] if lead else line


def _disjoint(spans: Sequence[Span], stated: int) -> list[tuple[int, int]]:
    """The spans in order without overlaps; of two that overlap the stated one, else the first, is kept."""
    chosen: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span.start != stated, span.start)):
        if span.start < span.end and all(span.end <= a or b <= span.start for a, b in chosen):
            chosen.append((span.start, span.end))
    return sorted(chosen)


def _summary(review: Review, lang: str, places: Places, everything: bool) -> Iterator[tuple[int, Text]]:
    audit = review.audit
    name = clean(audit.document.name)
    for note in audit.document.notes:
        yield 0, Text(f"{name}: {clean(note)}", style="dim")
    yield 0, Text(f"{name}: ", style="bold") + Text(wording.summary(review, lang))
    if sentence := wording.nothing_checked(review, lang):
        yield 0, Text(sentence, style="bold yellow")
    if review.changes is not None:
        changes = review.changes
        numbers = (
            ("new", len(changes.new) + len(changes.new_remarks)),
            ("changed", len(changes.changed)),
            ("gone", len(changes.gone) + len(changes.gone_remarks)),
        )
        told = ", ".join(f"{word(key, lang)} {number}" for key, number in numbers)
        yield 0, Text(f"{ {'zh': '与基准相比', 'en': 'against the baseline'}[lang] }: {told}")
    for waiver in review.waived.values():
        said = f"{word('waived', lang)} {waiver.id}: {clean(waiver.reason)} ({clean(waiver.person)}, {waiver.day})"
        yield 2, Text(said, style="dim")
    if audit.untested:
        yield 0, Text(f"{word('by_hand', lang)} ({len(audit.untested)}): {word('by_hand_why', lang)}")
        yield from _by_hand(audit.untested, lang, places, everything)


def _by_hand(
    untested: Sequence[Span], lang: str, places: Places, everything: bool
) -> Iterator[tuple[int, Text]]:
    listed = untested if everything else untested[:_LISTED]
    comma = "、" if lang == "zh" else ", "
    for page, group in groupby(listed, key=lambda span: places.page_at(span.start)):
        start = "" if page is None else f"{word('page', lang, page)}: "
        yield 2, Text.assemble((start, "dim"), comma.join(clean(span.text) for span in group))
    if len(listed) < len(untested):
        yield 2, Text(word("more", lang, len(untested) - len(listed)) + " (--all)", style="dim")
