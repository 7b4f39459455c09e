"""The page as a file: what it says, what it carries, and that content stays content."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser

import pytest

from sikap.analysis import AnalyzedArticle
from sikap.bundle import Bundle
from sikap.labels import STANCES
from sikap.report.card import Grid, Heading, Prose, card_blocks
from sikap.report.page import percent

from .build import BELASUNGKAWA, KUTUK, TEXT, bridge, bundle, page, statement
from .hostile import hostile

EMPTY = AnalyzedArticle("kosong.txt", "Hujan turun di Lima sejak pagi.\n\nJalan basah.", [])
VOID = {"meta", "link", "input", "use", "path", "circle", "line", "rect"}


class Parsed(HTMLParser):
    """Gather tags, attributes and text, and check that tags nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, str] = {}
        self.nested: list[str] = []
        self.prose = ""
        """The text of the articles without what is added to it."""
        self.classes: list[set[str]] = []
        self.feed(html)
        assert self.nested == []

    def handle_starttag(self, tag, attrs):
        assert len(attrs) == len(dict(attrs))
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.nested.append(tag)
            self.classes.append(set((dict(attrs).get("class") or "").split()))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.nested.pop() == tag
            self.classes.pop()

    def handle_data(self, data):
        for tag in set(self.nested):
            self.text[tag] = self.text.get(tag, "") + data
        within = set().union(*self.classes)
        if "prose" in within and not within & {"unseen", "badge", "note"}:
            self.prose += data


def test_the_head_says_the_essentials():
    parsed = Parsed(page(bridge()))
    assert parsed.text["title"].startswith("Jembatan di Perbatasan Runtuh, Dua Negara Saling Berduka · sikap")
    assert parsed.text["h1"] == "Jembatan di Perbatasan Runtuh, Dua Negara Saling Berduka"
    header = " ".join(parsed.text["header"].split())
    assert "4 statements by 2 named speakers; 1 in doubt." in header
    assert "1 support 1 condemnation 2 condolence 1 none" in header
    assert "jembatan.txt" in header


def test_every_word_of_the_article_is_there_once_outside_what_is_added():
    parsed = Parsed(page(bridge()))
    assert parsed.prose.split() == TEXT.partition("\n")[2].split()


def test_a_statement_says_who_how_and_how_sure():
    html = page(bridge())
    note = html[html.index('id="n1-2"') : html.index("</mark>", html.index('id="n1-2"'))]
    words = " ".join(re.sub(r"<[^>]+>", " ", note).split())
    assert "Alma Quispe , Menteri Luar Negeri Peru direct speech, cue “ kata ”" in words
    assert "Stance: support 4% condemnation 93% condolence 93%" in words
    assert "Sentiment: negative 90% neutral 5% positive 5%" in words
    assert 'class="s k-condemnation-condolence p1"' in html
    assert html.count("In doubt: the model is not sure of a label.") == 1


def test_nothing_is_asked_of_anybody():
    html = page(bridge(), hostile())
    parsed = Parsed(html)
    assert not {"script", "iframe", "object", "embed", "base", "img", "audio", "video"} & {
        tag for tag, _ in parsed.tags
    }
    for tag, attributes in parsed.tags:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name != "style"
            if name in ("href", "src", "action", "srcset", "xlink:href"):
                assert value.startswith("#") or (tag == "link" and value.startswith("data:image/svg+xml,")), value
    style = html[html.index("<style>") + 7 : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    policy = next(
        attrs["content"] for tag, attrs in parsed.tags if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_every_address_leads_somewhere_and_every_name_is_one():
    parsed = Parsed(page(bridge(), hostile(), EMPTY))
    names = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(names) == len(set(names))
    for _, attributes in parsed.tags:
        for name in ("href", "aria-describedby", "aria-labelledby"):
            value = attributes.get(name) or ""
            for part in [] if value.startswith("data:") else value.split():
                assert part.removeprefix("#") in names


def test_hostile_content_is_shown_and_does_nothing():
    html = page(hostile())
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert "{{ 7 * 7 }}{% raw %}${7*7}" in html
    assert "49 tutup" not in html
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x07\ud800-\udfff]", html)
    assert "aman \ufffdgnarep\ufffd" in html


def test_a_hostile_model_card(tmp_path):
    (tmp_path / "README.md").write_text("# <script>x</script>\n\n| a | <img src=x> |\n| --- | --- |\n| `<b>` | y |\n")
    given = bundle()
    manifest = {**given.manifest, "name": "<script>y</script>", "run_id": '"><b>', "encoder": "aneh", "licence": None}
    model = Bundle(tmp_path, manifest, given.decision, given.max_length)
    parsed = Parsed(page(bridge(), model=model))
    assert not {"script", "img"} & {tag for tag, _ in parsed.tags}
    assert "<script>x</script>" in parsed.text["footer"]


def test_the_footer_holds_the_whole_card():
    model = bundle()
    footer = " ".join(Parsed(page(bridge())).text["footer"].split())
    assert model.manifest["run_id"] in footer
    card = (model.folder / "README.md").read_text(encoding="utf-8").partition("\n---\n")[2]
    for word in re.findall(r"[\w.]{4,}", card):
        assert word in footer, word


def test_an_article_without_statements_says_so():
    html = page(EMPTY)
    assert "No statements found." in html
    assert "<mark" not in html
    assert "<form" not in html
    assert "Hujan turun di Lima sejak pagi." in html


def test_several_articles_come_with_a_table_of_speakers():
    html = page(bridge("a.txt"), EMPTY, bridge("b/c.txt"))
    table = html[html.index("<table>") : html.index("</table>")]
    rows = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in table.split("<tr>")[2:]]
    assert rows[0] == "Alma Quispe Menteri Luar Negeri Peru 4 · 2 4 · · 1 3"
    assert rows[1] == "juru bicara Bolivia 4 2 · · 2 2 1 3"
    assert rows[2] == "All 8 2 2 4 2 2"
    assert "3 articles" in Parsed(html).text["h1"]
    assert "No statements found in this article." in html
    assert html.count("<article ") == 3


def test_the_picture_has_its_numbers_in_words():
    html = page(bridge())
    words = html[html.index('<desc id="words-wide">') : html.index("</desc>")]
    assert "Alma Quispe: 1 condemnation, 2 condolence. juru bicara Bolivia: 1 support, 1 none." in words


def test_many_speakers_are_taken_together():
    text = "\n".join(f"Kami setuju nomor {number:02}." for number in range(60))
    said = [
        statement(text, f"Kami setuju nomor {number:02}.", ("support",), speaker=f"Orang {number:02}")
        for number in range(60)
    ]
    html = page(AnalyzedArticle("banyak.txt", text, said))
    assert html.count('type="radio"') == 42
    assert "20 others" in html
    assert "48 more" in html
    assert html.count('<th scope="row">Orang') == 60


def test_a_headline_is_taken_only_from_what_looks_like_one():
    first_said = AnalyzedArticle("a.txt", TEXT, [statement(TEXT, "Jembatan di Perbatasan Runtuh")])
    assert Parsed(page(first_said)).text["h1"] == "a.txt"
    assert Parsed(page(AnalyzedArticle("dir/b.txt", "Hanya satu baris", []))).text["h1"] == "b.txt"
    assert Parsed(page(AnalyzedArticle("c.txt", f"{BELASUNGKAWA}\n\n{KUTUK}", []))).text["h1"] == "c.txt"
    assert Parsed(page(AnalyzedArticle("d.txt", "Panjang " * 40 + "\n\nDua", []))).text["h1"] == "d.txt"


def test_an_unscored_statement_is_shown():
    text = "Juru bicara itu berkata: “?!”"
    said = dataclasses.replace(
        statement(text, "?!"),
        sentiment=None,
        stance_probabilities=dict.fromkeys(STANCES),
        uncertain=True,
    )
    html = page(AnalyzedArticle("a.txt", text, [said]))
    assert "In doubt" in html
    assert "Sentiment:" not in html


def test_the_same_articles_give_the_same_page():
    assert page(bridge(), hostile()) == page(bridge(), hostile())


@pytest.mark.parametrize(
    ("probability", "said"), [(0.0, "<1%"), (0.004, "<1%"), (0.5, "50%"), (0.99, "99%"), (0.996, ">99%"), (1.0, ">99%")]
)
def test_no_percentage_claims_certainty(probability, said):
    assert percent(probability) == said


def test_the_parts_of_a_model_card():
    grid = "| | a |\n| --- | --- |\n| **b** | 1-2 |"
    card = f"---\nlicense: x\n---\n# Satu\nkata **kuat**\ndan `kode`\n{grid}\nakhir\n## Dua"
    assert list(card_blocks(card)) == [
        Heading(1, "Satu"),
        Prose("kata kuat dan kode"),
        Grid(["", "a"], [["b", "1-2"]]),
        Prose("akhir"),
        Heading(2, "Dua"),
    ]
