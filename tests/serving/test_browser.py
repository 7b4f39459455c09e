"""The served pages in headless Chromium: pasting, reports, hostile text, accessibility, network."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from inference.articles import ARTICLE
from inference.report.hostile import PARTS
from inference.report.test_browser import PATIENCE, SCREENS, browser, pytestmark

from .client import Server

__all__ = ["browser", "pytestmark"]
QUOTE = "Kami mengutuk sabotase itu dan berduka bersama keluarga para pekerja."


@pytest.fixture
def opened(browser, server: Server) -> Iterator[Callable]:
    """Open a served page; at the end, check that it asked nothing of others and the browser complained of nothing."""
    contexts, requests, messages = [], [], []

    def open_page(path: str = "/", screen: str = "wide", **options: object):
        width, height = SCREENS[screen]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.goto(server.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith((server.address + "/", "data:"))] == []
    assert [message for message in messages if "the server responded with a status of 4" not in message] == []


def paste(page, text: str, button: str = "Find the statements"):
    page.get_by_label("Article or quote").fill(text)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()
    return page


def violations(page) -> list[tuple[str, str, str]]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response
    assert len(found["passes"]) > 12
    return [(rule["id"], rule["nodes"][0]["html"], rule["nodes"][0]["failureSummary"]) for rule in found["violations"]]


def test_an_article_gives_the_report_of_analyze(opened):
    page = paste(opened(), ARTICLE)
    assert page.url.endswith("/report")
    assert page.locator("mark").count() == 2
    assert "Alma Quispe" in page.locator(".listing").inner_text()
    page.locator("#s1-2").focus()
    assert page.locator("#n1-2").is_visible()
    page.get_by_role("checkbox").first.uncheck()
    assert page.get_by_role("alert").count() == 0
    page.get_by_role("link", name="Another text").click()
    assert page.get_by_label("Article or quote").input_value() == ""


def test_a_quote_is_scored_whole(opened):
    page = paste(opened(), f"\n {QUOTE}\n", "Score as one quote")
    assert page.locator("mark").count() == 1
    assert QUOTE in page.locator("#s1-1").inner_text()
    assert "Speaker not named" in page.locator(".listing").inner_text()


def test_a_quote_taken_for_an_article_is_told_of_the_other_button(opened):
    page = paste(opened(), "Sabotase itu keji.")
    assert "No statements found" in page.locator("header").inner_text()
    assert "Score as one quote" in page.locator(".notice").inner_text()


def test_text_in_another_language_is_said_to_be(opened):
    page = paste(opened(), "We condemn the attack on the bridge and the people who did it.", "Score as one quote")
    assert "does not read like Indonesian" in page.locator(".notice").inner_text()


def test_the_keyboard_is_enough(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_label("Article or quote").focus()
    page.keyboard.type(QUOTE)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report")
    assert page.locator("mark").count() == 1


def test_paragraphs_survive_the_form(opened):
    page = paste(opened(), ARTICLE)
    assert page.locator(".prose p").count() == 2


def test_what_is_refused_is_said_on_the_page_and_the_text_is_kept(opened):
    page = paste(opened(), " \u200b ")
    assert page.get_by_role("alert").inner_text() == "text: is empty; it must hold an article."
    long = "<b>Kami</b> &amp; " * 12_000
    page = paste(page, long)
    assert "text: holds 216,000 characters and may hold 200,000" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Article or quote").input_value() == long
    page = paste(page, "😢" * 200_000)
    assert page.get_by_role("alert").inner_text().startswith("The body may have 2,097,152 bytes")


@pytest.mark.parametrize("button", ["Find the statements", "Score as one quote"])
def test_hostile_text_stays_text(opened, button):
    text = "\n\n".join(
        f'Menteri Peru Alma {part} Quispe mengecam. "Kami mengutuk {part} itu," kata Quispe.' for part in PARTS
    )
    page = paste(opened(), text, button)
    assert "owned" not in page.title() or "<script>" in page.title()
    assert page.evaluate("document.querySelectorAll('script, img, [onerror], [onfocus], [autofocus]').length") == 0
    assert page.locator("main").is_visible()
    assert "<script>document.title='owned'</script>" in page.locator(".prose").inner_text()
    assert page.locator("mark").count() >= 1


def test_hostile_text_stays_text_in_the_form(opened):
    hostile = "</textarea><script>document.title='owned'</script>" + "a" * 200_000
    page = paste(opened(), hostile)
    assert page.title() == "sikap"
    assert page.get_by_label("Article or quote").input_value() == hostile
    assert page.locator("script").count() == 0


def test_the_page_works_without_script(opened):
    page = paste(opened(java_script_enabled=False), ARTICLE)
    assert page.locator(".listing").get_by_text("Alma Quispe").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(opened, screen, scheme):
    page = opened(screen=screen, color_scheme=scheme)
    assert violations(page) == []
    page = paste(page, " ")
    assert page.get_by_role("alert").is_visible()
    assert violations(page) == []
    page = paste(page, ARTICLE)
    page.locator("mark").first.focus()
    assert violations(page) == []
    page.goto(page.url.replace("/report", "/docs"))
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_phone_scrolls_only_down(opened, path):
    page = opened(path, screen="phone", has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_pages_lead_to_each_other(opened):
    page = opened()
    page.get_by_role("link", name="JSON interface").click()
    assert page.get_by_role("heading", name="Score one statement or a list of them").is_visible()
    page.get_by_role("link", name="Paste a text").click()
    assert page.get_by_label("Article or quote").is_visible()
