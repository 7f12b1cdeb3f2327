"""This module holds the words that page and PDF add to a report, in both languages, and what they print of a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from waferline.quantity.period import Period
from waferline.quantity.quantity import Quantity
from waferline.quantity.units import Unit
from waferline.render import fonts
from waferline.study.report import Exhibit, Lang, Place, Report, Row, ThesisStatus, Words

_WORDS: dict[str, Words] = {
    "contents": Words("目录", "Contents"),
    "figures": Words("图表目录", "Figures and tables"),
    "data": Words("数据", "Data"),
    "sources": Words("来源明细", "All sources"),
    "note": Words("注：", "Note: "),
    "missing": Words("缺失：", "Missing: "),
    "more": Words("等{n}项", " and {n} more"),
    "hole": Words("无可用证据", "No evidence"),
    "partial": Words("数据不全", "Partial"),
    "as_of": Words("数据截至", "Data as of"),
    "theses": Words("论点与状态", "Theses and how they stand"),
    "rule": Words("判定规则", "Rule"),
    "measure": Words("度量", "Measure"),
    "status": Words("状态", "Status"),
    "thesis": Words("论点", "Thesis"),
    "evidence": Words("论据", "Exhibits"),
    "formula": Words("公式", "Formula"),
    "interval": Words("舍入允许的区间", "What rounding allows"),
    "inputs": Words("所用观测值", "Observations used"),
    "period": Words("期间", "Period"),
    "value": Words("数值", "Value"),
    "source": Words("来源", "Source"),
    "dates": Words("发布与可得日期", "Published and known"),
    "flags": Words("提示", "Mind"),
    "link": Words("原文", "Original"),
    "close": Words("关闭", "Close"),
    "theme": Words("明暗", "Light or dark"),
    "appendix": Words("附录", "Appendix"),
    "rating": Words("评级", "Rating"),
    "opinion": Words("观点", "Opinion"),
    "skip": Words("跳到正文", "Skip to the text"),
    "explain": Words("的来源与公式", ": source and formula"),
    "forecast": Words("预测", "forecast"),
    "backfilled": Words("回填", "backfilled"),
    "holds": Words("成立", "holds"),
    "weakening": Words("走弱", "weakening"),
    "broken": Words("被推翻", "broken"),
    "unknown": Words("不详", "unknown"),
    "generated": Words("由 Waferline 自数据生成", "Built from data by Waferline"),
    "page": Words("第", "Page "),
    "unit": Words("单位", "Unit"),
    "colon": Words("：", ": "),
    "list": Words("、", "; "),
}
SIGNS: dict[ThesisStatus, str] = {"holds": "●", "weakening": "▲", "broken": "■", "unknown": "○"}
_NEVER_PRINTED = frozenset(
    {
        "id",
        "key",
        "url",
        "anchor",
        "study",
        "card",
        "cards",
        "chart",
        "mark",
        "axis",
        "kind",
        "status",
        "exhibit",
    }
)


def words(lang: Lang) -> dict[str, str]:
    """Every fixed word of the outputs in one language."""
    return {name: text.of(lang) for name, text in _WORDS.items()}


def row_label(row: Row, lang: Lang) -> str:
    """The label of a row, with E where it is a forecast period as such, not a name."""
    text = row.label.of(lang)
    if row.forecast and row.period and text in (row.period.short(), str(row.period), row.period.words(lang)):
        return f"{text}E"
    return text


def column_heads(exhibit: Exhibit, lang: Lang, *, units: bool) -> tuple[str, ...]:
    """Column names; with their units where the printed cells do not say them."""
    heads = []
    for number, column in enumerate(exhibit.columns):
        unit = "" if column.unit is None else getattr(column.unit, lang)
        name = column.name.of(lang)
        said = unit in name or any(unit in row.cells[number].text.of(lang) for row in exhibit.rows)
        wanted = units and unit and not said
        heads.append((f"{name}（{unit}）" if lang == "zh" else f"{name} ({unit})") if wanted else name)
    return tuple(heads)


def table_heads(exhibit: Exhibit, lang: Lang) -> tuple[tuple[str, ...], str]:
    """The heads of a printed table and its unit: named once where all numbers have the same, else in each head."""
    plain, full = column_heads(exhibit, lang, units=False), column_heads(exhibit, lang, units=True)
    numbers = [n for n, column in enumerate(exhibit.columns) if column.unit is not None]
    units = {str(getattr(exhibit.columns[n].unit, lang)) for n in numbers}
    if len(numbers) > 1 and len(units) == 1 and all(plain[n] != full[n] for n in numbers):
        return plain, units.pop()
    return full, ""


def rows_of(place: Place) -> tuple[tuple[str, ...], ...]:
    """Exhibits of a place, two in a row; a last one alone goes across."""
    ids = place.exhibits
    return tuple(ids[n : n + 2] for n in range(0, len(ids), 2))


def require_glyphs(report: Report) -> None:
    """Refuses a report with a character that the font cannot draw, naming the character and where it stands."""
    if fonts.missing("".join(_texts(report, report.lang))):
        fonts.require(list(_printed(report, report.lang, "report")))


@cache
def _parts(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _texts(report: Report, lang: Lang) -> set[str]:
    """Every text a report prints, without its place: what `_printed` gives, many times faster."""
    found: set[str] = set()
    waiting: list[object] = [report]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            found.add(node)
        elif isinstance(node, tuple):
            waiting.extend(node)
        elif isinstance(node, Words):
            found.add(node.of(lang))
        elif isinstance(node, Unit):
            found.add(str(getattr(node, lang)))
        elif isinstance(node, (Quantity, Period, date, int, float)) or node is None:
            continue
        elif isinstance(node, Mapping):
            waiting.extend(node.values())
        elif is_dataclass(node):
            for name in _parts(node.__class__):
                value = getattr(node, name)
                if name not in _NEVER_PRINTED or not isinstance(value, str):
                    waiting.append(value)
    return found


def _printed(node: object, lang: Lang, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield where, node
    elif isinstance(node, Words):
        yield where, node.of(lang)
    elif isinstance(node, Unit):
        yield where, str(getattr(node, lang))
    elif isinstance(node, (Quantity, Period, date, int, float)) or node is None:
        return
    elif isinstance(node, Mapping):
        for name, value in node.items():
            yield from _printed(value, lang, f"{where} “{name}”")
    elif isinstance(node, tuple):
        for number, value in enumerate(node, 1):
            yield from _printed(value, lang, f"{where}[{number}]")
    elif is_dataclass(node):
        for name in _parts(node.__class__):
            if name not in _NEVER_PRINTED or not isinstance(getattr(node, name), str):
                yield from _printed(getattr(node, name), lang, f"{where}.{name}")
