"""Where sentences and paragraphs end."""

from __future__ import annotations

import pytest

from sikap.extraction.quotes import find_quotes
from sikap.extraction.segments import find_paragraphs, find_sentences


def sentences(text: str) -> list[str]:
    paragraphs = find_paragraphs(text)
    return [text[s.start : s.end] for s in find_sentences(text, paragraphs, find_quotes(text, paragraphs))]


@pytest.mark.parametrize(
    "text",
    [
        "Duta Besar H.E. Pavla Novotná tiba di Jakarta.",
        "Duta Besar H.E.Pavla Novotná tiba di Jakarta.",
        "Rapat dipimpin Dr. Arsen Wiraguna dan Prof. Dorus Lewar.",
        "Aturan itu tertuang dalam Keputusan No. 12 Tahun 2031.",
        "Surat itu ditandatangani a.n. Menteri Perhubungan.",
        "Anggarannya Rp. 12.500.000 atau Rp12,5 miliar per tahun.",
        "Harga naik 3.5 persen menjadi 1.250 dolar.",
        "Presiden J.B. Wattimena dan A. R. Siregar hadir.",
        "Ia terdiam sejenak... lalu pergi.",
        "Laman kompas.com dan kemlu.go.id tidak bisa dibuka.",
        "Kabar itu datang dari Presiden Erdo?an di Ankara.",
        "Rapat dimulai pukul 09.30 WIB.",
        '"Siapa yang datang? Kami tidak tahu. Tidak ada!" kata Arsen.',
        "Pasukan dr. Soetomo bertugas.",
    ],
)
def test_one_sentence_stays_one(text):
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kapal itu tiba.Semua selamat.", ["Kapal itu tiba.", "Semua selamat."]),
        ("Kapal itu tiba (5/6/2031).Semua selamat.", ["Kapal itu tiba (5/6/2031).", "Semua selamat."]),
        ('"Kami datang," katanya."Semua selamat," ujarnya.', ['"Kami datang," katanya.', '"Semua selamat," ujarnya.']),
        ("Kapal itu tiba... Semua selamat.", ["Kapal itu tiba...", "Semua selamat."]),
        ("Kapal itu tiba. çelikoğlu menyambutnya.", ["Kapal itu tiba.", "çelikoğlu menyambutnya."]),
        ("Kapal tiba!\nSemua selamat", ["Kapal tiba!", "Semua selamat"]),
        ('Ia menyebutnya "tipuan." Kami diam.', ['Ia menyebutnya "tipuan."', "Kami diam."]),
        ("Harga ikan, garam, dll. Semua naik.", ["Harga ikan, garam, dll.", "Semua naik."]),
        ("Kapal tiba pukul 9. Dia turun.", ["Kapal tiba pukul 9.", "Dia turun."]),
        ("Kapal itu tiba. (abc/def)", ["Kapal itu tiba.", "(abc/def)"]),
    ],
)
def test_two_sentences_are_two(text, expected):
    assert sentences(text) == expected


def test_wrapped_lines_are_one_paragraph():
    text = "Kapal itu tiba di pelabuhan\nsebelum subuh dan\n\nSemua penumpang selamat."
    assert [text[start:end] for start, end in find_paragraphs(text)] == [
        "Kapal itu tiba di pelabuhan\nsebelum subuh dan",
        "Semua penumpang selamat.",
    ]
