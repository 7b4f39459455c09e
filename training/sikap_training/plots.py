"""Draw what a run came to, as figures that are logged and shown in the notebook."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, confusion_matrix, precision_recall_curve

from sikap.labels import SENTIMENTS, STANCES
from sikap_training.metrics import Labels, expected_calibration_error

COLOURS = ("#0072B2", "#D55E00", "#009E73")
"""Okabe and Ito's blue, vermilion and green, which colour-blind readers tell apart."""
mpl.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "font.size": 10})


def confusion(truth: Labels, predicted: Labels) -> Figure:
    """Draw a confusion matrix for each stance and one for sentiment, counts of statements."""
    figure = Figure(figsize=(13, 3.4), layout="constrained")
    axes = figure.subplots(1, 4)
    for index, name in enumerate(STANCES):
        matrix = confusion_matrix(truth.stance[:, index], predicted.stance[:, index], labels=[False, True])
        _matrix(axes[index], matrix, ("no", "yes"), name)
    _matrix(axes[3], confusion_matrix(truth.sentiment, predicted.sentiment, labels=range(3)), SENTIMENTS, "sentiment")
    return figure


def _matrix(axis: mpl.axes.Axes, matrix: NDArray[np.int64], names: tuple[str, ...], title: str) -> None:
    axis.imshow(matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1), cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(matrix):
        dark = count > 0.5 * matrix[row].sum()
        axis.text(column, row, str(count), ha="center", va="center", color="white" if dark else "black")
    axis.set_xticks(range(len(names)), names)
    axis.set_yticks(range(len(names)), names)
    axis.set(title=title, xlabel="predicted", ylabel="labelled")


def precision_recall(
    truth: Labels, stance_probabilities: NDArray[np.float64], sentiment_probabilities: NDArray[np.float64]
) -> Figure:
    """Draw precision against recall for each label; one that no statement has is left out."""
    figure = Figure(figsize=(9.5, 4.2), layout="constrained")
    axes = figure.subplots(1, 2, sharey=True)
    sentiment = truth.sentiment[:, None] == np.arange(len(SENTIMENTS))
    panels = (
        ("stance", STANCES, truth.stance, stance_probabilities),
        ("sentiment", SENTIMENTS, sentiment, sentiment_probabilities),
    )
    for axis, (title, names, labelled, probabilities) in zip(axes, panels, strict=True):
        for index, name in enumerate(names):
            true, p = labelled[:, index], probabilities[:, index]
            if true.any():
                precision, recall, _ = precision_recall_curve(true, p)
                label = f"{name} (average precision {average_precision_score(true, p):.2f})"
                axis.plot(recall, precision, drawstyle="steps-post", color=COLOURS[index], label=label)
        axis.set(xlim=(0, 1.01), ylim=(0, 1.02), xlabel="recall", title=title)
        if axis.lines:
            axis.legend(frameon=False, loc="lower left")
    axes[0].set_ylabel("precision")
    return figure


def reliability(
    truth: Labels, stance_probabilities: NDArray[np.float64], sentiment_probabilities: NDArray[np.float64]
) -> Figure:
    """Draw how often a label is right against the probability given for it, ten bins, with its calibration error."""
    figure = Figure(figsize=(12, 3.4), layout="constrained")
    axes = figure.subplots(1, 4, sharey=True)
    panels: list[tuple[str, NDArray[np.float64], NDArray[np.bool_], str]] = []
    for i, stance in enumerate(STANCES):
        panels.append((stance, stance_probabilities[:, i], truth.stance[:, i], COLOURS[i]))
    right = sentiment_probabilities.argmax(axis=1) == truth.sentiment
    panels.append(("sentiment, likeliest", sentiment_probabilities.max(axis=1), right, "#555555"))
    for axis, (name, p, true, colour) in zip(axes, panels, strict=True):
        place = np.minimum((p * 10).astype(int), 9)
        filled = [index for index in range(10) if (place == index).any()]
        sizes = [30 + 200 * (place == index).mean() for index in filled]
        axis.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1)
        means = [p[place == index].mean() for index in filled], [true[place == index].mean() for index in filled]
        axis.plot(*means, color=colour, linewidth=1)
        axis.scatter(*means, s=sizes, color=colour)
        axis.set(
            title=f"{name}\nerror {expected_calibration_error(p, true):.3f}",
            xlabel="probability",
            xlim=(0, 1),
            ylim=(0, 1),
        )
    axes[0].set_ylabel("share that is so")
    return figure


def training_curve(history: list[dict[str, float]]) -> Figure:
    """Draw training loss and validation macro-F1 by epoch; `history` holds `epoch` and the trainer's numbers."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for axis, keys in ((left, ("loss", "eval_loss")), (right, ("eval_stance_macro_f1", "eval_sentiment_macro_f1"))):
        for key, colour in zip(keys, COLOURS, strict=False):
            points = [(row["epoch"], row[key]) for row in history if key in row]
            if points:
                axis.plot(
                    *zip(*points, strict=True), marker="o", markersize=3, color=colour, label=key.removeprefix("eval_")
                )
        axis.set_xlabel("epoch")
        if axis.lines:
            axis.legend(frameon=False)
    return figure
