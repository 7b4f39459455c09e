"""Cut statements into windows that the model can read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sikap.characters import UNSEEN
from sikap.tokenizer import open_tokenizer

_READABLE = re.compile(r"[^\W_]")


class Window(NamedTuple):
    """Hold the token ids of one window, special tokens included, and the statement it is from."""

    statement: int
    ids: list[int]


def is_readable(text: str) -> bool:
    """Tell whether a text holds a letter or a digit."""
    return _READABLE.search(text) is not None


class WindowEncoder:
    """Encode statements as windows of at most `max_length` tokens that overlap by a quarter."""

    def __init__(self, tokenizer_file: Path, max_length: int) -> None:
        """Load a tokenizer. Raises BundleError when it cannot be read or trusted."""
        self._tokenizer = open_tokenizer(tokenizer_file, max_length)

    def encode(self, texts: Sequence[str]) -> list[Window]:
        """Return the windows of all texts, in order; a text has more than one only if it is long."""
        encodings = self._tokenizer.encode_batch([UNSEEN.sub(" ", text) for text in texts])
        windows = []
        for index, encoding in enumerate(encodings):
            windows += [Window(index, part.ids) for part in (encoding, *encoding.overflowing)]
        return windows
