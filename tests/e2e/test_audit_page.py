"""The audit's page in a browser: cards by pointer and keyboard, filters, phones, and a policy that lets nothing else run."""

from __future__ import annotations

import pytest
from browsing import NEEDS_BROWSER, until
from sample_audit import audit

from waferline.audit.faces.page import render_page
from waferline.audit.review import Review

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("audit") / "harbour.html"
    path.write_text(render_page(Review(audit())), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser, page):
    browser.set_window_size(1280, 1000)
    browser.get(page.as_uri())
    return browser


def mark(opened, words):
    return next(n for n in opened.find_elements("css selector", ".paper a.num") if words in n.text)


@pytest.mark.parametrize("key", ["ENTER", None])
def test_a_number_opens_its_card_and_escape_gives_the_focus_back(opened, key):
    from selenium.webdriver.common.keys import Keys

    number = mark(opened, "37.9%")
    opened.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].focus()", number)
    if key:
        number.send_keys(getattr(Keys, key))
    else:
        number.click()
    card = opened.find_element("id", "card")

    assert until(card.is_displayed)
    assert "37.91% to 37.94%" in card.text and "a base of 2,634.9" in card.text

    opened.switch_to.active_element.send_keys(Keys.ESCAPE)

    assert until(lambda: not card.is_displayed())
    assert until(lambda: opened.switch_to.active_element == number)


def test_an_input_opens_the_card_of_the_number_it_belongs_to(opened):
    mark(opened, "1,186.4").click()

    assert until(lambda: "down 37.9%" in opened.find_element("id", "card").text)


def test_a_filter_puts_out_its_kind_and_lights_it_again(opened):
    button = opened.find_element("css selector", "[data-show=unverifiable]")
    entry = opened.find_element("css selector", ".entry.unverifiable")

    button.click()
    assert not entry.is_displayed() and button.get_attribute("aria-pressed") == "false"
    assert opened.find_element("css selector", ".entry.inconsistent").is_displayed()
    button.click()
    assert entry.is_displayed()


def test_the_list_leads_to_the_number_in_the_document(opened):
    opened.find_element("css selector", ".entry.inconsistent .where a").click()

    assert opened.execute_script("return document.querySelector(':target').textContent").startswith(
        "down 37.9%"
    )


def test_a_phone_never_scrolls_sideways(opened):
    size = {"width": 360, "height": 780, "deviceScaleFactor": 2, "mobile": True}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    wide = opened.execute_script("return document.documentElement.scrollWidth")
    opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    assert wide <= 360


def test_another_script_does_not_run_and_the_pages_own_do_without_a_complaint(opened, page):
    opened.get_log("browser")
    opened.get(page.as_uri())
    assert [entry for entry in opened.get_log("browser") if entry["level"] == "SEVERE"] == []

    injected = page.with_name("injected.html")
    injected.write_text(
        page.read_text("utf-8").replace("</main>", "<script>document.title='run'</script></main>"), "utf-8"
    )
    opened.get(injected.as_uri())
    assert opened.title == "Number audit: harbour.txt"
