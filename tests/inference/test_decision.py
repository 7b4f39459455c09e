"""How logits become labels."""

from __future__ import annotations

import numpy as np
import pytest

from sikap.decision import Decision

DECISION = Decision(
    scales=(2.0, 1.0, 1.0),
    biases=(0.0, -1.0, 0.0),
    thresholds=(0.5, 0.5, 0.9),
    bands=((0.4, 0.6), (0.5, 0.5), (0.5, 0.5)),
    temperature=2.0,
    sentiment_minimum=0.4,
)


def test_calibration_thresholds_and_doubt():
    decided = DECISION(np.array([[1.0, 1.0, 2.0], [0.1, 3.0, 4.0]]), np.array([[2.0, 0.0, 0.0], [0.0, 0.0, 0.1]]))
    sigmoid = 1 / (1 + np.exp(-np.array([[2.0, 0.0, 2.0], [0.2, 2.0, 4.0]])))
    assert decided.stance_probabilities == pytest.approx(sigmoid)
    assert decided.stance.tolist() == [[True, True, False], [True, True, True]]
    assert decided.sentiment_probabilities[0] == pytest.approx(np.array([np.e, 1, 1]) / (np.e + 2))
    assert decided.uncertain.tolist() == [False, True]


def test_huge_logits_stay_probabilities():
    decided = DECISION(np.array([[1e30, -1e30, 0.0]]), np.array([[1e30, 0.0, -1e30]]))
    assert decided.stance_probabilities[0, :2] == pytest.approx([1, 0], abs=1e-12)
    assert decided.sentiment_probabilities[0] == pytest.approx([1, 0, 0])


def test_a_decision_survives_its_json():
    assert Decision.from_dict(DECISION.to_dict()) == DECISION
