"""This module ties multiples, averages per unit and products to the numbers they are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from waferline.audit.claims.claim import Candidate, Claim, Operand
from waferline.audit.claims.cues import windows
from waferline.audit.claims.growth import base_evidence
from waferline.audit.claims.scene import LEVEL_KINDS, Level, Line, Scene
from waferline.audit.mentions import Mention

_PER = re.compile(r"每\s?$|(?<![a-z])per\s$")
_GROWS_BY = re.compile(
    r"(?:增长|增加|上涨|提升|提高|扩大|多|高|grew by|rose by|increased by)了?(?:约|近|超|超过|逾)?\s?$",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"(?:每(?P<zh>[\u4e00-\u9fff]{1,2})|平均|人均|户均|单均|件均|单价|均价|折合|客单价|(?<![a-z])(?:average|per|each|apiece|ASP|mean|a piece))[^，。；,;\d]{0,24}$",
    re.IGNORECASE,
)
_EACH_AFTER = re.compile(
    r"^\s?(?:on average|per\s[a-z]+|each|apiece|a\s(?:piece|unit|share|wafer|barrel|tonne?|car|vehicle|head|person|worker|employee|customer|store|chip)|/|every)",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"单价|单车|单台|单位|每|均价|价格|per|each|price|at\s[^,.;\d]{0,6}$|按[^，。；\d]{0,4}$|以[^，。；\d]{0,4}$|apiece|cost of",
    re.IGNORECASE,
)
_COSTS = re.compile(
    r"需要?|合计|共|总|相当于|花费|成本|金额|收入|total|cost|worth|spend|equals?|amount|bring|give|revenue|value|need|come to|would be",
    re.IGNORECASE,
)


def quotient_claims(scene: Scene, line: Line) -> Iterator[Claim]:
    """Multiples of an earlier level, amounts per unit, and price times quantity."""
    place = (line.sentence.start, line.sentence.end)
    for level in line.levels:
        mention = level.mention
        if mention.measure.kind == "times":
            found = sorted(_multiples(scene, line, mention), key=lambda c: -c.link)
            if found:
                yield Claim(mention, "ratio", found, place=place)
        elif mention.measure.kind in ("money", "count", "plain"):
            found = sorted(_each(scene, line, level), key=lambda c: -c.link)
            if found:
                yield Claim(mention, "ratio", found, place=place)
            found = sorted(_products(scene, line, level), key=lambda c: -c.link)
            if found:
                yield Claim(mention, "product", found, place=place)


def _multiples(scene: Scene, line: Line, stated: Mention) -> Iterator[Candidate]:
    if _GROWS_BY.search(scene.text[max(0, stated.start - 16) : stated.start]):
        return
    near = [
        v
        for other in scene.around(line, 1)
        for v in other.levels
        if v.mention.measure.kind in LEVEL_KINDS and not v.change and not v.ranged
    ][-8:]
    for top in near:
        for bottom in near:
            if (
                top is bottom
                or not top.mention.measure.fits(bottom.mention.measure)
                or bottom.mention.value <= 0
            ):
                continue
            evidence = base_evidence(top, bottom, "growth")
            if evidence is None:
                evidence = 0.0
            both = (top.sentence == line.index) + (bottom.sentence == line.index)
            alone = (
                len(
                    [
                        v
                        for v in near
                        if v.mention.measure.fits(top.mention.measure) and v.sentence == line.index
                    ]
                )
                == 2
            )
            link = (0.2, 0.35, 0.45)[both] + evidence + (0.1 if alone and both == 2 else 0.0)
            if top.base and not top.goal:
                link -= 0.2
            if (
                re.fullmatch(r"的\s?(?:约|近|超过?)?", scene.text[bottom.mention.end : stated.start])
                and top.mention.end < bottom.mention.start
            ):
                link += 0.35  # 是上年12.5万台的2.88倍
            elif (
                top.mention.end < stated.start < bottom.mention.start
                and alone
                and re.fullmatch(r"\s[^,;.\d]{0,30}", scene.text[stated.end : bottom.mention.start])
            ):
                link += 0.3  # are 1.2 times shipments of 780 million
            elif (
                bottom.mention.end < top.mention.start < stated.start
                and alone
                and re.match(r"\sas\s(?:high|large|big|much|many|great)", scene.text[stated.end :][:12])
            ):
                link += 0.2  # with EBITDA of A, net debt of B is 3.1 times as high
            yield Candidate((Operand(top.mention, "numerator"), Operand(bottom.mention, "denominator")), link)


def _each(scene: Scene, line: Line, stated: Level) -> Iterator[Candidate]:
    mention = stated.mention
    left, right = windows(scene.text, line, mention)
    clause = re.split(r"[，。；;]|,\s", left)[-1]
    cue = _EACH.search(clause) or _EACH_AFTER.match(right) or (mention.measure.per or None)
    if not cue:
        return
    unit = (
        cue["zh"]
        if isinstance(cue, re.Match) and "zh" in cue.re.groupindex and cue["zh"]
        else mention.measure.per
    )
    near = [
        v
        for other in scene.around(line, 2)
        for v in other.levels
        if v is not stated and v.mention.measure.kind in LEVEL_KINDS and not v.change and not v.ranged
    ][-8:]
    tops = [
        v
        for v in near
        if v.mention.measure.kind == mention.measure.kind
        and v.mention.measure.basis == mention.measure.basis
        and not v.mention.measure.per
    ]
    bottoms = [
        v
        for v in near
        if v.mention.measure.kind in ("count", "plain")
        and not _PER.search(scene.text[max(0, v.mention.start - 4) : v.mention.start])
    ]
    for top in tops:
        for bottom in bottoms:
            if (
                top is bottom
                or top.mention.measure.kind == bottom.mention.measure.kind == mention.measure.kind == "plain"
            ):
                continue
            if top.earlier != bottom.earlier or top.base or bottom.base or stated.base or stated.earlier:
                link = 0.35
            else:
                link = 0.5
            link += 0.1 * (top.sentence == line.index) + 0.05 * (bottom.sentence == line.index)
            basis = bottom.mention.measure.basis
            if unit and basis and (unit[0] == basis[0] if not unit.isascii() else unit[:4] == basis[:4]):
                link += 0.15
            elif unit and len(unit) == 1 and not unit.isascii():
                link -= 0.3
            if bottom.mention.measure.kind == "plain":
                link -= 0.2
            if bottom.mention.start > mention.end or top.mention.start > mention.end:
                link -= 0.2
            current = [v for v in tops if not v.base and not v.earlier]
            counts = [
                v for v in bottoms if not v.base and not v.earlier and v.mention.measure.kind == "count"
            ]
            if current and top is current[-1]:
                link += 0.06
            if counts and bottom is counts[-1]:
                link += 0.06
            low, high = sorted((top.mention.start, bottom.mention.start))
            if high < mention.start and not any(
                low < v.mention.start < mention.start and v not in (top, bottom) for v in near
            ):
                link += 0.12
            if len(current) == 1 and len(counts) == 1:
                link += 0.1
            yield Candidate((Operand(top.mention, "numerator"), Operand(bottom.mention, "denominator")), link)


def _products(scene: Scene, line: Line, stated: Level) -> Iterator[Candidate]:
    mention = stated.mention
    if mention.measure.kind != "money" or mention.measure.per:
        return
    near = [v for v in line.levels if v is not stated]
    prices = [
        v for v in near
        if v.mention.measure.kind == "money" and v.mention.measure.fits(mention.measure)
        and (v.mention.measure.per or _PRICE.search(scene.text[max(line.sentence.start, v.mention.start - 14) : v.mention.start + 0])
             or re.match(r"\s?(?:的单价|per\s|each|/|apiece|a\s)", scene.text[v.mention.end : v.mention.end + 10]))
    ]  # fmt: skip
    counts = [v for v in near if v.mention.measure.kind == "count"]
    said = bool(_COSTS.search(scene.text[max(line.sentence.start, mention.start - 20) : mention.start]))
    for price in prices:
        for count in counts:
            only = len(prices) == 1 and len(counts) == 1
            link = 0.45 + 0.15 * said + 0.25 * (only and said)
            if price.mention.value >= mention.value:
                link = min(link, 0.6)  # only a wrong scale makes a price dearer than what it makes up
            yield Candidate((Operand(price.mention, "price"), Operand(count.mention, "quantity")), link)
