"""Run the server until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from sikap.errors import ServingError
from sikap.model import Model
from sikap.serving.app import create_app
from sikap.serving.hosts import Hosts
from sikap.serving.limits import Limits
from sikap.serving.patience import PatientProtocol
from sikap.serving.work import Workers

BACKLOG = 4096
"""Connections that the system holds until they are taken."""
LAST_CALL_SECONDS = 0.25
"""Seconds for which connections are still taken when the server is told to stop, so that none that was made is cut."""
STOPPING = (signal.SIGINT, signal.SIGTERM)


def serve(
    model: Model,
    host: str,
    port: int,
    limits: Limits,
    *,
    threads: int,
    names: Iterable[str] = (),
    ready: Callable[[str], None],
) -> None:
    """Serve until SIGINT or SIGTERM, then finish what was accepted and return.

    `port` 0 takes a free one; `ready` is told the address. `names` are those that the server
    answers to beside its own. Raises ServingError when the address cannot be had, and
    KeyboardInterrupt when a second SIGINT dropped what was not finished.
    """
    workers = Workers(threads)
    run(create_app(model, workers, limits, Hosts([host, *names])), host, port, ready=ready, close=workers.close)


def run(
    app: ASGIApp,
    host: str,
    port: int,
    *,
    ready: Callable[[str], None],
    close: Callable[[], None] = lambda: None,
    options: str = "--host or --port",
) -> None:
    """Serve an application as `serve` does; `close` is called at the end, `options` name the address's options."""
    listening = _listen(host, port, options)
    server = _Server(_config(app))
    before = {number: signal.signal(number, lambda *_: None) for number in STOPPING}
    try:  # uvicorn raises the signal again when it is done; it has been obeyed by then
        _allow_many_connections()
        ready(_address(listening))
        asyncio.run(server.serve([listening]))
    finally:
        close()
        for number, handler in before.items():
            signal.signal(number, handler)
    if server.force_exit:
        raise KeyboardInterrupt("interrupted again; what was not finished was dropped.")


class _Server(uvicorn.Server):
    """Take the connections that are already there before it stops, and drop everything when told so twice."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self.force_exit:  # each request that is dropped would be logged as a failure
            logging.getLogger("uvicorn.error").disabled = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.sleep(LAST_CALL_SECONDS)
        await super().shutdown(sockets)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
    )


def _listen(host: str, port: int, options: str) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server((str(address[0]), port), family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        number = getattr(error, "errno", None) or 0
        reason = os.strerror(number) if number > 0 else getattr(error, "strerror", None) or error
        raise ServingError(
            f"{host}, port {port}: cannot be served on ({reason}); name another with {options}."
        ) from None


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _allow_many_connections() -> None:
    """Raise the number of files that this process may have open, each connection being one, as far as it may."""
    try:
        import resource
    except ImportError:  # not on Windows, which has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
