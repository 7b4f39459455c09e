"""Find what the abbreviations of an article stand for."""

from __future__ import annotations

import re

from sikap.extraction.titles import INSTITUTIONS, TITLES

_DEFINITION = re.compile(r" ?\( ?([A-Z][A-Za-z]{1,14})\)")
_WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_HEADS = INSTITUTIONS | TITLES
_SMALL_LINKS = frozenset({"untuk", "dan", "di", "bagi", "of", "for", "the", "and"})


def long_forms(text: str) -> dict[str, str]:
    """Return what each abbreviation that the article introduces in brackets stands for."""
    found: dict[str, str] = {}
    for match in _DEFINITION.finditer(text):
        stretch = re.split(r"[^\w\s-]|\n|\s-\s", text[max(0, match.start() - 120) : match.start()])[-1]
        long = _long_form(_WORDS.findall(stretch), match[1])
        if long is not None:
            found.setdefault(match[1], long)
    return found


def _long_form(words: list[str], short: str) -> str | None:
    letters = [letter.lower() for letter in short if letter.isupper()]
    if len(letters) < 2 or short.upper() != short:
        return _blended(words, short)
    for size in range(1, min(len(words), 12) + 1):
        tail = words[-size:]
        initials = [part[0].lower() for word in tail for part in word.split("-") if part and part[0].isupper()]
        if tail[0][0].isupper() and initials[:1] == letters[:1] and _is_within(letters, initials):
            return " ".join(tail)
    return _capitalised_tail(words)


def _is_within(letters: list[str], initials: list[str]) -> bool:
    """Tell whether the letters stand among the initials in their order."""
    ahead = iter(initials)
    return len(initials) <= len(letters) + 2 and all(letter in ahead for letter in letters)


def _blended(words: list[str], short: str) -> str | None:
    """Return the words that a blend such as Kemlu or Menlu is made of."""
    start = short[:2].lower()
    for position in range(len(words) - 2, -1, -1):
        word = words[position]
        if word[0].isupper() and word.lower().startswith(start):
            return " ".join(words[position:])
    return None


def _capitalised_tail(words: list[str]) -> str | None:
    """Return the capitalised words at the end, from the first that heads an institution or an office."""
    position = len(words)
    while position and (words[position - 1][0].isupper() or words[position - 1] in _SMALL_LINKS):
        position -= 1
    tail = words[position:]
    heads = [index for index, word in enumerate(tail) if word.lower() in _HEADS]
    tail = tail[heads[0] :] if heads else tail
    while tail and tail[0] in _SMALL_LINKS:
        tail = tail[1:]
    return " ".join(tail) if len(tail) >= 2 else None
