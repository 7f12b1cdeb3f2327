"""This module reads the unit that a table's caption, head or label names for its plain numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from waferline.audit.mentions import Measure
from waferline.audit.mentions.measures import COUNTED, CURRENCIES, PREFIXED, SCALES, alternation

_UNIT = re.compile(
    rf"(?P<scale>{alternation(w for w in SCALES if len(w) > 1 or not w.isascii())})?\s?(?P<what>{COUNTED})"
)
_MONEY_WORDS = alternation(c for c in CURRENCIES if c not in ("$", "¥"))
_MONEY = re.compile(
    rf"(?P<cur>(?<![A-Za-z])(?:{_MONEY_WORDS})(?=$|[^A-Za-z]|(?:mn?|bn|k)(?![A-Za-z]))|[$¥€£])",
    re.IGNORECASE,
)
_GLUED = re.compile(r"\s?['’]?(?P<scale>mn?|bn|k)(?![A-Za-z])", re.IGNORECASE)  # USDm, £'m, $bn
_SCALE = re.compile(
    rf"(?<![A-Za-z])(?:{alternation(w for w in SCALES if len(w) > 1 or w in '亿万千兆')})s?(?![A-Za-z])|[’']?000s?(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that a caption, head or label names for plain numbers."""

    measure: Measure
    scale: Fraction


def unit_of(text: str) -> Unit | None:
    """The unit a caption, head or label names: （亿元）, USD billion, 万台, in millions of euros."""
    if not text:
        return None
    bracketed = re.findall(r"[（(]([^）)]{1,24})[）)]", text) + re.findall(
        r"单位\s?[:：]?\s?([^\s，。|）)]{1,16})", text
    )
    for piece in [*bracketed, text]:
        found = _unit(piece, loose=piece is not text or len(text) < 80)
        if found:
            return found
    return None


def _unit(piece: str, loose: bool) -> Unit | None:
    money = _MONEY.search(piece)
    scale = _SCALE.search(piece)
    factor = Fraction(1)
    if scale:
        word = scale.group().lower().rstrip("s").lstrip("’'")
        factor = Fraction(1000) if word == "000" else SCALES.get(word, Fraction(1))
    glued = _GLUED.match(piece, money.end()) if money and not scale else None
    if glued:
        factor = SCALES[glued["scale"].lower()]
    if money and (scale or glued or len(piece) <= 8):
        word = money["cur"]
        code = CURRENCIES.get(word) or CURRENCIES.get(word.upper()) or CURRENCIES.get(word.lower())
        per = re.search(r"/\s?([^/\s（）()]{1,4})\s*$", piece)
        return Unit(Measure("money", code or "", per[1] if per else ""), factor)
    counted = _UNIT.fullmatch(piece.strip().split("/")[0])
    if counted:
        what, times = PREFIXED.get(counted["what"], (counted["what"], 1))
        return Unit(Measure("count", what), times * SCALES.get(counted["scale"] or "", Fraction(1)))
    if (
        scale
        and not money
        and piece is not None
        and re.fullmatch(r"[万亿千百十]{1,2}|mn?|bn|k|'?000s?", piece.strip(), re.IGNORECASE)
    ):
        return Unit(Measure("plain"), factor)
    if (
        scale
        and loose
        and not money
        and re.fullmatch(
            r"\s*(?:in\s)?(?:[a-z]+\s)?\S*\s?(?:millions?|billions?|thousands?|mn|bn)(?:\s[a-z]+)?\s*",
            piece,
            re.IGNORECASE,
        )
    ):
        return Unit(Measure("plain"), factor)
    return None
