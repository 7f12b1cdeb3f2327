"""This module words what a study's evidence says of stated facts, for every face; none of it is a finding."""

from __future__ import annotations

from collections.abc import Sequence

from waferline.audit.finding import OUTCOMES, Audit, Comparison, Outcome
from waferline.quantity.relations.base import Phrase

OUTCOME_WORDS: dict[Outcome, Phrase] = {
    "differs": Phrase("与证据不同", "differs from the evidence"),
    "superseded": Phrase("已被新值取代", "superseded by a newer edition"),
    "unknown": Phrase("证据不足", "the evidence cannot tell"),
    "agrees": Phrase("与证据一致", "agrees with the evidence"),
}
OUTCOME_SIGNS: dict[Outcome, str] = {"differs": "≠", "superseded": "↻", "unknown": "?", "agrees": "="}
_KINDS: dict[str, Phrase] = {
    "fact": Phrase("数值", "figure"),
    "change": Phrase("区间涨跌", "move over a window"),
    "rise": Phrase("区间最大涨幅", "largest rise in a window"),
    "extreme": Phrase("最高、最低之说", "superlative"),
    "streak": Phrase("连续同向", "streak"),
    "since": Phrase("自某期以来", "since a period"),
}


def title(lang: str, day: object) -> str:
    """The heading of the section."""
    return Phrase(f"与证据比对（截至{day}所知）", f"Against the evidence, as known on {day}").of(lang)


def kind(one: Comparison, lang: str) -> str:
    """What was compared, in words."""
    return _KINDS[one.kind].of(lang)


def shown(audit: Audit, *, everything: bool) -> Sequence[Comparison]:
    """The comparisons in text order; what agrees and what cannot be told only if everything is asked."""
    wanted = OUTCOMES if everything else ("differs", "superseded")
    return [one for one in audit.comparisons if one.outcome in wanted]


def summary(audit: Audit, lang: str) -> str:
    """The counts in one sentence; it says that differing is no internal contradiction."""
    if not audit.comparisons:
        return Phrase(
            "没有一处陈述能与该研究的证据比对。", "No statement could be set beside this study's evidence."
        ).of(lang)
    counts = audit.outcomes
    told = {
        "zh": "，".join(f"{OUTCOME_WORDS[o].zh}{counts[o]}处" for o in OUTCOMES),
        "en": ", ".join(f"{_SHORT[o]} {counts[o]}" for o in OUTCOMES),
    }[lang]
    return Phrase(
        f"与证据比对{len(audit.comparisons)}处：{told}。与证据不同不等于文中自相矛盾，不计入上面的结论。",
        f"{len(audit.comparisons)} statements compared: {told}. To differ from the evidence is no contradiction within the "
        f"document and is not counted above.",
    ).of(lang)


_SHORT: dict[Outcome, str] = {
    "differs": "differing",
    "superseded": "superseded",
    "unknown": "undecided",
    "agrees": "agreeing",
}
