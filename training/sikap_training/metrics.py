"""Measure predictions against labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

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
    n = len(truth)
    sampled = _figures(_sums(_columns(truth, predicted), resamples, seed), n)
    result: dict[str, Any] = {"statements": n}
    for name, values in sampled.items():
        low, high = np.percentile(values[1:] if resamples else values, [2.5, 97.5])
        result[name] = {"value": float(values[0]), "low": float(low), "high": float(high)}
    counts = {**dict(zip(STANCES, truth.stance.sum(axis=0).tolist(), strict=True))}
    counts |= {name: int((truth.sentiment == index).sum()) for index, name in enumerate(SENTIMENTS)}
    result["support"] = counts
    return result


class Difference(NamedTuple):
    """Hold a figure of two models on the same statements, and second minus first with its 95 % interval."""

    first: float
    second: float
    low: float
    high: float

    @property
    def value(self) -> float:
        """Return how much the second has more than the first."""
        return self.second - self.first


MEAN = "mean_macro_f1"


def paired(truth: Labels, first: Labels, second: Labels, resamples: int = 2000, seed: int = 0) -> dict[str, Difference]:
    """Return the headline figures of two models, and the mean of both macro-F1, beside each other.

    Intervals are of the paired percentile bootstrap over statements (Efron 1979; Berg-Kirkpatrick
    et al. 2012): each resample draws the same statements for both models.
    """
    both = np.hstack([_columns(truth, predicted) for predicted in (first, second)])
    pair = [_figures(sums, len(truth)) for sums in np.hsplit(_sums(both, resamples, seed), 2)]
    for figures in pair:
        figures[MEAN] = (figures["stance_macro_f1"] + figures["sentiment_macro_f1"]) / 2
    names = (MEAN, "stance_macro_f1", "sentiment_macro_f1", "exact_match")
    return {name: _difference(pair[0][name], pair[1][name]) for name in names}


def paired_shares(first: Booleans, second: Booleans, resamples: int = 2000, seed: int = 0) -> Difference:
    """Return the share of n cases that each of two models passes; interval as in `paired`."""
    sums = _sums(np.column_stack([first, second]).astype(np.float64), resamples, seed) / len(first)
    return _difference(sums[:, 0], sums[:, 1])


def _difference(first: NDArray[np.float64], second: NDArray[np.float64]) -> Difference:
    """Take the figures of all statements from place 0, the interval from the resamples after it."""
    low, high = np.percentile((second - first)[1:], [2.5, 97.5])
    return Difference(float(first[0]), float(second[0]), float(low), float(high))


def _sums(columns: NDArray[np.float64], resamples: int, seed: int) -> NDArray[np.float64]:
    """Return the sums over all n rows of `columns`, then over each resample of n of them, drawn with replacement."""
    rng, n = np.random.default_rng(seed), len(columns)
    # A resample is how often each row was drawn: one such vector is held at a time, however many rows there are.
    draws = (np.bincount(rng.integers(0, n, n), minlength=n) @ columns for _ in range(resamples))
    return np.array([columns.sum(axis=0), *draws])


def _columns(truth: Labels, predicted: Labels) -> NDArray[np.float64]:
    """Return what all figures follow from, a row a statement: hits, labelled, predicted by label, all right."""
    true, guess = (np.hstack([x.stance, np.eye(len(SENTIMENTS), dtype=bool)[x.sentiment]]) for x in (truth, predicted))
    right = (true == guess).all(axis=1, keepdims=True)
    return np.hstack([true & guess, true, guess, right]).astype(np.float64)


def _figures(sums: NDArray[np.float64], n: int) -> dict[str, NDArray[np.float64]]:
    """Return every figure of samples of n statements from the sums: hits, labelled, predicted by label, all right."""
    names = (*STANCES, *SENTIMENTS)
    hits, labelled, predicted = (sums[:, i * len(names) : (i + 1) * len(names)] for i in range(3))
    f1 = _ratio(2 * hits, labelled + predicted)
    figures = {
        "stance_macro_f1": f1[:, : len(STANCES)].mean(axis=1),
        "sentiment_macro_f1": f1[:, len(STANCES) :].mean(axis=1),
        "exact_match": sums[:, -1] / n,
    }
    precision, recall = _ratio(hits, predicted), _ratio(hits, labelled)
    for index, name in enumerate(names):
        figures[f"{name}_precision"] = precision[:, index]
        figures[f"{name}_recall"] = recall[:, index]
        figures[f"{name}_f1"] = f1[:, index]
    return figures


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide, with 0 where there is nothing to divide by."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def expected_calibration_error(probabilities: NDArray[np.float64], truth: Booleans, bins: int = 10) -> float:
    """Return the expected calibration error of binary probabilities over equal-width bins (Naeini et al. 2015)."""
    filled = reliability(probabilities, truth, bins)
    return float(sum(b["statements"] * abs(b["mean"] - b["true"]) for b in filled) / len(probabilities))


def reliability(probabilities: NDArray[np.float64], truth: Booleans, bins: int = 10) -> list[dict[str, float]]:
    """Return, for each equal-width bin that is not empty, its low edge, size, mean probability and share true."""
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    return [
        {
            "low": index / bins,
            "statements": int(inside.sum()),
            "mean": float(probabilities[inside].mean()),
            "true": float(truth[inside].mean()),
        }
        for index in range(bins)
        if (inside := place == index).any()
    ]
