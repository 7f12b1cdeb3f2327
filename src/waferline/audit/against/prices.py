"""This module compares what a text says of a price or an index: its move over a window, its largest rise within one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from waferline.audit.against import words
from waferline.audit.against.catalogue import Catalogue
from waferline.audit.against.facts import stated_interval
from waferline.audit.against.history import Move, closes, largest_rise, move, rises
from waferline.audit.against.known import Known
from waferline.audit.against.statements import period_before
from waferline.audit.against.subjects import Topic, topics_in
from waferline.audit.claims.scene import Line, Scene
from waferline.audit.finding import Comparison, Outcome
from waferline.audit.mentions import Mention
from waferline.audit.telling import number_like
from waferline.quantity.period import Period, months_from
from waferline.quantity.relations.base import Phrase

_DATE = r"(?P<{0}y>(?:19|20)\d\d)年(?:(?P<{0}m>\d{{1,2}})月(?:(?P<{0}d>\d{{1,2}})日)?|年?初)?"
_FROM_TO = re.compile(rf"自?{_DATE.format('a')}初?\s?(?:至|到|—|–|-)\s?{_DATE.format('b')}")
_EN_DATE = r"(?P<{0}mon>[A-Z][a-z]+)\s(?P<{0}d>\d{{1,2}}),?\s(?P<{0}y>(?:19|20)\d\d)"
_FROM_TO_EN = re.compile(rf"from\s{_EN_DATE.format('a')}\s(?:to|through|until)\s{_EN_DATE.format('b')}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOVED = re.compile(
    r"涨幅|跌幅|上涨|下跌|涨|跌|rose|fell|gained|lost|rise|fall|gain|loss|up|down", re.IGNORECASE
)
_LARGEST_RISE = re.compile(
    r"最大涨幅(?:达到?|为|约|高达)?\s?$|(?:largest|maximum|peak)\s(?:rise|gain)\s(?:of|was|reached)\s?$",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"([一-鿿A-Za-z0-9 ]{2,14})的\s?$")
_BACK = 12  # sentences in which an index stays what is spoken of
_FAR = timedelta(120)


@dataclass(frozen=True, slots=True)
class PriceMove:
    """A stated move of an index over a window, and what the evidence gives for it."""

    mention: Mention
    topic: Topic
    start: date
    end: date
    sign: int
    line: Line


def price_moves(scene: Scene, line: Line, catalogue: Catalogue) -> Iterator[PriceMove]:
    """The moves that a sentence states of an index it names, over a window it names."""
    text = scene.text
    topics = [
        t for t in topics_in(text, line.sentence.start, line.sentence.end, catalogue) if t.measure == "close"
    ]
    seen: PriceMove | None = None
    for mention in line.mentions:
        if mention.measure.kind != "percent" or mention.role != "quantity":
            continue
        topic = next((t for t in reversed(topics) if t.end <= mention.start), None)
        gap = text[topic.end : mention.start] if topic else ""
        window = _window(text, line, mention)
        if (
            topic
            and window
            and len(gap) <= 14
            and _MOVED.search(gap)
            and not re.search(r"[，。；,;]|最大|较|比", gap)
        ):
            sign = -1 if words.FALLING.search(gap) else 1
            seen = PriceMove(mention, topic, *window, sign, line)
            yield seen
            continue
        beside = _BESIDE.search(text[max(line.sentence.start, mention.start - 16) : mention.start])
        if seen is not None and beside:
            name = beside.group(1)
            for size in range(len(name), 1, -1):
                entries = catalogue.of(words.squashed(name[-size:]), "close")
                if entries:  # …大幅跑赢沪深300的18.42%
                    other = Topic(
                        mention.start - size - 1, mention.start, entries[0].subject, "close", "", entries
                    )
                    yield PriceMove(mention, other, seen.start, seen.end, 1, line)
                    break


def _window(text: str, line: Line, mention: Mention) -> tuple[date, date] | None:
    """The first and last day of the window told for a number: before it, in English also right after it."""
    found = list(_FROM_TO.finditer(text, line.sentence.start, mention.start))
    after = _FROM_TO_EN.match(text, mention.end + 1, line.sentence.end)
    if found or after:
        return _days(found[-1] if found else after)
    period = period_before(line, mention, latin=text[line.sentence.start : line.sentence.end].isascii())
    return (period.start, period.end) if period is not None else None


def _days(match: re.Match[str] | None) -> tuple[date, date] | None:
    if match is None:
        return None
    ends: list[Period] = []
    for side in "ab":
        part = match.groupdict()
        year, month, day = part[f"{side}y"], part.get(f"{side}m"), part[f"{side}d"]
        if part.get(f"{side}mon"):
            name = str(part[f"{side}mon"])[:3].lower()
            if name not in _MONTHS:
                return None
            month = str(_MONTHS.index(name) + 1)
        try:
            if day:
                one = date(int(year), int(month or 1), int(day))
                ends.append(Period(one, one))
            elif month:
                ends.append(months_from(int(year) * 12 + int(month) - 1, 1))
            else:
                ends.append(months_from(int(year) * 12, 12))
        except ValueError:
            return None
    return (ends[0].start, ends[1].end) if ends[0].start < ends[1].end else None


def compared_move(stated: PriceMove, known: Known) -> Comparison | None:
    """The move from the last close before the window or from its first close: either is a fair reading."""
    if stated.end > known.snapshot.day:
        return None
    interval = stated_interval(stated.mention, stated.sign)
    for entry in stated.topic.entries:
        series = entry.series
        prices = closes(known, series, stated.start, stated.end)
        whole = move(known, series, stated.start - timedelta(1), stated.end)
        inside = move(known, series, prices[0][0], stated.end) if len(prices) > 1 else None
        read = [m for m in (whole, inside) if m is not None]
        if not read:
            continue
        agreeing = [m for m in read if m.interval.overlaps(interval)]
        told = (agreeing or read)[:1] if agreeing else read
        zh = "；".join(f"{_span(m)}为{_in_words(stated.mention, m)}" for m in told)
        en = "; ".join(f"{_in_words(stated.mention, m)} over {_span(m)}" for m in told)
        said, name = stated.mention.text.strip(), known.name(series)
        said = f"−{said}" if stated.sign < 0 and stated.mention.signed != "-" else said
        return Comparison(
            "change",
            "agrees" if agreeing else "differs",
            stated.mention.span("stated"),
            (series,),
            Phrase(
                f"{name.zh}按收盘{zh}" + (f"，与“{said}”一致" if agreeing else f"；文中为“{said}”"),
                f"{name.en} by closes: {en}"
                + (f", agrees with “{said}”" if agreeing else f"; the text says “{said}”"),
            ),
            observed=_in_words(stated.mention, told[0]),
            place=(stated.line.sentence.start, stated.line.sentence.end),
        )
    return None


def compared_rise(scene: Scene, line: Line, known: Known, spoken: PriceMove | None) -> Iterator[Comparison]:
    """A largest rise within a window, of the index spoken of before.

    The sentence does not name the index. So a rise that the window does not hold is told only where the very
    rise is found elsewhere: then the number is that index's, and its window is another.
    """
    if spoken is None or line.index - spoken.line.index > _BACK:
        return
    for mention in line.mentions:
        before = scene.text[max(line.sentence.start, mention.start - 24) : mention.start]
        window = _window(scene.text, line, mention)
        if mention.measure.kind != "percent" or window is None or not _LARGEST_RISE.search(before):
            continue
        if window[1] > known.snapshot.day:
            continue
        found = _rise(mention, window, spoken.topic, known)
        if found is not None:
            yield Comparison(
                "rise", found[0], mention.span("stated"), (found[1],), found[2], observed=found[3],
                place=(line.sentence.start, line.sentence.end),
            )  # fmt: skip


def _rise(
    mention: Mention, window: tuple[date, date], topic: Topic, known: Known
) -> tuple[Outcome, str, Phrase, str] | None:
    for entry in topic.entries:
        series = entry.series
        earlier = closes(known, series, window[0] - timedelta(15), window[0] - timedelta(1))[-1:]
        best = largest_rise([*earlier, *closes(known, series, *window)])
        if best is None:
            continue
        told, name = _in_words(mention, best), known.name(series)
        if best.interval.overlaps(mention.interval):
            return "agrees", series, Phrase(
                f"{name.zh}在{window[0]}至{window[1]}内最大涨幅为{told}（{_span(best)}）",
                f"the largest rise of {name.en} within {window[0]} to {window[1]} is {told} ({_span(best)})",
            ), told  # fmt: skip
        wide = closes(known, series, window[0] - _FAR, min(window[1] + _FAR, known.snapshot.day))
        other = next(rises(wide, mention.exact), None)
        if other is not None:
            return "differs", series, Phrase(
                f"{name.zh}在{window[0]}至{window[1]}内最大涨幅为{told}（{_span(best)}）；“{mention.text.strip()}”是{_span(other)}的涨幅，该区间不在文中所述时段内",
                f"the largest rise of {name.en} within {window[0]} to {window[1]} is {told} ({_span(best)}); “{mention.text.strip()}” is the rise over {_span(other)}, which is not the window stated",
            ), told  # fmt: skip
    return None


def _span(m: Move) -> str:
    return f"{m.start}→{m.end}"


def _in_words(mention: Mention, m: Move) -> str:
    text = number_like(mention, m.value)
    return (f"-{text}" if m.value < 0 and not text.startswith("-") else text).replace("-", "−")
