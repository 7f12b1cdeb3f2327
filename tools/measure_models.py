"""Measures the models on the study's published numbers and prints it; `--write` puts it into docs/reference/model-accuracy.md."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from waferline.build.models import validated
from waferline.models.assumptions import fitted_constants, read_assumptions
from waferline.models.registry import MODELS

ROOT = Path(__file__).parent.parent
STUDY = ROOT / "studies" / "semiconductors"
PAGE = ROOT / "docs" / "reference" / "model-accuracy.md"
# What calculators of the field published about their own error, each on its own cases: an anchor, not a comparison.
ANCHORS = (
    ("calculon", "batch time of training", "mean 3.65 %, worst 8.87 %"),
    ("GenZ", "inference", "5.82 % geometric mean"),
    ("Vidur", "inference, with profiles of the device", "below 9 % claimed"),
    ("a fixed roofline", "time per output token", "47.7 %"),
)


def page() -> str:
    """The page as Markdown."""
    found = validated(STUDY, None)
    constants = [
        (model.name, name, rows)
        for model in MODELS
        for name, rows in fitted_constants(read_assumptions(STUDY, model))
    ]
    lines = [
        "# How far off the models are",
        "<!-- Made by tools/measure_models.py from the study's cases; run it with --write instead of editing. -->",
        "",
        "Each published number is set beside what the model gives for its inputs. *arithmetic*: the answer follows from the",
        "printed inputs; *prediction*: the model could be wrong. Priors, exact inputs, forecasts and rows to keep are not scored.",
        "*In the interval* counts predictions, not used for fitting, whose 80 % interval holds the published number.",
        "",
        *_table(found.summary_header, found.summary),
        "",
        f"## Constants that were fitted: {len(constants)}",
        "",
        *_table(("model", "constant", "set on"), constants),
        "",
        "## What others publish",
        "",
        *_table(("calculator", "of what", "error"), ANCHORS),
        "",
        "## Every case",
        "",
        *_table(found.header, found.rows),
    ]
    return "\n".join(lines) + "\n"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return ["| " + " | ".join(header) + " |", "|" + "---|" * len(header), *body]


def main() -> None:
    """Prints or writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    text = page()
    if parser.parse_args().write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
