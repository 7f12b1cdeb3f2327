"""Looking only where a period or a number may begin finds every one there is."""

import re

from audit.accuracy import labelled
from hypothesis import given
from hypothesis import strategies as st

from waferline.audit.mentions.scan import _BEGINS as _NUMBER_BEGINS
from waferline.audit.mentions.scan import _NUMBER
from waferline.audit.periods import _BEGINS, _PATTERN
from waferline.audit.spelling import spelled

_NOT_IN_A_WORD = r"(?!(?<=[a-z])[a-z])"
_EVERYWHERE = re.compile(_NOT_IN_A_WORD + _PATTERN.pattern.removeprefix(_BEGINS), _PATTERN.flags)
_CHINESE = "去年同期 较上年 同期 上半年 下半年 全年 第一季度 三季度 前三季度 前十一个月 1-8月 2024年 24Q4 4Q24 Q4 H1 FY2024 25财年 上月 上季度"
_ENGLISH = (
    "last year|the prior quarter|a year ago|same period of last year|corresponding quarter|year-earlier|preceding year|"
    "twelve months earlier|one quarter before|previous month|first half|third quarter of 2024|fiscal 2025|2nd quarter|"
    "first nine months of 2023|January 2024|in May|for August|since December|year ended March 2024|FY24|2024E"
)
_WORDS = st.sampled_from([*_CHINESE.split(), *_ENGLISH.split("|")])


def _same(text: str) -> bool:
    found = [m.span() for m in _PATTERN.finditer(text)]
    return found == [m.span() for m in _EVERYWHERE.finditer(text)]


def test_every_period_of_the_labelled_documents():
    assert _EVERYWHERE.pattern != _PATTERN.pattern
    assert all(_same(spelled(text)) for text in labelled().texts.values())


@given(st.lists(st.one_of(_WORDS, st.text(max_size=4)), max_size=8).map("".join))
def test_every_period_of_any_text(text):
    assert _same(spelled(text))
    assert _same(spelled(text.upper()))


def test_a_period_begins_with_a_word():
    assert [m.group() for m in _PATTERN.finditer("the margin last year")] == ["last year"]


@given(st.text("1２,.-%$€¥£ USRMBNTHK人民币新台港元美a", max_size=24))
def test_looking_only_where_a_number_may_begin_finds_every_number(text):
    everywhere = re.compile(_NUMBER.pattern.removeprefix(_NUMBER_BEGINS), _NUMBER.flags)
    assert everywhere.pattern != _NUMBER.pattern
    assert [m.span() for m in _NUMBER.finditer(text)] == [m.span() for m in everywhere.finditer(text)]
