"""Train once on a few of the project's statements, for every test that looks at what a training leaves behind."""

from __future__ import annotations

import io
import json
import os
import shutil
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from sikap.cli.main import main
from sikap_training import tracking
from sikap_training.split import part_of

OWN = Path(__file__).parents[2] / "training" / "data" / "statements.jsonl"
REQUIRE = "--require-behaviour"
"""What keeps a tiny encoder, which knows next to nothing, from being exported."""
SIZES = {"train": 60, "validation": 24, "test": 24}


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line of an error, without the lines of the log."""
        lines = [line for line in self.err.splitlines() if line.startswith("sikap: ")]
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


@dataclass(frozen=True)
class SmallRun:
    """Where a training ran, what it read and what it printed."""

    folder: Path
    data: Path
    extra: Path
    encoder: Path
    done: Done

    @property
    def output(self) -> Path:
        return self.folder / "out"

    @property
    def bundle(self) -> Path:
        return self.output / "bundle"

    @property
    def manifest(self) -> dict:
        return json.loads((self.bundle / "bundle.json").read_text(encoding="utf-8"))


@contextmanager
def working_in(folder: Path):
    """Work in a folder whose mlruns/ is the store. MLflow keeps the store's address in an environment variable."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield
        os.environ.pop("MLFLOW_TRACKING_URI", None)


def sikap_in(folder: Path, *arguments: object) -> Done:
    """Run a command line in a folder."""
    with working_in(folder):
        return called(*arguments)


def called(*arguments: object) -> Done:
    """Run a command line where this process stands."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        status = main([str(argument) for argument in arguments])
    return Done(status, out.getvalue(), err.getvalue())


def new_store(base: Path, folder: Path) -> None:
    """Put an empty store into a folder: MLflow takes seconds to make one, so it is made once and copied."""
    (folder / "mlruns").mkdir()
    shutil.copy(_empty_store(base), folder / "mlruns" / "mlflow.db")


@cache
def _empty_store(base: Path) -> Path:
    file = base / "empty-store" / "mlflow.db"
    file.parent.mkdir()
    tracking.mlflow.MlflowClient(f"sqlite:///{file}").search_experiments()
    return file


def slice_of_own(name: str, sizes: dict[str, int]) -> list[dict]:
    """Return so many of the project's statements that each part of a file of this name has its size."""
    left, taken = dict(sizes), []
    for line in OWN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        part = part_of(f"{name}:{row['group']}")
        if left[part]:
            left[part] -= 1
            taken.append(row)
    assert not any(left.values())
    return taken


def write_lines(file: Path, rows: list[dict]) -> Path:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> SmallRun:
    """A finished `sikap train`. Do not change its folders: copy them first."""
    return _train(tmp_path_factory.getbasetemp(), tiny_encoder)


@cache
def _train(base: Path, encoder: Path) -> SmallRun:
    inputs, folder = base / "inputs", base / "small-run"
    inputs.mkdir()
    folder.mkdir()
    new_store(base, folder)
    data = write_lines(inputs / "labelled.jsonl", slice_of_own("labelled.jsonl", SIZES))
    extra = write_lines(inputs / "berita baru.jsonl", slice_of_own("x", {"train": 10, "validation": 4, "test": 4}))
    arguments = ["--data", data, "--base-model", encoder, "--epochs", 1, "--seeds", 2, "--evaluate-on", extra]
    done = sikap_in(folder, "train", *arguments, "--output", "out")
    assert done.status == 0, done.err
    return SmallRun(folder, data, extra, encoder, done)
