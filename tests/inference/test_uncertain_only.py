"""`sikap score --uncertain-only` and `Prediction.doubtful`: what is handed to a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sikap
from sikap.cli.main import main

from .helpers import decoded, encoded

STATEMENTS = Path(__file__).parents[2] / "training" / "data" / "statements.jsonl"
DOUBTFUL = ["b", "d"]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """Two statements that the built-in model is sure of, two that it is not, and none."""
    with STATEMENTS.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(400), strict=False)]
    predictions = sikap.load().predict(texts)
    sure = [p.text for p in predictions if not p.doubtful]
    unsure = [p.text for p in predictions if p.doubtful]
    return [
        {"id": name, "text": text}
        for name, text in zip("abcde", (sure[0], unsure[0], "...", unsure[1], sure[1]), strict=True)
    ]


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "json", "parquet"])
def test_only_rows_in_doubt_are_written(tmp_path, capsys, rows, form):
    given, wanted = tmp_path / "in.csv", tmp_path / f"out.{form}"
    given.write_bytes(encoded(rows, "csv"))
    assert main(["score", "--input", str(given), "--uncertain-only", "--output", str(wanted)]) == 0
    written = decoded(wanted.read_bytes(), form)
    assert [row["id"] for row in written] == DOUBTFUL
    assert all(row["uncertain"] in (True, "true") for row in written)
    said = capsys.readouterr().err
    assert "2 of 5 rows are uncertain and were written" in said
    assert "row 3 holds no text to read: left out." in said


def test_the_table_keeps_the_numbers_of_the_input(capsys, tmp_path, rows):
    given = tmp_path / "in.csv"
    given.write_bytes(encoded(rows, "csv"))
    assert main(["score", "--input", str(given), "--uncertain-only"]) == 0
    out = capsys.readouterr().out
    shown = [line.split()[0] for line in out.splitlines() if line.strip() and line.split()[0].isdigit()]
    assert shown == [str("abcde".index(name) + 1) for name in DOUBTFUL]


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "json", "parquet", "table"])
def test_no_doubt_is_an_empty_output_with_its_columns(tmp_path, rows, form):
    given, wanted = tmp_path / "in.csv", tmp_path / f"out.{form}"
    given.write_bytes(encoded([rows[0]], "csv"))
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
