"""Calibration, thresholds and the abstention band, on data whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from sikap.decision import Decision
from sikap_training.calibration import fit_decision
from sikap_training.metrics import Labels, expected_calibration_error


def synthetic(n: int, seed: int, scale: float = 4.0, bias: float = 2.0, spread: float = 2.0):
    """Logits that are `scale` too sharp and `bias` too high, and labels drawn from the true ones."""
    rng = np.random.default_rng(seed)
    stance, sentiment = rng.normal(0, spread, (n, 3)), rng.normal(0, spread, (n, 3))
    p = np.exp(sentiment) / np.exp(sentiment).sum(axis=1, keepdims=True)
    drawn = (rng.random((n, 1)) > p.cumsum(axis=1)[:, :2]).sum(axis=1)
    truth = Labels(rng.random((n, 3)) < 1 / (1 + np.exp(-stance)), drawn)
    return stance * scale + bias, sentiment * scale, truth


def test_calibration_mends_logits_that_are_too_sure() -> None:
    rule = fit_decision(*synthetic(1500, seed=0))
    stance, sentiment, truth = synthetic(3000, seed=1)  # other statements than those it was fitted on
    before, after = Decision()(stance, sentiment), rule(stance, sentiment)
    ideal = Decision(scales=(0.25,) * 3, biases=(-0.5,) * 3, temperature=4.0)(stance, sentiment)  # chance alone errs
    for i in range(3):
        errors = [
            expected_calibration_error(d.stance_probabilities[:, i], truth.stance[:, i]) for d in (before, after, ideal)
        ]
        assert errors[1] < errors[0] / 3
        assert errors[1] < errors[2] + 0.02
    right = after.sentiment_probabilities.argmax(axis=1) == truth.sentiment
    tops = [d.sentiment_probabilities.max(axis=1) for d in (before, after)]
    assert expected_calibration_error(tops[1], right) < 0.04 < expected_calibration_error(tops[0], right)
    assert rule.scales == pytest.approx((0.25,) * 3, rel=0.15)
    assert rule.biases == pytest.approx((-0.5,) * 3, abs=0.2)
    assert rule.temperature == pytest.approx(4.0, rel=0.15)


def test_outside_the_band_95_of_100_labels_are_right() -> None:
    stance, sentiment, truth = synthetic(2000, seed=2, spread=4.0)
    rule = fit_decision(stance, sentiment, truth)
    decided = rule(stance, sentiment)
    for i, (low, high) in enumerate(rule.bands):
        p = decided.stance_probabilities[:, i]
        assert low <= rule.thresholds[i] <= high
        for side in (p >= high, p <= low):
            right = (decided.stance[:, i] == truth.stance[:, i])[side].mean()
            assert 0.945 <= right <= 0.99  # certain, and not at the price of doubting everything
    best = decided.sentiment_probabilities.max(axis=1)
    right = (decided.sentiment_probabilities.argmax(axis=1) == truth.sentiment)[best >= rule.sentiment_minimum]
    assert right.mean() >= 0.945
    assert 0.05 < decided.uncertain.mean() < 0.8
    sure = Labels(truth.stance & False | (stance > 0), sentiment.argmax(axis=1))
    assert not fit_decision(stance, sentiment, sure)(stance, sentiment).uncertain.any()  # always right, never in doubt


def test_a_label_without_examples_keeps_plain_values() -> None:
    stance, sentiment, truth = synthetic(80, seed=3)
    truth.stance[:, 0], truth.stance[:, 1] = False, True
    rule = fit_decision(stance, sentiment, truth)
    assert rule.scales[:2] == (1.0, 1.0)
    assert rule.biases[:2] == (0.0, 0.0)
    assert rule.thresholds[0] == 0.5
    assert Decision.from_dict(rule.to_dict()) == rule  # finite, so that a bundle can hold it
    one = Labels(np.array([[True, False, False]]), np.array([0]))
    assert Decision.from_dict(fit_decision(np.ones((1, 3)), np.eye(3)[:1], one).to_dict())


def test_threshold_goes_where_f1_is_best_and_is_a_half_when_it_does_not_matter() -> None:
    clear = np.where(np.arange(200) % 4 == 0, 6.0, -6.0)
    sentiment, labels = np.eye(3)[np.zeros(200, dtype=int)] * 5, np.zeros(200, dtype=int)
    stance = np.stack([clear, clear, clear], axis=1)
    assert fit_decision(stance, sentiment, Labels(stance > 0, labels)).thresholds == (0.5, 0.5, 0.5)
    # Of the middling 40 %, few are true in the first column and most in the second.
    rng = np.random.default_rng(4)
    p = np.repeat([0.02, 0.45, 0.55, 0.98], [80, 40, 40, 40])
    true = np.stack([rng.random(200) < np.repeat(shares, [80, 40, 40, 40]) for shares in
                     ([0.0, 0.05, 0.2, 1.0], [0.0, 0.8, 0.85, 1.0], [0.0, 0.5, 0.5, 1.0])], axis=1)  # fmt: skip
    logits = np.log(p / (1 - p))
    rule = fit_decision(np.stack([logits] * 3, axis=1), sentiment, Labels(true, labels))
    decided = rule(np.stack([logits] * 3, axis=1), sentiment).stance
    assert not decided[80:120, 0].any()
    assert decided[80:160, 1].all()
    assert decided[160:].all()
    assert not decided[:80].any()
