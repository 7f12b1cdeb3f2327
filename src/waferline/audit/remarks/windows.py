"""This module finds titles that name a window other than the one whose start and end are printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from waferline.audit.claims.scene import Scene
from waferline.audit.finding import Remark
from waferline.audit.periods import periods_in
from waferline.audit.remarks.dates import days_in
from waferline.audit.remarks.remark import remark_at, sentences

_DIGITS = {c: i + 1 for i, c in enumerate("一二三四五六七八九十")} | {"两": 2, "半": 0}
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WINDOW = re.compile(
    r"(?:近|过去|最近|近来)\s?(?P<zn>[一二两三四五六七八九十半]|\d{1,2})\s?(?P<zu>年|个月|个季度|季度)(?!前|代)"
    rf"|(?<![A-Za-z])(?:past|last|trailing|previous)\s(?:(?P<en>{'|'.join(_WORDS)}|\d{{1,2}})[\s-])?(?P<eu>years?|months?|quarters?)(?![A-Za-z'’])",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\s?(?:以来|起|开始)?\s?(?:[-–~—至到]|截[至止]|(?<![A-Za-z])(?:to|through|until|and)(?![A-Za-z]))\s?",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?:自|从|由|(?<![A-Za-z])(?:from|between|since))\s?$", re.IGNORECASE)
_AS_OF = re.compile(r"截[至止]至?|as (?:of|at)", re.IGNORECASE)
_MONTH_DAYS = 365.25 / 12
_NEAR = 40  # sentences before and after a title that may tell its range


@dataclass(frozen=True, slots=True)
class _Edge:
    start: int
    end: int
    first: date
    last: date


def windows(scene: Scene) -> Iterator[Remark]:
    """`window_differs`: 近一年, past 12 months over data printed as from A to B, which is another length.

    The range stands in the title or its sentence, or in the paragraphs around it with the same end day.
    Whole years are loose words: a sixth of the window and a month are allowed, and 近五年 may be six years
    end to end. One remark a window and end day, on the title if there is one.
    """
    blocks = scene.document.blocks
    told: set[tuple[str, date]] = set()
    places = sorted(
        sentences(scene),
        key=lambda line: blocks[line.block].kind not in ("caption", "heading"),
    )
    for line in places:
        start, end = line.sentence.start, line.sentence.end
        window = _WINDOW.search(scene.text, start, end)
        if not window:
            continue
        months = _length(window)
        if not months:
            continue
        title = blocks[line.block].kind in ("caption", "heading")
        ranges = list(_ranges(scene.text, start, end))
        if title and not ranges and _AS_OF.search(scene.text, start, end):
            ends = {d.day for d in days_in(scene.text, start, end)}
            for other in scene.lines[max(0, line.index - _NEAR) : line.index + _NEAR]:
                if not ranges:
                    span = other.sentence.start, other.sentence.end
                    same = _WINDOW.search(scene.text, *span)
                    if same and _length(same) == months:
                        ranges = [r for r in _ranges(scene.text, *span) if r[1].last in ends]
        if len(ranges) != 1:
            continue
        first, last = ranges[0]
        key = (window.group(), last.last)
        if key in told or _fits(months, first, last):
            continue
        told.add(key)
        yield _remark(
            scene,
            window,
            line.sentence.start if title else window.start(),
            end if title else window.end(),
            first,
            last,
        )


def _length(window: re.Match[str]) -> int:
    """The months a window's words name; 0 for one that names none."""
    if window["zu"]:
        word, unit = window["zn"], window["zu"]
        count = int(word) if word.isdigit() else _DIGITS[word]
        if word == "半":
            return 6 if unit == "年" else 0
    else:
        word, unit = (window["en"] or "one").lower(), window["eu"].lower()
        count = int(word) if word.isdigit() else _WORDS.index(word) + 1
        if not window["en"] and not unit.startswith("year"):
            return 0
    return count * (12 if unit in ("年", "year", "years") else 3 if unit[0] in "季q" or "季" in unit else 1)


def _ranges(text: str, start: int, end: int) -> Iterator[tuple[_Edge, _Edge]]:
    """The ranges 自A至B, from A to B, (A–B) printed in a stretch."""
    edges = [_Edge(d.start, d.end, d.day, d.day) for d in days_in(text, start, end) if d.day]
    for when in periods_in(text, start, end):
        if when.sort == "period" and when.period and not when.fiscal:
            if any(e.start < when.end and when.start < e.end for e in edges):
                continue
            first, last = when.period.start, when.period.end
            words = text[when.start : when.end]
            if re.search(r"[初]$", words):
                last = first
            elif re.search(r"[末底]$", words):
                first = last
            edges.append(_Edge(when.start, when.end, first, last))
    edges.sort(key=lambda e: e.start)
    for one, other in pairwise(edges):
        if _LINK.fullmatch(text, one.end, other.start) and one.first < other.last:
            bracketed = text[max(start, one.start - 2) : one.start].rstrip().endswith(("(", "（"))
            if bracketed or _FROM.search(text, start, one.start):
                yield one, other


def _fits(months: int, first: _Edge, last: _Edge) -> bool:
    """True if some reading of the printed ends gives the window's length."""
    longest = (last.last - first.first).days / _MONTH_DAYS
    shortest = max(0.0, (last.first - first.last).days / _MONTH_DAYS)
    slack = max(1.0, months / 6)
    return shortest - slack <= months <= longest + slack


def _remark(scene: Scene, window: re.Match[str], start: int, end: int, first: _Edge, last: _Edge) -> Remark:
    actual = (last.last + timedelta(1) - first.first).days / _MONTH_DAYS
    text = scene.document.text
    one, other = text[first.start : first.end].strip(), text[last.start : last.end].strip()
    words = text[window.start() : window.end()].strip()
    return remark_at(
        scene, "window_differs", start, end,
        f"“{words}”所指区间印为{one}至{other}，约{actual:.1f}个月",
        f"“{words}” is printed as {one} to {other}, about {actual:.1f} months",
    )  # fmt: skip
