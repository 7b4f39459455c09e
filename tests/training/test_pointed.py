"""Labels that point into files of the user's: joined, checked against their digest, used as corrections."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from sikap.errors import InputError
from sikap_training.pointed import COLUMNS, digest_of, join, read_pointers
from sikap_training.statements import load_statements

from .small_run import sikap_in

ARTICLE = (
    'Jakarta - Menteri Luar Negeri Arumi Tandayu mengutuk serangan di Kota Baraya. "Kami berduka bersama para korban," '
    "ujarnya. Pertemuan berikutnya dijadwalkan pada bulan Juni."
)
CONDEMNS = "Menteri Luar Negeri Arumi Tandayu mengutuk serangan di Kota Baraya."
MOURNS = '"Kami berduka bersama para korban," ujarnya.'
OTHER = "Presiden Halim Wirasena menyambut baik gencatan senjata itu dan memuji kesabaran kedua delegasi."


def row(file: str, line: int, document: str, statement: str, stance: str, sentiment: str) -> list[str]:
    start = document.index(statement)
    place = [file, str(line), str(start), str(start + len(statement))]
    return [*place, digest_of(statement), stance, sentiment, "first=c-;second=n-"]


def write_table(path: Path, rows: list[list[str]], columns: tuple[str, ...] = COLUMNS) -> Path:
    path.write_text("\n".join("\t".join(cells) for cells in [list(columns), *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "teks"
    folder.mkdir()
    with gzip.open(folder / "berita.txt.gz", "wt", encoding="utf-8") as stream:
        stream.write(f"baris lain\n{ARTICLE}\n{OTHER}\n")
    own = {"id": "k1", "text": OTHER, "stance": [], "sentiment": "neutral", "group": "g"}
    (folder / "kutipan.jsonl").write_text(json.dumps(own) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write_table(
        tmp_path / "labels.tsv",
        [
            row("berita.txt.gz", 2, ARTICLE, CONDEMNS, "condemnation", "negative"),
            row("berita.txt.gz", 2, ARTICLE, MOURNS, "condolence", "negative"),
            row("berita.txt.gz", 3, OTHER, OTHER, "support", "positive"),
        ],
    )


def test_labels_meet_their_texts(table: Path, texts: Path, tmp_path: Path):
    output = tmp_path / "out.jsonl"
    done = sikap_in(tmp_path, "join-texts", table, texts, "--output", output)
    assert done.status == 0, done.err
    assert done.out.endswith("3 labelled statements\n")
    statements = load_statements([output])
    assert [(s.text, s.stance, s.sentiment) for s in statements] == [
        (CONDEMNS, ("condemnation",), "negative"),
        (MOURNS, ("condolence",), "negative"),
        (OTHER, ("support",), "positive"),
    ]
    first, second, third = (statement.group for statement in statements)
    assert first == second != third  # an article is one group


def test_what_each_annotator_said_comes_along(table: Path, texts: Path, tmp_path: Path):
    rows = list(join(table, [texts]))
    assert rows[0]["annotations"] == [
        {"annotator": "first", "stance": ["condemnation"], "sentiment": "negative"},
        {"annotator": "second", "stance": [], "sentiment": "negative"},
    ]
    (tmp_path / "out.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    done = sikap_in(tmp_path, "agreement", "out.jsonl", "--json")
    (pair,) = json.loads(done.out)["pairs"]
    assert pair["statements"] == 3


def test_labels_of_a_jsonl_file_correct_those_that_it_has(texts: Path, tmp_path: Path):
    table = write_table(tmp_path / "t.tsv", [row("kutipan.jsonl", 1, OTHER, OTHER, "support", "positive")])
    output = tmp_path / "out.jsonl"
    output.write_text("".join(json.dumps(r) + "\n" for r in join(table, [tmp_path, texts])), encoding="utf-8")
    (statement,) = load_statements([texts / "kutipan.jsonl", output])
    assert (statement.id, statement.stance, statement.sentiment) == ("k1", ("support",), "positive")
    assert statement.group == "kutipan.jsonl:g"  # it keeps its place


def test_documents_of_what_is_measured_on_are_left_out_whole(table: Path, texts: Path, tmp_path: Path):
    measured = {"text": CONDEMNS.replace("di Kota", "di  kota"), "stance": "condemnation", "sentiment": "negative"}
    (tmp_path / "dev.jsonl").write_text(json.dumps(measured) + "\n", encoding="utf-8")
    done = sikap_in(tmp_path, "join-texts", table, texts, "--without", "dev.jsonl", "--output", "out.jsonl")
    assert done.status == 0, done.err
    assert [s.text for s in load_statements([tmp_path / "out.jsonl"])] == [OTHER]


def test_another_text_at_the_place_is_refused_and_nothing_is_written(table: Path, texts: Path, tmp_path: Path):
    with gzip.open(texts / "berita.txt.gz", "wt", encoding="utf-8") as stream:
        stream.write(f"baris lain\n{ARTICLE.replace('mengutuk', 'mengecam')}\n{OTHER}\n")
    done = sikap_in(tmp_path, "join-texts", table, texts, "--output", "out.jsonl")
    assert done.status == 2
    assert "berita.txt.gz, line 2: does not hold the text that was labelled" in done.sentence
    assert not (tmp_path / "out.jsonl").exists()


def test_a_file_that_no_folder_has_is_named(table: Path, tmp_path: Path):
    done = sikap_in(tmp_path, "join-texts", table, tmp_path, "--output", "out.jsonl")
    assert (done.status, "berita.txt.gz: is in none of" in done.sentence) == (2, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((0, "../berita.txt.gz"), "row 1, column file: '../berita.txt.gz' is no plain file name"),
        ((1, "dua"), "row 1, column line: 'dua' is no whole number"),
        ((3, "-4"), "row 1, column end: '-4' is no whole number"),
        ((5, "setuju"), "row 1, column stance: 'setuju' is no stance"),
        ((6, "marah"), "row 1, column sentiment: 'marah' is no sentiment"),
        ((7, "first=c"), "row 1, column annotations: 'first=c' is not an annotator's name"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, change: tuple[int, str], said: str):
    cells = row("berita.txt.gz", 2, ARTICLE, CONDEMNS, "condemnation", "negative")
    cells[change[0]] = change[1]
    with pytest.raises(InputError, match=said):
        read_pointers(write_table(tmp_path / "t.tsv", [cells]))


def test_a_table_without_a_column_or_rows_is_refused(tmp_path: Path):
    cells = row("berita.txt.gz", 2, ARTICLE, CONDEMNS, "condemnation", "negative")
    with pytest.raises(InputError, match="has no column 'annotations'"):
        read_pointers(write_table(tmp_path / "t.tsv", [cells[:-1]], COLUMNS[:-1]))
    with pytest.raises(InputError, match="holds no rows"):
        read_pointers(write_table(tmp_path / "t.tsv", []))
    with pytest.raises(InputError, match="no such file"):
        read_pointers(tmp_path / "none.tsv")
