"""This module audits documents in a process of its own, which starts while the report is being filled.

The audit of a report takes half a second of plain Python and loads a few hundred patterns first. In a thread it would
hold up the drawing and typesetting beside it by as much.
"""

from __future__ import annotations

import atexit
import os
import pickle
import struct
import subprocess
import sys
from typing import IO, Any

from waferline.audit.document import Document
from waferline.audit.finding import Audit

_LENGTH = struct.Struct("<Q")


class Auditor:
    """The auditing process. It ends with this one, however that ends: its questions come through a pipe."""

    def __init__(self) -> None:
        # A session of its own: Ctrl-C is this process's to answer.
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from waferline.build.auditor import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)},
        )
        assert self._process.stdin is not None and self._process.stdout is not None  # both are pipes
        self._asked, self._answered = self._process.stdin, self._process.stdout
        atexit.register(self.close)

    def audit(self, document: Document) -> Audit:
        """The audit of a document. ChildProcessError when the process is gone; an error of the audit is raised."""
        try:
            _send(self._asked, document)
            value, fault = _receive(self._answered)
        except (BrokenPipeError, EOFError):
            raise ChildProcessError(
                f"the auditing process ended with status {self._process.wait()}"
            ) from None
        if fault is not None:
            raise fault
        assert isinstance(value, Audit)
        return value

    def close(self) -> None:
        """Ends the process."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()
        atexit.unregister(self.close)


def serve() -> None:
    """The other process: answers each document with (its audit, None) or (None, the error)."""
    from waferline.audit.engine import audit_document

    asked, answered = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what is printed must not stand between the answers
    try:
        while True:
            document = _receive(asked)
            try:
                answer: tuple[Audit | None, Exception | None] = audit_document(document), None
            except Exception as error:
                answer = None, error
            _send(answered, answer)
    except EOFError:
        return


def _send(stream: IO[bytes], value: object) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)
