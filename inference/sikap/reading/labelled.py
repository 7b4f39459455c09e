"""Read the labels that a row of a table gives its statement."""

from __future__ import annotations

import json
import re

from sikap.errors import InputError
from sikap.labels import NONE, SENTIMENTS, STANCES, Sentiment, Stance

ADJUDICATED = "adjudicated"
"""The annotator of a label that settles what others disagreed on."""

REVIEWED = "reviewed"
"""The field that only a decision of `sikap review` has: when the person decided, in UTC."""


def text_key(text: str) -> str:
    """Return what two rows of the same statement share: the text with single spaces."""
    return " ".join(text.split())


def stance_of(cell: object, where: str) -> tuple[Stance, ...]:
    """Return the stances in a cell: a list, a list as JSON, or text such as "support, condolence" or "none".

    Raises InputError, which begins with `where`, for anything that is no stance.
    """
    names = listed(cell)
    unknown = [name for name in names if name not in STANCES]
    if unknown:
        raise InputError(
            f"{where}, column stance: {unknown[0]!r} is no stance; use any of {', '.join(STANCES)}, or {NONE!r}."
        )
    return tuple(stance for stance in STANCES if stance in names)


def sentiment_of(cell: object, where: str) -> Sentiment:
    """Return the sentiment in a cell. Raises InputError, which begins with `where`, for anything else."""
    name = str(cell or "").strip().lower()
    for sentiment in SENTIMENTS:
        if name == sentiment:
            return sentiment
    raise InputError(f"{where}, column sentiment: {cell!r} is no sentiment; use one of {', '.join(SENTIMENTS)}.")


def listed(cell: object) -> list[str]:
    """Return the names in a list, a list as JSON, or text with a sign between them, in small letters."""
    if isinstance(cell, str):
        try:
            cell = json.loads(cell) if cell.lstrip().startswith("[") else re.split(r"[,+;|]", cell)
        except ValueError:
            cell = [cell]
    values = cell if isinstance(cell, list | tuple) else [] if cell is None else [cell]
    names = [str(value).strip().lower() for value in values]
    return [name for name in names if name and name != NONE]
