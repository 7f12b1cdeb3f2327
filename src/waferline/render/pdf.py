"""This module renders a built report as a typeset PDF/A-2a, PDF/UA-1 document through Typst."""

from __future__ import annotations

import re
import shutil
import tempfile
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from waferline.render import charts, fonts, shape
from waferline.render.drawings import Drawings, Sized, drawings
from waferline.render.wording import rows_of, words
from waferline.study.report import Place, Report

STANDARDS: tuple[Literal["a-2a"], Literal["ua-1"]] = ("a-2a", "ua-1")
AUTHOR = "Waferline"
_ROOM_EM: dict[charts.SizeName, float] = {"half": 29.0, "full": 61.0}  # text width, in the type of tables


def render_pdf(report: Report, *, cache: Path | None = None, drawn: Drawings | None = None) -> bytes:
    """The document. The same report gives the same bytes: its creation day is the as-of day.

    `cache` is a folder for pictures; `drawn` holds those of `wanted`, where they are drawn already. Refuses (BadInput)
    a character the font cannot draw and a place without its exhibit.
    """
    import typst

    sizes = wanted(report)
    drawn = drawn or drawings(report, sizes, cache=cache)
    pictures = {sized: drawn.pictures[sized] for sized in sizes if sized in drawn.pictures}
    with tempfile.TemporaryDirectory(prefix="waferline-pdf-") as folder:
        root = Path(folder)
        names: dict[str, dict[str, str]] = {}
        for number, ((id, size), svg) in enumerate(pictures.items(), 1):
            (root / f"picture-{number}.svg").write_text(svg, encoding="utf-8")
            names.setdefault(id, {})[size] = f"picture-{number}.svg"
        (root / "report.json").write_text(charts.compact(_data(report, names)), encoding="utf-8")
        template = files("waferline.render") / "assets" / "pdf" / "report.typ"
        shutil.copyfile(str(template), root / "report.typ")
        day = report.as_of
        made: bytes = typst.compile(
            str(root / "report.typ"),
            root=str(folder),
            font_paths=[str(fonts.folder())],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=list(STANDARDS),
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )
    return made


def wanted(report: Report) -> tuple[Sized, ...]:
    """Each exhibit with the one size it is printed in."""
    out: dict[str, charts.SizeName] = {}
    if report.cover.exhibit:
        out[report.cover.exhibit] = "half"
    shape.placed(report)
    for block in (*report.cover.points, *report.blocks, *report.appendix):
        if isinstance(block, Place):
            for row in rows_of(block):
                for id in row:
                    out[id] = "half" if len(row) == 2 else "full"
    return tuple(out.items())


def _data(report: Report, names: dict[str, dict[str, str]]) -> dict[str, Any]:
    lang = report.lang
    fixed = words(lang)
    exhibits: dict[str, dict[str, Any]] = {}
    for id, size in wanted(report):
        data = shape.exhibit(report.exhibits[id], lang, data=False)
        data["pictures"] = names.get(id, {})
        data["head_lines"] = [_head_lines(head) for head in data["heads"]]
        data["tracks"] = _tracks(data, _ROOM_EM[size])
        exhibits[id] = data
    colon = fixed["colon"]
    kinds = {data["kind"] for data in exhibits.values()}
    return {
        "words": {
            **fixed,
            "partial_mark": f"（{fixed['partial']}）" if lang == "zh" else f"({fixed['partial'].lower()})",
            "gap": "" if lang == "zh" else " ",
            "open": "（" if lang == "zh" else "(",
            "shut": "）" if lang == "zh" else ")",
            "only_figures": "图目录" if lang == "zh" else "Figures",
            "only_tables": "表目录" if lang == "zh" else "Tables",
        },
        "font": fonts.FAMILY,
        "text_lang": lang,
        "region": "cn" if lang == "zh" else "us",
        "justify": lang == "zh",
        "title": report.cover.title,
        "subtitle": report.cover.subtitle,
        "author": AUTHOR,
        "date": [report.as_of.year, report.as_of.month, report.as_of.day],
        "as_of_line": f"{fixed['as_of']}{colon}{report.as_of.isoformat()}",
        "cover": {
            "kicker": report.cover.kicker,
            "subtitle": report.cover.subtitle,
            "rating": report.cover.rating,
            "points": shape.blocks(report.cover.points, report, exhibits),
            "exhibit": exhibits.get(report.cover.exhibit),
            "facts": [list(fact) for fact in report.cover.facts],
        },
        "theses": [shape.thesis(t, lang, exhibits) for t in report.theses],
        "has_figures": "figure" in kinds,
        "has_tables": "table" in kinds,
        "body": shape.blocks(report.blocks, report, exhibits),
        "appendix": shape.blocks(report.appendix, report, exhibits),
    }


def _tracks(data: dict[str, Any], room_em: float) -> list[tuple[str, float]]:
    """Column widths of a table as (unit, number): short columns take what they need, the others share what is left.

    Long heads may break into two or three lines, so they count a half or a third. Unit: "em" of the table's type, or "fr", a share of the rest.
    """
    if not data["rows"]:
        return []
    wants = [_want(data["row_header"], [row["label"] for row in data["rows"]])]
    for n, head in enumerate(data["heads"]):
        wants.append(_want(head, [row["cells"][n]["text"] for row in data["rows"]]))
    shares = [("fr", round(min(40.0, max(4.0, want + 1.6)), 1)) for want in wants]
    if max(wants) <= 18 and sum(wants) + 1.6 * len(wants) <= room_em:
        return shares
    for short in (12, 8):
        if sum(want + 1.6 for want in wants if want <= short) <= 0.67 * room_em and max(wants) > short:
            return [
                ("em", round(want + 1.6, 1)) if want <= short else share
                for want, share in zip(wants, shares, strict=True)
            ]
    return shares


def _head_lines(head: str) -> list[str]:
    """A head with its unit, or what else stands in brackets, on a line of its own."""
    return re.split(r"(?=（)| (?=\()", head, maxsplit=1)


def _want(head: str, cells: list[str]) -> float:
    titles = [fonts.width(line, 1.0, "Bold") for line in _head_lines(head)]
    return max(
        *(title if title <= 6 else title / (2 if title <= 12 else 3) + 0.5 for title in titles),
        *(fonts.width(text, 1.0) for text in cells),
    )
