"""Remember who holds which office in an article."""

from __future__ import annotations

from sikap.extraction.names import Names
from sikap.extraction.titles import TITLE_ABBREVIATIONS
from sikap.extraction.words import words

_OTHER_OFFICES = words("wakil mantan eks calon juru bicara staf deputi asisten penasihat kantor istri")
_EMPTY = words("republik untuk dan itu sang seorang")
_REMEMBERED = 32  # titles that "Menlu" may stand for without being the only one
_LONGEST = 12  # words of a role


class Offices:
    """Hold the roles of people, and the people by the words of their roles."""

    def __init__(self, names: Names) -> None:
        """Take the offices that the names of an article show."""
        self.names = names
        self._roles: dict[str, str] = {}  # by full name
        self._holders: dict[frozenset[str], str] = {}  # by the words of a title, the first in the article first
        self._recent: dict[frozenset[str], str] = {}  # of those who spoke or acted, the latest last
        self._fitting: dict[frozenset[str], str | None] = {}
        for role, name in names.offices:
            self.learn(names.full_name(name), role)

    def role(self, name: str) -> str | None:
        """Return the role of a person, by the full name."""
        return self._roles.get(name)

    def learn(self, name: str, role: str) -> None:
        """Learn that a person holds an office; the longest role is the one told."""
        known = self._roles.get(name)
        if known is None or len(title_words(known)) < len(title_words(role)) <= _LONGEST:
            self._roles[name] = role
        self._holders.setdefault(title_words(role), name)

    def remember(self, name: str, role: str) -> None:
        """Let a person be the first whom a title stands for."""
        title = title_words(role)
        self._recent.pop(title, None)
        self._recent[title] = name
        if len(self._recent) > _REMEMBERED:
            del self._recent[next(iter(self._recent))]

    def recent_holder(self, role: str) -> str | None:
        """Return who was last named with a title, or with exactly this one anywhere."""
        wanted = title_words(role)
        for known in reversed(self._recent):
            if _fits(wanted, known):
                return self._recent[known]
        return self._holders.get(wanted)

    def any_holder(self, role: str) -> str | None:
        """Return who is first named with a title that a shorter one can stand for."""
        wanted = title_words(role)
        if wanted not in self._fitting:
            fitting = (name for known, name in self._holders.items() if _fits(wanted, known))
            self._fitting[wanted] = next(fitting, None)
        return self._fitting[wanted]


def _fits(wanted: frozenset[str], known: frozenset[str]) -> bool:
    """Tell whether a short title can stand for a longer one: "Presiden" does not for "Wakil Presiden"."""
    return wanted <= known and not (known - wanted) & _OTHER_OFFICES


def title_words(role: str) -> frozenset[str]:
    """Return the words of a role, with abbreviations written out and empty words left out."""
    text = " ".join(TITLE_ABBREVIATIONS.get(word, word) for word in role.lower().replace(",", " ").split())
    return frozenset(text.split()) - _EMPTY
