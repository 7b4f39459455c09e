"""Reports, acts of speech, and what is neither."""

from __future__ import annotations

import pytest
from tests.inference.extraction.helpers import one, texts

from sikap.extraction import extract


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Menteri Arsen Wiraguna mengatakan bahwa pelabuhan itu dibuka lagi.", "mengatakan"),
        ("Menteri Arsen Wiraguna menilai larangan itu terlambat.", "menilai"),
        ("Menteri Arsen Wiraguna mengaku prihatin atas kabar itu.", "mengaku"),
        ("Pelabuhan itu dibuka lagi, kata Menteri Arsen Wiraguna.", "kata"),
        ("Pelabuhan itu, ujar Arsen Wiraguna, dibuka lagi.", "ujar"),
        ("Menurut Arsen Wiraguna, pelabuhan itu dibuka lagi.", "menurut"),
        ("Pelabuhan itu dibuka lagi, menurut Menteri Arsen Wiraguna.", "menurut"),
        ("Negara itu akan menutup pelabuhannya, Menteri Arsen Wiraguna mengatakan pada hari Rabu.", "mengatakan"),
        ("Menteri Arsen Wiraguna mengutuk pembakaran kapal itu.", "mengutuk"),
        ("Menteri Arsen Wiraguna menyampaikan belasungkawa kepada keluarga nelayan.", "menyampaikan belasungkawa"),
        ("Menteri Arsen Wiraguna menyambut baik pembukaan pelabuhan.", "menyambut baik"),
        ("Arsen Wiraguna berterima kasih kepada para relawan.", "berterima kasih"),
        ("Arsen Wiraguna berjanji pelabuhan itu akan dibuka.", "berjanji"),
        ("Presiden Lavra Okonjo telah menetapkan tiga hari berkabung nasional.", "menetapkan"),
        ("Larangan itu dinilai keliru oleh Menteri Arsen Wiraguna.", "dinilai"),
        ("Tawaran itu disambut baik oleh Arsen Wiraguna.", "disambut baik"),
        ("Mengecam pembakaran kapal itu, Arsen Wiraguna akan memanggil duta besar.", "mengecam"),
        ("Menteri Arsen Wiraguna menemui para nelayan dan menyerukan penghentian larangan.", "menyerukan"),
    ],
)
def test_reports_and_acts_of_speech(text, cue):
    statement = one(text)
    assert (statement.text, statement.kind, statement.cue) == (text, "indirect", cue)
    assert statement.speaker in {"Arsen Wiraguna", "Lavra Okonjo"}


@pytest.mark.parametrize(
    "text",
    [
        "Sedikitnya 12 kapal dilaporkan tenggelam di perairan itu.",
        "Kebakaran itu diduga berasal dari gudang jaring.",
        "Kenaikan harga ikan tercatat 12 persen.",
        "Menteri Arsen Wiraguna tidak menjelaskan kapan pelabuhan dibuka.",
        "Menteri Arsen Wiraguna menolak berkomentar tentang kabar itu.",
        "Kementerian Kelautan tidak menanggapi permintaan komentar.",
        "Presiden Lavra Okonjo mengumumkan keadaan darurat di tiga provinsi.",
        "Presiden Lavra Okonjo menunjuk Arsen Wiraguna sebagai menteri baru.",
        "Hal itu disampaikan Arsen Wiraguna kepada wartawan di dermaga.",
        "Pernyataan tersebut disampaikan Arsen Wiraguna dalam rapat di Jakarta.",
        "Menteri Arsen Wiraguna menyampaikan surat kepada para nelayan.",
        "Kapal yang mengatakan tujuannya tidak jelas itu berlayar lagi.",
        "Lembaga yang mengutuk serangan itu bermarkas di Wina.",
        "Insiden itu memicu kecaman internasional.",
    ],
)
def test_what_is_no_statement(text):
    assert texts(text) == []


def test_a_passive_that_opens_a_sentence_takes_the_speaker_before_it():
    found = extract("Menteri Arsen Wiraguna memperingatkan para nelayan. Dikatakan bahwa ombak akan tinggi.")
    assert [s.speaker for s in found] == ["Arsen Wiraguna", "Arsen Wiraguna"]
    assert found[1].cue == "dikatakan"


def test_a_quoted_sentence_may_stand_without_attribution():
    found = extract('Menteri Arsen Wiraguna mengunjungi dermaga. "Kami tidak akan menutup pelabuhan ini."')
    assert [(s.text, s.speaker, s.speaker_mention) for s in found] == [
        ("Kami tidak akan menutup pelabuhan ini.", "Arsen Wiraguna", None)
    ]


def test_nobody_named_gives_no_speaker():
    statement = one('"Kami tidak akan menutup pelabuhan ini."')
    assert (statement.speaker, statement.speaker_mention, statement.cue) == (None, None, None)


def test_nobody_is_guessed_where_the_sentence_names_nobody():
    article = 'Arsen Wiraguna berbicara di dermaga.\n\n"Pulangkan kapal kami!" terdengar dari kerumunan.'
    assert [s.speaker for s in extract(article)] == [None]


def test_the_conveyor_behind_a_claim_is_the_speaker():
    assert one("Utara menyebut larangan itu sebagai tipuan, kata Menteri Arsen Wiraguna.").speaker == "Arsen Wiraguna"
    assert one("Arsen Wiraguna mengecam larangan itu, menurut catatan Uni Eropa.").speaker == "Arsen Wiraguna"
