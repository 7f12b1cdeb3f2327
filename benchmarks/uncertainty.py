"""Draws and sensitivities of 100 nodes beside squigglepy, SALib and plain NumPy: 40 lognormal inputs, 60 of arithmetic.

    python -m venv peer && peer/bin/pip install squigglepy SALib
    python benchmarks/uncertainty.py --peer peer/bin/python     # prints the table; --write puts it into docs/benchmarks.md

Every way gives mean, variance and the 10 % and 90 % quantiles of the last node. The means have to agree, and so do the
Sobol indices. Wall clock and processor time are both taken, the better of three; where other work runs on the machine
only the second says much.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from page import machine, write_section

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.models.running import run
from waferline.models.uncertainty.sensitivity import sensitivity
from waferline.models.uncertainty.sobol import Part, indices
from waferline.quantity.relations.base import Phrase

INPUTS, DRAWS, AT_POINTS, POINTS = 40, 2**21, 2**20, 2**14
P = Phrase("数", "a number")
# the 10 % and 90 % points of each input
RANGES = [(1 + i / 10, (1 + i / 10) * (1.2 + i / 50)) for i in range(INPUTS)]

_NODES = '''
def last_node(x):
    """20 products, 20 ratios, 20 sums: 60 nodes, the last of which hangs on all inputs."""
    products = [x[2 * i] * x[2 * i + 1] for i in range(20)]
    ratios = [products[i] / x[(2 * i + 7) % 40] for i in range(20)]
    total = ratios[0]
    for i in range(1, 20):
        total = total + ratios[i]
    return total * 0.5
'''
_SCOPE: dict[str, Callable[[Sequence[Array]], Array]] = {}
exec(_NODES, _SCOPE)  # the same text runs in the peers' interpreter
last_node = _SCOPE["last_node"]

_TIMED = """
import json, sys, time
import numpy as np
def timed(work):
    best = None
    for _ in range(3):
        wall, cpu = time.perf_counter(), time.process_time()
        value = work()
        taken = [time.perf_counter() - wall, time.process_time() - cpu]
        best = taken if best is None else [min(a, b) for a, b in zip(best, taken)]
    return {"wall": best[0], "cpu": best[1], "value": value}
def told(y):
    return [float(y.mean()), float(y.var()), *map(float, np.quantile(y, [0.1, 0.9]))]
"""
_SCOPE_TIMED: dict[str, Callable] = {}  # type: ignore[type-arg]
exec(_TIMED, _SCOPE_TIMED)
timed, told = _SCOPE_TIMED["timed"], _SCOPE_TIMED["told"]

_PEER = (
    _TIMED
    + _NODES
    + """
import squigglepy as sq
from SALib.analyze import sobol as analyze
from SALib.sample import sobol as sample
asked = json.load(sys.stdin)
ranges, draws, points = asked["ranges"], asked["draws"], asked["points"]
z90 = 1.2815515655446004
mu = [(np.log(a) + np.log(b)) / 2 for a, b in ranges]
sigma = [(np.log(b) - np.log(a)) / 2 / z90 for a, b in ranges]
def squiggle():
    return told(last_node([sq.sample(sq.lognorm(a, b, credibility=80), n=draws) for a, b in ranges]))
def plain():
    g = np.random.default_rng(0)
    return told(last_node([g.lognormal(m, s, draws) for m, s in zip(mu, sigma)]))
def salib():
    problem = {"num_vars": len(ranges), "names": [f"x{i}" for i in range(len(ranges))],
               "bounds": [[m, s] for m, s in zip(mu, sigma)], "dists": ["lognorm"] * len(ranges)}
    x = sample.sample(problem, points, calc_second_order=False, seed=0)
    found = analyze.analyze(problem, last_node(list(x.T)), calc_second_order=False, num_resamples=100, seed=0)
    return [list(map(float, found["S1"])), list(map(float, found["ST"]))]
print(json.dumps({"squigglepy": timed(squiggle), "NumPy": timed(plain), "SALib": timed(salib)}))
"""
)


def _model() -> Model:
    names = [f"x{i}" for i in range(INPUTS)]

    def compute(x: Values) -> Mapping[str, Array]:
        return {"last": last_node([x[name] for name in names])}

    inputs = tuple(Input(name, "x", P, low=0) for name in names)
    return Model("hundred-nodes", P, "test", inputs, (Output("last", "x", P),), compute, "", "")


MODEL = _model()
SETTINGS = {
    f"x{i}": {"low": low, "central": float(np.sqrt(low * high)), "high": high, "shape": "lognormal"}
    for i, (low, high) in enumerate(RANGES)
}


class _Function:
    """The same nodes as a function of factors, for the indices alone."""

    def part(self, dimension: int, u: Array) -> Part:
        """A lognormal input."""
        from scipy.special import ndtri

        low, high = np.log(RANGES[dimension])
        return {"x": np.exp((low + high) / 2 + ndtri(u) * (high - low) / 2 / 1.2815515655446004)}

    def output(self, parts: Sequence[Part]) -> Array:
        """The last node."""
        return last_node([each["x"] for each in parts])


def _streamed(threads: int) -> list[float]:
    found = run(MODEL, None, SETTINGS, draws=DRAWS, threads=threads).summaries["last"]
    return [found.mean, found.variance, found.quantile(0.1), found.quantile(0.9)]


def _points(threads: int) -> list[float]:
    return told(run(MODEL, None, SETTINGS, draws=AT_POINTS, randomisations=16, threads=threads).draws["last"])


def _indices(threads: int) -> list[list[float]]:
    found = indices(_Function(), INPUTS, points=POINTS, randomisations=2, threads=threads)
    return [found.first.tolist(), found.total.tolist()]


def _sensitivity() -> float:
    return sensitivity(MODEL, None, SETTINGS, points=POINTS, randomisations=8, threads=2).mean


def measured(python: str) -> dict[str, dict]:  # type: ignore[type-arg]
    """Wall and processor seconds of each way, and what it gave."""
    ways = {
        "stream": timed(lambda: _streamed(1)),
        "stream 2": timed(lambda: _streamed(2)),
        "points": timed(lambda: _points(1)),
        "points 2": timed(lambda: _points(2)),
        "indices": timed(lambda: _indices(1)),
        "indices 2": timed(lambda: _indices(2)),
        "all": timed(_sensitivity),
    }
    asked = json.dumps({"ranges": RANGES, "draws": DRAWS // 4, "points": POINTS})
    done = subprocess.run([python, "-c", _PEER], input=asked, text=True, capture_output=True, check=True)
    return ways | json.loads(done.stdout.splitlines()[-1])


def checked(found: dict[str, dict]) -> None:  # type: ignore[type-arg]
    """Exits unless all ways say the same."""
    exact = found["stream"]["value"]
    for way in ("stream 2", "points", "squigglepy", "NumPy"):
        if not np.allclose(found[way]["value"], exact, rtol=0.02):
            raise SystemExit(f"{way} gives {found[way]['value']}, the stream {exact}")
    if any(found[way]["value"] != found[f"{way} 2"]["value"] for way in ("stream", "points", "indices")):
        raise SystemExit("threads change the result")
    apart = np.abs(np.subtract(found["indices"]["value"], found["SALib"]["value"])).max()
    if apart > 0.02:
        raise SystemExit(f"the indices are {apart:.3f} from SALib's")


def section(found: dict[str, dict]) -> str:  # type: ignore[type-arg]
    """The section of the page."""
    rows = (
        ("Waferline, stream, one thread", "stream", DRAWS),
        ("Waferline, stream, two threads", "stream 2", DRAWS),
        ("Waferline, 16 × 2¹⁶ scrambled Sobol points, one thread", "points", AT_POINTS),
        ("Waferline, 16 × 2¹⁶ scrambled Sobol points, two threads", "points 2", AT_POINTS),
        ("plain NumPy, all held", "NumPy", DRAWS // 4),
        ("squigglepy, all held", "squigglepy", DRAWS // 4),
    )
    best = DRAWS / found["stream"]["cpu"]
    lines = [
        "## Uncertainty",
        "",
        "100 nodes: 40 lognormal inputs and 60 of arithmetic; mean, variance and two quantiles of the last. Aims on two free cores: 2.5 million draws a second, 1.5 million at Sobol points; twice the third column is what two free cores would give.",
        "",
        "| way | million draws a second | million a second of processor time | the stream takes |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, way, draws in rows:
        wall, cpu = found[way]["wall"], found[way]["cpu"]
        part = "" if way.startswith("stream") else f"1/{best / (draws / cpu):.1f} of its processor time"
        lines.append(f"| {name} | {draws / wall / 1e6:.2f} | {draws / cpu / 1e6:.2f} | {part} |")
    lines += [
        "",
        "First and total Sobol indices of the 40 inputs at 2¹⁴ points. SALib takes one set of points and 100 resamples for its error; Waferline two sets, whose scatter is the error. Aim: under 1 second.",
        "",
        "| way | evaluations | seconds | seconds of processor time |",
        "| --- | ---: | ---: | ---: |",
    ]
    one = POINTS * (INPUTS + 2)
    for name, way, count in (
        ("Waferline, two randomisations, one thread", "indices", 2 * one),
        ("Waferline, two randomisations, two threads", "indices 2", 2 * one),
        (
            "Waferline, all of `sensitivity`: 8 randomisations, Shapley effects, tornado, ranks",
            "all",
            8 * (one + POINTS * (INPUTS + 1)),
        ),
        ("SALib", "SALib", one),
    ):
        lines.append(f"| {name} | {count:,} | {found[way]['wall']:.2f} | {found[way]['cpu']:.2f} |")
    return "\n".join([*lines, "", *machine("benchmarks/uncertainty.py --peer PYTHON --write")])


def main() -> None:
    """Measure, check that all agree, print, and write if asked to."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peer", metavar="PYTHON", required=True, help="one that has squigglepy and SALib")
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    found = measured(given.peer)
    checked(found)
    text = section(found)
    print(text)
    if given.write:
        write_section(text)


if __name__ == "__main__":
    main()
