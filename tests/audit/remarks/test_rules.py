"""What holds of every remark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from waferline.audit import audit_text
from waferline.audit.faces.wording import title

# One small text a kind: where it stands in the code is told by its docstring.
TEXTS = {
    "stale_forecast": "点评\n\n2025年6月12日\n\n2024年出货量有望达到4.1亿块。",
    "future_date": "点评\n\n2025年6月12日\n\n2025年9月出口额为31.0亿元，同比增长8.2%。",
    "malformed_period": "2024年13月出口额增长。",
    "caption_differs": "图目录\n\n图1\t甲\t3\n图2\t乙\t4\n图3\t丙\t5\n图4\t丁\t6\n图5\t戊\t7\n\n正文。\n\n图1 甲\n\n图2 乙\n\n图3 丙\n\n图4 丁\n\n图5 己\n",
    "caption_duplicate": "图1 甲厂\n\n图2 乙厂\n\n图3 丙厂\n\n图4 丁厂\n\n图4 戊厂\n",
    "caption_gap": "图1 甲厂\n\n图2 乙厂\n\n图3 丙厂\n\n图5 丁厂\n",
    "figure_missing": "图1 甲厂\n\n产能回升（见图9）。",
    "exhibit_without_source": "".join(f"图{i} 第{c}厂\n\n{'说明文字。' if i == 5 else '来源：协会'}\n\n" for i, c in enumerate("甲乙丙丁戊己庚辛壬癸", 1)),
    "exhibit_without_unit": "表1 厂商销售额\n\n厂商\t2023年\t2024年\n甲厂\t30.1\t31.5\n乙厂\t18.0\t19.4\n",
    "window_differs": "近一年，自2024年初至2025年6月19日，指数上涨。",
    "superlative_refuted": "项目\t2024Q1\t2024Q2\t2024Q3\t2024Q4\n销售额（亿元）\t12.1\t12.5\t13.9\t13.2\n\n四季度销售额13.2亿元，为全年最高。",
    "streak_broken": "增速分别为3.1%、-2.8%、0.5%，连续3个月正增长。",
    "loss_to_profit": "公司净利润扭亏为盈，同比增长150%。",
    "percent_beyond": "硅片价格下降120%。",
    "times_more": "产量由2.0万片增加了3倍，达到6.0万片。",
}  # fmt: skip
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "audit-remarks.md"


@pytest.mark.parametrize("kind", TEXTS)
def test_remark_marks_its_own_text_and_speaks_both_languages(kind):
    text = TEXTS[kind]
    remark = next(r for r in audit_text(text).remarks if r.kind == kind)

    assert text[remark.span.start : remark.span.end] == remark.span.text
    assert remark.explanation.zh != remark.explanation.en
    assert {title(remark, "zh"), title(remark, "en")}.isdisjoint({kind}) and re.search(
        "[\u4e00-\u9fff]", title(remark, "zh")
    )


@pytest.mark.parametrize("kind", TEXTS)
def test_id_is_of_the_content_not_of_the_place(kind):
    one = {r.id for r in audit_text(TEXTS[kind]).remarks if r.kind == kind}
    other = {r.id for r in audit_text(TEXTS[kind] + "\n\n结束。\n").remarks if r.kind == kind}

    assert one == other


def test_kinds_in_code_and_page_are_the_same():
    rules = Path(__file__).parents[3] / "src" / "waferline" / "audit" / "remarks"
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(rules.glob("*.py")))
    made = set(re.findall(r'scene,\s+"([a-z]+(?:_[a-z]+)+)"', code))
    told = set(re.findall(r"^\| `([a-z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))

    assert made == told == set(TEXTS)


def test_a_fault_told_again_word_for_word_is_one_remark():
    assert len(audit_text("2024年13月出口额增长。\n\n2024年13月出口额增长。").remarks) == 1


@pytest.mark.parametrize(
    "text",
    [
        "图1" + "." * 50_000 + "x",
        "图1 " + " ." * 50_000 + "\n",
        "预计2024年" * 20_000,
        "截至2025年2月30日" * 20_000,
        "图1 甲厂\n" * 5_000,
        "近一年（截至2025年3月19日）\n\n" * 3_000,
        "连续" * 50_000,
    ],
)
def test_hostile_text_ends_in_time(text):
    # No limit is asserted: a rule that backtracks without bound never returns from here.
    audit_text(text)
