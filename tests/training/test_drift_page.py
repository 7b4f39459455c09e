"""The page of `sikap drift` in headless Chromium: what it shows, hostile statements, accessibility, network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.inference.report.hostile import PARTS

from .small_run import sikap_in, write_lines
from .test_drift import own

CHROMIUM = shutil.which("chromium")
PATIENCE = 60_000
SCREENS = {"wide": (1280, 900), "phone": (360, 740)}
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: the page is not tested in a browser (apt-get install chromium)"
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of a large change, in a file with a hostile name and hostile statements, and a page of none."""
    folder = tmp_path_factory.mktemp("pages")
    write_lines(folder / "before.jsonl", own(80))
    odd = [
        {"text": f"{part} The minister said that {number} people were hurt."} for part in PARTS for number in range(9)
    ]
    name = "<img src=x onerror=alert(1)> & \u202e.jsonl"
    write_lines(folder / name, odd)
    assert sikap_in(folder, "drift", "before.jsonl", name, "--output", "drift.html").status == 1
    assert sikap_in(folder, "drift", "before.jsonl", "before.jsonl", "--output", "none.html").status == 0
    return {"drift": folder / "drift.html", "none": folder / "none.html"}


def test_the_page_says_what_the_table_says(pages: dict[str, Path]):
    drift, none = (pages[name].read_text(encoding="utf-8") for name in ("drift", "none"))
    assert "<h1>No drift in any of 10 measures</h1>" in none
    assert "Current statements least like the reference" not in none
    assert "<h1>Drift in " in drift
    assert "Current statements least like the reference" in drift
    assert drift.count("<img ") == drift.count(' alt="') == 4
    assert "<img src=x" not in drift
    assert "<script" not in drift
    assert "\u202e" not in drift


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """One Chromium for this module; playwright's loop must not outlive it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags.split(), timeout=PATIENCE)
        yield browser
        browser.close()


@needs_chromium
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["drift", "none"])
def test_axe_finds_nothing_and_nothing_is_fetched(browser, pages: dict[str, Path], name: str, scheme: str, screen: str):
    from axe_playwright_python.sync_playwright import Axe

    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    requests, messages = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("dialog", lambda dialog: messages.append(dialog.message))
    page.goto(pages[name].as_uri())
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
    assert len(found["passes"]) > 15
    assert page.evaluate("document.documentElement.scrollWidth") == width
    drawn = page.eval_on_selector_all("img", "all => all.map(e => [e.complete, e.naturalWidth > 100])")
    assert drawn == [[True, True]] * 4
    assert page.title() != "owned"
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert messages == []
    context.close()
