"""Cut statements into windows that the model can read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from tokenizers import Tokenizer

from sikap.characters import UNSEEN
from sikap.tokenizer import open_tokenizer

BATCH_CHARACTERS = 2**18
"""Characters that are encoded in one call: what the tokenizer holds of a token is a hundred times its letters."""
PIECE_CHARACTERS = 2**16
"""Characters from which on a text is encoded piece by piece."""
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
        self._max_length = max_length

    def encode(self, texts: Sequence[str]) -> list[Window]:
        """Return the windows of all texts, in order; a text has more than one only if it is long."""
        return list(self.stream(texts))

    def stream(self, texts: Sequence[str]) -> Iterator[Window]:
        """Yield the windows of all texts, in order, holding few of them at a time, however long a text is."""
        batch: list[str] = []
        characters = 0
        for index, text in enumerate(texts):
            shown = UNSEEN.sub(" ", text)
            if batch and characters + len(shown) > BATCH_CHARACTERS:
                yield from self._encoded(batch, index - len(batch))
                batch, characters = [], 0
            if len(shown) > PIECE_CHARACTERS:
                yield from self._encoded(batch, index - len(batch))
                yield from (Window(index, ids) for ids in self._piecewise(shown))
                batch, characters = [], 0
                continue
            batch.append(shown)
            characters += len(shown)
        yield from self._encoded(batch, len(texts) - len(batch))

    def _encoded(self, batch: list[str], first: int) -> Iterator[Window]:
        for index, encoding in enumerate(self._tokenizer.encode_batch_fast(batch), start=first):
            yield Window(index, encoding.ids)
            for part in encoding.overflowing:
                yield Window(index, part.ids)

    def _piecewise(self, text: str) -> Iterator[list[int]]:
        """Yield the windows that `encode_batch` would give, from pieces that end at spaces.

        Only a word longer than a piece is cut.
        """
        before, after = self._special
        room = self._max_length - len(before) - len(after)
        held: list[int] = []
        for piece in _pieces(text):
            held += self._whole.encode(piece, add_special_tokens=False).ids
            while len(held) > room:
                yield [*before, *held[:room], *after]
                held = held[room - self._max_length // 4 :]
        yield [*before, *held, *after]

    @cached_property
    def _whole(self) -> Tokenizer:
        whole = Tokenizer.from_str(self._tokenizer.to_str())
        whole.no_truncation()
        return whole

    @cached_property
    def _special(self) -> tuple[list[int], list[int]]:
        """Return the special tokens before and after a text."""
        encoding = self._whole.encode("a")
        text = [place for place, special in enumerate(encoding.special_tokens_mask) if not special]
        return encoding.ids[: text[0]], encoding.ids[text[-1] + 1 :]


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > PIECE_CHARACTERS:
        space = text.rfind(" ", start + 1, start + PIECE_CHARACTERS)
        end = start + PIECE_CHARACTERS if space < 0 else space
        yield text[start:end]
        start = end
    yield text[start:]
