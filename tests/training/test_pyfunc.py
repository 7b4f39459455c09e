from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import mlflow
import pandas
import pytest

import sikap
from sikap_training import tracking

from . import small_run
from .small_run import SmallRun, working_in

trained = small_run.trained
TEXTS = [
    "Kami mengutuk keras serangan itu.",
    "Kami menyampaikan belasungkawa kepada keluarga para korban.",
    "Indonesia menyambut baik gencatan senjata.",
    "...",
    "Pertemuan berlangsung di Jakarta pada hari Senin. " * 20,
]
BLOCKED = """
import sys

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "transformers", "datasets", "sklearn", "accelerate", "sikap_training"}:
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Block())
import json, pathlib, mlflow.pyfunc, pandas
model = mlflow.pyfunc.load_model(sys.argv[1])
import sikap
texts = json.load(sys.stdin)
print(json.dumps({
    "rows": model.predict(pandas.DataFrame({"text": texts})).to_dict("records"),
    "sikap": str(pathlib.Path(sikap.__file__).resolve()),
}))
"""


@pytest.fixture(scope="module")
def logged(trained: SmallRun):
    """The folder of the logged model."""
    with working_in(trained.folder):
        tracking.connect()
        yield Path(mlflow.artifacts.download_artifacts("models:/sikap/1"))


def test_it_has_a_signature_and_an_example(logged: Path):
    info = mlflow.models.get_model_info(str(logged))
    assert info.signature.inputs.input_names() == ["text"]
    outputs = info.signature.outputs.input_names()
    assert outputs[:2] == ["stance", "sentiment"]
    assert {"stance_support", "sentiment_negative", "uncertain", "truncated"} <= set(outputs)
    example = mlflow.models.Model.load(str(logged)).load_input_example(str(logged))
    assert list(example.columns) == ["text"]
    assert len(example) == 2


def test_it_requires_only_what_inference_needs(logged: Path):
    names = {line.partition("==")[0] for line in (logged / "requirements.txt").read_text().split()}
    assert names == {"mlflow", "numpy", "onnxruntime", "pandas", "rich", "tokenizers", "typer"}
    assert all("torch" not in file.read_text() for file in (logged / "conda.yaml", logged / "python_env.yaml"))


def test_it_holds_no_pickle_and_the_bundle_once(logged: Path):
    suffixes = [path.suffix for path in logged.rglob("*")]
    assert not {".pkl", ".pickle", ".bin", ".pt"} & set(suffixes)
    assert suffixes.count(".onnx") == 1


def test_it_gives_the_bundles_labels_without_torch_and_without_the_project(trained: SmallRun, logged: Path, tmp_path):
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "MLFLOW_TRACKING_URI")}
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, str(logged)],
        input=json.dumps(TEXTS),
        cwd=tmp_path,
        env={**kept, "MLFLOW_TRACKING_URI": f"sqlite:///{trained.folder / 'mlruns' / 'mlflow.db'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert Path(found["sikap"]).is_relative_to(logged.resolve())
    for row, prediction in zip(found["rows"], sikap.load(trained.bundle).predict(TEXTS), strict=True):
        assert row["stance"] == prediction.stance_text
        assert prediction.sentiment == (None if pandas.isna(row["sentiment"]) else row["sentiment"])
        assert row["uncertain"] == prediction.uncertain
        assert row["truncated"] == prediction.truncated
        if prediction.scored:
            assert row["stance_support"] == pytest.approx(prediction.stance_probabilities["support"], abs=1e-5)
    assert found["rows"][4]["truncated"]


@pytest.mark.parametrize(
    "given",
    [
        pandas.DataFrame({"text": TEXTS[:2]}),
        pandas.DataFrame({"id": [1, 2], "text": TEXTS[:2]}),
        TEXTS[:2],
        [{"text": text} for text in TEXTS[:2]],
    ],
)
def test_it_takes_tables_and_lists(trained: SmallRun, given):
    from types import SimpleNamespace

    from sikap_training.pyfunc_model import SikapModel

    model, context = SikapModel(), SimpleNamespace(artifacts={"bundle": str(trained.bundle)})
    model.load_context(context)
    wanted = [p.stance_text for p in sikap.load(trained.bundle).predict(TEXTS[:2])]
    assert model.predict(context, given)["stance"].tolist() == wanted


def test_null_counts_as_empty(trained: SmallRun):
    from types import SimpleNamespace

    from sikap_training.pyfunc_model import SikapModel

    model, context = SikapModel(), SimpleNamespace(artifacts={"bundle": str(trained.bundle)})
    model.load_context(context)
    scored = model.predict(context, pandas.DataFrame({"text": [None, "Kami berduka."]}))
    assert scored["stance"][0] == ""
    assert bool(scored["uncertain"][0])
    assert scored["sentiment"][1] in sikap.SENTIMENTS
