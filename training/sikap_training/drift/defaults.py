"""Hold the numbers that decide what counts as drift."""

from __future__ import annotations

from sikap.labels import STANCES

MINIMUM = 50
"""Statements with text that a file must have: below, only a complete change could be told from chance."""
SAMPLE = 2000
LARGEST_SAMPLE = 20_000
ALPHA = 0.01
"""The chance, at most, that two files alike in everything differ significantly in anything."""
THRESHOLDS: dict[str, float] = {
    **dict.fromkeys(STANCES, 0.2),
    "sentiment": 0.1,
    "doubt": 0.2,
    "length": 0.15,
    "unknown": 0.2,
    "language": 0.2,
    "blank": 0.2,
    "vectors": 0.7,
}
"""The effect of each measure from which a significant difference is drift."""
