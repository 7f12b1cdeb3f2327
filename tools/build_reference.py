"""Writes the reference pages that come from the code: relations, expressions, commands, models.

Run it after changing any of them; a test fails when a page and the code differ.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, get_args

import typer.main

from waferline.cli import app
from waferline.models.model import Choice, RecordKind
from waferline.models.registry import MODELS
from waferline.quantity.relations import RELATIONS
from waferline.study.evaluation import LAZY
from waferline.study.report import Chart
from waferline.study.vocabulary import VOCABULARY

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
_MADE = "<!-- Made by tools/build_reference.py from the code; edit the code instead. -->\n"


def relations() -> str:
    """Every relation with its words, its formula and an example."""
    lines = ["# Relations", _MADE, "A relation is the only way to get a number from numbers.", ""]
    lines += ["| name | zh | en | needs | example | result |", "|---|---|---|---|---|---|"]
    for relation in RELATIONS:
        needs = ", ".join(need.name + ("…" if need.many else "") for need in relation.needs)
        inputs = relation.example.inputs
        shown = "; ".join(f"{literal} {unit} ({period})" for literal, unit, period in inputs[:4])
        more = f"; … {len(inputs)} in all" if len(inputs) > 4 else ""
        lines.append(
            f"| `{relation.name}` | {relation.title.zh} | {relation.title.en} | {needs} | {shown}{more} | {relation.example.result} |"
        )
    return "\n".join(lines) + "\n"


def expressions() -> str:
    """Every function of the expression language, and the chart kinds."""
    lines = [
        "# Expressions",
        _MADE,
        "An expression holds calls, names, strings, whole numbers and lists; `a | f(b)` is `f(a, b)`.",
        "A string where a period is wanted is read as one (`2024`, `2024-H1`, `2024-Q4`, `2024-01`, `2024-01-02`).",
        "In a sentence the result must be a quantity, a period or a name; a literal is refused.",
        "",
        "| function | what it gives |",
        "|---|---|",
    ]
    for name, function in sorted(VOCABULARY.items()):
        parameters = list(inspect.signature(function).parameters.values())[1:]
        signature = ", ".join(
            ("*" if p.kind is p.VAR_POSITIONAL else "") + p.name + ("=" if p.kind is p.KEYWORD_ONLY else "")
            for p in parameters
        )
        said = (inspect.getdoc(function) or "").split("\n")[0]
        lines.append(f"| `{name}({signature})` | {said} |")
    for name, said in LAZY.items():
        lines.append(f"| `{name}(…)` | {said} |")
    lines += ["", "Chart kinds: " + ", ".join(f"`{kind}`" for kind in get_args(Chart)) + "."]
    return "\n".join(lines) + "\n"


def commands() -> str:
    """Every command with its options."""
    lines = [
        "# Commands",
        _MADE,
        "Exit status: 0 done, 1 findings or a broken thesis, 2 bad usage or unreadable input.",
        "",
    ]
    root = typer.main.get_command(app)
    for path, command in _leaves(root, "waferline"):
        context = typer.Context(command, info_name=path)
        lines += [
            f"## `{path}`",
            "",
            command.get_short_help_str(200),
            "",
            f"    {command.get_usage(context)[7:]}",
            "",
        ]
        for option in command.params:
            if option.param_type_name == "option":
                default = (
                    f" (default `{option.default}`)" if option.default not in (None, "", (), False) else ""
                )
                lines.append(f"- `{'`, `'.join(option.opts)}`: {option.help or ''}{default}")
        lines.append("")
    return "\n".join(lines)


def _leaves(command: Any, path: str) -> list[tuple[str, Any]]:
    if hasattr(command, "commands"):
        return [leaf for name, inner in command.commands.items() for leaf in _leaves(inner, f"{path} {name}")]
    return [(path, command)]


def models() -> str:
    """Every model with its inputs and outputs, and what a row of each table of records may hold."""
    lines = [
        "# Models",
        _MADE,
        "An input is set by `--set NAME=VALUE`, in a case of `waferline validate` or in `models/NAME.toml` of the study.",
        "A bare number is in the unit given here; `14.8 tn tokens` brings its own; `0.3..0.5` is uniform, "
        "`0.3..0.38..0.45` has one in ten below, the median, one in ten above.",
        "Where nothing is set, the study's assumption holds: `waferline model show NAME` prints it with its source.",
        "",
    ]
    kinds: dict[str, RecordKind] = {}
    for model in MODELS:
        kinds |= {kind.name: kind for kind in model.records.values()}
        lines += [
            f"## `{model.name}`",
            "",
            f"{model.title.en} ({model.title.zh}); family {model.family}.",
            "",
        ]
        lines += [
            f"    {model.formula}",
            "",
            f"Source: {model.source}.",
            "",
            "| input | unit | what |",
            "|---|---|---|",
        ]
        for role, kind in model.records.items():
            lines.append(
                f"| `{role}` | a row of `{kind.file}` | {kind.title.en}; `{role}.FIELD` sets one field |"
            )
        for each in model.inputs:
            if isinstance(each, Choice):
                lines.append(f"| `{each.name}` | {', '.join(each.options)} | {each.title.en} |")
                continue
            told = [each.title.en]
            told += [f"default {each.default:g}"] if each.default is not None else []
            told += ["optional"] if each.optional else []
            told += ["a list"] if each.many else []
            lines.append(f"| `{each.name}` | {each.unit} | {'; '.join(told)} |")
        lines += ["", "| output | unit | what |", "|---|---|---|"]
        lines += [
            f"| `{o.name}` | {o.unit} | {o.title.en}{' (a list)' if o.many else ''} |" for o in model.outputs
        ]
        lines.append("")
    lines += ["# Records", ""]
    for kind in kinds.values():
        lines += [
            f"## `{kind.file}`",
            "",
            f"{kind.title.en}. Texts: name, aliases, {', '.join(kind.words)}, public, source, url, note.",
            "",
        ]
        lines += ["| field | unit | what |", "|---|---|---|"]
        lines += [f"| `{each.name}` | {each.unit} | {each.title.en} |" for each in kind.fields]
        lines.append("")
    return "\n".join(lines)


PAGES = {
    "models.md": models,
    "relations.md": relations,
    "expressions.md": expressions,
    "commands.md": commands,
}


def main() -> None:
    """Writes the pages."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
