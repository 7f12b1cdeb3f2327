"""This module says what is to be known of an architecture and of a chip, and in which units."""

from __future__ import annotations

from waferline.models.model import Input, RecordKind
from waferline.quantity.relations.base import Phrase


def _count(name: str, zh: str, en: str, low: float = 0) -> Input:
    return Input(name, "x", Phrase(zh, en), low=low, high=1e7, whole=True, optional=True)


def _measure(name: str, unit: str, zh: str, en: str, low: float = 0) -> Input:
    return Input(name, unit, Phrase(zh, en), low=low, optional=True)


ARCHITECTURE = RecordKind(
    "architecture",
    "models/architectures.csv",
    Phrase("模型结构", "model architecture"),
    (
        _measure("parameters", "parameters", "公布的总参数量", "parameters in all, as published", 1),
        _measure(
            "active_parameters", "parameters", "公布的激活参数量", "parameters a token uses, as published", 1
        ),
        _count("layers", "层数", "layers", 1),
        _count("hidden", "隐藏维度", "width of the residual stream", 1),
        _count("heads", "注意力头数", "query heads", 1),
        _count("kv_heads", "键值头数", "key and value heads (equal to heads in MHA)", 1),
        _count("head_dim", "注意力头维度", "width of a head", 1),
        _count("ffn", "前馈层维度", "inner width of a dense feed-forward layer", 1),
        _count("ffn_matrices", "前馈层矩阵数", "matrices of a feed-forward layer: 2, or 3 with a gate", 1),
        _count("vocab", "词表大小", "tokens of the vocabulary", 1),
        _count("tied", "输入输出词嵌入共用", "1 where input and output embeddings are one matrix"),
        _count("experts", "路由专家数", "routed experts of a layer", 1),
        _count("active_experts", "每token激活的路由专家数", "routed experts that a token uses", 1),
        _count("shared_experts", "共享专家数", "experts that every token uses"),
        _count("expert_ffn", "专家维度", "inner width of an expert", 1),
        _count("dense_layers", "稠密层数", "first layers without experts"),
        _count("q_lora_rank", "查询压缩维度", "MLA: rank of the query", 1),
        _count("kv_lora_rank", "键值压缩维度", "MLA: rank of keys and values", 1),
        _count("qk_nope_dim", "键的无位置维度", "MLA: key width without position", 1),
        _count("qk_rope_dim", "键的位置维度", "MLA: key width with position", 1),
        _count("v_dim", "值维度", "MLA: value width of a head", 1),
        _count("mtp_layers", "多token预测层数", "extra layers that predict further tokens"),
        _count("context", "上下文长度", "longest context in tokens", 1),
    ),
    words=("attention", "family"),
    variants=("instruct", "chat", "base", "it", "hf", "fp8", "fp4", "awq", "gptq", "gguf"),
)
"""A transformer. Where only `parameters` are known (closed models), what needs the layers is not computed.

`attention` is mha, gqa, mqa or mla.
"""

CHIP = RecordKind(
    "chip",
    "models/chips.csv",
    Phrase("芯片", "chip"),
    (
        _measure("peak_bf16", "TFLOP/s", "BF16/FP16峰值算力（稠密）", "peak in BF16 or FP16, dense"),
        _measure("peak_fp8", "TFLOP/s", "FP8峰值算力（稠密）", "peak in FP8, dense"),
        _measure("peak_fp4", "TFLOP/s", "FP4峰值算力（稠密）", "peak in FP4, dense"),
        _measure("peak_int8", "TOPS", "INT8峰值算力（稠密）", "peak in INT8, dense"),
        _measure("memory", "GB", "内存容量", "memory"),
        _measure("bandwidth", "GB/s", "内存带宽", "memory bandwidth"),
        _measure("scale_up", "GB/s", "节点内互连带宽（双向）", "link to chips of the node, both directions"),
        _measure("scale_out", "GB/s", "节点间网络带宽（单向）", "network between nodes, one direction"),
        _measure("power", "W", "功耗", "power"),
        _measure("price", "USD", "购置价", "price of purchase"),
        _measure("rental", "USD per GPU hour", "租金", "rental"),
    ),
    words=("maker", "family", "device"),
)
"""An accelerator or the chip of a device. Peaks are dense: without the doubling by sparsity.

`device` is server, pc, phone, glasses, car or board; `family` groups chips that share an efficiency (hopper, ampere …).
"""
