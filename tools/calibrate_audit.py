"""Fits how often an accusation of a given link is right, and writes it into src/waferline/audit/confidence.py.

Isotonic regression (pool adjacent violators) over every reading of the `tune_*` documents and their changed copies
that contradicts a stated number, however weak its link: right if it touches what was changed or is wrong on purpose.
Readings that one slip of the pen explains are fitted apart. Without `--write` it prints the steps; the copies are made
from a fixed seed, so the result is the same every time. The held-back half is not read.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from audit.accuracy import Label, labelled  # type: ignore[import-not-found]  # noqa: E402
from data.audit.mutate import mutants  # type: ignore[import-not-found]  # noqa: E402

from waferline.audit.claims.grid import grids_of  # noqa: E402
from waferline.audit.claims.scene import scene_of  # noqa: E402
from waferline.audit.engine import claims_of  # noqa: E402
from waferline.audit.judge import contradicted  # noqa: E402
from waferline.audit.readers.plain import read_text  # noqa: E402

PAGE = ROOT / "src" / "waferline" / "audit" / "confidence.py"
SEED, COPIES = "1", 4  # of the changed copies
Span = tuple[int, int]
Seen = tuple[float, bool, bool]  # link, explained by a slip, right
Steps = tuple[tuple[float, float], ...]


def readings(text: str, wrong: Sequence[Span], changed: Sequence[Span]) -> Iterator[Seen]:
    """The readings of a text that contradict a stated number, each told right where it touches a wrong one."""
    scene = scene_of(read_text(text, "text"))
    for claim in claims_of(scene, list(grids_of(scene))):
        found = contradicted(claim)
        if found is None:
            continue
        candidate, slip = found
        places = [(m.start, m.end) for m in (claim.stated, *(o.mention for o in candidate.operands))]
        right = any(a < d and c < b for a, b in places for c, d in (*wrong, *changed))
        yield min(candidate.link, 0.99), slip is not None, right


def population() -> list[Seen]:
    """All contradicting readings of the documents that may be read and of their changed copies."""
    data = labelled().only("tune")
    seen: list[Seen] = []
    for doc, text in data.texts.items():
        labels: Sequence[Label] = data.labels[doc]
        wrong = [label.lhs for label in labels if not label.right]
        seen += readings(text, wrong, ())
        for mutant in mutants(doc, text, [label.row for label in labels], seed=SEED, most=COPIES):
            moved = [_moved(span, mutant.place, mutant.shift) for span in wrong]
            seen += readings(mutant.text, moved, (mutant.place, *mutant.lhs))
    return seen


def _moved(span: Span, place: Span, shift: int) -> Span:
    return (span[0] + shift, span[1] + shift) if span[0] >= place[0] else span


def isotonic(seen: Sequence[tuple[float, bool]], least: int = 15) -> Steps:
    """The steps (from this link on, this share of right ones) of the best monotone fit.

    Each block counts one right and one wrong reading more than it has, so that none is certain; blocks of fewer than
    `least` readings are pooled with their neighbour.
    """
    counts: dict[float, list[float]] = {}  # by link: right, all
    for link, right in seen:
        its = counts.setdefault(round(link, 2), [0.0, 0.0])
        its[0] += right
        its[1] += 1
    blocks: list[list[float]] = []  # lowest link, right, all
    for link in sorted(counts):
        blocks.append([link, *counts[link]])
        while len(blocks) > 1 and (
            blocks[-2][1] * blocks[-1][2] >= blocks[-1][1] * blocks[-2][2] or blocks[-2][2] < least
        ):
            _, right_too, more = blocks.pop()
            blocks[-1][1] += right_too
            blocks[-1][2] += more
    if len(blocks) > 1 and blocks[-1][2] < least:
        _, right_too, more = blocks.pop()
        blocks[-1][1] += right_too
        blocks[-1][2] += more
    rates = [(low, (good + 1) / (count + 2)) for low, good, count in blocks]
    steps = [(0.0, round(rates[0][1], 2))]
    for low, rate in rates[1:]:
        if round(rate, 2) > steps[-1][1]:
            steps.append((low, round(rate, 2)))
    return tuple(steps)


def fitted() -> dict[bool, Steps]:
    """The map: by whether a slip explains the contradiction."""
    seen = population()
    return {
        by_slip: isotonic([(link, right) for link, slip, right in seen if slip is by_slip])
        for by_slip in (False, True)
    }


def main() -> None:
    """Fit and print, or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    told = "".join(f"    {by_slip}: {steps},\n" for by_slip, steps in fitted().items())
    if parser.parse_args().write:
        code = PAGE.read_text(encoding="utf-8")
        code = re.sub(
            r"(\.\.\.\]\] = \{\n).*?(\n\})", lambda m: m[1] + told.rstrip() + m[2], code, flags=re.DOTALL
        )
        PAGE.write_text(code, encoding="utf-8")
    else:
        print(told)


if __name__ == "__main__":
    main()
