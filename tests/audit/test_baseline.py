"""An audit against an earlier one: new, gone, changed; and what is no baseline."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sample_audit import TEXT, audit

from waferline.audit.baseline import Changes, FormerAudit, compare, read_baseline
from waferline.audit.faces.records import render_record
from waferline.audit.faces.text import render_text
from waferline.audit.finding import Audit
from waferline.audit.review import Review, reviewed
from waferline.errors import BadInput


@pytest.fixture
def former(tmp_path):
    def write(old: Audit) -> FormerAudit:
        (tmp_path / "old.jsonl").write_text(render_record(Review(old)) + "\n")
        return read_baseline(tmp_path / "old.jsonl")[old.document.name]

    return write


def shifted(text: str = TEXT) -> str:
    return "A new first line of words, without numbers.\n\n" + text


def test_the_same_document_has_no_changes(former):
    assert compare(audit(), former(audit())) == Changes()


def test_a_finding_that_only_moved_is_no_change(former):
    assert compare(audit(shifted()), former(audit())) == Changes()


def test_a_finding_that_was_not_there_is_new_and_one_that_is_not_there_now_is_gone(former):
    less = replace(audit(), findings=audit().findings[1:])

    assert [f.relation for f in compare(audit(), former(less)).new] == ["direction"]
    assert [f.relation for f in compare(less, former(audit())).gone] == ["direction"]


def edited(stated: str, verdict: str = "inconsistent", *, base: str = "1,186.4") -> Audit:
    """The audit after the first sentence was edited."""
    text = TEXT.replace("down 37.9%", stated).replace("1,186.4", base)
    first = audit().findings[0]
    start = text.index(stated)
    spans = [
        replace(s, text=t, start=text.index(t), end=text.index(t) + len(t))
        for s, t in zip(first.inputs, ("1,636.3", base), strict=True)
    ]
    finding = replace(
        first, stated=replace(first.stated, start=start, end=start + len(stated), text=stated),
        inputs=tuple(spans), verdict=verdict,
    )  # fmt: skip
    moved = replace(audit(), document=replace(audit().document, text=text))
    return replace(moved, findings=(finding, *moved.findings[1:]))


def test_other_numbers_in_the_same_words_are_a_change(former):
    changes = compare(edited("down 38.1%", base="1,212.0"), former(audit()))

    assert [(b.stated, a.stated.text) for b, a in changes.changed] == [("down 37.9%", "down 38.1%")]
    assert (changes.new, changes.gone) == ((), ())


def test_a_shared_operand_makes_a_change_where_the_words_differ(former):
    old = former(audit())
    old = replace(old, findings=tuple(replace(f, prefix="", suffix="") for f in old.findings))

    assert len(compare(edited("up 37.9%"), old).changed) == 1
    assert len(compare(edited("up 40.1%", base="9.9"), old).new) == 1


def test_a_rise_printed_as_a_fall_is_a_change_though_the_relation_has_another_name(former):
    first, *rest = audit().findings
    now = replace(audit(), findings=(replace(first, relation="yoy"), *rest))

    assert [(b.relation, a.relation) for b, a in compare(now, former(audit())).changed] == [
        ("direction", "yoy")
    ]


def test_the_same_numbers_with_another_verdict_are_a_change(former):
    first, *rest = audit().findings
    now = replace(audit(), findings=(replace(first, verdict="consistent"), *rest))

    assert [a.verdict for _, a in compare(now, former(audit())).changed] == ["consistent"]


def test_a_second_printing_of_an_old_contradiction_is_new(former):
    first = audit().findings[0]
    twice = replace(audit(), findings=(first, *audit().findings))

    assert len(compare(twice, former(audit())).new) == 1
    assert len(compare(audit(), former(twice)).gone) == 1


def test_remarks_are_new_or_gone(former):
    none = replace(audit(), remarks=())

    assert [r.kind for r in compare(audit(), former(none)).new_remarks] == ["malformed_period"]
    assert [r.kind for r in compare(none, former(audit())).gone_remarks] == ["malformed_period"]


def test_against_a_baseline_only_new_contradictions_count(former):
    assert not reviewed(audit(), baseline=former(audit()), against=True).is_contradicted
    assert reviewed(edited("down 38.1%"), baseline=former(audit()), against=True).is_contradicted
    assert not reviewed(
        edited("up 37.9%", "consistent"), baseline=former(audit()), against=True
    ).is_contradicted
    assert reviewed(audit(), baseline=None, against=True).is_contradicted


def test_an_answered_finding_is_shown_with_what_it_was(former):
    review = reviewed(edited("up 37.9%", "consistent"), baseline=former(audit()), against=True)
    shown = render_text(review)

    assert "[changed] = internally consistent (sources not verified)" in shown
    assert "was inconsistent: down 37.9% ← 1,636.3, 1,186.4" in shown
    assert "44.96%" not in shown.split("harbour.txt: 12 numbers")[0]


def test_a_gone_finding_is_shown_with_its_words(former):
    less = replace(audit(), findings=audit().findings[1:])
    shown = render_text(reviewed(less, baseline=former(audit()), against=True))

    assert "[gone] inconsistent" in shown and "[down 37.9%]" in shown
    assert "against the baseline: new 0, changed 0, gone 1" in shown


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", ("old.jsonl:2", "not a line of JSON")),
        ("[]", ("old.jsonl:2", "not an audit")),
        ('{"file": "a"}', ("old.jsonl:2", "not an audit", "findings")),
        ('{"file": "a", "findings": [{"verdict": "right"}]}', ("old.jsonl:2", "verdict")),
        ('{"file": 3, "findings": []}', ("old.jsonl:2", "not an audit")),
        ('{"file": "harbour.txt", "findings": []}', ("old.jsonl:2", "twice")),
        ("[" * 100_000, ("old.jsonl:2",)),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, words):
    path = tmp_path / "old.jsonl"
    path.write_text(render_record(Review(audit())) + "\n" + line + "\n")

    with pytest.raises(BadInput) as caught:
        read_baseline(path)
    for word in words:
        assert word in str(caught.value)


def test_a_baseline_may_be_a_folder(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / f"{name}.jsonl").write_text(render_record(Review(audit(name=name))))

    assert sorted(read_baseline(tmp_path)) == ["a.txt", "b.txt"]


def test_what_cannot_be_read_is_named(tmp_path):
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe{}")
    for path, words in ((tmp_path / "none.jsonl", "cannot be read"), (tmp_path / "bytes.jsonl", "not UTF-8")):
        with pytest.raises(BadInput, match=words):
            read_baseline(path)


def test_a_record_is_one_line_whatever_the_text_holds(tmp_path: Path):
    text = TEXT.replace(" came to", "\u2028ca\x85me\udc80 to")
    line = render_record(Review(audit(text)))

    assert len(line.splitlines()) == 1
    line.encode("utf-8")
    assert json.loads(line) == audit(text).to_json()


def test_a_record_has_the_waived_and_the_baseline_only_where_they_were_given(former):
    assert set(json.loads(render_record(Review(audit())))) == set(audit().to_json())
    told = json.loads(render_record(reviewed(edited("up 37.9%"), baseline=former(audit()), against=True)))
    assert told["baseline"]["changed"][0]["from"]["stated"] == "down 37.9%"
