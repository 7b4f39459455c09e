"""Tell a name from the office before it, and what kind of speaker a phrase names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from sikap.extraction.lexicon import CLOSED, LEXICAL, PLACED_OFFICES, is_place, only_ranks, strip_ranks
from sikap.extraction.scope import Part, Scope
from sikap.extraction.titles import (
    COMPANY_WORDS,
    DOCUMENTS,
    GENERIC_SPEAKERS,
    GROUP_NOUNS,
    INSTITUTIONS,
    NAME_PARTICLES,
    NAME_TITLES,
    PERSON_NOUNS,
    TITLES,
)
from sikap.extraction.words import words

_PROPER_INSTITUTIONS = (INSTITUTIONS - GROUP_NOUNS - GENERIC_SPEAKERS) - words(
    """badan-badan front sekretariat administrasi delegasi oposisi satuan komando garda pasukan brigade rumah markas
    kabinet perwakilan pusat gedung"""
)
_OFFICES = TITLES | PERSON_NOUNS | (GENERIC_SPEAKERS - INSTITUTIONS)
_BRACKETS = re.compile(r"\s*\([^()]*\)")


def name_range(part: Part, *, opens_phrase: bool) -> tuple[int, int] | None:
    """Return the range among a part's words that is a person's name, None if there is none."""
    first = part.head.low
    end = _before_link(part)
    small = [
        offset
        for offset in range(end)
        if not part.token(offset).is_capitalised and part.token(offset).low not in NAME_PARTICLES
    ]
    start = small[-1] + 1 if small else 0
    if start < end:
        behind_comma = not opens_phrase and (first in NAME_TITLES or first not in LEXICAL)
        abroad = not start and (behind_comma or (end > 1 and _place_opens_name(part)))
        start += part.scope.names.name_offset(part.spelled[start:end], abroad=abroad)
    start = _adjusted(part, start, end)
    institution = first in INSTITUTIONS and first not in TITLES and part.scope.names.is_office(part.head.text)
    if start >= end or institution or _is_group(part, start, end):
        return None
    return start, end


def _before_link(part: Part) -> int:
    """Return where a name ends that an institution follows: "Yuyuk dari Komite"."""
    if part.head.low not in LEXICAL:
        for offset, (before, index) in enumerate(pairwise(part.words), 1):
            if before + 1 < index and part.scope.tokens[index - 1].low == "dari":
                return offset
    return len(part.words)


def _adjusted(part: Part, start: int, end: int) -> int:
    """Return where a name begins, with a place that belongs to it and without one that belongs to the office."""
    names = part.scope.names
    if start > 1 and end - start == 1 and names.begins_name(part.token(start - 1).text, part.token(start - 2).text):
        return start - 1
    if start and end - start > 2 and part.token(start - 1).low in PLACED_OFFICES:
        return start + 1
    return start


def _is_group(part: Part, start: int, end: int) -> bool:
    """Tell whether what looks like a name is an abbreviation or a company's."""
    if end - start == 1:
        word = part.token(start).text
        if word.isupper() and len(word) > 2 and (start == 0 or word in part.scope.names.long_forms):
            return True
    return any(part.token(offset).low in COMPANY_WORDS for offset in range(start, end))


def _place_opens_name(part: Part) -> bool:
    """Tell whether a place's word opens a name that stands alone: "Israel Katz"."""
    index = part.words[0]
    behind = part.scope.tokens[index - 1].text if index else ","
    return is_place(part.head.low) and behind in {",", "”", '"'} and place_begins_name(part.scope, index)


def place_begins_name(scope: Scope, index: int) -> bool:
    """Tell whether a word that is no place's follows a place's."""
    following = scope.at(index + 1)
    if following is None or not following.is_capitalised:
        return False
    return not is_place(following.low) and following.low not in CLOSED


def kind_of(part: Part, *, indefinite: bool) -> str | None:
    """Return what kind of speaker a part without a person's name is, None if it cannot speak."""
    head = part.head
    capitals = [part.scope.tokens[index].is_capitalised for index in part.words]
    if head.low in DOCUMENTS:
        return "group" if len(capitals) > 1 and capitals[1] else "generic"
    if head.low in TITLES:
        return "title"
    proper = head.is_capitalised and (head.text in part.scope.names.long_forms or head.low in _PROPER_INSTITUTIONS)
    named = is_place(head.low) or head.text.isupper() or (head.low in INSTITUTIONS and any(capitals[1:]))
    if proper or named or (len(capitals) > 2 and all(capitals)):
        return "group"
    if head.low in GENERIC_SPEAKERS or head.low in INSTITUTIONS or (indefinite and not head.is_capitalised):
        return "generic"
    known = len(capitals) > 1 and part.scope.names.is_name(head.text, opens_sentence=part.words[0] == 0)
    return "group" if head.is_capitalised and known else None


def group_name(part: Part) -> tuple[str, int]:
    """Return an institution's name, without a common noun before it, and the token where it begins."""
    scope = part.scope
    begin = part.words[0]
    small = [offset for offset in range(1, len(part.words)) if not part.token(offset).is_capitalised]
    if part.head.low in DOCUMENTS:
        begin = part.words[1]
    elif part.head.low in GROUP_NOUNS and small and small[-1] + 1 < len(part.words):
        after = part.token(small[-1] + 1)
        if not scope.names.is_office(after.text) and after.low not in LEXICAL:
            begin = part.words[small[-1] + 1]
    return clean(scope.slice(begin, part.words[-1])), begin


def office(roles: Sequence[str]) -> str | None:
    """Return the first role that says an office, without the rank or the honorific behind it."""
    for role in map(clean, roles):
        parts = role.split()
        if parts and parts[0].lower() in _OFFICES and not only_ranks(parts):
            return strip_ranks(parts)
    return None


def clean(role: str) -> str:
    """Return a role on one line, without bracketed abbreviations."""
    return " ".join(_BRACKETS.sub("", role).split()).strip(" ,.")
