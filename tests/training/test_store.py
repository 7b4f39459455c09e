"""The store under two trainings at once, under a kill, and on a server with PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import mlflow
import pytest

import sikap
from sikap_training import tracking

from . import small_run
from .postgres import free_port, mlflow_server, postgres
from .small_run import SmallRun, new_store, sikap_in, working_in

trained = small_run.trained
ROOT = Path(__file__).parents[2]
KILL = "import os, signal, sys\nkill = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
MAIN = "from sikap.cli.main import main\nsys.exit(main(sys.argv[1:]))\n"


def start(folder: Path, code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start Python code in a folder, in a process of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}
    path = os.pathsep.join([str(ROOT / "inference"), str(ROOT / "training")])
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=folder,
        env={**kept, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a process to end well; return what it printed."""
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    return out


def killed(process: subprocess.Popen[str]) -> None:
    """Wait for a process to be killed."""
    _, err = process.communicate(timeout=240)
    assert process.returncode == -signal.SIGKILL, err


def training(trained: SmallRun, output: str) -> list[object]:
    given = ["train", "--data", trained.data, "--base-model", trained.encoder, "--epochs", 2, "--seeds", 1, "-q"]
    return [*given, "--output", output]


def listed(folder: Path) -> list[dict]:
    done = sikap_in(folder, "runs", "--format", "json")
    assert done.status == 0, done.err
    return json.loads(done.out)


def is_sound(file: Path) -> bool:
    with sqlite3.connect(file) as store:
        return store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_two_trainings_at_once_share_a_new_store(trained: SmallRun, tmp_path: Path):
    code = "import sys\n" + MAIN
    both = [start(tmp_path, code, *training(trained, name)) for name in ("one", "two")]
    for process in both:
        finish(process)
    assert is_sound(tmp_path / "mlruns" / "mlflow.db")
    assert sorted(path.name for path in (tmp_path / "mlruns").iterdir()) == ["artifacts", "mlflow.db"]
    rows = listed(tmp_path)
    assert {Path(row["output"]).name for row in rows} == {"one", "two"}
    assert {row["version"] for row in rows} == {1, 2}
    assert {row["status"] for row in rows} == {"done"}
    for row in rows:
        bundle = Path(row["output"]) / "bundle"
        with working_in(tmp_path):
            model = sikap.load(f"models:/sikap/{row['version']}")
        assert model.manifest == json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
        assert model.manifest["run_id"] == row["run_id"]
    with working_in(tmp_path):
        tracking.connect()
        client = mlflow.MlflowClient()
        seeds = [run for run in client.search_runs([tracking.experiment_id()]) if run.info.run_name == "seed-0"]
        for run in seeds:
            assert [m.step for m in client.get_metric_history(run.info.run_id, "eval_loss")] == [1, 2]


def test_a_kill_while_the_store_is_made_leaves_none_or_a_whole_one(tmp_path: Path):
    code = (
        KILL + "from sikap_training import tracking\nfrom mlflow.store.db import utils\n"
        "utils._upgrade_db = kill\ntracking.connect()\n"
    )
    killed(start(tmp_path, code))
    assert not (tmp_path / "mlruns" / "mlflow.db").exists()
    done = sikap_in(tmp_path, "runs")
    assert done.status == 2
    assert "there is no store" in done.sentence
    with working_in(tmp_path):
        tracking.connect()
        assert mlflow.get_experiment_by_name("sikap") is not None


def test_a_killed_training_is_listed_as_killed_and_goes_on(trained: SmallRun, tmp_path: Path):
    new_store(trained.folder.parent, tmp_path)
    arguments = training(trained, "out")
    in_training = (
        KILL + "import mlflow\nlog = mlflow.log_metrics\n"
        "def log_metrics(numbers, step=None):\n    log(numbers, step=step)\n    if step == 2: kill()\n"
        "mlflow.log_metrics = log_metrics\n"
    )
    killed(start(tmp_path, in_training + MAIN, *arguments))
    (row,) = listed(tmp_path)
    assert (row["status"], row["version"]) == ("killed", None)
    shown = sikap_in(tmp_path, "runs").out
    assert f"its command with --resume goes on in {tmp_path / 'out'}" in shown.replace("\n", " ")

    registering = KILL + "import mlflow\nmlflow.MlflowClient.create_model_version = kill\n"
    killed(start(tmp_path, registering + MAIN, *arguments, "--resume"))
    assert [row["status"] for row in listed(tmp_path)] == ["killed", "killed"]
    assert is_sound(tmp_path / "mlruns" / "mlflow.db")

    done = sikap_in(tmp_path, *arguments, "--resume")
    assert done.status == 0, done.err
    rows = listed(tmp_path)
    assert [(row["status"], row["version"]) for row in rows] == [("done", 1), ("killed", None), ("killed", None)]
    assert "--resume" not in sikap_in(tmp_path, "runs").out
    with working_in(tmp_path):
        tracking.connect()
        stored = mlflow.MlflowClient().search_runs([tracking.experiment_id()])
        assert sorted(run.info.status for run in stored) == ["FINISHED"] * 3 + ["KILLED"] * 3


def test_everything_works_on_a_server_with_postgresql(trained: SmallRun, tmp_path: Path):
    artifacts = tmp_path / "artifacts"
    artifacts.mkdir()
    work = tmp_path / "work"
    work.mkdir()
    with postgres() as database, mlflow_server(database, artifacts) as address:
        assert on_server(work, address, *training(trained, "out")).status == 0
        (row,) = json.loads(on_server(work, address, "runs", "--format", "json").out)
        assert (row["status"], row["version"], row["champion"]) == ("done", 1, False)
        promoted = on_server(work, address, "promote", 1, "--on", trained.data, "--force")
        assert promoted.status == 0, promoted.err
        (row,) = json.loads(on_server(work, address, "runs", "--format", "json").out)
        assert row["champion"] is True
        text = "Kami mengutuk keras serangan itu."
        scored = on_server(work, address, "score", text, "--model", "models:/sikap@champion", "-o", "s.jsonl")
        assert scored.status == 0, scored.err
        written = json.loads((work / "s.jsonl").read_text(encoding="utf-8"))
        assert written == sikap.load(work / "out" / "bundle").predict(text).to_dict()
        assert on_server(work, address, "promote", 9, "--on", trained.data).status == 2
    assert sorted(path.name for path in work.iterdir()) == ["out", "s.jsonl"]
    assert any(artifacts.rglob("bundle.json"))


def on_server(folder: Path, address: str, *arguments: object) -> small_run.Done:
    """Run a command line in a folder, with a server as the store."""
    with working_in(folder), pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", address)
        mlflow.set_tracking_uri(address)
        return small_run.called(*arguments)


def test_a_server_that_is_not_there_is_one_sentence_at_once(tmp_path: Path, trained: SmallRun):
    address = f"http://127.0.0.1:{free_port()}"
    for arguments in (["runs"], ["promote", 1, "--on", trained.data], training(trained, "out")):
        done = on_server(tmp_path, address, *arguments)
        assert done.status == 2
        assert f"{address} cannot be reached" in done.sentence
