"""Name the columns that scoring adds to a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sikap.labels import SENTIMENTS, STANCES
from sikap.prediction import Prediction

NESTED = ("stance", "sentiment", "stance_probabilities", "sentiment_probabilities", "uncertain", "truncated")
FLAT = (
    "stance",
    "sentiment",
    *(f"stance_{name}" for name in STANCES),
    *(f"sentiment_{name}" for name in SENTIMENTS),
    "uncertain",
    "truncated",
)
PREFIX = "sikap_"


def added_names(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Map each added column to its name in the output: with "sikap_" before it where the input has it."""
    used = set(taken)
    result = {}
    for name in names:
        free = name
        while free in used:
            free = PREFIX + free
        result[name] = free
        used.add(free)
    return result


def nested_values(prediction: Prediction) -> dict[str, Any]:
    """Return the added values as JSON and Parquet hold them."""
    return prediction.scores()


def flat_values(prediction: Prediction) -> dict[str, Any]:
    """Return the added values as CSV and TSV hold them: one cell each, blank where nothing was scored."""
    scores = prediction.scores()
    values: dict[str, Any] = {"stance": prediction.stance_text, "sentiment": scores["sentiment"] or ""}
    for head in ("stance", "sentiment"):
        for name, probability in scores[f"{head}_probabilities"].items():
            values[f"{head}_{name}"] = "" if probability is None else f"{probability:.6f}"
    for name in ("uncertain", "truncated"):
        values[name] = "true" if scores[name] else "false"
    return values
