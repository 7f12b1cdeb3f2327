"""The page of results: one section a benchmark, put in place of the one it had."""

from __future__ import annotations

import os
import platform
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def machine(again: str) -> list[str]:
    """The lines under a table: where it was measured, how busy that was, and how to measure again."""
    return [
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}; Python {platform.python_version()}.",
        f"Load average at the end: {os.getloadavg()[0]:.1f}; above 2 something else was running, and seconds are high.",
        f"Run it again with `python {again}`.",
        "",
    ]


def write_section(section: str) -> None:
    """Put the section in place of the one of the same heading, or at the end."""
    heading = section.splitlines()[0]
    text = DOCUMENT.read_text("utf-8") if DOCUMENT.exists() else "# Benchmarks\n\n"
    before, found, rest = text.partition(heading + "\n")
    after = rest[at:] if found and (at := rest.find("\n## ")) >= 0 else ""
    DOCUMENT.write_text(before.rstrip("\n") + "\n\n" + section + after, "utf-8")
