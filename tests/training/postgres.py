"""Start PostgreSQL and an MLflow server on it, for the time of a test."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def programs() -> Path:
    """Return the folder of PostgreSQL's programs; skip the test where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return found[-1].parent if found else Path(str(on_path)).parent


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL of its own on the loopback; yield the address of its database."""
    bin_folder, port = programs(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="sikap-postgres-"))  # not pytest's, which another user may not enter
    user = {}
    if os.geteuid() == 0:  # PostgreSQL refuses root
        user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        shutil.chown(folder, "nobody", "nogroup")
    data, log = folder / "data", folder / "log"

    def call(*command: object) -> None:
        words = [str(word) for word in command]
        out = log.with_name("output")  # a file: a server that goes on would hold a pipe open
        with out.open("w", encoding="utf-8") as stream:
            done = subprocess.run(words, cwd=folder, stdout=stream, stderr=stream, check=False, **user)
        assert done.returncode == 0, out.read_text(encoding="utf-8")

    # Its durability is switched off: what a test writes need not outlive the machine.
    call(bin_folder / "initdb", "-D", data, "-U", "sikap", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories= -c fsync=off"
    try:
        call(bin_folder / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        yield f"postgresql+psycopg2://sikap@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([str(bin_folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"], check=False, **user)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def mlflow_server(database: str, artifacts: Path, *, seconds: float = 120.0) -> Iterator[str]:
    """Run `mlflow server` on a database; yield its address."""
    address, log = f"http://127.0.0.1:{free_port()}", artifacts.with_suffix(".log")
    port = address.rpartition(":")[2]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", port, "--workers", "1"]
    command += ["--backend-store-uri", database, "--artifacts-destination", str(artifacts)]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}
    environment = {**kept, "MLFLOW_DISABLE_TELEMETRY": "true"}
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(
            command, cwd=artifacts.parent, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        end = time.monotonic() + seconds
        while not _answers(address):
            assert server.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < end, log.read_text(encoding="utf-8")
            time.sleep(0.2)
        yield address
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)  # the server and its workers
        server.wait(30)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=2):
            return True
    except OSError:
        return False
