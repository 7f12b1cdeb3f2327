"""This module finds the reader for a file, by its bytes first and its name second."""

from __future__ import annotations

import stat
from pathlib import Path, PurePath

from waferline.audit.document import Document
from waferline.errors import BadInput

MAX_BYTES = 300_000_000
_TEXT = {".txt", ".md", ".markdown", ".text", ".csv", ".tsv", ""}


def read(path: Path) -> Document:
    """The document in a file. Raises BadInput, one line, for what cannot be read.

    Devices, pipes and folders are refused; a link is followed to a regular file.
    """
    name = str(path)
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise BadInput(
            name, "cannot be opened", found=getattr(error, "strerror", None) or "no such file"
        ) from error
    if not stat.S_ISREG(found.st_mode):
        raise BadInput(name, "not a regular file")
    if found.st_size > MAX_BYTES:
        raise BadInput(
            name,
            "too large",
            expected=f"at most {MAX_BYTES // 10**6} MB",
            found=f"{found.st_size // 10**6} MB",
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(name, "cannot be read", found=error.strerror) from error
    return read_bytes(data, name)


def read_bytes(data: bytes, name: str) -> Document:
    """The document in a file's bytes; `name` is shown in messages, and its suffix decides between text formats.

    >>> read_bytes("全球销售额6276亿美元".encode(), "a.txt").text
    '全球销售额6276亿美元'
    """
    suffix = PurePath(name).suffix.lower()
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if head.startswith(b"%PDF") or (b"%PDF-" in data[:1024] and suffix == ".pdf"):
        from waferline.audit.readers.pdf import read_pdf

        return read_pdf(data, name)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _read_package(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadInput(
            name,
            "an encrypted or old Office file",
            expected="docx, xlsx or pptx without a password",
            fix="save it anew",
        )
    if suffix in (".pdf", ".docx", ".xlsx", ".pptx", ".xlsm", ".docm", ".pptm"):
        raise BadInput(name, f"not a {suffix[1:]} file: its content is something else or cut off")
    from waferline.audit.readers.encodings import decoded

    text, notes = decoded(data, name)
    if suffix in (".html", ".htm", ".xhtml") or (suffix not in _TEXT and _looks_like_html(head)):
        from waferline.audit.readers.html import read_html

        return read_html(text, name, notes)
    from dataclasses import replace

    from waferline.audit.readers.delimited import read_delimited
    from waferline.audit.readers.plain import read_text

    if suffix in (".csv", ".tsv"):
        return read_delimited(text, name, notes)
    document = read_text(text, name)
    return replace(document, notes=(*document.notes, *notes)) if notes else document


def _looks_like_html(head: bytes) -> bool:
    return head[:200].lower().startswith((b"<!doctype html", b"<html", b"<?xml")) or b"<body" in head.lower()


def _read_package(data: bytes, name: str) -> Document:
    from waferline.audit.readers.package import Package

    with Package(data, name) as package:
        kind = package.kind()
        if kind == "word":
            from waferline.audit.readers.docx import read_docx

            return read_docx(package)
        if kind == "xl":
            from waferline.audit.readers.xlsx import read_xlsx

            return read_xlsx(package)
        if kind == "ppt":
            from waferline.audit.readers.pptx import read_pptx

            return read_pptx(package)
    raise BadInput(name, "a zip archive", expected="pdf, docx, pptx, xlsx, html, md, txt or csv")
