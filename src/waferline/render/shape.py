"""This module lays a report out as plain data in one language, in the form both templates read.

Templates get texts and lists only; they escape, they never compute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from waferline.errors import BadInput
from waferline.render.charts import is_drawn
from waferline.render.charts.days import circled
from waferline.render.wording import SIGNS, column_heads, row_label, rows_of, table_heads, words
from waferline.study.report import (
    Block,
    Bound,
    Bullets,
    Cell,
    Exhibit,
    ExhibitRef,
    Heading,
    Lang,
    Paragraph,
    Place,
    Report,
    Row,
    Run,
    ThesisResult,
)

Data = dict[str, Any]


def placed(report: Report) -> tuple[str, ...]:
    """Ids of the exhibits that stand somewhere, in order; refuses a place whose exhibit does not exist."""
    ids = [report.cover.exhibit] if report.cover.exhibit else []
    for block in (*report.cover.points, *report.blocks, *report.appendix):
        if isinstance(block, Place):
            ids.extend(block.exhibits)
    for id in ids:
        if id not in report.exhibits:
            raise BadInput(
                where=f"report {report.study}",
                what="a place names an exhibit that was not built",
                expected=", ".join(report.exhibits),
                found=id,
            )
    return tuple(dict.fromkeys(ids))


def blocks(items: Iterable[Block], report: Report, exhibits: dict[str, Data]) -> list[Data]:
    """Headings, paragraphs, bullets and places; a place holds its exhibits in rows of two."""
    out: list[Data] = []
    for block in items:
        match block:
            case Heading():
                out.append(
                    {"kind": "heading", "level": block.level, "number": block.number, "text": block.text,
                     "anchor": block.anchor}
                )  # fmt: skip
            case Paragraph():
                out.append({"kind": "paragraph", "role": block.role, "runs": runs(block.runs, exhibits)})
            case Bullets():
                out.append({"kind": "bullets", "entries": [runs(item, exhibits) for item in block.items]})
            case Place():
                out.append(
                    {"kind": "place", "rows": [[exhibits[id] for id in row] for row in rows_of(block)]}
                )
    return out


def runs(items: Sequence[Run], exhibits: dict[str, Data]) -> list[Data]:
    """Pieces of a sentence: text, a number with its card, or a pointer to an exhibit that stands in the report."""
    out: list[Data] = []
    for run in items:
        match run:
            case Bound():
                out.append({"kind": "bound", "text": run.text, "card": run.card, "strong": run.strong})
            case ExhibitRef():
                target = run.exhibit if run.exhibit in exhibits else ""
                out.append({"kind": "ref", "text": run.text, "target": target, "strong": False})
            case _:
                out.append({"kind": "text", "text": run.text, "strong": run.strong})
    return out


def exhibit(item: Exhibit, lang: Lang, *, data: bool) -> Data:
    """One exhibit without its picture; `data` asks for the table behind a drawn one as well."""
    drawn = is_drawn(item)
    rows = item.rows if data or not drawn else ()
    heads, unit = table_heads(item, lang)
    return {
        "id": item.id,
        "kind": item.kind,
        "chart_class": item.chart.replace("+", "-"),
        "label": item.label(lang),
        "title": item.title.of(lang),
        "status": item.status,
        "alt": item.alt.of(lang),
        "row_header": item.row_header.of(lang),
        "heads": list(heads),
        "unit_line": f"{words(lang)['unit']}{words(lang)['colon']}{unit}" if unit else "",
        "unit_heads": list(column_heads(item, lang, units=True)),
        "aligns": ["l" if c.unit is None else "r" for c in item.columns],
        "rows": [_row(row, lang) for row in rows] if item.chart not in ("chain", "lanes") else [],
        "stages": _stages(item, lang) if item.chart == "chain" else [],
        "lanes": _lanes(item, heads, lang) if item.chart == "lanes" else [],
        "source_line": item.source_line.of(lang),
        "sources": [{"text": entry.text.of(lang), "url": entry.url} for entry in item.source_list],
        "notes": [note.of(lang) for note in item.notes],
        "missing": _missing(item, lang),
        "hole": item.hole.of(lang) if item.hole else "",
        "bands": [
            {
                "sign": circled(n),
                # A label that is itself a date ("February to May 2024") needs no second one.
                "period": ""
                if f"{band.period.start.year}" in band.label.of(lang)
                else band.period.words(lang),
                "label": band.label.of(lang),
                "event": band.event.of(lang) if band.event else "",
            }
            for n, band in enumerate(item.bands, 1)
        ],
    }


def _row(row: Row, lang: Lang) -> Data:
    return {
        "label": row_label(row, lang),
        "forecast": row.forecast,
        "note": row.note.of(lang) if row.note else "",
        "cells": [_cell(cell, lang) for cell in row.cells],
    }


def _cell(cell: Cell, lang: Lang) -> Data:
    text = cell.text.of(lang)
    return {
        "text": text or "–",
        "card": cell.card if text else "",
        "forecast": cell.forecast,
        "backfilled": cell.backfilled,
    }


def _stages(item: Exhibit, lang: Lang) -> list[Data]:
    names = list(dict.fromkeys(row.group for row in item.rows))
    return [
        {"name": item.group_name(name, lang), "rows": [_row(r, lang) for r in item.rows if r.group == name]}
        for name in names
    ]


def _lanes(item: Exhibit, heads: Sequence[str], lang: Lang) -> list[Data]:
    """One line of boxes a group; a box holds the numbers it has, each under the head of its column."""
    lanes = _stages(item, lang)
    for lane in lanes:
        for box in lane["rows"]:
            pairs = zip(heads, box["cells"], strict=True)
            box["facts"] = [{"head": head, **cell} for head, cell in pairs if cell["text"].strip("–—")]
    return lanes


def _missing(item: Exhibit, lang: Lang, most: int = 8) -> str:
    fixed = words(lang)
    shown = fixed["list"].join(text.of(lang) for text in item.missing[:most])
    return shown + (fixed["more"].format(n=len(item.missing)) if len(item.missing) > most else "")


def thesis(item: ThesisResult, lang: Lang, exhibits: dict[str, Data]) -> Data:
    """A thesis with its status as sign and word, beside the colour."""
    fixed = words(lang)
    cards = item.cards if len(item.cards) == len(item.measures) else ("",) * len(item.measures)
    return {
        "title": item.title.of(lang),
        "status": item.status,
        "word": fixed[item.status],
        "sign": SIGNS[item.status],
        "rule": item.rule.of(lang),
        "measures": [
            {"name": name.of(lang), "value": value.of(lang), "status": status, "word": fixed[status],
             "sign": SIGNS[status], "card": card}
            for (name, value, status), card in zip(item.measures, cards, strict=True)
        ],
        "exhibits": [{"id": id, "label": exhibits[id]["label"]} for id in item.exhibits if id in exhibits],
    }  # fmt: skip


def headings(report: Report) -> list[Data]:
    """What the table of contents lists."""
    return [
        {"level": b.level, "number": b.number, "text": b.text, "anchor": b.anchor}
        for b in (*report.blocks, *report.appendix)
        if isinstance(b, Heading)
    ]
