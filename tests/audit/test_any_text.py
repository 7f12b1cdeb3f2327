"""Whatever the text, the audit answers: no exception, spans that are their text, ids that stay, JSON that can be written."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waferline.audit import audit_text
from waferline.audit.mentions import mentions_of
from waferline.audit.spelling import spelled

_SIGNS = st.characters(exclude_categories=())  # surrogates and NUL too
_DIGITS = st.one_of(
    st.integers(0, 10**26).map(str),
    st.decimals(0, 10**7, places=2, allow_nan=False).map(str),
    st.integers(0, 10**9).map("{:,}".format),
    st.sampled_from(
        ["0", "00", "٣", "１２．５", "½", "10²", "①", "三", "十二", "1e9", "2024", "1.2.3", "1,23,456"]
    ),
)
_BEFORE = st.sampled_from(
    ["", "-", "−", "+", "~", "(", "约", "近", "超", "about ", "nearly ", "up to ", "$", "US$ ", "NT$", "RMB", "€",
     "图", "Figure ", "第", "FY", "Q", "from ", "至", "占", "同比增长", "下降", "rose ", "fell by ", "total of "]
)  # fmt: skip
_AFTER = st.sampled_from(
    ["", "%", "％", "‰", "亿", "萬", "万亿元", " billion", " mıllion", "bn", "k", "m", "倍", "成", "个百分点", "bp", "x",
     " percent", "-fold", "年", "月", "Q4", "季度", "nm", "台", " units", "元/台", "以上", "+", ")", "）", "E", "H1"]
)  # fmt: skip
_NUMBER = st.tuples(_BEFORE, _DIGITS, _AFTER).map("".join)
_WORDS = st.sampled_from(
    ["，", "。", "；", ", ", ". ", " and ", " from ", " to ", "、", "其中", "上年同期", "去年", "2024年", "24Q4", " a year ago", "环比",
     "合计", "占比", "复合增长率", "CAGR of ", "32年", "连续", "创历史新高", "预计", "\n", "\n\n", "\t", " | ", "|", "  ", "\0", "\u202e",
     "\ud800", "😀", "Figure 1: ", "来源：", "|---|\n", "13月", "2024-02-30", "9999年", "year ended ", "第五季度", "0年"]
)  # fmt: skip
_GRAMMAR = st.lists(st.one_of(_NUMBER, _WORDS), max_size=24).map("".join)
_TEXTS = st.one_of(
    _GRAMMAR, st.text(_SIGNS, max_size=80), st.tuples(_GRAMMAR, st.text(_SIGNS, max_size=9)).map("".join)
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(text=_TEXTS)
def test_an_audit_of_anything(text):
    audit = audit_text(text)
    spans = [s for f in audit.findings for s in (f.stated, *f.inputs)]
    spans += [*audit.untested, *(r.span for r in audit.remarks)]
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
    for finding in audit.findings:
        assert 0 <= finding.confidence <= 1
        assert 0 <= finding.place[0] <= finding.stated.start < finding.place[1] <= len(text)
    told = json.dumps([audit.to_json("en"), audit.to_json("zh")])
    assert json.dumps([audit_text(text).to_json(lang) for lang in ("en", "zh")]) == told
    assert audit._repr_html_()


@settings(max_examples=300, deadline=None)
@given(text=_TEXTS)
def test_mentions_of_anything(text):
    assert len(spelled(text)) == len(text)
    mentions = mentions_of(spelled(text), text)
    for m in mentions:
        assert 0 <= m.start <= m.first < m.last <= m.end <= len(text)
        assert text[m.start : m.end] == m.text
        assert m.step > 0
        assert m.exact.low <= m.value <= m.exact.high
    assert [m.first for m in mentions] == sorted(m.first for m in mentions)


@settings(max_examples=100, deadline=None)
@given(text=_GRAMMAR)
def test_an_id_does_not_depend_on_what_stands_before(text):
    ids = [f.id for f in audit_text(text).findings]
    moved = [f.id for f in audit_text("这一段没有数字。\n\n" + text).findings]
    assert moved == ids


@pytest.mark.parametrize("text", ["٣ million", "1٣亿元", "12½ million", "½", "𝟏𝟐 billion"])
def test_other_digits_are_no_numbers_and_part_of_one_is_none(text):
    assert mentions_of(spelled(text), text) == []


@pytest.mark.parametrize(
    ("text", "value"), [("１２．５％", "12.5%"), ("12.5%²", "12.5%"), ("３4 units", "34 units")]
)
def test_full_width_digits_are_numbers_and_a_note_mark_is_not(text, value):
    assert [m.value for m in mentions_of(spelled(text), text)] == [m.value for m in mentions_of(value)]


def test_the_text_of_a_range_is_as_printed():
    text = "第三季624－637億美元，另100億美元，合計730億美元。"
    spans = [s for f in audit_text(text).findings for s in f.inputs]
    assert "624－637億美元" in [s.text for s in spans]
    assert all(text[s.start : s.end] == s.text for s in spans)


# Found by mutating real sentences at random.
@pytest.mark.parametrize("text", ["4mıllion", "9mİllion", "5 ſeconds", "7~0亿"])
def test_what_once_broke_the_audit(text):
    audit_text(text)
