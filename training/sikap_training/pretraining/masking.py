"""Mask tokens anew for every batch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sikap_training.pretraining.vocabulary import SPECIAL_TOKENS

IGNORED = -100
"""The target of a token that is not predicted."""


class Masker:
    """Choose what a masked language model must predict.

    Devlin et al. 2019: of the chosen tokens 80 % become [MASK], 10 % a random token, 10 % stay.
    With `whole_words`, the pieces of a word are chosen together.
    """

    def __init__(self, tokenizer: Tokenizer, rate: float, *, whole_words: bool) -> None:
        """Prepare for a vocabulary; `rate` is the expected share of tokens to predict."""
        vocabulary = tokenizer.get_vocab()
        size = len(vocabulary)
        self._mask = vocabulary["[MASK]"]
        self._continues = np.zeros(size, dtype=bool)
        self._special = np.zeros(size, dtype=bool)
        for token, index in vocabulary.items():
            self._continues[index] = whole_words and token.startswith("##")
            self._special[index] = token in SPECIAL_TOKENS
        self._ordinary = np.flatnonzero(~self._special)
        self._rate = rate

    def __call__(self, ids: NDArray[np.int64], rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (masked ids, targets), both of the shape of `ids`."""
        word = np.cumsum(~self._continues[ids].reshape(-1)).reshape(ids.shape)
        chosen = (rng.random(int(word.max()) + 1)[word] < self._rate) & ~self._special[ids]
        fate = rng.random(ids.shape)
        masked = np.where(chosen & (fate < 0.8), self._mask, ids)
        masked = np.where(
            chosen & (fate >= 0.9), self._ordinary[rng.integers(len(self._ordinary), size=ids.shape)], masked
        )
        return masked, np.where(chosen, ids, IGNORED)
