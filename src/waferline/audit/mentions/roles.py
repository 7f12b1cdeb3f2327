"""This module tells numbers that are no quantities: years, dates, names, references, list marks."""

from __future__ import annotations

import re

from waferline.audit.mentions.mention import Measure, Role

_BEFORE_NAME = re.compile(
    r"(?:[A-Za-z]|[A-Za-z]-|沪深\s?|中证\s?|上证\s?|深证\s?|标普\s?|标准普尔\s?|科创\s?|日经\s?|S&P\s|CSI\s|Nasdaq[- ]|Russell\s|Fortune\s|RTX\s|GTX\s|iPhone\s|Mate\s?|Grok-|GPT-|Wi-Fi\s|Model\s|Windows\s|Gen\s?|Mac\s?|Phase\s|Class\s|Level\s|Section\s|Rule\s|Item\s)$"
)
_NUMBERED = re.compile(
    r"(?:图|表|图表|附图|附表|附件|公式|注|证书|电话|传真|邮编|编号|代码|文号|"
    r"(?:Fig(?:ure|\.)?|Tables?|Exhibit|Chart|Note|Notes|Page|No\.|p\.|Appendix|Form|ASC|ISO|IFRS|IAS|HKFRS|Tel|Step)\s?[:：]?)\s?$"
)
_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
_MONTH_BEFORE = re.compile(rf"{_MONTH}\s?$")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)?\s?(?:of\s)?{_MONTH}(?![a-z])")
_QUARTER_AFTER = re.compile(r"(?:Q|H|q|h)\d?(?![A-Za-z])|E(?![A-Za-z])|A(?![A-Za-z])|F(?![A-Za-z])")
_PERIOD_BEFORE = re.compile(r"(?:(?<![A-Za-z])[QqHh]|FY|CY|fiscal\s|fiscal year\s|第|前)\s?'?$")
_ORDINAL_AFTER = re.compile(r"(?:st|nd|rd|th)(?![a-z])")
_CLOCK = re.compile(r":\d\d")
_LIST_BEFORE = re.compile(r"(?:^|\n)\s{0,8}[\(（\[]?$")
_LIST_AFTER = re.compile(r"[\.、\)）\]](?!\d)|(?:\.\d{1,2})*\s?[、\s](?=[\u4e00-\u9fffA-Z])")
_CODE_AFTER = re.compile(
    r"\.(?:SZ|SH|HK|TW|SS|US|KS|T|O|N|DF)(?![A-Za-z])|[A-Za-z]{2,}\d|-?\d*[A-Z]{1,3}\d?(?![a-z])"
)
_YEAR_AFTER = re.compile(r"\s?年|E\b|A\b|[Qq][1-4]|[Hh][12]|[-/.]\d{1,2}|/\d\d")
_SHORT_YEAR_AFTER = re.compile(r"年(?:[一二三四1-4]季|Q|H|\d{1,2}月|上半|下半|全年|初|末|底)")
_MONTHS_AFTER = re.compile(r"[-–~至到—]\d{1,2}\s?月")
_HALF_AFTER = re.compile(r"(?:[QH]|[qh])\d{2}(?!\d)")
_DAY_BEFORE = re.compile(rf"{_MONTH}\s\d{{1,2}},?\s$")
_DECIMAL_BEFORE = re.compile(r"\d\.\d+[./-]$")
_DATE_AFTER = re.compile(r"[./-]\d{1,2}[./-]\d{1,4}")
_MONTH_OR_DAY_AFTER = re.compile(r"[./-]\d{1,2}(?!\d)")
_UP_TO_BEFORE = re.compile(r"(?<![A-Za-z])(?:to|through|and|-|–)\s?$")
_LIST_NUMBER_BEFORE = re.compile(r"(?:^|\n)\s{0,4}\d{1,2}\.$")
_DATE_ZH = re.compile(r"\s?(?:月份?|日|号|时|点(?=\d|，|。|前|后)|分(?=\d|钟)|季度|年代)")


def role_of(text: str, first: int, last: int, end: int, measure: Measure) -> Role:
    """What a bare number is in its place; `quantity` where nothing speaks against it.

    Only numbers without currency, scale, % or the like come here.
    """
    digits = text[first:last]
    before, after = text[max(0, first - 24) : first], text[last : last + 24]
    whole = digits.isdigit()
    year = whole and len(digits) == 4 and "1900" <= digits <= "2100"
    ahead = before.removesuffix("\n")  # a line may break inside a date
    short = whole and len(digits) <= 2
    if year and _YEAR_AFTER.match(after):
        return "year"
    if short and len(digits) == 2 and _SHORT_YEAR_AFTER.match(after):
        return "year"
    if short and (_DATE_ZH.match(after) or _MONTHS_AFTER.match(after)):
        return "date"
    if _NUMBERED.search(before):
        return "reference"
    if ahead.endswith(("前", "第")) or (whole and _ORDINAL_AFTER.match(after)):
        return "ordinal"
    if _PERIOD_BEFORE.search(before):
        return "year" if year else "date"
    if whole and len(digits) <= 4 and (_MONTH_BEFORE.search(before) or _MONTH_AFTER.match(after)):
        return "year" if year else "date"
    if short and len(digits) == 1 and _HALF_AFTER.match(after):
        return "date"
    if short and _QUARTER_AFTER.match(after):
        return "year"
    if _CLOCK.match(after) or (ahead.endswith(":") and ahead[-2:-1].isdecimal()):
        return "date"
    if _DAY_BEFORE.search(before):
        return "year"
    if (
        whole
        and len(digits) <= 4
        and ahead.endswith((".", "/", "-"))
        and ahead[-2:-1].isdecimal()
        and not _DECIMAL_BEFORE.search(before)
        and not after.startswith("%")
    ):
        return "date"
    if _DATE_AFTER.match(after) or (year and _MONTH_OR_DAY_AFTER.match(after)):
        return "date"
    if year and measure.kind == "plain" and _UP_TO_BEFORE.search(before):
        return "year"
    if year and (measure.kind != "count" or measure.basis.isascii()):
        return "year"
    if _BEFORE_NAME.search(before) or _CODE_AFTER.match(after):
        return "name"
    if short and _LIST_BEFORE.search(before) and _LIST_AFTER.match(after):
        return "list"
    if len(digits) <= 2 and _LIST_NUMBER_BEFORE.search(before):
        return "list"
    return "quantity"
