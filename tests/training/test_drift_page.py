"""The page of `sikap drift` in headless Chromium: what it shows, hostile statements, accessibility, network."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.inference.report.hostile import PARTS

from .page_check import SCREENS, browser, check_page, needs_chromium
from .small_run import sikap_in, write_lines
from .test_drift import own

__all__ = ["browser"]


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


@needs_chromium
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["drift", "none"])
def test_axe_finds_nothing_and_nothing_is_fetched(browser, pages: dict[str, Path], name: str, scheme: str, screen: str):
    check_page(browser, pages[name], scheme, screen)
