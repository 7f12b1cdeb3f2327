"""Readers: a file of any kind the audit takes, into one document.

A reader says what stands where and judges nothing; what it cannot read it says in one line.
"""

from waferline.audit.readers.reading import read, read_bytes

__all__ = ["read", "read_bytes"]
