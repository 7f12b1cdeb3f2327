"""This module asks a user's program for links: one JSON document in, one JSON object a line out, within bounds."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from waferline.errors import BadInput

MOST_BYTES = 4_000_000
_TAIL = 2000  # bytes kept of what it complains of
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Program:
    """A command and its arguments, run without a shell, once a document.

    Called with the request it gives the decoded lines of its answer; a line that is no JSON is given as it is.
    Raises BadInput if it cannot be started, takes more than `seconds`, writes more than 4 MB or ends with
    another status than 0; what it wrote until then counts for nothing.
    """

    command: tuple[str, ...]
    seconds: float = 60

    @classmethod
    def named(cls, line: str, seconds: float = 60) -> Program:
        """The program of a command line. Raises BadInput if its quotes do not close or it is not found."""
        try:
            command = tuple(shlex.split(line))
        except ValueError as error:
            raise BadInput("--propose", "cannot be read as a command", "quotes that close", line) from error
        if not command or shutil.which(command[0]) is None:
            raise BadInput("--propose", "no such program", "a program that can be run", line)
        return cls(command, seconds)

    def __call__(self, request: Mapping[str, Any]) -> Iterator[object]:
        answer = self._answer(json.dumps(request).encode("ascii"))
        for line in answer.decode("utf-8", "replace").split("\n"):
            if line.strip():
                yield _decoded(line)

    def _answer(self, question: bytes) -> bytes:
        try:
            process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
            )
        except OSError as error:
            raise BadInput(self._name, f"cannot be started ({error.strerror})") from error
        try:
            _free_of_limits(process.pid)
            return self._exchange(process, question)
        finally:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()

    def _exchange(self, process: subprocess.Popen[bytes], question: bytes) -> bytes:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        deadline = time.monotonic() + self.seconds
        late = BadInput(self._name, f"took more than {self.seconds:g} seconds")
        answer, complaint, rest = bytearray(), bytearray(), memoryview(question)
        with selectors.DefaultSelector() as ready:
            for stream, event in (
                (process.stdin, selectors.EVENT_WRITE),
                (process.stdout, selectors.EVENT_READ),
                (process.stderr, selectors.EVENT_READ),
            ):
                os.set_blocking(stream.fileno(), False)
                ready.register(stream, event)
            while process.stdout in {key.fileobj for key in ready.get_map().values()}:
                left = deadline - time.monotonic()
                events = ready.select(left) if left > 0 else []
                if not events:
                    raise late
                for key, _ in events:
                    if key.fileobj is process.stdin:
                        rest = _written(process.stdin, rest)
                        if not rest:
                            ready.unregister(process.stdin)
                            process.stdin.close()
                        continue
                    piece = os.read(key.fd, _PIECE)
                    if not piece:
                        ready.unregister(key.fileobj)
                    elif key.fileobj is process.stdout:
                        answer += piece
                        if len(answer) > MOST_BYTES:
                            raise BadInput(self._name, f"wrote more than {MOST_BYTES // 10**6} MB")
                    else:
                        complaint = (complaint + piece)[-_TAIL:]
        try:
            status = process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise late from None
        if status:
            lines = complaint.decode("utf-8", "replace").split("\n")
            last = next((line.strip() for line in reversed(lines) if line.strip()), "")
            raise BadInput(self._name, f"ended with status {status}", found=last[:200])
        return bytes(answer)

    @property
    def _name(self) -> str:
        return shlex.join(self.command)[:200]


def _written(stream: Any, rest: memoryview) -> memoryview:
    """What is left to write; nothing if the program will not read it."""
    try:
        return rest[os.write(stream.fileno(), rest[:_PIECE]) :]
    except BlockingIOError:
        return rest
    except OSError:
        return memoryview(b"")


def _decoded(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line


def _free_of_limits(pid: int) -> None:
    """Lift from the program what bounds the reading of files: a model may well need more memory."""
    try:
        import resource

        for limit in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
            _, hard = resource.getrlimit(limit)
            resource.prlimit(pid, limit, (hard, hard))
    except (ImportError, AttributeError, OSError, ValueError):
        pass  # not Linux, where no such limits are set, or it has ended
