"""This module says what came of many documents: a line for each that was written, and a closing line."""

from __future__ import annotations

from waferline.audit.corpus import Outcome, Totals
from waferline.audit.faces import wording
from waferline.audit.faces.marking import clean


def outcome_line(outcome: Outcome, lang: str) -> str:
    """The file that was written and what the audit found; with its line end."""
    counts = outcome.counts
    abstained = counts["unverifiable"] + counts["basis_mismatch"]
    if lang == "zh":
        said = f"检验关系{counts['checked']}个，不一致{counts['inconsistent']}个，未下结论{abstained}个"
        said = said if counts["checked"] else f"没有一个关系可以判定（识别数字{counts['mentions']}个）"
    else:
        said = f"{wording.counted(counts['checked'], 'relation')} checked, {counts['inconsistent']} inconsistent, abstained from {abstained}"
        said = (
            said
            if counts["checked"]
            else f"nothing could be checked ({wording.counted(counts['mentions'], 'number')} recognised)"
        )
    return f"{clean(str(outcome.written))}: {said}\n"


def closing(totals: Totals, lang: str) -> str:
    """The run in one sentence."""
    if lang == "zh":
        return f"共{totals.documents}份文件：{totals.contradicted}份有不一致，{totals.unchecked}份无法核对任何内容，{totals.failed}份无法读取。"
    return (
        f"{wording.counted(totals.documents, 'document')}: {totals.contradicted} with contradictions, "
        f"{totals.unchecked} in which nothing could be checked, {totals.failed} unreadable."
    )
