"""This module loads a study folder: `study.toml`, names, exhibits, chapters and theses, all checked before a build."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waferline.errors import BadInput
from waferline.evidence.files import IDENTIFIER, read_text, read_toml
from waferline.study.chapters import Chapter, ExhibitsSource, parse_chapter
from waferline.study.exhibit_files import ExhibitSpec, load_exhibit
from waferline.study.hand_typed import hand_typed
from waferline.study.report import LANGS, Lang, Words
from waferline.study.theses import Thesis, load_theses

MAX_NAMES = 2_000
_UNIT_ENDINGS = ("%", "％", "亿", "万", "元", "倍", "成")


@dataclass(frozen=True, slots=True)
class RatingRule:
    """The industry rating follows from the theses: `good` when at least `holds` hold and none is broken, `poor` when
    at least `broken` are broken, else `neutral`. The horizon and benchmark say what the rating will be held to.

    `text` says so in words; its counts and names are those of the rule, put in for {holds}, {broken}, {theses},
    {good}, {neutral} and {poor}."""

    good: Words
    neutral: Words
    poor: Words
    holds: int
    broken: int
    text: Words
    index: str
    benchmark: str


@dataclass(frozen=True, slots=True)
class Study:
    """A strategy as written, in the languages it has been written in."""

    root: Path
    id: str
    title: Words
    subtitle: Words
    kicker: Words
    cover_exhibit: str
    rating: RatingRule
    names: tuple[str, ...]
    chapters: Mapping[Lang, tuple[Chapter, ...]]
    exhibits: Mapping[str, ExhibitSpec]
    theses: tuple[Thesis, ...]
    unnumbered: tuple[str, ...]  # chapters without a number: cover points, conclusions, disclaimers
    cover_chapter: str
    appendix: tuple[str, ...]


def load_study(root: Path, langs: tuple[Lang, ...]) -> Study:
    """The study in `root`, for the languages asked for. Raises BadInput at the file and line of the first fault."""
    if not root.is_dir():
        raise BadInput(str(root), "no such study", "a folder with a study.toml")
    if not (root / "study.toml").is_file():
        raise BadInput(str(root), "the folder is not a study", "a study.toml in it")
    table = read_toml(root, "study.toml")
    names = _names(root)
    chapters: dict[Lang, tuple[Chapter, ...]] = {}
    order = _ids(table, "chapters")
    cover, appendix = str(table.get("cover_chapter", "")), _ids(table, "appendix")
    if cover and not IDENTIFIER.fullmatch(cover):
        raise BadInput("study.toml", "cover_chapter is an id", "small letters, digits and -", repr(cover))
    for lang in langs:
        chapters[lang] = tuple(
            parse_chapter(identifier, lang, file, read_text(root, file), names)
            for identifier in (*((cover,) if cover else ()), *order, *appendix)
            for file in (f"chapters/{lang}/{identifier}.md",)
        )
    theses = load_theses(root, names)
    cover_exhibit = str(table.get("cover_exhibit", ""))
    placed: dict[str, str] = {cover_exhibit: "study.toml"} if cover_exhibit else {}
    for lang in langs:
        for chapter in chapters[lang]:
            for block in chapter.blocks:
                if isinstance(block, ExhibitsSource):
                    placed.update(dict.fromkeys(block.ids, f"{chapter.file}:{block.line}"))
            for slot in chapter.slots():
                if slot.exhibit:
                    placed.setdefault(slot.exhibit, slot.where)
    exhibits: dict[str, ExhibitSpec] = {}
    for identifier, where in placed.items():
        if not IDENTIFIER.fullmatch(identifier) or not (root / "exhibits" / f"{identifier}.toml").is_file():
            there = sorted(path.stem for path in (root / "exhibits").glob("*.toml"))
            raise BadInput(where, "unknown exhibit", f"one of {', '.join(there[:12])} …", identifier)
        exhibits[identifier] = load_exhibit(root, identifier, names)
    for thesis in theses:
        for identifier in thesis.exhibits:
            if not (root / "exhibits" / f"{identifier}.toml").is_file():
                raise BadInput(
                    "theses.toml", f"thesis {thesis.id} names an unknown exhibit", found=identifier
                )
    return Study(
        root=root,
        id=str(table.get("id", root.name)),
        title=_words(table, "title", names),
        subtitle=_words(table, "subtitle", names),
        kicker=_words(table, "kicker", names),
        cover_exhibit=cover_exhibit,
        rating=_rating(table, names, sum(thesis.rated for thesis in theses)),
        names=names,
        chapters=chapters,
        exhibits=exhibits,
        theses=theses,
        unnumbered=_ids(table, "unnumbered"),
        cover_chapter=cover,
        appendix=appendix,
    )


def series_named(study: Study, known: Collection[str]) -> tuple[str, ...]:
    """The ids of `known` that stand anywhere in the study's expressions, so that their rows are read in one go."""
    chapters = (chapter.source for several in study.chapters.values() for chapter in several)
    words = re.findall(
        r"[a-z0-9_]+(?:\.[a-z0-9_]+)+", " ".join((*chapters, repr(study.exhibits), repr(study.theses)))
    )
    return tuple(sorted(set(words) & set(known)))


def languages_of(root: Path) -> tuple[Lang, ...]:
    """The languages the study has chapters in."""
    return tuple(lang for lang in LANGS if any((root / "chapters" / lang).glob("*.md")))


def _names(root: Path) -> tuple[str, ...]:
    table = read_toml(root, "names.toml")
    names: list[str] = []
    for key, value in table.items():
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise BadInput("names.toml", f"{key} is a list of names", f'{key} = ["RTX 4090"]')
        for name in value:
            if name.endswith(_UNIT_ENDINGS) or not any(character.isalpha() for character in name):
                raise BadInput("names.toml", "a name may not be a number or end in a unit", found=repr(name))
        names.extend(value)
        if len(names) > MAX_NAMES:
            raise BadInput("names.toml", "too many names", f"at most {MAX_NAMES}", str(len(names)))
    return tuple(names)


def _ids(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) and IDENTIFIER.fullmatch(v) for v in value):
        raise BadInput(
            "study.toml", f"{key} is a list of ids", "small letters, digits and -", repr(value)[:60]
        )
    return tuple(value)


def _words(table: Mapping[str, Any], key: str, names: tuple[str, ...]) -> Words:
    """A text in both languages, without a number typed by hand."""
    value = table.get(key)
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        raise BadInput("study.toml", f"{key} has both languages", f'{key} = {{ zh = "…", en = "…" }}')
    for text in map(str, value.values()):
        for found in hand_typed(text, names):
            raise BadInput("study.toml", f"a number typed by hand in {key}", found=repr(found.raw))
    return Words(str(value["zh"]), str(value["en"]))


_COUNTS = {
    "zh": ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}


def _rule_in_words(text: str, lang: Lang, counts: Mapping[str, int], names: Mapping[str, Words]) -> str:
    """The rating rule as worded by the study, its {counts} and {names} filled in from the rule itself."""

    def value(found: re.Match[str]) -> str:
        key = found[1]
        if key in counts:
            count = counts[key]
            return _COUNTS[lang][count] if count < len(_COUNTS[lang]) else str(count)
        if key in names:
            return names[key].of(lang)
        raise BadInput(
            "study.toml", "unknown word in the text of the rating rule",
            ", ".join(f"{{{key}}}" for key in (*counts, *names)), found[0],
        )  # fmt: skip

    return re.sub(r"\{(\w*)\}", value, text)


def _rating(table: Mapping[str, Any], names: tuple[str, ...], theses: int) -> RatingRule:
    rule = table.get("rating")
    if not isinstance(rule, dict):
        raise BadInput("study.toml", "the study has no rating rule", "[rating]")
    for key in ("holds", "broken", "index", "benchmark"):
        if key not in rule:
            raise BadInput("study.toml", f"the rating rule lacks {key}", "[rating]")
    for key in ("holds", "broken"):
        if type(rule[key]) is not int or rule[key] < 1:
            raise BadInput("study.toml", f"{key} is a whole number", "1 or more", repr(rule[key]))
        if rule[key] > theses:
            raise BadInput(
                "study.toml", f"{key} is more than the study has theses", f"at most {theses}", str(rule[key])
            )
    grades = {key: _words(rule, key, names) for key in ("good", "neutral", "poor")}
    text = _words(rule, "text", names)
    counts = {"holds": rule["holds"], "broken": rule["broken"], "theses": theses}
    return RatingRule(
        grades["good"], grades["neutral"], grades["poor"], rule["holds"], rule["broken"],
        Words(*(_rule_in_words(text.of(lang), lang, counts, grades) for lang in LANGS)),
        str(rule["index"]), str(rule["benchmark"]),
    )  # fmt: skip
