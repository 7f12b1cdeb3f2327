"""This module gives the SVG of specifications: by hash from the cache, the rest from the drawing process."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from waferline.render import fonts
from waferline.render.cache import cached
from waferline.render.charts.drawer import drawer

Name = TypeVar("Name")
_HOVER = re.compile(r'<g class="mark-rect role-mark [^"]*hover[^"]*"[^>]*>.*?</g>', re.DOTALL)


def pictures(specs: Mapping[Name, str], *, cache: Path | None = None) -> dict[Name, str]:
    """SVG of each specification, JSON, under its name; the same specification gives the same text.

    The areas that answer to the pointer are taken out, the rest is what the page draws when it comes alive.
    """
    out: dict[Name, str] = {}
    for name, text in specs.items():
        key = f"chart-{hashlib.sha256(f'v1{_version()}{text}'.encode()).hexdigest()}.svg"
        out[name] = cached(cache, key, lambda text=text: _svg(text).encode()).decode()  # type: ignore[misc]
    return out


def get_ready() -> None:
    """Starts what draws, so that it is there when pictures are asked for."""
    drawer(fonts.folder())


def compact(data: object) -> str:
    """JSON as short as it gets, characters as they are."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@lru_cache(maxsize=1)
def _version() -> str:
    return version("vl-convert-python")


def _svg(text: str) -> str:
    return _HOVER.sub("", drawer(fonts.folder()).svg(text))
