from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sikap_training import plots
from sikap_training.metrics import Labels

N = 40


@pytest.fixture(scope="module")
def case() -> tuple[Labels, Labels, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    truth = Labels(rng.random((N, 3)) < 0.4, rng.integers(0, 3, N))
    stance = np.clip(truth.stance * 0.5 + rng.random((N, 3)) * 0.6, 0, 1)
    sentiment = rng.dirichlet((1, 1, 1), N)
    return truth, Labels(stance >= 0.5, sentiment.argmax(axis=1)), stance, sentiment


def texts(axis) -> list[str]:
    return [text.get_text() for text in axis.texts]


def test_confusion_counts_every_statement_once_in_each_panel(case):
    truth, predicted, _, _ = case
    figure = plots.confusion(truth, predicted)
    assert [axis.get_title() for axis in figure.axes] == ["support", "condemnation", "condolence", "sentiment"]
    for axis in figure.axes:
        assert sum(map(int, texts(axis))) == N
    hits = int((truth.stance[:, 1] & predicted.stance[:, 1]).sum())
    assert texts(figure.axes[1])[3] == str(hits)


def test_precision_and_recall_leave_out_a_label_that_no_statement_has(case):
    truth, _, stance, sentiment = case
    figure = plots.precision_recall(truth, stance, sentiment)
    assert [len(axis.lines) for axis in figure.axes] == [3, 3]
    without = Labels(truth.stance & np.array([True, True, False]), np.minimum(truth.sentiment, 1))
    left, right = plots.precision_recall(without, stance, sentiment).axes
    assert [line.get_label().split()[0] for line in left.lines] == ["support", "condemnation"]
    assert [line.get_label().split()[0] for line in right.lines] == ["negative", "neutral"]
    nobody = Labels(np.zeros((N, 3), dtype=bool), truth.sentiment)
    assert not plots.precision_recall(nobody, stance, sentiment).axes[0].lines


def test_precision_and_recall_of_a_perfect_sentiment_fill_the_square():
    truth = Labels(np.zeros((6, 3), dtype=bool), np.array([0, 1, 2, 0, 1, 2]))
    axis = plots.precision_recall(truth, np.full((6, 3), 0.1), np.eye(3)[truth.sentiment]).axes[1]
    assert [line.get_label() for line in axis.lines] == [
        f"{name} (average precision 1.00)" for name in ("negative", "neutral", "positive")
    ]


def test_reliability_draws_what_was_so_against_what_was_said():
    sure = np.full((10, 3), 0.85)
    truth = Labels(np.arange(10)[:, None] < np.array([8, 10, 0]), np.zeros(10, dtype=int))
    sentiment = np.tile([0.75, 0.15, 0.10], (10, 1))
    axes = plots.reliability(truth, sure, sentiment).axes
    for axis, share in zip(axes, (0.8, 1.0, 0.0, 1.0), strict=True):
        (x, y) = axis.collections[0].get_offsets()[0]
        assert y == pytest.approx(share)
        assert x == pytest.approx(0.75 if axis is axes[3] else 0.85)
    assert "error 0.050" in axes[0].get_title()


def test_the_training_curve_shows_what_was_logged():
    history = [{"epoch": 1, "loss": 2.0}, {"epoch": 1, "eval_loss": 1.5, "eval_stance_macro_f1": 0.4}]
    left, right = plots.training_curve(history).axes
    assert [line.get_label() for line in left.lines] == ["loss", "loss"]
    assert [line.get_label() for line in right.lines] == ["stance_macro_f1"]


@pytest.mark.filterwarnings("error")
def test_every_plot_is_saved_without_a_warning(case, tmp_path: Path):
    truth, predicted, stance, sentiment = case
    figures = [
        plots.confusion(truth, predicted),
        plots.precision_recall(truth, stance, sentiment),
        plots.reliability(truth, stance, sentiment),
        plots.training_curve([]),
    ]
    for number, figure in enumerate(figures):
        figure.savefig(tmp_path / f"{number}.png", dpi=40)
        assert (tmp_path / f"{number}.png").read_bytes().startswith(b"\x89PNG")
