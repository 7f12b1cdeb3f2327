"""Operands of known different basis are never inconsistent: the finding names both bases instead."""

from __future__ import annotations

import pytest

from waferline.audit import audit_text
from waferline.audit.finding import Finding


def told(text: str) -> list[Finding]:
    return [f for f in audit_text(text).findings if f.relation != "direction"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("2024年净利润为1.2亿元，上年亏损2.3亿元，同比增长152%。", ("loss", "profit")),
        (
            "Net income was $120 million in 2024, compared with a net loss of $230 million in 2023, an increase of 190%.",
            ("loss", "profit"),
        ),
        (
            "亚马逊2025年资本开支1000亿美元，Meta2025年资本开支650亿美元，微软2025财年资本开支800亿美元，"
            "谷歌2025年资本开支750亿美元，四家合计3800亿美元。",
            ("fiscal year", "calendar year"),
        ),
        ("2025年1月访问量达25654万次，上年同期为1100万次，增长23.3倍。", ("by so many", "to so many")),
        ("2024年出货量达360万台，较上年激活量的120万台增长150%。", ("shipments", "activations")),
        ("据IDC数据2024年出货量达360万台，较据Canalys数据2023年的300万台增长25%。", ("idc", "canalys")),
        (
            "2024年单月销售额达360亿元，较上年三个月移动平均的300亿元增长25%。",
            ("single month", "moving average"),
        ),
    ],
)
def test_a_known_difference_of_basis_is_named_and_not_accused(text, names):
    [finding] = told(text)

    assert finding.verdict == "basis_mismatch"
    assert all(name in finding.explanation.en for name in names)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("2025年1月访问量达25654万次，上年同期为1100万次，增长22.3倍。", "consistent"),
        ("2024年销量达360万台，是上年120万台的2倍。", "inconsistent"),
        ("2024年出货量达360万台，较上年的120万台增长150%。", "inconsistent"),
        ("公司前三季度净亏损3.21亿元，上年同期净亏损3.05亿元，减亏0.74亿元，亏损收窄24.3%。", "inconsistent"),
        ("预计2025年销量达360万台，较2024年的300万台增长25%。", "inconsistent"),
    ],
)
def test_one_basis_is_judged_as_ever(text, verdict):
    assert verdict in [f.verdict for f in told(text)]
    assert "basis_mismatch" not in [f.verdict for f in told(text)]
