"""From a training to a champion: versions, `sikap promote`, `sikap runs`, addresses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import mlflow
import numpy as np
import pytest

import sikap
from sikap_training import promotion, registry, tracking
from sikap_training.behaviour import load_cases, run_suite
from sikap_training.console import PIPE_WIDTH
from sikap_training.logged_model import log_bundle
from sikap_training.metrics import Difference, Labels, paired
from sikap_training.split import split
from sikap_training.statements import digest, load_statements

from . import small_run
from .small_run import Done, SmallRun, new_store, sikap_in, slice_of_own, working_in, write_lines

trained = small_run.trained
DEFAULT = Path(sikap.__file__).parent / "bundles" / "default"
CHAMPION = "models:/sikap@champion"


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty labelled statements to compare on."""
    rows = slice_of_own("compare", {"train": 40, "validation": 10, "test": 10})
    return write_lines(tmp_path_factory.mktemp("compare") / "labelled.jsonl", rows)


@pytest.fixture(scope="module")
def shop(trained: SmallRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose store has the built-in bundle as version 1 and a tiny one, which knows nothing, as version 2."""
    folder = tmp_path_factory.mktemp("shop")
    new_store(tmp_path_factory.getbasetemp(), folder)
    with working_in(folder):
        tracking.connect()
        for bundle in (DEFAULT, trained.bundle):
            with tracking.run("train", {}):
                manifest = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
                registry.register_bundle(
                    log_bundle(bundle), manifest, {"data_digest": "d" * 64, "test_digest": "e" * 64}
                )
    return folder


@pytest.fixture
def store(shop: Path) -> Iterator[mlflow.MlflowClient]:
    """The store of `shop`, without a champion."""
    with working_in(shop):
        tracking.connect()
        client = mlflow.MlflowClient()
        if registry.champion() is not None:
            client.delete_registered_model_alias("sikap", "champion")
        yield client


def promote(shop: Path, version: object, labelled: Path, *more: str) -> Done:
    return sikap_in(shop, "promote", version, "--on", labelled, *more)


def test_a_training_registers_what_identifies_its_version(trained: SmallRun):
    with working_in(trained.folder):
        tracking.connect()
        version = registry.find_version(1)
        run = mlflow.MlflowClient().get_run(version.run_id)
    statements = load_statements([trained.data])
    assert version.tags["data_digest"] == digest(statements) == run.data.tags["data_digest"]
    assert version.tags["test_digest"] == digest(split(statements).test)
    assert version.tags["code_version"] == (tracking.code_version() or f"sikap {sikap.__version__}")
    figures = trained.manifest["metrics"]["test part"]["model"]
    for name in ("stance_macro_f1", "sentiment_macro_f1", "exact_match"):
        assert float(version.tags[name]) == pytest.approx(figures[name]["value"], abs=1e-4)
    assert digest(statements)[:12] in version.description
    assert "60 training statements" in version.description


def test_the_first_champion_is_above_the_keyword_list_and_is_used_by_its_address(
    shop: Path, store: mlflow.MlflowClient, labelled: Path
):
    done = promote(shop, 1, labelled)
    assert done.status == 0, done.err
    assert "keyword list" in done.out
    tags = store.get_model_version("sikap", "1").tags
    assert tags["promoted_over"] == "keyword list"
    assert tags["promoted_on"] == digest(load_statements([labelled]))
    assert datetime.fromisoformat(tags["promoted"]).tzinfo is not None
    assert "promotion_forced" not in tags
    assert sikap.load(CHAMPION).manifest == sikap.load().manifest
    scored = sikap_in(shop, "score", "Kami mengutuk keras serangan itu.", "--model", CHAMPION, "-o", "scored.jsonl")
    assert scored.status == 0, scored.err
    assert json.loads((shop / "scored.jsonl").read_text(encoding="utf-8"))["stance"] == ["condemnation"]


def test_a_first_version_that_knows_nothing_is_refused(shop: Path, store: mlflow.MlflowClient, labelled: Path):
    done = promote(shop, 2, labelled)
    assert done.status == 1
    assert "version 2 was not promoted" in done.sentence
    assert registry.champion() is None


def test_a_worse_version_is_refused_with_numbers_and_forcing_it_is_recorded(
    trained: SmallRun, shop: Path, store: mlflow.MlflowClient, labelled: Path
):
    assert promote(shop, 1, labelled).status == 0
    done = promote(shop, 2, labelled)
    assert done.status == 1
    statements = load_statements([labelled])
    with working_in(shop):
        tracking.connect()
        compared = promotion.compare(registry.find_version(2), registry.find_version(1), statements)
    mean = compared.criteria[0]
    suite = compared.criteria[-1]
    passed = [run_suite(sikap.load(bundle), load_cases()).passed for bundle in (DEFAULT, trained.bundle)]
    assert suite.name == "behaviour suite"
    cases = len(load_cases())
    assert [round(cases * share) for share in (suite.difference.first, suite.difference.second)] == passed
    assert suite in compared.failed
    assert mean.difference.high < 0
    assert mean.reason() in done.sentence
    assert f"{100 * mean.difference.first:.1f}" in done.out
    assert int(registry.champion().version) == 1
    assert "promoted" not in store.get_model_version("sikap", "2").tags

    done = promote(shop, 2, labelled, "--force")
    assert done.status == 0
    assert int(registry.champion().version) == 2
    tags = store.get_model_version("sikap", "2").tags
    date, _, reason = tags["promotion_forced"].partition(": ")
    assert datetime.fromisoformat(date).date() == datetime.fromisoformat(tags["promoted"]).date()
    assert mean.reason() in reason
    assert tags["promoted_over"] == "version 1"

    back = promote(shop, 1, labelled)
    assert back.status == 0
    assert int(registry.champion().version) == 1


def test_the_champion_itself_needs_no_promotion(shop: Path, store: mlflow.MlflowClient, labelled: Path):
    promote(shop, 1, labelled)
    done = promote(shop, 1, labelled)
    assert (done.status, done.out) == (0, "version 1 is the champion already.\n")


def test_a_forced_version_that_later_passes_loses_the_mark(shop: Path, store: mlflow.MlflowClient, labelled: Path):
    store.set_model_version_tag("sikap", "1", "promotion_forced", "earlier")
    assert promote(shop, 1, labelled, "--force").status == 0
    assert "promotion_forced" not in store.get_model_version("sikap", "1").tags


def test_an_unknown_version_and_one_without_bundle_are_one_sentence(shop: Path, labelled: Path, store, tmp_path: Path):
    done = promote(shop, 7, labelled)
    assert done.status == 2
    assert "no version 7: the newest is 2" in done.sentence
    (tmp_path / "mlruns").mkdir()
    shutil.copy(shop / "mlruns" / "mlflow.db", tmp_path / "mlruns" / "mlflow.db")
    empty = tmp_path / "empty"
    empty.mkdir()
    with working_in(tmp_path):
        tracking.connect()
        mlflow.MlflowClient().create_model_version("sikap", source=empty.as_uri())
    done = promote(tmp_path, 3, labelled)
    assert done.status == 2
    assert "models:/sikap/3 holds no bundle that can be read" in done.sentence


def test_runs_are_listed_to_compare(trained: SmallRun):
    done = sikap_in(trained.folder, "runs")
    assert done.status == 0, done.err
    assert max(map(len, done.out.splitlines())) <= PIPE_WIDTH
    manifest = trained.manifest
    (row,) = json.loads(sikap_in(trained.folder, "runs", "--format", "json").out)
    assert row["run_id"] == manifest["run_id"]
    assert (row["status"], row["seeds"], row["version"], row["champion"]) == ("done", 2, 1, False)
    assert row["data_digest"] == manifest["data_digest"]
    assert list(row["metrics"]) == ["test_part", "berita_baru_jsonl"]
    for part, name in (("test_part", "test part"), ("berita_baru_jsonl", "berita baru.jsonl")):
        for figure, value in row["metrics"][part].items():
            assert value == pytest.approx(manifest["metrics"][name]["model"][figure]["value"])
    assert row["behaviour"] == {key: manifest["behaviour"][key] for key in ("passed", "cases")}
    for shown in (
        row["run_id"][:8],
        row["data_digest"][:8],
        f"{100 * row['metrics']['test_part']['stance_macro_f1']:.1f}",
    ):
        assert shown in done.out


def test_runs_mark_the_champion_and_are_limited(shop: Path, store: mlflow.MlflowClient, labelled: Path):
    promote(shop, 1, labelled)
    rows = json.loads(sikap_in(shop, "runs", "--format", "json").out)
    assert [(row["version"], row["champion"]) for row in rows] == [(2, False), (1, True)]
    assert "1 champion" in sikap_in(shop, "runs").out
    assert len(json.loads(sikap_in(shop, "runs", "--limit", 1, "--format", "json").out)) == 1


def draw(seed: int, right: float, n: int = 400) -> tuple[Labels, Labels]:
    """Return truth and a prediction that has each label right with a probability."""
    rng = np.random.default_rng(seed)
    truth = Labels(rng.random((n, 3)) < 0.3, rng.integers(0, 3, n))
    flip, other = rng.random((n, 3)) > right, rng.random(n) > right
    return truth, Labels(truth.stance ^ flip, np.where(other, (truth.sentiment + 1) % 3, truth.sentiment))


def test_the_paired_interval_is_zero_for_the_same_and_excludes_zero_for_worse():
    truth, good = draw(0, 0.95)
    _, bad = draw(1, 0.8)
    bad = Labels(np.where(bad.stance == draw(1, 0.8)[0].stance, truth.stance, ~truth.stance), bad.sentiment)
    same = paired(truth, good, good)["mean_macro_f1"]
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)
    worse = paired(truth, good, bad)["mean_macro_f1"]
    assert worse.low < worse.value < worse.high < 0
    better = paired(truth, bad, good)["mean_macro_f1"]
    assert (better.low, better.high) == pytest.approx((-worse.high, -worse.low))


@pytest.mark.parametrize(
    ("second", "low", "high", "met"),
    [
        (0.80, 0.0, 0.0, True),
        (0.797, -0.01, 0.004, True),  # an unsure, small loss
        (0.797, -0.005, -0.001, False),  # small, but sure
        (0.79, -0.03, 0.01, False),  # unsure, but large
        (0.85, 0.02, 0.08, True),
    ],
)
def test_not_worse_is_neither_a_sure_loss_nor_a_large_one(second: float, low: float, high: float, met: bool):
    difference = Difference(0.80, second, low, high)
    assert promotion.Criterion("mean", difference, promotion.MARGIN).met is met


def test_without_a_store_nothing_is_made(tmp_path: Path, labelled: Path):
    for arguments in (["runs"], ["promote", 1, "--on", labelled]):
        done = sikap_in(tmp_path, *arguments)
        assert done.status == 2
        assert "there is no store" in done.sentence
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_one_sentence(tmp_path: Path):
    (tmp_path / "mlruns").mkdir()
    (tmp_path / "mlruns" / "mlflow.db").write_text("no database\n" * 100, encoding="utf-8")
    done = sikap_in(tmp_path, "runs")
    assert done.status == 2
    assert "mlflow.db" in done.sentence
