"""The behaviour suite at the end of `sikap train` and `sikap export`."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path

import mlflow
import pytest

import sikap
from sikap_training.behaviour import load_cases, run_suite, shipped_result
from sikap_training.card import model_card

from . import small_run
from .small_run import ALLOW_WORSE, SmallRun, new_store, sikap_in, working_in

trained = small_run.trained


def test_the_manifest_records_what_the_bundle_passes(trained: SmallRun):
    entry = trained.manifest["behaviour"]
    found = run_suite(sikap.load(trained.bundle), load_cases())
    assert {key: entry[key] for key in ("cases", "passed", "rate", "capabilities")} == found.to_dict()
    assert entry["shipped"]["passed"] == shipped_result().passed
    assert entry["worse_than_shipped"] is True


def test_the_card_shows_the_rates_and_that_the_bundle_is_worse(trained: SmallRun):
    card = (trained.bundle / "README.md").read_text(encoding="utf-8")
    entry = trained.manifest["behaviour"]
    for name, row in entry["capabilities"].items():
        assert f"| {name} | {row['passed']} | {row['cases']} | {100 * row['rate']:.1f} |" in card
    assert f"| **all** | {entry['passed']} | {entry['cases']} | {100 * entry['rate']:.1f} |" in card
    assert f"export passed {entry['shipped']['passed']}\n" in card
    assert ALLOW_WORSE in card
    better = copy.deepcopy(trained.manifest)
    better["behaviour"]["worse_than_shipped"] = False
    assert ALLOW_WORSE not in model_card(better)
    del better["behaviour"]
    assert "## Behaviour" not in model_card(better)


def test_the_card_shows_reliability_of_the_test_part_alone(trained: SmallRun):
    card = (trained.bundle / "README.md").read_text(encoding="utf-8")
    test_part, extra = trained.manifest["metrics"].values()
    assert card.count("| probability | support | condemnation | condolence | sentiment |") == 1
    assert card.index("| probability |") < card.index("### berita baru.jsonl")
    for part in (test_part, extra):
        for rows in part["reliability"].values():
            assert sum(row["statements"] for row in rows) == part["statements"]
    for rows in test_part["reliability"].values():
        for row in rows:
            assert f"{row['mean']:.2f} → {row['true']:.2f} ({row['statements']})" in card
    older = copy.deepcopy(trained.manifest)
    for part in older["metrics"].values():
        del part["reliability"]
    assert "| probability |" not in model_card(older)


def test_an_export_that_is_worse_is_refused_and_leaves_the_old_bundle(trained: SmallRun, tmp_path: Path):
    done = sikap_in(tmp_path, "export", trained.output / "checkpoint", "--output", "new")
    assert done.status == 2
    assert "cases of the behaviour suite" in done.sentence
    assert ALLOW_WORSE in done.sentence
    assert list(tmp_path.iterdir()) == []
    shutil.copytree(trained.bundle, tmp_path / "old")
    assert sikap_in(tmp_path, "export", trained.output / "checkpoint", "--output", "old").status == 2
    assert sikap.load(tmp_path / "old").manifest == trained.manifest


@pytest.fixture
def refused(trained: SmallRun, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[object]]:
    """A folder where a training has just been refused, and its command line."""
    new_store(tmp_path_factory.getbasetemp(), tmp_path)
    for seed in ("seed-0", "seed-1"):
        shutil.copytree(trained.output / seed, tmp_path / "out" / seed)
    arguments = ["train", "--data", trained.data, "--base-model", trained.encoder, "--epochs", 1, "--seeds", 2]
    done = sikap_in(tmp_path, *arguments, "--output", "out", "--resume")
    assert done.status == 2
    assert "the same command with --resume --allow-worse-behaviour exports it" in done.sentence
    return tmp_path, [*arguments, "--output", "out"]


def test_a_refused_training_is_kept_and_exported_later(refused: tuple[Path, list[object]], trained: SmallRun):
    folder, arguments = refused
    out = folder / "out"
    assert sorted(path.name for path in out.iterdir()) == ["checkpoint", "seed-0", "seed-1"]
    assert json.loads((out / "checkpoint" / "sikap.json").read_text(encoding="utf-8"))["metrics"]
    with working_in(folder):
        from sikap_training import tracking

        tracking.connect()
        run = next(run for run in mlflow.search_runs(output_format="list") if run.info.run_name == "train")
    assert run.info.status == "FAILED"
    assert run.data.metrics["behaviour.rate"] == pytest.approx(trained.manifest["behaviour"]["rate"])
    assert "behaviour.capabilities.invariance: names.rate" in run.data.metrics
    results = [out / seed / "result.json" for seed in ("seed-0", "seed-1")]
    before = [result.stat().st_mtime_ns for result in results]
    done = sikap_in(folder, *arguments, "--resume", ALLOW_WORSE)
    assert done.status == 0, done.err
    assert [result.stat().st_mtime_ns for result in results] == before
    manifest = sikap.load(out / "bundle").manifest
    assert manifest["behaviour"] == trained.manifest["behaviour"]
    assert manifest["metrics"]["test part"] == trained.manifest["metrics"]["test part"]
