"""Write what a training came to as one page that needs nothing else: no script, no network."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from sikap.labels import SENTIMENTS, STANCES
from sikap_training import plots
from sikap_training.breakdown import TITLES
from sikap_training.card import interval, share
from sikap_training.evaluation import Evaluation, worst_errors
from sikap_training.page import render
from sikap_training.statements import LabelledStatement

HEADLINE = {
    "stance_macro_f1": "stance macro-F1",
    "sentiment_macro_f1": "sentiment macro-F1",
    "exact_match": "all labels right",
}


@dataclass(frozen=True)
class Picture:
    """Hold a figure as a data address, its caption and the words that stand for it."""

    caption: str
    words: str
    address: str


@dataclass(frozen=True)
class Part:
    """Hold what the page shows of one part: figures, pictures, worst errors."""

    name: str
    figures: dict[str, Any]
    pictures: list[Picture]
    errors: list[dict[str, Any]]


def run_page(
    manifest: dict[str, Any],
    evaluations: Mapping[str, Evaluation],
    statements: Mapping[str, Sequence[LabelledStatement]],
    histories: Mapping[str, list[dict[str, float]]],
) -> str:
    """Return the page of a training's bundle as HTML.

    `evaluations` and `statements` hold each part that was measured on, `histories` the numbers of each
    seed by epoch.
    """
    parts = [_part(name, evaluation, statements[name]) for name, evaluation in evaluations.items()]
    curves = [
        _picture(
            plots.training_curve(history), f"{seed}: loss and validation macro-F1 by epoch", _curve_in_words(history)
        )
        for seed, history in histories.items()
        if history
    ]
    return render(
        "run.html",
        manifest=manifest,
        parts=parts,
        curves=curves,
        headline=HEADLINE,
        labels=[*STANCES, *SENTIMENTS],
        fields=TITLES,
        interval=interval,
        share=share,
    )


def _part(name: str, evaluation: Evaluation, statements: Sequence[LabelledStatement]) -> Part:
    figures, decided = evaluation.figures, evaluation.decided
    f1 = ", ".join(f"{label} {100 * figures['model'][f'{label}_f1']['value']:.0f}" for label in STANCES)
    errors = ", ".join(f"{label} {pair['after']:.3f}" for label, pair in figures["calibration_error"].items())
    drawn = [
        (
            plots.confusion(evaluation.truth, evaluation.predicted),
            "Labelled against predicted, counts of statements",
            f"Confusion matrices; F1 in points: {f1}. The table of labels has precision and recall.",
        ),
        (
            plots.precision_recall(evaluation.truth, decided.stance_probabilities, decided.sentiment_probabilities),
            "Precision against recall as the threshold moves",
            "Curves of precision against recall for each label; the table of labels has the chosen points.",
        ),
        (
            plots.reliability(evaluation.truth, decided.stance_probabilities, decided.sentiment_probabilities),
            "How often a label is so, against the probability given for it",
            f"Reliability diagrams; calibration error: {errors}.",
        ),
    ]
    pictures = [_picture(figure, caption, words) for figure, caption, words in drawn]
    return Part(name, figures, pictures, worst_errors(statements, evaluation))


def _picture(figure: Figure, caption: str, words: str) -> Picture:
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=110)
    return Picture(caption, words, "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode())


def _curve_in_words(history: list[dict[str, float]]) -> str:
    measured = [row for row in history if "eval_macro_f1" in row]
    if not measured:
        return "Curves of the training loss."
    best = max(measured, key=lambda row: row["eval_macro_f1"])
    return (
        f"Curves over {len(measured)} epochs; the best validation macro-F1, {100 * best['eval_macro_f1']:.1f},"
        f" after epoch {best['epoch']:.0f}."
    )
