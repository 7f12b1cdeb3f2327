"""Captions against the list, the references and each other; sources and units."""

from __future__ import annotations

import pytest

TITLES = ("晶圆厂数量", "硅片月度价格走势", "封装设备构成", "光刻胶供应商", "先进制程占比")


def listing(*titles: str) -> str:
    return "图表目录\n\n" + "".join(f"图 {i}\t{t}\t{i + 3}\n" for i, t in enumerate(titles, 1)) + "\n"


def body(*titles: str, source: str = "资料来源：行业协会\n\n") -> str:
    return "".join(f"图{i} {t}\n\n{source}" for i, t in enumerate(titles, 1))


def kinds(found, kind):
    return [words for k, words in found if k == kind]


def test_caption_that_differs_from_the_list(said):
    text = listing(*TITLES) + body(*TITLES[:4], "先进制程占比与展望变化")
    assert kinds(said(text), "caption_differs") == []  # a longer title may have been cut in the list

    text = listing(*TITLES) + body(*TITLES[:4], "先进制程收入占比")
    assert said(text) == [("caption_differs", "图5 先进制程收入占比")]


def test_list_in_english_with_dots(said):
    titles = ("Fabs by region", "Wafer prices", "Packaging lines", "Resist suppliers", "Share of new nodes")
    text = "List of figures\n\n" + "".join(
        f"Figure {i} {t} ........ {i + 3}\n" for i, t in enumerate(titles, 1)
    )
    text += "".join(f"\nFigure {i}: {t}\n\nSource: trade body\n" for i, t in enumerate(titles[:4], 1))
    text += "\nFigure 5: Share of old nodes\n\nSource: trade body\n"

    assert said(text) == [("caption_differs", "Figure 5: Share of old nodes")]


def test_spacing_case_and_punctuation_are_no_difference(said):
    text = listing("AI 服务器出货量（万台）", *TITLES[1:]) + body("ai服务器出货量(万台)", *TITLES[1:])

    assert said(text) == []


def test_entry_that_runs_over_two_lines_is_no_caption(said):
    titles = [f"第{c}类设备的供应商" for c in "甲乙丙丁戊己庚辛壬癸"]
    text = listing(*titles).replace("图 4\t第丁类设备的供应商", "图 4\t第丁类设备\n的供应商")

    assert said(text + body(*titles)) == []


def test_entry_that_lost_its_dots_is_no_caption(said):
    titles = [f"第{c}类设备的供应商" for c in "甲乙丙丁戊己庚辛壬癸"]
    text = listing(*titles).replace("\t13\n", ". 13\n\n正文。\n\n")

    assert said(text + body(*titles)) == []


def test_list_that_matches_nothing_accuses_nobody(said):
    text = listing(*TITLES) + body("甲", "乙", "丙", "丁", TITLES[4])

    assert kinds(said(text), "caption_differs") == []


@pytest.mark.parametrize(
    ("reference", "marked"),
    [
        ("如图28所示，产能回升。", "如图28"),
        ("产能回升（见图9）。", "见图9"),
        ("图28显示产能回升。", "图28显示"),
    ],
)
def test_reference_to_an_exhibit_that_is_not_there(said, reference, marked):
    assert said(body(*TITLES) + reference) == [("figure_missing", marked)]


def test_captions_in_capitals_and_in_markup_are_there(said):
    text = "Figure 1: Fabs\n\nFIGURE 7 Prices of wafers\n\n**Figure 8** Lines.\n\nSee Figure 7. Shown in Figure 8."

    assert kinds(said(text), "figure_missing") == []


def test_english_reference_to_an_exhibit_that_is_not_there(said):
    text = (
        "Figure 1: Fabs\n\nSource: trade body\n\nFigure 2: Prices\n\nCapacity rose, see Figure 7 for details."
    )

    assert said(text) == [("figure_missing", "see Figure 7")]


@pytest.mark.parametrize(
    "reference",
    [
        "如图3所示，产能回升。",
        "如图 3 所示，产能回升。",
        "如表2所示，产能回升。",  # no table is numbered here: they may not have been read
        "详见公司年报图28。",
        "《年度报告》图28显示产能回升。",
        "如图28-2所示，产能回升。",
    ],
)
def test_reference_that_is_met_or_points_elsewhere(said, reference):
    assert kinds(said(body(*TITLES) + reference), "figure_missing") == []


def test_list_names_an_exhibit_the_text_lacks(said):
    many = [f"第{c}类设备的供应商" for c in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"]
    text = listing(*many) + body(*many[:-1])

    assert said(text) == [("figure_missing", "图 20\t第酉类设备的供应商")]


def test_number_on_two_exhibits(said):
    text = body(*TITLES) + "图5 光掩膜供应商\n\n资料来源：行业协会\n"

    assert said(text) == [("caption_duplicate", "图5 光掩膜供应商")]


def test_continued_exhibit_and_numbers_anew_are_no_duplicates(said):
    assert said(body(*TITLES) + "图5 先进制程占比（续）\n\n资料来源：行业协会\n") == []
    assert kinds(said(body(*TITLES) + body("甲", "乙", "丙", "丁")), "caption_duplicate") == []


def test_skipped_number(said):
    text = body(*TITLES) + "图7 光掩膜供应商\n\n资料来源：行业协会\n"

    assert said(text) == [("caption_gap", "图7 光掩膜供应商")]


def test_figures_and_tables_of_one_count_skip_nothing(said):
    text = body(*TITLES) + "表6 光掩膜供应商\n\n资料来源：行业协会\n\n图7 检测设备\n\n资料来源：行业协会\n"

    assert said(text) == []


def test_figures_of_a_copied_page_are_not_counted(said):
    text = body(*TITLES) + "Figure 9: Benchmark of models\n\n如图1所示，see Figure 3."

    assert said(text) == []


def test_exhibit_without_source_among_many_with(said):
    titles = [f"第{c}类设备的供应商" for c in "甲乙丙丁戊己庚辛壬癸"]
    text = body(*titles).replace(
        "图4 第丁类设备的供应商\n\n资料来源：行业协会", "图4 第丁类设备的供应商\n\n说明文字。"
    )

    assert said(text) == [("exhibit_without_source", "图4 第丁类设备的供应商")]


def test_caption_copied_with_the_exhibit_does_not_part_it_from_its_source(said):
    titles = [f"第{c}类设备的供应商" for c in "甲乙丙丁戊己庚辛壬癸"]
    text = body(*titles).replace(
        "图4 第丁类设备的供应商\n\n", "图4 第丁类设备的供应商\n\nTable 1 Suppliers by region\n\n"
    )

    assert said(text) == []


def test_list_whose_tabs_became_spaces(said):
    text = listing(*TITLES).replace("\t", " ") + body(*TITLES[:4], "先进制程收入占比")

    assert said(text) == [("caption_differs", "图5 先进制程收入占比")]


def test_exhibits_side_by_side_share_the_lines_after_them(said):
    titles = [f"第{c}类设备的供应商" for c in "甲乙丙丁戊己庚辛壬癸"]
    pair = f"图11 刻蚀设备\n\n图12 清洗设备\n\n资料来源：甲协会\n\n资料来源：乙协会\n"  # noqa: F541

    assert said(body(*titles) + pair) == []


def test_document_that_names_no_sources_is_left_alone(said):
    assert said(body(*TITLES, source="说明文字。\n\n")) == []


TABLE = "表1 主要厂商{metric}\n\n厂商\t2023年\t2024年\n甲厂\t{a}\t31.5\n乙厂\t18.0\t19.4\n丙厂\t7.7\t8.2\n\n资料来源：行业协会\n"


def test_amounts_without_a_unit(said):
    assert said(TABLE.format(metric="销售额", a="30.1")) == [("exhibit_without_unit", "表1 主要厂商销售额")]


@pytest.mark.parametrize(
    ("metric", "a"),
    [
        ("销售额（亿元）", "30.1"),
        ("销售额", "30.1亿元"),
        ("评分", "30.1"),
        ("销售额排名", "30.1"),
        ("产能（万片/月）", "30.1"),
    ],
)
def test_amounts_with_a_unit_and_scores(said, metric, a):
    assert said(TABLE.format(metric=metric, a=a)) == []


def test_unit_in_the_line_above_or_in_a_note(said):
    assert said("单位：亿元\n\n" + TABLE.format(metric="销售额", a="30.1")) == []
    assert said(TABLE.format(metric="销售额", a="30.1") + "注：单位为亿元\n") == []
