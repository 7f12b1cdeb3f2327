"""This module shows an audit as one self-contained HTML page: the document with its numbers marked, and the arithmetic.

The page loads nothing, and a content security policy lets only its own style and script run, by hash. Without
scripts every mark is a link to its finding in the list.
"""

from __future__ import annotations

import base64
import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

from waferline.audit.document import Block, Document
from waferline.audit.faces import evidence, wording
from waferline.audit.faces.marking import clean, excerpt, merged, runs, safe
from waferline.audit.faces.places import Places
from waferline.audit.finding import OUTCOMES, VERDICTS, Finding, Remark, Span
from waferline.audit.review import Review, start_of

if TYPE_CHECKING:
    from jinja2 import Template

_DARK = """--paper:#131a22;--ink:#e6eaf0;--soft:#a9b3c0;--line:#2f3a46;--panel:#1b242e;--brand:#7fb0e0;
--inconsistent:#f3978c;--basis_mismatch:#c9a6ec;--unverifiable:#e6b45c;--consistent:#6fd0a0;--remark:#f09cc8;--untested:#a9b3c0;
--inconsistent-bg:#43211d;--basis_mismatch-bg:#2e2440;--unverifiable-bg:#352a14;--remark-bg:#3c2031"""
_ORDER = (*VERDICTS[:3], "remark", "consistent", "untested")  # what a mark shows where several claim it
_CHINESE = re.compile("[一-鿿]")


@dataclass(slots=True)
class _Mark:
    """A marked stretch of the text: every entry that names it, those that state it first."""

    start: int
    end: int
    stated: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


def render_page(review: Review, *, lang: str = "en") -> str:
    """The page. The same audit gives the same text."""
    return _template().render(_context(review, lang))


def _context(review: Review, lang: str) -> dict[str, Any]:
    from markupsafe import Markup

    document = review.audit.document
    places = Places(document)
    entries = list(review.entries())
    shown = {id(entry) for entry in entries}
    agreeing = [f for f in review.audit.of("consistent") if id(f) not in shown]
    keys = {id(entry): f"f{number}" for number, entry in enumerate(entries, 1)}
    keys |= {id(finding): f"c{number}" for number, finding in enumerate(agreeing, 1)}
    marks = _marks(review, entries, agreeing, keys)
    pages = _pages(document, marks, lang)
    anchors = _Anchors(marks, frozenset(_names(pages)))
    cards = _Cards(places, lang, anchors, keys, _change_words(review, lang))
    css, js = _asset("page.css").replace("/*dark*/", _DARK), _asset("page.js")
    untested = sorted(review.audit.untested, key=lambda span: span.start)
    return {
        "w": wording.words(lang),
        "html_lang": "zh-CN" if lang == "zh" else "en",
        "text_lang": _language(document.text),
        "name": clean(document.name),
        "counts": wording.counts(review, lang),
        "nothing": wording.nothing_checked(review, lang),
        "notes": [clean(note) for note in document.notes],
        "legend": _legend(lang),
        "entries": [cards.of(entry, number) for number, entry in enumerate(entries, 1)],
        "agreeing": [cards.of(finding) for finding in agreeing],
        "gone": _gone(review, lang),
        "waived": [
            {"id": w.id, "reason": clean(w.reason), "person": clean(w.person), "day": w.day.isoformat()}
            for w in review.waived.values()
        ],
        "pages": pages,
        "by_hand": [
            {
                "page": wording.word("page", lang, page) if page is not None else wording.word("no_page", lang),
                "numbers": [{"text": clean(span.text), "at": anchors.of(span.start)} for span in group],
            }
            for page, group in groupby(untested, key=lambda span: places.page_at(span.start))
        ],
        "evidence": _evidence(review, lang, places, anchors),
        "css": Markup(css),
        "js": Markup(js),
        "policy": f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'; base-uri 'none'; form-action 'none'",
    }  # fmt: skip


def finding_cards(review: Review, lang: str) -> list[dict[str, Any]]:
    """What the cards of the findings to be shown tell, as plain data for a template."""
    entries = review.entries()
    cards = _Cards(
        Places(review.audit.document),
        lang,
        _Anchors(),
        {id(e): f"f{n}" for n, e in enumerate(entries, 1)},
        {},
    )
    return [cards.of(entry, number) for number, entry in enumerate(entries, 1)]


def _evidence(review: Review, lang: str, places: Places, anchors: _Anchors) -> dict[str, Any] | None:
    """The section on a study's evidence; None where it was not asked."""
    audit = review.audit
    if audit.evidence_day is None:
        return None
    rows = [
        {
            "outcome": one.outcome, "sign": evidence.OUTCOME_SIGNS[one.outcome],
            "verdict": evidence.OUTCOME_WORDS[one.outcome].of(lang), "title": evidence.kind(one, lang),
            "sentence": _sentence(places, one.place, [one.stated], one.stated.start),
            "explanation": clean(one.explanation.of(lang)),
            "place": places.name(one.stated.start, lang, page=one.page), "at": anchors.of(one.stated.start),
            "id": one.id,
        }
        for one in sorted(audit.comparisons, key=lambda one: (OUTCOMES.index(one.outcome), one.stated.start))
    ]  # fmt: skip
    return {
        "title": evidence.title(lang, audit.evidence_day),
        "summary": evidence.summary(audit, lang),
        "rows": rows,
    }


def _legend(lang: str) -> list[dict[str, str]]:
    named: dict[str, str] = {
        **{str(verdict): words.of(lang) for verdict, words in wording.VERDICT_WORDS.items()},
        "remark": wording.word("remarks", lang),
        "untested": wording.word("untested", lang),
    }
    return [{"kind": kind, "sign": wording.SIGNS[kind], "words": named[kind]} for kind in _ORDER]


def _marks(
    review: Review, entries: Sequence[Finding | Remark], agreeing: Sequence[Finding], keys: dict[int, str]
) -> list[_Mark]:
    """The stretches of the text that are marked, in order; spans that overlap are one mark."""
    claims: list[tuple[Span, str, str, bool, int | None]] = []
    for number, entry in enumerate(entries, 1):
        if isinstance(entry, Remark):
            claims.append((entry.span, "remark", keys[id(entry)], True, number))
            continue
        claims.append((entry.stated, entry.verdict, keys[id(entry)], True, number))
        claims.extend((span, entry.verdict, keys[id(entry)], False, None) for span in entry.inputs)
    for finding in agreeing:
        claims.append((finding.stated, "consistent", keys[id(finding)], True, None))
        claims.extend((span, "consistent", keys[id(finding)], False, None) for span in finding.inputs)
    claims.extend((span, "untested", "", False, None) for span in review.audit.untested)
    marks = [_Mark(start, end) for start, end in merged((c[0].start, c[0].end) for c in claims)]
    at = 0
    for span, kind, key, stated, shown in sorted(claims, key=lambda claim: claim[0].start):
        if span.start >= span.end:
            continue
        while marks[at].end <= span.start:
            at += 1
        mark = marks[at]
        mark.kinds.append(kind)
        if key:
            (mark.stated if stated else mark.used).append(key)
        if shown is not None:
            mark.numbers.append(shown)
    return marks


def _pages(document: Document, marks: Sequence[_Mark], lang: str) -> list[dict[str, Any]]:
    """The document's blocks by page, each cut into runs."""
    shown = [_block(document, block, marks, lang) for block in _blocks(document)]
    return [
        {
            "number": page,
            "label": wording.word("page", lang, page) if page is not None else "",
            "blocks": list(group),
        }
        for page, group in groupby(shown, key=lambda block: block["page"])
    ]


def _blocks(document: Document) -> list[Block]:
    """The blocks in order, with text that stands in none as paragraphs of its own: nothing is left out."""
    out: list[Block] = []
    at = 0
    for block in sorted(document.blocks, key=lambda block: block.start):
        if document.text[at : block.start].strip():
            out.append(Block("paragraph", at, block.start, block.page))
        out.append(block)
        at = max(at, block.end)
    if document.text[at:].strip():
        out.append(
            Block("paragraph", at, len(document.text), document.blocks[-1].page if document.blocks else None)
        )
    return out


def _block(document: Document, block: Block, marks: Sequence[_Mark], lang: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": block.kind, "page": block.page}
    if block.cells:
        shown["rows"] = _rows(document, block, marks)
        shown["caption"] = wording.word("chart", lang) if block.kind == "chart" else ""
    else:
        tidy = safe if block.kind in ("table", "contents", "chart") else clean
        shown["runs"] = _runs(document, block.start, block.end, marks, tidy)
    return shown


def _rows(document: Document, block: Block, marks: Sequence[_Mark]) -> list[list[dict[str, Any]]]:
    """The grid, row by row; a place that no cell fills is an empty cell."""
    filled: set[tuple[int, int]] = set()
    rows = max(cell.row for cell in block.cells) + 1
    columns = max(cell.column for cell in block.cells) + 1
    by_place = {(cell.row, cell.column): cell for cell in block.cells}
    out: list[list[dict[str, Any]]] = []
    for row in range(rows):
        line: list[dict[str, Any]] = []
        for column in range(columns):
            cell = by_place.get((row, column))
            if cell is not None:
                # a span reaches no further than the grid, whatever the file claims
                down, across = min(cell.rows, rows - row), min(cell.columns, columns - column)
                filled.update((row + r, column + c) for r in range(down) for c in range(across))
                line.append(
                    {"runs": _runs(document, cell.start, cell.end, marks, clean), "header": cell.header,
                     "rows": down, "columns": across}
                )  # fmt: skip
            elif (row, column) not in filled:
                line.append({"runs": [], "header": False, "rows": 1, "columns": 1})
        out.append(line)
    return out


def _runs(
    document: Document, start: int, end: int, marks: Sequence[_Mark], tidy: Any
) -> list[dict[str, Any]]:
    first = bisect_right(marks, start, key=lambda mark: mark.end)
    last = bisect_left(marks, end, key=lambda mark: mark.start)
    near = marks[first:last]
    out: list[dict[str, Any]] = []
    for run in runs(document.text, start, end, [(mark.start, mark.end) for mark in near]):
        if run.mark is None:
            out.append({"text": tidy(run.text), "kind": ""})
            continue
        mark = near[run.mark]
        kind = min(mark.kinds, key=_ORDER.index)
        targets = [*mark.stated, *mark.used]
        out.append(
            {"text": tidy(run.text), "kind": kind, "stated": bool(mark.stated), "targets": " ".join(dict.fromkeys(targets)),
             "first": targets[0] if targets else "", "at": f"n{mark.start}" if run.start == mark.start else "", "sign": wording.SIGNS[kind],
             "numbers": ",".join(map(str, sorted(set(mark.numbers))))}
        )  # fmt: skip
    return out


@dataclass(frozen=True, slots=True)
class _Anchors:
    """Where a link into the document goes: to the mark over an offset, or to the document where none is shown."""

    marks: Sequence[_Mark] = ()
    names: frozenset[str] = frozenset()

    def of(self, offset: int) -> str:
        at = bisect_right(self.marks, offset, key=lambda mark: mark.start) - 1
        name = f"n{self.marks[at].start}" if at >= 0 and offset < self.marks[at].end else ""
        return name if name in self.names else "document"


def _names(pages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The marks that stand on the page; one may begin between two blocks and be nowhere."""
    for page in pages:
        for block in page["blocks"]:
            cells = [cell["runs"] for row in block.get("rows", ()) for cell in row]
            for pieces in (block.get("runs", ()), *cells):
                yield from (run["at"] for run in pieces if run.get("at"))


@dataclass(frozen=True, slots=True)
class _Cards:
    """What all cards of a page share."""

    places: Places
    lang: str
    anchors: _Anchors
    keys: Mapping[int, str]
    changes: Mapping[int, str]

    def of(self, entry: Finding | Remark, number: int | None = None) -> dict[str, Any]:
        """A finding or a remark as its card tells it."""
        at, lang, places = start_of(entry), self.lang, self.places
        shown: dict[str, Any] = {
            "key": self.keys[id(entry)], "number": number, "id": entry.id, "at": self.anchors.of(at),
            "title": wording.title(entry, lang), "place": places.name(at, lang, page=entry.page),
            "explanation": clean(entry.explanation.of(lang)), "change": self.changes.get(id(entry), ""),
            "recomputed": "", "between": "", "inputs": [], "fixes": [],
        }  # fmt: skip
        if isinstance(entry, Remark):
            return shown | {
                "kind": "remark",
                "sign": wording.SIGNS["remark"],
                "verdict": wording.word("remarks", lang),
                "printed": clean(entry.span.text),
                "sentence": _sentence(places, _around(places, at), [entry.span], at),
            }
        place = entry.place if entry.place[0] < entry.place[1] else _around(places, at)
        return shown | {
            "kind": entry.verdict,
            "sign": wording.SIGNS[entry.verdict],
            "verdict": wording.verdict(entry, lang),
            "printed": clean(entry.stated.text),
            "recomputed": wording.amount(entry.recomputed, entry.unit),
            "between": wording.between(entry, lang) if entry.low and entry.high else "",
            "inputs": [
                {"text": clean(span.text), "place": self._elsewhere(span, shown["place"])}
                for span in entry.inputs
            ],
            "fixes": [clean(fix.of(lang)) for fix in entry.fixes],
            "sentence": _sentence(places, place, [entry.stated, *entry.inputs], at),
        }

    def _elsewhere(self, span: Span, place: str) -> str:
        """Where an input stands, if not in the same place as the stated number."""
        named = self.places.name(span.start, self.lang)
        return "" if named == place else named


def _sentence(
    places: Places, place: tuple[int, int], spans: Sequence[Span], stated: int
) -> list[dict[str, Any]]:
    marks = merged((span.start, span.end) for span in spans)
    return [
        {"text": clean(run.text), "marked": run.mark is not None,
         "stated": run.mark is not None and run.start <= stated < run.end}
        for run in excerpt(places.document.text, place, marks)
    ]  # fmt: skip


def _around(places: Places, at: int) -> tuple[int, int]:
    block = places.block_at(at)
    if block is not None:
        return block.start, block.end
    return max(0, at - 60), min(len(places.document.text), at + 60)


def _change_words(review: Review, lang: str) -> dict[int, str]:
    if review.changes is None:
        return {}
    said = {
        id(entry): wording.word("new", lang) for entry in (*review.changes.new, *review.changes.new_remarks)
    }
    for before, after in review.changes.changed:
        said[id(after)] = (
            f"{wording.word('changed', lang)}, {wording.word('was', lang)} {clean(before.stated)}"
        )
    return said


def _gone(review: Review, lang: str) -> list[dict[str, str]]:
    if review.changes is None:
        return []
    findings = [
        {"id": f.id, "words": wording.former_verdict(f.verdict, lang), "text": clean(f"{f.prefix}{f.stated}{f.suffix}"),
         "explanation": clean(f.explanation)}
        for f in review.changes.gone
    ]  # fmt: skip
    remarks = [
        {
            "id": r.id,
            "words": r.kind.replace("_", " "),
            "text": clean(r.text),
            "explanation": clean(r.explanation),
        }
        for r in review.changes.gone_remarks
    ]
    return findings + remarks


def _language(text: str) -> str:
    """zh-CN where a good part of the beginning is Chinese: a screen reader reads it so."""
    sample = text[:4000]
    return "zh-CN" if len(_CHINESE.findall(sample)) * 10 > len(sample) else "en"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@lru_cache(maxsize=4)
def _asset(name: str) -> str:
    return (files("waferline.audit.faces") / "assets" / name).read_text(encoding="utf-8").strip()


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_asset("page.html.j2"))
