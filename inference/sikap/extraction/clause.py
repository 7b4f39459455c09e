"""Look at the tokens of one sentence: its opening, its phrases and its subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sikap.extraction.cues import CONNECTIVES, COORDINATORS, SIGNS, SUBORDINATORS
from sikap.extraction.mentions import Mention, parse_mention
from sikap.extraction.names import Names
from sikap.extraction.tokens import QUOTE, Token
from sikap.extraction.verbs import looks_like_verb
from sikap.extraction.words import words

ADJUNCTS = words(
    """dalam pada di saat ketika usai setelah seusai melalui lewat dari kepada bersama sebelum menjelang seperti
    sebagaimana selaku sebagai dengan di-sela hari senin selasa rabu kamis jumat sabtu minggu ahad via sejak selama
    sela tentang soal terkait mengenai atas menanggapi merespons sesaat sehari beberapa kala"""
)
"""Words with which what stands between a subject and its verb may begin."""

PURPOSE = words("untuk agar supaya yang guna demi")
_BEFORE_SUBJECTS = frozenset({",", ";", ":", "–", "—", "-", QUOTE}) | COORDINATORS


class Attribution(NamedTuple):
    """Hold a cue and the phrase that names who speaks, None where only the context tells."""

    cue: Token | None
    mention: Mention | None
    words: str | None  # the cue as it stands, with the noun that belongs to it
    only: bool = False  # the sentence does nothing but attribute
    nobody: bool = False  # the sentence itself tells that it names nobody

    @property
    def is_coreferent(self) -> bool:
        """Tell whether the cue ends in "-nya"."""
        return self.cue is not None and self.cue.low.endswith("nya")


class Clause:
    """Hold the tokens of one sentence, every quote as one token."""

    def __init__(
        self, tokens: Sequence[Token], text: str, names: Names, quoted_verbs: Mapping[int, Token] | None = None
    ) -> None:
        """Take the tokens, the text they are from, its names, and the verbs with which quotes among them begin."""
        self.tokens = tokens
        self._lows = [token.low for token in tokens]
        self.size = len(tokens)
        self.signs = [index for index, low in enumerate(self._lows) if low in SIGNS]
        self.quoted_verbs = quoted_verbs or {}
        self.text = text
        self.names = names

    def mention(self, first: int, limit: int | None = None) -> Mention | None:
        """Return the phrase at a token."""
        return parse_mention(self.tokens, first, self.size if limit is None else limit, self.text, self.names)

    def low(self, index: int) -> str:
        """Return a token in small letters, "" outside the sentence."""
        return self._lows[index] if 0 <= index < self.size else ""

    def lows(self, first: int, last: int) -> list[str]:
        """Return several tokens in small letters."""
        return self._lows[max(first, 0) : max(last, 0)]

    def opening(self) -> int:
        """Return the first token after the connectives that open a sentence."""
        index = 0
        while index < self.size and (self._lows[index] in CONNECTIVES or (index and self._lows[index] == ",")):
            index += 1
        return index

    def starts(self, first: int, limit: int) -> Iterator[int]:
        """Yield the tokens at which a subject may begin, from left to right."""
        opening = self.opening() if first == 0 else first
        for index in range(first, limit):
            before = self.low(index - 1)
            if index in {first, opening}:
                yield index
            elif before not in _BEFORE_SUBJECTS:
                if before == "mana" and self.low(index - 2) == "di":
                    yield index
            elif not self._is_inside(index, before):
                yield index

    def _is_inside(self, index: int, before: str) -> bool:
        """Tell whether no subject begins here: another small word, a quote in a side clause, a list of names."""
        return (
            self._lows[index] in COORDINATORS
            or (before == QUOTE and self.low(index - 2) in SUBORDINATORS)
            or (before == "dan" and index > 1 and self.tokens[index - 2].is_capitalised)
        )

    def subject(self) -> Mention | None:
        """Return who the sentence is about: an agent behind "oleh", or the first phrase that can speak."""
        for index in range(1, self.size - 1):
            if self._lows[index] == "oleh" and self._lows[index - 1] not in PURPOSE and self._has_passive(index):
                mention = self.mention(index + 1)
                if mention is not None and mention.kind == "person":
                    return mention
        adverbial = False
        for start in self.starts(0, self.size):
            mention = self.mention(start)
            if mention is not None:
                return mention
            low = self._lows[start]
            adverbial = adverbial or low in ADJUNCTS or low in SUBORDINATORS
            if not adverbial and start and low not in CONNECTIVES:
                return None
        return None

    def _has_passive(self, index: int) -> bool:
        return any(low.startswith("di") and len(low) > 5 for low in self.lows(index - 5, index))

    def bare_subject(self) -> Attribution:
        """Return the attribution that a subject and its verb make, whatever the verb: "X menanggapi: ..."."""
        mention = self.subject()
        if mention is not None and looks_like_verb(self.low(mention.last)):
            cue = self.tokens[mention.last]
            return Attribution(cue, mention, cue.text)
        return Attribution(None, mention, None)
