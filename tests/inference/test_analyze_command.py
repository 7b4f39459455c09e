"""The command `sikap analyze`: inputs, formats, refusals, warnings, limits."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sikap.cli.main import main

from .articles import ARTICLE, STATEMENT
from .conftest import Ran
from .helpers import tree


@pytest.fixture
def analyze(tiny_bundle: Path, capsysbinary, monkeypatch) -> Callable[..., Ran]:
    """Run `sikap analyze` with the tiny bundle; `stdin` is what a pipe would bring."""

    def run(*arguments: object, stdin: bytes | None = None) -> Ran:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsysbinary.readouterr()
        status = main(["analyze", *map(str, arguments), "--model", str(tiny_bundle), "--threads", "1"])
        out, err = capsysbinary.readouterr()
        return Ran(status, out, err.decode())

    return run


@pytest.fixture
def refused(analyze: Callable[..., Ran], tmp_path: Path) -> Callable[..., str]:
    """Run `sikap analyze`, check that it refuses in one sentence and leaves nothing, and return the sentence."""

    def run(*arguments: object, **options: object) -> str:
        before = tree(tmp_path)
        ran = analyze(*arguments, **options)
        assert (ran.status, ran.stdout) == (2, b"")
        assert ran.stderr.count("\n") == 1, ran.stderr
        assert "Traceback" not in ran.stderr
        assert tree(tmp_path) == before
        return ran.stderr.removeprefix("sikap: ").strip()

    return run


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "jembatan.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_a_pipe_and_a_file_give_the_same(analyze, article):
    named = analyze(article, "--format", "jsonl")
    piped = analyze("-", "--format", "jsonl", stdin=ARTICLE.encode())
    assert (named.status, named.stderr) == (piped.status, piped.stderr) == (0, "")
    rows = [json.loads(line) for line in named.stdout.splitlines()]
    assert [list(row) for row in rows] == [["article", *STATEMENT]] * 2
    assert {row.pop("article") for row in rows} == {str(article)}
    others = [json.loads(line) for line in piped.stdout.splitlines()]
    assert {row.pop("article") for row in others} == {"standard input"}
    assert rows == others


def test_json_holds_one_object_an_article(analyze, article, tmp_path):
    (tmp_path / "sepi.txt").write_text("Hujan turun di Lima.")
    ran = analyze(tmp_path, "--format", "json")
    first, second = json.loads(ran.stdout)
    assert (list(first), first["article"], len(first["statements"])) == (["article", "statements"], str(article), 2)
    assert second == {"article": str(tmp_path / "sepi.txt"), "statements": []}
    assert json.loads(analyze("-", "--format", "json", stdin=b"Hujan.").stdout) == [
        {"article": "standard input", "statements": []}
    ]


def test_offsets_count_characters_of_the_file_as_it_is(analyze, tmp_path):
    text = "﻿Ĝusta 😢 judul\r\n\r\n" + ARTICLE.replace("\n", "\r\n")
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    for line in analyze(path, "--format", "jsonl").stdout.splitlines():
        row = json.loads(line)
        assert row["text"] == text[1:][row["start"] : row["end"]]


@pytest.mark.parametrize("form", ["html", "json", "jsonl", "txt"])
def test_the_suffix_names_the_format(analyze, article, tmp_path, form):
    target = tmp_path / f"hasil.{form}"
    ran = analyze(article, "--output", target)
    assert (ran.status, ran.stdout, ran.stderr) == (0, b"", "")
    start = {"html": "<!DOCTYPE html>", "json": "[\n{", "jsonl": '{"article"', "txt": str(article)[:40]}[form]
    assert target.read_text(encoding="utf-8").startswith(start)


def test_a_table_is_the_default(analyze, article):
    ran = analyze(article)
    assert ran.status == 0
    assert "Alma Quispe" in ran.stdout.decode()
    assert max(map(len, ran.stdout.decode().splitlines())) <= 80


def test_a_folder_gives_its_text_files_by_name_each_once(analyze, article, tmp_path):
    for name in ("b.TXT", "a.txt"):
        (tmp_path / name).write_text(ARTICLE)
    for name in ("._a.txt", "catatan.md"):
        (tmp_path / name).write_bytes(b"\xff")
    (tmp_path / "lain.txt").mkdir()
    ran = analyze(tmp_path, article, f"{tmp_path}/./a.txt", "--format", "json")
    names = [Path(found["article"]).name for found in json.loads(ran.stdout)]
    assert names == ["a.txt", "b.TXT", "jembatan.txt"]


def test_odd_file_names(analyze, tmp_path):
    path = tmp_path / "a<b>'\"&\u202e\n.txt"
    path.write_text(ARTICLE)
    assert json.loads(analyze(path, "--format", "json").stdout)[0]["article"] == str(path)
    html = analyze(path, "--format", "html").stdout.decode()
    assert "<b>'" not in html
    assert "a&lt;b&gt;&#39;&#34;&amp;" in html
    assert analyze(path).stdout.decode().count("\u202e") == 0


def test_a_name_that_is_no_utf8(analyze, tmp_path):
    path = tmp_path / "kabar\udcff.txt"
    path.write_text(ARTICLE)
    assert json.loads(analyze(path, "--format", "json").stdout)[0]["article"] == str(path)
    for form in ("html", "table"):
        assert analyze(path, "--format", form).status == 0


@pytest.mark.parametrize("form", ["html", "json", "jsonl", "table"])
def test_an_article_without_statements_is_an_empty_result(analyze, tmp_path, form):
    path = tmp_path / "a.txt"
    path.write_text("Hujan turun di Lima sejak pagi.")
    ran = analyze(path, "--format", form)
    assert (ran.status, ran.stderr) == (0, "")
    said = {"json": '"statements": []', "jsonl": "", "html": "No statements found", "table": "No statements found"}
    assert said[form] in ran.stdout.decode()
    assert form != "jsonl" or ran.stdout == b""


def test_what_is_refused(refused, article, tmp_path):
    (tmp_path / "latin.txt").write_bytes(b"Kata\nM\xe9nteri")
    (tmp_path / "kosong.txt").write_bytes(b"")
    (tmp_path / "sepi.txt").write_text("\ufeff \n\t\n")
    (tmp_path / "folder").mkdir()
    sentences = {
        ("tiada.txt",): "tiada.txt: no such file; check the path.",
        (article, "tiada.txt"): "tiada.txt: no such file; check the path.",
        ("a\0b",): "a b: cannot be opened (embedded null byte); check the path.",
        (tmp_path / "latin.txt",): f"{tmp_path}/latin.txt, line 2: not UTF-8 (byte 0xe9 at position 2); save the file",
        (tmp_path / "kosong.txt",): f"{tmp_path}/kosong.txt: is empty; it must hold an article.",
        (tmp_path / "sepi.txt",): f"{tmp_path}/sepi.txt: is empty; it must hold an article.",
        (tmp_path / "folder",): f"{tmp_path}/folder: holds no .txt file; name a folder of articles, one a .txt file.",
        (article, "--output", tmp_path / "a.pdf"): "cannot tell the format from its name; use .html, .json, .jsonl or",
        (article, "--output", tmp_path / "folder", "--format", "html"): "is a folder; pass a file to write to.",
        (article, "--output", tmp_path / "tiada" / "a.html"): "there is no folder",
        (article, "--format", "csv"): "--format",
        (): "ARTICLE",
    }
    for arguments, sentence in sentences.items():
        assert sentence in refused(*arguments)
    assert "standard input: is empty" in refused("-", stdin=b" \n")


def test_an_error_leaves_the_old_report(refused, article, tmp_path):
    target = tmp_path / "lapor.html"
    target.write_text("lama")
    (tmp_path / "latin.txt").write_bytes(b"\xff")
    for form in ("html", "json", "jsonl", "table"):
        refused(article, tmp_path / "latin.txt", "--format", form, "--output", target)
    assert target.read_text() == "lama"


def test_warnings(analyze, article, tmp_path):
    (tmp_path / "asing.txt").write_text("The minister said that they would not support the plan of the council.")
    (tmp_path / "kosong.txt").write_text("\n")
    ran = analyze(tmp_path, "--format", "json")
    assert (ran.status, len(json.loads(ran.stdout))) == (0, 3)
    assert ran.stderr.splitlines() == [
        f"sikap: {tmp_path}/kosong.txt holds no text: kept, without statements.",
        f"sikap: {tmp_path}/asing.txt holds text that does not read like Indonesian: analysed all the same,"
        " do not rely on it.",
    ]
    assert analyze(tmp_path, "--quiet", "--format", "json").stderr == ""


def test_help_says_what_the_formats_hold(capsys):
    assert main(["analyze", "--help"]) == 0
    out = capsys.readouterr().out
    for part in ("--output", "--format", "--model", "--threads", "--batch-size", "--quiet", '"statements": [...]}'):
        assert part in out
    assert "  sikap analyze article.txt --output report.html\n" in out


def test_importing_and_help_and_a_table_need_no_jinja2(tiny_bundle, article):
    code = (
        "import sys, sikap, sikap.cli.main as cli\n"
        "sikap.Statement\nassert cli.main(['analyze', '--help']) == 0\nassert 'onnxruntime' not in sys.modules\n"
        "assert cli.main(sys.argv[1:]) == 0\nassert 'jinja2' not in sys.modules"
    )
    command = [sys.executable, "-c", code, "analyze", str(article), "--model", str(tiny_bundle)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (ran.returncode, ran.stderr) == (0, "")


def peak_memory(tiny_bundle: Path, path: Path, target: Path) -> int:
    code = (
        "import resource, sys\nfrom sikap.cli.main import main\nstatus = main(sys.argv[1:])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\nsys.exit(status)"
    )
    command = [sys.executable, "-c", code, "analyze", str(path), "-o", str(target), "--model", str(tiny_bundle)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=280)
    return int(ran.stdout) * 1024


def test_5_mb_of_text_take_bounded_memory(tiny_bundle, article, tmp_path, monkeypatch):
    small = peak_memory(tiny_bundle, article, tmp_path / "a.html")
    text = "Wartawan berkumpul di halaman gedung itu sejak pagi. " * 30 + "\n\n" + ARTICLE
    large = tmp_path / "besar.txt"
    large.write_text(text * (5 * 2**20 // len(text)))
    assert peak_memory(tiny_bundle, large, tmp_path / "b.html") - small < 300 * 2**20
    assert (tmp_path / "b.html").stat().st_size > large.stat().st_size


def test_one_paragraph_of_100_000_characters(analyze, tmp_path):
    path = tmp_path / "panjang.txt"
    path.write_text(ARTICLE.replace("\n", " ") * (100_000 // len(ARTICLE)))
    ran = analyze(path, "--format", "html")
    assert ran.status == 0
    assert ran.stdout.count(b"<mark ") >= 100_000 // len(ARTICLE)
