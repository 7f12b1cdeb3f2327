"""This module says how many bits a weight takes in the formats that models are shrunk to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """Bits of one weight, scales and zero points included: in the layers, in the output head, in the input embedding.

    `integer` is true where activations are 8-bit integers as well, so that a chip's INT8 peak counts.
    """

    name: str
    layers: float
    head: float
    embedding: float
    integer: bool = False


# GGUF blocks of 32 weights with a 16-bit scale: q4_0 (4·32 + 16) / 32 = 4.5, q5_0 (a further high bit) 5.5, q8_0 8.5; _1
# adds a 16-bit minimum. Super-blocks of 256: q2_k 2.625, q3_k 3.4375, q4_k 4.5, q5_k 5.5, q6_k 6.5625. The mixtures _m
# keep half of the value and down projections (about 14 % of a gated layer's weights) in a wider type; the output head is q6_k
# in all of them. w8a8 and w4a16 have one scale a channel, _g128 one 16-bit scale and zero point for 128 weights.
_Q6 = 6.5625
FORMATS: tuple[Format, ...] = (
    Format("f16", 16, 16, 16),
    Format("bf16", 16, 16, 16),
    Format("f32", 32, 32, 32),
    Format("fp8", 8, 16, 16),
    Format("q8_0", 8.5, 8.5, 8.5),
    Format("q6_k", _Q6, _Q6, _Q6),
    Format("q5_0", 5.5, _Q6, 5.5),
    Format("q5_1", 6, _Q6, 6),
    Format("q5_k_m", 5.65, _Q6, 5.5),
    Format("q5_k_s", 5.5, _Q6, 5.5),
    Format("q4_0", 4.5, _Q6, 4.5),
    Format("q4_1", 5, _Q6, 5),
    Format("q4_k_m", 4.79, _Q6, 4.5),
    Format("q4_k_s", 4.57, _Q6, 4.5),
    Format("iq4_xs", 4.25, _Q6, 4.25),
    Format("iq4_nl", 4.5, _Q6, 4.5),
    Format("q3_k_m", 3.9, _Q6, 3.4375),
    Format("q2_k", 2.96, _Q6, 2.625),
    Format("w8a8", 8, 8, 8, integer=True),
    Format("w8a16", 8, 8, 8),
    Format("w4a16", 4, 4, 8),
    Format("w4a16_g128", 4.25, 4.25, 8),
    Format("w4a8", 4, 4, 8, integer=True),
)


def format_named(name: str) -> Format:
    """The format of that name, one of the list.

    >>> format_named("q4_0").layers
    4.5
    """
    return next(each for each in FORMATS if each.name == name)
