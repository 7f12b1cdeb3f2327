"""This module draws specifications as SVG, once each: by hash from the cache, the rest through vl-convert."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from waferline.render import fonts
from waferline.render.cache import keep, read

_HOVER = re.compile(r'<g class="mark-rect role-mark [^"]*hover[^"]*"[^>]*>.*?</g>', re.DOTALL)


def pictures(specs: Mapping[str, dict[str, Any]], *, cache: Path | None = None) -> dict[str, str]:
    """SVG of each specification under its name; the same specification gives the same text.

    The areas that answer to the pointer are taken out, the rest is what the page draws when it comes alive.
    """
    out: dict[str, str] = {}
    for name, spec in specs.items():
        text = compact(spec)
        key = f"chart-{hashlib.sha256(f'v1{_version()}{text}'.encode()).hexdigest()}.svg"
        kept = read(cache, key)
        if kept is None:
            kept = _svg(text).encode()
            keep(cache, key, kept)
        out[name] = kept.decode()
    return out


def compact(data: object) -> str:
    """JSON as short as it gets, characters as they are."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@lru_cache(maxsize=1)
def _version() -> str:
    import vl_convert

    vl_convert.register_font_directory(str(fonts.folder()))
    return version("vl-convert-python")


def _svg(text: str) -> str:
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(text)
    return _HOVER.sub("", svg)
