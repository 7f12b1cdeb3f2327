"""A report of one day: what is unknown is left out and listed, and numbers come in the order they are read."""

from __future__ import annotations

from datetime import date

import pytest
from mini_study import FILES

from waferline.errors import BadInput
from waferline.study.report import Bound, Bullets, ExhibitRef, Heading, Paragraph, Place

ZH = "chapters/zh/market.md"


def prose(blocks):
    found = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append("".join(run.text for run in block.runs))
        elif isinstance(block, Bullets):
            found.extend("".join(run.text for run in item) for item in block.items)
    return found


def test_items_under_conditions_of_their_own_are_one_list(assembled):
    text = """# Market

- One.

::: when since("2025-01-20")
- Two.
:::

::: when since("2030-01-01")
- Never.
:::

- Three.
"""
    (lists,) = [
        block
        for block in assembled({"chapters/zh/method.md": text}).report.appendix[:2]
        if isinstance(block, Bullets)
    ]

    assert [item[0].text for item in lists.items] == ["One.", "Two.", "Three."]


def test_a_paragraph_is_filled_with_what_was_known(assembled):
    assert prose(assembled().report.blocks)[:3] == [
        "图 1显示，2024年全球半导体销售额为6276亿美元，同比增长19.1%。",
        "台积电2024年12月营收为2781.63亿新台币。",
        "截至2025年3月20日，最新年度是2024年。",
    ]


def test_the_same_report_in_english(assembled):
    assert prose(assembled(lang="en").report.blocks)[0] == (
        "Figure 1 shows that sales in 2024 were USD 627.6 bn; they rose 19.1%."
    )


def test_a_paragraph_with_an_unknown_is_left_out_and_listed(assembled):
    done = assembled()

    assert [(entry.chapter, entry.line) for entry in done.omitted] == [(ZH, 10)]
    assert "not known on 2025-03-20" in done.omitted[0].why
    assert not any("其后" in text for text in prose(done.report.blocks))
    assert any(f"{ZH}:10" in text for text in prose(done.report.appendix))


def test_once_known_the_paragraph_stands(assembled):
    done = assembled(day=date(2026, 2, 6))

    assert done.omitted == ()
    assert "其后的销售额为7917亿美元。" in prose(done.report.blocks)


def test_each_bound_number_is_found_in_its_file(assembled):
    for number in assembled().numbers:
        source = FILES[number.chapter]
        assert source[number.start : number.end].startswith("{{")
        assert source[number.start : number.end].endswith("}}")


def test_a_condition_that_does_not_hold_leaves_its_paragraph_out_silently(assembled):
    before, after = (
        prose(assembled(day=day).report.blocks) for day in (date(2025, 1, 19), date(2025, 1, 20))
    )

    assert not any("我们认为" in text for text in before)
    assert any("我们认为" in text for text in after)


def test_headings_are_numbered_by_chapter_and_section(assembled):
    headings = [block for block in assembled().report.blocks if isinstance(block, Heading)]

    assert [(h.level, h.number, h.text) for h in headings] == [(1, "1", "市场"), (2, "1.1", "供给")]


def test_exhibits_are_numbered_by_kind_where_they_are_placed(assembled):
    report = assembled().report

    assert [(e.id, e.label("zh")) for e in report.exhibits.values()] == [
        ("fig01", "图 1"), ("fig02", "图 2"), ("fig03", "图 3"), ("tab01", "表 1"),
    ]  # fmt: skip
    assert [b.exhibits for b in report.blocks if isinstance(b, Place)] == [
        ("fig01", "fig02"), ("fig03",), ("tab01",),
    ]  # fmt: skip


def test_an_exhibit_stands_once(assembled):
    once = FILES["chapters/zh/market.md"]

    with pytest.raises(BadInput, match=r"market\.md:\d+: the exhibit is placed a second time.*found fig03"):
        assembled({"chapters/zh/market.md": once.replace("fig01 fig02", "fig01 fig03")})


def test_every_card_a_number_points_to_exists(assembled):
    report = assembled().report
    runs = [run for block in report.blocks if isinstance(block, Paragraph) for run in block.runs]

    assert {run.card for run in runs if isinstance(run, Bound) and run.card} <= set(report.cards)
    assert {run.exhibit for run in runs if isinstance(run, ExhibitRef)} <= set(report.exhibits)


@pytest.mark.parametrize(
    ("day", "rating"),
    [(date(2025, 2, 9), "看淡"), (date(2025, 3, 20), "看好"), (date(2023, 2, 3), "中性")],
)
def test_the_rating_follows_from_the_theses(assembled, day, rating):
    assert assembled(day=day).report.cover.rating == rating


def test_a_claim_outside_the_rating_may_break_without_moving_it(assembled):
    """A claim of others, followed and found broken, is no reason of the report's own rating."""
    claim = FILES["theses.toml"].replace('id = "cycle"', 'id = "claim"\nrated = false')
    broken = claim.replace('"10 %"', '"30 %"').replace('"0 %"', '"20 %"')
    report = assembled({"theses.toml": FILES["theses.toml"] + "\n" + broken}, day=date(2025, 3, 20)).report

    assert [(thesis.id, thesis.status) for thesis in report.theses] == [
        ("cycle", "holds"),
        ("claim", "broken"),
    ]
    assert report.cover.rating == "看好"
    assert report.theses[1].rule.zh.endswith("不计入评级")


def test_a_chapter_reads_how_a_thesis_stands(assembled):
    text = FILES[ZH] + '\n::: when broken("cycle")\n论点已被推翻。\n:::\n'

    assert not any("推翻" in line for line in prose(assembled({ZH: text}).report.blocks))
    assert any("推翻" in line for line in prose(assembled({ZH: text}, day=date(2025, 2, 9)).report.blocks))


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("19.1", "whole numbers"),
        ("19", "a literal is not evidence"),
        ('"19.1%"', "a literal is not evidence"),
        ('level("sia.sales_yaer.world", "2024")', "unknown series"),
        ('level("sia.sales_year.world", "20x4")', "not a period"),
        ('level("sia.sales_year.world", "2024") | as_unit("furlong")', "unknown unit"),
        ("scope.__class__", "whole numbers"),
        ('__import__("os")', "unknown function"),
    ],
)
def test_a_wrong_expression_is_one_line_at_its_file_and_line(assembled, expression, what):
    text = FILES[ZH] + "\n\n又及{{ " + expression + " }}。\n"
    line = text.count("\n")
    with pytest.raises(BadInput) as caught:
        assembled({ZH: text})
    assert str(caught.value).startswith(f"{ZH}:{line}: ")
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_heading_with_an_unknown_is_listed_and_not_a_crash(assembled):
    text = FILES[ZH].replace("## 供给", '## 供给{{ level("sia.sales_year.world", "2025") }}')
    done = assembled({ZH: text})

    assert (ZH, 5) in [(entry.chapter, entry.line) for entry in done.omitted]


def test_the_appendix_counts_what_the_report_rests_on(assembled):
    done = assembled()

    weak = sum(leaf.source == "blog" for leaf in done.leaves)
    assert weak == 1
    assert any(
        f"共使用 {len(done.leaves)} 个观测值" in text and "1 个来自弱来源，2 个为回填" in text
        for text in prose(done.report.appendix)
    )
