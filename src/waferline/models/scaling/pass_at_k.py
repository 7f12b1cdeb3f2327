"""This module estimates pass@k from counts: n samples of each problem, c of them right."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase


def unbiased(n: Array, correct: Array, k: int) -> Array:
    """1 − C(n−c, k)/C(n, k) for each problem, 1 where fewer than k samples are wrong.

    `n` and `correct` have one entry a problem. Source: Chen et al., arXiv 2107.03374, equation 1.

    >>> round(float(unbiased(np.array([10.0]), np.array([3.0]), 1)[0]), 12)
    0.3
    """
    wrong = n - correct
    none_right = np.ones_like(wrong)
    for i in range(k):  # the product of (wrong − i)/(n − i): binomials themselves overflow
        none_right *= np.maximum(wrong - i, 0) / (n - i)
    return np.asarray(1 - none_right)


def _compute(x: Values) -> Mapping[str, Array]:
    x.refuse(x["k"].ndim > 0, "k is not uncertain", "one whole number")
    n, correct, k = x["samples"], x["correct"], int(x.one("k"))
    n = np.broadcast_to(n, correct.shape) if len(n) == 1 else n
    x.refuse(
        len(n) != len(correct),
        "the lists differ in length",
        "samples of every problem, or one number for all",
        f"{len(n)} and {len(correct)}",
    )
    x.refuse(np.any(correct > n), "more right samples than samples", "correct at most samples")
    x.refuse(
        np.any(n < k), "k is more than the samples taken", "a k that every problem has samples for", str(k)
    )
    each = unbiased(n, correct, k)
    if x.draws is None:
        return {"pass_at_k": np.asarray(100 * each.mean()), "problems": np.asarray(float(len(each)))}
    generator = np.random.Generator(np.random.Philox(key=x.seed))
    picks = generator.integers(0, len(each), (x.draws, len(each)))
    return {"pass_at_k": 100 * each[picks].mean(axis=1), "problems": np.asarray(float(len(each)))}


PASS_AT_K = Model(
    "pass-at-k",
    Phrase("由计数估计pass@k", "pass@k from counts, without bias"),
    "scaling",
    (
        Input(
            "samples",
            "x",
            Phrase("每题采样次数", "samples of each problem, or one number for all"),
            low=1,
            high=1e6,
            whole=True,
            many=True,
        ),
        Input(
            "correct",
            "x",
            Phrase("每题正确的样本数", "right samples of each problem"),
            low=0,
            high=1e6,
            whole=True,
            many=True,
        ),
        Input("k", "x", Phrase("k", "k: tries of which one must be right"), low=1, high=10_000, whole=True),
    ),
    (
        Output("pass_at_k", "%", Phrase("pass@k", "share solved by at least one of k samples")),
        Output("problems", "x", Phrase("题目数", "problems")),
    ),
    _compute,
    formula="mean over problems of 1 − C(n − c, k)/C(n, k); interval from problems drawn anew",
    source="Chen et al., arXiv 2107.03374, equation 1",
)
