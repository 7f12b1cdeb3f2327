"""The build audits its own report: what the traces refute is the audit's fault, what they do not is the report's."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest
from mini_study import FILES, write_study

from waferline.audit.document import Block, Document
from waferline.audit.finding import Finding, Span
from waferline.build.as_printed import AsPrinted, Shown, as_printed
from waferline.build.audit_words import contradictions, summary
from waferline.build.build import build, open_evidence, snapshot
from waferline.build.self_audit import held_against_traces
from waferline.quantity.period import Period
from waferline.quantity.quantity import Leaf, apply, observed
from waferline.quantity.relations import relation
from waferline.quantity.units import unit
from waferline.study.assembly import assemble
from waferline.study.study import load_study

MARKET = "chapters/zh/market.md"
GROWN = '，同比{{ yoy("sia.sales_year.world", "2024") | said }}。'
WRONG_BASE = '，上年为{{ level("sia.sales_year.world", "2022") }}' + GROWN


def seen(literal, period, series="sales", measure="USD bn", known="2025-02-01"):
    """An observation, as the algebra sees it."""
    day = date.fromisoformat(known)
    return observed(
        Leaf(series, "", Period.parse(period), "", "", literal, unit(measure), day, day, "stated", "s", "realised", False)
    )  # fmt: skip


def said(text, *numbers):
    """A report of one paragraph a line that prints these quantities, in order; each is (its words, its quantity)."""
    shown, at = [], 0
    for words, quantity in numbers:
        at = text.index(words, at)
        shown.append(Shown(at, at + len(words), quantity))
        at += len(words)
    starts = [0, *(i + 1 for i, sign in enumerate(text) if sign == "\n")]
    blocks = [Block("paragraph", i, (text + "\n").index("\n", i)) for i in starts]
    return AsPrinted(Document("report.en", text, tuple(blocks)), tuple(shown))


def accused(printed, name, stated, **inputs):
    """What the traces say of a finding about the printed words, whose place is the stated number's paragraph."""
    text = printed.document.text

    def span(words, role):
        return Span(text.rindex(words), text.rindex(words) + len(words), words, role)

    block = next(b for b in printed.document.blocks if b.start <= text.rindex(stated) < b.end)
    spans = tuple(span(words, role) for role, words in inputs.items())
    finding = Finding(span(stated, "stated"), name, "inconsistent", spans, place=(block.start, block.end))
    return held_against_traces(printed, finding)[0]


@pytest.fixture
def contradicting(tmp_path, cache):
    """A build of the mini study with one sentence that gives the wrong base."""
    assert GROWN in FILES[MARKET]
    root = write_study(tmp_path / "study", {MARKET: FILES[MARKET].replace(GROWN, WRONG_BASE)})
    return build(root, tmp_path / "out", day=date(2025, 3, 20), formats=(), cache=cache)


def test_a_sentence_that_prints_the_wrong_base_is_listed_and_the_report_still_written(contradicting):
    (found,) = json.loads((contradicting.out / "build.json").read_text("utf-8"))["self_audit"]["zh"][
        "inconsistent"
    ]

    assert contradicting.contradicts_itself
    assert (found["relation"], found["stated"], found["recomputed"]) == ("yoy", "19.1%", "9.32")
    assert [(one["role"], one["text"]) for one in found["inputs"]] == [
        ("new", "6276亿美元"), ("old", "5741亿美元"),
    ]  # fmt: skip
    assert "上年为5741亿美元" in found["sentence"]


def test_the_lines_for_people_name_report_relation_and_sentence(contradicting):
    (line,) = contradictions(contradicting.self_audit)

    assert line.startswith("report.zh: inconsistent (yoy): 6276亿美元 / 5741亿美元 − 1 = 9.32%")
    assert "1 inconsistent" in summary("zh", contradicting.self_audit["zh"])


def test_the_mini_study_does_not_contradict_itself_in_chinese(built):
    found = built(langs=("zh",)).self_audit["zh"]

    assert (found["inconsistent"], found["basis_mismatch"], found["refuted"]) == ([], [], [])
    assert found["checked"] == found["consistent"] > 0


def test_a_report_in_which_nothing_could_be_checked_is_not_called_consistent():
    said_of = summary("en", {"checked": 0, "consistent": 0, "numbers": 3, "untested": 3})

    assert "no relation" in said_of and "consistent" not in said_of


def test_a_remark_is_listed_and_does_not_decide_the_exit_status(tmp_path, cache):
    changed = FILES[MARKET].replace("显示，2024年", "及图 9显示，2024年")
    names = FILES["names.toml"].replace('"5G"', '"5G", "图 9"')
    root = write_study(tmp_path / "study", {MARKET: changed, "names.toml": names})
    built = build(root, tmp_path / "out", day=date(2025, 3, 20), formats=(), cache=cache)

    (remark,) = built.self_audit["zh"]["remarks"]
    assert (remark["kind"], built.contradicts_itself) == ("figure_missing", False)


def test_a_build_known_before_says_the_same_of_itself(contradicting, tmp_path, cache):
    again = build(tmp_path / "study", tmp_path / "two", day=date(2025, 3, 20), formats=(), cache=cache)

    assert again.self_audit == contradicting.self_audit


def test_every_number_of_prose_and_tables_stands_where_the_layout_says(mini_root, cache):
    known = snapshot(open_evidence(mini_root, cache), date(2025, 3, 20))
    made = assemble(load_study(mini_root, ("zh",)), known, "zh")
    printed = as_printed(made.report, made.quantities, made.ends)
    text = printed.document.text

    prose = [(text[s.start : s.end], s.quantity.value) for s in printed.shown]
    assert ("6276亿美元", Fraction("627.6")) in prose
    cells = [text[c.start : c.end] for b in printed.document.blocks if b.kind == "table" for c in b.cells]
    assert cells == [
        "时间", "规模（十亿美元）", "指标", "全球销售额", "627.6", "全球半导体年度销售额", "市场预测", "611.2",
        "半导体市场预测",
    ]  # fmt: skip
    assert all(a.end <= b.start for a, b in zip(printed.shown, printed.shown[1:], strict=False))


def test_a_finding_that_the_values_behind_the_numbers_satisfy_is_refuted():
    new, old = seen("627.6", "2024"), seen("526.8", "2023")
    printed = said(
        "627.6, 526.8, 19.1%", ("627.6", new), ("526.8", old), ("19.1%", apply(relation("yoy"), new, old))
    )

    assert accused(printed, "yoy", "19.1%", new="627.6", old="526.8") == "refuted"


def test_a_finding_that_passes_over_the_operands_printed_in_its_sentence_is_refuted():
    new, old, other = seen("627.6", "2024"), seen("526.8", "2023"), seen("574.1", "2022")
    rate = apply(relation("yoy"), new, old)
    printed = said(
        "627.6 after 526.8 and 574.1: 19.1%",
        ("627.6", new),
        ("526.8", old),
        ("574.1", other),
        ("19.1%", rate),
    )

    assert accused(printed, "yoy", "19.1%", new="627.6", old="574.1") == "refuted"


def test_a_base_fetched_from_another_paragraph_that_the_rate_does_not_rest_on_is_refuted():
    new, old, far = seen("627.6", "2024"), seen("526.8", "2023"), seen("59.9", "2023", "other")
    rate = apply(relation("yoy"), new, old)
    printed = said("59.9 before\n627.6, up 19.1%", ("59.9", far), ("627.6", new), ("19.1%", rate))

    assert accused(printed, "yoy", "19.1%", new="627.6", old="59.9") == "refuted"


def test_a_year_fetched_as_the_base_of_a_published_monthly_rate_is_refuted():
    year, month, rate = (
        seen("526.8", "2023"),
        seen("59.9", "2025-06", "avg"),
        seen("19.6", "2025-06", "avg.yoy", "%"),
    )
    printed = said("526.8 in 2023\n59.9, up 19.6%", ("526.8", year), ("59.9", month), ("19.6%", rate))

    assert accused(printed, "yoy", "19.6%", new="59.9", old="526.8") == "refuted"


def test_a_wrong_base_in_the_very_sentence_is_never_refuted():
    new, old, wrong = seen("627.6", "2024"), seen("526.8", "2023"), seen("574.1", "2022")
    rate = apply(relation("yoy"), new, old)
    printed = said("627.6 from 574.1: 19.1%", ("627.6", new), ("574.1", wrong), ("19.1%", rate))

    assert accused(printed, "yoy", "19.1%", new="627.6", old="574.1") == "inconsistent"


def test_a_direction_word_against_its_numbers_is_never_refuted():
    new, old = seen("627.6", "2024"), seen("526.8", "2023")
    rate = apply(relation("yoy"), new, old)
    printed = said("627.6, 526.8, down 19.1%", ("627.6", new), ("526.8", old), ("19.1%", rate))

    assert accused(printed, "direction", "19.1%", new="627.6", old="526.8") == "inconsistent"


def test_a_number_that_nothing_is_bound_to_has_no_trace_to_refute_with():
    new = seen("627.6", "2024")
    printed = said("627.6, 526.8, 19.1%", ("627.6", new))

    assert accused(printed, "yoy", "19.1%", new="627.6", old="526.8") == "inconsistent"


RELEASES = ("2025-03-11", "2025-03-11", "2024-03-05")


@pytest.mark.parametrize(
    ("base", "rate", "known", "outcome"),
    [
        ("47.6", "17.9", RELEASES, "basis_mismatch"),  # SIA's January 2025, on the base it had restated
        ("47.6", "71.9", RELEASES, "inconsistent"),  # no revision is that large
        ("47.6", "17.9", ("2025-03-11",) * 3, "inconsistent"),  # one release contradicts itself
    ],
)
def test_a_published_rate_beside_another_print_of_its_base_has_another_basis(base, rate, known, outcome):
    stated = seen(rate, "2025-01", "sia.yoy", "%", known[0])
    new, old = seen("56.5", "2025-01", "sia", known=known[1]), seen(base, "2024-01", "sia", known=known[2])
    printed = said(f"{base}, 56.5, {rate}%", (base, old), ("56.5", new), (f"{rate}%", stated))

    assert accused(printed, "yoy", f"{rate}%", new="56.5", old=base) == outcome


def test_a_rate_of_another_series_has_no_other_basis():
    stated, new, old = seen("17.9", "2025-01", "korea.yoy", "%"), seen("56.5", "2025-01", "sia"), seen("47.6", "2024-01", "sia", known="2024-03-05")  # fmt: skip
    printed = said("47.6, 56.5, 17.9%", ("47.6", old), ("56.5", new), ("17.9%", stated))

    assert accused(printed, "yoy", "17.9%", new="56.5", old="47.6") == "inconsistent"
