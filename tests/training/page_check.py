"""Open a self-contained page in headless Chromium: accessibility by axe-core, pictures, width, network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
PATIENCE = 60_000
SCREENS = {"wide": (1280, 900), "phone": (360, 740)}
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: the page is not tested in a browser (apt-get install chromium)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """One Chromium for this module; playwright's loop must not outlive it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags.split(), timeout=PATIENCE)
        yield browser
        browser.close()


def check_page(browser, file: Path, scheme: str, screen: str) -> None:
    """Assert that axe finds nothing, pictures are drawn, nothing sticks out or is fetched and no script runs."""
    from axe_playwright_python.sync_playwright import Axe

    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    requests, messages = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("dialog", lambda dialog: messages.append(dialog.message))
    page.goto(file.as_uri())
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
    assert len(found["passes"]) > 15
    assert page.evaluate("document.documentElement.scrollWidth") == width
    drawn = page.eval_on_selector_all("img", "all => all.map(e => e.complete && e.naturalWidth > 100)")
    assert drawn
    assert all(drawn)
    assert page.title() != "owned"
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert messages == []
    context.close()
