"""The page in headless Chromium: filters, hover, focus, hostile content, accessibility, network."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sikap.analysis import AnalyzedArticle

from .build import bridge, saved, statement
from .hostile import hostile

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
PATIENCE = 60_000
"""Milliseconds that a busy machine may take."""
EMPTY = AnalyzedArticle("kosong.txt", "Hujan turun di Lima sejak pagi.\n\nJalan basah.", [])
SCREENS = {"wide": (1280, 900), "phone": (360, 740)}

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: the report is not tested in a browser (apt-get install chromium)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """One Chromium for this module; playwright's loop must not outlive it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split(), timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture
def shown(browser, tmp_path: Path) -> Iterator[Callable]:
    """Show articles in a fresh page; at the end, check that it asked nothing of anybody and complained of nothing."""
    contexts, requests, messages = [], [], []

    def show(*articles: AnalyzedArticle, screen: str = "wide", **options: object):
        width, height = SCREENS[screen]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.goto(saved(tmp_path, *articles).as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert messages == []


def seen(page, selector: str) -> list[str]:
    """Return the ids or links of what is displayed."""
    return page.eval_on_selector_all(
        selector,
        "all => all.filter(e => e.getClientRects().length).map(e => e.id || e.querySelector('a').getAttribute('href'))",
    )


def marked(page) -> list[str]:
    """Return the ids of the statements that are highlighted in the text."""
    return page.eval_on_selector_all(
        "mark", "all => all.filter(e => e.querySelector('.badge').getClientRects().length).map(e => e.id)"
    )


def point_at(page, selector: str) -> None:
    """Move the mouse onto the first line of a statement; its middle may lie between two lines."""
    page.locator(selector).scroll_into_view_if_needed()
    x, y = page.eval_on_selector(
        selector, "e => { const r = e.getClientRects()[0]; return [r.x + 9, r.y + r.height / 2] }"
    )
    page.mouse.move(x, y)


def test_pointing_at_a_statement_shows_what_is_known_of_it(shown):
    page = shown(bridge())
    assert seen(page, ".note") == []
    point_at(page, "#s1-2")
    assert seen(page, ".note") == ["n1-2"]
    words = " ".join(page.locator("#n1-2").inner_text().split())
    for part in ("Alma Quispe, Menteri Luar Negeri Peru", "condemnation 93%", "condolence 93%", "negative 90%"):
        assert part in words
    page.mouse.move(1, 1)
    assert seen(page, ".note") == []


def test_the_keyboard_reaches_every_statement(shown):
    page = shown(bridge())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id")
        if name in reached:
            break
        if name.startswith("s1-"):
            reached.append(name)
            assert seen(page, ".note") == [name.replace("s", "n")]
    assert reached == ["s1-1", "s1-2", "s1-3", "s1-4"]


def test_a_screen_reader_hears_speaker_stance_and_doubt(shown):
    page = shown(bridge())
    said = page.locator(".prose").aria_snapshot()
    assert "Statement 2, condemnation and condolence, Alma Quispe:" in said
    assert "Statement 4, support, juru bicara Bolivia, in doubt:" in said
    picture = page.locator("svg[role=img]").first
    assert picture.is_visible()
    assert "Alma Quispe: 1 condemnation, 2 condolence." in page.locator("#words-wide").text_content()


def test_the_filters(shown):
    page = shown(bridge(), bridge("dua.txt"))
    both = ["s1-1", "s1-2", "s1-3", "s1-4", "s2-1", "s2-2", "s2-3", "s2-4"]
    assert marked(page) == both
    page.get_by_role("checkbox", name="condolence").uncheck()
    assert marked(page) == [name for name in both if name[-1] != "1"]
    page.get_by_role("checkbox", name="condemnation").uncheck()
    assert marked(page) == [name for name in both if name[-1] in "34"]
    assert seen(page, ".listing li") == [f"#{name}" for name in marked(page)]
    page.get_by_role("radio", name="juru bicara Bolivia").check()
    page.get_by_role("checkbox", name="support").uncheck()
    assert marked(page) == ["s1-3", "s2-3"]
    page.get_by_role("radio", name="Alma Quispe").check()
    assert marked(page) == []
    assert seen(page, ".listing li") == []
    assert "Kami mengutuk sabotase itu" in page.locator(".prose").first.inner_text()
    point_at(page, "#s1-2")
    assert seen(page, ".note") == []
    page.get_by_role("button", name="Show all").click()
    assert marked(page) == both


def test_the_filters_work_with_the_keyboard_and_send_nothing(shown):
    page = shown(bridge())
    page.locator("#p-all").focus()
    page.keyboard.press("ArrowDown")
    assert marked(page) == ["s1-1", "s1-2"]
    page.keyboard.press("Enter")
    page.locator("#f-condemnation").focus()
    page.keyboard.press("Enter")
    assert marked(page) == ["s1-1", "s1-2"]
    assert page.url.endswith("report.html")


def test_the_page_reads_without_script(shown):
    page = shown(bridge(), java_script_enabled=False)
    assert "Kami mengutuk sabotase itu" in page.locator("#s1-2").inner_text()
    page.locator("summary").first.click()
    assert page.get_by_role("table").first.is_visible()
    page.get_by_role("checkbox", name="support").uncheck()
    assert not page.locator(".listing li").nth(3).is_visible()


def test_a_statement_in_the_list_leads_to_its_place(shown):
    page = shown(bridge())
    page.locator(".listing a.to").nth(1).click()
    assert page.url.endswith("#s1-2")
    assert page.locator("#s1-2").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_articles_stay_text(shown, scheme):
    page = shown(hostile(), bridge(), color_scheme=scheme)
    assert page.title() == "2 articles · sikap"
    for index in range(7):
        page.locator(f"#s1-{index + 1}").focus()
        assert seen(page, ".note") == [f"n1-{index + 1}"]
    assert page.title() == "2 articles · sikap"
    assert page.evaluate("document.querySelectorAll('script, img, [onerror], [onfocus], [autofocus]').length") == 0
    assert page.locator("main").is_visible()
    assert marked(page) == [*(f"s1-{index + 1}" for index in range(7)), "s2-1", "s2-2", "s2-3", "s2-4"]


def test_an_injected_script_would_not_run(browser, tmp_path):
    page = browser.new_page()
    page.set_content(saved(tmp_path, bridge()).read_text().replace("</main>", "<script>self.ran = 1</script></main>"))
    assert page.locator("main script").count() == 1
    assert page.evaluate("self.ran") is None
    page.close()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("articles", [[bridge()], [bridge(), EMPTY, bridge("dua.txt")], [EMPTY], [hostile()]])
def test_axe_finds_nothing(shown, screen, scheme, articles):
    from axe_playwright_python.sync_playwright import Axe

    page = shown(*articles, screen=screen, color_scheme=scheme)
    page.eval_on_selector_all("details", "all => all.forEach(e => { e.open = true })")
    if page.locator("mark").count():
        page.locator("mark").first.focus()
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response
    assert [
        (rule["id"], rule["nodes"][0]["html"], rule["nodes"][0]["failureSummary"]) for rule in found["violations"]
    ] == []
    assert len(found["passes"]) > 20


@pytest.mark.parametrize("articles", [[bridge()], [bridge(), hostile()]])
def test_a_phone_scrolls_only_down(shown, articles):
    page = shown(*articles, screen="phone", has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator("#s1-1 .badge").tap()
    box = page.locator("#n1-1").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert box["y"] + box["height"] <= 740


def test_print_leaves_out_what_paper_cannot_do(shown):
    page = shown(bridge())
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert page.locator("#s1-1").is_visible()
    assert page.locator(".listing li").first.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('#s1-1')).printColorAdjust") == "exact"
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_stances_differ_by_more_than_colour(shown):
    said = [("Satu.", ("support",)), ("Dua.", ("condemnation",)), ("Tiga.", ("condolence",)), ("Empat.", ())]
    text = " ".join(words for words, _ in said)
    page = shown(AnalyzedArticle("a.txt", text, [statement(text, *given) for given in said]))
    lines = page.eval_on_selector_all("mark .line", "all => all.map(e => getComputedStyle(e).textDecorationStyle)")
    assert lines == ["solid", "double", "dashed", "dotted"]
    symbols = page.eval_on_selector_all("mark use", "all => all.map(e => e.getAttribute('href'))")
    assert symbols == ["#i-support", "#i-condemnation", "#i-condolence", "#i-none"]
