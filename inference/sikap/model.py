"""Score statements with a model bundle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from sikap.bundle import Bundle, read_bundle
from sikap.labels import SENTIMENTS, STANCES
from sikap.prediction import Prediction
from sikap.session import LOGITS, Session
from sikap.windows import Window, WindowEncoder, is_readable

if TYPE_CHECKING:
    from sikap.explanation import Explanation

WINDOW_ROWS = 2048
"""Statements that `stream` holds at once, to batch them by length."""
BLOCK_CHARACTERS = 2**22
"""Characters from which on `stream` takes no further statement before these are scored."""
HELD_WINDOWS = 4096
"""Windows of token ids that are held at once, however many a statement has."""


class Model:
    """A loaded bundle: text in, predictions out. Safe to share between threads."""

    def __init__(self, bundle: Bundle, *, threads: int | None = None, batch_size: int = 32) -> None:
        """Open a bundle's tokenizer and graph; `threads` None takes all cores."""
        if batch_size < 1:
            raise ValueError("batch_size must be at least 1")
        if threads is not None and threads < 1:
            raise ValueError("threads must be at least 1, or None for all cores")
        self.bundle = bundle
        self._encoder = WindowEncoder(bundle.tokenizer_file, bundle.max_length)
        self._session = Session(bundle.model_file, threads)
        self._batch_size = batch_size

    @property
    def manifest(self) -> dict[str, Any]:
        """Return what bundle.json says: labels, thresholds, metrics, run id, licence, digests."""
        return self.bundle.manifest

    @overload
    def predict(self, text: str) -> Prediction: ...  # type: ignore[overload-overlap]  # a str is a Sequence too

    @overload
    def predict(self, text: Sequence[str]) -> list[Prediction]: ...

    def predict(self, text: str | Sequence[str]) -> Prediction | list[Prediction]:
        """Score one statement, or a sequence of them in the given order.

        Raises TypeError when something is not a string.
        """
        if isinstance(text, str):
            return self._score([text])[0]
        return list(self.stream(text))

    def stream(self, texts: Iterable[str]) -> Iterator[Prediction]:
        """Score any number of statements in constant memory, yielding predictions in order.

        Raises TypeError for a single string, whose letters would be scored one by one.
        """
        if isinstance(texts, str):
            raise TypeError("stream takes an iterable of statements; score a single one with predict")
        return self._stream(iter(texts))

    def _stream(self, waiting: Iterator[str]) -> Iterator[Prediction]:
        while rows := _block(waiting):
            yield from self._score(rows)

    def explain(self, text: str) -> Explanation:
        """Score a statement and say which of its words carried each label.

        Raises InputError for a text without a letter or digit, or of more than 10,000 characters.
        """
        from sikap.explanation import explain

        return explain(self, text)

    def logits(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return logits of shape (n, 6), stance then sentiment, and which texts took several windows.

        Over windows, a stance logit is the highest and a sentiment logit the mean weighted by length.
        """
        joined = JoinedWindows(len(texts), LOGITS)
        waiting = self._encoder.stream(texts)
        while windows := list(islice(waiting, HELD_WINDOWS)):
            joined.add(windows, self._session.logits([window.ids for window in windows], self._batch_size))
        return joined.values(), joined.counts > 1

    def _score(self, texts: Sequence[str]) -> list[Prediction]:
        for text in texts:
            if not isinstance(text, str):
                raise TypeError(f"a statement must be a string, not {type(text).__name__}")
        predictions = [Prediction.unscored(text) for text in texts]
        readable = [index for index, text in enumerate(texts) if is_readable(text)]
        if not readable:
            return predictions
        logits, several = self.logits([texts[index] for index in readable])
        decided = self.bundle.decision(logits[:, : len(STANCES)], logits[:, len(STANCES) :])
        for row, index in enumerate(readable):
            stance_p, sentiment_p = decided.stance_probabilities[row], decided.sentiment_probabilities[row]
            predictions[index] = Prediction(
                text=texts[index],
                stance=tuple(name for name, present in zip(STANCES, decided.stance[row], strict=True) if present),
                sentiment=SENTIMENTS[int(sentiment_p.argmax())],
                stance_probabilities=dict(zip(STANCES, map(float, stance_p), strict=True)),
                sentiment_probabilities=dict(zip(SENTIMENTS, map(float, sentiment_p), strict=True)),
                uncertain=bool(decided.uncertain[row]),
                truncated=bool(several[row]),
            )
        return predictions


class JoinedWindows:
    """Join what a graph gives for windows, a row each, into a row for each text.

    The first three columns, the stance logits, become their highest; all others their mean, weighted by length.
    """

    def __init__(self, texts: int, columns: int) -> None:
        """Start without a window."""
        self._sums = np.zeros((texts, columns))
        self._sums[:, : len(STANCES)] = -np.inf
        self._tokens = np.zeros(texts)
        self.counts = np.zeros(texts, dtype=np.int64)

    def add(self, windows: Sequence[Window], values: NDArray[np.float32]) -> None:
        """Add some windows and what the graph gave for them."""
        owner = np.array([window.statement for window in windows], dtype=np.int64)
        weight = np.array([len(window.ids) for window in windows], dtype=np.float64)
        np.maximum.at(self._sums[:, : len(STANCES)], owner, values[:, : len(STANCES)].astype(np.float64))
        np.add.at(self._sums[:, len(STANCES) :], owner, weight[:, None] * values[:, len(STANCES) :])
        np.add.at(self._tokens, owner, weight)
        np.add.at(self.counts, owner, 1)

    def values(self) -> NDArray[np.float64]:
        """Return a row for each text; a text without a window has a row that is no number."""
        means = self._sums.copy()
        means[:, len(STANCES) :] /= self._tokens[:, None]
        return means


def _block(waiting: Iterator[str]) -> list[str]:
    """Take the next statements: WINDOW_ROWS of them, or fewer if they are long."""
    rows, characters = [], 0
    for text in islice(waiting, WINDOW_ROWS):
        rows.append(text)
        characters += len(text) if isinstance(text, str) else 0
        if characters >= BLOCK_CHARACTERS:
            break
    return rows


def open_model(folder: Path, *, threads: int | None = None, batch_size: int = 32) -> Model:
    """Check and open the bundle in a folder."""
    return Model(read_bundle(folder), threads=threads, batch_size=batch_size)
