"""Sentences of our own reports that the audit was wrong about, as short as they can be and still mislead it."""

from __future__ import annotations

from waferline.audit import audit_text

OVERLAPPING_COUNTS = (
    "The report rests on 3128 observations; for 1390 of them (44.4%) the day is assumed (period end plus a lag), "
    "53 come from weak sources."
)
A_YEAR_BEFORE_A_MONTH = (
    "World semiconductor sales for 2024 came to USD 630.5 bn, against USD 526.8 bn the year before: the market grew "
    "19.7%. In the monthly data, the latest three-month moving average, for June 2025, was USD 59.9 bn; the latest "
    "growth rate is 19.6% on the year."
)


def accusations(text):
    found = audit_text(text).of("inconsistent")
    return [(one.relation, one.stated.text, [span.text for span in one.inputs]) for one in found]


def test_counts_that_overlap_are_no_parts_of_a_sum():
    assert accusations(OVERLAPPING_COUNTS) == []


def test_a_year_is_not_the_base_of_a_month():
    assert accusations(A_YEAR_BEFORE_A_MONTH) == []
