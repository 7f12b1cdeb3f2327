"""What the workers of the tests are asked to do; a worker imports it by name."""

from __future__ import annotations

import os
import time
from typing import Any

from waferline.errors import BadInput


def task(item: Any) -> Any:
    if item == "spin":
        while True:
            pass
    if item == "sleep":
        time.sleep(100)
    if item == "memory":
        return len(bytearray(3 * 10**9))
    if item == "die":
        os._exit(3)
    if item == "deep":
        return task_deeper(0)
    if item == "bad":
        raise BadInput("bad", "says no")
    if item == "fault":
        raise ValueError("two\nlines")
    if item == "print":
        print("noise")
    return item * 2


def task_deeper(depth: int) -> int:
    return task_deeper(depth + 1)
