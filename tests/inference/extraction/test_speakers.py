"""Who is found to speak, with which role."""

from __future__ import annotations

import pytest
from tests.inference.extraction.helpers import one, speakers

from sikap.extraction import extract


@pytest.mark.parametrize(
    ("subject", "speaker", "role"),
    [
        ("Menteri Luar Negeri Norwegia Ingvild Sæther", "Ingvild Sæther", "Menteri Luar Negeri Norwegia"),
        ("Menteri Luar Negeri Norwegia, Ingvild Sæther,", "Ingvild Sæther", "Menteri Luar Negeri Norwegia"),
        ("Menteri Luar Negeri (Menlu) Ingvild Sæther", "Ingvild Sæther", "Menteri Luar Negeri"),
        ("Ingvild Sæther, Menteri Luar Negeri Norwegia,", "Ingvild Sæther", "Menteri Luar Negeri Norwegia"),
        (
            "Juru bicara Partai Keadilan Sejahtera Ahmad Sukandi",
            "Ahmad Sukandi",
            "Juru bicara Partai Keadilan Sejahtera",
        ),
        ("Komandan Front Pesisir Bakri Salim", "Bakri Salim", "Komandan Front Pesisir"),
        ("Komandan Garda Revolusi Salehi", "Salehi", "Komandan Garda Revolusi"),
        ("Juru bicara Kemlu China Wen Haoran", "Wen Haoran", "Juru bicara Kemlu China"),
        ("Duta Besar Ceko untuk Indonesia, H.E. Pavla Novotná,", "Pavla Novotná", "Duta Besar Ceko untuk Indonesia"),
        ("Anggota Komisi I DPR RI Fraksi PKB, TB Suherman,", "TB Suherman", "Anggota Komisi I DPR RI Fraksi PKB"),
        ("Sekretaris Jenderal PBB Aurelio Baptista", "Aurelio Baptista", "Sekretaris Jenderal PBB"),
        ("Menteri Pertahanan Israel, Israel Ben-Dor,", "Israel Ben-Dor", "Menteri Pertahanan Israel"),
        ("Wakil tetap Oman Faisal bin Hamad al-Busaidi", "Faisal bin Hamad al-Busaidi", "Wakil tetap Oman"),
        (
            "Menteri Koordinator Bidang Politik, Hukum, dan Keamanan Raka Pradipta",
            "Raka Pradipta",
            "Menteri Koordinator Bidang Politik, Hukum, dan Keamanan",
        ),
        ("Direktur Eksekutif Amnesty International Indonesia Sinta Larasati", "Sinta Larasati", None),
        ("Kementerian Luar Negeri Norwegia", "Kementerian Luar Negeri Norwegia", None),
        ("Pemerintah Norwegia", "Pemerintah Norwegia", None),
        ("Gedung Putih", "Gedung Putih", None),
        ("Ankara", "Ankara", None),
        ("Uni Eropa dan Norwegia", "Uni Eropa dan Norwegia", None),
        ("Seorang pejabat Gedung Putih", None, None),
        ("Para pejabat", None, None),
        ("Juru bicara Gedung Putih", "Juru bicara Gedung Putih", None),
        ("Kedua menteri", "Kedua menteri", None),
        ("Sebuah pernyataan bersama", "pernyataan bersama", None),
        ("Hamas", "Hamas", None),
    ],
)
def test_subjects(subject, speaker, role):
    statement = one(f"{subject} mengatakan pelabuhan itu harus dibuka.")
    assert statement.speaker == speaker
    if role is not None:
        assert statement.role == role


@pytest.mark.parametrize(
    "middle",
    [
        " juga",
        " pada Selasa (11/1)",
        ", Selasa (11/1),",
        " dalam konferensi pers di Oslo, Selasa,",
        ", yang baru dilantik pekan lalu,",
        ", seperti dikutip kantor berita setempat, Rabu (2/7/2031),",
        " secara terbuka",
        " (54)",
    ],
)
def test_words_between_subject_and_verb(middle):
    statement = one(f"Menteri Luar Negeri Norwegia Ingvild Sæther{middle} menyatakan pelabuhan itu aman.")
    assert (statement.speaker, statement.speaker_mention) == ("Ingvild Sæther", "Ingvild Sæther")


@pytest.mark.parametrize(
    "opening",
    [
        "Dalam pernyataannya, ",
        "Pada hari Minggu, ",
        "Namun, ",
        "Sementara itu, ",
        "Di sisi lain, ",
        "Menanggapi kabar itu, ",
        "Berbicara di Oslo, ",
        "Lewat akun X, ",
        "Secara terpisah, ",
        "Setelah bertemu Presiden Lavra Okonjo, ",
        "Kala itu ",
    ],
)
def test_openings_before_the_subject(opening):
    assert one(f"{opening}Ingvild Sæther menyatakan pelabuhan itu aman.").speaker == "Ingvild Sæther"


def test_attribution_behind_a_quote_with_date_and_place():
    statement = one('"Pelabuhan itu aman," kata Menteri Luar Negeri Turki Kağan Öztürkoğlu, Selasa (11/1) di Ankara.')
    assert (statement.speaker, statement.role) == ("Kağan Öztürkoğlu", "Menteri Luar Negeri Turki")
    assert statement.speaker_mention == "Kağan Öztürkoğlu"
    assert statement.cue == "kata"


@pytest.mark.parametrize(
    ("tail", "mention", "cue"),
    [
        ("kata dia", "dia", "kata"),
        ("ujarnya", "nya", "ujar"),
        ("tutur Ingvild menutup pertemuan", "Ingvild", "tutur"),
        ("demikian bunyi pernyataan Ingvild", "Ingvild", "bunyi"),
        ("imbuh menteri itu", "menteri itu", "imbuh"),
        ("selorohnya disambut tawa", "nya", "seloroh"),
        ("sambungnya menegaskan", "nya", "sambung"),
    ],
)
def test_forms_of_cues_behind_a_quote(tail, mention, cue):
    article = f'Menteri Luar Negeri Ingvild Sæther menyatakan pelabuhan itu aman. "Silakan datang sendiri," {tail}.'
    last = extract(article)[-1]
    assert (last.speaker, last.speaker_mention, last.cue) == ("Ingvild Sæther", mention, cue)
    assert article[last.speaker_mention_start : last.speaker_mention_end] == mention


def test_pronouns_short_names_and_titles_stand_for_the_fullest_name():
    article = (
        "Menteri Luar Negeri Norwegia Ingvild Sæther mengecam pembakaran kapal itu. Ia meminta penyelidikan. "
        "Beliau menilai pelakunya dikenal. Sæther menyerukan ketenangan. Menlu Norwegia itu juga berjanji membantu. "
        "Menurutnya, kapal itu tidak bersenjata."
    )
    assert set(speakers(article)) == {"Ingvild Sæther"}
    assert len(speakers(article)) == 6
    assert {s.role for s in extract(article)} == {"Menteri Luar Negeri Norwegia"}


def test_a_name_given_in_full_only_later_has_one_spelling():
    article = (
        "Sæther mengecam pembakaran kapal itu. Hal senada pernah dikemukakan pendahulunya. "
        "Menteri Luar Negeri Norwegia Ingvild Sæther meminta penyelidikan."
    )
    assert speakers(article) == ["Ingvild Sæther", "Ingvild Sæther"]


def test_a_name_that_lost_its_first_letter():
    article = "Menteri Luar Negeri Şükrü Çelikoğlu mengecam serangan itu. elikoğlu juga mengatakan Turki siap membantu."
    assert speakers(article) == ["Şükrü Çelikoğlu", "Şükrü Çelikoğlu"]


def test_abbreviations_stand_for_what_introduced_them():
    article = (
        "Organisasi Kerja Sama Islam (OKI) mengutuk serangan itu. OKI mendesak gencatan senjata. "
        "Organisasi itu menyampaikan belasungkawa. Kementerian Luar Negeri (Kemlu) meminta WNI waspada. "
        "Kemlu mengimbau mereka melapor."
    )
    assert speakers(article) == ["Organisasi Kerja Sama Islam"] * 3 + ["Kementerian Luar Negeri"] * 2


def test_they_are_the_last_several():
    article = "Negara-negara anggota mengutuk serangan itu. Mereka menyerukan gencatan senjata."
    assert speakers(article) == ["Negara-negara anggota", "Negara-negara anggota"]


def test_he_is_whom_the_sentence_before_is_about():
    article = (
        "Menteri Arsen Wiraguna menyatakan pelabuhan itu aman. Nelayan Dorus Lewar (52) pulang dengan tangan kosong. "
        "Ia mengaku tidak melihat kapal patroli."
    )
    assert speakers(article) == ["Arsen Wiraguna", "Dorus Lewar"]


def test_a_sentence_that_only_attributes_names_the_next_speaker():
    article = (
        "Menteri Arsen Wiraguna menyatakan pelabuhan itu aman. Hal senada disampaikan Gubernur Dorus Lewar. "
        '"Silakan datang sendiri," katanya.'
    )
    assert speakers(article) == ["Arsen Wiraguna", "Dorus Lewar"]


def test_a_paragraph_that_ends_with_a_colon_names_the_speaker():
    article = "Dalam cuitannya, Menteri Arsen Wiraguna menulis:\n\n“Pelabuhan itu aman dan terbuka.”"
    assert speakers(article)[-1] == "Arsen Wiraguna"


def test_words_that_lost_their_space():
    statement = one("Presiden Norwegia Lavra Okonjomengatakan pelabuhan itu aman.")
    assert statement.speaker == "Lavra Okonjo"
    assert one("Menteri DalamNegeri ArsenWiraguna mengecam larangan itu.").speaker == "Arsen Wiraguna"


def test_the_agency_that_carried_the_news_does_not_speak():
    assert one('"Pelabuhan itu aman," kata Arsen Wiraguna seperti dikutip Reuters.').speaker == "Arsen Wiraguna"
    assert extract("Reuters melaporkan sedikitnya 12 kapal tenggelam.") == []


def test_nobody_is_named_where_only_a_kind_of_people_speaks():
    article = "Seorang pejabat Gedung Putih mengatakan rapat itu batal. Ia juga menyebut tidak ada jadwal baru."
    assert [(s.speaker, s.speaker_mention) for s in extract(article)] == [
        (None, "Seorang pejabat Gedung Putih"),
        (None, "Ia"),
    ]


def test_several_names_side_by_side_are_spoken_for_by_the_first():
    text = "Presiden Lavra Okonjo, Kanselir Emil Brandt, dan Perdana Menteri Tiit Kask menyerukan gencatan senjata."
    assert speakers(text) == ["Lavra Okonjo"]


def test_a_group_speaks_through_the_person_who_leads_it():
    assert speakers("Delegasi Kenya, dipimpin Menteri Daudi Otieno, meminta daftar itu diperpanjang.") == [
        "Daudi Otieno"
    ]


def test_any_noun_with_itu_behind_a_cue_points_back_to_the_person():
    article = 'Menteri Arsen Wiraguna menilai larangan itu keliru. "Kami menunggu," ucap pengajar hukum laut itu.'
    assert speakers(article) == ["Arsen Wiraguna", "Arsen Wiraguna"]


def test_the_holder_of_an_office_with_its_abbreviation_between():
    article = "Surat itu diterima Menteri Luar Negeri (Menlu) Sudarga. Sudarga menyatakan akan membalasnya."
    assert [(s.speaker, s.role) for s in extract(article)] == [("Sudarga", "Menteri Luar Negeri")]


@pytest.mark.parametrize(
    "office", ["Juru bicara kelompok bersenjata Front Pesisir", "Ketua Dewan Partai Bulan Bintang"]
)
def test_an_office_in_a_group_with_a_long_name_has_no_person(office: str):
    (statement,) = extract(f"{office} membantah pihaknya terlibat dalam serangan itu.")
    assert (statement.speaker, statement.role) == (office, None)


def test_an_embassy_has_one_spelling_the_fullest():
    text = (
        "Kedubes Ceko meminta warganya menghindari pusat kota.\n\n"
        "Kedutaan Besar Ceko di Maputo mengatakan dua warganya terluka.\n\n"
        '"Kami terus memantau keadaan di sana," kata Kedubes Ceko di Facebook.'
    )
    assert [found.speaker for found in extract(text)] == ["Kedutaan Besar Ceko di Maputo"] * 3


def test_ministries_of_two_countries_stay_apart():
    text = (
        "Kemlu RI menyesalkan insiden itu.\n\n"
        "Kementerian Luar Negeri Peru menyatakan kasus itu sudah selesai.\n\n"
        "Kementerian Luar Negeri RI menambahkan bahwa dua orang masih hilang."
    )
    assert [found.speaker for found in extract(text)] == [
        "Kementerian Luar Negeri RI",
        "Kementerian Luar Negeri Peru",
        "Kementerian Luar Negeri RI",
    ]
