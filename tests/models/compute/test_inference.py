"""Serving: rooflines, memory, exchange between chips, published throughputs, refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.compute.drafts import DRAFT_TOKENS, tokens_a_step
from waferline.models.compute.exchange import EXPERT_EXCHANGE
from waferline.models.compute.inference import INFERENCE
from waferline.models.running import Run, run

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
LLAMA = {"architecture": "Llama-2-7B", "chip": "A100-80GB", "precision": "fp16"}
V3 = {"architecture": "DeepSeek-V3", "chip": "H800", "precision": "fp8", "redundant_experts": 32}
few = settings(max_examples=25, deadline=None)


def served(**inputs: object) -> Run:
    return run(INFERENCE, STUDY, inputs)


def test_a_lone_answer_takes_at_best_the_time_its_weights_and_cache_take_to_load() -> None:
    # 32 layers of 202,375,168 weights and 131,072,000 of the logits in 2 bytes, 528 tokens of 524,288 bytes; 2,039 GB/s
    moved = 2 * (32 * 202_375_168 + 131_072_000) + (528 + 1) * 524_288

    found = served(**LLAMA, batch=1, input_tokens=512, output_tokens=32)

    assert found.value("ideal_tpot") == pytest.approx(moved / 2039e9 * 1e3, rel=0.002)


def test_int4_weights_load_in_a_quarter_of_the_time() -> None:
    at_16 = served(**LLAMA, batch=1, input_tokens=1, output_tokens=1).value("ideal_tpot")
    at_4 = served(**LLAMA | {"precision": "w4a16"}, batch=1, input_tokens=1, output_tokens=1)

    layers = 2 * 32 * 202_375_168 / 2039e9 * 1e3
    assert at_4.value("ideal_tpot") == pytest.approx(at_16 - 0.75 * layers, rel=0.002)


@few
@given(batch=st.integers(1, 60), more=st.floats(1.05, 4))
def test_more_bandwidth_never_slows_an_answer(batch: int, more: float) -> None:
    base = served(**LLAMA, batch=batch, input_tokens=512, output_tokens=128).value("tpot")
    faster = served(
        **LLAMA, batch=batch, input_tokens=512, output_tokens=128, **{"chip.bandwidth": 2039 * more}
    ).value("tpot")

    assert faster <= base


@few
@given(batch=st.integers(1, 60))
def test_a_larger_batch_gives_more_tokens_and_slower_answers(batch: int) -> None:
    small = served(**LLAMA, batch=batch, input_tokens=512, output_tokens=128)
    large = served(**LLAMA, batch=batch + 8, input_tokens=512, output_tokens=128)

    assert large.value("decode_throughput") > small.value("decode_throughput")
    assert large.value("user_speed") < small.value("user_speed")


def test_the_batch_is_as_large_as_the_wanted_speed_allows() -> None:
    found = served(**V3, expert_parallel=144, user_speed=21)

    assert found.value("user_speed") == pytest.approx(21, rel=1e-6)
    again = served(**V3, expert_parallel=144, batch=found.value("batch"))
    assert again.value("user_speed") == pytest.approx(21, rel=1e-6)


def test_without_a_batch_memory_sets_it() -> None:
    found = served(**LLAMA, input_tokens=2048, output_tokens=2048)

    weights = 2 * (32 * 202_375_168 + 2 * 131_072_000)
    assert found.value("batch") == pytest.approx((0.9 * 80e9 - weights) / (3072 * 524_288), rel=1e-3)


def test_few_tokens_touch_few_experts() -> None:
    one = served(**V3, expert_parallel=16, batch=16, input_tokens=8, output_tokens=8, decode_overhead=0)
    many = served(**V3, expert_parallel=16, batch=1600, input_tokens=8, output_tokens=8, decode_overhead=0)

    # 16 tokens touch 288 · (1 − (1 − 8/288)^16) = 104 of 288 experts, 1,600 tokens all of them
    assert 1 < many.value("ideal_tpot") / one.value("ideal_tpot") < 2.8


def test_cache_hits_raise_what_a_prefill_node_takes_in_but_not_what_it_computes() -> None:
    none = served(**V3, expert_parallel=32)
    hits = served(**V3, expert_parallel=32, cache_hits=0.5)

    assert hits.value("prefill_per_node") > 1.7 * none.value("prefill_per_node")
    assert hits.value("prefill_computed_per_node") < none.value("prefill_computed_per_node")


def test_overlap_hides_sending() -> None:
    open_ = served(**V3, expert_parallel=144, user_speed=21, overlap=0).value("decode_per_node")
    hidden = served(**V3, expert_parallel=144, user_speed=21, overlap=1).value("decode_per_node")

    assert hidden > 1.3 * open_


def test_tensor_parallel_chips_split_an_answer_and_pay_for_it() -> None:
    llama = {"architecture": "Llama-2-70B", "chip": "H100", "precision": "fp8", "batch": 1}
    two = served(**llama, tensor_parallel=2)
    four = served(**llama, tensor_parallel=4)

    assert two.value("weights_per_chip") == pytest.approx(2 * four.value("weights_per_chip"), rel=1e-6)
    assert 1 < two.value("tpot") / four.value("tpot") < 2


def test_a_model_too_large_for_a_chip_gets_as_many_as_hold_it() -> None:
    found = served(architecture="Llama-2-70B", chip="A100-80GB", precision="fp16")

    # 138 GB of weights: on two chips 69 of 72 GB would be taken, on four a half
    assert found.value("chips") == 4
    assert served(**LLAMA).value("chips") == 1


def test_a_link_that_no_table_names_is_assumed_and_said_so() -> None:
    found = served(architecture="Llama-2-70B", chip="MI300X", precision="fp8", tensor_parallel=8)

    assert any("names no link" in each.en for each in found.remarks)


def test_the_frontier_trades_speed_for_tokens_and_prices_both() -> None:
    found = served(**V3, expert_parallel=144, rental=2)
    speed, rate, cost = (found.point[f"frontier_{name}"] for name in ("user_speed", "per_chip", "cost"))

    assert np.all(np.diff(speed) < 0) and np.all(np.diff(rate) > 0)
    assert cost == pytest.approx(2 / 3600 / rate * 1e6)


def test_draws_give_an_interval_around_the_point() -> None:
    found = run(INFERENCE, STUDY, {**V3, "expert_parallel": 144, "user_speed": 21}, draws=512)
    low, high = found.interval("decode_per_node")

    assert low < found.value("decode_per_node") < high
    assert found.draws["frontier_per_chip"].shape[0] == 512


def test_what_binds_is_named() -> None:
    found = served(**LLAMA, batch=1, input_tokens=4096, output_tokens=128)

    assert any("decoding is bound by memory bandwidth" in each.en for each in found.remarks)
    assert any("prefill is bound by compute" in each.en for each in found.remarks)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (
            {"architecture": "Llama-2-70B", "chip": "A100-80GB", "precision": "fp16", "tensor_parallel": 1},
            "does not fit in memory",
        ),
        ({**LLAMA, "batch": 10_000}, "the batch does not fit"),
        ({**LLAMA, "input_tokens": 200_000, "output_tokens": 1}, "no room for a request"),
        ({**LLAMA, "expert_parallel": 8}, "no experts"),
        ({**V3, "expert_parallel": 512}, "more chips share the experts"),
        ({**V3, "expert_parallel": 12, "tensor_parallel": 8}, "do not fit"),
        ({**LLAMA, "precision": "fp8"}, "peak_fp8"),
        ({**LLAMA, "user_speed": 5000}, "no batch is that fast"),
        ({**LLAMA, "input_tokens": -5}, "out of range"),
        ({**LLAMA, "input_tokens": "5 GB"}, "wrong kind"),
        ({**LLAMA, "cache_hits": 1}, "nothing of the prompt is left"),
        ({**V3, "expert_parallel": 32, "architecture.active_experts": 300}, "more experts"),
    ],
)
def test_inputs_that_cannot_be_are_refused_in_one_line(inputs: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        served(**inputs)

    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_the_exchange_alone_bounds_the_speed_as_published() -> None:
    # 3 bytes · 32 tokens · 9 experts · 7168 / 50 GB/s is 123.9 µs; the source rounds 7168 to 7000: 120.96
    found = run(EXPERT_EXCHANGE, STUDY, {"architecture": "DeepSeek-V3", "link": "400 Gb/s"})

    assert found.value("exchange_time") == pytest.approx(120.96 * 7168 / 7000, rel=1e-6)
    assert found.value("tpot") == pytest.approx(14.76 * 7168 / 7000, rel=1e-3)


def test_a_dense_model_exchanges_nothing_with_experts() -> None:
    with pytest.raises(BadInput, match="only a model with experts"):
        run(EXPERT_EXCHANGE, STUDY, {"architecture": "Llama-2-7B", "link": 50})


def test_a_step_yields_its_token_and_every_draft_accepted_in_a_row() -> None:
    assert tokens_a_step(np.asarray(2.0), np.asarray(0.5)) == 1.75
    found = run(DRAFT_TOKENS, STUDY, {"architecture": "DeepSeek-V3", "acceptance": 0.85})
    assert found.value("speed_up") == pytest.approx(1.85 / (1 + 1 / 61))


def test_a_lone_request_needs_no_second_chip_where_the_weights_just_fit() -> None:
    # llm-analysis, examples/llama: 32.36 ms a token on one A100, whose 80 GB hold 65 GB of weights
    lone = served(
        architecture="LLaMA-33B",
        chip="A100-80GB",
        precision="W16A16",
        batch=1,
        input_tokens=512,
        output_tokens=32,
    )
    assert lone.value("chips") == 1
    assert lone.value("ideal_tpot") == pytest.approx(32.36, rel=0.03)
    many = served(
        architecture="LLaMA-33B",
        chip="A100-80GB",
        precision="fp16",
        batch=64,
        input_tokens=512,
        output_tokens=32,
    )
    assert many.value("chips") == 2
