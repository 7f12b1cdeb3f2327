"""This module says what a model scores when it answers many times and one answer is picked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from waferline.models.model import Array, Input, Model, Output, RecordKind, Values
from waferline.models.scaling.benchmark import BENCHMARK, Drawn, drawn
from waferline.models.scaling.difficulty import cells, coverage, weights
from waferline.models.scaling.selection import MAX_VOTES, best_of, d_prime, vote
from waferline.quantity.relations.base import Phrase

SOLVER = RecordKind(
    "solver",
    "models/solvers.csv",
    Phrase("被评测的模型", "a model that was measured"),
    (
        Input(
            "pass_at_1",
            "%",
            Phrase("单次作答正确率", "share solved by one try"),
            low=0,
            high=100,
            optional=True,
        ),
        Input(
            "parameters", "parameters", Phrase("激活参数量", "parameters a token uses"), low=1, optional=True
        ),
    ),
    words=("benchmark",),
)

_LEVELS = 9
_CLOSE = 1e-9


def _compute(x: Values) -> Mapping[str, Array]:
    x.refuse(x["samples"].ndim > 0, "the number of samples is not uncertain", "one whole number")
    problems = _problems(x)
    found = _picked(x, problems, int(x.one("samples")))
    if x.has("budgets"):
        found |= _over_budgets(x, problems)
    return found


@dataclass(frozen=True, slots=True)
class _Problems:
    """How hard the problems are, the same for every number of samples: `()` or `(draws,)`, shares with cells last.

    `drawn` are the benchmark's problems in each draw, None where their number is not known or nothing is drawn.
    """

    measured: Array
    mean: Array
    shape: Array
    solvable: Array
    shares: Array
    drawn: Drawn | None


def _problems(x: Values) -> _Problems:
    measured = _own(x, "pass_at_1")
    x.refuse(measured is None, "the share solved by one try is missing", "pass_at_1, or a solver that has it")
    assert measured is not None
    once = measured / 100
    # of one try's failures a part is on problems that stay unsolved: the scale stays right for a model near 0 or 1
    solvable = 1 - x["stuck"] * (1 - once)
    mean = np.clip(once / solvable, _CLOSE, 1 - _CLOSE)
    mean, shape, solvable = np.broadcast_arrays(mean, x["concentration"] * mean, solvable)
    shares = weights(mean, shape)
    taken = None
    if x.draws is not None and x.has("benchmark.problems"):
        # the first cell takes the unsolvable ones
        held = np.broadcast_to(shares * solvable[..., None], (x.draws, shares.shape[-1])).copy()
        held[:, 0] += 1 - held.sum(axis=1)
        taken = drawn(held, [cells()], int(np.max(x["benchmark.problems"])), x.seed)
    return _Problems(measured, mean, shape, solvable, shares, taken)


def _own(x: Values, name: str) -> Array | None:
    """An input of the user, or the measured model's; what is set by hand is not mixed with another model's row."""
    if x.has(name):
        return x[name]
    by_hand = x.has("pass_at_1") and name != "pass_at_1"
    return x[f"solver.{name}"] if x.has(f"solver.{name}") and not by_hand else None


def _over_budgets(x: Values, problems: _Problems) -> dict[str, Array]:
    """The same at each compute budget of a problem: as many whole samples as it pays for."""
    flop = _flop_of_sample(x)
    x.refuse(flop is None, "budgets need the compute of a sample", "parameters and tokens_per_sample")
    assert flop is not None
    # how many samples a budget pays for is a plan: it is made with the central number of tokens
    samples = np.floor(x["budgets"] / float(np.median(flop)) * (1 + 1e-9)).astype(int)
    x.refuse(
        np.any(samples < 1),
        "a budget pays for less than one sample",
        f"at least {float(np.median(flop)):.3g} FLOP",
        f"{float(x['budgets'].min()):.3g}",
    )
    samples = np.minimum(samples, MAX_VOTES)
    each = {n: _picked(x, problems, n) for n in sorted(set(samples.tolist()))}
    found = {"budget": x["budgets"], "budget_samples": samples.astype(float)}
    for name, output in (
        ("majority_vote", "budget_error_vote"),
        ("best_of_n", "budget_error_best"),
        ("coverage", "budget_error_any"),
    ):
        if name in each[int(samples[0])]:
            values = [100 - each[int(n)][name] for n in samples]
            found[output] = np.stack(np.broadcast_arrays(*values), axis=-1)
    return found


def _flop_of_sample(x: Values) -> Array | None:
    parameters = _own(x, "parameters")
    if parameters is None or not x.has("tokens_per_sample"):
        return None
    return 2 * parameters * x["tokens_per_sample"]


def _picked(x: Values, problems: _Problems, n: int) -> dict[str, Array]:
    """What n samples score, as a run on the benchmark's problems would show it where they are drawn."""
    picked: dict[str, Array] = {"majority_vote": _by_level(x["rival"], lambda rival: _vote(n, rival))}
    if x.has("verifier_auc"):
        auc = x["verifier_auc"]
        x.refuse(
            auc.ndim > 0 and x["rival"].ndim > 0,
            "two uncertain inputs of the picking",
            "rival or verifier_auc",
        )
        picked["best_of_n"] = _by_level(auc, lambda level: _best_of(n, level))
        picked["weighted_vote"] = (
            _by_level(auc, lambda level: _weighted(n, x.one("rival"), level))
            if x["rival"].ndim == 0
            else _by_level(x["rival"], lambda rival: _weighted(n, rival, float(auc)))
        )
    found = {name: problems.solvable * _expected(problems.shares, chance) for name, chance in picked.items()}
    found["coverage"] = problems.solvable * coverage(problems.mean, problems.shape, np.asarray(float(n)))
    if problems.drawn is not None:
        picked["coverage"] = -np.expm1(n * np.log1p(-np.minimum(cells(), 1 - 1e-12)))
        found = {
            name: np.clip(value + problems.drawn.stray(picked[name]), 0, 1) for name, value in found.items()
        }
    found = {name: 100 * value for name, value in found.items()}
    found["gain"] = found["majority_vote"] - problems.measured
    flop = _flop_of_sample(x)
    if flop is not None:
        found["flop_per_problem"] = flop * n
    return found


def _expected(shares: Array, chance: Array) -> Array:
    return np.asarray(np.einsum("...c,...c", shares, chance))


def _weighted(n: int, rival: float, auc: float) -> Array:
    """The vote of the accepted, at the threshold half-way between the two scores."""
    from scipy.special import ndtr

    half = d_prime(auc) / 2
    return _vote(n, rival, float(ndtr(half)), float(ndtr(-half)))


@lru_cache(maxsize=256)
def _vote(n: int, rival: float, sensitivity: float = 1.0, false_alarm: float = 1.0) -> Array:
    # kept: the point, the draws and other models of the same samples ask for the same cells
    return _fixed(vote(cells(), n, rival, sensitivity=sensitivity, false_alarm=false_alarm))


@lru_cache(maxsize=256)
def _best_of(n: int, auc: float) -> Array:
    return _fixed(best_of(cells(), n, auc))


def _fixed(found: Array) -> Array:
    found.setflags(write=False)
    return found


def _by_level(value: Array, chance: Callable[[float], Array]) -> Array:
    """`chance` `(cells,)` for one value; for many, `(draws, cells)`, read between nine levels of it."""
    if value.ndim == 0 or np.ptp(value) == 0:
        return chance(float(value.flat[0]))
    levels = np.linspace(value.min(), value.max(), _LEVELS)
    table = np.stack([chance(float(level)) for level in levels])
    place = (value - levels[0]) / (levels[1] - levels[0])
    below = np.clip(place.astype(int), 0, _LEVELS - 2)
    part = (place - below)[:, None]
    return np.asarray(table[below] * (1 - part) + table[below + 1] * part)


REPEATED_SAMPLING = Model(
    "repeated-sampling",
    Phrase("多次采样与选择：表决、验证器与覆盖率", "repeated sampling: vote, verifier and coverage"),
    "scaling",
    (
        Input(
            "pass_at_1",
            "%",
            Phrase("单次作答正确率", "share solved by one try; the solver's own if not given"),
            low=0,
            high=100,
            optional=True,
        ),
        Input(
            "budgets",
            "FLOP",
            Phrase("每题推理算力预算", "compute budgets of a problem, for curves"),
            low=1,
            many=True,
            optional=True,
        ),
        Input(
            "samples",
            "x",
            Phrase("采样次数", "samples of a problem"),
            low=1,
            high=MAX_VOTES,
            whole=True,
            default=64,
        ),
        Input(
            "concentration",
            "x",
            Phrase("难度分布的集中度", "concentration of difficulty: a + b of the Beta distribution"),
            low=1e-3,
            high=1e3,
        ),
        Input(
            "stuck",
            "ratio",
            Phrase(
                "单次失败中属于始终解不出之题的比例",
                "share of one try's failures that is on problems no number of samples solves",
            ),
            low=0,
            high=1,
            default=0,
        ),
        Input(
            "rival",
            "ratio",
            Phrase("错误答案中最常见者的比例", "share of wrong samples that agree on one rival answer"),
            low=0,
            high=1,
            default=0,
        ),
        Input(
            "verifier_auc",
            "ratio",
            Phrase("验证器AUC", "chance that the verifier scores a right sample above a wrong one"),
            low=0.5,
            high=0.9999,
            optional=True,
        ),
        Input(
            "parameters", "parameters", Phrase("激活参数量", "parameters a token uses"), low=1, optional=True
        ),
        Input(
            "tokens_per_sample",
            "tokens",
            Phrase("每次作答的token数", "tokens of one sample"),
            low=1,
            optional=True,
        ),
    ),
    (
        Output(
            "majority_vote", "%", Phrase("多数表决正确率（cons@k）", "share solved by majority vote (cons@k)")
        ),
        Output(
            "weighted_vote",
            "%",
            Phrase("经验证器筛选后表决的正确率", "share solved by the vote of what the verifier accepts"),
        ),
        Output(
            "best_of_n", "%", Phrase("取验证器最高分的正确率", "share solved by the verifier's best sample")
        ),
        Output("coverage", "%", Phrase("覆盖率（pass@k）", "share solved by at least one sample (pass@k)")),
        Output("gain", "%", Phrase("表决相对单次的提高", "majority vote less one try")),
        Output(
            "flop_per_problem",
            "FLOP",
            Phrase("每题推理算力", "inference compute of a problem, attention left out"),
        ),
        Output("budget", "FLOP", Phrase("每题推理算力", "compute of a problem"), many=True),
        Output(
            "budget_samples", "x", Phrase("预算内的采样次数", "samples that each budget pays for"), many=True
        ),
        Output(
            "budget_error_vote",
            "%",
            Phrase("多数表决的错误率", "share not solved by majority vote, at each budget"),
            many=True,
        ),
        Output(
            "budget_error_best",
            "%",
            Phrase(
                "取验证器最高分的错误率", "share not solved by the verifier's best sample, at each budget"
            ),
            many=True,
        ),
        Output(
            "budget_error_any",
            "%",
            Phrase("任一样本皆未解出的比例", "share not solved by any sample, at each budget"),
            many=True,
        ),
    ),
    _compute,
    formula="p ~ Beta(mean pass@1 / solvable, concentration) over the solvable problems, solvable = 1 − stuck · (1 − pass@1); vote: exact chance that the right answer leads n votes; best of n: ∫ n·p·φ(s − d')·F^(n−1) ds, AUC = Φ(d'/√2); coverage: 1 − E[(1 − p)^n]; 2 · parameters · tokens · n FLOP",
    source="self-consistency: Wang et al., arXiv 2203.11171; repeated sampling: Brown et al., arXiv 2407.21787; scores: Green and Swets (1966)",
    records={"benchmark": BENCHMARK, "solver": SOLVER},
)
