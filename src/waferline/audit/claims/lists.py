"""This module reads lists that run in step: 分别为A、B和C，同比分别增长a、b和c; A and B, respectively."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from waferline.audit.claims.claim import Candidate, Claim, Operand
from waferline.audit.claims.cues import growing, shares
from waferline.audit.claims.scene import LEVEL_KINDS, Level, Line, Scene
from waferline.audit.mentions import Mention

_STEP = re.compile(r"分别|各为|依次|respectively", re.IGNORECASE)
_JOIN = re.compile(
    r"\s?(?:、|和|及|以及|与|，|,|,?\s?and)\s?(?:增长|下降|占|为|至|rose\s|fell\s|up\s|down\s|grew\s|increased\s|decreased\s|by\s)?(?:by\s)?",
    re.IGNORECASE,
)
_AVERAGE = re.compile(
    r"平均(?:值)?(?:为|约为|是)?|均值(?:为|是)?|an? average of|averag(?:ing|ed|e)(?: of)?|mean of",
    re.IGNORECASE,
)
_ON_AVERAGE = re.compile(r"\s?(?:[a-z]+\s)?on average|\s?over (?:both|the two|all)", re.IGNORECASE)
_SIMPLE = re.compile(r"均值|[两二三四五六]者|机构|simple|the (?:two|three|four|five)|算术", re.IGNORECASE)


def list_claims(scene: Scene, line: Line) -> Iterator[Claim]:
    """The claims of the rates of a list, each tied to the level in its own place of the list before."""
    place = (line.sentence.start, line.sentence.end)
    if _STEP.search(scene.text, line.sentence.start, line.sentence.end):
        for run in runs_of(scene, line, ("percent",)):
            yield from _in_step(scene, line, run, place)
    yield from _averages(scene, line, place)


def runs_of(scene: Scene, line: Line, kinds: Sequence[str]) -> Iterator[list[Mention]]:
    """The runs of two or more numbers of a kind with nothing but a comma or an "and" between them."""
    run: list[Mention] = []
    for level in line.levels:
        m = level.mention
        joined = run and m.measure.kind in kinds and _JOIN.fullmatch(scene.text[run[-1].end : m.start])
        if joined and run[-1].measure.fits(m.measure):
            run.append(m)
            continue
        if len(run) > 1:
            yield run
        run = [m] if m.measure.kind in kinds else []
    if len(run) > 1:
        yield run


def _in_step(scene: Scene, line: Line, run: list[Mention], place: tuple[int, int]) -> Iterator[Claim]:
    near = [
        v for other in scene.around(line, 1) for v in other.levels
        if v.mention.measure.kind in LEVEL_KINDS and v.mention.end <= run[0].start and not v.change and not v.ranged
    ]  # fmt: skip
    then = _bases(near)
    now = [v for v in near if v not in then][-len(run) :]
    then = then[-len(run) :]
    said = growing(scene.text, line, run[0])
    if said is not None and len(now) == len(then) == len(run):
        for stated, new, old in zip(run, now, then, strict=True):
            own = growing(scene.text, line, stated) or said
            if new.mention.measure.fits(old.mention.measure):
                operands = (Operand(new.mention, "new"), Operand(old.mention, "old"))
                yield Claim(stated, said.kind, [Candidate(operands, 0.85)], own.sign, said.soft, place)
    elif said is None and shares(scene.text, line, run[0]) and len(now) == len(run):
        wholes = [v for other in scene.around(line, 2) for v in other.levels if v not in now and not v.change]
        for stated, part in zip(run, now, strict=True):
            found = [
                Candidate((Operand(part.mention, "part"), Operand(w.mention, "whole")), 0.82 if w is first_fit(wholes, part) else 0.5)
                for w in wholes
                if w.mention.measure.fits(part.mention.measure) and 15 * w.mention.value >= part.mention.value > 0 and not w.base
            ]  # fmt: skip
            if found:
                yield Claim(stated, "share", sorted(found, key=lambda c: -c.link), place=place)


def _bases(levels: Sequence[Level]) -> list[Level]:
    """The levels called bases, and those a list carries on from one: 上年同期分别为38.2亿元和5.4亿元."""
    found: list[Level] = []
    for before, level in pairwise([None, *levels]):
        if level is None:
            continue
        close = before in found and before is not None and level.mention.start - before.mention.end <= 4
        if level.base or level.earlier or close:
            found.append(level)
    return found


def first_fit(wholes: Sequence[Level], part: Level) -> Level | None:
    """The first level a part may be a part of: the total a passage opens with."""
    return next(
        (
            w
            for w in wholes
            if w.mention.measure.fits(part.mention.measure) and w.mention.value > part.mention.value
        ),
        None,
    )


def _averages(scene: Scene, line: Line, place: tuple[int, int]) -> Iterator[Claim]:
    for level in line.levels:
        m = level.mention
        left = scene.text[max(line.sentence.start, m.start - 26) : m.start]
        cue = _AVERAGE.search(left) or _ON_AVERAGE.match(scene.text, m.end)
        if not cue or (cue.re is _AVERAGE and re.search(r"[，。；;,]\s", left[cue.end() :])):
            continue
        like = [
            v.mention for v in line.levels
            if v.mention.end <= m.start and v.mention.measure.fits(m.measure) and v.mention.measure.kind == m.measure.kind and not v.change
        ]  # fmt: skip
        loose = [
            Candidate(tuple(Operand(x, "value") for x in part), 0.4)
            for part in (like, like[-2:])
            if 1 < len(part) < 9
        ]
        if loose:
            yield Claim(m, "average", loose, place=place)
        for run in runs_of(scene, line, ("percent", "money", "count", "plain")):
            if run[-1].end <= m.start and run[0].measure.fits(m.measure) and m not in run:
                operands = tuple(Operand(x, "value") for x in run)
                yield Claim(
                    m,
                    "average",
                    [Candidate(operands, 0.82 if _SIMPLE.search(left) and len(like) <= len(run) else 0.62)],
                    place=place,
                )
