"""Measures the nowcast on past days and prints it; `--write` puts it into docs/reference/nowcast-accuracy.md."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from waferline.build.build import open_evidence, snapshot
from waferline.models.assumptions import read_assumptions
from waferline.models.cycle.backtest import DAYS, OWN, PLAIN, Asked, Backtest, Month, Yearly, too_narrow
from waferline.models.cycle.baselines import BASELINES, crps
from waferline.models.cycle.nowcast import NOWCAST
from waferline.models.cycle.sales_state import NAMES

ROOT = Path(__file__).parent.parent
STUDY = ROOT / "studies" / "semiconductors"
PAGE = ROOT / "docs" / "reference" / "nowcast-accuracy.md"
TODAY = date(2026, 11, 23)  # the day up to which the study's evidence was collected
SET_BEFORE = date(
    2024, 1, 1
)  # prints known before this day set the width of the interval; later ones test it
_Z90 = 1.2815515655446004
METHODS = (OWN, PLAIN, *BASELINES)


@lru_cache(maxsize=1)
def measured() -> tuple[list[Asked], list[Month], list[Yearly]]:
    """The back-test as the study sets the model, with the nowcast from prints alone beside it."""
    evidence = open_evidence(STUDY)
    known_on = lru_cache(maxsize=None)(lambda day: snapshot(evidence, day))
    test = Backtest(STUDY, known_on, TODAY)
    plain = Backtest(STUDY, known_on, TODAY, without=("foundry", "exports"), method=PLAIN)
    asked, months = test.prints()
    asked += [each for each in plain.prints()[0] if each.method == PLAIN]
    return asked, months, test.years()


def needed_spread() -> float:
    """How much wider than the filter says the intervals must be by the early prints."""
    early = [each for each in measured()[0] if each.target.end < SET_BEFORE]
    return too_narrow(early) * study_spread()


def study_spread() -> float:
    """The width that the study's assumptions set."""
    entry = read_assumptions(STUDY, NOWCAST).inputs.get("spread", {"value": "1"})
    return float(entry["value"])


def page() -> str:
    """The page as Markdown."""
    asked, months, years = measured()
    targets = {each.target for each in asked}
    late = [each for each in asked if each.target.end >= SET_BEFORE]
    lines = [
        "# How far off the nowcast is",
        "<!-- Made by tools/measure_nowcast.py from the study's evidence; run it with --write instead of editing. -->",
        "",
        f"{len(targets)} first prints of SIA's mean of three months, {min(targets, key=str)} to {max(targets, key=str)}, each asked about on up to three days before it.",
        "On each day the nowcast saw only what the evidence knew on that day; later editions, WSTS's single months among them, were not known.",
        "Errors are in per cent of the print (logarithmic). CRPS scores the whole forecast, lower is better; coverage of an 80 % interval should be 80 %.",
        "Baselines see the same levels, with holes filled by the nowcast's own filter.",
        "",
        "The form of the model was settled after a look at these days: a first form, in which a month follows the same month of the year before,",
        "was behind ETS on them. Nothing in it was tuned to a print, but its lead is flattered by that choice.",
        "",
        "## In short",
        "",
        *_short(asked, late, years),
        "",
        "## By day",
        "",
        *_scores([(day, [each for each in asked if each.asked == day]) for day in DAYS]),
        "",
        "## By phase, on the eve",
        "",
        "A month belongs to the phase that turning points date afterwards (5, 5 and 15 months) on today's means of three.",
        "",
        *_scores(
            [
                (name, [each for each in asked if each.asked == DAYS[2] and each.rising is up])
                for name, up in (("rising", True), ("falling", False))
            ]
        ),
        "",
        "## By distance, on all days",
        "",
        *_scores(
            [
                (f"{n} print{'s' if n > 1 else ''} ahead", [each for each in asked if each.ahead == n])
                for n in sorted({each.ahead for each in asked})
            ]
        ),
        "",
        "## Width of the interval",
        "",
        f"The filter alone is too sure: by the prints before {SET_BEFORE.year} its errors were {needed_spread():.1f} times what it stated.",
        f"The study therefore sets `spread = {study_spread():g}`. Coverage before {SET_BEFORE.year} is a fit; from {SET_BEFORE.year} on it is a test:",
        "",
        *_scores(
            [
                (f"before {SET_BEFORE.year}", [each for each in asked if each.target.end < SET_BEFORE]),
                (f"from {SET_BEFORE.year}", late),
            ],
            methods=(OWN,),
        ),
        "",
        "## Single months",
        "",
        *_single(months),
        "",
        "## Years, against WSTS",
        "",
        *_years(years),
    ]
    return "\n".join(lines) + "\n"


def _short(asked: list[Asked], late: list[Asked], years: list[Yearly]) -> list[str]:
    lines = []
    for day in DAYS:
        here = {name: _score([e for e in asked if e.asked == day and e.method == name]) for name in METHODS}
        best = min(METHODS, key=lambda name: here[name][0])
        sharpest = min(METHODS, key=lambda name: here[name][1])
        lines.append(
            f"- {day.capitalize()}: smallest mean absolute error {_said(best)} ({here[best][0]:.1f} %), smallest CRPS {_said(sharpest)} ({here[sharpest][1]:.1f} %)."
        )
    for day in (DAYS[0], DAYS[2]):
        for name in (PLAIN, "ETS, damped"):
            gain, unsure = _gain([each for each in asked if each.asked == day], name)
            lines.append(
                f"- {_asked(day).capitalize()} its error is {gain:.1f} ± {unsure:.1f} points smaller than that of {name} (mean and its standard error over the prints): "
                + ("more than chance." if gain > 2 * unsure else "within what chance gives.")
            )
    groups = [
        (f"when sales are {word}, {_asked(day)}", [e for e in asked if e.asked == day and e.rising is up])
        for day in DAYS
        for word, up in (("rising", True), ("falling", False))
    ] + [
        (f"{n} print{'s' if n > 1 else ''} ahead", [e for e in asked if e.ahead == n])
        for n in sorted({each.ahead for each in asked})
    ]
    lost = [
        f"{name} {words} ({theirs:.1f} against {ours:.1f} %)"
        for words, group in groups
        for name in METHODS[1:]
        if (theirs := _score([e for e in group if e.method == name])[0])
        <= (ours := _score([e for e in group if e.method == OWN])[0])
    ]
    lines.append(
        "- The nowcast does **not** beat, by mean absolute error: "
        + (
            "; ".join(lost)
            if lost
            else "no other method is ahead of it in any phase, on any day, at any distance"
        )
        + "."
    )
    falling = len({each.target for each in asked if not each.rising})
    lines.append(
        f"- Only {falling} of the prints fall into a falling phase: what the tables say of falling sales rests on those."
    )
    lines.append(
        f"- From {SET_BEFORE.year} on its 80 % interval held {_score([e for e in late if e.method == OWN])[2]:.0f} % of the prints."
    )
    own_miss = np.array([abs(_off(each, "ours")) for each in years])
    their_miss = np.array([abs(_off(each, "theirs")) for each in years])
    gain, unsure = (
        float((their_miss - own_miss).mean()),
        float((their_miss - own_miss).std(ddof=1) / np.sqrt(len(years))),
    )
    word = "is ahead of" if gain > 2 * unsure else "is **not** better than"
    lines.append(
        f"- On calendar years it {word} WSTS's own forecast: mean absolute error {own_miss.mean():.1f} against {their_miss.mean():.1f} points over {len(years)} forecasts, "
        f"a gain of {gain:.1f} ± {unsure:.1f}, though on editions dated late here it has seen months that WSTS had not."
    )
    return lines


def _gain(asked: Sequence[Asked], name: str) -> tuple[float, float]:
    """How much smaller the nowcast's absolute error is than the other's, in points, and the standard error of that mean."""
    error = {who: np.array([abs(each.error) for each in asked if each.method == who]) for who in (OWN, name)}
    gain = 100 * (error[name] - error[OWN])
    return float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(len(gain)))


def _asked(day: str) -> str:
    return day if day[0].isdigit() else f"on the {day}" if day.startswith("eve") else f"at the {day}"


def _said(name: str) -> str:
    return f"**{name}**" if name == OWN else name


def _score(asked: Sequence[Asked]) -> tuple[float, float, float, float]:
    """MAE, CRPS, coverage of the 80 % interval and bias, all in per cent."""
    error = np.array([each.error for each in asked])
    deviation = np.array([each.deviation for each in asked])
    held = np.abs(error) <= _Z90 * deviation
    return tuple(float(100 * np.mean(each)) for each in (np.abs(error), crps(error, deviation), held, error))  # type: ignore[return-value]


def _scores(groups: Sequence[tuple[str, Sequence[Asked]]], methods: Sequence[str] = METHODS) -> list[str]:
    rows = []
    for name, asked in groups:
        for method in methods:
            own = [each for each in asked if each.method == method]
            if own:
                mae, ranked, held, bias = _score(own)
                rows.append(
                    (
                        name,
                        method,
                        str(len(own)),
                        f"{mae:.1f}",
                        f"{ranked:.1f}",
                        f"{held:.0f}",
                        f"{bias:+.1f}",
                    )
                )
    return _table(("asked", "method", "prints", "MAE, %", "CRPS, %", "coverage, %", "bias, %"), rows)


def _single(months: list[Month]) -> list[str]:
    error = np.array([each.error for each in months])
    return (
        [
            "The next month alone, against WSTS's edition of May 2026, which no day of the test knew.",
            "Means of three do not show how a quarter is spread over its months, so these are wide.",
            "",
            *_table(
                ("asked", "months", "MAE, %", "coverage, %", "bias, %"),
                [
                    (
                        day,
                        str(sum(e.asked == day for e in months)),
                        *(
                            f"{100 * value:{form}}"
                            for value, form in (
                                (np.mean([abs(e.error) for e in months if e.asked == day]), ".1f"),
                                (np.mean([e.held for e in months if e.asked == day]), ".0f"),
                                (np.mean([e.error for e in months if e.asked == day]), "+.1f"),
                            )
                        ),
                    )
                    for day in DAYS
                    if any(e.asked == day for e in months)
                ],
            ),
        ]
        if len(error)
        else ["None could be compared."]
    )


def _off(each: Yearly, who: str) -> float:
    return 100 * ((each.ours if who == "ours" else each.theirs) - each.actual)


def _years(years: list[Yearly]) -> list[str]:
    rows = [
        (
            str(e.year), e.edition, str(e.day), f"{100 * e.actual:.1f}", f"{100 * e.theirs:.1f}",
            f"{100 * e.ours:.1f}", f"{_off(e, 'theirs'):+.1f}", f"{_off(e, 'ours'):+.1f}",
        )
        for e in years
    ]  # fmt: skip
    header = ("year", "WSTS edition", "known from", "printed", "WSTS", "nowcast", "WSTS off", "nowcast off")
    return [
        "Growth of the calendar year in per cent; printed is SIA's growth on today's figures. A day is the first on which the evidence may use the edition.",
        "",
        *_table(header, rows),
        "",
        f"Parameters fitted: {len(NAMES)}, anew on the first day asked about in each year.",
    ]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    body = ["| " + " | ".join(row) + " |" for row in rows]
    return ["| " + " | ".join(header) + " |", "|" + "---|" * len(header), *body]


def main() -> None:
    """Prints or writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    text = page()
    if parser.parse_args().write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
