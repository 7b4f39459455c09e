from __future__ import annotations

import json
import math
from pathlib import Path

import mlflow
import pytest
from mlflow.entities import Run

import sikap
from sikap.labels import SENTIMENTS, STANCES
from sikap_training import tracking
from sikap_training.split import split
from sikap_training.statements import digest, load_statements

from . import small_run
from .small_run import SmallRun, working_in

trained = small_run.trained
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def store(trained: SmallRun):
    """A client of the store that the training wrote."""
    with working_in(trained.folder):
        tracking.connect()
        yield mlflow.MlflowClient()


@pytest.fixture(scope="module")
def runs(store: mlflow.MlflowClient) -> dict[str, Run]:
    experiment = store.get_experiment_by_name(tracking.EXPERIMENT)
    return {run.info.run_name: run for run in store.search_runs([experiment.experiment_id])}


def test_the_run_is_the_one_that_the_bundle_names(trained: SmallRun, runs: dict[str, Run]):
    assert set(runs) == {"train", "seed-0", "seed-1"}
    assert runs["train"].info.run_id == trained.manifest["run_id"]
    assert {run.info.status for run in runs.values()} == {"FINISHED"}
    for seed in (0, 1):
        tags = runs[f"seed-{seed}"].data.tags
        assert tags["mlflow.parentRunId"] == runs["train"].info.run_id


def test_artifacts_lie_under_mlruns(trained: SmallRun, runs: dict[str, Run]):
    home = (trained.folder / "mlruns" / "artifacts").as_uri()
    assert all(run.info.artifact_uri.startswith(home) for run in runs.values())


def test_parameters_are_logged_as_they_took_effect(trained: SmallRun, runs: dict[str, Run]):
    parameters = runs["train"].data.params
    assert parameters["base_model"] == str(trained.encoder)
    assert float(parameters["epochs"]) == 1
    assert parameters["seeds"] == "2"
    assert float(parameters["learning_rate"]) == pytest.approx(3e-4)
    assert parameters["statements"] == "108"
    assert [runs[f"seed-{seed}"].data.params["seed"] for seed in (0, 1)] == ["0", "1"]


def test_the_code_version_is_logged(runs: dict[str, Run], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert runs["train"].data.tags.get("code_version") == tracking.code_version() or tracking.code_version() is None
    monkeypatch.setattr(tracking, "__file__", str(tmp_path / "tracking.py"))
    assert tracking.code_version() is None


def test_each_part_is_logged_as_a_dataset_by_its_digest(trained: SmallRun, runs: dict[str, Run]):
    parts = split(load_statements([trained.data])).parts
    logged = {entry.dataset.name: entry for entry in runs["train"].inputs.dataset_inputs}
    assert set(logged) == {f"statements-{name}" for name in parts}
    for name, part in parts.items():
        dataset = logged[f"statements-{name}"].dataset
        assert digest(part).startswith(dataset.digest)
        assert len(dataset.digest) >= 32
        assert json.loads(dataset.profile)["num_rows"] == len(part)
        assert part[0].text not in dataset.profile + dataset.source + dataset.schema


def test_seed_runs_hold_metrics_by_epoch(store: mlflow.MlflowClient, runs: dict[str, Run]):
    for seed in (0, 1):
        run = runs[f"seed-{seed}"]
        for name in ("loss", "eval_loss", "eval_stance_macro_f1", "eval_sentiment_macro_f1"):
            history = store.get_metric_history(run.info.run_id, name)
            assert [metric.step for metric in history] == [1]
            assert math.isfinite(history[0].value)
        assert 0.0 <= run.data.metrics["validation.stance_macro_f1"] <= 1.0
        assert 0.0 <= run.data.metrics["test.exact_match"] <= 1.0


def test_scores_by_label_and_of_the_baselines_are_metrics_with_intervals(trained: SmallRun, runs: dict[str, Run]):
    metrics, figures = runs["train"].data.metrics, trained.manifest["metrics"]["test part"]
    for name in (*STANCES, *SENTIMENTS):
        for kind in ("precision", "recall", "f1"):
            for end in ("value", "low", "high"):
                logged = metrics[f"test_part.model.{name}_{kind}.{end}"]
                assert logged == pytest.approx(figures["model"][f"{name}_{kind}"][end])
    for baseline in ("TF-IDF and logistic regression", "keyword list"):
        assert f"test_part.baselines.{baseline}.stance_macro_f1.low" in metrics
    assert "berita_baru_jsonl.model.exact_match.value" in metrics


def test_plots_and_errors_are_artifacts(trained: SmallRun, store: mlflow.MlflowClient, runs: dict[str, Run]):
    run_id = runs["train"].info.run_id
    plots = {Path(item.path).name for item in store.list_artifacts(run_id, "plots")}
    kinds = ("confusion", "precision_recall", "reliability")
    assert plots == {f"{part}_{kind}.png" for part in ("test_part", "berita_baru_jsonl") for kind in kinds}
    root = trained.folder / "mlruns" / "artifacts" / run_id / "artifacts"
    assert all((root / "plots" / name).read_bytes().startswith(PNG) for name in plots)
    errors = json.loads((root / "worst_errors_test_part.json").read_text(encoding="utf-8"))
    assert set(errors["columns"]) >= {"id", "text", "labelled", "predicted", "probability"}
    record = json.loads((root / "record.json").read_text(encoding="utf-8"))
    assert record["data_digest"] == trained.manifest["data_digest"]
    for seed in (0, 1):
        names = [item.path for item in store.list_artifacts(runs[f"seed-{seed}"].info.run_id)]
        assert names == ["training_curve.png"]


def test_the_model_is_registered_and_loads_by_its_address(trained: SmallRun, store: mlflow.MlflowClient):
    versions = store.search_model_versions("name = 'sikap'")
    assert [(int(version.version), version.run_id) for version in versions] == [(1, trained.manifest["run_id"])]
    model = sikap.load("models:/sikap/1")
    assert model.manifest == trained.manifest


def test_an_unknown_address_is_one_sentence(trained: SmallRun, store: mlflow.MlflowClient):
    with pytest.raises(sikap.BundleError, match="models:/sikap@champion"):
        sikap.load("models:/sikap@champion")


def test_a_server_named_by_the_environment_is_left_alone(tmp_path: Path, trained: SmallRun):
    with working_in(trained.folder), pytest.MonkeyPatch.context() as patch:
        address = f"sqlite:///{trained.folder / 'mlruns' / 'mlflow.db'}"
        patch.chdir(tmp_path)
        patch.setenv("MLFLOW_TRACKING_URI", address)
        mlflow.set_tracking_uri(address)
        tracking.connect()
        assert mlflow.get_tracking_uri() == address
        assert mlflow.get_experiment_by_name("sikap") is not None
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_raises_is_marked_failed(store: mlflow.MlflowClient, trained: SmallRun):
    with working_in(trained.folder):
        tracking.connect()
        with pytest.raises(RuntimeError), tracking.run("broken", {"long": "x" * 9000}) as opened:
            raise RuntimeError
        run = store.get_run(opened.info.run_id)
        assert run.info.status == "FAILED"
        assert len(run.data.params["long"]) == 500
        store.delete_run(opened.info.run_id)


def test_figures_become_names_that_mlflow_takes():
    nested = {"test part": {"TF-IDF + logistic": {"f1": 0.5, "note": "no number"}, "n": 3}}
    assert tracking.flat(nested) == {"test part.TF-IDF and logistic.f1": 0.5, "test part.n": 3.0}
    assert tracking.flat({"a(b)=c": 1}) == {"aandbandc": 1.0}
