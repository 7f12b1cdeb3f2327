"""This module finds what a sentence speaks of: a subject of the study's series right before its measure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from waferline.audit.against import words
from waferline.audit.against.catalogue import MEASURE, REGION, Catalogue, Entry, measure_of, region_of

_SPACES = 8  # letters by which a name as written may be longer than as compared
_REACH = 48  # letters before a measure in which its subject may stand


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject and its measure as written at [start, end), with the region said and the series of that name."""

    start: int
    end: int
    subject: str
    measure: str
    region: str
    entries: tuple[Entry, ...]


def topics_in(text: str, start: int, end: int, catalogue: Catalogue) -> Iterator[Topic]:
    """The topics of text[start:end], a sentence, in order.

    A short form (设备销售额, Q3全球销售额) stands for the last topic of the sentence with the same measure whose
    subject ends in it. An index may be called by the end of a name that the document gave in full before.
    """
    last: dict[str, Topic] = {}
    for match in MEASURE.finditer(text, start, end):
        topic = _topic(text, start, match, catalogue, last)
        if topic is not None:
            last[topic.measure] = topic
            yield topic


def _topic(
    text: str, start: int, match: re.Match[str], catalogue: Catalogue, last: dict[str, Topic]
) -> Topic | None:
    measure = measure_of(match.group())
    left = text[max(start, match.start() - _REACH) : match.start()]
    while shorter := words.FILLER.sub("", left):
        if shorter == left:
            break
        left = shorter
    left, region = _without_region(left)  # 半导体设备全球销售额
    for size in range(min(len(left), catalogue.longest + _SPACES), 1, -1):
        name = left[-size:]
        if name[0].isspace() or (
            name[0].isascii()
            and left[-size - 1 : -size].isascii()
            and left[-size - 1 : -size].isalnum()
            and name[0].isalnum()
        ):
            continue
        entries = catalogue.of(words.squashed(name), measure)
        if not entries or not _opens(left[:-size]):
            continue
        before = left[:-size].rstrip(" 的")
        said = region or _region_at_end(before)
        begin = (
            match.start() - (len(text[max(start, match.start() - _REACH) : match.start()]) - len(left)) - size
        )
        return Topic(begin, match.end(), entries[0].subject, measure, said, entries)
    return _short_form(text, left, region, match, measure, catalogue, last)


def _short_form(
    text: str,
    left: str,
    region: str,
    match: re.Match[str],
    measure: str,
    catalogue: Catalogue,
    last: dict[str, Topic],
) -> Topic | None:
    tail = re.split(r"[^一-鿿A-Za-z]", left)[-1]
    if measure in last:
        whole = last[measure]
        bare = re.sub(r"^(?:[年月日季]|以来)+", "", _without_region(tail)[0])
        bare = _after_region(bare)
        spoken = region or re.search(r"(?:\d{4}|[qQ][1-4]|[年月日季度])\s*$", left)
        if (bare == "" and spoken) or (len(bare) > 1 and whole.subject.endswith(words.squashed(bare))):
            said = region or _region_at_end(left[: len(left) - len(bare)].rstrip(" 的")) or whole.region
            return replace(whole, start=match.start(), end=match.end(), region=said)
    if measure == "close":
        bare = words.squashed(re.sub(r"^[年月日：]+", "", tail))
        full = {
            subject: catalogue.of(subject, measure)
            for subject, first in _full_names(text, catalogue).items()
            if len(bare) > 2 and subject.endswith(bare) and first < match.start()
        }
        if len(full) == 1:
            subject, entries = next(iter(full.items()))
            return Topic(match.start() - len(bare), match.end(), subject, measure, "", entries)
    return None


@lru_cache(maxsize=2)
def _full_names(text: str, catalogue: Catalogue) -> dict[str, int]:
    """Where a text first calls an index by its full name."""
    found: dict[str, int] = {}
    for subject, measure in catalogue.entries:
        if measure == "close":
            match = re.search(rf"{re.escape(subject)}(?:行业|板块)?指数", text)
            if match is not None:
                found[subject] = match.start()
    return found


def _opens(before: str) -> bool:
    return bool(words.OPEN.search(before.lower())) and not words.NOT_SAID.search(before.lower())


def _region_at_end(text: str) -> str:
    found = [m for m in REGION.finditer(text) if m.end() == len(text.rstrip())]
    return region_of(found[-1].group()) if found else ""


def _without_region(text: str) -> tuple[str, str]:
    """The text without a region that ends it, and that region."""
    region = _region_at_end(text)
    if not region:
        return text, ""
    match = list(REGION.finditer(text))[-1]
    return text[: match.start()], region


def _after_region(text: str) -> str:
    match = REGION.match(text)
    return text[match.end() :] if match else text


def fitting(topic: Topic, region: str | None = None) -> tuple[Entry, ...]:
    """The series of the region said; where none is said, those of the one region there is, or of the world."""
    said = topic.region if region is None else region
    if said:
        return tuple(e for e in topic.entries if e.region == said or (said == "world" and not e.region))
    regions = {e.region for e in topic.entries}
    if len(regions) == 1:
        return topic.entries
    return tuple(e for e in topic.entries if not e.region) if regions <= {"", "world"} else ()
