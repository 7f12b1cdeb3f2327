"""The page in a browser, as a reader meets it: cards open and close, charts come alive, nothing leaves the file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from browsing import NEEDS_BROWSER, until

ROOT = Path(__file__).parents[2]
pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    from waferline.build.build import build

    out = tmp_path_factory.mktemp("built") / "out"
    build(ROOT / "studies" / "semiconductors", out, day=date(2025, 3, 20), langs=("zh",), formats=("html",))
    return out / "report.zh.html"


@pytest.fixture
def opened(browser, page):
    browser.set_window_size(1280, 1000)
    browser.get(page.as_uri())
    return browser


def test_a_number_opens_its_card_by_click_and_escape_closes_it(opened):
    from selenium.webdriver.common.keys import Keys

    number = next(n for n in opened.find_elements("css selector", ".num") if n.text == "上涨40.21%")
    opened.execute_script("arguments[0].scrollIntoView({block: 'center'})", number)
    number.click()
    card = opened.find_element("id", "card")

    assert until(card.is_displayed)
    assert "5247.1" in card.text.replace(",", "")
    assert "3742.34" in card.text.replace(",", "")
    assert "申万" in card.text
    assert "2025-03-20" in card.text  # the day the last close became known

    opened.switch_to.active_element.send_keys(Keys.ESCAPE)

    assert until(lambda: not card.is_displayed())


def test_a_number_opens_its_card_by_keyboard(opened):
    from selenium.webdriver.common.keys import Keys

    number = opened.find_elements("css selector", ".num")[0]
    opened.execute_script("arguments[0].focus()", number)
    number.send_keys(Keys.ENTER)

    assert until(opened.find_element("id", "card").is_displayed)


def test_a_chart_comes_alive_with_tooltips_when_reached(opened):
    picture = [p for p in opened.find_elements("css selector", ".pic[data-spec]") if p.is_displayed()][3]
    opened.execute_script("arguments[0].scrollIntoView({block: 'center'})", picture)

    assert until(lambda: picture.get_attribute("data-alive") is not None)
    assert picture.find_elements("css selector", "svg.marks")


def test_a_phone_never_scrolls_sideways(opened):
    opened.set_window_size(500, 900)
    opened.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True},
    )
    wide = opened.execute_script("return document.documentElement.scrollWidth")
    opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    assert wide <= 390


def test_nothing_is_asked_of_the_network_and_no_script_fails(opened):
    asked = opened.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    errors = [entry["message"] for entry in opened.get_log("browser") if entry["level"] == "SEVERE"]

    assert [name for name in asked if not name.startswith(("data:", "blob:"))] == []
    assert errors == []
