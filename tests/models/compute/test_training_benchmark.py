"""MLPerf: scaling follows from two times, time falls with chips but not below what is fixed, a step time gives a utilisation."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.compute.training_benchmark import TRAINING_BENCHMARK
from waferline.models.running import Run, run

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
GPT3: dict[str, object] = {"architecture": "GPT-3 175B", "chip": "H100", "tokens": "1.2 bn tokens"}


def timed(**inputs: object) -> Run:
    return run(TRAINING_BENCHMARK, STUDY, inputs)


def test_scaling_from_768_to_3584_chips_is_that_published() -> None:
    found = timed(gpus=3584, time=10.94, reference_gpus=768, reference_time=45.606)
    assert 100 * found.value("scaling_efficiency") == pytest.approx(89, abs=0.5)


def test_a_step_of_405b_on_512_chips_uses_two_fifths_of_the_fp8_peak() -> None:
    # MLPerf v5.0: 1,152 sequences in 55.14 s; 41 % counting 6 FLOP a parameter, a little more with the attention
    found = timed(architecture="Llama-3.1-405B", chip="H100", gpus=512, batch=1152, sequence=8192, step=55.14)
    assert found.value("utilisation_of_run") == pytest.approx(0.427, abs=0.005)


@settings(max_examples=25, deadline=None)
@given(gpus=st.integers(8, 100_000), factor=st.floats(1.1, 10))
def test_more_chips_are_faster_but_never_faster_than_what_is_fixed(gpus: int, factor: float) -> None:
    few, many = timed(**GPT3, gpus=gpus).value("time"), timed(**GPT3, gpus=gpus * factor).value("time")
    assert 1.5 < many < few < many * factor


def test_a_time_above_the_peak_is_named() -> None:
    assert any("above the peak" in each.en for each in timed(**GPT3, gpus=512, time=1).remarks)


def test_nothing_to_compute_is_one_line() -> None:
    with pytest.raises(BadInput, match="nothing to compute"):
        timed(gpus=8)
