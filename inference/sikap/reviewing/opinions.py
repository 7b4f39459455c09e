"""Put into words what the model and others say of a statement, for after a person decided."""

from __future__ import annotations

from sikap.characters import visible
from sikap.labels import NONE
from sikap.reviewing.order import Ranked

LONGEST_NAMED = 60
"""Characters by which a statement that was decided before is named."""


def named(item: Ranked) -> str:
    """Return the beginning of a statement, on one line."""
    name = visible(item.candidate.text)
    return name if len(name) <= LONGEST_NAMED else name[: LONGEST_NAMED - 1] + "…"


def opinions(item: Ranked) -> list[tuple[str, str]]:
    """Return who says what: the model with its probabilities first, then the annotators of the input."""
    prediction = item.prediction
    parts = [f"{name} {prediction.stance_probabilities[name] or 0:.2f}" for name in prediction.stance] or [NONE]
    if prediction.sentiment is not None:
        parts.append(f"{prediction.sentiment} {prediction.sentiment_probabilities[prediction.sentiment] or 0:.2f}")
    model = ", ".join(parts) + (" (uncertain)" if prediction.uncertain else "")
    return [("model", model), *((visible(who), str(labels)) for who, labels in item.candidate.given.items())]
