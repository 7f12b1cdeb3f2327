"""This module reads units and amounts as the people who publish them spell them: GPU-hours, tok/s, $/M tokens, 15T."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from waferline.errors import BadInput
from waferline.quantity.units import Unit, convertible, unit

# A comma parts groups of three: 14,8 is refused, since it would be read as 148.
_UNSIGNED = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:_[0-9]+)*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9_]|,[0-9])"
)
NUMBER = rf"[+-]?{_UNSIGNED}"
_SCALES = {
    "k": 3, "K": 3, "thousand": 3, "M": 6, "mn": 6, "mil": 6, "million": 6, "B": 9, "b": 9, "bn": 9, "billion": 9,
    "T": 12, "tn": 12, "trillion": 12, "万": 4, "亿": 8,
}  # fmt: skip
_SCALE = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_MONEY = {
    "USD": "USD", "US$": "USD", "$": "USD", "dollar": "USD", "dollars": "USD", "美元": "USD",
    "CNY": "CNY", "RMB": "CNY", "yuan": "CNY", "元": "CNY",
}  # fmt: skip
_CURRENCY = "|".join(sorted(map(re.escape, _MONEY), key=len, reverse=True))
_WHOSE = r"(?:(?:[A-Za-z]+[0-9]+\w*|TPU v[0-9]\w*|GPU|TPU|chip|accelerator)[ -]+)"
# Whole spellings; what stands before a unit and says whose it is changes no number: H800 GPU-hour.
_SPELLED: tuple[tuple[str, str], ...] = (
    (rf"{_WHOSE}*hours? per (?:1e12|T|tn|trillion) tokens", "GPU hours per tn tokens"),
    (rf"{_WHOSE}+(?:hours?|hrs?|h)", "GPU hours"),
    (r"tok(?:en)?s?(?:/s(?:ec(?:ond)?)?| per sec(?:ond)?)(?:(?: per |/).*)?", "tokens/s"),
    (r"ms/tok(?:en)?|ms per tok(?:en)?", "ms"),
    (r"USD 2023|2023 USD|USD \(2023 prices\)", "USD (2023)"),
    (r"bytes?(?: per token|/token)?", "bytes"),
    (r"[kK]B(?: per token|/token)", "kB"),
    (r"([MG]B)(?: per token|/token)", r"\1"),
    (r"(?:x|×|times|ratio|factor)(?: (?:per|a) year|/yr|/year)|1/year", "ratio per year"),
    (r"[-–]|×|times|ratio|tokens? per parameter|tokens?/param(?:eter)?|parameters? per token", "x"),
    (r"[A-Z]+[0-9]+\w*e|[A-Z]+[0-9]+\w*[- ]equivalents?", "units"),
    (r"nats?(?: per token|/token)?", "nat"),
    (r"percent|per cent", "%"),
    (r"percentage points?|p\.p\.|points", "pp"),
    (r"G(?:iga)?FLOPS?(?:/| per )tok(?:en)?", "GFLOP per token"),
    (r"T(?:era)?FLOPS?(?:/| per )tok(?:en)?", "TFLOP per token"),
    (r"TFLOPs?(?:/s|PS)?(?: per |/)(?:GPU|chip|accelerator|device)", "TFLOP/s per GPU"),
)  # fmt: skip
_WORDS = {
    "tok": "tokens", "toks": "tokens", "token": "tokens", "param": "parameters", "params": "parameters",
    "parameter": "parameters", "s": "seconds", "sec": "seconds", "secs": "seconds", "second": "seconds",
    "msec": "ms", "millisecond": "ms", "milliseconds": "ms", "us": "µs", "usec": "µs", "microseconds": "µs",
    "min": "minutes", "mins": "minutes", "minute": "minutes", "h": "hours", "hr": "hours", "hrs": "hours",
    "hour": "hours", "d": "days", "yr": "years", "yrs": "years", "byte": "bytes", "B": "bytes", "kb": "kB", "KB": "kB", "gpu": "GPUs",
    "flops": "FLOP", "flop": "FLOP", "gflops": "GFLOP", "tflops": "TFLOP/s", "tflop/s": "TFLOP/s", "tops": "TOPS",
    "gbps": "Gb/s", "gbit/s": "Gb/s", "watt": "W", "watts": "W", "unit": "units", "wafer": "wafers", "node": "nodes",
    "question": "questions", "wafers per month": "WPM", "wpm": "WPM", "reticle": "x reticle", "reticles": "x reticle",
    "x": "x", "fold": "x",
}  # fmt: skip
_THINGS = re.compile(
    r"(?:[a-z]+\d+\w*|tpu v\d\w*)?\s*(?:gpus?|tpus?|npus?|chips?|accelerators?|packages?|dies?|pieces?|devices?)(?: per wafer|/wafer)?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:samples?|problems?|sequences?|layers?|stages?|experts?|requests?|users?|tries|quarters?|periods?|units|count|nodes?)",
    re.IGNORECASE,
)


def measure(text: str, like: Unit | None = None) -> Unit | None:
    """The unit that a spelling means, None if it means nothing known.

    `like` is the unit of the input or output it is said of: `15T` of tokens is so many tokens, `USD/h` of a chip's rental
    is an hour of the chip. What means a unit of another kind is given as it is, for the caller to refuse.

    >>> measure("H800 GPU-hour").name, measure("trillion tokens").name, measure("$/M tokens").name
    ('GPU hours', 'tn tokens', 'USD per mn tokens')
    >>> measure("T", unit("tokens")).scale
    Fraction(1000000000000, 1)
    """
    asked = " ".join(text.replace("²", "2").replace("^2", "2").replace("μ", "µ").split())
    found = _meant(asked)
    if like is None or (found is not None and convertible(found, like)):
        return found
    return _said_of(asked, like) or found


def spelled_range(text: str) -> str:
    """`0.35-0.50`, `0.35 to 0.50` and `85%-90%` as `0.35..0.50` and `85..90 %`, a currency before a number as one after it.

    >>> spelled_range("85%-90%"), spelled_range("CNY 2,000"), spelled_range("$0.55/M tokens"), spelled_range("3..5")
    ('85..90 %', '2,000 CNY', '0.55 USD/M tokens', '3..5')
    """
    asked = text.strip()
    if match := re.fullmatch(rf"({_CURRENCY})\s*({NUMBER})\s*(.*)", asked):
        rest = match[3] if not match[3] or match[3].startswith("/") else f" {match[3]}"
        asked = f"{match[2]} {_MONEY[match[1]]}{rest}"
    ends = rf"({NUMBER})\s*(\D*?)\s*(?:-|–|~|to)\s*({_UNSIGNED})\s*(\D.*)?"
    if match := re.fullmatch(ends, asked):
        first, last = match[2].strip(), (match[4] or "").strip()
        if not first or first == last:
            asked = f"{match[1]}..{match[3]} {last}".strip()
    return asked


def _meant(asked: str) -> Unit | None:
    for pattern, name in _SPELLED:
        if match := re.fullmatch(pattern, asked):
            return unit(match.expand(name))
    for word in (asked, _MONEY.get(asked, ""), _WORDS.get(asked, ""), _WORDS.get(asked.casefold(), "")):
        if word and (found := _known(word)) is not None:
            return found
    if match := re.fullmatch(rf"({_CURRENCY})\s*({_SCALE})|({_SCALE})\s*({_CURRENCY})", asked):
        return _scaled(unit(_MONEY[match[1] or match[4]]), match[2] or match[3])
    over = [(m.start(), m.end()) for m in re.finditer(r"\s+per\s+|\s+a\s+|/", asked)]
    for start, end in reversed(over):
        above, below = _meant(asked[:start]), _meant(asked[end:])
        if above is not None and below is not None:
            return above / below
    if (match := re.fullmatch(rf"({_SCALE})\s*(\D.*)", asked)) and (rest := _meant(match[2])) is not None:
        return _scaled(rest, match[1])
    return None


def _said_of(asked: str, like: Unit) -> Unit | None:
    """What a spelling means of an input or output of this unit, where alone it would mean another thing or none."""
    powers = dict(like.dims)
    if asked in _SCALES and (not powers or (len(powers) == 1 and 1 in powers.values())):
        return Unit(f"{asked} × {like.name}", like.dims, Fraction(10 ** _SCALES[asked]), asked, asked)
    if (match := re.fullmatch(rf"(.+?)(?:/| per )({_SCALE})", asked)) and powers.get("token") == -1:
        return measure(f"{match[1]} per {match[2]} tokens")
    if "GPU_hour" in powers:
        by_chip = re.sub(r"(?<![A-Za-z])(hours?|hrs?|h)$", "GPU hours", asked)
        return _meant(by_chip) if by_chip != asked else None
    found = _meant(asked)
    if powers.get("GPU") == -1 and found is not None and convertible(found / unit("GPUs"), like):
        return found / unit("GPUs")
    if powers == {"reticle": 1} and asked.casefold() in ("x", "×", "times"):
        return like
    things = next((name for name in ("unit", "GPU") if powers == {name: 1}), "")
    if not powers or things:
        scale, rest = _leading_scale(asked)
        if _THINGS.fullmatch(rest) or (not powers and (not rest or _COUNTED.fullmatch(rest))):
            return replace(unit({"unit": "units", "GPU": "GPUs"}.get(things, "x")), scale=Fraction(scale))
    return None


def _leading_scale(asked: str) -> tuple[int, str]:
    match = re.fullmatch(rf"({_SCALE})\s+(.*)", asked)
    return (10 ** _SCALES[match[1]], match[2]) if match else (1, asked)


def _scaled(measured: Unit, word: str) -> Unit:
    scale = measured.scale * 10 ** _SCALES[word]
    name = f"{word} {measured.name}"
    for tenth, short in ((12, "tn"), (9, "bn"), (6, "mn"), (3, "thousand")):
        if _SCALES[word] == tenth:
            known = _known(f"{short} {measured.name}") or _known(f"{measured.name} {short}")
            name = known.name if known is not None else name
    return replace(measured, name=name, scale=scale)


def _known(name: str) -> Unit | None:
    try:
        return unit(name)
    except BadInput:
        return None
