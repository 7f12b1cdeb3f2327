"""This module writes audits as JSON: one object a line (jsonl), or a list."""

from __future__ import annotations

import json

from waferline.audit.review import Review

# Python's splitlines and some readers end a line at these; JSON may write them escaped
_LINE_ENDS = {"\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085"}


def render_record(review: Review, *, lang: str = "en") -> str:
    """The audit as one line of JSON, without its line end; `lang` is the language of the explanations."""
    line = json.dumps(review.to_json(lang), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, escape in _LINE_ENDS.items():
        line = line.replace(sign, escape)
    # a lone surrogate, from a broken file or file name, cannot be written as UTF-8 but is JSON when escaped
    return line.encode("utf-8", "backslashreplace").decode("utf-8")
