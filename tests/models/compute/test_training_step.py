"""A training step: the paper's activation memory and batch times, bubbles, recomputation, and layouts that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.compute.training_step import TRAINING_STEP
from waferline.models.running import Run, run

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
GPT3: dict[str, object] = {
    "architecture": "GPT-3 175B", "chip": "A100-80GB", "batch": 64, "tensor_parallel": 8, "pipeline_parallel": 8,
    "interleaving": 3,
}  # fmt: skip
M22: dict[str, object] = {
    "architecture": "Megatron-22B", "chip": "A100-80GB", "batch": 4, "microbatch": 4, "tensor_parallel": 8,
}  # fmt: skip


def step(*parts: dict[str, object], **more: object) -> Run:
    inputs: dict[str, object] = {}
    for part in parts:
        inputs |= part
    return run(TRAINING_STEP, STUDY, inputs | more)


# Korthikanti et al. (arXiv 2205.05198), figure 1, in GiB, as calculon's validation.py prints them
@pytest.mark.parametrize(
    ("layout", "recompute", "spread", "gib"),
    [
        (GPT3, "none", "no", 66.84375),
        (GPT3, "selective", "yes", 12.3515625),
        (M22, "none", "no", 59.25),
        (M22, "selective", "yes", 9.5625),
    ],
)  # fmt: skip
def test_activation_memory_is_that_of_the_paper(
    layout: dict[str, object], recompute: str, spread: str, gib: float
) -> None:
    found = step(layout, recompute=recompute, sequence_parallel=spread)
    assert found.value("activation_memory") == pytest.approx(gib, rel=1e-9)
    assert found.value("state_memory") == pytest.approx(45.5625, rel=1e-9)


def test_full_recomputation_keeps_the_inputs_of_layers_only() -> None:
    # 2sbh of 48 layers: 2 · 2048 · 4 · 6144 · 48 bytes
    assert step(M22, recompute="full").value("activation_memory") == pytest.approx(4.5)


def test_a_step_of_the_530_billion_model_takes_a_minute_at_the_published_throughput() -> None:
    found = step(
        architecture="MT-NLG", chip="A100-80GB", batch=1920, tensor_parallel=8, pipeline_parallel=35, gpus=2240,
        recompute="full", hardware_throughput=126,
    )  # fmt: skip
    assert found.value("batch_time") == pytest.approx(60.1, rel=0.005)


def test_throughput_of_bloom_is_predicted_from_its_layout() -> None:
    # 156 TFLOP/s with recomputation counted (arXiv 2211.05100); none of its numbers set a constant
    found = step(
        architecture="BLOOM-176B", chip="A100-80GB", gpus=384, batch=2048, microbatch=2, tensor_parallel=4,
        pipeline_parallel=12, recompute="full", optimizer="shared",
    )  # fmt: skip
    assert found.value("machine_throughput") == pytest.approx(156, rel=0.03)


def test_recomputation_costs_time_and_saves_memory() -> None:
    none, selective, full = (step(GPT3, recompute=each) for each in ("none", "selective", "full"))
    assert none.value("batch_time") < selective.value("batch_time") < full.value("batch_time")
    assert (
        none.value("activation_memory")
        > selective.value("activation_memory")
        > full.value("activation_memory")
    )


def test_what_does_not_fit_is_named() -> None:
    assert any("does not fit" in each.en for each in step(GPT3, recompute="none").remarks)
    assert step(GPT3, recompute="selective", sequence_parallel="yes").remarks == ()


@settings(max_examples=20, deadline=None)
@given(pieces=st.sampled_from([1, 2, 3, 4, 6]), batch=st.integers(1, 40))
def test_more_microbatches_and_more_interleaving_leave_less_idle(pieces: int, batch: int) -> None:
    few, many = (
        step(GPT3, interleaving=pieces, batch=8 * each).value("bubble") for each in (batch, 2 * batch)
    )
    finer = step(GPT3, interleaving=2 * pieces, batch=8 * batch).value("bubble")
    assert many < few
    assert finer < few


@settings(max_examples=20, deadline=None)
@given(bandwidth=st.floats(100, 10_000), factor=st.floats(1.01, 20))
def test_a_faster_memory_never_slows_a_step(bandwidth: float, factor: float) -> None:
    slow, fast = (
        step(M22, **{"chip.bandwidth": each}).value("batch_time") for each in (bandwidth, bandwidth * factor)
    )
    assert fast < slow


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"batch": 63, "data_parallel": 2}, "does not divide into microbatches"),
        ({"gpus": 100}, "do not divide into copies"),
        ({"interleaving": 20}, "more pieces than layers"),
        ({"architecture": "DeepSeek-V3"}, "dense models only"),
        ({"batch": 0}, "out of range"),
        ({"microbatch": 1.5}, "whole number"),
    ],
)  # fmt: skip
def test_impossible_layouts_get_one_line(change: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        step(GPT3, change)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


# The same paper's figure 7, as calculon's validation.py prints it: activation memory over that of the plain layout, %
@pytest.mark.parametrize(
    ("layout", "recompute", "spread", "percent"),
    [
        (M22, "none", "yes", 66.84),
        (M22, "selective", "no", 49.42),
        (M22, "full", "no", 7.64),
        (GPT3, "none", "yes", 62.04),
        (GPT3, "selective", "yes", 18.49),
        (GPT3, "none", "no", 100),
    ],
)
def test_activations_are_the_share_of_the_plain_layout_that_the_paper_prints(
    layout: dict[str, object], recompute: str, spread: str, percent: float
) -> None:
    found = step(layout, recompute=recompute, sequence_parallel=spread)
    assert found.value("activation_share") * 100 == pytest.approx(percent, abs=0.15)
