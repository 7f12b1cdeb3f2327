"""This module says where the weights of a model sit: in its layers, in its embedding, in its output head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from waferline.models.compute.transformer import (
    attention_weights,
    embedding_weights,
    feed_forward_weights,
    is_described,
)
from waferline.models.model import Array, Values


@dataclass(frozen=True, slots=True)
class Weights:
    """Counts of weights: all layers, those of the layers that one token uses, one embedding table, and the output head.

    `tied` models use one table twice: `embedding` is then zero and the table is the head, which every token reads whole.
    """

    layers: Array
    active: Array
    embedding: Array
    head: Array

    @property
    def total(self) -> Array:
        """Every weight once."""
        return self.layers + self.embedding + self.head


def weights_of(architecture: Values) -> Weights:
    """The weights of an architecture, counted from its shape where that is known, else from the published parameters.

    Refuses more active than total experts or parameters.
    """
    a = architecture
    untied = np.where(a.number("tied", 0) > 0, 0.0, 1.0)
    if is_described(a):
        attention, table = a["layers"] * attention_weights(a), embedding_weights(a)
        every, met = feed_forward_weights(a)
        return Weights(attention + every, attention + met, table * untied, table)
    total = a["parameters"]
    active = a["active_parameters"] if a.has("active_parameters") else total
    a.refuse(active > total, "a token uses more parameters than there are")
    none = 0 * total
    return Weights(total, active, none, none)
