"""What one slip of the pen explains: it may accuse on a looser link, and it says which of two readings was meant."""

import pytest

from waferline.audit import audit_text


def flagged(text: str) -> list[tuple[str, str]]:
    return [(f.relation, f.stated.text) for f in audit_text(text).of("inconsistent")]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Bids were $410, $436 and $402; the three came to $461 on average.", "$461"),
        ("两家机构的预测分别是12.4%和15.2%，平均为18.3%。", "18.3%"),
        ("一年前良率为86.4%，现为91.7%。2024年收入63.2亿元，2025年回升到80.3亿元，同比下降27.1%。", "27.1%"),
    ],
)
def test_a_slip_accuses_on_a_looser_link(text: str, stated: str | None):
    assert [place for _, place in flagged(text)] == ([stated] if stated else [])


def test_of_two_readings_that_tie_the_one_a_slip_explains_was_meant():
    honest = "Sales rose 6.0% to 1,484 from 1,400 in phones, 3.0% to 412 from 400 in laptops."

    assert flagged(honest) == []
    assert flagged(honest.replace("3.0%", "30%")) == [("yoy", "30%")]


def test_a_slip_does_not_explain_a_sum_by_making_a_part_vanish():
    text = "Revenue was $9.6 billion, of which pumps $9.5 billion and valves $4.1 billion."

    assert flagged(text) == []


def test_a_rate_named_by_count_of_years_is_no_mean():
    assert flagged("6月份增长8.3%，上半年增长13.5%，两年平均增长6.5%。") == []


def test_columns_whose_heads_close_the_gap_between_them_stay_apart():
    table = (
        "Site        2025     part      2024     part     change\n"
        "North      1,240   31.0%   1,105   30.2%   12.2%\n"
        "South        960   24.0%     930   25.4%    3.2%\n"
        "East       1,800   45.0%   1,625   44.4%   10.8%\n"
        "Total      4,000  100.0%   3,660  100.0%    9.3%\n"
    )

    assert audit_text(table).checked >= 6
    assert flagged(table) == []
    assert flagged(table.replace("10.8%", "18.0%")) == [("yoy", "18.0%")]
