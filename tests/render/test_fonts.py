from __future__ import annotations

import io
from dataclasses import replace

import pytest
from fontTools.ttLib import TTFont
from sample_report import report

from waferline.errors import BadInput
from waferline.render import fonts, render_html, render_pdf
from waferline.study.report import Paragraph, Text


@pytest.mark.parametrize(
    "text",
    [
        "→√①②③④⑤ⅡⅢ岹−×÷≥≤≈±–—“”‘’…✓▲▼●○■□αβγμΩ",
        "2024年全球半导体销售额同比增长19.1%，沪深300上涨18.42%。",
        "台積電 聯發科技 營收 億元 記憶體 晶圓代工 先進封裝",
    ],
)
def test_characters_of_reports_have_glyphs(text: str) -> None:
    assert fonts.missing(text) == set()


def test_a_character_without_a_glyph_is_named() -> None:
    assert fonts.missing("销售额😀") == {"😀"}


@pytest.mark.parametrize("render", [render_html, render_pdf])
def test_a_report_with_such_a_character_is_refused_with_its_place(render: object) -> None:
    broken = replace(report("zh"), appendix=(Paragraph((Text("结语𝔸"),)),))

    with pytest.raises(BadInput) as caught:
        render(broken)  # type: ignore[operator]

    assert "appendix[1].runs[1]" in str(caught.value)
    assert "U+1D538" in str(caught.value)


def test_packed_fonts_are_truetype_and_small() -> None:
    for weight in fonts.WEIGHTS:
        path = fonts.folder() / f"NotoSansSC-{weight}.ttf"
        with TTFont(path, lazy=True) as font:
            assert "glyf" in font
        assert path.stat().st_size < 4_000_000


def test_subset_holds_just_the_wanted_characters() -> None:
    data = fonts.subset_woff2("2024年销售额", "Regular")

    with TTFont(io.BytesIO(data)) as font:
        assert {chr(code) for code in font.getBestCmap()} == set("2024年销售额")
        assert font["glyf"][font.getBestCmap()[ord("年")]].numberOfContours > 0


def test_subset_is_the_same_for_the_same_set_in_another_order() -> None:
    assert fonts.subset_woff2("abc年", "Bold") == fonts.subset_woff2("年cab", "Bold")


def test_full_width_and_latin_widths() -> None:
    assert fonts.width("年月", 10) == 20.0
    assert 5 < fonts.width("0", 10) < 6


@pytest.mark.parametrize("weight", fonts.WEIGHTS)
def test_widths_are_those_of_the_font_file(weight: fonts.Weight) -> None:
    with TTFont(fonts.folder() / f"NotoSansSC-{weight}.ttf") as font:
        widths = {chr(code): font["hmtx"].metrics[glyph][0] for code, glyph in font.getBestCmap().items()}

    assert all(fonts.width(sign, 1000, weight) == wide for sign, wide in widths.items())
    assert fonts.missing("".join(widths)) == set()
    assert fonts.missing("\U0001d538") == {"\U0001d538"}
