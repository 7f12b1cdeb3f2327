"""This module says what a claim is: a printed number that states a relation, and who its operands may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from waferline.audit.mentions.mention import Mention
from waferline.audit.quick import Ends, surely_apart
from waferline.quantity.relations.base import Phrase

# How strongly the text ties a number to its operands. Below WEAK nothing is said; from WEAK on an agreement
# may be stated; from MEDIUM on a contradiction that one slip of the pen explains; from STRONG on any. Where a relation
# has two operands only, few readings can be explained by chance, and LOOSE is enough for a slip.
WEAK, FAINT, LOOSE, MEDIUM, STRONG = 0.295, 0.395, 0.495, 0.595, 0.795
LISTED = 0.62  # a sum whose total stands to one side of all its parts, in one list
TIE = 0.08  # readings whose links lie closer than this tie

RelationName = Literal[
    "yoy", "qoq", "mom", "growth", "cagr", "share", "sum", "difference", "ratio", "product", "average",
    "margin", "share_of_sum", "growth_from_change", "direction", "text_vs_table", "restatement", "unit_change",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operand:
    """A number in its role: new and old of a growth, part and whole of a share, …"""

    mention: Mention
    role: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to choose the operands, with the strength of the link (0 to 1) and, for a CAGR, its years."""

    operands: tuple[Operand, ...]
    link: float
    years: int = 0
    basis: Phrase | None = None  # why the operands' basis differs, if it is known to


@dataclass(slots=True)
class Claim:
    """A printed number, the relation it states and the candidates for its operands, the likeliest first.

    `sign` is −1 where the words say a fall (the number is printed without its sign); `soft` marks a claim on
    a basis of its own (constant currency, organic), which nothing printed can contradict.
    """

    stated: Mention
    relation: RelationName
    candidates: list[Candidate] = field(default_factory=list)
    sign: int = 1
    soft: bool = False
    place: tuple[int, int] = (0, 0)


def room_of(relation: str, stated: Mention, sign: int) -> Ends | None:
    """The stated interval in floating point, with the sign its words give it; None where more than agreement is
    asked of a candidate."""
    if stated.qualifier == "above" and relation == "sum":
        return None
    low, high = stated.ends
    return (-high, -low) if sign < 0 and stated.signed != "-" else (low, high)


_MANY_READINGS = ("sum", "average", "share_of_sum")  # of which some number of operands would fit by chance


def accusing_link(relation: str) -> float:
    """The link below which no choice of operands accuses."""
    return MEDIUM if relation in _MANY_READINGS else LOOSE


def least_link(relation: str, room: Ends | None, *operands: Mention) -> float:
    """The link from which on a choice of operands matters. What may agree needs little; what surely does not
    matters only where it is strong enough to accuse, or to tie with what does."""
    if room is not None and surely_apart(relation, [m.ends for m in operands], room):
        return accusing_link(relation) - TIE
    return WEAK
