"""Figures that must come out of the evidence again: printed elsewhere, typed in here, never evidence themselves."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from waferline.errors import NotKnown
from waferline.evidence.model import Observation
from waferline.evidence.snapshot import Snapshot
from waferline.evidence.store import Evidence
from waferline.quantity.decimals import rounded
from waferline.quantity.period import Period
from waferline.quantity.quantity import Quantity
from waferline.quantity.units import unit
from waferline.study.evaluation import evaluate, evaluate_quantity
from waferline.study.values import Scope

REFERENCE_DAY = (2025, 3, 20)
NEWEST_DAY = (2026, 11, 23)
SW = '"index.sw_semiconductor.close"'
SIA = '"sia.sales_year.world"'
CLOUD = ("amazon", "microsoft", "alphabet", "meta")
GOLD = list(
    csv.DictReader((Path(__file__).parent / "data" / "gold_growth.csv").read_text("utf-8").splitlines())
)


@pytest.fixture(scope="session")
def asked(real_on: Callable[..., Snapshot]) -> Callable[..., Quantity]:
    """`asked(expression, day)`: the quantity as the study of that day would find it."""
    return lambda text, day=REFERENCE_DAY: evaluate_quantity(text, Scope(real_on(*day), "test"))


def printed(quantity: Quantity, places: int = 2) -> str:
    return rounded(quantity.value, places)


def capex(year: int, vintage: str = "latest") -> str:
    parts = (f'calendarised("capex.{firm}.ppe_purchases", "{year}", vintage="{vintage}")' for firm in CLOUD)
    return f"total([{', '.join(parts)}])"


# ---- the index


def test_the_index_from_the_first_close_of_2024_to_the_reference_day(asked):
    assert printed(asked(f'change({SW}, "2024-01-02", "2025-03-19")')) == "40.21"


def test_the_benchmark_over_the_same_days(asked):
    assert printed(asked('change("index.csi300.close", "2024-01-02", "2025-03-19")')) == "18.42"


def test_the_index_in_january_2024_from_the_last_close_of_2023(asked):
    assert printed(asked(f'change({SW}, year_end_close({SW}, "2023"), "2024-01-31")')) == "-24.63"
    assert printed(asked(f'change({SW}, "2023-12-29", "2024-01-31")')) == "-24.63"


def test_the_index_in_the_autumn_of_2024(asked):
    assert printed(asked(f'change({SW}, "2024-09-23", "2024-11-11")')) == "83.10"


def test_the_index_in_2025_to_date(asked):
    assert printed(asked(f'change({SW}, year_end_close({SW}, "2024"), close_on({SW}, asof()))')) == "10.21"


def test_the_close_of_the_day_itself_is_not_yet_known(real_on):
    scope = Scope(real_on(*REFERENCE_DAY), "test")

    assert evaluate(f"close_on({SW}, asof())", scope) == Period.parse("2025-03-19")
    assert evaluate(f"latest({SW})", scope) == Period.parse("2025-03-19")
    with pytest.raises(NotKnown):
        evaluate(f'level({SW}, "2025-03-20")', scope)
    assert evaluate(f"latest({SW})", Scope(real_on(2025, 3, 21), "test")) == Period.parse("2025-03-20")


# ---- world sales


def test_sales_of_2024_as_first_printed(asked):
    assert printed(asked(f'level({SIA}, "2024")', (2025, 2, 28)), 1) == "627.6"
    assert printed(asked(f'yoy({SIA}, "2024")', (2025, 2, 28)), 1) == "19.1"


def test_sales_of_2024_as_revised(asked):
    assert printed(asked(f'level({SIA}, "2024")', (2026, 6, 30)), 1) == "630.5"
    assert printed(asked(f'first_print({SIA}, "2024")', (2026, 6, 30)), 1) == "627.6"


def test_the_growth_that_was_stated_lies_within_the_rounding_of_the_levels(asked):
    stated = asked('level("sia.sales_year.world.yoy", "2024")', (2025, 2, 28)).interval
    computed = asked(f'yoy({SIA}, "2024")', (2025, 2, 28)).interval

    assert stated.low <= computed.high and computed.low <= stated.high


# ---- capital expenditure of the four cloud firms


def test_capex_of_the_fourth_quarter(asked):
    series = ", ".join(f'"capex.{firm}.ppe_purchases"' for firm in CLOUD)

    assert printed(asked(f'total([{series}], "2024-Q4")'), 0) == "72339"  # USD mn


def test_capex_of_the_year(asked):
    assert printed(asked(capex(2024)), 0) == "228342"


def test_growth_of_capex_where_the_former_year_is_restated(asked):
    assert printed(asked(f"growth({capex(2024)}, {capex(2023)})")) == "55.10"


def test_growth_of_capex_on_first_filings(asked):
    assert printed(asked(f"growth({capex(2024, 'first')}, {capex(2023, 'first')})")) == "54.86"


def test_only_meta_was_restated_between_the_two(asked):
    first, latest = (set(asked(capex(2023, vintage)).leaves()) for vintage in ("first", "latest"))

    assert {leaf.series for leaf in first ^ latest} == {"capex.meta.ppe_purchases"}


def test_the_reference_report_prints_slightly_more_by_definition(asked):
    quarter = 'level("lianchu.capex.big4", "2024-Q4")'
    series = ", ".join(f'"capex.{firm}.ppe_purchases"' for firm in CLOUD)

    gap = asked(f'difference({quarter}, total([{series}], "2024-Q4"))')
    assert (printed(gap, 3), gap.unit.name) == ("0.009", "USD bn")
    year = asked(f'difference(level("lianchu.capex.big4", "2024"), {capex(2024)})')
    assert (printed(year, 3), year.unit.name) == ("0.202", "USD bn")


# ---- packaging and materials


def test_advanced_packaging_a_year(asked):
    growth = asked('cagr(level("yole.advanced_packaging", "2029"), level("yole.advanced_packaging", "2023"))')

    assert [leaf.literal for leaf in growth.leaves()] == ["69.5", "37.8"]
    assert printed(growth) == "10.68"


def test_materials_in_2023(asked):
    assert printed(asked('yoy("semi.materials.total", "2023")'), 1) == "-8.2"


# ---- every gold growth rate


def expression(row: dict[str, str]) -> str:
    """The printed rate as an expression over levels; `by` and `edition` are named where a figure has several."""
    series, period = row["series"], row["period"]
    named = "".join(f', {name}="{row[name]}"' for name in ("by", "edition") if row[name])

    def level(at: str) -> str:
        return f'level("{series}", "{at}"{named})'

    if row["relation"] == "rise of yoy":
        before, after = period.split("|")
        return f'difference(yoy("{series}", "{after}"), yoy("{series}", "{before}"))'
    if row["relation"] == "yoy of first prints":
        return f'yoy("{series}", "{period}", vintage="first")'
    if row["relation"] in ("growth", "cagr"):
        start, end = period.split("/")
        return f"{row['relation']}({level(end)}, {level(start)})"
    if named:
        return f"growth({level(period)}, {level(str(Period.parse(period).year_ago()))})"
    return f'{row["relation"]}("{series}", "{period}")'


@pytest.mark.parametrize("row", GOLD, ids=[row["id"] for row in GOLD])
def test_a_printed_growth_rate_comes_out_of_the_levels(row, asked, real_on):
    """On the reference day where its levels were known by then, else on the newest.

    `exact`: it prints as printed. `rounding`: the levels are rounded so far that only the intervals can meet.
    """
    try:
        found = asked(expression(row))
    except NotKnown:
        found = asked(expression(row), NEWEST_DAY)

    assert found.unit.name == row["unit"]
    if row["check"] == "exact":
        assert printed(found, int(row["places"])) == row["printed"]
        return
    assert row["check"] == "rounding"
    half = Fraction(1, 2 * 10 ** int(row["places"]))
    stated = Fraction(row["printed"])
    assert found.interval.low <= stated + half and stated - half <= found.interval.high
    assert printed(found, int(row["places"])) != row["printed"], "call it exact"


def test_the_gold_table_is_not_evidence_and_has_not_shrunk(real_evidence, record_property):
    record_property("gold growth rates", len(GOLD))
    print(f"{len(GOLD)} gold growth rates")

    assert len(GOLD) >= 72
    assert len({row["id"] for row in GOLD}) == len(GOLD)
    assert not any("gold" in source for source in real_evidence.sources)


# ---- every growth rate that is itself evidence

BEFORE = {".yoy": Period.year_ago, ".qoq": Period.previous, ".mom": Period.previous}
NOT_REPRODUCED = {
    (row["series"], row["period"], row["printed"])
    for row in csv.DictReader(
        (Path(__file__).parent / "data" / "growth_not_reproduced.csv").read_text("utf-8").splitlines()
    )
}


def bounds(row: Observation) -> tuple[Fraction, Fraction]:
    """What the printed literal may stand for, in the base of its unit."""
    interval = row.quantity().interval
    scale = unit(row.unit).scale
    return interval.low * scale, interval.high * scale


def prints(evidence: Evidence, series: str) -> list[Observation]:
    """Every realised print of the series, old ones too."""
    periods = evidence.as_of(date.max).periods(series)
    return [row for period in periods for row in evidence.revisions(series, period) if row.kind == "realised"]


def allows(new: Observation, old: Observation, rate: Observation) -> bool:
    """Whether the rounding of the two levels and that of the rate leave a common value."""
    (low, high), (base_low, base_high), (least, most) = bounds(new), bounds(old), bounds(rate)
    return low / base_high - 1 <= most and least <= high / base_low - 1


def stated_rates(evidence: Evidence) -> list[tuple[Observation, bool]]:
    """Each realised rate whose levels are evidence too, and whether any print of the levels allows it.

    The level is that of the same release where it is there; its base may be any print, for releases restate it.
    """
    found = []
    for name in sorted(evidence.series):
        base, ending = name[:-4], name[-4:]
        if ending not in BEFORE or base not in evidence.series:
            continue
        levels = prints(evidence, base)
        for rate in prints(evidence, name):
            before = BEFORE[ending](rate.period)
            new = [row for row in levels if (row.period, row.by) == (rate.period, rate.by)]
            of_release = [row for row in new if (row.source, row.published) == (rate.source, rate.published)]
            old = [row for row in levels if (row.period, row.by) == (before, rate.by)]
            if new and old:
                pairs = ((after, first) for after in of_release or new for first in old)
                found.append((rate, any(allows(after, first, rate) for after, first in pairs)))
    return found


def test_every_stated_growth_rate_is_allowed_by_its_levels_but_for_the_listed_ones(
    real_evidence, record_property
):
    checked = stated_rates(real_evidence)
    record_property("stated growth rates checked", len(checked))

    contradicted = {(rate.series, str(rate.period), rate.literal) for rate, allowed in checked if not allowed}
    assert len(checked) >= 550
    assert contradicted == NOT_REPRODUCED


# ---- nothing of the future in a build of the reference day


def test_nothing_in_the_build_of_the_reference_day_implies_the_later_sales_of_2024(
    real_on, semiconductors, tmp_path, real_evidence
):
    """630.5 is neither printed nor the sum of what is printed, beside 627.6."""
    from waferline.audit import audit_document
    from waferline.build.record import record
    from waferline.build.self_audit import self_audit
    from waferline.study.assembly import assemble
    from waferline.study.study import load_study

    known = real_on(*REFERENCE_DAY)
    done = assemble(load_study(semiconductors, ("zh",)), known, "zh")
    data = json.loads(
        record(
            {"zh": done},
            {"zh": self_audit(done, audit_document)},
            known,
            "semiconductors",
            real_evidence.digest,
        )
    )

    assert "630.5" not in json.dumps(data["numbers"]) + json.dumps(data["theses"], ensure_ascii=False)
    used = {leaf for leaf in done.leaves if leaf.series == "sia.sales_year.world"}
    assert "630.5" not in {leaf.literal for leaf in used}
    for exhibit in done.report.exhibits.values():
        for row in exhibit.rows:
            for cell in row.cells:
                assert cell.quantity is None or not near_the_later_sales(cell.quantity)
    months = [leaf for leaf in done.leaves if leaf.backfilled and leaf.period.year == 2024]
    for series in {leaf.series for leaf in months}:
        of_year = {leaf.period: leaf for leaf in months if leaf.series == series}
        if len(of_year) == 12:
            billions = sum(leaf.unit.scale * Fraction(leaf.literal) for leaf in of_year.values()) / 10**9
            assert not 630 < billions < 631.2, series


def near_the_later_sales(quantity: Quantity) -> bool:
    if quantity.unit.dims != (("USD", 1),):
        return False
    return 630_000_000_000 < quantity.value * quantity.unit.scale < 631_200_000_000


def test_a_drawdown_of_a_window_that_begins_before_the_first_close_is_not_known(real_on):
    known = real_on(2024, 6, 30)
    first = known.periods("index.sw_semiconductor.close")[0]
    before = f"{first.start.year - 1}-12-31"

    with pytest.raises(NotKnown):
        evaluate(f'drawdown("index.sw_semiconductor.close", "{before}", "2024-06-28")', Scope(known, "test"))
