"""This module makes copies of the labelled documents with one thing changed, so that a label no longer holds.

Five kinds of slip: two digits swapped, the decimal point moved, the direction word (or sign) turned round, a
wrong scale word, and a stale value (another number of the same document in its place). The same document and
seed give the same copies. Nothing is written: a test makes them in memory. Run it to see how many there are.
"""

from __future__ import annotations

import itertools
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from arithmetic import NUMBER, check  # noqa: E402 - a script beside its module, run from anywhere

KINDS = ("digit_swap", "decimal_shift", "sign_flip", "wrong_unit", "stale_value")
Span = tuple[int, int]

# Each pair is read both ways. A longer word stands before one it contains.
DIRECTIONS = (
    ("同比增长", "同比下降"),
    ("环比增长", "环比下降"),
    ("增加", "减少"),
    ("增加", "減少"),
    ("增长", "下降"),
    ("成長", "衰退"),
    ("上升", "下降"),
    ("提升", "下降"),
    ("提高", "降低"),
    ("年增", "年減"),
    ("季增", "季減"),
    ("月增", "月減"),
    ("an increase of", "a decrease of"),
    ("increased by", "decreased by"),
    ("increased", "decreased"),
    ("increase of", "decrease of"),
    ("rose by", "fell by"),
    ("rose", "fell"),
    ("grew", "shrank"),
    ("climbed", "dropped"),
    ("up", "down"),
    ("higher", "lower"),
)
SCALE_SLIPS = {
    "万亿": "亿",
    "亿": "万",
    "万": "亿",
    "億": "萬",
    "萬": "億",
    "billion": "million",
    "million": "billion",
    "trillion": "billion",
    "thousand": "million",
    "bn": "mn",
}
SIGNED = ("g", "gabs", "diff")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed copy. `place` is what changed, in the new text; `broken` are the labels that fail by it.

    `shift` is what the change adds to every offset behind it; `lhs` are the broken labels' stated numbers in
    the new text.
    """

    doc: str
    text: str
    kind: str
    target: str  # "stated" or "input"
    place: Span
    original: str
    shift: int
    label: str
    relation: str
    broken: tuple[str, ...]
    lhs: tuple[Span, ...]


def spans(written: str) -> list[Span]:
    return [(int(a), int(b)) for a, b in (part.split("-") for part in written.split(";") if part)]


def _digits(text: str, span: Span) -> Span:
    match = NUMBER.search(text, *span)
    assert match, text[slice(*span)]
    return match.span()


def _swapped(number: str, rng: random.Random) -> str | None:
    at = [i for i, c in enumerate(number) if c.isdigit()]
    pairs = [
        (i, j)
        for i, j in itertools.pairwise(at)
        if number[i] != number[j] and not (i == at[0] and number[j] == "0")
    ]
    if not pairs:
        return None
    i, j = rng.choice(pairs)
    return number[:i] + number[j] + number[i + 1 : j] + number[i] + number[j + 1 :]


def _shifted(number: str, rng: random.Random) -> str | None:
    digits = number.replace(",", "")
    whole, point, rest = digits.partition(".")
    if re.fullmatch(r"\d+,\d{1,2}", number):
        return None
    left = len(whole) > 1 and rng.random() < 0.5
    if left:
        return f"{whole[:-1]}.{whole[-1]}{rest}"
    if not point:
        return digits + "0" if whole != "0" else None
    moved = (whole + rest[0]).lstrip("0") or "0"
    return moved + ("." + rest[1:] if rest[1:] else "")


def _direction(text: str, lhs: Span) -> tuple[Span, str] | None:
    """The word before the stated number that gives its direction, and its opposite."""
    if text[lhs[0]] in "-−+" or text[lhs[0] - 1 : lhs[0]] in ("-", "−", "+"):
        at = lhs[0] if text[lhs[0]] in "-−+" else lhs[0] - 1
        return ((at, at + 1), "+" if text[at] in "-−" else "-")
    floor = max(0, lhs[0] - 24)
    traditional = bool(re.search("[億萬較長]", text))
    found: list[tuple[int, int, str]] = []
    for pair in DIRECTIONS:
        if any((c in "減長") != traditional for c in "".join(pair) if c in "減长長减"):
            continue
        for word, other in (pair, pair[::-1]):
            at = text.rfind(word, floor, lhs[0])
            between = text[at + len(word) : lhs[0]]
            if at < 0 or re.search(r"[\d。；;，,\n|]", between):
                continue
            if word.isascii() and (text[at - 1 : at].isalpha() or between[:1].isalpha()):
                continue
            found.append((at + len(word), len(word), other))
    if not found:
        return None
    end, length, other = max(found)
    clause = re.split(r"[。;；\n]", text[: lhs[0]])[-1] + re.split(r"[。;；\n]", text[lhs[0] :])[0]
    if re.search("分别|分別|respectively|each|均", clause):  # one word for several numbers
        return None
    return (end - length, end), other


def _scale(text: str, end: int) -> tuple[Span, str] | None:
    tail = text[end : end + 10]
    for word, slip in SCALE_SLIPS.items():
        match = re.match(r"\s?" + word, tail)
        if match:
            return (end + match.end() - len(word), end + match.end()), slip
    return None


def _moved(span: Span, place: Span, shift: int) -> Span:
    """A span after the change: behind it shifts, around it grows."""
    start = span[0] + shift if span[0] >= place[1] else span[0]
    return start, span[1] + shift if span[1] >= place[1] else span[1]


def _change(
    kind: str, text: str, row: Mapping[str, str], target: Span, pool: Sequence[str], rng: random.Random
) -> tuple[Span, str] | None:
    digits = _digits(text, target)
    number = text[slice(*digits)]
    if kind == "digit_swap":
        new = _swapped(number, rng)
    elif kind == "decimal_shift":
        new = _shifted(number, rng)
    elif kind == "stale_value":
        alike = [n for n in pool if n != number and ("." in n) == ("." in number)]
        new = rng.choice(alike) if alike else None
    elif kind == "wrong_unit":
        return _scale(text, digits[1])
    else:
        return _direction(text, target) if row["formula"] in SIGNED else None
    return None if new is None or new == number else (digits, new)


def _breaks(row: Mapping[str, str], text: str, place: Span, shift: int, turned: bool) -> Span | None:
    """Where the label's stated number stands in the new text, if the label clearly fails there."""
    lhs = _moved((int(row["lhs_start"]), int(row["lhs_end"])), place, shift)
    inputs = [text[slice(*_moved(span, place, shift))] for span in spans(row["input_spans"])]
    sign = -int(row["sign"]) if turned else int(row["sign"])
    try:
        outcome = check(row["formula"], sign, text[slice(*lhs)], inputs)
    except (ValueError, ZeroDivisionError):
        return None
    width = outcome.stated[1] - outcome.stated[0]
    return lhs if not outcome.meets and outcome.gap * 2 >= width else None


def mutants(
    doc: str, text: str, rows: Sequence[Mapping[str, str]], *, seed: str = "1", most: int = 4
) -> Iterator[Mutant]:
    """Up to `most` copies of one document, each kind once before any comes twice."""
    rng = random.Random(f"{seed}/{doc}")
    good = [row for row in rows if row["consistent"] == "yes" and row["formula"] != "dir"]
    numbers = [
        (text[slice(*_digits(text, span))], "%" in text[slice(*span)])
        for row in rows
        for span in [(int(row["lhs_start"]), int(row["lhs_end"])), *spans(row["input_spans"])]
    ]
    made, seen, per_kind = 0, set(), Counter[str]()
    plans = [(turn, kind, row) for turn in range(2) for kind in KINDS for row in good]
    rng.shuffle(plans)
    for turn, kind, row in sorted(plans, key=lambda plan: plan[0]):
        if made == most:
            return
        if per_kind[kind] > turn:
            continue
        stated = (int(row["lhs_start"]), int(row["lhs_end"]))
        is_stated = kind == "sign_flip" or rng.random() < 0.5
        target = stated if is_stated else rng.choice(spans(row["input_spans"]))
        percent = "%" in text[slice(*target)]
        pool = sorted({number for number, other in numbers if other == percent})
        change = _change(kind, text, row, target, pool, rng)
        if change is None or (change in seen):
            continue
        place, new = change
        shift = len(new) - (place[1] - place[0])
        changed = text[: place[0]] + new + text[place[1] :]
        broken = {}
        for each in good:
            turned = kind == "sign_flip" and each is row and new not in "+-"
            lhs = _breaks(each, changed, place, shift, turned)
            # A sign before the number is part of the label's token or stands just before it.
            if kind == "sign_flip" and new in "+-" and each is row:
                lhs = _breaks(each, changed, place, shift, True)
            if lhs:
                broken[each["label_id"]] = lhs
        if row["label_id"] not in broken:
            continue
        seen.add(change)
        made += 1
        per_kind[kind] += 1
        yield Mutant(
            doc=doc,
            text=changed,
            kind=kind,
            target="stated" if is_stated else "input",
            place=(place[0], place[0] + len(new)),
            original=text[slice(*place)],
            shift=shift,
            label=row["label_id"],
            relation=row["relation"],
            broken=tuple(broken),
            lhs=tuple(broken.values()),
        )


def main() -> None:
    import csv

    rows: dict[str, list[dict[str, str]]] = {}
    with (HERE / "labels.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["doc"], []).append(row)
    made = [
        mutant
        for doc, its in rows.items()
        for mutant in mutants(doc, (HERE / "docs" / f"{doc}.txt").read_text(encoding="utf-8"), its)
    ]
    print(f"{len(made)} copies of {len(rows)} documents", dict(Counter(m.kind for m in made)))


if __name__ == "__main__":
    main()
