"""Do the reading and scoring that requests ask for, in a few threads beside the one that talks to clients."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from sikap.analysis import AnalyzedArticle, statements_of
from sikap.extraction.found import FoundStatement
from sikap.language import READ_FOR_LANGUAGE, is_indonesian
from sikap.model import Model
from sikap.report.page import write_page
from sikap.scoring import Summary
from sikap.statement import Statement
from sikap.writing.values import json_bytes

FOREIGN = "This does not read like Indonesian: read all the same, do not rely on it."
NO_STATEMENTS = "Is this a single quote? Go back and choose “Score as one quote”."
PASTED = "pasted text"

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """A fixed number of threads; what more is asked of them waits in the order of asking."""

    def __init__(self, threads: int) -> None:
        """Start no thread yet."""
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sikap")

    async def do(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do a task in a thread; when the waiting is cancelled, a task that has not begun never does."""
        return await asyncio.wrap_future(self._pool.submit(task, *args, **kwargs))

    def close(self) -> None:
        """Wait for what was begun."""
        self._pool.shutdown(cancel_futures=True)


def scored(model: Model, text: str | list[str]) -> tuple[bytes, list[str]]:
    """Return predictions as JSON, an object for one statement and a list for several, and warnings."""
    summary = Summary()
    predictions = model.predict([text] if isinstance(text, str) else text)
    for prediction in predictions:
        summary.add(prediction)
    rows = [prediction.to_dict() for prediction in predictions]
    return json_bytes(rows[0] if isinstance(text, str) else rows), list(summary.warnings())


def analyzed(model: Model, text: str, name: str) -> tuple[bytes, list[str]]:
    """Return the statements of an article as JSON, and warnings."""
    statements = [statement.to_dict() for statement in statements_of(text, model)]
    return json_bytes({"article": name, "statements": statements}), list(_notices(text))


def article_report(model: Model, text: str, home: str) -> tuple[bytes, str]:
    """Return the report of an article as a page, and the page's Content-Security-Policy."""
    statements = statements_of(text, model)
    notices = [*_notices(text), *([] if statements else [NO_STATEMENTS])]
    return _report(model, AnalyzedArticle(PASTED, text, statements), home, notices)


def quote_report(model: Model, text: str, home: str) -> tuple[bytes, str]:
    """Return the report of a text that is one quote of somebody, and the page's Content-Security-Policy."""
    quote = text.strip()
    statement = Statement.joined(_whole(quote), model.predict(quote))
    notices = [] if is_indonesian(quote[:READ_FOR_LANGUAGE]) else [FOREIGN]
    return _report(model, AnalyzedArticle(PASTED, quote, [statement]), home, notices)


def _report(model: Model, article: AnalyzedArticle, home: str, notices: list[str]) -> tuple[bytes, str]:
    stream = io.BytesIO()
    policy = write_page(stream, [article], model.bundle, home=home, notices=notices)
    return stream.getvalue(), policy


def _notices(article: str) -> Iterator[str]:
    if not is_indonesian(article[:READ_FOR_LANGUAGE]):
        yield FOREIGN


def _whole(quote: str) -> FoundStatement:
    return FoundStatement(
        start=0,
        end=len(quote),
        text=quote,
        kind="direct",
        speaker=None,
        speaker_mention=None,
        speaker_mention_start=None,
        speaker_mention_end=None,
        role=None,
        cue=None,
    )
