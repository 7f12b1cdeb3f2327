"""This module says what an observation is about: a stretch of days, never the day it was published."""

from __future__ import annotations

import itertools
import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from waferline.errors import BadInput

Kind = Literal["year", "half", "quarter", "month", "day", "range"]
_KINDS: dict[int, Kind] = {12: "year", 6: "half", 3: "quarter", 1: "month"}
_ZH_QUARTERS = ("一季度", "二季度", "三季度", "四季度")
_EN_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_FORMS = "2024, 2024-H1, 2024-Q1, 2024-01, 2024-01-02 or two of them with a slash between"
_ONE = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<part>[HQ])(?P<number>[1-4])|-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?"
    r"|(?P<short>\d\d)(?P<short_part>[HQ])(?P<short_number>[1-4])"
)
_FISCAL = re.compile(r"FY(\d{4}|\d\d)(?:-?([HQ])([1-4]))?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """What an observation is about: a year, half, quarter, month, day or range. Not the day it was published.

    Two periods are equal when they cover the same days, so 2024-01/2024-12 is the year 2024, while a fiscal
    year from July to June is a range and never passes for a calendar year. Order: by first day, then last.

    >>> str(Period.parse("2024-Q1").previous())   # parse also reads 2024Q1 and 24Q4
    '2023-Q4'
    """

    start: date
    end: date  # the last day, included

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise BadInput(
                where=f"period {self.start}/{self.end}",
                what="the last day comes before the first",
                fix=f"{self.end}/{self.start}",
            )

    @staticmethod
    def parse(text: str) -> Period:
        """Read a canonical form, or the lenient 2024Q1, 24Q4, 2024H1. Refuses everything else.

        >>> Period.parse("2022-07/2023-06").kind, Period.parse("24Q4").words("zh")
        ('range', '2024年四季度')
        """
        return _parsed(text.strip())

    @property
    def kind(self) -> Kind:
        return _kind(self)

    @property
    def year(self) -> int:
        """The calendar year that contains the whole period; refuses a period that crosses New Year."""
        if self.start.year != self.end.year:
            raise BadInput(
                where=f"period {self}",
                what="it lies in two calendar years",
                expected="a period within one year",
            )
        return self.start.year

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def whole_months(self) -> int:
        """How many whole calendar months the period is made of; 0 if it is not made of whole months."""
        if self.start.day != 1 or (self.end + timedelta(1)).day != 1:
            return 0
        return _month_number(self.end) - _month_number(self.start) + 1

    def shift(self, n: int) -> Period:
        """The period n of its own length later (earlier if negative); whole months stay whole months.

        >>> str(Period.parse("2022-07/2023-06").shift(1))
        '2023-07/2024-06'
        """
        months = self.whole_months
        if months:
            first = _month_number(self.start) + n * months
            return months_from(first, months)
        step = timedelta(n * self.days)
        return Period(self.start + step, self.end + step)

    def previous(self) -> Period:
        return self.shift(-1)

    def next(self) -> Period:
        return self.shift(1)

    def year_ago(self) -> Period:
        """The same months, or the same days of the month, one year earlier (29 February becomes 28
        February)."""
        months = self.whole_months
        if months:
            return months_from(_month_number(self.start) - 12, months)
        return Period(_day_year_ago(self.start), _day_year_ago(self.end))

    def contains(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Period) -> bool:
        return self.start <= other.end and other.start <= self.end

    def months(self) -> tuple[Period, ...]:
        """The calendar months it is made of, in order; refuses a period that is not whole months."""
        count = self.whole_months
        if not count:
            raise BadInput(where=f"period {self}", what="it is not made of whole months")
        first = _month_number(self.start)
        return tuple(months_from(first + i, 1) for i in range(count))

    def quarters(self) -> tuple[Period, ...]:
        """The calendar quarters it is made of, in order; refuses a period that is not whole quarters."""
        count, first = self.whole_months, _month_number(self.start)
        if not count or count % 3 or first % 3:
            raise BadInput(where=f"period {self}", what="it is not made of whole calendar quarters")
        return tuple(months_from(first + i, 3) for i in range(0, count, 3))

    def calendar_year(self) -> Period:
        """The calendar year that contains it, as a period."""
        return Period(date(self.year, 1, 1), date(self.year, 12, 31))

    def __str__(self) -> str:
        return _canonical(self)

    def short(self) -> str:
        """For axes and table heads: 2024, 24Q4, 24H1, 2024-01, 2024-01-02; a range in full."""
        if self.kind == "quarter":
            return f"{self.start.year % 100:02d}Q{(self.start.month + 2) // 3}"
        if self.kind == "half":
            return f"{self.start.year % 100:02d}H{1 if self.start.month == 1 else 2}"
        return str(self)

    def words(self, lang: str) -> str:
        """For sentences.

        >>> Period.parse("2024-Q4").words("en"), Period.parse("2024-H1").words("zh")
        ('Q4 2024', '2024年上半年')
        """
        return _words_zh(self) if lang == "zh" else _words_en(self)


def months_from(first: int, count: int) -> Period:
    """The period of `count` whole months from month number `first` (year · 12 + month − 1)."""
    last = first + count - 1
    year, month = last // 12, last % 12 + 1
    return Period(date(first // 12, first % 12 + 1, 1), date(year, month, monthrange(year, month)[1]))


def fiscal_period(text: str, *, year_ends: int) -> Period:
    """The calendar months that a company's fiscal year, half or quarter covers; `year_ends` is its last
    month.

    A fiscal year has the number of the calendar year in which it ends. Companies that close on the last
    Sunday of a month are taken to close with the month.

    >>> str(fiscal_period("FY27Q1", year_ends=1)), str(fiscal_period("FY2023", year_ends=6))
    ('2026-02/2026-04', '2022-07/2023-06')
    """
    match = _FISCAL.fullmatch(text.strip())
    if not match or (match[2] == "H" and int(match[3]) > 2):
        raise BadInput(
            where=f"fiscal period {text!r}",
            what="not a fiscal period",
            expected="FY27, FY2027H1 or FY27Q1",
            found=text,
        )
    if not 1 <= year_ends <= 12:
        raise BadInput(
            where=f"fiscal period {text!r}",
            what="no such month",
            expected="year_ends 1 to 12",
            found=str(year_ends),
        )
    year = int(match[1]) + (2000 if len(match[1]) == 2 else 0)
    first = year * 12 + year_ends - 12
    if not match[2]:
        return months_from(first, 12)
    length = 6 if match[2] == "H" else 3
    return months_from(first + (int(match[3]) - 1) * length, length)


def joined(periods: Iterable[Period]) -> Period | None:
    """The one period that the given ones cover without gap or overlap, in any order; None if there is
    none."""
    ordered = sorted(periods)
    for earlier, later in itertools.pairwise(ordered):
        if later.start != earlier.end + timedelta(1):
            return None
    return Period(ordered[0].start, ordered[-1].end) if ordered else None


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _day_year_ago(day: date) -> date:
    return date(day.year - 1, day.month, min(day.day, monthrange(day.year - 1, day.month)[1]))


@lru_cache(maxsize=65536)
def _kind(period: Period) -> Kind:
    if period.start == period.end:
        return "day"
    months = period.whole_months
    if months in _KINDS and (period.start.month - 1) % months == 0:
        return _KINDS[months]
    return "range"


@lru_cache(maxsize=65536)
def _canonical(period: Period) -> str:
    start, end = period.start, period.end
    match period.kind:
        case "year":
            return f"{start.year:04d}"
        case "half":
            return f"{start.year:04d}-H{1 if start.month == 1 else 2}"
        case "quarter":
            return f"{start.year:04d}-Q{(start.month + 2) // 3}"
        case "month":
            return f"{start:%Y-%m}"
        case "day":
            return start.isoformat()
    months = period.whole_months
    if months and months % 12 == 0 and start.month == 1:
        return f"{start.year:04d}/{end.year:04d}"
    if months:
        return f"{start.isoformat()[:7]}/{end.isoformat()[:7]}"
    return f"{start.isoformat()}/{end.isoformat()}"


@lru_cache(maxsize=65536)
def _parsed(text: str) -> Period:
    first, slash, last = text.partition("/")
    start = _one(first, text)
    return Period(start.start, _one(last, text).end) if slash else start


def _one(part: str, text: str) -> Period:
    match = _ONE.fullmatch(part)
    if not match:
        raise BadInput(where=f"period {text!r}", what="not a period", expected=_FORMS, found=repr(part))
    year = int(match["year"] or "20" + match["short"])
    letter = match["part"] or match["short_part"]
    if letter:
        number = int(match["number"] or match["short_number"])
        length = 6 if letter == "H" else 3
        if number * length > 12:
            raise BadInput(
                where=f"period {text!r}", what="a year has two halves", expected="H1 or H2", found=part
            )
        return months_from(year * 12 + (number - 1) * length, length)
    month, day = int(match["month"] or 1), int(match["day"] or 1)
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        raise BadInput(
            where=f"period {text!r}", what="no such day in the calendar", expected=_FORMS, found=part
        )
    if match["day"]:
        return Period(date(year, month, day), date(year, month, day))
    return months_from(year * 12 + month - 1, 1) if match["month"] else months_from(year * 12, 12)


def _words_zh(period: Period) -> str:
    start, end = period.start, period.end
    match period.kind:
        case "year":
            return f"{start.year}年"
        case "half":
            return f"{start.year}年{'上' if start.month == 1 else '下'}半年"
        case "quarter":
            return f"{start.year}年{_ZH_QUARTERS[start.month // 3]}"
        case "month":
            return f"{start.year}年{start.month}月"
        case "day":
            return f"{start.year}年{start.month}月{start.day}日"
    months = period.whole_months
    if months and months % 12 == 0 and start.month == 1:
        return f"{start.year}—{end.year}年"
    same_year = start.year == end.year
    if months:
        last = f"{end.month}月" if same_year else f"{end.year}年{end.month}月"
        return f"{start.year}年{start.month}{'' if same_year else '月'}{'—' if same_year else '至'}{last}"
    last = f"{end.month}月{end.day}日" if same_year else f"{end.year}年{end.month}月{end.day}日"
    return f"{start.year}年{start.month}月{start.day}日至{last}"


def _words_en(period: Period) -> str:
    start, end = period.start, period.end
    match period.kind:
        case "year":
            return f"{start.year}"
        case "half":
            return f"the {'first' if start.month == 1 else 'second'} half of {start.year}"
        case "quarter":
            return f"Q{(start.month + 2) // 3} {start.year}"
        case "month":
            return f"{_EN_MONTHS[start.month - 1]} {start.year}"
        case "day":
            return f"{start.day} {_EN_MONTHS[start.month - 1]} {start.year}"
    months = period.whole_months
    if months and months % 12 == 0 and start.month == 1:
        return f"{start.year}–{end.year}"
    first_year = "" if start.year == end.year else f" {start.year}"
    if months:
        return f"{_EN_MONTHS[start.month - 1]}{first_year} to {_EN_MONTHS[end.month - 1]} {end.year}"
    first = f"{start.day} {_EN_MONTHS[start.month - 1]}{first_year}"
    return f"{first} to {end.day} {_EN_MONTHS[end.month - 1]} {end.year}"
