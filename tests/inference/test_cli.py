"""The command line as a process: help, usage errors, interrupts, broken pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

import sikap as package
from sikap.cli.main import TRAINING_COMMANDS, main, run

from .helpers import ROWS, decoded, encoded, sikap


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"sikap {package.__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_lists_the_commands_and_an_example(capsys, arguments):
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert all(name in out for name in ["score", *TRAINING_COMMANDS, "--version"])
    assert '  sikap score "Kami mengutuk keras serangan itu."\n' in out


def test_help_of_score_lists_every_option_and_examples(capsys):
    assert main(["score", "--help"]) == 0
    out = capsys.readouterr().out
    options = "--input --output --text-column --format --input-format --model --threads --batch-size --csv-formulas"
    assert [option for option in (*options.split(), "--resume", "--quiet") if option not in out] == []
    assert '  sikap score "Kami mengutuk keras serangan itu."\n' in out
    assert "  sikap score --input quotes.csv --text-column quote --output scored.parquet\n" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["score"], "give either statements or --input FILE"),
        (["score", "Kami", "--input", "a.csv"], "give either statements or --input FILE"),
        (["score", "Kami", "--batch-size", "0"], "'--batch-size'"),
        (["score", "Kami", "--threads", "0"], "'--threads'"),
        (["score", "Kami", "--threads", "99999999999999999999"], "'--threads'"),
        (["score", "Kami", "--threads", "dua"], "'--threads'"),
        (["score", "Kami", "--format", "xml"], "'--format'"),
        (["score", "Kami", "--input-format", "xml"], "'--input-format'"),
        (["score", "Kami", "--tiada"], "--tiada"),
        (["score", "Kami", "--model"], "--model"),
        (["tiada"], "tiada"),
        (["--tiada"], "--tiada"),
    ],
)
def test_wrong_usage_is_one_line(capsys, arguments, said):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("sikap: ")
    assert err.count("\n") == 1
    assert said in err


def test_several_statements_of_the_command_line_keep_their_order(score):
    rows = decoded(score("Kami mengutuk", "", "Kami berduka", "--format", "jsonl").stdout, "jsonl")
    assert [row["text"] for row in rows] == ["Kami mengutuk", "", "Kami berduka"]


@pytest.mark.parametrize("options", [["--batch-size", "1"], ["--batch-size", "999999999999"], ["--threads", "2"]])
def test_options_of_computing_change_no_label(score, tmp_path, options):
    path = tmp_path / "a.jsonl"
    path.write_bytes(encoded(ROWS, "jsonl"))
    one = decoded(score("--input", path, "--format", "jsonl").stdout, "jsonl")
    two = decoded(score("--input", path, "--format", "jsonl", *options).stdout, "jsonl")
    assert [(row["stance"], row["sentiment"]) for row in one] == [(row["stance"], row["sentiment"]) for row in two]


def test_a_process_scores_a_file(tiny_bundle, tmp_path):
    (tmp_path / "kutipan.csv").write_bytes(encoded(ROWS, "csv"))
    ran = sikap("score", "-i", "kutipan.csv", "-o", "skor.jsonl", "--model", tiny_bundle, cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
    assert [row["id"] for row in decoded((tmp_path / "skor.jsonl").read_bytes(), "jsonl")] == ["7", "3", "9", "1"]
    assert sorted(os.listdir(tmp_path)) == ["kutipan.csv", "skor.jsonl"]


def test_a_process_refuses_in_one_line(tiny_bundle, tmp_path):
    ran = sikap("score", "--input", "tiada.csv", "--output", "b.csv", "--model", tiny_bundle, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr == b"sikap: tiada.csv: no such file; check the path.\n"
    assert os.listdir(tmp_path) == []


def test_text_that_is_no_utf8_on_the_command_line(tiny_bundle):
    command = [sys.executable, "-m", "sikap", "score", b"Kami \xff mengutuk", "--output", "-", "--model", tiny_bundle]
    ran = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout)["text"] == "Kami \udcff mengutuk"


def test_an_interrupt_leaves_nothing(tiny_bundle, tmp_path):
    command = [sys.executable, "-m", "sikap", "score", "--input", "-", "--output", "b.csv", "--model", tiny_bundle]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, **streams) as process:
        process.stdin.write(b"text\nKami mengutuk\n")
        process.stdin.flush()
        until = time.monotonic() + 30
        while not os.listdir(tmp_path) and time.monotonic() < until:
            time.sleep(0.02)
        assert [name for name in os.listdir(tmp_path) if name.endswith(".part")]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert err == b"sikap: interrupted; nothing was written to the output file.\n"
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("form", ["jsonl", "csv", "table"])
def test_a_reader_that_leaves_early_is_no_error(tiny_bundle, tmp_path, form):
    path = tmp_path / "a.txt"
    path.write_text("Kami mengutuk serangan itu.\n" * 2500)
    script = '"$0" -m sikap score --input "$1" --format "$2" --model "$3" | head -n 1; exit ${PIPESTATUS[0]}'
    command = ["bash", "-c", script, sys.executable, str(path), form, str(tiny_bundle)]
    ran = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.count(b"\n") == 1


@pytest.mark.parametrize(
    ("closing", "said"), [("<&-", b"standard input is closed"), (">&-", b"standard output is closed")]
)
def test_a_closed_standard_stream(tiny_bundle, closing, said):
    script = f'"$0" -m sikap score --input - --format jsonl --model "$1" {closing}'
    command = ["bash", "-c", script, sys.executable, str(tiny_bundle)]
    ran = subprocess.run(command, input=b"Kami\n", capture_output=True, check=False, timeout=60)
    assert ran.returncode == 2
    assert ran.stderr.count(b"\n") == 1
    assert said in ran.stderr


def test_a_fault_of_its_own_is_no_answer_of_a_command(monkeypatch, capsys):
    """A scheduler takes status 1 for drift, which Python would give for any traceback."""
    monkeypatch.setattr("sikap.cli.main.main", lambda: 1 // 0)
    with pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == 70
    assert "ZeroDivisionError" in capsys.readouterr().err
