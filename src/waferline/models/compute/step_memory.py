"""This module counts the bytes a chip holds while training: activations kept for the backward pass, weights and optimizer."""

from __future__ import annotations

import numpy as np

from waferline.models.compute.transformer import attention_weights, embedding_weights
from waferline.models.model import Array, Values

GIB = 2.0**30


def layer_weights(architecture: Values) -> Array:
    """Weights of one dense layer: attention and feed-forward."""
    a = architecture
    return attention_weights(a) + a.number("ffn_matrices", 2) * a["hidden"] * a["ffn"]


def activation_bytes_of_layer(
    architecture: Values, sequence: Array, microbatch: Array, tensor: Array, *, recompute: str, spread: bool
) -> Array:
    """Bytes of 16-bit activations of one layer that a chip keeps for one microbatch.

    A GPT layer keeps sbh·(10 + 24/t + 5as/(ht)): what enters the norms, the two blocks and their dropouts is whole on
    every chip, the rest is divided by the tensor parallelism t. `spread` (sequence parallelism) divides all of it by t;
    selective recomputation leaves out the 5as/(ht) of the scores, full recomputation keeps the layer's input only. For
    grouped keys and gated feed-forward layers the same tensors are counted in their own widths.
    Source: Korthikanti et al., Reducing Activation Recomputation (arXiv 2205.05198), equations 1 to 5, table 2.
    """
    a = architecture
    positions = sequence * microbatch
    hidden = a["hidden"]
    if recompute == "full":
        return 2 * positions * hidden
    whole = 10 * positions * hidden
    attention = 4 * a["heads"] * a["head_dim"] + 4 * a["kv_heads"] * a["head_dim"]
    inner = 2 * a.number("ffn_matrices", 2) * a["ffn"]
    divided = positions * (attention + inner)
    scores = 5 * a["heads"] * sequence * positions if recompute == "none" else np.asarray(0.0)
    return (whole / tensor if spread else whole) + (divided + scores) / tensor


def in_flight(layers: Array, pipeline: Array, interleaving: Array) -> Array:
    """Layers' worth of activations on the first stage, which holds as many microbatches as there are stages.

    Interleaving adds (p − 1)/(p·m) of them. Source: the same paper, section 4.2.3.
    """
    several = np.where(interleaving > 1, 1 + (pipeline - 1) / (pipeline * interleaving), 1.0)
    return layers * several


def state_bytes(
    architecture: Values, tensor: Array, pipeline: Array, bytes_per_parameter: Array
) -> tuple[Array, Array]:
    """Bytes of weights, gradients and optimizer of the layers on one chip, and those of the embedding on the first stage.

    18 a parameter in mixed precision: weight 2, gradient 4, master copy 4, moments 8. Source: the same paper, section 6.
    """
    layers = architecture["layers"] * layer_weights(architecture) / (tensor * pipeline)
    embedding = embedding_weights(architecture) / tensor
    return layers * bytes_per_parameter, embedding * bytes_per_parameter


def divided_bytes_per_parameter(bytes_per_parameter: Array, copies: Array) -> Array:
    """Bytes a parameter where the copies of the model share the optimizer (ZeRO stage 1): all but weight and gradient.

    Source: Rajbhandari et al., ZeRO (arXiv 1910.02054), section 5.1.
    """
    whole = np.minimum(bytes_per_parameter, 6)
    return whole + (bytes_per_parameter - whole) / copies
