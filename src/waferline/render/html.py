"""This module renders a built report as one self-contained HTML file: no network, readable without scripts."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waferline.render import charts, fonts, shape
from waferline.render.drawings import Drawings, Sized, drawings
from waferline.render.wording import words
from waferline.study.report import Card, Place, Report

if TYPE_CHECKING:
    from jinja2 import Template

_FONTS, _VEGA = "\0fonts", "\0vega"
_BOTH: tuple[charts.SizeName, ...] = ("half", "full")
_DARK = (
    "--paper:#131a22;--ink:#e6eaf0;--soft:#a9b3c0;--line:#2f3a46;--panel:#1b242e;--brand:#7fb0e0;--num:#8fbdea;"
    "--num-bg:#20344a;--holds:#6fd0a0;--weakening:#e6b45c;--broken:#f08c80;--unknown:#a9b3c0;--holds-bg:#16291f;"
    "--weakening-bg:#2a2314;--broken-bg:#2d1a18;--unknown-bg:#1d252e"
)


def render_html(report: Report, *, cache: Path | None = None, drawn: Drawings | None = None) -> str:
    """The page. The same report gives the same text; `cache` is a folder for pictures and font subsets.

    `drawn` holds the pictures of `wanted`, where they are drawn already. Refuses (BadInput) a character the font
    cannot draw and a place without its exhibit.
    """
    from markupsafe import Markup

    lang = report.lang
    ids = shape.placed(report)
    sizes = wanted(report)
    drawn = drawn or drawings(report, sizes, cache=cache)
    exhibits: dict[str, dict[str, Any]] = {}
    for id in ids:
        data = shape.exhibit(report.exhibits[id], lang, data=True)
        data["pictures"] = [
            {"size": size, "svg": Markup(_inline(drawn.pictures[name, size]))}
            for name, size in sizes
            if name == id and (name, size) in drawn.pictures
        ]
        exhibits[id] = data
    specs = {f"{id}-{size}": drawn.specs[id, size] for id, size in sizes if (id, size) in drawn.specs}
    context = {
        "w": words(lang),
        "html_lang": "zh-CN" if lang == "zh" else "en",
        "as_of": report.as_of.isoformat(),
        "headings": shape.headings(report),
        "listed": [exhibits[id] for id in ids],
        "cover": {
            "kicker": report.cover.kicker,
            "title": report.cover.title,
            "subtitle": report.cover.subtitle,
            "rating": report.cover.rating,
            "points": shape.blocks(report.cover.points, report, exhibits),
            "exhibit": exhibits.get(report.cover.exhibit),
            "facts": report.cover.facts,
        },
        "theses": [shape.thesis(t, lang, exhibits) for t in report.theses],
        "body": shape.blocks(report.blocks, report, exhibits),
        "appendix": shape.blocks(report.appendix, report, exhibits),
        "cards_json": _json(_cards(report.cards.values(), words(lang))),
        "specs_json": _escaped("{" + ",".join(f'"{name}":{specs[name]}' for name in sorted(specs)) + "}"),
        "css": Markup(_css()),
        "js": Markup(_asset("page/page.js")),
        "vega": _VEGA,
        "fonts_css": _FONTS,
    }
    # The letters are counted on the finished page, which then gets its font. No text of a report holds a NUL: the
    # font has no such sign.
    page = _template().render(context)
    fonts_css = _font_css(page, cache)
    return page.replace(_FONTS, fonts_css).replace(_VEGA, _asset("vega/vega-bundle.js"))


def wanted(report: Report) -> tuple[Sized, ...]:
    """Each placed exhibit in the sizes of the page: half, and full where it stands alone in its row."""
    across = _across(report)
    return tuple((id, size) for id in shape.placed(report) for size in (_BOTH if id in across else _BOTH[:1]))


def _across(report: Report) -> set[str]:
    """Exhibits that stand alone in their row, at full width."""
    alone: set[str] = set()
    for block in (*report.cover.points, *report.blocks, *report.appendix):
        if isinstance(block, Place) and len(block.exhibits) % 2:
            alone.add(block.exhibits[-1])
    return alone


def _inline(svg: str) -> str:
    """An SVG for the inside of a page: scaled by its box, hidden from screen readers, which read the label."""
    head, rest = svg.split(">", 1)
    view = head[head.index('viewBox="') :].split('"')[1]
    return f'<svg viewBox="{view}" aria-hidden="true" focusable="false">{rest}'


def _cards(cards: Iterable[Card], fixed: dict[str, str]) -> dict[str, Any]:
    """Cards with their inputs listed once; most inputs stand behind many numbers."""
    inputs: dict[Any, int] = {}
    out: dict[str, Any] = {}
    for card in cards:
        out[card.id] = {
            "text": card.text,
            "title": card.title,
            "formula": card.formula,
            "interval": card.interval,
            "inputs": [inputs.setdefault(i, len(inputs)) for i in card.inputs],
        }
    listed = [
        {"name": i.name, "period": i.period, "value": i.value, "source": i.source, "dates": i.dates, "url": i.url,
         "flags": list(i.flags)}
        for i in inputs
    ]  # fmt: skip
    said = {name: fixed[name] for name in ("close", "formula", "interval", "link")}
    return {"cards": out, "inputs": listed, "words": said}


def _json(data: object) -> Any:
    return _escaped(charts.compact(data))


def _escaped(text: str) -> Any:
    """JSON that cannot end its script element."""
    from markupsafe import Markup

    for sign, escape in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(sign, escape)
    return Markup(text)


def _font_css(letters: str, cache: Path | None) -> str:
    wanted = sorted(set(letters) - fonts.missing(letters))
    rules = []
    for weight, number in (("Regular", 400), ("Bold", 700)):
        data = base64.b64encode(
            fonts.subset_woff2(wanted, "Bold" if weight == "Bold" else "Regular", cache=cache)
        )
        rules.append(
            f'@font-face{{font-family:"{fonts.FAMILY}";font-weight:{number};font-display:block;'
            f"src:url(data:font/woff2;base64,{data.decode()}) format('woff2')}}"
        )
    return "".join(rules)


def _css() -> str:
    css = _asset("page/page.css").replace("/*dark*/", _DARK)
    first = (
        "@media screen and (prefers-color-scheme:dark){"
        + charts.dark_css(":root:not([data-theme=light])")
        + "}"
    )
    return css + first + "@media screen{" + charts.dark_css(":root[data-theme=dark]") + "}"


@lru_cache(maxsize=8)
def _asset(name: str) -> str:
    return (files("waferline.render") / "assets" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_asset("page/page.html.j2"))
