"""Direct quotes under every kind of quotation mark."""

from __future__ import annotations

import pytest
from tests.inference.extraction.helpers import one, texts

from sikap.extraction import extract

SAID = "Kami menunggu kapal itu sejak subuh"


@pytest.mark.parametrize(
    "marks",
    ['""', "“”", "””", "““", "«»", "„“", "''", "‘’", "‹›", "＂＂"],
)
def test_marks_of_every_shape(marks):
    statement = one(f"{marks[0]}{SAID},{marks[1]} kata Bupati Arsen Wiraguna di dermaga.")
    assert (statement.text, statement.kind, statement.speaker) == (SAID, "direct", "Arsen Wiraguna")


@pytest.mark.parametrize("text", [f"” {SAID} , ” kata Arsen .", f"” {SAID} ,” kata Arsen.", f"”{SAID}, ”kata Arsen."])
def test_marks_with_spaces_in_the_wrong_place(text):
    assert texts(f"Dermaga itu sepi. {text} Lalu ia pulang.") == [SAID]


def test_full_stop_inside_the_marks_stays_and_a_comma_does_not():
    assert one('Arsen berkata: "Kapal itu tidak datang."').text == "Kapal itu tidak datang."
    assert one('"Kapal itu tidak datang", kata Arsen.').text == "Kapal itu tidak datang"
    assert one('"Kapal itu tidak datang!" kata Arsen.').text == "Kapal itu tidak datang!"


def test_nested_marks_belong_to_the_outer_quote():
    text = '"Mereka menyebut kami "tamu tak diundang" di pelabuhan sendiri," ujar Arsen Wiraguna.'
    assert one(text).text == 'Mereka menyebut kami "tamu tak diundang" di pelabuhan sendiri'
    text = "“Mereka menyebut kami ‘tamu tak diundang’ di pelabuhan sendiri,” ujar Arsen Wiraguna."
    assert one(text).text == "Mereka menyebut kami ‘tamu tak diundang’ di pelabuhan sendiri"


def test_apostrophes_are_no_marks():
    assert one("Wakil Presiden Nu’man Ma'arif menyatakan Jum'at sebagai hari libur.").kind == "indirect"


def test_quote_cut_in_two_by_its_attribution():
    found = extract('"Kapal itu tidak datang," kata Menteri Arsen Wiraguna, "dan kami tetap menunggu."')
    assert [statement.text for statement in found] == ["Kapal itu tidak datang", "dan kami tetap menunggu."]
    assert {(s.speaker, s.speaker_mention, s.cue) for s in found} == {("Arsen Wiraguna", "Arsen Wiraguna", "kata")}


def test_quote_that_goes_on_after_its_attribution():
    found = extract('"Kapal itu tidak datang," kata Arsen Wiraguna. "Kami tetap menunggu di sini."')
    assert [(s.text, s.cue) for s in found] == [
        ("Kapal itu tidak datang", "kata"),
        ("Kami tetap menunggu di sini.", "kata"),
    ]


def test_quote_over_paragraphs_whose_marks_are_reopened():
    article = (
        "Presiden Lavra Okonjo berpidato di alun-alun.\n\n"
        "“Kita kehilangan jembatan, tetapi bukan jalan.\n\n"
        "“Besok kita membangun lagi,” katanya.\n\n"
        "Hujan turun hingga malam."
    )
    found = extract(article)
    assert [s.text for s in found] == ["Kita kehilangan jembatan, tetapi bukan jalan.", "Besok kita membangun lagi"]
    assert {s.speaker for s in found} == {"Lavra Okonjo"}


def test_quote_over_paragraphs_within_one_pair_of_marks():
    article = '"Kita kehilangan jembatan.\nTetapi kita masih punya perahu," kata Presiden Lavra Okonjo.'
    assert one(article).text == "Kita kehilangan jembatan.\nTetapi kita masih punya perahu"


def test_quote_left_open_at_the_end_of_a_paragraph():
    article = "Menteri Arsen Wiraguna menulis: “Kapal itu tidak akan datang lagi ke sini\n\nHujan turun hingga malam."
    assert one(article).text == "Kapal itu tidak akan datang lagi ke sini"


def test_quote_whose_closing_mark_is_missing_before_its_attribution():
    article = '"Kapal itu tidak datang, kata Arsen Wiraguna di dermaga. Hujan turun. "Kami tetap menunggu," tambahnya.'
    assert texts(article) == ["Kapal itu tidak datang", "Kami tetap menunggu"]


def test_quote_whose_opening_mark_is_missing():
    assert texts('Hujan turun. Kapal itu tidak datang," kata Arsen Wiraguna.') == ["Kapal itu tidak datang"]


def test_quotes_after_a_colon_and_after_a_cue():
    assert one('Lewat akun X, Arsen Wiraguna menulis: "Pelabuhan kami tetap buka."').kind == "direct"
    assert one('Arsen Wiraguna mengatakan, "Pelabuhan kami tetap buka."').kind == "direct"
    assert one('Arsen Wiraguna mengatakan "Pelabuhan kami akan tetap buka bagi siapa pun".').kind == "direct"


@pytest.mark.parametrize(
    "text",
    [
        'Gerakan "Satu Desa Satu Perahu" mendapat penghargaan dari Uni Eropa.',
        'Buku berjudul "Laut Tanpa Garis" terbit pekan lalu.',
        'Kapal itu dijuluki "Ratu Utara" oleh para nelayan.',
        'Ia membawa spanduk bertuliskan "Pelabuhan Milik Kami" ke alun-alun.',
    ],
)
def test_titles_names_and_nicknames_are_no_statements(text):
    assert texts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        'Menteri Arsen Wiraguna menegaskan bahwa "pelabuhan itu milik rakyat".',
        'Menteri Arsen Wiraguna menyebut larangan itu sebagai "langkah yang keliru".',
        "Menteri Arsen Wiraguna menekankan “pentingnya jalur laut yang aman” bagi kedua negara.",
        "Negara-negara anggota “menegaskan kembali dukungan mereka bagi jalur laut yang aman”.",
    ],
)
def test_fragments_make_a_mixed_statement_of_the_whole_sentence(text):
    statement = one(text)
    assert (statement.kind, statement.text) == ("mixed", text)


def test_a_sentence_with_a_direct_quote_is_not_listed_again():
    text = 'Menteri Arsen Wiraguna menyesalkan larangan itu dan berkata: "Kami akan mengajukan protes resmi."'
    assert texts(text) == ["Kami akan mengajukan protes resmi."]
