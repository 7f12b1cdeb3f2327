"""Every command: its exit status, its output for pipes, and one clear line for each kind of bad input."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from mini_study import FILES, write_study
from rich.cells import cell_len
from rich.console import Console

from waferline.cli import main

OBSERVATIONS = "evidence/observations/a.csv"
MARKET = "chapters/zh/market.md"


class Ran(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def run(tmp_path, monkeypatch, capsys, tmp_path_factory) -> Callable[..., Ran]:
    """`run("check", …)` runs a command in a folder of its own; drawing is the render room's and left out."""
    monkeypatch.chdir(tmp_path)
    cache = tmp_path_factory.getbasetemp() / "cli-cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr(
        "waferline.build.build._rendered",
        lambda report, formats, *_: {f"report.{report.lang}.{kind}": kind.encode() for kind in formats},
    )

    def command(*arguments: object) -> Ran:
        capsys.readouterr()
        try:
            main([str(argument) for argument in arguments])
            status = 0
        except SystemExit as done:
            status = int(done.code or 0)
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return command


@pytest.fixture
def study(tmp_path) -> Path:
    return write_study(tmp_path / "study")


def assert_one_clear_line(ran: Ran, *words: str) -> None:
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1 and ran.err.endswith("\n"), ran.err
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err


# ---- build


def test_build_counts_what_is_missing_in_plain_english(run, study, tmp_path):
    ran = run("build", study, "--as-of", "2025-03-20", "--format", "html", "--out", tmp_path / "out")

    assert "0 exhibits without data, 1 paragraph left out: see build.json." in ran.out.splitlines()


def test_build_writes_each_language_and_format_and_says_where(run, study, tmp_path):
    ran = run(
        "build", study, "--as-of", "2025-03-20", "--lang", "zh,en", "--format", "html,pdf", "--out", "report"
    )

    names = {
        "report.zh.html",
        "report.zh.pdf",
        "report.en.html",
        "report.en.pdf",
        "build.json",
        "timings.json",
    }
    assert {path.name for path in (tmp_path / "report").iterdir()} == names
    assert set(ran.out.splitlines()[4:]) == {str(Path("report") / name) for name in names}
    assert ran.out.startswith("As of 2025-03-20: cycle holds; rating 看好.\n")
    assert [line.split(":")[0] for line in ran.out.splitlines()[2:4]] == [
        "Audit of report.zh",
        "Audit of report.en",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_build_ends_with_0_when_the_report_does_not_contradict_itself(run, study, lang):
    ran = run("build", study, "--as-of", "2025-03-20", "--lang", lang, "--format", "html")

    assert (ran.status, ran.err) == (0, "")


def test_build_ends_with_1_and_says_why_when_the_report_contradicts_itself(run, study):
    market = study / MARKET
    wrong = '，上年为{{ level("sia.sales_year.world", "2022") }}，同比'
    market.write_text(market.read_text("utf-8").replace("，同比", wrong), "utf-8")

    ran = run("build", study, "--as-of", "2025-03-20", "--format", "html")

    assert ran.status == 1
    assert "report.zh: inconsistent (yoy): 6276亿美元 / 5741亿美元 − 1 = 9.32%" in ran.err
    assert str(Path("out") / "report.zh.html") in ran.out


def test_build_says_how_many_exhibits_and_paragraphs_are_missing(run, study):
    ran = run("build", study, "--as-of", "2023-02-02", "--format", "html")

    assert "As of 2023-02-02: cycle unknown" in ran.out
    assert "see build.json" in ran.out


def test_build_takes_the_newest_day_by_default_and_replaces_a_former_build(run, study, tmp_path):
    run("build", study, "--as-of", "2025-03-20", "--format", "html")
    ran = run("build", study, "--format", "pdf")

    assert ran.out.startswith("As of 2026-11-23")
    assert not (tmp_path / "out" / "report.zh.html").exists()


@pytest.mark.parametrize("day", ["2025-3-20", "yesterday", "2025-02-30", "20250320T00", "", "2025"])
def test_a_day_that_is_none_is_refused(run, study, day):
    assert_one_clear_line(run("build", study, "--as-of", day), "--as-of", "2025-03-20")


@pytest.mark.parametrize(
    ("option", "value"),
    [("--lang", "fr"), ("--lang", ""), ("--lang", ","), ("--format", "docx"), ("--format", "html,exe")],
)
def test_an_unknown_choice_lists_the_choices(run, study, option, value):
    assert_one_clear_line(
        run("build", study, option, value), option, "zh, en" if option == "--lang" else "html, pdf"
    )


def test_a_day_before_all_evidence_is_refused_with_nothing_written(run, study, tmp_path):
    for command in (
        ("build", study),
        ("check", study),
        ("series", "show", "sia.sales_year.world", "--study", study),
    ):
        assert_one_clear_line(run(*command, "--as-of", "1999-12-31"), "before all evidence", "2023-02-02")
    assert not (tmp_path / "out").exists()


def test_a_folder_of_something_else_is_refused(run, study, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")

    assert_one_clear_line(run("build", study), "something else than a build")
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_a_read_only_folder_is_refused(run, study, tmp_path, monkeypatch):
    monkeypatch.setattr("waferline.build.output.os.access", lambda path, mode, **_: not mode & os.W_OK)

    assert_one_clear_line(run("build", study), "cannot be written")
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_one_line_and_keeps_the_former_build(run, study, tmp_path, monkeypatch):
    run("build", study, "--as-of", "2025-03-20")
    former = (tmp_path / "out" / "build.json").read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("waferline.build.output.os.fsync", full)
    assert_one_clear_line(run("build", study), "the disk is full")
    assert (tmp_path / "out" / "build.json").read_bytes() == former
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "study"]


def test_a_build_stopped_by_hand_says_that_nothing_was_written(run, study, tmp_path, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("waferline.build.build.record", stop)
    assert_one_clear_line(run("build", study), "nothing was written")
    assert not (tmp_path / "out").exists()


ROW = "sia.sales_year.world,,2023,526.8,USD bn,,,2024-02-05,,2026-11-23,first,,sia-press,,https://example.org/2023\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (OBSERVATIONS, "2024-02-05,,2026", "2024-02-31,,2026", ("a.csv:4:published",)),
        (OBSERVATIONS, "2024-02-05,,2026", "5.2.2024,,2026", ("a.csv:4:published",)),
        (OBSERVATIONS, "series,subject,period,value", "series,subject,period,values", ("a.csv", "value")),
        (OBSERVATIONS, ROW, ROW + ROW.replace("526.8", "526.9"), ("a.csv:4", "two values", "526.8", "526.9")),
        (OBSERVATIONS, "2023,526.8,USD bn", "2023,526.8,USD furlong", ("a.csv:4:unit", "unknown unit")),
        (OBSERVATIONS, "2023,526.8", "2O23,526.8", ("a.csv:4:period",)),
        (OBSERVATIONS, "2023,526.8", "2023,about 526.8", ("a.csv:4:value",)),
        (OBSERVATIONS, "sia.sales_year.world,,2023,526.8", "sia.sales_yaer.world,,2023,526.8", ("a.csv:4:series", "sia.sales_year.world")),
        ("exhibits/fig01.toml", 'unit = "USD bn"', 'unit = "TWD bn"', ("exhibits/fig01.toml:", "different units")),
        ("exhibits/fig01.toml", 'periods("2022", "2024")', "asof()", ("exhibits/fig01.toml:", "no list of periods")),
        ("exhibits/fig01.toml", 'level("sia.sales_year.world", p)', "p", ("exhibits/fig01.toml:", "quantities")),
        ("exhibits/fig01.toml", "sia.sales_year.world", "sia.sales.world", ("exhibits/fig01.toml:", "unknown series")),
        (MARKET, "台积电2024年12月", "占三成的台积电", (f"{MARKET}:7", "typed by hand", "三成")),
        (MARKET, "fig01 fig02", "fig01 fig22", (f"{MARKET}:12", "unknown exhibit", "fig22")),
        (MARKET, "asof()", "asof().__class__", (f"{MARKET}:9",)),
        (MARKET, "asof()", "open('/etc/passwd')", (f"{MARKET}:9", "unknown function")),
        (MARKET, "asof()", "[].append", (f"{MARKET}:9",)),
        (MARKET, "asof()", "(" * 500, (f"{MARKET}:9",)),
        (MARKET, "asof()", "19.1", (f"{MARKET}:9",)),
        (MARKET, '"2024-12"', '"2024-13"', (f"{MARKET}:7", "2024-13")),
        (MARKET, "tsmc.revenue.monthly", "tsmc.revenue.montly", (f"{MARKET}:7", "tsmc.revenue.monthly")),
        ("study.toml", "[rating]", "[rating", ("study.toml:", "not valid TOML")),
        ("theses.toml", '"10 %"', '"ten"', ("theses.toml:", "not a threshold")),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line_and_nothing_is_written(run, tmp_path, file, old, new, words):
    assert old in FILES[file]
    study = write_study(tmp_path / "study", {file: FILES[file].replace(old, new, 1)})

    assert_one_clear_line(run("build", study), *words)
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


# ---- check


def test_check_exits_0_when_no_thesis_is_broken(run, study):
    ran = run("check", study, "--as-of", "2025-03-20")

    assert (ran.status, ran.err) == (0, "")
    assert "cycle" in ran.out and "holds" in ran.out and "19.1% (2024)" in ran.out


def test_check_exits_1_when_a_thesis_is_broken_and_says_why(run, study):
    ran = run("check", study, "--as-of", "2025-02-09")

    assert (ran.status, ran.err) == (1, "")
    assert "broken" in ran.out and "−8.2% (2023)" in ran.out


def test_check_prints_where_each_measure_weakens_and_breaks(run, study):
    table = run("check", study, "--as-of", "2025-03-20").out
    row = rows_of(run("check", study, "--as-of", "2025-03-20", "--format", "csv").out, "csv")[0]

    assert "cycle: holds" in table and "below 10%" in table and "below 0%" in table
    assert (row["thesis"], row["weakens"], row["breaks"]) == ("cycle", "below 10%", "below 0%")


@pytest.mark.parametrize("output", ["csv", "json"])
def test_check_exits_1_in_a_pipe_too(run, study, output):
    ran = run("check", study, "--as-of", "2025-02-09", "--format", output)

    assert ran.status == 1
    assert rows_of(ran.out, output)[0]["verdict"] == "broken"


# ---- series and evidence


def rows_of(text: str, output: str) -> list[dict[str, str]]:
    if output == "json":
        data = json.loads(text)
        assert data["schema"] == 1
        return list(data["rows"])
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("output", ["csv", "json"])
def test_series_show_gives_levels_days_sources_and_growth(run, study, output):
    ran = run(
        "series", "show", "sia.sales_year.world", "--study", study, "--as-of", "2025-03-20", "--relation", "yoy",
        "--format", output,
    )  # fmt: skip
    last = rows_of(ran.out, output)[-1]

    assert (last["period"], last["value"], last["unit"], last["yoy"]) == ("2024", "627.6", "USD bn", "19.1%")
    assert (last["known from"], last["basis"]) == ("2025-02-10", "by")
    assert last["source"] == "SIA (as quoted in design-reuse)"


@pytest.mark.parametrize("output", ["csv", "json"])
def test_series_revisions_lists_every_vintage_in_order(run, study, output):
    ran = run("series", "revisions", "sia.sales_year.world", "2024", "--study", study, "--format", output)

    assert [(row["value"], row["known from"], row["known to"]) for row in rows_of(ran.out, output)] == [
        ("627.6", "2025-02-10", "2026-02-06"), ("630.5", "2026-02-06", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("output", ["csv", "json"])
@pytest.mark.parametrize("words", [("semiconductor", "sales"), ("半导体", "销售额"), ("sales_year",)])
def test_series_find_takes_words_of_both_languages(run, study, output, words):
    ran = run("series", "find", *words, "--study", study, "--format", output)

    assert [row["series"] for row in rows_of(ran.out, output)] == ["sia.sales_year.world"]


def test_tables_are_printed_for_people(run, study):
    assert "sia.sales_year.world" in run("series", "find", "sales", "--study", study).out
    assert (
        "627.6"
        in run("series", "show", "sia.sales_year.world", "--study", study, "--as-of", "2025-03-20").out
    )
    assert "630.5" in run("series", "revisions", "sia.sales_year.world", "2024", "--study", study).out


def test_evidence_lint_counts_how_rows_became_known(run, study):
    ran = run("evidence", "lint", study)

    assert ran.status == 0
    assert "observations                                               18\n" in ran.out
    assert "3 first print, period end plus lag" in ran.out
    assert ran.out.endswith("\n") and not ran.out.endswith("\n\n")


@pytest.mark.parametrize("output", ["csv", "json"])
def test_evidence_lint_for_a_pipe(run, study, output):
    rows = rows_of(run("evidence", "lint", study, "--format", output).out, output)

    assert rows[0] == {"group": "size", "what": "observations", "count": "18"}
    assert all(row["count"].isdigit() for row in rows)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("series", "show", "sia.sales_yaer.world"), ("unknown series", "sia.sales_year.world")),
        (("series", "show", "sia.sales_year.world", "--relation", "cagr"), ("--relation", "yoy, qoq, mom")),
        (("series", "show", "sia.sales_year.world", "--by", "Gartner"), ("--by", "Gartner")),
        (("series", "show", "sia.sales_year.world", "--format", "xml"), ("--format", "table, csv, json")),
        (("series", "show", "sia.sales_year.world", "--as-of", "x"), ("--as-of",)),
        (("series", "revisions", "sia.sales_yaer.world", "2024"), ("unknown series",)),
        (("series", "revisions", "sia.sales_year.world", "20x4"), ("20x4",)),
        (("series", "revisions", "sia.sales_year.world", "1999"), ("no vintage",)),
        (("series", "find", "zzzzqqqq"), ("no series has these words",)),
    ],
)
def test_a_question_about_what_does_not_exist_is_one_line(run, study, arguments, words):
    assert_one_clear_line(run(*arguments, "--study", study), *words)


def test_a_path_the_system_refuses_is_one_line(run, study):
    assert_one_clear_line(run("build", study, "--out", "a" * 300), "File name too long")


# ---- usage


@pytest.mark.parametrize(
    "arguments",
    [("bild",), ("build", "--colour", "red"), ("build", "a", "b"), ("series", "show"), ("series", "revisions", "a"),
     ("build", "--as-of"), ("series", "nothing")],
)  # fmt: skip
def test_wrong_usage_is_one_line_and_status_2(run, arguments):
    assert_one_clear_line(run(*arguments), "--help")


@pytest.mark.parametrize("command", [("build",), ("check",), ("evidence", "lint")])
def test_a_folder_that_is_no_study_is_one_line(run, tmp_path, command):
    (tmp_path / "empty").mkdir()

    assert_one_clear_line(run(*command, tmp_path / "nowhere"), "nowhere")
    assert_one_clear_line(run(*command, tmp_path / "empty"), "empty")


@pytest.mark.parametrize("command", [(), ("build",), ("check",), ("series",), ("series", "find"), ("series", "show"),
                                     ("series", "revisions"), ("evidence",), ("evidence", "lint")])  # fmt: skip
def test_every_command_has_help(run, command):
    ran = run(*command, "--help")

    assert (ran.status, ran.err) == (0, "")
    assert "Usage: waferline" in ran.out


@pytest.mark.parametrize("arguments", [(), ("series",)])
def test_a_bare_command_prints_its_help_as_it_stands(run, arguments):
    ran = run(*arguments)

    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("Usage: waferline")
    assert "\nCommands:\n" in ran.err


def terminal(study: Path, tmp_path: Path, columns: int, *arguments: str) -> str:
    script = (
        "import sys; sys.stdout.isatty = lambda: True\nfrom waferline.cli import main\nmain(sys.argv[1:])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, *arguments, "--study", str(study)],
        capture_output=True, text=True, check=True,
        env={**os.environ, "COLUMNS": str(columns), "TERM": "dumb", "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )  # fmt: skip
    return ran.stdout


def test_a_terminal_of_80_columns_shows_whole_words_and_says_once_what_repeats(study, tmp_path):
    shown = terminal(study, tmp_path, 80, "series", "show", "sia.sales_year.world", "--as-of", "2025-03-20", "--relation", "yoy")  # fmt: skip

    assert max(map(len, shown.splitlines())) <= 80
    assert "…" not in shown
    for word in ("published", "known from", "2024-02-05", "627.6", "19.1%"):
        assert word in shown
    assert shown.count("USD bn") == 1


@pytest.mark.parametrize("columns", [80, 40])
def test_rows_are_stacked_where_the_terminal_is_too_narrow_for_whole_words(study, tmp_path, columns):
    shown = terminal(study, tmp_path, columns, "series", "revisions", "sia.sales_year.world", "2024")

    for word in ("627.6", "630.5", "2025-02-10", "2026-02-06", "known from"):
        assert word in shown


def test_the_module_is_the_command(study, tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "waferline", "check", str(study), "--as-of", "1999-01-01"],
        capture_output=True, text=True, check=False, env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )  # fmt: skip

    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1 and "before all evidence" in ran.stderr


@pytest.mark.parametrize("width", range(60, 140, 3))
def test_a_table_of_a_terminal_loses_no_sign(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from waferline.cli import printing
    from waferline.models.registry import MODELS

    rows = [(each.name, each.family, each.title.en, each.title.zh) for each in MODELS]
    console = Console(width=width, record=True, file=io.StringIO())
    monkeypatch.setattr(printing, "Console", lambda **_: console)
    printing.table(("model", "family", "what it gives", "（中文）"), rows, None)
    shown = console.export_text()

    assert max(cell_len(line) for line in shown.split("\n")) <= width
    for sign in {sign for row in rows for sign in row[3] if "\u4e00" <= sign <= "\u9fff"} - set("中文"):
        assert shown.count(sign) == sum(row[3].count(sign) for row in rows), sign


@pytest.mark.parametrize("output", ["table", "csv", "json"])
def test_a_reader_that_has_gone_is_no_fault(output: str) -> None:
    command = [sys.executable, "-m", "waferline", "model", "list", "--format", output]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:
        assert ran.stdout and ran.stderr
        ran.stdout.close()
        assert (ran.wait(timeout=60), ran.stderr.read()) == (0, b"")
