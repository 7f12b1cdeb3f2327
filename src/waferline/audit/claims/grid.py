"""This module reads a table block as a grid: numbers with row labels, column heads, periods and units."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from waferline.audit.claims.scene import Scene, words_in
from waferline.audit.claims.table_periods import head_period
from waferline.audit.claims.table_units import Unit, unit_of
from waferline.audit.document import Block, Cell
from waferline.audit.mentions import Measure, Mention
from waferline.audit.mentions.mention import Kind
from waferline.audit.periods import When

GROWTH = re.compile(
    r"同比|环比|增减|增长|增幅|增速|变动|变化|涨跌|涨幅|降幅|年增|月增|季增|YoY|QoQ|MoM|y/y|q/q|y-o-y|chang|growth|%\s?chg|chg|Δ|variance|var\.|(?<![a-z])move(?:ment)?s?(?![a-z])|\+\s?/\s?[-–−]|±|increase|decrease|下降|上升",
    re.IGNORECASE,
)
STEPWISE = re.compile(
    r"环比|月增|季增|QoQ|MoM|q/q|m/m|较上月|较上季|sequential|quarter-over|month-over", re.IGNORECASE
)
SHARE = re.compile(
    r"占比|比重|份额|构成|占[^用据]|share|%\s?of|mix|proportion|percentage of|权重", re.IGNORECASE
)
RATE = re.compile(r"率|margin|占|比重|share(?!holder)|%\s?of|(?<![a-z])ratio(?![a-z])", re.IGNORECASE)
TOTAL = re.compile(
    r"^\s*(?:\**)(?:合计|总计|小计|共计|总和|合共|全部|合\s计|总\s计|小\s计|full[- ]year|全年|grand total|sub-?total|totals?\b|sum\b|overall\b)|(?:合计|总计|小计)\s*(?:[（(][^）)]*[）)])?\s*$|^total\s",
    re.IGNORECASE,
)
AVERAGE = re.compile(
    r"均|单价|价格|per\s|price|average|指数|index|率|(?<![a-z])ratios?(?![a-z])|margin|per$|累计|倍",
    re.IGNORECASE,
)
PER_UNIT = re.compile(
    r"每|单价|均价|[（(]?元/|per[- ](?:share|unit|piece|wafer|device|ADS|head|diluted|basic)|EPS|ASP|/\s?(?:share|unit)|(?:^|[^A-Za-z])per$",
    re.IGNORECASE,
)
_UNITLESS = re.compile(
    r"市盈率|市净率|P/E|P/B|倍[数數]|^[^（(]*[（(](?:倍|x|X|times)[)）]|指[数數]$|index$|EPS|每股|per share",
    re.IGNORECASE,
)
SOFT = re.compile(
    r"固定汇率|恒定汇率|不变汇率|可比口径|同口径|剔除|可比价|不变价|有机|constant|organic|like[- ]for[- ]like|comparable|(?<![A-Za-z])(?:CC|LFL|cc)(?![A-Za-z])|adjusted|underlying|currency[- ]neutral|local currency|restated|实际增|真实",
    re.IGNORECASE,
)
PARTLY = re.compile(r"其中|of which|including|memo|adjusted|excluding|不含|^\s*[-–—·]", re.IGNORECASE)
NOTES = re.compile(
    r"^\s*(?:附[注註]|注释?|註|notes?|note no\.?|行次|序号|序號|编号|編號|排名|名次|rank(?:ing)?|no\.?|#|代码|代碼|code|ticker)\s*$",
    re.IGNORECASE,
)
POINTS = re.compile(
    r"百分[点點]|[个個][点點](?![\u4e00-\u9fff])|(?<![A-Za-z])(?:pp|ppts?|pcts?|p\.p\.|%?[- ]?pts)(?![A-Za-z])|percentage[- ]points?",
    re.IGNORECASE,
)
BASIS_POINTS = re.compile(r"基点|基點|(?<![A-Za-z])bps?(?![A-Za-z])|basis points?", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\s*[\[（(]\s?\d{1,2}\s?[\]）)]\s*")
# What may follow a number and its bracket in a cell: (6.2)%, (210)bps, 84p, 41.6c.
_TAIL = re.compile(r"\s*\)?\s*(%|bps?|pp|ppts?|pct|pts|p|c|pence|cents)\s*[*†‡]?", re.IGNORECASE)
_PLAIN_ONE: tuple[Fraction, Kind] = (Fraction(1), "plain")
_TAILS: dict[str, tuple[Fraction, Kind]] = {
    "%": (Fraction(1, 100), "percent"), "bp": (Fraction(1, 10000), "point"), "bps": (Fraction(1, 10000), "point"),
    "pp": (Fraction(1, 100), "point"), "ppt": (Fraction(1, 100), "point"), "ppts": (Fraction(1, 100), "point"),
    "pct": (Fraction(1, 100), "point"), "pts": (Fraction(1, 100), "point"),
    "p": _PLAIN_ONE, "c": _PLAIN_ONE, "pence": _PLAIN_ONE, "cents": _PLAIN_ONE,
}  # fmt: skip
_CHANGED = re.compile(
    r"(?P<down>减少|減少|下降|降低|下跌|下滑|回落)|(?:增加|增长|增長|成長|上升|提高|上涨|提升)", re.IGNORECASE
)
_PERCENT_HEAD = re.compile(r"\s*(?:%|％|percent(?:age)?|pct\.?|百分比|比例)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a grid: the mention as printed, and as it counts with the unit of its table."""

    row: int
    column: int
    mention: Mention
    percent: bool
    value: float
    low: float  # what plain rounding allows, in floats
    high: float

    @classmethod
    def of(cls, row: int, column: int, mention: Mention, percent: bool) -> Number:
        """The number with its interval in floats; a mention too large for one has none that agrees."""
        try:
            value, half = float(mention.value), float(mention.step) / 2
        except OverflowError:
            value, half = float("nan"), float("nan")
        return cls(row, column, mention, percent, value, value - half, value + half)

    def placed(self, row: int, column: int) -> Number:
        return Number(row, column, self.mention, self.percent, self.value, self.low, self.high)


def alike(a: Number, b: Number) -> bool:
    """True if two numbers of a table may stand in one sum, share or growth: a unit not printed fits any."""
    return a.percent == b.percent and a.mention.measure.fits(b.mention.measure)


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
            {(c, r): n.placed(c, r) for (r, c), n in self.numbers.items()},
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
    all_rows = sorted({r for r, _ in texts})
    columns = sorted({c for _, c in texts})
    for column in columns:
        if _only_names(numbers, texts, all_rows, columns, column):
            numbers = {key: n for key, n in numbers.items() if key[1] != column}
    if not numbers:
        return None
    first = min(r for r, _ in numbers)
    head_rows = [r for r in all_rows if r < first]
    body = [r for r in all_rows if r >= first]
    heads = {c: _head(texts, spans, head_rows, columns, c) for c in columns}
    label_columns = [c for c in columns if not any((r, c) in numbers for r in body)]
    first_labels = [c for c in label_columns if c <= min(c2 for _, c2 in numbers)]
    if not first_labels and len(columns) > 1:
        return None  # nothing names the rows
    labels = _labels(texts, body, first_labels)
    corner = " ".join(texts.get((r, c), "") for r in head_rows for c in first_labels)
    general = unit_of(corner) or unit_of(caption)
    row_when = {r: w for r in body if (w := head_period(labels[r]))}
    column_when = {c: w for c in columns if c not in first_labels and (w := head_period(heads[c]))}
    if any(w.sort in ("year_ago", "before") for w in column_when.values()):
        # 出货量 beside 去年同期出货量: the column that names no period is about the present one
        for c in columns:
            if c not in first_labels and c not in column_when and not GROWTH.search(heads[c]):
                column_when[c] = When(0, 0, "part")
    found = {}
    by_head = {c: unit_of(heads[c]) for c in columns}
    by_label = {r: unit_of(label) for r, label in labels.items()}
    for (r, c), mention in numbers.items():
        unit = by_head[c] or by_label.get(r) or general
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
        return Number.of(r, c, mention, True)
    named = head + " " + label
    if kind == "plain" and (points := _points(head) or _points(label)):
        return Number.of(r, c, _scaled(mention, points, Measure("point")), True)
    if kind == "plain" and _is_rate(head, label, mention):
        return Number.of(r, c, _scaled(mention, Fraction(1, 100), Measure("percent")), True)
    if kind == "plain" and unit and not _UNITLESS.search(named):
        return Number.of(r, c, _scaled(mention, unit.scale, unit.measure), False)
    if (
        kind == "money"
        and unit
        and mention.scale == 1
        and unit.scale > 1
        and unit.measure.kind in ("money", "plain")
        and not PER_UNIT.search(named)
    ):
        # "$291.7" in a table in millions: the sign is printed in the cell, the scale in the caption
        return Number.of(r, c, _scaled(mention, unit.scale, mention.measure), False)
    return Number.of(r, c, mention, False)


def _scaled(mention: Mention, scale: Fraction, measure: Measure) -> Mention:
    return replace(
        mention, value=mention.value * scale, step=mention.step * scale, measure=measure, scale=scale
    )


def _points(head: str) -> Fraction | None:
    if BASIS_POINTS.search(head):
        return Fraction(1, 10000)
    return Fraction(1, 100) if POINTS.search(head) else None


def _is_rate(head: str, label: str, mention: Mention) -> bool:
    """True if the head or label says that plain numbers are percentages."""
    named = head + " " + label
    if re.search(r"[（(]\s?[%％]\s?[)）]|[%％]", named) or _PERCENT_HEAD.fullmatch(head):
        return not re.search(r"[元吨噸]|美元", re.sub(r"[（(][^）)]*[%％][^）)]*[）)]", "", named)) or bool(
            re.search(r"[（(]\s?[%％]\s?[)）]", named)
        )
    return (
        abs(mention.value) < 1000
        and bool(
            re.search(
                r"同比|环比|增速|增幅|涨幅|跌幅|降幅|幅度|百分比|占比|比重|YoY|QoQ|MoM|y/y|q/q|(?<![汇盈净销倍])率(?!先)|(?<![A-Za-z])percent",
                named,
            )
        )
        and not re.search(r"额|量[（(]|[（(](?:亿|万|百万|千)|元|美元|台|吨", named)
    )


def _only_names(
    numbers: dict[tuple[int, int], Mention],
    texts: dict[tuple[int, int], str],
    rows: Sequence[int],
    columns: Sequence[int],
    column: int,
) -> bool:
    """True if a column's numbers name rows: ranks 1, 2, 3 before the names, years, references to notes."""
    own = [(r, numbers[r, column]) for r in rows if (r, column) in numbers]
    if not own:
        return False
    if any(NOTES.fullmatch(texts.get((r, column), "")) for r in rows if r < own[0][0]):
        return True
    if column != columns[0] or len(columns) < 3:
        return False
    values = [n.value for _, n in own]
    counting = values == [Fraction(i + 1) for i in range(len(values))]
    years = all(
        1900 <= v <= 2100 and v.denominator == 1 and n.step == 1
        for v, (_, n) in zip(values, own, strict=True)
    )
    return len(own) > 1 and (
        years
        or (
            counting
            and any((r, columns[1]) not in numbers and texts.get((r, columns[1]), "").strip() for r, _ in own)
        )
    )


def _labels(texts: dict[tuple[int, int], str], body: Sequence[int], columns: Sequence[int]) -> dict[int, str]:
    """The label of each row; where several columns name the rows, an empty cell repeats the one above it."""
    held: dict[int, str] = {}
    labels = {}
    for r in body:
        own = {c: texts.get((r, c), "").strip() for c in columns}
        for c in columns[:-1]:
            if own[c] or not own[columns[-1]]:
                held = {k: v for k, v in held.items() if k < c} | {c: own[c]}
            else:
                own[c] = held.get(c, "")
        labels[r] = " ".join(word for word in own.values() if word)
    return labels


def number_of(scene: Scene, cell: Cell) -> Mention | None:
    """The one number a cell holds, with accountants' brackets as a minus; None for words, years and lists."""
    inside = _inside(scene, cell.start, cell.end)
    stop = cell.end
    if len(inside) == 2 and _FOOTNOTE.fullmatch(scene.text[inside[0].end : cell.end]):
        stop = inside.pop().start - 1  # 1,234 [1]
    if len(inside) != 1:
        return None
    mention = _within(inside[0], cell)
    raw = scene.text[cell.start : cell.end].strip()
    if mention.role == "year" and re.fullmatch(r"(?:19|20)\d\d.{0,8}", raw):
        return None
    left, right = scene.text[cell.start : mention.start].strip(), scene.text[mention.end : stop].strip()
    if (moved := _CHANGED.fullmatch(left)) and _marks(right) and mention.measure.kind in ("percent", "point"):
        minus = moved["down"] is not None and mention.value > 0
        return replace(mention, value=-mention.value, signed="-") if minus else mention
    if mention.role != "quantity" and raw == scene.text[mention.first : mention.last]:
        mention = replace(mention, role="quantity")  # what made it a date or name stands in the next cell
    if mention.role in ("date", "name", "reference", "ordinal") or mention.measure.kind in ("time", "spec"):
        return None
    if not _marks(left) or not (_marks(right) or _TAIL.fullmatch(right)):
        return None
    if mention.role != "quantity":
        mention = replace(mention, role="quantity")
    if mention.measure.kind == "count" and mention.measure.basis.isascii() and mention.measure.basis:
        mention = replace(mention, measure=Measure("plain"))
    one = Fraction(1)
    if mention.measure.kind == "plain" and (tail := _TAIL.fullmatch(right)):
        one, kind = _TAILS[tail[1].lower()]
        mention = _scaled(mention, one, Measure(kind))
        right = right[: tail.start(1)]
    if (left.endswith("(") and right.startswith(")") and mention.value > 0) or (
        left in ("↓", "▼") and mention.value > 0 and not mention.signed
    ):
        mention = replace(mention, value=-mention.value, signed="-")
    return mention


def _within(mention: Mention, cell: Cell) -> Mention:
    """The mention without a unit that stands in the next cell or line: 38,411 over 人工 counts no people."""
    if mention.end <= cell.end or mention.last > cell.end:
        return mention
    scale = mention.scale or Fraction(1)
    kept = mention.last - mention.start
    return replace(
        mention, end=mention.last, text=mention.text[:kept], value=mention.value / scale, step=mention.step / scale,
        measure=mention.measure if mention.measure.kind == "money" else Measure("plain"), scale=Fraction(1),
    )  # fmt: skip


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


@lru_cache(maxsize=4096)
def label_words(text: str) -> frozenset[str]:
    """The words of a row label or column head, without its unit in brackets."""
    return words_in(re.sub(r"[（(][^）)]*[）)]", "", text))
