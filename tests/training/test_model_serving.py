"""`mlflow models serve` on the logged model, over HTTP, in a process that has neither torch nor the project."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import mlflow
import pytest

import sikap
from sikap_training import tracking

from . import small_run
from .small_run import SmallRun, working_in

trained = small_run.trained
TEXTS = ["Kami mengutuk keras serangan itu.", "", "Kami menyampaikan belasungkawa.", "Pertemuan berlangsung. " * 60]
BLOCK = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "transformers", "datasets", "sklearn", "accelerate", "sikap_training"}:
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Block())
"""
JSON = "application/json"
Ask = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def ask(trained: SmallRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Serve the model and return a function that posts a body and returns status and answer."""
    with working_in(trained.folder):
        tracking.connect()
        model = mlflow.artifacts.download_artifacts("models:/sikap/1")
    folder = tmp_path_factory.mktemp("served")
    (folder / "sitecustomize.py").write_text(BLOCK)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONPATH": str(folder), "PATH": path, "MLFLOW_DISABLE_TELEMETRY": "true"}
    command = [sys.executable, "-m", "mlflow", "models", "serve", "--env-manager", "local", "--port", str(port)]

    def post(body: bytes | str, kind: str = JSON, path: str = "/invocations", method: str = "POST") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(method, path, body, {"Content-Type": kind})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    log = folder / "log"
    with (
        log.open("wb") as stream,
        subprocess.Popen(
            [*command, "--model-uri", model],
            env=environment,
            cwd=folder,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        ) as process,
    ):
        try:
            until = time.monotonic() + 120
            while True:
                try:
                    assert post(b"", path="/ping", method="GET")[0] == 200
                    break
                except OSError:
                    assert process.poll() is None, log.read_text()
                    assert time.monotonic() < until, log.read_text()
                    time.sleep(0.2)
            yield post
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def predictions(answer: tuple[int, str]) -> list[dict]:
    status, body = answer
    assert status == 200, body

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(body, parse_constant=refuse)["predictions"]


def records(*texts: object) -> str:
    return json.dumps({"dataframe_records": [{"text": text} for text in texts]})


def test_a_single_text(ask: Ask, trained: SmallRun):
    (row,) = predictions(ask(records(TEXTS[0])))
    wanted = sikap.load(trained.bundle).predict(TEXTS[0])
    assert row["stance"] == wanted.stance_text
    assert row["stance_support"] == pytest.approx(wanted.stance_probabilities["support"], abs=1e-5)


def test_a_batch_in_every_form_that_mlflow_takes(ask: Ask, trained: SmallRun):
    wanted = sikap.load(trained.bundle).predict(TEXTS)
    split = {"dataframe_split": {"columns": ["id", "text"], "data": [[n, text] for n, text in enumerate(TEXTS)]}}
    for body in (records(*TEXTS), json.dumps(split), json.dumps({"inputs": TEXTS})):
        rows = predictions(ask(body))
        assert [row["stance"] for row in rows] == [prediction.stance_text for prediction in wanted]
        assert [row["sentiment"] for row in rows] == [prediction.sentiment for prediction in wanted]
        assert [row["truncated"] for row in rows] == [False, False, False, True]
    csv = ask("text\n" + "\n".join([TEXTS[0], "7"]) + "\n", "text/csv")
    assert len(predictions(csv)) == 2


def test_nothing_to_read(ask: Ask):
    for rows in (predictions(ask(records(""))), predictions(ask(records("Kami berduka.", None)))):
        assert (rows[-1]["stance"], rows[-1]["sentiment"], rows[-1]["stance_support"]) == ("", None, None)
        assert rows[-1]["uncertain"] is True
    assert predictions(ask('{"dataframe_split": {"columns": ["text"], "data": []}}')) == []


@pytest.mark.parametrize(
    ("body", "kind", "status", "said"),
    [
        ("", JSON, 400, "Expecting value"),
        ('{"dataframe_records": [', JSON, 400, "Expecting value"),
        ("[]", JSON, 400, "dataframe_split"),
        ('{"dataframe_records": [{"teks": "Kami"}]}', JSON, 400, "missing inputs ['text']"),
        (records("Kami", 7), JSON, 400, "row 2: text must be a string or null, not 7."),
        (records(["Kami"]), JSON, 400, "text"),
        ("Kami", "text/plain", 415, "only supports"),
    ],
)
def test_what_is_wrong_is_refused(ask: Ask, body: str, kind: str, status: int, said: str):
    found, answer = ask(body, kind)
    assert (found, said in answer) == (status, True), answer
    assert "Traceback" not in answer


def test_what_is_too_large_is_refused(ask: Ask):
    status, answer = ask(records(*["Kami mengutuk serangan itu. " * 1000] * 40))
    assert status == 400
    assert "the request holds 1,120,000 characters and may hold 1,000,000; send it in several requests." in answer
    rows = predictions(ask(records(*[f"Kami mengutuk {number}." for number in range(2000)])))
    assert len(rows) == 2000


def test_outside_a_server_there_is_no_limit(trained: SmallRun, monkeypatch):
    from types import SimpleNamespace

    from sikap_training.pyfunc_model import SERVING, SikapModel

    monkeypatch.delenv(SERVING, raising=False)
    model, context = SikapModel(), SimpleNamespace(artifacts={"bundle": str(trained.bundle)})
    model.load_context(context)
    assert model.predict(context, ["." * 1_000_001])["stance"].tolist() == [""]
