"""This module audits the report it has built: what its own numbers say of each other, held against their traces.

The audit reads printed numbers only; the build knows what each was computed from. A contradiction that the traces
refute is a fault of the audit and is shown as such. Any other is one of the report: nothing can excuse it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from waferline.audit.document import Block, Document
from waferline.audit.finding import Audit, Finding, Remark
from waferline.build.as_printed import AsPrinted, Shown, as_printed
from waferline.build.audit_words import OUTCOMES, Outcome
from waferline.errors import BadInput
from waferline.quantity.interval import Interval
from waferline.quantity.quantity import Applied, Leaf, Quantity
from waferline.quantity.relations import relation
from waferline.study.assembly import Assembled

_GROWTHS = ("yoy", "qoq", "mom")
_SAME = ("text_vs_table", "restatement", "unit_change")
_RESTATED = Fraction(3, 100)  # a base that a growth rate implies this far from the printed one is no revision


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An inconsistent finding, the sentence or table it stands in, and what the traces say of it.

    `inconsistent`: nothing against it. `basis_mismatch`: the numbers are what their sources printed, on two bases.
    `refuted`: the audit is wrong. `why` has the reason in words.
    """

    finding: Finding
    sentence: str
    outcome: Outcome = "inconsistent"
    why: str = ""


@dataclass(frozen=True, slots=True)
class SelfAudit:
    """What the audit of one language's report found.

    `consistent` counts relations, `abstained` those it could not decide; `mentions` counts numbers, `untested` those
    that nothing was tested against.
    """

    consistent: int
    abstained: int
    mentions: int
    untested: int
    contradictions: tuple[Contradiction, ...]
    remarks: tuple[Remark, ...] = ()  # faults of structure or time, which do not decide the exit status

    def to_json(self) -> dict[str, Any]:
        """As it stands in the record: `checked` are the relations decided either way."""
        return {
            "checked": self.consistent + len(self.contradictions),
            "consistent": self.consistent,
            "abstained": self.abstained,
            "numbers": self.mentions,
            "untested": self.untested,
            **{
                outcome: [_told(one) for one in self.contradictions if one.outcome == outcome]
                for outcome in OUTCOMES
            },
            "remarks": [
                {"kind": one.kind, "text": one.span.text, "explanation": one.explanation.en}
                for one in self.remarks
            ],
        }


def self_audit(assembled: Assembled, audited: Callable[[Document], Audit]) -> SelfAudit:
    """The audit of an assembled report; `audited` gives the audit of a document. The same report, the same result."""
    printed = as_printed(assembled.report, assembled.quantities, assembled.ends)
    audit = audited(printed.document)
    counts = audit.counts
    return SelfAudit(
        consistent=counts["consistent"],
        abstained=counts["unverifiable"] + counts["basis_mismatch"],
        mentions=audit.mentions,
        untested=len(audit.untested),
        contradictions=tuple(
            Contradiction(finding, _sentence(printed, finding), *held_against_traces(printed, finding))
            for finding in audit.of("inconsistent")
        ),
        remarks=audit.remarks,
    )


def held_against_traces(printed: AsPrinted, finding: Finding) -> tuple[Outcome, str]:
    """What the traces say of an inconsistent finding. A number that nothing is bound to has no trace to speak for it."""
    stated = printed.at(finding.stated.start, finding.stated.end)
    operands = [printed.at(span.start, span.end) for span in finding.inputs]
    shown = [one for one in operands if one is not None]
    if stated is None or len(shown) < len(operands):
        return "inconsistent", ""
    if why := _refutation(printed, finding, stated, shown):
        return "refuted", why
    if why := _other_basis(finding, stated, shown):
        return "basis_mismatch", why
    return "inconsistent", ""


def _refutation(printed: AsPrinted, finding: Finding, stated: Shown, operands: Sequence[Shown]) -> str:
    """How the traces refute a finding, in words, or "" where they do not.

    They do in three ways only, so that a sentence which ties the wrong numbers together stays a finding: the values
    behind the numbers satisfy the relation; or the number was computed from others that are printed in the very same
    place; or an operand was fetched from elsewhere in the report and is about something else.
    """
    if _agree(finding, stated, operands):
        return "the values that the numbers were printed from satisfy the relation"
    own = _own(stated.quantity)
    strangers = [one for one in operands if own and _about(one.quantity) not in own]
    start, end = _place(printed, finding)
    if strangers and own <= {_about(one.quantity) for one in printed.within(start, end)}:
        return f"{finding.stated.text} was computed from other numbers of the same place"
    far = [one for one in operands if not start <= one.start < end]
    if any(one in strangers for one in far):
        return f"{finding.stated.text} was computed from other observations than {_text(printed, far)}"
    if far and not own and _do_not_go_together(finding, stated, operands):
        return f"{finding.stated.text} is about another thing or period than {_text(printed, far)}"
    return ""


def _other_basis(finding: Finding, stated: Shown, operands: Sequence[Shown]) -> str:
    """How a published growth rate rests on another print of its base than the report shows, or ""."""
    if finding.relation not in _GROWTHS or [span.role for span in finding.inputs] != ["new", "old"]:
        return ""
    rate, new, old = (one.quantity.trace for one in (stated, *operands))
    if not (isinstance(rate, Leaf) and isinstance(new, Leaf) and isinstance(old, Leaf)):
        return ""
    of_one_thing = (new.series, new.subject, new.by) == (old.series, old.subject, old.by)
    published_with = rate.series.startswith(f"{new.series}.") and (rate.subject, rate.by) == (
        new.subject,
        new.by,
    )
    if not of_one_thing or not published_with or _do_not_go_together(finding, stated, operands):
        return ""
    if old.known_from == new.known_from == rate.known_from:
        return ""  # one release contradicts itself
    implied = new.value / (1 + rate.value * rate.unit.scale)
    if abs(implied / old.value - 1) > _RESTATED:
        return ""
    return (
        f"{finding.stated.text} is the publisher's own rate, known from {rate.known_from}; the levels are prints known "
        f"from {new.known_from} and {old.known_from}"
    )


def _agree(finding: Finding, stated: Shown, operands: Sequence[Shown]) -> bool:
    """Whether the relation holds between the values the numbers were printed from, as far as those are known."""
    if finding.relation == "direction":
        return False  # it is the words that contradict the numbers
    name = "growth_from_change" if finding.inputs[-1].role == "change" else finding.relation
    ranges = [_range(one) for one in operands]
    periods = [one.quantity.period for one in operands]
    try:
        if name == "cagr":
            result = relation(name).value(*ranges, periods=periods)
        else:
            # Loaded only now: most reports hold no contradiction, and the rules of the audit take long to load.
            from waferline.audit.judge import value_of

            result = value_of(name, ranges)
    except (BadInput, ZeroDivisionError):  # a base that may be zero, periods that are not known
        return False
    # A gap has no sign of its own: "5 points below" may be either way round.
    return result.overlaps(_range(stated)) or (name == "difference" and (-result).overlaps(_range(stated)))


def _range(shown: Shown) -> Interval:
    """What may be behind a printed number, in base units: what its own trace allows; of a range, all between its ends."""
    if shown.ends is None:
        return shown.quantity.interval.scaled(shown.quantity.unit.scale)
    low, high = shown.ends
    top = high.interval.scaled(high.unit.scale)
    bottom = low.interval.scaled(low.unit.scale) if low else top
    return Interval(min(bottom.low, top.low), max(bottom.high, top.high))


def _about(quantity: Quantity) -> object:
    """What a number is about: series, subject and period, whatever the edition; of a result its whole trace."""
    trace = quantity.trace
    return (trace.series, trace.subject, trace.period) if isinstance(trace, Leaf) else trace


def _own(quantity: Quantity) -> set[object]:
    """What a number was computed from; nothing for an observation."""
    return {_about(q) for q in quantity.trace.inputs} if isinstance(quantity.trace, Applied) else set()


def _do_not_go_together(finding: Finding, stated: Shown, operands: Sequence[Shown]) -> bool:
    """Whether a number that somebody published cannot be what the relation gives on these operands."""
    if finding.relation in _SAME:
        return any(_about(one.quantity) != _about(stated.quantity) for one in operands)
    if finding.relation not in _GROWTHS or any(span.role == "change" for span in finding.inputs):
        return False
    try:
        relation(finding.relation).check_periods(*(one.quantity.period for one in operands))
    except BadInput:
        return True
    return stated.quantity.period != operands[0].quantity.period


def _place(printed: AsPrinted, finding: Finding) -> tuple[int, int]:
    """The sentence of the stated number, or the whole table."""
    at = finding.stated.start
    block = next((b for b in printed.document.blocks if b.start <= at < b.end), Block("paragraph", 0, 0))
    return (block.start, block.end) if block.cells else finding.place


def _sentence(printed: AsPrinted, finding: Finding) -> str:
    """The sentence, or the caption of the table, that the finding stands in."""
    start, end = finding.place
    before: Block | None = None
    for block in printed.document.blocks:
        if block.kind == "caption":
            before = block
        if block.start <= finding.stated.start < block.end and block.cells and before:
            return printed.document.piece(before)
    return printed.document.text[start:end].strip()


def _text(printed: AsPrinted, shown: Sequence[Shown]) -> str:
    return ", ".join(printed.document.text[one.start : one.end] for one in shown)


def _told(one: Contradiction) -> dict[str, Any]:
    finding = one.finding
    return {
        "id": finding.id,
        "relation": finding.relation,
        "stated": finding.stated.text,
        "inputs": [{"role": span.role, "text": span.text} for span in finding.inputs],
        "recomputed": finding.recomputed,
        "low": finding.low,
        "high": finding.high,
        "unit": finding.unit,
        "explanation": finding.explanation.en,
        "sentence": one.sentence,
        **({"why": one.why} if one.why else {}),
    }
