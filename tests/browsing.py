"""What the tests in a browser share: when they run, and waiting for what a page does."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

NEEDS_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER),
        reason="no Chromium here; tools/install-test-system-packages installs it",
    ),
]
Answer = TypeVar("Answer")


def until(check: Callable[[], Answer], seconds: float = 10.0) -> Answer:
    """The first true answer within the time, else the last one."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := check():
            return answer
        time.sleep(0.05)
    return check()
