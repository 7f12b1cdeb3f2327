"""`waferline audit`: what it takes, what it prints and writes, and its exit status."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from sample_audit import promised

from waferline.cli import main

WRONG = "2024年销售额627.6亿元，上年为526.8亿元，同比增长91.1%。\n"
RIGHT = "2024年销售额627.6亿元，上年为526.8亿元，同比增长19.1%。\n"
SILENT = "The house has a garden and a gate.\n"
LISTED = "门店有614家。\n"


class Ran(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def run(tmp_path, monkeypatch, capsys) -> Callable[..., Ran]:
    monkeypatch.chdir(tmp_path)

    def command(*arguments: object) -> Ran:
        capsys.readouterr()
        try:
            main(["audit", *map(str, arguments)])
            status = 0
        except SystemExit as done:
            status = int(done.code or 0)
        return Ran(status, *capsys.readouterr())

    return command


@pytest.fixture
def files(tmp_path) -> Path:
    for name, text in {"a/wrong.txt": WRONG, "a/deep/right.md": RIGHT, "b/wrong.txt": SILENT}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def records(ran: Ran) -> dict[str, dict]:
    return {record["file"]: record for record in map(json.loads, ran.out.splitlines())}


# ---- exit status


@pytest.mark.parametrize(("text", "status"), [(WRONG, 1), (RIGHT, 0), (SILENT, 0), (LISTED, 0), ("", 0)])
def test_the_exit_status_is_1_only_for_a_contradiction(run, tmp_path, text, status):
    (tmp_path / "x.txt").write_text(text, encoding="utf-8")

    assert run("x.txt").status == status


@pytest.mark.parametrize("text", [SILENT, LISTED, ""])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_document_in_which_nothing_could_be_checked_is_not_called_clean(run, tmp_path, text, lang):
    (tmp_path / "x.txt").write_text(text, encoding="utf-8")
    ran = run("x.txt", "--lang", lang)

    assert (
        ran.out.count("No number was recognised" if lang == "en" else "没有识别出数字")
        + ran.out.count("No relation could be decided" if lang == "en" else "没有一个关系可以判定")
        == 1
    )
    assert promised(ran.out) == []


def test_a_file_that_cannot_be_read_is_one_line_and_the_others_are_audited(run, files):
    (files / "a" / "bad.pdf").write_bytes(b"%PDF-1.7 and then \xff\xfe nothing")
    ran = run("none.txt", "a/bad.pdf", "a/wrong.txt")

    assert ran.status == 2
    assert sorted(line.split(":")[0] for line in ran.err.splitlines()) == ["a/bad.pdf", "none.txt"]
    assert "≠ inconsistent" in ran.out


def test_the_name_of_a_file_that_cannot_be_read_does_not_drive_the_terminal(run, tmp_path):
    (tmp_path / "a\x1b[2J\nb.pdf").write_bytes(b"%PDF-1.7 cut off")
    ran = run(".", "no\x1bne")

    assert "\x1b" not in ran.err and ran.err.count("\n") == 2


# ---- what it takes


def test_a_folder_is_walked_in_order_without_hidden_files_links_and_other_kinds(run, files):
    for name in (".hidden.txt", "~$lock.txt", "picture.png", ".git/x.txt"):
        (files / "a" / name).parent.mkdir(exist_ok=True)
        (files / "a" / name).write_text(WRONG)
    (files / "a" / "link.txt").symlink_to(files / "b" / "wrong.txt")
    (files / "a" / "around").symlink_to(files / "a", target_is_directory=True)

    assert list(records(run("a", "--format", "jsonl"))) == ["a/wrong.txt", "a/deep/right.md"]


def test_a_file_named_twice_is_audited_once(run, files):
    assert len(records(run("a", "a/wrong.txt", "./a/../a/wrong.txt", "--format", "jsonl"))) == 2


def test_a_folder_without_documents_is_one_line(run, tmp_path):
    (tmp_path / "empty").mkdir()
    ran = run("empty")

    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("empty: the folder holds no document")


def test_standard_input_is_a_document(run, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(WRONG.encode())))
    ran = run("-")

    assert ran.status == 1
    assert ran.out.startswith("-:1: paragraph 1: ≠ inconsistent")


def test_endless_standard_input_is_refused(run, monkeypatch):
    monkeypatch.setattr("waferline.audit.corpus.MAX_BYTES", 10)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x" * 11)))

    assert run("-") == Ran(2, "", "-: too large: expected at most 0 MB\n")


# ---- what it prints and writes


def test_jsonl_is_the_object_of_the_library(run, files):
    from waferline.audit import audit_text

    ran = run("a/wrong.txt", "--format", "jsonl")

    assert json.loads(ran.out) == audit_text(WRONG, "a/wrong.txt").to_json()


@pytest.mark.parametrize(("names", "count"), [(("a", "b"), 3), (("b",), 1), (("none",), 0)])
def test_json_is_a_list(run, files, names, count):
    assert len(json.loads(run(*names, "--format", "json").out)) == count


def test_out_writes_one_file_a_document_and_no_name_hides_another(run, files):
    ran = run("a", "b/wrong.txt", "--format", "html", "--out", "made")
    written = sorted(str(p.relative_to(files / "made")) for p in (files / "made").rglob("*") if p.is_file())

    assert written == ["a/deep/right.md.html", "a/wrong.txt.html", "b/wrong.txt.html"]
    assert "made/a/wrong.txt.html: 1 relation checked, 1 inconsistent, abstained from 0\n" in ran.out
    assert "made/b/wrong.txt.html: nothing could be checked (0 numbers recognised)\n" in ran.out
    assert ran.out.splitlines()[-1] == (
        "3 documents: 1 with contradictions, 1 in which nothing could be checked, 0 unreadable."
    )


def test_several_pages_need_a_folder(run, files):
    ran = run("a", "--format", "html")

    assert (ran.status, ran.out) == (2, "")
    assert "--out" in ran.err and ran.err.count("\n") == 1


def test_a_result_that_cannot_be_written_is_one_line_and_leaves_nothing(run, files):
    (files / "made").write_text("a file")
    ran = run("a/wrong.txt", "--format", "jsonl", "--out", "made")

    assert ran.status == 2
    assert ran.err.count("\n") == 1 and "cannot be written" in ran.err
    assert (files / "made").read_text() == "a file"


def test_emit_text_writes_the_text_that_offsets_count_in(run, files):
    (files / "crlf.txt").write_bytes("标题\r\n\r\n".encode() + WRONG.encode())
    ran = run("crlf.txt", "--format", "jsonl", "--emit-text", "texts")
    text = (files / "texts" / "crlf.txt.txt").read_bytes().decode()
    (finding,) = json.loads(ran.out)["findings"]

    assert text[finding["start"] : finding["end"]] == finding["stated"]
    assert text == (files / "crlf.txt").read_bytes().decode()


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_two_processes_say_the_same_in_the_same_order(run, files, form):
    one, two = run("a", "b", "--format", form), run("a", "b", "--format", form, "--jobs", "2")

    assert one == two


def test_a_pipe_gets_no_colour_and_no_progress(files):
    ran = subprocess.run(
        [sys.executable, "-m", "waferline", "audit", "a", "b"],
        cwd=files,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (1, "")
    assert "\x1b" not in ran.stdout


# ---- baseline and waivers


def test_against_its_own_jsonl_a_document_shows_nothing_and_exits_0(run, files):
    (files / "old.jsonl").write_text(run("a/wrong.txt", "--format", "jsonl").out)
    ran = run("a/wrong.txt", "--baseline", "old.jsonl")

    assert ran.status == 0
    assert "≠" not in ran.out
    assert "against the baseline: new 0, changed 0, gone 0" in ran.out


def test_the_next_version_of_one_document_is_compared_whatever_its_name(run, files):
    (files / "old.jsonl").write_text(run("a/wrong.txt", "--format", "jsonl").out)
    (files / "v2.txt").write_text(RIGHT)
    ran = run("v2.txt", "--baseline", "old.jsonl")

    assert ran.status == 0
    assert "[changed] = internally consistent (sources not verified)" in ran.out
    assert "was inconsistent: 91.1%" in ran.out


def test_a_document_that_the_baseline_has_not_seen_is_new(run, files):
    (files / "old.jsonl").write_text(run("b", "--format", "jsonl").out)
    ran = run("a/wrong.txt", "b/wrong.txt", "--baseline", "old.jsonl")

    assert ran.status == 1
    assert "[new] ≠ inconsistent" in ran.out


def test_a_document_of_the_baseline_that_is_not_audited_now_is_named(run, files):
    (files / "old.jsonl").write_text(run("a", "b", "--format", "jsonl").out)
    ran = run("a", "--baseline", "old.jsonl")

    assert ran.err == "old.jsonl: b/wrong.txt was not audited now\n"


def test_a_waiver_silences_a_finding_and_the_summary_tells_it(run, files):
    id = json.loads(run("a/wrong.txt", "--format", "jsonl").out)["findings"][0]["id"]
    (files / "w.csv").write_text(
        f"id,reason,person,day\n{id},restated,A. Moreau,2025-03-20\n0123456789ab,old,A. Moreau,2025-03-20\n"
    )
    ran = run("a/wrong.txt", "--waivers", "w.csv")

    assert ran.status == 0
    assert f"waived {id}: restated (A. Moreau, 2025-03-20)" in ran.out
    assert "1 inconsistent (1 of them waived)" in ran.out
    assert ran.err == "w.csv:3: the waiver 0123456789ab meets no finding\n"
    assert (
        json.loads(run("a/wrong.txt", "--waivers", "w.csv", "--format", "jsonl").out)["waived"][0]["id"] == id
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "pdf"), ("--format", "text, html, json, jsonl")),
        (("--format", "json,html"), ("--format", "one choice")),
        (("--lang", "fr"), ("--lang", "en, zh")),
        (("--jobs", "0"), ("--jobs",)),
        (("--baseline", "none.jsonl"), ("none.jsonl",)),
        (("--waivers", "none.csv"), ("none.csv",)),
    ],
)  # fmt: skip
def test_bad_usage_is_one_line_and_status_2(run, files, arguments, words):
    ran = run("a/wrong.txt", *arguments)

    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    for word in words:
        assert word in ran.err


def test_ctrl_c_ends_in_one_line_and_whole_files(tmp_path):
    for number in range(4000):
        (tmp_path / f"{number}.txt").write_text(WRONG)
    process = subprocess.Popen(
        [sys.executable, "-m", "waferline", "audit", ".", "--jobs", "2", "--format", "jsonl", "--out", "made"],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list((tmp_path / "made").glob("*.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 2
    assert err.count("\n") == 1 and err.startswith("waferline: stopped after ")
    left = [path for path in (tmp_path / "made").rglob("*") if path.is_file()]
    assert len(left) < 4000
    for path in left:
        assert path.suffix == ".jsonl" and json.loads(path.read_text())
