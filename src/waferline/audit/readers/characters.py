"""This module cleans the characters that files use for their looks, and joins lines that a page had broken.

A document keeps its own characters (full-width digits stay full-width). Undone are only those that stand for
the layout: ligatures, soft hyphens, zero-width marks, control characters, and the radicals that some fonts
give in the place of whole Chinese characters (U+2EDA for 页).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
# Radicals of the supplement that stand for a whole character; Unicode gives no mapping for most of them.
_SUPPLEMENT = dict(
    zip(
        "⺁⺇⺎⺒⺓⺜⺟⺠⺫⺬⺮⺯⺶⺷⺻⺼⻁⻄⻅⻆⻉⻋⻏⻑⻒⻓⻔⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻰⻳",
        "厂几兀巳幺日母民目示竹糸羊羊聿月虎西见角贝车阝長镸长门青韦页风飞食饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿龙龟",
        strict=True,
    )
)
_REMOVED = [0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F)]
_CONTROLS = [c for c in (*range(32), *range(0x7F, 0xA0)) if chr(c) not in "\t\n"]
_BULLETS = dict.fromkeys((61548, 61550, 61557, 61558, 61607, 61618, 61623, 61656, 61692), "•")

_TABLE: dict[int, str | None] = {
    **_LIGATURES,
    **{ord(radical): whole for radical, whole in _SUPPLEMENT.items()},
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    **{code: unicodedata.normalize("NFC", chr(code)) for code in range(0xF900, 0xFADA)},
    **dict.fromkeys(_REMOVED),
    **dict.fromkeys(_CONTROLS),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # a lone surrogate cannot be written to any file
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
    **_BULLETS,
}
_RARE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060\u2e80-\u2fd5\ud800-\udfff\uf06c-\uf0fc"
    "\uf900-\ufad9\ufb00-\ufb06\ufeff]"
)

RAISED = str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")
"""Digits set as superscripts: a reader writes them so that 627.6 with note 1 does not read as 627.61."""


def clean(text: str) -> str:
    """The text without the characters that only serve the layout.

    >>> clean("e\\ufb03cient ⻚\\u00ad 2０２4\\x00")
    'efficient 页 2０２4'
    """
    if not _RARE.search(text):
        return text
    return text.translate(_TABLE)


@cache
def is_wide(char: str) -> bool:
    """Whether the character is written without spaces around it: Chinese, Japanese, full-width marks.

    >>> [is_wide(c) for c in "芯，％a1"]
    [True, True, True, False, False]
    """
    code = ord(char)
    return (
        0x2E80 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0xFE30 <= code <= 0xFE4F
        or 0xFF00 <= code <= 0xFF60
        or 0xFFE0 <= code <= 0xFFE6
        or 0x20000 <= code <= 0x3FFFF
        or char in "“”‘’…—"
    )


# A word broken after one of these had its hyphen already: high-bandwidth, year-on-year, 12-inch.
_COMPOUND = frozenset(
    [
        "ai",
        "all",
        "and",
        "back",
        "best",
        "better",
        "bottom",
        "capital",
        "cash",
        "chip",
        "co",
        "cost",
        "cross",
        "customer",
        "cutting",
        "data",
        "day",
        "deep",
        "dollar",
        "double",
        "double-digit",
        "eight",
        "end",
        "energy",
        "euro",
        "euro-area",
        "ex",
        "export",
        "extreme",
        "fab",
        "far",
        "fast",
        "first",
        "five",
        "foundry",
        "four",
        "fourth",
        "free",
        "front",
        "full",
        "general",
        "government",
        "gross",
        "half",
        "hard",
        "high",
        "higher",
        "import",
        "in",
        "inter",
        "labor",
        "labour",
        "large",
        "leading",
        "life",
        "like-for",
        "logic",
        "long",
        "longer",
        "low",
        "lower",
        "market",
        "memory",
        "mid",
        "month",
        "month-",
        "on",
        "month-over",
        "multi",
        "near",
        "net",
        "nine",
        "non",
        "of",
        "of-the",
        "on",
        "one",
        "open",
        "over",
        "peer",
        "post",
        "power",
        "pre",
        "price",
        "quarter",
        "quarter-on",
        "quarter-over",
        "re",
        "real",
        "record",
        "renminbi",
        "research",
        "risk",
        "second",
        "self",
        "server",
        "seven",
        "short",
        "shorter",
        "silicon",
        "single",
        "single-digit",
        "six",
        "small",
        "so",
        "soft",
        "state",
        "state-of",
        "sub",
        "tax",
        "ten",
        "third",
        "third-party",
        "three",
        "time",
        "to",
        "top",
        "two",
        "wafer",
        "week",
        "well",
        "work",
        "year",
        "year-on",
        "year-over",
        "yuan",
    ]
)
_LAST_WORD = re.compile(r"([\w’'.-]+)[-\u2010]$")
_FIRST_WORD = re.compile(r"[\w’'-]+")


def joined(first: str, second: str, known: Callable[[str], bool] = lambda word: False) -> str:
    """Two lines of one paragraph as running text.

    Chinese joins without a space, other text with one. A hyphen at the end of the first line goes when a
    lower-case letter continues the word, unless the word is a compound; `known` says whether a word
    (lower case) stands elsewhere in the document.

    >>> joined("2024年全球销售额", "增长19.1%")
    '2024年全球销售额增长19.1%'
    >>> joined("the semicon-", "ductor market")
    'the semiconductor market'
    >>> joined("grew 19.1% year-", "on-year")
    'grew 19.1% year-on-year'
    """
    first, second = first.rstrip(), second.lstrip()
    if not first or not second:
        return first + second
    a, b = first[-1], second[0]
    if a in "-\u2010" and len(first) > 1 and not first[-2].isspace():
        if b.islower() and first[-2].isalpha() and _is_split(first, second, known):
            return first[:-1] + second
        return first + second
    if (is_wide(a) and a not in "“‘”’—…") or (is_wide(b) and b not in "“‘”’—…"):
        return first + second
    if a in "—–/" and not first[-2:-1].isspace():
        return first + second
    if _is_chinese(first) or _is_chinese(second):
        # Some writers break Chinese lines anywhere, also inside a number; no two numbers stand side by side.
        if (a.isdigit() or a in ".,") and (b.isdigit() or b in ".,%"):
            return first + second
        if is_wide(a) or is_wide(b):
            return first + second
    return f"{first} {second}"


def _is_split(first: str, second: str, known: Callable[[str], bool]) -> bool:
    before, after = _LAST_WORD.search(first), _FIRST_WORD.match(second)
    if not before or not after:
        return False
    left, right = before[1].lower(), after[0].lower()
    if known(left + right):
        return True
    if known(f"{left}-{right}"):
        return False
    return left not in _COMPOUND and "-" not in left and "-" not in right


def _is_chinese(text: str) -> bool:
    piece = text[-60:]
    return sum(map(is_wide, piece)) * 4 > len(piece)
