"""Write analysed articles in any of the output formats."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

from sikap.analysis import AnalyzedArticle
from sikap.bundle import Bundle
from sikap.report.formats import ReportFormat
from sikap.writing.target import open_target
from sikap.writing.values import json_bytes


class ReportWriter(Protocol):
    """Take analysed articles one by one."""

    def write(self, article: AnalyzedArticle) -> None:
        """Take one article."""

    def close(self) -> None:
        """Finish the output."""


@contextmanager
def open_report(target: str, form: ReportFormat, bundle: Bundle) -> Iterator[ReportWriter]:
    """Open an output; what is written appears at `target` when the block ends without an error.

    `bundle` is the model that scores the articles; a page says which it was.
    """
    with open_target(target) as stream:
        writer = _writer(stream, form, bundle)
        yield writer
        writer.close()


def _writer(stream: BinaryIO, form: ReportFormat, bundle: Bundle) -> ReportWriter:
    if form == "html":
        return _PageWriter(stream, bundle)
    if form == "table":
        from sikap.report.terminal import TerminalWriter

        return TerminalWriter(stream)
    return _LinesWriter(stream) if form == "jsonl" else _ArrayWriter(stream)


class _PageWriter:
    """Gather articles and write the page at the end: its head counts them all."""

    def __init__(self, stream: BinaryIO, bundle: Bundle) -> None:
        from sikap.report.page import write_page

        self._stream, self._bundle, self._write_page = stream, bundle, write_page
        self._articles: list[AnalyzedArticle] = []

    def write(self, article: AnalyzedArticle) -> None:
        self._articles.append(article)

    def close(self) -> None:
        self._write_page(self._stream, self._articles, self._bundle)


class _LinesWriter:
    """Write one statement a line, the article's name first."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, article: AnalyzedArticle) -> None:
        for statement in article.statements:
            self._stream.write(json_bytes({"article": article.name, **statement.to_dict()}) + b"\n")

    def close(self) -> None:
        pass


class _ArrayWriter:
    """Write one array with an object an article: its name and its statements."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._before = stream, b"[\n"

    def write(self, article: AnalyzedArticle) -> None:
        self._stream.write(self._before + b'{"article": ' + json_bytes(article.name) + b', "statements": [')
        for number, statement in enumerate(article.statements):
            self._stream.write((b",\n  " if number else b"\n  ") + json_bytes(statement.to_dict()))
        self._stream.write(b"\n]}" if article.statements else b"]}")
        self._before = b",\n"

    def close(self) -> None:
        self._stream.write(b"\n]\n")
