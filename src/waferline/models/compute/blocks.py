"""This module counts the weights of a transformer by the operator that uses them, for one layer of each kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from waferline.models.compute.transformer import attention_weights, embedding_weights, matrix_weights
from waferline.models.model import Array, Values

_ZERO = np.asarray(0.0)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Parameters of the operators of one layer, and how many layers there are of each kind.

    `expert` is one routed or shared expert; `router` chooses them. `embedding` is one matrix of the vocabulary;
    `embeddings` how many there are of it (1 where input and output are tied).
    """

    layers: Array
    dense_layers: Array
    moe_layers: Array
    attention: Array
    dense_ffn: Array
    expert: Array
    router: Array
    experts: Array
    active_experts: Array
    shared_experts: Array
    embedding: Array
    embeddings: Array


def blocks_of(architecture: Values) -> Blocks:
    """The operators of an architecture, as `transformer` counts them.

    Raises BadInput where the table lacks a field, and for more active than total experts.
    """
    hidden, layers = architecture["hidden"], architecture["layers"]
    vocabulary = embedding_weights(architecture)
    embeddings = 2 - architecture.number("tied", 0)
    attention = attention_weights(architecture)
    if not architecture.has("experts"):
        ffn = matrix_weights(architecture, "ffn")
        return Blocks(
            layers, layers, _ZERO, attention, ffn, _ZERO, _ZERO, _ZERO, _ZERO, _ZERO, vocabulary, embeddings
        )
    experts, active = architecture["experts"], architecture["active_experts"]
    architecture.refuse(
        active > experts, "more experts active than there are",
        f"at most {float(np.min(experts)):g}", f"{float(np.max(active)):g}",
    )  # fmt: skip
    dense = architecture.number("dense_layers", 0)
    architecture.refuse(dense > layers, "more dense layers than layers")
    ffn = matrix_weights(architecture, "ffn") if np.any(dense > 0) else _ZERO
    return Blocks(
        layers=layers,
        dense_layers=dense,
        moe_layers=layers - dense,
        attention=attention,
        dense_ffn=ffn,
        expert=matrix_weights(architecture, "expert_ffn"),
        router=hidden * experts,
        experts=experts,
        active_experts=active,
        shared_experts=architecture.number("shared_experts", 0),
        embedding=vocabulary,
        embeddings=embeddings,
    )
