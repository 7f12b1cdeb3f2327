"""This module gives a text one spelling for the rules, character by character, so that offsets never move."""

from __future__ import annotations

import re

# Traditional characters that stand in the cue words, units and period words the rules look for. It is no
# translation: only what the grammar names is mapped.
_PAIRS = (
    "億亿萬万長长減减較较與与佔占總总計计營营業业額额個个幣币臺台漲涨擴扩縮缩約约過过達达為为當当從从歐欧圓元間间電电預预測测變变動动單单價价輛辆雙双門门條条張张淨净"
    "損损經经產产銷销開开發发關关係系實实現现進进貿贸順顺內内來来時时統统區区別别於于對对後后會会將将運运輸输導导體体積积極极續续轉转點点飆飙滿满歷历註注圖图資资據据"
    "員员級级際际請请標标鎖锁噸吨貨货連连創创紀纪錄录規规劃划圍围飛飞機机線线網网頁页務务證证數数餘余這这兩两們们僅仅費费潤润償偿債债車车農农鎮镇飲饮書书雜杂財财險险"
    "環环處处權权獲获贏赢虧亏"
)

_MAP = {ord(_PAIRS[i]): _PAIRS[i + 1] for i in range(0, len(_PAIRS), 2)}
_MAP |= {0xFF01 + i: chr(0x21 + i) for i in range(94)}  # full-width ASCII, punctuation included
_MAP |= {ord(a): b for a, b in zip("−﹣‑‐\u00a0\u202f\u2009\u3000﹪", "----    %", strict=True)}
# Digits of other scripts and fractions in one sign (½) are no numbers here, and no digit next to one is read alone.
NO_NUMBER = "\uffff"
_FOREIGN = re.compile(r"(?![0-9])\d|[¼-¾⅐-⅟↉]")
# Letters that match an ASCII letter when case is ignored.
_MAP |= {ord(a): b for a, b in zip("ıİſ\u212a", "iISK", strict=True)}
# Commas and full stops that part clauses stay what they are: a full-width comma never stands inside a number.
_MAP |= {ord("，"): "，", ord("："): "：", ord("；"): "；", ord("！"): "！", ord("？"): "？"}
# A half-width comma between Chinese words parts clauses as a full-width one does.
_COMMA = re.compile(r",(?=\s?[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]),(?!\d)")


def spelled(text: str) -> str:
    """The text with full-width digits, dashes and the traditional characters of cue words made uniform.

    >>> spelled("營收２６３億元，年增"), len(spelled("約−5％"))
    ('营收263亿元，年增', 4)
    """
    return _COMMA.sub("，", _FOREIGN.sub(NO_NUMBER, text.translate(_MAP)))
