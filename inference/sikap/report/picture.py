"""Lay out the picture of speakers and stances: one bubble a cell, its area the number of statements."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from sikap.report.tally import COLUMNS, Speaker, Tally, total

SHOWN = 12
"""Speakers in the picture at most; the others share one row."""
LARGEST_RADIUS = 16.0
SMALLEST_RADIUS = 5.0
HEAD = 46.0
NUMBER_FITS = 8.5
"""The radius from which a number stands inside its bubble."""


class Bubble(NamedTuple):
    """Hold one cell that is not empty."""

    stance: str
    x: float
    radius: float
    statements: int
    inside: bool


class Row(NamedTuple):
    """Hold one speaker's row: the lines of the name and where they stand."""

    y: float
    top: float
    lines: list[tuple[float, str]]
    bubbles: list[Bubble]


class Picture(NamedTuple):
    """Hold the whole picture in its own units, about a pixel each."""

    name: str
    width: float
    height: float
    columns: list[tuple[str, float]]
    rows: list[Row]


def pictures(speakers: Sequence[Speaker]) -> list[Picture]:
    """Return the picture for a wide and for a narrow screen."""
    return [
        _picture("wide", speakers, label_width=190, column=88, row=40, beside=True),
        _picture("narrow", speakers, label_width=0, column=82, row=58, beside=False),
    ]


def description(speakers: Sequence[Speaker]) -> str:
    """Return in words what the picture shows."""
    said = [f"{label}: {_counts(counted)}." for label, counted in _rows(speakers)]
    return " ".join(said)


def _rows(speakers: Sequence[Speaker]) -> list[tuple[str, Tally]]:
    rows = [(speaker.label, speaker.tally) for speaker in speakers[:SHOWN]]
    if rest := speakers[SHOWN:]:
        rows.append((f"{len(rest)} more", total(speaker.tally for speaker in rest)))
    return rows


def _counts(counted: Tally) -> str:
    return ", ".join(f"{count} {stance}" for stance, count in counted.stances.items() if count)


def _picture(
    name: str, speakers: Sequence[Speaker], *, label_width: float, column: float, row: float, beside: bool
) -> Picture:
    most = max((count for speaker in speakers[:SHOWN] for count in speaker.tally.stances.values()), default=0)
    scale = LARGEST_RADIUS / math.sqrt(max(most, 3))
    columns = [(stance, label_width + (number + 0.5) * column) for number, stance in enumerate(COLUMNS)]
    rows = []
    for number, (label, counted) in enumerate(_rows(speakers)):
        unit = scale if number < SHOWN else 0.0
        top = HEAD + number * row
        y = top + row / 2 if beside else top + row - 20
        parts = textwrap.wrap(label, 26 if beside else 42, max_lines=2 if beside else 1, placeholder=" …")
        first = y + 4.5 - 8 * (len(parts) - 1) if beside else top + 17
        lines = [(first + 16 * line, part) for line, part in enumerate(parts)]
        bubbles = [
            _bubble(stance, x, counted.stances[stance], unit) for stance, x in columns if counted.stances[stance]
        ]
        rows.append(Row(y, top, lines, bubbles))
    return Picture(name, label_width + column * len(COLUMNS), HEAD + row * len(rows), columns, rows)


def _bubble(stance: str, x: float, statements: int, unit: float) -> Bubble:
    """Return a cell's bubble; without a unit, as for speakers taken together, it is a number alone."""
    radius = unit and max(SMALLEST_RADIUS, round(unit * math.sqrt(statements), 1))
    return Bubble(stance, x, radius, statements, inside=not unit or radius >= NUMBER_FITS)
