"""This module reads the files of a study folder, which may come from a stranger: inside the folder only, bounded in size."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from waferline.errors import BadInput

MAX_BYTES = 2_000_000
MAX_KEY_PARTS = 64
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def read_text(root: Path, relative: str) -> str:
    """The text of a file under `root`. Raises BadInput if it is missing, outside, too large or not UTF-8."""
    path = root / relative
    if not path.is_file():
        raise BadInput(relative, "the study has no such file", fix=f"create {relative}")
    if not path.resolve().is_relative_to(root.resolve()):
        raise BadInput(
            relative, "the file lies outside the study folder", "a file inside the study", "a link out of it"
        )
    if path.stat().st_size > MAX_BYTES:
        raise BadInput(
            relative, "the file is too large", f"at most {MAX_BYTES} bytes", str(path.stat().st_size)
        )
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise BadInput(relative, f"the file cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadInput(relative, f"the file is not UTF-8 (byte {error.start})", "UTF-8 text") from error
    if text.startswith("\ufeff"):
        raise BadInput(f"{relative}:1", "the file begins with a byte-order mark", "UTF-8 without one")
    return text


def read_toml(root: Path, relative: str) -> dict[str, Any]:
    """The TOML table in a file under `root`. Raises BadInput naming file and line."""
    text = read_text(root, relative)
    for number, line in enumerate(text.split("\n"), 1):
        # tomllib takes a time quadratic in the parts of a dotted key
        if line.count(".") > MAX_KEY_PARTS and line.split("=")[0].count(".") > MAX_KEY_PARTS:
            raise BadInput(f"{relative}:{number}", "the TOML is nested too deeply")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = f":{found.group(1)}" if found else ""
        raise BadInput(f"{relative}{line}", f"not valid TOML ({str(error).split(' (at')[0]})") from error
    except ValueError as error:
        raise BadInput(relative, f"not valid TOML ({str(error).split(';')[0]})") from error
    except RecursionError as error:
        raise BadInput(relative, "the TOML is nested too deeply") from error


def line_of(text: str, needle: str, default: int = 1) -> int:
    """The line on which `needle` first stands, for error messages about parsed TOML."""
    at = text.find(needle)
    return text.count("\n", 0, at) + 1 if at >= 0 else default
