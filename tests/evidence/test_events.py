"""A dated fact is evidence: it has a source and is unknown before the day it became public."""

from __future__ import annotations

from datetime import date

import pytest

from waferline.errors import BadInput
from waferline.evidence.loading import read_events
from waferline.evidence.model import Source
from waferline.evidence.snapshot import Snapshot

HEAD = "day,label_zh,label_en,source,published,note\n"
FUND = "2024-05-24,大基金三期登记成立,the third fund is registered,registry,2024-05-27,\n"
SORA = "2024-02-15,公布Sora,Sora is shown,registry,2024-02-16,\n"
SOURCES = {"registry": Source("registry", "登记", "Registry", "official", "", "", "")}


def events(tmp_path, text):
    (tmp_path / "events.csv").write_text(HEAD + text, "utf-8")
    return read_events(tmp_path, SOURCES)


def as_of(found, day):
    return Snapshot(day, series={}, sources=SOURCES, rows=lambda _: (), events=found)


def test_an_event_is_unknown_before_the_day_it_became_public(tmp_path):
    found = events(tmp_path, FUND)
    year = date(2024, 1, 1), date(2024, 12, 31)

    assert as_of(found, date(2024, 5, 26)).events(*year) == ()
    assert [event.label("en") for event in as_of(found, date(2024, 5, 27)).events(*year)] == [
        "the third fund is registered"
    ]


def test_events_come_in_the_order_they_became_public_and_of_the_stretch_alone(tmp_path):
    known = as_of(events(tmp_path, FUND + SORA), date(2025, 1, 1))

    assert [event.day for event in known.events(date(2024, 1, 1), date(2024, 12, 31))] == [
        date(2024, 2, 15),
        date(2024, 5, 24),
    ]
    assert [event.day for event in known.events(date(2024, 2, 16), date(2024, 5, 26))] == [date(2024, 2, 15)]


def test_a_study_without_events_has_none(tmp_path):
    assert read_events(tmp_path, SOURCES) == ()


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (FUND.replace("registry", "nobody"), "events.csv:2:source: unknown source"),
        (FUND.replace("2024-05-27", ""), "events.csv:2:published: an empty cell"),
        (FUND.replace("2024-05-27", "May 2024"), "events.csv:2:published: no day"),
        (
            FUND.replace("2024-05-27", "2024-05-23"),
            "events.csv:2:published: an event public before it happened",
        ),
        (FUND.replace("the third fund is registered", ""), "events.csv:2:label_en: an empty cell"),
    ],
)
def test_a_wrong_row_is_one_line_at_its_cell(tmp_path, row, what):
    with pytest.raises(BadInput) as caught:
        events(tmp_path, row)
    assert str(caught.value).startswith(what)
