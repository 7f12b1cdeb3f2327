"""This module prints quantities as readers of each language write them: 6276亿美元, USD 627.6 bn,
增长19.1%."""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor, log10

from waferline.errors import BadInput
from waferline.quantity.decimals import decimal_text, rounded
from waferline.quantity.qualifier import QUALIFIERS, turned
from waferline.quantity.quantity import Applied, Leaf, Quantity, named
from waferline.quantity.relations import Direction, relation
from waferline.quantity.units import CURRENCIES, Dims, Unit, base_of, convertible

_ZH_SCALES = ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"))
_EN_SCALES = ((10**12, "tn"), (10**9, "bn"), (10**6, "mn"))
# Things people count in large numbers: their printed scale follows the size of the number, not the unit as
# recorded.
_COUNTED = frozenset(
    {"unit", "count", "token", "parameter", "datapoint", "pixel", "GPU", "GPU_hour", "square_inch"}
    | set(CURRENCIES)
)
_POINTS: Dims = (("percentage_point", 1),)
_MINUS = "−"
_HUGE = 10**16
_HUGE_IN_A_TABLE = 10**12


def printed(
    q: Quantity,
    lang: str,
    *,
    unit: Unit | None = None,
    places: int | None = None,
    sign: bool = False,
    grouping: bool = True,
    measure: str | None = None,
    qualified: bool = True,
) -> str:
    """The number with its unit and the word it was printed with (about, more than), as a sentence shows it.

    Without `unit` the scale is chosen as readers expect it (万, 亿, 万亿; mn, bn, tn); with it, the number is
    written in that unit. Places default to those of the literal for an observation, to one or two for a
    derived number; the exact value is rounded half up. `measure` replaces 台, the Chinese measure word of
    units (部, 颗, 辆). A negative number starts with −; `sign` also prints +. Without `qualified` the word is left
    out, where a sign says the same.
    """
    shown, before, after = _dress(q, lang, unit, measure)
    if unit is None and places is None and abs(_in(q, shown)) >= _HUGE:
        text = _scientific(_in(q, shown))
    else:
        text = number_text(q, lang, unit=shown, places=places, grouping=grouping)
    minus = text.startswith(_MINUS)
    lead = _MINUS if minus else "+" if sign and _shows_more_than_zero(text) else ""
    bare = lead + before + text.removeprefix(_MINUS) + after
    return (qualifier_text(q, lang, shown=shown, places=places_in(text)) if qualified else "") + bare


def qualifier_text(
    q: Quantity, lang: str, *, shown: Unit, places: int, cell: bool = False, size: bool = False
) -> str:
    """The word before a number printed to `places` in the unit `shown`: 超过, more than; `cell` for a table.

    A result is "about" only where its inputs leave it wider than its last printed digit. `size` turns the sides of
    a negative number, which is then said without its sign.
    """
    word = q.qualifier
    if not word:
        return ""
    if word == "about" and not isinstance(q.trace, Leaf):
        width = q.interval.width * q.unit.scale / shown.scale
        if width <= Fraction(1, 10**places):
            return ""
    if size and q.value < 0:
        word = turned(word, -1)
    return QUALIFIERS[word].of(lang, cell=cell)


def number_text(
    q: Quantity,
    lang: str,
    *,
    unit: Unit | None = None,
    places: int | None = None,
    sign: bool = False,
    grouping: bool = True,
) -> str:
    """The bare number in `unit` (default: its own), for table cells and formulas whose unit stands
    elsewhere."""
    shown = unit or q.unit
    if not convertible(q.unit, shown):
        q.to(shown)  # raises the error that names both units
    value = _in(q, shown)
    if places is None and abs(value) >= _HUGE_IN_A_TABLE:
        return ("+" if sign and value > 0 else "") + _scientific(value)
    text = rounded(value, places if places is not None else default_places(q, shown))
    if (
        places is None
        and isinstance(q.trace, Leaf)
        and shown.scale != q.trace.unit.scale
        and q.trace.last_place >= 0
    ):
        # 200000 units are 20万台: zeros of an integer literal say nothing about places after the point.
        text = text.rstrip("0").rstrip(".") if "." in text else text
    if grouping:
        text = _grouped(text, 5 if lang == "zh" else 4)
    lead = "+" if sign and _shows_more_than_zero(text) and not text.startswith("-") else ""
    return lead + text.replace("-", _MINUS)


def default_places(q: Quantity, shown: Unit) -> int:
    """Places after the point: those of the literal for an observation (at most 2 on another scale), else 1 or
    2."""
    value = abs(_in(q, shown))
    if isinstance(q.trace, Leaf):
        if shown.scale == q.trace.unit.scale:
            return max(0, -q.trace.last_place)
        step = _power_of_ten(q.trace.unit.scale / shown.scale) + q.trace.last_place
        return min(2, max(0, -step))
    if not shown.dims and shown.scale == 1:
        return 2 if value < 10 else 1
    percent = not shown.dims or shown.dims == _POINTS
    wanted = 1 if percent else 0 if value >= 1000 else 1 if value >= 100 else 2
    width = q.interval.width * q.unit.scale / shown.scale
    # More places than the rounding of the leaves supports would be made up.
    return min(wanted, max(0, -_power_of_ten(width))) if width else wanted


def said(q: Quantity, lang: str, *, places: int | None = None, direction: Direction | None = None) -> str:
    """With the direction word that its relation gives: 增长19.1%, 下降8.2%, 持平; rose 19.1%, fell 8.2%, was
    flat.

    Refuses a number without direction (a level, a share, a stated figure), unless `direction` names the
    words.
    """
    words = direction or _direction_of(q)
    if words is None:
        raise BadInput(
            where=named(q.trace),
            what="the number has no direction, so no direction word",
            expected="a growth, a return or a difference",
            found=printed(q, lang),
            fix="print it without said",
        )
    if q.value == 0:
        return words.flat.of(lang)
    text = printed(q, lang, places=places, qualified=False).removeprefix(_MINUS)
    if not _shows_more_than_zero(text):
        return words.nearly_flat.of(lang)
    shown = _dress(q, lang, None, None)[0]
    word = qualifier_text(q, lang, shown=shown, places=places_in(text), size=True)
    return (words.up if q.value > 0 else words.down).of(lang) + word + text + words.after.of(lang)


def places_in(text: str) -> int:
    """How many digits stand after the point of a printed number, with or without its unit.

    >>> places_in("USD 1,187.25 bn")
    2
    """
    found = re.search(r"[0-9]\.([0-9]+)", text)
    return len(found[1]) if found else 0


def explain(q: Quantity, lang: str) -> str:
    """The formula with numbers in: 627.6 / 526.8 − 1. An observation explains itself by its number.

    Operands of one measure are written in the unit of the first, bare; others carry their unit.

    Relations inside are written out in brackets as long as they are short, otherwise by their number.
    """
    if not isinstance(q.trace, Applied):
        return printed(q, lang, unit=q.unit)
    rule = relation(q.trace.relation)
    inputs = q.trace.inputs
    alike = all(convertible(each.unit, inputs[0].unit) for each in inputs)
    texts = []
    for each in inputs:
        if (
            isinstance(each.trace, Applied)
            and len(each.leaves()) <= 6
            and not relation(each.trace.relation).states_interval
        ):
            texts.append(f"({explain(each, lang)})")
        elif alike and isinstance(each.trace, Leaf) and each.unit.scale != inputs[0].unit.scale:
            texts.append(decimal_text(each.to(inputs[0].unit).value).replace("-", _MINUS))
        elif alike:
            texts.append(number_text(each, lang, unit=inputs[0].unit, grouping=False))
        else:
            texts.append(printed(each, lang, unit=each.unit, grouping=False))
    return rule.words(lang, *texts, periods=[each.period for each in inputs])


def _direction_of(q: Quantity) -> Direction | None:
    if not isinstance(q.trace, Applied):
        return None
    return relation(q.trace.relation).direction(*(each.unit for each in q.trace.inputs))


def _dress(q: Quantity, lang: str, unit: Unit | None, measure: str | None) -> tuple[Unit, str, str]:
    """The unit to write the number in, what stands before it and what after."""
    if unit is not None:
        return unit, *_words_of(unit, lang, measure)
    base = base_of(q.unit.dims)
    if base is None or not _is_counted(q.unit.dims):
        return q.unit, *_words_of(q.unit, lang, measure)
    size = abs(q.value * q.unit.scale)
    for scale, word in _ZH_SCALES if lang == "zh" else _EN_SCALES:
        if size < scale or (scale == 10**6 and _is_wafers(q.unit.dims) and size < 10**6):
            continue
        shown = Unit(q.unit.name, base.dims, Fraction(scale), base.zh, base.en)
        before, after = _words_of(base, lang, measure)
        if lang == "zh":
            return shown, before, word + after.strip()
        return shown, before, f" {word}{after}"
    return base, *_words_of(base, lang, measure)


def _words_of(unit: Unit, lang: str, measure: str | None) -> tuple[str, str]:
    if lang == "zh":
        words = unit.zh.replace("台", measure) if measure else unit.zh
        return "", f" {words}" if words[:1].isascii() and words[:1].isalpha() else words
    currency, _, rest = unit.en.partition(" ")
    if currency in CURRENCIES and unit.dims[0][0] in (*CURRENCIES, "GPU_hour", "token", "wafer", "unit"):
        if rest.startswith("(2023)"):
            currency, rest = "USD (2023)", rest.removeprefix("(2023)").strip()
        return f"{currency} ", _after(rest) if rest else ""
    return "", unit.en if unit.en in ("%", "x", "") else _after(unit.en)


def _after(words: str) -> str:
    """Units that are a round number themselves (100 mn) are multiplied, so that no two numbers stand side by side."""
    return words if words.startswith("x ") else f" × {words}" if words.startswith("10") else f" {words}"


def _is_counted(dims: Dims) -> bool:
    return (len(dims) == 1 and dims[0][0] in _COUNTED) or _is_wafers(dims)


def _is_wafers(dims: Dims) -> bool:
    things = [name for name, power in dims if power == 1]
    return (
        len(things) == 1
        and things[0].startswith("wafer")
        and all(name == "month" for name, p in dims if p != 1)
    )


def _in(q: Quantity, unit: Unit) -> Fraction:
    return q.value if q.unit.scale == unit.scale else q.value * q.unit.scale / unit.scale


def _power_of_ten(value: Fraction) -> int:
    """The largest n with 10ⁿ ≤ value."""
    n = floor(log10(value))
    return n + 1 if Fraction(10) ** (n + 1) <= value else n - 1 if Fraction(10) ** n > value else n


def _scientific(value: Fraction) -> str:
    n = _power_of_ten(abs(value))
    text = rounded(value / Fraction(10) ** n, 2).replace("-", _MINUS)
    return f"{text}×10^{n}"


def _grouped(text: str, digits: int) -> str:
    """Commas between thousands, from a number of whole digits on (Chinese readers do without up to 9999)."""
    sign, body = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = body.partition(".")
    return sign + (f"{int(whole):,}" if len(whole) >= digits else whole) + point + rest


def _shows_more_than_zero(text: str) -> bool:
    return any(char in "123456789" for char in text)
