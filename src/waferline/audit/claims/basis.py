"""This module holds the words that tell on what basis a number counts: the one home of them.

Two numbers of known different basis are never called inconsistent; a basis that is not said clashes with none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from waferline.quantity.relations.base import Phrase

# By family: the bases that exclude each other, each with its name and the words that tell it.
_FAMILIES: dict[str, tuple[tuple[Phrase, re.Pattern[str]], ...]] = {
    "span": (
        (Phrase("移动平均", "moving average"), re.compile(r"移动平均|三个月平均|moving[- ]average|three-month average|3-month average", re.IGNORECASE)),
        (Phrase("累计", "cumulative"), re.compile(r"累计|年初至今|year[- ]to[- ]date|cumulative|(?<![A-Za-z])YTD(?![A-Za-z])", re.IGNORECASE)),
        (Phrase("单月或单季", "single month or quarter"), re.compile(r"单月|当月|单季|当季|single[- ](?:month|quarter)", re.IGNORECASE)),
    ),
    "year": (
        (Phrase("财年", "fiscal year"), re.compile(r"财年|会计年度|(?<![A-Za-z])FY\s?'?\d|fiscal", re.IGNORECASE)),
        (Phrase("自然年", "calendar year"), re.compile(r"自然年|日历年|calendar", re.IGNORECASE)),
    ),
    "counted": (
        (Phrase("出货", "shipments"), re.compile(r"出货|shipments?(?![a-z])|shipped", re.IGNORECASE)),
        (Phrase("激活", "activations"), re.compile(r"激活|activations?(?![a-z])|activated", re.IGNORECASE)),
        (Phrase("零售", "retail sales"), re.compile(r"零售|sell[- ]through|retail", re.IGNORECASE)),
        (Phrase("批发", "wholesale"), re.compile(r"批发|wholesale", re.IGNORECASE)),
        (Phrase("产量", "production"), re.compile(r"产量|production(?![a-z])|produced", re.IGNORECASE)),
        (Phrase("订单", "orders"), re.compile(r"订单|新签|bookings?(?![a-z])|orders(?![a-z])", re.IGNORECASE)),
    ),
    "accounts": (
        (Phrase("调整后", "adjusted"), re.compile(r"调整后|经调整|扣非|扣除非经常|non-GAAP|adjusted", re.IGNORECASE)),
        (Phrase("会计准则口径", "as reported"), re.compile(r"(?<!非)(?<!non-)GAAP|归母|as reported", re.IGNORECASE)),
    ),
    "currency": (
        (Phrase("不变汇率", "constant currency"), re.compile(r"不变汇率|固定汇率|constant[- ]currenc", re.IGNORECASE)),
        (Phrase("报告汇率", "reported currency"), re.compile(r"报告汇率|as-reported currency", re.IGNORECASE)),
    ),
    "standing": (
        (Phrase("预测", "forecast"), re.compile(r"预计|预测|预期|有望|指引|目标|forecast|expect|project(?:ed|ion)|estimate|guidance|target|outlook", re.IGNORECASE)),
        (Phrase("实际", "actual"), re.compile(r"实际(?:值|为|实现|完成)|actual", re.IGNORECASE)),
    ),
}  # fmt: skip
# Whose number it is: 据IDC数据, 根据 SEMI 统计, according to Gartner.
_HOUSE = re.compile(
    r"(?:根?据|来自)\s?(?P<zh>[A-Za-z一-鿿][A-Za-z一-鿿 .&]{0,20}?)\s?(?:的?最?新?(?:数据|统计|预测|测算|报告|口径|披露|显示)|，)"
    r"|(?:according to|data from|figures from|estimates by)\s(?:the\s)?(?P<en>[A-Z][A-Za-z&.]*(?:\s[A-Z][A-Za-z&.]*){0,3})"
)
_ANY_TIME = ("standing",)  # families in which silence means one of the two


@dataclass(frozen=True, slots=True)
class Basis:
    """What a stretch of text says of the basis: a name by family, only for what it says; `house` in lower case."""

    said: Mapping[str, Phrase]
    house: str = ""

    def clash(self, other: Basis, *, skip: tuple[str, ...] = ()) -> tuple[Phrase, Phrase] | None:
        """The two names where both say a basis of one family and differ; None where nothing clashes."""
        for family, name in self.said.items():
            if family not in skip and family in other.said and other.said[family] != name:
                return name, other.said[family]
        if self.house and other.house and self.house != other.house:
            return Phrase(self.house, self.house), Phrase(other.house, other.house)
        return None

    def same(self, other: Basis) -> bool:
        """True if both say the same, silence included."""
        return self.said == other.said and self.house == other.house


def basis_in(text: str, start: int, end: int) -> Basis:
    """The basis that text[start:end] tells; a family of which it says two is left open."""
    said: dict[str, Phrase] = {}
    for family, kinds in _FAMILIES.items():
        found = [name for name, words in kinds if words.search(text, start, end)]
        if len(found) == 1:
            said[family] = found[0]
    houses = {(m["zh"] or m["en"]).strip().lower() for m in _HOUSE.finditer(text, start, end)}
    return Basis(said, houses.pop() if len(houses) == 1 else "")


def differing(one: Phrase, other: Phrase) -> Phrase:
    """The words that name two bases."""
    return Phrase(f"口径不同：{one.zh}与{other.zh}", f"different basis: {one.en} and {other.en}")
