"""Hold what the readers of a phrase look at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from sikap.extraction.lexicon import LEXICAL, is_place
from sikap.extraction.names import Names
from sikap.extraction.tokens import Token


class Scope(NamedTuple):
    """Hold a stretch of tokens with their text and the names of the article."""

    tokens: Sequence[Token]
    text: str
    names: Names
    first: int
    limit: int

    def at(self, index: int) -> Token | None:
        """Return a token, None behind the stretch."""
        return self.tokens[index] if index < self.limit else None

    def slice(self, first: int, last: int) -> str:
        """Return the text from one token to another, both included, with the spaces that words lost."""
        pieces = [self.tokens[first].text]
        for before, token in pairwise(self.tokens[first : last + 1]):
            lost = before.end == token.start and before.is_word and token.is_word
            pieces += [" " if lost else self.text[before.end : token.start], token.text]
        return "".join(pieces)


class Part:
    """Collect the tokens of one part of a phrase, between commas."""

    def __init__(self, scope: Scope, first: int) -> None:
        """Begin at a token, with no words yet."""
        self.scope = scope
        self.first = first
        self.words: list[int] = []
        self.end = first
        self.plural = False
        self.definite = False

    @property
    def head(self) -> Token:
        """Return the first word."""
        return self.scope.tokens[self.words[0]]

    @property
    def spelled(self) -> list[str]:
        """Return the words as they are written."""
        return [self.scope.tokens[index].text for index in self.words]

    def token(self, offset: int) -> Token:
        """Return a word by its number."""
        return self.scope.tokens[self.words[offset]]

    def ends_with_name(self) -> bool:
        """Tell whether the last word looks like a name's."""
        token = self.token(-1)
        known = token.low in LEXICAL or is_place(token.low)
        return token.is_capitalised and not known and not token.text.isupper()
