"""Numbers that only happen to agree are no relation: what a coarse total or a faint link proves is nothing."""

import pytest

from waferline.audit import audit_text


@pytest.mark.parametrize(
    "text",
    [
        "10月份泵产量2.4亿台,增长3.9%,其中微型泵1.9亿台,增长8%;阀门4960万台,增长7.5%。",
        "Exports decreased $3.1 billion; pumps fell $3.4 billion and services rose $0.3 billion. Imports increased $3.1 billion.",
        "Pump sales were $2.403 billion compared to $2.311 billion; comparable stores up 4%.",
        "- Orders €602 million, 9.5% more than €550 million\n- Headcount cost €188.0 million, up 4.4% from €180.0 million\n- Orders from Asia 34% of the total",
    ],
    ids=["coarse total", "coarse change", "a basis of its own", "faint link"],
)
def test_agreement_by_chance_is_not_told(text: str):
    found = audit_text(text).of("consistent", "inconsistent")

    assert not [f for f in found if f.relation in ("sum", "share")]
    assert not [f for f in found if f.stated.text == "4%"]


def test_a_narrow_total_still_tells():
    text = "10月份泵产量2.386亿台,增长3.9%,其中微型泵1.890亿台,增长8%;其他泵4960万台,增长7.5%。"

    assert [f.relation for f in audit_text(text).of("consistent")] == ["sum"]
