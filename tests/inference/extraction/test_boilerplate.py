"""What of a page is not the article."""

from __future__ import annotations

import pytest
from tests.inference.extraction.helpers import texts

from sikap.extraction import extract

BODY = "Menteri Arsen Wiraguna mengecam pembakaran kapal itu."


@pytest.mark.parametrize(
    "line",
    [
        "Baca juga: Menteri Arsen Mengutuk Pembakaran Kapal di Dermaga",
        "Posted By : hasil lomba kata Arsen",
        "Simak juga Video: Menteri Arsen Mengecam Larangan",
        "Pewarta: Arsen Wiraguna mengatakan",
        "Editor: Sinta Larasati",
        "COPYRIGHT © KABAR PESISIR 2031",
        "Artikel ini telah tayang di Kabar Pesisir dengan judul Menteri Arsen Mengecam Pembakaran",
        "[Gambas:Video 20detik]",
        "ADVERTISEMENT",
        "SCROLL TO CONTINUE WITH CONTENT",
        "Foto: Menteri Arsen Wiraguna mengatakan sesuatu di dermaga.",
        "Ikuti berita terbaru kami di saluran pesan",
        "Warga Desa Mengutuk Pembakaran Kapal di Dermaga",
        "https://kabar.example/menteri-mengecam",
    ],
)
def test_furniture_and_subheadings_are_left_out(line):
    assert texts(f"{BODY}\n\n{line}\n\nHujan turun hingga malam.") == [BODY]


@pytest.mark.parametrize(
    "dateline",
    [
        "Jakarta (ANTARA) - ",
        "JAKARTA, KABARPESISIR.com - ",
        "TEMPO.CO, Jakarta - ",
        "Jakarta, CNN Indonesia -- ",
        "JAKARTA, KOMPAS — ",
        "Tokyo (Antara/Kyodo) - ",
        "20.15 — ",
    ],
)
def test_datelines_are_left_out(dateline):
    assert texts(f"{dateline}{BODY}") == [BODY]


def test_headlines_are_left_out():
    assert texts(f"Menteri Arsen mengecam pembakaran kapal\n\n{BODY}") == [BODY]
    assert texts(f"Menteri Arsen Mengecam Pembakaran Kapal!\n\n{BODY}") == [BODY]


def test_names_of_a_headline_do_not_mix_with_the_articles():
    article = "Arsen Wiraguna Bahas Kapal\n\nMenteri Arsen Wiraguna berbicara. Wiraguna mengecam pembakaran itu."
    assert [s.speaker for s in extract(article)] == ["Arsen Wiraguna"]


def test_a_link_in_the_middle_of_a_paragraph_does_not_swallow_the_next_sentence():
    article = (
        f"{BODY} Baca juga: Kapal Terbakar di Dermaga Arsen menambahkan bahwa polisi menyelidiki. "
        "Hal itu disampaikan Arsen di Jakarta."
    )
    found = extract(article)
    assert [s.cue for s in found] == ["mengecam", "menambahkan"]
    assert found[1].speaker == "Arsen Wiraguna"


def test_initials_behind_the_last_sentence_are_left_out():
    assert texts(f"{BODY} (abc/def)") == [BODY]


def test_a_short_quote_without_a_final_stop_is_no_subheading():
    assert texts(f'{BODY}\n\n"Kami siap," ujarnya\n\nHujan turun hingga malam.')[1] == "Kami siap"


def test_a_headline_in_front_of_a_single_paragraph_is_left_out():
    assert texts(f"Menteri Arsen Mengecam Pembakaran Kapal di Dermaga. {BODY}") == [BODY]
