"""This module ties a stated difference to the two numbers it lies between: amounts, and percentage points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from waferline.audit.claims.claim import Candidate, Claim, Operand, least_link, room_of
from waferline.audit.claims.cues import DIRECTION as _DIRECTION
from waferline.audit.claims.cues import growing, windows
from waferline.audit.claims.growth import base_evidence, named_base, resolved
from waferline.audit.claims.scene import LEVEL_KINDS, Level, Line, Scene, words_in
from waferline.audit.mentions import Mention

_MORE = re.compile(
    r"(?:增加|增长(?!率)|上升|提高|提升|扩大|快于?|高于|高出?|多了?|净增|上涨|顺差|出超|盈余|增(?!长率)|升|涨|超出|多出|领先|(?<![a-z])(?:up|increase(?:d)?(?: of| by)?|rise of|rose(?: by)?|gain(?:ed)?(?: of)?|"
    r"higher|more|surplus(?: of)?|balance(?: of)?|grew by|increase by|add(?:ed|ing)|widened|improved|expanded|climbed|raised by|net income of|profit of|difference of|gap of|expansion of|improvement of))[^，。；,;\d]{0,9}$",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"(?:减少|下降|降低|回落|缩小|少了?|慢于?|低于|低|净减|缩小|下调|调降|逆差|入超|赤字|减|降|跌|收窄|下滑|下跌|(?<![a-z])(?:down|decrease(?:d)?(?: of| by)?|declin(?:e|ed)(?: of| by)?|fell(?: by)?|drop(?:ped)?(?: of| by)?|"
    r"lower|less|fall(?: of)?|reduction(?: of)?|deficit(?: of)?|narrowed|slipped|contract(?:ed|ion)|shortfall of|reduced by|cut(?: by)?|lowered by|shrank))[^，。；,;\d]{0,14}$",
    re.IGNORECASE,
)
_GAP = re.compile(
    r"(?:相差|差额|差距|差|之差|natural|difference|gap|自然增长率|净额|spread|利差|剪刀差|结余)[^，。；\d]{0,10}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^\s?(?:(?:more|less|higher|lower|above|below|fewer)(?= (?:than|the|a|its|last|those)|[.,;)])|(?:year-over-year\s|year-on-year\s|sequential\s)?"
    r"(?:increase|decrease|decline|improvement|reduction|rise|drop))",
    re.IGNORECASE,
)
_FILLERS = frozenset(
    [
        "gained",
        "widened",
        "narrowed",
        "improved",
        "expansion",
        "while",
        "thus",
        "mean",
        "percentage",
        "point",
        "surplu",
        "deficit",
        "balance",
        "顺差",
        "逆差",
        "出超",
        "入超",
        "扩大",
        "收窄",
        "相差",
        "差额",
        "差距",
    ]
)
_MAGNITUDE = 300  # levels further apart than this are no two states of one thing
_CHANGE_IN = re.compile(
    r"\s?(?:[a-z]+\s){0,2}?(?:increase|decrease|decline|improvement|reduction|rise|drop|growth)\s(?:in|of)\s([^,.;]{3,60})",
    re.IGNORECASE,
)
_TRADE = (re.compile(r"出口|export", re.IGNORECASE), re.compile(r"进口|import", re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the words say of a difference: the cue's kind, the words of its subject, and of what it is the change."""

    level: Level
    cue: str
    subject: frozenset[str]
    changed: frozenset[str]


def difference_claims(scene: Scene, line: Line) -> Iterator[Claim]:
    """The claims of a sentence that a number is the difference of two others."""
    for level in line.levels:
        kind = level.mention.measure.kind
        points = kind == "point" or (kind == "percent" and _rate_gap(scene, line, level.mention))
        if not points and kind not in LEVEL_KINDS:
            continue
        said = said_difference(scene, line, level.mention)
        if said is None or level.ranged or (level.mention.signed and not points and said[1] == "change"):
            continue
        sign, cue = said
        candidates = sorted(_pairs(scene, line, level, points, sign, cue), key=lambda c: -c.link)
        if candidates:
            yield Claim(
                level.mention,
                "difference",
                candidates,
                sign=sign,
                place=(line.sentence.start, line.sentence.end),
            )


def _rate_gap(scene: Scene, line: Line, mention: Mention) -> bool:
    left, _ = windows(scene.text, line, mention)
    return bool(re.search(r"自然增长率[^，。；\d]{0,4}$|相差[^，。；\d]{0,4}$", left))


def said_difference(scene: Scene, line: Line, mention: Mention) -> tuple[int, str] | None:
    """The sign the words give and the cue's kind; None if nothing calls the number a difference."""
    left, right = windows(scene.text, line, mention)
    clause = re.split(r"[，。；;]|,\s", left)[-1]
    gap = _GAP.search(clause)
    more, less = _MORE.search(clause), _LESS.search(clause)
    if gap and (gap.end() >= len(clause) - 10) and not more and not less:
        return 1, "gap"
    if re.search(r"(?:\b(?:on|over|from|than|against|versus|to|in|at)|的|了?由|从)\s?$", clause):
        return None
    if more or less:
        word = (more or less).group()  # type: ignore[union-attr]
        trade = bool(re.search(r"顺差|逆差|出超|入超|surplus|deficit", word, re.IGNORECASE))
        if not trade and re.search(r"(?:至|到|为|\bto\b|\bat\b)\s?$", clause):
            return None
        down = bool(less) and not (more and more.start() > less.start())  # type: ignore[union-attr]
        return (-1 if down else 1), "trade" if trade else "change"
    if re.fullmatch(r"\s*(?:or\s)?(?:by\s)(?:about\s|nearly\s)?", clause):
        words = list(_DIRECTION.finditer(scene.text[line.sentence.start : mention.start]))
        return (-1 if words and words[-1]["down"] else 1), "change"
    if re.match(r"\s?(?:better|worse)(?![a-z])", right):
        return 1, "gap"  # a cost ratio is worse when it is higher
    after = _AFTER.match(right)
    if after:
        return (
            -1
            if re.match(
                r"\s?(?:less|lower|decrease|decline|drop|below|narrower|fewer|contraction)",
                right,
                re.IGNORECASE,
            )
            else 1
        ), "change"
    return None


def _pairs(scene: Scene, line: Line, stated: Level, points: bool, sign: int, cue: str) -> Iterator[Candidate]:
    kinds = ("percent",) if points else LEVEL_KINDS
    base = named_base(scene, stated)
    prior = (
        stated.prior if cue == "change" and stated.when and stated.when.end <= stated.mention.start else ""
    )
    grows: dict[int, bool] = {}
    room = room_of("difference", stated.mention, sign)
    near = [
        v for other in scene.around(line, 2) for v in other.levels
        if v.mention.measure.kind in kinds and v is not stated and not v.change and not v.ranged and not (v.expected and (v.base or v.sentence != line.index))
    ][-10:]  # fmt: skip
    fine = any(v.mention.step > abs(stated.mention.value) for v in near)
    if points:
        for i, v in enumerate(near):
            told = growing(scene.text, scene.lines[v.sentence], v.mention) is not None
            after = i > 0 and v.base and v.sentence == near[i - 1].sentence and grows[id(near[i - 1])]
            grows[id(v)] = told or after
    left, right = windows(scene.text, line, stated.mention)
    change = _CHANGE_IN.match(right)
    asked = _Asked(
        stated,
        cue,
        words_in(_DIRECTION.sub(" ", left)) - _FILLERS,
        words_in(change[1]) if change else frozenset(),
    )
    for one in near:
        if not points and not one.mention.measure.fits(stated.mention.measure):
            continue
        like = [v for v in near if v.mention.measure.fits(one.mention.measure)]
        for other in like:
            if one is other:
                continue
            if base and resolved(other) != base:
                continue
            if prior and other.prior != prior and not _apart(one, other, prior):
                continue
            if points and grows[id(one)] != grows[id(other)]:
                continue  # a rate of growth and a share do not differ by points
            if fine and abs(stated.mention.value) < (one.mention.step + other.mention.step) / 2:
                continue  # what rounding alone may move says nothing
            link = _link(scene, line, asked, one, other, near, like)
            if not points and (
                not _alike(one.mention, other.mention) or _exceeds(stated.mention, one.mention, other.mention)
            ):
                link = min(link, 0.7)  # no difference of two levels: only a slip makes it one
            if stated.mention.measure.kind == "plain" and stated.mention.scale == 1 and link < 0.9:
                link = min(link, 0.58)
            if link >= least_link("difference", room, one.mention, other.mention):
                yield Candidate((Operand(one.mention, "minuend"), Operand(other.mention, "subtrahend")), link)


def _alike(one: Mention, other: Mention) -> bool:
    """True if two levels are near enough in size to be two states of one thing."""
    if other.size > 0:
        return one.order(other, _MAGNITUDE) < 0 and other.order(one, _MAGNITUDE) < 0
    return _MAGNITUDE > one.value / (other.value or 1) > Fraction(1, _MAGNITUDE)


def _exceeds(stated: Mention, one: Mention, other: Mention) -> bool:
    """True if the number is more than either level."""
    return stated.order(one) > 0 and stated.order(other) > 0


def _of_another(line: Line, subject: frozenset[str], one: Level, other: Level) -> bool:
    """True if the stated number's own words name a subject that its operands' words do not."""
    known = one.words | other.words
    if not subject or not known:
        return False
    apart = one.sentence != line.index or other.sentence != line.index
    return len(subject & known) * 2 < len(subject) if apart else not subject & known


def _apart(one: Level, other: Level, prior: str) -> bool:
    """True if the periods of two levels stand as far apart as the words say: a year, or one period."""
    new, old = resolved(one), resolved(other)
    if new is None or old is None or other.when is None:
        return False
    return old == (new.year_ago() if prior == "year_ago" else new.previous())


def _own_words(scene: Scene, level: Level) -> str:
    """What stands before a level in its clause, numbers of changes included: imports rose by 1.8 billion to."""
    left = scene.text[
        max(scene.lines[level.sentence].sentence.start, level.mention.start - 48) : level.mention.start
    ]
    return re.split(r"[，。；;]|,\s|(?<![a-z])(?:and|against|while)(?![a-z])|[和及与]", left)[-1]


def _in_a_row(line: Line, stated: Level, one: Level, other: Level) -> bool:
    """True if the two levels and their difference are the sentence's next three numbers, the base marked as one."""
    if not (other.base or other.earlier) or (one.base and not one.goal) or one.earlier:
        return False
    if not (one.sentence == other.sentence == stated.sentence == line.index):
        return False
    at = sorted(line.levels.index(v) for v in (one, other, stated))
    return at[2] - at[0] == 2


def _link(
    scene: Scene, line: Line, asked: _Asked, one: Level, other: Level, near: list[Level], like: list[Level]
) -> float:
    """How strongly the text ties a difference to two levels; `like` are those near by of the first one's measure."""
    stated, cue, named = asked.level, asked.cue, asked.changed
    here = line.index
    both = (one.sentence == here) + (other.sentence == here)
    link = (0.1, 0.35, 0.45)[both] + (
        0.1 if both == 1 and here - min(one.sentence, other.sentence) == 1 else 0.0
    )
    if both == 0 and one.sentence == other.sentence == here - 1:
        link = 0.3
    if cue == "trade":
        texts = [_own_words(scene, v) for v in (one, other)]
        if not (_TRADE[0].search(texts[0]) and _TRADE[1].search(texts[1])):
            return 0.0
        return link + 0.4
    if cue == "gap":
        link += 0.05
        exactly_two = len([v for v in near if v.sentence == here]) == 2 and both == 2
        return link + (0.3 if exactly_two and one.mention.value >= other.mention.value else 0.0)
    evidence = base_evidence(one, other, "growth")
    if evidence is None:
        return 0.0
    link += evidence
    stop = stated.mention
    tied = other.base and (
        (
            stop.start - other.mention.end in range(24)
            and re.fullmatch(r"[^，。；,;\d]{0,10}", scene.text[other.mention.end : stop.start])
        )
        or (
            other.mention.start - stop.end in range(60)
            and re.fullmatch(
                r"\s?(?:more|less|higher|lower|fewer|below|above|wider)?\s?(?:from|than|on|to|below|above)?\s?[^,;.，。；\d]{0,40}",
                scene.text[stop.end : other.mention.start],
            )
        )
    )
    link += 0.15 if tied else 0.0
    if one.mention.start > stop.end and not one.goal:
        link -= 0.25
    if other.mention.start > stop.end and not other.base:
        link -= 0.25
    elif (
        other.mention.start > stop.end
        and not tied
        and not re.fullmatch(r"[（(][^）)\d]{0,12}", scene.text[stop.end : other.mention.start])
    ):
        link -= 0.15
    if one.base and not one.goal and not other.base:
        return 0.0
    if one.base and not one.goal:
        link -= 0.25
    spot = stated.mention.start
    ends = (spot, one.mention.start, other.mention.start)
    if "；" in scene.text[min(ends) : max(ends)]:
        link -= 0.2
    for v in like:
        if v is one or v is other:
            continue
        m = v.mention
        if (
            not v.base
            and not v.earlier
            and min(one.mention.start, spot) < m.start < max(one.mention.start, spot)
        ):
            link -= 0.15
        if (v.base or v.earlier) and min(other.mention.start, spot) < m.start < max(
            other.mention.start, spot
        ):
            link -= 0.15
        if not evidence and v.sentence == here:
            link -= 0.1
    mine, theirs = resolved(one), resolved(other)
    if mine and theirs and mine == theirs and not other.base:
        link -= 0.1
    if named and len(named & (one.words | other.words)) * 2 < len(named) + (len(named) > 1):
        link = min(link, 0.5)  # the change of something else
    low, high = sorted((one.mention.start, other.mention.start))
    parted = one.sentence != other.sentence or "；" in scene.text[low:high]
    kin = len(one.words & other.words) * 2 >= min(len(one.words), len(other.words))
    if parted and one.words and other.words and not kin:
        link = min(link, 0.55)
    if not evidence or _of_another(line, asked.subject, one, other):
        link = min(link, 0.58)
    elif _in_a_row(line, stated, one, other) and not re.search(r"[。；;]", scene.text[min(ends) : max(ends)]):
        link = max(link, 0.82)
    if not any(
        not v.base
        and v is not one
        and v is not other
        and min(one.mention.start, spot) < v.mention.start < max(one.mention.start, spot)
        for v in near
    ):
        link += 0.1
    return link
