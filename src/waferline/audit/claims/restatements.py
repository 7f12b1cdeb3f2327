"""This module ties a number to its own repetition: in another unit right beside it, or elsewhere in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from waferline.audit.claims.claim import Candidate, Claim, Operand
from waferline.audit.claims.scene import LEVEL_KINDS, Line, Scene

_SAME = re.compile(
    r"\s?[（(]\s?(?:即|合|折合|or|i\.e\.,?|equal to|约合)?\s?|\s?(?:，|,)?\s?(?:即|也就是|i\.e\.,?|that is,?)\s?",
    re.IGNORECASE,
)


def unit_change_claims(scene: Scene, line: Line) -> Iterator[Claim]:
    """The claims that a bracket beside a number repeats it in another unit: 1.26万亿元（即12,600亿元）."""
    for one, other in pairwise(line.levels):
        a, b = one.mention, other.mention
        gap = scene.text[a.end : b.start]
        if (
            not _SAME.fullmatch(gap)
            or a.measure.kind not in LEVEL_KINDS
            or b.measure.kind not in (*LEVEL_KINDS, "percent")
        ):
            continue
        said = bool(re.search(r"即|i\.e|that is|equal|折合|或|or", gap))
        closed = scene.text[b.end : b.end + 1] in ("）", ")") or said
        if (
            not closed
            or a.measure.kind != b.measure.kind
            or a.measure.basis != b.measure.basis
            or a.scale == b.scale
        ):
            continue
        other.change = True  # a repetition is no operand of its own
        place = (line.sentence.start, line.sentence.end)
        yield Claim(b, "unit_change", [Candidate((Operand(a, "value"),), 0.85 if said else 0.7)], place=place)
