"""Draw a sample of a file of statements in one pass and in bounded memory."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import NamedTuple

from sikap.reading import open_table
from sikap.reading.table import InputFormat

LONGEST_TEXT = 10_000
"""Characters of a statement that are read, so that a sample has a bound."""


class Row(NamedTuple):
    """Hold a statement and its row in the file, counted from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class Sample:
    """Hold the rows that were drawn from a file, in their order, and how many rows it has."""

    name: str
    rows: int
    drawn: list[Row]


def draw(source: str, column: str, form: InputFormat | None, size: int, seed: int) -> Sample:
    """Draw `size` rows of a file, or all if there are no more; each row is as likely as any other.

    A reservoir (Vitter 1985, algorithm R): the file is read once, row by row. Raises InputError
    for whatever cannot be read.
    """
    rng = random.Random(seed)
    kept: list[Row] = []
    number = 0
    with open_table(source, column, form) as table:
        for number, (_, text) in enumerate(table.texts(column), 1):
            if number <= size:
                kept.append(Row(number, text[:LONGEST_TEXT]))
            elif (place := rng.randrange(number)) < size:
                kept[place] = Row(number, text[:LONGEST_TEXT])
    return Sample(table.name, number, sorted(kept))
