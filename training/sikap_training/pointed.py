"""Join labels to statements whose texts cannot be given away: the labels point into files that the user has.

A table of labels has the columns `file`, `line`, `start`, `end`, `digest`, `stance`, `sentiment` and `annotations`. A
statement is `text[start:end]` of a file's line, counted from 1; the text of a line is the line itself, or in a
`.jsonl` file what its object has as `text`. The digest is the beginning of the SHA-256 of the statement. Annotations
are `NAME=CODE`, joined by `;`: a code is the letters of the stances (s support, c condemnation, d condolence; n none)
and a sign for the sentiment (- 0 +); x stands for no statement.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sikap.errors import InputError
from sikap.reading.labelled import ADJUDICATED, REVIEWED, sentiment_of, stance_of
from sikap.reading.table import open_table
from sikap_training.statements import LabelledStatement

COLUMNS = ("file", "line", "start", "end", "digest", "stance", "sentiment", "annotations")
DIGEST_LENGTH = 12
_STANCE_LETTERS = {"s": "support", "c": "condemnation", "d": "condolence"}
_SENTIMENT_SIGNS = {"-": "negative", "0": "neutral", "+": "positive"}
_ANNOTATION = re.compile(r"(?P<name>[\w-]+)=(?P<stance>n|x|[scd]{1,3})(?P<sentiment>[-0+])")


@dataclass(frozen=True)
class Pointer:
    """Hold the place and the labels of one statement."""

    file: str
    line: int
    start: int
    end: int
    digest: str
    stance: tuple[str, ...]
    sentiment: str
    annotations: tuple[dict[str, Any], ...]


def digest_of(statement: str) -> str:
    """Return the beginning of a statement's SHA-256, by which a wrong place is known."""
    return hashlib.sha256(statement.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LENGTH]


def read_pointers(table: Path) -> list[Pointer]:
    """Read a table of labels. Raises InputError that names row and column of what does not fit."""
    with open_table(str(table)) as opened:
        rows = [_pointer(row, f"{table}, row {number}") for number, row in enumerate(opened.rows, 1)]
    if not rows:
        raise InputError(f"{table}: holds no rows; it must hold labels with the columns {', '.join(COLUMNS)}.")
    return rows


def _pointer(row: dict[str, Any], where: str) -> Pointer:
    missing = [column for column in COLUMNS if row.get(column) is None]
    if missing:
        raise InputError(f"{where}: has no column {missing[0]!r}; labels need {', '.join(COLUMNS)}.")
    if Path(row["file"]).name != row["file"]:
        raise InputError(f"{where}, column file: {row['file']!r} is no plain file name.")
    for column in ("line", "start", "end"):
        if not row[column].isdecimal():
            raise InputError(f"{where}, column {column}: {row[column]!r} is no whole number.")
    return Pointer(
        file=row["file"],
        line=int(row["line"]),
        start=int(row["start"]),
        end=int(row["end"]),
        digest=row["digest"],
        stance=stance_of(row["stance"], where),
        sentiment=sentiment_of(row["sentiment"], where),
        annotations=tuple(_annotations(row["annotations"], where)),
    )


def _annotations(cell: str, where: str) -> Iterator[dict[str, Any]]:
    for part in filter(None, cell.split(";")):
        found = _ANNOTATION.fullmatch(part)
        if found is None:
            raise InputError(f"{where}, column annotations: {part!r} is not an annotator's name, = and a code.")
        if found["stance"] != "x":
            yield {
                "annotator": found["name"],
                "stance": [stance for letter, stance in _STANCE_LETTERS.items() if letter in found["stance"]],
                "sentiment": _SENTIMENT_SIGNS[found["sentiment"]],
            }


def join(table: Path, folders: Sequence[Path], without: Sequence[LabelledStatement] = ()) -> Iterator[dict[str, Any]]:
    """Yield the labelled statements of a table as rows that `sikap train --data` takes, in the table's order.

    `folders` hold the files that the table names, plain or gzip. All statements of a line are one group. Labels that
    point into a `.jsonl` file correct those that its statements have there, as a settled review does. Lines that
    hold a statement of `without`, half of its sequences of four words, are left out whole. Raises
    InputError for a file that no folder has and for a place that holds another text than was labelled.
    """
    pointers = read_pointers(table)
    texts: dict[tuple[str, int], str] = {}
    for name in dict.fromkeys(pointer.file for pointer in pointers):
        wanted = {pointer.line for pointer in pointers if pointer.file == name}
        texts |= {(name, number): text for number, text in _lines(_found(name, folders), wanted)}
    known = _Known(without)
    left_out = {place for place, text in texts.items() if known.is_in(text)}
    for pointer in pointers:
        if (pointer.file, pointer.line) in left_out:
            continue
        statement = texts.get((pointer.file, pointer.line), "")[pointer.start : pointer.end]
        if digest_of(statement) != pointer.digest:
            raise InputError(
                f"{pointer.file}, line {pointer.line}: does not hold the text that was labelled; get the version of"
                " the file that the labels were made on."
            )
        yield _row(pointer, statement)


def _row(pointer: Pointer, statement: str) -> dict[str, Any]:
    labels: dict[str, Any] = {
        "id": f"{pointer.file.split('.')[0]}-{pointer.line}-{pointer.start}",
        "text": statement,
        "stance": list(pointer.stance),
        "sentiment": pointer.sentiment,
        "annotations": list(pointer.annotations),
    }
    if pointer.file.endswith(".jsonl"):
        return {**labels, "annotator": ADJUDICATED, REVIEWED: "with the table of labels"}
    return {**labels, "group": f"{pointer.file}:{pointer.line}", "register": "news"}


def _found(name: str, folders: Sequence[Path]) -> Path:
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise InputError(f"{name}: is in none of {', '.join(map(str, folders))}; name the folder that holds it.")


def _lines(file: Path, wanted: set[int]) -> Iterator[tuple[int, str]]:
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if number in wanted:
                    text = line.decode("utf-8")
                    yield number, str(json.loads(text)["text"]) if file.suffix == ".jsonl" else text.rstrip("\r\n")
    except (OSError, EOFError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file}: cannot be read as lines of text ({error}).") from error


class _Known:
    """Tell whether a text holds one of some statements: half of its sequences of four words."""

    def __init__(self, statements: Sequence[LabelledStatement]) -> None:
        self._sizes: list[int] = []
        self._places: dict[str, list[int]] = {}
        for place, statement in enumerate(statements):
            sequences = set(_sequences(statement.text))
            self._sizes.append(len(sequences))
            for sequence in sequences:
                self._places.setdefault(sequence, []).append(place)

    def is_in(self, text: str) -> bool:
        shared = Counter(place for sequence in set(_sequences(text)) for place in self._places.get(sequence, ()))
        return any(count >= 0.5 * self._sizes[place] for place, count in shared.items())


def _sequences(text: str, length: int = 4) -> list[str]:
    words = re.findall(r"\w+", text.lower())
    return [" ".join(words[start : start + length]) for start in range(max(1, len(words) - length + 1))]
