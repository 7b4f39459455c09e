"""Record runs in MLflow: a local sqlite store under mlruns/, or the server that MLFLOW_TRACKING_URI names."""

from __future__ import annotations

import logging
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mlflow
import mlflow.data
import pandas
from mlflow.entities import Run

from sikap_training.statements import LabelledStatement, digest

EXPERIMENT = "sikap"
REGISTERED = "sikap"
STORE = Path("mlruns")
SQLITE = "sqlite:///"


def connect(store: Path = STORE) -> None:
    """Point MLflow at its store and make sure that the experiment exists.

    Without MLFLOW_TRACKING_URI that is sqlite at `store`/mlflow.db. The artifacts of a sqlite
    store lie beside its file, those of a server where the server keeps them.
    """
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    address = os.environ.get("MLFLOW_TRACKING_URI") or f"{SQLITE}{store.resolve() / 'mlflow.db'}"
    location: str | None = None
    if address.startswith(SQLITE):
        folder = Path(address.removeprefix(SQLITE)).resolve().parent
        folder.mkdir(parents=True, exist_ok=True)
        location = (folder / "artifacts").as_uri()
    mlflow.set_tracking_uri(address)
    if mlflow.get_experiment_by_name(EXPERIMENT) is None:
        mlflow.create_experiment(EXPERIMENT, artifact_location=location)
    mlflow.set_experiment(EXPERIMENT)


@contextmanager
def run(name: str, parameters: dict[str, Any], *, nested: bool = False) -> Iterator[Run]:
    """Open a run with parameters and the code's version; close it as failed when the block raises."""
    with mlflow.start_run(run_name=name, nested=nested) as opened:
        mlflow.log_params({key: str(value)[:500] for key, value in parameters.items()})
        version = code_version()
        if version:
            mlflow.set_tag("code_version", version)
        yield opened


def code_version() -> str | None:
    """Return the commit of the repository that this code stands in, with "+" when it was changed; None outside one."""
    folder = Path(__file__).parent
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        return commit + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def log_data(statements: Sequence[LabelledStatement], name: str, context: str) -> None:
    """Log a part of the data as an input of the run: its digest, schema and size, not its texts."""
    frame = pandas.DataFrame(
        {
            "text": [s.text for s in statements],
            "stance": ["+".join(s.stance) or "none" for s in statements],
            "sentiment": [s.sentiment for s in statements],
        }
    )
    dataset = mlflow.data.from_pandas(frame, name=name, digest=digest(statements)[:36])  # type: ignore[attr-defined]
    mlflow.log_input(dataset, context=context)


def flat(figures: dict[str, Any], prefix: str = "") -> dict[str, float]:
    """Return nested figures as one level of metrics, keys joined by dots and cleared of signs that MLflow refuses."""
    result: dict[str, float] = {}
    for key, value in figures.items():
        name = re.sub(r"[^\w .:/-]+", "and", key)
        if isinstance(value, dict):
            result |= flat(value, f"{prefix}{name}.")
        elif isinstance(value, int | float):
            result[f"{prefix}{name}"] = float(value)
    return result
