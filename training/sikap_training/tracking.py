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
from mlflow.exceptions import MlflowException

from sikap_training.statements import LabelledStatement, digest
from sikap_training.store import SQLITE, StoreError, check_server, is_gone, make_sqlite, plain_errors, this_process

EXPERIMENT = "sikap"
REGISTERED = "sikap"
STORE = Path("mlruns")
PROCESS = "sikap.process"
OUTPUT = "sikap.output"
"""Tags of a run: the process that does it, by which a killed one is known, and the folder that it writes."""


def connect(store: Path = STORE, *, create: bool = True) -> None:
    """Point MLflow at its store and make sure that the experiment exists.

    Without MLFLOW_TRACKING_URI that is sqlite at `store`/mlflow.db. The artifacts of a sqlite
    store lie beside its file, those of a server where the server keeps them. Raises StoreError for
    a server that does not answer, a file that is no store, and, without `create`, for a store that
    is not there.
    """
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    address = os.environ.get("MLFLOW_TRACKING_URI") or f"{SQLITE}{store.resolve() / 'mlflow.db'}"
    location: str | None = None
    if address.startswith(SQLITE):
        file = Path(address.removeprefix(SQLITE)).resolve()
        location = (file.parent / "artifacts").as_uri()
        if not file.exists():
            if not create:
                raise StoreError(
                    f"{file}: there is no store; run the command where `sikap train` ran, or set MLFLOW_TRACKING_URI."
                )
            make_sqlite(file, location)
    elif address.startswith(("http://", "https://")):
        check_server(address)
    with plain_errors(address):
        mlflow.set_tracking_uri(address)
        if mlflow.get_experiment_by_name(EXPERIMENT) is None:
            _create_experiment(location)
        mlflow.set_experiment(EXPERIMENT)


def experiment_id() -> str:
    """Return the experiment's id in the connected store."""
    found = mlflow.get_experiment_by_name(EXPERIMENT)
    if found is None:
        raise StoreError(f"{mlflow.get_tracking_uri()} holds no experiment {EXPERIMENT!r}; `sikap train` makes it.")
    return str(found.experiment_id)


def _create_experiment(location: str | None) -> None:
    try:
        mlflow.create_experiment(EXPERIMENT, artifact_location=location)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":  # another training made it in between
            raise


@contextmanager
def plain(advice: str = "") -> Iterator[None]:
    """Turn what MLflow raises about the connected store into one StoreError, which ends with `advice`."""
    with plain_errors(mlflow.get_tracking_uri(), advice):
        yield


@contextmanager
def run(
    name: str, parameters: dict[str, Any], *, nested: bool = False, tags: dict[str, str] | None = None
) -> Iterator[Run]:
    """Open a run with parameters, tags and the code's version; close it as failed when the block raises."""
    given = {PROCESS: this_process(), **(tags or {})}
    version = code_version()
    if version:
        given["code_version"] = version
    with mlflow.start_run(run_name=name, nested=nested, tags=given) as opened:
        mlflow.log_params({key: str(value)[:500] for key, value in parameters.items()})
        yield opened


def was_killed(found: Run) -> bool:
    """Tell whether a run stands as running in the store though its process, on this machine, has ended."""
    return found.info.status == "RUNNING" and is_gone(found.data.tags.get(PROCESS, "elsewhere 0 0"))


def close_killed() -> None:
    """Mark the runs of killed processes of this machine as killed."""
    client = mlflow.MlflowClient()
    for found in client.search_runs([experiment_id()], "attributes.status = 'RUNNING'"):
        if was_killed(found):
            client.set_terminated(found.info.run_id, status="KILLED")


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
