"""Read a sample with a model: labels, doubt, word pieces, language and vectors of each statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sikap.bundle import Bundle
from sikap.characters import UNSEEN
from sikap.errors import InputError
from sikap.labels import STANCES
from sikap.language import is_indonesian
from sikap.model import JoinedWindows
from sikap.session import LOGITS
from sikap.windows import WindowEncoder, is_readable
from sikap_training.drift.defaults import MINIMUM
from sikap_training.drift.sampling import Row, Sample
from sikap_training.drift.vectors import VectorSession

BLOCK = 256
"""Statements that are computed between two steps of the progress bar."""
NO_PIECE = -1
"""Stands for the unknown piece of a tokenizer that has none."""
READ_FOR_LANGUAGE = 2000
"""Characters by which the language of a statement is judged, as in scoring."""


@dataclass(frozen=True)
class Reading:
    """Hold what the model sees in one file.

    `blank` has a value for every row drawn. All else is of the n rows with text: `stance` of
    shape (n, 3), `sentiment` as an index, `uncertain`, `pieces` and `unknown` as counts of word
    pieces, `foreign`, and `vectors` of shape (n, width).
    """

    name: str
    rows: int
    blank: NDArray[np.bool_]
    scored: list[Row]
    stance: NDArray[np.bool_]
    sentiment: NDArray[np.int64]
    uncertain: NDArray[np.bool_]
    pieces: NDArray[np.int64]
    unknown: NDArray[np.int64]
    foreign: NDArray[np.bool_]
    vectors: NDArray[np.float32]

    def __len__(self) -> int:
        """Return how many statements with text were read."""
        return len(self.scored)


class Reader:
    """Read samples with one bundle."""

    def __init__(self, bundle: Bundle, *, threads: int | None = None, batch_size: int = 32) -> None:
        """Open a bundle's tokenizer and graph. Raises BundleError when it gives no vectors."""
        self._bundle, self._batch_size = bundle, batch_size
        self._windows = WindowEncoder(bundle.tokenizer_file, bundle.max_length)
        self._session = VectorSession(bundle.model_file, threads)
        self._tokenizer = Tokenizer.from_file(str(bundle.tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        unknown = self._tokenizer.token_to_id(getattr(self._tokenizer.model, "unk_token", None) or "[UNK]")
        self._unknown = NO_PIECE if unknown is None else unknown

    def read(self, sample: Sample, advance: Callable[[int], None] = lambda rows: None) -> Reading:
        """Read a sample; `advance` is told, block by block, how many statements were done.

        Raises InputError when fewer than MINIMUM of its rows have text.
        """
        scored = [row for row in sample.drawn if is_readable(row.text)]
        if len(scored) < MINIMUM:
            raise InputError(
                f"{sample.name}: {len(scored)} of {len(sample.drawn)} rows hold text, and a comparison needs"
                f" {MINIMUM} statements in each file; gather more of them."
            )
        texts = [row.text for row in scored]
        values = []
        for start in range(0, len(texts), BLOCK):
            values.append(self._values(texts[start : start + BLOCK]))
            advance(len(values[-1]))
        outputs = np.concatenate(values)
        stances = len(STANCES)
        decided = self._bundle.decision(outputs[:, :stances], outputs[:, stances:LOGITS])
        pieces, unknown = self._pieces(texts)
        return Reading(
            name=sample.name,
            rows=sample.rows,
            blank=np.array([not is_readable(row.text) for row in sample.drawn]),
            scored=scored,
            stance=decided.stance,
            sentiment=decided.sentiment_probabilities.argmax(axis=1),
            uncertain=decided.uncertain,
            pieces=pieces,
            unknown=unknown,
            foreign=np.array([not is_indonesian(text[:READ_FOR_LANGUAGE]) for text in texts]),
            vectors=outputs[:, LOGITS:].astype(np.float32),
        )

    def _values(self, texts: Sequence[str]) -> NDArray[np.float64]:
        windows = self._windows.encode(texts)
        found = self._session.run([window.ids for window in windows], self._batch_size)
        joined = JoinedWindows(len(texts), found.shape[1])
        joined.add(windows, found)
        return joined.values()

    def _pieces(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many word pieces each text has, special tokens left out, and how many are unknown."""
        encodings = self._tokenizer.encode_batch_fast(
            [UNSEEN.sub(" ", text) for text in texts], add_special_tokens=False
        )
        counts = [(len(encoding.ids), encoding.ids.count(self._unknown)) for encoding in encodings]
        pieces, unknown = np.array(counts, dtype=np.int64).T
        return pieces, unknown
