"""This module runs the sensitivity engine on functions whose indices are known exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from waferline.models.model import Array, Choice, Input, Model, Output, Values
from waferline.models.uncertainty.sobol import Uniform, indices
from waferline.quantity.relations.base import Phrase

MOST = 8


def ishigami(u: Sequence[Array], a: float, b: float) -> Array:
    """sin x₁ + a·sin² x₂ + b·x₃⁴·sin x₁ with x from −π to π, at the probabilities of each, `(rows,)`.

    Source: Ishigami and Homma, ISUMA 1990; the indices are worked out in Saltelli et al., Sensitivity Analysis, 2000.
    """
    x1, x2, x3 = (np.pi * (2 * each - 1) for each in u)
    sine = np.sin(x1)
    return np.asarray(sine + a * np.sin(x2) ** 2 + b * x3**4 * sine)


def g_function(u: Sequence[Array], weights: Array) -> Array:
    """∏ (|4u − 2| + w)/(1 + w): the larger its weight, the less an input matters.

    First index V_i/V with V_i = 1/(3·(1 + w_i)²), 1 + V = ∏ (1 + V_i). Source: Saltelli and Sobol', 1995.
    """
    value = np.ones_like(u[0])
    for each, weight in zip(u, weights, strict=True):
        value *= (np.abs(4 * each - 2) + weight) / (1 + weight)
    return value


def _compute(x: Values) -> Mapping[str, Array]:
    if x.text("function") == "ishigami":
        a, b = x.one("a"), x.one("b")
        dimensions, function = 3, Uniform(lambda u: ishigami(u, a, b))
    else:
        weights = x["weights"]
        x.refuse(len(weights) > MOST, "too many weights", f"at most {MOST}", str(len(weights)))
        dimensions, function = len(weights), Uniform(lambda u: g_function(u, weights))
    found = indices(
        function,
        dimensions,
        points=int(x.one("points")),
        randomisations=int(x.one("randomisations")),
        seed=x.seed,
    )
    outputs = {"mean": np.asarray(found.mean), "variance": np.asarray(found.variance)}
    for i in range(dimensions):
        outputs[f"first_x{i + 1}"] = found.first[i]
        outputs[f"total_x{i + 1}"] = found.total[i]
    outputs["numerical_error"] = np.asarray(max(found.first_error.max(), found.total_error.max()))
    return outputs


SENSITIVITY_TEST = Model(
    "sensitivity-test",
    Phrase("敏感度引擎的检验函数", "the sensitivity engine on functions with known indices"),
    "uncertainty",
    (
        Choice("function", ("ishigami", "g"), Phrase("函数", "function"), (("Sobol G", "g"), ("G function", "g"))),
        Input("a", "x", Phrase("Ishigami函数的a", "a of the Ishigami function"), default=7),
        Input("b", "x", Phrase("Ishigami函数的b", "b of the Ishigami function"), default=0.1),
        Input("weights", "x", Phrase("G函数的权重", "weights of the G function"), low=0, many=True, optional=True),
        Input("points", "x", Phrase("点数（2的幂）", "points, a power of two"), low=2, high=2**16, whole=True, default=2**13),
        Input("randomisations", "x", Phrase("随机化次数", "randomisations"), low=2, high=64, whole=True, default=8),
    ),
    (
        *(Output(f"first_x{i}", "x", Phrase(f"x{i}的一阶指数", f"first Sobol index of x{i}")) for i in range(1, MOST + 1)),
        *(Output(f"total_x{i}", "x", Phrase(f"x{i}的总指数", f"total Sobol index of x{i}")) for i in range(1, MOST + 1)),
        Output("mean", "x", Phrase("均值", "mean of the function")),
        Output("variance", "x", Phrase("方差", "variance of the function")),
        Output("numerical_error", "x", Phrase("指数的数值误差", "largest standard error of an index over randomisations")),
    ),
    _compute,
    formula="ishigami: sin x₁ + a·sin² x₂ + b·x₃⁴·sin x₁; g: ∏ (|4u − 2| + w)/(1 + w); first: E[f(B)·(f(AB) − f(A))]/V, total: E[(f(A) − f(AB))²]/(2V)",
    source="Saltelli et al., Computer Physics Communications 181 (2010) 259; Jansen, ibid. 117 (1999) 35",
)  # fmt: skip
