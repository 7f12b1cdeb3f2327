"""The documentation says what the code does."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REFERENCE = runpy.run_path(str(ROOT / "tools" / "build_reference.py"))
COMMANDS = sorted(
    {
        command
        for page in (ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").rglob("*.md")))
        for command in re.findall(
            r"(?:`|^)(waferline (?:build|check|series|evidence|audit|model|validate)[^`\n]*)",
            page.read_text(),
            re.MULTILINE,
        )
        if "…" not in command
        and "[" not in command
        and "NAME" not in command
        and page.name not in ("commands.md", "audit-a-report.md")
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


def test_the_audit_how_to_runs_from_top_to_bottom(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "audit-a-report.md").read_text(encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "how-to" / "audit-example", tmp_path / "audit-example")
    (tmp_path / "studies").symlink_to(ROOT / "studies")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    commands = "".join(block for language, block in blocks if language == "sh")
    script = f'waferline() {{ {shlex.quote(sys.executable)} -m waferline "$@" || [ $? = 1 ]; }}\nset -e\n{commands}'

    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)  # fmt: skip

    assert (ran.returncode, ran.stderr) == (0, "")
    for line in "".join(block for language, block in blocks if not language).splitlines():
        assert line in ran.stdout, line
    assert [block for language, block in blocks if language == "toml"] == [
        (tmp_path / "audit-example" / "waivers.toml").read_text()
    ]
    assert (tmp_path / "audited" / "quarter.txt.html").is_file()
