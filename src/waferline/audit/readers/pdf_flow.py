"""This module turns the regions of a PDF's pages into paragraphs, tables and the rest, across page ends."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from waferline.audit.document import BlockKind
from waferline.audit.readers.characters import is_wide, joined
from waferline.audit.readers.kinds import kind_of, starts_item
from waferline.audit.readers.pdf_aligned import aligned_tables
from waferline.audit.readers.pdf_layout import Line, Region, lines_of
from waferline.audit.readers.pdf_page import Piece
from waferline.audit.readers.pdf_tables import Table
from waferline.audit.readers.writing import Field

_END = re.compile(r"[。！？!?；;.:：…][”’\"'」』）)\]\s⁰¹²³⁴-⁹]*$")
_TOKEN = re.compile(r"[A-Za-z0-9.,%$+/’'&_-]+[，。、；：！？）》」』”%]*|.[，。、；：！？）》」』”]*")
_WORD = re.compile(r"\S+")
_NOTE_MARK = re.compile(r"[⁰¹²³⁴-⁹]|\[\d{1,2}\]|[*†‡]|\d{1,2}\s")
_NUMBERED = re.compile(
    r"(?:第[一二三四五六七八九十]+[章节]|[一二三四五六七八九十]+、|\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+\D)"
)
_LABEL = re.compile(r"[^，。,.]{1,8}[：:]")  # 缺失：, 风险提示：


@dataclass(slots=True)
class Item:
    """What becomes one block. `open` is a paragraph that its region cut short; `goes_on` one that begins so."""

    kind: BlockKind
    text: str
    page: int
    fields: list[Field] = field(default_factory=list)
    rows: list[Line] = field(
        default_factory=list
    )  # the lines of a table without upright rules, or part of one
    walls: tuple[float, ...] = ()  # the columns' borders of a ruled table
    tagged: tuple[tuple[float, float], ...] = ()  # where the columns of a tagged table are written
    open: bool = False
    goes_on: bool = False
    size: float = 0.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Measures:
    """What the whole document tells: size of its body text, line pitch over size, right ends, its words."""

    body: float
    pitches: dict[float, float]  # by size of the text
    rights: dict[tuple[tuple[float, ...], float], float]  # by kind of column and size
    known: Callable[[str], bool]

    def pitch(self, size: float) -> float:
        """Distance of the lines of one paragraph over the size; generous where the document does not tell."""
        return self.pitches.get(round(size * 2) / 2) or self.pitches.get(self.body) or 1.75

    def right(self, lines: Sequence[Line], size: float) -> float:
        """Where lines of this size that stand in one column with `lines` end, at the most.

        The narrowest column of the document that holds them: a page's only text may stand in the left of two.
        """
        own = [line for line in lines if _size(line) == size]
        body = [line for line in lines if _size(line) == self.body] if size != self.body else []
        reach = max(line.x1 for line in own + body)
        ends = [x for (_, of), x in self.rights.items() if of in (size, self.body) and x >= reach - 1]
        return min(ends, default=reach)


def _size(line: Line) -> float:
    return round(line.size * 2) / 2


def measure(parts: Sequence[tuple[Region, list[Line]]]) -> Measures:
    """Look at all lines of the document once."""
    sizes: Counter[float] = Counter()
    rights: dict[tuple[tuple[float, ...], float], float] = defaultdict(float)
    words: Counter[str] = Counter()
    for region, lines in parts:
        for line in lines:
            text = line.text
            sizes[round(line.size * 2) / 2] += len(text)
            rights[region.key, _size(line)] = max(rights[region.key, _size(line)], line.x1)
            inner = _WORD.findall(text.lower())
            words.update(word.strip(".,;:()“”\"'") for word in (inner[:-1] if text.endswith("-") else inner))
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    steps: dict[float, Counter[float]] = defaultdict(Counter)
    for region, lines in parts:
        for a, b in pairwise(lines):
            if len(a.pieces) == len(b.pieces) == 1 and abs(a.size - b.size) < 0.05 * a.size:
                ratio = (b.baseline - a.baseline) / a.size
                if (
                    0.9 < ratio < 2.4
                    and a.x1 > rights[region.key, _size(a)] - 3 * a.size
                    and abs(a.x0 - b.x0) < a.size
                ):
                    steps[_size(a)][round(ratio, 2)] += 1
    pitches = {size: counter.most_common(1)[0][0] for size, counter in steps.items()}
    return Measures(body, pitches, dict(rights), lambda word: words[word] > 0)


def items_of(region: Region, lines: list[Line], tables: Sequence[Table], about: Measures) -> list[Item]:
    """The region's blocks from top to bottom."""
    rules = [r for r in region.page.horizontal if not any(_holds(t, r) for t in tables)]
    found = {first: (last, fields) for first, last, fields in aligned_tables(lines, rules)}
    placed: list[tuple[float, list[Item]]] = []
    number = region.page.number
    edge = len(lines)
    while (
        edge > 0 and len(lines[edge - 1].pieces) > 1 and not any(a < edge <= b for a, (b, _) in found.items())
    ):
        edge -= 1
    index = 0
    while index < len(lines):
        if index in found:
            last, fields = found[index]
            placed.append((lines[index].baseline, [Item("table", "", number, fields, lines[index:last])]))
            index = last
            continue
        end = _ragged(lines, index, found) if index in (0, edge) else index
        if end > index:
            rows = lines[index:end]
            text = "\n".join(line.text for line in rows)
            placed.append((rows[0].baseline, [Item("paragraph", text, number, rows=rows)]))
            index = end
            continue
        while end < len(lines) and end not in found and end != edge:
            if end > index and any(lines[end - 1].baseline < t.box[3] <= lines[end].baseline for t in tables):
                break
            end += 1
        run = lines[index:end]
        placed.append((run[0].baseline, _paragraphs(run, region, about)))
        index = end
    placed += [
        (t.box[1], [Item("table", "", number, t.fields, walls=t.walls, tagged=t.tagged)]) for t in tables
    ]
    placed.sort(key=lambda entry: entry[0])
    items = [item for _, group in placed for item in group]
    body = [item for item in items if item.kind not in ("footnote", "furniture")]
    for item in body[:-1]:
        item.open = False
    return items


def _ragged(lines: Sequence[Line], index: int, found: dict[int, tuple[int, list[Field]]]) -> int:
    """The end of the lines of several pieces from here on: rows whose table may go on elsewhere."""
    while index < len(lines) and index not in found and len(lines[index].pieces) > 1:
        index += 1
    return index


def _holds(table: Table, rule: tuple[float, float, float]) -> bool:
    y, x0, x1 = rule
    return table.box[1] - 1 <= y <= table.box[3] + 1 and x0 < table.box[2] and x1 > table.box[0]


# ---------------------------------------------------------------------------------------- paragraphs


def _paragraphs(lines: list[Line], region: Region, about: Measures) -> list[Item]:
    if not lines:
        return []
    left = _common_left(lines)
    rights = {size: about.right(lines, size) for size in {_size(line) for line in lines}}
    groups: list[list[Line]] = [[lines[0]]]
    notes_from = _notes_start(lines, region, about)
    for index, (before, line) in enumerate(pairwise(lines), start=1):
        note = notes_from is not None and index >= notes_from
        if _begins(before, line, groups[-1], left, rights[_size(before)], about) or (
            note and (index == notes_from or _NOTE_MARK.match(line.text))
        ):
            groups.append([line])
        else:
            groups[-1].append(line)
    items: list[Item] = []
    seen = 0
    for group in groups:
        text = ""
        for line in group:
            text = joined(text, line.text, about.known) if text else line.text
        kind = _kind(text, group, about)
        if notes_from is not None and seen >= notes_from and kind in ("paragraph", "list", "heading"):
            kind = "footnote"
        seen += len(group)
        last, first = group[-1], group[0]
        right = rights[_size(last)]
        # A line that ends with a full stop at the very margin goes on more often than it ends a paragraph.
        if _END.search(text):
            # A line that ends with a full stop at the very margin goes on more often than it ends a paragraph.
            room = 1.5
        elif is_wide(text[-1]):
            room = 2.5 * last.size
        else:
            room = 0.25 * (right - left)
        full = right - last.x1 < room and len(group) > 1
        item = Item(kind, text, first.page, size=first.size, bold=first.pieces[0].bold)
        item.open = kind in ("paragraph", "list") and full
        item.goes_on = kind == "paragraph" and first.x0 - left < 0.8 * first.size
        if items and kind == "contents" and items[-1].kind == "contents":
            items[-1].text += "\n" + text
        else:
            items.append(item)
    return items


def _common_left(lines: Sequence[Line]) -> float:
    lefts = Counter(round(line.x0) for line in lines)
    most = max(lefts.values())
    return float(min(x for x, count in lefts.items() if count >= 0.3 * most))


def _notes_start(lines: Sequence[Line], region: Region, about: Measures) -> int | None:
    """The first line of the footnotes: small print at the foot of the page that begins with a mark."""
    start = None
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if line.size > 0.93 * about.body or line.baseline < 0.5 * region.page.height:
            break
        if _NOTE_MARK.match(line.text):
            start = index
    return start


def _begins(
    before: Line, line: Line, group: Sequence[Line], left: float, right: float, about: Measures
) -> bool:
    """Whether the line begins a paragraph."""
    text, last = line.text, before.text
    if abs(line.size - before.size) > 0.08 * before.size:
        return True
    pitch = (line.baseline - before.baseline) / line.size
    usual = about.pitch(line.size)
    inner = (group[-1].baseline - group[-2].baseline) / line.size if len(group) > 1 else usual
    if pitch > max(usual, inner) * 1.1 + 0.02:
        return True
    kind = kind_of(text)
    if kind == "contents" and kind_of(last) != "contents" and not _has_room(before, line, left, right):
        return bool(_NUMBERED.match(text))
    if starts_item(text) or kind != "paragraph" or kind_of(last) == "contents":
        return True
    group_kind = kind_of(group[0].text)
    whole = "".join(part.text for part in group)
    indent = line.x0 - left
    hanging = len(group) >= 1 and starts_item(group[0].text)
    if (
        not hanging
        and 0.8 * line.size < indent
        and abs(line.x0 - before.x0) > 0.5 * line.size
        and line.x0 > before.x0
    ):
        return True
    if hanging and line.x0 < before.x0 - 0.5 * line.size and len(group) > 1:
        return True
    if (
        all(p.bold for p in before.pieces)
        and not line.pieces[0].bold
        and len(whole) < 60
        and not _END.search(last)
    ):
        return _has_room(before, line, left, right) or group_kind == "caption"
    if _has_room(before, line, left, right):
        # A word in lower case cannot begin a sentence, whatever room there was.
        return not (text[0].islower() and text[0].isascii() and not _END.search(last) and len(last) > 30)
    return False


def _has_room(before: Line, line: Line, left: float, right: float) -> bool:
    """Whether the first word of the line would have fitted on the line before: its end was meant."""
    text = line.pieces[0].text
    wide = is_wide(text[0]) or is_wide(before.text[-1])
    match = (_TOKEN if wide or any(map(is_wide, text[:12])) else _WORD).match(text)
    count = len(match[0]) if match else 1
    piece = line.pieces[0]
    width = piece.rights[min(count, len(piece.rights)) - 1] - piece.x0
    room = right - before.x1
    if before.x0 - left > 3 * before.size and abs((before.x0 - left) - (right - before.x1)) < before.size:
        room += before.x0 - left  # centred
    slack = 1.1 * line.size if wide else 0.45 * line.size
    return room > width + slack


def _kind(text: str, group: Sequence[Line], about: Measures) -> BlockKind:
    kind = kind_of(text)
    if kind != "paragraph":
        return kind
    short = len(text) < 80 and len(group) <= 3 and not re.search(r"[。；;，,]$", text.rstrip())
    if short and not text.rstrip().endswith((".", ":", "：")):
        if group[0].size > 1.12 * about.body:
            return "heading"
        if all(p.bold for line in group for p in line.pieces) or (_NUMBERED.match(text) and len(text) < 40):
            return "heading"
    return "list" if starts_item(text) else "paragraph"


# --------------------------------------------------------------------------------------- across pages


def healed(regions: Sequence[list[Item]]) -> list[Item]:
    """All items in order, with the paragraphs that a column's or page's end had cut in two made whole."""
    result: list[Item] = []
    waiting: Item | None = None
    for items in regions:
        rest = items
        if waiting is not None:
            place = next(
                (i for i, item in enumerate(items) if item.kind in ("paragraph", "heading", "list")), None
            )
            if place is not None and _goes_on(waiting, items[place], floats=place > 0):
                follow = items[place]
                waiting.text = joined(waiting.text, follow.text)
                waiting.open = follow.open
                rest = items[:place] + items[place + 1 :]
                if not follow.open or place < len(items) - 1:
                    waiting = None
            elif place is not None:
                waiting = None
        result += rest
        body = [item for item in rest if item.kind not in ("footnote", "furniture")]
        if body and body[-1].open:
            waiting = body[-1]
    return result


def _goes_on(before: Item, after: Item, *, floats: bool) -> bool:
    if after.kind != "paragraph" or abs(before.size - after.size) > 0.08 * before.size:
        return False
    first = after.text.lstrip()[:1]
    if floats and (_LABEL.match(after.text) or _END.search(before.text)):
        return False
    if floats and not (first.islower() or is_wide(before.text[-1]) or before.text[-1] in ",，、"):
        return False
    return after.goes_on or first.islower()


def joined_lines(pieces: Sequence[Piece], page: int) -> list[str]:
    """The texts of the pieces, a line each."""
    return [line.text for line in lines_of(pieces, page)]
