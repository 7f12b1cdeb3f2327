"""This module finds what period a stretch of text is about: 2024年前三季度, 24Q4, the prior-year quarter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from waferline.quantity.period import Period, months_from

# year_ago and before are periods named by their distance from the one spoken of; `part` is a quarter, half or
# month without a year.
Sort = Literal["period", "part", "year_ago", "before"]

_ZH_NUMBER = {"一": 1, "二": 2, "三": 3, "四": 4}
_EN_NUMBER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
# The signs a period may begin with, a letter only at the start of a word: most places in a text are passed over
# without trying the forms below.
_BEGINS = r"(?=[\d较比上下去前同第全一二三四]|(?<![a-z])[acdfhijlmnopqsty])"
_PATTERN = re.compile(
    _BEGINS + r"(?:"
    # Relative first: 去年同期 must not be read as 去年.
    r"(?P<ago>(?:较|比)?(?:上年|去年|前一?年|上一年|上年度|上一年度)(?:同期|同月|同季|度)?|同期|"
    r"(?:the\s)?(?:same|corresponding|comparable|year-ago|prior[- ]year|previous[- ]year|last year's|previous year's|prior year's)\s"
    r"(?:[a-z]+\s)?(?:period|quarter|month|half|level|figure)(?:\s(?:of|in|a)\s(?:the\s)?(?:last|prior|previous|preceding|year)(?:\s?year|\sago|\searlier)?|\slast year|\sa year (?:ago|earlier|before))?(?!\sof\s(?:fiscal\s)?20\d\d)(?!\sin\s20\d\d)|"
    r"(?:a|one) year (?:ago|earlier|before)|(?:twelve|12) months (?:ago|earlier)|year[- ]ago|year[- ]earlier|the year before|the year prior|prior[- ]year|"
    r"(?:(?:the|in|from)\s)?(?:last|prior|previous|preceding)\s(?:fiscal\s|financial\s|calendar\s)?year(?:'s)?)"
    r"|(?P<before>(?:较|比)?(?:上一?季度?|前一?季度?|上一?个?季度|上一?个?月|前一?个?月|上半年(?=的?环比))(?!末的?累计)|"
    r"(?:the\s)?(?:prior|previous|preceding|last|prior-)\s?(?:quarter|month)(?:'s)?|(?:a|one) (?:quarter|month) (?:ago|earlier|before)|the (?:quarter|month) before)"
    # 2024年1-8月, 2024年前三季度, 2024年四季度, 2024年上半年, 2024年12月, 2024年, 1-8月, 四季度
    r"|(?P<zy>(?:19|20)\d\d|\d\d)(?P<fy>财年|会计年度)"
    r"|(?:(?P<y>(?:19|20)\d\d|(?<!\d)[0-3]\d)\s?年度?的?\s?)?(?:第?(?P<zq>[一二三四1-4])季度?(?:末)?(?![到至])"
    r"|前(?P<zn>[一二三四1-4])季度?|前\s?(?P<zm>\d{1,2}|[二三四五六七八九十]|十一)\s?个?月|(?P<zh>[上下])半年"
    r"|(?P<m1>\d{1,2})\s?(?:月份?)?\s?[-~至到—–]\s?(?P<m2>\d{1,2})\s?月份?|(?P<m>\d{1,2})\s?月(?:份|末|底)?(?!\d{1,2}日)(?!\d)|全年)"
    r"|(?P<yy>(?:19|20)\d\d)\s?年(?:末|底|初|度|全年)?"
    # 2024Q4, 24Q4, 4Q24, Q4 2024, Q4'24, 1H25, H1 2025, FY2024Q4
    r"|(?<![A-Za-z\d])(?P<f1>FY)?(?P<qy>(?:19|20)\d\d|\d\d)[- ]?(?P<qk>[QH])(?P<qn>[1-4])(?![\dA-Za-z])"
    r"|(?<![A-Za-z\d])(?P<rn>[1-4])(?P<rk>[QH])\s?(?P<f2>FY)?['’]?(?P<ry>(?:19|20)\d\d|\d\d)(?!\d)"
    r"|(?<![A-Za-z\d])(?P<sk>[QH])(?P<sn>[1-4])(?:\s(?:of\s)?|['’]|\s['’])?(?P<f3>fiscal\s(?:year\s)?|FY\s?)?['’]?(?P<sy>(?:19|20)\d\d|(?<=['’Y])\d\d)?(?![\dA-Za-z])"
    r"|(?P<fq>fiscal\s)?(?P<en>first|second|third|fourth|1st|2nd|3rd|4th)[- ](?:fiscal\s)?(?P<ek>quarter|half)"
    r"(?:,?\s(?:of\s|in\s)?(?:the\s)?(?P<ef>fiscal\s(?:year\s)?|FY\s?)?(?P<ey>(?:19|20)\d\d))?"
    r"|(?:first\s(?P<nn>two|three|six|nine|eleven|ten|eight|seven|five|four)\smonths)(?:\sof\s(?P<ny>(?:19|20)\d\d))?"
    rf"|(?<![A-Za-z])(?P<em>{_MONTH})(?:\.|\s\d{{1,2}},)?\s(?P<emy>(?:19|20)\d\d)(?!\d)"
    rf"|(?<![A-Za-z])(?:in|of|for|from|during|since|to|last)\s(?P<mo>{_MONTH})(?![a-z]|\s\d)"
    r"|(?P<f4>fiscal\s(?:year\s)?|FY\s?|financial year\s|year ended[^.;]{0,24}?\s)['’]?(?P<fyy>(?:19|20)\d\d|\d\d)(?!\d)"
    r"|(?<![\d.,$€£¥])(?P<by>(?:19|20)\d\d)[EAF]?(?![\d%年]|,\d|\.\d|\s?(?:billion|million|units|亿|万|元|家|台|个|人))"
    r")",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class When:
    """A period as written at [start, end): absolute (`period`), or by its distance (`sort`).

    `fiscal` periods carry a company's own year; the calendar months in `period` are then only a name, good
    for telling two fiscal periods of one company apart and never equal to a calendar period. `months` is the
    length of a period named by its distance, where its words say it (去年同月, the prior quarter), else 0.
    """

    start: int
    end: int
    sort: Sort
    period: Period | None = None
    fiscal: bool = False
    months: int = 0


def periods_in(text: str, start: int = 0, end: int | None = None) -> Iterator[When]:
    """The period expressions of spelled text[start:end], in order."""
    for match in _PATTERN.finditer(text, start, len(text) if end is None else end):
        when = _when(match)
        if when:
            yield when


def _when(match: re.Match[str]) -> When | None:
    span = match.span()
    g = match  # by name, one at a time: a dict of all its groups takes longer than the rest
    if g["ago"] or g["before"]:
        words = match.group().lower()
        months = 1 if "月" in words or "month" in words else 3 if "季" in words or "quarter" in words else 0
        return When(*span, "year_ago" if g["ago"] else "before", months=months)
    if g["zy"]:
        return _absolute(span, _year(g["zy"]) * 12, 12, fiscal=True)
    year = g["y"] and _year(g["y"])
    if g["zq"]:
        return _part(span, year, (_digit(g["zq"]) - 1) * 3, 3)
    if g["zn"]:
        return _part(span, year, 0, _digit(g["zn"]) * 3)
    if g["zm"]:
        return _part(
            span,
            year,
            0,
            int(g["zm"]) if g["zm"].isdigit() else "一二三四五六七八九十".index(g["zm"][-1]) + 1,
        )
    if g["zh"]:
        return _part(span, year, 0 if g["zh"] == "上" else 6, 6)
    if g["m1"]:
        first, last = int(g["m1"]), int(g["m2"])
        return _part(span, year, first - 1, last - first + 1) if 1 <= first <= last <= 12 else None
    if g["m"]:
        return _part(span, year, int(g["m"]) - 1, 1) if 1 <= int(g["m"]) <= 12 else None
    if g["yy"] or g["by"]:
        return _absolute(span, _year(g["yy"] or g["by"]) * 12, 12)
    for y, k, n, f in (("qy", "qk", "qn", "f1"), ("ry", "rk", "rn", "f2"), ("sy", "sk", "sn", "f3")):
        if g[n]:
            length = 3 if g[k] in "Qq" else 6
            if length == 6 and int(g[n]) > 2:
                return None
            return _part(span, g[y] and _year(g[y]), (int(g[n]) - 1) * length, length, fiscal=bool(g[f]))
    if g["en"]:
        length = 3 if g["ek"].lower() == "quarter" else 6
        fiscal = bool(g["fq"] or g["ef"])
        return _part(
            span,
            g["ey"] and _year(g["ey"]),
            (_EN_NUMBER[g["en"].lower()] - 1) * length,
            length,
            fiscal=fiscal,
        )
    if g["nn"]:
        names = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
        return _part(span, g["ny"] and _year(g["ny"]), 0, names.index(g["nn"].lower()) + 2)
    if g["em"]:
        if re.search(r"\s\d{1,2},\s", match.group()):
            return None  # a day, not a month's figures
        return _absolute(span, _year(g["emy"]) * 12 + _MONTHS.index(g["em"][:3].lower()), 1)
    if g["mo"]:
        return _part(span, None, _MONTHS.index(g["mo"][:3].lower()), 1)
    if g["f4"]:
        return _absolute(span, _year(g["fyy"]) * 12, 12, fiscal=True)
    if y_only := g["y"]:  # 2024年全年
        return _absolute(span, _year(y_only) * 12, 12)
    return None


def _digit(text: str) -> int:
    return int(text) if text.isdigit() else _ZH_NUMBER[text]


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


@lru_cache(maxsize=4096)
def _months(first: int, count: int) -> Period | None:
    return months_from(first, count) if 1900 * 12 <= first < 2200 * 12 and 0 < count <= 12 else None


def _absolute(span: tuple[int, int], first: int, count: int, fiscal: bool = False) -> When | None:
    period = _months(first, count)
    return When(*span, "period", period, fiscal) if period else None


def _part(span: tuple[int, int], year: object, month: int, count: int, fiscal: bool = False) -> When | None:
    """A part of a year; without its year it keeps the months of year 1904 as a name until one is known."""
    period = _months((int(str(year)) if year else NO_YEAR) * 12 + month, count)
    return When(*span, "period" if year else "part", period, fiscal) if period else None


# The year under which a part of a year is kept while the text has not said which.
NO_YEAR = 1904


def in_year(part: Period, year: int) -> Period:
    """A part of a year that was written without one, in the given year."""
    return months_from(year * 12 + part.start.month - 1, part.whole_months)
