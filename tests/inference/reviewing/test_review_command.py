"""`sikap review` as a person meets it: on a terminal, killed, gone on with, with wrong keys."""

from __future__ import annotations

import getpass
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from pty_terminal import Terminal

from sikap.cli.main import main
from sikap.reviewing.rules import RULES

from ..helpers import encoded

ROWS = [
    {
        "quote": "Kami mengutuk keras serangan itu.",
        "id": "a",
        "group": "serangan",
        "stance": "support",
        "sentiment": "",
    },
    {"quote": "Menteri tiba di Jenewa pada hari Senin.", "id": "b", "group": "jenewa", "stance": "", "sentiment": ""},
    {"quote": "Kami turut berduka cita, doa kami.", "id": "c", "group": "", "stance": "none", "sentiment": "positive"},
    {"quote": "...", "id": "d", "group": "", "stance": "", "sentiment": ""},
    {"quote": "Indonesia mendukung penuh rakyat Palestina.", "id": "e", "group": "p", "stance": "", "sentiment": ""},
    {"quote": "Menteri tiba di  Jenewa pada hari Senin.", "id": "f", "group": "", "stance": "", "sentiment": ""},
]
TRUTH = {
    "Kami mengutuk keras serangan itu.": (["condemnation"], "negative", "c-\n"),
    "Menteri tiba di Jenewa pada hari Senin.": ([], "neutral", "0\n"),
    "Kami turut berduka cita, doa kami.": (["condolence"], "negative", "d-\n"),
    "Indonesia mendukung penuh rakyat Palestina.": (["support"], "positive", "s+\n"),
}
HINT = "Enter saves"


@pytest.fixture
def quotes(tmp_path: Path) -> Path:
    file = tmp_path / "quotes.csv"
    file.write_bytes(encoded(ROWS, "csv"))
    return file


class Ran(NamedTuple):
    """What a review came to."""

    status: int
    out: str
    err: str


def run(*arguments: object, keys: str = "") -> Ran:
    """Run `sikap review` in this process, with keys from a pipe."""
    streams = {"stdin": io.TextIOWrapper(io.BytesIO(keys.encode()))}
    streams |= {name: io.TextIOWrapper(io.BytesIO(), write_through=True) for name in ("stdout", "stderr")}
    with pytest.MonkeyPatch.context() as patch:
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        status = main(["review", *map(str, arguments)])
    out, err = (streams[name].buffer.getvalue().decode() for name in ("stdout", "stderr"))
    return Ran(status, out, err)


def review(file: Path, keys: str, *arguments: object, annotator: str = "ani") -> Ran:
    """Review the column `quote` of a file."""
    return run(file, "--text-column", "quote", "--annotator", annotator, *arguments, keys=keys)


def lines(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def current(screen: str) -> str:
    """Return the statement on the screen."""
    return next(text for text in TRUTH if text in screen)


def test_a_session_on_a_terminal_killed_and_gone_on_with(quotes: Path):
    output, seen = quotes.with_name("quotes.review.jsonl"), []
    arguments = ["review", quotes.name, "--text-column", "quote", "--annotator", "ani", "--all"]
    with Terminal(*arguments, cwd=quotes.parent) as terminal:
        for number in (1, 2):
            seen.append(current(terminal.wait(f"{number} of 4", HINT)))
            terminal.type(TRUTH[seen[-1]][2])
        terminal.wait("3 of 4", "2 labelled by ani in quotes.review.jsonl", "Saved:")
        terminal.type("sc-")
        terminal.wait("[x] s", "[x] c", "(x) -")
        terminal.kill()
    assert [row["text"] for row in lines(output)] == seen
    with Terminal(*arguments, cwd=quotes.parent) as terminal:
        third = current(terminal.wait("3 of 4", "[ ] s", "( ) -", HINT))
        assert third not in seen
        terminal.type("?")
        terminal.wait("what decides (1 of 5")
        terminal.type("??")
        terminal.wait("condemnation (3 of 5", "mengecam")
        terminal.type("x\x1b[A\x1b[15~é")
        terminal.wait("That key does nothing here.")
        terminal.type(TRUTH[third][2])
        fourth = current(terminal.wait("4 of 4", HINT))
        terminal.type(TRUTH[fourth][2].upper())
        terminal.wait("Nothing is left.")
        terminal.type("q")
        assert terminal.end() == 0
        assert terminal.restored()
        assert "2 saved; 4 of 4 labelled in quotes.review.jsonl." in terminal.screen
    rows = lines(output)
    assert {row["text"]: (row["stance"], row["sentiment"]) for row in rows} == {
        text: labels[:2] for text, labels in TRUTH.items()
    }
    assert {row["annotator"] for row in rows} == {"ani"}
    # Labels that the model contradicts come first.
    assert {row["id"] for row in rows[:2]} == {"a", "c"}
    assert {row["id"]: row.get("group") for row in rows} == {"a": "serangan", "b": "jenewa", "c": None, "e": "p"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_the_terminal_as_it_was(quotes: Path, number: int):
    arguments = ["review", quotes, "--text-column", "quote", "--all"]
    with Terminal(*arguments, cwd=quotes.parent) as terminal:
        text = current(terminal.wait("1 of 4", f"labelled by {getpass.getuser()}", HINT))
        terminal.type(TRUTH[text][2])
        terminal.wait("2 of 4", "Saved")
        assert not terminal.restored()
        terminal.process.send_signal(number)
        assert terminal.end() == (130 if number == signal.SIGINT else 143)
        assert terminal.restored()
        assert "Traceback" not in terminal.output
        if number == signal.SIGINT:
            assert "interrupted; 1 saved; 1 of 4 labelled in " in terminal.screen
    (row,) = lines(quotes.with_name("quotes.review.jsonl"))
    assert row["annotator"] == getpass.getuser()


def test_the_model_is_silent_until_the_person_decided(quotes: Path):
    one = quotes.with_name("one.csv")
    one.write_bytes(encoded(ROWS[:1], "csv"))
    given = ("model ", "the file", "0.9")
    done = review(one, "m", "--output", one.with_name("r.jsonl"))
    out = done.out
    assert "Decide first" in out
    assert not [text for text in given if text in out]
    assert (one.with_name("r.jsonl")).read_bytes() == b""
    out = review(one, "s+\nm").out
    before, after = out[: out.index("Saved:")], out[out.index("Saved:") :]
    assert not [text for text in given if text in before]
    assert "condemnation 0.9" in after
    assert "the file" in after
    review(one, "bsc-\n")
    first, second = lines(one.with_name("one.review.jsonl"))
    assert (first["stance"], first["sentiment"], "seen_model" in first) == (["support"], "positive", False)
    assert (second["stance"], second["sentiment"], "seen_model" in second) == (["condemnation"], "negative", False)
    review(one, "mbs\n")
    assert lines(one.with_name("one.review.jsonl"))[-1]["seen_model"] is True


def test_enter_without_a_sentiment_and_unknown_keys_save_nothing(quotes: Path):
    done = review(quotes, "\nsz\x1b[Bs\x00\n9")
    assert done.status == 0
    out = done.out
    assert out.count("Choose a sentiment first: -, 0 or +.") == 2
    assert "That key does nothing here." in out
    assert quotes.with_name("quotes.review.jsonl").read_bytes() == b""


def test_skip_back_and_change(quotes: Path):
    output = quotes.with_name("out.jsonl")
    done = review(quotes, "n+\nbs\nbb-\nq", "--all", "--output", output)
    assert done.status == 0, done.err
    rows = lines(output)
    first, second = rows[0]["text"], rows[1]["text"]
    assert rows[0]["skipped"]
    assert "stance" not in rows[0]
    assert [(row["text"], row.get("stance"), row.get("sentiment")) for row in rows[1:]] == [
        (second, [], "positive"),
        (second, ["support"], "positive"),
        (first, [], "negative"),
    ]
    assert "3 saved, 1 skipped; 2 of 4 labelled in " in done.err
    # Skipped statements come again, last.
    review(quotes, "nn", "--all", "--output", output)
    out = review(quotes, "", "--all", "--output", output).out
    assert "3 of 4" in out
    assert lines(output)[4]["text"] in out


def test_limit_counts_what_was_decided_and_all_asks_what_is_sure(quotes: Path):
    done = review(quotes, "0\n0\n0\n0\n", "--all", "--limit", 3)
    assert "3 saved; 3 of 3 labelled" in done.err
    assert "1 statement without a letter or digit: left out." in done.err
    done = review(quotes, "0\n", "--all", "--limit", 3)
    assert "0 saved; 3 of 3 labelled" in done.err
    done = review(quotes, "0\n0\n", "--all")
    assert "1 saved; 4 of 4 labelled" in done.err
    doubtful = review(quotes, "", "--output", quotes.with_name("o.jsonl"))
    assert "0 saved; 0 of 2 labelled" in doubtful.err
    sure = quotes.with_name("sure.txt")
    sure.write_text("Menteri tiba di Jenewa pada hari Senin.\n", encoding="utf-8")
    done = run(sure, "--annotator", "ani", keys="0\n")
    assert done.status == 0
    assert "nothing to ask." in done.err
    assert "1 statement that the model is sure of: left out; --all asks all." in done.err


def test_labels_of_one_s_own_in_the_input_do_not_change_what_is_asked(quotes: Path):
    own = quotes.with_name("own.csv")
    own.write_bytes(encoded([{**row, "annotator": "ani"} for row in ROWS], "csv"))
    assert "1 saved; 1 of 2 labelled" in review(own, "0\n").err
    assert "1 saved; 2 of 2 labelled" in review(own, "0\n").err
    output = own.with_name("own.review.jsonl")
    first = run(output, "--annotator", "budi", "--all", keys="0\n").err
    assert "1 saved; 1 of 2 labelled" in first
    assert "1 saved; 2 of 2 labelled" in run(output, "--annotator", "budi", "--all", keys="0\n").err


def test_two_annotators_share_a_file_and_a_third_reading_settles(quotes: Path):
    review(quotes, "c-\nd-\n0\n+\n", "--all")
    out = review(quotes, "", "--all").out
    assert "Nothing is left." in out
    done = run(quotes, "--text-column", "quote", "--annotator", "budi", "--all", keys="c-\n-\n0\n+\n")
    output = quotes.with_name("quotes.review.jsonl")
    rows = lines(output)
    assert "4 saved; 4 of 4 labelled" in done.err
    assert [row["text"] for row in rows[:4]] == [row["text"] for row in rows[4:]]  # one order for both
    done = run(output, "--settle", keys="d0\n")
    assert "1 saved; 1 of 1 labelled" in done.err
    last = lines(output)[-1]
    assert (last["text"], last["annotator"], last["stance"]) == (rows[1]["text"], "adjudicated", ["condolence"])
    done = run(output, "--settle", keys="b-\n")
    assert "1 saved; 1 of 1 labelled" in done.err
    assert lines(output)[-1]["sentiment"] == "negative"


@pytest.mark.parametrize("form", ["jsonl", "tsv", "txt", "parquet"])
def test_every_format(tmp_path: Path, form: str):
    file = tmp_path / f"statements.{form}"
    file.write_bytes(encoded([{"text": row["quote"], "id": row["id"]} for row in ROWS], form))
    done = run(file, "--annotator", "ani", "--all", keys="0\n0\n0\n0\n")
    assert "4 saved" in done.err, done.err
    rows = lines(tmp_path / "statements.review.jsonl")
    assert sorted(row["text"] for row in rows) == sorted(TRUTH)
    assert all(("id" in row) == (form != "txt") for row in rows)


@pytest.mark.parametrize(
    ("name", "content", "arguments", "said"),
    [
        ("a.txt", "", [], "a.txt: the file is empty"),
        ("a.csv", "text\n", [], "a.csv: holds no rows"),
        ("a.csv", "quote\nHalo\n", [], "no column 'text'; its columns are quote; name one with --text-column"),
        ("a.csv", "text,stance\nHalo,suport\n", [], "a.csv, row 1, column stance: 'suport' is no stance"),
        ("a.csv", "text,sentiment\nHalo,sedih\n", [], "a.csv, row 1, column sentiment: 'sedih' is no sentiment"),
        ("a.jsonl", '{"text": "a", "annotations": ["x"]}\n', [], "row 1, column annotations: holds an entry without"),
        ("a.txt", "Halo\n", ["--annotator", " "], "--annotator: must be a name"),
        ("a.txt", "Halo\n", ["--annotator", "adjudicated"], "use --settle"),
        ("a.txt", "Halo\n", ["--annotator", "ani", "--settle"], "leave out --annotator"),
        ("a.txt", "Halo\n", ["--limit", "0"], "--limit"),
        ("a.txt", "Halo\n", ["--output", "."], "is a folder"),
        ("a.txt", "Halo\n", ["--output", "no/a.jsonl"], "cannot be written"),
        ("a.txt", "Halo\n", ["--output", "a.txt"], "is no decision that `sikap review` wrote"),
        ("a.jsonl", '{"text": "Halo"}\n', ["--output", "a.jsonl"], "a.jsonl, row 1: is no decision"),
    ],
)
def test_what_cannot_be_reviewed_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name, content, arguments, said
):
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(content, encoding="utf-8")
    assert main(["review", name, *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert {file: Path(file).read_text(encoding="utf-8") for file in os.listdir()} == {name: content}


def test_statements_cannot_come_from_the_keyboard(capsys: pytest.CaptureFixture[str]):
    assert main(["review", "-"]) == 2
    assert "name a file" in capsys.readouterr().err


def test_a_statement_cannot_steer_the_terminal(tmp_path: Path):
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"text": "Kami \x1b[2J\x1b]0;x\x07 mengutuk [bold]itu[/bold]"}) + "\n", encoding="utf-8")
    done = run(file, "--all", "--annotator", "ani", keys="0\nmb")
    assert "\x1b" not in done.out
    assert "mengutuk [bold]itu[/bold]" in done.out
    assert lines(tmp_path / "a.review.jsonl")[0]["text"].startswith("Kami \x1b[2J")


def test_a_closed_pipe_ends_it_quietly(quotes: Path):
    code = "from sikap.cli.main import main\nimport sys\nsys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "review", str(quotes), "--text-column", "quote", "--all"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    process.stdin.write(b"0\n" * 4)
    process.stdin.close()
    assert b"Traceback" not in process.stderr.read()
    assert process.wait(timeout=60) == 0


def test_help_has_examples_and_keys(capsys: pytest.CaptureFixture[str]):
    assert main(["review", "--help"]) == 0
    out = capsys.readouterr().out
    assert "  sikap review quotes.csv --text-column quote --annotator ani --limit 50\n" in out
    assert all(option in out for option in ("--output", "--all", "--settle", "--limit", "s c d"))


def test_it_needs_only_the_base_packages(quotes: Path):
    blocked = ["torch", "transformers", "datasets", "sklearn", "scipy", "mlflow", "onnx", "pyarrow", "pandas"]
    code = (
        f"import sys\nsys.modules.update(dict.fromkeys({[*blocked, 'sikap_training']}))\n"
        "from sikap.cli.main import main\nsys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "review", str(quotes), "--text-column", "quote", "--annotator", "ani"]
    done = subprocess.run(command, input=b"0\n0\n", capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert len(lines(quotes.with_name("quotes.review.jsonl"))) == 2


def test_the_rules_use_the_examples_of_the_written_ones():
    written = (Path(__file__).parents[3] / "docs" / "labels.md").read_text(encoding="utf-8")
    examples = [part for rule in RULES for heading, text in rule.lines if not heading for part in text.split(", ")]
    assert len(examples) >= 12
    assert [part for part in examples if not all(word in written for word in part.split())] == []
