"""Read the statements to review, each once, with the labels that it has already."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sikap.errors import InputError
from sikap.labels import NONE, Sentiment, Stance
from sikap.reading import open_table
from sikap.reading.labelled import sentiment_of, stance_of, text_key
from sikap.reading.table import LINE_COLUMN, InputFormat

KEPT = ("id", "group", "register", "event", "phenomena", "source")
"""Columns of the input that go with a statement into the file of decisions."""
UNNAMED = "the file"
"""Whose labels are those of a row without an annotator."""


class Labels(NamedTuple):
    """Hold one annotator's labels of a statement, as far as they are given; the stance is None if it is not."""

    stance: tuple[Stance, ...] | None
    sentiment: Sentiment | None

    def __str__(self) -> str:
        """Return them in a few words: "condemnation+condolence, negative"."""
        stance = None if self.stance is None else "+".join(self.stance) or NONE
        return ", ".join(part for part in (stance, self.sentiment) if part is not None)


@dataclass
class Candidate:
    """Hold a statement and the labels that it has already, by annotator; the last of one annotator counts."""

    text: str
    given: dict[str, Labels] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return what two rows of this statement share."""
        return text_key(self.text)

    @property
    def several(self) -> bool:
        """Tell whether annotators gave it different labels."""
        return len(set(self.given.values())) > 1


def read_candidates(source: str, text_column: str = LINE_COLUMN, form: InputFormat | None = None) -> list[Candidate]:
    """Read the statements of a file in their order; rows with the same text are one statement.

    Labels are taken from the columns `stance`, `sentiment` and `annotator`, one row an annotator, and from
    `annotations`, a list of objects with these three. Rows that somebody skipped give no labels. Raises
    InputError for what cannot be read, naming file, row and column.
    """
    found: dict[str, Candidate] = {}
    with open_table(source, text_column, form) as table:
        for number, (row, text) in enumerate(table.texts(text_column), 1):
            candidate = found.setdefault(text_key(text), Candidate(text))
            for name in KEPT:
                if row.get(name) not in (None, "", []):
                    candidate.kept.setdefault(name, row[name])
            candidate.given.update(labels_of_row(row, f"{table.name}, row {number}"))
        if not found:
            raise InputError(f"{table.name}: holds no rows; it must hold at least one statement.")
    return list(found.values())


def labels_of_row(row: dict[str, Any], where: str) -> dict[str, Labels]:
    """Return the labels that a row gives its statement, by annotator. Raises InputError, which begins with `where`."""
    given: dict[str, Labels] = {}
    annotations = row.get("annotations")
    for entry in annotations if isinstance(annotations, list | tuple) else ():
        if not isinstance(entry, dict) or not entry.get("annotator"):
            raise InputError(f"{where}, column annotations: holds an entry without an annotator; give each a name.")
        given |= _labels(entry, str(entry["annotator"]), where)
    return given | _labels(row, str(row.get("annotator") or UNNAMED), where)


def _labels(row: dict[str, Any], annotator: str, where: str) -> dict[str, Labels]:
    if row.get("skipped"):
        return {}
    stance, sentiment = row.get("stance"), row.get("sentiment")
    toned = sentiment not in (None, "")
    # A blank stance is none where the sentiment is given, and not given where that is blank too.
    named = "stance" in row and (toned or stance not in (None, ""))
    labels = Labels(
        stance_of(stance, where) if named else None,
        sentiment_of(sentiment, where) if toned else None,
    )
    return {annotator: labels} if named or toned else {}
