"""A thousand clients at once, slow ones, gone ones, and stopping in the middle of it."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from inference.articles import ARTICLE

from .client import Server, read, request, serving

CLIENTS = 1000
LONG = " ".join([ARTICLE.replace("\n", " ")] * 200)
"""An article that takes a worker a while."""


@pytest.fixture(scope="module", autouse=True)
def many_files() -> Iterator[None]:
    """Let this process have a thousand connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else 65536, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def connected(server: Server, count: int) -> list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    return await asyncio.gather(*(asyncio.open_connection(server.host, server.port) for _ in range(count)))


async def close(connections: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> None:
    for _, writer in connections:
        writer.close()
        await writer.wait_closed()


def test_a_thousand_requests_at_once_lose_none(server: Server):
    """Every connection is open before the first request is sent, and every request is sent before an answer is read."""

    async def run() -> list[tuple[int, dict]]:
        connections = await connected(server, CLIENTS)
        for number, (_, writer) in enumerate(connections):
            writer.write(request("/api/score", {"text": f"Kami mengutuk serangan ke-{number}."}))
        answers = await asyncio.gather(*(read(reader) for reader, _ in connections))
        await close(connections)
        return answers

    answers = asyncio.run(run())
    assert [status for status, _ in answers] == [200] * CLIENTS
    assert [row["text"] for _, row in answers] == [f"Kami mengutuk serangan ke-{n}." for n in range(CLIENTS)]


def test_long_work_does_not_stall_the_page(server: Server):
    async def run() -> tuple[list[float], list[tuple[int, dict]]]:
        connections = await connected(server, 8)
        for _, writer in connections:
            writer.write(request("/api/analyze", {"text": LONG}))
        working = asyncio.gather(*(read(reader) for reader, _ in connections))
        waits = []
        while not working.done():
            start = time.monotonic()
            answer = await asyncio.to_thread(server.ask, "GET", "/tiada")
            waits.append(time.monotonic() - start)
            assert answer.status == 404
            await asyncio.sleep(0.05)
        await close(connections)
        return waits, await working

    waits, answers = asyncio.run(run())
    assert [(status, len(found["statements"])) for status, found in answers] == [(200, 400)] * 8
    assert len(waits) > 5
    assert sorted(waits)[len(waits) // 2] < 0.25
    assert max(waits) < 2


def trickle(path: str = "/api/score") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n".encode() + b'{"text": "'


def test_slow_senders_stall_nobody_and_are_told(server: Server):
    """The server's --timeout is 2 seconds; a sender that keeps sending a byte at a time is no better."""
    slow = [socket.create_connection((server.host, server.port), timeout=20) for _ in range(200)]
    try:
        start = time.monotonic()
        for connection in slow:
            connection.sendall(trickle())
        for text in ("Kami mengutuk.", "Kami berduka."):
            assert server.post("/api/score", {"text": text}).status == 200
        assert time.monotonic() - start < 2
        while time.monotonic() - start < 1.5:
            slow[0].sendall(b"a")
            time.sleep(0.1)
        for connection in slow:
            head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 408 ")
            assert json.loads(body) == {"error": "The body did not arrive within 2 seconds; send it again."}
        assert time.monotonic() - start < 8
    finally:
        for connection in slow:
            connection.close()


PATIENCE = "import sikap.serving.patience as p; p.HEAD_SECONDS = p.ANSWER_SECONDS = 0.7"
PATIENT = f"import sys\n{PATIENCE}\nfrom sikap.cli.main import main\nsys.exit(main())"


def until_cut(connection: socket.socket) -> int:
    """Return how many bytes come before the connection ends or is reset."""
    taken = 0
    try:
        while part := connection.recv(2**16):
            taken += len(part)
    except ConnectionResetError:
        pass
    return taken


def test_who_sends_no_request_or_takes_no_answer_is_cut(tiny_bundle, tmp_path: Path):
    large = ["." * 10**6] * 8
    options = ["--max-body", 2**24, "--max-characters", 2**24]
    with serving(tiny_bundle, tmp_path, *options, code=PATIENT) as server:
        silent, half, second = (socket.create_connection((server.host, server.port), timeout=10) for _ in range(3))
        half.sendall(b"GET / HTTP/1.1\r\nHost:")
        second.sendall(b"GET /tiada HTTP/1.1\r\nHost: localhost\r\n\r\nGET /")
        assert until_cut(silent) == until_cut(half) == 0
        assert until_cut(second) > 100
        deaf = socket.create_connection((server.host, server.port), timeout=10)
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
        deaf.sendall(request("/api/score", {"text": large}))
        time.sleep(2.5)
        assert until_cut(deaf) < 7 * 10**6
        for connection in (silent, half, second, deaf):
            connection.close()
        assert len(server.post("/api/score", {"text": large}).body) > 8 * 10**6


def test_more_than_may_wait_is_refused_at_once(tiny_bundle, tmp_path: Path):
    async def run(server: Server) -> list[tuple[int, dict]]:
        connections = await connected(server, 40)
        for _, writer in connections:
            writer.write(request("/api/analyze", {"text": LONG}))
        answers = await asyncio.gather(*(read(reader) for reader, _ in connections))
        await close(connections)
        return answers

    with serving(tiny_bundle, tmp_path, "--max-waiting", 4, "--threads", 1) as server:
        answers = asyncio.run(run(server))
        statuses = [status for status, _ in answers]
        assert set(statuses) == {200, 503}
        assert 4 <= statuses.count(200) < 20
        said = {answer["error"] for status, answer in answers if status == 503}
        assert said == {"Too many requests wait already; ask again in a moment."}
        assert server.post("/api/score", {"text": "Kami"}).status == 200


def test_work_for_who_has_gone_is_not_begun(tiny_bundle, tmp_path: Path):
    with serving(tiny_bundle, tmp_path, "--threads", 1) as server:
        start = time.monotonic()
        server.post("/api/analyze", {"text": LONG})
        one = time.monotonic() - start
        gone = [socket.create_connection((server.host, server.port)) for _ in range(30)]
        for connection in gone:
            connection.sendall(request("/api/analyze", {"text": LONG}))
        time.sleep(0.2)
        for connection in gone:
            connection.close()
        start = time.monotonic()
        assert server.post("/api/score", {"text": "Kami"}).status == 200
        assert time.monotonic() - start < 10 * one
    assert server.ended == (0, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopping_finishes_what_was_accepted(tiny_bundle, tmp_path: Path, number: int):
    """Requests that were sent before the signal are answered, slow senders are cut off, new ones are not let in."""

    async def run(server: Server) -> list[tuple[int, dict]]:
        connections = await connected(server, 300)
        for place, (_, writer) in enumerate(connections):
            writer.write(request("/api/score", {"text": [f"Kami mengutuk {place}."] * 20}))
            await writer.drain()
        server.process.send_signal(number)
        answers = await asyncio.gather(*(read(reader) for reader, _ in connections))
        await close(connections)
        return answers

    with serving(tiny_bundle, tmp_path, "--timeout", 2) as server:
        slow = socket.create_connection((server.host, server.port), timeout=20)
        slow.sendall(trickle())
        answers = asyncio.run(run(server))
        assert [(status, rows[0]["text"]) for status, rows in answers] == [
            (200, f"Kami mengutuk {place}.") for place in range(300)
        ]
        assert slow.makefile("rb").read().startswith(b"HTTP/1.1 408 ")
        slow.close()
        _, err = server.process.communicate(timeout=20)
        assert (server.process.returncode, err) == (0, "")
        with pytest.raises(ConnectionRefusedError):
            server.ask("GET", "/")
        server.ended = (0, err)


def test_a_second_interrupt_does_not_wait(tiny_bundle, tmp_path: Path):
    with serving(tiny_bundle, tmp_path, "--timeout", 60) as server:
        slow = socket.create_connection((server.host, server.port))
        slow.sendall(trickle())
        time.sleep(0.3)
        start = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert server.process.poll() is None
        server.process.send_signal(signal.SIGINT)
        _, err = server.process.communicate(timeout=20)
        server.ended = (server.process.returncode, err)
        assert time.monotonic() - start < 10
        slow.close()
    assert server.ended == (130, "sikap: interrupted again; what was not finished was dropped.\n")
