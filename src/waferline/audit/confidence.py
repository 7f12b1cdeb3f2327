"""This module says how often an accusation of a given link was right: a monotone map, fitted, not set by hand.

`tools/calibrate_audit.py` fits it on the half of the labelled documents that may be read; run it after a rule changed.
"""

from __future__ import annotations

from bisect import bisect_right

# By whether one slip of the pen explains the contradiction: from this link on, this confidence.
STEPS: dict[bool, tuple[tuple[float, float], ...]] = {
    False: ((0.0, 0.45), (0.58, 0.58), (0.62, 0.62), (0.68, 0.68), (0.8, 0.91), (0.85, 0.93), (0.88, 0.99)),
    True: ((0.0, 0.94), (0.57, 0.99)),
}


def earned(link: float, *, by_slip: bool) -> float:
    """The share of right ones among accusations of such a link, on the documents the map was fitted on."""
    steps = STEPS[by_slip]
    return steps[bisect_right(steps, (link + 1e-9, 2.0)) - 1][1]
