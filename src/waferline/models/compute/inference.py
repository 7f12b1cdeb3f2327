"""This module holds the model of serving: how fast prefill and decode run on a chip, for whom, and what a token costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from waferline.models.compute.deployment import Deployment, deployed
from waferline.models.compute.drafts import tokens_a_step
from waferline.models.compute.kv_cache import kv_values_per_token
from waferline.models.compute.passes import Losses, Timed, Work, ideal, timed
from waferline.models.compute.records import ARCHITECTURE, CHIP
from waferline.models.compute.serving_inputs import INPUTS, OUTPUTS
from waferline.models.model import Array, Model, Values
from waferline.quantity.relations.base import Phrase

_STEPS = 48  # halvings: a batch is found to a part in 10^14
_GRID = 2.0 ** np.arange(0, 15)


def _compute(x: Values) -> Mapping[str, Array]:
    d, a = deployed(x), x.of("architecture")
    prompt, answer = x["input_tokens"], x["output_tokens"]
    x.refuse(
        prompt * (1 - x["cache_hits"]) < 1, "nothing of the prompt is left to compute", "cache_hits below 1"
    )
    context = x["context"] if x.has("context") else prompt + answer / 2
    room = _room(x, d, context)
    batch = _batch(x, d, context, room)
    decode = _decode(x, d, batch, context)
    step = decode.total
    tpot = step / tokens_a_step(x["draft_tokens"], x["acceptance"])
    first = _prefill(x, d, d.groups)
    filling = _prefill(x, d, np.minimum(_prompts_a_pass(x, d), batch))
    per_pass = np.minimum(_prompts_a_pass(x, d), batch)
    load, nodes = x["load"], d.chips / d.node
    prefill_rate = load * per_pass * prompt / filling.total
    decode_rate = load * batch / tpot
    cycle = filling.total * batch / per_pass + answer * tpot
    mixed = load * batch * answer / cycle
    found = {
        "batch": batch,
        "max_batch": room,
        "ttft": first.total * 1e3,
        "tpot": tpot * 1e3,
        "user_speed": 1 / tpot,
        "request_latency": first.total + answer * tpot,
        "prefill_throughput": prefill_rate,
        "prefill_per_chip": prefill_rate / d.chips,
        "prefill_per_node": prefill_rate / nodes,
        "prefill_computed_per_node": prefill_rate / nodes * (1 - x["cache_hits"]),
        "decode_throughput": decode_rate,
        "decode_per_chip": decode_rate / d.chips,
        "decode_per_node": decode_rate / nodes,
        "output_throughput": mixed,
        "output_per_chip": mixed / d.chips,
        "output_per_node": mixed / nodes,
        "total_throughput": mixed * (1 + prompt / answer),
        "requests_per_second": mixed / answer,
        "chips": d.chips,
        "weights_per_chip": d.weights_per_chip / 1e9,
        "kv_per_chip": d.kv_per_request(context, a) * batch / d.groups / 1e9,
        "kv_per_token": kv_values_per_token(a) * x["kv_bytes"],
        "compute_bound_batch": d.peak * d.weight_bytes / (2 * d.bandwidth) * _sparsity(d),
        "sending_share": decode.sending / (decode.chip + decode.sending + decode.fixed),
    }
    found |= _ideal(x, d, context, batch) | _costs(x, d, found) | _frontier(x, d, context, room)
    return found


def _room(x: Values, d: Deployment, context: Array) -> Array:
    a = x.of("architecture")
    usable = d.memory * x["memory_share"]
    x.refuse(
        d.weights_per_chip >= usable, "the model does not fit in memory",
        f"weights below {float(np.min(usable)) / 1e9:.4g} GB a chip",
        f"{float(np.max(d.weights_per_chip)) / 1e9:.4g} GB", "more chips (tensor_parallel, expert_parallel) or fewer bits (precision)",
    )  # fmt: skip
    return d.most_requests(context, a, x["memory_share"])


def _batch(x: Values, d: Deployment, context: Array, room: Array) -> Array:
    """Requests decoded together: as given, or as many as the wanted speed allows, or as memory holds."""
    if x.has("batch"):
        batch = x["batch"]
        full = d.most_requests(context, x.of("architecture"), np.asarray(1.0))
        x.refuse(
            batch > full, "the batch does not fit in memory",
            f"at most {float(np.min(full)):.4g} requests of {float(np.max(context)):.4g} tokens",
            f"{float(np.max(batch)):g}", "fewer requests or more chips",
        )  # fmt: skip
        return batch
    x.refuse(
        room < d.groups, "the weights leave no room for a request",
        f"memory for one of {float(np.max(context)):.4g} tokens", f"{float(np.min(room / d.groups)):.2g} of one",
        "more chips (tensor_parallel, expert_parallel) or fewer bits (precision, kv_bytes)",
    )  # fmt: skip
    most = np.minimum(room, x["max_batch"] * d.groups)
    if not x.has("user_speed"):
        return most
    wanted = 1 / x["user_speed"]
    least = d.groups * 1.0
    fastest = _decode(x, d, least, context).total / tokens_a_step(x["draft_tokens"], x["acceptance"])
    if x.draws is None:
        x.refuse(
            fastest > wanted, "no batch is that fast",
            f"at most {1 / float(np.max(fastest)):.3g} tokens/s for one user", f"{float(x['user_speed']):g}",
        )  # fmt: skip
    low, high = np.zeros(np.broadcast_shapes(most.shape, wanted.shape, fastest.shape)) + least, most
    high = np.broadcast_to(high, low.shape)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        slow = (
            _decode(x, d, middle, context).total / tokens_a_step(x["draft_tokens"], x["acceptance"]) > wanted
        )
        low, high = np.where(slow, low, middle), np.where(slow, middle, high)
    return low


def _losses(x: Values, phase: str) -> Losses:
    return Losses(
        compute=x[f"{phase}_compute"],
        bandwidth=x["bandwidth_reached"],
        link=x["link_reached"],
        layer=x[f"{phase}_overhead"] * 1e-6,
        request=x["host_per_request"] * 1e-6,
        exchange=x["exchange_latency"] * 1e-6,
        overlap=x["overlap"],
        experts=x["expert_compute"],
        unexplained=x["unexplained"],
        imbalance=np.where(x["expert_parallel"] > 1, x["imbalance"], 1.0),
    )


def _decode(x: Values, d: Deployment, batch: Array, context: Array, losses: Losses | None = None) -> Timed:
    """One step of decoding: the main model checks the drafts of every request and adds a token of its own."""
    drafts = x["draft_tokens"]
    work = Work(batch, 1 + drafts, context, context, 1 + drafts, absorbed=True)
    step = timed(d, x.of("architecture"), work, losses or _losses(x, "decode"))
    # a draft costs what one layer does
    return replace(step, total=step.total * (1 + drafts / d.blocks.layers))


def _prompts_a_pass(x: Values, d: Deployment) -> Array:
    computed = x["input_tokens"] * (1 - x["cache_hits"])
    return d.groups * np.maximum(1, x["prefill_tokens"] / computed)


def _prefill(x: Values, d: Deployment, requests: Array, losses: Losses | None = None) -> Timed:
    """The pass that computes what of the prompts is not cached; later tokens attend to all earlier ones."""
    prompt = x["input_tokens"]
    computed = prompt * (1 - x["cache_hits"])
    cached = prompt - computed
    work = Work(requests, computed, cached + (computed + 1) / 2, cached, np.asarray(1.0), absorbed=False)
    return timed(d, x.of("architecture"), work, losses or _losses(x, "prefill"))


def _sparsity(d: Deployment) -> Array:
    """How many more requests an MoE needs until its weights are used as often as a dense model's."""
    b = d.blocks
    return np.where(b.experts > 0, b.experts / np.maximum(b.active_experts, 1), 1.0)


def _ideal(x: Values, d: Deployment, context: Array, batch: Array) -> dict[str, Array]:
    """Bounds: every peak reached, no launches, no drafts, and of exchanges only what cannot be hidden."""
    losses = ideal(x["exchange_latency"] * 1e-6)
    one = np.asarray(1.0)
    step = timed(d, x.of("architecture"), Work(batch, one, context, context, one, absorbed=True), losses)
    return {"ideal_tpot": step.total * 1e3, "ideal_ttft": _prefill(x, d, d.groups, losses).total * 1e3}


def _costs(x: Values, d: Deployment, found: Mapping[str, Array]) -> dict[str, Array]:
    chip = x.of("chip")
    if not x.has("rental") and not chip.has("rental"):
        return {}
    rental = x["rental"] if x.has("rental") else chip["rental"]
    second = rental * d.chips / 3600 * 1e6
    return {
        "cost_input": second / found["prefill_throughput"],
        "cost_output": second / found["decode_throughput"],
        "cost_served": second / found["output_throughput"],
    }


def _frontier(x: Values, d: Deployment, context: Array, room: Array) -> dict[str, Array]:
    """Speed for each user against tokens for each chip, over batches from one request a group to what memory holds."""
    most = float(np.min(np.minimum(room / d.groups, x["max_batch"])))
    grid = [each for each in _GRID if each < most] + [max(most, 1.0)]
    batches = [np.asarray(each) * d.groups for each in grid]
    steps = [
        _decode(x, d, batch, context).total / tokens_a_step(x["draft_tokens"], x["acceptance"])
        for batch in batches
    ]
    shape = np.broadcast_shapes(*(step.shape for step in steps))
    tpot = np.stack([np.broadcast_to(step, shape) for step in steps], axis=-1)
    batch = np.stack(batches, axis=-1)
    rate = batch / tpot / _last(d.chips)
    found = {"frontier_batch": batch, "frontier_user_speed": 1 / tpot, "frontier_per_chip": rate}
    chip = x.of("chip")
    if x.has("rental") or chip.has("rental"):
        rental = x["rental"] if x.has("rental") else chip["rental"]
        found["frontier_cost"] = _last(rental) / 3600 / rate * 1e6
    return found


def _last(value: Array) -> Array:
    return value[..., None] if value.ndim else value


def _remarks(x: Values, found: Mapping[str, Array]) -> tuple[Phrase, ...]:
    d = deployed(x)
    context = x["context"] if x.has("context") else x["input_tokens"] + x["output_tokens"] / 2
    told = [
        _limit("解码", "decoding", _decode(x, d, found["batch"], context)),
        _limit("预填充", "prefill", _prefill(x, d, np.minimum(_prompts_a_pass(x, d), found["batch"]))),
    ]
    if float(d.stage_chips) > 1 and not x.of("chip").has("scale_up"):
        told.append(
            Phrase("芯片表未给出互连带宽，按假设计算", "the table of chips names no link; one is assumed")
        )
    return tuple(told)


def _limit(zh: str, en: str, step: Timed) -> Phrase:
    parts = {
        ("算力", "compute"): step.computing,
        ("内存带宽", "memory bandwidth"): step.loading,
        ("通信", "communication"): step.sending,
        ("固定开销", "fixed overheads"): step.fixed,
    }
    (name_zh, name), most = max(parts.items(), key=lambda item: float(item[1]))
    share = float(most) / sum(float(each) for each in parts.values())
    return Phrase(
        f"{zh}主要受{name_zh}限制（占{share:.0%}）", f"{en} is bound by {name} ({share:.0%} of the time)"
    )


INFERENCE = Model(
    "inference",
    Phrase("推理：速度与成本", "serving: speed and cost"),
    "inference",
    INPUTS,
    OUTPUTS,
    _compute,
    formula=(
        "operator time = max(FLOP / (peak · share reached), bytes / (bandwidth · share reached)), summed over attention "
        "projections, attention over the context, feed-forward, experts touched 1 − (1 − k/E)^tokens, logits; "
        "+ exchanges between chips + a fixed cost a layer"
    ),
    source=(
        "roofline by operator as in LLM-Viewer (arXiv 2402.16363) and llm-analysis; MLA: arXiv 2405.04434; "
        "expert exchange: arXiv 2505.09343"
    ),
    records={"architecture": ARCHITECTURE, "chip": CHIP},
    remarks=_remarks,
)
