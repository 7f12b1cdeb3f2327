"""This module reads what a sentence states of a series: a level or a growth, its period, house and sort."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from waferline.audit.against import words
from waferline.audit.against.catalogue import Catalogue
from waferline.audit.against.subjects import Topic, topics_in
from waferline.audit.claims.scene import Line, Scene
from waferline.audit.mentions import Mention
from waferline.audit.periods import When, in_year
from waferline.quantity.period import Period

_CLAUSES = re.compile(r"[，。；！？,;]|\.(?!\d)")
_GAP_ZH, _GAP_EN = 16, 44
_ON_YEAR = re.compile("|".join(re.escape(w) for w in words.YEAR_ON_YEAR) + "|同增|同降|同减", re.IGNORECASE)
_ON_QUARTER = re.compile("|".join(re.escape(w) for w in words.QUARTER_ON_QUARTER), re.IGNORECASE)
_UP_TO = re.compile(r"(?:至|到|达|为|to|of|at|was|were|reached|totall?ed|hit)\s?[^，,]{0,8}$", re.IGNORECASE)
_OTHER = re.compile(r"[较占]|(?<![同环])比|(?<![a-z])(?:than|against|compared)(?![a-z])", re.IGNORECASE)
_FOLLOWS = re.compile(
    r"(?:\sin\s(?:the\s[a-z]+\squarter\sof\s)?(?:19|20)\d\d)?\s?[，,（(]?\s?(?:也|则|and\s|a\s|an\s)?[^，,。；;\d]{0,22}$"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A number that states a level (`change` "") or a growth (yoy, qoq) of a topic for a period.

    `said` are the words that tell what it is of: its sentence, or the caption, head and label of its cell.
    """

    mention: Mention
    topic: Topic
    period: Period
    change: str
    sign: int
    expected: bool
    said: str
    place: tuple[int, int]


def statements_of(scene: Scene, line: Line, catalogue: Catalogue) -> Iterator[Statement]:
    """What a sentence states, each number with the topic right before it; what is not explicit is left out."""
    text = scene.text
    topics = list(topics_in(text, line.sentence.start, line.sentence.end, catalogue))
    before: Statement | None = None
    reached = line.sentence.start
    for level in line.levels:
        mention = level.mention
        begin, reached = reached, mention.end
        if level.ranged:
            before = None
            continue
        topic = next((t for t in reversed(topics) if begin <= t.end <= mention.start), None)
        stated = None
        if topic is not None and topic.measure != "close":
            stated = _direct(text, line, topic, mention)
        elif before is not None and topic is None and before.mention.end <= mention.start:
            stated = _following(text, before, mention)
        if stated is not None:
            yield stated
        before = stated


def _direct(text: str, line: Line, topic: Topic, mention: Mention) -> Statement | None:
    gap = text[topic.end : mention.start]
    latin = text[topic.start : topic.end].isascii()
    if len(gap) > (_GAP_EN if latin else _GAP_ZH) or _CLAUSES.search(gap) or _OTHER.search(gap):
        return None
    when = period_before(line, mention, latin)
    if when is None:
        return None
    change, sign = _change(gap, topic, mention, when)
    if change is None:
        return None
    clause = _last_clauses(text[line.sentence.start : mention.start])
    expected = bool(words.EXPECTED.search(clause))
    place = (line.sentence.start, line.sentence.end)
    return Statement(mention, topic, when, change, sign, expected, text[slice(*place)], place)


def _last_clauses(said: str) -> str:
    """The part of the sentence that speaks of the number: back to the last semicolon or number's clause."""
    return re.split(r"[。；;]", said)[-1]


def _following(text: str, before: Statement, mention: Mention) -> Statement | None:
    """The growth told right after its level: …达6180亿美元，同比增长18.1%."""
    gap = text[before.mention.end : mention.start]
    if before.change or mention.measure.kind != "percent" or not _FOLLOWS.fullmatch(gap):
        return None
    if gap.isascii():  # …up 19.1% from a year earlier
        gap += " " + re.split(r"[.,;\d]", text[mention.end : mention.end + 30])[0]
    change = "yoy" if _ON_YEAR.search(gap) else "qoq" if _ON_QUARTER.search(gap) else None
    if change is None:
        return None
    return replace(before, mention=mention, change=change, sign=-1 if _falls(gap) else 1)


def _falls(gap: str) -> bool:
    return bool(words.FALLING.search(gap))


def _change(gap: str, topic: Topic, mention: Mention, period: Period) -> tuple[str | None, int]:
    """Which change a number tells by the words before it: "" for a level, None where it cannot be told."""
    moves = bool(words.RISING.search(gap) or words.FALLING.search(gap))
    on_year, on_quarter = bool(_ON_YEAR.search(gap)), bool(_ON_QUARTER.search(gap))
    sign = -1 if _falls(gap) else 1
    in_percent = topic.measure in words.IN_PERCENT
    if mention.measure.kind == "percent":
        if in_percent:
            return (None, 1) if (moves and not _UP_TO.search(gap)) or on_year or on_quarter else ("", 1)
        if on_year or on_quarter:
            return ("yoy" if on_year else "qoq"), sign
        return ("yoy", sign) if moves and period.kind == "year" else (None, 1)
    if in_percent or on_year or on_quarter or (moves and not _UP_TO.search(gap)):
        return None, 1
    return "", 1


def period_before(line: Line, mention: Mention, latin: bool = False) -> Period | None:
    """The period a number is told for, if the sentence names it: the last one before it, in English also the
    one right after."""
    if latin:
        after = [w for w in line.whens if mention.end <= w.start]
        if after and after[0].sort == "period" and after[0].start - mention.end <= 8:
            return None if after[0].fiscal else after[0].period
    last: When | None = None
    found: Period | None = None
    for when in line.whens:
        if when.end > mention.start:
            break
        last = when
        if when.sort == "period":
            found = when.period
        elif when.sort == "part" and when.period is not None and found is not None:
            found = in_year(when.period, found.start.year)
        else:
            found = None
    return None if last is None or last.fiscal else found
