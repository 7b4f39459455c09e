"""Two files of statements compared on the command line, with the built-in model and with a tiny one."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.inference.helpers import encoded

import sikap
from sikap.labels import SENTIMENTS, STANCES
from sikap_training.drift.defaults import MINIMUM, THRESHOLDS

from .small_run import OWN, Done, sikap_in, write_lines

ENGLISH = [
    "The minister told reporters on {day} that the talks with the {place} delegation had been useful.",
    "We condemn the attack on the {place} embassy, and those who planned it will be brought to justice on {day}.",
    "Our thoughts are with the families of the victims of the {place} earthquake that struck on {day}.",
    "She said the government would send aid to {place} before {day} and that more was on the way.",
]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
PLACES = ("Peruvian", "Turkish", "Kenyan", "Dutch")
Rows = list[dict]


def own(count: int, skip: int = 0, **wanted: str) -> Rows:
    """Return texts of the project's statements, spread over the file, the first `skip` of them left out."""
    lines = OWN.read_text(encoding="utf-8").splitlines()
    step = 7
    rows = [json.loads(line) for start in range(step) for line in lines[start::step]]
    rows = [row for row in rows if all(value in (row[key], *row["stance"]) for key, value in wanted.items())]
    return [{"text": row["text"]} for row in rows[skip : skip + count]]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lines(tmp_path_factory.mktemp("drift") / "reference.jsonl", own(150))


@pytest.fixture(scope="module")
def other(reference: Path) -> Path:
    """As many statements of the same kind."""
    return write_lines(reference.with_name("other.jsonl"), own(150, skip=150))


def english(count: int) -> Rows:
    texts = [text.format(day=day, place=place) for text in ENGLISH for day in DAYS for place in PLACES]
    return [{"text": text} for text in texts[:count]]


def compared(folder: Path, *arguments: object) -> tuple[Done, dict[str, dict]]:
    """Run the command with --json; return what it came to and the measures by name."""
    done = sikap_in(folder, "drift", *arguments, "--json")
    assert done.status in (0, 1), done.err
    return done, {measure["measure"]: measure for measure in json.loads(done.out)["measures"]}


def test_files_of_the_same_kind_do_not_alarm(reference: Path, other: Path, tmp_path: Path):
    done = sikap_in(tmp_path, "drift", reference, other)
    assert done.status == 0, done.err
    assert "No drift in any of 10 measures." in done.out
    assert f"reference: {reference} (150 rows)" in done.out
    assert "statements with condolence" in done.out
    assert list(tmp_path.iterdir()) == []


def test_a_file_does_not_drift_from_itself(reference: Path, tmp_path: Path):
    done, measures = compared(tmp_path, reference, reference)
    assert done.status == 0
    assert list(measures) == list(THRESHOLDS)
    assert all(measure["reference"] == measure["current"] for measure in measures.values())
    assert measures["vectors"]["effect"] < 0.6


def test_english_alarms(reference: Path, tmp_path: Path):
    current = write_lines(tmp_path / "english.jsonl", english(60))
    done, measures = compared(tmp_path, reference, current)
    assert done.status == 1
    assert json.loads(done.out)["drift"] is True
    assert {"language", "vectors"} <= {name for name, measure in measures.items() if measure["drift"]}
    assert measures["language"]["current"]["share"] > 0.9
    assert measures["language"]["reference"]["share"] < 0.02
    assert measures["vectors"]["effect"] > 0.95


def test_condolences_alone_alarm(reference: Path, tmp_path: Path):
    current = write_lines(tmp_path / "sorrow.jsonl", own(100, stance="condolence"))
    done, measures = compared(tmp_path, reference, current)
    assert done.status == 1
    assert measures["condolence"]["drift"]
    assert measures["condolence"]["current"]["share"] > 0.85
    assert not measures["language"]["drift"]


def test_shares_are_those_of_the_predictions(other: Path, tmp_path: Path):
    _, measures = compared(tmp_path, other, other)
    predictions = sikap.load().predict([json.loads(line)["text"] for line in other.read_text().splitlines()])
    for stance in STANCES:
        found = sum(stance in prediction.stance for prediction in predictions) / 150
        assert measures[stance]["current"]["share"] == pytest.approx(found)
    sentiments = Counter(prediction.sentiment for prediction in predictions)
    assert measures["sentiment"]["current"] == pytest.approx({name: sentiments[name] / 150 for name in SENTIMENTS})
    doubtful = sum(prediction.uncertain for prediction in predictions) / 150
    assert measures["doubt"]["current"]["share"] == pytest.approx(doubtful)


def test_every_format_gives_the_same(tiny_bundle: Path, tmp_path: Path):
    before, now = own(60), own(60, skip=60)
    write_lines(tmp_path / "before.jsonl", before)
    found = []
    for form in ("csv", "tsv", "jsonl", "txt", "parquet"):
        (tmp_path / f"now.{form}").write_bytes(encoded(now, form))
        _, measures = compared(tmp_path, "before.jsonl", f"now.{form}", "--model", tiny_bundle)
        found.append(measures)
    assert all(measures == found[0] for measures in found)


def test_a_pipe_and_another_column(tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rows = [{"quote": row["text"], "text": "x"} for row in own(60)]
    write_lines(tmp_path / "before.jsonl", rows)
    piped = io.BytesIO("".join(json.dumps(row) + "\n" for row in rows).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(piped))
    done, measures = compared(tmp_path, "before.jsonl", "-", "--text-column", "quote", "--model", tiny_bundle)
    assert done.status == 0
    assert measures["length"]["current"]["median"] > 10
    assert json.loads(done.out)["current"]["file"] == "standard input"


def test_blank_rows_are_a_measure_of_their_own(tiny_bundle: Path, tmp_path: Path):
    rows = own(80)
    write_lines(tmp_path / "before.jsonl", rows)
    write_lines(tmp_path / "now.jsonl", [*rows, *({"text": text} for text in ["", " ", "...", None] * 10)])
    done, measures = compared(tmp_path, "before.jsonl", "now.jsonl", "--model", tiny_bundle)
    assert done.status == 1
    assert [name for name, measure in measures.items() if measure["drift"]] == ["blank"]
    assert measures["blank"]["current"]["share"] == pytest.approx(40 / 120)
    assert json.loads(done.out)["current"] == {"file": "now.jsonl", "rows": 120, "drawn": 120, "with_text": 80}


def test_unknown_pieces_and_length_alarm(tiny_bundle: Path, tmp_path: Path):
    rows = own(80)
    write_lines(tmp_path / "before.jsonl", rows)
    write_lines(tmp_path / "now.jsonl", [{"text": f"{row['text']} 漢 字 語 {row['text']}"} for row in rows])
    done, measures = compared(tmp_path, "before.jsonl", "now.jsonl", "--model", tiny_bundle)
    assert done.status == 1
    assert measures["length"]["drift"]
    now, before = measures["unknown"]["current"]["share"], measures["unknown"]["reference"]["share"]
    assert now > before
    assert measures["length"]["current"]["median"] >= 2 * measures["length"]["reference"]["median"]


def test_a_threshold_is_what_turns_a_difference_into_drift(tiny_bundle: Path, tmp_path: Path):
    rows = own(80)
    write_lines(tmp_path / "before.jsonl", rows)
    write_lines(tmp_path / "now.jsonl", [*rows, *({"text": ""} for _ in range(15))])
    files = ("before.jsonl", "now.jsonl", "--model", tiny_bundle)
    assert sikap_in(tmp_path, "drift", *files).status == 1
    done, measures = compared(tmp_path, *files, "--threshold", "blank=2")
    assert done.status == 0
    assert measures["blank"]["threshold"] == 2
    assert measures["blank"]["p_adjusted"] < 0.01
    assert sikap_in(tmp_path, "drift", *files, "--alpha", "0.00001").status == 0


def test_large_files_are_sampled_and_the_seed_decides(tiny_bundle: Path, tmp_path: Path):
    write_lines(tmp_path / "before.jsonl", own(400))
    write_lines(tmp_path / "now.jsonl", own(400, skip=400))
    files = ("before.jsonl", "now.jsonl", "--model", tiny_bundle, "--sample", 60)
    first, again, third = (compared(tmp_path, *files, "--seed", seed)[0].out for seed in (1, 1, 2))
    assert first == again
    assert first != third
    assert json.loads(first)["reference"] == {"file": "before.jsonl", "rows": 400, "drawn": 60, "with_text": 60}
    assert "60 of 400 rows, drawn at random" in sikap_in(tmp_path, "drift", *files).out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["few.jsonl", "{reference}"], f"few.jsonl: 20 of 30 rows hold text, and a comparison needs {MINIMUM}"),
        (["{reference}", "few.jsonl"], "few.jsonl: 20 of 30 rows"),
        (["{reference}", "no.csv"], "no.csv: no such file"),
        (["{reference}", "empty.txt"], "empty.txt: the file is empty"),
        (["{reference}", "{reference}", "--text-column", "quote"], "no column 'quote'"),
        (["-", "-"], "standard input can be only one"),
        (["{reference}", "{reference}", "--threshold", "mood=1"], "--threshold mood=1: must be a measure (support,"),
        (["{reference}", "{reference}", "--threshold", "doubt=-1"], "--threshold doubt=-1"),
        (["{reference}", "{reference}", "--threshold", "doubt=nan"], "--threshold doubt=nan"),
        (["{reference}", "{reference}", "--output", "page.pdf"], "page.pdf: the page is HTML"),
        (["{reference}", "{reference}", "--output", "no/page.html"], "no/page.html: there is no folder"),
        (["{reference}", "{reference}", "--model", "nowhere"], "nowhere: no such folder"),
        (["{reference}", "{reference}", "--sample", "20"], "--sample"),
        (["{reference}"], "CURRENT"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(reference: Path, tmp_path: Path, arguments: list[str], named: str):
    write_lines(tmp_path / "few.jsonl", [*own(20), *({"text": " "} for _ in range(10))])
    (tmp_path / "empty.txt").touch()
    done = sikap_in(tmp_path, "drift", *(argument.format(reference=reference) for argument in arguments))
    assert done.status == 2
    assert named in done.sentence
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.txt", "few.jsonl"]


def test_no_page_is_left_when_a_file_is_too_small(tmp_path: Path, reference: Path):
    write_lines(tmp_path / "few.jsonl", own(20))
    (tmp_path / "page.html").write_text("as it was")
    done = sikap_in(tmp_path, "drift", reference, "few.jsonl", "--output", "page.html")
    assert done.status == 2
    assert (tmp_path / "page.html").read_text() == "as it was"
    assert len(list(tmp_path.iterdir())) == 2


def test_help_names_every_measure_with_its_threshold(tmp_path: Path):
    out = sikap_in(tmp_path, "drift", "--help").out
    listed = " ".join(out[out.index("Measures, and") :].split())
    for name, threshold in THRESHOLDS.items():
        after = listed[listed.index(name) + len(name) :]
        numbers = [word for word in after.split() if word.replace(".", "", 1).isdigit()]
        assert float(numbers[0]) == threshold
