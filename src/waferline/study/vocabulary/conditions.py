"""This module decides conditions: dated facts, theses, signs and comparisons."""

from __future__ import annotations

from collections.abc import Callable

from waferline.errors import BadInput
from waferline.quantity.period import Period
from waferline.quantity.quantity import Quantity, apply
from waferline.quantity.relations import relation
from waferline.study.values import Scope, Value


def since(scope: Scope, day: Period) -> bool:
    """The build's day is on or after the day: a dated fact has happened."""
    return scope.day >= day.start


def before(scope: Scope, day: Period) -> bool:
    """The build's day is before the day."""
    return scope.day < day.start


def stands(status: str) -> Callable[[Scope, str], bool]:
    def stands(scope: Scope, thesis: str) -> bool:
        known = dict(scope.theses)
        if thesis not in known:
            raise BadInput(
                scope.where, "unknown thesis", ", ".join(known) or "a thesis of theses.toml", thesis
            )
        return known[thesis] == status

    stands.__doc__ = f"The thesis stands as {status} on the day."
    return stands


def positive(scope: Scope, of: Quantity) -> bool:
    """Above zero, whatever the rounding of its inputs."""
    return of.interval.low > 0


def negative(scope: Scope, of: Quantity) -> bool:
    """Below zero, whatever the rounding of its inputs."""
    return of.interval.high < 0


def greater(scope: Scope, one: Quantity, other: Quantity) -> bool:
    """The first is above the second, whatever the rounding of their inputs."""
    gap = apply(relation("difference"), one, other)
    return gap.interval.low > 0


def later(scope: Scope, one: Period, other: Period) -> bool:
    """The first period ends after the second."""
    return one.end > other.end


def behind(scope: Scope, series: str, kind: str = "") -> bool:
    """The series ends clearly before the day: its next period should be known long since, but is not in the evidence."""
    return scope.known.is_behind(series, kind or None)


def negate(scope: Scope, condition: bool) -> bool:
    """The condition does not hold."""
    return not condition


def _conditions(scope: Scope, values: list[Value]) -> list[bool]:
    found = [value for value in values if isinstance(value, bool)]
    if len(found) != len(values):
        raise BadInput(scope.where, "a list of conditions is expected", 'every([since("2025-01-20")])')
    return found


def every(scope: Scope, conditions: list[Value]) -> bool:
    """All conditions hold."""
    return all(_conditions(scope, conditions))


def some(scope: Scope, conditions: list[Value]) -> bool:
    """At least one condition holds."""
    return any(_conditions(scope, conditions))
