"""This module finds the numbers of a text and reads what is printed around each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from waferline.audit.mentions.measures import (
    COUNTED,
    CURRENCIES,
    PARTS,
    PREFIXED,
    QUALIFIERS,
    QUALIFIERS_AFTER,
    SCALES,
    SPEC,
    TIME,
    alternation,
)
from waferline.audit.mentions.mention import Measure, Mention, Qualifier, Role
from waferline.audit.mentions.roles import role_of
from waferline.audit.spelling import NO_NUMBER

_PREFIXES = [c for c in CURRENCIES if not c.islower() and c not in ("元",)]
_SUFFIXES = [c for c in CURRENCIES if c.islower() or not c.isascii() or c.isalpha()]
_LONGEST = 24  # digits: anything longer is an identifier, and bounds the work on hostile text

# Where a number may begin with its currency: most places in a text are passed over.
_BEGINS = rf"(?=[\d{re.escape(''.join(sorted({c[0] for c in _PREFIXES})))}])"
_NUMBER = re.compile(
    _BEGINS + rf"(?P<cur>(?:{alternation(_PREFIXES)})\s?)?"
    rf"(?P<num>(?<![\d{NO_NUMBER}])(?:\d{{1,3}}(?:,\d{{3}}){{1,6}}(?!\d)(?:\.\d{{1,12}})?|\d{{1,24}}(?:\.\d{{1,12}})?)(?![\d{NO_NUMBER}]))",
)
_COMMA_DECIMAL = re.compile(
    r",(\d{1,2})(?=\s?(?:%|percent|per cent|billion|million|bn|mrd|mio|euros?|m\b|€|EUR|p\.p\.))",
    re.IGNORECASE,
)
_ZH_NUMERAL = re.compile(
    r"(?P<num>[一二两三四五六七八九十]{1,3})(?P<unit>成(?![为立本员功熟长品都交分份果效绩型形千])|倍)"
    r"|(?P<half>一半|过半)"
)
_SCALE = re.compile(
    r"\s?(?P<zh>万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|兆(?![瓦赫])|千(?![瓦克米焦帕兆赫卡伏里分]))"
    r"|[\s-]?(?P<en>trillion|billion|million|thousand|crore|lakh|mrd|mio|trn|bln|mln|bn|mn|tn)(?![a-zA-Z])"
    r"|(?P<short>\s?[bBmMkK](?![a-zA-Z0-9/]))",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\s?(?P<sym>%|‰)"
    r"|\s?(?P<zh>个百分点|百分点|个千分点|千分点|个基点|基点|倍|成(?![为立本员功熟长品都交分份果效绩型形]))"
    r"|[\s-]?(?P<en>percentage[ -]points?|points?(?= (?:to|from|higher|lower|above|below|in)|[,.;)])|per cent|percent|basis points?|bps|ppts?|pps?|p\.p\.|pct)(?![a-zA-Z])"
    r"|(?P<times>\s?times|[ -]?fold|\s?[x×](?=[\s,.;)，。；）]|$))(?![a-zA-Z])",
    re.IGNORECASE,
)
_MONEY = re.compile(rf"\s?(?P<cur>{alternation(_SUFFIXES)})(?![a-zA-Z])")
_PER = re.compile(
    r"(?:/|每|\sper\s|\sa\s(?=share|barrel|tonne?|wafer|unit))\s?(?P<per>(?:千瓦时|千瓦|立方米|平方米|吨公里|人次|万台|亿台|加仑)|[A-Za-z]{1,12}|[\u4e00-\u9fff]{1,2})"
)
_TIME = re.compile(rf"[\s-]?(?:{TIME})(?![a-zA-Z])")
_SPEC = re.compile(rf"[\s-]?(?:{SPEC})(?![a-zA-Z])")
_COUNTED_ZH = re.compile(rf"\s?(?P<unit>{COUNTED})")
_COUNTED_EN = re.compile(r"\s(?P<words>[a-zA-Z][a-zA-Z-]*(?:\s[a-zA-Z][a-zA-Z-]*){0,2})")
_STOP = frozenset(
    [
        "in",
        "of",
        "to",
        "from",
        "and",
        "or",
        "for",
        "the",
        "a",
        "an",
        "at",
        "by",
        "on",
        "with",
        "than",
        "after",
        "before",
        "against",
        "versus",
        "vs",
        "as",
        "that",
        "which",
        "was",
        "were",
        "is",
        "are",
        "had",
        "has",
        "have",
        "compared",
        "while",
        "but",
        "who",
        "it",
        "its",
        "this",
        "these",
        "those",
        "last",
        "over",
        "under",
        "up",
        "down",
        "year",
        "quarter",
        "month",
        "per",
        "each",
        "respectively",
        "during",
        "since",
        "more",
        "less",
        "higher",
        "lower",
        "above",
        "below",
        "fewer",
        "including",
        "between",
        "worldwide",
        "globally",
        "was",
        "grew",
        "fell",
        "rose",
        "increased",
        "decreased",
        "declined",
        "jumped",
        "climbed",
        "accounting",
        "sold",
        "shipped",
        "into",
        "out",
        "about",
        "so",
        "not",
        "when",
        "it",
        "they",
        "we",
        "will",
        "would",
        "could",
        "may",
        "might",
        "an",
        "following",
        "through",
        "until",
        "only",
        "also",
        "just",
        "came",
        "went",
        "made",
        "reported",
        "reached",
        "made",
        "all",
        "both",
        "cost",
        "costs",
        "earned",
        "if",
        "billion",
        "million",
        "trillion",
        "thousand",
        "representing",
        "generated",
    ]
)
_QUALIFIER = re.compile(
    rf"(?:(?<![a-zA-Z])(?P<en>{alternation(w for w, _ in QUALIFIERS if w.isascii())})\s?(?:the\s)?"
    rf"|(?P<zh>{alternation(w for w, _ in QUALIFIERS if not w.isascii())})(?:了|为)?\s?)"
    r"(?:人民币|新台币|美元)?[-+]?$",
    re.IGNORECASE,
)
_COMPARING = ("over", "above", "under", "more than", "less than", "fewer than", "高于", "低于", "超过", "超")
_COMPARES = re.compile(
    r"(?:increase|decrease|growth|gain|rise|%|percent|points?|decline|up|down|higher|handed|took|turned|carried|won|"
    r"taken|倍|比例|点)(?:\s(?:of|was|is))?\s*$",
    re.IGNORECASE,
)
_QUALIFIER_OF: dict[str, Qualifier] = dict(QUALIFIERS)
_AFTER = re.compile(rf"\s?(?:{alternation(w for w, _ in QUALIFIERS_AFTER)})(?![a-zA-Z\d])")
_AFTER_OF: dict[str, Qualifier] = dict(QUALIFIERS_AFTER)
_SHARES_SCALE = re.compile(r"\s?(?:to|and|[-~–]|至|到|、|和)\s?")
_CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "十": 10}


def mentions_of(text: str, original: str | None = None) -> list[Mention]:
    """All numbers of a spelled text in order, the ones that are no quantities with their role.

    `original` is the text as printed, of the same length, for the literal strings.
    """
    original = text if original is None else original
    found = _shared_scale(text, original, _compounds(text, original, list(_digits(text, original))))
    taken = {(m.first, m.last) for m in found}
    for m in _numerals(text, original):
        if not any(first < m.last and m.first < last for first, last in taken):
            found.append(m)
    return sorted(found, key=lambda m: m.first)


def _compounds(text: str, original: str, found: list[Mention]) -> list[Mention]:
    """Numbers told in steps are one: 3兆4,740.51亿元, 90亿2千8百万元."""
    result: list[Mention] = []
    for i, m in enumerate(found):
        following = found[i + 1] if i + 1 < len(found) else None
        if (
            following is not None
            and m.scale == 10**3
            and following.scale == 10**6
            and m.end == following.first
        ):
            m = replace(m, value=m.value * 10**4, step=m.step * 10**4, scale=Fraction(10**7))  # 2千8百万
        last = result[-1] if result else None
        if (
            last is not None
            and m.first - last.end <= 1  # cheap, and seldom so: fractions are compared after it
            and last.scale > m.scale
            and last.scale >= 10**4
            and not text[last.end : m.first].strip()
            and (m.scale > 1 or m.measure.kind in ("money", "count"))
            and (
                (last.measure.kind in ("count", "plain") and not last.measure.basis)
                or (last.measure.kind == "money" and text[last.end - 1] != "元")
            )
            and m.value < last.scale
            and re.search(r"[\u4e00-\u9fff]", text[last.last : last.end])
        ):
            measure = m.measure if m.measure.kind != "plain" else last.measure
            if last.measure.kind == "money" and measure.kind in ("count", "plain"):
                measure = last.measure
            result[-1] = replace(
                last, end=m.end, text=original[last.start : m.end], last=m.last, value=last.value + m.value,
                step=m.step, measure=measure,
            )  # fmt: skip
            continue
        result.append(m)
    return result


def _shared_scale(text: str, original: str, found: list[Mention]) -> list[Mention]:
    """A scale told once for two: from €1,611 to €1,632 million."""
    result = list(found)
    for i, (one, other) in enumerate(pairwise(found)):
        if one.role != "quantity" or other.start - one.end > 5:
            continue  # no gap that `_SHARES_SCALE` takes is longer
        gap = text[one.end : other.start]
        if (
            one.scale > 1
            and one.measure.kind == "count"
            and not one.measure.basis
            and other.measure.kind in ("money", "count")
            and _SHARES_SCALE.fullmatch(gap)
        ):
            result[i] = replace(one, measure=other.measure)  # 600亿至650亿美元: the currency is told once
            continue
        if (
            one.scale == 1
            and other.scale >= 1000
            and one.measure.kind in ("money", "plain")
            and one.measure.fits(other.measure)
            and _SHARES_SCALE.fullmatch(gap)
            and other.value  # 7~0亿 says nothing of the 7
            and Fraction(1, 50) < one.value * other.scale / other.value < 50
        ):
            result[i] = replace(
                one,
                value=one.value * other.scale,
                step=one.step * other.scale,
                scale=other.scale,
                measure=other.measure,
            )
    return result


_MODEL_SIZE = re.compile(r"[A-Za-z0-9]-\d+(?:\.\d+)?[BMTbm]$")


def _digits(text: str, original: str) -> Iterator[Mention]:
    at = 0
    while match := _NUMBER.search(text, at):
        mention, at = _read(text, original, match)
        yield mention


def _read(text: str, original: str, match: re.Match[str]) -> tuple[Mention, int]:
    first, last = match.span("num")
    digits = match["num"].replace(",", "")
    if "." not in digits and (comma := _COMMA_DECIMAL.match(text, last)):
        digits, last = f"{digits}.{comma[1]}", comma.end(1)  # 18,7 %: the comma of continental Europe
    places = len(digits.partition(".")[2])
    # From whole numbers: reading a decimal string as a fraction costs several times as much.
    value, step = Fraction(int(digits.replace(".", "")), 10**places), Fraction(1, 10**places)
    start, signed = _sign(text, match.start("cur") if match["cur"] else first, first)
    currency = CURRENCIES[match["cur"].strip()] if match["cur"] else ""
    measure, scale, end = _measure(text, last, currency, text[first:last])
    role: Role = "quantity"
    if not currency and scale == 1 and measure.kind in ("plain", "time", "count", "spec"):
        role = role_of(text, first, last, end, measure)
        if role != "quantity":
            end = last
    elif not currency and _MODEL_SIZE.search(text[max(0, first - 3) : end]):
        role, end = "name", last  # Qwen-14B is no fourteen billion of anything
    qualifier, start = _qualified(text, start, end)
    if after := _AFTER.match(text, end):
        qualifier = qualifier or _AFTER_OF[after.group().strip()]
    if scale != 1:
        value, step = value * scale, step * scale
    mention = Mention(
        start=start,
        end=end,
        text=original[start:end],
        first=first,
        last=last,
        value=-value if signed == "-" else value,
        step=step,
        measure=measure,
        qualifier=qualifier,
        signed=signed,
        role=role,
        scale=scale,
    )
    return mention, max(last, end)


def _sign(text: str, start: int, first: int) -> tuple[int, str]:
    """Where the number starts with its sign, and the sign: a dash after a digit or letter is a range's."""
    for at in (start, first):
        if at and text[at - 1] in "-+–—":
            before = text[at - 2] if at > 1 else " "
            if text[at - 1] in "–—" and not (before.isspace() or before in "(|"):
                continue
            if not (before.isdigit() or (before.isascii() and before.isalpha()) or before in "%)亿万元"):
                return min(start, at - 1), "+" if text[at - 1] == "+" else "-"
    return start, ""


def _measure(text: str, at: int, currency: str, digits: str) -> tuple[Measure, Fraction, int]:
    """What follows the digits: scale, unit or counted thing; where it ends."""
    scale = Fraction(1)
    if not currency and (part := _PART.match(text, at)):
        word = next(g for g in part.groups() if g).strip().lower().replace("percentage-p", "percentage p")
        if word == "×":
            word = "x"
        if word == "pct" and re.match(r"\s?(?:of|increase|decrease|growth|rise|fall)", text[part.end() :]):
            word = "percent"
        if word.lstrip("- ") == "fold":
            word = "fold"
        kind, one = PARTS[word]
        return Measure(kind), one, part.end()
    if (found := _SCALE.match(text, at)) and not (
        found["short"] and not currency and not _short(text, found)
    ):
        scale = SCALES[(found["zh"] or found["en"] or found["short"].strip()).lower()]
        at = found.end()
        if not currency and (part := _PART.match(text, at)) and part["zh"] == "倍":
            return Measure("times"), scale, part.end()
    if not currency and (money := _MONEY.match(text, at)):
        currency, at = CURRENCIES[money["cur"]], money.end()
    elif currency and (money := re.compile(r"\s?(?:元|美元|欧元|dollars|yuan)").match(text, at)):
        at = money.end()
    if currency:
        per = _PER.match(text, at)
        if not per:
            return Measure("money", currency), scale, at
        unit, times = PREFIXED.get(per["per"], (per["per"].lower(), 1))
        return Measure("money", currency, unit), scale / times, per.end()
    if time := _TIME.match(text, at):
        return Measure("time", time.group().strip(" -")), scale, time.end()
    if spec := _SPEC.match(text, at):
        return Measure("spec", spec.group().strip(" -")), scale, spec.end()
    if counted := _COUNTED_ZH.match(text, at):
        unit, at = counted["unit"], counted.end()
        unit, times = PREFIXED.get(unit, (unit, 1))
        scale *= times
        per = _PER.match(text, at)
        return Measure("count", unit, per["per"] if per else ""), scale, per.end() if per else at
    if counted := _COUNTED_EN.match(text, at):
        noun = _noun(counted["words"])
        if noun:
            return Measure("count", noun), scale, at
    return Measure("plain" if scale == 1 else "count"), scale, at


def _short(text: str, found: re.Match[str]) -> bool:
    """A bare b, m or k scales only where it hangs on the digits and no unit could be meant."""
    return (
        not found["short"].startswith(" ")
        and found["short"] in "bBmMkK"
        and text[found.start() - 1].isdigit()
    )


def _noun(words: str) -> str:
    """The counted thing among the next words, in the singular: `EUV scanners with` → scanner."""
    noun = ""
    for word in words.lower().split():
        if word in _STOP:
            break
        noun = word
    return noun[:-1] if noun.endswith("s") and len(noun) > 3 else noun


def _qualified(text: str, start: int, end: int) -> tuple[Qualifier, int]:
    """The qualifier printed before the number. The span stays the number's own."""
    window = text[max(0, start - 18) : start]
    match = _QUALIFIER.search(window)
    if not match:
        return "", start
    word = (match["en"] or match["zh"]).lower()
    if word in _COMPARING and _COMPARES.search(window[: match.start()]):
        return "", start  # 12 % over $3.1 million, handed over 3,000: that over is no qualifier
    return _QUALIFIER_OF[word], start


def _numerals(text: str, original: str) -> Iterator[Mention]:
    """Chinese numerals that carry a share or a multiple: 三成, 两倍, 一半."""
    for match in _ZH_NUMERAL.finditer(text):
        if match["half"]:
            continue  # half is said loosely; nothing may hang on it
        value = _chinese(match["num"])
        if value is None:
            continue
        kind, one = PARTS[match["unit"]]
        qualifier, start = _qualified(text, match.start(), match.end())
        yield Mention(
            start=start,
            end=match.end(),
            text=original[start : match.end()],
            first=match.start("num"),
            last=match.end("num"),
            value=value * one,
            step=one,
            measure=Measure(kind),
            qualifier=qualifier or "about",
            scale=one,
        )


def _chinese(numeral: str) -> Fraction | None:
    """The value of a small Chinese numeral: 三 → 3, 十二 → 12, 二十 → 20."""
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        if any(len(part) > 1 for part in (tens, ones)):
            return None
        return Fraction((_CHINESE_DIGITS[tens] if tens else 1) * 10 + (_CHINESE_DIGITS[ones] if ones else 0))
    return Fraction(_CHINESE_DIGITS[numeral]) if len(numeral) == 1 else None
