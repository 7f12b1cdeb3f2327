"""This module draws Vega-Lite specifications in a process of its own, which starts while the report is being filled.

V8 takes a third of a second to start and lets nothing else run meanwhile. Run as a program, the module answers each
line of standard input, a specification, with a line: its SVG as JSON, or null and what was wrong with it.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from functools import lru_cache
from pathlib import Path

_SMALLEST = '{"mark":"point","data":{"values":[]}}'


class Drawer:
    """The drawing process; one serves many threads. It ends with this one, however that ends."""

    def __init__(self, fonts: Path) -> None:
        self._lock = threading.Lock()
        # -P: what lies beside this file shadows no library. A session of its own: Ctrl-C is this process's to answer.
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__, str(fonts)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        atexit.register(self.close)

    def svg(self, specification: str) -> str:
        """The picture of a specification, JSON on one line. ValueError with the engine's words when it has none.

        ChildProcessError when the process is gone.
        """
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None and answered is not None  # both are pipes
        try:
            with self._lock:
                asked.write(specification.encode() + b"\n")
                asked.flush()
                line = answered.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            raise ChildProcessError(f"the drawing process ended with status {self._process.wait()}")
        svg, fault = json.loads(line)
        if svg is None:
            raise ValueError(fault)
        return str(svg)

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()


@lru_cache(maxsize=1)
def drawer(fonts: Path) -> Drawer:
    """The drawing process of this program, started at the first call, which does not wait for it."""
    return Drawer(fonts)


def _serve(fonts: str) -> None:
    import vl_convert

    vl_convert.register_font_directory(fonts)
    vl_convert.vegalite_to_svg(_SMALLEST)
    for line in sys.stdin.buffer:
        try:
            answer: tuple[str | None, str] = (vl_convert.vegalite_to_svg(line.decode()), "")
        except ValueError as error:
            answer = (None, str(error))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(sys.argv[1])
