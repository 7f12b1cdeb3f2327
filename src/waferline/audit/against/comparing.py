"""This module sets a document beside a snapshot of a study's evidence and collects every comparison."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from waferline.audit.against.catalogue import Catalogue, catalogue_of
from waferline.audit.against.facts import compared
from waferline.audit.against.known import Known
from waferline.audit.against.prices import PriceMove, compared_move, compared_rise, price_moves
from waferline.audit.against.runs import extremes, since_signs, streaks
from waferline.audit.against.statements import statements_of
from waferline.audit.against.tables import WILDEST, cells_of
from waferline.audit.claims.grid import Grid, grids_of
from waferline.audit.claims.scene import Scene, scene_of
from waferline.audit.document import Document
from waferline.audit.finding import Comparison
from waferline.evidence import Snapshot

_LONGEST = (
    2000  # letters: what is longer is no sentence, and looking through it again for each number takes long
)


def comparisons_of(
    document: Document,
    snapshot: Snapshot,
    scene: Scene | None = None,
    grids: Sequence[Grid] | None = None,
) -> tuple[Comparison, ...]:
    """What the document states of the study's series beside what the evidence knew on the snapshot's day.

    In text order; one comparison a stated number or claim.
    """
    scene = scene or scene_of(document)
    known, catalogue = Known(snapshot, document.text), _catalogue(snapshot)
    found: dict[tuple[str, int], Comparison] = {}
    spoken: PriceMove | None = None
    for line in scene.lines:
        if line.sentence.end - line.sentence.start > _LONGEST:
            continue
        stated = list(statements_of(scene, line, catalogue))
        moves = list(price_moves(scene, line, catalogue))
        made = [compared(one, known) for one in stated]
        made += [compared_move(one, known) for one in moves]
        made += compared_rise(scene, line, known, spoken)
        made += extremes(scene, line, known, stated, moves)
        made += since_signs(scene, line, catalogue, known)
        made += streaks(scene, line, catalogue, known)
        for one in made:
            if one is not None:
                found.setdefault((one.kind, one.stated.start), one)
        spoken = moves[0] if moves else spoken
    for grid in grids_of(scene) if grids is None else grids:
        for cell in cells_of(scene, grid, catalogue):
            comparison = compared(cell, known, WILDEST)
            if comparison is not None:
                found.setdefault((comparison.kind, comparison.stated.start), comparison)
    return tuple(sorted(found.values(), key=lambda one: (one.stated.start, one.kind)))


@lru_cache(maxsize=4)
def _catalogue(snapshot: Snapshot) -> Catalogue:
    return catalogue_of(snapshot.series, snapshot.sources)
