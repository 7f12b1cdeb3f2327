"""A user's program that proposes links: what it is told, and what it costs when it hangs, floods or fails."""

from __future__ import annotations

import json
import shlex
import sys
import time
from pathlib import Path

import pytest

from waferline.audit.proposals import Program
from waferline.cli import main
from waferline.errors import BadInput

TEXT = (
    "The maker shipped 1,636 thousand lenses.\n\nA long paragraph stands here.\n\nIt was a good year for all.\n\n"
    "Before that, 1,186 thousand had left the plant.\n\nWords.\n\nWords.\n\nIts growth of 37.9% was noticed.\n"
)
PROPOSES = """
import json, sys
asked = json.load(sys.stdin)
(new, old, growth) = [[start, end] for start, end, text in asked["mentions"]]
assert all(asked["text"][s:e] == text for s, e, text in asked["mentions"])
print("thinking about it")
print(json.dumps({"relation": "yoy", "stated": growth, "inputs": [new, old]}))
"""


@pytest.fixture
def program(tmp_path):
    def written(source: str, seconds: float = 20) -> Program:
        path = tmp_path / "propose it.py"
        path.write_text(source, encoding="utf-8")
        return Program((sys.executable, str(path)), seconds)

    return written


def audited(tmp_path: Path, capsys, program: Program, *more: str) -> tuple[int, list[dict], str]:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text("2024年销售额627.6亿元，上年为526.8亿元，增长91.1%。", encoding="utf-8")
    command = shlex.join(program.command)
    try:
        main([
            "audit", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--format", "jsonl",
            "--propose", command, "--propose-seconds", f"{program.seconds:g}", *more,
        ])  # fmt: skip
        status = 0
    except SystemExit as done:
        status = int(done.code or 0)
    told = capsys.readouterr()
    return status, [json.loads(line) for line in told.out.splitlines()], told.err


def test_a_program_that_proposes_well_confirms(tmp_path, capsys, program):
    status, (first, second), err = audited(tmp_path, capsys, program(PROPOSES))

    (found,) = first["findings"]
    assert (found["verdict"], found["proposed"]) == ("consistent", True)
    assert "agreeing 1" in first["notes"][0] and "1 not an object in JSON" in first["notes"][0]
    assert [f["verdict"] for f in second["findings"]] == ["inconsistent"]
    assert (status, err) == (1, "")


@pytest.mark.parametrize(
    ("source", "seconds", "why"),
    [
        ("import time; time.sleep(600)", 1, "took more than 1 seconds"),
        ("import sys, time; sys.stdout.close(); time.sleep(600)", 1, "took more than 1 seconds"),
        ("import os\nif os.fork() == 0:\n import time; time.sleep(600)", 1, "took more than 1 seconds"),
        ("while True: print('x' * 100000)", 20, "wrote more than 4 MB"),
        ("import sys\nwhile True: sys.stderr.write('x' * 100000)", 1, "took more than 1 seconds"),
        ("import sys; print('{}'); sys.exit('no model is loaded')", 20, "ended with status 1"),
        ("import os; os.kill(os.getpid(), 9)", 20, "ended with status -9"),
        ("", 20, "links proposed from outside: 0"),
        ("print('[' * 200000); print('9' * 9000); print(chr(0) * 9)", 20, "left out 3 (3 not an object in JSON)"),
        ("import sys; sys.stdout.buffer.write(bytes(range(256)) * 50)", 20, "not an object in JSON"),
    ],
)  # fmt: skip
def test_a_program_that_fails_costs_one_line_and_the_audit_is_done(
    tmp_path, capsys, program, source, seconds, why
):
    began = time.monotonic()
    status, records, err = audited(tmp_path, capsys, program(source, seconds))

    assert time.monotonic() - began < 40
    assert (status, err) == (1, "")
    assert [f["verdict"] for record in records for f in record["findings"]] == ["inconsistent"]
    for record in records:
        (note,) = record["notes"]
        assert why in note


def test_its_last_complaint_is_shown(program):
    with pytest.raises(BadInput, match="ended with status 1: found no model is loaded"):
        list(program("import sys; sys.exit('no model is loaded')")({}))


def test_no_shell_reads_the_command(tmp_path):
    (tmp_path / "a.py").write_text("import sys; print(sys.argv[1:])", encoding="utf-8")
    told = Program.named(f"{shlex.quote(sys.executable)} {tmp_path}/a.py '$HOME;' `id` '*'")

    assert list(told({})) == ["['$HOME;', '`id`', '*']"]


@pytest.mark.parametrize("line", ["", "a 'b", "no-such-program-anywhere --x"])
def test_a_command_that_cannot_be_run_is_said_before_any_file_is_read(line, tmp_path, capsys):
    with pytest.raises(SystemExit) as done:
        main(["audit", str(tmp_path), "--propose", line])

    assert done.value.code == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("--propose: ")


def test_a_question_larger_than_a_pipe_need_not_be_read(program):
    request = {"text": "x" * 3_000_000}

    assert list(program("print('{}')")(request)) == [{}]
    assert list(program("import sys; print(len(sys.stdin.read()))")(request)) == [3_000_012]


def test_memory_that_bounds_the_reader_does_not_bound_the_program(tmp_path, capsys, program):
    import resource

    if resource.getrlimit(resource.RLIMIT_AS)[1] != resource.RLIM_INFINITY:
        pytest.skip("the machine itself bounds memory")
    waits = "import resource, time\nwhile resource.getrlimit(resource.RLIMIT_AS)[0] >= 0: time.sleep(0.01)"

    _, (first, _), _ = audited(tmp_path, capsys, program(waits, 5))

    assert first["notes"] == ["links proposed from outside: 0"]
