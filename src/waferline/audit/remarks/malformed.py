"""This module finds periods that no calendar has: 24Q出货量, 2024Q5, 13月, 2025年2月30日, FA2025."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from waferline.audit.claims.scene import Scene
from waferline.audit.finding import Remark
from waferline.audit.remarks.dates import all_days
from waferline.audit.remarks.remark import remark_at

# The document writes quarters this way elsewhere, so that 24Q is no product name.
_QUARTERS = re.compile(r"(?<![A-Za-z\d])(?:20)?\d\d[QH][1-4](?!\d)|(?<![A-Za-z\d])[1-4][QH]\d\d(?!\d)")
_NO_NUMBER = re.compile(r"(?<![A-Za-z\d.-])(?:20[0-4]\d|[0-4]\d)Q(?=\s?[\u4e00-\u9fff])")
_NO_QUARTER = re.compile(
    r"(?<![A-Za-z\d.-])(?:20[0-4]\d|[0-4]\d)(?:Q[05-9]|H[03-9])(?![\dA-Za-z])"
    r"|(?<![A-Za-z\d.-])[05-9]Q(?:20[0-4]\d|[12]\d)(?![\dA-Za-z])"
)
_WORDS = re.compile(
    r"(?:19|20)\d\d\s?年\s?第(?:[五六七八九十5-9]季度|[三四五3-5]半年)"
    r"|(?<![A-Za-z])(?:fifth|sixth|5th|6th)[- ]quarter(?:,?\s(?:of\s)?)(?:19|20)\d\d"
)
_MONTH = re.compile(
    r"(?:19|20)\d\d\s?年\s?(?:1[3-9]|[2-9]\d|0{1,2})\s?月(?!龄)"
    r"|(?<![\d.第满年~-])(?:1[3-9]|[2-9]\d)月(?:份|(?=底|初|末|[上中下]旬))"
)
_DAY_ZH = re.compile(r"(?<![\d年.])(?<!年\s)(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日(?!均|内|线|移动|滚动)")
_FISCAL = re.compile(r"(?<![A-Za-z\d])F[AU]\s?(?:20\d\d)(?![\dA-Za-z])")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def malformed_periods(scene: Scene) -> Iterator[Remark]:
    """`malformed_period`: a period without its number (24Q出货量), a quarter, month or day that does not
    exist, FA2025 for FY2025.

    Two-digit years and single letters count only in a document that writes quarters in that style elsewhere,
    or beside a number: a model name is no period.
    """
    text = scene.text
    if "Q" in text or "H" in text:
        yield from _unnumbered(scene)
    if scene.says("季度", "半年", "quarter"):
        for match in _WORDS.finditer(text):
            yield _remark(scene, match.span(), "没有这个季度或半年", "there is no such quarter or half")
    if "月" in text:
        for match in _MONTH.finditer(text):
            yield _remark(scene, match.span(), "没有这个月份", "there is no such month")
        yield from _days_without_year(scene)
    for printed in all_days(scene):
        piece = text[printed.start : printed.end]
        if printed.day is None and not _MONTH.match(piece) and not _is_code(text, printed.start, printed.end):
            yield _remark(scene, (printed.start, printed.end), "没有这一天", "there is no such day")
    if "FA" in text or "FU" in text:
        for match in _FISCAL.finditer(text):
            if _numbered(scene, match.start()):
                yield _remark(scene, match.span(), "财年应写作FY", "a fiscal year is written FY")


def _unnumbered(scene: Scene) -> Iterator[Remark]:
    """Quarters and halves in short form, without their number or with one that does not exist."""
    text = scene.text
    bare, wrong = list(_NO_NUMBER.finditer(text)), list(_NO_QUARTER.finditer(text))
    styled = bool(bare or wrong) and bool(_QUARTERS.search(text))
    for match in bare:
        if styled or match.group().startswith("20"):
            yield _remark(scene, match.span(), "缺少季度数字", "the quarter has no number")
    for match in wrong:
        if styled:
            yield _remark(scene, match.span(), "没有这个季度或半年", "there is no such quarter or half")


def _days_without_year(scene: Scene) -> Iterator[Remark]:
    for match in _DAY_ZH.finditer(scene.text):
        month, day = int(match["m"]), int(match["d"])
        if 1 <= month <= 12 and not 1 <= day <= _LONGEST[month - 1]:
            yield _remark(scene, match.span(), "没有这一天", "there is no such day")


def _is_code(text: str, start: int, end: int) -> bool:
    """True for what only looks like a date: version 2024.45.32, number 2024-13-45, 2月30日均价."""
    piece = text[start:end]
    if re.match(r"均|内|线|移动|滚动", text[end : end + 2]):
        return True
    numeric = re.fullmatch(r"\d{4}([-./])(\d{1,2})[-./]\d{1,2}", piece)
    if not numeric:
        return False
    left = text[max(0, start - 3) : start]
    return (
        numeric[1] == "." or not 1 <= int(numeric[2]) <= 12 or bool(re.search(r"[号#A-Za-z]\s?[:：]?$", left))
    )


def _remark(scene: Scene, span: tuple[int, int], zh: str, en: str) -> Remark:
    words = scene.document.text[span[0] : span[1]]
    return remark_at(scene, "malformed_period", *span, f"“{words}”：{zh}", f"“{words}”: {en}")


def _numbered(scene: Scene, at: int) -> bool:
    """True where the sentence at an offset prints money or a percentage."""
    i = bisect_right(scene.lines, at, key=lambda line: line.sentence.start) - 1
    return i >= 0 and any(
        m.role == "quantity" and m.measure.kind in ("money", "percent") for m in scene.lines[i].mentions
    )
