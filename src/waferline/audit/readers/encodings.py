"""This module turns a text file's bytes into text: UTF-8, UTF-16 or GB 18030, and says so when it had to guess."""

from __future__ import annotations

import codecs
import re

from waferline.errors import BadInput

MAX_CHARACTERS = 60_000_000
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""")


def decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text and the remarks to make about it.

    Line ends stay as they are, so that offsets are those of the file's own text. Raises BadInput for bytes
    that are no text.

    >>> decoded("增长".encode("gb18030"), "a.txt")
    ('增长', ('read as GB 18030',))
    """
    text, note = _decode(data, name)
    notes = (note,) if note else ()
    if "\x00" in text:
        if text.count("\x00") * 10 > len(text):
            raise BadInput(name, "not a text file: it holds binary data")
        notes = (*notes, f"{text.count(chr(0))} NUL characters are read as blanks")
        text = text.replace("\x00", " ")
    if len(text) > MAX_CHARACTERS:
        raise BadInput(
            name, "too much text", expected=f"at most {MAX_CHARACTERS} characters", found=str(len(text))
        )
    return text, notes


def _decode(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(
                encoding, "replace"
            ), "" if encoding == "utf-8-sig" else f"read as {encoding.upper()}"
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        bad_at = error.start
    if guess := _utf16(data):
        return data.decode(guess, "replace"), f"read as {guess.upper()} (no byte order mark)"
    declared = _DECLARED.search(data[:2048])
    if declared:
        encoding = declared[1].decode("ascii")
        try:
            if codecs.lookup(encoding).name not in ("utf-8", "gb2312", "gbk"):
                return data.decode(encoding), f"read as {encoding}, as the file declares"
        except (LookupError, UnicodeError):
            pass
    try:
        text = data.decode("gb18030")
        if _is_plausible(text):
            return text, "read as GB 18030"
    except UnicodeDecodeError:
        pass
    if _is_binary(data):
        raise BadInput(name, "not a text file: it holds binary data")
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") * 50 < len(text):
        return (
            text,
            f"{text.count(chr(0xFFFD))} bytes are not UTF-8 (the first at byte {bad_at}) and are left out",
        )
    return data.decode("cp1252", "replace"), "read as Windows-1252"


def _utf16(data: bytes) -> str:
    sample = data[:4000]
    if len(sample) < 4 or (len(sample) % 2 and len(data) == len(sample)):
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _is_plausible(text: str) -> bool:
    """Whether most of what is not ASCII is common Chinese, as GB 18030 decodes almost anything."""
    other = [c for c in text[:20000] if ord(c) > 127]
    common = sum(
        "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in other
    )
    return common >= 0.85 * len(other)


def _is_binary(data: bytes) -> bool:
    sample = data[:4000]
    return sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in sample) > 0.05 * len(sample)
