"""This module keeps what is slow to make (pictures, font subsets) in a folder under the hash of what made it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def cached(folder: Path | None, name: str, make: Callable[[], bytes]) -> bytes:
    """The file's bytes, or those of `make`, then kept; `name` holds the hash of everything they depend on."""
    if folder is None:
        return make()
    kept = read(folder, name)
    if kept is not None:
        return kept
    made = make()
    keep(folder, name, made)
    return made


def read(folder: Path | None, name: str) -> bytes | None:
    """The bytes kept under a name, or None."""
    if folder is None:
        return None
    path = folder / name
    return path.read_bytes() if path.is_file() else None


def keep(folder: Path | None, name: str, data: bytes) -> None:
    """Writes by rename, so that a kill or a second process never leaves half a file.

    A cache that cannot be written (read-only, full) is no error: the next build makes the file again.
    """
    if folder is None:
        return
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
            Path(temporary).replace(folder / name)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
