"""Count statements by stance and by speaker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sikap.analysis import AnalyzedArticle
from sikap.labels import NONE, STANCES
from sikap.statement import Statement

COLUMNS: tuple[str, ...] = (*STANCES, NONE)
NOBODY = "not named"
"""How a speaker whom the article does not name is shown."""


def stances_of(statement: Statement) -> tuple[str, ...]:
    """Return the columns that a statement is counted in: its stances, or "none"."""
    return statement.stance or (NONE,)


@dataclass(slots=True)
class Tally:
    """Count statements, those of each stance (one with two stances in both), and those in doubt."""

    statements: int = 0
    uncertain: int = 0
    stances: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))

    def add(self, statement: Statement) -> None:
        """Count one statement."""
        self.statements += 1
        self.uncertain += statement.uncertain
        for stance in stances_of(statement):
            self.stances[stance] += 1


@dataclass(slots=True)
class Speaker:
    """Hold what one speaker says; `articles` are the numbers, from 1, of those that quote the speaker."""

    name: str | None
    role: str | None = None
    tally: Tally = field(default_factory=Tally)
    articles: list[int] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Return the name, or how the lack of one is shown."""
        return NOBODY if self.name is None else self.name


def total(tallies: Iterable[Tally]) -> Tally:
    """Add counts up."""
    result = Tally()
    for counted in tallies:
        result.statements += counted.statements
        result.uncertain += counted.uncertain
        for stance, count in counted.stances.items():
            result.stances[stance] += count
    return result


def tally(statements: Iterable[Statement]) -> Tally:
    """Count statements."""
    result = Tally()
    for statement in statements:
        result.add(statement)
    return result


class Census:
    """Gather the speakers of articles, one article after another."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.articles = 0
        self._found: dict[str | None, Speaker] = {}

    def add(self, article: AnalyzedArticle) -> None:
        """Count the statements of the next article."""
        self.articles += 1
        for statement in article.statements:
            speaker = self._found.setdefault(statement.speaker, Speaker(statement.speaker))
            speaker.tally.add(statement)
            if speaker.name is not None:
                speaker.role = speaker.role or statement.role
            if speaker.articles[-1:] != [self.articles]:
                speaker.articles.append(self.articles)

    def speakers(self) -> list[Speaker]:
        """Return the speakers, who says most first, the unnamed last."""
        return sorted(self._found.values(), key=lambda speaker: (speaker.name is None, -speaker.tally.statements))


def speakers_of(articles: Iterable[AnalyzedArticle]) -> list[Speaker]:
    """Return the speakers of all articles, who says most first, the unnamed last."""
    census = Census()
    for article in articles:
        census.add(article)
    return census.speakers()
