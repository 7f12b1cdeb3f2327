"""This module runs a function over many files in worker processes with limits, so that no file can hurt another.

A worker takes one item at a time and lives through many; it is replaced when it dies, when it exceeds its time or
memory, and after a fixed number of items. The parent only sends and receives, so its memory stays flat.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import signal
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any, TypeVar

from waferline.audit.document import Document
from waferline.errors import BadInput

Item = TypeVar("Item")
Result = TypeVar("Result")

ITEMS_PER_WORKER = 2000
_AHEAD = 4  # items that may wait, finished, for an earlier one, by worker
_LENGTH = struct.Struct("<Q")
_START_SECONDS = 60  # for a worker to import what it needs
_READY = "ready"


def read_in_worker(path: Path, *, seconds: float = 60, memory_mb: int = 2000) -> Document:
    """The document in a file, read in a process of its own. Raises BadInput also for time and memory."""
    from waferline.audit.readers.reading import read

    for _, result in bounded_map(read, [path], jobs=1, seconds=seconds, memory_mb=memory_mb):
        if isinstance(result, BadInput):
            raise result
        return result
    raise BadInput(str(path), "was not read")


def bounded_map(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    jobs: int = 1,
    seconds: float = 60,
    memory_mb: int = 2000,
    name: Callable[[Item], str] = str,
) -> Generator[tuple[Item, Result | BadInput]]:
    """Each item with the function's result, or with the BadInput that says why there is none; in input order.

    `function` must be importable by name (a function of a module), as it is called in other processes. Each item
    may take `seconds` of wall time and `memory_mb` megabytes over what the worker needs to start. `items` is
    read as it is needed. `name` gives what an error calls the item.
    """
    pool = [_Worker(function, memory_mb) for _ in range(max(jobs, 1))]
    waiting: deque[list[Any]] = deque()  # [item, result or None while it is worked on], in input order
    source = iter(items)
    more = True
    try:
        with selectors.DefaultSelector() as ready:
            while True:
                for worker in pool:
                    while more and worker.entry is None and len(waiting) < _AHEAD * len(pool):
                        try:
                            item = next(source)
                        except StopIteration:
                            more = False
                            break
                        entry: list[Any] = [item, None]
                        waiting.append(entry)
                        worker.give(entry, name(item), seconds, ready)
                while waiting and waiting[0][1] is not None:
                    item, box = waiting.popleft()
                    yield item, box[0]
                if not waiting:
                    if not more:
                        return
                    continue
                _collect(pool, ready)
    finally:
        for worker in pool:
            worker.end()


def _collect(pool: list[_Worker], ready: selectors.BaseSelector) -> None:
    """Wait for one worker's answer, or for the first to run out of time."""
    busy = [worker for worker in pool if worker.entry is not None]
    if not busy:
        return
    left = min(worker.deadline for worker in busy) - time.monotonic()
    events = ready.select(max(left, 0.0))
    for key, _ in events:
        key.data.take(ready)
    now = time.monotonic()
    for worker in busy:
        if worker.entry is not None and now >= worker.deadline:
            worker.fail(f"took more than {worker.seconds:g} seconds", ready)


class _Worker:
    """One child process, started when it is first needed."""

    def __init__(self, function: Callable[[Any], Any], memory_mb: int) -> None:
        self._function = function
        self._memory_mb = memory_mb
        self._process: subprocess.Popen[bytes] | None = None
        self._done = 0
        self.entry: list[Any] | None = None
        self.deadline = 0.0
        self.seconds = 0.0
        self._name = ""

    def give(self, entry: list[Any], name: str, seconds: float, ready: selectors.BaseSelector) -> None:
        if self._process is None or self._done >= ITEMS_PER_WORKER:
            self._start()
        assert (
            self._process is not None and self._process.stdin is not None and self._process.stdout is not None
        )
        self.entry, self._name, self.seconds = entry, name, seconds
        # A new process has to import first; that is not the file's fault.
        self.deadline = time.monotonic() + (seconds if self._done else _START_SECONDS)
        self._done += 1
        ready.register(self._process.stdout, selectors.EVENT_READ, self)
        try:
            _send(self._process.stdin, (entry[0], name, seconds))
        except (OSError, ValueError):
            self.fail("could not be handed to a worker", ready)

    def take(self, ready: selectors.BaseSelector) -> None:
        """Receive the answer; a worker that closed its end has died."""
        assert self._process is not None and self._process.stdout is not None and self.entry is not None
        answer = _receive(self._process.stdout)
        if answer is None:
            self.fail(self._cause(), ready)
            return
        if answer == _READY:
            self.deadline = time.monotonic() + self.seconds
            return
        ready.unregister(self._process.stdout)
        self.entry[1] = answer
        self.entry = None

    def _cause(self) -> str:
        assert self._process is not None
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            code = 0
        if code == -signal.SIGXCPU:
            return f"took more than {self.seconds:g} seconds"
        return f"needs more than {self._memory_mb} MB, or is damaged: its reader broke down"

    def fail(self, what: str, ready: selectors.BaseSelector) -> None:
        assert self._process is not None and self._process.stdout is not None and self.entry is not None
        ready.unregister(self._process.stdout)
        self.entry[1] = [BadInput(self._name, what)]
        self.entry = None
        self.end()

    def _start(self) -> None:
        self.end()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from waferline.audit.readers.limits import work; work()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
            # Ctrl-C in a terminal goes to its whole group; the worker is ended by its parent instead.
            process_group=0,
        )
        assert self._process.stdin is not None
        _send(self._process.stdin, (self._function, self._memory_mb))
        self._done = 0

    def end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        if process.returncode is None:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)  # and what it has started: the worker leads its group
        process.kill()
        process.wait()


def _send(stream: Any, value: object) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    view = memoryview(_LENGTH.pack(len(data)) + data)
    while view:
        view = view[stream.write(view) :]


def _receive(stream: Any) -> Any:
    """The next value, or None at the end of the stream.

    Streams are unbuffered: what waits in a buffer would not be seen by a selector.
    """
    head = _exactly(stream, _LENGTH.size)
    data = _exactly(stream, _LENGTH.unpack(head)[0]) if head is not None else None
    return None if data is None else pickle.loads(data)


def _exactly(stream: Any, count: int) -> bytearray | None:
    data = bytearray()
    while len(data) < count:
        piece = stream.read(min(count - len(data), 1 << 20))
        if not piece:
            return None
        data += piece
    return data


# --------------------------------------------------------------------------------- the worker's side


def work() -> None:
    """The loop of a worker process: items come on standard input, answers go to standard output."""
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    # What libraries print must not stand between the answers.
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    setup = _receive(source)
    if setup is None:
        return
    function, memory_mb = setup
    _send(answers, _READY)
    spare = _limit_memory(memory_mb)
    while (task := _receive(source)) is not None:
        item, name, seconds = task
        _limit_time(seconds)
        answer = _answer(function, item, name, memory_mb, spare)
        try:
            _send(answers, [answer])
        except MemoryError:
            _send(answers, [BadInput(name, f"needs more than {memory_mb} MB")])
    os._exit(0)


def _answer(function: Callable[[Any], Any], item: Any, name: str, memory_mb: int, spare: list[bytes]) -> Any:
    try:
        return function(item)
    except BadInput as error:
        return BadInput(error.where, error.what, error.expected, error.found, error.fix)
    except MemoryError:
        spare.clear()
        return BadInput(name, f"needs more than {memory_mb} MB")
    except RecursionError:
        return BadInput(name, "is nested too deeply")
    except Exception as error:
        # A fault of ours: it is named as one, and the other files are still done.
        return BadInput(
            name, "could not be read: a fault of the reader", found=f"{type(error).__name__}: {error}"[:200]
        )


def _limit_memory(memory_mb: int) -> list[bytes]:
    """Limit the address space to what is used now plus `memory_mb`; gives a reserve to free in need."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + memory_mb * 1_000_000
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))  # a user's own program may be given more
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError, IndexError):
        pass  # not Linux: only the wall clock holds
    return [bytes(1_000_000)]


def _limit_time(seconds: float) -> None:
    try:
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime + seconds) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    except (ImportError, OSError, ValueError):
        pass
