"""This module holds the exhibits of a document against its lists, its references and each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from waferline.audit.claims.scene import Scene
from waferline.audit.finding import Remark
from waferline.audit.remarks.remark import remark_at

_LABEL = r"(?P<label>图表|图|表格|表|附图|附表|Fig(?:ure|\.)?|Table|Exhibit|Chart)"
_NUMBER = r"(?P<number>\d{1,3}(?:[-.]\d{1,2})?)"
_STARTS = re.compile(
    rf"\s*[*_>#!\[]*\s*{_LABEL}\s?{_NUMBER}(?!\d)(?:\s?[：:.、|*]|\s|(?=[\u4e00-\u9fffA-Za-z]))\s*",
    re.IGNORECASE,
)
_ANOTHER = re.compile(rf"\s{{2,}}(?={_LABEL}\s?{_NUMBER}(?!\d)[：:.、\s])")
_PAGE = re.compile(r"(?P<leader>[\s.…]+)\d{1,3}\s*$")
_SPACED_PAGE = re.compile(r"(?<=\S)\s\d{1,3}\s*$")
_LONGEST = 300  # characters of a caption or an entry of a list
_LIST_HEAD = re.compile(
    r"\s*(?:#+\s*)?(?:图表?|表格?|插图|附?图|图和表|图表)\s?(?:目\s?录|清单|索引)\s*$"
    r"|\s*(?:#+\s*)?(?:list of |index of )(?:figures?|tables?|exhibits?|charts?)(?:\sand\s(?:figures?|tables?))?\s*$",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"(?:所?示|显示|为(?!何|什么)|中(?=可|，|的)|可见|可以|表明|给出|反映|是|和图|与图|shows?|presents?|illustrates?|gives|is|are|and)(?![a-z])"
)
_REFERENCE = re.compile(
    r"(?:如|见|参见|详见|参考|由|从|据)(?:下|上)?(?P<zh>图表|图|表)\s?(?P<zn>\d{1,3})(?![\d.-])(?!\s?[-–~至到、和及与])"
    r"|(?P<zh2>图表|图|表)\s?(?P<zn2>\d{1,3})\s?(?:所示|显示|可见)"
    r"|(?:[Ss]ee|[Ii]n|[Ff]rom|shown in|[Pp]er)\s(?P<en>Figure|Fig\.|Table|Exhibit|Chart)\s(?P<en_n>\d{1,3})(?![\d.-])"
    r"|(?P<en2>Figure|Fig\.|Table|Exhibit|Chart)\s(?P<en_n2>\d{1,3})\s(?:shows|presents|illustrates|below|above)"
)
_ELSEWHERE = re.compile(
    r"\s*(?:(?:of|in|from)\s(?:the\s|our\s|their\s|Ref|\[|[A-Z])|（?《|of\s)|.{0,6}(?:招股书|年报|论文|附件|附录|原文|报告中)"
)
_BEFORE_ELSEWHERE = re.compile(r"(?:》|招股书|年报|论文|附件|附录|原文|报告)[^，。]{0,6}$|\[\d+\][^.]{0,12}$")
_SOURCE = re.compile(r"(?:资料|数据)?来源\s?[：:]|(?<![A-Za-z])Sources?\s?[:：]", re.IGNORECASE)
_KINDS = {"fig": "Figure", "fig.": "Figure", "表格": "表", "附图": "图", "附表": "表"}
_SMALL = re.compile(r"[\s\W_]+")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A caption or an entry of a list of exhibits: its label, number and title at [start, end)."""

    label: str
    number: str
    title: str
    start: int
    end: int
    block: int = -1

    @property
    def key(self) -> tuple[str, str]:
        return self.label, self.number

    @property
    def bare(self) -> str:
        """The title as it is compared: without case, spaces and punctuation."""
        return _SMALL.sub("", self.title).lower()

    @property
    def whole(self) -> int | None:
        return int(self.number) if self.number.isdigit() else None


@dataclass(slots=True)
class _Found:
    captions: list[Exhibit] = field(default_factory=list)
    listed: list[Exhibit] = field(default_factory=list)
    starts: set[tuple[str, str]] = field(default_factory=set)  # every line that begins with label and number


def exhibit_remarks(scene: Scene) -> Iterator[Remark]:
    """Remarks on captions, lists of exhibits, references, sources and units.

    `caption_differs`, `caption_duplicate`, `caption_gap`, `figure_missing`, `exhibit_without_source`,
    `exhibit_without_unit`: each says nothing where too little of the document's own habit can be seen.
    """
    found = _exhibits(scene)
    if not found.captions:
        return
    yield from _differing(scene, found)
    yield from _numbering(scene, found)
    yield from _missing(scene, found)
    own = [caption for caption in found.captions if not _foreign(found, caption.label)]
    yield from _unsourced(scene, own)
    yield from _unitless(scene, own)


def _exhibits(scene: Scene) -> _Found:
    found = _Found()
    in_list = pages = False
    listed: set[tuple[str, str]] = set()
    for index, block in enumerate(scene.document.blocks):
        at = block.start
        for piece in scene.text[block.start : block.end].split("\n"):
            start, at = at, at + len(piece) + 1
            if len(piece) > _LONGEST:
                in_list = False
                continue
            if _LIST_HEAD.fullmatch(piece):
                in_list = True
                continue
            match = _STARTS.match(piece)
            if not match:
                in_list = in_list and not piece.strip()
                continue
            exhibit = _exhibit(piece, match, start, index)
            loose = _SPACED_PAGE.search(piece) if in_list and exhibit.key not in listed else None
            if loose:  # under its own heading a list needs no dots before the page
                piece = piece[: loose.start()]
                exhibit = _exhibit(piece, match, start, index)
            if _TELLS.match(exhibit.title):
                in_list = False
                continue
            found.starts.add(exhibit.key)
            wrapped = _wrapped(scene.text, at) if in_list or block.kind == "contents" else ""
            paged = bool(loose or wrapped) or _title_end(piece) < len(piece.rstrip())
            # A list ends where its numbers come again, or where page numbers stop.
            in_list = in_list and exhibit.key not in listed and (paged or not pages)
            if paged or in_list or block.kind == "contents":
                found.listed.append(replace(exhibit, title=exhibit.title + wrapped) if wrapped else exhibit)
                in_list = in_list or paged
                listed.add(exhibit.key)
                pages = pages or paged
            elif block.kind == "caption" and exhibit.title:
                found.captions.append(exhibit)
                found.captions.extend(_beside(piece, start, index))
    last = max((entry.block for entry in found.listed), default=-1)
    later = {c.key: c for c in found.captions if c.block > last + 1}
    # An entry whose dots were lost looks like a caption: the real one comes again after the list.
    found.captions = [
        c
        for c in found.captions
        if c.block > last + 1 or c.key not in later or not c.bare.startswith(later[c.key].bare)
    ]
    return found


def _exhibit(piece: str, match: re.Match[str], start: int, block: int) -> Exhibit:
    body = piece[: _title_end(piece)]
    another = _ANOTHER.search(body, match.end())
    stop = another.start() if another else len(body)
    label = _label(match["label"])
    title = body[match.end() : stop].strip()
    return Exhibit(
        label, match["number"], title, start + match.start(), start + max(stop, match.end()), block
    )


def _label(word: str) -> str:
    """One name a kind of exhibit: FIG. and Figure, 表格 and 表."""
    return _KINDS.get(word.lower(), word.capitalize())


def _wrapped(text: str, at: int) -> str:
    """The rest of an entry's title on the line that starts at `at`: no label of its own, but a page number."""
    at = next((i for i in range(at, min(at + 3, len(text))) if text[i] != "\n"), at)
    stop = text.find("\n", at)
    rest = text[at : min(stop if stop >= 0 else len(text), at + _LONGEST)]
    end = _title_end(rest)
    return rest[:end].strip() if end < len(rest.rstrip()) and not _STARTS.match(rest) else ""


def _title_end(piece: str) -> int:
    """Where a line's title ends: before the dots or the tab that lead to a page number, if they do."""
    page = _PAGE.search(piece)
    if page and re.search(r"\.\s?\.|…|\t", page["leader"]):
        return page.start()
    return len(piece.rstrip())


def _beside(piece: str, start: int, block: int) -> Iterator[Exhibit]:
    """The captions that stand beside the first on its line: 图46 …    图47 …"""
    for another in _ANOTHER.finditer(piece):
        match = _STARTS.match(piece, another.end())
        if match:
            yield _exhibit(piece, match, start, block)


def _differing(scene: Scene, found: _Found) -> Iterator[Remark]:
    """`caption_differs`: a caption's words are not those of the list of figures or tables.

    Believed where four of five titles, and at least two, agree: else the two were paired wrongly. A title
    that is the other's beginning was cut by a line's end.
    """
    captions: dict[tuple[str, str], list[Exhibit]] = {}
    for caption in found.captions:
        captions.setdefault(caption.key, []).append(caption)
    pairs = [
        (captions[entry.key][0], entry)
        for entry in found.listed
        if entry.title and len(captions.get(entry.key, ())) == 1
    ]
    differing = [
        (caption, entry)
        for caption, entry in pairs
        if not (caption.bare.startswith(entry.bare) or entry.bare.startswith(caption.bare))
    ]
    agreeing = len(pairs) - len(differing)
    if agreeing < 2 or agreeing < 4 * len(differing):
        return
    for caption, entry in differing:
        label = _name(caption)
        yield remark_at(
            scene,
            "caption_differs",
            caption.start,
            caption.end,
            f"目录中的{label[0]}为“{entry.title}”，正文为“{caption.title}”",
            f"the list calls {label[1]} “{entry.title}”, the caption “{caption.title}”",
        )


def _name(exhibit: Exhibit) -> tuple[str, str]:
    """图3 / figure 3 in Chinese and English, as the document labels it."""
    if exhibit.label.isascii():
        return f"{exhibit.label} {exhibit.number}", f"{exhibit.label} {exhibit.number}"
    return f"{exhibit.label}{exhibit.number}", f"{exhibit.label} {exhibit.number}"


def _numbering(scene: Scene, found: _Found) -> Iterator[Remark]:
    """`caption_duplicate`: one number on two exhibits; `caption_gap`: a number skipped.

    Only where the numbers run upwards once: numbers that begin anew in each chapter repeat by right, and
    figures and tables may share one count.
    """
    if any(c.whole is None for c in found.captions):
        return
    for label in {c.label for c in found.captions}:
        own = [c for c in found.captions if c.label == label]
        others = {c.whole for c in found.captions if c.label != label}
        numbers = [c.whole or 0 for c in own]
        falls = sum(b < a for a, b in pairwise(numbers))
        if len(own) < 4 or falls > 1 or numbers[0] > 2 or _foreign(found, label):
            continue
        first: dict[str, Exhibit] = {}
        doubled = [
            (one, other)
            for other in own
            if (one := first.setdefault(other.number, other)) is not other and not _same_title(one, other)
        ]
        if len(doubled) <= 1 + len(own) // 20 and not falls:
            for one, other in doubled:
                zh, en = _name(other)
                yield remark_at(
                    scene, "caption_duplicate", other.start, other.end,
                    f"{zh}出现两次：“{one.title}”与“{other.title}”",
                    f"{en} stands twice: “{one.title}” and “{other.title}”",
                )  # fmt: skip
        missing = [n for n in range(1, max(numbers)) if n not in numbers]
        if not missing or len(missing) > 1 + len(own) // 10 or others & set(missing) or falls:
            continue
        for n in missing:
            if (label, str(n)) in found.starts:
                continue  # a list or an unread caption has it
            after = next(c for c in own if (c.whole or 0) > n)
            zh, en = _name(after)
            yield remark_at(
                scene, "caption_gap", after.start, after.end,
                f"编号跳过了{label}{n}：{zh}之前没有它",
                f"{label} {n} is skipped: nothing before {en} has that number",
            )  # fmt: skip


def _foreign(found: _Found, label: str) -> bool:
    """Labels of copied pages: an English figure inside a document that counts its own in Chinese."""
    return label.isascii() and any(not c.label.isascii() for c in found.captions)


def _same_title(one: Exhibit, other: Exhibit) -> bool:
    continued = re.compile(r"续|continued|cont", re.IGNORECASE)
    return (
        one.bare.startswith(other.bare)
        or other.bare.startswith(one.bare)
        or bool(continued.search(other.title))
    )


def _missing(scene: Scene, found: _Found) -> Iterator[Remark]:
    """`figure_missing`: the text refers to an exhibit, or the list names one, that nothing carries."""
    captions = {c.key for c in found.captions}
    numbers = {n for _, n in captions}
    said: set[tuple[str, str]] = set()
    for line in scene.lines:
        if scene.document.blocks[line.block].kind in ("caption", "source"):
            continue
        start, end = line.sentence.start, line.sentence.end
        for match in _REFERENCE.finditer(scene.text, start, end):
            label = match["zh"] or match["zh2"] or match["en"] or match["en2"]
            label = _label(label)
            number = match["zn"] or match["zn2"] or match["en_n"] or match["en_n2"]
            key = (label, number)
            if key in captions or key in found.starts or key in said:
                continue
            if not any(c.label == label for c in found.captions) or _foreign(found, label):
                continue
            if (
                label in ("图表", "图", "表")
                and number in numbers
                and {c.label for c in found.captions} & {"图表"}
            ):
                continue  # 图表3 may be called 图3
            if _ELSEWHERE.match(scene.text, match.end(), end) or _BEFORE_ELSEWHERE.search(
                scene.text[max(start, match.start() - 20) : match.start()]
            ):
                continue
            said.add(key)
            yield remark_at(
                scene, "figure_missing", match.start(), match.end(),
                f"提到{label}{number}，但全文没有这一编号的图表",
                f"{label} {number} is referred to, but no exhibit carries that number",
            )  # fmt: skip
    yield from _listed_only(scene, found, captions)


def _listed_only(scene: Scene, found: _Found, captions: set[tuple[str, str]]) -> Iterator[Remark]:
    """What the list names and no caption carries, where all but a few of the list were found."""
    listed = list({e.key: e for e in found.listed}.values())
    absent = [e for e in listed if e.key not in captions]
    if len(listed) < 5 or len(absent) * 20 > len(listed):
        return
    for entry in absent:
        zh, en = _name(entry)
        yield remark_at(
            scene, "figure_missing", entry.start, entry.end,
            f"目录列有{zh}，正文没有",
            f"the list names {en}, the text has no such exhibit",
        )  # fmt: skip


def _unsourced(scene: Scene, captions: Sequence[Exhibit]) -> Iterator[Remark]:
    """`exhibit_without_source`: no source line before the next exhibit, though nine of ten have theirs.

    Exhibits side by side, or read out of order from a page, print one's source among the other's lines: two
    sources of a neighbour excuse an exhibit.
    """
    counts = [
        len(_SOURCE.findall(scene.text[one.start : other.start if other else len(scene.text)]))
        for one, other in zip(captions, [*captions[1:], None], strict=True)
    ]
    bare = [
        caption
        for i, (caption, count) in enumerate(zip(captions, counts, strict=True))
        if not count and max(counts[max(0, i - 1) : i + 2]) < 2 and not _goes_on(scene, captions, i)
    ]
    if len(captions) < 5 or len(bare) * 10 > len(captions):
        return
    for caption in bare:
        zh, en = _name(caption)
        yield remark_at(
            scene, "exhibit_without_source", caption.start, caption.end,
            f"{zh}没有资料来源，而全文{len(captions)}个图表中有{len(captions) - len(bare)}个注明了来源",
            f"{en} names no source, though {len(captions) - len(bare)} of {len(captions)} exhibits do",
        )  # fmt: skip


def _goes_on(scene: Scene, captions: Sequence[Exhibit], i: int) -> bool:
    """True if an exhibit may go on over a page's end, past captions that stand there."""
    page = scene.document.blocks[captions[i].block].page
    return page is not None and (
        i + 1 == len(captions) or scene.document.blocks[captions[i + 1].block].page != page
    )


# A title that promises an amount needs a unit; scores, ranks and lists do not.
_AMOUNT = re.compile(
    r"销售额|营收|收入|产量|产值|销量|出货|产能|价格|均价|市场规模|金额|市值|利润|成本|资本开支|出口额|进口额|零售额|零售量|"
    r"(?<![A-Za-z])(?:revenues?|sales|shipments?|production|output|capacity|prices?|costs?|capex|spending|profits?|income|exports|imports|market size)(?![A-Za-z])",
    re.IGNORECASE,
)
_NO_AMOUNT = re.compile(
    r"指数|排名|评分|得分|占比|份额|增速|同比|变化|比率|倍数|index|rank|score|share|growth|change|ratio|multiple",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"[元%‰$€£¥亿万千百兆]|美金|美分|日圆|韩元|克朗|[台部副辆片颗吨块件套个只支张家人户座头枚桶升克米]|Wh|瓦|"
    r"(?<![A-Za-z])(?:USD|RMB|CNY|EUR|JPY|KRW|TWD|NTD|NT|HKD|GBP|dollars?|yuan|euros?|yen|won|mn|bn|tn|[mbtk]n?|k|millions?|billions?|trillions?|thousands?|000s?|"
    r"units?|pieces|pcs|sets|wafers?|wpm|kwpm|wspm|tons?|tonnes?|barrels|vehicles|percent|per cent|hours|days|mm|nm|GW|MW|kWh?|TWh?|GWh)(?![A-Za-z])",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"-?\d{1,3}(?:,\d{3})*(?:\.\d+)?|-?\d+(?:\.\d+)?")


def _unitless(scene: Scene, captions: Sequence[Exhibit]) -> Iterator[Remark]:
    """`exhibit_without_unit`: an amount is promised, numbers are printed, and from caption to source nothing
    names a unit."""
    blocks = scene.document.blocks
    for caption, after in zip(captions, [*captions[1:], None], strict=True):
        if not _AMOUNT.search(caption.title) or _NO_AMOUNT.search(caption.title):
            continue
        near = blocks[caption.block + 1 : caption.block + 3]
        table = next((b for b in near if b.kind in ("table", "chart") and b.cells), None)
        if table is None or (after and table.start > after.start):
            continue
        cells = [scene.text[c.start : c.end].strip() for c in table.cells]
        numbers = [c for c in cells if _PLAIN.fullmatch(c) and not re.fullmatch(r"(?:19|20)\d\d", c)]
        before = blocks[caption.block - 1] if caption.block > 0 else None
        around = scene.text[before.start if before and before.kind != "table" else caption.start : table.end]
        tail = [b for b in blocks[caption.block + 2 : caption.block + 6] if b.kind in ("source", "footnote")]
        notes = "".join(scene.text[b.start : b.end] for b in tail if b.start >= table.end)
        if len(numbers) < 4 or _NAMED.search(around) or re.search(r"单位|in\s[a-z]+s\b", notes):
            continue
        zh, en = _name(caption)
        yield remark_at(
            scene, "exhibit_without_unit", caption.start, caption.end,
            f"{zh}列有{len(numbers)}个数值，但标题、表头和附注都没有单位",
            f"{en} prints {len(numbers)} numbers, but neither caption, heads nor notes name a unit",
        )  # fmt: skip
