"""The published accuracy of the models is what they give now, and no case fails without saying why."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_page_is_what_the_models_give():
    tool = runpy.run_path(str(ROOT / "tools" / "measure_models.py"))
    assert tool["PAGE"].read_text("utf-8") == tool["page"](), "run tools/measure_models.py --write"
