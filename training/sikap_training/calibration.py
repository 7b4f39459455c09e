"""Fit calibration, thresholds and the abstention band on the validation part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from sklearn.metrics import f1_score, log_loss

from sikap.decision import Decision
from sikap.labels import STANCES
from sikap_training.metrics import Labels

Floats = NDArray[np.float64]
CERTAIN = 0.95
"""How often a label outside the abstention band must be right on the validation part."""
THRESHOLDS = np.round(np.arange(0.30, 0.701, 0.02), 2)
LARGEST_DOUBT = 0.5
"""The share of statements that the band for one label may cover at most."""


def fit_decision(stance_logits: Floats, sentiment_logits: Floats, truth: Labels) -> Decision:
    """Return the decision rule that suits the validation part's logits, shapes (n, 3) and (n, 3).

    Platt scaling per stance (Platt 1999), temperature scaling for sentiment (Guo et al. 2017),
    the threshold of best F1 per stance, and the narrowest bands outside of which 95 % of the
    labels are right.
    """
    scales, biases = zip(*(_platt(stance_logits[:, i], truth.stance[:, i]) for i in range(len(STANCES))), strict=True)
    temperature = _temperature(sentiment_logits, truth.sentiment)
    plain = Decision(scales=scales, biases=biases, temperature=temperature)
    decided = plain(stance_logits, sentiment_logits)
    thresholds, bands = [], []
    for i in range(len(STANCES)):
        p, true = decided.stance_probabilities[:, i], truth.stance[:, i]
        thresholds.append(_threshold(p, true))
        bands.append(_band(p, true, thresholds[-1]))
    best = decided.sentiment_probabilities.max(axis=1)
    right = decided.sentiment_probabilities.argmax(axis=1) == truth.sentiment
    return Decision(
        scales=scales,
        biases=biases,
        thresholds=tuple(thresholds),
        bands=tuple(bands),
        temperature=temperature,
        sentiment_minimum=_lowest_certain(best, right, floor=float(np.quantile(best, 0.0))),
    )


def _platt(logits: Floats, true: NDArray[np.bool_]) -> tuple[float, float]:
    positives = int(true.sum())
    if positives == 0 or positives == len(true):
        return 1.0, 0.0
    # Platt's targets keep the fit finite when the logits separate the part perfectly.
    targets = np.where(true, (positives + 1) / (positives + 2), 1 / (len(true) - positives + 2))

    def loss(parameters: Floats) -> float:
        z = parameters[0] * logits + parameters[1]
        return float(np.mean(np.logaddexp(0.0, z) - targets * z))

    scale, bias = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return (float(scale), float(bias)) if scale > 0 else (1.0, 0.0)


def _temperature(logits: Floats, truth: NDArray[np.int64]) -> float:
    def loss(log_temperature: float) -> float:
        cooled = logits / np.exp(log_temperature)
        shifted = np.exp(cooled - cooled.max(axis=1, keepdims=True))
        return float(log_loss(truth, shifted / shifted.sum(axis=1, keepdims=True), labels=range(logits.shape[1])))

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 3.0), method="bounded").x))


def _threshold(p: Floats, true: NDArray[np.bool_]) -> float:
    scores = np.array([f1_score(true, p >= threshold, zero_division=0.0) for threshold in THRESHOLDS])
    # Neighbours are averaged, so that a lucky peak does not decide; of equals, the one nearest to a half.
    smooth = np.convolve(np.pad(scores, 2, mode="edge"), np.full(5, 0.2), mode="valid")
    best = THRESHOLDS[smooth >= smooth.max() - 1e-9]
    return float(best[np.abs(best - 0.5).argmin()])


def _band(p: Floats, true: NDArray[np.bool_], threshold: float) -> tuple[float, float]:
    set_, unset = p >= threshold, p < threshold
    high = _lowest_certain(p[set_], true[set_], floor=threshold)
    low = 1.0 - _lowest_certain(1.0 - p[unset], ~true[unset], floor=1.0 - threshold)
    return min(low, threshold), max(high, threshold)


def _lowest_certain(confidence: Floats, right: NDArray[np.bool_], floor: float) -> float:
    """Return the lowest confidence from which on decisions are right often enough."""
    if len(confidence) == 0:
        return floor
    order = np.argsort(-confidence)
    share_right = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share_right >= CERTAIN)
    if len(enough) == len(order) or (len(enough) and enough[-1] == len(order) - 1):
        return floor
    last = int(enough[-1]) if len(enough) else 0
    last = max(last, int(len(order) * (1 - LARGEST_DOUBT)) - 1)
    return float(confidence[order][last])
