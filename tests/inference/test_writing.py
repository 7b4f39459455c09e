"""What is written: every format, every input column, whole or not at all."""

from __future__ import annotations

import datetime
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from .helpers import FLAT, NESTED, ROWS, SENTIMENTS, STANCES, TEXTS, decoded, encoded, sikap

INPUTS = ["csv", "tsv", "jsonl", "txt", "parquet"]


def same(found: dict, wanted: dict) -> None:
    """Check the added fields of a JSON or Parquet row."""
    for key in ("stance", "sentiment", "uncertain", "truncated"):
        assert found[key] == wanted[key]
    for key in ("stance_probabilities", "sentiment_probabilities"):
        assert list(found[key]) == list(wanted[key])
        assert found[key] == pytest.approx(wanted[key], abs=2e-5)


def same_cells(found: dict, wanted: dict) -> None:
    """Check the added cells of a CSV or TSV row."""
    assert found["stance"] == ("+".join(wanted["stance"]) or "none")
    assert found["sentiment"] == wanted["sentiment"]
    assert found["uncertain"] == str(wanted["uncertain"]).lower()
    assert found["truncated"] == str(wanted["truncated"]).lower()
    for head, names in (("stance", STANCES), ("sentiment", SENTIMENTS)):
        for name in names:
            cell, probability = found[f"{head}_{name}"], wanted[f"{head}_probabilities"][name]
            assert float(cell) == pytest.approx(probability, abs=2e-5)


@pytest.mark.parametrize("target", ["table", "json", "jsonl", "csv", "tsv", "parquet"])
@pytest.mark.parametrize("source", INPUTS)
def test_every_input_comes_out_in_every_format(score, tmp_path, model, source, target):
    path = tmp_path / f"a.{source}"
    path.write_bytes(encoded(ROWS, source))
    out = tmp_path / ("b.txt" if target == "table" else f"b.{target}")
    ran = score("--input", path, "--output", out)
    assert (ran.status, ran.stdout) == (0, b""), ran.stderr
    given = [{"text": text} for text in TEXTS] if source == "txt" else ROWS
    wanted = [prediction.to_dict() for prediction in model.predict(TEXTS)]
    if target == "table":
        lines = out.read_text(encoding="utf-8").splitlines()
        at = [next(i for i, line in enumerate(lines) if text in line) for text in TEXTS]
        assert at == sorted(at)
        assert all(prediction["sentiment"] in lines[i] for i, prediction in zip(at, wanted, strict=True))
        return
    rows = decoded(out.read_bytes(), target)
    flat = target in ("csv", "tsv")
    assert [list(row) for row in rows] == [[*given[0], *(FLAT if flat else NESTED)]] * len(given)
    assert [{key: row[key] for key in given[0]} for row in rows] == given
    for row, expected in zip(rows, wanted, strict=True):
        (same_cells if flat else same)(row, expected)


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "parquet"])
def test_standard_output_takes_every_format(form, tiny_bundle):
    ran = sikap("score", "--input", "-", "--format", form, "--model", tiny_bundle, stdin=encoded(ROWS, "jsonl"))
    assert (ran.returncode, ran.stderr) == (0, b"")
    if form == "table":
        assert b"Kami mengutuk keras serangan itu." in ran.stdout
        assert b"\x1b" not in ran.stdout
    else:
        assert [row["text"] for row in decoded(ran.stdout, form)] == TEXTS


def test_a_dash_for_output_is_json_lines_and_nothing_is_a_table(score):
    ran = score("Kami mengutuk", "--output", "-")
    assert decoded(ran.stdout, "jsonl")[0]["text"] == "Kami mengutuk"
    assert b"sentiment" in score("Kami mengutuk").stdout.splitlines()[1]


def test_the_fields_of_a_scored_statement(score):
    [found] = json.loads(score("Kami mengutuk keras serangan itu.", "--format", "json").stdout)
    assert list(found) == ["text", *NESTED]
    assert list(found["stance_probabilities"]) == STANCES
    assert list(found["sentiment_probabilities"]) == SENTIMENTS
    assert found["stance"] == [name for name in STANCES if name in found["stance"]]
    assert found["sentiment"] == max(SENTIMENTS, key=found["sentiment_probabilities"].get)
    assert sum(found["sentiment_probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert (type(found["uncertain"]), type(found["truncated"])) == (bool, bool)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_input_columns_named_like_ours_are_kept(score, tmp_path, form):
    rows = [{"stance": "lama", "text": text, "sentiment": "L", "sikap_stance": "x"} for text in TEXTS]
    path, out = tmp_path / f"a.{form}", tmp_path / f"b.{form}"
    path.write_bytes(encoded(rows, form))
    assert score("--input", path, "--output", out).status == 0
    found = decoded(out.read_bytes(), form)
    assert [{key: row[key] for key in rows[0]} for row in found] == rows
    assert list(found[0])[4:6] == ["sikap_sikap_stance", "sikap_sentiment"]
    assert found[0]["sikap_sentiment"] in SENTIMENTS
    assert found[0]["sikap_sikap_stance"] not in ("lama", "x")


@pytest.mark.parametrize("later", ["stance", "catatan"])
def test_parquet_refuses_a_column_that_comes_late_rather_than_losing_it(score, tmp_path, monkeypatch, later):
    monkeypatch.setattr("sikap.writing.parquet.GROUP_ROWS", 2)
    path, out = tmp_path / "a.jsonl", tmp_path / "b.parquet"
    path.write_text('{"text": "a"}\n' * 4 + json.dumps({"text": "b", later: "lama"}) + "\n")
    ran = score("--input", path, "--output", out)
    assert ran.status == 2
    assert f"row 5: has a column '{later}'" in ran.stderr
    assert not out.exists()


def test_parquet_keeps_a_clashing_column_of_a_later_row(score, tmp_path):
    path, out = tmp_path / "a.jsonl", tmp_path / "b.parquet"
    path.write_text('{"text": "a"}\n{"text": "b", "stance": "lama"}\n')
    assert score("--input", path, "--output", out).status == 0
    rows = decoded(out.read_bytes(), "parquet")
    assert [row["stance"] for row in rows] == [None, "lama"]
    assert "sikap_stance" in rows[0]


def test_parquet_keeps_the_types_of_parquet(score, tmp_path, monkeypatch):
    monkeypatch.setattr("sikap.writing.parquet.GROUP_ROWS", 2)
    table = pyarrow.table(
        {
            "text": pyarrow.array(TEXTS),
            "n": pyarrow.array([1, 2, 3, 4], pyarrow.int16()),
            "late": pyarrow.array([None, None, None, 1.5], pyarrow.float32()),
            "day": pyarrow.array([datetime.date(2026, 1, day) for day in (1, 2, 3, 4)]),
            "when": pyarrow.array([datetime.datetime(2026, 1, 1)] * 4, pyarrow.timestamp("ms", "UTC")),
            "tags": pyarrow.array([[], [], ["a"], None], pyarrow.list_(pyarrow.string())),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    ran = score("--input", tmp_path / "a.parquet", "--output", tmp_path / "b.parquet")
    assert ran.status == 0, ran.stderr
    found = pyarrow.parquet.read_table(tmp_path / "b.parquet")
    assert found.select(table.column_names).equals(table)
    assert score("--input", tmp_path / "a.parquet", "--output", tmp_path / "b.csv").status == 0
    assert decoded((tmp_path / "b.csv").read_bytes(), "csv")[3]["day"] == "2026-01-04"


def test_numbers_that_json_lacks_become_null(score, tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(encoded([{"text": "Kami", "x": float("nan"), "y": {"z": [float("inf"), 1.0]}}], "parquet"))
    ran = score("--input", path, "--format", "jsonl")

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    row = json.loads(ran.stdout, parse_constant=refuse)
    assert (row["x"], row["y"]) == (None, {"z": [None, 1.0]})


def test_json_keys_may_come_in_any_order_for_csv(score, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "text": "Kami"}\n{"text": "Kita", "id": [2]}\n')
    rows = decoded(score("--input", path, "--format", "csv").stdout, "csv")
    assert [(row["id"], row["text"]) for row in rows] == [("1", "Kami"), ("[2]", "Kita")]


def test_rows_with_other_columns_do_not_fit_a_csv(refused, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Kami"}\n{"text": "Kita", "id": 2}\n')
    sentence = refused("--input", path, "--output", tmp_path / "b.csv")
    assert "row 2 differs from row 1 in its columns ('id')" in sentence
    assert "--format jsonl" in sentence


def test_a_column_that_changes_its_type_does_not_fit_parquet(refused, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Kami", "id": 1}\n{"text": "Kita", "id": {"a": 2}}\n')
    sentence = refused("--input", path, "--output", tmp_path / "b.parquet")
    assert "rows 1 to 2: a column changes its type" in sentence


FORMULAS = [
    "=1+1",
    "+62 21",
    "-5",
    "'-5",
    "+6.2e-3",
    "-5+cmd",
    "-1\n=2",
    "\uff1d1",
    "\n=1",
    "@SUM(A1)",
    "\tmengutuk",
    "'=1",
    "''+a",
    "'kutipan'",
    "biasa",
]


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_formulas_are_guarded_and_come_back(score, tmp_path, form):
    rows = [{"=nama": cell, "text": cell} for cell in FORMULAS]
    first, second, third = (tmp_path / f"{name}.{form}" for name in "abc")
    source = tmp_path / "a.jsonl"
    source.write_bytes(encoded(rows, "jsonl"))
    assert score("--input", source, "--output", first, "--quiet").status == 0
    cells = decoded(first.read_bytes(), form)
    assert [row["text"] for row in cells] == [
        cell if cell in ("'kutipan'", "biasa", "-5", "+6.2e-3") else "'" + cell for cell in FORMULAS
    ]
    assert next(iter(cells[0])) == "'=nama"
    assert score("--input", first, "--output", second, "--quiet").status == 0
    assert score("--input", second, "--output", third, "--quiet").status == 0
    columns = list(cells[0])
    for path in (second, third):
        assert [{key: row[key] for key in columns} for row in decoded(path.read_bytes(), form)] == cells
    back = decoded(score("--input", first, "--format", "jsonl", "--quiet").stdout, "jsonl")
    assert [(row["=nama"], row["text"]) for row in back] == [(cell, cell) for cell in FORMULAS]


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_formulas_are_kept_when_programs_read_them(score, tmp_path, form):
    rows = [{"=nama": cell, "text": cell} for cell in FORMULAS]
    source, first, second = tmp_path / "a.jsonl", tmp_path / f"b.{form}", tmp_path / "c.jsonl"
    source.write_bytes(encoded(rows, "jsonl"))
    for path, out in ((source, first), (first, second)):
        assert score("--input", path, "--output", out, "--csv-formulas", "keep", "--quiet").status == 0
    for path, kind in ((first, form), (second, "jsonl")):
        cells = decoded(path.read_bytes(), kind)
        assert [(row["=nama"], row["text"]) for row in cells] == [(cell, cell) for cell in FORMULAS]


# -- the table


def test_a_table_shows_nothing_that_steers_a_terminal(score, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"[/]\x1b[1m": "\x1b[31mKami\x07 [bold]mengutuk[/bold]\u202e\x9b2J\ud800"}) + "\n")
    ran = score("--input", path, "--text-column", "[/]\x1b[1m", "--quiet")
    assert ran.status == 0, ran.stderr
    shown = ran.stdout.decode()
    assert not set("\x1b\x07\u202e\x9b") & set(shown)
    assert "[bold]mengutuk[/bold]" in shown
    assert "[/]" in shown


def test_a_long_table_names_its_columns_once_and_every_row(score):
    ran = score("--input", "-", "--quiet", stdin="".join(f"Kalimat nomor {i}x\n" for i in range(450)).encode())
    shown = ran.stdout.decode()
    assert shown.count("sentiment") == 1
    assert all(f"Kalimat nomor {i}x" in shown for i in range(450))


def test_a_table_marks_empty_doubtful_and_long_rows(score, model, sentences):
    doubtful = next(text for text in sentences if model.predict(text).uncertain)
    long = "kami mengutuk serangan itu " * 20
    lines = score("", doubtful, long, "--quiet").stdout.decode()
    assert "(empty)" in lines
    assert "uncertain" in lines
    assert "long" in lines
    assert len(score("kami " * 5000, "--quiet").stdout) < 2000


# -- whole or not at all


def test_a_missing_folder(refused, tmp_path):
    target = tmp_path / "tiada" / "b.csv"
    sentence = refused("Kami", "--output", target)
    assert f"{target}: there is no folder" in sentence
    assert "make it first" in sentence


def test_a_folder_for_an_output(refused, tmp_path):
    (tmp_path / "b.csv").mkdir()
    assert "b.csv: is a folder; pass a file to write to" in refused("Kami", "--output", tmp_path / "b.csv")


@pytest.mark.parametrize("name", ["b.xlsx", "b", "b.table"])
def test_an_output_suffix_that_names_no_format(refused, tmp_path, name):
    sentence = refused("Kami", "--output", tmp_path / name)
    assert f"{name}: cannot tell the format" in sentence
    assert "--format" in sentence


def test_a_name_that_no_file_can_have(refused):
    assert "cannot be written" in refused("Kami", "--output", "b" * 5000 + ".csv")


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "json", "txt"])
def test_a_run_that_fails_midway_leaves_the_old_file(score, tmp_path, monkeypatch, form):
    monkeypatch.setattr("sikap.scoring.WINDOW_ROWS", 2)
    if form == "parquet":
        monkeypatch.setattr("sikap.writing.parquet.GROUP_ROWS", 2)
    out = tmp_path / f"b.{form}"
    out.write_bytes(b"lama")
    source = tmp_path / "a.jsonl"
    source.write_text('{"text": "Kami mengutuk"}\n' * 7 + "{\n")
    ran = score("--input", source, "--output", out)
    assert ran.status == 2
    assert "a.jsonl, line 8" in ran.stderr
    assert out.read_bytes() == b"lama"
    assert sorted(os.listdir(tmp_path)) == ["a.jsonl", f"b.{form}"]


@pytest.mark.parametrize("form", ["parquet", "csv", "table"])
def test_a_failure_midway_to_standard_output_says_one_line(tiny_bundle, tmp_path, form):
    source = tmp_path / "a.jsonl"
    source.write_text('{"text": "Kami mengutuk"}\n' * 7 + "{\n")
    code = (
        "import sys, sikap.scoring, sikap.writing.parquet as p; sikap.scoring.WINDOW_ROWS = p.GROUP_ROWS = 2;"
        "from sikap.cli.main import run; run()"
    )
    command = [sys.executable, "-c", code, "score", "--input", source, "--format", form, "--model", tiny_bundle]
    ran = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert ran.returncode == 2
    assert ran.stderr.count(b"\n") == 1, ran.stderr
    if form == "parquet":
        with pytest.raises(pyarrow.ArrowInvalid):  # no footer: nobody takes the half for the whole
            pyarrow.parquet.read_table(io.BytesIO(ran.stdout))


def test_a_file_may_be_scored_in_place(score, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(encoded(ROWS, "csv"))
    path.chmod(0o600)
    assert score("--input", path, "--output", path).status == 0
    assert [row["id"] for row in decoded(path.read_bytes(), "csv")] == ["7", "3", "9", "1"]
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_link_stays_a_link(score, tmp_path):
    (tmp_path / "a.jsonl").write_text("lama")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "a.jsonl")
    assert score("Kami", "--output", tmp_path / "link.jsonl").status == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert decoded((tmp_path / "a.jsonl").read_bytes(), "jsonl")[0]["text"] == "Kami"


def test_a_named_pipe_is_written_to_and_never_replaced(score, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()))
    reader.start()
    assert score("Kami", "--output", pipe, "--format", "jsonl").status == 0
    reader.join(timeout=20)
    assert decoded(found[0], "jsonl")[0]["text"] == "Kami"
    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("form", ["jsonl", "table", "parquet"])
def test_a_full_disk_behind_standard_output(tiny_bundle, form):
    command = [sys.executable, "-m", "sikap", "score", "Kami", "--format", form, "--model", str(tiny_bundle)]
    with open("/dev/full", "wb") as full:
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert ran.returncode == 2
    assert ran.stderr.count(b"\n") == 1, ran.stderr
    assert b"standard output: cannot be written" in ran.stderr
