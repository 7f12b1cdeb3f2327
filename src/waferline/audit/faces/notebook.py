"""This module shows an audit inside a notebook: the summary and the findings, with no script and nothing to load."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from waferline.audit.faces import wording
from waferline.audit.faces.marking import clean
from waferline.audit.faces.page import finding_cards
from waferline.audit.finding import Audit
from waferline.audit.review import Review

if TYPE_CHECKING:
    from jinja2 import Template


def render_notebook(audit: Audit, *, lang: str = "en") -> str:
    """An HTML fragment; findings that agree are counted only."""
    review = Review(audit)
    return _template().render(
        name=clean(audit.document.name),
        summary=wording.summary(review, lang),
        nothing=wording.nothing_checked(review, lang),
        entries=finding_cards(review, lang),
        untested=[clean(span.text) for span in audit.untested],
        w=wording.words(lang),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    text = (files("waferline.audit.faces") / "assets" / "notebook.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)
