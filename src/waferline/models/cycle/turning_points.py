"""This module dates peaks and troughs of a series by the rules of Bry and Boschan as Harding and Pagan simplified them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase

Turn = tuple[int, int]  # index, +1 for a peak and −1 for a trough


def turning_points(y: Array, *, window: int = 2, phase: int = 2, cycle: int = 5) -> list[Turn]:
    """Peaks and troughs of a series without gaps, in order, alternating.

    A peak is above its `window` neighbours on each side (a trough below). Of two peaks without a trough between, the
    higher stays. Phases shorter than `phase` and full cycles shorter than `cycle` periods are removed, the weakest turn
    first; turns within `window` of either end are not dated. Quarters: 2, 2, 5. Months: 5, 5, 15.
    Source: Harding and Pagan, Journal of Monetary Economics 49 (2002), section 2, after Bry and Boschan (1971).

    >>> turning_points(np.array([1, 2, 3, 5, 4, 3, 2, 1, 2, 4, 6, 8.0]))
    [(3, 1), (7, -1)]
    """
    turns: list[Turn] = []
    for at in range(window, len(y) - window):
        around = np.concatenate([y[at - window : at], y[at + 1 : at + 1 + window]])
        if np.all(y[at] > around):
            turns.append((at, 1))
        elif np.all(y[at] < around):
            turns.append((at, -1))
    turns = _alternating(turns, y)
    while True:
        short = _too_short(turns, y, phase, cycle)
        if short is None:
            return turns
        turns = _alternating([turn for n, turn in enumerate(turns) if n not in short], y)


def _alternating(turns: list[Turn], y: Array) -> list[Turn]:
    """Of neighbours of one kind, the more extreme; of equal ones the earlier."""
    kept: list[Turn] = []
    for at, kind in turns:
        if kept and kept[-1][1] == kind:
            if kind * y[at] > kind * y[kept[-1][0]]:
                kept[-1] = (at, kind)
        else:
            kept.append((at, kind))
    return kept


def _too_short(turns: list[Turn], y: Array, phase: int, cycle: int) -> tuple[int, ...] | None:
    """The turns to take out next: both ends of the shortest phase that is short or leads nowhere, or the weaker of two close turns of one kind.

    A phase leads nowhere where turns between were taken out and its peak no longer stands above its trough.
    """
    phases = [
        (b[0] - a[0], n)
        for n, (a, b) in enumerate(pairwise(turns))
        if b[0] - a[0] < phase or a[1] * y[a[0]] <= a[1] * y[b[0]]
    ]
    if phases:
        number = min(phases)[1]
        return (number, number + 1)
    cycles = [
        (b[0] - a[0], n)
        for n, (a, b) in enumerate(zip(turns, turns[2:], strict=False))
        if b[0] - a[0] < cycle
    ]
    if not cycles:
        return None
    number = min(cycles)[1]
    first, last = turns[number], turns[number + 2]
    kind = first[1]
    weaker = number if kind * y[first[0]] < kind * y[last[0]] else number + 2
    return (weaker,)


def _compute(x: Values) -> Mapping[str, Array]:
    values = x["values"]
    window, phase, cycle = (int(x.one(name)) for name in ("window", "min_phase", "min_cycle"))
    x.refuse(
        len(values) < 2 * window + 1,
        "the series is too short",
        f"at least {2 * window + 1} values",
        str(len(values)),
    )
    turns = turning_points(
        np.log(values) if np.all(values > 0) else values, window=window, phase=phase, cycle=cycle
    )
    state = np.zeros(len(values))
    for n, (at, kind) in enumerate(turns):
        end = turns[n + 1][0] if n + 1 < len(turns) else len(values) - 1
        state[at + 1 : end + 1] = -kind
        if n == 0:
            state[: at + 1] = kind
    peaks = np.array([at for at, kind in turns if kind > 0], dtype=np.float64)
    troughs = np.array([at for at, kind in turns if kind < 0], dtype=np.float64)
    lengths = np.diff([at for at, _ in turns])
    found = {
        "state": state,
        "peaks": peaks,
        "troughs": troughs,
        "turns": np.asarray(float(len(turns))),
        "min_phase_used": np.asarray(float(phase)),
        "min_cycle_used": np.asarray(float(cycle)),
        "now": np.asarray(state[-1]),
        "since": np.asarray(float(len(values) - 1 - turns[-1][0]) if turns else float(len(values) - 1)),
    }
    if len(lengths):
        found["mean_phase"] = np.asarray(lengths.mean())
    if x.has("years"):
        x.refuse(len(x["years"]) != len(values), "years and values are not of one length")
        found["peak_years"] = x["years"][peaks.astype(int)]
        found["trough_years"] = x["years"][troughs.astype(int)]
    return found


def _is_late(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    window = int(x.one("window"))
    return (
        Phrase(
            f"最近{window}期不能判定拐点：末段的阶段只是延续上一拐点之后的方向",
            f"no turn can be dated in the last {window} periods: the phase at the end only continues that after the last turn",
        ),
    )


TURNING_POINTS = Model(
    "turning-points",
    Phrase("周期拐点", "Turning points of a series"),
    "cycle",
    (
        Input("values", "x", Phrase("序列", "the series, without gaps"), many=True),
        Input("years", "x", Phrase("时点（十进制年）", "the periods as decimal years"), many=True, optional=True),
        Input("window", "x", Phrase("局部极值窗口", "neighbours on each side that an extreme must beat"), low=1, high=24, whole=True, default=2),
        Input("min_phase", "x", Phrase("最短阶段", "shortest phase, in periods"), low=1, high=60, whole=True, default=2),
        Input("min_cycle", "x", Phrase("最短周期", "shortest cycle from peak to peak, in periods"), low=2, high=120, whole=True, default=5),
    ),
    (
        Output("turns", "x", Phrase("拐点数", "turning points")),
        Output("now", "x", Phrase("当前方向", "direction after the last turn: 1 up, −1 down")),
        Output("since", "x", Phrase("距上一拐点期数", "periods since the last turn")),
        Output("mean_phase", "x", Phrase("平均阶段长度", "mean length of a phase, in periods")),
        Output("min_phase_used", "x", Phrase("所用最短阶段", "shortest phase allowed, in periods")),
        Output("min_cycle_used", "x", Phrase("所用最短周期", "shortest cycle allowed, in periods")),
        Output("peaks", "x", Phrase("高点位置", "places of the peaks, from 0"), many=True),
        Output("troughs", "x", Phrase("低点位置", "places of the troughs, from 0"), many=True),
        Output("peak_years", "x", Phrase("高点时点", "peaks as decimal years"), many=True),
        Output("trough_years", "x", Phrase("低点时点", "troughs as decimal years"), many=True),
        Output("state", "x", Phrase("各期方向", "direction of each period: 1 up, −1 down, 0 without a turn"), many=True),
    ),
    _compute,
    formula="local extremes over a window, alternating, without phases shorter than min_phase or cycles shorter than min_cycle",
    source="Harding and Pagan, Journal of Monetary Economics 49 (2002); Bry and Boschan, NBER (1971)",
    remarks=_is_late,
)  # fmt: skip
