"""Training: parameters and arithmetic counted from architectures, hours, utilisation, Epoch's costs, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.compute.records import ARCHITECTURE
from waferline.models.compute.training import TRAINING
from waferline.models.records import read_records
from waferline.models.running import Run, run

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
V3 = {"architecture": "DeepSeek-V3", "chip": "H800", "precision": "fp8", "tokens": "14.8 tn tokens"}


def trained(**inputs: object) -> Run:
    return run(TRAINING, STUDY, inputs)


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("DeepSeek-V3", 671), ("DeepSeek-V2", 236), ("DeepSeek-V2-Lite", 15.7), ("Kimi-K2", 1026),
        ("Llama-3.1-405B", 405.9), ("Llama-3.2-1B", 1.236), ("Qwen2.5-72B", 72.7), ("Qwen3-235B-A22B", 235.1),
        ("Mixtral-8x7B", 46.7), ("GPT-3 175B", 174.6), ("BLOOM-176B", 176.2), ("PaLM-540B", 540.35),
        ("gpt-oss-120b", 116.8), ("TinyLlama-1.1B", 1.1),
    ],
)  # fmt: skip
def test_parameters_counted_from_the_architecture_are_those_published(name: str, billions: float) -> None:
    assert trained(architecture=name).value("parameters_counted") == pytest.approx(billions, rel=0.006)


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("DeepSeek-V3", 37),
        ("DeepSeek-V2", 21),
        ("Mixtral-8x7B", 12.9),
        ("Kimi-K2", 32),
        ("Qwen3-30B-A3B", 3.3),
    ],
)
def test_active_parameters_count_routed_and_shared_experts(name: str, billions: float) -> None:
    assert trained(architecture=name).value("active_counted") == pytest.approx(billions, rel=0.03)


def test_every_described_architecture_counts_to_within_ten_percent_of_what_is_published() -> None:
    off = []
    for record in read_records(STUDY, ARCHITECTURE):
        if {"layers", "vocab", "parameters"} <= set(record.numbers):
            counted = trained(architecture=record.name).value("parameters_counted") * 1e9
            if abs(counted / record.numbers["parameters"] - 1) > 0.1:
                off.append(record.name)
    assert off == []


def test_arithmetic_of_a_token_is_that_of_the_deepseek_paper() -> None:
    # Insights into DeepSeek-V3 (arXiv 2505.09343), table 2: 250 and 155 GFLOP for sequences of 4,096
    assert trained(architecture="DeepSeek-V3", sequence=4096).value(
        "training_flop_per_token"
    ) == pytest.approx(250, rel=0.005)
    assert trained(architecture="DeepSeek-V2", sequence=4096).value(
        "training_flop_per_token"
    ) == pytest.approx(155, rel=0.005)


def test_palm_utilisation_follows_from_its_tokens_a_second() -> None:
    found = trained(
        architecture="PaLM-540B",
        chip="TPU v4",
        gpus=6144,
        tokens_per_second=238300,
        sequence=2048,
        mask="full",
    )
    assert 100 * found.value("mfu") == pytest.approx(46.2, abs=0.1)


def test_deepseek_phases_add_up_to_the_report() -> None:
    found = trained(**V3, throughput=385, overhead=1, extension_gpu_hours=119_000, post_gpu_hours=5_000)
    assert found.value("gpu_hours_pretraining") == pytest.approx(2_664_000, rel=0.01)
    assert found.value("gpu_hours_total") == pytest.approx(2_788_000, rel=0.01)
    assert found.value("cost_rental") == pytest.approx(5_576_000, rel=0.01)
    # Table 1 of the paper: 5.328, 0.238 and 0.01 million USD
    assert found.value("cost_rental_pretraining") == pytest.approx(5_328_000, rel=0.01)
    assert found.value("cost_rental_extension") == pytest.approx(238_000)
    assert found.value("cost_rental_post") == pytest.approx(10_000)


def test_phases_have_no_rental_where_only_their_sum_is_known() -> None:
    found = trained(chip="H800", gpu_hours=2_788_000)
    assert found.value("cost_rental") == pytest.approx(5_576_000)
    assert not any(name.startswith("cost_rental_") for name in found.point)


def test_one_length_in_the_middle_stands_for_two_of_as_many_tokens() -> None:
    half = "62914560000 tokens"
    short, long = (trained(**V3, extension_tokens=half, extension_sequence=each) for each in (32768, 131072))
    both = run(TRAINING, STUDY, scenario="deepseek-v3")
    assert both.value("gpu_hours_extension") == pytest.approx(
        short.value("gpu_hours_extension") + long.value("gpu_hours_extension")
    )


def test_full_recomputation_adds_a_third_to_the_machine_not_to_the_model() -> None:
    without, full = trained(**V3), trained(**V3, recomputed=1)
    assert full.value("mfu") == without.value("mfu")
    assert full.value("hfu") == pytest.approx(without.value("hfu") * 4 / 3)


def test_epoch_cost_of_gpt_4_is_reproduced() -> None:
    # model_costs.csv of epoch-research/training-cost-trends: 40,695,706 USD of 2023
    found = trained(
        chip="A100-40GB", gpus=25000, duration=2280, hardware_price=24875, age=1.746, pue=1.25,
        electricity=0.0806, price_level=1.0134,
    )  # fmt: skip
    assert found.value("cost_amortised") == pytest.approx(40_695_706, rel=0.001)
    assert found.value("cost_acquisition") == pytest.approx(778_066_899, rel=0.001)


def test_later_phases_given_as_tokens_add_hours_and_arithmetic() -> None:
    alone, longer = trained(**V3), trained(**V3, extension_tokens="148 bn tokens")
    assert longer.value("gpu_hours_pretraining") == alone.value("gpu_hours_pretraining")
    # At 32,768 tokens attention costs 491 GFLOP a token instead of 250
    assert longer.value("training_compute") / alone.value("training_compute") == pytest.approx(
        1.0186, abs=0.001
    )
    assert longer.value("mfu_of_hours") == pytest.approx(alone.value("mfu_of_hours"))


def test_parts_of_the_amortised_cost_add_up() -> None:
    found = trained(chip="A100-80GB", gpu_hours=1_720_320, start_year=2023.18)
    parts = ("cost_chips", "cost_servers", "cost_network", "cost_energy")
    assert sum(found.value(each) for each in parts) == pytest.approx(found.value("cost_amortised"))
    # Epoch's row of Llama 2-70B, without its ages and prices: 1,102,561 USD
    assert found.value("cost_amortised") == pytest.approx(1_102_561, rel=0.03)


def test_attention_may_be_left_out() -> None:
    none, causal, full = (
        trained(architecture="PaLM-540B", sequence=2048, mask=each).value("training_flop_per_token")
        for each in ("none", "causal", "full")
    )
    assert full - causal == pytest.approx(causal - none)
    assert none == pytest.approx(6 * 540.35, rel=0.001)


def test_age_follows_from_the_start_of_training() -> None:
    known = trained(chip="A100-80GB", gpu_hours=1_720_320, age=2.5)
    dated = trained(chip="A100-80GB", gpu_hours=1_720_320, start_year=2023.62)
    assert dated.value("cost_amortised") == pytest.approx(known.value("cost_amortised"), rel=1e-6)


def test_hours_that_need_more_than_the_peak_are_named() -> None:
    # Epoch's row of DeepSeek-V2 gives the hours of one of its 8.1 tn tokens
    found = trained(chip="H800", gpu_hours=172_800, compute=1.02e24)
    assert found.value("mfu_of_hours") == pytest.approx(1.66, rel=0.005)
    assert any("per 1e12 tokens" in each.en for each in found.remarks)
    assert trained(chip="H800", gpu_hours=172_800 * 8.1, compute=1.02e24).remarks == ()


def test_utilisation_prior_depends_on_the_precision_not_on_the_model() -> None:
    bf16, fp8 = trained(**(V3 | {"precision": "bf16"})), trained(**V3)
    assert bf16.value("mfu") < fp8.value("mfu") == pytest.approx(0.389)


@settings(max_examples=25, deadline=None)
@given(tokens=st.floats(1e9, 1e14), factor=st.floats(1.1, 50))
def test_hours_are_proportional_to_tokens(tokens: float, factor: float) -> None:
    base = trained(architecture="Llama-2-7B", chip="A100-80GB", tokens=tokens).value("gpu_hours_total")
    more = trained(architecture="Llama-2-7B", chip="A100-80GB", tokens=tokens * factor).value(
        "gpu_hours_total"
    )
    assert more == pytest.approx(base * factor, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(short=st.integers(1, 100_000), longer=st.integers(1, 100_000))
def test_longer_sequences_never_cost_less(short: int, longer: int) -> None:
    low, high = sorted((short, longer))
    flop = [
        trained(architecture="DeepSeek-V3", sequence=each).value("training_flop_per_token")
        for each in (low, high)
    ]
    assert flop[0] <= flop[1]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"architecture": "DeepSeek-V3", "chip": "H800", "tokens": -1}, "tokens is out of range"),
        ({"architecture": "DeepSeek-V3", "architecture.active_experts": 300}, "more experts than there are"),
        ({"architecture": "Llama-2-7B", "tokens": "2 tn tokens", "throughput": "3 GB"}, "unit of the wrong kind"),
        ({"architecture": "Lama-2-7B"}, "unknown architecture"),
        ({}, "nothing to compute"),
    ],
)  # fmt: skip
def test_wrong_inputs_get_one_line(inputs: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        run(TRAINING, STUDY, inputs)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_compute_by_rule_is_six_times_parameters_and_tokens() -> None:
    found = run(TRAINING, STUDY, {"architecture": "Llama-3.1-8B", "tokens": "15T"})
    assert found.value("compute_by_rule") == pytest.approx(6 * 8.03e9 * 15e12, rel=0.005)
    moe = run(TRAINING, STUDY, {"architecture": "DeepSeek-V3", "tokens": "14.8T"})
    assert moe.value("compute_by_rule") == pytest.approx(6 * 37e9 * 14.8e12, rel=0.02)


def test_a_published_throughput_gives_days_without_a_usual_overhead() -> None:
    # Megatron-LM (arXiv 2104.04473), table 2: 300 bn tokens on 1,536 A100 at 141 TFLOP/s with recomputation, 23 days
    megatron = {
        "architecture": "GPT-3 175B", "chip": "A100-80GB", "gpus": 1536, "tokens": "300 bn tokens", "sequence": 2048,
        "mask": "full", "hardware_throughput": 141, "recomputed": 1,
    }  # fmt: skip
    assert run(TRAINING, STUDY, megatron).value("days") == pytest.approx(23, rel=0.01)
    disturbed = run(TRAINING, STUDY, megatron | {"overhead": 1.1})
    assert disturbed.value("days") == pytest.approx(23 * 1.1, rel=0.01)
    hours = {"architecture": "Llama-2-70B", "chip": "A100-80GB", "tokens": "2T", "gpu_hours": 1720320}
    implied = run(TRAINING, STUDY, hours)
    assert implied.value("mfu") == pytest.approx(implied.value("mfu_of_hours"))
    predicted = run(TRAINING, STUDY, {"architecture": "Llama-2-70B", "chip": "A100-80GB", "tokens": "2T"})
    assert predicted.value("mfu") > 1.05 * predicted.value("mfu_of_hours")
