"""Turn logits into calibrated probabilities, labels and doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sikap.labels import STANCES

Floats = NDArray[np.float64]


class Decided(NamedTuple):
    """Hold decisions for n statements: arrays of shape (n, 3), (n, 3), (n, 3) and (n,)."""

    stance_probabilities: Floats
    sentiment_probabilities: Floats
    stance: NDArray[np.bool_]
    uncertain: NDArray[np.bool_]


@dataclass(frozen=True)
class Decision:
    """Say how logits become labels: calibration, thresholds and abstention band of a bundle.

    Stance: p = sigmoid(scale * logit + bias) per label (Platt 1999), set where p >= threshold,
    in doubt where band[0] < p < band[1]. Sentiment: softmax(logits / temperature) (Guo et al.
    2017), the likeliest, in doubt where its p < sentiment_minimum.
    """

    scales: tuple[float, ...] = (1.0, 1.0, 1.0)
    biases: tuple[float, ...] = (0.0, 0.0, 0.0)
    thresholds: tuple[float, ...] = (0.5, 0.5, 0.5)
    bands: tuple[tuple[float, float], ...] = ((0.5, 0.5),) * 3
    temperature: float = 1.0
    sentiment_minimum: float = 0.0

    def __call__(self, stance_logits: NDArray[Any], sentiment_logits: NDArray[Any]) -> Decided:
        """Decide for logits of shapes (n, 3) and (n, 3)."""
        scaled = np.asarray(stance_logits, dtype=np.float64) * np.array(self.scales) + np.array(self.biases)
        stance = 1.0 / (1.0 + np.exp(-np.clip(scaled, -60.0, 60.0)))
        cooled = np.asarray(sentiment_logits, dtype=np.float64) / self.temperature
        shifted = np.exp(cooled - cooled.max(axis=1, keepdims=True))
        sentiment = shifted / shifted.sum(axis=1, keepdims=True)
        bands = np.array(self.bands)
        doubt = ((stance > bands[:, 0]) & (stance < bands[:, 1])).any(axis=1)
        doubt |= sentiment.max(axis=1) < self.sentiment_minimum
        return Decided(stance, sentiment, stance >= np.array(self.thresholds), doubt)

    def to_dict(self) -> dict[str, Any]:
        """Return the entries `thresholds`, `calibration` and `abstention` of bundle.json."""
        return {
            "thresholds": dict(zip(STANCES, self.thresholds, strict=True)),
            "calibration": {
                "stance": {
                    name: {"scale": scale, "bias": bias}
                    for name, scale, bias in zip(STANCES, self.scales, self.biases, strict=True)
                },
                "sentiment": {"temperature": self.temperature},
            },
            "abstention": {
                "stance": {name: list(band) for name, band in zip(STANCES, self.bands, strict=True)},
                "sentiment": {"minimum": self.sentiment_minimum},
            },
        }

    @classmethod
    def from_dict(cls, entries: dict[str, Any]) -> Decision:
        """Read what `to_dict` wrote. Raises KeyError, TypeError or ValueError on anything else."""
        stance = entries["calibration"]["stance"]
        bands = [entries["abstention"]["stance"][name] for name in STANCES]
        decision = cls(
            scales=tuple(float(stance[name]["scale"]) for name in STANCES),
            biases=tuple(float(stance[name]["bias"]) for name in STANCES),
            thresholds=tuple(float(entries["thresholds"][name]) for name in STANCES),
            bands=tuple((float(low), float(high)) for low, high in bands),
            temperature=float(entries["calibration"]["sentiment"]["temperature"]),
            sentiment_minimum=float(entries["abstention"]["sentiment"]["minimum"]),
        )
        numbers = [*decision.scales, *decision.biases, *decision.thresholds, *sum(decision.bands, ())]
        numbers += [decision.temperature, decision.sentiment_minimum]
        if not np.isfinite(numbers).all() or decision.temperature <= 0:
            raise ValueError("calibration numbers must be finite and the temperature positive")
        return decision
