"""Metrics, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sikap_training.metrics import Labels, expected_calibration_error, headline, report

TRUTH = Labels(np.array([[1, 0, 0], [0, 1, 0], [0, 1, 1], [0, 0, 0]], dtype=bool), np.array([2, 0, 0, 1]))
GUESS = Labels(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], dtype=bool), np.array([2, 0, 1, 1]))


def test_figures_by_hand() -> None:
    figures = headline(TRUTH, GUESS)
    third = pytest.approx(7 / 9)
    assert figures == {"stance_macro_f1": third, "sentiment_macro_f1": third, "exact_match": 0.5}
    whole = report(TRUTH, GUESS, resamples=50)
    by_hand = {
        "support_precision": 0.5, "support_recall": 1.0, "support_f1": 2 / 3,
        "condemnation_precision": 1.0, "condemnation_recall": 0.5, "condemnation_f1": 2 / 3,
        "condolence_f1": 1.0, "negative_recall": 0.5, "neutral_precision": 0.5, "positive_f1": 1.0,
    }  # fmt: skip
    assert {name: whole[name]["value"] for name in by_hand} == {name: pytest.approx(v) for name, v in by_hand.items()}
    counts = {"support": 1, "condemnation": 2, "condolence": 1, "negative": 2, "neutral": 1, "positive": 1}
    assert whole["support"] == counts
    assert whole["statements"] == 4


def test_intervals_hold_the_value_and_shrink_with_data() -> None:
    def widths(n: int) -> np.ndarray:
        rng = np.random.default_rng(3)
        truth = Labels(rng.random((n, 3)) < 0.4, rng.integers(0, 3, n))
        kept = rng.random(n) < 0.8
        guess = Labels(np.where(kept[:, None], truth.stance, ~truth.stance), np.where(kept, truth.sentiment, 1))
        entries = report(truth, guess, resamples=150).values()
        figures = [entry for entry in entries if isinstance(entry, dict) and "low" in entry]
        assert len(figures) == 3 + 18
        assert all(figure["low"] <= figure["value"] <= figure["high"] for figure in figures)
        return np.array([figure["high"] - figure["low"] for figure in figures])

    assert widths(60).mean() > 1.8 * widths(600).mean()


def test_a_label_that_never_occurs_counts_as_zero_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    none = Labels(np.zeros((3, 3), dtype=bool), np.array([1, 1, 1]))
    assert report(none, none, resamples=5)["stance_macro_f1"]["value"] == 0.0
    assert not recwarn.list


def test_calibration_error_by_hand() -> None:
    yes, no = np.ones(10, dtype=bool), np.zeros(10, dtype=bool)
    eighty = np.array([True] * 8 + [False] * 2)
    assert expected_calibration_error(np.full(10, 0.8), eighty) == pytest.approx(0.0)
    assert expected_calibration_error(np.full(10, 0.95), np.array([True, False] * 5)) == pytest.approx(0.45)
    assert expected_calibration_error(np.ones(10), yes) == 0.0
    assert expected_calibration_error(np.zeros(10), yes) == 1.0
    mixed = expected_calibration_error(
        np.concatenate([np.full(30, 0.05), np.full(10, 0.85)]), np.concatenate([no, no, no, yes])
    )
    assert mixed == pytest.approx(0.75 * 0.05 + 0.25 * 0.15)
