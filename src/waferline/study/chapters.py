"""This module reads a chapter: Markdown with expressions, exhibits placed by id, and paragraphs under a condition.

```
# Title            ## Section
Text with {{ yoy("wsts.sales", "2024") | said }} and a reference to {{ exhibit("fig01") }}.

::: when since("2025-01-20")
Only if the condition holds on the day.
:::

::: exhibits fig01 fig03
::: opinion
A view, marked as one.
:::
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from waferline.errors import BadInput
from waferline.study.hand_typed import hand_typed
from waferline.study.report import Lang

# Never looks past another {{ or }}, so that a hostile file of braces is read in linear time.
_EXPRESSION = re.compile(r"\{\{((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)
_EXHIBIT = re.compile(r'\s*exhibit\(\s*"([^"]*)"\s*\)\s*')
# Controls, line and paragraph separators, and signs that turn the direction of writing.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# Expressions travel through the Markdown parser as one private-use character each.
_FIRST_MARK, _LAST_MARK = 0xE000, 0xF8FF
# The Markdown parser takes a time quadratic in the brackets of a paragraph.
MAX_PARAGRAPH = 20_000

Role = Literal["body", "opinion", "note"]


@dataclass(frozen=True, slots=True)
class Slot:
    """An expression in a chapter: source[start:end] is `{{ … }}`, code points of the file."""

    expression: str
    start: int
    end: int
    where: str
    exhibit: str = ""  # set for a reference to an exhibit
    lines: int = 1  # how many it spans


@dataclass(frozen=True, slots=True)
class Plain:
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    slot: Slot
    strong: bool = False


Piece = Plain | Filled


@dataclass(frozen=True, slots=True)
class HeadingSource:
    level: int
    pieces: tuple[Piece, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ParagraphSource:
    pieces: tuple[Piece, ...]
    line: int
    role: Role
    conditions: tuple[tuple[str, int], ...]  # all must hold; expression and line
    bullet: int = 0  # number of its list in the chapter, 0 for a plain paragraph


@dataclass(frozen=True, slots=True)
class ExhibitsSource:
    ids: tuple[str, ...]
    line: int
    conditions: tuple[tuple[str, int], ...]


BlockSource = HeadingSource | ParagraphSource | ExhibitsSource


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of one language as written, before any evidence has been looked at."""

    id: str
    lang: Lang
    file: str
    source: str
    blocks: tuple[BlockSource, ...]

    def slots(self) -> tuple[Slot, ...]:
        """Every expression, in order."""
        return tuple(
            piece.slot
            for block in self.blocks
            if not isinstance(block, ExhibitsSource)
            for piece in block.pieces
            if isinstance(piece, Filled)
        )


def parse_chapter(identifier: str, lang: Lang, file: str, source: str, names: tuple[str, ...]) -> Chapter:
    """The chapter in `source`. Raises BadInput at file:line for a hand-typed number, raw HTML, a link or a bad fence."""
    for at, character in enumerate(source):
        if _FIRST_MARK <= ord(character) <= _LAST_MARK:
            raise BadInput(
                f"{file}:{source.count(chr(10), 0, at) + 1}", "a private-use character stands in the text",
                found=f"U+{ord(character):04X}",
            )  # fmt: skip
    for odd in _UNSEEN.finditer(source):
        raise BadInput(
            f"{file}:{source.count(chr(10), 0, odd.start()) + 1}", "a control character stands in the text",
            found=f"U+{ord(odd.group()):04X}",
        )  # fmt: skip
    text, slots = _set_slots_aside(source, file)
    blocks: list[BlockSource] = []
    lists = 0
    for segment in _segments(text, slots, file):
        if segment.exhibits:
            blocks.append(ExhibitsSource(segment.exhibits, segment.numbers[0], segment.conditions))
            continue
        for block in _markdown(segment, slots, file, names, lang):
            if isinstance(block, ParagraphSource) and block.bullet:
                lists += block.bullet == 1
                block = ParagraphSource(block.pieces, block.line, block.role, block.conditions, lists)
            blocks.append(block)
    return Chapter(identifier, lang, file, source, tuple(blocks))


def _set_slots_aside(source: str, file: str) -> tuple[str, list[Slot]]:
    slots: list[Slot] = []

    def mark(found: re.Match[str]) -> str:
        where = f"{file}:{source.count(chr(10), 0, found.start()) + 1}"
        inner = found.group(1)
        reference = _EXHIBIT.fullmatch(inner)
        slots.append(
            Slot(
                inner.strip(),
                found.start(),
                found.end(),
                where,
                reference.group(1) if reference else "",
                inner.count("\n") + 1,
            )
        )
        if len(slots) > _LAST_MARK - _FIRST_MARK:
            raise BadInput(where, "too many expressions in one chapter")
        return chr(_FIRST_MARK + len(slots) - 1)

    text = _EXPRESSION.sub(mark, source)
    length = 0
    for line, number in _numbered(text, slots):
        length = length + len(line) if line.strip() else 0
        if length > MAX_PARAGRAPH:
            raise BadInput(
                f"{file}:{number}", "the paragraph is too long", f"at most {MAX_PARAGRAPH} characters",
                fix="a blank line between paragraphs",
            )  # fmt: skip
        if "{{" in line or "}}" in line:
            raise BadInput(f"{file}:{number}", "an expression is not closed", "{{ … }}", line.strip()[:40])
    return text, slots


def _numbered(text: str, slots: list[Slot]) -> Iterator[tuple[str, int]]:
    """The lines of the text with their numbers in the file, where an expression may span lines."""
    number = 1
    for line in text.split("\n"):
        yield line, number
        marks = (slots[ord(c) - _FIRST_MARK] for c in line if _FIRST_MARK <= ord(c) <= _LAST_MARK)
        number += 1 + sum(slot.lines - 1 for slot in marks)


@dataclass(frozen=True, slots=True)
class _Segment:
    text: str
    numbers: tuple[int, ...]  # of its lines in the file
    role: Role
    conditions: tuple[tuple[str, int], ...]
    exhibits: tuple[str, ...] = ()


def _segments(text: str, slots: list[Slot], file: str) -> list[_Segment]:
    """The text cut at its `:::` lines."""
    segments: list[_Segment] = []
    open_fences: list[tuple[str, str, int]] = []  # kind, argument, line
    lines: list[tuple[str, int]] = []

    def state() -> tuple[Role, tuple[tuple[str, int], ...]]:
        role: Role = "body"
        for kind, _, _ in open_fences:
            if kind == "opinion" or kind == "note":
                role = kind  # type: ignore[assignment]
        return role, tuple((argument, line) for kind, argument, line in open_fences if kind == "when")

    def close_segment() -> None:
        if any(line.strip() for line, _ in lines):
            role, conditions = state()
            numbers = tuple(number for _, number in lines)
            segments.append(_Segment("\n".join(line for line, _ in lines), numbers, role, conditions))
        lines.clear()

    for line, number in _numbered(text, slots):
        if not line.startswith(":::"):
            lines.append((line, number))
            continue
        close_segment()
        kind, _, argument = line[3:].strip().partition(" ")
        if kind == "":
            if not open_fences:
                raise BadInput(
                    f"{file}:{number}", "::: closes nothing", "a ::: when, opinion or note before it"
                )
            open_fences.pop()
        elif kind == "exhibits":
            ids = tuple(argument.split())
            if not 1 <= len(ids) <= 2:
                raise BadInput(
                    f"{file}:{number}", "exhibits stand alone or in pairs", "one or two ids", argument
                )
            segments.append(_Segment("", (number,), "body", state()[1], ids))
        elif kind == "when":
            if not argument.strip():
                raise BadInput(f"{file}:{number}", "the condition is missing", '::: when since("2025-01-20")')
            open_fences.append((kind, argument.strip(), number))
        elif kind in ("opinion", "note") and not argument:
            open_fences.append((kind, "", number))
        else:
            raise BadInput(
                f"{file}:{number}", "unknown fence", "when …, opinion, note or exhibits …", line[:40]
            )
    close_segment()
    if open_fences:
        raise BadInput(f"{file}:{open_fences[-1][2]}", "::: is never closed", "a line ::: after it")
    return segments


# CommonMark does not close ** between a Chinese full stop and the next word, so strong words are cut here.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).disable("emphasis")


def _markdown(
    segment: _Segment, slots: list[Slot], file: str, names: tuple[str, ...], lang: Lang
) -> list[BlockSource]:
    blocks: list[BlockSource] = []
    stack: list[str] = []
    heading = 0
    bullets = 0
    for token in _MARKDOWN.parse(segment.text):
        first = token.map[0] if token.map else 0
        line = segment.numbers[min(first, len(segment.numbers) - 1)]
        if token.type == "inline":
            pieces = _pieces(token, slots, file, segment.numbers[first:], names, lang)
            if heading:
                if not pieces:
                    raise BadInput(f"{file}:{line}", "a heading without words")
                blocks.append(HeadingSource(heading, pieces, line))
            else:
                bullets += "bullet_list_open" in stack
                blocks.append(
                    ParagraphSource(
                        pieces,
                        line,
                        segment.role,
                        segment.conditions,
                        bullets if "bullet_list_open" in stack else 0,
                    )
                )
        elif token.type == "heading_open":
            heading = int(token.tag[1])
            if heading > 2 or segment.conditions:
                raise BadInput(
                    f"{file}:{line}", "a heading is # or ##, outside conditions", found=token.markup
                )
        elif token.type == "heading_close":
            heading = 0
        elif token.type in ("bullet_list_open", "list_item_open", "paragraph_open"):
            stack.append(token.type)
            if token.type == "bullet_list_open":
                bullets = 0
        elif token.type in ("bullet_list_close", "list_item_close", "paragraph_close"):
            stack.pop()
        else:
            raise BadInput(
                f"{file}:{line}",
                "chapters hold headings, paragraphs and bullet lists",
                found=token.type.split("_")[0],
            )
    return blocks


def _pieces(
    token: Token, slots: list[Slot], file: str, numbers: tuple[int, ...], names: tuple[str, ...], lang: Lang
) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    ends: list[int] = []  # how many characters the lines before each break hold
    strong = False
    for child in token.children or ():
        if child.type == "softbreak":
            ends.append(len(_plain(pieces)))
            # A Chinese line goes on without a space; a Latin one needs it.
            last = _plain(pieces)[-1:]
            latin = lang == "en" if last == "\0" else bool(last) and ord(last) < 0x2E80
            pieces.append(Plain(" " if latin else "", strong))
        elif child.type == "text" and "*" not in child.content.replace("**", ""):
            for number, part in enumerate(child.content.split("**")):
                strong = strong != (number > 0)
                pieces.extend(_cut(part, slots, strong))
        else:
            raise BadInput(
                f"{file}:{numbers[len(ends)]}", "text holds words, **strong** words and expressions only",
                found="a single *" if child.type == "text" else child.type,
            )  # fmt: skip
    if strong:
        raise BadInput(f"{file}:{numbers[0]}", "a strong word is not closed", "** after it")
    # Numbers are looked for across pieces: a digit before an expression is still typed by hand.
    plain = _plain(pieces)
    for found in hand_typed(plain, names):
        at = numbers[sum(end <= found.start for end in ends)]
        raise BadInput(
            f"{file}:{at}",
            "a number typed by hand",
            "an expression, a date or a name of names.toml",
            f"{found.raw!r} in {plain[max(0, found.start - 12) : found.end + 8].replace(chr(0), '…')!r}",
        )
    return tuple(piece for piece in pieces if not (isinstance(piece, Plain) and not piece.text))


def _plain(pieces: list[Piece]) -> str:
    """The words, with one sign for each expression."""
    return "".join(piece.text if isinstance(piece, Plain) else "\0" for piece in pieces)


def _cut(text: str, slots: list[Slot], strong: bool) -> list[Piece]:
    pieces: list[Piece] = []
    rest = ""
    for character in text:
        if _FIRST_MARK <= ord(character) <= _LAST_MARK:
            if rest:
                pieces.append(Plain(rest, strong))
            rest = ""
            pieces.append(Filled(slots[ord(character) - _FIRST_MARK], strong))
        else:
            rest += character
    if rest:
        pieces.append(Plain(rest, strong))
    return pieces
