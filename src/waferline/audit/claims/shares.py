"""This module ties a percentage that states a share, a margin or a rate to its part and its whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from waferline.audit.claims.claim import Candidate, Claim, Operand, least_link, room_of
from waferline.audit.claims.cues import bracketed, growing, shares, windows
from waferline.audit.claims.growth import resolved
from waferline.audit.claims.scene import LEVEL_KINDS, Level, Line, Scene, words_in
from waferline.audit.mentions import Mention

# A named whole that means the total spoken of, whatever it is the total of.
_GENERIC = re.compile(
    r"\s?of\s(?:(?:the|its|our|all|that|this|their|these|those)\s)?(?:total|whole|sum|company|group|figure|amount|overall|them|it|"
    r"that|sales|revenues?|net sales|net revenues?|turnover|business|deliveries|shipments|exports|imports)"
    r"(?:\s(?:sales|revenues?|net sales|net revenues?|deliveries|shipments|exports|imports|amount|figure|company))?(?=\s*(?:[,.;)]|$)|\s(?:in|for|and|at|from|during|as|with)\s)",
    re.IGNORECASE,
)
_OTHER_RATE = re.compile(
    r"(?:负债|周转|换手|覆盖|产能利用|利用|开工|增长|贡献|良|失业|自给|国产化|收益|回报|费用|毛利|净利|利润|利益)率|ratio|margin",
    re.IGNORECASE,
)
_NAMED_ZH = re.compile(
    r"(?:占|相当于)(?P<whole>[^，。；\d]{1,16}?)(?:的)?(?:比例|比重|份额|比)?(?:为|达到?|约|升至|提升至|降至|的)?$"
)
_GENERIC_ZH = re.compile(
    r"^(?:总|全部|全年|整体|总量|总额|收入|其|到|比|全|合计|公司|集团|营业收入|营收|销量|销售额|总收入|里)*(?:的)?(?:总额|总量|收入|总数|比|营收|销量|里)?$"
)
_MARKET = re.compile(
    r"份额|市占|市场占有|market share|share of (?:the )?(?:global|world|\w+ )?market|渗透率|penetration",
    re.IGNORECASE,
)
_SALES = re.compile(r"收入|营收|销售|revenue|sales|turnover", re.IGNORECASE)
# A rate, and the words of its part and of its whole.
_RATES: tuple[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"净利润?率|net (?:profit )?margin", re.IGNORECASE), re.compile(r"净利|net (?:income|profit|earnings)|利润", re.IGNORECASE), _SALES),
    (re.compile(r"毛利润?率|gross (?:profit )?margin", re.IGNORECASE), re.compile(r"毛利|gross (?:profit|income)", re.IGNORECASE), _SALES),
    (re.compile(r"营业利润率|营业利益率|营益率|operating margin|EBIT margin|operating profit margin|operating margin percent", re.IGNORECASE), re.compile(r"营业利[润益]|operating (?:income|profit)|EBIT(?!DA)", re.IGNORECASE), _SALES),
    (re.compile(r"EBITDA margin", re.IGNORECASE), re.compile(r"EBITDA", re.IGNORECASE), _SALES),
    (re.compile(r"研发(?:投入|费用)?(?:强度|率|占比)|R&D intensity", re.IGNORECASE), re.compile(r"研发|R&D|research", re.IGNORECASE), _SALES),
    (re.compile(r"费用率", re.IGNORECASE), re.compile(r"费用"), _SALES),
    (re.compile(r"(?<!净)(?<!毛)(?<!营业)利润率", re.IGNORECASE), re.compile(r"利润"), _SALES),
    (re.compile(r"资产负债率", re.IGNORECASE), re.compile(r"负债"), re.compile(r"资产(?!负债)")),
    (re.compile(r"(?<!gross )(?<!net )(?<!operating )(?<!interest )(?<!profit )(?<!EBITDA )\bmargin", re.IGNORECASE), re.compile(r"profit|income|EBIT|result|earnings", re.IGNORECASE), _SALES),
)  # fmt: skip


_OWN = re.compile(r"\s*(?:其中)?([^，。；\s]{2,10}?)占")
_TOTAL = re.compile(r"总|合计|共|total|whole|overall", re.IGNORECASE)
_PARTED = re.compile(r"[。；;]|\d(?=[^\d]*$)|\.\s")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the words say of a percentage: the rate it may be, the words of its whole as far as they name it, those of
    its clause, and of the part it is the share of where they name that."""

    mention: Mention
    rate: tuple[re.Pattern[str], re.Pattern[str]] | None
    named: frozenset[str] | None
    subject: frozenset[str]
    own: frozenset[str] | None


def share_claims(scene: Scene, line: Line) -> Iterator[Claim]:
    """The claims of a sentence that call a percentage a share of something printed."""
    for mention in line.mentions:
        if mention.role != "quantity" or mention.measure.kind != "percent" or mention.signed:
            continue
        if growing(scene.text, line, mention):
            continue
        place = (line.sentence.start, line.sentence.end)
        if not shares(scene.text, line, mention):
            bare = sorted(_bare(scene, line, mention), key=lambda c: -c.link)
            if bare:
                yield Claim(mention, "share", bare, place=place)
            continue
        candidates = sorted(_pairs(scene, line, mention), key=lambda c: -c.link)
        if candidates:
            yield Claim(mention, "share", candidates, place=place)
        rests = list(_rests(scene, line, mention))
        if rests:
            yield Claim(mention, "share_of_sum", rests, place=place)


def _bare(scene: Scene, line: Line, stated: Mention) -> Iterator[Candidate]:
    """The pairs of a percentage that no word calls a share: the number right before it, and a larger one of the same
    thing in its sentence or opening the one before. Only arithmetic can bear such a pair out."""
    if stated.qualifier or stated.step * 20 > abs(stated.value):
        return
    here = [v for v in line.levels if _is_level(v)]
    before = [v for v in here if v.mention.end <= stated.start]
    if not before or any(
        before[-1].mention.end <= m.start < stated.start and m.measure.kind == "percent"
        for m in line.mentions
    ):
        return
    part = before[-1]
    opening = [v for other in scene.around(line, 1)[:-1] for v in other.levels if _is_level(v)][:1]
    fitting = [
        v
        for v in (*opening, *here)
        if v is not part
        and v.mention.measure.kind == part.mention.measure.kind
        and v.mention.measure.fits(part.mention.measure)
        and v.mention.measure.same_thing(part.mention.measure)
    ]
    for whole in fitting:
        link = 0.5 if len(fitting) == 1 and whole in here else 0.4
        yield Candidate((Operand(part.mention, "part"), Operand(whole.mention, "whole")), link)


def _is_level(v: Level) -> bool:
    return v.mention.measure.kind in LEVEL_KINDS and not (
        v.change or v.ranged or v.base or v.earlier or v.expected
    )


def _pairs(scene: Scene, line: Line, stated: Mention) -> Iterator[Candidate]:
    left, right = windows(scene.text, line, stated)
    clause = re.split(r"[，。；;]|,\s", left)[-1]
    near = [
        v
        for other in scene.around(line, 3)
        for v in other.levels
        if v.mention.measure.kind in LEVEL_KINDS and not v.change and not v.ranged
    ][-14:]
    rate = next(
        ((part, whole) for name, part, whole in _RATES if name.search(clause) or name.search(right[:30])),
        None,
    )
    if rate is None and _OTHER_RATE.search(clause[-14:]):
        return
    named = _named(clause, right)
    loose_bracket = bracketed(scene.text, line, stated)
    of_sales = bool(re.match(r"\s?of\s(?:\w+\s){0,2}(?:sales|revenues?|turnover)", right))
    own = _OWN.match(scene.text, line.sentence.clause_at(stated.start)[0], stated.start)
    asked = _Asked(stated, rate, named, words_in(clause), words_in(own[1]) if own else None)
    loose = _MARKET.search(clause + right[:24]) or (
        named is None and re.search(r"share", clause + right[:10])
    )
    room = room_of("share", stated, 1)
    for part in near:
        if part.mention.size <= 0:
            continue
        like = [v for v in near if v.mention.measure.fits(part.mention.measure)]
        for whole in like:
            if part is whole:
                continue
            if whole.mention.start > part.mention.start and part.mention.order(whole.mention) > 0:
                continue
            link = _link(scene, line, asked, part, whole, near, like)
            if part.mention.order(whole.mention, 15) > 0:
                link = min(link, 0.7)  # only a wrong scale makes it a part
            if of_sales and not _SALES.search(_before(scene, whole.mention)) and whole.words:
                link = min(link, 0.5)
            if loose_bracket:
                between = any(part.mention.end <= v.mention.start < stated.start for v in near)
                link = 0.0 if between or part.mention.start > stated.start else min(link, 0.62)
            link = min(link, 0.55) if loose else link
            if link >= least_link("share", room, part.mention, whole.mention):
                operands = (Operand(part.mention, "part"), Operand(whole.mention, "whole"))
                yield Candidate(operands, link)


def _rests(scene: Scene, line: Line, stated: Mention) -> Iterator[Candidate]:
    """A share of a whole that only its two parts tell: 国内收入58.3亿元，占63.1%；海外收入34.1亿元."""
    near = [
        v
        for v in line.levels
        if v.mention.measure.kind in LEVEL_KINDS and not v.change and not v.base and not v.earlier
    ]
    before = [v for v in near if v.mention.end <= stated.start]
    if not before:
        return
    part = before[-1].mention
    for v in near:
        if v.mention is not part and v.mention.measure.fits(part.measure) and v.mention.value > 0:
            yield Candidate((Operand(part, "part"), Operand(v.mention, "rest")), 0.5)


def _named(clause: str, right: str) -> frozenset[str] | None:
    """The words of the whole as the text names it; empty for a total of no name; None if nothing names it."""
    if match := _NAMED_ZH.search(clause):
        return frozenset() if _GENERIC_ZH.match(match["whole"]) else words_in(match["whole"])
    if re.match(r"\s?of\s", right):
        if _GENERIC.match(right):
            return frozenset()
        return words_in(re.split(r"[,.;)]", right)[0][3:])
    return None


def _link(
    scene: Scene, line: Line, asked: _Asked, part: Level, whole: Level, near: list[Level], like: list[Level]
) -> float:
    """How strongly the text ties a percentage to a part and a whole; `like` are the levels near by that the part may
    be compared with."""
    stated, rate, named, subject = asked.mention, asked.rate, asked.named, asked.subject
    p, w = part.mention, whole.mention
    ahead = scene.text[stated.end : w.start] if w.start >= stated.end else ""
    behind = scene.text[w.end : stated.start] if w.end <= stated.start else "-"
    attached = bool(re.fullmatch(r"\s?of\s[^,.;%\d]{0,40}", ahead)) or (
        bool(re.fullmatch(r"\s?[^，。；\d]{0,8}的\s?(?:比例|比重)?(?:为|是|达)?(?:约|近)?", behind))
        and bool(re.search(r"占[^，。；\d]{0,10}$", scene.text[max(0, w.start - 14) : w.start]))
    )
    if rate is not None and not attached:
        if any(
            max(p.end, w.end) <= when.start < stated.start and when.sort in ("period", "part")
            for when in line.whens
        ):
            return 0.0  # the rate has a period of its own
        mine = _before(scene, p)
        theirs = _before(scene, w)
        if not rate[0].search(mine) or not rate[1].search(theirs) or rate[0].search(theirs):
            return 0.0
        if part.base != whole.base or part.prior != whole.prior:
            return 0.0
        nearer = [
            v
            for v in near
            if p.end <= v.mention.start < stated.start and rate[0].search(_before(scene, v.mention))
        ]
        return 0.85 - 0.2 * len(nearer) if not part.base and not part.prior else 0.5
    here = line.index
    nearer = [v for v in like if p.end <= v.mention.start < stated.start and v is not whole and not v.base]
    if p.start > stated.start:
        link = 0.3
    elif part.sentence == here:
        link = 0.45 - 0.15 * len(nearer)
    else:
        link = 0.3 - 0.12 * len(nearer)
    if part.base or whole.base or part.earlier != whole.earlier:
        link -= 0.15
    if not p.measure.same_thing(w.measure):
        link -= 0.1
    if asked.own is not None and part.words and not asked.own & part.words:
        link -= 0.25  # 车用占31%: the share of another part
    if subject and part.words & subject:
        link += 0.1
    else:
        link -= 0.15 * sum(
            part.mention.end <= m.start < stated.start
            and m.measure.kind == "percent"
            and not m.signed
            and growing(scene.text, line, m) is None
            for m in line.mentions
        )
    when, other = resolved(part), resolved(whole)
    if when and other and when != other:
        if part.when and whole.when:
            return 0.0
        link -= 0.1
    if part.prior != whole.prior:
        link -= 0.2
    earlier = w.start < p.start
    link += 0.1 if earlier else 0.0
    if w.size == max(v.mention.size for v in like):
        link += 0.1
    if whole.sentence >= here - 1:
        link += 0.05
    if whole is like[0] or _TOTAL.search(_before(scene, w)):
        link += 0.1
    if attached:
        return link + 0.3
    if named is not None:
        known = whole.words | words_in(_before(scene, w))
        if named and len(named & known) * 2 < len(named):
            return min(link, 0.5)  # a whole of another name, which may not be printed
        link += 0.08 if named else 0.05
    return link


def _before(scene: Scene, mention: Mention) -> str:
    """What stands before a number in its sentence, back to the number before."""
    key = "before", mention.start
    if key not in scene.told:
        scene.told[key] = _PARTED.split(scene.text[max(0, mention.start - 40) : mention.start])[-1]
    told: str = scene.told[key]
    return told
