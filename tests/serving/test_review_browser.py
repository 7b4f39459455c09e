"""The page of a review in headless Chromium: keys, no script, hostile text, accessibility, network, a phone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from inference.report.hostile import PARTS, SCRIPT
from inference.report.test_browser import PATIENCE, SCREENS, browser, pytestmark
from inference.reviewing.test_review_command import TRUTH, lines, quotes

from sikap.labels import STANCES

from .reviewer import Reviewer, reviewing
from .test_browser import violations

__all__ = ["browser", "pytestmark", "quotes"]
KEYS = {"support": "s", "condemnation": "c", "condolence": "d", "negative": "-", "neutral": "0", "positive": "+"}
ALT = 1


@pytest.fixture
def opened(browser) -> Iterator[Callable]:
    """Open the page of a review; at the end, check that it asked nothing of others and the browser did not complain."""
    contexts, requests, messages, own = [], [], [], []

    def open_page(person: Reviewer, screen: str = "wide", **options: object):
        width, height = SCREENS[screen]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        own.append(person.server.address + "/")
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.goto(own[-1])
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith(("data:", *own))] == []
    assert [message for message in messages if "the server responded with a status of 4" not in message] == []


def press(page, key: str) -> None:
    """Press an access key; Chromium takes it as a sign that is typed with Alt."""
    sign = {"type": "char", "modifiers": ALT, "text": key, "unmodifiedText": key, "key": key}
    page.context.new_cdp_session(page).send("Input.dispatchKeyEvent", sign)


def heading(page, text: str) -> None:
    page.get_by_role("heading", name=text, exact=True).wait_for()


def mark(page, label: str):
    """Return the box of a label, by what a screen reader calls it."""
    return page.get_by_role("checkbox" if label in STANCES else "radio", name=label, exact=True)


def save(page, *labels: str) -> None:
    for label in labels:
        mark(page, label).check()
    page.get_by_role("button", name="Save").click()


def test_the_keyboard_is_enough(opened, quotes: Path):
    with reviewing(quotes, "--all") as person:
        page = opened(person)
        for number in range(1, 5):
            heading(page, f"Statement {number} of 4")
            assert page.evaluate("document.activeElement.id") == "statement"
            stance, sentiment, _ = TRUTH[page.locator("blockquote").inner_text()]
            if number == 1:  # in the order of the page, without access keys
                page.keyboard.press("Tab")
                for name in ("support", "condemnation", "condolence"):
                    assert page.evaluate("document.activeElement.value") == name
                    page.keyboard.press(*(["Space"] if name in stance else ["Shift"]))
                    page.keyboard.press("Tab")
                page.keyboard.press("Space")
                for _ in range(["negative", "neutral", "positive"].index(sentiment)):
                    page.keyboard.press("ArrowRight")
            else:
                for label in [*stance, sentiment]:
                    press(page, KEYS[label])
                    page.locator(f"input[value={label}]:checked").wait_for()
            page.keyboard.press("Enter")
        heading(page, "Nothing is left to ask")
        press(page, "m")
        page.get_by_text("model", exact=True).wait_for()
        press(page, "b")
        heading(page, "Statement 4 of 4")
        press(page, "n")
        heading(page, "Nothing is left to ask")
    rows = lines(quotes.with_name("quotes.review.jsonl"))
    assert {row["text"]: (row["stance"], row["sentiment"]) for row in rows} == {
        text: labels[:2] for text, labels in TRUTH.items()
    }


def test_it_works_without_script_and_asks_for_a_sentiment(opened, quotes: Path):
    output = quotes.with_name("quotes.review.jsonl")
    with reviewing(quotes, "--all") as person:
        page = opened(person, java_script_enabled=False)
        mark(page, "support").check()
        page.get_by_role("button", name="Save").click()
        assert mark(page, "negative").locator(":scope:invalid").count() == 1
        assert output.read_bytes() == b""
        save(page, "positive")
        heading(page, "Statement 2 of 4")
        page.get_by_role("button", name="Skip").click()
        heading(page, "Statement 3 of 4")
        page.get_by_role("button", name="Back").click()
        heading(page, "Statement 2 of 4")
        page.get_by_role("button", name="Back").click()
        heading(page, "Statement 1 of 4")
        assert mark(page, "support").is_checked()
        assert mark(page, "positive").is_checked()
        page.get_by_text("The rules of labelling").click()
        assert page.get_by_text("turut berduka, doa kami bersama para korban").is_visible()
    assert [row.get("stance") for row in lines(output)] == [["support"], None]


def test_two_windows_and_a_double_click(opened, quotes: Path):
    output = quotes.with_name("quotes.review.jsonl")
    with reviewing(quotes, "--all") as person:
        one, two = opened(person), opened(person)
        text = two.locator("blockquote").inner_text()
        mark(one, "neutral").check()
        one.get_by_role("button", name="Save").dblclick()
        heading(one, "Statement 2 of 4")
        assert len(lines(output)) == 1
        save(two, "support", "positive")
        assert two.get_by_role("alert").inner_text().startswith(f"Not saved: “{text[:58]}")
        heading(two, "Statement 2 of 4")
        save(two, "positive")
        heading(two, "Statement 3 of 4")
        one.go_back()
        one.goto(person.server.address)
        heading(one, "Statement 3 of 4")
    assert [row["sentiment"] for row in lines(output)] == ["neutral", "positive"]


def test_another_site_cannot_save(opened, browser, quotes: Path):
    with reviewing(quotes) as person:
        body = dict(part.split("=") for part in person.form("save", "support", "positive").decode().split("&"))
        fields = "".join(f'<input name="{name}" value="{value}">' for name, value in body.items())
        html = f'<form method="post" action="{person.server.address}/">{fields}<button>Send</button></form>'
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        for other in ("http://other.example/", "http://localhost/"):
            page.route(other, lambda route: route.fulfill(body=html, content_type="text/html"))
            page.goto(other)
            page.get_by_role("button").click()
            page.get_by_role("heading", name="This was refused").wait_for()
        context.close()
    assert quotes.with_name("quotes.review.jsonl").read_bytes() == b""


def test_hostile_text_stays_text(opened, tmp_path: Path):
    file = tmp_path / "<img src=x onerror=alert()>.jsonl"
    rows = [
        {"quote": f"Kami mengutuk {part} itu.", "stance": "support", "sentiment": "neutral", "annotator": f"{part} x"}
        for part in PARTS
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    shown = ""
    with reviewing(file, "--all", annotator="<script>ani</script>") as person:
        page = opened(person)
        for number in range(1, len(PARTS) + 1):
            heading(page, f"Statement {number} of {len(PARTS)}")
            shown += page.locator("blockquote").inner_text()
            save(page, "condemnation", "negative")
            page.get_by_role("button", name="What the model says").click()
            page.get_by_text("model", exact=True).wait_for()
            assert page.evaluate("document.querySelectorAll('script, img, [onerror], [onfocus]').length") == 0
            assert "owned" not in page.title()
            assert page.locator("main").is_visible()
        assert "<script>ani</script>" in page.locator("header").inner_text()
    assert SCRIPT in shown
    assert "{{ 7 * 7 }}" in shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(opened, quotes: Path, screen: str, scheme: str):
    with reviewing(quotes) as person:
        page = opened(person, screen, color_scheme=scheme)
        page.get_by_text("The rules of labelling").click()
        mark(page, "condemnation").check()
        mark(page, "negative").check()
        assert violations(page) == []
        late = person.form("save", "support", "positive")
        save(page)
        heading(page, "Statement 2 of 2")
        page.get_by_role("button", name="What the model says").click()
        page.get_by_text("model", exact=True).wait_for()
        assert violations(page) == []
        page.evaluate("document.querySelector('[name=statement]').value = 'x'")
        save(page, "neutral")
        assert page.get_by_role("alert").is_visible()
        assert violations(page) == []
        assert person.send(late).status == 409
        save(page, "neutral")
        heading(page, "Nothing is left to ask")
        assert violations(page) == []
        page.goto(page.url + "tiada")
        heading(page, "This was refused")
        assert violations(page) == []
        page.get_by_role("link", name="Back to the review").click()
        heading(page, "Nothing is left to ask")


def test_a_phone_scrolls_only_down_and_begins_at_the_statement(opened, tmp_path: Path):
    file = tmp_path / "quotes.jsonl"
    long = [{"quote": f"{name} " + "kami mengutuk " * 300 + "x" * 500} for name in ("Ani", "Budi")]
    file.write_text("".join(json.dumps(row) + "\n" for row in long), encoding="utf-8")
    with reviewing(file, "--all") as person:
        page = opened(person, "phone", has_touch=True)
        page.get_by_text("The rules of labelling").click()
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        boxes = [mark(page, label).locator("..").bounding_box() for label in KEYS]
        assert min(box["height"] for box in boxes) >= 44
        save(page, "negative")
        heading(page, "Statement 2 of 2")
        assert page.evaluate("document.activeElement.id") == "statement"
        assert 0 < page.locator("blockquote").evaluate("e => e.getBoundingClientRect().top") < 400
        save(page, "negative")
        heading(page, "Nothing is left to ask")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
