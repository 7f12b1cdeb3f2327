"""What a Snapshot answers, refuses and does not see."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from waferline.errors import BadInput, NotKnown
from waferline.quantity.period import Period

FIRST = {"published": "2025-02-07"}
REVISED = {"value": "630.5", "published": "2026-02-06", "print": "later"}
# WSTS: held only in the edition of May 2026, which has no publication day.
EDITION = {"series": "wsts.billings.world", "edition": "May 2026", "print": "later"}
REFERENCE_DAY = date(2025, 3, 20)


def literal(quantity):
    return quantity.trace.literal


def test_revision_published_later_is_not_visible_before(opened):
    evidence = opened(FIRST, REVISED)

    assert literal(evidence.as_of(date(2026, 2, 5)).level("wsts.sales.world", "2024")) == "627.6"
    assert literal(evidence.as_of(date(2026, 2, 6)).level("wsts.sales.world", "2024")) == "630.5"


def test_the_first_print_is_read_only_by_asking(opened):
    snapshot = opened(FIRST, REVISED).as_of(date(2026, 11, 1))

    assert literal(snapshot.level("wsts.sales.world", "2024", vintage="first")) == "627.6"
    assert literal(snapshot.level("wsts.sales.world", "2024")) == "630.5"


def test_a_later_edition_never_passes_for_a_first_print(opened):
    snapshot = opened(EDITION | {"period": "2024-12", "value": "57.1"}).as_of(date(2026, 11, 23))

    with pytest.raises(NotKnown, match="holds no first print"):
        snapshot.level("wsts.billings.world", "2024-12", vintage="first")


def test_a_row_is_not_known_the_day_before(opened):
    snapshot = opened(FIRST).as_of(date(2025, 2, 6))

    assert snapshot.known("wsts.sales.world", "2024") is None
    with pytest.raises(NotKnown, match=r"^wsts\.sales\.world 2024: not known on 2025-02-06$"):
        snapshot.level("wsts.sales.world", "2024")


def test_rival_houses_are_named_and_never_merged(opened):
    rival = {"by": "Gartner", "value": "626.0", "published": "2025-02-03", "source": "press"}
    snapshot = opened(FIRST, rival).as_of(REFERENCE_DAY)

    with pytest.raises(
        BadInput, match=r"several houses give this figure.*Gartner, WSTS\. Try: by=\"Gartner\""
    ):
        snapshot.level("wsts.sales.world", "2024")
    assert literal(snapshot.level("wsts.sales.world", "2024", by="WSTS")) == "627.6"
    assert literal(snapshot.level("wsts.sales.world", "2024", by="Gartner")) == "626.0"
    assert snapshot.houses("wsts.sales.world", "2024") == ("Gartner", "WSTS")


def test_a_rival_not_yet_known_does_not_disturb(opened):
    rival = {"by": "Gartner", "value": "626.0", "published": "2025-04-10"}

    assert literal(opened(FIRST, rival).as_of(REFERENCE_DAY).level("wsts.sales.world", "2024")) == "627.6"


def test_an_unknown_house_is_answered_with_those_there_are(opened):
    with pytest.raises(BadInput, match=r"unknown house: expected WSTS, found 'WSTs'\. Try: WSTS"):
        opened(FIRST).as_of(REFERENCE_DAY).level("wsts.sales.world", "2024", by="WSTs")


def test_two_editions_of_one_day_need_a_name(opened):
    other = FIRST | {"value": "628.1", "edition": "table"}
    snapshot = opened(FIRST | {"edition": "text"}, other).as_of(REFERENCE_DAY)

    with pytest.raises(BadInput, match=r"several editions became known on 2025-02-07.*'table', 'text'"):
        snapshot.level("wsts.sales.world", "2024")
    assert literal(snapshot.level("wsts.sales.world", "2024", edition="table")) == "628.1"


def test_an_edition_can_be_asked_for_after_it_was_replaced(opened):
    snapshot = opened(FIRST | {"edition": "2024"}, REVISED | {"edition": "2025"}).as_of(date(2026, 11, 1))

    assert literal(snapshot.level("wsts.sales.world", "2024", edition="2024")) == "627.6"


def test_unknown_series_is_answered_with_near_misses(opened):
    with pytest.raises(BadInput, match=r"^wsts\.sale\.world: unknown series.*Try: wsts\.sales\.world"):
        opened(FIRST).as_of(REFERENCE_DAY).level("wsts.sale.world", "2024")


def test_the_build_of_the_reference_day_ends_with_the_close_of_the_day_before(opened):
    days = ("2025-03-18", "2025-03-19", "2025-03-20")
    closes = [
        {"series": "index.csi300.close", "period": day, "published": day, "unit": "", "value": "4010.17"}
        for day in days
    ]
    snapshot = opened(*closes).as_of(REFERENCE_DAY)

    assert str(snapshot.latest("index.csi300.close")) == "2025-03-19"
    assert str(snapshot.on_or_before("index.csi300.close", date(2025, 3, 18))) == "2025-03-18"
    assert snapshot.level("index.csi300.close", "2025-03-19").interval.width == 0


def test_latest_counts_forecasts_only_when_asked(opened):
    forecast = FIRST | {"period": "2025", "value": "697.2", "kind": "forecast", "published": "2024-12-03"}
    snapshot = opened(FIRST, forecast).as_of(REFERENCE_DAY)

    assert str(snapshot.latest("wsts.sales.world")) == "2024"
    assert str(snapshot.latest("wsts.sales.world", realised=False)) == "2025"
    assert snapshot.level("wsts.sales.world", "2025").is_forecast


def test_of_two_periods_with_one_end_the_shorter_is_the_latest(opened):
    snapshot = opened(FIRST, FIRST | {"period": "2024-Q4", "value": "170.9"}).as_of(REFERENCE_DAY)

    assert str(snapshot.latest("wsts.sales.world")) == "2024-Q4"
    assert str(snapshot.latest("wsts.sales.world", "year")) == "2024"
    assert snapshot.periods("wsts.sales.world", "quarter") == (Period.parse("2024-Q4"),)


def test_nothing_known_yet_is_said_so(opened):
    snapshot = opened(FIRST).as_of(date(2024, 1, 1))

    with pytest.raises(NotKnown, match="no period is known"):
        snapshot.latest("wsts.sales.world")
    with pytest.raises(NotKnown, match="nothing up to 2024-01-01"):
        snapshot.on_or_before("wsts.sales.world", date(2024, 1, 1))
    assert snapshot.periods("wsts.sales.world") == ()


def test_a_later_edition_is_drawn_before_its_day_only_as_backfilled(opened):
    edition = EDITION | {"period": "2024-12", "value": "57.1"}
    snapshot = opened(edition).as_of(REFERENCE_DAY)

    assert snapshot.known("wsts.billings.world", "2024-12") is None
    drawn = snapshot.backfilled("wsts.billings.world", "2024-12")
    assert (literal(drawn), drawn.trace.backfilled, drawn.trace.basis) == ("57.1", True, "restated")


def test_backfill_stops_where_a_first_print_would_not_have_been_known(opened):
    february = EDITION | {"period": "2025-02", "value": "54.9"}

    with pytest.raises(NotKnown):
        opened(february).as_of(REFERENCE_DAY).backfilled("wsts.billings.world", "2025-02")


def test_a_first_print_of_the_future_is_never_backfilled(opened):
    with pytest.raises(NotKnown):
        opened(FIRST).as_of(date(2025, 2, 1)).backfilled("wsts.sales.world", "2024")


def test_what_is_known_is_not_marked_as_backfilled(opened):
    drawn = opened(FIRST, REVISED).as_of(REFERENCE_DAY).backfilled("wsts.sales.world", "2024")

    assert (literal(drawn), drawn.trace.backfilled) == ("627.6", False)


def test_subjects_are_kept_apart(opened):
    h100 = {"series": "chip.tdp", "subject": "H100", "period": "2022-03-22", "value": "700", "unit": "W"}
    b200 = h100 | {"subject": "B200", "period": "2024-03-18", "value": "1000"}
    snapshot = opened(h100, b200).as_of(date(2024, 3, 18))

    assert snapshot.subjects("chip.tdp") == ("B200", "H100")
    assert literal(snapshot.level("chip.tdp", "2022-03-22", subject="H100")) == "700"
    with pytest.raises(NotKnown, match="subject 'B200'"):
        snapshot.level("chip.tdp", "2022-03-22", subject="B200")


def test_estimates_are_the_newest_row_of_every_house(opened):
    about = {"series": "forecast.semi_market.world", "period": "2025"}
    spring = about | {"value": "687.4", "published": "2024-06-04"}
    autumn = about | {"value": "697.2", "published": "2024-12-03"}
    gartner = about | {"value": "705.0", "published": "2025-02-03", "by": "Gartner"}
    snapshot = opened(spring, autumn, gartner).as_of(REFERENCE_DAY)

    assert [row.literal for row in snapshot.estimates("forecast.*.world", "2025")] == ["705.0", "697.2"]
    every = snapshot.estimates("forecast.*", "2025", all_vintages=True)
    assert sorted(row.literal for row in every) == ["687.4", "697.2", "705.0"]
    with pytest.raises(BadInput, match="unknown series"):
        snapshot.estimates("forecasts.*", "2025")


def test_the_digest_of_a_snapshot_moves_with_what_can_be_read_and_not_otherwise(opened):
    ids = ["wsts.sales.world"]
    alone = opened(FIRST).as_of(REFERENCE_DAY).digest_of(ids)
    with_future = opened({"series": "chip.tdp", "unit": "W"}, FIRST, REVISED)

    assert with_future.as_of(date(2025, 2, 7)).digest_of(ids) == opened(FIRST).as_of(
        date(2025, 2, 7)
    ).digest_of(ids)
    assert opened(FIRST | {"value": "627.7"}).as_of(REFERENCE_DAY).digest_of(ids) != alone
    assert opened(FIRST | {"source": "press"}).as_of(REFERENCE_DAY).digest_of(ids) != alone


def test_revisions_list_every_vintage_with_its_days(opened):
    rows = opened(REVISED, FIRST).revisions("wsts.sales.world", "2024")

    assert [(row.literal, str(row.known_from), row.print) for row in rows] == [
        ("627.6", "2025-02-07", "first"),
        ("630.5", "2026-02-06", "later"),
    ]


def test_series_are_found_by_words_of_both_languages_or_by_likeness(opened):
    evidence = opened(FIRST)

    assert [entry.id for entry in evidence.find("台积电 营收")] == ["tsmc.revenue.monthly"]
    assert [entry.id for entry in evidence.find("World WSTS")] == ["wsts.sales.world", "wsts.billings.world",
                                                                   "forecast.semi_market.world"]  # fmt: skip
    assert evidence.find("wsts sale wrld")[0].id == "wsts.sales.world"
    assert evidence.find("") == ()


def test_the_row_behind_a_leaf_is_found_again(opened):
    evidence = opened(FIRST, EDITION | {"period": "2024-12", "value": "57.1"})
    snapshot = evidence.as_of(REFERENCE_DAY)

    plain = snapshot.level("wsts.sales.world", "2024")
    drawn = snapshot.backfilled("wsts.billings.world", "2024-12")

    assert [snapshot.row_of(found.trace).line for found in (plain, drawn)] == [2, 3]
    with pytest.raises(BadInput, match=r"wsts\.sales\.world 2024: no row of the evidence"):
        opened(FIRST | {"value": "1"}).as_of(REFERENCE_DAY).row_of(plain.trace)


def test_a_row_asked_for_twice_is_one_quantity_and_never_another_rows(opened):
    known = opened({"published": "2025-02-07"}, {"period": "2023", "value": "526.8"}).as_of(date(2026, 12, 1))

    first, second = (known.level("wsts.sales.world", "2024") for _ in range(2))

    assert first is second
    assert first == known.observation("wsts.sales.world", "2024").quantity()
    assert known.level("wsts.sales.world", "2023").value == Fraction("526.8")
