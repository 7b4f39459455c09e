"""Cut a stretch of text into words, numbers, marks and whole quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from sikap.extraction.cues import ACTS, SAYING
from sikap.extraction.quotes import Quote
from sikap.extraction.words import words

_TOKEN = re.compile(
    r"(?:[A-Z]\.)+(?=[A-Z\s])"  # H.E.  A.M.
    r"|\d+(?:[.,/:]\d+)*"
    r"|[^\W_]+(?:[-’'][^\W_]+|[?.](?=[a-zçğşıöüéñ])[^\W_]+)*"  # ma'ruf  pra-G20  Erdo?an  kompas.com
    r"|[^\w\s]"
)
_LOST_SPACE = re.compile(r"(?<=[a-zé])(?=[A-Z][a-z])|(?<=[A-Z]{2})(?=[A-Z][a-z])")
_GLUED_VERB = re.compile(r"(?<=[a-z]{3})(?=(?:(?:me[mn]|ber)[a-z]{4,}|yang)$)")
_GLUED_WORD = re.compile(r"[A-Z][a-z]{2,14}?((?:me[mn]|ber)[a-z]{4,})")
_WHOLE_PLACES = words("Pyongyang Shenyang Guiyang Luoyang Nanyang Xianyang Anyang Danyang Hanyang")
_SPEECH = SAYING | ACTS
_LAST_PARTS = _SPEECH | {"yang"}
_KEPT_WHOLE = re.compile(r"^(?:Mc|Mac|De|Di|La|Le|O|Fitz|Al|El)[A-Z]")
QUOTE = "<quote>"


class Token(NamedTuple):
    """Hold a word and its place; a quote is one token whose `low` is QUOTE."""

    start: int
    end: int
    text: str
    low: str

    @property
    def is_word(self) -> bool:
        """Tell whether the token is a word or a number, not a mark."""
        return self.text[0].isalnum()

    @property
    def is_capitalised(self) -> bool:
        """Tell whether a word is written as names are; a small first letter beside foreign ones was a capital once."""
        first = self.text[0]
        if first.isupper():
            return True
        if "-" in self.text:  # al-Moualem
            article, _, name = self.text.partition("-")
            return len(article) < 4 and name[:1].isupper()
        return first.isalpha() and not self.text.isascii() and "’" not in self.text


def tokenize(text: str, start: int, end: int, quotes: Sequence[Quote] = ()) -> list[Token]:
    """Return the tokens of text[start:end], every quote as one token."""
    tokens: list[Token] = []
    for quote in quotes:
        if quote.outer_start > start:
            _add_words(tokens, text, start, quote.outer_start)
        tokens.append(Token(quote.outer_start, quote.outer_end, text[quote.outer_start], QUOTE))
        start = quote.outer_end
    if start < end:
        _add_words(tokens, text, start, end)
    return tokens


def _add_words(tokens: list[Token], text: str, start: int, end: int) -> None:
    add = tokens.append
    for match in _TOKEN.finditer(text, start, end):
        word = match[0]
        left, right = match.span()
        if word.islower():
            add(Token(left, right, word, word))
            continue
        rest = word[1:]
        if len(word) > 5 and (rest != rest.lower() or "me" in rest or "ber" in rest or word.endswith("yang")):
            tokens += _split_glued(word, left)
        else:
            add(Token(left, right, word, word.lower()))


def _cuts(word: str) -> list[int]:
    """Return where words that lost the space between them meet, as on pages where a link stood."""
    cuts = []
    verb = _GLUED_VERB.search(word) if word[0].isupper() and word not in _WHOLE_PLACES else None
    if verb is not None and word[verb.start() :] in _LAST_PARTS:
        cuts.append(verb.start())
    if not _KEPT_WHOLE.match(word) and "-" not in word and "." not in word:
        cuts += [match.start() for match in _LOST_SPACE.finditer(word)]
    return sorted(cuts)


def unglue(word: str) -> list[str]:
    """Return the parts of a word that holds several, without a verb at its end."""
    if len(word) < 6 or (word[1:].islower() and "me" not in word and not word.endswith("yang")):
        return [word]
    edges = [0, *_cuts(word), len(word)]
    parts = [word[left:right] for left, right in pairwise(edges)]
    return [part for part in parts if part == parts[0] or not part[0].islower()]


def _split_glued(word: str, start: int) -> list[Token]:
    edges = [0, *_cuts(word), len(word)]
    return [
        Token(start + left, start + right, word[left:right], word[left:right].lower())
        for left, right in pairwise(edges)
    ]


def glued_verbs(text: str) -> list[int]:
    """Return where in a text a verb of speech is glued to a name."""
    return [match.start() for match in _GLUED_WORD.finditer(text) if match[1] in _SPEECH]
