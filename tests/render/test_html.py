from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sample_report import report

from waferline.quantity.units import unit
from waferline.render import render_html
from waferline.render.wording import table_heads
from waferline.study.report import Report, SourceEntry, Words


class Reader(HTMLParser):
    """Collects elements, and the text of those that a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.stack: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br"):
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.stack):
            self.text.append(data)


@pytest.fixture(scope="session")
def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def script(page: str, id: str) -> dict[str, dict[str, object]]:
    found = re.search(rf'<script type="application/json" id="{id}">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, dict[str, object]] = json.loads(found[1])
    return data


def test_same_report_gives_the_same_page(built: Report, page: str) -> None:
    assert render_html(built) == page


def test_page_asks_the_network_for_nothing(read: Reader) -> None:
    assert not [e for e in read.elements if e[0] in ("link", "img", "iframe", "source")]
    sources = [a["src"] for _, a in read.elements if a.get("src")]
    assert sources == []
    assert not [a for t, a in read.elements if t == "a" and not (a.get("href") or "").startswith("#")]


def test_language_title_and_landmarks(built: Report, read: Reader) -> None:
    by_tag = dict(reversed(read.elements))

    assert by_tag["html"]["lang"] == ("zh-CN" if built.lang == "zh" else "en")
    assert {"nav", "main", "h1", "footer"} <= set(by_tag)


def test_ids_are_unique_and_every_inner_link_leads_somewhere(read: Reader) -> None:
    ids = [a["id"] for _, a in read.elements if a.get("id")]

    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for t, a in read.elements if t == "a" and a.get("href")}  # type: ignore[index]
    assert targets <= set(ids)


def test_every_number_with_a_card_is_a_button_whose_card_exists(
    built: Report, page: str, read: Reader
) -> None:
    cards = script(page, "cards")["cards"]
    named = [a["data-card"] for _, a in read.elements if "data-card" in a]
    assert all(
        a.get("role") == "button" and a.get("tabindex") == "0" for _, a in read.elements if "data-card" in a
    )

    assert set(named) == set(built.cards) == set(cards)
    assert len(named) > 60


def test_report_text_is_data_and_never_markup(page: str, read: Reader) -> None:
    assert "&lt;逻辑 &amp; 模拟&gt;" in page or "&lt;logic &amp; analogue&gt;" in page
    assert not [t for t, _ in read.elements if t.startswith(("逻辑", "logic"))]


def test_a_script_end_in_a_card_stays_inside_its_script(picture_cache: Path) -> None:

    plain = report("zh")
    evil = replace(plain.cards["c1"], title="</script><script>alert(1)</script>")

    page = render_html(replace(plain, cards={**plain.cards, "c1": evil}), cache=picture_cache)

    assert "alert(1)</script>" not in page
    assert script(page, "cards")["cards"]["c1"]["title"] == evil.title  # type: ignore[index]


def test_every_figure_has_words_for_those_who_cannot_see_it(built: Report, read: Reader) -> None:
    pictures = [a for _, a in read.elements if a.get("role") == "img"]

    assert len(pictures) >= 13
    assert all(a.get("aria-label") for a in pictures)


def test_data_of_every_chart_stand_behind_it(built: Report, page: str) -> None:
    for part in page.split('<figure class="exhibit ')[1:]:
        figure = part.split("</figure>", 1)[0]
        if 'role="img"' in figure:
            assert "<details" in figure and "<table>" in figure


def test_theses_say_their_status_in_words(built: Report, read: Reader) -> None:
    text = "".join(read.text)

    for word in (
        ("成立", "走弱", "被推翻", "不详")
        if built.lang == "zh"
        else ("holds", "weakening", "broken", "unknown")
    ):
        assert word in text


def test_a_table_names_its_unit_where_its_cells_do_not(built: Report) -> None:
    plain = built.exhibits["returns"]
    texts = [
        replace(c, text=Words("1.0", "1.0")) if c.value is not None else c
        for r in plain.rows
        for c in r.cells
    ]
    width = len(plain.columns)
    bare = replace(
        plain,
        rows=tuple(
            replace(r, cells=tuple(texts[n * width : (n + 1) * width])) for n, r in enumerate(plain.rows)
        ),
    )
    other = replace(bare, columns=(*bare.columns[:-1], replace(bare.columns[-1], unit=unit("pp"))))

    assert table_heads(plain, "en")[1] == ""
    assert table_heads(bare, "en") == (tuple(c.name.en for c in plain.columns), "%")
    assert table_heads(other, "en") == (
        ("Basis", "1 week (%)", "1 month (%)", "12 months (%)", "Drawdown (pp)"), ""
    )  # fmt: skip


def test_every_source_opens_under_its_exhibit_with_its_address(built: Report, picture_cache: Path) -> None:
    name = next(iter(built.exhibits))
    sourced = replace(
        built.exhibits[name],
        source_list=(
            SourceEntry(Words("甲（转引自 乙）", "A (as quoted in B)"), "https://example.org/b"),
            SourceEntry(Words("丙", "C")),
        ),
    )
    page = render_html(replace(built, exhibits={**built.exhibits, name: sourced}), cache=picture_cache)

    assert (
        f'<a href="https://example.org/b" target="_blank" rel="noopener noreferrer">{sourced.source_list[0].text.of(built.lang)}</a>'
        in page
    )


def test_hole_and_missing_values_are_named(built: Report, read: Reader) -> None:
    text = "".join(read.text)

    assert ("无可用证据" if built.lang == "zh" else "No evidence") in text
    assert ("缺失：2021年销售额" if built.lang == "zh" else "Missing: Sales of 2021") in text


def test_embedded_fonts_hold_the_characters_of_the_page(page: str, read: Reader) -> None:
    import base64
    import io

    from fontTools.ttLib import TTFont

    for data in re.findall(r"base64,([A-Za-z0-9+/=]+)\)", page):
        with TTFont(io.BytesIO(base64.b64decode(data))) as font:
            known = {chr(c) for c in font.getBestCmap()}
        assert {c for c in "".join(read.text) if not c.isspace()} <= known


def test_specifications_in_the_page_are_those_of_the_pictures(page: str) -> None:
    named = set(re.findall(r'data-spec="([^"]+)"', page))

    assert named == set(script(page, "specs"))
