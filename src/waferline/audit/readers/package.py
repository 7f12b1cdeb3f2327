"""This module opens an Office file (a zip of XML parts) with limits, so that no archive can unpack to a flood."""

from __future__ import annotations

import io
import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date
from types import TracebackType
from typing import Any

from lxml import etree

from waferline.errors import BadInput

MAX_ENTRIES = 20_000
MAX_PART = 150_000_000  # bytes unpacked, one part
MAX_TOTAL = 600_000_000
MAX_RATIO = 250  # a part larger than a megabyte that was packed tighter is a bomb
# What the archive library raises for damaged archives.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    KeyError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)
# The days that the templates of common writers carry; they say nothing about the document.
_TEMPLATE_DAYS = ("2013-12-23T23:15:00", "2013-01-27T09:14:16", "2006-09-16T00:00:00")


class Package:
    """An Office file's parts. Everything is checked by the archive's list before anything is unpacked."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except _DAMAGE as error:
            raise BadInput(name, "not a readable Office file (damaged or cut off)") from error
        if len(entries) > MAX_ENTRIES:
            raise BadInput(name, "too many parts", expected=f"at most {MAX_ENTRIES}", found=str(len(entries)))
        total = 0
        for entry in entries:
            total += entry.file_size
            tight = entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
            if entry.file_size > MAX_PART or total > MAX_TOTAL or tight:
                raise BadInput(
                    name,
                    "unpacks to too much",
                    expected=f"parts of at most {MAX_PART // 10**6} MB, packed at most {MAX_RATIO} to 1",
                    found=f"{entry.file_size // 10**6} MB from {entry.compress_size // 1000} kB",
                )
            if entry.flag_bits & 1:
                raise BadInput(name, "the file is encrypted", fix="save it without a password")
        self._names = {entry.filename for entry in entries}

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def kind(self) -> str:
        """The folder of the main part: word, xl, ppt, or empty."""
        for folder, part in (("word", "document.xml"), ("xl", "workbook.xml"), ("ppt", "presentation.xml")):
            if f"{folder}/{part}" in self._names:
                return folder
        main = self.related("").get("officeDocument")
        return main[0].split("/")[0] if main and main[0] in self._names else ""

    def has(self, part: str) -> bool:
        return part in self._names

    def names(self) -> list[str]:
        return sorted(self._names)

    def bytes_of(self, part: str) -> bytes:
        """A part's bytes. Raises BadInput if the archive lies about it."""
        try:
            with self._zip.open(part) as stream:
                data = stream.read(MAX_PART + 1)
        except _DAMAGE as error:
            raise BadInput(self.name, f"its part {part} is missing or damaged") from error
        if len(data) > MAX_PART:
            raise BadInput(self.name, f"its part {part} unpacks to too much")
        return data

    def xml(self, part: str) -> Any:
        """The root element of an XML part."""
        return parse_xml(self.bytes_of(part), f"{self.name}:{part}")

    def related(self, part: str) -> Mapping[str, list[str]]:
        """The parts that a part refers to, by the last word of the relation's type."""
        result: dict[str, list[str]] = {}
        for kind, target in self._relations(part).values():
            result.setdefault(kind, []).append(target)
        return result

    def targets(self, part: str) -> dict[str, str]:
        """The parts that a part refers to, by relation id."""
        return {key: target for key, (_, target) in self._relations(part).items()}

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        folder, base = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{base}.rels")
        if path not in self._names:
            return {}
        result = {}
        for item in self.xml(path):
            if not isinstance(item.tag, str) or item.get("TargetMode") == "External":
                continue
            target = item.get("Target", "")
            whole = (
                target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            result[item.get("Id", "")] = (item.get("Type", "").rsplit("/", 1)[-1], whole)
        return result

    def day(self) -> date | None:
        """The day of the last change that the file states, unless it is only its template's."""
        if not self.has("docProps/core.xml"):
            return None
        found: dict[str, str] = {}
        for item in self.xml("docProps/core.xml"):
            if isinstance(item.tag, str):
                found[local(item.tag)] = (item.text or "").strip()
        for key in ("created", "modified"):
            stamp = found.get(key, "")
            if stamp and not stamp.startswith(_TEMPLATE_DAYS):
                try:
                    return date.fromisoformat(stamp[:10])
                except ValueError:
                    continue
        return None


def parse_xml(data: bytes, where: str) -> Any:
    """The root element of XML bytes. Refuses document types (entities); the parser itself refuses what is
    nested deeper than 256 levels or holds text beyond 10 MB in one node."""
    if b"<!ENTITY" in data[:100_000]:
        raise BadInput(where, "the XML declares entities, which Office files do not")
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput(where, "damaged XML, or nested too deeply") from error
    if root.getroottree().docinfo.doctype:
        raise BadInput(where, "the XML declares a document type, which Office files do not")
    return root


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def local(tag: Any) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""
