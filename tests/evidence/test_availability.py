"""The five rules, and until when a row is the newest of its house."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.evidence import table
from waferline.evidence.availability import known_from
from waferline.evidence.model import FOREVER, Observation, Series
from waferline.evidence.snapshot import Snapshot
from waferline.quantity.period import Period

YEAR = Period.parse("2024")
DAYS = st.dates(date(2025, 1, 1), date(2025, 1, 12))
SALES = Series("s", "销售额", "sales", "USD bn", "year", "realised", "WSTS", 40, False, "", "", "")


RECORDED = (None, None, "2026-11-23")


def known(series=SALES, period=YEAR, kind="realised", print_="first", edition="", days=RECORDED):
    published, public_by, recorded = (date.fromisoformat(day) if day else None for day in days)
    since, basis = known_from(
        where="a.csv:2", series=series, period=period, kind=kind, print_=print_, edition=edition,
        published=published, public_by=public_by, recorded=recorded,
    )  # fmt: skip
    return str(since), basis


def row(value="1", *, known_from=date(2025, 1, 1), by="WSTS", edition="", print_="first", line=2, **rest):
    return replace(
        Observation(
            "s", "", YEAR, value, "USD bn", by, edition, known_from, None, None, print_, "realised", "press",
            "", "",
            False, known_from, FOREVER, "stated", "a.csv", line,
        ),
        **rest,
    )  # fmt: skip


def closed(*parts):
    """The rows of the parts as the store holds them: in its order, each with its end."""
    return tuple(table.Table.of([table.part(list(rows)) for rows in parts]).every_row())


def as_of(rows, day):
    return Snapshot(day, series={"s": SALES}, sources={}, rows=lambda _: rows)


def test_rule_1_a_stated_publication_day_wins_over_everything():
    assert known(days=("2025-02-07", "2025-03-01", "2026-11-23")) == ("2025-02-07", "stated")
    assert known(print_="later", days=("2025-02-07", None, "2026-11-23")) == ("2025-02-07", "stated")
    assert known(kind="forecast", days=("2024-12-03", None, "2026-11-23")) == ("2024-12-03", "stated")


def test_rule_2_public_by_comes_second_for_every_print_and_kind():
    assert known(days=(None, "2025-03-01", "2026-11-23")) == ("2025-03-01", "by")
    assert known(print_="later", days=(None, "2025-03-01", "2026-11-23")) == ("2025-03-01", "by")
    assert known(kind="guidance", days=(None, "2025-03-01", "2026-11-23")) == ("2025-03-01", "by")


def test_rule_3_a_first_print_is_known_the_declared_days_after_its_period():
    assert known() == ("2025-02-09", "assumed")


def test_rule_3_never_reaches_past_the_day_the_row_was_written_down():
    assert known(period=Period.parse("2026"), days=(None, None, "2026-11-23")) == ("2026-11-23", "assumed")


def test_rule_4_a_later_print_is_never_known_from_its_period_end():
    assert known(print_="later") == ("2026-11-23", "restated")
    assert known(print_="later", edition="May 2026") == ("2026-11-23", "restated")
    assert known(print_="later", edition="2026-07-06") == ("2026-07-06", "restated")


@pytest.mark.parametrize("kind", ["forecast", "guidance", "spec"])
def test_rule_5_what_is_not_realised_is_undated_without_an_edition_or_launch_day(kind):
    assert known(kind=kind) == ("2026-11-23", "undated")
    assert known(kind=kind, edition="2024-12-03") == ("2024-12-03", "stated")
    assert known(kind=kind, print_="later") == ("2026-11-23", "undated")


def test_rule_5_a_specification_is_known_from_its_launch():
    assert known(kind="spec", period=Period.parse("2022-03-22")) == ("2022-03-22", "assumed")
    assert known(kind="spec", period=Period.parse("2022-03")) == ("2022-03-31", "assumed")
    assert known(kind="spec", period=Period.parse("2026-11")) == ("2026-11-23", "undated")
    assert known(kind="forecast", period=Period.parse("2022-03")) == ("2026-11-23", "undated")


def test_a_close_dated_by_its_own_day_is_known_after_the_declared_day():
    closes = replace(SALES, frequency="day", known_after=1)
    wednesday = Period.parse("2025-03-19")

    assert known(closes, wednesday, days=("2025-03-19", None, None)) == ("2025-03-20", "stated")
    assert known(closes, wednesday, days=(None, None, None)) == ("2025-03-20", "assumed")
    assert known(closes, wednesday, days=("2025-03-21", None, None)) == ("2025-03-21", "stated")


@pytest.mark.parametrize(("kind", "print_"), [("realised", "later"), ("forecast", "first")])
def test_a_row_without_any_day_is_refused_with_its_line(kind, print_):
    with pytest.raises(BadInput, match=r"a\.csv:2: .* without any day: expected one of published"):
        known(kind=kind, print_=print_, days=(None, None, None))


def test_a_row_is_replaced_on_the_day_its_houses_next_row_is_known():
    first, second = closed([row("630.5", known_from=date(2025, 8, 1)), row("627.6")])

    assert (first.literal, first.known_from, first.known_to) == ("627.6", date(2025, 1, 1), date(2025, 8, 1))
    assert (second.literal, second.known_to) == ("630.5", FOREVER)


def test_a_later_edition_of_one_house_replaces_the_former_and_a_rival_does_not():
    spring, autumn = row("1", edition="spring"), row("2", edition="autumn", known_from=date(2025, 1, 5))
    rival = row("3", by="Gartner", known_from=date(2025, 1, 3))

    ends = {r.literal: r.known_to for r in closed([autumn, rival, spring])}

    assert ends == {"1": date(2025, 1, 5), "2": FOREVER, "3": FOREVER}


def test_an_undated_row_read_later_does_not_replace_a_dated_statement():
    dated = row("35", known_from=date(2025, 1, 3))
    undated = row("32", known_from=date(2025, 1, 9), basis="undated")
    rows = closed([dated, undated])

    assert as_of(rows, date(2025, 1, 12)).observation("s", "2024").literal == "35"
    assert [r.literal for r in rows if r.is_known(date(2025, 1, 12))] == ["35"]


def test_an_undated_row_stands_until_a_dated_one_is_known():
    undated = row("32", known_from=date(2025, 1, 2), basis="undated")
    rows = closed([undated, row("35", known_from=date(2025, 1, 9))])

    seen = [as_of(rows, date(2025, 1, day)).observation("s", "2024").literal for day in (2, 8, 9)]

    assert seen == ["32", "32", "35"]
    assert [r.known_to for r in rows] == [date(2025, 1, 9), FOREVER]


def test_two_values_of_one_house_on_one_day_are_refused_with_both_lines():
    with pytest.raises(
        BadInput, match=r"a\.csv:2: two values of s 2024 .* 1 USD bn here, 2 USD bn in a\.csv:9"
    ):
        closed([row("2", line=9), row("1", line=2)])


def test_two_editions_of_one_day_stand_side_by_side():
    both = closed([row("2", edition="b"), row("1", edition="a")])

    assert {(r.edition, r.known_to) for r in both} == {("a", FOREVER), ("b", FOREVER)}


def test_one_value_written_twice_is_no_tie_and_the_more_precise_is_read():
    rows = closed([row("19.10", line=3), row("19.1", line=2)])

    assert as_of(rows, date(2025, 1, 1)).observation("s", "2024").literal == "19.10"


@settings(deadline=None)
@given(history=st.dictionaries(DAYS, st.integers(1, 3), min_size=1), order=st.randoms(), day=DAYS)
def test_the_newest_row_known_on_the_day_is_read_in_any_order_of_rows(history, order, day):
    rows = [row(str(value), known_from=since, line=n) for n, (since, value) in enumerate(history.items())]
    order.shuffle(rows)

    found = as_of(closed(rows), day).known("s", "2024")

    visible = [since for since in history if since <= day]
    assert (None if found is None else found.value) == (history[max(visible)] if visible else None)


@settings(deadline=None)
@given(
    rows=st.lists(
        st.tuples(DAYS, st.sampled_from("AB"), st.sampled_from(["", "x"])), unique=True, max_size=8
    ),
    day=DAYS,
)
def test_known_from_and_known_to_give_the_newest_day_of_every_house(rows, day):
    made = [
        row(str(n), known_from=since, by=by, edition=edition) for n, (since, by, edition) in enumerate(rows)
    ]

    newest = {(r.by, r.known_from, r.edition) for r in closed(made) if r.is_known(day)}

    last = {by: max(s for s, b, _ in rows if b == by and s <= day) for s, by, _ in rows if s <= day}
    assert newest == {(by, since, edition) for since, by, edition in rows if last.get(by) == since}


@settings(deadline=None)
@given(periods=st.lists(st.tuples(st.integers(2000, 2040), DAYS), unique=True, max_size=6), day=DAYS)
def test_a_row_is_seen_exactly_from_its_day_whatever_its_period(periods, day):
    rows = closed(
        row(str(n), known_from=since, period=Period.parse(str(year)))
        for n, (year, since) in enumerate(periods)
    )

    assert set(as_of(rows, day).periods("s")) == {
        Period.parse(str(y)) for y, since in periods if since <= day
    }


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_figure_amended_and_amended_back_is_read_as_it_stood_each_day(order):
    first = date(2025, 1, 1)
    history = [row(v, known_from=first + timedelta(days=n)) for n, v in enumerate(["46.2", "46.9", "46.2"])]
    rows = closed(history[n] for n in order)

    seen = [as_of(rows, first + timedelta(days=n)).observation("s", "2024").value for n in range(3)]

    assert seen == [Decimal("46.2"), Decimal("46.9"), Decimal("46.2")]
