"""Measure a bundle on labelled statements, the way its user would call it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sikap.decision import Decided, Decision
from sikap.labels import SENTIMENTS, STANCES
from sikap.model import Model
from sikap_training.baselines import Baseline
from sikap_training.breakdown import breakdowns
from sikap_training.metrics import Labels, expected_calibration_error, reliability, report
from sikap_training.statements import LabelledStatement, labels_of

WORST = 40
"""Errors that are listed at most."""


class Evaluation(NamedTuple):
    """Hold what a bundle came to on a part: figures for the record, decisions and truth for plots."""

    figures: dict[str, Any]
    decided: Decided
    truth: Labels
    predicted: Labels


def evaluate(model: Model, statements: Sequence[LabelledStatement], baselines: Sequence[Baseline] = ()) -> Evaluation:
    """Score statements with a bundle and with baselines, and measure all against the labels."""
    texts = [statement.text for statement in statements]
    logits, _ = model.logits(texts)
    decided = model.bundle.decision(logits[:, :3], logits[:, 3:])
    truth = labels_of(statements)
    predicted = Labels(decided.stance, decided.sentiment_probabilities.argmax(axis=1))
    figures = {
        "statements": len(statements),
        "model": report(truth, predicted),
        "baselines": {baseline.name: report(truth, baseline.predict(texts)) for baseline in baselines},
        "uncertain": _doubt(decided, truth, predicted),
        "calibration_error": _calibration(logits, decided, truth),
        "reliability": _reliability(decided, truth),
        **breakdowns(statements, truth, predicted),
    }
    return Evaluation(figures, decided, truth, predicted)


def _doubt(decided: Decided, truth: Labels, predicted: Labels) -> dict[str, Any]:
    sure = ~decided.uncertain
    right: dict[str, float] = {}
    if sure.any():
        agree = (truth.stance == predicted.stance)[sure].mean(axis=0)
        right = {name: float(value) for name, value in zip(STANCES, agree, strict=True)}
        right["sentiment"] = float((truth.sentiment == predicted.sentiment)[sure].mean())
    return {"share": float(decided.uncertain.mean()), "right": right}


def _calibration(logits: NDArray[np.float64], decided: Decided, truth: Labels) -> dict[str, dict[str, float]]:
    plain = Decision()(logits[:, :3], logits[:, 3:])
    result: dict[str, dict[str, float]] = {}
    for index, name in enumerate(STANCES):
        pair = [d.stance_probabilities[:, index] for d in (plain, decided)]
        before, after = (expected_calibration_error(p, truth.stance[:, index]) for p in pair)
        result[name] = {"before": before, "after": after}
    errors = []
    for d in (plain, decided):
        best = d.sentiment_probabilities.argmax(axis=1)
        errors.append(expected_calibration_error(d.sentiment_probabilities.max(axis=1), best == truth.sentiment))
    result["sentiment"] = dict(zip(("before", "after"), errors, strict=True))
    return result


def _reliability(decided: Decided, truth: Labels) -> dict[str, list[dict[str, float]]]:
    """Return the bins of each stance, and of the likeliest sentiment."""
    result: dict[str, list[dict[str, float]]] = {}
    for index, name in enumerate(STANCES):
        result[name] = reliability(decided.stance_probabilities[:, index], truth.stance[:, index])
    best = decided.sentiment_probabilities.argmax(axis=1)
    result["sentiment"] = reliability(decided.sentiment_probabilities.max(axis=1), best == truth.sentiment)
    return result


def worst_errors(statements: Sequence[LabelledStatement], evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return the statements whose labels the model was surest to get wrong, worst first."""
    p_stance = np.where(
        evaluation.truth.stance, evaluation.decided.stance_probabilities, 1 - evaluation.decided.stance_probabilities
    )
    rows = np.arange(len(statements))
    p_sentiment = evaluation.decided.sentiment_probabilities[rows, evaluation.truth.sentiment]
    likelihood = p_stance.prod(axis=1) * p_sentiment
    wrong = (evaluation.truth.stance != evaluation.predicted.stance).any(axis=1)
    wrong |= evaluation.truth.sentiment != evaluation.predicted.sentiment
    ordered = [int(row) for row in np.argsort(likelihood) if wrong[row]][:WORST]
    return [
        {
            "id": statements[row].id,
            "text": statements[row].text,
            "labelled": "+".join(statements[row].stance) or "none",
            "predicted": _names(evaluation.predicted.stance[row]),
            "sentiment": statements[row].sentiment,
            "predicted_sentiment": SENTIMENTS[int(evaluation.predicted.sentiment[row])],
            "probability": float(likelihood[row]),
        }
        for row in ordered
    ]


def _names(stance: NDArray[np.bool_]) -> str:
    return "+".join(name for name, present in zip(STANCES, stance, strict=True) if present) or "none"


def save_figures(evaluation: Evaluation, folder: Path, name: str) -> list[Path]:
    """Write the confusion, precision-recall and reliability plots of an evaluation as PNG files."""
    from sikap_training import plots

    drawn: Mapping[str, Any] = {
        "confusion": plots.confusion(evaluation.truth, evaluation.predicted),
        "precision_recall": plots.precision_recall(
            evaluation.truth, evaluation.decided.stance_probabilities, evaluation.decided.sentiment_probabilities
        ),
        "reliability": plots.reliability(
            evaluation.truth, evaluation.decided.stance_probabilities, evaluation.decided.sentiment_probabilities
        ),
    }
    paths = []
    for kind, figure in drawn.items():
        path = folder / f"{name}_{kind}.png"
        figure.savefig(path, dpi=120)
        paths.append(path)
    return paths


def short(figures: dict[str, Any]) -> dict[str, float]:
    """Return the headline values of a report."""
    return {name: figures[name]["value"] for name in ("stance_macro_f1", "sentiment_macro_f1", "exact_match")}
