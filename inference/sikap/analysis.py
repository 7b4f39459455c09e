"""Find every statement in an article and say what the model thinks of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import overload

from sikap.extraction import extract
from sikap.model import Model
from sikap.statement import Statement


@dataclass(frozen=True, slots=True)
class AnalyzedArticle:
    """Hold a named article and the statements in it, in order."""

    name: str
    text: str
    statements: list[Statement]


@overload
def analyze(article: str, *, model: Model | None = None) -> list[Statement]: ...  # type: ignore[overload-overlap]  # a str is a Sequence too


@overload
def analyze(article: Sequence[str], *, model: Model | None = None) -> list[list[Statement]]: ...


def analyze(article: str | Sequence[str], *, model: Model | None = None) -> list[Statement] | list[list[Statement]]:
    """Return the statements of one article in order, or those of each of several articles.

    `model` None takes the built-in one, which is loaded once. Raises TypeError when an article
    is not a string.
    """
    if isinstance(article, str):
        return statements_of(article, model or _built_in())
    for given in article:
        if not isinstance(given, str):
            raise TypeError(f"an article must be a string, not {type(given).__name__}")
    return [statements_of(given, model or _built_in()) for given in article]


def statements_of(article: str, model: Model) -> list[Statement]:
    """Return the statements of one article in order, scored with a model."""
    found = extract(article)
    predictions = model.stream(statement.text for statement in found)
    return [Statement.joined(place, prediction) for place, prediction in zip(found, predictions, strict=True)]


@cache
def _built_in() -> Model:
    from sikap import load

    return load()
