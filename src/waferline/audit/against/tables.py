"""This module reads what the cells of a table state of a study's series: row, column and caption name one in full."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from waferline.audit.against import words
from waferline.audit.against.catalogue import MEASURE, REGION, Catalogue, measure_of, region_of
from waferline.audit.against.statements import Statement
from waferline.audit.against.subjects import Topic, topics_in
from waferline.audit.claims.grid import SOFT, Grid
from waferline.audit.claims.scene import Scene
from waferline.audit.periods import When, periods_in

_MOST = 400  # cells of one table that are compared
_OF_COMPANIES = ("revenue", "capex", "utilisation", "margin")
WILDEST = (
    2  # a cell so many times off is another thing's: a supplier's revenue from the company, not the company's
)
_FORECAST = re.compile(r"(?<!\d)\d{2,4}\s?[EFP](?![A-Za-z])")
_NUMBERED = re.compile(r"^\s*(?:图表?|表格?|exhibit|table|figure|chart)\s?\d*[\s:：.、-]*", re.IGNORECASE)
_UNIT = re.compile(r"[（(][^（()）]*[）)]|(?:单位|unit)s?\s?[:：]\s?\S+", re.IGNORECASE)
_EDGES = " ,，:：;；.。、-—–·*|/"
_NOTHING = re.compile(
    r"的|年度|月度|季度|全年|单季|单月|当季|当月|数据|情况|统计|一览|走势|变化|(?<![a-z])(?:the|of|in|by|and|data|history)(?![a-z])",
    re.IGNORECASE,
)
_YEAR_ON_YEAR = re.compile(
    "|".join(re.escape(name) for name in sorted(words.YEAR_ON_YEAR, key=len, reverse=True))
    + "|同比增速|同比增长率?",
    re.IGNORECASE,
)
_SOURCE_REACH = 2  # blocks after a table in which its source stands
_TITLE_REACH = 2  # blocks before it in which its title stands


def cells_of(scene: Scene, grid: Grid, catalogue: Catalogue) -> Iterator[Statement]:
    """What the dated cells of a table state. Forecasts, fiscal years and what is on a basis of its own are left out.

    A series must be named without a word left over: by the label alone, by label and head, or by the caption
    where the label is only a region, only the measure or the whole.
    """
    if len(grid.numbers) > _MOST:
        return
    turned = sum(map(_is_dated, grid.row_when.values())) > sum(map(_is_dated, grid.column_when.values()))
    table = grid.turned() if turned else grid
    source, titles = _source(scene, grid), _titles(scene, grid, catalogue)
    for row in table.rows:
        label = table.labels.get(row, "")
        for column, when in table.column_when.items():
            cell = table.at(row, column)
            head = table.heads.get(column, "")
            said = f"{grid.caption} {head} {label} {source}"
            if cell is None or not _is_dated(when) or when.fiscal or when.period is None:
                continue
            if SOFT.search(said) or _FORECAST.search(head) or words.EXPECTED.search(said):
                continue
            topic, change = _named(label, head, titles, catalogue)
            if topic is not None and _is_told(topic) and _is_of(cell.percent, topic, change):
                place = (cell.mention.start, cell.mention.end)
                yield Statement(cell.mention, topic, when.period, change, 1, False, said, place)


def _is_dated(when: When) -> bool:
    return when.sort == "period" and when.period is not None


def _is_told(topic: Topic) -> bool:
    """Whether it is plain whose figure it is: a company's by its name, a market's only by its region.

    Sales of HBM in a maker's own table are the maker's.
    """
    return topic.measure in _OF_COMPANIES or (topic.region != "" and topic.measure != "close")


def _is_of(percent: bool, topic: Topic, change: str) -> bool:
    return percent == (bool(change) or topic.measure in words.IN_PERCENT)


def _source(scene: Scene, grid: Grid) -> str:
    """The source line under a table, which may name the house."""
    below = scene.document.blocks[grid.block + 1 : grid.block + 1 + _SOURCE_REACH]
    return " ".join(scene.document.piece(block) for block in below if block.kind == "source")


def _titles(scene: Scene, grid: Grid, catalogue: Catalogue) -> list[Topic]:
    """The topics that the lines right above a table name in full, the nearest first."""
    above = reversed(scene.document.blocks[max(0, grid.block - _TITLE_REACH) : grid.block])
    texts = (
        _bare(_NUMBERED.sub("", scene.text[block.start : block.end])) for block in above if not block.cells
    )
    return [topic for text in texts if (topic := _whole(text, catalogue))]


def _named(label: str, head: str, titles: Sequence[Topic], catalogue: Catalogue) -> tuple[Topic | None, str]:
    """The one series' topic that the words around a cell name in full, and the change they make it."""
    label, head = _bare(label), _bare(head)
    change = ""
    for text in (label, head):
        if _YEAR_ON_YEAR.search(text):
            change = "yoy"
    label, head = (_YEAR_ON_YEAR.sub("", text).strip(_EDGES) for text in (label, head))
    said = [f"{label} {head}".strip()]
    if REGION.fullmatch(label) or MEASURE.fullmatch(label):
        whole = titles[0] if len(titles) == 1 else None
        if whole is None or (head and not _is_measure(head, whole)):
            return None, ""
        if MEASURE.fullmatch(label):
            return (whole, change) if _is_measure(label, whole) else (None, "")
        if whole.region and whole.region != "world":
            return None, ""  # a region of a region
        return _in_region(whole, label), change
    if re.search(r"[一-鿿]", label + head):
        said.append(f"{label}{head}")
    return next((topic for text in said if (topic := _whole(text, catalogue))), None), change


def _in_region(whole: Topic, label: str) -> Topic:
    return replace(whole, region=region_of(label))


def _is_measure(text: str, topic: Topic) -> bool:
    return bool(MEASURE.fullmatch(text)) and measure_of(text) == topic.measure


def _bare(text: str) -> str:
    """Words without unit, period and marks at their ends."""
    text = _UNIT.sub(" ", text)
    for when in reversed(list(periods_in(text))):
        text = text[: when.start] + " " + text[when.end :]
    return re.sub(r"\s+", " ", re.sub(r"(?<!\d)(?:19|20)\d\d(?!\d)[年度]*", " ", text)).strip(_EDGES)


def _whole(text: str, catalogue: Catalogue) -> Topic | None:
    """The topic that a text names, if nothing but regions and empty words is left of it."""
    topics = list(topics_in(text, 0, len(text), catalogue))
    if len(topics) != 1:
        return None
    (topic,) = topics
    rest = text[: topic.start] + " " + text[topic.end :]
    rest = _NOTHING.sub(" ", REGION.sub(" ", rest) if topic.region else rest)
    return None if rest.strip(_EDGES) else topic
