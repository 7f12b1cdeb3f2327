"""This module asks the nowcast on past days, with what was known on each, and sets its answers beside what was printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from waferline.errors import NotKnown
from waferline.evidence.snapshot import Snapshot
from waferline.models.cycle.baselines import BASELINES, Forecast
from waferline.models.cycle.nowcast import NOWCAST, month_of
from waferline.models.cycle.turning_points import turning_points
from waferline.models.running import Run, run
from waferline.quantity.period import Period
from waferline.quantity.units import unit

PRINTS, SINGLE, FORECASTS, YEARS = (
    "sia.sales_3mma.world", "wsts.billings.world", "forecast.semi_market.wsts.growth", "sia.sales_year.world",
)  # fmt: skip
OWN, PLAIN = "nowcast", "nowcast from prints alone"
DAYS = ("end of the month", "12 days later", "eve of the print")
_SHORTEST = 25  # months of levels: the shortest history on which every baseline has an answer
KnownOn = Callable[[date], Snapshot]


@dataclass(frozen=True)
class Asked:
    """One method's forecast of one print, on one of the DAYS: `error` is forecast less print, in logarithms."""

    method: str
    target: Period
    asked: str
    day: date
    ahead: int
    rising: bool
    error: float
    deviation: float


@dataclass(frozen=True)
class Month:
    """The forecast of a single month against WSTS's later edition; `held` if the 80 % interval holds it."""

    target: Period
    asked: str
    error: float
    held: bool


@dataclass(frozen=True)
class Yearly:
    """Growth of a calendar year: what WSTS forecast, what the nowcast said on that day, and what was printed."""

    year: int
    day: date
    edition: str
    theirs: float
    ours: float
    actual: float


class Backtest:
    """Runs the nowcast on past days. Parameters are fitted on the first day asked about in a year and kept for that year.

    `without` names inputs to be emptied, to see what they add.
    """

    def __init__(
        self, study: Path, known_on: KnownOn, today: date, *, without: Sequence[str] = (), method: str = OWN
    ) -> None:
        self._method = method
        # One figure before all others says nothing: growth of a foundry needs two, exports must meet a month of sales.
        self._emptied = {name: [1.0] for name in without} | {f"{name}_years": [1990.5] for name in without}
        self._study = study
        self._known_on = known_on
        self._today = today
        self._parameters: dict[int, list[float]] = {}

    def prints(self) -> tuple[list[Asked], list[Month]]:
        """Every first print that the study holds, asked about on up to three days before it.

        A target counts once all methods can answer: after 25 months of levels.
        """
        now = self._known_on(self._today)
        rising = self._phases(now)
        asked: list[Asked] = []
        months: list[Month] = []
        for period in now.periods(PRINTS, "month"):
            first = now.known(PRINTS, period, vintage="first")
            if first is None:
                continue
            known = now.observation(PRINTS, period, vintage="first").known_from
            days = (period.end, period.end + timedelta(days=12), known - timedelta(days=1))
            for name, day in zip(DAYS, days, strict=True):
                if day >= known or (name != DAYS[2] and day >= days[2]):
                    continue
                answer = self._answer(day, period)
                if answer is not None:
                    actual = float(np.log(float(first.to(unit("USD bn")).value)))
                    asked += _compared(answer, period, name, day, actual, rising, self._method)
                    months += _alone(answer, period, name, now)
        return asked, months

    def years(self) -> list[Yearly]:
        """Each WSTS forecast of a year since complete, and the nowcast of that year on the day it became known."""
        now = self._known_on(self._today)
        found = []
        for period in now.periods(FORECASTS, "year", realised=False):
            level, before = (
                now.known(YEARS, str(year)) for year in (period.start.year, period.start.year - 1)
            )
            if level is None or before is None:
                continue
            actual = float(level.value / before.to(level.unit).value) - 1
            for row in now.estimates(FORECASTS, period, all_vintages=True):
                answer = self._run(row.known_from, {"year": period.start.year})
                if answer is None or "year_growth" not in answer.point:
                    continue
                theirs, ours = float(row.value) / 100, answer.value("year_growth")
                found.append(Yearly(period.start.year, row.known_from, row.edition, theirs, ours, actual))
        return sorted(found, key=lambda each: (each.year, each.day))

    def _phases(self, now: Snapshot) -> dict[int, bool]:
        """Whether sales were rising in each month, by the turning points of the means of three as known today."""
        answer = run(NOWCAST, self._study, {"ahead": 1}, known=lambda: now).point
        months, levels = month_of(answer["filled_years"]), np.log(answer["filled"])
        turns = turning_points(levels, window=5, phase=5, cycle=15)
        rising = {}
        for at, month in enumerate(months):
            past = [kind for place, kind in turns if place < at]
            rising[month] = past[-1] < 0 if past else turns[0][1] > 0
        return rising

    def _answer(self, day: date, target: Period) -> tuple[Run, int] | None:
        """The nowcast on the day, and how many prints ahead the target lies."""
        answer = self._run(day, {"ahead": 6})
        if answer is None or len(answer.point["filled"]) < _SHORTEST:
            return None
        month = target.start.year * 12 + target.start.month - 1
        ahead = month - month_of(answer.point["next_time"][None])[0] + 1
        return (answer, ahead) if 1 <= ahead <= 6 else None

    def _run(self, day: date, settings: dict[str, object]) -> Run | None:
        known = self._known_on(day)
        asked: dict[str, object] = self._emptied | settings
        if day.year in self._parameters:
            asked["parameters"] = self._parameters[day.year]
        try:
            answer = run(NOWCAST, self._study, asked, known=lambda: known)
        except NotKnown:  # too few levels were known on that day
            return None
        self._parameters.setdefault(day.year, answer.point["fitted"].tolist())
        return answer


def _compared(
    answer: tuple[Run, int],
    target: Period,
    name: str,
    day: date,
    actual: float,
    rising: dict[int, bool],
    method: str,
) -> list[Asked]:
    found, ahead = answer
    own = Forecast(float(np.log(found.point["path"][ahead - 1])), float(found.point["path_width"][ahead - 1]))
    logs = np.log(found.point["filled"])
    up = rising[target.start.year * 12 + target.start.month - 1]
    forecasts = {method: own} | {name: of(logs, ahead) for name, of in BASELINES.items()}
    return [
        Asked(who, target, name, day, ahead, up, each.mean - actual, each.deviation)
        for who, each in forecasts.items()
    ]


def _alone(answer: tuple[Run, int], target: Period, name: str, now: Snapshot) -> list[Month]:
    found, ahead = answer
    single = now.known(SINGLE, target)
    if ahead != 1 or single is None:
        return []
    actual = float(single.value * single.unit.scale) / 1e9
    held = found.value("next_month_low") <= actual <= found.value("next_month_high")
    return [Month(target, name, float(np.log(found.value("next_month") / actual)), held)]


def too_narrow(asked: Sequence[Asked]) -> float:
    """How many times their stated deviations the nowcast's errors had: the root mean square of the ratio."""
    ratios = [each.error / each.deviation for each in asked if each.method == OWN]
    return float(np.sqrt(np.mean(np.square(ratios))))
