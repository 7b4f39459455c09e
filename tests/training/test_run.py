from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import mlflow
import numpy as np
import pytest

import sikap
from sikap.errors import InputError, OutputError
from sikap.labels import SENTIMENTS, STANCES
from sikap_training import TrainSettings, finetune
from sikap_training.checkpoint import load_checkpoint
from sikap_training.precision import Precision
from sikap_training.statements import digest, load_statements

from . import small_run
from .small_run import Done, SmallRun, new_store, sikap_in, slice_of_own, working_in, write_lines

trained = small_run.trained


def test_only_the_output_and_the_store_are_written(trained: SmallRun):
    assert sorted(path.name for path in trained.folder.iterdir()) == ["mlruns", "out"]
    assert sorted(path.name for path in (trained.folder / "mlruns").iterdir()) == ["artifacts", "mlflow.db"]
    assert sorted(path.name for path in trained.output.iterdir()) == ["bundle", "checkpoint", "seed-0", "seed-1"]
    assert sorted(path.name for path in trained.bundle.iterdir()) == [
        "README.md",
        "bundle.json",
        "model.onnx",
        "tokenizer.json",
    ]


def test_the_bundle_scores(trained: SmallRun):
    prediction = sikap.load(trained.bundle).predict("Kami mengutuk keras serangan itu.")
    assert set(prediction.stance) <= set(STANCES)
    assert prediction.sentiment in SENTIMENTS
    assert sum(prediction.sentiment_probabilities.values()) == pytest.approx(1.0)


def test_the_exported_network_is_the_one_that_is_named(trained: SmallRun):
    from safetensors.torch import load_file

    chosen = trained.manifest["seeds"]["exported"]
    states = [load_file(trained.output / f"seed-{seed}" / "best.safetensors") for seed in (0, 1)]
    weights = load_checkpoint(trained.output / "checkpoint").network.state_dict()
    named = {"seed 0": states[0], "seed 1": states[1]}
    named["the mean of the weights of 2 seeds"] = {key: (states[0][key] + states[1][key]) / 2 for key in states[0]}

    def distance(name: str) -> float:
        return float(sum((weights[key] - named[name][key]).abs().sum() for key in weights))

    assert min(named, key=distance) == chosen


def test_the_manifest_records_data_seeds_and_figures(trained: SmallRun):
    manifest = trained.manifest
    statements = load_statements([trained.data])
    assert manifest["data_digest"] == digest(statements)
    assert manifest["data"] == [{"name": "labelled.jsonl", **small_run.SIZES}]
    assert manifest["encoder"]["name"] == str(trained.encoder)
    assert manifest["seeds"]["count"] == 2
    assert list(manifest["metrics"]) == ["test part", "berita baru.jsonl"]
    figures = manifest["metrics"]["test part"]
    assert figures["statements"] == 24
    assert set(figures["baselines"]) == {"TF-IDF + logistic regression", "keyword list"}
    for name in (*STANCES, *SENTIMENTS):
        for kind in ("precision", "recall", "f1"):
            figure = figures["model"][f"{name}_{kind}"]
            assert 0.0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1.0


def test_the_figures_are_those_of_the_exported_bundle(trained: SmallRun):
    statements = load_statements([trained.extra])
    predicted = sikap.load(trained.bundle).predict([s.text for s in statements])
    right = [p.stance == s.stance and p.sentiment == s.sentiment for p, s in zip(predicted, statements, strict=True)]
    recorded = trained.manifest["metrics"]["berita baru.jsonl"]["model"]["exact_match"]["value"]
    assert recorded == pytest.approx(np.mean(right))


def test_what_is_printed_can_be_read(trained: SmallRun):
    out, log = trained.done.out, trained.done.err
    assert "test part: 24 statements" in out
    assert "berita baru.jsonl: 18 statements" in out
    assert "TF-IDF + logistic regression" in out
    assert out.rstrip().endswith("bundle: out/bundle")
    assert "statements: train 60, validation 24, test 24" in log
    assert "seed 1, validation part: stance macro f1" in log
    assert not {"{", "Traceback", "it/s]", "Warning:", "INFO"} & set(log.split())


def test_noise_of_the_libraries_is_not_printed(trained: SmallRun, tmp_path: Path):
    # In a process of its own: pytest catches warnings, and MLflow writes to the stderr it found when imported.
    shutil.copytree(trained.output, tmp_path / "out")
    arguments = ["train", "--data", trained.data, "--base-model", trained.encoder, "--epochs", "1", "--seeds", "2"]
    command = [sys.executable, "-m", "sikap", *map(str, arguments), "--resume", "-o", "out", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, env=project_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    kept = [line for line in done.stderr.splitlines() if "model 'sikap'" not in line]
    assert kept == []
    # `score` finds the store of the folder it is called in.
    command = [
        sys.executable,
        "-m",
        "sikap",
        "score",
        "Kami berduka.",
        "--model",
        "models:/sikap/1",
        "--format",
        "json",
    ]
    done = subprocess.run(command, cwd=tmp_path, env=project_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    scored = json.loads(done.stdout)
    assert (scored[0] if isinstance(scored, list) else scored)["text"] == "Kami berduka."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mlruns", "out"]


def test_mlflow_reports_to_nobody():
    code = "import sikap_training.tracking, mlflow.telemetry as t; print(t.get_telemetry_client())"
    done = subprocess.run(
        [sys.executable, "-c", code], env=project_environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "None"


def test_the_function_stays_callable_when_its_modules_are_imported():
    import sikap_training

    assert sikap_training.finetune is sys.modules["sikap_training.run"].finetune
    assert callable(sikap_training.finetune)


def project_environment() -> dict[str, str]:
    """The environment of a user's shell, without what pytest or an import of this package put there."""
    root = Path(__file__).parents[2]
    own = ("MLFLOW_", "DO_NOT_TRACK", "PYTEST_", "CI")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(own)}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(root / "inference"), str(root / "training")])}


def test_a_table_of_ones_own_and_resuming_after_the_first_seed_in_int8(trained: SmallRun, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("sikap_training.export.MOST_FLIPS", 1.0)  # so short a training decides close to its thresholds
    small_run.new_store(trained.folder.parent, tmp_path)
    rows = slice_of_own("kutipan.csv", {"train": 1, "validation": 1, "test": 1})
    rows += [json.loads(line) for line in trained.data.read_text(encoding="utf-8").splitlines()]
    with (tmp_path / "kutipan.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "stance", "sentiment"])
        writer.writerows([row["text"], ", ".join(row["stance"]) or "none", row["sentiment"]] for row in rows)
    arguments = ["train", "--data", "kutipan.csv", "--base-model", trained.encoder, "--epochs", 1, "-o", "mine", "-q"]
    first = sikap_in(tmp_path, *arguments)
    assert first.status == 0, first.err
    result = tmp_path / "mine" / "seed-0" / "result.json"
    before = result.stat().st_mtime_ns, result.read_text()
    again = sikap_in(tmp_path, *arguments, "--seeds", 2, "--resume", "--precision", "int8")
    assert again.status == 0, again.err
    assert (result.stat().st_mtime_ns, result.read_text()) == before
    assert (tmp_path / "mine" / "seed-1" / "result.json").is_file()
    manifest = json.loads((tmp_path / "mine" / "bundle" / "bundle.json").read_text(encoding="utf-8"))
    assert manifest["seeds"]["count"] == 2
    assert (manifest["precision"], manifest["int8"]["products"]) == (Precision.INT8.description, 8)
    assert manifest["metrics"]["test part"]["statements"] == manifest["int8"]["test_statements"]
    assert sum(manifest["data"][0][part] for part in ("train", "validation", "test")) == len(rows)
    with working_in(tmp_path):
        from sikap_training import tracking

        tracking.connect()
        versions = mlflow.MlflowClient().search_model_versions("name = 'sikap'")
    assert sorted(int(version.version) for version in versions) == [1, 2]


def refused(folder: Path, *arguments: object) -> Done:
    done = sikap_in(folder, "train", *arguments, "--output", "out")
    assert done.status == 2
    return done


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("text,stance\nKami mengutuk,condemnation\n", ["quotes.csv", "'sentiment'"]),
        ("kalimat,stance,sentiment\nKami mengutuk,condemnation,negative\n", ["quotes.csv", "text"]),
        ("text,stance,sentiment\nKami mengutuk,marah,negative\n", ["quotes.csv, row 1, column stance", "'marah'"]),
        ("text,stance,sentiment\nKami,none,sedih\n", ["quotes.csv, row 1, column sentiment", "'sedih'"]),
        ("text,stance,sentiment\n,none,neutral\n", ["quotes.csv, row 1, column text"]),
        ("text,stance,sentiment\nKami berduka,condolence,negative\n", ["part of these 1 statements is empty"]),
        ("", ["quotes.csv"]),
    ],
)
def test_wrong_data_is_refused_before_anything_is_written(
    tmp_path: Path, tiny_encoder: Path, content: str, named: list[str]
):
    (tmp_path / "quotes.csv").write_text(content, encoding="utf-8")
    sentence = refused(tmp_path, "--data", "quotes.csv", "--base-model", tiny_encoder).sentence
    assert all(part in sentence for part in named), sentence
    assert [path.name for path in tmp_path.iterdir()] == ["quotes.csv"]


def test_missing_files_are_refused_before_anything_is_written(tmp_path: Path, trained: SmallRun):
    assert "no.csv" in refused(tmp_path, "--data", "no.csv", "--base-model", trained.encoder).sentence
    known = "--data", trained.data
    assert "gone.jsonl" in refused(tmp_path, *known, "--evaluate-on", "gone.jsonl").sentence
    assert "./nothing" in refused(tmp_path, *known, "--base-model", "./nothing").sentence
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_that_cannot_be_used_opens_no_run(tmp_path: Path, trained: SmallRun):
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "config.json").write_text('{"model_type": "gpt2"}')
    assert "gpt2" in refused(tmp_path, "--data", trained.data, "--base-model", "encoder").sentence
    assert [path.name for path in tmp_path.iterdir()] == ["encoder"]


def test_an_output_that_is_a_file_is_refused(tmp_path: Path, trained: SmallRun):
    (tmp_path / "out").write_text("")
    done = refused(tmp_path, "--data", trained.data, "--base-model", trained.encoder)
    assert "out: cannot be made a folder" in done.sentence
    with pytest.raises(OutputError, match="cannot be made a folder"), working_in(tmp_path):
        finetune([trained.data], base_model=str(trained.encoder), output="out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_settings_that_no_run_can_follow_are_refused():
    with pytest.raises(InputError):
        TrainSettings(epochs=0)


def test_files_of_one_name_are_measured_apart(tmp_path: Path, trained: SmallRun):
    from sikap_training.run import _named

    rows = [json.loads(line) for line in trained.extra.read_text(encoding="utf-8").splitlines()]
    files = []
    for year in ("2023", "2024"):
        (tmp_path / year).mkdir()
        files.append(write_lines(tmp_path / year / "gold.jsonl", rows[: 5 if year == "2023" else 3]))
    named = _named(files)
    assert {name: len(statements) for name, statements in named.items()} == {str(files[0]): 5, str(files[1]): 3}


def test_another_bundle_is_measured_beside_the_new_one(
    trained: SmallRun, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
):
    shutil.copytree(trained.output, tmp_path / "out")
    new_store(tmp_path_factory.getbasetemp(), tmp_path)
    arguments = ["--data", trained.data, "--base-model", trained.encoder, "--epochs", 1, "--seeds", 2, "--resume"]
    arguments += ["--output", "out", "--compare", f"the same|again={trained.bundle}"]
    done = sikap_in(tmp_path, "train", *arguments)
    assert done.status == 0, done.err
    part = json.loads((tmp_path / "out" / "bundle" / "bundle.json").read_text())["metrics"]["test part"]
    assert part["baselines"]["the same|again"]["exact_match"] == part["model"]["exact_match"]
    assert "| the same\\|again |" in (tmp_path / "out" / "bundle" / "README.md").read_text(encoding="utf-8")


def test_another_precision_is_refused_before_anything_is_written(tmp_path: Path, trained: SmallRun):
    done = sikap_in(tmp_path, "train", "--data", trained.data, "--precision", "int4", "--output", "mine")
    assert (done.status, done.sentence) == (2, "sikap: --precision int4: must be fp32 or int8.")
    assert list(tmp_path.iterdir()) == []


def test_a_comparison_without_a_name_is_refused(trained: SmallRun):
    done = sikap_in(trained.folder, "train", "--data", trained.data, "--compare", str(trained.bundle))
    assert done.status == 2
    assert "--compare" in done.sentence
