"""This module finds numbers typed by hand: in a study every number comes out of an expression.

Allowed are calendar dates and periods, names listed in the study's `names.toml`, and nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# Calendar dates and periods, Chinese and English. They say when, not how much.
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_CALENDAR = re.compile(
    rf"""
      \d{{4}}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?(?!\d)
    | \d{{4}}\s?[–-]\s?\d{{4}}\s?年?
    | \d{{4}}\s?年(?:(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})\s?月(?:(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s?日)?)?
      (?:[一二三四]\s?季度|[上下]半年)?
    | (?<![\d.,])(?:1[0-2]|0?[1-9])\s?月(?:(?:3[01]|[12]\d|0?[1-9])\s?日)?
    | [一二三四]\s?季度
    | \d{{2,4}}\s?[QH][1-4] | [QH][1-4]\s\d{{4}}
    | (?:\d{{1,2}}\s)?(?:{_MONTHS})(?:\s\d{{1,2}},)?\s\d{{4}}
    | (?<![\d.,])(?:19|20)\d{{2}}(?:-\d{{2}})?(?![\d.,]*\d)(?!\s?[%万亿倍家个台])
    """,
    re.VERBOSE,
)

_NUMERALS = "零〇一二两三四五六七八九十百千万亿半几数"
_MEASURES = "成|倍|分之|个|家|台|部|座|条|项|大|款|颗|片|只|支|种|类|次|轮|名|位|元|美元|年|月|天|日|周|季度|点|吨|瓦|亿|万|%|％"
_CHINESE_NUMBER = re.compile(
    rf"(?<!第)(?!零部件)(?:[{_NUMERALS}]+(?:余|多)?(?:{_MEASURES})|翻(?:了)?[一两]?[番倍]|一半)"
)
_ENGLISH_NUMBER = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand"
    r"|half|double[ds]?|triple[ds]?|twice|dozen)\b(?=[\s-](?:per cent|percent|percentage|times|fold|thirds?|quarters?|billion|million|trillion|of\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HandTyped:
    """A number typed by hand: text[start:end] == raw."""

    start: int
    end: int
    raw: str


@lru_cache(maxsize=4)
def _patterns(names: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each name as it stands in masked text, the longest first, and what finds it whole."""
    found = []
    for name in sorted((unicodedata.normalize("NFKC", name) for name in names), key=len, reverse=True):
        # RTX 4090 is no name inside GRTX 4090; 最近一次 is one after SIA.
        start = "(?<![A-Za-z0-9])" if name[:1].isascii() else ""
        end = "(?![0-9])" if name[-1:].isascii() else ""
        found.append((name, re.compile(f"{start}{re.escape(name)}{end}")))
    return tuple(found)


def hand_typed(text: str, names: Iterable[str]) -> tuple[HandTyped, ...]:
    """The numbers in `text` that no date, period or listed name accounts for, in order.

    >>> [found.raw for found in hand_typed("2024年增长19.1%，RTX 4090 缺货，占三成", ["RTX 4090"])]
    ['19.1%', '三成']
    """
    masked = [unicodedata.normalize("NFKC", character) for character in text]
    plain = "".join(character if len(character) == 1 else "\0" for character in masked)
    for name, pattern in _patterns(tuple(names)):
        for found in pattern.finditer(plain) if name in plain else ():
            plain = plain[: found.start()] + "\0" * len(name) + plain[found.end() :]
    plain = _CALENDAR.sub(lambda found: "\0" * len(found.group()), plain)
    spans = [
        found.span()
        for pattern in (re.compile(r"\d[\d,.]*\d%?|\d%?"), _CHINESE_NUMBER, _ENGLISH_NUMBER)
        for found in pattern.finditer(plain)
    ]
    # Circled and other numerals that NFKC turns into several characters were masked as one: look at the original.
    spans += [
        (i, i + 1) for i, c in enumerate(text) if len(masked[i]) > 1 and any(d.isdigit() for d in masked[i])
    ]
    return tuple(HandTyped(start, end, text[start:end]) for start, end in sorted(spans))
