"""Resolve who a phrase stands for, with one spelling for each speaker."""

from __future__ import annotations

from typing import NamedTuple

from sikap.extraction.mentions import Mention
from sikap.extraction.names import Names
from sikap.extraction.offices import Offices, title_words
from sikap.extraction.titles import DOCUMENTS, GROUP_NOUNS, KINDS_OF_PEOPLE, PERSON_NOUNS, PLURAL_PRONOUNS, TITLES
from sikap.extraction.words import words

_INDEFINITE = words(
    """seorang sekelompok segelintir salah sejumlah beberapa banyak sebagian dua tiga empat lima ribuan ratusan
    puluhan seseorang"""
)
_ASKING = words("reporter wartawan jurnalis")  # who asks is not whom the article is about
_PEOPLE = TITLES | PERSON_NOUNS
_POINTING = frozenset({"itu", "tersebut", "ini"})


class Speaker(NamedTuple):
    """Hold one speaker as the article names it most fully; `named` is False for "seorang pejabat" and its like."""

    name: str
    role: str | None
    kind: str  # person, group, title, generic
    plural: bool
    head: str
    named: bool = True


class Discourse:
    """Remember the speakers of an article in the order in which it names them."""

    def __init__(self, names: Names) -> None:
        """Begin with nobody."""
        self.names = names
        self.offices = Offices(names)
        self._described: dict[str, Speaker] = {}  # groups and the unnamed, by first word
        self._spelling: dict[str, str] = {}
        self.last: Speaker | None = None
        self.last_person: Speaker | None = None
        self.last_group: Speaker | None = None
        self.last_plural: Speaker | None = None

    def say(self, mention: Mention | None) -> Speaker | None:
        """Return who a phrase stands for, and let that be the current speaker; None is "-nya" or nothing."""
        speaker = self.last if mention is None else self.resolve(mention)
        if speaker is not None:
            self.focus(speaker)
        return speaker

    def focus(self, speaker: Speaker) -> None:
        """Let a speaker be the one that pronouns stand for."""
        self.last = speaker
        person = speaker.kind in {"person", "title"} or (speaker.kind == "generic" and not speaker.named)
        if person and not speaker.plural:
            self.last_person = speaker
        if speaker.kind == "group":
            self.last_group = speaker
        if speaker.kind != "person":
            self._described[speaker.head] = speaker
        if speaker.plural or speaker.kind == "group":
            self.last_plural = speaker
        if speaker.kind == "person" and speaker.role is not None:
            self.offices.remember(speaker.name, speaker.role)

    def knows(self, speaker: Speaker) -> bool:
        """Tell whether the article shows that somebody is a person: by a title or by more than one name."""
        return speaker.kind == "person" and (speaker.role is not None or " " in speaker.name)

    def resolve(self, mention: Mention) -> Speaker | None:
        """Return who a phrase stands for."""
        if mention.kind == "pronoun":
            return self._pronoun(mention.head)
        if mention.name is not None:
            name = " ".join(mention.name.split())
            return self._person(name, mention) if mention.kind == "person" else self._group(name, mention)
        return self._office(mention) or self._pointed_at(mention) or self._as_it_stands(mention)

    def _pronoun(self, head: str) -> Speaker | None:
        if head == "ini":
            return self.last_group or self.last
        if head in PLURAL_PRONOUNS:
            return self.last_plural or self.last
        return (self.last_person if head != "pihaknya" else None) or self.last

    def _person(self, name: str, mention: Mention) -> Speaker:
        full = self.names.full_name(name)
        if mention.role is not None:
            self.offices.learn(full, mention.role)
        return self._known_person(full)

    def _known_person(self, name: str) -> Speaker:
        return Speaker(name, self.offices.role(name), "person", False, name.split(maxsplit=1)[0].lower())

    def _group(self, name: str, mention: Mention) -> Speaker:
        name = self.names.long_forms.get(name, name)
        name = self._spelling.setdefault(name.lower(), _in_small_letters(name))
        return Speaker(name, None, "group", mention.plural, name.split()[0].lower())

    def _office(self, mention: Mention) -> Speaker | None:
        """Return whom a title stands for: "Menlu", "Presiden Iran itu"."""
        role = mention.role or ""
        if mention.head not in TITLES or mention.plural or _is_indefinite(mention):
            return None
        holder = self.offices.recent_holder(role)
        if holder is None and " " not in role and self.last_person is not None and self.last_person.role is None:
            return self.last_person
        holder = holder or self.offices.any_holder(role)
        if holder is not None:
            return self._known_person(holder)
        same = self._described.get(mention.head)
        fits = same is not None and same.kind == "title" and title_words(role) <= title_words(same.name)
        return same if fits else None

    def _pointed_at(self, mention: Mention) -> Speaker | None:
        """Return whom a common noun with "itu" stands for, or a capitalised one alone: "Kedutaan menyayangkan"."""
        head = mention.head
        if head in DOCUMENTS and mention.definite and self.last is not None and self.last.kind == "group":
            return self.last
        role = mention.role or ""
        alone = mention.kind != "description" and " " not in role and role[:1].isupper() and head in GROUP_NOUNS
        if mention.plural or not (mention.definite or alone) or _is_indefinite(mention):
            return None
        if (same := self._described.get(head)) is not None:
            return same
        if head in GROUP_NOUNS:
            full = self.names.group(head, mention.start)
            return self._group(full, mention) if full is not None else (self.last_group if mention.definite else None)
        return self.last_person if head not in DOCUMENTS and head not in _ASKING else None

    def _as_it_stands(self, mention: Mention) -> Speaker:
        """Return a speaker by the words that describe it, as they were first written."""
        spelled = mention.whole.split()
        if mention.definite and spelled[-1] in _POINTING and mention.kind != "description":
            spelled = spelled[:-1]
        if spelled[0].lower() in {"sebuah", "sang", "suatu"} and len(spelled) > 1:
            spelled = spelled[1:]
        name = " ".join(spelled)
        kind = "title" if mention.kind == "title" else "generic"
        name = self._spelling.setdefault(name.lower(), name)
        one, _, other = mention.head.partition("-")
        plural = mention.plural or one == other  # negara-negara
        return Speaker(name, None, kind, plural, mention.head, named=not _is_nobody(mention))


def _is_indefinite(mention: Mention) -> bool:
    return mention.whole.partition(" ")[0].lower() in _INDEFINITE


def _is_nobody(mention: Mention) -> bool:
    """Tell whether a phrase names nobody: "seorang pejabat", "para saksi"."""
    if mention.head in DOCUMENTS or mention.head in {"pihak", "kalangan"}:
        return False
    people = mention.head in KINDS_OF_PEOPLE
    if _is_indefinite(mention):
        return people or mention.head in _PEOPLE or mention.head not in GROUP_NOUNS
    return people


def _in_small_letters(name: str) -> str:
    """Return an institution's name with capitals only at the beginning of its words."""
    return " ".join(
        word.capitalize() if word.lower() in GROUP_NOUNS and word.isupper() else word for word in name.split()
    )
