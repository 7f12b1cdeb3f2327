"""A build is there whole or not at all, whatever the disk, the folder or the process does."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from waferline.build import output
from waferline.build.output import check_target, replace_folder, tidy
from waferline.errors import BadInput

FORMER = {"build.json": b"former", "report.zh.html": b"former page"}
NEW = {"build.json": b"new"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def out(tmp_path):
    """A folder that holds a former build; nothing else stands beside it."""
    replace_folder(tmp_path / "out", FORMER)
    return tmp_path / "out"


def assert_untouched(out):
    assert contents(out) == FORMER
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_a_build_is_written_with_its_parents(tmp_path):
    replace_folder(tmp_path / "a" / "b", NEW)

    assert contents(tmp_path / "a" / "b") == NEW
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_a_former_build_is_replaced_whole(out):
    replace_folder(out, NEW)

    assert contents(out) == NEW
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "out").mkdir()
    replace_folder(tmp_path / "out", NEW)

    assert contents(tmp_path / "out") == NEW


def test_a_folder_of_something_else_is_refused_and_kept(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")

    with pytest.raises(BadInput, match="something else than a build"):
        replace_folder(tmp_path, NEW)
    assert contents(tmp_path) == {"thesis.docx": b"years of work"}


def test_a_folder_named_like_the_record_makes_no_build(tmp_path):
    (tmp_path / "out" / "build.json").mkdir(parents=True)

    with pytest.raises(BadInput, match="something else than a build"):
        replace_folder(tmp_path / "out", NEW)


def test_a_file_as_output_is_refused(tmp_path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(BadInput, match="not a folder"):
        replace_folder(tmp_path / "out", NEW)
    assert (tmp_path / "out").read_text() == "a file"


def test_a_parent_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("a file")

    with pytest.raises(BadInput) as caught:
        replace_folder(tmp_path / "file" / "out", NEW)
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_link_to_a_former_build_is_not_followed_into_something_else(tmp_path, out):
    link = tmp_path / "link"
    link.symlink_to(out)

    replace_folder(link, NEW)

    assert contents(link) == NEW
    assert link.resolve() == out.resolve() or contents(out) == FORMER


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into a read-only folder; simulated below")
def test_a_read_only_folder_is_refused(tmp_path):
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(BadInput, match="cannot be written"):
            replace_folder(tmp_path / "out", NEW)
    finally:
        tmp_path.chmod(0o755)


def test_a_folder_that_may_not_be_written_is_refused_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setattr(output.os, "access", lambda path, mode: False)

    with pytest.raises(BadInput, match="cannot be written"):
        check_target(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [(errno.ENOSPC, "the disk is full; nothing was written"), (errno.EROFS, "cannot be written"), (errno.EDQUOT, "cannot be written")],
)  # fmt: skip
def test_a_disk_that_fails_while_writing_leaves_the_former_build(out, monkeypatch, code, said):
    def fail(handle):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(output.os, "fsync", fail)
    with pytest.raises(BadInput, match=said) as caught:
        replace_folder(out, NEW)
    assert "\n" not in str(caught.value)
    monkeypatch.undo()
    assert_untouched(out)


def test_a_disk_that_fails_before_the_first_byte_leaves_the_former_build(out, monkeypatch):
    def fail(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(output.tempfile, "mkdtemp", fail)
    with pytest.raises(BadInput, match="disk is full"):
        replace_folder(out, NEW)
    monkeypatch.undo()
    assert_untouched(out)


def test_a_swap_that_fails_puts_the_former_build_back(out, monkeypatch):
    rename = Path.rename

    def fail_into_place(self, target):
        if self.name.endswith(".tmp"):
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_into_place)
    with pytest.raises(BadInput, match="cannot be written"):
        replace_folder(out, NEW)
    monkeypatch.undo()
    assert_untouched(out)


def test_a_program_stopped_by_hand_leaves_the_former_build(out, monkeypatch):
    def stop(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(output.os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        replace_folder(out, NEW)
    monkeypatch.undo()
    assert_untouched(out)


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from waferline.build import output

    def die(handle):
        os.kill(os.getpid(), signal.SIGKILL)

    output.os.fsync = die
    output.replace_folder(Path(sys.argv[1]), {"build.json": b"new"})
"""


def test_a_kill_while_writing_leaves_the_former_build_and_the_next_build_works(out):
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(out)], check=False)

    assert killed.returncode == -signal.SIGKILL
    assert contents(out) == FORMER
    replace_folder(out, NEW)
    assert contents(out) == NEW


def test_a_kill_during_a_whole_build_leaves_the_former_build(out, mini_root, tmp_path):
    script = """
        import os, signal, sys
        from pathlib import Path
        from waferline.build import build

        def die(*_):
            os.kill(os.getpid(), signal.SIGKILL)

        build.record = die
        build.build(Path(sys.argv[1]), Path(sys.argv[2]), formats=(), cache=Path(sys.argv[3]))
    """
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(mini_root), str(out), str(tmp_path / "cache")],
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL
    assert contents(out) == FORMER


def gone_process() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_a_former_build_that_a_kill_left_moved_away_is_put_back(tmp_path):
    out = tmp_path / "out"
    moved = tmp_path / f".out.{gone_process()}.abc.old"
    (moved / "out").mkdir(parents=True)
    (moved / "out" / "build.json").write_text("former")

    tidy(out)

    assert (out / "build.json").read_text() == "former"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_a_killed_build_left_is_removed_and_that_of_a_running_one_is_not(tmp_path):
    dead, running = tmp_path / f".out.{gone_process()}.abc.tmp", tmp_path / f".out.{os.getpid()}.abc.tmp"
    other = tmp_path / ".out.notes.txt"
    for folder in (dead, running, other):
        folder.mkdir()

    replace_folder(tmp_path / "out", {"build.json": b"{}"})

    assert not dead.exists()
    assert running.exists()
    assert other.exists()
