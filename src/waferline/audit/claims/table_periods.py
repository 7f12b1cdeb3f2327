"""This module reads the periods that the heads and row labels of a table name."""

from __future__ import annotations

import re

from waferline.audit.periods import NO_YEAR, When, periods_in
from waferline.quantity.period import Period, months_from

_PRIOR = re.compile(
    r"上年|去年|上期|年初(?!至)|期初|prior|previous|last\s(?:fiscal\s)?year|year[- ]ago|上月|上季|上一|基期|last\s(?:month|quarter)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"上月|上一?个?季|前一?季|(?:prior|previous|last|preceding)\s(?:month|quarter)", re.IGNORECASE
)
_CURRENT = re.compile(
    r"本期|本年|今年|本月|本季|期末|当期|报告期|current|this (?:year|quarter|month)", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = re.compile(
    rf"(?<![A-Za-z])(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\s{_MONTH.replace('month', 'month2')}),?\s(?P<year>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_SHORT_MONTH = re.compile(
    rf"(?<![A-Za-z]){_MONTH}[-\s’']{{1,2}}(?P<year>(?:19|20)?\d\d)(?![\d,])", re.IGNORECASE
)
_NUMERIC = re.compile(
    r"(?<![\d.])(?P<year>(?:19|20)\d\d)\s?(?:[-/.]|年)\s?(?P<month>0?[1-9]|1[0-2])(?!\d)(?:\s?(?:[-/.]|月)\s?\d{1,2}(?!\d)(?!\s?月))?(?!\s?[-~至到—–]\s?\d)(?!\s?月?\s?[-~至到—–]\s?\d)"
)
_LENGTH = re.compile(
    r"(?P<n>three|six|nine|twelve|3|6|9|12)[- ]months?|(?P<q>quarters?)\sended|(?P<y>(?:fiscal\s)?years?)\sended|(?P<h>half[- ]years?)\s(?:ended|to)",
    re.IGNORECASE,
)
_COUNTS = {"three": 3, "six": 6, "nine": 9, "twelve": 12}
_TO_DATE = re.compile(r"累[计計]|年初至|YTD|year[- ]to[- ]date|^\s*1\s?[-~至到—]\s?本月", re.IGNORECASE)
_YEARLY_RANGE = re.compile(r"(?:19|20)\d\d\s?[-–/~]\s?(?:(?:19|20)\d\d|\d\d)(?!\d)")
_REPORTS = (
    (re.compile("三季[报報]"), "前三季度"),
    (re.compile("半?年[报報](?<=中报|半年)|中[报報]|半年[报報]"), "上半年"),
    (re.compile("年[报報]"), "年"),
)


def head_period(text: str) -> When | None:
    """The period a head or row label is about.

    A day stands for its month (or the months that end with it, where the head says how many); a cumulative
    column, whose first month no head prints, has none.
    """
    for pattern, words in _REPORTS:
        text = pattern.sub(words, text)
    if _YEARLY_RANGE.search(text) and not _NUMERIC.search(text):
        return None  # 2019-2024: a span, not a period
    dated = _dated(text)
    if dated:
        return When(0, 0, "period", dated)
    for when in periods_in(text):
        if when.sort in ("period", "part"):
            return when
    if _TO_DATE.search(text) and not _PRIOR.search(text):
        return When(0, 0, "part")
    if _BEFORE.search(text):
        return When(0, 0, "before")
    if _PRIOR.search(text):
        return When(0, 0, "year_ago")
    if _CURRENT.search(text):
        return When(0, 0, "part")
    return None


def _dated(text: str) -> Period | None:
    """The months of a head that gives a day or a month by date: 2022-09-30, Sept. 30, 2019, 2025/11, Dec 08."""
    match = _DAY.search(text)
    if match:
        name = match["month"] or match["month2"]
        return _ending(text, int(match["year"]), _MONTHS.index(name[:3].lower()))
    match = _NUMERIC.search(text)
    if match and re.search(r"[-/.]|月", match.group()):
        return _ending(text, int(match["year"]), int(match["month"]) - 1)
    match = _SHORT_MONTH.search(text)
    if match:
        year = int(match["year"])
        return _ending(text, year + 2000 if year < 100 else year, _MONTHS.index(match["month"][:3].lower()))
    return None


def _ending(text: str, year: int, month: int) -> Period | None:
    length = _LENGTH.search(text)
    count = 1
    if length:
        if length["n"]:
            count = _COUNTS.get(length["n"].lower()) or int(length["n"])
        else:
            count = 3 if length["q"] else 12 if length["y"] else 6
    if not 1900 < year < 2200:
        return None
    return months_from(year * 12 + month - count + 1, count)


def both_periods(head: str) -> tuple[When, When] | None:
    """The two periods of a head that names a comparison: 3Q18/3Q17, 2024 vs 2023, 4Q25 over 4Q24."""
    found = [w for w in periods_in(head) if w.period is not None and w.sort in ("period", "part")]
    if len(found) != 2 or found[0].period == found[1].period:
        return None
    between = head[found[0].end : found[1].start]
    return (
        (found[0], found[1])
        if re.fullmatch(r"\s?(?:/|vs\.?|v|over|to|较|比|对)\s?", between, re.IGNORECASE)
        else None
    )


def same_period(a: When, b: When) -> bool:
    """True if two heads name one period; one of them may leave the year out."""
    if a.period is None or b.period is None:
        return False
    if a.period == b.period:
        return True
    if NO_YEAR in (a.period.start.year, b.period.start.year):
        return (a.period.start.month, a.period.whole_months) == (b.period.start.month, b.period.whole_months)
    return False


def distance(new: When | None, old: When | None) -> int | None:
    """Months from the old period to the new one, where both are known and of one length; 12 where the heads
    only say this year and last, 1 where they say this month or quarter and the one before."""
    if new is None or old is None:
        return None
    if old.sort == "year_ago":
        return 12 if new.sort not in ("year_ago", "before") else None
    if old.sort == "before":
        return 1 if new.sort not in ("year_ago", "before") else None
    if new.period is None or old.period is None or new.sort != old.sort:
        return None
    if new.period.whole_months != old.period.whole_months or new.fiscal != old.fiscal:
        return None
    return (
        (new.period.start.year - old.period.start.year) * 12 + new.period.start.month - old.period.start.month
    )
