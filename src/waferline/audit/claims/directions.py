"""This module checks a direction word against the two levels it stands between: fell to 9,910 from 9,480."""

from __future__ import annotations

import re
from collections.abc import Iterator

from waferline.audit.claims.claim import Candidate, Claim, Operand
from waferline.audit.claims.cues import DIRECTION
from waferline.audit.claims.growth import base_evidence
from waferline.audit.claims.scene import Line, Scene

_KINDS = ("money", "count", "plain", "percent")
_TO = re.compile(r"(?:\bto|至|到|为)\s?(?:a\s|about\s|record\s|约|近)?$", re.IGNORECASE)
_FROM = re.compile(r"(?:\bfrom|由|从|自|较|比)[^，。；,;\d]{0,12}$", re.IGNORECASE)
_THEN_TO = re.compile(
    r"\s?(?:,\s)?(?:to|[增升提扩降减回跌涨攀][^，。；\d]{0,3}(?:至|到)|至|到)\s?(?:a\s|about\s|约|近)?"
)
_THEN_FROM = re.compile(r"\s?(?:from)\s(?:a\s|the\s|about\s)?", re.IGNORECASE)
_ONLY = re.compile(
    r"improv|better|worse|strength|weak|efficien|改善|优化|narrow|wid|收窄|扩大|loss|亏损|deficit|赤字",
    re.IGNORECASE,
)


def direction_claims(scene: Scene, line: Line) -> Iterator[Claim]:
    """The claims of "rose to B from A" and 由A升至B, where both levels and the direction word are plain."""
    for new in line.levels:
        m = new.mention
        if m.measure.kind not in _KINDS or new.change or new.ranged or m.size < 0:
            continue
        left = scene.text[max(line.sentence.start, m.start - 40) : m.start]
        if not _TO.search(left) or _ONLY.search(scene.text, line.sentence.start, m.start):
            continue
        for old in line.levels:
            o = old.mention
            if old is new or old.ranged or not o.measure.fits(m.measure) or o.size < 0:
                continue
            first, second = (o, m) if o.start < m.start else (m, o)
            pattern = _THEN_TO if first is o else _THEN_FROM
            gap = scene.text[first.end : second.start]
            before = scene.text[max(line.sentence.start, first.start - 28) : first.start]
            if not pattern.fullmatch(gap) or (first is o and not _FROM.search(before)):
                continue
            if base_evidence(new, old, "growth") is None:
                continue
            told = re.split(r"[，。；,;\d]", before)[-1] + gap
            ups = {bool(w["up"]) for w in DIRECTION.finditer(told)}
            if len(ups) != 1:
                continue
            sign = 1 if ups == {True} else -1
            operands = (Operand(o, "old"),)
            yield Claim(
                m,
                "direction",
                [Candidate(operands, 0.85)],
                sign,
                place=(line.sentence.start, line.sentence.end),
            )
