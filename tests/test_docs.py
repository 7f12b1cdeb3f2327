"""The documentation says what the code does."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REFERENCE = runpy.run_path(str(ROOT / "tools" / "build_reference.py"))
COMMANDS = sorted(
    {
        command
        for page in (ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").rglob("*.md")))
        for command in re.findall(
            r"(?:`|^)(waferline (?:build|check|series|evidence)[^`\n]*)", page.read_text(), re.MULTILINE
        )
        if "…" not in command and "[" not in command and page.name != "commands.md"
    }
)


@pytest.mark.parametrize("page", sorted(REFERENCE["PAGES"]))
def test_reference_page_is_what_the_code_says(page: str) -> None:
    written = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")

    assert written == REFERENCE["PAGES"][page](), "run tools/build_reference.py"


@pytest.mark.parametrize("command", COMMANDS)
def test_command_shown_in_the_docs_runs(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from waferline.cli import main

    arguments = shlex.split(command.split(" (")[0])[1:]
    monkeypatch.chdir(ROOT)
    if arguments[0] == "build":
        out = arguments.index("--out") if "--out" in arguments else None
        arguments = arguments if out is None else arguments[:out] + arguments[out + 2 :]
        arguments += ["--out", str(tmp_path / "out")]

    try:
        main(arguments)
        status = 0
    except SystemExit as done:
        status = done.code if isinstance(done.code, int) else 0

    assert status in (0, 1), capsys.readouterr().err
