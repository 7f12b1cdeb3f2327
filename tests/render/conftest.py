from __future__ import annotations

from pathlib import Path

import pytest
from sample_report import report

from waferline.render import render_html, render_pdf
from waferline.study.report import Report


@pytest.fixture(scope="session")
def picture_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="session", params=["zh", "en"])
def built(request: pytest.FixtureRequest) -> Report:
    return report(request.param)


@pytest.fixture(scope="session")
def page(built: Report, picture_cache: Path) -> str:
    return render_html(built, cache=picture_cache)


@pytest.fixture(scope="session")
def document(built: Report, picture_cache: Path) -> bytes:
    return render_pdf(built, cache=picture_cache)
