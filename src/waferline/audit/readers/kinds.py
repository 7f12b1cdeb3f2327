"""This module tells by its wording what a piece of running text is: caption, source line, contents, list item."""

from __future__ import annotations

import re

from waferline.audit.document import BlockKind

_CAPTION = re.compile(
    r"(?:图表|圖表|图|圖|表格|表|附图|附表)\s*\d{1,3}(?:[-.–]\d{1,3})?\s*(?:[:：.、．]|\s|$)"
    r"|(?:figure|fig\.|table|exhibit|chart)\s+\d{1,3}(?:[-.–]\d{1,3})?\s*(?:[:：.|–—-]|\s[A-Z(]|$)",
    re.I,
)
_SOURCE = re.compile(r"(?:资料来源|資料來源|数据来源|數據來源|来源|sources?)\s*[:：]", re.I)
_FOOTNOTE = re.compile(r"(?:注|註|备注|notes?)\s*\d*\s*[:：]", re.I)
_CONTENTS = re.compile(r"(?:(?:[.．·]\s?){3,}|[…‥]{2,})\s*\d{1,4}\s*$|\t\s*\d{1,4}\s*$")
_ITEM = re.compile(
    r"(?:[•●○■□▪◆◇►▶➢✓❖·–—*-]\s*(?=\S)|[（(]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[ivx]{1,4}|[a-h])\s*[)）]"
    r"|\d{1,2}\s*[)）、](?!\d)|\d{1,2}[.．](?=\s*[^\d\s])|[①-⑳])"
)
_LONGEST_CAPTION = 160


def kind_of(text: str, default: BlockKind = "paragraph") -> BlockKind:
    """What the text calls itself, else `default`.

    >>> [kind_of(t) for t in ("图 3：全球销售额", "Source: WSTS", "Table 2. Sales", "3.1 行情……12", "图3显示增长")]
    ['caption', 'source', 'caption', 'contents', 'paragraph']
    """
    head = text.lstrip()[:_LONGEST_CAPTION]
    if len(text) <= 2 * _LONGEST_CAPTION and _CONTENTS.search(text):
        return "contents"
    if _SOURCE.match(head):
        return "source"
    if (
        _CAPTION.match(head)
        and len(text.strip()) < _LONGEST_CAPTION
        and not text.rstrip().endswith(("。", "；"))
    ):
        return "caption"
    if _FOOTNOTE.match(head):
        return "footnote"
    return default


def starts_item(text: str) -> bool:
    """Whether the text begins as an item of a list does: a bullet, 1), （一）, ①.

    >>> [starts_item(t) for t in ("• AI", "（二）算力", "1. Overview", "1.5 million", "-3.2%")]
    [True, True, True, False, False]
    """
    match = _ITEM.match(text)
    if not match:
        return False
    following = text[match.end() : match.end() + 1]
    return not (match[0][0] in "-–—*·" and (following.isdigit() or following in ".%"))
