"""What is read, and how what cannot be read is refused."""

from __future__ import annotations

import io
import json
import os
import threading
import types
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from sikap.errors import InputError
from sikap.reading.delimited import guarded, unguarded
from sikap.reading.table import Table

from .helpers import ROWS, TEXTS, decoded, encoded

FORMATS = ["csv", "tsv", "jsonl", "txt", "parquet"]


def write(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# -- what is read


@pytest.mark.parametrize(
    ("stdin", "options"),
    [
        pytest.param(encoded(ROWS, "jsonl"), [], id="jsonl"),
        pytest.param(encoded(ROWS, "csv"), [], id="csv"),
        pytest.param(encoded(ROWS, "csv", delimiter=";"), [], id="semicolons"),
        pytest.param(encoded(ROWS, "tsv"), [], id="tsv"),
        pytest.param(encoded(ROWS, "txt"), [], id="txt"),
        pytest.param(encoded(ROWS, "parquet"), ["--input-format", "parquet"], id="parquet"),
        pytest.param(b"\xef\xbb\xbf" + encoded(ROWS, "csv"), [], id="csv with a byte order mark"),
        pytest.param(b"\xef\xbb\xbf" + encoded(ROWS, "jsonl"), [], id="jsonl with a byte order mark"),
    ],
)
def test_a_pipe_is_read_as_what_its_first_line_shows(score, stdin, options):
    ran = score("--input", "-", "--format", "jsonl", *options, stdin=stdin)
    assert ran.status == 0, ran.stderr
    assert [row["text"] for row in decoded(ran.stdout, "jsonl")] == TEXTS


def test_a_pipe_with_another_text_column_is_told_by_its_header(score):
    ran = score("--input", "-", "--text-column", "kutipan", "--format", "csv", stdin=b"id;kutipan\n1;Kami mengutuk\n")
    [row] = decoded(ran.stdout, "csv")
    assert (row["id"], row["kutipan"]) == ("1", "Kami mengutuk")


@pytest.mark.parametrize("first", ["kami " * 60_000, "satu\rdua", 'kata "ia', "[]"])
def test_a_pipe_of_lines_may_begin_with_anything(score, first):
    ran = score("--input", "-", "--format", "jsonl", "--quiet", stdin=f"{first}\nKami mengutuk\n".encode())
    assert ran.status == 0, ran.stderr
    assert [row["text"] for row in decoded(ran.stdout, "jsonl")] == [first, "Kami mengutuk"]


def test_the_delimiter_is_the_one_of_the_header(score, tmp_path):
    path = write(tmp_path, "a.csv", encoded(ROWS, "csv", delimiter=";"))
    ran = score("--input", path, "--format", "jsonl")
    assert [{key: row[key] for key in ROWS[0]} for row in decoded(ran.stdout, "jsonl")] == ROWS


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "txt"])
def test_windows_line_ends_and_byte_order_marks_are_no_part_of_the_text(score, tmp_path, form):
    rows = ROWS[:3]
    content = encoded(rows, form).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    path = write(tmp_path, f"a.{form}", b"\xef\xbb\xbf" + content)
    ran = score("--input", path, "--format", "jsonl")
    assert ran.status == 0, ran.stderr
    assert [row["text"] for row in decoded(ran.stdout, "jsonl")] == TEXTS[:3]


def test_line_ends_inside_a_cell_are_kept(score, tmp_path):
    path = write(tmp_path, "a.csv", 'text,id\n"satu\r\ndua\n\ntiga",1\n')
    [row] = decoded(score("--input", path, "--format", "jsonl").stdout, "jsonl")
    assert row["text"] == "satu\r\ndua\n\ntiga"


def test_a_suffix_counts_in_any_case_and_a_format_overrules_it(score, tmp_path):
    assert score("--input", write(tmp_path, "A.CSV", "text\nKami mengutuk\n")).status == 0
    ran = score("--input", write(tmp_path, "a.dat", "text\tid\nKami\t1\n"), "--input-format", "tsv", "--format", "csv")
    assert decoded(ran.stdout, "csv")[0]["id"] == "1"


def test_a_statement_of_a_megabyte_in_one_cell(score, tmp_path):
    text = "Kami mengutuk keras serangan itu. " * 30_000
    path = write(tmp_path, "a.csv", f'id,text\n1,"{text}"\n2,Kami berduka\n')
    ran = score("--input", path, "--output", tmp_path / "b.csv")
    assert ran.status == 0, ran.stderr
    with (tmp_path / "b.csv").open("rb") as stream:
        assert sum(len(line) for line in stream) > len(text) > 1_000_000
    assert b"true,true\n" in (tmp_path / "b.csv").read_bytes() or b"false,true\n" in (tmp_path / "b.csv").read_bytes()


def test_empty_rows_are_kept_labelled_nothing_and_warned_about(score, tmp_path):
    path = write(tmp_path, "a.jsonl", '{"text": "Kami mengutuk"}\n{"text": ""}\n{"text": " \\t"}\n{"text": null}\n')
    ran = score("--input", path, "--format", "jsonl")
    assert ran.status == 0
    assert ran.stderr == "sikap: 3 rows (2, 3, 4) hold no text to read: kept, labelled nothing.\n"
    rows = decoded(ran.stdout, "jsonl")
    assert [row["text"] for row in rows] == ["Kami mengutuk", "", " \t", None]
    for row in rows[1:]:
        assert (row["stance"], row["sentiment"], row["uncertain"], row["truncated"]) == ([], None, True, False)
        assert set(row["stance_probabilities"].values()) == set(row["sentiment_probabilities"].values()) == {None}


def test_blank_lines(score, tmp_path):
    wide = score("--input", write(tmp_path, "a.csv", "id,text\n1,Kami\n\n2,Kita\n\n"), "--format", "csv")
    assert [row["id"] for row in decoded(wide.stdout, "csv")] == ["1", "2"]
    narrow = score("--input", write(tmp_path, "b.csv", "text\nKami\n\nKita\n"), "--format", "csv")
    assert [row["text"] for row in decoded(narrow.stdout, "csv")] == ["Kami", "", "Kita"]
    lines = score("--input", write(tmp_path, "c.txt", "Kami\n\nKita"), "--format", "csv")
    assert [row["text"] for row in decoded(lines.stdout, "csv")] == ["Kami", "", "Kita"]
    objects = score("--input", write(tmp_path, "d.jsonl", '\n{"text": "Kami"}\n\n'), "--format", "csv")
    assert [row["text"] for row in decoded(objects.stdout, "csv")] == ["Kami"]


def test_control_characters_stay_in_the_text(score, tmp_path):
    text = "Kami\x00 \x1b[31mmengutuk\x07 serangan\u202e itu"
    path = write(tmp_path, "a.csv", f"text,id\n{text},1\n")
    [row] = decoded(score("--input", path, "--format", "jsonl").stdout, "jsonl")
    assert row["text"] == text


def test_a_lone_carriage_return_survives_every_table(score, tmp_path):
    rows = [{"text": "\r", "x": "a\rb"}, {"text": "Kami\rmengutuk", "x": "\r\n"}]
    source = write(tmp_path, "a.jsonl", encoded(rows, "jsonl"))
    for form in ("csv", "tsv"):
        assert score("--input", source, "--output", tmp_path / f"b.{form}", "--quiet").status == 0
        ran = score("--input", tmp_path / f"b.{form}", "--format", "jsonl", "--quiet")
        assert [{key: row[key] for key in rows[0]} for row in decoded(ran.stdout, "jsonl")] == rows


def test_a_parquet_whose_column_has_no_name_in_utf8(refused, tmp_path):
    content = encoded(ROWS, "parquet").replace(b"sumber", b"sumb\xf4r")
    path = write(tmp_path, "a.parquet", content)
    assert "a.parquet: not a Parquet file, or damaged" in refused("--input", path, "--format", "jsonl")


def test_column_names_of_many_lines_are_listed_on_one():
    table = Table("a.csv", ["satu\ndua", "x" * 5000], iter([]), None, lambda: 0)
    with pytest.raises(InputError) as error:
        list(table.texts("text"))
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 1200


def test_half_a_surrogate_pair(score, tmp_path, model):
    path = write(tmp_path, "a.jsonl", '{"text": "Kami \\ud800 mengutuk", "lain": ["\\udc00"]}\n')
    ran = score("--input", path, "--format", "jsonl")
    assert ran.status == 0, ran.stderr
    [row] = decoded(ran.stdout, "jsonl")
    assert (row["text"], row["lain"]) == ("Kami \ud800 mengutuk", ["\udc00"])
    for form in ("csv", "parquet"):
        out = tmp_path / f"b.{form}"
        assert score("--input", path, "--output", out).status == 0
        assert decoded(out.read_bytes(), form)[0]["text"] == "Kami \ufffd mengutuk"


def test_a_named_pipe_is_read(score, tmp_path):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    feeder = threading.Thread(target=lambda: path.write_text("text\nKami mengutuk\n"))
    feeder.start()
    ran = score("--input", path, "--format", "jsonl")
    feeder.join()
    assert [row["text"] for row in decoded(ran.stdout, "jsonl")] == ["Kami mengutuk"]


@pytest.mark.parametrize("text", ["=1+1", "'=1", "''@a", "'", "''", "'kata'", "-", "biasa", "", "\tx", "'\rx"])
def test_a_guarded_cell_comes_back_as_it_was(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


# -- what is refused


def test_a_missing_file(refused, tmp_path):
    assert str(tmp_path / "nihil.csv") + ": no such file; check the path." in refused("--input", tmp_path / "nihil.csv")


@pytest.mark.parametrize("options", [[], ["--input-format", "csv"]])
def test_a_folder_for_a_file(refused, tmp_path, options):
    (tmp_path / "folder.csv").mkdir()
    assert "folder.csv: is a folder; pass a file" in refused("--input", tmp_path / "folder.csv", *options)


@pytest.mark.parametrize("name", ["a" * 5000 + ".csv", "nul\0.csv"])
def test_a_name_that_no_file_can_have(refused, name):
    assert "check the path" in refused("--input", name)


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.csv.gz", "a.json"])
def test_an_unknown_suffix(refused, tmp_path, name):
    sentence = refused("--input", write(tmp_path, name, "text\nKami\n"))
    assert f"{name}: cannot tell the format" in sentence
    assert "--input-format" in sentence


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_file(refused, tmp_path, form):
    sentence = refused("--input", write(tmp_path, f"a.{form}", b""), "--output", tmp_path / "b.csv")
    assert f"a.{form}: the file is empty" in sentence


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", "text,id\n"), ("a.tsv", "text"), ("a.jsonl", "\n \n"), ("a.parquet", None)],
)
@pytest.mark.parametrize("target", ["b.json", "b.csv", "b.parquet"])
def test_a_header_and_no_rows(refused, tmp_path, name, content, target):
    if content is None:
        stream = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.table({"text": pyarrow.array([], pyarrow.string())}), stream)
        content = stream.getvalue()
    path = write(tmp_path, name, content)
    assert f"{name}: holds no rows; it must hold" in refused("--input", path, "--output", tmp_path / target)


def test_a_blank_first_line(refused, tmp_path):
    assert "a.csv: the first line must name the columns" in refused("--input", write(tmp_path, "a.csv", "\nx\n"))


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_wrong_text_column_lists_the_columns(refused, tmp_path, form):
    path = write(tmp_path, f"a.{form}", encoded(ROWS, form))
    sentence = refused("--input", path, "--text-column", "quote", "--output", tmp_path / "b.csv")
    assert str(path) in sentence
    assert "no column 'quote'; its columns are id, text, sumber; name one with --text-column" in sentence


def test_a_text_column_missing_from_one_line(refused, tmp_path):
    path = write(tmp_path, "a.jsonl", '{"text": "a"}\n{"teks": "b"}\n')
    sentence = refused("--input", path, "--output", tmp_path / "b.jsonl")
    assert "a.jsonl, row 2: no column 'text'; its columns are teks" in sentence


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "txt"])
def test_text_that_is_not_utf8(refused, tmp_path, form):
    content = encoded(ROWS[:3], form).replace(b"doa kami", b"doa k\xe9mi")
    sentence = refused("--input", write(tmp_path, f"a.{form}", content), "--output", tmp_path / "b.csv")
    line = 2 if form in ("jsonl", "txt") else 3
    assert f"a.{form}, line {line}: not UTF-8 (byte 0xe9 at position" in sentence
    assert "save the file as UTF-8" in sentence


def test_utf16(refused, tmp_path):
    assert "line 1: not UTF-8" in refused("--input", write(tmp_path, "a.csv", "text\nKami\n".encode("utf-16")))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "a"', "line 3, column 13: broken JSON"),
        ("{'text': 'a'}", "line 3, column 2: broken JSON"),
        ('["a"]', "line 3: must be a JSON object"),
        ("17", "line 3: must be a JSON object"),
        ("null", "line 3: must be a JSON object"),
        ("[" * 100_000, "line 3: JSON that cannot be read"),
        ('{"text": ' + "1" * 5000 + "}", "line 3: JSON that cannot be read"),
    ],
)
def test_a_line_that_is_no_json_object(refused, tmp_path, line, said):
    path = write(tmp_path, "a.jsonl", f'{{"text": "a"}}\n{{"text": "b"}}\n{line}\n{{"text": "c"}}\n')
    assert f"a.jsonl, {said}" in refused("--input", path, "--output", tmp_path / "b.jsonl")


@pytest.mark.parametrize(("value", "kind"), [("5", "int"), ('["a"]', "list"), ("true", "bool"), ("{}", "dict")])
def test_a_cell_that_is_not_text(refused, tmp_path, value, kind):
    path = write(tmp_path, "a.jsonl", f'{{"text": "a"}}\n{{"text": {value}}}\n')
    sentence = refused("--input", path, "--output", tmp_path / "b.jsonl")
    assert f"a.jsonl, row 2, column text: holds {kind}, not text;" in sentence
    assert "--text-column" in sentence


def test_a_parquet_column_that_is_not_text(refused, tmp_path):
    path = write(tmp_path, "a.parquet", encoded([{"text": 1}], "parquet"))
    assert "a.parquet, row 1, column text: holds int, not text" in refused("--input", path)


@pytest.mark.parametrize(("line", "found"), [("x", 1), ("x,y,z,w", 4)])
def test_a_row_with_too_few_or_too_many_fields(refused, tmp_path, line, found):
    path = write(tmp_path, "a.csv", f"id,text,sumber\n1,a,b\n{line}\n3,c,d\n")
    sentence = refused("--input", path, "--output", tmp_path / "b.csv")
    assert f"a.csv, row 2, line 3: has {found} fields and the header has 3; put fields" in sentence


def test_a_quotation_mark_that_is_never_closed(refused, tmp_path):
    path = write(tmp_path, "a.csv", 'id,text\n1,a\n2,"b\n3,c\n')
    sentence = refused("--input", path, "--output", tmp_path / "b.csv")
    assert "a.csv, row 2, line 4: not valid CSV" in sentence
    assert "check its quotation marks" in sentence


def test_a_column_named_twice(refused, tmp_path):
    sentence = refused("--input", write(tmp_path, "a.csv", "text,id,text\na,1,b\n"))
    assert "a.csv: the header names column 'text' twice" in sentence


@pytest.mark.parametrize("content", [b"PAR1 bukan", b"text\nKami\n", None])
def test_a_damaged_parquet_file(refused, tmp_path, content):
    whole = encoded(ROWS, "parquet")
    path = write(tmp_path, "a.parquet", content or whole[: len(whole) // 2])
    sentence = refused("--input", path, "--output", tmp_path / "b.csv")
    assert "a.parquet: not a Parquet file, or damaged" in sentence


def test_a_parquet_file_damaged_inside(refused, tmp_path):
    rows = [{"text": f"Kami mengutuk serangan nomor {number}"} for number in range(500)]
    whole = bytearray(encoded(rows, "parquet"))
    whole[200:260] = b"\xff" * 60
    assert "a.parquet" in refused("--input", write(tmp_path, "a.parquet", bytes(whole)), "--output", tmp_path / "b.csv")


@pytest.mark.parametrize("stdin", [b"", b"\xff\xfe", b'{"text": "a"}\n{', b"id,text\n1\n"])
def test_a_pipe_that_cannot_be_read(refused, tmp_path, stdin):
    assert refused("--input", "-", "--output", tmp_path / "b.csv", stdin=stdin).startswith("sikap: standard input")


def test_a_pipe_that_fails(refused, tmp_path, monkeypatch):
    class Failing(io.RawIOBase):
        def readline(self, size=-1):
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("sys.stdin", types.SimpleNamespace(buffer=Failing()))
    sentence = refused("--input", "-", "--output", tmp_path / "b.csv")
    assert sentence == "sikap: standard input: cannot be read (Input/output error); pass a file of statements."


def test_a_header_cannot_steer_the_terminal(refused, tmp_path):
    path = write(tmp_path, "a.csv", "\x1b[31mmerah,id\na,1\n")
    assert "\x1b" not in refused("--input", path)


def test_deep_json_stays_one_line(refused, tmp_path):
    path = write(tmp_path, "a.jsonl", json.dumps({"a\nb\u2028c": 1}) + "\n")
    assert "its columns are a b c" in refused("--input", path)
