"""This module holds the relations that add levels up: totals, calendar periods, means."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import ClassVar

from waferline.errors import BadInput
from waferline.quantity.interval import Interval, N
from waferline.quantity.period import Period, joined
from waferline.quantity.relations.base import (
    Example,
    Need,
    Periods,
    Phrase,
    Relation,
    added,
    need_periods,
    need_same_period,
    same_measure,
    spanning,
    stretch,
)
from waferline.quantity.units import Unit

_PARTS: tuple[Need, ...] = (Need("part", Phrase("各部分", "part"), many=True),)


class Total(Relation):
    """The sum of parts in one unit: of one period, or of periods that do not overlap."""

    name = "total"
    title = Phrase("合计", "total")
    needs: ClassVar[tuple[Need, ...]] = _PARTS
    takes_range = True
    example = Example(
        (("53.5", "USD bn", "2024"), ("28.3", "USD bn", "2024"), ("3.4", "USD bn", "2024")), "USD 85.2 bn"
    )

    def value(self, *xs: N, periods: Periods = ()) -> N:
        return added(xs)

    def unit(self, *units: Unit, where: str = "") -> Unit:
        return same_measure(where or self.name, *units)

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        return " + ".join(texts)

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        return f"=SUM({','.join(refs)})"

    def period(self, *periods: Period | None) -> Period | None:
        return spanning(periods)

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        known = sorted(p for p in periods if p is not None)
        if all(p == known[0] for p in known):
            return
        for earlier, later in itertools.pairwise(known):
            if earlier.overlaps(later):
                raise BadInput(
                    where=where or self.name,
                    what="two parts cover the same days and would count twice",
                    expected="one period, or periods that do not overlap",
                    found=f"{earlier} and {later}",
                )

    def directions(self, *ranges: Interval) -> tuple[int, ...] | None:
        return (1,) * len(ranges)


class Calendarised(Total):
    """A calendar year, half or quarter as the sum of parts that cover it exactly; a fiscal year never passes
    for one."""

    name = "calendarised"
    title = Phrase("按自然年度合计", "calendarised total")
    example = Example(
        (
            ("13.9", "USD bn", "2024-Q1"),
            ("15.0", "USD bn", "2024-Q2"),
            ("17.1", "USD bn", "2024-Q3"),
            ("16.9", "USD bn", "2024-Q4"),
        ),
        "USD 62.9 bn",
    )

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        where = where or self.name
        known = sorted(need_periods(where, periods))
        whole = joined(known)
        if whole is None:
            raise BadInput(
                where=where,
                what="the parts leave a gap or overlap",
                expected="contiguous periods",
                found=", ".join(map(str, known)),
            )
        if whole.kind not in ("year", "half", "quarter"):
            raise BadInput(
                where=where,
                what="the parts do not cover a calendar period",
                expected="a calendar year, half or quarter",
                found=str(whole),
            )


class YearToDate(Total):
    """The sum of contiguous parts from January on."""

    name = "year_to_date"
    title = Phrase("年初至今累计", "year-to-date total")
    example = Example((("293.3", "TWD bn", "2025-01"), ("260.0", "TWD bn", "2025-02")), "TWD 553.3 bn")

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        where = where or self.name
        known = sorted(need_periods(where, periods))
        whole = joined(known)
        if (
            whole is None
            or whole.start.month != 1
            or whole.start.day != 1
            or whole.start.year != whole.end.year
        ):
            raise BadInput(
                where=where,
                what="the parts are not one year from January on",
                expected="contiguous periods of one year, the first starting on 1 January",
                found=", ".join(map(str, known)),
            )


class JanuaryFebruary(Total):
    """January and February of one year together, so that the Lunar New Year does not move the growth."""

    name = "january_february"
    title = Phrase("1—2月合计", "January and February together")
    needs = (Need("january", Phrase("1月", "January")), Need("february", Phrase("2月", "February")))
    example = Example((("293.3", "TWD bn", "2025-01"), ("260.0", "TWD bn", "2025-02")), "TWD 553.3 bn")

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        where = where or self.name
        known = need_periods(where, periods)
        if (
            [p.kind for p in known] != ["month", "month"]
            or known[0].start.month != 1
            or known[0].next() != known[1]
        ):
            raise BadInput(
                where=where,
                what="not January and February of one year",
                expected="2025-01, 2025-02",
                found=", ".join(map(str, known)),
            )


class Average(Total):
    """The plain mean of levels in one unit."""

    name = "average"
    title = Phrase("平均", "average")
    example = Example((("19.1", "%", "2024"), ("11.2", "%", "2025")), "15.2%")

    def value(self, *xs: N, periods: Periods = ()) -> N:
        return added(xs) * Fraction(1, len(xs))

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        return f"({' + '.join(texts)}) / {len(texts)}"

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        return f"=AVERAGE({','.join(refs)})"

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        """Any periods may be averaged: rival forecasts of one year as well as twelve months."""

    def period(self, *periods: Period | None) -> Period | None:
        return spanning(periods) or stretch(*periods)


class MovingAverage(Average):
    """The mean of consecutive periods of one kind; it is about the last. Trading days need only be in
    order."""

    name = "moving_average"
    title = Phrase("移动平均", "moving average")
    example = Example(
        (("56.5", "USD bn", "2025-01"), ("54.9", "USD bn", "2025-02"), ("55.9", "USD bn", "2025-03")),
        "USD 55.8 bn",
    )

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        known = need_periods(where or self.name, periods)
        for earlier, later in itertools.pairwise(known):
            days = earlier.kind == later.kind == "day" and earlier < later
            if not days and earlier.next() != later:
                raise BadInput(
                    where=where or self.name,
                    what="the periods are not consecutive",
                    expected=str(earlier.next()),
                    found=str(later),
                )

    def period(self, *periods: Period | None) -> Period | None:
        return periods[-1]


class Midpoint(Average):
    """The middle of a range, such as a guidance."""

    name = "midpoint"
    title = Phrase("中值", "midpoint")
    needs = (Need("low", Phrase("下限", "lower end")), Need("high", Phrase("上限", "upper end")))
    example = Example((("25.0", "USD bn", "2025-Q1"), ("25.8", "USD bn", "2025-Q1")), "USD 25.4 bn")

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        need_same_period(where or self.name, *periods)
