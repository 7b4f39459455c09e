"""Articles that are none, and articles that are too much."""

from __future__ import annotations

import time

import pytest
from tests.inference.extraction.helpers import one, texts

from sikap.extraction import extract

SENTENCES = (
    "Menteri Luar Negeri Norwegia Ingvild Sæther mengatakan pelabuhan itu aman. "
    '"Silakan datang sendiri," kata Sæther di Oslo, Selasa (11/1). Ia menyambut baik kedatangan kapal itu. '
    "Pelabuhan tersebut dibangun pada 1950 dan menampung ratusan kapal. Hujan turun hingga malam hari di kota itu. "
)


@pytest.mark.parametrize(
    "article", ["", " ", "\n\n\n", ".", "...", "!?", "\x00\x01", "\ufeff", "(", "- -", "kata", "”"]
)
def test_nothing_to_find(article):
    assert extract(article) == []


@pytest.mark.parametrize("article", ['"' * 5000, "”" * 5001, "“" * 5000, "'" * 5000, '" ' * 5000, "“„«‘" * 2000])
def test_only_marks(article):
    assert extract(article) == []


def test_only_quotes():
    article = '"Kami tetap di sini." "Kami tidak pergi." "Laut ini milik kami."'
    assert texts(article) == ["Kami tetap di sini.", "Kami tidak pergi.", "Laut ini milik kami."]
    assert {s.speaker for s in extract(article)} == {None}


def test_no_statement_is_an_empty_result():
    assert extract("Kapal itu berlayar pada pagi hari. Hujan turun hingga malam.") == []


def test_a_page_pasted_with_its_markup():
    article = (
        '<html><head><script>var a = "kata Arsen mengatakan";</script><style>p { }</style></head><body>'
        "<h1>Menteri mengecam</h1><p>Menteri Arsen <b>Wiraguna</b> mengecam pembakaran kapal itu.</p>"
        '<p>&quot;Kami menunggu kapal itu,&quot; kata Arsen.</p><div class="ad">Iklan</div></body></html>'
    )
    found = extract(article)
    assert [s.text for s in found] == [
        "Menteri Arsen <b>Wiraguna</b> mengecam pembakaran kapal itu.",
        "Kami menunggu kapal itu",
    ]
    assert all(article[s.start : s.end] == s.text for s in found)


def test_bidirectional_marks_and_characters_without_width():
    article = "\u202b\u200f“Kami menunggu\u200b kapal itu,”\u202c kata\u00a0\u2067Arsen Wiraguna\u2069."
    statement = one(article)
    assert statement.text == "Kami menunggu\u200b kapal itu"
    assert statement.speaker == "Arsen Wiraguna"


def test_windows_line_ends_and_other_separators():
    article = "Menteri Arsen Wiraguna mengecam larangan itu.\r\n\r\nIa menyerukan perundingan.\u2028Hujan turun."
    assert texts(article) == ["Menteri Arsen Wiraguna mengecam larangan itu.", "Ia menyerukan perundingan."]


def test_letters_that_grow_in_lower_case():
    assert one("<script></script>İİİ Presiden İlker Aydın mengecam larangan itu.").speaker is not None


@pytest.mark.parametrize(
    "unit", ["kata ", "mengatakan ", "Menteri ", "Menteri, ", ", kata ", "A.", "(", "<a ", "&quot;"]
)
def test_the_same_words_over_and_over_take_linear_time(unit):
    started = time.process_time()
    extract(unit * (200_000 // len(unit)))
    assert time.process_time() - started < 10


def test_one_paragraph_of_a_hundred_thousand_characters():
    article = (SENTENCES * 400)[:100_000]
    started = time.process_time()
    found = extract(article)
    assert time.process_time() - started < 2
    assert len(found) > 500


def test_a_quote_without_end_takes_linear_time():
    started = time.process_time()
    extract('"' + "Kami menunggu kapal itu, kata mereka. " * 20_000)
    assert time.process_time() - started < 10


def test_time_grows_with_length_and_not_faster():
    def seconds(article: str) -> float:
        started = time.process_time()
        extract(article)
        return time.process_time() - started

    seconds(SENTENCES)
    few, many = seconds(SENTENCES * 300), seconds(SENTENCES * 3000)
    assert many < 25 * few
