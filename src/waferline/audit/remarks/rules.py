"""This module is the list of the rules that make remarks, and runs them over a document."""

from __future__ import annotations

from waferline.audit.claims.scene import Scene
from waferline.audit.finding import Remark
from waferline.audit.remarks.exhibits import exhibit_remarks
from waferline.audit.remarks.forecasts import future_dates, stale_forecasts
from waferline.audit.remarks.malformed import malformed_periods
from waferline.audit.remarks.percents import impossible_percents, loss_to_profit, times_more
from waferline.audit.remarks.streaks import streaks, superlatives
from waferline.audit.remarks.windows import windows

RULES = (
    stale_forecasts,
    future_dates,
    malformed_periods,
    exhibit_remarks,
    windows,
    superlatives,
    streaks,
    loss_to_profit,
    impossible_percents,
    times_more,
)


def remarks_of(scene: Scene) -> tuple[Remark, ...]:
    """The remarks on a document, in text order; what the text says again word for word is remarked once,
    at its first place."""
    found: dict[str, Remark] = {}
    for remark in sorted((r for rule in RULES for r in rule(scene)), key=lambda r: (r.span.start, r.kind)):
        found.setdefault(remark.id, remark)
    return tuple(found.values())
