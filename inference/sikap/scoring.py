"""Score a table of statements from input to output."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from sikap.language import is_indonesian
from sikap.model import WINDOW_ROWS, Model
from sikap.prediction import Prediction
from sikap.writing.output import Writer
from sikap.writing.values import weight

NAMED_ROWS = 5
"""Rows that a warning names at most."""
PART_ROWS = 8192
"""Rows after which what is done is noted down, so that a later run can go on from there."""
BLOCK_WEIGHT = 2**20
"""Characters that are held and scored at once, unless one row alone is longer."""


@dataclass
class Summary:
    """Count what was scored and remember the rows that deserve a warning."""

    rows: int = 0
    uncertain: int = 0
    """Rows with something to read that the model is in doubt about."""
    empty: list[int] = field(default_factory=list)
    foreign: list[int] = field(default_factory=list)
    empty_count: int = 0
    foreign_count: int = 0

    def add(self, prediction: Prediction) -> None:
        """Count one scored row."""
        self.rows += 1
        if not prediction.scored:
            self.empty_count += 1
            if len(self.empty) < NAMED_ROWS:
                self.empty.append(self.rows)
            return
        self.uncertain += prediction.doubtful
        if not is_indonesian(prediction.text[:2000]):
            self.foreign_count += 1
            if len(self.foreign) < NAMED_ROWS:
                self.foreign.append(self.rows)

    def warnings(self, *, uncertain_only: bool = False) -> Iterator[str]:
        """Yield a sentence for each kind of row that deserves one, and how many are uncertain if only they are kept."""
        if uncertain_only:
            yield f"{self.uncertain} of {self.rows} rows are uncertain and were written, the others left out."
        if self.empty_count:
            fate = "left out" if uncertain_only else "kept, labelled nothing"
            yield f"{_rows(self.empty_count, self.empty)} no text to read: {fate}."
        if self.foreign_count:
            yield foreign_rows(self.foreign_count, self.foreign)


def foreign_rows(count: int, named: list[int]) -> str:
    """Say that so many rows, some of them named by number, are in another language."""
    return f"{_rows(count, named)} text that does not read like Indonesian: scored all the same, do not rely on it."


def _rows(count: int, named: list[int]) -> str:
    listed = ", ".join(map(str, named)) + (", ..." if count > len(named) else "")
    return f"row {listed} holds" if count == 1 else f"{count} rows ({listed}) hold"


def score_rows(
    model: Model,
    rows: Iterable[tuple[dict[str, Any], str]],
    writer: Writer,
    advance: Callable[[int], None] = lambda rows: None,
    note: Callable[[dict[str, Any]], None] = lambda noted: None,
    noted: dict[str, Any] | None = None,
    *,
    uncertain_only: bool = False,
) -> Summary:
    """Score (row, text) pairs in order and hand each to the writer; return what was seen.

    With `uncertain_only` the writer gets only the doubtful rows, which a person should read, and none without text.
    `advance` is told after each block how many rows are done. `note` is handed, every PART_ROWS
    rows, what a later run takes as `noted` to pass over what is done and to go on as if it had
    done that itself.
    """
    summary = Summary(**(noted or {}))
    part, waiting = summary.rows, islice(rows, summary.rows, None)
    while block := _block(waiting):
        for (row, _), prediction in zip(block, model.predict([text for _, text in block]), strict=True):
            summary.add(prediction)
            if not uncertain_only or prediction.doubtful:
                writer.write(summary.rows, row, prediction)
        if summary.rows - part >= PART_ROWS:
            part = summary.rows
            note(asdict(summary))
        advance(summary.rows)
    return summary


def _block(rows: Iterator[tuple[dict[str, Any], str]]) -> list[tuple[dict[str, Any], str]]:
    """Take the next rows: WINDOW_ROWS of them, or fewer if they are long."""
    block, held = [], 0
    for row, text in islice(rows, WINDOW_ROWS):
        block.append((row, text))
        held += weight(row)
        if held >= BLOCK_WEIGHT:
            break
    return block
