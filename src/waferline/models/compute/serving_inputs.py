"""This module declares what the model of serving takes and gives."""

from __future__ import annotations

from waferline.models.compute.deployment import PRECISIONS
from waferline.models.model import Choice, Input, Output
from waferline.quantity.relations.base import Phrase


def _number(
    name: str,
    unit: str,
    zh: str,
    en: str,
    low: float = 0,
    high: float = float("inf"),
    default: float | None = None,
    *,
    whole: bool = False,
    optional: bool = False,
) -> Input:
    return Input(
        name,
        unit,
        Phrase(zh, en),
        low=low,
        high=high,
        default=default,
        whole=whole,
        optional=optional,
    )


_WORK = (
    _number("input_tokens", "tokens", "每个请求的输入token", "tokens of a prompt", low=1),
    _number("output_tokens", "tokens", "每个请求的输出token", "tokens of an answer", low=1),
    _number(
        "context",
        "tokens",
        "解码时的平均KV长度",
        "mean tokens kept while decoding; else the prompt and half the answer",
        low=1,
        optional=True,
    ),
    _number("cache_hits", "x", "输入命中缓存的比例", "share of a prompt found in a cache", high=1, default=0),
    _number(
        "batch",
        "x",
        "整个实例同时解码的请求数",
        "requests decoded together by the whole instance",
        low=1,
        optional=True,
    ),
    _number(
        "user_speed",
        "tokens/s",
        "每个用户要求的速度",
        "speed wanted for one user; the batch is then as large as it allows",
        low=0.001,
        optional=True,
    ),
    _number(
        "max_batch",
        "x",
        "每组最多同时解码的请求数",
        "most requests a group decodes together, memory apart",
        low=1,
        default=2048,
    ),
    _number(
        "prefill_tokens",
        "tokens",
        "一次预填充的token数",
        "tokens of a prefill pass in one group",
        low=1,
        default=8192,
    ),
    _number("load", "x", "满负荷时间比例", "share of the time at this load", low=0.01, high=1, default=1),
)
_LAYOUT = (
    _number(
        "tensor_parallel",
        "x",
        "张量并行",
        "chips that split a layer; else one, or without expert parallelism as many as hold the weights and the batch",
        1,
        4096,
        whole=True,
        optional=True,
    ),
    _number(
        "expert_parallel",
        "x",
        "专家并行",
        "chips that the experts are spread over; attention runs in groups of tensor_parallel",
        1,
        4096,
        1,
        whole=True,
    ),
    _number("pipeline_parallel", "x", "流水线并行", "stages of layers", 1, 4096, 1, whole=True),
    _number("chips_per_node", "x", "每节点芯片数", "chips of a node", 1, 4096, 8, whole=True),
    _number("redundant_experts", "x", "冗余专家数", "copies of routed experts of a layer", default=0),
    _number("kv_bytes", "bytes", "KV缓存每个数的字节数", "bytes of a number in the KV cache", 0.25, 8, 2),
    _number("memory_share", "x", "可用内存比例", "share of memory for weights and KV cache", 0.01, 1, 0.9),
)
_DRAFTS = (
    _number(
        "draft_tokens", "x", "每步草稿token数", "tokens drafted ahead at each step", 0, 16, 0, whole=True
    ),
    _number("acceptance", "x", "草稿接受率", "share of drafts accepted", high=1, default=0),
)
_LOSSES = (
    _number(
        "prefill_compute", "x", "预填充达到的算力比例", "share of peak compute reached in prefill", 0.01, 1
    ),
    _number(
        "decode_compute", "x", "解码达到的算力比例", "share of peak compute reached in decoding", 0.01, 1
    ),
    _number(
        "expert_compute",
        "x",
        "专家分组矩阵相对稠密矩阵的效率",
        "compute that grouped matrices of routed experts reach, over what dense ones do",
        0.01,
        1,
        1,
    ),
    _number("bandwidth_reached", "x", "达到的内存带宽比例", "share of memory bandwidth reached", 0.01, 1),
    _number("link_reached", "x", "达到的互连带宽比例", "share of link bandwidth reached", 0.01, 1),
    _number("prefill_overhead", "µs", "预填充每层固定开销", "launches and small kernels of a layer, prefill"),
    _number("decode_overhead", "µs", "解码每层固定开销", "launches and small kernels of a layer, decoding"),
    _number(
        "host_per_request",
        "µs",
        "每步每请求的主机开销",
        "the host's time for each request of a step",
        default=0,
    ),
    _number("exchange_latency", "µs", "一次通信的固定延迟", "least time of one exchange between chips"),
    _number(
        "unexplained",
        "x",
        "未计入因素的时间倍数",
        "factor on the time of every pass for what the counts leave out",
        low=0.01,
        default=1,
    ),
    _number(
        "overlap",
        "x",
        "专家通信与计算重叠的比例",
        "share of the shorter of computing and the exchange with experts hidden behind the longer",
        high=1,
        default=0,
    ),
    _number(
        "imbalance",
        "x",
        "专家负载不均",
        "tokens of the busiest chip's experts over the mean",
        low=1,
        default=1,
    ),
    _number(
        "link",
        "GB/s",
        "节点内互连带宽（双向）",
        "link to chips of the node, both directions, where the table of chips has none",
    ),
    _number(
        "network",
        "GB/s",
        "每芯片节点间网络带宽（单向）",
        "network of a chip, one way, where the table of chips has none",
    ),
    _number("rental", "USD per GPU hour", "租金", "rental of a chip", optional=True),
)
INPUTS = (
    Choice(
        "precision",
        tuple(PRECISIONS),
        Phrase("权重与激活精度", "numbers of weights and activations"),
        (
            ("bfloat16", "bf16"),
            ("w16a16", "fp16"),
            ("float16", "fp16"),
            ("w8a8", "int8"),
            ("nvfp4", "fp4"),
            ("int4", "w4a16"),
            ("awq", "w4a16"),
            ("gptq", "w4a16"),
        ),
    ),
    Choice(
        "expert_balance",
        ("balanced", "unbalanced"),
        Phrase("专家负载均衡", "whether busy experts are copied to even out the load"),
    ),
    *_WORK,
    *_LAYOUT,
    *_DRAFTS,
    *_LOSSES,
)


def _out(name: str, unit: str, zh: str, en: str, many: bool = False, shown: str = "") -> Output:
    return Output(name, unit, Phrase(zh, en), many, shown)


OUTPUTS = (
    _out("output_throughput", "tokens/s", "输出吞吐（预填充与解码同机）", "output of an instance that also prefills"),
    _out("output_per_chip", "tokens/s", "每芯片输出吞吐（同机）", "the same for a chip"),
    _out("output_per_node", "tokens/s", "每节点输出吞吐（同机）", "the same for a node"),
    _out("total_throughput", "tokens/s", "输入加输出吞吐（同机）", "input and output of such an instance"),
    _out("requests_per_second", "x", "每秒请求数（同机）", "requests a second of such an instance"),
    _out("prefill_throughput", "tokens/s", "预填充吞吐（含缓存命中）", "input of an instance that only prefills, cache hits included"),
    _out("prefill_per_chip", "tokens/s", "每芯片预填充吞吐", "the same for a chip"),
    _out("prefill_per_node", "tokens/s", "每节点预填充吞吐", "the same for a node"),
    _out("prefill_computed_per_node", "tokens/s", "每节点预填充吞吐（不含命中）", "the same for a node without cache hits"),
    _out("decode_throughput", "tokens/s", "解码吞吐", "output of an instance that only decodes"),
    _out("decode_per_chip", "tokens/s", "每芯片解码吞吐", "the same for a chip"),
    _out("decode_per_node", "tokens/s", "每节点解码吞吐", "the same for a node"),
    _out("user_speed", "tokens/s", "每用户速度", "output tokens a second for one user"),
    _out("tpot", "ms", "每token时间", "time of an output token"),
    _out("ttft", "ms", "首token延迟", "time to the first token, one prompt a group, without waiting"),
    _out("request_latency", "seconds", "请求总时长", "time of a whole request without waiting"),
    _out("batch", "x", "批量", "requests decoded together"),
    _out("max_batch", "x", "内存可容批量", "requests that memory holds"),
    _out("compute_bound_batch", "x", "算力受限批量", "requests from which weights are compute-bound"),
    _out("chips", "x", "实例芯片数", "chips of the instance"),
    _out("weights_per_chip", "GB", "每芯片权重", "weights of a chip"),
    _out("kv_per_chip", "GB", "每芯片KV缓存", "KV cache of a chip"),
    _out("kv_per_token", "bytes", "每token的KV缓存", "KV cache of a token"),
    _out("sending_share", "x", "通信占比", "communication's part of a decoding step before overlap", shown="%"),
    _out("ideal_tpot", "ms", "理想每token时间", "time of an output token without any loss"),
    _out("ideal_ttft", "ms", "理想首token延迟", "time to the first token without any loss"),
    _out("cost_input", "USD per mn tokens", "输入成本", "cost of input where prefill has its own chips"),
    _out("cost_output", "USD per mn tokens", "输出成本", "cost of output where decoding has its own chips"),
    _out("cost_served", "USD per mn tokens", "输出成本（同机，含输入）", "cost of output with its input, on the same chips"),
    _out("frontier_batch", "x", "前沿：批量", "frontier: requests decoded together", True),
    _out("frontier_user_speed", "tokens/s", "前沿：每用户速度", "frontier: speed of one user", True),
    _out("frontier_per_chip", "tokens/s", "前沿：每芯片吞吐", "frontier: output of a chip", True),
    _out("frontier_cost", "USD per mn tokens", "前沿：输出成本", "frontier: cost of output", True),
)  # fmt: skip
