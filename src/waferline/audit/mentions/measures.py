"""This module holds the words around a number: currencies, scales, units and qualifiers, in both languages.

All patterns run over spelled text (see `spelling`), so one spelling of each word is enough.
"""

from __future__ import annotations

import re
from fractions import Fraction

from waferline.audit.mentions.mention import Kind, Qualifier

CURRENCIES: dict[str, str] = {
    "NT$": "TWD", "NTD": "TWD", "TWD": "TWD", "新台币": "TWD", "台币": "TWD",
    "US$": "USD", "USD": "USD", "U.S.$": "USD", "美元": "USD", "美金": "USD", "$": "$",
    "HK$": "HKD", "HKD": "HKD", "港元": "HKD", "港币": "HKD",
    "A$": "AUD", "AUD": "AUD", "澳元": "AUD", "C$": "CAD", "CAD": "CAD", "加元": "CAD", "S$": "SGD",
    "SGD": "SGD", "R$": "BRL",
    "RMB": "CNY", "CNY": "CNY", "人民币": "CNY", "元": "元",
    "EUR": "EUR", "€": "EUR", "欧元": "EUR", "GBP": "GBP", "£": "GBP", "英镑": "GBP",
    "JPY": "JPY", "日元": "JPY", "日圆": "JPY", "KRW": "KRW", "₩": "KRW", "韩元": "KRW", "韩圆": "KRW",
    "INR": "INR", "₹": "INR", "Rs.": "INR", "Rs": "INR", "卢比": "INR",
    "CHF": "CHF", "瑞士法郎": "CHF", "SEK": "SEK", "NOK": "NOK", "DKK": "DKK", "¥": "¥", "卢布": "RUB",
    "dollars": "$", "dollar": "$", "euros": "EUR", "euro": "EUR", "yen": "JPY", "won": "KRW",
    "yuan": "CNY", "renminbi": "CNY", "pounds": "GBP", "rupees": "INR", "francs": "CHF", "kronor": "SEK",
}  # fmt: skip

SCALES: dict[str, Fraction] = {
    "万亿": Fraction(10**12), "千亿": Fraction(10**11), "百亿": Fraction(10**10), "十亿": Fraction(10**9),
    "亿": Fraction(10**8), "千万": Fraction(10**7), "百万": Fraction(10**6), "十万": Fraction(10**5),
    "万": Fraction(10**4), "千": Fraction(10**3), "兆": Fraction(10**12),
    "trillion": Fraction(10**12), "billion": Fraction(10**9), "million": Fraction(10**6),
    "thousand": Fraction(10**3), "crore": Fraction(10**7), "lakh": Fraction(10**5),
    "mrd": Fraction(10**9), "mio": Fraction(10**6), "trn": Fraction(10**12), "tn": Fraction(10**12), "bln": Fraction(10**9), "bn": Fraction(10**9),
    "mln": Fraction(10**6), "mn": Fraction(10**6), "b": Fraction(10**9), "m": Fraction(10**6),
    "k": Fraction(10**3), "t": Fraction(10**12),
}  # fmt: skip

# Units that are parts of one: kind, base value of one.
PARTS: dict[str, tuple[Kind, Fraction]] = {
    "%": ("percent", Fraction(1, 100)), "percent": ("percent", Fraction(1, 100)),
    "per cent": ("percent", Fraction(1, 100)),
    "‰": ("percent", Fraction(1, 1000)),
    "个百分点": ("point", Fraction(1, 100)), "百分点": ("point", Fraction(1, 100)),
    "percentage points": ("point", Fraction(1, 100)), "percentage point": ("point", Fraction(1, 100)),
    "percentage-point": ("point", Fraction(1, 100)),
    "points": ("point", Fraction(1, 100)), "point": ("point", Fraction(1, 100)),
    "pct": ("point", Fraction(1, 100)), "ppts": ("point", Fraction(1, 100)), "ppt": ("point", Fraction(1, 100)),
    "pps": ("point", Fraction(1, 100)), "pp": ("point", Fraction(1, 100)), "p.p.": ("point", Fraction(1, 100)),
    "个千分点": ("point", Fraction(1, 1000)), "千分点": ("point", Fraction(1, 1000)),
    "basis points": ("point", Fraction(1, 10000)), "basis point": ("point", Fraction(1, 10000)),
    "个基点": ("point", Fraction(1, 10000)), "基点": ("point", Fraction(1, 10000)),
    "bps": ("point", Fraction(1, 10000)), "bp": ("point", Fraction(1, 10000)),
    "成": ("percent", Fraction(1, 10)),
    "倍": ("times", Fraction(1)), "times": ("times", Fraction(1)), "-fold": ("times", Fraction(1)),
    "fold": ("times", Fraction(1)), "x": ("times", Fraction(1)),
}  # fmt: skip

TIME = (
    "个月|个季度|年|天|日|周|小时|分钟|秒|岁|"
    "years?|months?|quarters?|weeks?|days?|hours?|minutes?|seconds?|year-old"
)
# Physical and technical units whose numbers are specifications as a rule, but may be compared.
SPEC = (
    "nm|纳米|GB|TB|MB|GHz|MHz|TOPS|TFLOPS|PFLOPS|EFLOPS|英寸|寸|inches|inch|mm|cm|km|kg|mAh|Gbps|℃|°C|bit|位"
)
# Longest first: the alternation must not stop at a prefix.
COUNTED = (
    "万千瓦|千瓦时|千瓦小时|千瓦|兆瓦|吉瓦|标准箱|标准煤|立方米|平方米|平方公里|公里|人次|客公里|吨公里|"
    "台|辆|部|架|座|家|人|件|吨|片|颗|块|套|只|条|户|枚|张|双|副|户次|股|单|份|艘|头|名|位|亩|公顷|桶|瓶|"
    "箱|所|种|项|笔|宗|例|次|个|万户|间|款|处|起|场|克拉|升(?![至到幅值高])|斤|公斤|点|盒|度|栋|村|桩|篇|页|字|词|GWh|MWh|kWh|TWh|GW|MW|kW|瓦"
)

# Units that are a multiple of another: what they count, and how many.
PREFIXED: dict[str, tuple[str, int]] = {
    "千瓦": ("瓦", 10**3), "万千瓦": ("瓦", 10**7), "兆瓦": ("瓦", 10**6), "吉瓦": ("瓦", 10**9),
    "kW": ("瓦", 10**3), "MW": ("瓦", 10**6), "GW": ("瓦", 10**9),
    "千瓦时": ("瓦时", 10**3), "千瓦小时": ("瓦时", 10**3), "kWh": ("瓦时", 10**3), "MWh": ("瓦时", 10**6),
    "GWh": ("瓦时", 10**9), "TWh": ("瓦时", 10**12), "公斤": ("千克", 1), "个": ("个", 1),
}  # fmt: skip

QUALIFIERS: tuple[tuple[str, Qualifier], ...] = (
    ("about", "about"), ("around", "about"), ("approximately", "about"), ("roughly", "about"),
    ("approx.", "about"), ("some", "about"), ("circa", "about"), ("an estimated", "about"), ("~", "about"),
    ("close to", "nearly"), ("nearly", "nearly"), ("almost", "nearly"), ("just under", "nearly"),
    ("just below", "nearly"), ("just short of", "nearly"),
    ("more than", "above"), ("over", "above"), ("above", "above"), ("exceeding", "above"),
    ("in excess of", "above"), ("just over", "above"), ("well over", "at_least"), ("surpassing", "above"),
    ("at least", "at_least"), ("no less than", "at_least"), ("up to", "at_most"), ("at most", "at_most"),
    ("as much as", "at_most"), ("less than", "at_most"), ("under", "at_most"), ("fewer than", "at_most"),
    ("大约", "about"), ("约为", "about"), ("约", "about"), ("大概", "about"), ("左右", "about"),
    ("接近", "nearly"), ("将近", "nearly"), ("近", "nearly"), ("不足", "nearly"), ("不到", "nearly"),
    ("超过", "above"), ("突破", "above"), ("超", "above"), ("逾", "above"), ("高于", "above"),
    ("至少", "at_least"), ("不低于", "at_least"), ("不少于", "at_least"), ("不超过", "at_most"),
    ("最多", "at_most"), ("低于", "at_most"),
)  # fmt: skip
# Words that follow the number.
QUALIFIERS_AFTER: tuple[tuple[str, Qualifier], ...] = (
    ("以上", "at_least"), ("左右", "about"), ("上下", "about"), ("以下", "at_most"), ("以内", "at_most"),
    ("or more", "at_least"), ("or so", "about"), ("+", "at_least"),
)  # fmt: skip


def alternation(words: object) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]
