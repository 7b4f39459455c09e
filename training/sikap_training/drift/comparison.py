"""Compare two files in everything that is measured, and say where they differ by more than they may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sikap.labels import SENTIMENTS, STANCES
from sikap_training.drift.defaults import ALPHA, THRESHOLDS
from sikap_training.drift.reading import Reading
from sikap_training.drift.statistics import (
    Separated,
    Tested,
    categories,
    distributions,
    holm,
    proportions,
    rates,
    separation,
)

TITLES: dict[str, str] = {
    **{name: f"statements with {name}" for name in STANCES},
    "sentiment": "sentiment",
    "doubt": "statements in doubt",
    "length": "length in word pieces",
    "unknown": "unknown word pieces",
    "language": "statements not in Indonesian",
    "blank": "rows without text",
    "vectors": "the encoder's vectors",
}
EFFECTS = {
    **dict.fromkeys((*STANCES, "doubt", "unknown", "language", "blank"), "Cohen's h"),
    "sentiment": "Cramér's V",
    "length": "Kolmogorov-Smirnov D",
    "vectors": "area under the ROC curve",
}


@dataclass(frozen=True)
class Measure:
    """Hold one measure of both files, its test and whether it drifts.

    `reference` and `current` hold shares from 0 to 1 by name, for `length` its quartiles in word
    pieces, and nothing for `vectors`, which only the effect describes.
    """

    name: str
    reference: Mapping[str, float]
    current: Mapping[str, float]
    p: float
    adjusted: float
    effect: float
    threshold: float
    drift: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the measure as JSON has it."""
        return {
            "measure": self.name,
            "reference": dict(self.reference),
            "current": dict(self.current),
            "effect": self.effect,
            "effect_size": EFFECTS[self.name],
            "threshold": self.threshold,
            "p": self.p,
            "p_adjusted": self.adjusted,
            "drift": self.drift,
        }


@dataclass(frozen=True)
class Comparison:
    """Hold two readings, every measure of them, and what the classifier says of each statement."""

    reference: Reading
    current: Reading
    alpha: float
    measures: list[Measure]
    separated: Separated

    @property
    def drifted(self) -> list[Measure]:
        """Return the measures that drift."""
        return [measure for measure in self.measures if measure.drift]

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON has it."""
        files = {"reference": self.reference, "current": self.current}
        return {
            "drift": bool(self.drifted),
            "alpha": self.alpha,
            **{
                place: {"file": read.name, "rows": read.rows, "drawn": len(read.blank), "with_text": len(read)}
                for place, read in files.items()
            },
            "measures": [measure.to_dict() for measure in self.measures],
        }


def compare(
    reference: Reading,
    current: Reading,
    *,
    alpha: float = ALPHA,
    thresholds: Mapping[str, float] | None = None,
    seed: int = 0,
) -> Comparison:
    """Compare two files that were read with the same model.

    A measure drifts when its difference is significant at `alpha`, corrected for the number of
    measures (Holm 1979), and its effect reaches its threshold; `thresholds` overrides THRESHOLDS.
    """
    limits = {**THRESHOLDS, **(thresholds or {})}
    separated = separation(reference.vectors, current.vectors, seed)
    tested = {**dict(_tested(reference, current, seed)), "vectors": separated.tested}
    before, after = described(reference), described(current)
    adjusted = holm([result.p for result in tested.values()])
    measures = [
        Measure(
            name,
            before.get(name, {}),
            after.get(name, {}),
            result.p,
            corrected,
            result.effect,
            limits[name],
            drift=corrected < alpha and result.effect >= limits[name],
        )
        for (name, result), corrected in zip(tested.items(), adjusted, strict=True)
    ]
    return Comparison(reference, current, alpha, measures, separated)


def _tested(one: Reading, other: Reading, seed: int) -> Iterator[tuple[str, Tested]]:
    for index, name in enumerate(STANCES):
        yield name, proportions(one.stance[:, index], other.stance[:, index])
    yield "sentiment", categories(one.sentiment, other.sentiment, len(SENTIMENTS), seed)
    yield "doubt", proportions(one.uncertain, other.uncertain)
    yield "length", distributions(one.pieces, other.pieces)
    yield "unknown", rates((one.unknown, one.pieces), (other.unknown, other.pieces))
    yield "language", proportions(one.foreign, other.foreign)
    yield "blank", proportions(one.blank, other.blank)


def described(read: Reading) -> dict[str, dict[str, float]]:
    """Return each measure of one file by its name."""
    sentiments = np.bincount(read.sentiment, minlength=len(SENTIMENTS)) / len(read)
    quartiles = np.quantile(read.pieces, [0.25, 0.5, 0.75])
    return {
        **{name: _share(read.stance[:, index]) for index, name in enumerate(STANCES)},
        "sentiment": dict(zip(SENTIMENTS, map(float, sentiments), strict=True)),
        "doubt": _share(read.uncertain),
        "length": dict(zip(("lower quartile", "median", "upper quartile"), map(float, quartiles), strict=True)),
        "unknown": {"share": float(read.unknown.sum() / max(read.pieces.sum(), 1))},
        "language": _share(read.foreign),
        "blank": _share(read.blank),
    }


def _share(values: NDArray[np.bool_]) -> dict[str, float]:
    return {"share": float(values.mean())}
