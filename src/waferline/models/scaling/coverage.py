"""This module carries coverage (pass@k) to other numbers of samples, from one or more known points of the curve."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Choice, Input, Model, Output, Values
from waferline.models.scaling.benchmark import BENCHMARK, drawn
from waferline.models.scaling.difficulty import cells, coverage, shape_through, weights
from waferline.quantity.relations.base import Phrase

_ROUNDS = 60


def _compute(x: Values) -> Mapping[str, Array]:
    ks, reached = _known(x)
    k = x["samples"]
    if x.text("form") == "power law":
        return _power_law(x, ks, reached, k)
    if len(ks) == 1:
        x.refuse(
            ks[0] > 1,
            "one point with many samples does not say how hard the problems are",
            "pass_at_1, or two points",
        )
        mean, shape = reached[0], x["shape"]
    else:
        (k1, k2), (c1, c2) = _ends(x, ks, reached)
        mean, shape = _through(k1, c1, k2, c2)
    mean, shape = np.broadcast_arrays(mean, shape)
    found = coverage(mean, shape, k)
    if x.draws is not None and x.has("benchmark.problems"):
        found = _with_noise(x, mean, shape, ks, found)
    answer = {"coverage": 100 * found, "pass_at_1_implied": 100 * mean, "shape_implied": shape}
    if x.has("target"):
        answer["samples_needed"] = _samples_for(x, mean, shape)
    return answer


def _known(x: Values) -> tuple[list[Array], list[Array]]:
    """The known points in order of samples; coverage as a share."""
    points: list[tuple[float, Array]] = []
    if x.has("pass_at_1"):
        points.append((1.0, x["pass_at_1"] / 100))
    if x.has("known_samples") or x.has("known_coverage"):
        ks, cs = x["known_samples"], x["known_coverage"]
        x.refuse(
            len(ks) != len(cs),
            "the lists of known points differ in length",
            "one coverage for each number of samples",
            f"{len(ks)} and {len(cs)}",
        )
        points += [(float(a), np.asarray(b / 100)) for a, b in zip(ks, cs, strict=True)]
    x.refuse(not points, "no point of the curve is known", "pass_at_1, or known_samples with known_coverage")
    points.sort(key=lambda point: point[0])
    ks_found = [point[0] for point in points]
    x.refuse(len(set(ks_found)) < len(ks_found), "two coverages for one number of samples", "one each")
    return [np.asarray(point[0]) for point in points], [point[1] for point in points]


def _ends(
    x: Values, ks: list[Array], reached: list[Array]
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """The first and the last known point; refuses what no spread of difficulty gives."""
    x.refuse(len(ks) > 2, "two points fix the curve", "the two ends of the known range", f"{len(ks)} points")
    (k1, k2), (c1, c2) = ks, reached
    x.refuse(np.any(c2 <= c1), "coverage rises with samples", "more at the larger number of samples")
    most = -np.expm1(k2 / k1 * np.log1p(-c1))
    x.refuse(
        np.any(c2 >= most), "more than independent tries can reach, even if all problems are alike",
        f"below {float(np.min(most)):.2%}", f"{float(np.max(c2)):.2%}",
    )  # fmt: skip
    return (k1, k2), (c1, c2)


def _through(k1: Array, c1: Array, k2: Array, c2: Array) -> tuple[Array, Array]:
    """Mean and shape of the Beta whose coverage passes through both points.

    Held at the first point, a larger mean means a smaller shape and less at the second: bisection of the mean.
    """
    if k1 == 1:
        return c1, shape_through(c1, k2, c2)
    low, high = np.log(c1 / k1), np.log(c1)
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        mean = np.exp(middle)
        over = coverage(mean, shape_through(mean, k1, c1), k2) > c2
        low, high = np.where(over, middle, low), np.where(over, high, middle)
    mean = np.exp((low + high) / 2)
    return mean, shape_through(mean, k1, c1)


def _power_law(x: Values, ks: list[Array], reached: list[Array], k: Array) -> dict[str, Array]:
    x.refuse(len(ks) != 2, "an exponentiated power law needs two points", "two", str(len(ks)))
    (k1, k2), (c1, c2) = _ends(x, ks, reached)
    b = np.log(np.log(c2) / np.log(c1)) / np.log(k2 / k1)
    a = np.log(c1) / k1**b
    return {"coverage": 100 * np.exp(a * k**b), "pass_at_1_implied": 100 * np.exp(a)}


def _with_noise(x: Values, mean: Array, shape: Array, ks: list[Array], found: Array) -> Array:
    draws = x.draws or 0
    shares = np.broadcast_to(weights(mean, shape), (draws, len(cells())))
    misses = np.log1p(-np.minimum(cells(), 1 - 1e-12))
    x.refuse(x["samples"].ndim > 0, "the number of samples is not uncertain", "one whole number")
    success = -np.expm1(x.one("samples") * misses)
    measured = [-np.expm1(float(k) * misses) for k in ks]
    problems = int(np.max(x["benchmark.problems"]))
    noise = drawn(shares, measured, problems, x.seed, decided=False).stray(success)
    return np.clip(found + noise, 0, 1)


def _samples_for(x: Values, mean: Array, shape: Array) -> Array:
    """The least number of samples that covers the target, as a real number, by bisection of its logarithm up to 10¹²."""
    target = x["target"] / 100
    x.refuse(np.any(target < mean), "the target is below one try's rate", "a target above pass@1")
    low = np.zeros(np.broadcast_shapes(mean.shape, target.shape))
    high = np.full_like(low, np.log(1e12))
    x.refuse(
        np.any(coverage(mean, shape, np.exp(high)) < target),
        "not reached with 10¹² samples",
        "a lower target",
    )
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        enough = coverage(mean, shape, np.exp(middle)) >= target
        high, low = np.where(enough, middle, high), np.where(enough, low, middle)
    return np.asarray(np.exp(high))


COVERAGE = Model(
    "coverage",
    Phrase("覆盖率曲线（pass@k）的外推", "coverage (pass@k) carried to other numbers of samples"),
    "scaling",
    (
        Choice("form", ("beta", "power law"), Phrase("曲线形式", "form of the curve")),
        Input(
            "pass_at_1",
            "%",
            Phrase("单次作答正确率", "share solved by one try"),
            low=1e-6,
            high=99.9999,
            optional=True,
        ),
        Input(
            "known_samples",
            "x",
            Phrase("已知点的采样次数", "numbers of samples at which coverage is known"),
            low=1,
            high=1e9,
            many=True,
            optional=True,
        ),
        Input(
            "known_coverage",
            "%",
            Phrase("已知点的覆盖率", "coverage known at each of them"),
            low=1e-6,
            high=99.9999,
            many=True,
            optional=True,
        ),
        Input("samples", "x", Phrase("采样次数", "samples of a problem"), low=1, high=1e9),
        Input(
            "shape",
            "x",
            Phrase(
                "难度分布的形状参数",
                "shape of difficulty where one point alone is known: the first Beta parameter",
            ),
            low=1e-3,
            high=100,
            optional=True,
        ),
        Input(
            "target",
            "%",
            Phrase("目标覆盖率", "coverage to be reached"),
            low=1e-6,
            high=99.9999,
            optional=True,
        ),
    ),
    (
        Output("coverage", "%", Phrase("覆盖率（pass@k）", "share solved by at least one sample (pass@k)")),
        Output("pass_at_1_implied", "%", Phrase("隐含的单次正确率", "share solved by one try, implied")),
        Output("shape_implied", "x", Phrase("隐含的形状参数", "shape of difficulty, implied")),
        Output("samples_needed", "x", Phrase("达到目标所需采样次数", "samples that reach the target")),
    ),
    _compute,
    formula="beta: coverage(k) = 1 − B(a, b + k)/B(a, b), a and b through the known points; power law: exp(c·k^d)",
    source="exponentiated power law: Brown et al., arXiv 2407.21787, equation 3; a heavy tail of hard problems: Schaeffer et al., arXiv 2502.17578",
    records={"benchmark": BENCHMARK},
)
