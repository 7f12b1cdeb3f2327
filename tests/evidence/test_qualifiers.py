"""The word a value was printed with is kept in its row's note; words about other numbers are no word of the value."""

from __future__ import annotations

import pytest

from waferline.evidence.qualifiers import qualifier_in


@pytest.mark.parametrize(
    ("note", "literal", "qualifier"),
    [
        ("more than 187; +69%; site-level address", "187", "above"),
        ('implied by "Q2 run rate", printed as more than 118', "118", "above"),
        (
            "section 2.4; printed as about 2050 亿美元; TrendForce in July 2024 said more than 187",
            "205",
            "about",
        ),
        ("nearly; site-level address", "9", "nearly"),
        ('"less than 10"; estimate', "10", "below"),
        ("table 9; printed as below 15%", "15", "below"),
        ('"nearly 6,000"', "6000", "nearly"),
        ('printed as "100%+": lower bound', "100", "above"),
        ('"possibly over 40,000": lower bound', "40000", "above"),
        ('printed as "more than 150 万 WPM": a lower bound', "1.5", "above"),
    ],
)
def test_a_clause_that_is_the_word_qualifies_the_value(note, literal, qualifier):
    assert qualifier_in(note, literal) == qualifier


@pytest.mark.parametrize(
    ("note", "literal"),
    [
        ("", "5"),
        ("about 20% finance leases", "37.5"),
        ("about 3% of the world", "0.05"),
        ("revision of 41.5%", "46"),
        ("nearly 60% of PCs", "167"),
        ("table 9; printed as below 15%", "20"),
        ("above all a forecast", "5"),
    ],
)
def test_words_about_another_number_are_not_the_values(note, literal):
    assert qualifier_in(note, literal) == ""
