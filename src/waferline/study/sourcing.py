"""This module words the card of each number: what it is, what rounding allows, which observations it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field

from waferline.evidence.snapshot import Snapshot
from waferline.quantity.printing import explain, number_text, places_in, printed, qualifier_text
from waferline.quantity.quantity import Applied, Leaf, ModelInput, Modelled, Quantity
from waferline.quantity.relations import relation
from waferline.study.report import Card, CardInput, Ends, Lang, Words
from waferline.study.source_lines import publisher

_BASIS = {
    "stated": Words("按标明的发布日", "publication day as stated"),
    "by": Words("不晚于所引文章的日期", "public by the day of the article quoting it"),
    "assumed": Words(
        "发布日为假定：期末加该序列的申报时滞", "day assumed: period end plus the series' declared lag"
    ),
    "restated": Words(
        "后来版本：自该版本发布或收录之日起可知",
        "later edition: known from its day, or the day it was recorded",
    ),
    "undated": Words("发布日不详：自收录之日起可知", "day unknown: known from the day it was recorded"),
}
_KINDS = {
    "forecast": Words("预测", "forecast"),
    "guidance": Words("公司指引", "guidance"),
    "spec": Words("规格", "specification"),
}


@dataclass
class Cards:
    """The cards of one report, numbered as the numbers appear; the only mutable thing of a build, filled once."""

    known: Snapshot
    lang: Lang
    prefix: str = "n"
    cards: dict[str, Card] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    ends: dict[str, Ends] = field(default_factory=dict)  # of those that print a range
    _ids: dict[tuple[Quantity, str, bool], str] = field(default_factory=dict)

    def add(self, quantity: Quantity, text: str, ends: Ends | None = None) -> str:
        """The id of the card that explains `text`; the same number printed the same way shares one."""
        key = (quantity, text, ends is not None)
        if key not in self._ids:
            identifier = f"{self.prefix}{len(self._ids) + 1}"
            self._ids[key] = identifier
            self.cards[identifier] = card(identifier, quantity, text, self.known, self.lang, ends)
            self.quantities[identifier] = quantity
            if ends:
                self.ends[identifier] = ends
        return self._ids[key]


def card(
    identifier: str, quantity: Quantity, text: str, known: Snapshot, lang: Lang, ends: Ends | None = None
) -> Card:
    """What opens when a reader touches the number; of a range its two ends, never a middle."""
    trace = quantity.trace
    if ends:
        title, formula = ("区间" if lang == "zh" else "Range"), ""
    elif isinstance(trace, Applied):
        title = relation(trace.relation).title.of(lang)
        formula = explain(quantity, lang)
    elif isinstance(trace, Modelled):
        # A report without models does without their libraries.
        from waferline.models.registry import model_named

        model = model_named(trace.model)
        title = (
            f"{model.title.of(lang)}：{model.output(trace.output).title.of(lang)}"
            if lang == "zh"
            else (f"{model.title.en}: {model.output(trace.output).title.en}")
        )
        formula = model.formula
    else:
        title = "观测值" if lang == "zh" else "Observation"
        formula = ""
    if quantity.period is not None:
        title += f"（{quantity.period.words('zh')}）" if lang == "zh" else f", {quantity.period.words('en')}"
    leaves = quantity.leaves()
    shown = leaves if len(leaves) <= 24 else (*leaves[:12], *leaves[-12:])
    inputs = (
        *(_model_input(each, lang) for each in model_inputs(quantity)),
        *(_input(leaf, known, lang) for leaf in shown),
    )
    return Card(identifier, text, title, formula, "" if ends else _interval(quantity, lang), inputs)


def _interval(quantity: Quantity, lang: Lang) -> str:
    interval = quantity.interval
    stated = isinstance(quantity.trace, Modelled)
    if interval.low == interval.high and not stated:
        return "精确值" if lang == "zh" else "exact"
    low, high = (
        printed(
            Quantity(end, quantity.unit, quantity.trace, quantity.period),
            lang,
            places=_places(interval.low, interval.high, quantity),
            qualified=False,
        )
        for end in (interval.low, interval.high)
    )
    if stated and interval.low == interval.high:
        return "无不确定输入" if lang == "zh" else "no uncertain input"
    basis = ("（80%区间）" if lang == "zh" else " (80% interval)") if stated else ""
    return (f"{low} 至 {high}" if lang == "zh" else f"{low} to {high}") + basis


def model_inputs(quantity: Quantity) -> tuple[ModelInput, ...]:
    """The inputs of the models a number rests on, each once."""
    found: dict[ModelInput, None] = {}
    pending = [quantity]
    while pending:
        trace = pending.pop().trace
        if isinstance(trace, Modelled):
            found.update(dict.fromkeys(trace.inputs))
        elif isinstance(trace, Applied):
            pending.extend(trace.inputs)
    return tuple(found)


def _model_input(each: ModelInput, lang: Lang) -> CardInput:
    return CardInput(
        name=each.name, period="模型输入" if lang == "zh" else "model input", value=each.value, source=each.source,
        dates="", url=each.url,
    )  # fmt: skip


def _places(low: object, high: object, quantity: Quantity) -> int | None:
    return 2 if isinstance(quantity.trace, Applied) and not quantity.unit.dims else None


def _input(leaf: Leaf, known: Snapshot, lang: Lang) -> CardInput:
    series = known.series[leaf.series]
    source = known.sources[leaf.source]
    row = known.row_of(leaf)
    name = series.name(lang) + (f" · {leaf.subject}" if leaf.subject else "")
    if leaf.edition:
        name += f"（{leaf.edition}）" if lang == "zh" else f" ({leaf.edition})"
    quantity = row.quantity()
    published = leaf.published.isoformat() if leaf.published else ("未注明" if lang == "zh" else "not stated")
    if lang == "zh":
        dates = f"发布 {published}；自 {leaf.known_from.isoformat()} 可知（{_BASIS[leaf.basis].zh}）"
    else:
        dates = f"published {published}; known from {leaf.known_from.isoformat()} ({_BASIS[leaf.basis].en})"
    flags: list[str] = []
    if leaf.backfilled:
        flags.append("回填" if lang == "zh" else "backfilled")
    if leaf.kind in _KINDS:
        flags.append(_KINDS[leaf.kind].of(lang))
    if leaf.basis == "assumed":
        flags.append("可知日为假定" if lang == "zh" else "assumed day")
    if source.tier == "weak":
        flags.append("弱来源" if lang == "zh" else "weak source")
    if row.print == "first":
        flags.append("首次公布" if lang == "zh" else "first print")
    value = number_text(quantity, lang, grouping=True)
    value = qualifier_text(quantity, lang, shown=leaf.unit, places=places_in(value)) + value
    return CardInput(
        name=name,
        period=leaf.period.words(lang),
        value=f"{value} {leaf.unit.zh if lang == 'zh' else leaf.unit.en}".strip(),
        source=publisher(source, lang),
        dates=dates,
        url=row.url or (source.locator if source.locator.startswith("http") else ""),
        flags=tuple(flags),
    )
