"""This module holds the commands on models: list, show, run, and their validation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from waferline.cli.options import DEFAULT_STUDY, DayOption, FormatOption, StudyOption, day_of, one_of
from waferline.cli.printing import show, table
from waferline.errors import BadInput

model_app = typer.Typer(no_args_is_help=True, help="Run the models of the study on its assumptions or yours.")
scenario_app = typer.Typer(no_args_is_help=True, help="Set the scenarios of a model side by side.")
FORMS = ("table", "json", "csv")
SettingsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="An input: tokens='14.8 tn tokens', chip=H800, utilisation=0.3..0.38..0.45.",
    ),
]
SeedOption = Annotated[int, typer.Option(min=0, help="The same seed gives the same numbers.")]
ThreadsOption = Annotated[int, typer.Option(min=1, max=64, help="Does not change the numbers.")]
ScenarioOption = Annotated[str | None, typer.Option(help="Inputs replaced by a scenario of the study.")]


@model_app.command("list")
def model_list(output: FormatOption = "table") -> None:
    """List the models."""
    from waferline.models.registry import MODELS

    rows = [(each.name, each.family, each.title.en, each.title.zh) for each in MODELS]
    show(("model", "family", "what it gives", "（中文）"), rows, output)


@model_app.command("show")
def model_show(
    name: str,
    study: StudyOption = DEFAULT_STUDY,
    as_of: DayOption = None,
    output: FormatOption = "table",
) -> None:
    """Show a model: formula, source, inputs with the study's values and their sources, outputs, validation."""
    from waferline.build.models import described

    output = one_of(output, FORMS, "--format")
    told = described(name, study, day_of(as_of))
    if output == "json":
        print(json.dumps(told.record(), ensure_ascii=False, indent=1))
        return
    if output == "csv":
        show(told.input_header, told.inputs, output)
        return
    print(f"{told.name}: {told.title}\n{told.formula}\nSource: {told.source}")
    for title, header, rows in told.tables():
        if rows:
            print()
            table(header, rows, title)


@model_app.command("run")
def model_run(
    name: str,
    study: StudyOption = DEFAULT_STUDY,
    as_of: DayOption = None,
    settings: SettingsOption = None,
    scenario: ScenarioOption = None,
    draws: Annotated[
        int,
        typer.Option(
            help="Draws of the uncertain inputs; 0 for the point alone; above a million they are streamed."
        ),
    ] = 4096,
    randomisations: Annotated[
        int,
        typer.Option(
            min=0,
            max=64,
            help="Draw as many sets of Sobol points instead, and show the error of the interval's ends.",
        ),
    ] = 0,
    seed: SeedOption = 0,
    threads: ThreadsOption = 1,
    output: FormatOption = "table",
) -> None:
    """Run a model: each output with its 80 % interval, and the inputs with who says so."""
    from waferline.build.models import answered

    output = one_of(output, FORMS, "--format")
    told = answered(
        name, study, day_of(as_of), _settings(settings or []), scenario=scenario, draws=draws, seed=seed,
        randomisations=randomisations, threads=threads,
    )  # fmt: skip
    if output == "json":
        print(json.dumps(told.record(), ensure_ascii=False, indent=1))
        return
    show(told.header, told.rows, output, told.title)
    if output == "table":
        print()
        show(told.input_header, told.inputs, output, "Inputs")
        for remark in told.remarks:
            print(f"Note: {remark}")


@model_app.command("sensitivity")
def model_sensitivity(
    name: str,
    study: StudyOption = DEFAULT_STUDY,
    as_of: DayOption = None,
    wanted: Annotated[
        str | None,
        typer.Option("--output", metavar="OUTPUT", help="The output; the model's first if not given."),
    ] = None,
    settings: SettingsOption = None,
    scenario: ScenarioOption = None,
    points: Annotated[int, typer.Option(help="Points of one randomisation, a power of two.")] = 2**13,
    randomisations: Annotated[
        int, typer.Option(min=2, max=64, help="Their scatter is the numerical error.")
    ] = 8,
    seed: SeedOption = 0,
    threads: ThreadsOption = 1,
    output: FormatOption = "table",
) -> None:
    """Show what an output hangs on: Sobol indices, the output at each input's 10 % and 90 % point, rank correlation."""
    from waferline.build.models import sensed

    output = one_of(output, FORMS, "--format")
    told = sensed(
        name, study, day_of(as_of), _settings(settings or []), output=wanted, scenario=scenario, points=points,
        randomisations=randomisations, seed=seed, threads=threads,
    )  # fmt: skip
    if output == "json":
        print(json.dumps(told.record(), ensure_ascii=False, indent=1))
        return
    show(told.header, told.rows, output, told.title)
    if output == "table":
        print()
        show(told.input_header, told.inputs, output)


@scenario_app.command("compare")
def scenario_compare(
    first: str,
    second: str,
    model: Annotated[str, typer.Option(help="The model whose scenarios they are.")],
    study: StudyOption = DEFAULT_STUDY,
    as_of: DayOption = None,
    settings: SettingsOption = None,
    wanted: Annotated[
        list[str] | None,
        typer.Option(
            "--output", metavar="OUTPUT", help="Only this one; lists by entry. All single ones if not given."
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option(help="Draws that both scenarios share; 0 for the points alone.")
    ] = 4096,
    seed: SeedOption = 0,
    output: FormatOption = "table",
) -> None:
    """Compare two scenarios: each output under both, the difference on common draws, and the inputs that differ."""
    from waferline.build.scenarios import compared

    output = one_of(output, FORMS, "--format")
    told = compared(
        model,
        study,
        day_of(as_of),
        first,
        second,
        _settings(settings or []),
        only=tuple(wanted or ()),
        draws=draws,
        seed=seed,
    )
    if output == "json":
        print(json.dumps(told.record(), ensure_ascii=False, indent=1))
        return
    show(told.header, told.rows, output, told.title)
    if output == "table":
        print()
        show(told.changed_header, told.changed, output, "Inputs that differ")
        for remark in told.remarks:
            print(f"Note: {remark}")


def validate(
    study: StudyOption = DEFAULT_STUDY,
    cases: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON Lines of cases; the study's own if not given.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Only the cases of one model.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only the rows that do not pass.")] = False,
    seed: SeedOption = 0,
    output: FormatOption = "table",
) -> None:
    """Set models beside published numbers: predicted, interval, published, error, pass; exit status 1 if one fails."""
    from waferline.build.models import validated

    output = one_of(output, FORMS, "--format")
    told = validated(study, cases, model=model, seed=seed)
    if output == "json":
        print(json.dumps(told.record(), ensure_ascii=False, indent=1))
    else:
        rows = [
            row for row, passed in zip(told.rows, told.passed, strict=True) if not failed or passed is False
        ]
        show(told.header, rows, output)
        if output == "table":
            print()
            show(told.summary_header, told.summary, output, "By family")
            for line in told.errors:
                print(line)
    if any(passed is False for passed in told.passed):
        raise typer.Exit(1)


def _settings(given: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise BadInput(
                "--set", "not a setting", "NAME=VALUE, for instance tokens='14.8 tn tokens'", repr(each)[:60]
            )
        if name.strip() in found:
            raise BadInput("--set", f"{name.strip()[:60]} is set twice", "each input once")
        found[name.strip()] = value.strip()
    return found
