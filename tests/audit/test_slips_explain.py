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


@pytest.mark.parametrize(
    ("text", "stated", "operands"),
    [
        ("- Staff turnover 7.4% (2024: 8.6%), up 60 bps", "60 bps", {"7.4%", "8.6%"}),
        ("- Sales: €418m (€327m), up 12.4%", "12.4%", {"€418m", "€327m"}),
        ("Bookings of $936 million are 2.1 times shipments of $780 million.", "2.1 times", {"$936 million", "$780 million"}),
        ("In 2024 the company sold 48,200 pumps. This year it sold 53,900, an increase of 18.1%.", "18.1%", {"48,200", "53,900"}),
        ("全市应检企业2,450家，实检2,303家，检查覆盖率49.0%。", "49.0%", {"2,450家", "2,303家"}),
        ("Line A, line B and line C shipped 312, 405 and 188 tools, in all 950.", "950", {"312", "405", "188"}),
    ],
    ids=["bracketed base with its year", "bracketed base alone", "times as many", "this year", "bare share", "in all"],
)  # fmt: skip
def test_what_stands_together_is_compared(text: str, stated: str, operands: set[str]):
    found = [f for f in audit_text(text).of("inconsistent") if f.stated.text == stated]

    assert [{s.text for s in f.inputs} for f in found] == [operands]


def test_a_column_that_adds_up_to_100_per_cent_holds_shares_whatever_its_head():
    table = (
        "Fab      Wafers  of all\nCork      18,400   57.5%\nPenang    9,600   30.0%\nDresden    4,000   21.5%\n"
        "Everywhere     32,000  100.0%\n"
    )
    right = table.replace("21.5%", "12.5%")

    assert {f.relation for f in audit_text(right).of("consistent")} >= {"share", "sum"}
    assert flagged(right) == []


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Line A, line B and line C shipped 312, 405 and 188 tools, in all 405.", "405"),
        ("Backlog stood at $14.1 billion in December 2024 and at $14.1 billion in December 2025. That is 13.7% more within a year.", "13.7%"),
        ("全年营收1,046亿元，人均创收1,046万元，员工48,900人。", "1,046万元"),
    ],
    ids=["the total is a part", "new and base are one figure", "an amount and the amount a head"],
)  # fmt: skip
def test_one_figure_in_two_places_of_a_relation_is_a_copy(text: str, stated: str):
    (found,) = audit_text(text).of("inconsistent")

    assert found.stated.text == stated
    assert found.slip is not None and "copy" in found.slip.en


def test_like_parts_are_no_copies_of_each_other():
    assert (
        flagged("Phones took 25%, servers 25% and cars 12%; cloud buyers and carriers come on top of that.")
        == []
    )
