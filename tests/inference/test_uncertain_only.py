"""`sikap score --uncertain-only` and `Prediction.doubtful`: what is handed to a person."""

from __future__ import annotations

import pytest

import sikap
from sikap.cli.main import main

from .helpers import decoded, encoded

ROWS = [
    {"id": "a", "text": "Kami mengutuk keras serangan itu."},
    {"id": "b", "text": "Para menteri berduka, mengecam penyelundup, dan mendukung penyelidikan bersama."},
    {"id": "c", "text": "..."},
    {"id": "d", "text": "Doa kami menyertai rakyat Maroko. Semoga mereka lekas pulih."},
    {"id": "e", "text": "Menteri tiba di Jenewa pada hari Senin."},
]


@pytest.fixture(scope="module")
def doubtful():
    predictions = sikap.load().predict([row["text"] for row in ROWS])
    ids = [row["id"] for row, prediction in zip(ROWS, predictions, strict=True) if prediction.doubtful]
    assert 0 < len(ids) < len(ROWS) - 1, "the rows must hold both kinds"
    return ids


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "json", "parquet"])
def test_only_rows_in_doubt_are_written(tmp_path, capsys, doubtful, form):
    given, wanted = tmp_path / "in.csv", tmp_path / f"out.{form}"
    given.write_bytes(encoded(ROWS, "csv"))
    assert main(["score", "--input", str(given), "--uncertain-only", "--output", str(wanted)]) == 0
    rows = decoded(wanted.read_bytes(), form)
    assert [row["id"] for row in rows] == doubtful
    assert all(row["uncertain"] in (True, "true") for row in rows)
    said = capsys.readouterr().err
    assert f"{len(doubtful)} of 5 rows are uncertain and were written" in said
    assert "row 3 holds no text to read: left out." in said


def test_the_table_keeps_the_numbers_of_the_input(capsys, tmp_path, doubtful):
    given = tmp_path / "in.csv"
    given.write_bytes(encoded(ROWS, "csv"))
    assert main(["score", "--input", str(given), "--uncertain-only"]) == 0
    out = capsys.readouterr().out
    shown = [line.split()[0] for line in out.splitlines() if line.strip() and line.split()[0].isdigit()]
    assert shown == [str("abcde".index(name) + 1) for name in doubtful]


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "json", "parquet", "table"])
def test_no_doubt_is_an_empty_output_with_its_columns(tmp_path, form):
    given, wanted = tmp_path / "in.csv", tmp_path / f"out.{form}"
    given.write_bytes(encoded([ROWS[0]], "csv"))
    arguments = ["score", "--input", str(given), "--uncertain-only", "--output", str(wanted), "--format", form]
    assert main(arguments) == 0
    if form == "parquet":
        import pyarrow.parquet

        schema = pyarrow.parquet.read_schema(wanted)
        assert schema.names[:3] == ["id", "text", "stance"]
        assert pyarrow.parquet.read_metadata(wanted).num_rows == 0
    elif form in ("csv", "tsv"):
        (header,) = wanted.read_text().splitlines()
        assert header.startswith("id,text,stance," if form == "csv" else "id\ttext\tstance\t")
    else:
        assert wanted.read_text() == ("[]\n" if form == "json" else "")
