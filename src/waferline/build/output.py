"""This module writes a folder whole or not at all: into a temporary folder beside it, then by rename."""

from __future__ import annotations

import errno
import glob
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from waferline.errors import BadInput

RECORD = "build.json"


def check_target(out: Path) -> None:
    """Refuses an `--out` that is no former build, or that cannot be written. Raises BadInput."""
    if out.exists():
        if not out.is_dir():
            raise BadInput(str(out), "the output is not a folder", "a folder", "a file")
        if any(out.iterdir()) and not (out / RECORD).is_file():
            raise BadInput(
                str(out), "the folder holds something else than a build", f"an empty folder or one with {RECORD}",
                fix="--out with another folder",
            )  # fmt: skip
    parent = existing_parent(out)
    if not os.access(parent, os.W_OK | os.X_OK):
        raise BadInput(
            str(out), "the output folder cannot be written", "a writable folder", f"read-only {parent}"
        )


def existing_parent(out: Path) -> Path:
    """The nearest folder above `out` that exists."""
    parent = out.absolute().parent
    while not parent.exists():
        parent = parent.parent
    return parent


def replace_folder(out: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files as the folder `out`; a former build there is replaced only once all are on disk.

    Raises BadInput when the disk is full or the folder cannot be written; what stood there before then still stands.
    """
    check_target(out)
    out = out.absolute()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        tidy(out)
        temporary = _beside(out, ".tmp")
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        for name, data in files.items():
            with (temporary / name).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        temporary.chmod(0o755)
        _swap(temporary, out)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def tidy(out: Path) -> None:
    """Removes what a killed build left beside `out`; a former build it had already moved away is put back first."""
    for left in sorted(out.parent.glob(f".{glob.escape(out.name)}.*")):
        process, kind = left.name.removeprefix(f".{out.name}.").split(".")[0], left.suffix
        if kind not in (".tmp", ".old") or not process.isdigit() or _is_running(int(process)):
            continue
        if kind == ".old" and (left / out.name).is_dir() and not out.exists():
            (left / out.name).rename(out)
        shutil.rmtree(left, ignore_errors=True)


def _beside(out: Path, kind: str) -> Path:
    """A new folder next to `out` (one file system, so that a rename is whole), named after this process."""
    return Path(tempfile.mkdtemp(prefix=f".{out.name}.{os.getpid()}.", suffix=kind, dir=out.parent))


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _swap(temporary: Path, out: Path) -> None:
    if not out.exists():
        temporary.rename(out)
        return
    former = _beside(out, ".old")
    out.rename(former / out.name)
    try:
        temporary.rename(out)
    except OSError:
        (former / out.name).rename(out)
        raise
    finally:
        shutil.rmtree(former, ignore_errors=True)


def _unwritable(out: Path, error: OSError) -> BadInput:
    if error.errno == errno.ENOSPC:
        return BadInput(str(out), "the disk is full; nothing was written", "free space for about 10 MB")
    return BadInput(
        str(out), f"the output cannot be written ({error.strerror or error})", "a writable folder"
    )
