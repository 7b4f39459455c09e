"""What the tests of extraction share."""

from __future__ import annotations

from sikap.extraction import FoundStatement, extract


def one(article: str) -> FoundStatement:
    """Return the only statement of an article."""
    found = extract(article)
    assert len(found) == 1, [statement.text for statement in found]
    return found[0]


def texts(article: str) -> list[str]:
    """Return the texts of an article's statements, each checked against its place."""
    found = extract(article)
    assert all(article[statement.start : statement.end] == statement.text for statement in found)
    assert [statement.start for statement in found] == sorted(statement.start for statement in found)
    return [statement.text for statement in found]


def speakers(article: str) -> list[str | None]:
    """Return the speakers of an article's statements, in order."""
    return [statement.speaker for statement in extract(article)]
