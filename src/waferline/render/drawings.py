"""This module draws the exhibits of a report once for all its outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from waferline.render import charts
from waferline.render.wording import require_glyphs
from waferline.study.report import Report

Sized = tuple[str, charts.SizeName]
"""An exhibit by id, in a size."""


@dataclass(frozen=True, slots=True)
class Drawings:
    """Specifications, Vega-Lite JSON, and pictures, SVG, of exhibits in sizes; none of those that are no picture."""

    specs: Mapping[Sized, str]
    pictures: Mapping[Sized, str]


def drawings(report: Report, wanted: Iterable[Sized], *, cache: Path | None = None) -> Drawings:
    """What the report shows, drawn in the sizes wanted; `cache` is a folder for pictures.

    Refuses (BadInput) a report with a character that the font cannot draw, in its pictures or beside them.
    """
    require_glyphs(report)
    specs = {
        (id, size): charts.compact(charts.vega_lite(report.exhibits[id], report.lang, size))
        for id, size in dict.fromkeys(wanted)
        if charts.is_drawn(report.exhibits[id])
    }
    return Drawings(specs, charts.pictures(specs, cache=cache))
