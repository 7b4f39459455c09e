"""Start an embedding matrix from word vectors learned on the same tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from gensim.models import Word2Vec

SCALE = 0.04
"""Standard deviation of the vectors handed out: twice BERT's initial one."""


class _Sentences:
    """The packed tokens as sentences of number strings, readable any number of times."""

    def __init__(self, tokens: np.ndarray) -> None:
        self._tokens = tokens

    def __iter__(self) -> Iterator[list[str]]:
        for start in range(0, len(self._tokens), 1024):
            yield list(map(str, self._tokens[start : start + 1024].tolist()))


def word_vectors(tokens_file: Path, vocabulary_size: int, width: int, *, epochs: int, seed: int) -> torch.Tensor:
    """Return an embedding matrix of shape (vocabulary_size, width) from CBOW vectors.

    Mikolov et al. 2013, as gensim implements it. Entries that the corpus lacks are normal noise
    of the same scale.
    """
    tokens = np.load(tokens_file, mmap_mode="r", allow_pickle=False)
    model = Word2Vec(
        _Sentences(tokens),
        vector_size=width,
        window=6,
        min_count=5,
        sample=1e-4,
        negative=8,
        epochs=epochs,
        workers=max(1, torch.get_num_threads()),
        seed=seed,
    )
    matrix = np.random.default_rng(seed).normal(0.0, 1.0, (vocabulary_size, width))
    known = np.array([int(key) for key in model.wv.index_to_key])
    vectors = model.wv.vectors - model.wv.vectors.mean(axis=0)
    matrix[known] = vectors / vectors.std()
    return torch.tensor(matrix * SCALE, dtype=torch.float32)
