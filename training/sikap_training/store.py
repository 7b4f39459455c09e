"""Open MLflow's store: never half-made by a kill or a second process; what is wrong with it is said in a sentence."""

from __future__ import annotations

import os
import platform
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from requests.exceptions import RequestException
from sqlalchemy.exc import SQLAlchemyError

from sikap.errors import OutputError, SikapError

SQLITE = "sqlite:///"
PATIENCE = 10.0
"""Seconds to wait for a server to say that it is there."""
SAME_START = 2.0
"""Seconds by which two readings of a process's start may differ."""


class StoreError(SikapError):
    """A store that is missing, cannot be reached, or refuses."""


@contextmanager
def plain_errors(address: str, advice: str = "") -> Iterator[None]:
    """Turn what MLflow raises about the store at `address` into one StoreError, which ends with `advice`."""
    try:
        yield
    except (MlflowException, RequestException, SQLAlchemyError) as error:
        reason = (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0].rstrip(". ")
        raise StoreError(f"the store {address} refused: {reason}{advice and f'; {advice}'}.") from error


def make_sqlite(file: Path, artifacts: str) -> None:
    """Make a new sqlite store beside its place and put it there at once, unless another process was faster.

    MLflow makes its tables in some forty steps. A kill in the midst of them would leave a file that
    it can neither use nor mend. Raises OutputError when the folder cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-store-", dir=file.parent) as folder:
            fresh = Path(folder) / file.name
            SqlAlchemyStore(f"{SQLITE}{fresh}", artifacts).engine.dispose()
            with suppress(OSError):  # it is there by now, or this disk has no hard links: MLflow then makes it in place
                os.link(fresh, file)
    except OSError as error:
        raise OutputError(f"{file.parent}: cannot hold a store ({error.strerror or error}).") from error


def check_server(address: str) -> None:
    """Raise StoreError when no server answers at `address`; MLflow itself would try for minutes."""
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=PATIENCE):
            return
    except urllib.error.HTTPError:
        return  # something answers; what it refuses, MLflow says
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise StoreError(
            f"the store {address} cannot be reached ({reason}); start the server or mend MLFLOW_TRACKING_URI."
        ) from error


def this_process() -> str:
    """Return a name of this process that no later one on any machine bears: machine, number, start."""
    return f"{platform.node()} {os.getpid()} {psutil.Process().create_time():.1f}"


def is_gone(process: str) -> bool:
    """Tell whether a process of this machine, named by `this_process`, has ended; False for another machine's."""
    node, number, start = process.rsplit(" ", 2)
    if node != platform.node():
        return False
    try:
        running = psutil.Process(int(number))
        return bool(running.status() == psutil.STATUS_ZOMBIE) or abs(running.create_time() - float(start)) > SAME_START
    except psutil.NoSuchProcess:
        return True
