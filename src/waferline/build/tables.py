"""This module makes the plain tables of `waferline series`: values as decimal strings, days and sources as read."""

from __future__ import annotations

from waferline.errors import BadInput, NotKnown
from waferline.evidence.snapshot import Snapshot
from waferline.evidence.store import Evidence
from waferline.quantity.period import Period
from waferline.quantity.printing import number_text
from waferline.study.source_lines import publisher
from waferline.study.values import Scope
from waferline.study.vocabulary import VOCABULARY

RELATIONS = ("yoy", "qoq", "mom")


def series_rows(
    known: Snapshot, series: str, relation: str | None, by: str | None
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """One row a known period (and subject, and house): level, its days and source, and a relation if asked."""
    if relation is not None and relation not in RELATIONS:
        raise BadInput("--relation", "unknown relation", ", ".join(RELATIONS), relation)
    header: tuple[str, ...] = (
        "period",
        "subject",
        "value",
        "unit",
        "by",
        "published",
        "known from",
        "basis",
        "source",
    )
    rows: list[tuple[str, ...]] = []
    for period in known.periods(series):
        for row in known.estimates(series, period):
            if by is not None and row.by != by:
                continue
            cells: tuple[str, ...] = (
                str(period), row.subject, row.literal, row.unit, row.by,
                row.published.isoformat() if row.published else "", row.known_from.isoformat(), row.basis,
                publisher(known.sources[row.source], "en"),
            )  # fmt: skip
            if relation:
                cells = (*cells, _relation(known, series, period, relation, row.subject, row.by or None))
            rows.append(cells)
    if by is not None and not rows:
        raise BadInput("--by", "this house gives no such figure", found=by)
    if relation:
        header = (*header, relation)
    return header, rows


def _relation(known: Snapshot, series: str, period: Period, name: str, subject: str, by: str | None) -> str:
    try:
        quantity = VOCABULARY[name](Scope(known, series), series, period, subject=subject, by=by)
    except NotKnown:
        return ""
    return number_text(quantity, "en") + quantity.unit.name  # type: ignore[arg-type, union-attr]


def revision_rows(
    evidence: Evidence, series: str, period: str, subject: str
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Every vintage of one value, in the order it became known."""
    header = (
        "value",
        "unit",
        "by",
        "edition",
        "print",
        "published",
        "known from",
        "known to",
        "basis",
        "source",
        "url",
    )
    rows: list[tuple[str, ...]] = [
        (
            row.literal, row.unit, row.by, row.edition, row.print,
            row.published.isoformat() if row.published else "", row.known_from.isoformat(),
            "" if row.known_to.year == 9999 else row.known_to.isoformat(), row.basis,
            publisher(evidence.sources[row.source], "en"), row.url,
        )
        for row in evidence.revisions(series, Period.parse(period), subject)
    ]  # fmt: skip
    if not rows:
        raise BadInput(
            f"{series} {period}", "no vintage of this value", "a period of `waferline series show`"
        )
    return header, rows
