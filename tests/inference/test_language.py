"""Telling Indonesian from other languages, to warn and never to refuse."""

from __future__ import annotations

import pytest

from sikap.language import indonesian_signs, is_indonesian

FOREIGN = [
    "We strongly condemn the attack on civilians and call for restraint.",
    "Condenamos enérgicamente el ataque contra la población civil en la región.",
    "Nous condamnons fermement cette attaque contre les civils et leurs familles.",
    "Wir verurteilen den Angriff auf die Zivilbevölkerung und sind in Gedanken bei den Opfern.",
    "Kinokondena namin ang pag-atake sa mga sibilyan at nakikiramay kami.",
    "Мы решительно осуждаем нападение на мирных жителей",
    "我们强烈谴责这次袭击",
    "ندين بشدة هذا الهجوم على المدنيين",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_foreign_text(text):
    assert not is_indonesian(text)


def test_indonesian_text(sentences):
    assert [text for text in sentences if not is_indonesian(text)] == []


@pytest.mark.parametrize("text", ["", "Ya.", "Palestina merdeka!", "PBB", "2024", "Stop!", "Gaza, 7 Oktober 2023"])
def test_short_texts_pass(text):
    assert is_indonesian(text)


def test_a_foreign_name_or_title_is_no_foreign_text():
    assert is_indonesian("Kami menghadiri sidang International Court of Justice di Den Haag bersama para menteri.")


def test_signs_are_counted():
    assert indonesian_signs("Kami dan the 我们") == (4, 4, 4)


def test_foreign_rows_are_scored_and_warned_about(score, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Kami mengutuk serangan itu.\n" + "\n".join(FOREIGN) + "\n", encoding="utf-8")
    ran = score("--input", path, "--format", "jsonl")
    assert ran.status == 0
    assert b"null" not in ran.stdout
    assert ran.stderr == (
        "sikap: 8 rows (2, 3, 4, 5, 6, ...) hold text that does not read like Indonesian:"
        " scored all the same, do not rely on it.\n"
    )
    quiet = score("--input", path, "--format", "jsonl", "--quiet")
    assert (quiet.stderr, quiet.stdout) == ("", ran.stdout)


def test_one_row_is_named_alone(score):
    assert score("Kami mengutuk.", FOREIGN[0], "").stderr.splitlines() == [
        "sikap: row 3 holds no text to read: kept, labelled nothing.",
        "sikap: row 2 holds text that does not read like Indonesian: scored all the same, do not rely on it.",
    ]
