"""Stand before the application: names, sizes, times and headers of every request and answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sikap.serving.hosts import Hosts
from sikap.serving.limits import Limits, Refused

BODIES = 64
"""Bodies of the largest size that are held at once."""
DISCARDED = 32 * 2**20
"""Bytes of a refused body that are read and dropped, so that its sender comes to read the answer."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every answer that does not set them itself."""

Answer = Callable[[Headers, Refused], Response]
"""Makes the answer to a refused request from its headers."""


class Guard:
    """Let through to the application only requests that it should read, each with its whole body.

    The application is called once the body is there, so that a slow sender holds nothing but its
    connection, and is cancelled when who asked has gone.
    """

    def __init__(self, app: ASGIApp, limits: Limits, hosts: Hosts, answer: Answer) -> None:
        """Guard `app`; `answer` makes the responses to requests that are refused here."""
        self._app, self._limits, self._hosts, self._answer = app, limits, hosts, answer
        self._held = self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        headers = Headers(scope=scope)
        reply = _Reply(send)
        try:
            self._check(scope, headers)
            with self._holding() as hold:
                body = await self._read(headers, receive, hold)
                with self._admitted():
                    await self._ask(scope, body, receive, reply)
        except Refused as refused:
            response = self._answer(headers, refused)
            response.headers["Connection"] = "close"
            await response(scope, receive, reply)
        except _GoneError:
            return

    def _check(self, scope: Scope, headers: Headers) -> None:
        if headers.get("host", "") not in self._hosts:
            raise Refused(421, "This server does not go by that name; ask for it by its address, or see --allow-host.")
        if scope["method"] == "POST" and headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            raise Refused(403, "This request comes from another web site; send it from a page of this server.")

    async def _read(self, headers: Headers, receive: Receive, hold: Callable[[int], None]) -> bytes:
        parts: list[bytes] = []
        too_large = Refused(413, f"The body may have {self._limits.body:,} bytes; send less in one request.")
        try:
            async with asyncio.timeout(self._limits.seconds):
                if _length(headers) > self._limits.body:
                    if headers.get("expect", "").lower() != "100-continue":
                        await _discard(receive)
                    raise too_large
                size, more = 0, True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _GoneError
                    part = message.get("body", b"")
                    size += len(part)
                    if size > self._limits.body:
                        await _discard(receive)
                        raise too_large
                    hold(len(part))
                    parts.append(part)
                    more = message.get("more_body", False)
        except TimeoutError:
            raise Refused(
                408, f"The body did not arrive within {self._limits.seconds:g} seconds; send it again."
            ) from None
        return b"".join(parts)

    @contextmanager
    def _holding(self) -> Iterator[Callable[[int], None]]:
        held = 0

        def hold(size: int) -> None:
            nonlocal held
            if self._held + size > BODIES * self._limits.body:
                raise _busy()
            held += size
            self._held += size

        try:
            yield hold
        finally:
            self._held -= held

    @contextmanager
    def _admitted(self) -> Iterator[None]:
        if self._waiting >= self._limits.waiting:
            raise _busy()
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def _ask(self, scope: Scope, body: bytes, receive: Receive, reply: _Reply) -> None:
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def given() -> Message:
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        answer = asyncio.ensure_future(self._app(scope, given, reply))
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not reply.complete and not answer.done():
                answer.cancel()
                await asyncio.wait({answer})
                return
            await answer
        finally:
            gone.cancel()


class _GoneError(Exception):
    """Who asked has gone."""


class _Reply:
    """Pass an answer on with the headers that every answer has."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.complete = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        elif not message.get("more_body", False):
            self.complete = True
        await self._send(message)


def _busy() -> Refused:
    return Refused(503, "Too many requests wait already; ask again in a moment.", retry_after=1)


def _length(headers: Headers) -> int:
    value = headers.get("content-length", "0")
    return int(value) if value.isdecimal() else 0


async def _discard(receive: Receive) -> None:
    size, more = 0, True
    while more and size < DISCARDED:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
