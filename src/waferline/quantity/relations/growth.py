"""This module holds the relations that compare a level with an earlier one: growth in all its forms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from waferline.errors import BadInput
from waferline.quantity.interval import Interval, N, power
from waferline.quantity.period import Period
from waferline.quantity.relations.base import (
    A_YEAR,
    GAINS,
    GROWS,
    Direction,
    Example,
    Need,
    Periods,
    Phrase,
    Relation,
    described,
    need_periods,
    same_measure,
    stretch,
)
from waferline.quantity.units import Unit, unit

if TYPE_CHECKING:
    from waferline.quantity.quantity import Quantity

NEW = Need("new", Phrase("本期", "new level"))
OLD = Need("old", Phrase("基期", "base"), positive=True)
_DAYS_A_YEAR = Fraction(1461, 4)


def quotient_directions(top: Interval, bottom: Interval) -> tuple[int, ...] | None:
    """How top / bottom moves with each, for a positive bottom."""
    if bottom.low <= 0 or top.low < 0 < top.high:
        return None
    return (1, -1 if top.low >= 0 else 1)


class Growth(Relation):
    """Change over a base, as a fraction of the base. Both levels in one unit, of one house, the base above
    zero."""

    name = "growth"
    title = Phrase("涨幅", "change")
    needs = (NEW, OLD)
    example = Example((("39.50", "index", "2025-03-19"), ("31.60", "index", "2024-01-02")), "25.0%")
    homogeneous = 0

    def value(self, *xs: N, periods: Periods = ()) -> N:
        new, old = xs
        return new / old - 1

    def unit(self, *units: Unit, where: str = "") -> Unit:
        same_measure(where or self.name, *units)
        return unit("%")

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        return f"{texts[0]} / {texts[1]} − 1"

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        return f"={refs[0]}/{refs[1]}-1"

    def period(self, *periods: Period | None) -> Period | None:
        return stretch(*periods)

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        new, old = periods
        if new is not None and old is not None and new.end < old.end:
            raise BadInput(
                where=where or self.name,
                what="the new level is older than the base",
                expected=f"after {old}",
                found=str(new),
                fix="swap the operands",
            )

    def directions(self, *ranges: Interval) -> tuple[int, ...] | None:
        return quotient_directions(*ranges)

    def direction(self, *units: Unit) -> Direction | None:
        return GAINS if units and units[0].dims == unit("index").dims else GROWS

    def check(self, inputs: Sequence[Quantity]) -> None:
        super().check(inputs)
        one_house(described(self.name, inputs), inputs[0], inputs[1])


def one_house(where: str, new: Quantity, old: Quantity) -> None:
    """Refuse two levels of one series that come from rival houses: their definitions differ."""
    a, b = new.trace, old.trace
    series = (getattr(a, "series", ""), getattr(b, "series", ""))
    houses = (getattr(a, "by", ""), getattr(b, "by", ""))
    if series[0] and series[0] == series[1] and houses[0] != houses[1]:
        raise BadInput(
            where=where,
            what="the two levels come from rival houses",
            expected=houses[0] or "the publisher's own",
            found=houses[1] or "the publisher's own",
            fix=f'by="{houses[0] or houses[1]}" for both',
        )


class PeriodGrowth(Growth):
    """Growth whose two periods stand in a fixed distance; its result is about the new period."""

    def period(self, *periods: Period | None) -> Period | None:
        return periods[0]

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        new, old = need_periods(where or self.name, periods)
        wanted = self.base_of(new)
        if wanted is None:
            raise BadInput(
                where=where or self.name,
                what=f"{self.title.en} is not defined for this period",
                expected=self.takes,
                found=f"{new} ({new.kind})",
            )
        if old != wanted:
            raise BadInput(
                where=where or self.name,
                what=f"the base of {new} is the wrong period",
                expected=str(wanted),
                found=str(old),
            )

    takes = ""

    def base_of(self, new: Period) -> Period | None:
        raise NotImplementedError


class YearOnYear(PeriodGrowth):
    """Growth over the same period one year earlier."""

    name = "yoy"
    title = Phrase("同比", "year-on-year growth")
    example = Example((("627.6", "USD bn", "2024"), ("526.8", "USD bn", "2023")), "19.1%")
    takes = "any period"

    def base_of(self, new: Period) -> Period | None:
        return new.year_ago()


class QuarterOnQuarter(PeriodGrowth):
    """Growth over the quarter before; a company's fiscal quarter counts, whichever month it ends in."""

    name = "qoq"
    title = Phrase("环比", "quarter-on-quarter growth")
    example = Example((("26.88", "USD bn", "2024-Q4"), ("23.50", "USD bn", "2024-Q3")), "14.4%")
    takes = "a quarter"

    def base_of(self, new: Period) -> Period | None:
        return new.previous() if new.whole_months == 3 else None


class MonthOnMonth(PeriodGrowth):
    """Growth over the month before."""

    name = "mom"
    title = Phrase("环比", "month-on-month growth")
    example = Example((("56.5", "USD bn", "2025-01"), ("57.0", "USD bn", "2024-12")), "−0.9%")
    takes = "a month"

    def base_of(self, new: Period) -> Period | None:
        return new.previous() if new.kind == "month" else None


def years_between(where: str, new: Period, old: Period) -> Fraction:
    """Years from one period to a later one of the same length: whole months exactly, days by 365.25 a
    year."""
    if new.whole_months != old.whole_months or (not new.whole_months and new.days != old.days):
        raise BadInput(
            where=where,
            what="the two periods are of different lengths",
            expected=f"as long as {old}",
            found=str(new),
        )
    months = (new.start.year - old.start.year) * 12 + new.start.month - old.start.month
    whole = new.whole_months or (new.start.day == old.start.day and months % 12 == 0)
    years = Fraction(months, 12) if whole else (new.start - old.start).days / _DAYS_A_YEAR
    if years <= 0:
        raise BadInput(
            where=where,
            what="the new level is not later than the base",
            expected=f"after {old}",
            found=str(new),
            fix="swap the operands",
        )
    return years


class Cagr(Growth):
    """Compound growth a year: (new / old)^(1/years) − 1, the years counted from the operands' periods.

    From 2023 to 2029 is six years. Days count as 1/365.25 of a year unless they are the same day of the year.
    """

    name = "cagr"
    title = Phrase("年均复合增速", "compound annual growth")
    needs = (Need("new", Phrase("期末", "last level"), positive=True), OLD)
    example = Example((("69.5", "USD bn", "2029"), ("37.8", "USD bn", "2023")), "10.7%")
    rounds = True

    def value(self, *xs: N, periods: Periods = ()) -> N:
        new, old = xs
        return power(new / old, 1 / self._years(periods)) - 1

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        return f"({texts[0]} / {texts[1]})^(1/{_plain(self._years(periods))}) − 1"

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        return f"=({refs[0]}/{refs[1]})^(1/({self._years(periods)}))-1"

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        self._years(periods, where)

    def directions(self, *ranges: Interval) -> tuple[int, ...] | None:
        return (1, -1)

    def direction(self, *units: Unit) -> Direction | None:
        return A_YEAR

    def _years(self, periods: Periods, where: str = "") -> Fraction:
        where = where or self.name
        new, old = need_periods(where, periods or (None, None))
        return years_between(where, new, old)


def _plain(years: Fraction) -> str:
    return str(years) if years.denominator == 1 else f"{float(years):.2f}"


class Drawdown(Growth):
    """From a peak down to a later trough, as a fraction of the peak."""

    name = "drawdown"
    title = Phrase("最大回撤", "drawdown")
    needs = (Need("trough", Phrase("低点", "trough")), Need("peak", Phrase("高点", "peak"), positive=True))
    example = Example((("75.4", "index", "2024-02-05"), ("100.0", "index", "2023-11-20")), "−24.6%")


class Rise(Growth):
    """From a trough up to a later peak, as a fraction of the trough."""

    name = "rise"
    title = Phrase("最大涨幅", "rise")
    needs = (Need("peak", Phrase("高点", "peak")), Need("trough", Phrase("低点", "trough"), positive=True))
    example = Example((("183.1", "index", "2024-11-11"), ("100.0", "index", "2024-09-23")), "83.1%")
