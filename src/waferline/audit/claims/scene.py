"""This module lays a document out for the rules: sentences with their numbers, each with period and metric."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from waferline.audit.document import Document
from waferline.audit.mentions import Mention, mentions_of
from waferline.audit.periods import When, periods_in
from waferline.audit.sentences import Sentence, in_pieces, sentences_of
from waferline.audit.spelling import spelled

LEVEL_KINDS = ("money", "count", "plain")

_BASE_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:from|than|against|versus|vs\.?|after|(?:%|percent|increase|growth|gain|rise|up|points?|improvement) over|compared (?:with|to)|compares (?:with|to)|above|below|"
    r"relative to|up from|down from)\s(?:the\s|its\s|an?\s|only\s|just\s|about\s|approximately\s|around\s|some\s|nearly\s|"
    r"restated\s|record\s|revised\s|net\s|sales\sof\s|revenues?\sof\s|losse?s?\sof\s|income\sof\s|profits?\sof\s|earnings\sof\s|"
    r"(?:fiscal\s)?(?:19|20)\d\d(?:'s)?\s(?:level\sof\s|total\sof\s|figure\sof\s)?|[a-z]+\s(?=of\s)of\s){0,3}"
    r"|(?<![a-z])(?:than|against|versus|vs\.?|compared (?:with|to))\s(?:[A-Za-z'’-]+\s|(?:19|20)\d\d\s){0,6}$"
    r"|(?:上期|上年度|基期)(?:为|的|数)?$"
    r"|[（(](?:prior[- ]year|previous year|last year|(?:19|20)\d\d|FY\s?\d\d|[1-4]Q\s?\d\d|上年(?:同期)?|去年(?:同期)?)\s?[:：]?\s?$"
    r"|(?:比(?!重|例|率|值)|较|从(?!业|而|事)|由(?!于)|自(?!给|动|由|主|有|营)|相比|对比|相较于?|高于|低于|原来的|基数)[^，。；、\d高多增减少低升降涨跌]{0,12})$",
    re.IGNORECASE,
)
_GOAL_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:to|reach(?:ed|ing)?|totall?(?:ed|ing)|was|were|of|at|hit|touched)\s(?:a\s|the\s|about\s|record\s|nearly\s|some\s|approximately\s|net\s){0,2}"
    r"|(?:至|到|为|达|达到|录得|实现|完成)[^，。；、\d]{0,6})$",
    re.IGNORECASE,
)
# A number that is itself a change; 增至, "to" and "from" say otherwise.
_CHANGE_BEFORE = re.compile(
    r"(?:增加|减少|净增加?|净减少?|增长|下降|上升|回落|提高|降低|多出?|少|高出|低|扩大|缩小|上涨|下跌|超出|差)了?(?:约|近|超过?|逾)?(?:人民币|新台币)?\s?$"
    r"|(?:increase|decrease|rise|decline|gain|drop|fall|reduction|improvement|growth|change|difference|gap)s?\s(?:of|by)\s(?:about\s|approximately\s|some\s|nearly\s)?$"
    r"|(?:rose|grew|fell|increased|decreased|declined|dropped|climbed|up|down|higher|lower|more|jumped|gained|improved|narrowed|widened)\sby\s(?:about\s|approximately\s|some\s|nearly\s)?$"
    r"|%,?\s(?:or|或)\s(?:about\s|approximately\s)?$|%[，,](?:即|或)$|(?<![a-z])(?:up|down|increased|decreased|rose|fell|grew|declined)\s(?:about\s|approximately\s|some\s|nearly\s)?$",
    re.IGNORECASE,
)
_CHANGE_AFTER = re.compile(
    r"\s?(?:(?:more|less|fewer|higher|lower)\s(?:than|in)|(?:year-over-year\s)?(?:increase|decrease|decline|improvement|rise|reduction)(?![a-z]))",
    re.IGNORECASE,
)
_COMPARATOR = re.compile(
    r"(?<![a-z])(?:compared|than|from|over|versus|vs|against|after|on)(?![a-z])", re.IGNORECASE
)
_AGAINST = re.compile(
    r"(?:than|from|over|against|versus|compared (?:to|with)|since)\s(?:in\s|the\s|that\s(?:of|in)\s)?$|(?:比|较|相比)$",
    re.IGNORECASE,
)
_A_SHARE = re.compile(
    r"每股[^，。；\d]{0,8}$|(?:EPS|per[ -]share|per diluted share)[^,.;\d]{0,24}$", re.IGNORECASE
)
_EITHER = re.compile(r",?\s(?:or|and)\s|[，、]?(?:或|即)")
_COMPARATOR = re.compile(
    r"(?<![a-z])(?:compared|than|from|over|versus|vs|against|after|on)(?![a-z])", re.IGNORECASE
)
_LISTED = re.compile(r"\s?[、和及与]\s?[^，。；\d]{0,6}")
# 418 (372), up 12 %: a number alone in brackets right behind one of its kind, with a change told next, is its base.
_ALONE = re.compile(r"\s?[（(]")
_CHANGED = re.compile(
    r"[）)][,，:：]?\s?(?:[+＋−–-]\s?\d|(?:up|down|rose|fell|increase|decrease)(?![a-z])|(?:同比|环比|较上年|按年)?(?:增|减|升|降|提|上升|下降))",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"(?<![a-z])(?:this (?:year|quarter|month)|now|today|currently)(?![a-z])(?!\sto date)|(?:今年|本[年季月])(?!以来|度?累计|至今|[前上下])|目前|如今|现[为在有升降达]",
    re.IGNORECASE,
)
_NOW_MONTHS = (("year", 12), ("年", 12), ("quarter", 3), ("季", 3), ("month", 1), ("月", 1))
_EXPECTED = re.compile(
    r"(?:estimate|guid(?:e|es|ed)|sees|projects|forecast|expect|consensus|guidance|target|outlook|budget|预期|预测|指引|目标|预计|一致)[^，。；,;\d]{0,20}$",
    re.IGNORECASE,
)
_THAN = re.compile(
    r"(?:more|less|fewer|greater|higher|lower)\sthan\s(?:the\s)?$|over\s$|above\s$", re.IGNORECASE
)
_RANGE = re.compile(r"\s?(?:至|到|[-~–—]|to|and)\s?", re.IGNORECASE)
_FROM = re.compile(r"(?:由|从|自|from)[^，。；,;]{0,20}$|(?:than|against|versus)\s$", re.IGNORECASE)
_STOP_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "in",
        "to",
        "for",
        "and",
        "or",
        "was",
        "were",
        "is",
        "are",
        "be",
        "been",
        "at",
        "by",
        "with",
        "from",
        "on",
        "as",
        "that",
        "this",
        "its",
        "their",
        "our",
        "which",
        "had",
        "has",
        "have",
        "it",
        "they",
        "we",
        "year",
        "quarter",
        "month",
        "compared",
        "against",
        "than",
        "after",
        "over",
        "billion",
        "million",
        "total",
        "up",
        "down",
        "about",
        "reported",
        "posted",
        "came",
        "reached",
        "recorded",
        "rose",
        "grew",
        "fell",
        "increased",
        "decreased",
        "declined",
        "totaled",
        "totalled",
        "respectively",
        "while",
        "during",
        "same",
        "period",
        "ended",
        "fiscal",
        "approximately",
    ]
)
_ZH_STOP = re.compile(
    r"[的为了达到约至是比较上年去年同期同比环比增长下降减少增加其中分别实现完成录得，。、；：（）()“”\s\d年月日季度第一二三四前半初末底全本当我公司]+"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z-]{2,}")
_CJK = re.compile(r"[\u4e00-\u9fff]{2,}")


@dataclass(slots=True)
class Level:
    """A number that may be an operand, with what its sentence says about it.

    `when` is the period written with it (None if none is), `spoken` the absolute period it inherits from the
    text before; `base` is True where words mark it as what is compared with, `goal` where they mark it as
    what was reached, `earlier` where its own period lies before the one spoken of; `change` where it is
    itself a change (增加8.6亿元), `ranged` where it is an end of a range,
    `expected` where it is an estimate the result is held against; `now` the months of the present its
    sentence speaks of (12 for this year, 0 for a plain now), −1 if it does not;
    `words` are the metric's words.
    """

    mention: Mention
    sentence: int
    when: When | None = None
    spoken: When | None = None
    base: bool = False
    goal: bool = False
    earlier: bool = False
    change: bool = False
    ranged: bool = False
    expected: bool = False
    per_share: bool = False
    now: int = -1
    words: frozenset[str] = frozenset()

    @property
    def prior(self) -> str:
        """`year_ago` or `before` where the period says so by its distance."""
        return self.when.sort if self.when and self.when.sort in ("year_ago", "before") else ""


@dataclass(slots=True)
class Line:
    """One sentence: its numbers, its periods and the block it stands in."""

    index: int
    sentence: Sentence
    block: int
    mentions: list[Mention] = field(default_factory=list)
    whens: list[When] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    ranges: list[Level] = field(default_factory=list)
    told: dict[Hashable, Any] = field(default_factory=dict)  # what `cues` found out, to ask once


@dataclass(slots=True)
class Scene:
    """A document laid out: the spelled text, its sentences in order, and all its numbers."""

    document: Document
    text: str
    lines: list[Line]
    mentions: list[Mention]
    starts: list[int]  # the first digit of each mention, for looking up by place
    told: dict[Hashable, Any] = field(default_factory=dict)  # what a rule found out of the whole, to ask once

    def says(self, *words: str) -> bool:
        """True if the text holds one of the words (in lower case), in whatever case: without them a rule need not
        look."""
        if "lower" not in self.told:
            self.told["lower"] = self.text.lower()
        return any(word in self.told["lower"] for word in words)

    def around(self, line: Line, back: int = 2) -> list[Line]:
        """The line and up to `back` lines before it that belong to the same passage."""
        first = max(0, line.index - back)
        near = [self.lines[i] for i in range(first, line.index + 1)]
        return [other for other in near if line.block - other.block <= 2]


def scene_of(document: Document) -> Scene:
    """The document's prose laid out; tables and furniture are left to their own rules."""
    text = spelled(document.text)
    mentions = mentions_of(text, document.text)
    starts = [m.first for m in mentions]
    lines: list[Line] = []
    spoken: When | None = None
    for number, block in enumerate(document.blocks):
        if block.kind in ("table", "chart", "contents", "furniture"):
            continue
        whole = sentences_of(text, block.start, block.end)
        for sentence in (piece for one in whole for piece in in_pieces(one, starts)):
            inside = mentions[bisect_left(starts, sentence.start) : bisect_right(starts, sentence.end - 1)]
            line = Line(len(lines), sentence, number, inside)
            if inside:
                line.whens = list(periods_in(text, sentence.start, sentence.end))
                spoken = _levels(text, document.text, line, spoken)
            lines.append(line)
    return Scene(document, text, lines, mentions, starts)


def _levels(text: str, original: str, line: Line, spoken: When | None) -> When | None:
    """Fill the line's levels; the period the next sentence inherits is returned."""
    quantities = [m for m in line.mentions if m.role == "quantity" and m.measure.kind not in ("time", "spec")]
    chinese = bool(_CJK.search(text, line.sentence.start, line.sentence.end))
    held = _held(text, line, spoken)
    taken: When | None = None
    found = _NOW.search(text, line.sentence.start, line.sentence.end)
    now = next((n for w, n in _NOW_MONTHS if w in found.group().lower()), 0) if found else -1
    for i, mention in enumerate(quantities):
        held = _later(line, held, mention.start)
        before = quantities[i - 1].end if i else line.sentence.start
        after = quantities[i + 1].start if i + 1 < len(quantities) else line.sentence.end
        when = _when_of(text, line, mention, before, after, chinese, taken)
        taken = when if when and when.start >= mention.end else None
        left = text[max(before, mention.start - 60) : mention.start]
        if mention.qualifier:
            left = _THAN.sub("", left)
        if when and when.end <= mention.start:
            cut = text[max(before, when.start - 24) : when.start] + text[when.end : mention.start]
        else:
            cut = left
        level = Level(mention, line.index, when, held, now=now)
        level.per_share = mention.measure.kind == "money" and bool(_A_SHARE.search(left))
        level.earlier = level.prior != "" or bool(
            when
            and held
            and when.period
            and held.period
            and when.sort == "period"
            and when.period.start < held.period.start
        )
        level.base = (
            level.prior != ""
            or bool(_BASE_BEFORE.search(left))
            or (cut is not left and bool(_BASE_BEFORE.search(cut)))
        )
        level.goal = not level.base and bool(_GOAL_BEFORE.search(left))
        level.words = words_in(text[before : mention.start])
        if not level.words and line.levels and (level.base or level.earlier):
            level.words = line.levels[-1].words  # 比上月的50.4%: of what the number before was of
        level.change = mention.measure.kind in LEVEL_KINDS and bool(
            _CHANGE_BEFORE.search(left)
            or _CHANGE_AFTER.match(text[mention.end : min(after, mention.end + 24)])
        )
        level.expected = bool(_EXPECTED.search(left))
        last = line.levels[-1] if line.levels else None
        if (
            last
            and last.mention.measure == mention.measure
            and _ALONE.fullmatch(text, last.mention.end, mention.start)
            and _CHANGED.match(text, mention.end)
        ):
            level.base = True
        if (
            last
            and last.earlier
            and when is None
            and _LISTED.fullmatch(text[last.mention.end : mention.start])
        ):
            level.when, level.base, level.earlier = last.when, last.base, True  # 去年出口A、进口B
        if last and (last.base or last.earlier) and _EITHER.fullmatch(text[last.mention.end : mention.start]):
            level.when, level.base, level.earlier = (
                last.when,
                last.base,
                last.earlier,
            )  # from $475 million, or $1.69
        line.levels.append(level)
    for one, other in pairwise(line.levels):
        gap = text[one.mention.end : other.mention.start]
        left = text[max(line.sentence.start, one.mention.start - 24) : one.mention.start]
        if gap.strip() == "and" and not re.search(r"between\s$", left):
            continue
        if (
            _RANGE.fullmatch(gap)
            and not _FROM.search(left)
            and one.mention.measure.fits(other.mention.measure)
        ):
            one.ranged = other.ranged = True
            line.ranges.append(
                replace(one, mention=_joined(original, one.mention, other.mention), ranged=False)
            )
    return held


def _joined(original: str, low: Mention, high: Mention) -> Mention:
    """A range as one number: its middle, with a step as wide as the range and the ends' own rounding."""
    first, last = sorted((low.value, high.value))
    width = last - first + (low.step + high.step) / 2
    return replace(
        high,
        start=low.start,
        first=low.first,
        text=original[low.start : high.end],
        value=(first + last) / 2,
        step=width,
        qualifier="about",
    )


def _held(text: str, line: Line, spoken: When | None) -> When | None:
    """The period a sentence is about: the one it opens with, else the one spoken of before."""
    whens = [
        w for w in line.whens if not _AGAINST.search(text[max(line.sentence.start, w.start - 16) : w.start])
    ]
    first = whens[0] if whens else None
    if first is None or first.sort != "period":
        return spoken
    before = [m for m in line.mentions if m.role == "quantity" and m.end <= first.start]
    if before and _BASE_BEFORE.search(
        text[max(line.sentence.start, before[-1].start - 40) : before[-1].start]
    ):
        return spoken  # the period of what is compared with
    opens = not any(m.role == "quantity" and m.end <= first.start for m in line.mentions)
    newer = not (spoken and spoken.period and first.period and first.period.start < spoken.period.start)
    return first if opens or newer else spoken


def _later(line: Line, held: When | None, at: int) -> When | None:
    """The period spoken of at an offset: a sentence moves on to later periods, and back only for comparison."""
    for w in line.whens:
        if (
            w.end <= at
            and w.sort == "period"
            and w.period
            and held
            and held.period
            and w.period.start > held.period.start
        ):
            held = w
    return held


def _when_of(
    text: str, line: Line, mention: Mention, before: int, after: int, chinese: bool, taken: When | None
) -> When | None:
    """The period written with a number: the nearest before it with no number between; in English also the
    one right after it."""
    start, _ = line.sentence.clause_at(mention.start)
    if not chinese:
        for w in line.whens:
            if mention.end <= w.start < after:
                gap = text[mention.end : w.start]
                if "(" in gap and re.match(
                    r"\s?(?:period|quarter|year)?:?\s?[\d$€£]", text[w.end : w.end + 12]
                ):
                    break  # 81.7% (prior year 83.2%): the words are the second number's
                if _COMPARATOR.search(gap):
                    break  # 20.7 % compared to November 2023: the month is the base's
                if (
                    taken is not w
                    and len(gap) <= 34
                    and not re.search(r"[,;.](?!\d)", gap)
                    and len(gap.split()) <= 5
                ):
                    return w
                if re.fullmatch(r"[^,;.]{0,20},?\s?(?:in\s|for\s)?(?:the\s)?", gap) and w.sort in (
                    "year_ago",
                    "before",
                ):
                    return w
                break
    else:
        for w in line.whens:
            if (
                mention.end <= w.start < after
                and text[mention.end : w.start] in ("（", "(")
                and text[w.end : w.end + 1] in ("）", ")")
            ):
                return w
    best = None
    for w in line.whens:
        gap = text[w.end : mention.start]
        if before <= w.start and w.end <= mention.start and w is not taken and not re.search(r"[;；]", gap):
            if not chinese and w.sort in ("year_ago", "before") and re.search(r"(?<![a-z])to\s", gap):
                continue  # from the previous quarter to $26.2 billion
            best = w
    if best is None:
        return None
    if best.start >= start or chinese or len(text[best.end : mention.start]) < 60:
        return best
    return None


@lru_cache(4096)
def words_in(text: str) -> frozenset[str]:
    """The metric's words of a stretch: English words, Chinese character pairs; function words left out."""
    words = {w.lower().rstrip("s") for w in _WORD.findall(text) if w.lower() not in _STOP_WORDS}
    for run in _CJK.findall(_ZH_STOP.sub(" ", text)):
        words |= {run[i : i + 2] for i in range(len(run) - 1)}
    return frozenset(words)
