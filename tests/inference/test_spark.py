"""Scoring on a local Spark cluster: a master and two workers, each with an executor of its own."""

from __future__ import annotations

import datetime
import decimal
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pyarrow.parquet
import pytest

import sikap
import sikap.spark.job
from sikap.errors import BundleError, InputError, MissingExtraError
from sikap.spark import score

from .helpers import NESTED, ROWS, encoded

STATEMENTS = Path(__file__).parents[2] / "training" / "data" / "statements.jsonl"
ODD = [None, "", " \n", "...", "Kami mengutuk serangan itu. " * 40, "Kami\x00 berduka 😢"]
ROW_COUNT = 2000
GIVEN = "id long, teks string, stance string, at timestamp, rate decimal(9,3), tags map<string,array<int>>, `a.b` date"


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    if shutil.which("java") is None:
        pytest.skip("Java is not installed; Spark needs a JRE 17 or newer")
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_WORKER_DIR", str(folder / "work"))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        settings = {
            "spark.driver.memory": "512m",
            "spark.executor.memory": "1024m",
            "spark.executorEnv.PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "spark.local.dir": str(folder / "local"),
            "spark.sql.execution.arrow.maxRecordsPerBatch": "64",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
        builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("sikap")
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()


@pytest.fixture(scope="module")
def texts() -> list[str | None]:
    with STATEMENTS.open(encoding="utf-8") as lines:
        return [*ODD, *(json.loads(line)["text"] for line, _ in zip(lines, range(ROW_COUNT - len(ODD)), strict=False))]


@pytest.fixture(scope="module")
def rows(texts) -> list[tuple]:
    at = datetime.datetime(2026, 3, 1, 12)
    return [
        (
            number,
            text,
            "already here",
            at + datetime.timedelta(hours=number),
            decimal.Decimal(number) / 8,
            {"k": [number, None]},
            at.date(),
        )
        for number, text in enumerate(texts)
    ]


@pytest.fixture(scope="module")
def frame(spark, rows):
    return spark.createDataFrame(rows, GIVEN).repartition(6).cache()


@pytest.fixture(scope="module")
def alone(tiny_bundle, texts) -> list[sikap.Prediction]:
    return sikap.load(tiny_bundle, threads=1).predict([text or "" for text in texts])


def check(scored: list, rows: list[tuple], alone: list[sikap.Prediction]) -> None:
    """Compare collected rows with the rows given and the predictions of one machine."""
    assert sorted(row[0] for row in scored) == list(range(len(rows)))
    for row in scored:
        prediction = alone[row[0]]
        assert tuple(row)[: len(rows[0])] == rows[row[0]]
        assert tuple(row["sikap_stance"]) == prediction.stance
        assert (row["sentiment"], row["uncertain"], row["truncated"]) == (
            prediction.sentiment,
            prediction.uncertain,
            prediction.truncated,
        )
        for head in ("stance", "sentiment"):
            found, wanted = row[f"{head}_probabilities"].asDict(), getattr(prediction, f"{head}_probabilities")
            assert found == (pytest.approx(wanted, abs=2e-6) if prediction.scored else wanted)


def test_a_cluster_gives_the_result_of_one_machine(frame, rows, alone, tiny_bundle):
    scored = score(frame, "teks", model=tiny_bundle)
    assert scored.columns == [*frame.columns, "sikap_stance", *NESTED[1:]]
    assert scored.schema[: len(rows[0])] == frame.schema[:]
    found = scored.collect()
    check(found, rows, alone)
    assert {row["truncated"] for row in found} == {True, False}
    assert len({tuple(row["sikap_stance"]) for row in found}) > 2


def deadly(victim: str, marker: Path):
    """Return a batch function that, once in all, kills its worker or executor after a batch is out."""
    real = sikap.spark.job.batch_function

    def function(*arguments):
        scored = real(*arguments)

        def killing(batches):
            import psutil

            for number, batch in enumerate(scored(batches)):
                yield batch
                if number == 1:
                    here = psutil.Process()
                    if victim == "executor":
                        here = next(process for process in here.parents() if process.name() == "java")
                    try:
                        with open(marker, "x") as file:
                            file.write(str(here.pid))
                    except FileExistsError:
                        continue
                    here.kill()

        return killing

    return function


@pytest.mark.parametrize("victim", ["worker", "executor"])
def test_a_kill_in_the_middle_of_a_task_loses_nothing(frame, rows, alone, tiny_bundle, monkeypatch, tmp_path, victim):
    marker = tmp_path / "killed"
    monkeypatch.setattr(sikap.spark.job, "batch_function", deadly(victim, marker))
    scored = score(frame, "teks", model=tiny_bundle).collect()
    assert not psutil.pid_exists(int(marker.read_text()))
    check(scored, rows, alone)


def test_each_worker_opens_the_bundle_once(spark, frame, tiny_bundle):
    score(frame, "teks", model=tiny_bundle).count()

    def report(batches):
        import os

        import pyarrow

        from sikap.spark.worker import loaded

        for _ in batches:
            seen = loaded.cache_info()
            values = [[os.getpid()], [seen.hits], [seen.misses]]
            yield pyarrow.RecordBatch.from_arrays(list(map(pyarrow.array, values)), ["pid", "hits", "misses"])

    found = spark.range(0, 12, 1, 12).mapInArrow(report, "pid long, hits long, misses long").collect()
    workers = {row.pid: row for row in found}
    assert sum(row.hits for row in workers.values()) > 0
    assert max(row.misses for row in workers.values()) == 1


def test_the_built_in_model_writes_the_parquet_of_one_machine(spark, tmp_path):
    (tmp_path / "in.parquet").write_bytes(encoded(ROWS, "parquet"))
    frame = spark.read.parquet(str(tmp_path / "in.parquet"))
    score(frame).coalesce(1).write.parquet(str(tmp_path / "spark"))
    command = ["score", "--input", tmp_path / "in.parquet", "--output", tmp_path / "alone.parquet"]
    subprocess.run([sys.executable, "-m", "sikap", *map(str, command)], check=True, timeout=120)
    found, wanted = (
        pyarrow.parquet.read_table(path)
        for path in (next((tmp_path / "spark").glob("*.parquet")), tmp_path / "alone.parquet")
    )
    assert [(f.name, str(f.type).replace("element:", "item:")) for f in found.schema] == [
        (f.name, str(f.type).replace("element:", "item:")) for f in wanted.schema
    ]
    for row, other in zip(found.to_pylist(), wanted.to_pylist(), strict=True):
        assert row == {
            name: pytest.approx(value, abs=2e-6) if name.endswith("probabilities") else value
            for name, value in other.items()
        }


def test_nothing_is_shuffled(spark, tiny_bundle, capsys):
    score(spark.createDataFrame([("Kami berduka.",)], "text string"), model=tiny_bundle).explain()
    plan = capsys.readouterr().out
    assert "MapInArrow" in plan
    assert "Exchange" not in plan


def test_names_that_clash(spark, tiny_bundle):
    frame = spark.createDataFrame([("Kami berduka.", "a", 1, 2)], "Text string, STANCE string, x int, x int")
    scored = score(frame, model=tiny_bundle)
    assert scored.columns == ["Text", "STANCE", "x", "x", "sikap_stance", *NESTED[1:]]
    assert scored.select("sikap_stance", "STANCE").first().STANCE == "a"
    spark.conf.set("spark.sql.caseSensitive", "true")
    try:
        with pytest.raises(InputError, match="no column 'text'; its columns are Text, STANCE"):
            score(frame, model=tiny_bundle)
        assert score(frame, "Text", model=tiny_bundle).columns[4:] == NESTED
    finally:
        spark.conf.unset("spark.sql.caseSensitive")


def test_what_is_refused(spark, tiny_bundle, tmp_path):
    frame = spark.createDataFrame([(1, "a", "b")], "n int, t string, T string")
    with pytest.raises(InputError, match="no column 'quote'; its columns are n, t, T; name one with text_column"):
        score(frame, "quote")
    with pytest.raises(InputError, match="column 'n' holds int, not string; cast it"):
        score(frame, "n")
    with pytest.raises(BundleError, match="no such folder"):
        score(frame, "t", model=tmp_path / "none")
    with pytest.raises(TypeError, match="a Spark data frame, not list"):
        score(["Kami berduka."])
    with pytest.raises(ValueError, match="at least 1"):
        score(frame, "t", batch_size=0)


def test_a_worker_with_another_built_in_model_refuses():
    from sikap.spark.shipping import Shipment

    with pytest.raises(BundleError, match="not the bundle that the driver has; install one version of sikap"):
        Shipment("0" * 64, None).open()


def test_a_worker_without_sikap_says_so(monkeypatch):
    from sikap.spark.shipping import Shipment

    function = sikap.spark.job.batch_function(0, Shipment("0" * 64, None), 32)
    monkeypatch.setitem(sys.modules, "sikap.spark.worker", None)
    with pytest.raises(ImportError, match=r"cannot import what sikap.spark needs .* --archives"):
        next(function(iter([])))


@pytest.mark.parametrize("missing", ["pyspark", "pyarrow", "pandas"])
def test_without_its_packages(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError, match=rf"not installed \({missing}\); .*pip install 'sikap\[spark\]'"):
        score(None)


def test_importing_starts_nothing():
    code = "import sys, sikap.spark; print(sorted({'pyspark', 'pyarrow', 'pandas', 'onnxruntime'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


WORKER = """
import sys

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "pandas":
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Block())
import pyarrow
from pathlib import Path
from sikap.bundle import file_digest
from sikap.address import DEFAULT_BUNDLE
from sikap.spark.shipping import Shipment
from sikap.spark.worker import with_scores
batch = pyarrow.RecordBatch.from_pydict({"n": [1, 2], "t": ["Kami turut berduka cita.", None]})
shipment = Shipment(file_digest(DEFAULT_BUNDLE / "bundle.json"), None)
print([(row["n"], row["stance"]) for out in with_scores(iter([batch]), 1, shipment, 32) for row in out.to_pylist()])
"""


def test_a_worker_needs_no_pandas():
    ran = subprocess.run([sys.executable, "-c", WORKER], capture_output=True, text=True, check=False, timeout=60)
    assert (ran.stdout, ran.stderr) == ("[(1, ['condolence']), (2, [])]\n", "")


def test_the_logged_model_is_a_spark_udf(spark, frame, alone, tiny_bundle, tmp_path, monkeypatch):
    import mlflow

    from sikap_training.logged_model import log_bundle

    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'mlflow.db'}")
    try:
        mlflow.set_experiment(
            experiment_id=mlflow.create_experiment("spark", artifact_location=str(tmp_path / "store"))
        )
        with mlflow.start_run():
            logged = log_bundle(tiny_bundle)
        read = mlflow.pyfunc.spark_udf(spark, logged.model_uri, env_manager="local")
        found = frame.limit(300).select("id", read("teks").alias("read")).select("id", "read.*").collect()
    finally:
        mlflow.set_tracking_uri(before)
    assert len(found) == 300
    for row in found:
        prediction = alone[row.id]
        assert row.stance == prediction.stance_text
        assert (row.sentiment, row.uncertain, row.truncated) == (
            prediction.sentiment,
            prediction.uncertain,
            prediction.truncated,
        )
        for name, wanted in prediction.stance_probabilities.items():
            assert row[f"stance_{name}"] == (None if wanted is None else pytest.approx(wanted, abs=2e-6))
