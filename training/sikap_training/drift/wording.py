"""Word measures the same way in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Mapping

from sikap_training.drift.comparison import EFFECTS, Comparison, Measure
from sikap_training.drift.reading import Reading

SMALLEST_P = 0.001


def values_text(values: Mapping[str, float], name: str) -> str:
    """Return what a measure came to in one file: shares in per cent, a length by its quartiles."""
    if not values:
        return "–"
    if name == "length":
        low, median, high = values.values()
        return f"{median:.0f} ({low:.0f} to {high:.0f})"
    if len(values) == 1:
        return percent(next(iter(values.values())))
    return ", ".join(f"{label} {percent(share)}" for label, share in values.items())


def percent(share: float) -> str:
    """Return a share in per cent, with two decimals when it is small."""
    return f"{share:.2%}" if 0 < share < 0.01 else f"{share:.1%}"


def p_text(p: float) -> str:
    """Return a probability with three decimals."""
    return f"<{SMALLEST_P}" if p < SMALLEST_P else f"{p:.3f}"


def effect_text(measure: Measure) -> str:
    """Return an effect with its name."""
    return f"{measure.effect:.2f} {EFFECTS[measure.name]}"


def verdict(comparison: Comparison) -> str:
    """Return the outcome in a few words."""
    number, total = len(comparison.drifted), len(comparison.measures)
    if number == 0:
        return f"No drift in any of {total} measures"
    return f"Drift in {number} of {total} measures"


def extent(read: Reading) -> str:
    """Return how many rows of a file were read."""
    drawn = len(read.blank)
    rows = f"{drawn:,} rows" if drawn == read.rows else f"{drawn:,} of {read.rows:,} rows, drawn at random"
    return rows if drawn == len(read) else f"{rows}, {len(read):,} with text"
