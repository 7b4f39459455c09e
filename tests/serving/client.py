"""Start servers and speak HTTP to them."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 60
READY = "sikap: serving on "


@dataclass
class Answer:
    """What came back over HTTP."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        assert self.headers["Content-Type"] == "application/json"
        return json.loads(self.body)

    @property
    def refusal(self) -> tuple[int, str]:
        """The status and the one sentence of a refusal."""
        assert list(self.json) == ["error"]
        sentence = self.json["error"]
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return self.status, sentence


class Server:
    """A running command that serves."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, self.address = process, address
        parts = urlsplit(address)
        self.host, self.port = parts.hostname, parts.port
        self.ended: tuple[int, str] | None = None

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def post(self, path: str, value: Any, **headers: str) -> Answer:
        """Send a value as JSON."""
        return self.ask("POST", path, json.dumps(value), {"Content-Type": "application/json", **headers})

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; return the exit status and what the server wrote on stderr after it was ready."""
        if self.ended is None:
            self.process.send_signal(number)
            _, err = self.process.communicate(timeout=PATIENCE)
            self.ended = self.process.returncode, err
        return self.ended


def serving(bundle: Path, folder: Path, *options: object, code: str | None = None) -> AbstractContextManager[Server]:
    """Run `sikap serve` in a folder, on a free port; `code` is run in its process first."""
    return running(folder, "serve", "--port", 0, "--model", bundle, *options, code=code)


@contextmanager
def running(folder: Path, *arguments: object, code: str | None = None) -> Iterator[Server]:
    """Run a command that serves; `code` is run in its process instead of the command line."""
    command = [sys.executable, *(["-c", code] if code else ["-m", "sikap"]), *map(str, arguments)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        killer = threading.Timer(PATIENCE * 20, process.kill)
        killer.start()
        try:
            said = [process.stderr.readline()]
            while said[-1] and not said[-1].startswith(READY):
                said.append(process.stderr.readline())
            line = said[-1]
            assert line, "".join(said)
            server = Server(process, line.removeprefix(READY).split()[0])
            yield server
            server.stop()
        finally:
            killer.cancel()
            process.kill()


def request(path: str, value: Any) -> bytes:
    """Return a POST of a value as JSON, as it goes over the wire; the server closes the connection after it."""
    body = json.dumps(value).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def read(reader: asyncio.StreamReader) -> tuple[int, Any]:
    """Return the status and the JSON of an answer."""
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    return (int(head.split()[1]), json.loads(body)) if head else (0, None)
