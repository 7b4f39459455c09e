from __future__ import annotations

import json
from pathlib import Path

import pytest

from sikap.labels import SENTIMENTS, STANCES
from sikap_training.split import part_of

from . import small_run
from .small_run import SmallRun, sikap_in

trained = small_run.trained


def test_evaluate_prints_a_table_beside_the_keywords(trained: SmallRun, tmp_path: Path):
    done = sikap_in(tmp_path, "evaluate", "--data", trained.extra, "--model", trained.bundle)
    assert done.status == 0, done.err
    assert "18 statements" in done.out
    assert "stance macro-F1" in done.out
    assert "keyword list" in done.out
    assert "TF-IDF" not in done.out
    assert list(tmp_path.iterdir()) == []


def test_evaluate_of_the_test_part_gives_the_figures_of_the_training(trained: SmallRun, tmp_path: Path):
    arguments = ["--data", trained.data, "--test-part", "--baseline-data", trained.data, "--model", trained.bundle]
    done = sikap_in(tmp_path, "evaluate", *arguments, "--json", "--plots", "plots")
    assert done.status == 0, done.err
    assert json.loads(done.out) == trained.manifest["metrics"]["test part"]
    assert sorted(path.name for path in (tmp_path / "plots").iterdir()) == [
        "evaluation_confusion.png",
        "evaluation_precision_recall.png",
        "evaluation_reliability.png",
    ]


def test_evaluate_without_the_test_part_measures_every_statement(trained: SmallRun, tmp_path: Path):
    done = sikap_in(tmp_path, "evaluate", "--data", trained.data, "--model", trained.bundle, "--json")
    figures = json.loads(done.out)
    assert figures["statements"] == 108
    assert list(figures["baselines"]) == ["keyword list"]
    rows = [json.loads(line) for line in trained.data.read_text(encoding="utf-8").splitlines()]
    for name in STANCES:
        assert figures["model"]["support"][name] == sum(name in row["stance"] for row in rows)
    for name in SENTIMENTS:
        assert figures["model"]["support"][name] == sum(row["sentiment"] == name for row in rows)
    assert sum(part_of(f"labelled.jsonl:{row['group']}") == "test" for row in rows) == 24


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["evaluate", "--data", "no.jsonl"], "no.jsonl"),
        (["evaluate", "--data", "{data}", "--model", "nowhere"], "nowhere"),
        (["evaluate", "--data", "{data}", "--model", "{bundle}", "--plots", "{data}"], "cannot be made a folder"),
        (["train", "--epochs", "0"], "epochs"),
        (["train", "--seeds", "0"], "seeds"),
        (["train", "--rate", "1"], "--rate"),
        (["export", "x"], "--output"),
        (["pretrain", "text", "-o", "out"], "--hours or --tokens"),
        (["pretrain", "text", "-o", "out", "--hours", "1", "--tokens", "9"], "--hours or --tokens"),
        (["pretrain", "text", "-o", "out", "--hours", "0"], "--hours"),
        (["pretrain", "text", "-o", "out", "--tokens", "9", "--width", "100"], "--width 100"),
        (["pretrain", "text", "-o", "out", "--tokens", "9", "--length", "100"], "--length 100"),
        (["pretrain", "text", "-o", "out", "--tokens", "9", "--pack-only"], "--pack-only trains nothing"),
        (["pretrain", "text", "-o", "out", "--tokens", "9", "--vocabulary-size", "99999"], "--vocabulary-size"),
        (["pretrain", "text", "-o", "out", "--tokens", "9", "--share", "law=-2"], "--share law=-2"),
        (["pretrain", "text", "-o", "out", "--tokens", "9", "--share", "0.5"], "--share 0.5"),
        (["pretrain", "text", "-o", "out", "--tokens", "9"], "text: no such file or folder"),
    ],
)
def test_wrong_usage_is_one_line(trained: SmallRun, tmp_path: Path, arguments: list[str], named: str):
    places = {"{data}": str(trained.data), "{bundle}": str(trained.bundle)}
    done = sikap_in(tmp_path, *(places.get(argument, argument) for argument in arguments))
    assert done.status == 2
    assert named in done.sentence
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_training_says_how_to_go_on(trained: SmallRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from sikap_training import run

    def interrupt(*_: object, **__: object):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "finetune", interrupt)
    done = sikap_in(tmp_path, "train", "--data", trained.data, "--output", "mine")
    assert done.status == 2
    assert "--resume to go on in mine" in done.sentence


@pytest.mark.parametrize(
    "command",
    ["train", "evaluate", "export", "behaviour", "pretrain", "check-data", "agreement", "drift", "join-texts"],
)
def test_help_shows_an_example(tmp_path: Path, command: str):
    done = sikap_in(tmp_path, command, "--help")
    assert done.status == 0
    assert f"sikap {command}" in done.out
    assert "Example" in done.out
