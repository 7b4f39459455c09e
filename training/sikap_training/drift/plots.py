"""Draw a comparison: four figures as SVG, each with the words that stand for it."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import binomtest

from sikap_training.drift.comparison import TITLES, Comparison, Measure
from sikap_training.drift.reading import Reading
from sikap_training.drift.wording import percent, values_text
from sikap_training.page import DARK, LIGHT, Scheme

CHANCE = 0.5
"""What the area under the ROC curve is when nothing tells two files apart."""
LONGEST_BAR = 3.0
"""Thresholds at which a bar is cut, so that one large effect does not hide the others."""
BINS = 40


@dataclass(frozen=True)
class Plot:
    """Hold a figure for both colour schemes as data addresses, its caption and the words that stand for it."""

    caption: str
    words: str
    light: str
    dark: str


def plots(comparison: Comparison) -> Iterator[Plot]:
    """Draw every figure of a comparison."""
    yield _plot(_effects, comparison, "How far each measure is from its threshold", _effects_in_words(comparison))
    yield _plot(_shares, comparison, "Shares, with 95 % intervals", _shares_in_words(comparison))
    yield _plot(_lengths, comparison, "Statements up to each length", _lengths_in_words(comparison))
    yield _plot(_scores, comparison, "How current each statement looks to a classifier", _scores_in_words(comparison))


def _plot(draw: Callable[[Comparison, Axes, Scheme], None], comparison: Comparison, caption: str, words: str) -> Plot:
    light, dark = (_address(draw, comparison, scheme) for scheme in (LIGHT, DARK))
    return Plot(caption, words, light, dark)


def _address(draw: Callable[[Comparison, Axes, Scheme], None], comparison: Comparison, scheme: Scheme) -> str:
    with mpl.rc_context():
        mpl.rcParams.update(
            {
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.edgecolor": scheme.soft,
                "axes.facecolor": scheme.surface,
                "axes.labelcolor": scheme.ink,
                "figure.facecolor": scheme.surface,
                "font.size": 10,
                "legend.labelcolor": scheme.ink,
                "svg.fonttype": "none",
                "svg.hashsalt": "sikap",
                "text.color": scheme.ink,
                "xtick.color": scheme.ink,
                "ytick.color": scheme.ink,
            }
        )
        figure = Figure(figsize=(6.4, 3.8), layout="constrained")
        draw(comparison, figure.subplots(), scheme)
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": "sikap"})
    return "data:image/svg+xml;base64," + base64.b64encode(stream.getvalue()).decode()


def _effects(comparison: Comparison, axis: Axes, scheme: Scheme) -> None:
    shown = comparison.measures[::-1]
    for place, measure in enumerate(shown):
        colour = scheme.drift if measure.drift else scheme.reference
        hatch = "///" if measure.drift else None
        axis.barh(place, _of_threshold(measure), color=colour, hatch=hatch, edgecolor=scheme.surface, height=0.65)
    axis.axvline(1, color=scheme.ink, linewidth=1)
    axis.set_yticks(range(len(shown)), [TITLES[measure.name] for measure in shown])
    axis.set(xlim=(0, LONGEST_BAR), xlabel="effect, in thresholds (hatched: drift)")


def _of_threshold(measure: Measure) -> float:
    floor = CHANCE if measure.name == "vectors" else 0.0
    return float(np.clip((measure.effect - floor) / max(measure.threshold - floor, 1e-9), 0, LONGEST_BAR))


def _effects_in_words(comparison: Comparison) -> str:
    if not comparison.drifted:
        return "Bars: no measure drifts."
    named = ", ".join(TITLES[measure.name] for measure in comparison.drifted)
    return f"Bars: past their thresholds are {named}."


def _shared(comparison: Comparison) -> Iterator[tuple[str, tuple[float, float], tuple[int, int]]]:
    """Yield what is a share of statements or rows: its label, its value in both files and of how many it is."""
    reads = comparison.reference, comparison.current
    for measure in comparison.measures:
        if measure.name in ("length", "unknown", "vectors"):
            continue
        one, other = (len(read.blank) if measure.name == "blank" else len(read) for read in reads)
        for label, share in measure.reference.items():
            title = TITLES[measure.name] if label == "share" else label
            yield title, (share, measure.current[label]), (one, other)


def _shares(comparison: Comparison, axis: Axes, scheme: Scheme) -> None:
    rows = list(_shared(comparison))[::-1]
    looks = (("reference", scheme.reference, "o", 0.14), ("current", scheme.current, "s", -0.14))
    for side, (label, colour, marker, offset) in enumerate(looks):
        places = np.arange(len(rows)) + offset
        shares = np.array([values[side] for _, values, _ in rows])
        intervals = np.array([_interval(values[side], of[side]) for _, values, of in rows])
        axis.hlines(places, 100 * intervals[:, 0], 100 * intervals[:, 1], color=colour, linewidth=1.5)
        axis.plot(100 * shares, places, marker, color=colour, markersize=5, label=label)
    axis.set_yticks(range(len(rows)), [title for title, _, _ in rows])
    axis.set(xlim=(0, None), xlabel="% of statements")
    axis.legend(frameon=False)


def _interval(share: float, of: int) -> tuple[float, float]:
    """Return Wilson's interval of a share."""
    found = binomtest(round(share * of), of).proportion_ci(method="wilson")
    return found.low, found.high


def _shares_in_words(comparison: Comparison) -> str:
    parts = [f"{title} {percent(before)} then {percent(after)}" for title, (before, after), _ in _shared(comparison)]
    return "Reference and current: " + "; ".join(parts) + "."


def _lengths(comparison: Comparison, axis: Axes, scheme: Scheme) -> None:
    for read, label, look in _lines(comparison, scheme):
        axis.ecdf(read.pieces, label=label, **look)
    longest = np.quantile(np.concatenate([comparison.reference.pieces, comparison.current.pieces]), 0.99)
    axis.set(xlim=(0, max(longest, 1)), xlabel="word pieces", ylabel="share of statements")
    axis.legend(frameon=False, loc="lower right")


def _lines(comparison: Comparison, scheme: Scheme) -> Iterator[tuple[Reading, str, dict[str, Any]]]:
    yield comparison.reference, "reference", {"color": scheme.reference, "linestyle": "--", "linewidth": 2}
    yield comparison.current, "current", {"color": scheme.current, "linewidth": 2}


def _lengths_in_words(comparison: Comparison) -> str:
    length = next(measure for measure in comparison.measures if measure.name == "length")
    before, after = (values_text(values, "length") for values in (length.reference, length.current))
    return f"Two rising lines; median (quartiles) of word pieces: reference {before}, current {after}."


def _scores(comparison: Comparison, axis: Axes, scheme: Scheme) -> None:
    separated = comparison.separated
    both = np.concatenate([separated.reference_scores, separated.current_scores])
    low, high = np.quantile(both, [0.005, 0.995])
    bins = np.linspace(low, high if high > low else low + 1, BINS + 1).tolist()
    given = (separated.reference_scores, separated.current_scores)
    for scores, (_, label, look) in zip(given, _lines(comparison, scheme), strict=True):
        weights = np.full(len(scores), 100 / len(scores))
        axis.hist(np.clip(scores, bins[0], bins[-1]), bins, weights=weights, histtype="step", label=label, **look)
    axis.set(xlabel="score, higher for more current", ylabel="% of statements")
    axis.legend(frameon=False)


def _scores_in_words(comparison: Comparison) -> str:
    area = comparison.separated.tested.effect
    return (
        f"Two histograms of scores; of one statement of each file, the classifier knows which is which in {area:.0%}"
        " of cases, and 50% is guessing."
    )
