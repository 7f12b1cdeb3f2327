"""This module reads a table block as a grid: numbers with row labels, column heads, periods and units."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from waferline.audit.claims.scene import Scene, words_in
from waferline.audit.document import Block, Cell
from waferline.audit.mentions import Measure, Mention
from waferline.audit.mentions.measures import COUNTED, CURRENCIES, SCALES, alternation
from waferline.audit.periods import When, periods_in

GROWTH = re.compile(
    r"同比|环比|增减|增长|增幅|增速|变动|变化|涨跌|涨幅|降幅|年增|月增|季增|YoY|QoQ|MoM|y/y|q/q|y-o-y|chang|growth|%\s?chg|chg|Δ|variance|var\.|increase|decrease|下降|上升",
    re.IGNORECASE,
)
STEPWISE = re.compile(
    r"环比|月增|季增|QoQ|MoM|q/q|m/m|较上月|较上季|sequential|quarter-over|month-over", re.IGNORECASE
)
SHARE = re.compile(
    r"占比|比重|份额|构成|占[^用据]|share|%\s?of|mix|proportion|percentage of|权重", re.IGNORECASE
)
RATE = re.compile(r"率|margin|占|比重|share|%\s?of|ratio", re.IGNORECASE)
TOTAL = re.compile(
    r"^\s*(?:\**)(?:合计|总计|小计|共计|总和|合共|全部|合\s计|总\s计|小\s计|full[- ]year|全年|grand total|sub-?total|totals?\b|sum\b|overall\b)|(?:合计|总计|小计)\s*(?:[（(][^）)]*[）)])?\s*$|^total\s",
    re.IGNORECASE,
)
AVERAGE = re.compile(
    r"均|单价|价格|per\s|price|average|指数|index|率|ratio|margin|per$|累计|倍", re.IGNORECASE
)
PARTLY = re.compile(r"其中|of which|including|memo|adjusted|excluding|不含|^\s*[-–—·]", re.IGNORECASE)
_PRIOR = re.compile(
    r"上年|去年|上期|年初(?!至)|期初|prior|previous|last year|year ago|上月|上季|上一|基期", re.IGNORECASE
)
_CURRENT = re.compile(
    r"本期|本年|今年|本月|本季|期末|当期|报告期|current|this year|this quarter", re.IGNORECASE
)
_NOT_A_NUMBER = re.compile(r"^[\s\-–—*/.()（）]*$|^(?:n/?a|n\.m\.|nm|不适用|暂无|-+)$", re.IGNORECASE)
_UNIT = re.compile(
    rf"(?P<scale>{alternation(w for w in SCALES if len(w) > 1 or not w.isascii())})?\s?(?P<what>{COUNTED})"
)
_MONEY_WORDS = alternation(c for c in CURRENCIES if c not in ("$", "¥"))
_MONEY = re.compile(rf"(?P<cur>{_MONEY_WORDS}|[$¥€£])", re.IGNORECASE)
_SCALE = re.compile(
    rf"(?<![A-Za-z])(?:{alternation(w for w in SCALES if len(w) > 1 or w in '亿万千兆')})s?(?![A-Za-z])|[’']?000s?(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that a caption, head or label names for plain numbers."""

    measure: Measure
    scale: Fraction


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a grid: the mention as printed, and as it counts with the unit of its table."""

    row: int
    column: int
    mention: Mention
    percent: bool


@dataclass(slots=True)
class Grid:
    """A table: numbers by (row, column), the texts that name its rows and columns, and their periods."""

    block: int
    start: int
    end: int
    rows: list[int]
    columns: list[int]
    numbers: dict[tuple[int, int], Number]
    labels: dict[int, str]
    heads: dict[int, str]
    row_when: dict[int, When]
    column_when: dict[int, When]
    caption: str = ""

    def at(self, row: int, column: int) -> Number | None:
        return self.numbers.get((row, column))

    def turned(self) -> Grid:
        """The same table with rows and columns exchanged."""
        return Grid(
            self.block, self.start, self.end, self.columns, self.rows,
            {(c, r): Number(c, r, n.mention, n.percent) for (r, c), n in self.numbers.items()},
            self.heads, self.labels, self.column_when, self.row_when, self.caption,
        )  # fmt: skip

    def levels(self, column: int) -> list[Number]:
        found = (self.numbers.get((row, column)) for row in self.rows)
        return [n for n in found if n and not n.percent]

    def is_rate(self, column: int) -> bool:
        """True if most numbers of a column are percentages."""
        found = [self.numbers[row, column] for row in self.rows if (row, column) in self.numbers]
        return bool(found) and sum(n.percent for n in found) * 2 > len(found)


def grids_of(scene: Scene) -> Iterator[Grid]:
    """The tables of a document that hold numbers, in order."""
    for index, block in enumerate(scene.document.blocks):
        if block.kind in ("table", "chart") and block.cells:
            grid = _grid(scene, index, block)
            if grid and len(grid.numbers) > 1:
                yield grid


def _grid(scene: Scene, index: int, block: Block) -> Grid | None:
    text = scene.text
    caption = _caption(scene, index)
    numbers: dict[tuple[int, int], Mention] = {}
    texts: dict[tuple[int, int], str] = {}
    spans: dict[tuple[int, int], Cell] = {}
    for cell in block.cells:
        key = (cell.row, cell.column)
        texts[key] = text[cell.start : cell.end]
        spans[key] = cell
        mention = None if cell.header else number_of(scene, cell)
        if mention is not None:
            numbers[key] = mention
    if not numbers:
        return None
    all_rows = sorted({r for r, _ in texts})
    columns = sorted({c for _, c in texts})
    first = min(r for r, _ in numbers)
    head_rows = [r for r in all_rows if r < first]
    body = [r for r in all_rows if r >= first]
    heads = {c: _head(texts, spans, head_rows, columns, c) for c in columns}
    label_columns = [c for c in columns if not any((r, c) in numbers for r in body)]
    first_labels = [c for c in label_columns if c <= min(c2 for _, c2 in numbers)]
    if not first_labels and len(columns) > 1:
        return None  # nothing names the rows
    labels = {r: " ".join(texts.get((r, c), "") for c in first_labels).strip() for r in body}
    corner = " ".join(texts.get((r, c), "") for r in head_rows for c in first_labels)
    general = unit_of(corner) or unit_of(caption)
    row_when = {r: w for r in body if (w := _period(labels[r]))}
    column_when = {c: w for c in columns if c not in first_labels and (w := _period(heads[c]))}
    found = {}
    for (r, c), mention in numbers.items():
        unit = unit_of(heads[c]) or unit_of(labels.get(r, "")) or general
        found[r, c] = _number(r, c, mention, unit, heads[c], labels.get(r, ""), caption)
    return Grid(
        index,
        block.start,
        block.end,
        body,
        [c for c in columns if c not in first_labels],
        found,
        labels,
        heads,
        row_when,
        column_when,
        caption,
    )


def _number(
    r: int, c: int, mention: Mention, unit: Unit | None, head: str, label: str, caption: str
) -> Number:
    kind = mention.measure.kind
    if kind in ("percent", "point"):
        return Number(r, c, mention, True)
    named = head + " " + label
    rate = re.search(r"[（(]\s?%\s?[)）]|%|百分比", named) or (
        re.search(r"同比|环比|增速|占比|比重|YoY|QoQ|y/y|率(?!先)", named)
        and not re.search(r"额|量[（(]|[（(](?:亿|万|百万|千)", named)
        and abs(mention.value) < 1000
        and kind == "plain"
    )
    if kind == "plain" and rate and not re.search(r"元|美元|台|吨", named):
        one = Fraction(1, 100)
        return Number(
            r,
            c,
            replace(
                mention,
                value=mention.value * one,
                step=mention.step * one,
                measure=Measure("percent"),
                scale=one,
            ),
            True,
        )
    if kind == "plain" and unit and unit.measure.kind not in ("percent",):
        return Number(
            r,
            c,
            replace(
                mention,
                value=mention.value * unit.scale,
                step=mention.step * unit.scale,
                measure=unit.measure,
                scale=unit.scale,
            ),
            False,
        )
    return Number(r, c, mention, False)


def number_of(scene: Scene, cell: Cell) -> Mention | None:
    """The one number a cell holds, with accountants' brackets as a minus; None for words, years and lists."""
    inside = _inside(scene, cell.start, cell.end)
    if len(inside) != 1:
        return None
    mention = inside[0]
    raw = scene.text[cell.start : cell.end].strip()
    if mention.role == "year" and re.fullmatch(r"(?:19|20)\d\d.{0,8}", raw):
        return None
    if mention.role in ("date", "name", "reference", "ordinal") or mention.measure.kind in ("time", "spec"):
        return None
    left = scene.text[cell.start : mention.start].strip()
    right = scene.text[mention.end : cell.end].strip()
    if not _marks(left) or not _marks(right):
        return None
    if mention.role != "quantity":
        mention = replace(mention, role="quantity")
    if mention.measure.kind == "count" and mention.measure.basis.isascii() and mention.measure.basis:
        mention = replace(mention, measure=Measure("plain"))
    if left.endswith("(") and (right.startswith(")") or right.startswith(")%")) and mention.value > 0:
        part = right.startswith(")%") or right.startswith(") %")
        one = Fraction(1, 100) if part else Fraction(1)
        mention = replace(
            mention, value=-mention.value * one, step=mention.step * one, signed="-",
            measure=Measure("percent") if part else mention.measure, scale=one if part else mention.scale,
        )  # fmt: skip
    return mention


def _marks(rest: str) -> bool:
    """True if what stands beside a cell's number is only marks: brackets, arrows, footnote signs."""
    return len(rest) <= 6 and not re.search(
        r"[\u4e00-\u9fffA-Za-z0-9]", rest.replace("E", "").replace("pp", "").replace("pct", "")
    )


def _inside(scene: Scene, start: int, end: int) -> list[Mention]:
    i = bisect_left(scene.starts, start)
    found = []
    while i < len(scene.mentions) and scene.mentions[i].first < end:
        found.append(scene.mentions[i])
        i += 1
    return found


def _head(
    texts: dict[tuple[int, int], str],
    spans: dict[tuple[int, int], Cell],
    head_rows: Sequence[int],
    columns: Sequence[int],
    column: int,
) -> str:
    """The words over a column; in all but the last head row a word also covers the empty cells to its right."""
    parts = []
    for row in head_rows:
        own = texts.get((row, column), "")
        if not own.strip():
            for c in reversed([c for c in columns if c < column]):
                cell = spans.get((row, c))
                if cell is None or not texts[row, c].strip():
                    continue
                wide = c + cell.columns > column
                if wide or (row != head_rows[-1] and c > columns[0]):
                    own = texts[row, c]
                break
        parts.append(own.strip())
    return " ".join(part for part in parts if part)


def _caption(scene: Scene, index: int) -> str:
    """The lines right above a table that may name its unit: the caption, a unit line, a lead-in."""
    parts: list[str] = []
    for block in reversed(scene.document.blocks[max(0, index - 2) : index]):
        if block.kind in ("table", "chart"):
            break
        piece = scene.text[block.start : block.end]
        if len(piece) < 160 or "单位" in piece:
            parts.insert(0, piece)
    return " ".join(parts)


def unit_of(text: str) -> Unit | None:
    """The unit a caption, head or label names: （亿元）, USD billion, 万台, in millions of euros."""
    if not text:
        return None
    bracketed = re.findall(r"[（(]([^）)]{1,24})[）)]", text) + re.findall(
        r"单位\s?[:：]?\s?([^\s，。|）)]{1,16})", text
    )
    for piece in [*bracketed, text]:
        found = _unit(piece, loose=piece is not text or len(text) < 80)
        if found:
            return found
    return None


def _unit(piece: str, loose: bool) -> Unit | None:
    money = _MONEY.search(piece)
    scale = _SCALE.search(piece)
    factor = Fraction(1)
    if scale:
        word = scale.group().lower().rstrip("s").lstrip("’'")
        factor = Fraction(1000) if word == "000" else SCALES.get(word, Fraction(1))
    if money and (scale or len(piece) <= 8):
        word = money["cur"]
        code = CURRENCIES.get(word) or CURRENCIES.get(word.upper()) or CURRENCIES.get(word.lower())
        return Unit(Measure("money", code or ""), factor)
    counted = _UNIT.fullmatch(piece.strip().split("/")[0])
    if counted:
        return Unit(Measure("count", counted["what"]), SCALES.get(counted["scale"] or "", Fraction(1)))
    if (
        scale
        and loose
        and not money
        and re.fullmatch(
            r"\s*(?:in\s)?(?:[a-z]+\s)?\S*\s?(?:millions?|billions?|thousands?|mn|bn)(?:\s[a-z]+)?\s*",
            piece,
            re.IGNORECASE,
        )
    ):
        return Unit(Measure("count"), factor)
    return None


def _period(text: str) -> When | None:
    for when in periods_in(text):
        if when.sort in ("period", "part"):
            return when
    if _PRIOR.search(text):
        return When(0, 0, "year_ago")
    if _CURRENT.search(text):
        return When(0, 0, "part")
    return None


def label_words(text: str) -> frozenset[str]:
    """The words of a row label or column head, without its unit in brackets."""
    return words_in(re.sub(r"[（(][^）)]*[）)]", "", text))
