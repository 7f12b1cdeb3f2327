"""This module knows builds made before: the same study, questions and program give the same files."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from waferline.evidence import cache

_KEPT = 8


def key(root: Path, out: Path, asked: Sequence[object]) -> str | None:
    """The hash of all that a build of `root` depends on: every file of the study, what was asked, and the program.

    `out` may lie inside the study and is no part of it. None, so that nothing is kept, for a study with a link, pipe
    or device in it: those are followed, or refused, by who reads them.
    """
    study = _digest_of_study(root, out)
    if study is None:
        return None
    package = cache.digest_of_folder(Path(__file__).parent.parent)
    return cache.digest_of_text(repr((study, root.name, asked, package, sys.version, _installed())))


def read(parent: Path, key: str | None, names: Sequence[str]) -> dict[str, bytes] | None:
    """The files of these names kept under the key, whole and true, or None."""
    if key is None or not cache.is_sound(parent / key):
        return None
    try:
        return {name: (parent / key / name).read_bytes() for name in names}
    except OSError:  # another process dropped them meanwhile
        return None


def keep(parent: Path, key: str | None, files: Mapping[str, bytes]) -> None:
    """Keeps the files under the key; a cache that cannot be written is no error."""

    def write(folder: Path) -> None:
        for name, content in files.items():
            (folder / name).write_bytes(content)

    if key is not None:
        cache.entry(parent, key, write, keep=_KEPT)


def _digest_of_study(root: Path, out: Path) -> str | None:
    inside = out.resolve()
    found: list[str] = []
    for folder, folders, names in os.walk(root):
        at = Path(folder)
        folders[:] = [name for name in sorted(folders) if _is_seen(name) and (at / name).resolve() != inside]
        paths = [at / name for name in sorted(names) if _is_seen(name)]
        if any((at / name).is_symlink() for name in folders) or not all(map(_is_plain, paths)):
            return None
        found += [f"{path.relative_to(root).as_posix()!r} {cache.digest_of_file(path)}" for path in paths]
    return cache.digest_of_text("\n".join(found))


def _is_seen(name: str) -> bool:
    """Whether a study may read the file or enter the folder: never what is hidden, or compiled code."""
    return not name.startswith((".", "__pycache__"))


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)


def _installed() -> list[str]:
    """Every installed package with its version, as their folders are named: what draws and typesets."""
    places = [Path(entry) for entry in sys.path if entry and Path(entry).is_dir()]
    return sorted(path.name for place in places for path in place.glob("*.dist-info"))
