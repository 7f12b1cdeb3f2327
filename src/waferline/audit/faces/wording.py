"""This module holds the words that the faces add to an audit, in both languages. Agreement is never called correct."""

from __future__ import annotations

from waferline.audit.finding import Finding, Remark, Verdict
from waferline.audit.review import Review
from waferline.quantity.relations import RELATIONS
from waferline.quantity.relations.base import Phrase

# A tick would promise what no audit can: that a number is right. The signs say what was compared with what.
SIGNS: dict[str, str] = {
    "inconsistent": "≠",
    "basis_mismatch": "◇",
    "unverifiable": "?",
    "consistent": "=",
    "remark": "!",
    "untested": "·",
}

VERDICT_WORDS: dict[Verdict, Phrase] = {
    "inconsistent": Phrase("不一致", "inconsistent"),
    "basis_mismatch": Phrase("口径不同", "different basis"),
    "unverifiable": Phrase("无法判定", "cannot be decided"),
    "consistent": Phrase("内部自洽（未核实来源）", "internally consistent (sources not verified)"),
}

_RELATIONS: dict[str, Phrase] = {
    **{relation.name: relation.title for relation in RELATIONS},
    "sum": Phrase("合计", "sum"),
    "text_vs_table": Phrase("文字与表格", "text against table"),
    "text_vs_chart": Phrase("文字与图", "text against chart"),
    "unit_change": Phrase("单位换算", "unit"),
    "direction": Phrase("方向", "direction"),
    "margin": Phrase("利润率", "margin"),
    "growth_from_change": Phrase("由变动额推算的增速", "growth from the change"),
    "restatement": Phrase("前后重复", "stated twice"),
}

_REMARKS: dict[str, Phrase] = {
    "caption_differs": Phrase("图表标题与目录不同", "caption differs from the list"),
    "figure_missing": Phrase("提到的图表不存在", "figure referred to but missing"),
    "exhibit_without_source": Phrase("图表无来源", "exhibit without source"),
    "exhibit_without_unit": Phrase("图表无单位", "exhibit without unit"),
    "stale_forecast": Phrase("预测期已过", "forecast of a period that has ended"),
    "future_date": Phrase("日期晚于报告", "date after the report's own"),
    "malformed_period": Phrase("期间写法有误", "malformed period"),
    "window_differs": Phrase("标题区间与数据不同", "title and data differ in window"),
    "caption_duplicate": Phrase("图表编号重复", "exhibit number used twice"),
    "caption_gap": Phrase("图表编号跳号", "exhibit number skipped"),
    "superlative_refuted": Phrase("“最高/最低”与表中数字不符", "highest or lowest that the table refutes"),
    "streak_broken": Phrase("“连续”与所列数字不符", "streak that the listed figures break"),
    "loss_to_profit": Phrase("由亏转盈却有增速", "growth rate from a loss to a profit"),
    "percent_beyond": Phrase("百分比超出可能范围", "percentage beyond what can be"),
    "times_more": Phrase("倍数与增长倍数混用", "multiple told as an increase"),
}

_WORDS: dict[str, Phrase] = {
    "audit": Phrase("数字核对", "Number audit"),
    "summary": Phrase("小结", "Summary"),
    "findings": Phrase("发现", "Findings"),
    "remarks": Phrase("结构与时间", "Structure and time"),
    "document": Phrase("全文", "The document"),
    "agreeing": Phrase("自洽的关系", "Relations that agree"),
    "by_hand": Phrase("人工核对清单", "To be checked by hand"),
    "by_hand_why": Phrase("以下数字没有任何可比对的关系，按页列出。", "Nothing was tested against these numbers; they stand in page order."),
    "recomputed": Phrase("重算", "recomputed"),
    "allows": Phrase("舍入允许", "rounding allows"),
    "to": Phrase(" 至 ", " to "),
    "printed": Phrase("原文", "printed"),
    "fix": Phrase("可改为", "would agree with"),
    "or": Phrase("或", "or"),
    "from": Phrase("取自", "from"),
    "page": Phrase("第{n}页", "page {n}"),
    "no_page": Phrase("未分页", "no page"),
    "recognised": Phrase("识别的数字", "numbers recognised"),
    "checked": Phrase("检验的关系", "relations checked"),
    "abstained": Phrase("未下结论", "abstained"),
    "waived": Phrase("已豁免", "waived"),
    "untested": Phrase("未检验的数字", "not tested"),
    "new": Phrase("新增", "new"),
    "changed": Phrase("有变化", "changed"),
    "gone": Phrase("已消失", "gone"),
    "was": Phrase("原为", "was"),
    "show": Phrase("显示", "Show"),
    "all": Phrase("全部", "all"),
    "close": Phrase("关闭", "Close"),
    "theme": Phrase("明暗", "Light or dark"),
    "skip": Phrase("跳到全文", "Skip to the document"),
    "place": Phrase("在文中", "in the document"),
    "more": Phrase("另有{n}个", "and {n} more"),
    "reader": Phrase("读取说明", "Notes of the reader"),
    "confidence": Phrase("关联把握", "confidence in the link"),
    "limits": Phrase(
        "本页只比对文中的数字彼此是否一致，不核实来源；未被标出不等于无误。",
        "This page compares a document's numbers with each other; no source was looked up. Not being marked does not make a number right.",
    ),
    "furniture": Phrase("页眉页脚", "running header or footer"),
    "chart": Phrase("图中数据", "data kept in the chart"),
    "contents": Phrase("目录", "contents"),
}  # fmt: skip

_KINDS: dict[str, Phrase] = {
    "paragraph": Phrase("第{n}段", "paragraph {n}"),
    "table": Phrase("第{n}个表", "table {n}"),
    "chart": Phrase("第{n}个图", "chart {n}"),
    "heading": Phrase("第{n}个标题", "heading {n}"),
    "caption": Phrase("第{n}个图表标题", "caption {n}"),
    "source": Phrase("第{n}个来源", "source line {n}"),
    "footnote": Phrase("第{n}个脚注", "footnote {n}"),
    "contents": Phrase("目录", "contents"),
    "furniture": Phrase("页眉页脚", "running header or footer"),
    "row": Phrase("第{n}行", "row {n}"),
}


def word(name: str, lang: str, n: int | None = None) -> str:
    """A word or a phrase of the faces; `n` fills its number."""
    text = _WORDS[name].of(lang)
    return text if n is None else text.replace("{n}", str(n))


def words(lang: str) -> dict[str, str]:
    """All of them, for a template."""
    return {name: phrase.of(lang) for name, phrase in _WORDS.items()}


def kind(name: str, lang: str, n: int) -> str:
    """A piece of a document by its number: paragraph 12, table 2, row 3."""
    return _KINDS[name].of(lang).replace("{n}", str(n))


def title(entry: Finding | Remark, lang: str) -> str:
    """What was compared or what rule was broken, in words; a name without words is shown as it is."""
    name, table = (entry.relation, _RELATIONS) if isinstance(entry, Finding) else (entry.kind, _REMARKS)
    return table[name].of(lang) if name in table else name.replace("_", " ")


def verdict(entry: Finding, lang: str) -> str:
    """The verdict in words; why it could not be decided is told by the finding's own explanation."""
    return VERDICT_WORDS[entry.verdict].of(lang)


def former_verdict(name: str, lang: str) -> str:
    """A verdict of an earlier audit, in words."""
    return next((words.of(lang) for verdict, words in VERDICT_WORDS.items() if verdict == name), name)


def amount(value: str, unit: str) -> str:
    """A decimal string with its unit: 91.4%, −2.6 USD bn, 350万副."""
    value = value.replace("-", "−", 1) if value.startswith("-") else value
    if not value or not unit:
        return value
    return f"{value}{unit}" if unit == "%" or not unit[0].isascii() else f"{value} {unit}"


def between(finding: Finding, lang: str) -> str:
    """The ends that rounding allows: 37.91% to 37.94%; 3,150 to 3,200 USD bn."""
    low = amount(finding.low, finding.unit if finding.unit == "%" else "")
    return low + word("to", lang) + amount(finding.high, finding.unit)


def counts(review: Review, lang: str) -> list[tuple[str, str, int]]:
    """The summary's counts as (name, words, number): recognised, checked, each verdict, abstained, waived, untested."""
    audit = review.audit
    found = audit.counts
    return [
        ("recognised", word("recognised", lang), audit.mentions),
        ("checked", word("checked", lang), audit.checked),
        ("consistent", VERDICT_WORDS["consistent"].of(lang), found["consistent"]),
        ("inconsistent", VERDICT_WORDS["inconsistent"].of(lang), found["inconsistent"]),
        ("abstained", word("abstained", lang), found["unverifiable"] + found["basis_mismatch"]),
        (
            "waived",
            word("waived", lang),
            review.waived_count,
        ),
        ("untested", word("untested", lang), len(audit.untested)),
    ]


def nothing_checked(review: Review, lang: str) -> str:
    """The sentence for a document in which no relation was decided; empty where one was."""
    if review.audit.checked:
        return ""
    if not review.audit.mentions:
        return {
            "zh": "没有识别出数字，因此无法核对任何内容。",
            "en": "No number was recognised, so nothing could be checked.",
        }[lang]
    return {
        "zh": "没有一个关系可以判定：本文的数字均未得到检验。",
        "en": "No relation could be decided: none of this document's numbers was tested.",
    }[lang]


def summary(review: Review, lang: str) -> str:
    """The counts in one sentence, the same in every face."""
    audit, found = review.audit, review.audit.counts
    abstained = found["unverifiable"] + found["basis_mismatch"]
    waived = review.waived_of("inconsistent")
    if lang == "zh":
        of_them = f"（其中{waived}个已豁免）" if waived else ""
        text = (
            f"识别数字{audit.mentions}个；检验关系{audit.checked}个：{found['consistent']}个内部自洽（未核实来源），"
            f"{found['inconsistent']}个不一致{of_them}；未下结论{abstained}个（口径不同{found['basis_mismatch']}，无法判定{found['unverifiable']}）"
        )
        return text + (f"；结构与时间{len(audit.remarks)}条。" if audit.remarks else "。")
    of_them = f" ({waived} of them waived)" if waived else ""
    text = (
        f"{counted(audit.mentions, 'number')} recognised; {counted(audit.checked, 'relation')} checked: {found['consistent']} internally "
        f"consistent (sources not verified), {found['inconsistent']} inconsistent{of_them}; abstained from {abstained} "
        f"({found['basis_mismatch']} different basis, {found['unverifiable']} cannot be decided)"
    )
    return text + (
        f"; {counted(len(audit.remarks), 'remark')} on structure and time." if audit.remarks else "."
    )


def counted(number: int, noun: str) -> str:
    """A number with its English noun: 1 file, 2 files."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
