"""This module holds streaks and superlatives against the numbers printed in the same document.

Only where the whole window is printed: a list in the sentence itself, or a row or column of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from waferline.audit.claims.grid import Grid, Number, grids_of
from waferline.audit.claims.scene import Line, Scene
from waferline.audit.finding import Remark
from waferline.audit.mentions import Mention
from waferline.audit.remarks.remark import remark_at, sentences
from waferline.quantity.period import Period

_DIGITS = {c: i + 1 for i, c in enumerate("一二三四五六七八九十")} | {"两": 2}
_COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_EN = {word: i + 2 for i, word in enumerate(_COUNTS)}
_STREAK = re.compile(
    r"连续\s?(?P<zn>[一二两三四五六七八九十]|\d{1,2})\s?(?:个?(?:月|季度?|年)|期)[^，。；]{0,8}?(?P<zw>正增长|负增长|同比增长|同比下降|环比增长|环比下降|环比上升|上升|走高|攀升|下滑|回落|走低|增长|下降|盈利|亏损)"
    rf"|(?<![A-Za-z])(?P<ew>growth|increases?|declines?|decreases?|gains?)\s(?:for|in)\s(?P<en>{'|'.join(_EN)}|\d{{1,2}})\sconsecutive\s(?:months|quarters|years)"
    rf"|(?<![A-Za-z])(?:rose|grew|increased|(?P<ed>fell|declined|decreased|dropped))\s(?:for|in)\s(?P<en2>{'|'.join(_EN)}|\d{{1,2}})\s(?:consecutive|straight)\s(?:months|quarters|years)",
    re.IGNORECASE,
)
_DOWN = re.compile(r"下|降|负|回落|走低|亏|declin|decreas|fell|drop", re.IGNORECASE)
_PARTED = re.compile(r"\s?(?:、|,\s|，|和|及|\sand\s|,\sand\s|;\s)\s?")
_AMOUNTS = re.compile(r"降幅|跌幅|减幅|下降|下滑|decline|decrease|drop", re.IGNORECASE)

_TOP = re.compile(
    r"近(?P<zn>[一二两三四五六七八九十]|\d{1,2})\s?(?P<zu>年|个季度|个月)(?:以?来)?(?:的)?(?:单(?:月|季度?))?(?:最|新)(?P<zw>高|低|大)"
    r"|(?P<year>全年|年内|各季度|各月|四个季度中?|12个月中?)(?:的)?(?:单(?:月|季度?))?最(?P<yw>高|低|大)(?!.{0,3}之一)"
    r"|(?<![A-Za-z])(?:the\s)?(?P<ew>highest|lowest|largest|biggest)\s(?:quarterly\s|monthly\s)?(?:figure\s|level\s|value\s)?(?:in|of|for|over)\s(?:the\s)?(?:past\s|last\s)?(?P<en>year|two years|three years|eight quarters|four quarters|twelve months)(?![A-Za-z])",
    re.IGNORECASE,
)
_EN_WINDOW = {
    "year": 12,
    "two years": 24,
    "three years": 36,
    "eight quarters": 24,
    "four quarters": 12,
    "twelve months": 12,
}


def streaks(scene: Scene) -> Iterator[Remark]:
    """`streak_broken`: 连续N个月正增长 beside a list of N percentages of which one has the other sign.

    The list stands in the sentence and has exactly N percentages; a list of falls (降幅分别为) prints
    amounts, not signs, and is left alone.
    """
    if not scene.says("连续", "consecutive", "straight"):
        return
    for line in sentences(scene):
        body = scene.text[line.sentence.start : line.sentence.end]
        match = _STREAK.search(body)
        if not match:
            continue
        word = (match["zn"] or match["en"] or match["en2"]).lower()
        count = int(word) if word.isdigit() else _DIGITS.get(word) or _EN.get(word, 0)
        down = bool(_DOWN.search(match["zw"] or match["ew"] or match["ed"] or ""))
        listed = _listed(scene, line, count)
        if count < 3 or not listed:
            continue
        before = scene.text[line.sentence.start : listed[0].start]
        if _AMOUNTS.search(before.replace(match.group(), "")) or (
            down and not any(m.signed == "-" for m in listed)
        ):
            continue
        broken = [m for m in listed if (m.value >= 0 if down else m.value <= 0)]
        if not broken or len(broken) > count // 2:
            continue
        first = broken[0].text.strip()
        start = line.sentence.start
        yield remark_at(
            scene, "streak_broken", start + match.start(), start + match.end(),
            f"“{match.group()}”：同句所列{count}个数中有“{first}”",
            f"“{match.group()}”: one of the {count} figures in the same sentence is “{first}”",
        )  # fmt: skip


def _listed(scene: Scene, line: Line, count: int) -> Sequence[Mention]:
    """The one list of exactly `count` percentages in a sentence; empty if there is none, or more."""
    percents = [m for m in line.mentions if m.measure.kind == "percent" and m.role == "quantity"]
    runs: list[list[Mention]] = []
    for mention in percents:
        if runs and _PARTED.fullmatch(scene.text, runs[-1][-1].end, mention.start):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    long = [run for run in runs if len(run) > 1]
    return long[0] if len(long) == 1 and len(long[0]) == count else ()


def superlatives(scene: Scene) -> Iterator[Remark]:
    """`superlative_refuted`: the highest of two years, of the year, where a table prints the whole window and
    a number in it goes further.

    The number must be printed in one table row or column alone, under its own period, with every period of
    the window beside it; all-time records are not printed whole and are left alone.
    """
    if not scene.says("最", "新", "highest", "lowest", "largest", "biggest"):
        return
    series: list[list[tuple[Period, Number]]] | None = None
    for line in sentences(scene):
        start, end = line.sentence.start, line.sentence.end
        for match in _TOP.finditer(scene.text, start, end):
            stated = _told(scene, line, match.start(), match.end())
            if stated is None:
                continue
            if series is None:
                series = [s for grid in grids_of(scene) for s in (*_series(grid), *_series(grid.turned()))]
            low = (match["zw"] or match["yw"] or match["ew"] or "") in ("低", "lowest")
            beaten = _beaten(series, stated, _months(match), low)
            if beaten:
                period, number = beaten
                words, other = match.group(), number.mention.text.strip()
                yield remark_at(
                    scene, "superlative_refuted", match.start(), match.end(),
                    f"“{words}”为{stated.text.strip()}，但表中{period.words('zh')}为{other}",
                    f"“{words}” is {stated.text.strip()}, but the table gives {other} for {period.words('en')}",
                )  # fmt: skip


def _months(match: re.Match[str]) -> int:
    if match["en"]:
        return _EN_WINDOW[match["en"].lower()]
    if match["year"]:
        return 0
    word = match["zn"]
    count = int(word) if word.isdigit() else _DIGITS[word]
    return count * {"年": 12, "个季度": 3, "个月": 1}[match["zu"]]


def _told(scene: Scene, line: Line, start: int, end: int) -> Mention | None:
    """The number a superlative is said of: the last level before it within two clauses, else the next."""
    before = [v.mention for v in line.levels if v.mention.end <= start and start - v.mention.end <= 40]
    same = [v.mention for v in line.levels if v.mention.start >= end and v.mention.start - end <= 8]
    kinds = ("money", "count", "plain")
    for mention in [*same, *reversed(before)]:
        if mention.measure.kind in kinds:
            return mention
    return None


def _series(grid: Grid) -> Iterator[list[tuple[Period, Number]]]:
    """Each row of a table whose columns are periods of one length, in order of time; levels only."""
    whens = {
        c: w.period for c, w in grid.column_when.items() if w.sort == "period" and w.period and not w.fiscal
    }
    for row in grid.rows:
        found = [(p, n) for c, p in whens.items() if (n := grid.at(row, c)) and not n.percent]
        lengths = {p.whole_months for p, _ in found}
        if len(found) >= 3 and len(lengths) == 1 and len({p.start for p, _ in found}) == len(found):
            yield sorted(found, key=lambda pair: pair[0].start)


def _beaten(
    series: Sequence[Sequence[tuple[Period, Number]]], stated: Mention, months: int, low: bool
) -> tuple[Period, Number] | None:
    """The first number of the window that goes further than the stated one; None if the window is not whole."""
    holds = [
        (row, i)
        for row in series
        for i, (_, number) in enumerate(row)
        if number.mention.exact.overlaps(stated.exact)
    ]
    if len(holds) != 1:
        return None
    row, i = holds[0]
    period, number = row[i]
    step = period.whole_months
    if step not in (1, 3):
        return None
    if months:
        count = months // step
        window = row[i - count + 1 : i + 1] if i - count + 1 >= 0 else []
    else:
        count = 12 // step
        window = [pair for pair in row if pair[0].start.year == period.start.year]
    if len(window) != count or not _unbroken([p for p, _ in window]):
        return None
    sign = Fraction(-1 if low else 1)
    for other, rival in window:
        if (rival.mention.value - number.mention.value) * sign > 0 and not rival.mention.exact.overlaps(
            number.mention.exact
        ):
            return other, rival
    return None


def _unbroken(periods: Sequence[Period]) -> bool:
    return all(b == a.next() for a, b in pairwise(periods))
