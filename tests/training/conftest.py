"""Tiny encoders in IndoBERT's layout, a hub that serves them, labelled statements."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("datasets")

import torch

from sikap_training.split import Split, split
from sikap_training.statements import LabelledStatement, load_statements

from .folders import vocabulary, write_albert, write_bert
from .hub import serve

torch.set_num_threads(1)  # models this small only wait for each other on more
HERE = Path(__file__).parent
SAMPLE = HERE / "sample.jsonl"
ROOT = HERE.parents[1]
BERT_NAME = "indobenchmark/indobert-base-p1"
LITE_NAME = "indobenchmark/indobert-lite-base-p1"


def run_python(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, as a user would, with some environment variables."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "TRANSFORMERS_"))}
    path = os.pathsep.join([str(ROOT / "inference"), str(ROOT / "training")])
    environment = {**kept, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", **variables}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="session")
def statements() -> list[LabelledStatement]:
    return load_statements([SAMPLE])


@pytest.fixture(scope="session")
def parts(statements: list[LabelledStatement]) -> Split:
    return split(statements)


@pytest.fixture(scope="session")
def vocab(statements: list[LabelledStatement]) -> list[str]:
    return vocabulary([statement.text for statement in statements])


@pytest.fixture(scope="session")
def bert_folder(tmp_path_factory: pytest.TempPathFactory, vocab: list[str]) -> Path:
    return write_bert(tmp_path_factory.mktemp("bert") / "indobert-base-p1", vocab)


@pytest.fixture(scope="session")
def lite_folder(tmp_path_factory: pytest.TempPathFactory, vocab: list[str]) -> Path:
    return write_albert(tmp_path_factory.mktemp("lite") / "indobert-lite-base-p1", vocab)


@pytest.fixture(scope="session")
def downloaded(tmp_path_factory: pytest.TempPathFactory, bert_folder: Path, lite_folder: Path) -> dict[str, object]:
    """Resolve both names and one that is not there against a hub on the loopback, in a fresh process."""
    for name in ("tf_model.h5", "README.md"):
        (bert_folder / name).write_text("not needed", encoding="utf-8")
    names = [BERT_NAME, LITE_NAME, "indobenchmark/indobret-base-p1"]
    with serve({BERT_NAME: bert_folder, LITE_NAME: lite_folder}) as hub:
        home = tmp_path_factory.mktemp("hf")
        done = run_python(str(HERE / "hub_download.py"), *names, HF_ENDPOINT=hub.endpoint, HF_HOME=str(home))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return {**dict(zip(names, answers, strict=True)), "requests": hub.requests, "stderr": done.stderr}
