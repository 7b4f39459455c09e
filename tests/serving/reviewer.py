"""Review statements over HTTP as a browser does it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from .client import Answer, Server, running

FORM = "application/x-www-form-urlencoded"


class Reviewer:
    """A person at the page of a running review; `page` is what is shown."""

    def __init__(self, server: Server) -> None:
        self.server, self.page = server, ""
        self.look()

    def look(self) -> str:
        answer = self.server.ask("GET", "/", headers={"Accept": "text/html"})
        assert answer.status == 200
        return self._show(answer)

    @property
    def text(self) -> str:
        """The statement that is asked."""
        return unescape(re.search(r"<blockquote[^>]*>(.*?)</blockquote>", self.page, re.DOTALL)[1])

    @property
    def heading(self) -> str:
        return unescape(re.search(r"<h1>(.*?)</h1>", self.page)[1])

    @property
    def note(self) -> str:
        """What the page says of the form that was sent last."""
        found = re.search(r'<p class="notice[^>]*>(.*?)</p>', self.page)
        return unescape(found[1]) if found else ""

    @property
    def marked(self) -> list[str]:
        return re.findall(r'<input[^>]* value="(\w+)"[^>]* checked>', self.page)

    def form(self, do: str, stance: str = "", sentiment: str = "") -> bytes:
        """Return what the form of the page sends when a button is pressed."""
        parts = re.findall(r"<form.*?</form>", self.page, re.DOTALL)
        (form,) = [part for part in parts if f'value="{do}"' in part]
        (statement,) = re.findall(r'name="statement" value="(\w+)"', form)
        tone = [("sentiment", sentiment)] if sentiment else []
        return urlencode(
            [("statement", statement), *(("stance", name) for name in stance.split()), *tone, ("do", do)]
        ).encode()

    def send(self, body: bytes, **headers: str) -> Answer:
        """Send a form as the page does, and follow where it leads."""
        own = {"Content-Type": FORM, "Accept": "text/html", "Origin": self.server.address, **headers}
        answer = self.server.ask("POST", "/", body, own)
        if answer.status == 303:
            assert answer.headers["Location"] == "/"
            self.look()
        else:
            self._show(answer)
        return answer

    def press(self, do: str, stance: str = "", sentiment: str = "") -> int:
        """Mark labels and press a button; return the status."""
        return self.send(self.form(do, stance, sentiment)).status

    def save(self, stance: str, sentiment: str) -> None:
        assert self.press("save", stance, sentiment) == 303

    def _show(self, answer: Answer) -> str:
        assert "<script" not in answer.body.decode()
        self.page = re.sub("<style>.*</style>", "", answer.body.decode(), flags=re.DOTALL)
        return self.page


@contextmanager
def reviewing(file: Path, *options: object, annotator: str = "ani", code: str | None = None) -> Iterator[Reviewer]:
    """Run a review of the column `quote` on a page."""
    named = ["--annotator", annotator] if annotator else []
    arguments = ["review", file.name, "--text-column", "quote", *named, "--browser", "--port", 0, *options]
    with running(file.parent, *arguments, code=code) as server:
        yield Reviewer(server)
