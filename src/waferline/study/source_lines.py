"""This module words where figures come from: the line under an exhibit, its full list, and the list of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from unicodedata import east_asian_width

from waferline.evidence.model import Source
from waferline.evidence.snapshot import Snapshot
from waferline.quantity.quantity import Leaf
from waferline.study.report import Bullets, Exhibit, ExhibitRef, Lang, Run, SourceEntry, Text, Words

MAX_NAMED = 5
ROOM = 150  # half-width characters a line may take before the places of its quotations go to the list
_MADE = {
    "computed": Words("Waferline 测算", "Waferline estimate"),
    "drawn": Words("Waferline 绘制", "drawn by Waferline"),
}


def publisher(source: Source, lang: Lang) -> str:
    """Whose figure it is, and how it was read when second-hand."""
    name = source.publisher(lang)
    quoted_in = source.quoted_in(lang)
    if not quoted_in:
        return name
    return f"{name}（转引自 {quoted_in}）" if lang == "zh" else f"{name} (as quoted in {quoted_in})"


def source_line(leaves: Iterable[Leaf], known: Snapshot, made_by: str, also: Iterable[str] = ()) -> Words:
    """The source line: every publisher once, where its figures were read, and 回填 where rows became known only later.

    Where naming every place would fill lines, it says that the figures are second-hand and from how many places;
    `source_list` names them. `also`: the sources of what is shown but is no number.
    """
    leaves = tuple(leaves)
    used = _used(leaves, known, also)
    backfill = Words("", "")
    if any(leaf.backfilled for leaf in leaves):
        backfill = Words(
            "；含回填数据（报告日之后的版本）", "; includes backfilled values (an edition later than the day)"
        )
    made = _MADE.get(made_by)
    return Words(
        "资料来源：" + _joined(used, "zh", made) + backfill.zh,
        "Source: " + _joined(used, "en", made) + backfill.en,
    )


def source_list(leaves: Iterable[Leaf], known: Snapshot, also: Iterable[str] = ()) -> tuple[SourceEntry, ...]:
    """Every source behind an exhibit in full, in the order of its line, with the address it was read at."""
    return tuple(
        SourceEntry(
            Words(publisher(source, "zh"), publisher(source, "en")),
            source.locator if source.locator.startswith("http") else "",
        )
        for source in _used(leaves, known, also)
    )


def all_sources(
    leaves: Iterable[Leaf], exhibits: Mapping[str, Exhibit], known: Snapshot, lang: Lang
) -> Bullets:
    """The sources of a report, one entry a publisher: where its figures were read and which exhibits use them."""
    zh = lang == "zh"
    colon, comma = ("：", "、") if zh else (": ", ", ")
    shown = (identifier for exhibit in exhibits.values() for identifier in exhibit.sources)
    places = _places(_used(leaves, known, shown), lang)
    used_in: dict[str, list[Exhibit]] = {}
    for exhibit in exhibits.values():
        for name in dict.fromkeys(known.sources[id].publisher(lang) for id in exhibit.sources):
            used_in.setdefault(name, []).append(exhibit)
    entries: list[tuple[Run, ...]] = []
    for name in sorted(places):
        runs: list[Run] = [Text(name, strong=True)]
        quoted = [place for place in places[name] if place]
        if quoted:
            direct = ("直接读取；" if zh else "read directly; ") if "" in places[name] else ""
            said = "转引自 " if zh else "as quoted in "
            runs.append(Text(colon + direct + said + ("；" if zh else "; ").join(quoted)))
        if used_in.get(name):
            runs.append(Text("（" if zh else " ("))
            for number, exhibit in enumerate(used_in[name]):
                runs.extend((Text(comma),) if number else ())
                runs.append(ExhibitRef(exhibit.id, exhibit.label(lang)))
            runs.append(Text("）" if zh else ")"))
        entries.append(tuple(runs))
    return Bullets(tuple(entries))


def _used(leaves: Iterable[Leaf], known: Snapshot, also: Iterable[str]) -> list[Source]:
    return [
        known.sources[identifier] for identifier in dict.fromkeys((*(leaf.source for leaf in leaves), *also))
    ]


def _places(sources: Iterable[Source], lang: Lang) -> dict[str, list[str]]:
    """Publishers in order, each with the places it was read in; '' is the publisher itself."""
    found: dict[str, list[str]] = {}
    for source in sources:
        places = found.setdefault(source.publisher(lang), [])
        if source.quoted_in(lang) not in places:
            places.append(source.quoted_in(lang))
    return found


def _joined(sources: list[Source], lang: Lang, made: Words | None) -> str:
    zh = lang == "zh"
    comma = "，" if zh else "; "
    by_publisher = _places(sources, lang)
    names = list(by_publisher)
    rest = names[MAX_NAMED:]
    named = {name: by_publisher[name] for name in names[:MAX_NAMED]}
    more = [f"另 {len(rest)} 家" if zh else f"{len(rest)} more"] if rest else []
    listed = "见附录" if zh else "see the appendix"
    own = [made.of(lang)] if made else []
    text = comma.join(
        [*_named(named, lang), *([f"{more[0]}{comma if zh else ', '}{listed}"] if more else []), *own]
    )
    if _width(text) > ROOM:
        text = comma.join([*_counted(named, lang), *more, *own])
    return text or ("无" if zh else "none")


def _named(by_publisher: Mapping[str, list[str]], lang: Lang) -> list[str]:
    """Publishers with the places of their quotations, those of one place together."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for name, places in by_publisher.items():
        grouped.setdefault(tuple(filter(None, places)), []).append(name)
    texts = []
    for read_in, names in grouped.items():
        if not read_in:
            texts.extend(names)
        elif lang == "zh":
            more = f" 等 {len(read_in)} 处" if len(read_in) > 2 else ""
            texts.append(f"{'、'.join(names)}（转引自 {'、'.join(read_in[:2])}{more}）")
        else:
            more = f" and {len(read_in) - 2} more" if len(read_in) > 2 else ""
            texts.append(f"{', '.join(names)} (as quoted in {', '.join(read_in[:2])}{more})")
    return texts


def _counted(by_publisher: Mapping[str, list[str]], lang: Lang) -> list[str]:
    """Publishers read directly, then those quoted, with the number of places they were quoted in."""
    quoted = [name for name, places in by_publisher.items() if any(places)]
    count = len({place for name in quoted for place in by_publisher[name] if place})
    texts = [name for name in by_publisher if name not in quoted]
    if lang == "zh":
        return [*texts, f"{'、'.join(quoted)}（转引自 {count} 处，见附录）"]
    return [*texts, f"{', '.join(quoted)} (as quoted in {count} places, see the appendix)"]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
