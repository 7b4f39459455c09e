"""Say how a bundle computes, and what computing in int8 changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sikap.decision import Decision
from sikap.errors import InputError
from sikap_training.split import Split

CALIBRATION_STATEMENTS = 512
"""Texts that the ranges of activations are measured on, at most."""
MOST_FLIPS = 0.005
"""The share of labels, four a statement, that computing in int8 may change."""


class Precision(StrEnum):
    """How a bundle computes. Its matrices are stored in int8 either way."""

    FP32 = "fp32"
    INT8 = "int8"

    @classmethod
    def named(cls, name: str) -> Precision:
        """Return the precision that a command line names. Raises InputError for another word."""
        if name not in list(cls):
            raise InputError(f"--precision {name}: must be fp32 or int8.")
        return cls(name)

    @property
    def description(self) -> str:
        """Return what bundle.json and the card say."""
        if self is Precision.FP32:
            return "int8 weights, fp32 computation"
        return "int8 weights, int8 computation with fixed steps"


@dataclass(frozen=True)
class Texts:
    """Hold what computing in int8 is fitted to and measured on: other texts, or the measure is worth nothing."""

    calibration: Sequence[str]
    test: Sequence[str]

    @classmethod
    def of(cls, parts: Split) -> Texts:
        """Fit to texts of the train part, drawn with a fixed seed, and measure on the test part."""
        order = np.random.default_rng(0).permutation(len(parts.train))[:CALIBRATION_STATEMENTS]
        return cls([parts.train[i].text for i in order], [statement.text for statement in parts.test])


def changes(decision: Decision, wanted: NDArray[np.float64], found: NDArray[np.float64]) -> dict[str, Any]:
    """Return the share of labels that differ between logits of shape (n, 6), and by how much probabilities do."""
    one, two = (decision(logits[:, :3], logits[:, 3:]) for logits in (wanted, found))
    sentiment = one.sentiment_probabilities.argmax(axis=1) != two.sentiment_probabilities.argmax(axis=1)
    flipped = np.concatenate([one.stance != two.stance, sentiment[:, None]], axis=1)
    apart = [
        np.abs(one.stance_probabilities - two.stance_probabilities),
        np.abs(one.sentiment_probabilities - two.sentiment_probabilities),
    ]
    return {
        "test_statements": len(wanted),
        "flips": float(flipped.mean()),
        "largest_probability_difference": float(np.max(apart)),
        "mean_probability_difference": float(np.mean(apart)),
    }
