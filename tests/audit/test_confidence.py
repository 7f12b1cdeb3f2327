"""The confidence of an accusation is a monotone map fitted on labelled documents."""

import runpy
from itertools import pairwise
from pathlib import Path

import pytest

from waferline.audit import audit_text
from waferline.audit.confidence import STEPS, earned

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "calibrate_audit.py"))


def test_a_stronger_link_never_earns_less():
    for steps in STEPS.values():
        assert all(a < b and low <= high for (a, low), (b, high) in pairwise(steps))
        assert 0 < steps[0][1] <= steps[-1][1] < 1


def test_what_a_slip_explains_is_surer_than_the_link_alone():
    explained = audit_text("Sales were $627.6 million, after $526.8 million a year ago, up 91.1%.")
    not_explained = audit_text("Sales were $627.6 million, after $526.8 million a year ago, up 43.7%.")

    (one,), (other,) = explained.of("inconsistent"), not_explained.of("inconsistent")
    assert one.slip is not None and "swapped" in one.slip.en
    assert other.slip is None
    assert one.confidence >= 0.9 > 0.5
    assert one.confidence >= other.confidence


def test_isotonic_regression_pools_what_runs_backwards():
    seen = (
        [(0.3, False)] * 30
        + [(0.4, True)] * 20
        + [(0.4, False)] * 10
        + [(0.5, True)] * 15
        + [(0.5, False)] * 15
    )

    # 0.4 has 20 of 30 right and 0.5 only 15 of 30: together 35 of 60; one right and one wrong are added to each.
    assert TOOL["isotonic"](seen) == ((0.0, 0.03), (0.4, 0.58))


def test_the_map_is_what_the_tool_fits():
    fitted = TOOL["fitted"]()

    for by_slip in (False, True):
        for link in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.99):
            mine = [rate for low, rate in fitted[by_slip] if low <= link + 1e-9][-1]
            assert earned(link, by_slip=by_slip) == pytest.approx(mine, abs=0.03), (
                "run tools/calibrate_audit.py --write"
            )
