"""The drawing process gives what the engine gives, survives a fault, and ends with its program."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import vl_convert
from sample_report import report

from waferline.render import charts, fonts
from waferline.render.charts.drawer import Drawer

SPECS = [
    charts.compact(charts.vega_lite(exhibit, "zh", "half"))
    for exhibit in report("zh").exhibits.values()
    if charts.is_drawn(exhibit)
]


@pytest.fixture
def drawer():
    one = Drawer(fonts.folder())
    yield one
    one.close()


def test_pictures_are_the_same_in_any_order_and_as_the_engine_draws_them(drawer):
    vl_convert.register_font_directory(str(fonts.folder()))

    forth = [drawer.svg(spec) for spec in SPECS]
    back = [drawer.svg(spec) for spec in reversed(SPECS)]

    assert forth == back[::-1] == [vl_convert.vegalite_to_svg(spec) for spec in SPECS]


def test_a_fault_is_told_and_the_next_picture_drawn(drawer):
    with pytest.raises(ValueError, match="Vega-Lite"):
        drawer.svg('{"mark":"no such mark"}')

    assert drawer.svg(SPECS[0]).startswith("<svg")


def test_many_threads_get_each_their_own(drawer):
    alone = [drawer.svg(spec) for spec in SPECS]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(drawer.svg, SPECS * 4)) == alone * 4


@pytest.mark.parametrize("waited_for", [False, True])
def test_a_process_that_was_killed_is_said_to_be(drawer, waited_for):
    drawer._process.kill()
    if waited_for:
        drawer._process.wait()

    with pytest.raises(ChildProcessError, match="the drawing process ended"):
        drawer.svg(SPECS[0])


@pytest.mark.parametrize("end", ["pass", "os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_it_ends_with_its_program_however_that_ends(end):
    script = f"""
        import os
        from waferline.render import fonts
        from waferline.render.charts.drawer import drawer
        print(drawer(fonts.folder())._process.pid, flush=True)
        {end}
    """
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, check=False,
    )  # fmt: skip
    process = int(told.stdout)

    deadline = time.monotonic() + 20
    while is_running(process) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not is_running(process)
    assert told.stderr == ""


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
