"""This module keeps derived files under the hash of what they were made from: whole and true, or not at all.

An entry is written into a folder of its own and renamed into place, so a process may be killed at any moment.
Its manifest holds the hash of every file: a torn or altered entry is made anew, never trusted.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

MANIFEST = "manifest.json"
_KEPT = 16


def digest_of_folder(folder: Path, *, but: str | None = None) -> str:
    """The hash of the names and bytes of every file below `folder`, but hidden files and compiled code.

    `but` names a folder or file in it that is left out.
    """
    total = hashlib.sha256()
    for path in sorted(files(folder)):
        if but is not None and path.is_relative_to(folder / but):
            continue
        content = path.read_bytes()
        total.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def files(folder: Path) -> Iterable[Path]:
    """Every file below `folder`, but hidden files and compiled code; links to folders are not followed."""
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
        yield from (Path(root, name) for name in names if not name.startswith("."))


def entry(parent: Path, key: str, write: Callable[[Path], None], *, keep: int = _KEPT) -> Path | None:
    """The folder of `key` below `parent`, made with `write(folder)` when it is missing or damaged.

    Of all entries below `parent` the newest `keep` stay. None when `parent` cannot be written (read-only, full): the caller then goes on without a cache.
    """
    target = parent / key
    if is_sound(target):
        return target
    try:
        parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=parent))
    except OSError:
        return None
    try:
        write(fresh)
        _seal(fresh)
        _move_into_place(fresh, target)
    except OSError:
        # Another process may have put the same entry there first; content-addressed, it is as good as ours.
        return target if is_sound(target) else None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    _forget_old(parent, made=target, keep=keep)
    return target


def is_sound(folder: Path) -> bool:
    """Whether the entry has a manifest, and exactly the bytes that it names."""
    try:
        named = json.loads((folder / MANIFEST).read_text("utf-8"))
        return (
            isinstance(named, dict)
            and bool(named)
            and all(digest_of_file(folder / name) == value for name, value in named.items())
        )
    except (OSError, ValueError):
        return False


def _seal(folder: Path) -> None:
    hashes = {path.name: digest_of_file(path) for path in sorted(folder.iterdir())}
    (folder / MANIFEST).write_text(json.dumps(hashes), "utf-8")
    for path in (*folder.iterdir(), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _move_into_place(fresh: Path, target: Path) -> None:
    if target.exists() and not is_sound(target):
        # Renaming is whole or not at all; a reader sees the damaged entry, none, or the new one.
        doomed = Path(tempfile.mkdtemp(prefix="old-", dir=target.parent))
        target.rename(doomed / "entry")
        shutil.rmtree(doomed, ignore_errors=True)
    fresh.rename(target)


def _forget_old(parent: Path, *, made: Path, keep: int) -> None:
    """Drop all but the newest `keep` entries, and what killed writers left over an hour before `made`."""
    aged: list[tuple[float, Path]] = []
    for path in parent.iterdir():
        try:
            aged.append((path.stat().st_mtime, path))
        except OSError:
            continue
    now = max((age for age, path in aged if path == made), default=0.0)
    entries = sorted((item for item in aged if not item[1].name.startswith(("new-", "old-"))), reverse=True)
    left = [path for age, path in aged if path.name.startswith(("new-", "old-")) and age < now - 3600]
    for path in (*(path for _, path in entries[keep:] if path != made), *left):
        shutil.rmtree(path, ignore_errors=True)


def digest_of_file(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def digest_of_text(text: str) -> str:
    """The hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
