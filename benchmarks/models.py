"""The model of serving on published throughputs, beside llm-analysis on those it can answer.

    python -m venv peer && peer/bin/pip install llm-analysis
    python benchmarks/models.py --peer peer/bin/python     # prints the tables; --write puts them into docs/benchmarks.md

`serving.csv` holds the rows that constants were set on, those left out of the fit, and rows never looked at in it;
MLPerf's rows are read in the study's evidence. llm-analysis runs with the shares it uses in its own examples, 0.7 of
the peak and 0.9 of the bandwidth, on the dense models it can describe; both get the same rows, and each is timed on
one row at a time without imports; Waferline's time includes reading its tables and priors, llm-analysis's does not.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from page import machine, write_section

from waferline.errors import BadInput
from waferline.models.compute.inference import INFERENCE
from waferline.models.running import run

ROOT = Path(__file__).parent.parent
STUDY = ROOT / "studies" / "semiconductors"
ROWS = Path(__file__).parent / "serving.csv"
MLPERF = STUDY / "evidence" / "raw" / "mlperf_inference.csv"
# MLPerf's accelerators in the study's table, the precision they ran in, and how many hold Llama-2 70B in it.
MLPERF_CHIPS = {
    "NVIDIA H100-SXM-80GB": ("H100", "fp8", 2),
    "NVIDIA H200-SXM-141GB": ("H200", "fp8", 1),
    "NVIDIA B200-SXM-180GB": ("B200", "fp4", 1),
    "NVIDIA GB200": ("GB200", "fp4", 1),
    "AMD Instinct MI300X 192GB HBM3": ("MI300X", "fp8", 1),
    "AMD Instinct MI325X 256GB HBM3e": ("MI325X", "fp8", 1),
}
MLPERF_ANSWER = 294.45  # mean tokens of an answer in the rules' reference
NUMBERS = ("kv_bytes", "batch", "tensor_parallel", "expert_parallel", "input_tokens", "output_tokens")
PEER_CHIPS = {"A100-80GB": "a100-sxm-80gb", "H100": "h100-sxm-80gb"}
PEER_PRECISIONS = {"fp16": "w16a16e16", "fp8": "w8a8e16"}
DRAWS = 2048

_PEER = r"""
import json, logging, sys, time
from llm_analysis.analysis import LLMAnalysis
from llm_analysis.config import ModelConfig, ParallelismConfig, get_dtype_config_by_name, get_gpu_config_by_name
from llm_analysis.logger import logger
logger.setLevel(logging.ERROR)
answers = []
for row in json.load(sys.stdin):
    model = ModelConfig(name="row", num_layers=row["layers"], n_head=row["heads"], hidden_dim=row["hidden"],
        vocab_size=row["vocab"], max_seq_len=100000, num_key_value_heads=row["kv_heads"],
        ffn_embed_dim=row["inner"], expansion_ratio=row["inner"] / row["hidden"], model_type=row["type"])
    chip, kinds = get_gpu_config_by_name(row["chip"]), get_dtype_config_by_name(row["precision"])
    start = time.perf_counter()
    try:
        found = LLMAnalysis(model, chip, kinds, ParallelismConfig(tp_size=row["tp"]), flops_efficiency=0.7,
            hbm_memory_efficiency=0.9).inference(batch_size_per_gpu=row["batch"], seq_len=row["input"],
            num_tokens_to_generate=row["output"], kv_cache_dtype_bytes=row["kv_bytes"])
    except Exception as error:
        answers.append({"error": f"{type(error).__name__}: {error}"[:200]})
        continue
    seconds = time.perf_counter() - start
    first = found["prefill_latency"]
    whole = first + found["total_decode_latency"]
    value = first * 1e3 if row["what"] == "ttft" else row["batch"] * row["output"] / whole / row["tp"]
    answers.append({"value": value, "seconds": seconds})
print(json.dumps(answers))
"""


@dataclass(frozen=True)
class Row:
    """A published number with what it was measured on."""

    set: str
    inputs: dict[str, object]
    output: str
    published: float


@dataclass(frozen=True)
class Answer:
    """What was predicted, the 80 % interval, and the seconds of one evaluation."""

    row: Row
    value: float
    low: float
    high: float
    seconds: float

    @property
    def miss(self) -> float:
        """How far off, as a part of the published number."""
        return self.value / self.row.published - 1


def published() -> list[Row]:
    """Every row of serving.csv."""
    with ROWS.open(encoding="utf-8") as file:
        return [_row(each) for each in csv.DictReader(file)]


def _row(each: dict[str, str]) -> Row:
    inputs: dict[str, object] = {name: float(each[name]) for name in NUMBERS if each[name]}
    inputs |= {name: each[name] for name in ("chip", "precision", "architecture")}
    if each["most_requests"]:
        inputs["max_batch"] = min(2048.0, float(each["most_requests"]) / float(each["expert_parallel"]))
        inputs |= {"expert_balance": "unbalanced"}
    return Row(each["set"], inputs, each["output"], float(each["published"]))


def mlperf() -> list[Row]:
    """Llama-2 70B offline of MLPerf 5.1, closed division, for a chip.

    The rules cap prompts at 1,024 tokens and do not print their mean: 100 to 500 is assumed. Every instance takes as few chips as hold the weights.
    """
    found = []
    with MLPERF.open(encoding="utf-8") as file:
        for each in csv.DictReader(file):
            known = MLPERF_CHIPS.get(each["accelerator"])
            asked = (each["round"], each["benchmark"], each["scenario"], each["division"])
            if known and asked == ("v5.1", "llama2-70b-99", "Offline", "closed"):
                inputs: dict[str, object] = {
                    "chip": known[0], "precision": known[1], "architecture": "Llama-2-70B", "kv_bytes": 1,
                    "tensor_parallel": known[2], "output_tokens": MLPERF_ANSWER,
                    "input_tokens": {"low": 100, "high": 500},
                }  # fmt: skip
                per_chip = float(each["value"]) / float(each["total_accelerators"])
                found.append(Row(f"MLPerf 5.1, {known[0]}", inputs, "output_per_chip", per_chip))
    return found


def answered(rows: Sequence[Row]) -> list[Answer]:
    """The model's answer to each row; one it refuses is left out and told on standard error."""
    found = []
    for row in rows:
        try:
            start = time.perf_counter()
            value = run(INFERENCE, STUDY, row.inputs).value(row.output)
            seconds = time.perf_counter() - start
            drawn = run(INFERENCE, STUDY, row.inputs, draws=DRAWS)
        except BadInput as error:
            print(f"{row.set}: {error}", file=sys.stderr)
            continue
        found.append(Answer(row, value, *drawn.interval(row.output), seconds))
    return found


def peer(python: str, rows: Sequence[Row]) -> list[tuple[Row, float, float]]:
    """llm-analysis's answers to the rows it can describe: value and seconds."""
    asked = [row for row in rows if _peer_row(row) is not None]
    done = subprocess.run(
        [python, "-c", _PEER], input=json.dumps([_peer_row(row) for row in asked]), text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    answers = json.loads(done.stdout.splitlines()[-1])
    for row, answer in zip(asked, answers, strict=True):
        if "error" in answer:
            print(f"llm-analysis on {row.inputs}: {answer['error']}", file=sys.stderr)
    return [
        (row, answer["value"], answer["seconds"])
        for row, answer in zip(asked, answers, strict=True)
        if "value" in answer
    ]


def _peer_row(row: Row) -> dict[str, object] | None:
    point = row.inputs
    chip, precision = PEER_CHIPS.get(str(point["chip"])), PEER_PRECISIONS.get(str(point["precision"]))
    if chip is None or precision is None or "batch" not in point:
        return None
    shape = run(INFERENCE, STUDY, {**point}).assumptions
    fields = {
        key: int(shape[f"architecture.{name}"].value.central)  # type: ignore[union-attr]
        for key, name in (
            ("layers", "layers"), ("heads", "heads"), ("hidden", "hidden"), ("vocab", "vocab"),
            ("kv_heads", "kv_heads"), ("ffn", "ffn"), ("matrices", "ffn_matrices"),
        )
    }  # fmt: skip
    whole = {
        key: int(float(str(point[name])))
        for key, name in (("batch", "batch"), ("tp", "tensor_parallel"), ("input", "input_tokens"),
                          ("output", "output_tokens"), ("kv_bytes", "kv_bytes"))
    }  # fmt: skip
    # it counts two matrices of a feed-forward layer: a gated one gets the inner width that has the same weights
    fields["inner"] = fields.pop("ffn") * fields.pop("matrices") // 2
    kind = (
        "gptj" if fields["kv_heads"] == fields["heads"] and "GPT" in str(point["architecture"]) else "llama"
    )
    return {**fields, **whole, "type": kind, "chip": chip, "precision": precision, "what": row.output}


def _line(name: str, found: Sequence[Answer]) -> str:
    misses = sorted(abs(each.miss) for each in found)
    held = sum(each.low <= each.row.published <= each.high for each in found)
    over = median(each.miss for each in found)
    return f"| {name} | {len(found)} | {median(misses):.0%} | {over:+.0%} | {misses[-1]:.0%} | {held} of {len(found)} |"


def section(found: Sequence[Answer], other: Sequence[tuple[Row, float, float]]) -> str:
    """The section of the page."""
    groups: dict[str, list[Answer]] = {}
    for each in found:
        groups.setdefault(each.row.set, []).append(each)
    lines = [
        "## Serving models",
        "",
        "Published throughputs and first-token latencies beside `waferline model run inference`, with the study's priors by family of chips and nothing set for a row.",
        "*fitted* rows set the constants, *left out* rows were known not to suit them before, all others were never used.",
        "",
        "| rows | number | median error | signed | worst | in the 80 % interval |",
        "|---|---|---|---|---|---|",
        *(_line(name, group) for name, group in groups.items()),
        "",
        "MLPerf prints no mean length of prompts; 100 to 500 tokens are assumed, so its rows test little more than the order of chips.",
        "",
    ]
    if other:
        both = {id(row): (value, seconds) for row, value, seconds in other}
        ours = [each for each in found if id(each.row) in both]
        theirs = [(each.row, *both[id(each.row)]) for each in ours]
        lines += [
            "Beside llm-analysis 0.2.2 on the dense rows it can describe, with 0.7 of the peak and 0.9 of the bandwidth as in its examples (it knows no MLA, FP4 or expert exchange). Waferline's time includes reading its tables and priors:",
            "",
            "| rows | calculator | number | median error | worst | ms for one configuration |",
            "|---|---|---|---|---|---|",
        ]
        for name in dict.fromkeys(each.row.set for each in ours):
            mine = [each for each in ours if each.row.set == name]
            misses = sorted(abs(each.miss) for each in mine)
            speed = median(each.seconds for each in mine) * 1e3
            lines.append(
                f"| {name} | Waferline | {len(mine)} | {median(misses):.0%} | {misses[-1]:.0%} | {speed:.1f} |"
            )
            rest = sorted(abs(value / row.published - 1) for row, value, _ in theirs if row.set == name)
            speed = median(seconds for row, _, seconds in theirs if row.set == name) * 1e3
            lines.append(
                f"| {name} | llm-analysis | {len(rest)} | {median(rest):.0%} | {rest[-1]:.0%} | {speed:.1f} |"
            )
        rate, each_s = _over_draws()
        lines += [
            "",
            f"Over draws Waferline evaluates {rate:,.0f} configurations a second ({each_s * 1e6:.1f} µs each, whole frontier included).",
            "",
        ]
    return "\n".join([*lines, *machine("benchmarks/models.py --peer PYTHON --write")])


def _over_draws() -> tuple[float, float]:
    inputs = {"expert_parallel": 144, "redundant_experts": 32, "batch": 12_000}
    start = time.perf_counter()
    run(INFERENCE, STUDY, inputs, draws=100_000)
    seconds = (time.perf_counter() - start) / 100_000
    return 1 / seconds, seconds


def main() -> None:
    """Measure, print, and write if asked to."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peer", metavar="PYTHON", help="an interpreter that has llm-analysis")
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    rows = published()
    found = answered(rows + mlperf())
    other = peer(given.peer, rows) if given.peer else []
    text = section(found, other)
    print(text)
    fitted = [abs(each.miss) for each in found if each.row.set == "fitted"]
    if median(fitted) > 0.15:
        raise SystemExit("the constants no longer fit the rows they were set on")
    if given.write:
        write_section(text)


if __name__ == "__main__":
    main()
