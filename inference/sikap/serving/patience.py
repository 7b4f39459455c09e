"""Bound how long a client may take to send a request's head and to take an answer."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""Seconds in which the head of a request must arrive; its body has a time of its own (Limits.seconds)."""
ANSWER_SECONDS = 60.0
"""Seconds in which an answer that waits for its client must be taken."""


class PatientProtocol(H11Protocol):
    """Speak HTTP as uvicorn does, and hang up on clients that keep a connection open and do nothing with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what uvicorn gives a protocol."""
        super().__init__(*args, **kwargs)
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._start("head", HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Wait no more for a request whose head is there, or begin to wait for the next one on the connection."""
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._start("head", HEAD_SECONDS)
        else:
            self._stop("head")

    def pause_writing(self) -> None:
        """Begin to wait for a client to take what was sent."""
        super().pause_writing()
        self._start("answer", ANSWER_SECONDS)

    def resume_writing(self) -> None:
        """Wait no more: the client has taken it."""
        super().resume_writing()
        self._stop("answer")

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        for name in list(self._timers):
            self._stop(name)
        super().connection_lost(exc)

    def _start(self, name: str, seconds: float) -> None:
        if name not in self._timers and not self.transport.is_closing():
            self._timers[name] = self.loop.call_later(seconds, self.transport.abort)

    def _stop(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()
