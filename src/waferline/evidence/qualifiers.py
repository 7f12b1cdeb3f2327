"""This module reads the word a value was printed with – about, more than, nearly, less than – from its row's note.

The cell `value` holds digits alone, so that it can be counted with; the note keeps the rest of the literal as a clause
of its own: `more than 187`, `printed as about 10%`, or the bare word. Clauses are parted by semicolons.
"""

from __future__ import annotations

import re

_WORDS = {
    "about": "about", "around": "about", "approximately": "about",
    "more than": "above", "over": "above", "above": "above", "surpassing": "above", "exceed": "above",
    "exceeding": "above", "expected to exceed": "above", "already more than": "above", "possibly over": "above",
    "nearly": "nearly", "almost": "nearly", "close to": "nearly",
    "less than": "below", "below": "below", "under": "below",
}  # fmt: skip
_UNITS = r"(?:\s?(?:%|bn|tn|mn|billion|million|thousand|x|WPM|[万萬亿億]?(?:美元|元)?))*"
_CLAUSE = re.compile(
    rf"(?:.*\bprinted as )?[\"“]?(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
    rf"(?: (?P<number>[0-9][0-9,.]*){_UNITS})?[\"”]?(?:: (?:an? )?(?:lower|upper) bound)?",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"(?:.*\bprinted as )?[\"“]?(?P<number>[0-9][0-9,.]*)%?\+[\"”]?(?:: (?:an? )?lower bound)?"
)


def qualifier_in(note: str, literal: str) -> str:
    """The qualifier of the value `literal` that the note keeps, else "".

    A clause counts only whole, and where it repeats a number only with the digits of the value: words about another
    number of the same article stay words.

    >>> qualifier_in("more than 187; +69%", "187"), qualifier_in("about 20% finance leases", "37.5")
    ('above', '')
    """
    for clause in note.split(";"):
        if found := _CLAUSE.fullmatch(clause.strip()):
            word, number = _WORDS[found["word"].lower()], found["number"]
        elif found := _OPEN.fullmatch(clause.strip()):
            word, number = "above", found["number"]
        else:
            continue
        if not number or _digits(number) == _digits(literal):
            return word
    return ""


def _digits(number: str) -> str:
    """The digits that count, whatever the scale: 205 for 205 and for 2050."""
    digits = re.sub(r"[^0-9.]", "", number).rstrip(".")
    if "." in digits:
        digits = digits.rstrip("0")
    return digits.replace(".", "").strip("0")
