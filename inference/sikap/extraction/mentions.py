"""Read a noun phrase that can speak: a person with titles, a government, an organisation, a document."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from sikap.extraction.cues import ACTS, BARE_CUES, SAYING
from sikap.extraction.lexicon import CLOSED, LEXICAL, is_place
from sikap.extraction.names import Names
from sikap.extraction.naming import clean, group_name, kind_of, name_range, office, place_begins_name
from sikap.extraction.parts import DEFINITE, PartReader
from sikap.extraction.scope import Part, Scope
from sikap.extraction.titles import (
    DETERMINERS,
    DOCUMENTS,
    GENERIC_SPEAKERS,
    GROUP_NOUNS,
    INSTITUTIONS,
    PERSON_NOUNS,
    PLURAL_PRONOUNS,
    PRONOUNS,
    RANKS,
    THINGS,
    TITLES,
)
from sikap.extraction.tokens import QUOTE, Token
from sikap.extraction.words import words

_BREAKS = words("bahwa kepada karena telah sudah akan tidak dalam pada saat ketika oleh juga adalah untuk")
_ENDS_DESCRIPTION = SAYING | ACTS | (BARE_CUES - LEXICAL) | _BREAKS
_SINGULAR = words("seorang sebuah salah satu suatu")
_DESCRIBED = PERSON_NOUNS | GROUP_NOUNS | DOCUMENTS
_AFTER_THIS = SAYING | {"juga"}
_HELD = TITLES | GENERIC_SPEAKERS
_OPENS_OFFICE = _HELD | PERSON_NOUNS | {"seorang", "salah"}
_LONGEST = 34  # tokens of a phrase
_LONGEST_DESCRIPTION = 11
_MOST_PARTS = 4


class Mention(NamedTuple):
    """Hold a phrase that names a speaker: token range, characters, and what it says of the speaker."""

    first: int
    last: int
    start: int
    end: int
    kind: str  # person, group, title, generic, description, pronoun
    name: str | None
    name_start: int
    name_end: int
    role: str | None
    head: str
    plural: bool
    definite: bool
    whole: str


def parse_mention(tokens: Sequence[Token], first: int, limit: int, text: str, names: Names) -> Mention | None:
    """Return the phrase that begins at a token and ends before `limit`, or None when it cannot speak."""
    limit = min(limit, first + _LONGEST)
    if first >= limit or not tokens[first].is_word:
        return None
    token = tokens[first]
    vague = token.low == "ini" and first == 0 and limit > 1 and tokens[1].low in _AFTER_THIS
    if token.low in PRONOUNS or vague:
        return _unnamed("pronoun", Scope(tokens, text, names, first, limit), first, first, token.low)
    return _Phrase(Scope(tokens, text, names, first, limit)).read()


def parse_description(tokens: Sequence[Token], first: int, text: str, names: Names) -> Mention | None:
    """Return "pengajar komunikasi politik tersebut" behind a cue, whatever the noun: it points back to a person."""
    scope = Scope(tokens, text, names, first, min(len(tokens), first + 9))
    for index in range(first, scope.limit):
        token = tokens[index]
        if token.low in DEFINITE and index > first:
            return _unnamed("description", scope, first, index, tokens[first].low)
        if not token.is_word or token.low in CLOSED or token.low in SAYING or (index == first and token.is_capitalised):
            return None
    return None


def _unnamed(kind: str, scope: Scope, noun: int, last: int, head: str) -> Mention:
    """Return a phrase that points back: a pronoun, or a description that ends with "itu"."""
    start, end = scope.tokens[scope.first].start, scope.tokens[last].end
    role = clean(scope.slice(noun, last - 1)) if kind == "description" else None
    plural = head in PLURAL_PRONOUNS
    return Mention(
        scope.first, last + 1, start, end, kind, None, start, end, role, head, plural, True, scope.text[start:end]
    )


class _Phrase:
    """Read one phrase: determiners, a first part, and parts behind commas that say the same in other words."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.plural = False
        self.definite = False
        self.indefinite = False
        self.office_only: Part | None = None  # a part whose last words look like a name, with the name behind it

    def read(self) -> Mention | None:
        position = self._determiners(self.scope.first)
        head = self.scope.at(position)
        if head is None or head.low in THINGS:
            return None
        described = self._description(position)
        if described is not None:
            return described
        anybody = self.scope.tokens[self.scope.first].low == "seorang"
        self.reader = PartReader(self.scope, anybody=anybody, indefinite=self.indefinite)
        part = self._part(position)
        if not part.words:
            return None
        parts = [part]
        behind = self._name_behind(part)
        if behind is not None:
            self.office_only = part
            parts.append(behind)
        while len(parts) < _MOST_PARTS and (following := self._apposition(parts)) is not None:
            parts.append(following)
        return self._person(parts) or self._other(head.low, parts)

    def _determiners(self, position: int) -> int:
        while (token := self.scope.at(position)) is not None and token.low in DETERMINERS:
            if token.low in {"sang", "si"}:
                self.definite = True
            elif token.low in _SINGULAR:
                self.indefinite = True
            else:
                self.plural = True
            position += 1
        return position

    def _description(self, position: int) -> Mention | None:
        """Read "politikus asal Jawa Timur itu": a common noun, what tells it apart, and a word that points back."""
        head = self.scope.tokens[position].low
        if head not in _DESCRIBED:
            return None
        for index in range(position + 1, min(self.scope.limit, position + _LONGEST_DESCRIPTION)):
            token = self.scope.tokens[index]
            if token.low in DEFINITE:
                if self._holds_name(position + 1, index):
                    return None
                found = _unnamed("description", self.scope, position, index, head)
                return found._replace(plural=self.plural, definite=not self.indefinite)
            if token.low == QUOTE or not (token.is_word or token.text in "-()") or token.low in _ENDS_DESCRIPTION:
                return None
        return None

    def _holds_name(self, first: int, last: int) -> bool:
        names = self.scope.names
        return any(
            token.is_capitalised and token.low in names.people and not names.is_office(token.text)
            for token in self.scope.tokens[first:last]
        )

    def _part(self, position: int) -> Part:
        part = self.reader.read(position)
        self.plural = self.plural or part.plural
        self.definite = self.definite or part.definite
        return part

    def _name(self, part: Part) -> tuple[int, int] | None:
        if part is self.office_only:
            return None
        return name_range(part, opens_phrase=part.first == self.scope.first)

    def _comma_at(self, position: int) -> Token | None:
        """Return the word behind a comma at a token."""
        comma, token = self.scope.at(position), self.scope.at(position + 1)
        if comma is None or comma.text != "," or token is None or not token.is_word or token.low in PRONOUNS:
            return None
        return token

    def _apposition(self, parts: list[Part]) -> Part | None:
        """Read a part after a comma that says the same in other words."""
        position = parts[-1].end
        following = self._comma_at(position)
        if following is None:
            return None
        named = any(self._name(part) for part in parts)
        title = following.low in _OPENS_OFFICE
        if not (title if named else self._may_name(parts[0], following, position + 1)):
            return None
        part = self._part(self._determiners(position + 1))
        if not part.words:
            return None
        other = self._name(part) if named else None
        return None if other is not None and other[1] - other[0] > 1 else part  # two names are a list

    def _may_name(self, office_part: Part, following: Token, index: int) -> bool:
        """Tell whether the name of an office's holder may begin at a token."""
        if not following.is_capitalised or following.low in CLOSED or following.low in INSTITUTIONS:
            return False
        if is_place(following.low) and not place_begins_name(self.scope, index):
            return False
        return office_part.head.low in _HELD

    def _name_behind(self, part: Part) -> Part | None:
        """Read the name behind an office whose last word only looks like a name, or behind where the office is.

        "Anggota parlemen Partai Hijau, X Y"; "Kepala Puskesmas Cilincing, Jakarta Utara, X Y".
        """
        if part.head.low not in TITLES:
            return None
        position = part.end
        for _ in range(3):
            first = self._comma_at(position)
            if first is None or not first.is_capitalised or first.low in CLOSED:
                return None
            behind = self.reader.read(position + 1)
            if not behind.words:
                return None
            offset = self.scope.names.name_offset(behind.spelled, abroad=True)
            if self._is_name(behind, offset):
                return behind if self._is_office_of(part, behind) and not self._is_listed(behind) else None
            if offset == 0:
                return None
            position = behind.end
        return None

    def _is_name(self, part: Part, offset: int) -> bool:
        ranked = part.head.low in RANKS and 0 < offset < len(part.words)
        return ranked or (offset == 0 and len(part.words) > 1 and not self.scope.names.is_office(part.head.text))

    def _is_office_of(self, part: Part, behind: Part) -> bool:
        """Tell whether a part is the office of the name behind it, though its own end looks like a name."""
        found = self._name(part)
        if found is None or found[1] - found[0] == 1:
            return True
        singles = self.scope.names.singles
        return not singles.isdisjoint(behind.spelled) and singles.isdisjoint(part.spelled[slice(*found)])

    def _is_listed(self, part: Part) -> bool:
        """Tell whether a part is one of several in a list."""
        behind = self.scope.tokens[part.end : min(self.scope.limit, part.end + 2)]
        return any(token.low in {"dan", "serta"} for token in behind)

    def _person(self, parts: list[Part]) -> Mention | None:
        """Return the person that the parts name, None if they name none."""
        roles: list[str] = []
        named: tuple[Part, int, int] | None = None
        for part in parts:
            found = self._name(part) if named is None else None
            first, end = found if found is not None else (len(part.words), len(part.words))
            if found is not None:
                named = (part, first, end)
            if first:
                roles.append(self.scope.slice(part.words[0], part.words[first - 1]))
            elif end < len(part.words):
                roles.append(self.scope.slice(part.words[end], part.words[-1]))
        if named is None:
            return None
        part, first, end = named
        place = part.token(first).start, part.token(end - 1).end
        return self._mention(parts, "person", (_spelled(part, first, end), *place), office(roles), parts[0].head.low)

    def _other(self, head: str, parts: list[Part]) -> Mention | None:
        """Return the group, the office or the common noun that the parts name."""
        part = parts[0]
        if head in GROUP_NOUNS and len(parts) > 1 and parts[-1].head.is_capitalised:  # "Perusahaan itu, X Lines,"
            part, head = parts[-1], parts[-1].head.low
        kind = kind_of(part, indefinite=self.indefinite)
        if kind is None:
            return None
        if kind == "group":
            name, begin = group_name(part)
            return self._mention(parts, kind, (name, self.scope.tokens[begin].start, part.token(-1).end), None, head)
        start, last = self.scope.tokens[self.scope.first].start, self.scope.tokens[parts[-1].end - 1]
        stop = part.token(-1).end if last.text == ")" else last.end
        whole = clean(self.scope.slice(part.words[0], part.words[-1]))
        return self._mention(parts, kind, (None, start, stop), whole, head)

    def _mention(
        self, parts: list[Part], kind: str, name: tuple[str | None, int, int], role: str | None, head: str
    ) -> Mention:
        first, last = self.scope.first, parts[-1].end
        start, stop = self.scope.tokens[first].start, self.scope.tokens[last - 1].end
        whole = clean(self.scope.text[start:stop])
        return Mention(first, last, start, stop, kind, *name, role, head, self.plural, self.definite, whole)


def _spelled(part: Part, first: int, end: int) -> str:
    """Return a name with the spaces that it lost."""
    tokens = part.scope.tokens
    pieces = [part.token(first).text]
    for before, index in pairwise(part.words[first:end]):
        pieces += [part.scope.text[tokens[before].end : tokens[index].start] or " ", tokens[index].text]
    return "".join(pieces)
