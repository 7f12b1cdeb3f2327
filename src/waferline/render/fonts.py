"""This module knows the one font of every output: which characters it has, how wide they are, and its subsets.

Noto Sans SC stands in `assets/fonts/` as two TrueType files; nothing is ever taken from the machine.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from waferline.errors import BadInput
from waferline.render.cache import cached

FAMILY = "Noto Sans SC"
Weight = Literal["Regular", "Bold"]
WEIGHTS: tuple[Weight, ...] = ("Regular", "Bold")
# Characters that are never drawn: line ends, and the marks that steer them.
_INVISIBLE = frozenset("\n\r\t\u200b\u2060\ufeff")
_WOFF2_TAGS = (
    "cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF VORG EBDT EBLC gasp hdmx kern LTSH "
    "PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB"
)


def folder() -> Path:
    """Where the font files lie."""
    return Path(str(files("waferline.render") / "assets" / "fonts"))


def missing(text: str) -> set[str]:
    """Characters of a text that the font cannot draw.

    >>> missing("2024年 → √ ①–⑤ Ⅱ Ⅲ 岹")
    set()
    """
    known = _advances("Regular")
    return {sign for sign in set(text) if sign not in known and sign not in _INVISIBLE}


def require(texts: Iterable[tuple[str, str]]) -> None:
    """Refuses the first text with a character that has no glyph; `texts` are pairs of place and text."""
    for where, text in texts:
        lost = missing(text)
        if lost:
            raise BadInput(
                where=where,
                what="the report font has no glyph for a character",
                expected="characters of Noto Sans SC as packed (GB2312, frequent Traditional, Latin, Greek)",
                found=", ".join(f"“{sign}” (U+{ord(sign):04X})" for sign in sorted(lost)),
                fix="write it another way, or add it to tools/build_fonts.py and rebuild the fonts",
            )


def width(text: str, size: float, weight: Weight = "Regular") -> float:
    """Advance width of one line, in the unit of `size`; unknown characters count as one em.

    >>> width("年", 10)
    10.0
    """
    known = _advances(weight)
    return sum(known.get(sign, 1000) for sign in text) * size / 1000


def subset_woff2(characters: Iterable[str], weight: Weight, *, cache: Path | None = None) -> bytes:
    """A WOFF2 file with only these characters; the same set gives the same bytes."""
    wanted = "".join(sorted(set(characters)))
    key = hashlib.sha256(f"{weight}\0{wanted}\0{_file_digest(weight)}\0v2".encode()).hexdigest()
    return cached(cache, f"font-{key}.woff2", lambda: _woff2(_subset(wanted, weight)))


@lru_cache(maxsize=2)
def _file_digest(weight: Weight) -> str:
    return hashlib.sha256((folder() / f"NotoSansSC-{weight}.ttf").read_bytes()).hexdigest()


@lru_cache(maxsize=2)
def _advances(weight: Weight) -> Mapping[str, int]:
    """Advance in thousandths of an em by character, read straight from `cmap` and `hmtx`."""
    data = (folder() / f"NotoSansSC-{weight}.ttf").read_bytes()
    (count,) = struct.unpack(">H", data[4:6])
    entries = [struct.unpack(">4sLLL", data[at : at + 16]) for at in range(12, 12 + 16 * count, 16)]
    tables = {tag: data[offset : offset + length] for tag, _, offset, length in entries}
    (count,) = struct.unpack(">H", tables[b"hhea"][34:36])
    values = struct.unpack(f">{count * 2}H", tables[b"hmtx"][: count * 4])[::2]
    return {chr(code): values[min(glyph, count - 1)] for code, glyph in _glyphs(tables[b"cmap"])}


def _glyphs(cmap: bytes) -> Iterator[tuple[int, int]]:
    """Characters and their glyphs, from the first table of `cmap`, which in our files has format 4 (OpenType, cmap).

    fontTools gives the same, but names each glyph first, which takes ten times as long.
    """
    (offset,) = struct.unpack(">L", cmap[8:12])
    table = cmap[offset:]
    form, _, _, double = struct.unpack(">4H", table[:8])
    if form != 4:
        raise ValueError(f"the font's first cmap table has format {form}, not 4")
    ends, starts, deltas, ranges = (
        struct.unpack(f">{double // 2}H", table[at : at + double])
        for at in (14, 16 + double, 16 + 2 * double, 16 + 3 * double)
    )
    for number, (start, end, delta, away) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        # `away` counts bytes from its own place, the fourth list's, to the glyph of the first character.
        first = 16 + 3 * double + 2 * number + away
        for code in range(start, end + 1):
            glyph = code
            if away:
                (glyph,) = struct.unpack_from(">H", table, first + 2 * (code - start))
            if (away and not glyph) or code == 0xFFFF:
                continue
            yield code, (glyph + delta) & 0xFFFF


def _subset(wanted: str, weight: Weight) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        hinting=False, notdef_outline=True, glyph_names=False, layout_features=["kern", "pwid"]
    )
    path = folder() / f"NotoSansSC-{weight}.ttf"
    # Boxes stay as they are: computing them again takes ten times as long as the subset itself.
    with TTFont(path, lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=wanted)
        subsetter.subset(font)
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()


def _woff2(ttf: bytes) -> bytes:
    """Wraps a TrueType file as WOFF2 without the glyph transform (W3C WOFF 2.0, §4–5).

    fontTools always compresses at brotli's slowest level, which takes a second a file for a tenth of its size.
    """
    import brotli

    count = struct.unpack(">H", ttf[4:6])[0]
    directory, tables = b"", []
    known = [_WOFF2_TAGS[at : at + 4] for at in _tag_starts()]
    for entry in range(count):
        tag, _, offset, length = struct.unpack(">4sLLL", ttf[12 + 16 * entry : 28 + 16 * entry])
        name = tag.decode("ascii")
        transform = 0xC0 if name in ("glyf", "loca") else 0
        if name in known:
            directory += bytes((transform | known.index(name),))
        else:
            directory += bytes((transform | 0x3F,)) + tag
        directory += _base128(length)
        tables.append(ttf[offset : offset + length])
    packed: bytes = brotli.compress(b"".join(tables), mode=brotli.MODE_FONT, quality=9)
    total = 48 + len(directory) + len(packed)
    padding = -total % 4
    header = struct.pack(
        ">4s4sLHHLLHHLLLLL",
        *(b"wOF2", ttf[:4], total + padding, count, 0, len(ttf), len(packed), 1, 0, 0, 0, 0, 0, 0),
    )
    return b"".join((header, directory, packed, bytes(padding)))


def _tag_starts() -> range:
    return range(0, len(_WOFF2_TAGS), 5)


def _base128(number: int) -> bytes:
    out = bytes((number & 0x7F,))
    while number := number >> 7:
        out = bytes((number & 0x7F | 0x80,)) + out
    return out
