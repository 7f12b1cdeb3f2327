"""Honestly rounded numbers are never called inconsistent, and a number that is surely wrong is."""

import re
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from waferline.audit import audit_text
from waferline.quantity.decimals import rounded

GROWTH = (
    "2024年销售额{new}亿元，上年为{old}亿元，{word}{rate}%。",
    "公司2024年营业收入{new}亿元，较上年的{old}亿元{word}{rate}%。",
    "第四季合併營收為新台幣{new}億元，較去年同期的{old}億元{word}{rate}%。",
)
GROWTH_EN = (
    "Revenue was ${new} billion in 2024, {word} {rate}% from ${old} billion in 2023.",
    "Sales {verb} {rate}% to ${new} million from ${old} million a year earlier.",
    "Shipments came to {new} million units, {word} {rate}% on the {old} million units of the prior year.",
)
levels = st.fractions(min_value=Fraction(5), max_value=Fraction(5000), max_denominator=10_000)
places = st.integers(0, 2)


def verdicts(text: str) -> set[str]:
    return {finding.verdict for finding in audit_text(text).findings}


def growth_text(template: str, new: Fraction, old: Fraction, level_places: int, rate_places: int) -> str:
    rate = new / old - 1
    return template.format(
        new=rounded(new, level_places),
        old=rounded(old, level_places),
        rate=rounded(abs(rate) * 100, rate_places),
        word=("增长" if rate >= 0 else "下降")
        if "亿" in template or "億" in template
        else ("up" if rate >= 0 else "down"),
        verb="rose" if rate >= 0 else "fell",
    )


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(GROWTH + GROWTH_EN), levels, levels, places, places)
def test_an_honest_growth_is_never_accused(
    template: str, new: Fraction, old: Fraction, level_places: int, rate_places: int
) -> None:
    assume(Fraction(1, 4) < new / old < 4)
    text = growth_text(template, new, old, level_places, rate_places)

    assert "inconsistent" not in verdicts(text), text


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(GROWTH + GROWTH_EN),
    st.fractions(100, 5000, max_denominator=10),
    st.fractions(Fraction(5, 100), Fraction(9, 10), max_denominator=1000),
    st.booleans(),
)
def test_a_growth_that_rounding_cannot_explain_is_accused(
    template: str, old: Fraction, rate: Fraction, up: bool
) -> None:
    new = old * (1 + rate if up else 1 - rate / 2)
    text = growth_text(template, new, old, 1, 1)
    wrong = growth_text(template, new + old * Fraction(3, 100), old, 1, 1)
    printed, other = (re.search(r"[\d.]+(?=%)", t).group() for t in (text, wrong))  # type: ignore[union-attr]
    told = text.replace(f"{printed}%", f"{other}%")
    assume(told != text)

    assert "inconsistent" in verdicts(told), told


@settings(max_examples=150, deadline=None)
@given(st.lists(levels, min_size=2, max_size=4), places, st.booleans())
def test_an_honest_sum_and_its_shares_are_never_accused(
    parts: list[Fraction], digits: int, chinese: bool
) -> None:
    total = sum(parts, Fraction(0))
    names = (
        ("第一产业", "第二产业", "第三产业", "其他") if chinese else ("Alpha", "Beta", "Gamma", "other units")
    )
    told = [
        (name, rounded(part, digits), rounded(part / total * 100, 1))
        for name, part in zip(names, parts, strict=False)
    ]
    if chinese:
        text = (
            f"2024年合计{rounded(total, digits)}亿元，其中"
            + "；".join(f"{n}{v}亿元，占{s}%" for n, v, s in told)
            + "。"
        )
    else:
        text = f"Sales were ${rounded(total, digits)} billion in 2024, of which " + ", ".join(
            f"{n} ${v} billion or {s}% of the total" for n, v, s in told
        )

    assert "inconsistent" not in verdicts(text), text


@settings(max_examples=100, deadline=None)
@given(levels, st.fractions(Fraction(1, 50), Fraction(1, 2), max_denominator=1000), st.integers(2, 9), places)
def test_an_honest_compound_rate_is_never_accused(
    old: Fraction, rate: Fraction, years: int, digits: int
) -> None:
    new = old * (1 + rate) ** years
    text = (
        f"据测算，市场规模由2020年的{rounded(old, digits)}亿元增长到{2020 + years}年的{rounded(new, digits)}亿元，"
        f"年均复合增长率为{rounded(rate * 100, 1)}%。"
    )

    assert "inconsistent" not in verdicts(text), text


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("2024年产值约为2050亿美元，预计2025年产值有望提升至近2980亿美元，同比增长44.96%。", "unverifiable"),
        ("2025年销量有望达到350万副，到2030年有望达9000万副，CAGR达83.7%。", "inconsistent"),
        (
            "全球先进封装市场规模在2023年达到378亿美元，预计到2029年将达到695亿美元，2023-2029年的CAGR达10.68%。",
            "consistent",
        ),
        ("Shipments were down 37.9% from 1,186.4 thousand to 1,636.3 thousand.", "inconsistent"),
    ],
)
def test_the_cases_the_audit_was_made_for(text: str, verdict: str) -> None:
    assert verdicts(text) == {verdict}


def test_a_direction_that_is_wrong_is_called_so() -> None:
    (finding,) = audit_text("2024年收入80.3亿美元，上年为63.2亿美元，同比下降27.1%。").findings

    assert (finding.relation, finding.verdict) == ("direction", "inconsistent")


def test_a_unit_slip_is_offered_as_the_one_change() -> None:
    (finding,) = audit_text("Sales rose 14% to $72.0 million from $63.1 billion in 2023.").findings

    assert finding.verdict == "inconsistent"


@pytest.mark.parametrize(
    "text",
    [
        "按不变汇率计算，2024年收入120亿元，上年为100亿元，同比增长18%。",
        "龙头单季销售269亿美元，占全球晶圆代工市场的67.1%；前十大合计385亿美元。",
        "Sales rose 10% organically to $120 million from $100 million a year earlier, helped by acquisitions.",
        "公司预计净利润为3.2亿元至3.8亿元，同比增加39%到65%，上年同期为2.3亿元。",
        "第一产业增加值63671亿元,增长3.3%;第二产业296236亿元,增长6.1%;第三产业384221亿元,增长7.8%。",
        "累计前11个月合并营收34,740亿元，年增32.8%；11月营收仍较去年同月（2,760亿元）成长两成以上。",
    ],
)
def test_what_only_looks_related_is_left_alone(text: str) -> None:
    assert "inconsistent" not in verdicts(text)


def test_nothing_checked_is_not_called_clean() -> None:
    audit = audit_text("公司去年表现良好，员工1,200人。")

    assert audit.checked == 0
    assert [span.text for span in audit.untested] == ["1,200人"]


_LISTS = (
    "Line A, line B and line C shipped {0}, {1} and {2} tools, in all {t}.",
    "Staff by country: Ireland {0}, Malaysia {1}, Mexico {2} — a headcount of {t}.",
    "We sold {t} etchers in 2025: {0} in Korea, {1} in Taiwan and {2} in the rest of the world.",
    "Grants of ${0} million, loans of ${1} million and ${2} million of our own money make ${t} million.",
    "Of the €{t} million granted, €{0} million went to Cork and €{1} million to Graz; €{2} million is left.",
    "甲、乙、丙三厂分别出货{0}台、{1}台和{2}台，合计{t}台。",
    "期末在册员工{t}人：研发{0}人，生产{1}人，管理{2}人。",
    "预算{t}亿元，设备用去{0}亿元，厂房用去{1}亿元，尚余{2}亿元。",
    "The three sites ran at {0}, {1} and {2} wafers an hour, {m} on average.",
    "三家机构预测{0}亿元、{1}亿元和{2}亿元，三家平均{m}亿元。",
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_LISTS), st.tuples(levels, levels, levels), places)
def test_an_honest_list_is_never_accused(
    template: str, parts: tuple[Fraction, Fraction, Fraction], digits: int
) -> None:
    total = sum(parts, Fraction(0))
    told = [rounded(part, digits) for part in parts]

    text = template.format(*told, t=rounded(total, digits), m=rounded(total / 3, digits))

    assert "inconsistent" not in verdicts(text), text
