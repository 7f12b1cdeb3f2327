"""Proposed links: a good one confirms, a false one accuses nobody, a broken proposer costs one line."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from waferline.audit import audit_text
from waferline.errors import BadInput

DOCS = sorted((Path(__file__).parents[2] / "data" / "audit" / "docs").glob("tune_*.txt"))
FAR = (
    "The maker shipped 1,636 thousand lenses.\n\nA long paragraph about the weather stands here.\n\n"
    "It was a good year for all.\n\nBefore that, 1,186 thousand had left the plant.\n\nSome words.\n\nMore words.\n\n"
    "Its growth of {growth} was noticed."
)
Ask = Callable[[Mapping[str, Any]], Iterator[object]]


def links(*wanted: tuple[str, str, tuple[str, ...]]) -> Ask:
    """A proposer of links told by the printed texts of their numbers."""

    def propose(request: Mapping[str, Any]) -> Iterator[object]:
        places = {text: [start, end] for start, end, text in request["mentions"]}
        for relation, stated, inputs in wanted:
            yield {
                "relation": relation,
                "stated": places[stated],
                "inputs": [places[one] for one in inputs],
            }

    return propose


def added(text: str, propose: Ask) -> list:
    """What a proposer adds; nothing else may change."""
    alone, helped = audit_text(text), audit_text(text, propose=propose)
    assert [f for f in helped.findings if not f.proposed] == list(alone.findings)
    assert helped.untested == alone.untested
    return [f for f in helped.findings if f.proposed]


def test_a_link_that_no_rule_saw_is_confirmed():
    text = FAR.format(growth="37.9%")
    assert audit_text(text).findings == ()

    (found,) = added(text, links(("yoy", "37.9%", ("1,636 thousand", "1,186 thousand"))))

    assert (found.verdict, found.relation, found.recomputed) == ("consistent", "yoy", "37.94")
    assert found.confidence < 0.5
    assert "proposed from outside" in found.explanation.en
    assert found.to_json()["proposed"] is True


def test_a_link_whose_arithmetic_fails_cannot_be_decided():
    text = FAR.format(growth="31.9%")

    (found,) = added(text, links(("yoy", "31.9%", ("1,636 thousand", "1,186 thousand"))))

    assert found.verdict == "unverifiable"
    assert "37.94" in found.explanation.en and "proposed from outside" in found.explanation.en


def test_our_own_finding_stands_whatever_is_proposed():
    text = "2024年销售额627.6亿元，上年为526.8亿元，增长91.1%。门店有614家。"
    (own,) = audit_text(text).findings

    same = links(("yoy", "91.1%", ("627.6亿元", "526.8亿元")))

    assert own.verdict == "inconsistent"
    assert added(text, same) == []
    assert "known to the rules 1" in audit_text(text, propose=same).document.notes[0]


@pytest.mark.parametrize(
    ("text", "link", "verdict"),
    [
        # the years are read from the text, not from the proposer
        ("由3.2亿元起步。\n\n一段。\n\n其规模为9.6亿元。\n\n一段。\n\n历时5年，每年24.6%。",
         ("cagr", "24.6%", ("9.6亿元", "3.2亿元", "5年")), "consistent"),
        ("In the north 41.3 million. \n\nWords.\n\nIn the south 20.4 million.\n\nWords.\n\nWords.\n\nAll had 61.7 million.",
         ("sum", "61.7 million", ("41.3 million", "20.4 million")), "consistent"),
        ("The first gave 52.3%.\n\nWords.\n\nWords.\n\nWords.\n\nThe next 46.5%.\n\nWords.\n\nWords.\n\nThat is 5.8 percentage points.",
         ("difference", "5.8 percentage points", ("46.5%", "52.3%")), "consistent"),
        ("A price of $2.00.\n\nWords.\n\nWords.\n\nThey sold 2,788 cards.\n\nWords.\n\nWords.\n\nIt brought $5,576.",
         ("product", "$5,576", ("2,788", "$2.00")), "consistent"),
    ],
)  # fmt: skip
def test_each_relation_is_recomputed_here(text, link, verdict):
    assert [f.verdict for f in added(text, links(link))] == [verdict]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("no JSON", "1 not an object in JSON"),
        (None, "1 not an object in JSON"),
        ([1, 2], "1 not an object in JSON"),
        ({"relation": "restatement", "stated": [18, 32], "inputs": [[1, 2], [3, 4]]}, "1 of no relation"),
        ({"relation": ["yoy"], "stated": [18, 32], "inputs": [[1, 2], [3, 4]]}, "1 of no relation"),
        ({"relation": "yoy", "stated": [18, 32]}, "1 without stated and inputs"),
        ({"relation": "yoy", "stated": {"a": 1}, "inputs": [[1, 2], [3, 4]]}, "1 without stated and inputs"),
        ({"relation": "yoy", "stated": [18, 32], "inputs": [[1, 2]]}, "1 with a wrong count of inputs"),
        ({"relation": "yoy", "stated": [18, 32], "inputs": [[1, 2], [3, 4]]}, "1 not at printed numbers"),
        ({"relation": "yoy", "stated": [18, 32], "inputs": [[1, 2], "34"]}, "1 not at printed numbers"),
        ({"relation": "yoy", "stated": [True, 32], "inputs": [[1, 2], [3, 4]]}, "1 without stated and inputs"),
        ({"relation": "sum", "stated": [18, 32], "inputs": [[18, 32], [18, 32]]}, "1 with a number twice"),
        ({"relation": "cagr", "stated": [18, 32], "inputs": [[18, 32]] * 2}, "1 with a number twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_counted_and_named_in_one_line(answer, why):
    audit = audit_text(FAR.format(growth="37.9%"), propose=lambda request: [answer])

    assert audit.findings == ()
    (note,) = audit.document.notes
    assert why in note and "\n" not in note


@pytest.mark.parametrize(
    "link",
    [
        ("share", "37.9%", ("1,636 thousand", "37.9%")),
        ("difference", "37.9%", ("1,636 thousand", "1,186 thousand")),
        ("cagr", "37.9%", ("1,636 thousand", "1,186 thousand")),
    ],
)
def test_units_and_years_that_do_not_fit_say_nothing(link):
    assert added(FAR.format(growth="37.9%"), links(link)) == []


def test_a_proposer_that_gives_up_costs_one_line():
    def gives_up(request: Mapping[str, Any]) -> list[object]:
        raise BadInput("my-model", "took more than 3 seconds")

    audit = audit_text("2024年销售额627.6亿元，上年为526.8亿元，增长91.1%。", propose=gives_up)

    assert [f.verdict for f in audit.findings] == ["inconsistent"]
    assert audit.document.notes == ("no link was proposed: my-model: took more than 3 seconds",)


def test_lies_accuse_nobody():
    """Random links over every document: no finding of the rules goes or changes, and no number is accused."""
    chance = random.Random(20250320)
    many = 0

    def lies(request: Mapping[str, Any]) -> Iterator[object]:
        places = [[start, end] for start, end, _ in request["mentions"]]
        relations = list(request["relations"])
        for _ in range(60 if len(places) > 3 else 0):
            stated, *inputs = chance.sample(places, 3)
            yield {"relation": chance.choice(relations), "stated": stated, "inputs": inputs}

    for path in DOCS:
        found = added(path.read_text(encoding="utf-8"), lies)
        many += len(found)
        assert {f.verdict for f in found} <= {"consistent", "unverifiable", "basis_mismatch"}, path.stem

    assert many > 100  # the lies were looked at


def test_a_chance_fit_of_coarse_numbers_confirms_nothing():
    text = (
        "It has 3 plants.\n\nWords.\n\nWords.\n\nThere were 2 plants.\n\nWords.\n\nWords.\n\nGrowth was 50%."
    )

    assert added(text, links(("yoy", "50%", ("3", "2")))) == []
