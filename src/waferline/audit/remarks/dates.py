"""This module finds the days a text prints, and the day on which the document itself was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from waferline.audit.claims.scene import Scene
from waferline.audit.remarks.remark import sentences
from waferline.quantity.relations.base import Phrase

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = re.compile(
    r"(?=[\dJFMASOND])(?:"  # most places in a text are passed over without trying the forms below
    r"(?<!\d)(?P<y1>(?:19|20)\d\d)\s?年\s?(?P<m1>\d{1,2})\s?月\s?(?P<d1>\d{1,2})\s?[日号]"
    r"|(?<![\d./-])(?P<y2>(?:19|20)\d\d)(?P<sep>[-./])(?P<m2>\d{1,2})(?P=sep)(?P<d2>\d{1,2})(?![\d./-]*\d)"
    rf"|(?<![A-Za-z])(?P<m3>{MONTH})\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y3>(?:19|20)\d\d)(?!\d)"
    rf"|(?<!\d)(?P<d4>[0-2]?\d|3[01])(?:st|nd|rd|th)?[ ](?P<m4>{MONTH}),?\s(?P<y4>(?:19|20)\d\d)(?!\d))"
)
_LABEL = r"(?:(?:(?:发布|报告|出具|完成|签署|公告|撰写|更新|出版)?(?:日期|时间|日)|Date(?:d)?|Published|Issued|Updated|Released?)\s?[:：]?\s*)?"
_ALONE = re.compile(rf"\s*(?:\**)\s*[(（]?{_LABEL}$", re.IGNORECASE)
_CLOSES = re.compile(r"\s*[)）]?\s*(?:\**)\s*(?:星期[一二三四五六日天]|[|｜].{0,30})?\s*$")
_DATELINE = re.compile(
    r"\s*(?:[A-Z][A-Za-z.,'/() -]{1,60}?[,(–—-]\s?|Press [Rr]elease[,:–—|-]?\s|News [Rr]elease[,:–—|-]?\s|For immediate release[,:–—|-]?\s)$"
)
_DATELINE_ENDS = re.compile(r"\s?\)?\s?(?:--|[—–:/|-]|\(|$)")
_OTHERS = re.compile(
    r"相关(?:报告|研究)|近期(?:报告|研究)|往期|前期报告|历史报告|related|previous (?:report|research)|recent (?:report|research)",
    re.IGNORECASE,
)
_AS_OF = re.compile(
    r"(?:截至|截止到?至?|(?<![A-Za-z])as (?:of|at)|(?<=[年月初日底末])\s?至)\s?(?:the close (?:of|on)\s|the end of\s)?$",
    re.IGNORECASE,
)
NOT_YET = re.compile(
    r"预计|有望|预测|预期|计划|目标|拟|将|可能|或于|到期|有效|期限|届满|展望|指引|应于|须|申请|"
    r"(?<![A-Za-z])(?:will|expect|forecast|project(?:s|ed|ion)|estimate|outlook|guidance|target|plan|due|expire|valid|matur|until|may|could|would|should|scheduled|anticipate)",
    re.IGNORECASE,
)
_COVER_CHARS = 1500
_APART = timedelta(31)  # days further apart at the head belong to several documents
_NEAR = timedelta(100)  # metadata is believed where the text prints a day at most this long before it


@dataclass(frozen=True, slots=True)
class Day:
    """A day printed at [start, end); `day` is None where the calendar has no such day."""

    start: int
    end: int
    day: date | None


@dataclass(frozen=True, slots=True)
class OwnDay:
    """The document was not written before `day`; `exact` where that is its own date. `source` says from where."""

    day: date
    exact: bool
    source: Phrase


def days_in(text: str, start: int = 0, end: int | None = None) -> Iterator[Day]:
    """The full dates of spelled text[start:end], in order.

    >>> [d.day for d in days_in("2025年2月28日，2025年2月30日")]
    [datetime.date(2025, 2, 28), None]
    """
    for match in _DAY.finditer(text, start, len(text) if end is None else end):
        for n in "1234":
            if match[f"y{n}"]:
                month = match[f"m{n}"]
                number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
                yield Day(
                    match.start(), match.end(), day_or_none(int(match[f"y{n}"]), number, int(match[f"d{n}"]))
                )


def all_days(scene: Scene) -> list[Day]:
    """The full dates of a document, in order."""
    if "days" not in scene.told:
        scene.told["days"] = list(days_in(scene.text))
    told: list[Day] = scene.told["days"]
    return told


def day_or_none(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none: 30 February, month 13."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def own_day(scene: Scene) -> OwnDay | None:
    """The document's day: its cover or signature, else the latest 截至 / as of, else its metadata."""
    if "own_day" not in scene.told:
        scene.told["own_day"] = _own_day(scene)
    told: OwnDay | None = scene.told["own_day"]
    return told


def _own_day(scene: Scene) -> OwnDay | None:
    stated = _stated(scene)
    latest = max(stated, default=None)
    cover = _cover(scene)
    if cover and max(cover) - min(cover) <= _APART:
        day = max(cover)
        later = {d for d in stated if d > day}
        if len(later) < 3:  # many later days: what looked like the date is another document's
            return OwnDay(
                day,
                len(set(cover)) == 1,
                Phrase(f"文件自身日期{day.isoformat()}", f"the document's own date, {day.isoformat()}"),
            )
    if latest:
        return OwnDay(
            latest,
            False,
            Phrase(
                f"文中最晚的已发生日期{latest.isoformat()}（截至）",
                f"the latest day it reports as of, {latest.isoformat()}",
            ),
        )
    meta = scene.document.day
    if meta:
        near = [d.day for d in all_days(scene) if d.day and timedelta(0) <= meta - d.day <= _NEAR]
        if near:
            return OwnDay(
                meta,
                False,
                Phrase(
                    f"文件属性日期{meta.isoformat()}", f"the day in the file's properties, {meta.isoformat()}"
                ),
            )
    return None


def _cover(scene: Scene) -> list[date]:
    """The days that stand as the document's own: alone on a line or as dateline at its head or foot."""
    text = scene.text
    found: list[date] = []
    foot = max(0, len(text.rstrip()) - 200)
    for printed in all_days(scene):
        at_head, at_foot = printed.start < _COVER_CHARS, printed.start >= foot
        if not printed.day or not (at_head or at_foot):
            continue
        line = text.rfind("\n", 0, printed.start) + 1
        stop = text.find("\n", printed.end)
        left, right = text[line : printed.start], text[printed.end : stop if stop >= 0 else len(text)]
        alone = _ALONE.fullmatch(left) and _CLOSES.match(right)
        titled = at_head and line < 200 and left.endswith(("(", "（")) and re.fullmatch(r"[)）]\s*", right)
        dated = at_head and _DATELINE.match(left) and _DATELINE_ENDS.match(right)
        if not (alone or titled or dated):
            continue
        if _OTHERS.search(text, max(0, line - 200), line):
            continue
        if NOT_YET.search(left) or re.search(r"截[至止]|as (?:of|at)", left, re.IGNORECASE):
            continue
        found.append(printed.day)
    return found


def _stated(scene: Scene) -> list[date]:
    """The days a text reports as of: 截至2025年3月19日, as of 31 March 2025; not what is planned or expires."""
    found: list[date] = []
    if not scene.says("截", "至", "as of", "as at"):
        return found
    for line in sentences(scene):
        start, end = line.sentence.start, line.sentence.end
        for printed in days_in(scene.text, start, end):
            if (
                printed.day
                and _AS_OF.search(scene.text, max(start, printed.start - 30), printed.start)
                and not NOT_YET.search(scene.text[start:end])
            ):
                found.append(printed.day)
    return found
