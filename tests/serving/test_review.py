"""`sikap review --browser` over real HTTP: the terminal's decisions, killed, gone on with, late and foreign forms."""

from __future__ import annotations

import json
import signal
import socket
import sys
from pathlib import Path

import pytest
from inference.helpers import encoded
from inference.reviewing.test_review_command import ROWS, TRUTH, lines, quotes, review, run
from pty_terminal import Terminal

from sikap.cli.main import main
from sikap.reviewing.rules import RULES

from .reviewer import Reviewer, reviewing

__all__ = ["quotes"]


def answer(person: Reviewer) -> str:
    """Give the statement that is asked its labels; return it."""
    text = person.text
    stance, sentiment, _ = TRUTH[text]
    person.save(" ".join(stance), sentiment)
    return text


def decided(file: Path) -> list[dict]:
    """Return the lines of a file of decisions, without their times."""
    rows = lines(file)
    assert all(row.pop("reviewed").endswith("+00:00") for row in rows)
    return rows


def test_page_and_terminal_go_on_with_each_other_also_when_killed(quotes: Path):
    output, asked = quotes.with_name("quotes.review.jsonl"), []
    with reviewing(quotes, "--all") as person:
        assert person.heading == "Statement 1 of 4"
        asked.append(answer(person))
        assert "Saved: " in person.note
        text = person.text
        stance, sentiment, _ = TRUTH[text]
        person.save(" ".join(stance), sentiment)
        person.server.process.kill()
        asked.append(text)
        assert person.heading == "Statement 3 of 4"
    assert [row["text"] for row in lines(output)] == asked
    arguments = ["review", quotes.name, "--text-column", "quote", "--annotator", "ani", "--all"]
    with Terminal(*arguments, cwd=quotes.parent) as terminal:
        screen = terminal.wait("3 of 4", "2 labelled by ani", "Enter saves")
        asked.append(next(text for text in TRUTH if text in screen))
        terminal.type(TRUTH[asked[-1]][2])
        terminal.wait("4 of 4", "Saved: ")
        terminal.kill()
    with reviewing(quotes, "--all") as person:
        assert (person.heading, person.note) == ("Statement 4 of 4", "")
        asked.append(answer(person))
        assert person.heading == "Nothing is left to ask"
    assert sorted(asked) == sorted(TRUTH)
    other = quotes.with_name("other.jsonl")
    assert review(quotes, "".join(TRUTH[text][2] for text in asked), "--all", "--output", other).status == 0
    assert decided(output) == decided(other)


def test_the_end_says_what_comes_next(quotes: Path):
    with reviewing(quotes, "--output", "my labels.jsonl") as person:
        answer(person)
        assert person.press("skip") == 303
        page = person.page
        assert person.server.stop(signal.SIGINT) == (
            0,
            "sikap: 1 saved, 1 skipped; 1 of 2 labelled in my labels.jsonl.\n",
        )
    for said in (
        "<code>sikap agreement &#39;my labels.jsonl&#39;</code>",
        "<code>sikap review &#39;my labels.jsonl&#39; --settle</code>",
        "--data &#39;my labels.jsonl&#39;</code>",
        "1 skipped: start the same command again to be asked it once more.",
        "2 statements that the model is sure of: left out; --all asks all.",
    ):
        assert said in page
    with reviewing(quotes, "--output", "my labels.jsonl") as person:
        assert person.heading == "Statement 2 of 2"
        answer(person)
        assert "skipped" not in person.page
        assert person.press("back") == 303
        assert person.heading == "Statement 2 of 2"
        assert person.server.stop(signal.SIGTERM)[0] == 0


def test_the_model_is_silent_until_the_person_decided(quotes: Path):
    quotes.write_bytes(encoded(ROWS[:1], "csv"))
    given = ("model</dt>", "the file", "0.9")
    with reviewing(quotes) as person:
        assert not [text for text in given if text in person.page]
        assert 'value="reveal"' not in person.page
        assert person.send(b"statement=end&do=reveal").status == 303
        late = person.form("save", "condemnation", "negative")
        person.save("support", "positive")
        assert not [text for text in given if text in person.page]
        assert person.press("reveal") == 303
        assert "condemnation 0.9" in person.page
        assert "the file" in person.page
        assert person.press("back") == 303
        assert person.marked == ["support", "positive"]
        assert not [text for text in given if text in person.page]
        person.send(late)
    first, second = lines(quotes.with_name("quotes.review.jsonl"))
    assert (first["stance"], "seen_model" in first) == (["support"], False)
    assert (second["stance"], second["seen_model"]) == (["condemnation"], True)


def test_the_rules_are_on_the_page(quotes: Path):
    with reviewing(quotes) as person:
        rules = person.page[person.page.index("<details") :]
    assert all(f"<h2>{rule.name}</h2>" in rules for rule in RULES)
    assert "turut berduka, doa kami bersama para korban" in rules


def test_a_form_that_comes_twice_is_saved_once(quotes: Path):
    output = quotes.with_name("quotes.review.jsonl")
    with reviewing(quotes, "--all") as person:
        body = person.form("save", "", "neutral")
        second = None
        for number in range(2):
            assert person.send(body).status == 303
            assert person.heading == "Statement 2 of 4", number
            second = second or person.form("skip")
            assert len(lines(output)) == 1
        for _ in range(2):
            assert person.send(second).status == 303
            assert person.heading == "Statement 3 of 4"
            assert len(lines(output)) == 2
        back = person.form("back")
        for _ in range(2):
            assert person.send(back).status == 303
            assert person.heading == "Statement 2 of 4"


def test_a_late_form_is_not_saved_to_another_statement(quotes: Path):
    output = quotes.with_name("quotes.review.jsonl")
    with reviewing(quotes, "--all") as person:
        first, text = person.form("save", "condemnation", "negative"), person.text
        person.save("", "neutral")
        before = output.read_bytes()
        assert person.send(first).status == 409
        assert person.note == f"Not saved: “{text}” is not asked any more; go back to it to change it."
        assert person.heading == "Statement 2 of 4"
        assert person.marked == []
        skip = person.form("skip")
        person.press("back")
        assert person.send(skip).status == 409
        unknown = first.replace(b"statement=", b"statement=0")
        assert person.send(unknown).status == 409
        assert person.note == "Not saved: that form was of a statement that is not asked here."
        assert output.read_bytes() == before
        assert person.send(first).status == 303  # it is asked again
    assert [row["stance"] for row in lines(output)] == [[], ["condemnation"]]


def test_a_form_outlives_the_server(quotes: Path):
    with reviewing(quotes, "--all") as person:
        body = person.form("save", "support", "positive")
        person.server.process.kill()
    with reviewing(quotes, "--all") as person:
        assert person.send(body).status == 303
    (row,) = lines(quotes.with_name("quotes.review.jsonl"))
    assert row["stance"] == ["support"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "none"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
def test_other_sites_can_neither_save_nor_read(quotes: Path, headers: dict[str, str]):
    with reviewing(quotes) as person:
        body, text = person.form("save", "", "neutral"), person.text
        refused = person.send(body, **headers)
        assert refused.status == (421 if "Host" in headers else 403)
        assert text not in refused.body.decode()
        assert person.server.ask("GET", "/", headers={"Host": "evil.example", "Accept": "text/html"}).status == 421
        assert quotes.with_name("quotes.review.jsonl").read_bytes() == b""
        allowed = person.send(body, **{"Origin": "", "Sec-Fetch-Site": "same-origin"})
        assert allowed.status == 303


def test_wrong_forms_save_nothing(quotes: Path):
    with reviewing(quotes) as person:
        assert person.press("save", "support condolence") == 422
        assert person.note == "Choose a sentiment first."
        assert person.marked == ["support", "condolence"]
        whole = person.form("save", "support", "positive")
        for body, status in (
            (whole.replace(b"support", b"suport"), 422),
            (whole.replace(b"positive", b"sedih"), 422),
            (whole + b"&sentiment=neutral", 422),
            (whole.replace(b"do=save", b"do=delete"), 422),
            (whole.replace(b"&do=save", b""), 422),
            (b"", 422),
            (b"\xff=%ff", 422),
            (b"&".join([whole, *[b"a=b"] * 9]), 422),
            (whole + b"a" * 2**14, 413),
        ):
            assert person.send(body).status == status, body
            person.look()
            assert person.heading == "Statement 1 of 2"
        assert quotes.with_name("quotes.review.jsonl").read_bytes() == b""
        for method, path, status in (("GET", "/save", 404), ("PUT", "/", 405), ("GET", "/docs", 404)):
            assert person.server.ask(method, path).refusal[0] == status
    assert person.server.ended == (0, "sikap: 0 saved; 0 of 2 labelled in quotes.review.jsonl.\n")


FULL = """
import resource, sys
from sikap.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
sys.exit(main())
"""


def test_what_the_disk_does_not_take_is_said_and_asked_again(quotes: Path):
    with reviewing(quotes, code=FULL) as person:
        text = person.text
        assert person.press("save", "condemnation", "negative") == 500
        assert person.note.startswith("Not saved: quotes.review.jsonl: cannot be written (File too large)")
        assert (person.text, person.marked) == (text, ["condemnation", "negative"])
        assert person.press("skip") == 500
        assert person.look()
        assert person.heading == "Statement 1 of 2"
    assert quotes.with_name("quotes.review.jsonl").read_bytes() == b""
    assert person.server.ended == (0, "sikap: 0 saved; 0 of 2 labelled in quotes.review.jsonl.\n")


def test_two_annotators_share_a_file_and_a_limit(quotes: Path):
    output = quotes.with_name("quotes.review.jsonl")
    with reviewing(quotes, "--limit", 1) as person:
        assert person.heading == "Statement 1 of 1"
        first = person.text
        person.save("", "neutral")
        assert "--all asks all" not in person.page
    with reviewing(quotes, "--limit", 1, annotator="budi") as person:
        assert person.text == first
        person.save("support", "positive")
    assert [row["annotator"] for row in lines(output)] == ["ani", "budi"]


def test_settling_writes_as_adjudicated(quotes: Path):
    rows = [{**ROWS[1], "annotator": name, "sentiment": tone} for name, tone in (("a", "neutral"), ("b", "negative"))]
    quotes.write_bytes(encoded(rows, "csv"))
    with reviewing(quotes, "--settle", annotator="") as person:
        assert "by adjudicated in " in person.page
        person.save("", "neutral")
        assert "sikap train" in person.page
        assert "--settle" not in person.page
        assert person.press("reveal") == 303
        assert "none, negative" in person.page
    (row,) = lines(quotes.with_name("quotes.review.jsonl"))
    assert (row["annotator"], row["sentiment"]) == ("adjudicated", "neutral")


def test_where_nothing_is_to_ask_nothing_is_served(tmp_path: Path):
    file = tmp_path / "sure.txt"
    file.write_text("Menteri tiba di Jenewa pada hari Senin.\n", encoding="utf-8")
    done = run(file, "--annotator", "ani", "--browser")
    assert done.status == 0
    assert "serving on" not in done.err
    assert "nothing to ask." in done.err


def test_wrong_usage_of_the_page(quotes: Path):
    asked = [quotes, "--text-column", "quote", "--annotator", "ani"]
    done = run(*asked, "--port", 9000)
    assert (done.status, done.err) == (2, "sikap: --port: is that of the page; give it with --browser.\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(*asked, "--browser", "--port", port)
    said = f"127.0.0.1, port {port}: cannot be served on (Address already in use); name another with --port."
    assert (done.status, done.err.splitlines()[-1]) == (2, f"sikap: {said}")
    assert "Traceback" not in done.err


@pytest.mark.parametrize("package", ["fastapi", "uvicorn"])
def test_without_the_extra(quotes: Path, monkeypatch: pytest.MonkeyPatch, package: str):
    monkeypatch.setitem(sys.modules, package, None)
    done = run(quotes, "--text-column", "quote", "--browser")
    assert (done.status, done.err) == (
        2,
        f"sikap: `sikap review --browser` needs packages that are not installed ({package});"
        " install them with `pip install 'sikap[serve]'`.\n",
    )
    assert not quotes.with_name("quotes.review.jsonl").exists()


def test_help_tells_of_the_page(capsys: pytest.CaptureFixture[str]):
    assert main(["review", "--help"]) == 0
    out = capsys.readouterr().out
    assert all(part in out for part in ("--browser", "--port", "--annotator ani --browser\n"))


def test_characters_that_no_form_can_carry_are_kept(quotes: Path):
    text = "Kami \ud83d mengutuk\u202e \x07itu.\nSekarang."
    quotes = quotes.with_suffix(".jsonl")
    quotes.write_text(json.dumps({"quote": text}) + "\n", encoding="utf-8")
    with reviewing(quotes, "--all") as person:
        assert person.text == "Kami \ufffd mengutuk\ufffd \ufffditu.\nSekarang."
        person.save("condemnation", "negative")
    assert lines(quotes.with_name("quotes.review.jsonl"))[0]["text"] == text
