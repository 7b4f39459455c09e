"""Test one thing for a difference between two files; each returns a probability and an effect size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FEWEST_EXPECTED = 5.0
"""The expected count below which the chi-square approximation is replaced by permutations (Cochran 1954)."""
PERMUTATIONS = 9999
PENALTY = 100.0
"""Weight of the squared coefficients in the classifier that tells two files apart."""


class Tested(NamedTuple):
    """Hold the probability of a difference at least so large when there is none, and the size of the difference."""

    p: float
    effect: float


@dataclass(frozen=True)
class Separated:
    """Hold how well a classifier tells two files apart, and what it says of each statement: higher is more current."""

    tested: Tested
    reference_scores: NDArray[np.float64]
    current_scores: NDArray[np.float64]


def proportions(reference: NDArray[np.bool_], current: NDArray[np.bool_]) -> Tested:
    """Compare two shares: Fisher's exact test, and Cohen's h (Cohen 1988), from 0 to pi."""
    counts = [[int(values.sum()), int((~values).sum())] for values in (reference, current)]
    return Tested(float(stats.fisher_exact(counts).pvalue), cohen_h(float(reference.mean()), float(current.mean())))


def cohen_h(one: float, other: float) -> float:
    """Return Cohen's h: how far apart two shares are, on a scale where equal steps are equally easy to see."""
    return abs(2 * math.asin(math.sqrt(one)) - 2 * math.asin(math.sqrt(other)))


def categories(reference: NDArray[np.int64], current: NDArray[np.int64], kinds: int, seed: int) -> Tested:
    """Compare how often each of several kinds occurs: Pearson's chi-square, and Cramér's V, from 0 to 1.

    By permutations when an expected count is small.
    """
    table = np.array([np.bincount(values, minlength=kinds) for values in (reference, current)])
    table = table[:, table.any(axis=0)]
    if table.shape[1] < 2:
        return Tested(1.0, 0.0)
    found = stats.chi2_contingency(table, correction=False)
    p = found.pvalue
    if found.expected_freq.min() < FEWEST_EXPECTED:
        method = stats.PermutationMethod(n_resamples=PERMUTATIONS, rng=np.random.default_rng(seed))
        p = stats.chi2_contingency(table, correction=False, method=method).pvalue
    return Tested(float(p), float(stats.contingency.association(table, method="cramer")))


def distributions(reference: NDArray[np.int64], current: NDArray[np.int64]) -> Tested:
    """Compare two distributions of a number: Kolmogorov and Smirnov's test, and its D, from 0 to 1.

    D is the largest difference between the shares of statements up to any length.
    """
    found = stats.ks_2samp(reference, current)
    return Tested(float(found.pvalue), float(found.statistic))


def rates(
    reference: tuple[NDArray[np.int64], NDArray[np.int64]], current: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> Tested:
    """Compare the share of things in texts, given as counts of them and of all in each text.

    Mann and Whitney's test on each text's own share, since the things in one text are not
    independent; Cohen's h of the shares in all texts together.
    """
    own = [found / np.maximum(total, 1) for found, total in (reference, current)]
    if not own[0].any() and not own[1].any():
        return Tested(1.0, 0.0)
    p = float(stats.mannwhitneyu(*own, method="asymptotic").pvalue)
    pooled = [float(found.sum() / max(total.sum(), 1)) for found, total in (reference, current)]
    return Tested(p, cohen_h(*pooled))


def separation(reference: NDArray[np.float32], current: NDArray[np.float32], seed: int) -> Separated:
    """Compare vectors, of shapes (n, width) and (m, width), by a classifier two-sample test (Lopez-Paz and Oquab 2017).

    A logistic regression learns on one half of both files to tell them apart and is tried on the
    other, then the reverse. The effect is the mean area under the ROC curve: how often, of one
    statement of each file, it knows which is which; 0.5 is guessing. The probability is that of
    Mann and Whitney's test in either half, the smaller doubled.
    """
    vectors = np.concatenate([reference, current]).astype(np.float64)
    is_current = np.arange(len(vectors)) >= len(reference)
    scores, ps, areas = np.empty(len(vectors)), [], []
    for learned, tried in StratifiedKFold(2, shuffle=True, random_state=seed).split(vectors, is_current):
        classifier = make_pipeline(
            StandardScaler(), LogisticRegression(C=1 / PENALTY, class_weight="balanced", max_iter=1000)
        )
        scores[tried] = classifier.fit(vectors[learned], is_current[learned]).decision_function(vectors[tried])
        new, old = scores[tried][is_current[tried]], scores[tried][~is_current[tried]]
        found = stats.mannwhitneyu(new, old, alternative="greater")
        ps.append(float(found.pvalue))
        areas.append(float(found.statistic) / (len(new) * len(old)))
    tested = Tested(min(1.0, 2 * min(ps)), float(np.mean(areas)))
    return Separated(tested, scores[~is_current], scores[is_current])


def holm(ps: list[float]) -> list[float]:
    """Return probabilities adjusted for how many were computed (Holm 1979), in the given order."""
    adjusted, highest = [0.0] * len(ps), 0.0
    for place, index in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        highest = max(highest, min(1.0, ps[index] * (len(ps) - place)))
        adjusted[index] = highest
    return adjusted
