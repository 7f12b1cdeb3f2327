"""This module makes a remark from a place in a document."""

from __future__ import annotations

from collections.abc import Iterator

from waferline.audit.claims.scene import Line, Scene
from waferline.audit.finding import Remark, Span
from waferline.quantity.relations.base import Phrase

_LONGEST = 3000  # characters: what goes on without a stop for longer is no sentence, and bounds the work


def sentences(scene: Scene) -> Iterator[Line]:
    """The sentences of a document's prose that are short enough to be one."""
    return (line for line in scene.lines if line.sentence.end - line.sentence.start <= _LONGEST)


def remark_at(scene: Scene, kind: str, start: int, end: int, zh: str, en: str) -> Remark:
    """A remark on text[start:end], without the space around it and the stop or comma after it."""
    piece = scene.document.text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip().rstrip("，。；、,;")
    return Remark(kind, Span(start, start + len(piece), piece), Phrase(zh, en), scene.document.page_of(start))
