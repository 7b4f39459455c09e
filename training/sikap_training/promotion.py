"""Decide whether a version of the model may become the champion: not worse than the one that is.

A version is promoted when it meets every criterion. "Not worse" is said of a difference, candidate
minus champion, with its 95 % interval of the paired bootstrap: the interval must not lie wholly
below 0 (no sure loss, however small), and where a criterion has a margin, the difference itself must
not be a loss of the margin or more (no large loss, however unsure).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from mlflow.entities.model_registry import ModelVersion

from sikap.model import Model
from sikap_training import registry
from sikap_training.baselines import KeywordBaseline
from sikap_training.behaviour import load_cases, run_suite
from sikap_training.metrics import MEAN, Difference, Labels, paired, paired_shares
from sikap_training.statements import LabelledStatement, digest, labels_of

MARGIN = 0.005
"""The loss from which on a version is worse, whatever the interval: half a point."""


@dataclass(frozen=True)
class Criterion:
    """Hold one comparison of a candidate with the champion, and whether it lets the candidate pass."""

    name: str
    difference: Difference
    margin: float | None = None
    """The loss that is too large; None to look at the interval alone."""
    better: bool = False
    """Whether the candidate must be surely better, not only not worse."""

    @property
    def met(self) -> bool:
        """Tell whether the candidate passes."""
        if self.better:
            return self.difference.low > 0.0
        large = self.margin is not None and self.difference.value <= -self.margin
        return self.difference.high >= 0.0 and not large

    def reason(self) -> str:
        """Return in words what was found."""
        d = self.difference
        return (
            f"{self.name} {100 * d.second:.1f} against {100 * d.first:.1f}"
            f" (difference {100 * d.value:+.1f}, 95 % interval {100 * d.low:+.1f} to {100 * d.high:+.1f})"
        )


@dataclass(frozen=True)
class Comparison:
    """Hold what promoting a version rests on."""

    candidate: ModelVersion
    champion: ModelVersion | None
    statements: int
    criteria: list[Criterion]

    @property
    def failed(self) -> list[Criterion]:
        """Return the criteria that the candidate does not meet."""
        return [criterion for criterion in self.criteria if not criterion.met]


def compare(
    candidate: ModelVersion, champion: ModelVersion | None, statements: Sequence[LabelledStatement]
) -> Comparison:
    """Score statements with both versions anew and return every criterion, met or not.

    Without a champion, the candidate must be surely better than the keyword list. Raises StoreError
    when a version holds no bundle that can be read.
    """
    with registry.opened(candidate) as second:
        if champion is None:
            criteria = [_above_keywords(second, statements)]
        else:
            with registry.opened(champion) as first:
                criteria = not_worse(first, second, statements)
    return Comparison(candidate, champion, len(statements), criteria)


def not_worse(first: Model, second: Model, statements: Sequence[LabelledStatement]) -> list[Criterion]:
    """Return the criteria by which the second model is not worse than the first."""
    return [*_on_statements(first, second, statements), _on_behaviour(first, second)]


def _on_statements(first: Model, second: Model, statements: Sequence[LabelledStatement]) -> list[Criterion]:
    """Return: the mean macro-F1 within the margin, and neither head's surely lower."""
    truth = labels_of(statements)
    found = paired(truth, _labels(first, statements), _labels(second, statements))
    return [
        Criterion("mean macro-F1", found[MEAN], MARGIN),
        Criterion("stance macro-F1", found["stance_macro_f1"]),
        Criterion("sentiment macro-F1", found["sentiment_macro_f1"]),
    ]


def _on_behaviour(first: Model, second: Model) -> Criterion:
    """Return the share of the behaviour suite's cases that pass, paired case by case, within the margin."""
    cases = load_cases()
    failed = [{failure.case.id for failure in run_suite(model, cases).failures} for model in (first, second)]
    passed = [np.array([case.id not in ids for case in cases]) for ids in failed]
    return Criterion("behaviour suite", paired_shares(passed[0], passed[1]), MARGIN)


def _above_keywords(model: Model, statements: Sequence[LabelledStatement]) -> Criterion:
    keywords = KeywordBaseline().predict([statement.text for statement in statements])
    found = paired(labels_of(statements), keywords, _labels(model, statements))
    return Criterion("mean macro-F1", found[MEAN], better=True)


def _labels(model: Model, statements: Sequence[LabelledStatement]) -> Labels:
    logits, _ = model.logits([statement.text for statement in statements])
    decided = model.bundle.decision(logits[:, :3], logits[:, 3:])
    return Labels(decided.stance, decided.sentiment_probabilities.argmax(axis=1))


def promote(comparison: Comparison, statements: Sequence[LabelledStatement], *, force: bool = False) -> bool:
    """Make the candidate the champion if it meets every criterion, or if forced; tell whether it was made.

    The version's tags then hold when, over which version and on which statements it was promoted,
    and, only when criteria were overridden, `promotion_forced`: the date and what was not met.
    """
    if comparison.failed and not force:
        return False
    now = datetime.now(UTC).isoformat(timespec="seconds")
    mean = comparison.criteria[0]
    tags = {
        "promoted": now,
        "promoted_over": f"version {comparison.champion.version}" if comparison.champion else KeywordBaseline.name,
        "promoted_on": digest(statements),
        "promotion_result": mean.reason(),
    }
    if comparison.failed:
        tags["promotion_forced"] = f"{now}: {'; '.join(criterion.reason() for criterion in comparison.failed)}"
    else:
        registry.clear_tag(comparison.candidate, "promotion_forced")
    registry.set_champion(comparison.candidate, tags)
    return True
