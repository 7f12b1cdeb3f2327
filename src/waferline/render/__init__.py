"""render/: one built report becomes a page and a typeset document; nothing here computes a figure.

A renderer draws `study.report.Report` and knows nothing else: no evidence, no study folder, no clock, no network.
"""

from __future__ import annotations

from waferline.render.html import render_html
from waferline.render.pdf import render_pdf

__all__ = ["render_html", "render_pdf"]
