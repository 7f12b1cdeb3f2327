"""Stated facts beside the evidence of the semiconductor study: what agrees, differs, is superseded or cannot be told."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest

from waferline.audit.against.comparing import comparisons_of
from waferline.audit.against.known import opened
from waferline.audit.engine import audit_document, audit_text
from waferline.audit.faces.page import render_page
from waferline.audit.faces.text import render_text
from waferline.audit.finding import Comparison
from waferline.audit.readers.plain import read_text
from waferline.audit.review import Review
from waferline.cli import main

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
DAY = date(2025, 3, 20)


def compared(text: str, day: date = DAY) -> list[Comparison]:
    return list(comparisons_of(read_text(text, "text"), opened(STUDY, day)))


def told(text: str, day: date = DAY) -> list[tuple[str, str, str]]:
    return [(one.kind, one.outcome, one.stated.text) for one in compared(text, day)]


AGREEING = [
    "2024年全球半导体销售额达6276亿美元，同比增长19.1%。",
    "2023年全球半导体总销售额为5268亿美元。",
    "2024Q3全球半导体设备销售额达303.8亿美元，YoY达18.86%。",
    "Worldwide semiconductor sales were $627.6 billion in 2024, up 19.1% from a year earlier.",
    "Global semiconductor equipment billings reached $30.38 billion in the third quarter of 2024.",
    "SMIC capacity utilisation was 90.4% in the third quarter of 2024.",
]


@pytest.mark.parametrize("text", AGREEING)
def test_figures_as_their_publishers_printed_them_agree(text):
    outcomes = {one.outcome for one in compared(text)}

    assert outcomes == {"agrees"}


@pytest.mark.parametrize(
    "text",
    [
        "2024年全球半导体销售额达6180亿美元。",
        "2024年全球半导体销售额同比增长18.1%。",
        "Worldwide semiconductor sales were $672.6 billion in 2024.",
    ],
)
def test_figures_that_no_edition_has_differ(text):
    assert [one.outcome for one in compared(text)] == ["differs"]


def test_a_figure_whose_day_is_assumed_accuses_only_long_after_it():
    text = "SMIC capacity utilisation was 94.0% in the third quarter of 2024."

    assert [one.outcome for one in compared(text)] == ["unknown"]
    assert [one.outcome for one in compared(text, date(2025, 9, 30))] == ["differs"]


def test_an_edition_that_was_replaced_by_the_day_is_superseded():
    [one] = compared("Worldwide semiconductor sales were $573.5 billion in 2022.")

    assert one.outcome == "superseded"
    assert one.observed == "$574.1 billion"
    assert one.first == "$573.5 billion"


def test_the_same_edition_agrees_before_it_was_replaced():
    [one] = compared("Worldwide semiconductor sales were $573.5 billion in 2022.", date(2023, 6, 1))

    assert one.outcome == "agrees"


def test_a_figure_not_yet_known_on_the_day_is_no_evidence():
    text = "2024年全球半导体销售额达6276亿美元。"

    assert told(text, date(2025, 1, 31)) == [("fact", "unknown", "6276亿美元")]


@pytest.mark.parametrize(
    "text",
    [
        "全球半导体销售额达6180亿美元。",  # no period
        "2024年销售额达6180亿美元。",  # no subject
        "2024年AI服务器较服务器动能更强，产值约为2050亿美元。",  # another subject stands nearer
        "2024年某某半导体销售额达6180亿美元。",  # a narrower subject
        "2024财年全球半导体销售额达6180亿美元。",  # a fiscal year
        "2024年非苹果智能手机出货量同比增长7.18%。",
        "2024年全球半导体销售额较上年增加6180亿美元。",  # a change
        "据Omdia，2024年全球半导体销售额达6180亿美元。",  # a house that has no such series here
        "预计2025年全球半导体销售额达7180亿美元。",  # nobody's forecast is named
        "Hua Yu Semiconductor sales were $618 million in 2024.",
        "Analog semiconductor sales were $618 billion in 2024.",
    ],
)
def test_what_is_not_explicit_is_not_compared(text):
    assert compared(text) == []


def test_the_house_that_is_named_is_the_one_compared_with():
    text = "据IDC，2024年中国智能手机出货量同比增长5.6%。"
    other = "据Canalys，2024年中国智能手机出货量同比增长5.6%。"

    assert [one.outcome for one in compared(text)] == ["agrees"]
    assert [one.outcome for one in compared(other)] == ["differs"]


def test_without_a_named_house_all_are_compared_and_said_to_be():
    [one] = compared("2024年中国智能手机出货量同比增长9.9%。")

    assert one.outcome == "differs"
    assert len(one.series) > 1
    assert "未写明机构" in one.explanation.zh


def test_a_report_is_no_evidence_for_its_own_numbers():
    title = "半导体行业策略：云巅千帆竞渡，端侧万物生辉，自主驭潮生\n\n"
    text = "2024年全球服务器产值为3060亿美元。"

    assert told(text) == [("fact", "agrees", "3060亿美元")]
    assert told(title + text) == []


INDEX = "自2024年初至2025年3月19日，申万半导体指数涨幅达40.21%，大幅跑赢沪深300的18.42%。\n\n"


def test_moves_of_an_index_agree_from_the_last_close_before_or_the_first_within():
    assert told(INDEX) == [("change", "agrees", "40.21%"), ("change", "agrees", "18.42%")]
    assert told("2024年1月，申万半导体指数下跌24.63%。") == [("change", "agrees", "24.63%")]
    assert told("2024年1月，申万半导体指数下跌26.43%。") == [("change", "differs", "26.43%")]
    assert told("2024年1月，申万半导体指数上涨24.63%。") == [("change", "differs", "24.63%")]


def test_the_largest_monthly_fall_ever_is_refuted_by_the_first_larger_one():
    found = compared(INDEX + "2024年1月：资金转向防守板块，半导体指数单边下跌24.63%，创历史最大单月跌幅。")

    one = next(one for one in found if one.kind == "extreme")
    assert one.outcome == "differs"
    assert one.observed == "−25.12%"
    assert "2016年1月" in one.explanation.zh


def test_a_superlative_that_history_in_evidence_does_not_refute_is_not_confirmed():
    found = told(INDEX + "2016年1月：半导体指数下跌25.12%，创历史最大单月跌幅。")

    assert ("extreme", "unknown", "创历史最大单月跌幅") in found


def test_superlatives_since_a_year_are_refuted_by_later_periods_only():
    text = "2023年全球半导体销售额为5268亿美元，为{}年以来最高。"

    assert [one.outcome for one in compared(text.format(2020)) if one.kind == "extreme"] == ["differs"]
    assert [one.outcome for one in compared(text.format(2022)) if one.kind == "extreme"] == ["agrees"]


def test_english_says_the_window_after_the_move():
    text = (
        "The SWS Semiconductor index fell 24.63% in January 2024, the largest monthly fall on record. "
        "The CSI 300 index rose 18.42% from January 2, 2024 to March 19, 2025."
    )

    assert told(text) == [
        ("change", "agrees", "24.63%"),
        ("extreme", "differs", "largest monthly fall on record"),
        ("change", "agrees", "18.42%"),
    ]


def test_a_rise_that_began_before_its_window_is_told_with_its_own_days():
    found = compared(INDEX + "2024年10-12月：板块大幅上涨，期间最大涨幅达83.10%。")

    one = next(one for one in found if one.kind == "rise")
    assert one.outcome == "differs"
    assert one.observed == "35.40%"
    assert "2024-09-23→2024-11-11" in one.explanation.en


def test_a_rise_of_nobody_knows_what_is_not_compared():
    assert told(INDEX + "2024年10-12月：板块大幅上涨，期间最大涨幅达71.77%。")[2:] == []
    assert told("2024年10-12月：板块大幅上涨，期间最大涨幅达83.10%。") == []


def test_a_growth_positive_since_a_year_is_refuted_by_its_first_negative_quarter():
    text = "从各地区半导体设备销售额同比变化来看，大陆地区的增速自2023年以来保持正值。"

    [one] = compared(text)
    assert (one.kind, one.outcome, one.observed) == ("since", "differs", "−23.00%")
    assert "2023年一季度" in one.explanation.zh


def test_a_window_with_gaps_is_never_confirmed():
    text = "从各地区半导体设备销售额同比变化来看，大陆地区的增速自2023年二季度以来保持正值。"

    assert [one.outcome for one in compared(text)] == ["unknown"]


def test_streaks_are_looked_at_period_by_period():
    right = "全球半导体设备销售额已连续2个季度同比增长。"
    wrong = "全球半导体设备销售额已连续4个季度同比下降。"

    assert [one.outcome for one in compared(right)] == ["agrees"]
    assert [one.outcome for one in compared(wrong)] == ["differs"]


def test_comparisons_are_no_findings_and_stand_in_a_part_of_their_own():
    document = read_text("2024年全球半导体销售额达6180亿美元。", "report.txt")

    audit = audit_document(document, opened(STUDY, DAY))

    assert audit.counts["inconsistent"] == 0
    assert audit.outcomes["differs"] == 1
    assert not Review(audit).is_contradicted
    assert audit.to_json()["evidence"]["comparisons"][0]["outcome"] == "differs"
    text, page = render_text(Review(audit)), render_page(Review(audit))
    assert "Against the evidence, as known on 2025-03-20" in text
    assert "differs from the evidence" in text
    assert "Against the evidence, as known on 2025-03-20" in page


def test_without_evidence_no_face_speaks_of_it():
    audit = audit_text("2024年全球半导体销售额达6180亿美元。")

    assert "evidence" not in audit.to_json()
    assert "evidence" not in render_text(Review(audit)).lower()


def test_command_sets_facts_beside_a_study_and_keeps_its_exit_status(tmp_path, capsys):
    file = tmp_path / "report.txt"
    file.write_text("2024年全球半导体销售额达6180亿美元。\n", encoding="utf-8")

    main(["audit", str(file), "--evidence", str(STUDY), "--as-of", "2025-03-20", "--format", "jsonl"])

    record = json.loads(capsys.readouterr().out)
    assert record["evidence"]["as_of"] == "2025-03-20"
    assert record["evidence"]["counts"] == {"differs": 1, "superseded": 0, "unknown": 0, "agrees": 0}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as-of", "2025-03-20"], "--as-of: there is no evidence to read"),
        (["--evidence", "nowhere"], "nowhere: no evidence"),
        (["--evidence", str(STUDY), "--as-of", "1901-01-01"], "--as-of: the day lies before all evidence"),
    ],
)
def test_what_is_wrong_with_the_study_or_the_day_is_one_line(tmp_path, capsys, arguments, said):
    file = tmp_path / "report.txt"
    file.write_text("2024年\n", encoding="utf-8")

    with pytest.raises(SystemExit) as stopped:
        main(["audit", str(file), *arguments])

    error = capsys.readouterr().err
    assert stopped.value.code == 2
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "bait", ["半导体指数" * 4000, "全球半导体销售额" * 3000, "总的年度月度季度" * 3000, "连续2个月同比" * 3000, "自2023年以来一直均" * 2000]
)  # fmt: skip
def test_words_repeated_without_end_take_no_time(bait):
    opened(STUDY, DAY)
    started = time.process_time()

    compared(f"{INDEX}2024年{bait}增长6276亿美元。\n\n" + f"2024年{bait[:1500]}下跌24.63%。\n\n" * 20)

    assert time.process_time() - started < 8
