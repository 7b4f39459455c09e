"""Read labelled statements from the project's or a user's files."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sikap.errors import InputError
from sikap.labels import SENTIMENTS, STANCES, Sentiment, Stance
from sikap.reading import open_table
from sikap.reading.labelled import REVIEWED, listed, sentiment_of, stance_of
from sikap_training.merging import merge
from sikap_training.metrics import Labels

logger = logging.getLogger(__name__)
NAMED = 5
"""Statements that a warning names at most."""
OWN_STATEMENTS = Path(__file__).parents[1] / "data" / "statements.jsonl"
"""The statements that the project wrote, in a clone of the repository."""


def own_or(files: Sequence[Path] | None) -> list[Path]:
    """Return the given files, or the project's own statements when there are none.

    Raises InputError when these are not there, as in an installed package.
    """
    if files:
        return list(files)
    if not OWN_STATEMENTS.is_file():
        raise InputError(
            "the project's statements are part of the repository, not of the installed package: clone the repository or"
            " name files with --data."
        )
    return [OWN_STATEMENTS]


@dataclass(frozen=True)
class LabelledStatement:
    """Hold a statement, its labels by the codebook, and where it comes from."""

    id: str
    text: str
    stance: tuple[Stance, ...]
    sentiment: Sentiment
    group: str
    register: str = ""
    event: str = ""
    annotator: str = ""
    phenomena: tuple[str, ...] = ()
    source: str = ""


def load_statements(files: Iterable[Path]) -> list[LabelledStatement]:
    """Read JSONL, CSV, TSV or Parquet files with the columns `text`, `stance` and `sentiment`.

    A stance is a list, or text such as "support, condolence" or "none". A statement without
    `group` is its own group; groups of two files are never the same. Rows that a reviewer skipped
    are passed over; what several annotators say of one text is merged (`sikap_training.merging`), and
    what they disagree on is left out, with a warning. Raises InputError that names file, row and
    column of what does not fit.
    """
    rows: list[tuple[LabelledStatement, bool]] = []
    files = list(files)
    for file in files:
        rows += _rows(file)
    if not files:
        raise InputError("no file of labelled statements was given; name one with --data.")
    merged = merge(rows)
    names = ", ".join(map(str, files))
    if merged.unsettled:
        first = ", ".join(statement.id for statement in merged.unsettled[:NAMED])
        more = ", ..." if len(merged.unsettled) > NAMED else ""
        logger.warning(
            "%s: statements left out because annotators disagree on them: %d (%s%s); `sikap agreement` lists them,"
            " `sikap review --settle` settles them",
            *(names, len(merged.unsettled), first, more),
        )
    if merged.relabelled:
        logger.info("%s: statements that take another label from a review: %d", names, merged.relabelled)
    if not merged.statements:
        raise InputError(f"{names}: holds no statement with labels that are agreed on; label or settle some first.")
    return merged.statements


def _rows(file: Path) -> list[tuple[LabelledStatement, bool]]:
    """Return the labelled rows of a file, and of each whether `sikap review` wrote it."""
    found, number = [], 0
    with open_table(str(file)) as table:
        for number, (row, text) in enumerate(
            table.texts("text", advice="give the column of statements the name text"), 1
        ):
            if not row.get("skipped"):
                found.append((_statement(row, text, file, number), bool(row.get(REVIEWED))))
        if not number:
            raise InputError(f"{file}: holds no rows; it must hold labelled statements.")
    return found


def _statement(row: dict[str, Any], text: str, file: Path, number: int) -> LabelledStatement:
    where = f"{file}, row {number}"
    if not text.strip():
        raise InputError(f"{where}, column text: is empty; every labelled statement needs its text.")
    for column in ("stance", "sentiment"):
        if column not in row:
            raise InputError(f"{where}: has no column {column!r}; labelled statements need text, stance and sentiment.")
    group = _plain(row, "group") or hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()[:16]
    return LabelledStatement(
        id=_plain(row, "id") or f"{file.stem}-{number}",
        text=text,
        stance=stance_of(row["stance"], where),
        sentiment=sentiment_of(row["sentiment"], where),
        group=f"{file.name}:{group}",
        register=_plain(row, "register"),
        event=_plain(row, "event"),
        annotator=_plain(row, "annotator"),
        phenomena=tuple(listed(row.get("phenomena"))),
        source=file.name,
    )


def _plain(row: dict[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value)


def stance_matrix(statements: Sequence[LabelledStatement]) -> NDArray[np.bool_]:
    """Return the stances of n statements as booleans of shape (n, 3)."""
    rows = [[stance in statement.stance for stance in STANCES] for statement in statements]
    return np.array(rows, dtype=bool).reshape(len(statements), len(STANCES))


def sentiment_vector(statements: Sequence[LabelledStatement]) -> NDArray[np.int64]:
    """Return the sentiments of n statements as indices into SENTIMENTS, shape (n,)."""
    return np.array([SENTIMENTS.index(statement.sentiment) for statement in statements], dtype=np.int64)


def labels_of(statements: Sequence[LabelledStatement]) -> Labels:
    """Return the labels of statements as arrays."""
    return Labels(stance_matrix(statements), sentiment_vector(statements))


def digest(statements: Iterable[LabelledStatement]) -> str:
    """Return a SHA-256 over texts and labels, whatever their order."""
    lines = sorted(json.dumps([s.text, s.stance, s.sentiment], ensure_ascii=False) for s in statements)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
