"""This module reads lists that run in step: 分别为A、B和C，同比分别增长a、b和c; A and B, respectively."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from waferline.audit.claims.claim import Candidate, Claim, Operand
from waferline.audit.claims.cues import counted_in, growing, shares
from waferline.audit.claims.scene import LEVEL_KINDS, Level, Line, Scene
from waferline.audit.mentions import Mention

_STEP = re.compile(r"分别|各为|依次|respectively", re.IGNORECASE)
_JOIN = re.compile(
    r"\s?(?:、|和|及|以及|与|，|,|,?\s?and)\s?(?:增长|下降|占|为|至|rose\s|fell\s|up\s|down\s|grew\s|increased\s|decreased\s|by\s)?(?:by\s)?",
    re.IGNORECASE,
)
_AVERAGE = re.compile(
    r"平均(?:值)?(?:为|约为|是)?|[月季年日周]均|均值(?:为|是)?|an? average of|averag(?:ing|ed|e)(?: of)?|mean of",
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
    if scene.says("均", "averag", "mean of", "over both", "over the two", "over all"):
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
    told = [v for v in near if _is_whole(scene, v)]
    now = [v for v in near if v not in then and v not in told][-len(run) :]
    then = then[-len(run) :]
    said = growing(scene.text, line, run[0])
    if said is not None and len(now) == len(then) == len(run):
        for stated, new, old in zip(run, now, then, strict=True):
            own = growing(scene.text, line, stated) or said
            if new.mention.measure.fits(old.mention.measure):
                operands = (Operand(new.mention, "new"), Operand(old.mention, "old"))
                yield Claim(stated, said.kind, [Candidate(operands, 0.85)], own.sign, said.soft, place)
    elif said is None and shares(scene.text, line, run[0]) and len(now) == len(run):
        wholes = told[-1:] or [
            v for other in scene.around(line, 2) for v in other.levels if v not in now and not v.change
        ]
        for stated, part in zip(run, now, strict=True):
            found = [
                Candidate((Operand(part.mention, "part"), Operand(w.mention, "whole")), 0.82 if w is first_fit(wholes, part) else 0.5)
                for w in wholes
                if w.mention.measure.fits(part.mention.measure) and 15 * w.mention.value >= part.mention.value > 0 and not w.base
            ]  # fmt: skip
            if found:
                yield Claim(stated, "share", sorted(found, key=lambda c: -c.link), place=place)


def _is_whole(scene: Scene, level: Level) -> bool:
    """True for the level between 占 and 的: 占总收入48.0亿元的比重分别为."""
    left = scene.text[max(0, level.mention.start - 14) : level.mention.start]
    return bool(re.search(r"占[^，。；\d]{0,10}$", left)) and scene.text[level.mention.end :][:1] == "的"


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
        left = scene.text[max(line.sentence.start, m.start - 40) : m.start]
        cue = _AVERAGE.search(left[-26:]) or _ON_AVERAGE.match(scene.text, m.end) or _AVERAGE.search(left)
        if not cue or (cue.re is _AVERAGE and re.search(r"[，。；;,]", cue.string[cue.end() :])):
            continue
        kind = m.measure.kind
        if kind == "percent" and growing(scene.text, line, m):
            continue  # 两年平均增长: a rate over two years, no mean of two
        like = [
            v.mention for v in line.levels
            if v.mention.end <= m.start and _each_fits(v.mention, m) and not v.change and not v.ranged
        ]  # fmt: skip
        counted = counted_in(left + scene.text[m.end : min(line.sentence.end, m.end + 24)])
        found: list[Candidate] = []
        kinds = ("percent", "money", "count", "plain")
        runs = [run for run in runs_of(scene, line, kinds) if run[-1].end <= m.start and run[0] in like]
        for part in (*runs, like, like[-2:]):
            if not 1 < len(part) < 13 or part[-1] is m or any(len(part) == len(c.operands) for c in found):
                continue
            if counted and len(part) != counted:
                link = 0.3
            elif counted:
                # Where no word says so, the mean may be weighted by what the text does not print.
                link = 0.84 if _SIMPLE.search(left) else 0.7
            elif part in runs:
                link = 0.82 if _SIMPLE.search(left) and len(like) <= len(part) else 0.62
            else:
                link = 0.6 if part is like and len(like) < 5 else 0.4
            found.append(Candidate(tuple(Operand(x, "value") for x in part), link))
        if found:
            yield Claim(m, "average", sorted(found, key=lambda c: -c.link), place=place)


def _each_fits(part: Mention, whole: Mention) -> bool:
    """True if a number may be one of those averaged; "$612 and $588 per wafer" says only once per what."""
    if part.measure.fits(whole.measure):
        return True
    return bool(part.measure.per) != bool(whole.measure.per) and replace(part.measure, per="").fits(
        replace(whole.measure, per="")
    )
