"""This module prints a stored number the way a spreadsheet shows it: 0.191 with 0.0% is 19.1%."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
    37: "#,##0;(#,##0)",
    38: "#,##0;(#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)  # a spreadsheet keeps fifteen digits
_TOKEN = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|E[+-]0+|General|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|AM/PM|[0#?.,%]|.', re.S
)
_CONDITION = re.compile(r"\[(<=|>=|<>|=|<|>)\s*(-?\d+(?:\.\d+)?)\]")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def shown(stored: str, code: str, *, date_1904: bool = False) -> str:
    """The stored number (as text) as the format code prints it; text that is no number is given back.

    Rounds half away from zero after fifteen digits, as spreadsheets do.

    >>> [shown("0.191", "0.0%"), shown("1789226", "#,##0"), shown("45370", "yyyy-mm-dd"), shown("-3.25", "0.0;(0.0)")]
    ['19.1%', '1,789,226', '2024-03-19', '(3.3)']
    """
    try:
        value = _DIGITS.create_decimal(stored.strip())
    except InvalidOperation:
        return stored
    if not value.is_finite() or abs(value.adjusted()) > 300:
        return stored
    section, value = _section(value, code or "General")
    tokens = _TOKEN.findall(section)
    kinds = [t for t in tokens if not t.startswith(('"', "\\", "_", "*", "["))]
    if any(
        t[0] in "yYdDhHsS" or (t[0] in "mM" and len(t) <= 5) for t in kinds if t not in ("General", "AM/PM")
    ):
        return _date(value, tokens, date_1904) or _general(value)
    if "@" in kinds:
        return section.replace("@", _general(value)).replace('"', "")
    if "General" in kinds or not any(t in "0#?" for t in kinds):
        text = _general(abs(value)) if "General" in kinds else ""
        sign = "-" if value < 0 and "General" in kinds else ""
        return sign + "".join(text if t == "General" else _literal(t) for t in tokens)
    if "/" in kinds and "?" in kinds:
        return _general(value)
    return _number(value, tokens)


def _section(value: Decimal, code: str) -> tuple[str, Decimal]:
    """The part of the code that is for this value, and the value with its sign taken where the part shows it."""
    parts = re.findall(r'(?:"[^"]*"|\\.|[^;"\\])+|(?<=;)(?=;|$)', code) if ";" in code else [code]
    if conditional := [(p, _CONDITION.search(p)) for p in parts if _CONDITION.search(p)]:
        for part, match in conditional:
            if match and _holds(value, match[1], Decimal(match[2])):
                return part, value
        return parts[-1], value
    if value < 0 and len(parts) > 1:
        return parts[1], -value
    if value == 0 and len(parts) > 2:
        return parts[2], value
    return parts[0], value


def _holds(value: Decimal, sign: str, limit: Decimal) -> bool:
    return {
        "<": value < limit,
        ">": value > limit,
        "=": value == limit,
        "<=": value <= limit,
        ">=": value >= limit,
        "<>": value != limit,
    }[sign]


def _general(value: Decimal) -> str:
    """As a cell without a format shows it: at most eleven places wide, no trailing zeros."""
    if value == 0:
        return "0"
    size = value.adjusted()
    if size >= 11 or size < -9:
        digits = Context(prec=6, rounding=ROUND_HALF_UP).create_decimal(value).normalize()
        mantissa = f"{digits.scaleb(-digits.adjusted()):f}"
        return f"{mantissa}E{digits.adjusted():+03d}"
    places = max(0, 9 - max(size, 0))
    text = f"{_rounded(value, places):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(value: Decimal, places: int) -> Decimal:
    with localcontext() as context:
        context.prec = 330
        return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _literal(token: str) -> str:
    if token.startswith('"'):
        return token[1:-1]
    if token.startswith("\\"):
        return token[1:]
    if token.startswith("_"):
        return " "
    if token.startswith("*"):
        return ""
    if token.startswith("["):
        money = re.match(r"\[\$([^-\]]*)", token)
        return money[1] if money else ""
    return token


def _number(value: Decimal, tokens: list[str]) -> str:
    places = [i for i, t in enumerate(tokens) if t in ("0", "#", "?")]
    first, last = places[0], places[-1]
    scale = 0
    after = last + 1
    while after < len(tokens) and tokens[after] == ",":
        scale, after = scale - 3, after + 1
    percents = sum(t == "%" for t in tokens)
    exponent = next((t for t in tokens if t.startswith("E") and len(t) > 1), "")
    point = next((i for i in range(first, last + 1) if tokens[i] == "."), None)
    whole_end = point if point is not None else last + 1
    decimals = [t for t in tokens[whole_end:after] if t in ("0", "#", "?")]
    if exponent:
        return _scientific(value, len(decimals), exponent)
    value = value.scaleb(scale + 2 * percents)
    rounded = _rounded(abs(value), len(decimals))
    digits = f"{rounded:f}"
    whole, _, fraction = digits.partition(".")
    least = sum(t == "0" for t in tokens[:whole_end])
    whole = whole.lstrip("0").rjust(least, "0")
    if "," in tokens[first:whole_end]:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", whole)
    while fraction and decimals and decimals[len(fraction) - 1] == "#" and fraction.endswith("0"):
        fraction = fraction[:-1]
    body = whole + (f".{fraction}" if fraction or point is not None else "")
    before = "".join(_literal(t) for t in tokens[:first])
    behind = "".join(_literal(t) for t in tokens[after:])
    sign = "-" if value < 0 and rounded != 0 else ""
    return (sign + before + body + behind).strip()


def _scientific(value: Decimal, decimals: int, exponent: str) -> str:
    if value == 0:
        return f"{_rounded(value, decimals):f}E+00"
    size = value.adjusted()
    mantissa = _rounded(value.scaleb(-size), decimals)
    if abs(mantissa) >= 10:
        size, mantissa = size + 1, _rounded(value.scaleb(-size - 1), decimals)
    sign = "-" if size < 0 else "+" if "+" in exponent else ""
    return f"{mantissa:f}E{sign}{abs(size):0{len(exponent) - 2}d}"


def _date(value: Decimal, tokens: list[str], date_1904: bool) -> str:
    if not 0 <= value < 2_958_466:
        return ""
    start = datetime(1904, 1, 1) if date_1904 else datetime(1899, 12, 30)
    moment = start + timedelta(seconds=int(_rounded(value * 86400, 0)))
    result = []
    afternoon = any(t == "AM/PM" for t in tokens)
    for index, token in enumerate(tokens):
        low = token.lower()
        if low[0] == "y" and low == "y" * len(low):
            result.append(f"{moment.year:04d}" if len(low) > 2 else f"{moment.year % 100:02d}")
        elif low[0] == "m" and low == "m" * len(low):
            result.append(_minute(moment, low) if _is_minute(tokens, index) else _month(moment, low))
        elif low[0] == "d" and low == "d" * len(low):
            result.append(_DAYS[moment.weekday()] if len(low) > 2 else f"{moment.day:0{len(low)}d}")
        elif low[0] == "h" and low == "h" * len(low):
            hour = (moment.hour % 12 or 12) if afternoon else moment.hour
            result.append(f"{hour:0{len(low)}d}")
        elif low[0] == "s" and low == "s" * len(low):
            result.append(f"{moment.second:0{len(low)}d}")
        elif token == "AM/PM":
            result.append("AM" if moment.hour < 12 else "PM")
        else:
            result.append(_literal(token))
    return "".join(result).strip()


def _is_minute(tokens: list[str], index: int) -> bool:
    letters = [(i, t[0].lower()) for i, t in enumerate(tokens) if t[0].lower() in "ymdhs"]
    place = next(k for k, (i, _) in enumerate(letters) if i == index)
    before = letters[place - 1][1] if place else ""
    after = letters[place + 1][1] if place + 1 < len(letters) else ""
    return before == "h" or after == "s"


def _minute(moment: datetime, code: str) -> str:
    return f"{moment.minute:0{min(len(code), 2)}d}"


def _month(moment: datetime, code: str) -> str:
    if len(code) <= 2:
        return f"{moment.month:0{len(code)}d}"
    return _MONTHS[moment.month - 1][: 1 if len(code) == 5 else 3]
