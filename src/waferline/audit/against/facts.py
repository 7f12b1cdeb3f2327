"""This module compares a stated level or growth with the editions that the evidence knew of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from waferline.audit.against import words
from waferline.audit.against.catalogue import Entry
from waferline.audit.against.known import Figure, Known
from waferline.audit.against.statements import Statement
from waferline.audit.against.subjects import fitting
from waferline.audit.finding import Comparison, Outcome
from waferline.audit.mentions import Mention
from waferline.audit.telling import number_like
from waferline.errors import BadInput
from waferline.quantity.interval import Interval
from waferline.quantity.relations.base import Phrase
from waferline.quantity.units import Unit, currencies_of, unit

_SINGLE = re.compile(r"单月|当月|single[- ]month", re.IGNORECASE)
_AVERAGE = re.compile(r"移动平均|三个月平均|moving[- ]average|three-month average", re.IGNORECASE)
_CURRENCIES = {"$": ("USD",), "元": ("CNY",), "USD": ("USD",), "CNY": ("CNY",), "TWD": ("TWD",)}


@dataclass(frozen=True, slots=True)
class Read:
    """One series beside a statement: its editions in the order they became known, or the growth of its levels."""

    entry: Entry
    figures: tuple[Figure, ...]
    from_levels: bool = False


def compared(stated: Statement, known: Known, wildest: int = 0) -> Comparison | None:
    """The comparison of one statement; None where no series of the evidence measures what it states.

    With `wildest`, also where it differs from each by so many times or more.
    """
    entries, chosen = of_house(fitting(stated.topic), stated.said, known)
    if stated.expected and not chosen:
        return None  # a forecast is a house's own; another house's says nothing against it
    entries = [e for e in entries if _same_sort(e, stated.said)]
    reads = list(_reads(stated, entries, known))
    if not reads:
        return _unknown(stated, entries, known)
    interval = stated_interval(stated.mention, stated.sign)
    agreeing = [r for r in reads if r.figures[-1].interval.overlaps(interval)]
    replaced = [r for r in reads if any(f.interval.overlaps(interval) for f in r.figures[:-1])]
    # A figure whose day is assumed may not have been public yet: it may agree, but says nothing against.
    surely = [r for r in reads if not r.figures[-1].assumed]
    outcome: Outcome = (
        "agrees" if agreeing else "superseded" if replaced else "differs" if surely else "unknown"
    )
    if outcome == "differs" and wildest and all(_is_far(stated.mention, r, wildest) for r in reads):
        return None
    told = agreeing[:1] or replaced[:1] or _without_echo(surely or reads)
    return Comparison(
        "fact",
        outcome,
        stated.mention.span("stated"),
        tuple(r.entry.series for r in told),
        _explained(
            stated, told, known, len(told if outcome == "differs" else _without_echo(reads)), outcome, chosen
        ),
        observed="; ".join(dict.fromkeys(in_words(stated.mention, r.figures[-1]) for r in told)),
        first=in_words(stated.mention, told[0].figures[0]) if len(told[0].figures) > 1 else "",
        sources=tuple(dict.fromkeys(r.figures[-1].source for r in told)),
        place=stated.place,
    )


def _is_far(mention: Mention, read: Read, times: int) -> bool:
    value = read.figures[-1].value
    return not value or not 1 < times * mention.value / value < times * times


def of_house(entries: Sequence[Entry], sentence: str, known: Known) -> tuple[list[Entry], str]:
    """The series of the house that the sentence names, and its name; all of them where it names none.

    Where it names a house that the study knows but that has no such series, none are left.
    """
    low = sentence.lower()
    named = [(e, h) for e in entries for h in sorted(e.houses, key=len) if house_in(h, low)]
    if named:
        return [e for e in entries if any(e is other for other, _ in named)], named[0][1]
    others = {source.publisher_en.lower() for source in known.snapshot.sources.values()}
    if any(house_in(h, low) for h in others if len(h) > 2):
        return [], ""
    return list(entries), ""


def house_in(house: str, text: str) -> bool:
    """Whether a lower-case text names a house; an English name is a word of its own."""
    if house.isascii():
        return bool(re.search(rf"(?<![a-z0-9]){re.escape(house)}(?![a-z0-9])", text))
    return house in text


def _same_sort(entry: Entry, sentence: str) -> bool:
    """A single month is not set against an average of three where the sentence says which it is."""
    if _SINGLE.search(sentence):
        return entry.sort != "average"
    return entry.sort == "average" if _AVERAGE.search(sentence) else True


def measures(entry_unit: Unit, mention: Mention) -> bool:
    """Whether a printed number can be one of that unit."""
    money = currencies_of(entry_unit)
    if mention.measure.kind == "percent":
        return entry_unit.name == "%"
    if mention.measure.per or entry_unit.name == "%":
        return False
    if mention.measure.kind == "money":
        return len(money) == 1 and money[0] in _CURRENCIES.get(mention.measure.basis, ())
    return mention.measure.kind == "count" and not money and bool(entry_unit.dims)


def stated_interval(mention: Mention, sign: int) -> Interval:
    """What the printed number allows, with the sign its words give it."""
    return -mention.interval if sign < 0 and mention.signed != "-" else mention.interval


def in_words(mention: Mention, figure: Figure) -> str:
    """A figure on the scale the document prints the number in."""
    return number_like(mention, figure.value).replace("-", "−")


def _reads(stated: Statement, entries: Iterable[Entry], known: Known) -> Iterator[Read]:
    for entry in entries:
        about = known.snapshot.series[entry.series]
        change = "yoy" if entry.change == "growth" and stated.period.kind == "year" else entry.change
        try:
            if change == stated.change and measures(unit(about.unit), stated.mention):
                figures = known.editions(entry.series, stated.period)
                figures = [f for f in figures if f.forecast == stated.expected]
                if figures:
                    yield Read(entry, tuple(figures))
            elif (
                stated.change and not change and not stated.expected and entry.measure not in words.IN_PERCENT
            ):
                growth = known.growth(entry.series, stated.period, stated.change)
                if growth is not None:
                    yield Read(entry, (growth,), from_levels=True)
        except BadInput:  # rival editions of one day: nobody can say which is meant
            continue


def _without_echo(reads: Sequence[Read]) -> list[Read]:
    """Without a growth from levels that only repeats what the same house printed as growth."""
    printed = {(r.figures[-1].house, r.figures[-1].period) for r in reads if not r.from_levels}
    kept = []
    for read in reads:
        newest = read.figures[-1]
        same = [r for r in reads if not r.from_levels and r.figures[-1].house == newest.house]
        echo = read.from_levels and (newest.house, newest.period) in printed
        if not (echo and any(r.figures[-1].interval.overlaps(newest.interval) for r in same)):
            kept.append(read)
    return kept


def _unknown(stated: Statement, entries: Sequence[Entry], known: Known) -> Comparison | None:
    """Unknown, where a series measures just this for other periods of the kind."""
    change = stated.change
    for entry in entries:
        about = known.snapshot.series[entry.series]
        if entry.change != change or not measures(unit(about.unit), stated.mention) or stated.expected:
            continue
        periods = [
            p for p in known.periods(entry.series, stated.period.kind) if known.editions(entry.series, p)
        ]
        if periods:
            name = known.name(entry.series)
            first, last = periods[0], periods[-1]
            return Comparison(
                "fact", "unknown", stated.mention.span("stated"), (entry.series,),
                Phrase(
                    f"证据中{name.zh}没有{stated.period.words('zh')}的数值（已知{first.words('zh')}至{last.words('zh')}）",
                    f"the evidence holds no figure of {name.en} for {stated.period.words('en')} (known from {first.words('en')} to {last.words('en')})",
                ),
                place=stated.place,
            )  # fmt: skip
    return None


def _explained(
    stated: Statement, told: Sequence[Read], known: Known, count: int, outcome: Outcome, house: str
) -> Phrase:
    zh, en = [], []
    for read in told:
        newest, first = read.figures[-1], read.figures[0]
        value = in_words(stated.mention, newest)
        how_zh = f"（{newest.told}算得）" if read.from_levels else f"（{newest.told}）"
        how_en = f" (from {newest.told})" if read.from_levels else f" ({newest.told})"
        name = known.name(read.entry.series)
        zh.append(f"{name.zh}{stated.period.words('zh')}为{value}{how_zh}，{newest.since}起可知")
        en.append(f"{name.en} {stated.period.words('en')} is {value}{how_en}, known since {newest.since}")
        if len(read.figures) > 1 and first.value != newest.value:
            zh[-1] += f"，首次公布为{in_words(stated.mention, first)}（{first.since}）"
            en[-1] += f", first printed as {in_words(stated.mention, first)} ({first.since})"
    said = stated.mention.text.strip()
    if stated.sign < 0 and stated.mention.signed != "-":
        said = f"−{said}"
    end = {
        "agrees": (f"，与“{said}”一致", f": agrees with “{said}”"),
        "superseded": (f"；“{said}”是已被更新的旧值", f": “{said}” is an edition that has been replaced"),
        "differs": (f"；文中为“{said}”", f": the text says “{said}”"),
        "unknown": (
            f"，文中为“{said}”；公布日期系推定或两期出自不同发布，不能判定",
            f": the text says “{said}”, but the day it became public is assumed or its levels are of two "
            f"releases, so nothing can be said",
        ),
    }[outcome]
    note = ("", "")
    if not house and count > 1:
        note = (
            f"（句中未写明机构，已与{count}个序列比较）",
            f" (the sentence names no publisher; compared with {count} series)",
        )
    return Phrase("；".join(zh) + end[0] + note[0], "; ".join(en) + end[1] + note[1])
