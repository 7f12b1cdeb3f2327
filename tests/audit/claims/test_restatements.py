"""The same figure printed twice: what contradicts itself, what agrees, and what is on another basis."""

from __future__ import annotations

import time

import pytest

from waferline.audit import audit_text
from waferline.audit.finding import Finding


def restated(*paragraphs: str) -> list[Finding]:
    return [f for f in audit_text("\n\n".join(paragraphs)).findings if f.relation == "restatement"]


def verdicts(*paragraphs: str) -> list[str]:
    return [f.verdict for f in restated(*paragraphs)]


CONTRADICTIONS = [
    ("2024年全球半导体销售额达6276亿美元。", "2024年全球半导体销售额为6726亿美元。"),  # digits swapped
    ("2024年全球半导体销售额达6276亿美元。", "综上，2024年全球半导体销售额为6180亿美元。"),  # near, same words
    ("2023年，国内新能源汽车销量为949.5万辆。", "2023年国内新能源汽车销量达到994.5万辆。"),
    ("公司2024年营业收入达到12.35亿元。", "2024年，公司营业收入为13.25亿元。"),
    ("2024年三季度，公司毛利率为41.3%。", "2024年三季度公司毛利率为43.1%。"),
    ("2024年出口额合计为25.45万亿元。", "2024年出口额为2.545万亿元。"),  # decimal point
    (
        "Net revenue was $4,215 million in the third quarter of 2024.",
        "In the third quarter of 2024, net revenue was $4,125 million.",
    ),
    (
        "Wafer shipments of the Dresden fab were 3.31 million in 2024.",
        "In 2024, wafer shipments of the Dresden fab totaled 3.44 million.",
    ),
    ("In 2023, gross margin was 54.4%.", "Gross margin was 45.4% in 2023."),
    ("World wafer capacity utilization was 81.5% in 2024.", "In 2024, world wafer capacity utilization was 85.1%."),
]  # fmt: skip


@pytest.mark.parametrize("pair", CONTRADICTIONS)
def test_one_figure_with_two_values_is_inconsistent(pair):
    assert verdicts(*pair) == ["inconsistent"]


@pytest.mark.parametrize(
    "pair",
    [
        ("2024年全球半导体销售额达6276亿美元。", "2024年全球半导体销售额为0.6276万亿美元。"),
        ("公司2024年营业收入达到12.35亿元。", "2024年，公司营业收入为12.35亿元。"),
        (
            "Net revenue was $4,215 million in the third quarter of 2024.",
            "In the third quarter of 2024, net revenue was $4.2 billion.",
        ),
    ],
)
def test_one_figure_told_twice_within_rounding_agrees(pair):
    assert verdicts(*pair) == ["consistent"]


SILENT = [
    ("2024年全球半导体销售额达6276亿美元。", "2024年全球半导体销售额约为6300亿美元。"),
    ("2024年全球半导体销售额达6276亿美元。", "2024年全球半导体销售额为6300亿美元。"),
    ("2024年全球半导体销售额达6276亿美元。", "2024年全球半导体销售额超过6000亿美元。"),
    # another period, subject, owner, unit, part, reading
    ("2024年全球半导体销售额达6276亿美元。", "2023年全球半导体销售额为6267亿美元。"),
    ("2024年全球半导体销售额达6276亿美元。", "2024年全球半导体设备销售额为6726亿美元。"),
    ("2024年国内销量为12.3万辆。", "2024年国内销量为11.9万辆。"),  # two brands may be meant
    ("2024年营业收入为35.1亿元。", "2024年营业收入为28.7亿元。"),
    ("2024年华东公司为35.1亿元。", "2024年华东公司为31.5亿元。"),  # no measure
    ("2024年全球半导体销售额达6276亿美元。", "2024年全球半导体销售额增加6726亿元。"),
    ("2024年全球智能手机出货量为12.4亿台。", "2024年全球智能手机出货量分别为12.1亿台和3.2亿台。"),
    ("2024财年全球半导体销售额达6276亿美元。", "2024年全球半导体销售额为6726亿美元。"),
    ("Net revenue was $4,215 million in fiscal 2024.", "Net revenue was $4,125 million in 2024."),
    ("2024年全球半导体销售额达6276亿美元。", "2024年全球半导体销售额由6276亿美元上修为6305亿美元。"),
    ("2024年全球半导体销售额达6276亿美元。", "预计2024年全球半导体销售额为6112亿美元。"),
    ("据IDC数据，2024年中国智能手机总出货量为2.86亿台。", "2024年中国智能手机总出货量为2.85亿台。"),
    ("At the Dresden fab, sales were $31.5 million in 2024.", "At the Austin fab, sales were $28.1 million in 2024."),
]  # fmt: skip


@pytest.mark.parametrize("pair", SILENT)
def test_what_may_be_another_figure_is_not_accused(pair):
    assert "inconsistent" not in verdicts(*pair)


def test_many_values_of_one_wording_are_many_things():
    assert verdicts(*(f"2024年全球半导体销售额为{n}亿美元。" for n in (6276, 6180, 5980))) == []


def test_two_houses_that_differ_are_of_another_basis_and_both_are_named():
    [finding] = restated(
        "据IDC数据，2024年中国智能手机总出货量为2.86亿台。",
        "据Canalys数据，2024年中国智能手机总出货量为2.79亿台。",
    )

    assert finding.verdict == "basis_mismatch"
    assert "idc" in finding.explanation.en
    assert "canalys" in finding.explanation.en


@pytest.mark.parametrize(
    ("pair", "names"),
    [
        (
            ("2024年12月单月，全球半导体市场销售额为520亿美元。", "按三个月移动平均，2024年12月全球半导体市场销售额为570亿美元。"),
            ("single month or quarter", "moving average"),
        ),
        (
            ("按不变汇率计，2024年集团整体营业收入为12.35亿元。", "按报告汇率计，2024年集团整体营业收入为11.92亿元。"),
            ("constant currency", "reported currency"),
        ),
    ],
)  # fmt: skip
def test_two_bases_are_named_and_not_accused(pair, names):
    [finding] = restated(*pair)

    assert finding.verdict == "basis_mismatch"
    assert all(name in finding.explanation.en for name in names)


@pytest.mark.parametrize(
    "bait", ["达到" * 3000, "2024年全球销售额" + "达到了" * 900, "was at to of " * 3000, "据" * 5000]
)
def test_words_repeated_without_end_take_no_time(bait):
    started = time.process_time()

    audit_text(
        f"2024年{bait}6276亿美元。\n\nIn 2024, sales {bait} $4,215 million.\n\n2024年{bait}6276亿美元。"
    )

    assert time.process_time() - started < 5
