"""Measure predictions against labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, precision_recall_fscore_support

from sikap.labels import SENTIMENTS, STANCES

Booleans = NDArray[np.bool_]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Labels:
    """Hold the labels of n statements: stance (n, 3) booleans, sentiment (n,) indices."""

    stance: Booleans
    sentiment: Indices

    def __len__(self) -> int:
        """Return n."""
        return len(self.sentiment)

    def take(self, rows: Any) -> Labels:
        """Return the labels of some rows."""
        return Labels(self.stance[rows], self.sentiment[rows])


def stance_macro_f1(truth: Labels, predicted: Labels) -> float:
    """Return the mean F1 of the three stances."""
    return float(f1_score(truth.stance, predicted.stance, average="macro", zero_division=0.0))


def sentiment_macro_f1(truth: Labels, predicted: Labels) -> float:
    """Return the mean F1 of the three sentiments."""
    return float(
        f1_score(
            truth.sentiment, predicted.sentiment, labels=range(len(SENTIMENTS)), average="macro", zero_division=0.0
        )
    )


def headline(truth: Labels, predicted: Labels) -> dict[str, float]:
    """Return the three figures that models are compared by."""
    return {
        "stance_macro_f1": stance_macro_f1(truth, predicted),
        "sentiment_macro_f1": sentiment_macro_f1(truth, predicted),
        "exact_match": float(
            ((truth.stance == predicted.stance).all(axis=1) & (truth.sentiment == predicted.sentiment)).mean()
        ),
    }


def report(truth: Labels, predicted: Labels, resamples: int = 1000, seed: int = 0) -> dict[str, Any]:
    """Return headline figures and per-label precision, recall, F1 and support, with 95 % intervals.

    An interval is the percentile bootstrap over statements (Efron 1979).
    """
    rng = np.random.default_rng(seed)
    draws = [rng.integers(0, len(truth), len(truth)) for _ in range(resamples)]
    sampled = [_figures(truth.take(rows), predicted.take(rows)) for rows in draws]
    figures = _figures(truth, predicted)
    result: dict[str, Any] = {"statements": len(truth)}
    for name, value in figures.items():
        low, high = np.percentile([sample[name] for sample in sampled], [2.5, 97.5]) if sampled else (value, value)
        result[name] = {"value": value, "low": float(low), "high": float(high)}
    counts = {**dict(zip(STANCES, truth.stance.sum(axis=0).tolist(), strict=True))}
    counts |= {name: int((truth.sentiment == index).sum()) for index, name in enumerate(SENTIMENTS)}
    result["support"] = counts
    return result


def _figures(truth: Labels, predicted: Labels) -> dict[str, float]:
    figures = headline(truth, predicted)
    for names, true, guess in (
        (STANCES, truth.stance, predicted.stance),
        (SENTIMENTS, np.eye(3, dtype=bool)[truth.sentiment], np.eye(3, dtype=bool)[predicted.sentiment]),
    ):
        precision, recall, f1, _ = precision_recall_fscore_support(true, guess, average=None, zero_division=0.0)
        for index, name in enumerate(names):
            figures[f"{name}_precision"] = float(precision[index])
            figures[f"{name}_recall"] = float(recall[index])
            figures[f"{name}_f1"] = float(f1[index])
    return figures


def expected_calibration_error(probabilities: NDArray[np.float64], truth: Booleans, bins: int = 10) -> float:
    """Return the expected calibration error of binary probabilities over equal-width bins (Naeini et al. 2015)."""
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    error = 0.0
    for index in range(bins):
        inside = place == index
        if inside.any():
            error += inside.mean() * abs(probabilities[inside].mean() - truth[inside].mean())
    return float(error)
