"""Know the names, the abbreviations and the small-letter words of one article."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import takewhile

from sikap.extraction.abbreviations import long_forms
from sikap.extraction.cues import BARE_CUES, SAYING
from sikap.extraction.groups import group_end
from sikap.extraction.lexicon import CLOSED, LEXICAL, PLACED_OFFICES, only_ranks, strip_ranks
from sikap.extraction.places import PLACES
from sikap.extraction.titles import (
    ABBREVIATIONS,
    ALIASES,
    COMMON_NOUNS,
    COMPANY_WORDS,
    INSTITUTIONS,
    NAME_PARTICLES,
    NAME_TITLES,
    THINGS,
    TITLES,
    WEAK_TITLES,
)
from sikap.extraction.tokens import unglue
from sikap.extraction.words import words

_WITHIN = re.compile(r"(?<![a-z])([a-z]+),? ([A-Z][^\W\d_]+(?:[-’'][^\W\d_]+)*)(?=( [a-z]|[.,])?)")
_OPENING = re.compile(r"(?:^|[.\n”\"] ?)([A-Z][^\W\d_]+) (?:(?:juga|pun|kemudian|lalu) )?([a-z]+)")
_BRACKETED = re.compile(r"((?:[A-Z][^\W\d_]+ ){1,8})\([A-Z][A-Za-z]+\) ([A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+){0,4})")
_BEFORE_PLACES = words("di ke kota pulau provinsi distrik kabupaten selat pelabuhan")
_PARTICLES = "|".join(sorted(NAME_PARTICLES))
_RUN = re.compile(
    r"[A-ZÀ-ÖØ-ÞĀ-Ž][^\W_]*(?:[-’'][^\W_]+|\.[a-z]+)*"
    rf"(?:(?: (?:{_PARTICLES}))* (?:[A-Z]\.(?= [A-Z])|[^\W\d_a-z]|[a-z]{{0,8}}[^\W\d_\x00-\x7f]"
    r"|(?:a[lsdnrtz]|ash|el|ul)-[A-Z])[^\W_]*(?:[-’'?][^\W_]+)*){1,12}"
)
_NAME_OPENERS = PLACES | NAME_TITLES
_WEAK = WEAK_TITLES | THINGS
_NO_NAMES = NAME_PARTICLES | CLOSED
_LONGEST_NAME = 5
_OFFICE_SHAPE = re.compile(r"^(?!.*(?:[zqxv]|sh|hk|th|ph|ck))(?:pe\w{5,}an|ke\w{4,}an|antar\w{3,})$")
_COMMON_SHAPE = re.compile(
    r"^(?:ke\w{3,}an|pe[mnr]?\w{3,}an|\w{3,}nya|me[mn]\w{4,}|ber\w{4,}|di\w{5,}|ter\w{4,}|\w{4,}kan"
    r"|\w{3,}(?:asi|isme|itas|tif)|me[lrwy]\w{2,}(?:at|ih|ut|ar|as|uk|ai|ah|i))$"
)
_DOUBTFUL_SHAPE = re.compile(r"^(?:se\w{4,}|\w{5,}an)$")  # of common words and of names
_PLACE_ENDINGS = words(
    """selatan utara barat timur tengah tenggara baru serikat saudi leste lanka kong aviv lumpur york raya daya"""
)
_ARTICLES = words("al el as ad an ar at az ash ul")


class Names:
    """Hold what an article shows about its words: which are names, and what its abbreviations stand for."""

    def __init__(self, text: str) -> None:
        """Read the article once."""
        self.small = {word.strip('.,;:!?)("”“') for word in set(text.split()) if word[0].islower() and word.isascii()}
        self.capitals: set[str] = set()  # words with a capital inside sentences
        self.singles: set[str] = set()  # names that stand alone beside a cue
        self.where: set[str] = set()  # what stands behind "di" and its like
        for ahead, word, behind in _WITHIN.findall(text):
            self.capitals.add(word)
            if ahead in _BEFORE_PLACES:
                self.where.add(word.lower())
            elif behind and (ahead in BARE_CUES or ahead == "menurut"):
                self.singles.add(word)
        for word, behind in _OPENING.findall(text):
            if behind in SAYING:
                self.singles.add(word)
        self.long_forms = long_forms(text)
        self.people: dict[str, str] = {}  # each word of a name: the longest name with it
        self.offices: list[tuple[str, str]] = []  # (role, name), in the article's order
        self._spelling: dict[str, str] = {}
        self._groups: dict[str, tuple[list[int], list[str]]] = {}
        before: tuple[int, list[str]] = (0, [])
        for match in _RUN.finditer(text):
            words = match[0].split()
            behind = text[max(0, match.start() - 60) : match.start()]
            office = before[1] if behind.endswith(", ") and match.start() - before[0] == 2 else []
            self._learn(words, match.start(), behind, office)
            before = (match.end(), words)
        for office, name in _BRACKETED.findall(text):
            self._learn_holder(office.split(), name.split())
        self._tails: dict[str, str] = {}  # names without their first letter, and with no letter doubled
        for word, full in self.people.items():
            if len(word) > 5:
                self._tails.setdefault(word[1:], full)
            if len(word) > 4:
                self._tails.setdefault(_undouble(word), full)

    def _learn(self, words: list[str], place: int, behind: str, office: list[str]) -> None:
        """Learn a person's name and office, or an institution's name, from words that are capitalised together."""
        parts = self._without_opening([part for word in words for part in unglue(word)], behind)
        head = parts[0].lower() if parts else ""
        if not parts or head in THINGS:
            return
        start = self.name_offset(parts, abroad=len(parts) > 1 and head in PLACES and behind.endswith(", "))
        if head in INSTITUTIONS and head not in TITLES and self.is_office(parts[0]):
            clause = re.split(r"[^\w\s-]|\n", behind)[-1].lower().split()
            spokesman = len(parts) - start > 1 and not TITLES.isdisjoint(clause)
            self._add_group(parts[:start] if spokesman else parts, place)
            if not spokesman:
                return
        elif head in TITLES and start > 2:
            self._learn_group(parts[:start], place)
        start = self._name_start(parts, start, behind)
        name = list(takewhile(lambda word: word.lower() not in CLOSED, parts[start:]))
        if _is_personal(name):
            self._learn_person(name, parts[:start], behind, office)

    def _learn_holder(self, office: list[str], name: list[str]) -> None:
        """Learn who holds an office whose abbreviation stands between: "Menteri Luar Negeri (Menlu) X"."""
        if office[0].lower() in TITLES and self.name_offset(name) == 0 and _is_personal(name):
            self._learn_person(name, office, "", [])

    def _without_opening(self, parts: list[str], behind: str) -> list[str]:
        """Leave out a common word that is capitalised because it opens a sentence."""
        mark = behind.rstrip(" ")[-1:]
        inside = mark.isalnum() or mark in {",", ")", "("}
        if inside or self.is_name(parts[0], opens_sentence=True) or self.is_office(parts[0]):
            return parts
        return parts[1:]

    def _name_start(self, parts: list[str], start: int, behind: str) -> int:
        """Return where a name begins: at a title that is one, at a place that is one, behind a closed word."""
        head = parts[0].lower()
        if head in CLOSED and start == 0:
            return 1
        if behind.endswith(", ") and head in NAME_TITLES and start == 1:
            return 0
        if start > 1 and len(parts) - start == 1 and self.begins_name(parts[start - 1], parts[start - 2]):
            return start - 1
        if start and len(parts) - start > 2 and parts[start - 1].lower() in PLACED_OFFICES:
            return start + 1
        return start

    def _learn_person(self, name: list[str], title: list[str], behind: str, office: list[str]) -> None:
        full = self._spelling.setdefault(_undouble(" ".join(name).lower()), " ".join(name))
        if len(name) > 1 or title:
            for key in _keys(name):
                if len(self.people.get(key, "")) < len(full):
                    self.people[key] = full
        lead = self._small_title(behind) if title else []
        if lead or (title and title[0].lower() in TITLES and not only_ranks(title)):
            self.offices.append((strip_ranks(lead + title), full))
        elif office and office[0].lower() in TITLES and len(name) > 1:
            self.offices.append((strip_ranks(office), full))

    def _add_group(self, name: list[str], place: int) -> None:
        places, names = self._groups.setdefault(name[0].lower(), ([], []))
        places.append(place)
        names.append(" ".join(name))

    def _learn_group(self, office: list[str], place: int) -> None:
        """Learn the institution in an office: "Ketua Umum Asosiasi Petani"."""
        for index, word in enumerate(office[1:], 1):
            low = word.lower()
            if low in INSTITUTIONS and low not in TITLES and index + 1 < len(office):
                self._add_group(office[index:], place)
                return

    def _small_title(self, behind: str) -> list[str]:
        """Return the title in small letters that ends before capitalised words: "juru bicara" PBB."""
        words = re.split(r"[^\w\s-]|\n", behind)[-1].split()[-5:]
        for index, word in enumerate(words):
            if word in TITLES and all(other in LEXICAL or other == "untuk" for other in words[index:]):
                return words[index:]
        return []

    def name_offset(self, words: list[str], *, abroad: bool = False) -> int:
        """Return how many of some capitalised words stand before a person's name, all if no name is among them.

        `abroad` tells that a place's word in front may open a name, as in "Israel Katz".
        """
        start = 0
        for index, word in enumerate(words):
            low = word.lower()
            if abroad and (
                (index == 0 and low in _NAME_OPENERS) or (low in PLACES and start < index == len(words) - 1)
            ):
                continue
            if low in _WEAK and (word in self.singles or start < index) and words[index - 1] != "bin":
                continue
            if low in COMPANY_WORDS:
                start = index + 1
                continue
            follows = index + 1 < len(words) and self.is_office(words[index + 1])
            if index >= start and (end := group_end(words, index, next_is_office=follows)) is not None:
                start = end
                continue
            if index < start:
                continue
            if (
                self.is_office(word)
                or (words[index - 1].lower() == "universitas" and index)
                or (word.isupper() and len(word) > 2 and start == index and index and not words[-1].isupper())
            ):
                start = index + 1
        if len(words) - start > 2 or (len(words) - start > 1 and start):
            for index in range(start + 1, len(words) - 1):
                if words[index] in self.singles:
                    return index
        return start

    def is_office(self, word: str) -> bool:
        """Tell whether a capitalised word belongs to an office or a place rather than to a name."""
        low = word.lower()
        if (low in NAME_PARTICLES and word.islower()) or (low in ABBREVIATIONS and not word.isupper()):
            return False
        return (
            low in LEXICAL
            or low in PLACES
            or low in THINGS
            or low in self.where
            or _OFFICE_SHAPE.match(low) is not None
        )

    def begins_name(self, word: str, before: str) -> bool:
        """Tell whether a place's word behind a full office opens a name: "Presiden Argentina Santiago ..."."""
        low = word.lower()
        if low in NAME_TITLES:
            return True
        return low in PLACES and low not in _PLACE_ENDINGS and before.lower() in PLACES

    def is_name(self, word: str, *, opens_sentence: bool, followed: bool = False) -> bool:
        """Tell whether a capitalised word is a name, and not a common word that opens a sentence.

        `followed` tells that another word with a capital stands behind it.
        """
        low = word.lower()
        if low in CLOSED:
            return False
        if not opens_sentence or word in self.capitals or low in self.people:
            return True
        if low in self.small or low in COMMON_NOUNS or _COMMON_SHAPE.match(low):
            return False
        return followed or word in self.singles or not _DOUBTFUL_SHAPE.match(low)

    def full_name(self, name: str) -> str:
        """Return the longest name of the article that a shorter one stands for."""
        name = self.long_forms.get(name, name)
        alias = ALIASES.get(name.lower())
        if alias is not None and alias in self.people.values():
            name = alias
        words = name.split()
        keys = _keys(words)
        best = name
        for key in keys:
            known = self.people.get(key)
            if known is not None and len(known) > len(best) and keys <= _keys(known.split()):
                best = known
        if len(words) == 1 and best == name and len(name) > 4:
            best = self._misspelt(name.lower()) or name
        return self._spelling.get(_undouble(best.lower()), best)

    def _misspelt(self, low: str) -> str | None:
        """Return a name whose first letter is lost, here or where it stands in full, or that doubles one letter."""
        return self._tails.get(low) or self.people.get(low[1:]) or self._tails.get(_undouble(low))

    def group(self, head: str, place: int) -> str | None:
        """Return the last institution before a place whose name begins with a word."""
        known = self._groups.get(head)
        if known is None:
            return None
        places, names = known
        index = bisect_left(places, place) - 1
        return names[index] if index >= 0 else None


def _keys(words: list[str]) -> set[str]:
    """Return the words that a name can be known by: "al-Moualem" also by "Moualem"."""
    keys = {word.lower() for word in words if len(word) > 1 and word.lower() not in NAME_PARTICLES}
    return keys | {key.partition("-")[2] for key in keys if key.partition("-")[0] in _ARTICLES and len(key) > 5}


def _is_personal(name: list[str]) -> bool:
    """Tell whether words can be a person's name."""
    if not 0 < len(name) <= _LONGEST_NAME or name[0].lower() in _NO_NAMES:
        return False
    return not any(word.lower() in COMPANY_WORDS for word in name) and not (len(name) == 1 and name[0].isupper())


def _undouble(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)
